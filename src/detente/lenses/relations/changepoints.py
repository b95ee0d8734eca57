"""When did a series turn? Penalised segmentation, solved exactly, with the doubt about each date.

Minimise the cost of all segments plus a penalty per break. The minimum is found by dynamic programming over
the last break (Jackson et al. 2005, IEEE Signal Processing Letters 12:105) with the pruning of PELT (Killick,
Fearnhead & Eckley 2012, J. American Statistical Association 107:1590). A break is the index of the first
period of a new segment.

Two costs:

- *quasi-binomial*, for shares of conflict among ``n`` events: ``−(2/φ) [K ln p + (N−K) ln(1−p)]`` with ``p =
  K/N``. A period without events costs nothing and says nothing: nothing is interpolated. ``φ`` is the
  dispersion: one story makes many rows, so an event counts ``1/φ``.
- *squared*, for graded events in their order: ``Σ (y − ȳ)² / σ²``, with ``σ²`` from the differences of neighbours.

The date of a break is resampled between the breaks beside it: observations of each of the two segments are drawn
anew with replacement, and the best single break is looked for again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]
BINOMIAL_PENALTY = 5.0
SQUARED_PENALTY = 2.0
"""Penalty per break, times ln T; what false alarms that gives is on the page of the lens."""
LEAST = 3
CHI2_MEDIAN = 0.4549  # of one degree of freedom


class Cost(Protocol):
    """What a segment costs."""

    @property
    def length(self) -> int:
        """How many observations there are."""

    def __call__(self, starts: Index, end: int) -> Array:
        """Return the cost of the segments ``starts[i]..end`` (the end not included)."""

    def split(self, rows: Index) -> Array:
        """Return the cost of a segment split before each of its later places, for some resamples of it.

        Args:
            rows: shape (resamples, length of the segment): which observation stands at each place.

        Returns:
            Shape (resamples, length − 1); column ``j`` is a break before place ``j + 1`` of the segment.
        """


@dataclass(frozen=True)
class Squared:
    """Squared distance from the mean of a segment, in units of the noise.

    Attributes:
        values: shape (T,).
        variance: of the noise, above 0.
        draws: shape (resamples, T): values with their doubt, from which resamples are taken.
    """

    values: Array
    variance: float
    draws: Array | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.values))
        object.__setattr__(self, "_sums", np.concatenate([[0.0], np.cumsum(self.values)]))
        object.__setattr__(self, "_squares", np.concatenate([[0.0], np.cumsum(self.values**2)]))

    length: int = 0
    _sums: Array = None  # type: ignore[assignment]
    _squares: Array = None  # type: ignore[assignment]

    def __call__(self, starts: Index, end: int) -> Array:
        """Return the cost of the segments ``starts[i]..end``."""
        total = self._sums[end] - self._sums[starts]
        spread = self._squares[end] - self._squares[starts] - total**2 / (end - starts)
        return np.asarray(np.maximum(spread, 0.0) / self.variance)

    def split(self, rows: Index) -> Array:
        """Return the cost of a segment split before each of its later places."""
        drawn = self.values[rows] if self.draws is None else np.take_along_axis(self.draws, rows, axis=1)
        left = np.cumsum(drawn, axis=1)
        total, count = left[:, -1:], np.arange(1, rows.shape[1])
        left = left[:, :-1]
        explained = left**2 / count + (total - left) ** 2 / (rows.shape[1] - count)
        return np.asarray(((drawn**2).sum(axis=1, keepdims=True) - explained) / self.variance)


@dataclass(frozen=True)
class QuasiBinomial:
    """Minus twice the log-likelihood of one share for a segment, over the dispersion.

    Attributes:
        hits: shape (T,), of conflict.
        totals: shape (T,), of all events; 0 where nothing was reported.
        dispersion: at least 1.
    """

    hits: Array
    totals: Array
    dispersion: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.hits))
        object.__setattr__(self, "_k", np.concatenate([[0.0], np.cumsum(self.hits)]))
        object.__setattr__(self, "_n", np.concatenate([[0.0], np.cumsum(self.totals)]))

    length: int = 0
    _k: Array = None  # type: ignore[assignment]
    _n: Array = None  # type: ignore[assignment]

    def __call__(self, starts: Index, end: int) -> Array:
        """Return the cost of the segments ``starts[i]..end``."""
        return self._deviance(self._k[end] - self._k[starts], self._n[end] - self._n[starts])

    def split(self, rows: Index) -> Array:
        """Return the cost of a segment split before each of its later places."""
        k, n = np.cumsum(self.hits[rows], axis=1), np.cumsum(self.totals[rows], axis=1)
        before = self._deviance(k[:, :-1], n[:, :-1])
        return before + self._deviance(k[:, -1:] - k[:, :-1], n[:, -1:] - n[:, :-1])

    def _deviance(self, k: Array, n: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = np.where(k > 0, k * np.log(k / n), 0.0) + np.where(
                n > k, (n - k) * np.log((n - k) / n), 0.0
            )
        return np.asarray(-2.0 / self.dispersion * inside)


def dispersion(hits: Array, totals: Array, *, robust: bool = False) -> float:
    """Return how many times more neighbouring shares differ than those of independent events would.

    ``φ`` is the mean over neighbours with events of ``(p₁−p₂)² / [p(1−p)(1/n₁+1/n₂)]``, ``p`` pooled over the
    two; the robust form is the median over 0.4549, which breaks inflate less. Never below 1.
    """
    seen = totals > 0
    k, n = hits[seen], totals[seen]
    pooled = (k[1:] + k[:-1]) / (n[1:] + n[:-1])
    use = (pooled > 0) & (pooled < 1)
    if not use.any():
        return 1.0
    gap = (k[1:] / n[1:] - k[:-1] / n[:-1])[use] ** 2
    unit = pooled[use] * (1 - pooled[use]) * (1 / n[1:] + 1 / n[:-1])[use]
    ratios = gap / unit
    return max(1.0, float(np.median(ratios) / CHI2_MEDIAN if robust else ratios.mean()))


def noise(values: Array) -> float:
    """Return the variance of the noise in a series that may jump: half the mean square of the differences.

    Von Neumann (1941), Annals of Mathematical Statistics 12:367. Never 0.
    """
    found = float((np.diff(values) ** 2).mean() / 2) if len(values) > 1 else 0.0
    return max(found, 1e-9)


def breaks(cost: Cost, penalty: float, least: int = LEAST) -> tuple[int, ...]:
    """Return the breaks that minimise the cost of all segments plus the penalty of each break.

    Args:
        cost: of segments.
        penalty: per break, above 0.
        least: periods that a segment has at least.

    Returns:
        The first period of every segment but the first, in order; none where the series is too short.

    1. ``F(0) = −β``; for every end, ``F(e) = min over s of F(s) + C(s, e) + β``, with ``s`` at least
       ``least`` before.
    2. Drop every ``s`` with ``F(s) + C(s, e) > F(e)``: it can never again be the last break (both costs only
       fall when a segment is split). It is dropped ``least`` periods later, because until then a break at
       ``e`` is barred.
    3. Follow the last breaks back.
    """
    length = cost.length
    best = np.full(length + 1, np.inf)
    best[0] = -penalty
    last = np.zeros(length + 1, dtype=np.int64)
    starts = np.zeros(1, dtype=np.int64)
    doomed: dict[int, Index] = {}
    for end in range(least, length + 1):
        if end - least > 0 and np.isfinite(best[end - least]):
            starts = np.append(starts, end - least)
        starts = starts[~np.isin(starts, doomed.pop(end, np.empty(0, dtype=np.int64)))]
        through = best[starts] + cost(starts, end)
        at = int(through.argmin())
        best[end], last[end] = through[at] + penalty, starts[at]
        doomed[end + least] = starts[through > best[end]]
    found, end = [], length if length >= least else 0
    while end > 0 and last[end] > 0:
        end = int(last[end])
        found.append(end)
    return tuple(reversed(found))


def resampled(
    cost: Cost, found: tuple[int, ...], seed: int, resamples: int = 400, least: int = LEAST
) -> list[Index]:
    """Return, for every break, the places at which it stands in resamples of the two segments beside it.

    Args:
        cost: by which the breaks were found.
        found: the breaks.
        seed: of the resamples; 0 is a seed.
        resamples: how many.
        least: periods that a segment has at least.

    Returns:
        Per break, shape (resamples,), sorted.
    """
    generator = np.random.default_rng([seed, cost.length])
    edges = (0, *found, cost.length)
    places = []
    for number, at in enumerate(found):
        start, end = edges[number], edges[number + 2]
        rows = np.concatenate(
            [
                generator.integers(start, at, (resamples, at - start)),
                generator.integers(at, end, (resamples, end - at)),
            ],
            axis=1,
        )
        costs = cost.split(rows)
        allowed = slice(least - 1, end - start - least)
        places.append(np.sort(start + least + costs[:, allowed].argmin(axis=1)))
    return places
