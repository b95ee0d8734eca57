"""How much may a search do? Work that is counted, so that every machine stops at the same place and says the same.

One unit is about a microsecond on a machine of 2024. A clock stands behind it as a last guard, far beyond what the
work should take; an answer that it cut short says so, and is the only one that may differ between machines.
"""

from __future__ import annotations

import math
from time import perf_counter

WORK = 1e7
"""For each kind of change."""
ENOUGH = 1e5
"""For a way out where a search was given up."""
GUARD = 120.0
"""Seconds after which a search is stopped by the clock."""


class Effort:
    """Work that a search may still do."""

    def __init__(self, work: float = math.inf, seconds: float = GUARD) -> None:
        """Start with so much work, and so many seconds until the clock stops it."""
        self.left = work
        self.late = False
        self._end = perf_counter() + seconds

    def spend(self, work: float) -> None:
        """Count work as done."""
        self.left -= work

    def renew(self, work: float = ENOUGH) -> Effort:
        """Allow at least so much work from here on, without putting the clock back."""
        self.left = max(self.left, work)
        return self

    @property
    def over(self) -> bool:
        """Tell whether the search is to be given up."""
        self.late = self.late or perf_counter() > self._end
        return self.late or self.left <= 0

    @property
    def seconds(self) -> float:
        """Seconds until the clock stops the search, a few hundredths at least."""
        return max(self._end - perf_counter(), 0.05)
