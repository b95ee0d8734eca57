"""What remains of several frontiers of two parties when they are laid over each other? Lines, cut where they meet.

A chain is a concave frontier: points by ascending gain of the first party and descending gain of the second,
joined by straight lines. Where one chain takes over from another there may be a jump; the line that ends at a jump
comes as close to its end as one likes, and the end itself is efficient in the weak sense only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from detente.lenses.winset.deal import Array


@dataclass(frozen=True, eq=False)
class Chain:
    """A concave frontier of one piece.

    Attributes:
        packages: shape (n, d).
        gains: shape (n, 2), the first ascending, the second descending.
    """

    packages: Array
    gains: Array

    def at(self, side: int, gain: float, apart: float) -> tuple[Array, Array] | None:
        """Return package and gains where a party gains this much, ``None`` beyond the ends."""
        along = self.gains[:, side] if side == 0 else self.gains[::-1, side]
        if not along[0] - apart <= gain <= along[-1] + apart:
            return None
        rows = np.hstack([self.packages, self.gains])[:: 1 if side == 0 else -1]
        point = np.array([np.interp(gain, along, column) for column in rows.T])
        return point[:-2], point[-2:]

    def above(self, gains: Array, apart: float) -> bool:
        """Say whether some point of the chain gives both parties more."""
        start, end = self.gains[0], self.gains[-1]
        if gains[0] >= end[0] - apart or gains[1] >= start[1] - apart:
            return False
        return bool(gains[0] < start[0]) or float(np.interp(gains[0], *self.gains.T)) > gains[1] + apart


def envelope(
    chains: Sequence[Chain], apart: float
) -> tuple[Chain, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """Return the points of all chains that no chain is above, and whether each is joined to the next.

    Args:
        chains: at least one.
        apart: differences in gain up to this do not count.
    """
    points = [point for chain in chains for point in zip(chain.packages, chain.gains, strict=True)]
    for one, other in permutations(chains, 2):
        points += _meetings(one, other, apart)
    points = [point for point in points if not any(chain.above(point[1], apart) for chain in chains)]
    points.sort(key=lambda point: (round(float(point[1][0]), 8), -float(point[1][1])))
    kept = [
        point
        for k, point in enumerate(points)
        if k == 0 or np.abs(point[1] - points[k - 1][1]).max() > 10 * apart
    ]
    gains = np.array([values for _, values in kept])
    middles = (gains[1:] + gains[:-1]) / 2
    joined = np.array([*(_on_one(chains, middle, apart) for middle in middles), False])
    return Chain(np.array([package for package, _ in kept]), gains), joined


def _meetings(one: Chain, other: Chain, apart: float) -> Iterator[tuple[Array, Array]]:
    """Yield where a chain crosses another, or passes its ends."""
    for side, end in ((1, 0), (0, -1)):
        point = one.at(side, float(other.gains[end, side]), apart)
        # Beyond its end the other gives nothing; up to it, it may give the other party more: a jump.
        if point is not None and other.gains[end, 1 - side] > point[1][1 - side] + apart:
            yield point
    low = max(one.gains[0, 0], other.gains[0, 0])
    high = min(one.gains[-1, 0], other.gains[-1, 0])
    stops = np.unique(np.concatenate([one.gains[:, 0], other.gains[:, 0], [low, high]]))
    stops = stops[(stops >= low) & (stops <= high)]
    lead = np.interp(stops, *one.gains.T) - np.interp(stops, *other.gains.T)
    for k in np.flatnonzero(lead[:-1] * lead[1:] < 0):
        share = lead[k] / (lead[k] - lead[k + 1])
        point = one.at(0, float(stops[k] + share * (stops[k + 1] - stops[k])), apart)
        if point is not None:
            yield point


def _on_one(chains: Sequence[Chain], gains: Array, apart: float) -> bool:
    """Say whether a point lies on a chain and none is above it."""
    near = (chain.at(0, float(gains[0]), apart) for chain in chains)
    on = any(point is not None and abs(point[1][1] - gains[1]) < 10 * apart for point in near)
    return on and not any(chain.above(gains, apart) for chain in chains)
