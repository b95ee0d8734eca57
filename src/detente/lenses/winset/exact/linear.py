"""What does a linear program say, and how sure is that? Columns and rows added one by one, solved by HiGHS.

Convex curves (squares, logarithms) are held by tangents that are added where the answer cuts through them, until
none is cut by more than ``CURVE_GAP`` (Kelley 1960, *The cutting-plane method for solving convex programs*).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset.exact.hushed import hushed

Array = NDArray[np.float64]
Terms = Iterable[tuple[int, float]]
Status = Literal["optimal", "infeasible", "unbounded", "limit", "failed"]

FEASIBILITY = 1e-9
"""How far the solver may overstep a row of a program without integers."""
CURVE_GAP = 2e-9
"""How far the tangents may stay off a curve in the answer."""
INTEGER_DOUBT = 2e-6
"""What a bound with integers may be off by: the solver takes 1e-6 for whole, and for equal."""
SECONDS = 60.0
ROUNDS = 60
OPEN = "tangents did not close the gap"
NOT_WHOLE = "whole numbers were whole within tolerance only"


@dataclass(frozen=True, eq=False)
class Answer:
    """What the solver found.

    Attributes:
        status: ``optimal``; ``infeasible`` (nothing satisfies the rows); ``unbounded``; ``limit`` (out of time:
            what is there is not proven best, and may keep within tangents only); ``failed``.
        value: the least cost found, ``inf`` where nothing was.
        bound: no answer costs less than this; ``-inf`` where nothing is proven, ``inf`` if infeasible.
        columns: shape (n,), or ``None`` where nothing was found.
        marginals: shape (rows,): what the cost changes by, per unit added to the right side of a row; ≤ 0 for
            ``at_most``. Of a program with integers: with those fixed at the answer. ``None`` without an answer.
        reason: the solver's own words where it did not reach an optimum.
    """

    status: Status
    value: float = np.inf
    bound: float = -np.inf
    columns: Array | None = None
    marginals: Array | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Curve:
    """A column ``y`` held to one side of a curve of the column ``x``: above it (sign 1), below it (sign -1)."""

    x: int
    y: int
    sign: float
    value: Callable[[float], float]
    slope: Callable[[float], float]
    least: float


@dataclass(eq=False)
class Program:
    """A linear program that grows: minimise the cost of the columns, subject to rows, bounds and wholeness."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    integer: list[int] = field(default_factory=list)
    rows: list[dict[int, float]] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    equal: list[bool] = field(default_factory=list)
    _curves: list[_Curve] = field(default_factory=list)
    _tangents: set[int] = field(default_factory=set)

    def column(
        self, lower: float = 0.0, upper: float = np.inf, *, cost: float = 0.0, integer: bool = False
    ) -> int:
        """Add a column and return its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.cost.append(cost)
        self.integer.append(int(integer))
        return len(self.cost) - 1

    def at_most(self, terms: Terms, right: float) -> int:
        """Add the row Σ value · column ≤ right and return its number; terms of one column add up."""
        return self._row(terms, right, equal=False)

    def exactly(self, terms: Terms, right: float) -> int:
        """Add the row Σ value · column = right and return its number."""
        return self._row(terms, right, equal=True)

    def _row(self, terms: Terms, right: float, *, equal: bool) -> int:
        row: dict[int, float] = {}
        for column, value in terms:
            row[column] = row.get(column, 0.0) + value
        self.rows.append(row)
        self.right.append(right)
        self.equal.append(equal)
        return len(self.rows) - 1

    def term(self, row: int, column: int, value: float) -> None:
        """Add a column to a row that stands, such as a slack."""
        self.rows[row][column] = self.rows[row].get(column, 0.0) + value

    def square(self, x: int, points: Sequence[float]) -> int:
        """Add and return a column that is at least the square of column ``x``, exact at ``points`` at first."""
        y = self.column(0.0)
        self._bend(_Curve(x, y, 1.0, lambda a: a * a, lambda a: 2 * a, -np.inf), points)
        return y

    def logarithm(self, x: int, points: Sequence[float], least: float = 1e-12) -> int:
        """Add and return a column that is at most the logarithm of column ``x`` > 0, exact at ``points`` first."""
        y = self.column(-np.inf)
        self._bend(_Curve(x, y, -1.0, lambda a: float(np.log(a)), lambda a: 1 / a, least), points)
        return y

    def _bend(self, curve: _Curve, points: Sequence[float]) -> None:
        self._curves.append(curve)
        for point in points:
            self._tangent(curve, float(point))

    def _tangent(self, curve: _Curve, at: float) -> None:
        at = max(at, curve.least)
        slope = curve.slope(at)
        # sign · (y - value - slope (x - at)) ≥ 0
        terms = [(curve.x, curve.sign * slope), (curve.y, -curve.sign)]
        self._tangents.add(self.at_most(terms, curve.sign * (slope * at - curve.value(at))))

    def _bent(self, columns: Array) -> bool:
        """Add tangents where the answer cuts through a curve; say whether any was needed."""
        bent = False
        for curve in self._curves:
            x = max(float(columns[curve.x]), curve.least)
            gap = curve.sign * (curve.value(x) - float(columns[curve.y]))
            if gap > CURVE_GAP:
                bent = True
                # The answer lies where two tangents meet; several in between shrink the gap many times at once.
                reach = np.sqrt(gap) / np.sqrt(max(1.0, abs(curve.slope(x)) if curve.sign < 0 else 1.0))
                for at in np.linspace(x - reach, x + reach, 11):
                    self._tangent(curve, float(at))
        return bent

    def solve(self, seconds: float = SECONDS) -> Answer:
        """Return the least cost; never raises on what the solver says.

        Args:
            seconds: time allowed, roughly.
        """
        until = monotonic() + seconds
        if not any(self.integer):
            return self._convex(until)
        best, bound, reason = Answer("failed", reason=NOT_WHOLE), -np.inf, OPEN
        for _ in range(ROUNDS):
            outer = self._whole(until)
            if outer.columns is None:
                if best.columns is None:
                    return outer
                reason = outer.reason
                break
            bound = max(bound, outer.bound)
            inner = self._convex(until, fixed=outer.columns)
            if inner.status == "optimal" and inner.value < best.value:
                best = inner
            if best.columns is None:
                return replace(best, bound=bound)
            if not self._curves or best.value - bound <= 2 * INTEGER_DOUBT:
                return _within(best, bound, outer.status, outer.reason)
            if outer.status == "limit":
                reason = outer.reason
                break
        return _within(best, bound, "limit", reason)

    def _convex(self, until: float, fixed: Array | None = None) -> Answer:
        """Solve without integers, or with those fixed at a point."""
        for k in range(ROUNDS):
            answer = self._linear(until, fixed)
            if answer.columns is None or not self._curves:
                return answer
            tried = [answer.columns]
            if k % 3 == 2:
                tried.append(self._inner(answer.columns, answer.value, until, fixed))
            for columns in tried:
                lifted = self._lifted(answer, columns)
                if lifted is not None:
                    return lifted
            bent = [self._bent(columns) for columns in tried]
            if not any(bent):
                return answer
        return _within(answer, answer.bound, "limit", OPEN)

    def _inner(self, columns: Array, value: float, until: float, fixed: Array | None) -> Array:
        """Return the columns, as good as an answer's, that leave most room in all rows with a curve.

        Where an answer is not the only one, it jumps from corner to corner of the tangents; the inmost does not.
        """
        rows = [dict(row) for row in self.rows]
        deep = Program(
            self.lower[:], self.upper[:], [0.0] * len(self.cost), [], rows, self.right[:], self.equal[:]
        )
        room = deep.column(0.0, 1.0, cost=-1.0)
        curved = {curve.y for curve in self._curves}
        for k, row in enumerate(rows):
            if k not in self._tangents and not curved.isdisjoint(row):
                deep.term(k, room, 1.0)
        deep.at_most([(c, cost) for c, cost in enumerate(self.cost) if cost], value + CURVE_GAP / 2)
        deep.integer = [*self.integer, 0]
        found = deep._linear(until, None if fixed is None else np.append(fixed, 0.0))
        return columns if found.columns is None else found.columns[:-1]

    def _lifted(self, answer: Answer, columns: Array) -> Answer | None:
        """Return columns as the answer with their curves put right, if all rows still hold and the cost as well.

        What a tangent leaves open does not matter on an issue that nothing presses.
        """
        columns = columns.copy()
        for curve in self._curves:
            columns[curve.y] = curve.value(max(float(columns[curve.x]), curve.least))
        value = float(columns @ self.cost)
        matrix, right, equal = self._matrix()
        over = np.where(equal, 0.0, matrix @ columns - right)
        if over.max(initial=0.0) > CURVE_GAP or value > answer.value + CURVE_GAP:
            return None
        return Answer("optimal", value, answer.bound, columns, answer.marginals)

    def _linear(self, until: float, fixed: Array | None) -> Answer:
        from scipy.optimize import linprog

        lower, upper = np.array(self.lower), np.array(self.upper)
        if fixed is not None:
            whole = np.array(self.integer, dtype=bool)
            lower[whole] = upper[whole] = np.round(fixed[whole])
        matrix, right, equal = self._matrix()
        sides: dict[str, Any] = {}
        if not equal.all():
            sides |= {"A_ub": matrix[~equal], "b_ub": right[~equal]}
        if equal.any():
            sides |= {"A_eq": matrix[equal], "b_eq": right[equal]}
        strict = {"primal_feasibility_tolerance": FEASIBILITY, "dual_feasibility_tolerance": FEASIBILITY}
        for options in (strict, {"presolve": False}):
            left = max(until - monotonic(), 0.01)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = linprog(
                    self.cost,
                    bounds=np.column_stack([lower, upper]),
                    method="highs",
                    options={"time_limit": left, **options},
                    **sides,
                )
            if found.status != 4:
                break
        if found.status != 0 or found.x is None:
            return _nothing(found)
        marginals = np.zeros(len(self.rows))
        marginals[~equal] = found.ineqlin.marginals
        marginals[equal] = found.eqlin.marginals
        return Answer("optimal", float(found.fun), float(found.fun), np.asarray(found.x), marginals)

    def _whole(self, until: float) -> Answer:
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, right, equal = self._matrix()
        with warnings.catch_warnings(), hushed():
            warnings.simplefilter("ignore")
            found = milp(
                self.cost,
                integrality=self.integer,
                bounds=Bounds(np.array(self.lower), np.array(self.upper)),
                constraints=LinearConstraint(matrix, np.where(equal, right, -np.inf), right),
                options={"time_limit": max(until - monotonic(), 0.01), "mip_rel_gap": 0.0},
            )
        status = "optimal" if found.status == 0 else _STATUS.get(found.status, "failed")
        proven = getattr(found, "mip_dual_bound", None)
        bound = -np.inf if proven is None else float(proven) - INTEGER_DOUBT
        if found.x is None:
            return _nothing(found)
        reason = "" if status == "optimal" else str(found.message)
        return Answer(status, float(found.fun), bound, np.asarray(found.x), reason=reason)

    def _matrix(self) -> tuple[Any, Array, NDArray[np.bool_]]:
        from scipy.sparse import csr_array

        lengths = [len(row) for row in self.rows]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        columns = np.array([c for row in self.rows for c in row], dtype=np.int32)
        values = np.array([v for row in self.rows for v in row.values()], dtype=np.float64)
        matrix = csr_array((values, columns, starts), shape=(len(self.rows), len(self.cost)))
        return matrix, np.array(self.right, dtype=np.float64), np.array(self.equal, dtype=bool)


_STATUS: dict[int, Status] = {1: "limit", 2: "infeasible", 3: "unbounded", 4: "failed"}


def _nothing(found: Any) -> Answer:
    """Return that the solver found nothing, in its words."""
    status = _STATUS.get(found.status, "failed")
    return Answer(status, bound=np.inf if status == "infeasible" else -np.inf, reason=str(found.message))


def _within(answer: Answer, bound: float, status: Status, reason: str) -> Answer:
    """Return an answer with what was proven about all others."""
    return Answer(status, answer.value, min(bound, answer.value), answer.columns, answer.marginals, reason)
