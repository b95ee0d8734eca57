"""THE BRIEF: the ladder, the chapters of every lens in order, the evidence."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.report.briefing import Brief, brief

__all__ = ["Brief", "brief"]

_PLACES = {"Brief": "briefing", "brief": "briefing"}


def __getattr__(name: str) -> Any:
    """Import what is asked for: a brief needs every lens, and words or exports need few of them."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
