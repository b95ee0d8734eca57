"""ACROSS LENSES: what do all of them together answer, and what would change it? Verdict, ladder, one study."""

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """A package that is also the function that most people look for in it."""

    def __call__(self, *args: Any, **settings: Any) -> Any:
        """Return a study of a case; see `detente.study.inquiry.inquire`, which this is."""
        from detente.study.inquiry import inquire

        return inquire(*args, **settings)


sys.modules[__name__].__class__ = _Callable
