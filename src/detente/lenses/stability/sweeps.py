"""How are all states judged at once? Minima carried along moves, in compiled loops.

``g`` holds one number per code, ``INFINITE`` where the code is infeasible and nowhere else. A sweep of one actor
replaces each number by the smallest that the actor can reach from there in one move (moves of one actor merge,
so one sweep is all of its moves); sweeps of several actors are repeated until nothing changes. States are never
paired: the cost per state does not grow with their number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import kept

INFINITE = np.int32(2**31 - 1)
CHUNK = 16  # neighbouring cosets worked on together: one line of the processor's cache

Values = NDArray[np.int32]
Order = NDArray[Any]  # uint16, or uint32 where an actor owns more than 14 options


@kept
def sweep_moves(g: Values, low: int, width: int, forward: int, back: int) -> bool:
    """Let one actor move: g(x) becomes the smallest g(y) over y = x and every move x → y; tell of any change."""
    if width == 0:
        return False
    if forward | back:
        return _sweep_directed(g, low, width, forward, back)
    if low == 0:
        return _sweep_lowest(g, width)
    stride, size = 1 << low, 1 << width
    chunk = min(stride, 64)
    least = np.empty(chunk, np.int32)
    changed = False
    for base in range(0, g.size, stride * size):
        for first in range(base, base + stride, chunk):
            for c in range(chunk):
                least[c] = INFINITE
            for u in range(size):
                at = first + u * stride
                for c in range(chunk):
                    least[c] = min(least[c], g[at + c])
            for u in range(size):
                at = first + u * stride
                for c in range(chunk):
                    old = g[at + c]
                    new = least[c] if old != INFINITE else old
                    changed |= new != old
                    g[at + c] = new
    return changed


@kept
def _sweep_lowest(g: Values, width: int) -> bool:
    """The same for the actor whose options are the lowest bits: its states stand side by side."""
    size = 1 << width
    changed = False
    for base in range(0, g.size, size):
        least = INFINITE
        for x in range(base, base + size):
            least = min(least, g[x])
        for x in range(base, base + size):
            old = g[x]
            new = least if old != INFINITE else old
            changed |= new != old
            g[x] = new
    return changed


@kept
def _sweep_directed(g: Values, low: int, width: int, forward: int, back: int) -> bool:
    """The same where some options go one way: option by option, infeasible states passed through within it."""
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
def sweep_improvements(g: Values, low: int, width: int, forward: int, back: int, order: Order) -> bool:
    """Let one actor improve: g(x) becomes the smallest g(y) over y = x and every improvement x → y."""
    if width == 0:
        return False
    stride, size = 1 << low, 1 << width
    chunk = min(stride, CHUNK)
    directed = forward | back
    cell = np.empty((chunk, size), np.int32)
    run = np.empty(directed + 1, np.int32)
    changed = False
    for base in range(0, g.size, stride * size):
        for first in range(base, base + stride, chunk):
            for u in range(size):
                for c in range(chunk):
                    cell[c, u] = g[first + u * stride + c]
            dirty = False
            for c in range(chunk):
                at = (((base >> (low + width)) << low) | (first - base + c)) * size
                if directed:
                    dirty |= _descend_directed(cell[c], order, at, directed, back, run)
                else:
                    dirty |= _descend(cell[c], order, at)
            if dirty:
                changed = True
                for u in range(size):
                    for c in range(chunk):
                        g[first + u * stride + c] = cell[c, u]
    return changed


@kept
def _descend(cell: Values, order: Order, at: int) -> bool:
    """Carry the least number of all better states down one coset, whose order begins at an entry."""
    end = (1 << (8 * order.itemsize)) - 1
    run = pending = INFINITE
    changed = False
    for k in range(at, at + cell.size):
        entry = order[k]
        if entry == end:
            break
        if entry & 1:  # what is as good as the states before is passed on from here only
            run = min(run, pending)
        u = entry >> 1
        old = cell[u]
        pending = min(pending, old)
        if run < old:
            cell[u] = run
            changed = True
    return changed


@kept
def _descend_directed(cell: Values, order: Order, at: int, directed: int, back: int, run: Values) -> bool:
    """The same with one-way options: ``run`` holds the least number for each setting of those options.

    With the options that may only be dropped turned over, a setting leads to all that contain it.
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
        if run[key] < cell[u]:
            cell[u] = run[key]
            changed = True
    return changed
