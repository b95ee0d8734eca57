"""Each actor could change in several ways, cheapest first: which combination makes the chosen state hold?

By Nash, GMR and SMR each actor's stability depends on its own order alone, and each takes its first way that
works. By SEQ one actor's change moves what the others do; combinations are tried in the order of their total
cost, so that the first that passes is a cheapest one, and the cost reached is a bound when the search is given up.
Of one that fails, only the ways of those are varied whose change could mend it.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.question import ALONE, Question
from detente.lenses.stability.space import Ranks


@dataclass(frozen=True, eq=False)
class Way:
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
    """A cheapest combination, or as much as is known of it.

    Attributes:
        ways: of each actor; none when none was found.
        cost: of all, infinite when none was found.
        bound: no combination costs less; infinite when none exists.
        tried: how many combinations were judged.
    """

    ways: tuple[Way, ...]
    cost: float
    bound: float
    tried: int

    @property
    def ranks(self) -> Ranks:
        """The new orders, shape (k, m)."""
        return _ranks(self.ways)


class _Listed:
    """Ways of one actor, made as they are asked for; of those that come to the same, the cheapest."""

    def __init__(self, question: Question, i: int, ways: Iterator[Way]) -> None:
        self.question, self.actor, self.ways = question, i, ways
        self.known, self._seen = list[Way](), set[bytes]()

    def get(self, number: int) -> Way | None:
        while len(self.known) <= number:
            way = next(self.ways, None)
            if way is None:
                return None
            meaning = self._meaning(way)
            if meaning not in self._seen:
                self._seen.add(meaning)
                self.known.append(way)
        return self.known[number]

    def _meaning(self, way: Way) -> bytes:
        """Return all that matters of an order: what is no better than e, and which of its own moves pay."""
        if way.rank is None:
            return b""
        graph = self.question.graph
        own = graph.members[graph.rows, self.actor]
        pays = way.rank[graph.targets[own]] > way.rank[graph.sources[own]]
        return np.packbits(np.concatenate([way.rank <= way.rank[self.question.state], pays])).tobytes()


def cheapest(
    question: Question, offers: Sequence[Iterator[Way]], effort: Effort | None = None
) -> Combination:
    """Return the cheapest combination of one way per actor by which the state holds.

    Args:
        question: the chosen state and the concept.
        offers: of each actor, its ways in the order of their costs; only those by which the state may hold.
        effort: after which the search is given up; without end where left out.
    """
    effort = effort or Effort()
    lists = [_Listed(question, i, offer) for i, offer in enumerate(offers)]
    first = [listed.get(0) for listed in lists]
    if any(way is None for way in first):
        return Combination((), math.inf, math.inf, 0)
    start = (0,) * len(lists)
    waiting = [(sum(way.cost for way in first if way is not None), start)]
    seen, tried, bound = {start}, 0, 0.0
    while waiting:
        bound, numbers = heapq.heappop(waiting)
        ways = tuple(listed.known[n] for listed, n in zip(lists, numbers, strict=True))
        if effort.over or any(way.rank is None for way in ways):
            return Combination((), math.inf, bound, tried)
        tried += 1
        effort.spend(question.judging)
        found = Combination(ways, bound, bound, tried)
        failures = [] if question.concept in ALONE else question.failures(found.ranks)
        if not failures:
            return found
        for i in min((question.concerned(failure, found.ranks) for failure in failures), key=len):
            listed = lists[i]
            following = (*numbers[:i], numbers[i] + 1, *numbers[i + 1 :])
            way = listed.get(following[i])
            if way is not None and following not in seen:
                seen.add(following)
                cost = bound - ways[i].cost + way.cost
                heapq.heappush(waiting, (cost, following))
    return Combination((), math.inf, math.inf, tried)


def smaller(
    question: Question,
    start: Sequence[Way],
    less: Callable[[int, Way], Iterator[Way]],
    bound: float,
    effort: Effort,
) -> Combination:
    """Return a combination by which the state holds and no single change of which can be made smaller.

    A way out where the search for a cheapest one was given up.

    Args:
        question: the chosen state and the concept.
        start: a way of each actor; nothing is found when the state does not hold by these.
        less: the smaller changes that an actor could do with instead of its way, the smallest first.
        bound: no combination costs less.
        effort: after which the combination stays as it is.
    """
    effort.spend(question.judging)
    ways, tried, shrinking = tuple(start), 0, True
    if question.failures(_ranks(ways)):
        return Combination((), math.inf, bound, 0)
    while shrinking:
        shrinking = False
        for i in range(len(ways)):
            for way in less(i, ways[i]):
                if effort.over:
                    break
                tried += 1
                effort.spend(question.judging)
                other = (*ways[:i], way, *ways[i + 1 :])
                if not question.failures(_ranks(other)):
                    ways, shrinking = other, True
                    break
    return Combination(ways, sum(way.cost for way in ways), bound, tried)


def _ranks(ways: Sequence[Way]) -> Ranks:
    return np.array([way.rank for way in ways], dtype=np.int32)
