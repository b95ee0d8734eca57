"""When did another relation look like this one, and what came next? Nearest stretches of the past, with a null.

A stretch of ``w`` periods is the empirical logit of its conflict shares, ``ln[(k+½)/(n−k+½)]``; the distance
of two is the root of the mean squared difference. A nearest neighbour always exists; whether it is near is told
by how near the same stretches come when their own periods stand in random order (the null).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Analogue:
    """A stretch of another pair's past.

    Attributes:
        pair: row of the pair.
        start: first period of the stretch.
        distance: from the stretch that was asked about.
        by_chance: share of shuffled libraries whose nearest stretch is as near as that, 0..1.
    """

    pair: int
    start: int
    distance: float
    by_chance: float


def logits(conflict: Array, events: Array, least: int) -> Array:
    """Return the empirical logit of every share, ``nan`` where fewer than ``least`` events were reported."""
    found = np.log((conflict + 0.5) / (events - conflict + 0.5))
    return np.where(events >= least, found, np.nan)


def windows(features: Array, width: int) -> tuple[Array, NDArray[np.int64]]:
    """Return all stretches without a gap, shape (stretches, width), and (pair, start) of each."""
    if features.shape[1] < width:
        return np.empty((0, width)), np.empty((0, 2), dtype=np.int64)
    views = np.lib.stride_tricks.sliding_window_view(features, width, axis=1)
    whole = ~np.isnan(views).any(axis=2)
    return views[whole], np.argwhere(whole)


def nearest(
    query: Array,
    features: Array,
    *,
    leave: frozenset[int] = frozenset(),
    until: int | None = None,
    sequel: int = 0,
    most: int = 5,
    shuffles: int = 200,
    seed: int = 1,
) -> list[Analogue]:
    """Return the stretches most like one, the nearest first, at most one per pair.

    Args:
        query: shape (w,), logits of the stretch that is asked about.
        features: shape (pairs, periods), logits of all pairs.
        leave: pairs not to look at: the one asked about and its reverse.
        until: periods that may be known, sequels included; all where ``None``.
        sequel: periods after a stretch that must be there.
        most: how many to return.
        shuffles: of the null.
        seed: of the null.
    """
    known = features[:, :until]
    width = len(query)
    stretches, place = windows(known, width + sequel)
    own = ~np.isin(place[:, 0], list(leave))
    stretches, place = stretches[own][:, :width], place[own]
    if not len(stretches):
        return []

    def apart(some: Array) -> Array:
        return np.asarray(np.sqrt(((some - query) ** 2).mean(axis=1)))

    away, generator = apart(stretches), np.random.default_rng(seed)
    null = np.array([apart(generator.permuted(stretches, axis=1)).min() for _ in range(shuffles)])
    found: dict[int, Analogue] = {}
    for at in np.argsort(away, kind="stable"):
        pair, start = map(int, place[at])
        if pair not in found:
            found[pair] = Analogue(pair, start, float(away[at]), float((null <= away[at]).mean()))
        if len(found) == most:
            break
    return list(found.values())
