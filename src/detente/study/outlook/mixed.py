"""How is a forecast written down that bets on exact values and on what lies between? As a mixed distribution.

Outcomes pile up on held positions: such atoms stay exact, beside a density that is constant between knots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from detente.errors import OptionError
from detente.lenses.summary import Array

MASS_TOLERANCE = 1e-9
MOST_AT_ONCE = 500_000
"""Draws × knots that are worked out together."""
CELLS = 400
"""Of equal width over the scale, in each of which a forecast has one density."""


@dataclass(frozen=True, eq=False)
class MixedDistribution:
    """A distribution of an outcome on the scale ``low..high``: atoms, and a density constant between knots.

    Every number that is told of it (quantiles, scores, coverage) is exact for what is written down here.

    Attributes:
        low: lowest value of the scale.
        high: highest value of the scale.
        points: where the atoms lie, ascending, shape (atoms,).
        masses: of the atoms, each above 0, shape (atoms,).
        knots: ascending, from ``low`` to ``high`` (or beyond, where the forecast reaches beyond), shape (knots,).
        smooth: mass of the part without atoms up to each knot, from 0, never falling, shape (knots,).
    """

    low: float
    high: float
    points: Array
    masses: Array
    knots: Array
    smooth: Array

    def __post_init__(self) -> None:
        """Refuse what is no distribution by an `OptionError`, with all that is wrong with it."""
        total = self.masses.sum() + self.smooth[-1:].sum()
        falls = len(self.smooth) != len(self.knots) or np.any(np.diff(self.smooth) < -MASS_TOLERANCE)
        scale = f"the scale runs from {self.low} to {self.high}; it needs a lower and a higher end"
        wrong = {
            scale: not self.low < self.high,
            "its points do not ascend": any(np.any(np.diff(of) <= 0) for of in (self.points, self.knots)),
            "an atom has no mass": np.any(self.masses <= 0),
            "its distribution function falls": falls,
            f"its mass is {total:.12g}, not 1": not (falls or abs(total - 1) <= MASS_TOLERANCE),
        }
        if any(wrong.values()):
            told = [told for told, is_so in wrong.items() if is_so]
            raise OptionError(f"this is no distribution: {'; '.join(told)}")

    def below(self, values: Array) -> Array:
        """Return the chance of an outcome of less than each value, same shape."""
        return self.at(values, "left")

    def at(self, values: Array, side: Literal["left", "right"] = "right") -> Array:
        """Return the chance of an outcome of at most each value, or of less (``left``), same shape."""
        before = np.append(0.0, np.cumsum(self.masses))[np.searchsorted(self.points, values, side=side)]
        return np.asarray(before + self._between(values))

    def _between(self, values: Array) -> Array:
        return np.interp(values, self.knots, self.smooth, left=0.0)

    @cached_property
    def _steps(self) -> tuple[Array, Array, Array]:
        """Return every atom and knot, with the distribution function to its left and at it."""
        places = np.union1d(self.points, self.knots)
        return places, self.below(places), self.at(places)

    def quantile(self, shares: Array | float) -> Array:
        """Return the least value that at least such a share of outcomes does not exceed, same shape."""
        return self._inverse(np.asarray(shares, float), -1e-12, "left")

    def _inverse(self, shares: Array, ease: float, side: Literal["left", "right"]) -> Array:
        """Return the least value at which such shares are reached or, to the right, the highest."""
        places, left, at = self._steps
        values, reached = np.repeat(places, 2), np.column_stack([left, at]).ravel()
        wanted = np.clip(shares, 0.0, reached[-1])
        upto = np.minimum(np.searchsorted(reached, wanted + ease, side=side), len(values) - 1)
        before = np.maximum(upto - 1, 0)
        rise = reached[upto] - reached[before]
        part = np.divide(wanted - reached[before], rise, out=np.ones(np.shape(wanted)), where=rise > 1e-15)
        return np.asarray(values[before] + np.clip(part, 0.0, 1.0) * (values[upto] - values[before]))

    def shortest(self, level: float) -> tuple[float, float, float]:
        """Return the shortest closed interval that holds at least a share of outcomes, and what it holds.

        One end can always be moved to an atom or a knot, between which its length changes linearly.
        """
        places, left, at = self._steps
        lows, uppers = places[left <= 1 - level + 1e-12], places[at >= level - 1e-12]
        # the highest lower end of an interval up to u: what lies below it is at most F(u) - level
        lowers = self._inverse(self.at(uppers) - level, 1e-12, "right")
        starts = np.concatenate([lows, lowers])
        ends = np.concatenate([self.quantile(self.below(lows) + level), uppers])
        best = int(np.argmin(np.round(ends - starts, 9)))
        start, end = float(starts[best]), float(ends[best])
        return start, end, self.mass(start, end)

    def segment(self, outcome: float) -> tuple[float, float]:
        """Return the chances of less than an outcome and of at most it: its probability integral transform.

        Czado, Gneiting & Held 2009, *Biometrics* 65: one unit spread over the segment, never a random point.
        """
        value = np.array(outcome)
        return float(self.below(value)), float(self.at(value))

    def crps(self, outcome: float) -> float:
        """Return the continuous ranked probability score, in units of the scale; lower is better, 0 the least.

        The integral of (F(z) − 1{outcome ≤ z})², exact: F is linear between atoms, knots and the outcome.
        Matheson & Winkler 1976, *Management Science* 22.
        """
        places = np.union1d(self._steps[0], [outcome])
        start, end = self.at(places[:-1]), self.below(places[1:])
        above = places[:-1] >= outcome
        first, last = np.where(above, 1 - start, start), np.where(above, 1 - end, end)
        return float(np.diff(places) @ (first * first + first * last + last * last) / 3)

    def mass(self, start: float, end: float) -> float:
        """Return the chance of an outcome from ``start`` to ``end``, both included."""
        return float(self.at(np.array(end)) - self.below(np.array(start)))

    def log_score(self, outcome: float, cells: int = 101, floor: float = 1e-6) -> float:
        """Return −ln of the chance, but of no less than ``floor``, of the cell of the scale with the outcome.

        Cell k reaches half a step to both sides of the k-th of so many values in which the scale is coded.
        """
        step = (self.high - self.low) / (cells - 1)
        middle = self.low + step * round((outcome - self.low) / step)
        start, end = np.array(max(self.low, middle - step / 2)), np.array(min(self.high, middle + step / 2))
        reached = self.at(end) if end >= self.high else self.below(end)
        return -float(np.log(max(floor, float(reached - self.below(start)))))


def outline(
    low: float, high: float, knots: Sequence[float], smooth: Sequence[float], steps: int = 50
) -> tuple[tuple[float, float], ...]:
    """Return the shape of a smooth part on a scale in steps: values, each with a height up to 1 if all is smooth.

    ``smooth`` is its mass up to each knot.
    """
    edges = np.linspace(low, high, steps + 1)
    rise = np.diff(np.interp(edges, knots, smooth))
    heights = rise / max(float(rise.max()), 1e-12) * float(smooth[-1]) ** 0.5
    at = np.repeat(edges, 2)[1:-1]
    return tuple(zip(at.round(6).tolist(), np.repeat(heights, 2).round(3).tolist(), strict=True))


def point(value: float, low: float, high: float) -> MixedDistribution:
    """Return the certain forecast of one value."""
    return atoms(np.array([value]), np.ones(1), low, high)


def atoms(values: Array, weight: Array, low: float, high: float) -> MixedDistribution:
    """Return the forecast that bets on values alone, each by its weight; alike where nobody has any."""
    share = weight if weight.sum() > 0 else np.ones(len(weight))
    points, which = np.unique(values[share > 0], return_inverse=True)
    masses = np.bincount(which, weights=share[share > 0] / share.sum()).astype(np.float64)
    return MixedDistribution(low, high, points, masses, np.array([low, high]), np.zeros(2))


def uniform(low: float, high: float) -> MixedDistribution:
    """Return the forecast that holds every value of the scale equally likely."""
    return MixedDistribution(low, high, np.empty(0), np.empty(0), np.array([low, high]), np.array([0.0, 1.0]))


def mixture(parts: Sequence[MixedDistribution]) -> MixedDistribution:
    """Return the linear pool of forecasts on one scale, each with the same share, exact."""
    points, which = np.unique(np.concatenate([part.points for part in parts]), return_inverse=True)
    masses = np.bincount(which, np.concatenate([part.masses for part in parts]), len(points)) / len(parts)
    knots = np.unique(np.concatenate([part.knots for part in parts]))
    smooth: Array = np.mean([part._between(knots) for part in parts], axis=0)
    return MixedDistribution(parts[0].low, parts[0].high, points, masses, knots, smooth)


def over_draws(
    points: Array,
    masses: Array,
    between: Callable[[Array], Array],
    low: float,
    high: float,
    cells: int = CELLS,
) -> MixedDistribution:
    """Return the average over draws of distributions with atoms and a smooth part.

    A value on which several draws (or the only draw) have an atom stays one. An atom that is elsewhere in every
    draw, since it is in doubt, has become part of the smooth part, exact at every knot.

    Points of the atoms, and their masses, 0 where there is none, are of shape (draws, atoms); ``between`` gives
    the mass of the smooth part up to knots, (knots, 1) → (knots, draws). Each of the scale's cells has a density.
    """
    draws, there = len(points), masses > 0
    values, which = np.unique(points[there], return_inverse=True)
    weight = np.bincount(which, weights=masses[there], minlength=len(values)) / draws
    row = np.broadcast_to(np.arange(draws)[:, None], points.shape)[there]
    pairs = np.unique(which * draws + row) // draws
    lasting = np.bincount(pairs, minlength=len(values)) > min(1, draws - 1)
    moving = values[~lasting]
    ends = min([low, *moving[:1]]), max([high, *moving[-1:]])
    knots = np.union1d(np.linspace(*ends, cells + 1), values[lasting] if draws == 1 else [])
    moved = np.append(0.0, np.cumsum(weight[~lasting]))
    parts = np.array_split(knots, 1 + len(knots) * draws // MOST_AT_ONCE)
    average = np.concatenate([between(part[:, None]).mean(axis=1) for part in parts])
    smooth = np.maximum.accumulate(np.maximum(0.0, average))
    smooth = smooth + moved[np.searchsorted(moving, knots, side="right")]
    if smooth[0] > 0:  # an atom that moves reached the very end of the scale in one draw
        knots, smooth = np.append(knots[0] - 1e-9, knots), np.append(0.0, smooth)
    scale = 1 / (weight[lasting].sum() + smooth[-1])  # rounding only
    smooth = np.maximum.accumulate(smooth) * scale
    return MixedDistribution(low, high, values[lasting], weight[lasting] * scale, knots, smooth)
