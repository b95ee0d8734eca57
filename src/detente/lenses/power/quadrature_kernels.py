"""How likely is each voter to decide, when all join independently with one probability? Compiled loops."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside, kept

Array = NDArray[np.float64]
_BLOCK = 1024
NEGLIGIBLE = 1e-19


@kept
def deciding(weights: NDArray[np.int64], quota: int, t: float, prefix: Array, segment: Array) -> Any:
    """Return how likely each voter is to decide, and how likely the others fall short of the quota.

    1. Forwards: A_k(x), how likely the voters before k have the sum x < quota; every `len(segment)`-th is kept.
    2. Backwards: F_k(x), how likely those after k have at most quota - 1 - x, where it is asked for; the A_k of a
       segment are made again from the one kept.
    3. Voter k decides where both together have from quota - w_k to quota - 1. All terms are at least 0; long sums
       are made block by block.

    The n weights are ascending, each 1 to quota - 1; t is the probability of joining; prefix has room for
    (⌈n / s⌉, quota), segment for (s, quota). Returns shape (n + 1, 2), in the last row twice how likely the sum of
    all is below the quota.
    """
    n, s = len(weights), len(segment)
    ends = np.zeros(n + 1, dtype=np.int64)  # of the sums of the voters before each, cut at the quota
    for k in range(n):
        ends[k + 1] = min(quota, ends[k] + weights[k])
    ends = np.minimum(ends + 1, quota)
    found = np.zeros((n + 1, 2))
    now, other = np.zeros(quota), np.zeros(quota)
    now[0] = 1.0
    for k in range(n):
        if k % s == 0:
            prefix[k // s, : ends[k]] = now[: ends[k]]
        _before(now, other, weights[k], t, ends[k], ends[k + 1])
        now, other = other, now
    found[n, :] = now[: ends[n]].sum()
    if found[n, 0] < NEGLIGIBLE * (1.0 - t):  # others fall short at most 1 / (1 - t) times as often as all do
        return found
    after, other = np.ones(quota), np.ones(quota)
    for block in range((n - 1) // s, -1, -1):
        first, last = block * s, min(n, (block + 1) * s)
        segment[0, : ends[first]] = prefix[block, : ends[first]]
        for k in range(first, last - 1):
            _before(segment[k - first], segment[k - first + 1], weights[k], t, ends[k], ends[k + 1])
        for k in range(last - 1, first - 1, -1):
            _meet(segment[k - first], after, weights[k], ends[k], found[k])
            _after(after, other, weights[k], t, ends[k])
            after, other = other, after
    return found


@inside
def _before(old: Array, new: Array, weight: int, t: float, end: int, ending: int) -> None:
    """Let one more voter join with probability t: ``ending`` entries of chances, from ``end`` of them."""
    for x in range(min(weight, end)):
        new[x] = (1.0 - t) * old[x]
    for x in range(end, min(weight, ending)):
        new[x] = 0.0
    for x in range(weight, end):
        new[x] = (1.0 - t) * old[x] + t * old[x - weight]
    for x in range(max(weight, end), ending):
        new[x] = t * old[x - weight]


@inside
def _after(old: Array, new: Array, weight: int, t: float, end: int) -> None:
    """Let one more voter join with probability t: the first entries of how likely the rest falls short."""
    inside = max(0, min(end, len(old) - weight))
    for x in range(inside):
        new[x] = (1.0 - t) * old[x] + t * old[x + weight]
    for x in range(inside, end):
        new[x] = (1.0 - t) * old[x]


@inside
def _meet(before: Array, after: Array, weight: int, end: int, found: Array) -> None:
    """Add up where the voters before and after one have sums such that it decides, or that they fall short."""
    inside = max(0, min(end, len(after) - weight))
    for start in range(0, end, _BLOCK):
        decides, short = 0.0, 0.0
        for x in range(start, min(start + _BLOCK, inside)):
            decides += before[x] * (after[x] - after[x + weight])
        for x in range(max(start, inside), min(start + _BLOCK, end)):
            decides += before[x] * after[x]
        for x in range(start, min(start + _BLOCK, end)):
            short += before[x] * after[x]
        found[0] += decides
        found[1] += short
