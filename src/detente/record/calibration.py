"""Do outcomes fall where forecasts put them? Coverage and the probability integral transform, with their bands.

A forecast with atoms has no single rank of an outcome but a segment of ranks, ``F(y−)`` to ``F(y)``. One unit is
spread over it (Czado, Gneiting & Held 2009, *Biometrics* 65): nothing is drawn at random, and a forecaster who is
right covers exactly what is stated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.lenses.summary import Array
from detente.study.outlook.mixed import MixedDistribution

SIMULATIONS = 2_000


def decile_shares(left: Array, upto: Array, bins: int = 10) -> Array:
    """Return how much of each segment lies in each bin of ranks, shape (outcomes, bins); rows sum to 1.

    Args:
        left: F(y−) of each outcome.
        upto: F(y) of each outcome.
        bins: of equal width from 0 to 1.
    """
    edges = np.linspace(0, 1, bins + 1)
    lows, highs = np.maximum(left[:, None], edges[:-1]), np.minimum(upto[:, None], edges[1:])
    width = (upto - left)[:, None]
    spread = np.maximum(0, highs - lows) / np.where(width > 0, width, 1)
    at = np.minimum((left * bins).astype(int), bins - 1)
    single: Array = (np.arange(bins) == at[:, None]).astype(float)
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


def segments(forecasts: Sequence[MixedDistribution], outcomes: Array) -> tuple[Array, Array]:
    """Return F(y−) and F(y) of every outcome under its forecast, shapes (outcomes,)."""
    pairs = [one.segment(float(y)) for one, y in zip(forecasts, outcomes, strict=True)]
    left, upto = np.array(pairs, float).reshape(-1, 2).T
    return left, upto


def coverage_band(
    forecasts: Sequence[MixedDistribution], level: float, inside: float = 0.95, seed: int = 1
) -> tuple[float, float]:
    """Return between which coverages a forecaster who is right would be found, as often as ``inside`` says.

    Outcomes are drawn from the forecasts themselves, `SIMULATIONS` times.
    """
    random = np.random.default_rng(seed)
    total = np.zeros(SIMULATIONS)
    for one in forecasts:
        drawn = one.quantile(random.random(SIMULATIONS))
        total += mid_atom_coverage(one.below(drawn), one.at(drawn), level)
    low, high = np.quantile(total / len(forecasts), [(1 - inside) / 2, (1 + inside) / 2])
    return float(low), float(high)


def rank_band(
    forecasts: Sequence[MixedDistribution], bins: int = 10, inside: float = 0.95, seed: int = 1
) -> float:
    """Return how far a share of ranks in *any* of the bins may stray from ``1/bins`` by chance: simultaneous."""
    random = np.random.default_rng(seed)
    total = np.zeros((SIMULATIONS, bins))
    for one in forecasts:
        drawn = one.quantile(random.random(SIMULATIONS))
        total += decile_shares(one.below(drawn), one.at(drawn), bins)
    furthest = np.abs(total / len(forecasts) - 1 / bins).max(axis=1)
    return float(np.quantile(furthest, inside))
