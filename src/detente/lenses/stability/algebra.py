"""Which states hold, by Nash, GMR, SMR and SEQ? For every state at once, without a matrix over pairs of states.

The concepts are those of `stable`, for games in option form. Write P for the ranks of actor i, O for the other
actors and g(b) for the least value that they can bring about from b, as there, but b itself included:

    g(b) = min of the value of c over c = b and R_O(b)      R_O: legal sequences of moves of the others
    T(s) = max of min(P(b), g(b)) over b = s and every b that i can move to from s
    s is stable for i  ⇔  T(s) ≤ P(s)

The value of c is P(c), or by SMR the best that i can escape to; by SEQ the others make improvements only, by Nash
nobody answers. An improvement b has P(b) > P(s), so that it is no sanction of itself, and a move to b that is no
improvement passes by itself. T(s) is also the least rank that s would need in i's order to be stable. (Strong
stability, which has to leave out moves that are no improvements, is judged by `stable`.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import kept
from detente.lenses.draws import default_workers
from detente.lenses.stability.pairs import NASH, SEQ, SMR
from detente.lenses.stability.space import WIDTH, Mask, Ranks, Space
from detente.lenses.stability.stable import CONCEPTS
from detente.lenses.stability.sweeps import INFINITE, fill_order, sweep_improvements, sweep_moves

_ALONE = 1 << 12  # below this many codes one thread is fastest


def stable(
    space: Space, ranks: Ranks, concepts: Sequence[str] = CONCEPTS, workers: int | None = None
) -> dict[str, Mask]:
    """Return which states are stable for whom.

    Ranks of all codes have shape (..., k, 2^n), -1 exactly where infeasible.

    Returns:
        concept → shape (..., k, 2^n), False where infeasible.
    """
    shape = ranks.shape
    ranks = ranks.reshape(-1, *shape[-2:])
    best_first = _orders(space, ranks, workers) if "seq" in concepts else _NO_ORDERS
    found = {concept: np.empty(ranks.shape, dtype=np.bool_) for concept in concepts}

    def judge(concept: str, i: int) -> None:
        level = np.empty((len(ranks), shape[-1]), dtype=np.int32)
        _levels(ranks, best_first, i, CONCEPTS.index(concept), space.blocks, space.is_whole, level)
        np.less_equal(level, ranks[:, i], out=found[concept][:, i])
        found[concept][:, i] &= space.feasible

    # The longest jobs first, so that no thread is left alone with one at the end.
    longest = sorted(concepts, key=CONCEPTS.index, reverse=True)
    _each(judge, [(concept, i) for concept in longest for i in range(space.actors)], shape[-1], workers)
    return {concept: mask.reshape(shape) for concept, mask in found.items()}


def thresholds(space: Space, ranks: Ranks, concepts: Sequence[str] = CONCEPTS) -> dict[str, Ranks]:
    """Return T of every state, the least rank at which the state would be stable.

    Ranks have shape (k, 2^n), -1 exactly where infeasible.

    Returns:
        concept → shape (k, 2^n); meaningless where infeasible.
    """
    best_first = _orders(space, ranks[None], None) if "seq" in concepts else _NO_ORDERS
    found = {concept: np.empty_like(ranks) for concept in concepts}
    for concept, rows in found.items():
        for i, row in enumerate(rows):
            number = CONCEPTS.index(concept)
            _levels(ranks[None], best_first, i, number, space.blocks, space.is_whole, row[None])
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


@kept
def _fill_orders(ranks: Any, i: int, blocks: Any, orders: Any) -> None:
    for draw in range(ranks.shape[0]):
        fill_order(ranks[draw, i], blocks[i, 0], blocks[i, 1], orders[draw, i])


@kept
def _levels(ranks: Any, orders: Any, i: int, concept: int, blocks: Any, whole: bool, level: Any) -> None:
    """Fill in T of every state for actor i, shape (draws, 2^n)."""
    low, width, forward, back = blocks[i, 0], blocks[i, 1], blocks[i, 2], blocks[i, 3]
    for draw in range(ranks.shape[0]):
        rank, order, g = ranks[draw, i], orders[draw if orders.size else 0], level[draw]
        # Sweeps carry minima: a maximum is the minimum with the sign turned. By SMR, an end c then counts for the
        # best that i can escape to from c; all others count for themselves.
        for turn in range(concept != SMR, 2):
            for x in range(g.size):
                value = rank[x] if concept != SMR else -rank[x] if turn == 0 else -g[x]
                g[x] = value if rank[x] >= 0 else INFINITE
            if turn == 0:
                sweep_moves(g, low, width, forward, back)
        if concept != NASH:
            _close(g, order, i, concept == SEQ, blocks, whole)
        for x in range(g.size):
            g[x] = -min(g[x], rank[x]) if rank[x] >= 0 else INFINITE
        sweep_moves(g, low, width, forward, back)
        for x in range(g.size):
            g[x] = -g[x]


@kept
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
