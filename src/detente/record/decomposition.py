"""Why is a mean score what it is? Miscalibration, discrimination and the uncertainty of the questions (CORP).

Dimitriadis, Gneiting & Jordan 2021, *PNAS* 118: recalibrate by isotonic regression, without bins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from detente.lenses.summary import Array

RECORDS = 1_000
"""Records that are drawn for a band."""


class Decomposition(NamedTuple):
    """``mean score = miscalibration − discrimination + uncertainty``, all at least 0.

    Attributes:
        miscalibration: what perfect recalibration would gain; optimistic noise where questions are few.
        discrimination: what telling questions apart gains over the base rate.
        uncertainty: score of the base rate.
    """

    miscalibration: float
    discrimination: float
    uncertainty: float


def recalibrated(forecast: Array, outcome: Array) -> Array:
    """Return the increasing function of the forecast that fits the outcomes best; equal forecasts stay equal."""
    values, which, counts = np.unique(forecast, return_inverse=True, return_counts=True)
    means = np.bincount(which, weights=outcome, minlength=len(values)) / counts
    fitted: Array = isotonic_regression(means, weights=counts.astype(float)).x
    return fitted[which]


def of_brier(chance: Array, happened: Array) -> Decomposition:
    """Return the decomposition of the mean Brier score of events, shapes (events,)."""
    return _parts(chance, happened)


def of_crps(upto: Array, thresholds: Array, outcome: Array) -> Decomposition:
    """Return the decomposition of the mean CRPS: that of the Brier score of ``y ≤ z``, integrated over z.

    Args:
        upto: chance of an outcome of at most each threshold, shape (questions, thresholds).
        thresholds: middles of equal cells of a common scale, shape (thresholds,).
        outcome: shape (questions,).

    Returns:
        In units of the scale.
    """
    parts = [_parts(upto[:, k], (outcome <= z).astype(float)) for k, z in enumerate(thresholds)]
    width = float(thresholds[1] - thresholds[0])
    return Decomposition(*(float(column.sum()) * width for column in np.array(parts).T))


def by_chance(chance: Array, inside: float = 0.95, seed: int = 1) -> tuple[float, Array, Array]:
    """Return what a forecaster who is right would show: outcomes are drawn from the chances themselves.

    Args:
        chance: of every event, shape (events,).
        inside: share of records that the band holds.
        seed: of the draws.

    Returns:
        The miscalibration that is exceeded by chance in 1 − ``inside`` of such records; and between which values
        the recalibrated chance of each event falls in ``inside`` of them, shapes (events,).
    """
    drawn = (np.random.default_rng(seed).random((RECORDS, len(chance))) < chance).astype(float)
    reached = [_parts(chance, one).miscalibration for one in drawn]
    curves = np.array([recalibrated(chance, one) for one in drawn])
    low, high = np.quantile(curves, [(1 - inside) / 2, (1 + inside) / 2], axis=0)
    return float(np.quantile(reached, inside)), low, high


def _parts(chance: Array, happened: Array) -> Decomposition:
    score = float(((chance - happened) ** 2).mean())
    base = float(((happened.mean() - happened) ** 2).mean())
    best = float(((recalibrated(chance, happened) - happened) ** 2).mean())
    return Decomposition(score - best, base - best, base)
