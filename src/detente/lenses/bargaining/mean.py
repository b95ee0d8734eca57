"""Where would an issue settle if every actor pulled in proportion to its weight?

The weighted mean: Van den Bos 1991, *Dutch EC Policy Making*; Achen 2006, in *The European Union
Decides*, ch. 4. It is the asymmetric Nash solution for quadratic losses when failure is very costly (see
``nash.py``), and the baseline that every other method has to beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.lenses.bargaining.weights import Array, effective_weight


@dataclass(frozen=True, slots=True)
class Pull:
    """How far the weighted mean follows a small change in one actor, all else equal.

    Attributes:
        position: draws × issues × actors, ∂x*/∂x_i = w_i/W; from 0 to 1, sums to 1 over the actors of an issue.
        weight: the same shape, ∂x*/∂w_i = (x_i − x*)/W, in units of the scale per unit of weight.
            Both are NaN where an actor has no stance.
    """

    position: Array
    weight: Array


def weighted_mean(position: Array, salience: Array, influence: Array) -> Array:
    """Return the weighted mean x* = Σ w_i x_i / W of every draw and issue.

    1. Weights w_i = influence × salience, their sum W; actors without a stance take no part.
    2. Weighted sum of positions, divided by W.
    3. Rounding may leave the hull of the positions by a last digit: put it back. Hence one actor, or actors
       who all agree, give their position to the last bit.

    Returns:
        Draws × issues, on the issue's own scale; for the arguments see `effective_weight`.

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero.
    """
    return mean_by_weight(position, *effective_weight(position, salience, influence))


def mean_by_weight(position: Array, weight: Array, total: Array) -> Array:
    """Return the mean for given weights, 0 without a stance, and their sums above 0 (steps 2 and 3)."""
    mean = np.einsum("dmn,dmn->dm", weight, position)
    mean /= total
    if np.isnan(mean).any():
        mean = np.einsum("dmn,dmn->dm", weight, np.where(np.isnan(position), 0.0, position)) / total
        return _within(mean, np.nanmin(position, axis=-1), np.nanmax(position, axis=-1))
    return _within(mean, position.min(axis=-1), position.max(axis=-1))


def pull(position: Array, salience: Array, influence: Array) -> Pull:
    """Return the exact derivatives of the weighted mean by every actor's position and weight.

    Takes the arrays of :func:`weighted_mean` and raises what it raises. From x* = Σ w_i x_i / W follow
    ∂x*/∂x_i = w_i/W and ∂x*/∂w_i = (x_i − x*)/W; the chain rule gives influence (times s_i) and salience
    (times c_i).
    """
    weight, total = effective_weight(position, salience, influence)
    mean = mean_by_weight(position, weight, total)
    by_weight = (position - mean[..., None]) / total[..., None]
    by_position = np.where(np.isnan(position), np.nan, weight / total[..., None])
    return Pull(position=by_position, weight=by_weight)


def unweighted_mean(position: Array) -> Array:
    """Return the plain mean of the positions of the actors that have one (draws × issues).

    The naive baseline: every actor counts the same. NaN on an issue where nobody has a position.
    """
    present = ~np.isnan(position)
    count = present.sum(axis=-1)
    total = np.where(present, position, 0.0).sum(axis=-1)
    low = np.where(present, position, np.inf).min(axis=-1, initial=np.inf)
    high = np.where(present, position, -np.inf).max(axis=-1, initial=-np.inf)
    mean = _within(total / np.maximum(count, 1), low, high)
    return np.where(count > 0, mean, np.nan)


def _within(value: Array, low: Array, high: Array) -> Array:
    """Return ``value`` moved to the nearer bound where it lies outside ``low..high``."""
    return np.minimum(np.maximum(value, low), high)
