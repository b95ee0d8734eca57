"""ACROSS LENSES: what do all of them together answer, and what would change it? Verdict, ladder, one study.

The package can be called: ``detente.study(case)`` is `detente.inquire`.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from detente.study.answer import Answer as Answer
from detente.study.answer import IssueVerdict as IssueVerdict
from detente.study.answer import compose as compose
from detente.study.answer import in_order as in_order
from detente.study.answer import tables as tables
from detente.study.lines import DealLine as DealLine
from detente.study.lines import beside as beside
from detente.study.lines import deal_lines as deal_lines
from detente.study.lines import deal_table as deal_table
from detente.study.lines import issue_table as issue_table
from detente.study.verdict import parted as parted

if TYPE_CHECKING:
    from detente.study.chapter import Study


class _Callable(ModuleType):
    """A package that is also the function that most people look for in it."""

    def __call__(self, *args: Any, **settings: Any) -> "Study":
        """Study a case; see `detente.study.inquiry.inquire`."""
        from detente.study.inquiry import inquire

        return inquire(*args, **settings)


sys.modules[__name__].__class__ = _Callable
