"""How far would the chosen state have to rise in each actor's order? Every other state keeps its place.

In option form the least rank at which e is stable for i by Nash, GMR, SMR or SEQ is T_i(e) of `stable`, and
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
from detente.lenses.stability import stable as general
from detente.lenses.stability.inverse.question import ALONE, Question
from detente.lenses.stability.inverse.search import Candidate, Combination, Effort, cheapest_or_smaller
from detente.lenses.stability.inverse.task import Task
from detente.lenses.stability.levers import Change, Lever
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.solve import by_code, judge
from detente.lenses.stability.space import Ranks
from detente.show.words import count_word, counted


@dataclass(frozen=True, slots=True)
class Rise:
    """How far a state rises in one actor's order."""

    level: int  # rank with which it draws level, or above which it comes to stand
    above: bool  # whether it comes to stand above that rank
    crossed: int  # states that were better and are now worse
    tied: int  # states that were better and are now as good
    parted: int  # states that were as good and are now worse

    @classmethod
    def to(cls, rank: Ranks, state: int, level: int, *, above: bool = False) -> Rise:
        """Return what raising a state to a rank means in an order of shape (m,)."""
        own = rank[state]
        tied = 0 if above else int((rank == level).sum())
        crossed = int(((rank > own) & (rank <= level)).sum()) - tied
        return cls(int(level), above, crossed, tied, int((rank == own).sum()) - 1)

    @property
    def cost(self) -> float:
        """Kendall's distance between the two orders, a tie counting half (Kemeny 1959)."""
        return self.crossed + (self.tied + self.parted) / 2

    def made(self, rank: Ranks, state: int) -> Ranks:
        """Return the order after the state has risen, with ranks twice as large to make room."""
        after = 2 * rank
        after[state] = 2 * self.level + self.above
        return after


def least_rises(ranks: Ranks, state: int, levels: Ranks) -> list[Rise | None]:
    """Return, in option form and for each actor, the least rise by which a state is stable; ``None`` for none.

    The levels are T of that state for each actor, shape (k,).
    """
    return [
        Rise.to(rank, state, int(level)) if level > rank[state] else None
        for rank, level in zip(ranks, levels, strict=True)
    ]


def promote(
    question: Question, ranks: Ranks, weights: Sequence[float] | None = None, effort: Effort | None = None
) -> Combination:
    """Return the cheapest rises of the chosen state by which it holds, on any graph; changes are `Rise` or None.

    When the search is given up the state rises to the top and comes down again for as long as it holds.
    """
    prices = [1.0] * len(ranks) if weights is None else weights
    effort = effort or Effort()
    offers = [
        list(_rises(question, i, rank, price))
        for i, (rank, price) in enumerate(zip(ranks, prices, strict=True))
    ]

    def less(i: int, candidate: Candidate) -> Iterator[Candidate]:
        return takewhile(lambda other: other is not candidate, offers[i])

    highest = [candidates[-1] if candidates else None for candidates in offers]
    as_is = [Candidate(0.0, 2 * rank, None) for rank in ranks]
    return cheapest_or_smaller(
        question, [iter(candidates) for candidates in offers], highest, as_is, less, effort
    )


def _rises(question: Question, i: int, rank: Ranks, price: float) -> Iterator[Candidate]:
    own, e = question.own(i), question.state
    if own.stable(rank <= rank[e]):
        yield Candidate(0.0, 2 * rank, None)
    if not math.isfinite(price):
        return
    for level in np.unique(rank[rank > rank[e]]).tolist():
        for above in (False,) if question.concept in ALONE else (False, True):
            if own.stable(rank <= level):
                change = Rise.to(rank, e, level, above=above)
                yield Candidate(price * change.cost, change.made(rank, e), change)


# --- told -----------------------------------------------------------------------------------------


def promote_lever(task: Task) -> Lever:
    """Return the least rise of the chosen state."""
    view, prices = task.view, task.order_prices
    if view.space is not None:
        rises = least_rises(task.ranks, task.state, _levels(task))
        cost = sum(price * rise.cost for price, rise in zip(prices, rises, strict=True) if rise)
        bound, proof = cost, len(view.actors)
    else:
        found = promote(task.question, task.ranks, prices, task.effort)
        rises = [candidate.change for candidate in found.chosen]
        cost, bound, proof = found.cost, found.bound, found.tried
    if math.isinf(cost):
        return Lever.found("promote", cost, bound, proof, (), {}, holds=None)
    after = 2 * task.ranks
    moved = {i: rise for i, rise in enumerate(rises) if rise is not None}
    for i, rise in moved.items():
        after[i] = rise.made(task.ranks[i], task.state)
    changes = [_risen(task, after, i, rise, prices[i]) for i, rise in moved.items()]
    stable = judge(view.conflict, Ordered.of(after), [task.concept])[task.concept][:, task.state]
    edits = task.ranking(after, list(moved))
    return Lever.found("promote", cost, bound, proof, changes, edits, holds=bool(stable.all()))


def _levels(task: Task) -> Ranks:
    """Return T of the chosen state for each actor, shape (k,)."""
    concepts, space = [task.concept], task.view.space
    if task.large and space is not None:
        found = algebra.thresholds(space, by_code(space, task.ranks), concepts)
        return found[task.concept][:, space.codes[task.state]]
    return general.thresholds(task.view.graph, task.ranks, concepts)[task.concept][:, task.state]


def _risen(task: Task, after: Ranks, i: int, rise: Rise, price: float) -> Change:
    above, level = rise.crossed, rise.tied
    parts = [f"above {counted(above, 'outcome')} now preferred to it"] if above else []
    if level:
        more = "more" if above else f"{'outcome' if level == 1 else 'outcomes'} now preferred to it"
        parts.append(f"as highly as {count_word(level)} {more}")
    before, told = f"{above + level} states are better", " and ".join(parts)
    what, cost, without = task.view.text(task.state), price * rise.cost, task.without(after, i)
    return task.change(i, what, before, told, cost, f"value this outcome {told}.", without)
