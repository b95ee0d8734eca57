"""Which states hold, by Nash, GMR, SMR and SEQ? For every state at once, without a matrix over pairs of states.

Write P for the ranks of actor i (larger is better) and O for the other actors. A sanction of a move of i to b
leads to the least P that the others can bring about from there,

    g(b) = min P over b and R_O(b)           R_O: legal sequences of moves of the others
    T(s) = max of min(P(b), g(b)) over b = s and every b that i can move to from s
    s is stable for i  ⇔  T(s) ≤ P(s)

With P alone in place of min(P, g) this is Nash stability (nobody sanctions); with R_O it is general
metarationality (GMR; Howard 1971); with P replaced inside g by the best that i can escape to, symmetric
metarationality (SMR; Howard 1971); with the others' improvements R_O⁺ only, sequential stability (SEQ; Fraser &
Hipel 1984). A move to b that is no improvement has P(b) ≤ P(s) and passes by itself. T(s) is also the least
rank that s would need in i's order to be stable.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.lenses.draws import default_workers
from detente.lenses.stability.kernels import INFINITE, fill_order, sweep_improvements, sweep_moves
from detente.lenses.stability.space import Mask, Ranks, Space

NASH, GMR, SMR, SEQ = 0, 1, 2, 3
CONCEPTS = ("nash", "gmr", "smr", "seq")
_ALONE = 1 << 12  # below this many codes one thread is fastest

Layout = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def layout(space: Space) -> Layout:
    """Return low bit, width, forward and back options of every actor, as the loops take them."""
    return space.low, space.width, space.forward, space.back


def orders(space: Space, ranks: Ranks, workers: int | None = None) -> NDArray[Any]:
    """Return every actor's cosets sorted from best to worst, shape (k, 2^n); see `kernels.fill_order`."""
    small = space.actors == 0 or int(space.width.max()) <= 14
    found = np.empty(ranks.shape, dtype=np.uint16 if small else np.uint32)

    def fill(i: int) -> None:
        fill_order(ranks[i], space.low[i], space.width[i], found[i])

    _each(fill, [(i,) for i in range(space.actors)], space.feasible.size, workers)
    return found


def thresholds(
    space: Space, ranks: Ranks, concepts: Sequence[str] = CONCEPTS, workers: int | None = None
) -> dict[str, Ranks]:
    """Return T of every state: the least rank at which the state would be stable.

    Args:
        space: the states and moves.
        ranks: shape (k, 2^n), one row per actor; larger is better, -1 exactly where infeasible.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``.
        workers: threads.

    Returns:
        concept → shape (k, 2^n); meaningless where infeasible.
    """
    found = {concept: np.empty_like(ranks) for concept in concepts}

    def keep(concept: str, i: int, level: Ranks) -> None:
        found[concept][i] = level

    _solve(space, ranks, concepts, workers, keep)
    return found


def stable(
    space: Space, ranks: Ranks, concepts: Sequence[str] = CONCEPTS, workers: int | None = None
) -> dict[str, Mask]:
    """Return which states are stable for whom; arguments as in `thresholds`.

    Returns:
        concept → shape (k, 2^n), False where infeasible.
    """
    found = {concept: np.empty(ranks.shape, dtype=np.bool_) for concept in concepts}

    def keep(concept: str, i: int, level: Ranks) -> None:
        np.less_equal(level, ranks[i], out=found[concept][i])
        found[concept][i] &= space.feasible

    _solve(space, ranks, concepts, workers, keep)
    return found


def _solve(space: Space, ranks: Ranks, concepts: Sequence[str], workers: int | None, keep: Any) -> None:
    best_first = orders(space, ranks, workers) if "seq" in concepts else np.empty((0, 0), np.uint16)
    spread = layout(space)
    whole = space.is_whole

    def judge(concept: str, i: int) -> None:
        keep(concept, i, threshold(ranks, best_first, i, CONCEPTS.index(concept), *spread, whole))

    # The longest jobs first, so that no thread is left alone with one at the end.
    jobs = [(c, i) for c in sorted(concepts, key=CONCEPTS.index, reverse=True) for i in range(space.actors)]
    _each(judge, jobs, space.feasible.size, workers)


def _each(work: Any, jobs: Sequence[tuple[Any, ...]], size: int, workers: int | None) -> None:
    threads = min(workers or default_workers(), len(jobs))
    if threads <= 1 or size < _ALONE:
        for job in jobs:
            work(*job)
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="states") as pool:
        for done in [pool.submit(work, *job) for job in jobs]:
            done.result()


@njit(nogil=True, cache=True)
def threshold(
    ranks: Any, order: Any, i: int, concept: int, low: Any, width: Any, forward: Any, back: Any, whole: bool
) -> Any:
    """Return T of every state for actor i, shape (2^n,); arguments as `layout` and `orders` give them."""
    rank = ranks[i]
    g = np.empty(rank.size, np.int32)
    if concept == SMR:
        _turned(rank, g)
        sweep_moves(g, low[i], width[i], forward[i], back[i])
        for x in range(g.size):
            g[x] = -g[x] if rank[x] >= 0 else INFINITE
    else:
        for x in range(g.size):
            g[x] = rank[x] if rank[x] >= 0 else INFINITE
    if concept != NASH:
        close(g, order, i, concept == SEQ, low, width, forward, back, whole)
        for x in range(g.size):
            g[x] = -min(g[x], rank[x]) if rank[x] >= 0 else INFINITE
    else:
        _turned(rank, g)
    sweep_moves(g, low[i], width[i], forward[i], back[i])
    for x in range(g.size):
        g[x] = -g[x]
    return g


@njit(nogil=True, cache=True)
def _turned(rank: Any, g: Any) -> None:
    for x in range(g.size):
        g[x] = -rank[x] if rank[x] >= 0 else INFINITE


@njit(nogil=True, cache=True)
def close(
    g: Any,
    order: Any,
    i: int,
    improving: bool,
    low: Any,
    width: Any,
    forward: Any,
    back: Any,
    whole: bool,
) -> None:
    """Let everybody but i move, over and over, until g no longer changes.

    A sweep repeated at once changes nothing, so all is done when every other actor has swept in vain since the
    last change. Where every state is feasible, moves commute and one round is all there is.
    """
    actors = low.size
    quiet = 0
    rounds = 0
    while quiet < actors - 1:
        for j in range(actors):
            if j == i:
                continue
            if improving:
                changed = sweep_improvements(g, low[j], width[j], forward[j], back[j], order[j])
            else:
                changed = sweep_moves(g, low[j], width[j], forward[j], back[j])
            quiet = 1 if changed else quiet + 1
            if quiet >= actors - 1:
                return
        rounds += 1
        if whole and not improving:
            return
