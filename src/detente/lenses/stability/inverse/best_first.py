"""How is a cheapest combination of the actors' changes found? Best-first, and if given up one that does.

Each actor could change in several ways, cheapest first. By Nash, GMR and SMR each actor's stability depends on its
own order alone, and each takes its first candidate that works. By SEQ one actor's change moves what the others do;
combinations are tried in the order of their total cost, so that the first that passes is a cheapest one, and the
cost reached is a bound when the search is given up. Of one that fails, only the candidates of those are varied
whose change could mend it.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from detente.lenses.stability.inverse.question import ALONE, Question
from detente.lenses.stability.inverse.search import Effort
from detente.lenses.stability.space import Ranks


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
        effort.left -= question.judging
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
    effort.left -= question.judging
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
                effort.left -= question.judging
                other = (*chosen[:i], candidate, *chosen[i + 1 :])
                if not question.failures(_ranks(other)):
                    chosen, shrinking = other, True
                    break
    return Combination(chosen, sum(candidate.cost for candidate in chosen), bound, tried)


def _ranks(chosen: Sequence[Candidate]) -> Ranks:
    return np.array([candidate.rank for candidate in chosen], dtype=np.int32)
