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

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.lenses.relations.result import Turn

Array = NDArray[np.float64]
Index = NDArray[np.int64]
BINOMIAL_PENALTY = 5.0
SQUARED_PENALTY = 2.0
"""Penalty per break, times ln T; what false alarms that gives is on the page of the lens."""
LEAST = 3


class Squared:
    """Squared distance from the mean of a segment, in units of the noise."""

    def __init__(self, values: Array, variance: float, draws: Array | None = None) -> None:
        """Take shape (T,), a variance above 0, and shape (resamples, T), of which resamples are drawn."""
        self.values, self.variance, self.draws, self.length = values, variance, draws, len(values)
        self._sums, self._squares = _summed(values), _summed(values**2)

    def __call__(self, starts: Index, end: int) -> Array:
        """Return the cost of the segments ``starts[i]..end``."""
        total = self._sums[end] - self._sums[starts]
        spread = self._squares[end] - self._squares[starts] - total**2 / (end - starts)
        return np.asarray(np.maximum(spread, 0.0) / self.variance)

    def split(self, rows: Index) -> Array:
        """Return the cost of a segment split before each of its later places, for some resamples of it.

        Args:
            rows: shape (resamples, length of the segment): which observation stands at each place.

        Returns:
            Shape (resamples, length − 1); column ``j`` is a break before place ``j + 1`` of the segment.
        """
        drawn = self.values[rows] if self.draws is None else np.take_along_axis(self.draws, rows, axis=1)
        left = np.cumsum(drawn, axis=1)
        total, count = left[:, -1:], np.arange(1, rows.shape[1])
        left = left[:, :-1]
        explained = left**2 / count + (total - left) ** 2 / (rows.shape[1] - count)
        return np.asarray(((drawn**2).sum(axis=1, keepdims=True) - explained) / self.variance)


class QuasiBinomial:
    """Minus twice the log-likelihood of one share for a segment, over the dispersion."""

    def __init__(self, hits: Array, totals: Array, dispersion: float) -> None:
        """Take hits and totals, shape (T,), a total of 0 where nothing was reported; and φ, at least 1."""
        self.hits, self.totals, self.dispersion, self.length = hits, totals, dispersion, len(hits)
        self._k, self._n = _summed(hits), _summed(totals)

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


Cost = Squared | QuasiBinomial


def _summed(values: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(values)])


def dispersion(hits: Array, totals: Array) -> float:
    """Return how many times more neighbouring shares differ than those of independent events would.

    ``φ`` is the mean over neighbours with events of ``(p₁−p₂)² / [p(1−p)(1/n₁+1/n₂)]``, ``p`` pooled over the
    two. Never below 1.
    """
    seen = totals > 0
    k, n = hits[seen], totals[seen]
    pooled = (k[1:] + k[:-1]) / (n[1:] + n[:-1])
    use = (pooled > 0) & (pooled < 1)
    if not use.any():
        return 1.0
    gap = (k[1:] / n[1:] - k[:-1] / n[:-1])[use] ** 2
    unit = pooled[use] * (1 - pooled[use]) * (1 / n[1:] + 1 / n[:-1])[use]
    return max(1.0, float((gap / unit).mean()))


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


def turns(
    cost: Cost,
    penalty: float,
    seed: int,
    mean: Callable[[slice], float],
    marks: Sequence[tuple[str, float, str]],
) -> tuple[Turn, ...]:
    """Return the turning points of a series, with the doubt of their dates.

    Args:
        cost: of its segments.
        penalty: per turning point.
        seed: of the resamples.
        mean: of a stretch of it.
        marks: date, time in years and event of every place.
    """
    found = breaks(cost, penalty)
    edges, rows = (0, *found, cost.length), []
    for start, at, end, places in zip(edges, found, edges[2:], resampled(cost, found, seed), strict=False):
        early, late = (int(places[int(share * (len(places) - 1))]) for share in (0.1, 0.9))
        own, first, last = (marks[one] for one in (at, min(early, at), max(late, at)))
        rows.append(
            Turn(
                date=own[0], event=own[2], early80=first[0], late80=last[0],
                before=mean(slice(start, at)), after=mean(slice(at, end)), size=end - start,
                time=own[1], early_time=first[1], late_time=last[1],
            )
        )  # fmt: skip
    return tuple(rows)
