"""On which settlement of a discrete issue would all agree, where some value each settlement by itself?

The asymmetric Nash solution of `nash` over a list of settlements: with values of any shape the objective has no
single peak, and the few settlements are looked at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.lenses.bargaining.weights import Array, effective_weight
from detente.lenses.worth import as_loss, worth

SAME = 1e-12
"""Gains that differ by less are equal: rounding must not make somebody gain."""


@dataclass(frozen=True, slots=True)
class Valued:
    """The settlements of one issue, and what they are worth to who values them by themselves.

    Attributes:
        settlements: shape (L,), on the issue's own scale, ascending.
        values: draws × actors × L, 0..1; NaN for who has a position.
        no_deal: draws × actors, what no deal is worth, 0..1; NaN where it follows from the no-deal point.
    """

    settlements: Array
    values: Array
    no_deal: Array


def nash_table(
    valued: Valued,
    position: Array,
    salience: Array,
    influence: Array,
    no_deal: Array,
    failure_cost: Array,
    width: float,
    *,
    exponent: float = 2,
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the settlement that maximises Σ w_i ln g_i, where every gain g_i must be positive.

    1. An actor with values loses 1 − v; one with a position |x − p|^a, on the scale brought to 0..1.
    2. It gains g_i(x) = loss without a deal − loss at x + κ, with a position κ^a; without an own value
       of no deal the former is that of the no-deal point, between two settlements in proportion.
    3. Of the settlements at which all with weight gain, the greatest Σ w_i ln g_i wins; of equals the lowest.

    Arrays are draws × actors; the no-deal point and κ ≥ 0, a share of the scale or of what settlements are worth,
    one per draw; a is the exponent.

    Returns:
        Outcome, shape (draws,): the no-deal point where no settlement is better for all; and whether one is.

    Raises:
        NoWeightError: in some draw all weights are zero.
    """
    weight = effective_weight(position[:, None], salience[:, None], influence[:, None])[0][:, 0]
    settlements = np.broadcast_to(valued.settlements, (len(no_deal), len(valued.settlements)))
    points = np.concatenate([settlements, no_deal[:, None]], axis=1)
    losses = (
        np.abs(points[:, None, :] - position[..., None]) / width
    ) ** exponent  # draws × actors × (L + 1)
    own = ~np.isnan(valued.values[..., 0])
    at_point = worth(no_deal[:, None, None], valued.settlements, valued.values)[..., 0]
    without = np.where(np.isnan(valued.no_deal), at_point, valued.no_deal)
    losses[own] = 1.0 - np.concatenate([valued.values, without[..., None]], axis=-1)[own]
    cost = np.where(own, failure_cost[:, None], as_loss(failure_cost, exponent)[:, None])
    gains = losses[..., -1:] + cost[..., None] - losses[..., :-1]
    counts = weight > 0.0
    gains = np.where(counts[..., None], gains, 1.0)
    shared = (gains > SAME).all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        product = np.where(shared, (weight[..., None] * np.log(np.maximum(gains, SAME))).sum(axis=1), -np.inf)
    top = product.max(axis=-1, keepdims=True)
    near = product >= top - SAME * np.maximum(1.0, np.abs(top))
    agreed: NDArray[np.bool_] = np.asarray(shared.any(axis=-1))
    return np.where(agreed, valued.settlements[near.argmax(axis=-1)], no_deal), agreed
