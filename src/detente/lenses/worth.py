"""What is a settlement worth to an actor that values each by itself, and what is a point between two of them?

And what does failing cost? Lenses share this so that no two read a case in different ways: a settlement of value
v costs the actor 1 − v, in the unit in which the whole scale costs 1; between two settlements, where only the
no-deal point can lie, values follow the straight line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def anchors(values: Mapping[str, Any]) -> list[str]:
    """Return the settlements that values are stated for, from the low end of the scale to the high end.

    >>> anchors({"100": 1, "20": 0.5})
    ['20', '100']
    """
    return sorted(values, key=float)


def best(settlements: Array, values: Array) -> Array:
    """Return the settlement, shape (...), of the highest value: of (L,) ascending, valued (..., L), the first."""
    return np.asarray(settlements[values.argmax(axis=-1)])


def worth(at: Array, settlements: Array, values: Array) -> Array:
    """Return what points of the scale are worth.

    Args:
        at: shape (..., m), from the first settlement to the last.
        settlements: shape (L,), ascending, two or more.
        values: shape (..., L).

    Returns:
        shape (..., m).
    """
    left = np.clip(np.searchsorted(settlements, at, side="right") - 1, 0, len(settlements) - 2)
    share = (at - settlements[left]) / (settlements[left + 1] - settlements[left])
    below, above = (np.take_along_axis(values, left + step, axis=-1) for step in (0, 1))
    return np.asarray(below + share * (above - below))


def as_loss(cost: Array, exponent: float) -> Array:
    """Return costs of failure in the unit of losses: |κ|^a with the sign of κ.

    A cost of κ says that failing costs as much as an outcome that share of the scale away from what one wants;
    where losses are squared, so is that.

    Args:
        cost: shares of the scale; below 0 for who gains from failure.
        exponent: a of the loss, 1 for distances, 2 for squares.
    """
    return np.asarray(cost if exponent == 1 else np.copysign(np.abs(cost) ** exponent, cost))
