"""How far would the chosen state have to rise in each actor's order? Every other state keeps its place.

In option form the least rank at which e is stable for i by Nash, GMR, SMR or SEQ is T_i(e) of `algebra`, and
raising it for one actor never disturbs the others: where an answer of the others passes e, it may end there, and
ending where one began deters. On other graphs the ranks that could do are tried in the order of their cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from detente.lenses.stability import algebra
from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.question import ALONE, Question
from detente.lenses.stability.inverse.together import Combination, Way, cheapest, smaller
from detente.lenses.stability.space import Ranks, Space


@dataclass(frozen=True, slots=True)
class Rise:
    """How far a state rises in one actor's order.

    Attributes:
        level: rank with which it draws level, or above which it comes to stand.
        above: whether it comes to stand above that rank.
        crossed: states that were better and are now worse.
        tied: states that were better and are now as good.
        parted: states that were as good and are now worse.
    """

    level: int
    above: bool
    crossed: int
    tied: int
    parted: int

    @property
    def cost(self) -> float:
        """Kendall's distance between the two orders, a tie counting half (Kemeny 1959)."""
        return self.crossed + (self.tied + self.parted) / 2


def rise(rank: Ranks, state: int, level: int, *, above: bool = False) -> Rise:
    """Return what raising a state to a rank means in an order of shape (m,), -1 where infeasible."""
    own = rank[state]
    tied = 0 if above else int((rank == level).sum())
    crossed = int(((rank > own) & (rank <= level)).sum()) - tied
    return Rise(int(level), above, crossed, tied, int((rank == own).sum()) - 1)


def raised(rank: Ranks, state: int, change: Rise) -> Ranks:
    """Return the order after the state has risen, with ranks twice as large to make room."""
    after = 2 * rank
    after[state] = 2 * change.level + change.above
    return after


def levels(space: Space, ranks: Ranks, code: int, concept: str) -> list[Rise | None]:
    """Return, in option form and for each actor, the least rise by which a state is stable; ``None`` for none.

    Args:
        space: the states and moves.
        ranks: shape (k, 2^n), -1 where infeasible.
        code: of the chosen state.
        concept: ``nash``, ``gmr``, ``smr`` or ``seq``.
    """
    wanted = algebra.thresholds(space, ranks, [concept])[concept][:, code]
    return [
        rise(rank, code, int(level)) if level > rank[code] else None
        for rank, level in zip(ranks, wanted, strict=True)
    ]


def promote(
    question: Question, ranks: Ranks, weights: Sequence[float] | None = None, effort: Effort | None = None
) -> Combination:
    """Return the cheapest rises of the chosen state by which it holds, on any graph; changes are `Rise` or None.

    Args:
        question: the chosen state and the concept.
        ranks: shape (k, m).
        weights: price of one state overtaken, for each actor; infinite for one that changes nothing.
        effort: after which the search is given up, without end where left out; then the state rises to the top
            and comes down again for as long as it holds.
    """
    prices = [1.0] * len(ranks) if weights is None else weights
    effort = effort or Effort()
    offers = [
        list(_ways(question, i, rank, price))
        for i, (rank, price) in enumerate(zip(ranks, prices, strict=True))
    ]
    found = cheapest(question, [iter(ways) for ways in offers], effort)
    if found.ways or math.isinf(found.bound):
        return found

    def less(i: int, way: Way) -> Iterator[Way]:
        return takewhile(lambda other: other is not way, offers[i])

    return smaller(question, [ways[-1] for ways in offers], less, found.bound, effort.renew())


def _ways(question: Question, i: int, rank: Ranks, price: float) -> Iterator[Way]:
    own, e = question.own(i), question.state
    if own.held(rank <= rank[e]):
        yield Way(0.0, 2 * rank, None)
    if not np.isfinite(price):
        return
    for level in np.unique(rank[rank > rank[e]]).tolist():
        for above in (False,) if question.concept in ALONE else (False, True):
            if own.held(rank <= level):
                change = rise(rank, e, level, above=above)
                yield Way(price * change.cost, raised(rank, e, change), change)
