"""ACROSS LENSES: what do all of them together answer, and what would change it? Verdict, ladder, one study.

The package can be called: ``detente.study(case)`` is `detente.inquire`.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.study.chapter import Study


class _Callable(ModuleType):
    """A package that is also the function that most people look for in it."""

    def __call__(self, *args: Any, **settings: Any) -> "Study":
        """Study a case; see `detente.study.inquiry.inquire`."""
        from detente.study.inquiry import inquire

        return inquire(*args, **settings)


sys.modules[__name__].__class__ = _Callable
