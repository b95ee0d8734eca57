"""Which outcome does the record of decided negotiations make likely? The foothold distribution.

Six outcomes in ten are exactly a position that somebody holds, or the reference point; the rest lie between the
extremes. Either way the chance halves with every quarter of the contested range away from the compromise. Found
on 245 decided issues of the European Union (DEU III, Arregui & Perarnaud 2021, doi:10.34810/data53); the page
"What the record says" has the fit, the figures, and what it is not tested on.

One actor who moves alone founds a new foothold; in the sharpened pool, which forecasts a little worse, more weight
or a higher position never lowers the forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.lenses.summary import Array
from detente.study.outlook.mixed import CELLS, MixedDistribution, over_draws

REFERENCE_WEIGHT = 0.2
"""Of the reference point, as a foothold only."""
BLOC_WIDTH = 1 / 5
"""Positions within this share of the contested range count towards one bloc."""
HALF_VOTE = 0.05
"""The weight with which a bloc has half a vote."""
SURPRISE = 0.02
"""Chance that the outcome is anywhere on the scale."""
EASE = 1e-6
"""Share of the scale by which a point may lie outside what is possible, for rounding."""
STEP = 1.0
"""Width of the cell of a scale from 0 to 100 that counts as the outcome: values are coded as whole numbers."""
EMPIRICAL = 0.55
"""Share of the weighted empirical distribution in the pool; the rest is the uniform one."""
SHARPNESS = 1.6
"""By which the log-odds of the pool are multiplied."""
Pairs = tuple[tuple[float, float], tuple[float, float]]
PRIOR: Pairs = (0.48, 0.14), (-1.46, 0.145)
"""Means and standard deviations of logit(share) and of ln(half), independent: the published record."""


class Constants(NamedTuple):
    """What was fitted to the record.

    The ``share`` of outcomes that are exactly a held position or the reference point, 0..`1 - SURPRISE`; and the
    distance from the compromise at which the chance has halved, as a share of the contested range.
    """

    share: float = 0.6
    half: float = 0.25


PUBLISHED = Constants()
"""Of DEU III, fitted .62 [.55, .69] and .23 [.17, .32] (95 %) and rounded."""


class Footholds(NamedTuple):
    """One issue over all draws, as the distribution sees it.

    Points are the positions, then the reference point, NaN where an actor takes no part, (draws, points). A bloc
    has one vote in all. The centre is the weighted mean, (draws,); last are the least and the most of the points.
    """

    points: Array
    votes: Array
    centre: Array
    least: Array
    most: Array

    def only(self, rows: Sequence[int]) -> Footholds:
        """Return some of the draws, or of the issues, where each is one."""
        return Footholds(*(of[list(rows)] for of in self))


def footholds(position: Array, weight: Array, reference: Array | None = None) -> Footholds:
    """Return the footholds of one issue, by steps 1 to 4 of the page "What the record says".

    Args:
        position: NaN where an actor takes no part, shape (draws, actors).
        weight: influence × salience, at least 0, shape (draws, actors); where all are 0 they count equal.
        reference: what happens without a decision, NaN where there is none, shape (draws,).
    """
    there = ~np.isnan(position)
    share = _normalised(weight, there)
    centre = np.where(there, share * np.where(there, position, 0.0), 0.0).sum(axis=1)
    points = position
    if reference is not None:
        points = np.concatenate([position, reference[:, None]], axis=1)
        share = np.concatenate([share, np.where(np.isnan(reference), 0.0, REFERENCE_WEIGHT)[:, None]], axis=1)
    least, most = np.nanmin(points, axis=1), np.nanmax(points, axis=1)
    spread = np.where(most > least, most - least, 1.0)
    near = np.abs(points[:, :, None] - points[:, None, :]) / (spread * BLOC_WIDTH)[:, None, None]
    bloc = np.einsum("dij,dj->di", np.nan_to_num(np.maximum(0.0, 1.0 - near)), share)
    votes = np.where(np.isnan(points), 0.0, share / (bloc + HALF_VOTE))
    return Footholds(points, votes, centre, least, most)


def _normalised(weight: Array, there: NDArray[np.bool_]) -> Array:
    """Return the weights of those who are there as shares, all alike where nobody has any."""
    held = np.where(there, weight, 0.0)
    held = np.where(held.sum(axis=1, keepdims=True) > 0, held, there)
    return np.asarray(held / np.maximum(held.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny))


def parts(
    of: Footholds, low: Array | float, high: Array | float, constants: Constants = PUBLISHED
) -> tuple[Array, Callable[[Array], Array]]:
    """Return the mass of every atom, shape (draws, points), and a function: the smooth part's mass up to values.

    It takes values of shape (…, draws). The ends of the scale may be those of each of many issues, shape
    (draws,).
    """
    width = of.most - of.least
    apart = width > 0
    half = np.where(apart, constants.half * width, 1.0)
    fade = np.exp2(-np.abs(of.points - of.centre[:, None]) / half[:, None])
    pull = np.nan_to_num(of.votes * fade)
    atoms = np.where(apart, constants.share, 1 - SURPRISE)[:, None] * pull / pull.sum(axis=1, keepdims=True)
    density = np.where(apart, 1 - SURPRISE - constants.share, 0.0)
    rate = np.log(2) / half

    def primitive(z: Array) -> Array:
        """Return the integral of the fading density up to each value, shape (…, draws)."""
        far = np.exp(-rate * np.abs(z - of.centre))
        return np.asarray(np.where(z <= of.centre, far, 2 - far))

    bottom = primitive(of.least)
    whole = np.where(apart, primitive(of.most) - bottom, 1.0)

    def upto(z: Array) -> Array:
        part = (primitive(np.clip(z, of.least, of.most)) - bottom) / whole
        return density * part + SURPRISE * (z - low) / (high - low)

    return atoms, upto


def foothold(
    of: Footholds,
    low: float,
    high: float,
    within: tuple[Array, Array] | None = None,
    constants: Constants = PUBLISHED,
    cells: int = CELLS,
) -> MixedDistribution:
    """Return the foothold distribution of one issue, averaged over the draws.

    The scale runs from ``low`` to ``high``; in each of its cells the smooth part has one density. With the
    lowest and the highest outcome that is possible in each draw (``within``, shapes (draws,), the one never
    above the other: what those who must consent could accept) it is the distribution given that the outcome lies
    there.
    """
    floor, roof = within or (np.full(len(of.centre), low), np.full(len(of.centre), high))
    floor, roof = np.maximum(floor, low), np.minimum(roof, high)
    atoms, upto = parts(of, low, high, constants)
    ease = EASE * (high - low)
    inside = (of.points >= floor[:, None] - ease) & (of.points <= roof[:, None] + ease)
    atoms, start = np.where(inside, atoms, 0.0), upto(floor)
    total = upto(roof) - start + atoms.sum(axis=1)
    only = total <= 0  # one value is possible, and nobody's: it is certain
    total = np.where(only, 1.0, total)
    points = np.column_stack([np.nan_to_num(of.points), floor])
    masses = np.column_stack([atoms, only]) / total[:, None]

    def between(knots: Array) -> Array:
        return (upto(np.clip(knots, floor, roof)) - start) / total

    return over_draws(points, masses, between, low, high, cells)


# --- constants of one's own -----------------------------------------------------------------------


def chance_of_cell(of: Footholds, outcome: Array, scale: tuple[Array, Array], constants: Constants) -> Array:
    """Return the chance of the cell of the scale in which the outcome of each issue lies, (issues,).

    Issues are one a row; their scales' lowest and highest values are of shape (issues,).
    """
    low, high = scale
    step = STEP * (high - low) / 100
    middle = low + step * np.round((outcome - low) / step)
    start, end = np.maximum(low, middle - step / 2), np.minimum(high, middle + step / 2)
    atoms, upto = parts(of, low, high, constants)
    upper = (of.points < end[:, None]) | ((of.points <= end[:, None]) & (end >= high)[:, None])
    inside = np.where((of.points >= start[:, None]) & upper, atoms, 0.0)
    return np.asarray(inside.sum(axis=1) + upto(end) - upto(start))


def fitted(
    of: Footholds, outcome: Array, scale: tuple[Array, Array], prior: Pairs | None = None
) -> Constants:
    """Return the constants under which decided issues were likeliest, their logarithms summed.

    The arguments are those of `chance_of_cell`, and a prior; without it the issues alone decide.
    """

    def read(x: Array) -> Constants:
        return Constants(float((1 - SURPRISE) / (1 + np.exp(-x[0]))), float(np.exp(x[1])))

    def loss(x: Array) -> float:
        total = -float(np.log(chance_of_cell(of, outcome, scale, read(x))).sum())
        pairs = zip(x, prior, strict=True) if prior is not None else ()
        return total + sum(0.5 * ((float(at) - mean) / sd) ** 2 for at, (mean, sd) in pairs)

    start = [np.log(PUBLISHED.share / (1 - SURPRISE - PUBLISHED.share)), np.log(PUBLISHED.half)]
    if not len(outcome):
        return PUBLISHED if prior is None else read(np.array(prior)[:, 0])
    from scipy.optimize import minimize  # slow to load, and seldom needed

    return read(minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-5}).x)


# --- the sharpened pool ---------------------------------------------------------------------------


def sharpened_pool(
    position: Array, weight: Array, low: float, high: float, cells: int = CELLS
) -> MixedDistribution:
    """Return ``F(z) = σ(1.6 · logit(.55 · F_w(z) + .45 · (z − low) / (high − low)))``, averaged over the draws.

    For the arguments see `footholds` and `foothold`.
    """
    there = ~np.isnan(position)
    share = _normalised(weight, there)
    order = np.argsort(np.where(there, position, np.inf), axis=1, kind="stable")
    points = np.take_along_axis(np.where(there, position, high), order, axis=1)
    share = np.take_along_axis(share, order, axis=1)
    draws = np.arange(len(points))[:, None]

    def pooled(z: Array, reached: Array) -> Array:
        pool = np.clip((1 - EMPIRICAL) * (z - low) / (high - low) + EMPIRICAL * reached, 0.0, 1.0)
        with np.errstate(divide="ignore"):  # exact at 0 and 1
            return np.asarray(1 / (1 + ((1 - pool) / pool) ** SHARPNESS))

    upto = np.cumsum(share, axis=1)
    masses = pooled(points, upto) - pooled(points, upto - share)  # those at one place add up to its jump
    masses = np.where(masses > 1e-15, masses, 0.0)

    def between(knots: Array) -> Array:
        """Return what is reached up to each knot, less the jumps passed: both are added up along the knots."""
        z = np.clip(knots, low, high)
        first = (np.searchsorted(z[:, 0], points) * len(points) + draws).ravel()

        def passed(of: Array) -> Array:
            found = np.bincount(first, of.ravel(), (len(z) + 1) * len(points))
            return np.cumsum(found.reshape(-1, len(points))[:-1], axis=0)

        return pooled(z, passed(share)) - passed(masses)

    return over_draws(points, masses, between, low, high, cells)
