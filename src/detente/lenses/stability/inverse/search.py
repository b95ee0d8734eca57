"""How is a cheapest change found, and proven to be one? Cutting planes, with work that is counted.

*Cutting planes* (solve, check, add a clause): a program starts without any demand. Its cheapest solution is
judged; every improvement that nothing deters yields a clause that each remedy must satisfy, and the program is
solved again. All clauses are necessary, so the optimum of the program is a lower bound at every stage, and the
first solution that passes is a cheapest one.

A kind of change is a `Theory`: what its variables are, and what they mean. Of a fact about orders it says which
variable is 1 only where the fact holds.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TypeVar

import numpy as np

from detente.lenses.programs import Answer, Array, Program
from detente.lenses.stability.inverse.question import Clause, Fact, Question
from detente.lenses.stability.space import Ranks

WORK = 1e7  # for each kind of change; one unit is about a microsecond on a machine of 2024
ENOUGH = 1e5  # for a way out where a search was given up
GUARD = 120.0  # seconds after which a search is stopped by the clock
START = 5_000.0  # work of setting up one program
ROOT = 30  # branches that the solver's first look at a program is worth; one is a unit of work for each entry


class Effort:
    """Work that a search may still do, counted so that every machine stops at the same place and says the same.

    A clock stands behind it as a last guard, far beyond what the work should take; an answer that it cut short
    says so, and is the only one that may differ between machines.
    """

    def __init__(self, work: float = math.inf, seconds: float = GUARD) -> None:
        """Start with so much work, and so many seconds until the clock stops it."""
        self.left = work
        self.late = False
        self._end = perf_counter() + seconds

    def renew(self) -> Effort:
        """Allow enough work for a way out from here on, without putting the clock back."""
        self.left = max(self.left, ENOUGH)
        return self

    @property
    def over(self) -> bool:
        """Tell whether the search is to be given up."""
        self.late = self.late or perf_counter() > self._end
        return self.late or self.left <= 0

    def solved(self, program: Program) -> Answer:
        """Return the cheapest values, or the best that the effort allows and the bound proven by then."""
        if any(least > 0 and not row for row, least in zip(program.rows, program.least, strict=True)):
            return Answer("infeasible", bound=math.inf)
        if not program.cost:
            return Answer("optimal", 0.0, 0.0, np.empty(0))
        size = float(sum(map(len, program.rows)) + len(program.cost))
        branches = min(max(self.left / size, 1.0), 2**31 - 1)
        found = program.solve(max(self._end - perf_counter(), 0.05), int(branches))
        self.left -= START + size * (ROOT + found.branches)
        return replace(found, bound=found.value if found.status == "optimal" else max(found.bound, 0.0))


@dataclass(eq=False)
class Theory(ABC):
    """A kind of change whose variables stand in a program."""

    question: Question
    before: Ranks
    program: Program = field(default_factory=Program, init=False)

    def amend(self, values: Array) -> bool:  # noqa: ARG002 - unless a kind says otherwise every choice has a meaning
        """Add rows that the values break and every meaningful solution satisfies; tell whether there were any."""
        return False

    @abstractmethod
    def refute(self, values: Array, effort: Effort) -> int:
        """Judge the change that values stand for, and add what every remedy of its failures must satisfy.

        Returns:
            How many improvements nothing deters.
        """

    def choice(self, cost: float = 0.0, *, every: Iterable[int] = (), none: Iterable[int] = ()) -> int:
        """Add a variable that is 0 or 1 and return its number; an infinite cost forbids 1.

        It is 1 only where every variable of some is 1 and none of others.
        """
        allowed = math.isfinite(cost)
        variable = self.program.column(0.0, float(allowed), cost=cost if allowed else 0.0, integer=True)
        for one in none:
            self.program.row({variable: 1.0, one: 1.0}, most=1.0)
        for one in every:
            self.program.row({variable: 1.0, one: -1.0}, most=0.0)
        return variable


@dataclass(eq=False)
class OrderTheory(Theory):
    """A kind of change to the orders."""

    def __post_init__(self) -> None:
        self.before = np.asarray(self.before, dtype=np.int32)
        self._facts: dict[Fact, int | bool] = {}
        self._floors: set[tuple[int, int]] = set()

    @abstractmethod
    def fact(self, fact: Fact) -> int | bool:
        """Return a variable that is 1 only where a fact holds, or whether it holds in any case."""

    @abstractmethod
    def ranks(self, values: Array) -> Ranks:
        """Return the orders that values of the variables stand for, shape (k, m)."""

    def refute(self, values: Array, effort: Effort) -> int:
        """Judge the new orders, and require one of the alternatives that end each failure."""
        effort.left -= self.question.judging
        after = self.ranks(values)
        failures = self.question.failures(after)
        for failure in failures:
            self._require(self.question.clause(failure, after))
            if self.question.concept == "seq" and (failure.actor, failure.to) not in self._floors:
                self._floors.add((failure.actor, failure.to))
                self._require(self.question.floor(failure))
        return len(failures)

    def _require(self, clause: Clause) -> None:
        options: dict[int, float] = {}
        for alternative in clause:
            facts = [self._known(fact) for fact in alternative]
            if any(fact is False for fact in facts):
                continue
            needed = sorted({fact for fact in facts if fact is not True})
            if not needed:
                return
            options[needed[0] if len(needed) == 1 else self.choice(every=needed)] = 1.0
        self.program.row(options, least=1.0)

    def _known(self, fact: Fact) -> int | bool:
        if fact not in self._facts:
            self._facts[fact] = self.fact(fact)
        return self._facts[fact]


@dataclass(frozen=True, eq=False)
class Remedy:
    """A cheapest change of one kind, or as much as is known of it."""

    values: Array | None  # of the variables; ``None`` when none was found
    cost: float  # of the change, infinite when none was found
    bound: float  # no change costs less; infinite when none exists
    clauses: int  # how many clauses the proof rests on


T = TypeVar("T", bound=Theory)


def cheapest_change(
    question: Question, theory_of: Callable[[Question], T], effort: Effort
) -> tuple[Remedy, T]:
    """Return the cheapest change that makes the state hold, and what its values mean.

    When the search is given up the change, if any, is one that leaves nobody anything better to move to.
    """
    if question.concept == "nash":  # nothing to search for: every improvement counts
        effort.renew()
    theory = theory_of(question)
    remedy = cutting_planes(theory, effort)
    if remedy.values is not None or math.isinf(remedy.bound) or question.concept == "nash":
        return remedy, theory
    nash = replace(question, concept="nash")  # what does by Nash does by any concept
    firm, theory = cheapest_change(nash, theory_of, effort)
    return replace(firm, bound=remedy.bound, clauses=remedy.clauses), theory


def cutting_planes(theory: Theory, effort: Effort) -> Remedy:
    """Return the cheapest change, or the bound proven until the effort is spent."""
    bound, clauses = 0.0, 0
    while not effort.over:
        # 1. The cheapest change that meets all clauses so far; nothing that makes the state hold is cheaper.
        solution = effort.solved(theory.program)
        bound = max(bound, solution.bound)
        if solution.columns is None:
            break
        # 2. It must mean something, such as an order.
        if theory.amend(solution.columns):
            continue
        # 3. Judge it; if it fails, demand what every remedy of each failure must bring about.
        failures = theory.refute(solution.columns, effort)
        if not failures:
            return Remedy(solution.columns, solution.value, bound, clauses)
        clauses += failures
    return Remedy(None, math.inf, bound, clauses)
