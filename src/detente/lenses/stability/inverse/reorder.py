"""Which statements would have to come first? The least change in an actor's priorities, or a new one on top.

Priorities are a list of statements, the most important first. The distance between two lists is the number of
swaps of neighbours between them (Kendall). A list is built from its top by a search in the order of the swaps
that a beginning already needs; a beginning is dropped when no end can make the chosen state stable, and it is
enough when every end does.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.question import ALONE, Own
from detente.lenses.stability.inverse.together import Way
from detente.lenses.stability.space import Mask, Ranks

LOOK, LOOK_AT = 150.0, 0.1
"""Work of looking at a list of statements, and for each state and statement."""


def swaps(order: Sequence[int]) -> int:
    """Return how many swaps of neighbours lead from 0, 1, 2, … to an order.

    >>> swaps([2, 0, 1])
    2
    """
    return sum(a > b for a, b in combinations(order, 2))


def ordered(truth: Mask, order: Sequence[int]) -> Ranks:
    """Return the ranks, shape (m,), that statements with truth of shape (h, m) give in that order."""
    rank: Ranks = np.zeros(truth.shape[1], dtype=np.int32)
    for statement in order:
        rank = _refined(rank, truth[statement])
    return rank


def _refined(rank: Ranks, truth: Mask) -> Ranks:
    """Return the ranks after one more statement, which only decides where all before it do not."""
    return np.unique(2 * rank + truth, return_inverse=True)[1].reshape(-1).astype(np.int32)


def reorderings(own: Own, truth: Mask, price: float = 1.0, effort: Effort | None = None) -> Iterator[Way]:
    """Yield orders of an actor's statements by which the chosen state may be stable for it, nearest first.

    Where only its own order matters (Nash, GMR, SMR) nothing is yielded after the first; by SEQ all are. A last
    way without ranks says that the search was given up.

    Args:
        own: the test of the chosen state for this actor.
        truth: shape (h, m), the most important statement first.
        price: of one swap; infinite for an actor that changes nothing.
        effort: after which the search is given up; without end where left out.
    """
    effort = effort or Effort()
    e = own.question.state
    alone = own.question.concept in ALONE
    different = np.unique(truth, axis=1).shape[1]
    start: Ranks = np.zeros(truth.shape[1], dtype=np.int32)
    waiting: list[tuple[int, int, tuple[int, ...], Ranks]] = [(0, 0, (), start)]
    seen: set[tuple[frozenset[int], bytes]] = set()
    while waiting:
        cost, _, top, rank = heapq.heappop(waiting)
        if cost and not np.isfinite(price):
            return
        effort.spend(LOOK + LOOK_AT * truth.size)
        if effort.over:
            yield Way(price * cost if cost else 0.0, None, None)
            return
        beginning = (frozenset(top), (np.sign(rank - rank[e]) if alone else rank).tobytes())
        if beginning in seen:  # the same statements in an order that came to the same
            continue
        seen.add(beginning)
        rest = [k for k in range(len(truth)) if k not in top]
        surely, possibly = _down(rank, truth[rest], e)
        if not own.held(possibly):
            continue
        if rank.max() + 1 == different or (alone and own.held(surely)):
            yield _in_order(truth, (*top, *rest), price)
            if alone:
                return
            continue
        for passed, statement in enumerate(rest):
            following = (*top, statement)
            heapq.heappush(waiting, (cost + passed, -len(top), following, _refined(rank, truth[statement])))


def _down(rank: Ranks, rest: Mask, e: int) -> tuple[Mask, Mask]:
    """Return which states are no better than e whatever the end of the list is, and which are by some end."""
    rising = (rest & ~rest[:, e : e + 1]).any(axis=0)
    falling = (~rest & rest[:, e : e + 1]).any(axis=0)
    open_ = rank == rank[e]
    surely = (rank < rank[e]) | (open_ & ~rising)
    return surely, surely | (open_ & falling)


def tops(
    own: Own, rank: Ranks, taken: Mask, price: float = 1.0, effort: Effort | None = None
) -> Iterator[Way]:
    """Yield statements that, put before all others, may make the chosen state stable, the shortest first.

    A statement says of some options that they are as in the chosen state; a change is the tuple of these options.

    Args:
        own: the test of the chosen state for this actor.
        rank: its order, shape (m,).
        taken: shape (n, m), which options are taken in each state.
        price: of one option named; infinite for an actor that changes nothing.
        effort: after which the search is given up; without end where left out.
    """
    effort = effort or Effort()
    e = own.question.state
    differs = taken != taken[:, e : e + 1]
    if own.held(rank <= rank[e]):
        yield Way(0.0, rank, None)
        if own.question.concept in ALONE:
            return
    for size in range(1, len(taken) + 1 if np.isfinite(price) else 1):
        for named in combinations(range(len(taken)), size):
            effort.spend(LOOK + LOOK_AT * taken.size)
            if effort.over:
                yield Way(price * size, None, None)
                return
            if own.held(differs[list(named)].any(axis=0) | (rank <= rank[e])):
                yield topped(rank, taken, e, named, price)


def topped(rank: Ranks, taken: Mask, e: int, named: Sequence[int], price: float = 1.0) -> Way:
    """Return the change that puts a statement first: that some options are as they are in state e.

    Args:
        rank: the order as it is, shape (m,).
        taken: shape (n, m), which options are taken in each state.
        e: the state.
        named: the options.
        price: of one option named.
    """
    below = (taken[list(named)] != taken[list(named), e : e + 1]).any(axis=0)
    after = rank + np.where(below, 0, int(rank.max()) + 1).astype(np.int32)
    return Way(price * len(named), after, tuple(named))


def shorter(rank: Ranks, taken: Mask, e: int, way: Way, price: float = 1.0) -> Iterator[Way]:
    """Yield a first statement with one option fewer, and at last none; see `topped`."""
    if way.change is None:
        return
    if len(way.change) == 1:
        yield Way(0.0, rank, None)
        return
    for gone in way.change:
        yield topped(rank, taken, e, [option for option in way.change if option != gone], price)


def favouring(truth: Mask, e: int, price: float = 1.0) -> Way:
    """Return the order of statements that is best for state e: what is true there comes first.

    What is better than e in this order is so in every order of these statements.
    """
    return _in_order(
        truth, (*np.flatnonzero(truth[:, e]).tolist(), *np.flatnonzero(~truth[:, e]).tolist()), price
    )


def nearer(truth: Mask, way: Way, price: float = 1.0) -> Iterator[Way]:
    """Yield orders nearer to the present one: that itself, and with one pair of neighbours put back."""
    order = way.change
    if swaps(order) > 1:
        yield _in_order(truth, tuple(range(len(order))), price)
    for k in range(len(order) - 1):
        if order[k] > order[k + 1]:
            yield _in_order(truth, (*order[:k], order[k + 1], order[k], *order[k + 2 :]), price)


def _in_order(truth: Mask, order: tuple[int, ...], price: float) -> Way:
    apart = swaps(order)
    return Way(price * apart if apart else 0.0, ordered(truth, order), order)
