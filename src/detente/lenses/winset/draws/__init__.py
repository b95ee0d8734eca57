"""The questions of the win-set lens for thousands of draws at once: rigorous, deterministic, and fast."""

from __future__ import annotations

from detente.lenses.winset.draws.judged import DEAL, NONE, TOUCHING, UNKNOWN, WAYS, Verdicts, verdicts
from detente.lenses.winset.draws.named import NAMES, extents, solutions

__all__ = [
    "DEAL",
    "NAMES",
    "NONE",
    "TOUCHING",
    "UNKNOWN",
    "WAYS",
    "Verdicts",
    "extents",
    "solutions",
    "verdicts",
]
