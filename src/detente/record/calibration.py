"""Do outcomes fall where forecasts put them? Coverage and the probability integral transform, with their bands.

A forecast with atoms has no single rank of an outcome but a segment of ranks, ``F(y−)`` to ``F(y)``. One unit is
spread over it (Czado, Gneiting & Held 2009, *Biometrics* 65): nothing is drawn at random, and a forecaster who is
right covers exactly what is stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detente.lenses.summary import Array
from detente.record.scores import Decomposition, of_crps
from detente.study.outlook.mixed import MixedDistribution

SIMULATIONS = 2_000
TENTHS = 10
CELLS = 100


def decile_shares(left: Array, upto: Array) -> Array:
    """Return how much of each segment F(y−) to F(y) lies in each tenth, shape (outcomes, 10); rows sum to 1."""
    edges = np.linspace(0, 1, TENTHS + 1)
    lows, highs = np.maximum(left[:, None], edges[:-1]), np.minimum(upto[:, None], edges[1:])
    width = (upto - left)[:, None]
    spread = np.maximum(0, highs - lows) / np.where(width > 0, width, 1)
    at = np.minimum((left * TENTHS).astype(int), TENTHS - 1)
    single: Array = (np.arange(TENTHS) == at[:, None]).astype(float)
    return np.where(width > 0, spread, single)


def mid_atom_coverage(left: Array, upto: Array, level: float) -> Array:
    """Return the share of each segment of ranks that lies in the central interval of a level, shape (outcomes,).

    A closed interval with atoms at its ends must hold *more* than its level; this is what averages to it.
    """
    low, high = (1 - level) / 2, (1 + level) / 2
    width = upto - left
    inside = np.maximum(0, np.minimum(upto, high) - np.maximum(left, low))
    point = ((left >= low) & (left <= high)).astype(float)
    return np.where(width > 0, inside / np.where(width > 0, width, 1), point)


class Bands(NamedTuple):
    """Where a forecaster who is right would be found in 95 of 100 records of as many questions.

    Attributes:
        low: least coverage of the central 80 %.
        high: greatest.
        ranks: how far the share of outcomes in *any* tenth of the ranks strays from a tenth: simultaneous.
    """

    low: float
    high: float
    ranks: float


def bands(forecasts: Sequence[MixedDistribution], level: float = 0.8, seed: int = 1) -> Bands:
    """Return the bands of chance: outcomes are drawn from the forecasts themselves, `SIMULATIONS` times."""
    random = np.random.default_rng(seed)
    covered, shares = np.zeros(SIMULATIONS), np.zeros((SIMULATIONS, TENTHS))
    for one in forecasts:
        drawn = one.quantile(random.random(SIMULATIONS))
        left, upto = one.below(drawn), one.at(drawn)
        covered += mid_atom_coverage(left, upto, level)
        shares += decile_shares(left, upto)
    low, high = np.quantile(covered / len(forecasts), [0.025, 0.975])
    furthest = np.abs(shares / len(forecasts) - 1 / TENTHS).max(axis=1)
    return Bands(float(low), float(high), float(np.quantile(furthest, 0.95)))


class Calibration(NamedTuple):
    """How the forecasts of one forecaster lie to what came out.

    Attributes:
        holds80: share of outcomes in the central 80 %, atoms counted in part.
        holds50: the same of the central 50 %.
        ranks: share of outcomes in each tenth of the ranks.
        by_chance: where `holds80` and `ranks` would be found if the forecasts were right.
        parts: of the mean CRPS, as a share of the scale.
    """

    holds80: float
    holds50: float
    ranks: tuple[float, ...]
    by_chance: Bands
    parts: Decomposition


def calibration(
    forecasts: Sequence[MixedDistribution], left: Array, upto: Array, outcome: Array
) -> Calibration:
    """Return how outcomes lie in their forecasts, whose scales may differ.

    Args:
        forecasts: of the questions.
        left: F(y−) of each outcome.
        upto: F(y) of each outcome.
        outcome: on the scale of each.
    """
    low, high = np.array([(one.low, one.high) for one in forecasts]).T
    middles = (np.arange(CELLS) + 0.5) / CELLS
    reached = np.array([one.at(one.low + middles * (one.high - one.low)) for one in forecasts])
    return Calibration(
        holds80=float(mid_atom_coverage(left, upto, 0.8).mean()),
        holds50=float(mid_atom_coverage(left, upto, 0.5).mean()),
        ranks=tuple(decile_shares(left, upto).mean(axis=0).tolist()),
        by_chance=bands(forecasts),
        parts=of_crps(reached, middles, (outcome - low) / (high - low)),
    )
