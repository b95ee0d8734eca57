"""Where does a cumulative distribution first reach a probability? Chandrupatla's root finder, vectorised.

Chandrupatla 1997, *Advances in Engineering Software* 28:145-149: inverse quadratic interpolation where it is
safe, bisection where it is not. Every element is iterated on its own, so that its result does not depend on
which others are solved with it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from detente.quantity.distributions import Array

_EPSILON = float(np.finfo(np.float64).eps)
_MOST_STEPS = 200


def first_reaching(cdf: Callable[[Array], Array], u: Array, low: Array, high: Array) -> Array:
    """Return the smallest x in ``[low, high]`` with ``cdf(x) >= u``, to a few units in the last place.

    Args:
        cdf: non-decreasing function on arrays.
        u: probabilities, shape (k,).
        low: where the probability is at most ``u``, shape (k,), finite.
        high: where it is at least ``u``, shape (k,), finite.
    """
    found = np.where(cdf(low) >= u, low, high)
    open_ = np.flatnonzero((found > low) & (high > low))
    x1, x2, u = high[open_], low[open_], u[open_]
    f1, f2 = cdf(x1) - u, cdf(x2) - u
    x3, f3, t = x2, f2, np.full(len(open_), 0.5)
    least = _EPSILON * (x1 - x2) / 256
    for _ in range(_MOST_STEPS):  # pragma: no branch - it never takes so many
        if not len(open_):
            break
        x = x1 + t * (x2 - x1)
        f = cdf(x) - u
        same = (f < 0) == (f1 < 0)
        x3, f3 = np.where(same, x1, x2), np.where(same, f1, f2)
        x2, f2 = np.where(same, x2, x1), np.where(same, f2, f1)
        x1, f1 = x, f
        nearest = np.where(np.abs(f1) < np.abs(f2), x1, x2)
        smallest = np.maximum(2 * _EPSILON * np.abs(nearest), least) / np.abs(x2 - x1)
        t = np.minimum(np.maximum(_step(x1, x2, x3, f1, f2, f3), smallest), 1 - smallest)
        going = (smallest <= 0.5) & (x2 != x1)
        if going.all():
            continue
        done = ~going
        found[open_[done]] = np.where(f1 >= 0, x1, np.where(f2 >= 0, x2, found[open_]))[done]
        open_ = open_[going]
        t, least, u, x1, x2, x3, f1, f2, f3 = np.stack((t, least, u, x1, x2, x3, f1, f2, f3))[:, going]
    return found


def _step(x1: Array, x2: Array, x3: Array, f1: Array, f2: Array, f3: Array) -> Array:
    """Return how far to go from ``x1`` towards ``x2``: interpolated where the curve allows, else half way."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
        curve = f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
        safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi) & np.isfinite(curve)
    return np.where(safe, curve, 0.5)
