"""Where does a scenario lead when every inconsistent descriptor gives way? Succession, cycles and basins.

*Global*: every descriptor moves at once to a variant of the highest balance; it stays where it is at the
highest, else takes the first of the highest. *Local*: only the descriptor that falls short most moves, the
first of those (Weimer-Jehle 2006). The fixed points of both are the consistent scenarios. A basin is how many
scenarios end there: it depends on the order of the variants through ties, and is no probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.compiled import inside, kept
from detente.lenses.crossimpact.balances import Shape, Whole
from detente.lenses.crossimpact.search import Numbers

MOST_EXACT = 10_000_000
"""Scenarios up to which every start is followed; beyond, a sample is."""
SAMPLED = 100_000


@inside
def moved(state: Numbers, balance: Numbers, offsets: Numbers, local: bool) -> None:
    """Move a scenario one step, in place."""
    worst, mover, place = 0, -1, 0
    for j in range(state.size):
        columns = balance[offsets[j] : offsets[j + 1]]
        best = int(columns.argmax())  # the first of the highest
        lack = columns[best] - columns[state[j]]
        if lack > 0 and not local:
            state[j] = best
        elif lack > worst:
            worst, mover, place = lack, j, best
    if mover >= 0:
        state[mover] = place


Net = tuple[Numbers, Numbers, Numbers]
"""Cells (N, N), offsets (n + 1,), and what each variant counts in a number (n,)."""


@inside
def step(number: int, net: Net, local: bool, state: Numbers, balance: Numbers) -> int:
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
    moved(state, balance, offsets, local)
    after = 0
    for j in range(state.size):
        after += state[j] * radix[j]
    return after


@kept
def ends_of_all(net: Net, local: bool, count: int) -> Numbers:
    """Return for each of ``count`` starts the attractor that it ends in: of a cycle the least scenario."""
    ends, mark, path = np.full(count, -1, np.int64), np.zeros(count, np.int32), np.empty(count, np.int32)
    state, balance = np.empty(net[2].size, np.int64), np.empty(net[0].shape[1], np.int64)
    for start in range(count):
        here, length = start, 0
        while ends[here] < 0 and mark[here] != start + 1:
            mark[here] = start + 1
            path[length] = here
            length += 1
            here = step(here, net, local, state, balance)
        end = ends[here]
        if end < 0:  # a new attractor: the walk met itself
            end, at = here, length - 1
            while path[at] != here:
                end = min(end, path[at])
                at -= 1
        for at in range(length):
            ends[path[at]] = end
    return ends


@kept
def ends_of_some(numbers: Numbers, net: Net, local: bool) -> Numbers:
    """Return for some starts the attractor that each ends in, and its length: shape (2, s).

    Cycles are met by Brent's method (1980).
    """
    ends = np.empty((2, numbers.size), np.int64)
    state, balance = np.empty(net[2].size, np.int64), np.empty(net[0].shape[1], np.int64)
    for s in range(numbers.size):
        slow, here, power, length = numbers[s], numbers[s], 1, 0
        while True:
            here = step(here, net, local, state, balance)
            length += 1
            if here == slow:
                break
            if length == power:
                slow, power, length = here, 2 * power, 0
        least = here
        for _ in range(length):
            here = step(here, net, local, state, balance)
            least = min(least, here)
        ends[0, s], ends[1, s] = least, length
    return ends


@dataclass(frozen=True, slots=True)
class Basins:
    """How many starts end in each attractor.

    Attributes:
        attractors: number of each, of a cycle the least, ascending.
        sizes: how many starts end there, of as many as were followed.
        lengths: how many scenarios each has: one, or those of a cycle.
        followed: how many starts were followed; all of them, unless there are too many.
        exact: whether all were.
    """

    attractors: Whole
    sizes: Whole
    lengths: Whole
    followed: int
    exact: bool

    def of(self, number: int) -> int:
        """Return how many starts end in an attractor."""
        at = int(np.searchsorted(self.attractors, number))
        return int(self.sizes[at]) if number in self.attractors[at : at + 1] else 0

    def error(self, number: int) -> float:
        """Return the standard error of that count; 0 where all starts were followed."""
        share = 0.0 if self.exact else self.of(number) / self.followed
        return float(np.sqrt(self.followed * share * (1 - share)))


def basins(
    cells: Whole,
    shape: Shape,
    *,
    local: bool = False,
    fixed: Mapping[int, int] | None = None,
    seed: int = 1,
    most: int = MOST_EXACT,
) -> Basins:
    """Return the attractors of succession with their basins.

    Args:
        cells: shape (N, N).
        shape: of the matrix.
        local: whether only the descriptor that falls short most moves.
        fixed: descriptor → variant that starts have and that does not move: the only one it has here.
        seed: of the sample, where there are more starts than ``most``.
        most: starts that are all followed.
    """
    first, sizes = np.zeros(shape.count, np.int64), shape.sizes.copy()
    for j, k in (fixed or {}).items():
        first[j], sizes[j] = k, 1
    inner = Shape.of(sizes.tolist())
    rows = np.repeat(shape.offsets[:-1] + first - inner.offsets[:-1], sizes) + np.arange(sizes.sum())
    net = np.ascontiguousarray(cells[np.ix_(rows, rows)]), inner.offsets, inner.radix
    if inner.states <= most:
        ends = ends_of_all(net, local, inner.states)
    else:
        draw = np.random.Generator(np.random.Philox(key=seed))
        ends = ends_of_some(draw.integers(0, sizes, (SAMPLED, shape.count)) @ inner.radix, net, local)[0]
    found, counts = np.unique(ends, return_counts=True)
    numbers, lengths = shape.numbered(inner.spelt(found) + first), ends_of_some(found, net, local)[1]
    return Basins(numbers, counts, lengths, len(ends), inner.states <= most)
