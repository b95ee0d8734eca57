"""How much does each actor count on each issue?

Weight is influence times salience (Van den Bos 1991): what an actor could bring to bear, times the share of
it that the actor would spend here. All solvers of this lens read stances through this file, so that a missing
stance means the same to each of them: the actor takes no part in that issue.
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
