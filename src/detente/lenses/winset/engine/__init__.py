"""The questions of the win-set lens for thousands of draws at once: rigorous, deterministic, and fast."""

from __future__ import annotations

from detente.lenses.winset.engine.many_draws import (
    DEAL,
    NAMES,
    NONE,
    STATUSES,
    TOUCHING,
    UNKNOWN,
    WAYS,
    Statuses,
    Verdicts,
    extents,
    solutions,
    verdicts,
)
from detente.lenses.winset.engine.one_draw import most, solution
from detente.lenses.winset.engine.ties import fairest_of_equal_sums, one_of_many

__all__ = [
    "DEAL",
    "NAMES",
    "NONE",
    "STATUSES",
    "TOUCHING",
    "UNKNOWN",
    "WAYS",
    "Statuses",
    "Verdicts",
    "extents",
    "fairest_of_equal_sums",
    "most",
    "one_of_many",
    "solution",
    "solutions",
    "verdicts",
]
