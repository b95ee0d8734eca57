"""What do the ways of writing doubt mean? Truncated distributions, vectorised over their parameters.

Each distribution is a set of pure functions on arrays that broadcast together: the quantile function of the
distribution cut to ``[low, high]`` (cut, and rescaled to mass one; never piled up at the bounds), its
cumulative distribution function, and its moments. See Johnson, Kotz & Balakrishnan, *Continuous Univariate
Distributions* vol. 1 (1994), section 13.10, and vol. 2 (1995), chapter 26.

All arguments are in the unit of the quantity; ``u`` and probabilities are in 0..1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Numbers = Array | float

_NARROW = 1e-7  # bounds so close, in standard deviations, that the density between them is flat
_FAR = 1e-280  # probability below which the tail is followed by its logarithm
_NEWTON_STEPS = 5
_ROOT_2, _HALF_ROOT_PI = math.sqrt(2), math.sqrt(math.pi / 2)
_NOTHING_BEYOND = 9.0  # standard deviations; the tail weighs 1e-19
_NEGLIGIBLE = 40.0  # exp(-40) of the density at its peak is nothing


def normal_quantile(u: Numbers, mean: Numbers, sd: Numbers, low: Numbers, high: Numbers) -> Array:
    """Quantile of a normal distribution cut to ``[low, high]``; exact in either tail, however far out."""
    from scipy.special import ndtr, ndtri

    u, a, b, flip = _in_lower_tail(u, mean, sd, low, high)
    v = np.where(flip, 1 - u, u)
    below_a, below_b = ndtr(a), ndtr(b)
    z = ndtri(below_a + v * (below_b - below_a))
    narrow, far = _narrow(a, b), below_b < _FAR
    if np.any(far):
        z = np.where(far, _far_quantile(np.where(flip, u, 1 - u), a, b), z)
    if np.any(narrow):
        z = np.where(narrow, a + v * (b - a), z)
    z = np.where(flip, -z, z)
    return np.asarray(np.clip(mean + sd * z, low, high))


def _in_lower_tail(
    u: Numbers, mean: Numbers, sd: Numbers, low: Numbers, high: Numbers
) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Return ``u`` and the standardised bounds, mirrored where they reach further up than down.

    In the lower tail probabilities keep their relative precision.
    """
    a = (np.asarray(low, dtype=np.float64) - mean) / sd
    b = (np.asarray(high, dtype=np.float64) - mean) / sd
    flip = np.abs(a) < np.abs(b)
    return np.asarray(u, dtype=np.float64), np.where(flip, -b, a), np.where(flip, -a, b), flip


def _narrow(a: Array, b: Array) -> NDArray[np.bool_]:
    """Tell where the density hardly changes from ``a`` to ``b``."""
    reach = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1.0)
    with np.errstate(over="ignore"):
        return np.asarray((b - a) * reach < _NARROW)


def _fall(t: Array, a: Array) -> Array:
    """Return ``log Q(a) - log Q(a + t)``, Q being the upper tail of the standard normal, without cancellation."""
    from scipy.special import erfcx

    scaled = np.log(erfcx((a + t) / _ROOT_2) / erfcx(a / _ROOT_2))
    return np.asarray(t * (t + 2 * a) / 2 - scaled)


def _far_quantile(w: Array, a: Array, b: Array) -> Array:
    """Quantile where even the upper bound lies far out in the lower tail; ``w`` is the share above it.

    Newton's method on the logarithm of the tail, which is convex and almost straight.
    """
    from scipy.special import erfcx

    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        start = np.where(b < 0, -b, 1.0)
        mass = np.where(np.isinf(a), 1.0, -np.expm1(-_fall(b - a, start)))
        wanted = -np.log1p(-w * mass)
        t = wanted / start
        for _ in range(_NEWTON_STEPS):
            t = t - (_fall(t, start) - wanted) * _HALF_ROOT_PI * erfcx((start + t) / _ROOT_2)
        return np.where(np.isinf(wanted), a, b - t)


def normal_cdf(x: Numbers, mean: Numbers, sd: Numbers, low: Numbers, high: Numbers) -> Array:
    """Probability of a value of at most ``x`` under a normal distribution cut to ``[low, high]``."""
    from scipy.special import ndtr

    x, a, b, flip = _in_lower_tail(x, mean, sd, low, high)
    z = (np.clip(x, low, high) - mean) / sd
    z = np.clip(np.where(flip, -z, z), a, b)
    below_a, below_b = ndtr(a), ndtr(b)
    narrow, far = _narrow(a, b), below_b < _FAR
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (ndtr(z) - below_a) / (below_b - below_a)
        if np.any(far):
            share = np.where(far, _far_share(z, a, b), share)
        if np.any(narrow):
            share = np.where(narrow, (z - a) / (b - a), share)
    return np.asarray(np.clip(np.where(flip, 1 - share, share), 0.0, 1.0))


@lru_cache(1024)
def cut_normal_cdf(mean: float, sd: float, low: float, high: float) -> Callable[[Array], Array]:
    """Return `normal_cdf` of one distribution, for many ``x``: what does not depend on ``x`` is computed once."""
    from scipy.special import ndtr

    _, a, b, flip = (part.item() for part in _in_lower_tail(0.0, mean, sd, low, high))
    below_a, below_b = ndtr(a), ndtr(b)
    if _narrow(np.asarray(a), np.asarray(b)) or below_b < _FAR:
        return lambda x: normal_cdf(x, mean, sd, low, high)

    def reached(x: Array) -> Array:
        z = (np.minimum(np.maximum(x, low), high) - mean) / sd
        z = np.minimum(np.maximum(-z if flip else z, a), b)
        share = (ndtr(z) - below_a) / (below_b - below_a)
        return np.asarray(np.minimum(np.maximum(1 - share if flip else share, 0.0), 1.0))

    return reached


def _far_share(z: Array, a: Array, b: Array) -> Array:
    """Share of the mass below ``z`` where even ``b`` lies far out in the lower tail."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        start = np.where(b < 0, -b, 1.0)
        above = np.where(np.isinf(z), 1.0, -np.expm1(-_fall(b - z, start)))
        mass = np.where(np.isinf(a), 1.0, -np.expm1(-_fall(b - a, start)))
        return np.asarray(1 - above / mass)


_CUBIC_NODES, _CUBIC_WEIGHTS = np.polynomial.legendre.leggauss(4)
_PANELS = 8
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_STEPS = ((_NODES + 1) / 2 + np.arange(_PANELS)[:, None]).ravel() / _PANELS  # points in 0..1
_SHARES = np.tile(_WEIGHTS / 2, _PANELS) / _PANELS


def normal_moments(mean: Numbers, sd: Numbers, low: Numbers, high: Numbers) -> tuple[Array, Array]:
    """Mean and standard deviation of a normal distribution cut to ``[low, high]``.

    Integrated numerically from the point of greatest density (Gauss-Legendre, 8 panels of order 16), because the
    closed forms cancel where the bounds are close together or far out in a tail.
    """
    a = (np.asarray(low, dtype=np.float64) - mean) / sd
    b = (np.asarray(high, dtype=np.float64) - mean) / sd
    peak = np.clip(0.0, a, b)
    reach = 2 * _NEGLIGIBLE / (np.abs(peak) + np.hypot(peak, math.sqrt(2 * _NEGLIGIBLE)))
    start, stop = np.maximum(a - peak, -reach), np.minimum(b - peak, reach)
    t = start[..., None] + (stop - start)[..., None] * _STEPS
    density = _SHARES * np.exp(-0.5 * t * (t + 2 * peak[..., None]))
    density /= density.sum(axis=-1, keepdims=True)
    shift = (density * t).sum(axis=-1)
    variance = (density * (t - shift[..., None]) ** 2).sum(axis=-1)
    whole = (a < -_NOTHING_BEYOND) & (b > _NOTHING_BEYOND)
    centre = np.where(whole, mean, np.clip(mean + sd * (peak + shift), low, high))
    return centre, np.where(whole, sd, sd * np.sqrt(variance))


def interval_quantile(u: Numbers, low: Numbers, high: Numbers) -> Array:
    """Quantile of the uniform distribution on ``[low, high]``."""
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    return np.asarray(np.minimum(low + np.asarray(u) * (high - low), high))


def interval_moments(low: Numbers, high: Numbers) -> tuple[Array, Array]:
    """Mean and standard deviation of the uniform distribution on ``[low, high]``."""
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    return np.asarray(low + (high - low) / 2), np.asarray((high - low) / math.sqrt(12))


def interval_cdf(x: Numbers, low: Numbers, high: Numbers) -> Array:
    """Probability of a value of at most ``x`` under the uniform distribution on ``[low, high]``."""
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    return np.asarray((np.clip(x, low, high) - low) / (high - low))


def triangular_quantile(
    u: Numbers, a: Numbers, mode: Numbers, b: Numbers, low: Numbers, high: Numbers
) -> Array:
    """Quantile of the triangular distribution with ends ``a``, ``b`` and peak ``mode``, cut to ``[low, high]``."""
    a, mode, b = (np.asarray(part, dtype=np.float64) for part in (a, mode, b))
    below = _whole_triangle_cdf(low, a, mode, b)
    u = np.minimum(below + np.asarray(u) * (_whole_triangle_cdf(high, a, mode, b) - below), 1.0)
    width = b - a
    left = a + np.sqrt(u * width * (mode - a))
    right = b - np.sqrt((1 - u) * width * (b - mode))
    return np.asarray(np.clip(np.where(u * width < mode - a, left, right), low, high))


def triangular_cdf(x: Numbers, a: Numbers, mode: Numbers, b: Numbers, low: Numbers, high: Numbers) -> Array:
    """Probability of a value of at most ``x`` under the triangular distribution cut to ``[low, high]``."""
    below, above = _whole_triangle_cdf(low, a, mode, b), _whole_triangle_cdf(high, a, mode, b)
    at = _whole_triangle_cdf(np.clip(x, low, high), a, mode, b)
    return np.asarray(np.clip((at - below) / (above - below), 0.0, 1.0))


def _whole_triangle_cdf(x: Numbers, a: Numbers, mode: Numbers, b: Numbers) -> Array:
    a, mode, b = (np.asarray(part, dtype=np.float64) for part in (a, mode, b))
    x = np.clip(x, a, b)
    width = b - a
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (x - a) ** 2 / (width * (mode - a))
        right = 1 - (b - x) ** 2 / (width * (b - mode))
    return np.where(x < mode, left, np.where(x >= b, 1.0, right))


def triangular_moments(
    a: Numbers, mode: Numbers, b: Numbers, low: Numbers, high: Numbers
) -> tuple[Array, Array]:
    """Mean and standard deviation of the triangular distribution, cut to ``[low, high]``.

    The two straight pieces of the density are integrated exactly (Gauss-Legendre of order 4), from the mode.
    """
    a, mode, b = (np.asarray(part, dtype=np.float64) for part in (a, mode, b))
    left = np.minimum(np.maximum(a, low), mode), np.clip(high, a, mode)
    right = np.clip(low, mode, b), np.maximum(np.minimum(b, high), mode)
    points, shares = [], []
    for (start, stop), foot in ((left, a), (right, b)):
        half = np.maximum(stop - start, 0.0) / 2
        x = (start + half)[..., None] + half[..., None] * _CUBIC_NODES
        slope = np.where(mode == foot, 1.0, np.abs(mode - foot))  # a side that rises at once has no width
        points.append(x - mode[..., None])
        shares.append(_CUBIC_WEIGHTS * half[..., None] * np.abs(x - foot[..., None]) / slope[..., None])
    t, density = np.concatenate(points, axis=-1), np.concatenate(shares, axis=-1)
    density /= density.sum(axis=-1, keepdims=True)
    shift = (density * t).sum(axis=-1)
    return mode + shift, np.sqrt((density * (t - shift[..., None]) ** 2).sum(axis=-1))
