"""How is a cheapest change found, and proven to be one? Cutting planes, best-first search, and counted work.

*Cutting planes* (solve, check, add a clause): a program starts without any demand. Its cheapest solution is
judged; every improvement that nothing deters yields a clause that each remedy must satisfy, and the program is
solved again. All clauses are necessary, so the optimum of the program is a lower bound at every stage, and the
first solution that passes is a cheapest one.

*Best-first search*: each actor could change in several ways, cheapest first. By Nash, GMR and SMR each actor's
stability depends on its own order alone, and each takes its first candidate that works. By SEQ one actor's change
moves what the others do; combinations are tried in the order of their total cost, so that the first that passes is
a cheapest one, and the cost reached is a bound when the search is given up. Of one that fails, only the candidates
of those are varied whose change could mend it.
"""

from __future__ import annotations

import heapq
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

from detente.lenses.programs import Answer, Array, Program
from detente.lenses.stability.inverse.question import ALONE, Clause, Fact, Question
from detente.lenses.stability.space import Ranks

WORK = 1e7
"""For each kind of change; one unit is about a microsecond on a machine of 2024."""
ENOUGH = 1e5
"""For a way out where a search was given up."""
GUARD = 120.0
"""Seconds after which a search is stopped by the clock."""


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


# --- cutting planes -------------------------------------------------------------------------------

START = 5_000.0
"""Work of setting up one program."""
PER_ENTRY = 1.0
"""Work of one branch for each entry of the program."""
ROOT = 30
"""Branches that the solver's first look at a program is worth."""
MOST_BRANCHES = 2**31 - 1


def solved(program: Program, effort: Effort) -> Answer:
    """Return the cheapest values, or the best that the effort allows and the bound proven by then."""
    if any(least > 0 and not row for row, least in zip(program.rows, program.least, strict=True)):
        return Answer("infeasible", bound=math.inf)
    if not program.cost:
        return Answer("optimal", 0.0, 0.0, np.empty(0))
    size = PER_ENTRY * (sum(map(len, program.rows)) + len(program.cost))
    branches = min(max(effort.left / size, 1.0), MOST_BRANCHES)
    found = program.solve(effort.seconds, int(branches))
    effort.spend(START + size * (ROOT + found.branches))
    return replace(found, bound=found.value if found.status == "optimal" else max(found.bound, 0.0))


def choice(program: Program, cost: float = 0.0) -> int:
    """Add a variable that is 0 or 1 and return its number; an infinite cost forbids 1."""
    allowed = math.isfinite(cost)
    return program.column(0.0, float(allowed), cost=cost if allowed else 0.0, integer=True)


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


@dataclass(eq=False)
class OrderTheory(Theory):
    """A kind of change to the orders."""

    def __post_init__(self) -> None:
        self.before = np.asarray(self.before, dtype=np.int32)
        self._floors: set[tuple[int, int]] = set()

    @abstractmethod
    def fact(self, fact: Fact) -> int | bool:
        """Return a variable that is 1 only where a fact holds, or whether it holds in any case."""

    @abstractmethod
    def ranks(self, values: Array) -> Ranks:
        """Return the orders that values of the variables stand for, shape (k, m)."""

    def refute(self, values: Array, effort: Effort) -> int:
        """Judge the new orders, and require one of the alternatives that end each failure."""
        effort.spend(self.question.judging)
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
            facts = [self.fact(fact) for fact in alternative]
            if any(fact is False for fact in facts):
                continue
            needed = sorted({fact for fact in facts if fact is not True})
            if not needed:
                return
            together = needed[0]
            if len(needed) > 1:  # 1 only where all of them are
                together = choice(self.program)
                for variable in needed:
                    self.program.row({together: 1.0, variable: -1.0}, most=0.0)
            options[together] = 1.0
        self.program.row(options, least=1.0)


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
    firm, theory = cheapest_change(nash, theory_of, effort.renew())
    return replace(firm, bound=remedy.bound, clauses=remedy.clauses), theory


def cutting_planes(theory: Theory, effort: Effort) -> Remedy:
    """Return the cheapest change, or the bound proven until the effort is spent."""
    bound, clauses = 0.0, 0
    while not effort.over:
        # 1. The cheapest change that meets all clauses so far; nothing that makes the state hold is cheaper.
        solution = solved(theory.program, effort)
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


# --- best-first search ----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Candidate:
    """One change of one actor's order.

    Attributes:
        cost: of the change, 0 for none.
        rank: its new order, shape (m,); ``None`` says that nothing is known of what costs as much or more.
        change: what it is, in the terms of who offers it.
    """

    cost: float
    rank: Ranks | None
    change: Any


@dataclass(frozen=True, eq=False)
class Combination:
    """A cheapest combination, or as much as is known of it."""

    chosen: tuple[Candidate, ...]  # the candidate of each actor; none when none was found
    cost: float  # of all, infinite when none was found
    bound: float  # no combination costs less; infinite when none exists
    tried: int  # how many combinations were judged

    @property
    def ranks(self) -> Ranks:
        """The new orders, shape (k, m)."""
        return _ranks(self.chosen)


class _Offers:
    """Candidates of one actor, made as they are asked for; of those that come to the same, the cheapest."""

    def __init__(self, question: Question, i: int, candidates: Iterator[Candidate]) -> None:
        self.question, self.actor, self.candidates = question, i, candidates
        self.known, self._seen = list[Candidate](), set[bytes]()

    def get(self, number: int) -> Candidate | None:
        while len(self.known) <= number:
            candidate = next(self.candidates, None)
            if candidate is None:
                return None
            meaning = self._meaning(candidate)
            if meaning not in self._seen:
                self._seen.add(meaning)
                self.known.append(candidate)
        return self.known[number]

    def _meaning(self, candidate: Candidate) -> bytes:
        """Return all that matters of an order: what is no better than e, and which of its own moves pay."""
        if candidate.rank is None:
            return b""
        graph = self.question.graph
        own = graph.members[graph.rows, self.actor]
        pays = candidate.rank[graph.targets[own]] > candidate.rank[graph.sources[own]]
        down = candidate.rank <= candidate.rank[self.question.state]
        return np.packbits(np.concatenate([down, pays])).tobytes()


def cheapest(
    question: Question, offers: Sequence[Iterator[Candidate]], effort: Effort | None = None
) -> Combination:
    """Return the cheapest combination of one candidate per actor by which the state holds.

    Each actor offers its candidates in the order of their costs; only those by which the state may hold.
    """
    effort = effort or Effort()
    lists = [_Offers(question, i, offer) for i, offer in enumerate(offers)]
    first = [listed.get(0) for listed in lists]
    if any(candidate is None for candidate in first):
        return Combination((), math.inf, math.inf, 0)
    start = (0,) * len(lists)
    waiting = [(sum(candidate.cost for candidate in first if candidate is not None), start)]
    seen, tried, bound = {start}, 0, 0.0
    while waiting:
        # 1. The cheapest combination not yet looked at: no other that is left costs less.
        bound, numbers = heapq.heappop(waiting)
        chosen = tuple(listed.known[n] for listed, n in zip(lists, numbers, strict=True))
        if effort.over or any(candidate.rank is None for candidate in chosen):
            return Combination((), math.inf, bound, tried)
        # 2. Judge it.
        tried += 1
        effort.spend(question.judging)
        found = Combination(chosen, bound, bound, tried)
        failures = [] if question.concept in ALONE else question.failures(found.ranks)
        if not failures:
            return found
        # 3. Branch on the failure that the fewest actors could mend: each of them takes its next candidate.
        for i in min((question.concerned(failure, found.ranks) for failure in failures), key=len):
            following = (*numbers[:i], numbers[i] + 1, *numbers[i + 1 :])
            candidate = lists[i].get(following[i])
            if candidate is not None and following not in seen:
                seen.add(following)
                heapq.heappush(waiting, (bound - chosen[i].cost + candidate.cost, following))
    return Combination((), math.inf, math.inf, tried)


Less = Callable[[int, Candidate], Iterator[Candidate]]
"""The smaller changes that an actor could do with instead of its candidate, the smallest first."""


def cheapest_or_smaller(
    question: Question,
    offers: Sequence[Iterator[Candidate]],
    most: Sequence[Candidate | None],
    as_is: Sequence[Candidate],
    less: Less,
    effort: Effort,
) -> Combination:
    """Return the cheapest combination, or if the search is given up one that does and cannot be made smaller.

    Args:
        question: the chosen state and the concept.
        offers: as for `cheapest`.
        most: the most that each actor can do for the state; ``None`` for one that changes nothing.
        as_is: of each actor, no change.
        less: of the actors that change.
        effort: after which the search is given up.
    """
    found = cheapest(question, offers, effort)
    if found.chosen or math.isinf(found.bound):
        return found
    free = [i for i, candidate in enumerate(most) if candidate is not None]
    effort.renew()
    # By SEQ less may be more: what an actor does at most can take the others' deterrents away.
    for changing in (some for size in range(len(free), 0, -1) for some in combinations(free, size)):
        start = [(i in changing and candidate) or as_is[i] for i, candidate in enumerate(most)]
        smaller = _smaller(question, start, less, found.bound, effort)
        if smaller.chosen or effort.over:
            return smaller
    return replace(found, tried=0)


def _smaller(
    question: Question, start: Sequence[Candidate], less: Less, bound: float, effort: Effort
) -> Combination:
    """Return a combination no single change of which can be made smaller; none when the start does not do."""
    effort.spend(question.judging)
    chosen, tried, shrinking = tuple(start), 0, True
    if question.failures(_ranks(chosen)):
        return Combination((), math.inf, bound, 0)
    while shrinking:
        shrinking = False
        for i in range(len(chosen)):
            for candidate in less(i, chosen[i]):
                if effort.over:
                    break
                tried += 1
                effort.spend(question.judging)
                other = (*chosen[:i], candidate, *chosen[i + 1 :])
                if not question.failures(_ranks(other)):
                    chosen, shrinking = other, True
                    break
    return Combination(chosen, sum(candidate.cost for candidate in chosen), bound, tried)


def _ranks(chosen: Sequence[Candidate]) -> Ranks:
    return np.array([candidate.rank for candidate in chosen], dtype=np.int32)
