"""THE BRIEF: the ladder, the chapters of every lens in order, the evidence, and what the case states."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.report.briefing import Brief, brief

__all__ = ["Brief", "brief"]


def __getattr__(name: str) -> object:
    """Open the brief when it is asked for: what a case states is told without the lenses."""
    if name not in __all__:
        raise AttributeError(name)
    from detente.report import briefing

    return getattr(briefing, name)
