"""What do many draws say? Mean, median, spread, intervals, a histogram, and how far chance blurs them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.show.record import Cell, Record

Array = NDArray[np.float64]
LEVELS = (50, 80, 95)
ENDS = {f"{end}{level}": f"{level} % interval" for level in LEVELS for end in ("low", "high")}
"""Columns of a table for the ends of intervals."""
BINS = 50


class Histogram(Record):
    """Counts of draws in bins of equal width over the whole scale; the last bin includes its upper edge."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


class Spread(Record):
    """What has intervals: in a table, their ends stand behind the error from the number of draws."""

    @classmethod
    def columns(cls) -> dict[str, str]:
        """Return name → meaning of every column."""
        columns = super().columns()
        names = [*columns]
        place = names.index("mc_error") + 1
        return {**{name: columns[name] for name in names[:place]}, **ENDS, **columns}

    def cells(self) -> dict[str, Cell]:
        """Return name → value of every one of `columns`."""
        of: Any = self
        ends = dict(zip(ENDS, (end for pair in of.intervals.values() for end in pair), strict=True))
        return {name: ends[name] if name in ends else getattr(self, name) for name in self.columns()}


class Distribution(Spread):
    """An outcome over all draws, on the issue's own scale.

    Attributes:
        mean: over the draws in which there is an outcome; exact when the inputs are.
        median: of the same draws.
        sd: standard deviation over draws (not the error of the mean).
        mc_error: standard error of the mean due to the finite number of draws.
        intervals: central intervals in which 50, 80 and 95 % of the draws fall.
        histogram: over the scale.
        no_agreement: share of draws in which nothing is better than no deal for all; ``None`` for methods
            that always settle.
    """

    mean: float
    median: float
    sd: float
    mc_error: float
    intervals: dict[str, tuple[float, float]]
    histogram: Histogram
    no_agreement: float | None = None


def distribution(values: Array, low: float, high: float, no_agreement: float | None = None) -> Distribution:
    """Summarise the draws of one outcome, shape (draws,), on the scale ``low..high``."""
    smallest, largest = float(values.min()), float(values.max())
    exact = smallest == largest
    sd = 0.0 if exact else float(values.std(ddof=1))
    counts, edges = np.histogram(values, bins=BINS, range=(min(low, smallest), max(high, largest)))
    return Distribution(
        mean=smallest if exact else float(np.clip(values.mean(), smallest, largest)),
        median=float(np.quantile(values, 0.5)),
        sd=sd,
        mc_error=sd / float(np.sqrt(len(values))),
        intervals=intervals(values),
        histogram=Histogram(edges=tuple(edges.tolist()), counts=tuple(counts.tolist())),
        no_agreement=no_agreement,
    )


def intervals(values: Array) -> dict[str, tuple[float, float]]:
    """Return level → the ends between which so many per cent of some values lie, as many below as above."""
    shares = [(share / 200) for level in LEVELS for share in (100 - level, 100 + level)]
    ends = iter(np.quantile(values, shares).tolist())
    return {str(level): (low, high) for level, low, high in zip(LEVELS, ends, ends, strict=True)}


def at_least(error: float, draws: int) -> float:
    """Return a standard error, no less than the rule of three allows: where all draws agree, 3/n is two of it.

    One draw is made where nothing carries doubt; then there is no error.
    """
    return error if error > 0 or draws == 1 else 1.5 / draws
