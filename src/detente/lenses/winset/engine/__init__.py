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
    Verdicts,
    exists,
    extents,
    most,
    solution,
    solutions,
    verdicts,
)

__all__ = [
    "DEAL",
    "NAMES",
    "NONE",
    "STATUSES",
    "TOUCHING",
    "UNKNOWN",
    "WAYS",
    "Verdicts",
    "exists",
    "extents",
    "most",
    "solution",
    "solutions",
    "verdicts",
]
