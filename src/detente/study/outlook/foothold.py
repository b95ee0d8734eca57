"""Which outcome does the record of decided negotiations make likely? The foothold distribution.

Six outcomes in ten are exactly a position that somebody holds, or the reference point; the rest lie between the
extremes. Either way the chance halves with every quarter of the contested range away from the compromise. Found on
245 decided issues of the European Union (DEU III, Arregui & Perarnaud 2021, doi:10.34810/data53); the page "What
the record says" has the fit, the figures, and what it is not tested on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

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


@dataclass(frozen=True, slots=True)
class Constants:
    """What was fitted to the record.

    Attributes:
        share: of outcomes that are exactly a held position or the reference point; 0..`1 - SURPRISE`.
        half: distance from the compromise at which the chance has halved, as a share of the contested range.
    """

    share: float = 0.6
    half: float = 0.25


PUBLISHED = Constants()
"""Of DEU III, fitted .62 [.55, .69] and .23 [.17, .32] (95 %) and rounded."""


@dataclass(frozen=True, slots=True)
class Footholds:
    """One issue over all draws, as the distribution sees it.

    Attributes:
        points: positions, then the reference point; NaN where an actor takes no part, shape (draws, points).
        votes: one bloc one vote, 0 where there is no point, shape (draws, points).
        centre: the weighted mean, shape (draws,).
        least: lowest of the points, shape (draws,).
        most: highest of the points, shape (draws,).
    """

    points: Array
    votes: Array
    centre: Array
    least: Array
    most: Array

    def only(self, rows: Sequence[int]) -> Footholds:
        """Return some of the draws, or of the issues, where each row is one."""
        chosen = list(rows)
        return Footholds(*(getattr(self, field.name)[chosen] for field in fields(self)))


def footholds(position: Array, weight: Array, reference: Array | None = None) -> Footholds:
    """Return the footholds of one issue.

    1. Weights are normalised over the actors who take part; where all are 0 they are equal.
    2. The compromise is the weighted mean of the positions.
    3. The reference point, where there is one, joins with weight .2, as a foothold only.
    4. ``S_i`` is the weight of the bloc round point *i*, itself included: each weight counts in full at the same
       place and not at all beyond a fifth of the contested range.
    5. A point has the vote ``w_i / (S_i + .05)``: so a bloc has one vote in all, half a vote at 5 % of weight.

    Args:
        position: NaN where an actor takes no part, shape (draws, actors).
        weight: influence × salience, at least 0, shape (draws, actors).
        reference: what happens without a decision, NaN where there is none, shape (draws,).
    """
    there = ~np.isnan(position)
    held = np.where(there, weight, 0.0)
    total = held.sum(axis=1, keepdims=True)
    equal = there / np.maximum(1, there.sum(axis=1, keepdims=True))
    share = np.where(total > 0, held / np.where(total > 0, total, 1.0), equal)
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


def parts(
    of: Footholds, low: Array | float, high: Array | float, constants: Constants = PUBLISHED
) -> tuple[Array, Callable[[Array], Array]]:
    """Return the mass of every atom, and the mass of the smooth part up to a value.

    Args:
        of: the issue in many draws, or many issues.
        low: lowest value of the scale, or of each one's, shape (draws,).
        high: highest value.
        constants: fitted to the record.

    Returns:
        Shape (draws, points); and a function of values, shape (…, draws), to masses of the same shape.
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
        reached: Array = np.where(z <= of.centre, far, 2 - far)
        return reached

    bottom = primitive(of.least)
    whole = np.where(apart, primitive(of.most) - bottom, 1.0)

    def upto(z: Array) -> Array:
        """Return the smooth mass up to each value, shape of ``z`` (…, draws)."""
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

    Args:
        of: the issue.
        low: lowest value of the scale.
        high: highest value of the scale.
        within: lowest and highest outcome that is possible in each draw (what those who must consent could
            accept), the one never above the other, shapes (draws,): the distribution given that the outcome
            lies there.
        constants: fitted to the record.
        cells: of the scale, in each of which the smooth part has one density.
    """
    floor, roof = within or (np.full(len(of.centre), low), np.full(len(of.centre), high))
    floor, roof = np.maximum(floor, low), np.minimum(roof, high)
    atoms, upto = parts(of, low, high, constants)
    ease = EASE * (high - low)
    inside = (of.points >= floor[:, None] - ease) & (of.points <= roof[:, None] + ease)
    atoms = np.where(inside, atoms, 0.0)
    start = upto(floor)
    total = upto(roof) - start + atoms.sum(axis=1)
    only = total <= 0  # one value is possible, and nobody's: it is certain
    points = np.column_stack([np.nan_to_num(of.points), floor])
    atoms = np.column_stack([atoms, only])
    total = np.where(only, 1.0, total)

    def between(knots: Array) -> Array:
        return (upto(np.clip(knots, floor, roof)) - start) / total

    return over_draws(points, atoms / total[:, None], between, low, high, cells)
