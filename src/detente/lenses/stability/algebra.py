"""Which states hold, by Nash, GMR, SMR and SEQ? For every state at once, without a matrix over pairs of states.

The concepts are those of `stable`, for games in option form. Write P for the ranks of actor i, O for the other
actors and g(b) for the least value that they can bring about from b, as there, but b itself included:

    g(b) = min of the value of c over c = b and R_O(b)      R_O: legal sequences of moves of the others
    T(s) = max of min(P(b), g(b)) over b = s and every b that i can move to from s
    s is stable for i  ⇔  T(s) ≤ P(s)

The value of c is P(c), or by SMR the best that i can escape to; by SEQ the others make improvements only, by Nash
nobody answers. An improvement b has P(b) > P(s), so that it is no sanction of itself, and a move to b that is no
improvement passes by itself. T(s) is also the least rank that s would need in i's order to be stable. Strong
stability leaves out moves that are no improvements: g(b) ≤ τ(s) for every b with P(b) > P(s), as in `stable`.
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

INFINITE = np.int32(2**31 - 1)
CHUNK = 16  # neighbouring cosets worked on together: one line of the processor's cache
_ALONE = 1 << 12  # below this many codes one thread is fastest

Values = NDArray[np.int32]
Order = NDArray[Any]  # uint16, or uint32 where an actor owns more than 14 options


def stable(
    space: Space,
    ranks: Ranks,
    concepts: Sequence[str] = CONCEPTS,
    workers: int | None = None,
    marks: Ranks | None = None,
) -> dict[str, Mask]:
    """Return which states are stable for whom, strongly where marks are given.

    Ranks of all codes, and marks, have shape (..., k, 2^n); ranks are -1 exactly where infeasible.

    Returns:
        concept → shape (..., k, 2^n), False where infeasible.
    """
    shape = ranks.shape
    ranks, strong = ranks.reshape(-1, *shape[-2:]), marks is not None
    most = ranks if marks is None else marks.reshape(ranks.shape)
    best_first = _orders(space, ranks, workers) if strong or "seq" in concepts else _NO_ORDERS
    found = {concept: np.empty(ranks.shape, dtype=np.bool_) for concept in concepts}

    def judge(concept: str, i: int) -> None:
        level = np.empty((len(ranks), shape[-1]), dtype=np.int32)
        _levels(ranks, best_first, i, CONCEPTS.index(concept), space.blocks, space.is_whole, strong, level)
        np.less_equal(level, most[:, i], out=found[concept][:, i])
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
            _levels(ranks[None], best_first, i, number, space.blocks, space.is_whole, False, row[None])
    return found


_NO_ORDERS = np.empty((1, 0, 0), np.uint16)


def _orders(space: Space, ranks: Ranks, workers: int | None) -> NDArray[Any]:
    """Return every actor's cosets sorted from best to worst, shape (draws, k, 2^n); see `fill_order`."""
    small = space.actors == 0 or int(space.blocks[:, WIDTH].max()) <= 14
    found = np.empty(ranks.shape, dtype=np.uint16 if small else np.uint32)

    def fill(i: int) -> None:
        low, width = space.blocks[i, : WIDTH + 1]
        for rank, order in zip(ranks[:, i], found[:, i], strict=True):
            fill_order(rank, low, width, order)

    _each(fill, [(i,) for i in range(space.actors)], space.feasible.size, workers)
    return found


def _each(work: Callable[..., None], jobs: Sequence[tuple[Any, ...]], size: int, workers: int | None) -> None:
    """Do all jobs, those on large games in threads."""
    threads = 1 if size < _ALONE else min(workers or default_workers(), len(jobs))
    with ThreadPoolExecutor(max(threads, 1), thread_name_prefix="states") as pool:
        for done in [pool.submit(work, *job) for job in jobs]:
            done.result()


@kept
def _levels(
    ranks: Any, orders: Any, i: int, concept: int, blocks: Any, whole: bool, strong: bool, level: Any
) -> None:
    """Fill in T of every state for actor i, or where strong the largest g(b) of its improvements, (draws, 2^n)."""
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
        if strong:
            sweep_improvements(g, low, width, forward, back, order[i], True)
        else:
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
                changed = sweep_improvements(g, low, width, forward, back, order[j], False)
            else:
                changed = sweep_moves(g, low, width, forward, back)
            quiet = 1 if changed else quiet + 1
            if quiet >= actors - 1:
                return
        if whole and not improving:
            return


# --- one actor's moves ----------------------------------------------------------------------------


@kept
def sweep_moves(g: Values, low: int, width: int, forward: int, back: int) -> bool:
    """Let one actor move: g(x) becomes the smallest g(y) over y = x and every move x → y; tell of any change.

    Option by option, infeasible states passed through within the actor's own options only.
    """
    stride, size = 1 << low, 1 << width
    chunk = min(stride, CHUNK)
    cell = np.empty((size, chunk), np.int32)
    changed = False
    for base in range(0, g.size, stride * size):
        for first in range(base, base + stride, chunk):
            for u in range(size):
                for c in range(chunk):
                    cell[u, c] = g[first + u * stride + c]
            for bit in range(width):
                step = 1 << bit
                for u in range(size):
                    if u & step == 0:
                        for c in range(chunk):
                            no, yes = cell[u, c], cell[u | step, c]
                            both = min(no, yes)
                            cell[u, c] = no if back & step else both
                            cell[u | step, c] = yes if forward & step else both
            for u in range(size):
                at = first + u * stride
                for c in range(chunk):
                    old = g[at + c]
                    if old != INFINITE and cell[u, c] < old:
                        g[at + c] = cell[u, c]
                        changed = True
    return changed


@kept
def fill_order(rank: Values, low: int, width: int, order: Order) -> None:
    """Sort each coset of an actor from its best state to its worst.

    Entries are 2·(number within the coset) + (1 where a new group of equally good states begins); the highest
    number that the type holds ends the feasible states of a coset.
    """
    stride, size = 1 << low, 1 << width
    end = (1 << (8 * order.itemsize)) - 1
    highest = -1
    for x in range(rank.size):
        order[x] = end
        highest = max(highest, rank[x])
    # One counting sort orders all states, ...
    start = np.zeros(highest + 2, np.int64)
    for x in range(rank.size):
        if rank[x] >= 0:
            start[highest - rank[x] + 1] += 1
    for r in range(highest + 1):
        start[r + 1] += start[r]
    count = start[highest + 1]
    ordered = np.empty(count, np.int32)
    for x in range(rank.size):
        if rank[x] >= 0:
            ordered[start[highest - rank[x]]] = x
            start[highest - rank[x]] += 1
    # ... and they are dealt out to their cosets in that order.
    filled = np.zeros(rank.size >> width, np.int32)
    before = np.zeros(rank.size >> width, np.int32)
    for at in range(count):
        x = ordered[at]
        coset = ((x >> (low + width)) << low) | (x & (stride - 1))
        fresh = 1 if filled[coset] == 0 or before[coset] != rank[x] else 0
        before[coset] = rank[x]
        order[coset * size + filled[coset]] = (((x >> low) & (size - 1)) << 1) | fresh
        filled[coset] += 1


@kept
def sweep_improvements(
    g: Values, low: int, width: int, forward: int, back: int, order: Order, away: bool
) -> bool:
    """Let one actor improve: g(x) becomes the smallest g(y) over improvements x → y, and y = x if not away."""
    if width == 0 and not away:
        return False
    stride, size = 1 << low, 1 << width
    chunk = min(stride, CHUNK)
    directed = forward | back
    cell, made = np.empty((chunk, size), np.int32), np.empty((chunk, size), np.int32)
    run = np.empty(directed + 1, np.int32)
    changed = False
    for base in range(0, g.size, stride * size):
        for first in range(base, base + stride, chunk):
            for u in range(size):
                for c in range(chunk):
                    cell[c, u] = g[first + u * stride + c]
                    made[c, u] = INFINITE if away else cell[c, u]
            dirty = away
            for c in range(chunk):
                at = (((base >> (low + width)) << low) | (first - base + c)) * size
                dirty |= _descend(cell[c], order, at, directed, back, run, made[c])
            if dirty:
                changed = True
                for u in range(size):
                    for c in range(chunk):
                        g[first + u * stride + c] = made[c, u]
    return changed


@kept
def _descend(
    cell: Values, order: Order, at: int, directed: int, back: int, run: Values, made: Values
) -> bool:
    """Carry the least number of all better states down one coset, whose order begins at an entry.

    ``run`` holds that number for each setting of the one-way options. With those that may only be dropped turned
    over, a setting leads to all that contain it.
    """
    end = (1 << (8 * order.itemsize)) - 1
    for key in range(run.size):
        run[key] = INFINITE
    changed = False
    group = at
    for k in range(at, at + cell.size + 1):
        closes = k == at + cell.size or order[k] == end
        if k > group and (closes or order[k] & 1):
            for member in range(group, k):
                u = order[member] >> 1
                key = (u ^ back) & directed
                below = key
                while True:  # every setting that this one contains
                    run[below] = min(run[below], cell[u])
                    if below == 0:
                        break
                    below = (below - 1) & key
            group = k
        if closes:
            break
        u = order[k] >> 1
        key = (u ^ back) & directed
        if run[key] < made[u]:
            made[u] = run[key]
            changed = True
    return changed
