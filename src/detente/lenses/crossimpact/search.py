"""Which scenarios are consistent? All of them, by depth-first search with bound propagation.

A scenario is consistent at tolerance t when no descriptor's variant falls short of the best one by more than
t (Weimer-Jehle 2006). Every descriptor keeps a domain of open variants. For an open variant k of j against
any other l

    UB_j(k, l) = C_jj(k, k) − C_jj(k, l) + Σ_{u ≠ j} max_{q open in u} [C_uj(q, k) − C_uj(q, l)]

bounds from above by how much k can beat l:

1. strike k from its domain where UB_j(k, l) < −t for some l, struck variants among them: l need not be open
   to win;
2. strike what a ban leaves no room for;
3. repeat until nothing changes; an empty domain is a failure, single variants everywhere are a solution, for
   then the bound is exact;
4. else branch on a descriptor with fewest open variants, of these on the one that moves the bounds of others most.

All maxima over one descriptor stand side by side, so that a change of a domain is a handful of passes over memory;
a node takes over from the one above what has not changed. Where few descriptors push each other, bounds alone see
too little ahead: there every open variant is first tried alone, and struck if that fails at once (singleton
consistency, Debruyne and Bessière 1997), which cuts the nodes by up to a thousand times.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside, kept

Numbers = NDArray[Any]
NEVER = -(1 << 40)
"""Firmness where no scenario is allowed at all."""


SPARSE = 0.35
"""Share of the blocks that push anything up to which open variants are tried alone (``bench/crossimpact``)."""


@inside
def pairs_of(offsets: Numbers) -> tuple[Numbers, Numbers]:
    """Return column and rival's column of every pair of variants of one descriptor, and each one's first pair."""
    n, p = offsets.size - 1, 0
    starts = np.zeros(n + 1, np.int64)
    for j in range(n):
        starts[j + 1] = starts[j] + (offsets[j + 1] - offsets[j]) * (offsets[j + 1] - offsets[j] - 1)
    pairs = np.empty((2, starts[n]), np.int64)
    for j in range(n):
        for k in range(offsets[j], offsets[j + 1]):
            for other in range(offsets[j], offsets[j + 1]):
                if other != k:
                    pairs[0, p], pairs[1, p] = k, other
                    p += 1
    return pairs, starts


@inside
def reached_by(offsets: Numbers, starts: Numbers, leads: Numbers) -> tuple[Numbers, Numbers]:
    """Return whom each descriptor pushes, and the runs of pairs (first, end) that hold them, ended by (0, 0).

    Runs that one descriptor alone keeps apart are one: a long pass over memory is cheaper than two short ones.
    """
    n = offsets.size - 1
    reached, runs = np.zeros((n, n), np.bool_), np.zeros((n, n + 1, 2), np.int64)
    for u in range(n):
        count, last = 0, 0
        for j in range(n):
            if j == u or not np.any(leads[offsets[u] : offsets[u + 1], starts[j] : starts[j + 1]]):
                continue
            reached[u, j] = True
            if count == 0 or last < j - 2 or last < u < j:
                runs[u, count, 0] = starts[j]
                count += 1
            runs[u, count - 1, 1] = starts[j + 1]
            last = j
    return reached, runs


Layout = tuple[Numbers, Numbers, Numbers, Numbers, Numbers]
"""First row of each descriptor, first pair of each, leads of all rows, whom each pushes, their runs of pairs."""
Bounds = tuple[Numbers, Numbers, Numbers, Numbers, Numbers]
"""Of every depth the maxima over each descriptor, the depth at which each one's stand, and the bounds; which
domains have changed; whose bounds have."""


@inside
def refresh(u: int, domain: int, depth: int, layout: Layout, bounds: Bounds) -> None:
    """Take the maxima over the open variants of u again; its own pairs keep what its own variant says."""
    (offsets, _, leads, reached, runs), (most, at, bounded, _, stale) = layout, bounds
    old, best, bound = most[at[depth, u], u], most[depth, u], bounded[depth]
    at[depth, u] = depth
    for j in range(stale.size):
        stale[j] |= reached[u, j]
    first = True
    for q in range(offsets[u + 1] - offsets[u]):
        if not domain >> q & 1:
            continue
        row = leads[offsets[u] + q]
        for low, high in runs[u]:
            if high == 0:
                break
            if first:
                for p in range(low, high):
                    bound[p] += row[p] - old[p]
                    best[p] = row[p]
            else:
                for p in range(low, high):
                    more = max(row[p] - best[p], 0)
                    bound[p] += more
                    best[p] += more
        first = False


@inside
def strike_banned(bans: Numbers, domains: Numbers, changed: Numbers) -> bool:
    """Strike what bans leave no room for; tell whether nothing is contradicted."""
    n = domains.size
    for b in range(bans.shape[0]):
        free, left = 0, -1
        for u in range(n):
            if domains[u] & ~bans[b, u]:
                free += 1
                left = u
                if free > 1:
                    break
        if free == 0:
            return False
        if free == 1 and domains[left] & bans[b, left]:
            domains[left] &= ~bans[b, left]
            changed[left] = True
    return True


@inside
def propagate(
    tolerance: int, tested: Numbers, bans: Numbers, every: Numbers, depth: int, layout: Layout, bounds: Bounds
) -> bool:
    """Strike variants until nothing changes; tell whether every domain keeps one."""
    (offsets, starts, _, _, _), (_, _, bounded, changed, stale) = layout, bounds
    domains, bound = every[depth], bounded[depth]
    n = domains.size
    again = True
    while again:
        again = False
        if not strike_banned(bans, domains, changed):
            return False
        for u in range(n):
            if changed[u]:
                refresh(u, domains[u], depth, layout, bounds)
                changed[u] = False
        for j in range(n):
            if not (stale[j] and tested[j]):
                continue
            stale[j] = False
            width = offsets[j + 1] - offsets[j] - 1
            for k in range(width + 1):
                if not domains[j] >> k & 1:
                    continue
                for p in range(starts[j] + k * width, starts[j] + (k + 1) * width):
                    if bound[p] < -tolerance:
                        domains[j] &= ~(1 << k)
                        changed[j] = again = True
                        break
            if domains[j] == 0:
                return False
    return True


@inside
def chosen(domains: Numbers, weight: Numbers) -> int:
    """Return the descriptor to branch on: fewest open variants, then most weight; -1 where none is open."""
    best, fewest = -1, 1 << 30
    for u in range(domains.size):
        count, left = 0, domains[u]
        while left:
            left &= left - 1
            count += 1
        if count > 1 and (count < fewest or (count == fewest and weight[u] > weight[best])):
            best, fewest = u, count
    return best


@inside
def weights_of(offsets: Numbers, starts: Numbers, leads: Numbers) -> Numbers:
    """Return how far each descriptor moves the bounds of the others: the ranges of its rows, added up."""
    n = offsets.size - 1
    weight = np.zeros(n, np.int64)
    for u in range(n):
        for p in range(leads.shape[1]):
            if not starts[u] <= p < starts[u + 1]:
                low = high = leads[offsets[u], p]
                for r in range(offsets[u] + 1, offsets[u + 1]):
                    low, high = min(low, leads[r, p]), max(high, leads[r, p])
                weight[u] += high - low
    return weight


@inside
def write(domains: Numbers, found: Numbers) -> None:
    """Write down a scenario: the one open variant of every descriptor."""
    for i in range(domains.size):
        k = 0
        while not domains[i] >> k & 1:
            k += 1
        found[i] = k


@inside
def enter(depth: int, u: int, one: int, domains: Numbers, bounds: Bounds) -> None:
    """Begin the node below: all as it stands, but one variant of a descriptor."""
    _, at, bound, changed, stale = bounds
    domains[depth + 1], at[depth + 1], bound[depth + 1] = domains[depth], at[depth], bound[depth]
    domains[depth + 1, u] = one
    changed[:] = stale[:] = False
    changed[u] = True


@inside
def probe(
    tolerance: int,
    tested: Numbers,
    bans: Numbers,
    domains: Numbers,
    depth: int,
    layout: Layout,
    bounds: Bounds,
) -> bool:
    """Try every open variant alone and strike those that cannot be; tell whether every domain keeps one."""
    changed, stale = bounds[3], bounds[4]
    n = domains.shape[1]
    u, last = 0, n - 1
    while True:
        left = domains[depth, u] if domains[depth, u] & (domains[depth, u] - 1) else 0
        while left:
            one = left & -left
            left ^= one
            enter(depth, u, one, domains, bounds)
            if not propagate(tolerance, tested, bans, domains, depth + 1, layout, bounds):
                domains[depth, u] ^= one
                changed[:] = stale[:] = False
                changed[u] = True
                if domains[depth, u] == 0 or not propagate(
                    tolerance, tested, bans, domains, depth, layout, bounds
                ):
                    return False
                left &= domains[depth, u]
                last = (u - 1) % n
        if u == last:
            return True
        u = (u + 1) % n


@inside
def searched(
    cells: Numbers,
    offsets: Numbers,
    tested: Numbers,
    start: Numbers,
    bans: Numbers,
    tolerance: int,
    most_nodes: int,
    found: Numbers,
) -> tuple[int, int, bool]:
    """Write the consistent scenarios to ``found``; return their number, nodes, and whether they are all."""
    n = offsets.size - 1
    pairs, starts = pairs_of(offsets)
    leads = np.empty((cells.shape[0], starts[n]), np.int32)
    for r in range(cells.shape[0]):
        for p in range(starts[n]):
            leads[r, p] = cells[r, pairs[0, p]] - cells[r, pairs[1, p]]
    weight = weights_of(offsets, starts, leads)
    reached, runs = reached_by(offsets, starts, leads)
    layout = offsets, starts, leads, reached, runs
    domains, tries = np.empty((n + 1, n), np.int64), np.zeros(n + 1, np.int64)
    most, bound = np.zeros((n + 1, n, starts[n]), np.int32), np.zeros((n + 1, starts[n]), np.int32)
    branch, at = np.empty(n + 1, np.int64), np.zeros((n + 1, n), np.int64)
    changed, stale = np.empty(n, np.bool_), np.empty(n, np.bool_)
    for p in range(starts[n]):
        bound[0, p] = leads[pairs[0, p], p]
    domains[0] = start
    changed[:] = stale[:] = True
    bounds = most, at, bound, changed, stale
    sparse = reached.sum() <= SPARSE * n * (n - 1)
    count, nodes, depth, entered = 0, 1, 0, True
    while depth >= 0:
        if entered:
            sound = propagate(tolerance, tested, bans, domains, depth, layout, bounds)
            if sound and sparse:
                sound = probe(tolerance, tested, bans, domains, depth, layout, bounds)
            branch[depth] = chosen(domains[depth], weight) if sound else 0
            tries[depth] = domains[depth, branch[depth]] if sound and branch[depth] >= 0 else 0
            entered = False
            if sound and branch[depth] < 0:  # every domain has one variant: a solution
                if count == found.shape[0]:
                    return count, nodes, False
                write(domains[depth], found[count])
                count += 1
        if tries[depth] == 0:
            depth -= 1
            continue
        if nodes >= most_nodes:
            return count, nodes, False
        u, one = branch[depth], tries[depth] & -tries[depth]
        tries[depth] ^= one
        nodes += 1
        enter(depth, u, one, domains, bounds)
        depth += 1
        entered = True
    return count, nodes, True


@kept
def search(
    cells: Numbers,
    offsets: Numbers,
    tested: Numbers,
    start: Numbers,
    bans: Numbers,
    tolerance: int,
    most_nodes: int,
    most: int,
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return all consistent scenarios of every matrix of a block.

    Args:
        cells: shape (b, N, N), row = source, column = target.
        offsets: shape (n + 1,), first row of each descriptor, and N.
        tested: shape (n,), whether the descriptor must be consistent; one that is fixed need not.
        start: shape (b, n), open variants as bits.
        bans: shape (c, n), variants as bits of which no scenario may have one of every descriptor.
        tolerance: by how much a variant may fall short.
        most_nodes: of the search of one matrix.
        most: scenarios of one matrix.

    Returns:
        Scenarios, shape (s, n); how many of them each matrix has, in their order, shape (b,); nodes, shape (b,);
        whether these are all, shape (b,).
    """
    blocks, n = start.shape
    found, total = np.empty((most, n), np.int16), 0
    counts, nodes = np.zeros(blocks, np.int64), np.zeros(blocks, np.int64)
    complete = np.ones(blocks, np.bool_)
    for b in range(blocks):
        if total + most > found.shape[0]:
            larger = np.empty((2 * (total + most), n), np.int16)
            larger[:total] = found[:total]
            found = larger
        counts[b], nodes[b], complete[b] = searched(
            cells[b], offsets, tested, start[b], bans, tolerance, most_nodes, found[total : total + most]
        )
        total += counts[b]
    return found[:total].copy(), counts, nodes, complete


@kept
def firmest(
    cells: Numbers, offsets: Numbers, tested: Numbers, start: Numbers, bans: Numbers, most_nodes: int
) -> Numbers:
    """Return the largest tolerance below 0 by which each matrix of a block still has a scenario: its lead.

    That is the most by which all tested variants of some scenario beat their rivals at once; below 0 it is by how
    much the best one falls short, ``NEVER`` where no scenario is allowed. Found by halving.

    Shape (b,); for the arguments see `search`.
    """
    blocks, n = start.shape
    one, found = np.empty((1, n), np.int16), np.full(blocks, NEVER, np.int64)
    for b in range(blocks):
        bound = 1
        for row in range(cells.shape[1]):
            bound += 2 * np.abs(cells[b, row]).max()
        low, high = -bound, bound + 1
        none = start[b].min() == 0
        if none or searched(cells[b], offsets, tested, start[b], bans, bound, most_nodes, one)[0] == 0:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            if searched(cells[b], offsets, tested, start[b], bans, -middle, most_nodes, one)[0] > 0:
                low = middle
            else:
                high = middle
        found[b] = low
    return found
