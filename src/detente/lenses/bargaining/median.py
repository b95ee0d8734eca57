"""Which position would beat every other in a vote that counts weights?

Black 1948, *Journal of Political Economy* 56:23–34: with single-peaked preferences on one dimension it is the
weighted median. Among positions it is also the one with the least weighted distance to all actors.
"""

from __future__ import annotations

import numpy as np

from detente.lenses.bargaining.weights import HALF, Array, effective_weight


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
    return median_by_weight(position, effective_weight(position, salience, influence)[0])


def median_by_weight(position: Array, weight: Array) -> Array:
    """Return the lower median for given weights: 0 without a stance, not all 0 (steps 2 and 3)."""
    actors = position.shape[-1]
    order = np.argsort(position, axis=-1)  # NaN goes last, where its weight of 0 changes no sum
    order += np.arange(order.size // actors).reshape(*order.shape[:-1], 1) * actors
    running = np.cumsum(weight.reshape(-1)[order], axis=-1)
    rank = np.argmax(running >= HALF * running[..., -1:], axis=-1)
    chosen = np.take_along_axis(order, rank[..., None], axis=-1)[..., 0]
    return np.asarray(position.reshape(-1)[chosen], dtype=np.float64)
