"""Where does a scenario lead when every inconsistent descriptor gives way? Succession, cycles and basins.

*Global*: every descriptor moves at once to a variant of the highest balance; it stays where it is at the
highest, else takes the first of the highest. *Local*: only the descriptor that falls short most moves, the
first of those (Weimer-Jehle 2006). The fixed points of both are the consistent scenarios. A basin is how many
scenarios end there: it depends on the order of the variants through ties, and is no probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.lenses.compiled import inside, kept
from detente.lenses.crossimpact.balances import Shape, Whole
from detente.lenses.crossimpact.search import Numbers

MOST_EXACT = 10_000_000
"""Scenarios up to which every start is followed; beyond, a sample is."""
SAMPLED = 100_000


@inside
def moved(state: Numbers, balance: Numbers, offsets: Numbers, free: Numbers, local: bool) -> None:
    """Move a scenario one step, in place."""
    worst, mover, place = 0, -1, 0
    for j in range(state.size):
        if not free[j]:
            continue
        best = state[j]
        for k in range(offsets[j + 1] - offsets[j]):
            if balance[offsets[j] + k] > balance[offsets[j] + best]:
                best = k
        lack = balance[offsets[j] + best] - balance[offsets[j] + state[j]]
        if lack > 0:
            for k in range(best + 1):  # the first of the highest
                if balance[offsets[j] + k] == balance[offsets[j] + best]:
                    best = k
                    break
            if not local:
                state[j] = best
            elif lack > worst:
                worst, mover, place = lack, j, best
    if local and mover >= 0:
        state[mover] = place


Net = tuple[
    Numbers, Numbers, Numbers
]  # cells (N, N), offsets (n + 1,), and what each variant counts in a number (n,)


@inside
def step(number: int, net: Net, free: Numbers, local: bool, state: Numbers, balance: Numbers) -> int:
    """Return the number of the scenario that follows another."""
    cells, offsets, radix = net
    balance[:] = 0
    rest = number
    for j in range(state.size):
        state[j] = rest // radix[j]
        rest -= state[j] * radix[j]
        row = cells[offsets[j] + state[j]]
        for c in range(balance.size):
            balance[c] += row[c]
    moved(state, balance, offsets, free, local)
    after = 0
    for j in range(state.size):
        after += state[j] * radix[j]
    return after


@inside
def placed(here: int, first: Numbers, inner: Numbers, radix: Numbers) -> int:
    """Return the number of a start among all scenarios."""
    number, rest = 0, here
    for j in range(radix.size):
        number += (first[j] + rest // inner[j]) * radix[j]
        rest %= inner[j]
    return number


@kept
def ends_of_all(net: Net, free: Numbers, local: bool, first: Numbers, extent: Numbers, count: int) -> Numbers:
    """Return for every start the number of the attractor that it ends in: of a cycle its least scenario.

    Args:
        net: the matrix.
        free: shape (n,), whether the descriptor may move.
        local: whether only the descriptor that falls short most moves.
        first: shape (n,), first variant that starts have of each descriptor.
        extent: shape (n,), how many variants they have of it.
        count: how many starts there are, the product of the extents.
    """
    cells, _, radix = net
    inner = np.ones(radix.size, np.int64)
    for j in range(radix.size - 2, -1, -1):
        inner[j] = inner[j + 1] * extent[j + 1]
    ends, mark, path = np.full(count, -1, np.int64), np.zeros(count, np.int32), np.empty(count, np.int32)
    state, balance = np.empty(radix.size, np.int64), np.empty(cells.shape[1], np.int64)
    for start in range(count):
        here, length = start, 0
        while ends[here] < 0 and mark[here] != start + 1:
            mark[here] = start + 1
            path[length] = here
            length += 1
            step(placed(here, first, inner, radix), net, free, local, state, balance)
            here = 0
            for j in range(radix.size):
                here += (state[j] - first[j]) * inner[j]
        if ends[here] < 0:  # a new attractor: the walk met itself
            least, at = here, length - 1
            while path[at] != here:
                least = min(least, path[at])
                at -= 1
            end = placed(least, first, inner, radix)
        else:
            end = ends[here]
        for at in range(length):
            ends[path[at]] = end
    return ends


@kept
def ends_of_some(numbers: Numbers, net: Net, free: Numbers, local: bool) -> Numbers:
    """Return for some starts the number of the attractor that each ends in, and its length: shape (2, s).

    Cycles are met by Brent's method (1980).
    """
    ends = np.empty((2, numbers.size), np.int64)
    state, balance = np.empty(net[2].size, np.int64), np.empty(net[0].shape[1], np.int64)
    for s in range(numbers.size):
        slow, here, power, length = numbers[s], numbers[s], 1, 0
        while True:
            here = step(here, net, free, local, state, balance)
            length += 1
            if here == slow:
                break
            if length == power:
                slow, power, length = here, 2 * power, 0
        least = here
        for _ in range(length):
            here = step(here, net, free, local, state, balance)
            least = min(least, here)
        ends[0, s], ends[1, s] = least, length
    return ends


@dataclass(frozen=True, slots=True)
class Basins:
    """How many starts end in each attractor.

    Attributes:
        attractors: number of each, of a cycle the least, ascending.
        sizes: how many starts end there, of as many as were followed.
        followed: how many starts were followed; all of them, unless there are too many.
        exact: whether all were.
    """

    attractors: Whole
    sizes: Whole
    followed: int
    exact: bool

    def of(self, number: int) -> int:
        """Return how many starts end in an attractor."""
        at = int(np.searchsorted(self.attractors, number))
        found = at < len(self.attractors) and self.attractors[at] == number
        return int(self.sizes[at]) if found else 0

    def error(self, number: int) -> float:
        """Return the standard error of that count; 0 where all starts were followed."""
        share = 0.0 if self.exact else self.of(number) / self.followed
        return float(np.sqrt(self.followed * share * (1 - share)))


def basins(
    cells: Whole,
    shape: Shape,
    *,
    local: bool = False,
    fixed: dict[int, int] | None = None,
    seed: int = 1,
    most: int = MOST_EXACT,
) -> Basins:
    """Return the attractors of succession with their basins.

    Args:
        cells: shape (N, N).
        shape: of the matrix.
        local: whether only the descriptor that falls short most moves.
        fixed: descriptor → variant that starts have and that does not move.
        seed: of the sample, where there are more starts than ``most``.
        most: starts that are all followed.
    """
    held = fixed or {}
    free = np.array([j not in held for j in range(shape.count)])
    first = np.array([held.get(j, 0) for j in range(shape.count)], np.int64)
    extent = np.where(free, shape.sizes, 1)
    count = 1
    for size in extent.tolist():
        count *= size
    if count <= most:
        ends = ends_of_all(_net(cells, shape), free, local, first, extent, count)
    else:
        draw = np.random.Generator(np.random.Philox(key=seed))
        starts: NDArray[np.int64] = first + draw.integers(0, extent, (SAMPLED, shape.count))
        ends = ends_of_some(starts @ shape.radix, _net(cells, shape), free, local)[0]
    attractors, sizes = np.unique(ends, return_counts=True)
    return Basins(attractors, sizes, len(ends), count <= most)


def length(cells: Whole, shape: Shape, number: int, free: NDArray[np.bool_], *, local: bool = False) -> int:
    """Return how many scenarios an attractor has: one, or those of a cycle."""
    return int(ends_of_some(np.array([number], np.int64), _net(cells, shape), free, local)[1, 0])


def _net(cells: Whole, shape: Shape) -> Net:
    return cells, shape.offsets, shape.radix
