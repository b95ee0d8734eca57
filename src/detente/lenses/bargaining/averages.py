"""Where would an issue settle by the weights of the actors alone? The weighted mean and the weighted median.

Weight is influence times salience (Van den Bos 1991, *Dutch EC Policy Making*): what an actor could bring to bear,
times the share of it that the actor would spend here. All solvers of this lens read stances by `effective_weight`:
without a stance an actor takes no part in an issue.

The mean is where all pull in proportion (Achen 2006, in *The European Union Decides*, ch. 4): the asymmetric
Nash solution for quadratic losses when failure is very costly (see ``nash.py``), and the baseline that every other
method has to beat. The median (Black 1948, *Journal of Political Economy* 56:23–34) beats every other position in
a vote that counts weights, where preferences are single-peaked; it has the least weighted distance to all actors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.errors import NoWeightError

Array = NDArray[np.float64]

HALF = 0.5 * (1.0 - 1e-12)
"""Share of the weight at which a running sum counts as half of it: rounding must not decide a tie."""
SAME_PLACE = 1e-12
"""Positions that differ by less than this share of their scale's width are one position."""


def effective_weight(position: Array, salience: Array, influence: Array) -> tuple[Array, Array]:
    """Return every actor's weight and the sum over actors.

    Every solver of this lens takes the same three arrays.

    Args:
        position: draws × issues × actors, on the issue's own scale; NaN where an actor has no stance.
        salience: the same shape, 0..1.
        influence: the same shape, ≥ 0; only ratios matter.

    Returns:
        Weights (draws × issues × actors; 0 where there is no stance) and their sums (draws × issues).

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero.
    """
    weight = influence * salience
    total = weight.sum(axis=-1)
    if np.isnan(total).any():
        weight = np.where(np.isnan(position), 0.0, weight)
        total = weight.sum(axis=-1)
    if not (total > 0.0).all():
        raise NoWeightError(int(np.argwhere(~(total > 0.0))[0, 1]))
    return weight, total


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


def pull(position: Array, salience: Array, influence: Array) -> tuple[Array, Array]:
    """Return the exact derivatives of the weighted mean by every actor's position and by its weight.

    Takes the arrays of :func:`weighted_mean` and raises what it raises. Both are of their shape, NaN without a
    stance: ∂x*/∂x_i = w_i/W, from 0 to 1, and ∂x*/∂w_i = (x_i − x*)/W, in units of the scale; the chain rule gives
    influence (times s_i) and salience (times c_i).
    """
    weight, total = effective_weight(position, salience, influence)
    mean = mean_by_weight(position, weight, total)
    by_weight = (position - mean[..., None]) / total[..., None]
    return np.where(np.isnan(position), np.nan, weight / total[..., None]), by_weight


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


def weighted_median(position: Array, salience: Array, influence: Array) -> Array:
    """Return the lower weighted median of every draw and issue.

    1. Weights w_i = influence × salience, their sum W; actors without a stance take no part.
    2. Sort the positions, add up the weights in that order.
    3. The first position at which the sum reaches W/2 (within rounding). Where the sum hits W/2 exactly, every
       point up to the next position is a median: the lower end is returned.

    The result is always some actor's position, to the last bit.

    Returns:
        Draws × issues, on the issue's own scale; for the arguments see `effective_weight`.

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero.
    """
    weight, _ = effective_weight(position, salience, influence)
    actors = position.shape[-1]
    order = np.argsort(position, axis=-1)  # NaN goes last, where its weight of 0 changes no sum
    order += np.arange(order.size // actors).reshape(*order.shape[:-1], 1) * actors
    running = np.cumsum(weight.reshape(-1)[order], axis=-1)
    rank = np.argmax(running >= HALF * running[..., -1:], axis=-1)
    chosen = np.take_along_axis(order, rank[..., None], axis=-1)[..., 0]
    return np.asarray(position.reshape(-1)[chosen], dtype=np.float64)
