"""Which states hold, by Nash, GMR, SMR and SEQ? For every state at once, without a matrix over pairs of states.

The concepts are those of `stable`, for games in option form. Write P for the ranks of actor i, O for the other
actors and g(b) for the least value that they can bring about from b, as there, but b itself included:

    g(b) = min of the value of c over c = b and R_O(b)      R_O: legal sequences of moves of the others
    T(s) = max of min(P(b), g(b)) over b = s and every b that i can move to from s
    s is stable for i  ⇔  T(s) ≤ P(s)

The value of c is P(c), or by SMR the best that i can escape to; by SEQ the others make improvements only, by Nash
nobody answers. An improvement b has P(b) > P(s), so that it is no sanction of itself, and a move to b that is no
improvement passes by itself. T(s) is also the least rank that s would need in i's order to be stable. For strong
stability the moves that are no improvements must be left out:

    s is strongly stable for i  ⇔  max g(b) over all improvements b of i from s ≤ τ(s)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.lenses.draws import default_workers
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.space import WIDTH, Mask, Ranks, Space
from detente.lenses.stability.stable import CONCEPTS, NASH, SEQ, SMR
from detente.lenses.stability.sweeps import INFINITE, fill_order, sweep_improvements, sweep_moves, worst_gain

_ALONE = 1 << 12  # below this many codes one thread is fastest


def stable(
    space: Space, order: Ordered, concepts: Sequence[str] = CONCEPTS, workers: int | None = None
) -> dict[str, Mask]:
    """Return which states are stable for whom.

    Args:
        space: the states and moves.
        order: of all codes, ranks of shape (..., k, 2^n), -1 exactly where infeasible.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``.
        workers: threads.

    Returns:
        concept → shape (..., k, 2^n), False where infeasible.
    """
    shape = order.ranks.shape
    ranks, marks = (one.reshape(-1, *shape[-2:]) for one in (order.ranks, order.marks))
    best_first = _orders(space, ranks, workers) if order.is_strong or "seq" in concepts else _NO_ORDERS
    found = {concept: np.empty(ranks.shape, dtype=np.bool_) for concept in concepts}
    blocks, whole, strong = space.blocks, space.is_whole, order.is_strong

    def judge(concept: str, i: int) -> None:
        _judge(ranks, marks, best_first, i, CONCEPTS.index(concept), strong, blocks, whole, found[concept])

    # The longest jobs first, so that no thread is left alone with one at the end.
    longest = sorted(concepts, key=CONCEPTS.index, reverse=True)
    _each(judge, [(concept, i) for concept in longest for i in range(space.actors)], shape[-1], workers)
    return {concept: mask.reshape(shape) for concept, mask in found.items()}


def thresholds(space: Space, ranks: Ranks, concepts: Sequence[str] = CONCEPTS) -> dict[str, Ranks]:
    """Return T of every state, the least rank at which the state would be stable.

    Args:
        space: the states and moves.
        ranks: shape (k, 2^n), one row per actor; larger is better, -1 exactly where infeasible.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``.

    Returns:
        concept → shape (k, 2^n); meaningless where infeasible.
    """
    best_first = _orders(space, ranks[None], None)[0] if "seq" in concepts else _NO_ORDERS[0]
    found = {}
    for concept in concepts:
        number, rows = CONCEPTS.index(concept), range(space.actors)
        levels = [_threshold(ranks[i], best_first, i, number, space.blocks, space.is_whole) for i in rows]
        found[concept] = np.stack(levels)
    return found


_NO_ORDERS = np.empty((1, 0, 0), np.uint16)


def _orders(space: Space, ranks: Ranks, workers: int | None) -> NDArray[Any]:
    """Return every actor's cosets sorted from best to worst, shape (draws, k, 2^n); see `sweeps.fill_order`."""
    small = space.actors == 0 or int(space.blocks[:, WIDTH].max()) <= 14
    found = np.empty(ranks.shape, dtype=np.uint16 if small else np.uint32)

    def fill(i: int) -> None:
        _fill_orders(ranks, i, space.blocks, found)

    _each(fill, [(i,) for i in range(space.actors)], space.feasible.size, workers)
    return found


def _each(work: Callable[..., None], jobs: Sequence[tuple[Any, ...]], size: int, workers: int | None) -> None:
    """Do all jobs, those on large games in threads."""
    threads = min(workers or default_workers(), len(jobs))
    if threads <= 1 or size < _ALONE:
        for job in jobs:
            work(*job)
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="states") as pool:
        for done in [pool.submit(work, *job) for job in jobs]:
            done.result()


@njit(nogil=True, cache=True)
def _fill_orders(ranks: Any, i: int, blocks: Any, orders: Any) -> None:
    for draw in range(ranks.shape[0]):
        fill_order(ranks[draw, i], blocks[i, 0], blocks[i, 1], orders[draw, i])


@njit(nogil=True, cache=True)
def _judge(
    ranks: Any,
    marks: Any,
    orders: Any,
    i: int,
    concept: int,
    strong: bool,
    blocks: Any,
    whole: bool,
    held: Any,
) -> None:
    """Fill in which states are stable for actor i in every draw; ``held`` has shape (draws, k, 2^n)."""
    for draw in range(ranks.shape[0]):
        rank, order = ranks[draw, i], orders[draw if orders.size else 0]
        if strong:
            g = _deterrence(rank, order, i, concept, blocks, whole)
            low, width, forward, back = blocks[i, 0], blocks[i, 1], blocks[i, 2], blocks[i, 3]
            level = np.empty(g.size, np.int32)
            worst_gain(g, low, width, forward | back, back, order[i], level)
        else:
            level = _threshold(rank, order, i, concept, blocks, whole)
        for x in range(level.size):
            held[draw, i, x] = rank[x] >= 0 and level[x] <= marks[draw, i, x]


@njit(nogil=True, cache=True)
def _threshold(rank: Any, order: Any, i: int, concept: int, blocks: Any, whole: bool) -> Any:
    """Return T of every state for actor i, shape (2^n,); ``order`` as `_orders` gives it for one draw."""
    g = _deterrence(rank, order, i, concept, blocks, whole)
    # Sweeps carry minima: the maximum of what i can gain is the minimum of it with the sign turned.
    for x in range(g.size):
        g[x] = -min(g[x], rank[x]) if rank[x] >= 0 else INFINITE
    sweep_moves(g, blocks[i, 0], blocks[i, 1], blocks[i, 2], blocks[i, 3])
    for x in range(g.size):
        g[x] = -g[x]
    return g


@njit(nogil=True, cache=True)
def _deterrence(rank: Any, order: Any, i: int, concept: int, blocks: Any, whole: bool) -> Any:
    """Return g, the least value that the others can bring about from every state or leave it at, shape (2^n,)."""
    g = np.empty(rank.size, np.int32)
    turned = concept == SMR  # an end then counts for the best that i can escape to from it
    for x in range(g.size):
        g[x] = INFINITE if rank[x] < 0 else -rank[x] if turned else rank[x]
    if turned:
        sweep_moves(g, blocks[i, 0], blocks[i, 1], blocks[i, 2], blocks[i, 3])
        for x in range(g.size):
            g[x] = -g[x] if rank[x] >= 0 else INFINITE
    if concept != NASH:
        _close(g, order, i, concept == SEQ, blocks, whole)
    return g


@njit(nogil=True, cache=True)
def _close(g: Any, order: Any, i: int, improving: bool, blocks: Any, whole: bool) -> None:
    """Let everybody but i move, over and over, until g no longer changes.

    A sweep repeated at once changes nothing, so all is done when every other actor has swept in vain since the
    last change. Where every state is feasible, moves commute and one round is all there is.
    """
    actors = blocks.shape[0]
    quiet = 0
    while quiet < actors - 1:
        for j in range(actors):
            if j == i:
                continue
            low, width, forward, back = blocks[j, 0], blocks[j, 1], blocks[j, 2], blocks[j, 3]
            if improving:
                changed = sweep_improvements(g, low, width, forward, back, order[j])
            else:
                changed = sweep_moves(g, low, width, forward, back)
            quiet = 1 if changed else quiet + 1
            if quiet >= actors - 1:
                return
        if whole and not improving:
            return
