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

from detente.lenses.stability.inverse.question import ALONE, Own
from detente.lenses.stability.inverse.together import Way
from detente.lenses.stability.space import Mask, Ranks

MOST_BEGINNINGS = 50_000
MOST_TOPS = 20_000


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


def reorderings(own: Own, truth: Mask, price: float = 1.0, most: int = MOST_BEGINNINGS) -> Iterator[Way]:
    """Yield orders of an actor's statements by which the chosen state may be stable for it, nearest first.

    Where only its own order matters (Nash, GMR, SMR) nothing is yielded after the first; by SEQ all are. A last
    way without ranks says that the search was given up.

    Args:
        own: the test of the chosen state for this actor.
        truth: shape (h, m), the most important statement first.
        price: of one swap; infinite for an actor that changes nothing.
        most: beginnings looked at.
    """
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
        if len(seen) == most:
            yield Way(price * cost, None, None)
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
            order = (*top, *rest)
            yield Way(price * cost if cost else 0.0, ordered(truth, order), order)
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


def tops(own: Own, rank: Ranks, taken: Mask, price: float = 1.0, most: int = MOST_TOPS) -> Iterator[Way]:
    """Yield statements that, put before all others, may make the chosen state stable, the shortest first.

    A statement says of some options that they are as in the chosen state; a change is the tuple of these options.

    Args:
        own: the test of the chosen state for this actor.
        rank: its order, shape (m,).
        taken: shape (n, m), which options are taken in each state.
        price: of one option named; infinite for an actor that changes nothing.
        most: statements looked at.
    """
    e, looked = own.question.state, 0
    differs = taken != taken[:, e : e + 1]
    if own.held(rank <= rank[e]):
        yield Way(0.0, rank, None)
        if own.question.concept in ALONE:
            return
    for size in range(1, len(taken) + 1 if np.isfinite(price) else 1):
        for named in combinations(range(len(taken)), size):
            if looked == most:
                yield Way(price * size, None, None)
                return
            looked += 1
            below = differs[list(named)].any(axis=0)
            if own.held(below | (rank <= rank[e])):
                after = rank + np.where(below, 0, int(rank.max()) + 1).astype(np.int32)
                yield Way(price * size, after, named)
