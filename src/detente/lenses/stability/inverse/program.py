"""What is the cheapest choice of yes or no under linear conditions? A mixed-integer program, solved by HiGHS.

The solver proves a lower bound beside its solution; where it is stopped early, the bound is what is certified.
It is stopped by the number of its branches, not by time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability.inverse.effort import Effort

Vector = NDArray[np.float64]
Row = Mapping[int, float]

START = 5_000.0
"""Work of setting up one program."""
PER_ENTRY = 1.0
"""Work of one branch for each entry of the program."""
ROOT = 30
"""Branches that the solver's first look at a program is worth."""
MOST_BRANCHES = 2**31 - 1
SOLVED, STOPPED, IMPOSSIBLE = 0, 1, 2
"""What `scipy.optimize.milp` says; anything else is trouble with rounding."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found.

    Attributes:
        values: of every variable, whole where it must be; ``None`` when nothing was found.
        cost: of the values, infinite without any.
        bound: no choice costs less; infinite when none exists.
    """

    values: Vector | None
    cost: float
    bound: float


@dataclass
class Program:
    """Variables with costs and rows low ≤ Σ coefficient · variable ≤ high; the total cost is to be least."""

    costs: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def choice(self, cost: float = 0.0) -> int:
        """Add a variable that is 0 or 1 and return its number; an infinite cost forbids 1."""
        allowed = math.isfinite(cost)
        return self._add(cost if allowed else 0.0, 0.0, 1.0 if allowed else 0.0, 1)

    def amount(self, cost: float = 0.0, low: float = 0.0, high: float = math.inf) -> int:
        """Add a variable that may be any number from ``low`` to ``high`` and return its number."""
        return self._add(cost, low, high, 0)

    def _add(self, cost: float, low: float, high: float, whole: int) -> int:
        self.costs.append(cost)
        self.lows.append(low)
        self.highs.append(high)
        self.whole.append(whole)
        return len(self.costs) - 1

    def require(self, row: Row, low: float = -math.inf, high: float = math.inf) -> None:
        """Add a row."""
        self.rows.append((dict(row), low, high))

    def solve(self, effort: Effort) -> Solution:
        """Return the cheapest values, or the best that the effort allows and the bound proven by then."""
        if not self.costs:
            open_row = any(low > 0 or high < 0 for _, low, high in self.rows)
            worst = math.inf if open_row else 0.0
            return Solution(None if open_row else np.empty(0), worst, worst)
        found = self._solved(effort, presolve=True)
        if found.status not in (SOLVED, STOPPED, IMPOSSIBLE):
            found = self._solved(effort, presolve=False)
        if found.status == IMPOSSIBLE:
            return Solution(None, math.inf, math.inf)
        bound = max(float(found.mip_dual_bound), 0.0) if found.mip_dual_bound is not None else 0.0
        if found.x is None:
            return Solution(None, math.inf, bound)
        values = np.where(np.array(self.whole) == 1, np.round(found.x), found.x)
        cost = float(np.dot(self.costs, values))
        return Solution(values, cost, cost if found.status == SOLVED else bound)

    def _solved(self, effort: Effort, *, presolve: bool) -> Any:
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, low, high = self._matrix()
        size = PER_ENTRY * (matrix.nnz + len(self.costs))
        branches = min(max(effort.left / size, 1.0), MOST_BRANCHES)
        found = milp(
            np.array(self.costs),
            integrality=np.array(self.whole),
            bounds=Bounds(np.array(self.lows), np.array(self.highs)),
            constraints=LinearConstraint(matrix, low, high) if self.rows else None,
            options={
                "node_limit": int(branches),
                "time_limit": effort.seconds,
                "mip_rel_gap": 0.0,
                "presolve": presolve,
            },
        )
        effort.spend(START + size * (ROOT + (found.mip_node_count or 0)))
        return found

    def _matrix(self) -> tuple[Any, Vector, Vector]:
        """Return the coefficients as a sparse matrix, and what each row is at least and at most."""
        from scipy.sparse import csr_array

        at, entries = [], []
        for number, (row, _, _) in enumerate(self.rows):
            at += [(number, variable) for variable in row]
            entries += list(row.values())
        where = np.array(at, dtype=np.int64).reshape(-1, 2)
        matrix = csr_array((entries, (where[:, 0], where[:, 1])), shape=(len(self.rows), len(self.costs)))
        limits = np.array([(low, high) for _, low, high in self.rows]).reshape(-1, 2)
        return matrix, limits[:, 0], limits[:, 1]
