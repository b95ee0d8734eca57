"""Why is a mean score what it is? Miscalibration, discrimination and the uncertainty of the questions (CORP).

Dimitriadis, Gneiting & Jordan 2021, *PNAS* 118: recalibrate by isotonic regression, without bins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from detente.lenses.summary import Array


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
        thresholds: ascending, shape (thresholds,), from the lower to the upper end of a common scale.
        outcome: shape (questions,).
    """
    parts = np.array([_parts(upto[:, k], (outcome <= z).astype(float)) for k, z in enumerate(thresholds)])
    return Decomposition(*(float(np.trapezoid(column, thresholds)) for column in parts.T))


def _parts(chance: Array, happened: Array) -> Decomposition:
    score = float(((chance - happened) ** 2).mean())
    base = float(((happened.mean() - happened) ** 2).mean())
    best = float(((recalibrated(chance, happened) - happened) ** 2).mean())
    return Decomposition(score - best, base - best, base)
