"""What is the cheapest choice under linear conditions, and what proves it? Linear and mixed-integer programs.

The one place where lenses put such programs together and have them solved, by HiGHS (Huangfu & Hall 2018,
*Parallelizing the dual revised simplex method*). A program grows: columns, then rows over them, each known by
its number:

    >>> program = Program()
    >>> x, y = program.column(cost=2.0), program.column(0.0, 1.0, cost=1.0, integer=True)
    >>> _ = program.at_least([(x, 1.0), (y, 3.0)], 4.0)
    >>> answer = program.solve()
    >>> answer.status, answer.value, answer.columns.tolist()
    ('optimal', 3.0, [1.0, 1.0])

Convex curves (squares, logarithms) are held by tangents that are added where the answer cuts through them,
until none is cut by more than ``CURVE_GAP`` (Kelley 1960, *The cutting-plane method for solving convex programs*).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

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
        status: ``optimal``; ``infeasible`` (nothing satisfies the rows); ``unbounded``; ``limit`` (out of time
            or of branches: what is there is not proven best, and may keep within tangents only); ``failed``.
        value: the least cost found, ``inf`` where nothing was.
        bound: no answer costs less than this; ``-inf`` where nothing is proven, ``inf`` if infeasible.
        columns: shape (n,), or ``None`` where nothing was found; integer columns are whole.
        branches: how many parts of the search over integers were looked at.
        prices: (rows,): change of the least cost per unit of a right side, at most 0 for rows "at most"; ``None``
            with integers, and where no optimum was reached.
        reason: the solver's own words where it did not reach an optimum.
    """

    status: Status
    value: float = np.inf
    bound: float = -np.inf
    columns: Array | None = None
    branches: int = 0
    reason: str = ""
    prices: Array | None = None


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
    """A program that grows: minimise the cost of the columns, subject to rows, bounds and wholeness.

    The lists may be written to, such as ``program.cost[x] = 1.0``.
    """

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    rows: list[dict[int, float]] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    _curves: list[_Curve] = field(default_factory=list)

    def column(
        self, lower: float = 0.0, upper: float = np.inf, *, cost: float = 0.0, integer: bool = False
    ) -> int:
        """Add a column and return its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.cost.append(cost)
        self.integer.append(integer)
        return len(self.cost) - 1

    def row(self, terms: Terms | Mapping[int, float], least: float = -np.inf, most: float = np.inf) -> int:
        """Add the row least ≤ Σ value · column ≤ most and return its number; terms of one column add up."""
        row: dict[int, float] = {}
        for column, value in terms.items() if isinstance(terms, Mapping) else terms:
            row[column] = row.get(column, 0.0) + value
        self.rows.append(row)
        self.least.append(least)
        self.most.append(most)
        return len(self.rows) - 1

    def at_most(self, terms: Terms, right: float) -> int:
        """Add the row Σ value · column ≤ right and return its number."""
        return self.row(terms, most=right)

    def at_least(self, terms: Terms, right: float) -> int:
        """Add the row Σ value · column ≥ right and return its number."""
        return self.row(terms, least=right)

    def exactly(self, terms: Terms, right: float) -> int:
        """Add the row Σ value · column = right and return its number."""
        return self.row(terms, right, right)

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
        self.at_most(terms, curve.sign * (slope * at - curve.value(at)))

    def solve(self, seconds: float = SECONDS, branches: int | None = None) -> Answer:
        """Return the least cost; never raises on what the solver says.

        Args:
            seconds: time allowed, roughly.
            branches: parts of the search over integers that may be looked at; unlike time, the same on any
                machine.
        """
        until = monotonic() + seconds
        if not any(self.integer):
            return self._convex(until)
        best, bound, reason, spent = Answer("failed", reason=NOT_WHOLE), -np.inf, OPEN, 0
        for _ in range(ROUNDS):
            outer = self._run(until, branches=branches)
            spent += outer.branches
            if outer.columns is None:
                if best.columns is None:
                    return replace(outer, branches=spent)
                reason = outer.reason
                break
            bound = max(bound, outer.bound - INTEGER_DOUBT)
            # With the integers fixed the rest is solved again, to a finer tolerance than a mixed program has.
            inner = self._convex(until, fixed=outer.columns)
            if inner.status == "optimal" and inner.value < best.value:
                best = replace(inner, prices=None)  # they hold for these integers only
            if best.columns is None:
                return replace(best, bound=bound, branches=spent)
            if not self._curves or best.value - bound <= 2 * INTEGER_DOUBT:
                return _within(replace(best, branches=spent), bound, outer.status, outer.reason)
            if outer.status == "limit":
                reason = outer.reason
                break
        return _within(replace(best, branches=spent), bound, "limit", reason)

    def _convex(self, until: float, fixed: Array | None = None) -> Answer:
        """Solve without integers, or with those fixed at a point; add tangents until no curve is cut."""
        for k in range(ROUNDS):
            answer = self._run(until, fixed=fixed)
            if answer.columns is None or not self._curves:
                return answer
            tried = [answer.columns]
            if k % 3 == 2:
                tried.append(self._inmost(answer.columns, answer.value, until, fixed))
            for columns in tried:
                lifted = self._lifted(answer, columns)
                if lifted is not None:
                    return lifted
            bent = [self._bent(columns) for columns in tried]
            if not any(bent):
                return answer
        return _within(answer, answer.bound, "limit", OPEN)

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

    def _inmost(self, columns: Array, value: float, until: float, fixed: Array | None) -> Array:
        """Return the columns, as good as an answer's, that leave most room in all rows with a curve.

        Where an answer is not the only one, it jumps from corner to corner of the tangents; the inmost does not.
        """
        deep = Program(self.lower[:], self.upper[:], [0.0] * len(self.cost), self.integer[:])
        deep.rows, deep.least, deep.most = [dict(row) for row in self.rows], self.least[:], self.most[:]
        room = deep.column(0.0, 1.0, cost=-1.0)
        curved = {curve.y: curve.x for curve in self._curves}
        for k, row in enumerate(self.rows):
            tangent = len(row) == 2 and any(curved.get(y) in row for y in row)
            if not tangent and not curved.keys().isdisjoint(row):
                deep.term(k, room, 1.0)
        deep.at_most([(c, cost) for c, cost in enumerate(self.cost) if cost], value + CURVE_GAP / 2)
        found = deep._run(until, fixed=np.zeros(0) if fixed is None else np.append(fixed, 0.0))
        return columns if found.columns is None else found.columns[:-1]

    def _lifted(self, answer: Answer, columns: Array) -> Answer | None:
        """Return columns as the answer with their curves put right, if all rows still hold and the cost as well.

        What a tangent leaves open does not matter on an issue that nothing presses.
        """
        columns = columns.copy()
        for curve in self._curves:
            columns[curve.y] = curve.value(max(float(columns[curve.x]), curve.least))
        value = float(columns @ self.cost)
        starts, index, entries = self._entries()
        sums = np.add.reduceat(np.append(entries * columns[index], 0.0), starts[:-1]) * (np.diff(starts) > 0)
        over = np.where(np.array(self.least) == self.most, 0.0, sums - self.most)
        if over.max(initial=0.0) > CURVE_GAP or value > answer.value + CURVE_GAP:
            return None
        return replace(answer, value=value, columns=columns)

    def _entries(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Array]:
        """Return the rows end to end: where each begins, the columns in them, and the values."""
        starts = np.cumsum([0, *(len(row) for row in self.rows)], dtype=np.int32)
        index = np.array([c for row in self.rows for c in row], dtype=np.int32)
        return starts, index, np.array([v for row in self.rows for v in row.values()], dtype=np.float64)

    def _run(self, until: float, *, fixed: Array | None = None, branches: int | None = None) -> Answer:
        """Have HiGHS solve the program once; integers count unless they are fixed at a point."""
        import highspy

        whole = np.array(self.integer, dtype=bool)
        lower, upper = np.array(self.lower, dtype=np.float64), np.array(self.upper, dtype=np.float64)
        if fixed is not None and len(fixed):
            lower[whole] = upper[whole] = np.round(fixed[whole])
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.rows)
        model.col_cost_, model.col_lower_, model.col_upper_ = np.array(self.cost), lower, upper
        model.row_lower_, model.row_upper_ = np.array(self.least), np.array(self.most)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = self._entries()
        mixed = fixed is None and bool(whole.any())
        if mixed:
            kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
            model.integrality_ = [kinds[is_whole] for is_whole in self.integer]
        fine = {"primal_feasibility_tolerance": FEASIBILITY, "dual_feasibility_tolerance": FEASIBILITY}
        first = {"mip_rel_gap": 0.0, "mip_abs_gap": 0.0} if mixed else fine
        if branches is not None:
            first["mip_max_nodes"] = branches
        answer = Answer("failed")
        for options in (first, first | {"presolve": "off"}):
            answer = _solved(model, options, max(until - monotonic(), 0.01), mixed)
            if answer.status not in ("failed", "unbounded"):
                break
        return answer


def _solved(model: Any, options: Mapping[str, Any], seconds: float, mixed: bool) -> Answer:
    """Return what HiGHS says of a model."""
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", seconds)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    kind, info = solver.getModelStatus(), solver.getInfo()
    status = _STATUS.get(kind.name, "failed")
    reason = "" if status == "optimal" else str(solver.modelStatusToString(kind))
    branches = max(int(info.mip_node_count), 0) if mixed else 0
    if status == "infeasible":
        return Answer(status, bound=np.inf, branches=branches, reason=reason)
    proven = float(info.mip_dual_bound) if mixed else -np.inf
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if kind.name == "kModelEmpty":
        return Answer("optimal", 0.0, 0.0, np.zeros(0))
    if status not in ("optimal", "limit") or not feasible or (status == "limit" and not mixed):
        return Answer(status, bound=proven, branches=branches, reason=reason)
    value = float(info.objective_function_value)
    columns = np.array(solver.getSolution().col_value)
    prices = None if mixed or status != "optimal" else np.array(solver.getSolution().row_dual)
    return Answer(status, value, min(proven, value) if mixed else value, columns, branches, reason, prices)


_STATUS: dict[str, Status] = {
    "kOptimal": "optimal",
    "kModelEmpty": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    "kUnboundedOrInfeasible": "unbounded",
    "kTimeLimit": "limit",
    "kIterationLimit": "limit",
    "kSolutionLimit": "limit",
    "kInterrupt": "limit",
}


def _within(answer: Answer, bound: float, status: Status, reason: str) -> Answer:
    """Return an answer with what was proven about all others."""
    return replace(answer, status=status, bound=min(bound, answer.value), reason=reason)
