"""What do the ways of writing doubt mean? Truncated distributions, vectorised over their parameters.

Each distribution is a set of pure functions on arrays that broadcast together: the quantile function of the
distribution cut to ``[low, high]`` (cut, and rescaled to mass one; never piled up at the bounds), its
cumulative distribution function, and its moments. See Johnson, Kotz & Balakrishnan, *Continuous Univariate
Distributions* vol. 1 (1994), section 13.10, and vol. 2 (1995), chapter 26.

All arguments are in the unit of the quantity; ``u`` and probabilities are in 0..1.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

Array = NDArray[np.float64]

_NARROW = 1e-7  # bounds so close, in standard deviations, that the density between them is flat
_FAR = 1e-280  # probability below which logarithms take over
_VERY_FAR = -1e4  # standard deviations below which the tail is exponential to 1 part in 1e8
_NEGLIGIBLE = 40.0  # exp(-40) of the density at its peak is nothing


def normal_quantile(u: ArrayLike, mean: ArrayLike, sd: ArrayLike, low: ArrayLike, high: ArrayLike) -> Array:
    """Quantile of a normal distribution cut to ``[low, high]``; exact in either tail, however far out."""
    u, a, b, flip = _in_lower_tail(u, mean, sd, low, high)
    v = np.where(flip, 1 - u, u)
    below_a, below_b = ndtr(a), ndtr(b)
    z = ndtri(below_a + v * (below_b - below_a))
    narrow, far = _narrow(a, b), below_b < _FAR
    if np.any(far):
        z = np.where(far, _far_quantile(v, a, b), z)
    if np.any(narrow):
        z = np.where(narrow, a + v * (b - a), z)
    z = np.where(flip, -z, z)
    return np.asarray(np.clip(mean + sd * z, low, high))


def _in_lower_tail(
    u: ArrayLike, mean: ArrayLike, sd: ArrayLike, low: ArrayLike, high: ArrayLike
) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Return ``u`` and the standardised bounds, mirrored where they lie above the mean.

    In the lower tail probabilities keep their relative precision.
    """
    a = (np.asarray(low, dtype=np.float64) - mean) / sd
    b = (np.asarray(high, dtype=np.float64) - mean) / sd
    flip = a > 0
    return np.asarray(u, dtype=np.float64), np.where(flip, -b, a), np.where(flip, -a, b), flip


def _narrow(a: Array, b: Array) -> NDArray[np.bool_]:
    """Tell where the density hardly changes from ``a`` to ``b``."""
    reach = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1.0)
    with np.errstate(over="ignore"):
        return np.asarray((b - a) * reach < _NARROW)


def _far_quantile(v: Array, a: Array, b: Array) -> Array:
    """Quantile where even the upper bound lies far out in the lower tail, from logarithms."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        log_a, log_b = log_ndtr(a), log_ndtr(b)
        by_logs = ndtri_exp(np.minimum(np.logaddexp(np.log(v) + log_b, np.log1p(-v) + log_a), log_b))
        fall = np.exp(b * (b - a))  # b is negative
        exponential = b - np.log(v + (1 - v) * fall) / b
    return np.where(b < _VERY_FAR, exponential, by_logs)


def normal_cdf(x: ArrayLike, mean: ArrayLike, sd: ArrayLike, low: ArrayLike, high: ArrayLike) -> Array:
    """Probability of a value of at most ``x`` under a normal distribution cut to ``[low, high]``."""
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


def _far_share(z: Array, a: Array, b: Array) -> Array:
    """Share of the mass below ``z`` where even ``b`` lies far out in the lower tail."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        log_a, log_b, log_z = log_ndtr(a), log_ndtr(b), log_ndtr(z)
        by_logs = np.exp(log_z - log_b) * np.expm1(log_a - log_z) / np.expm1(log_a - log_b)
        by_logs = np.where(z <= a, 0.0, by_logs)
        fall_a, fall_z = np.exp(b * (b - a)), np.exp(b * (b - z))
        exponential = (fall_z - fall_a) / (1 - fall_a)
    return np.where(b < _VERY_FAR, exponential, by_logs)


_PANELS = 8
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_STEPS = ((_NODES + 1) / 2 + np.arange(_PANELS)[:, None]).ravel() / _PANELS  # points in 0..1
_SHARES = np.tile(_WEIGHTS / 2, _PANELS) / _PANELS


def normal_moments(mean: float, sd: float, low: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of a normal distribution cut to ``[low, high]``.

    Integrated numerically from the point of greatest density (Gauss-Legendre, 8 panels of order 16), because the
    closed forms cancel where the bounds are close together or far out in a tail.
    """
    a, b = (low - mean) / sd, (high - mean) / sd
    if math.isinf(a) and math.isinf(b):
        return mean, sd
    peak = min(max(a, 0.0), b)
    reach = 2 * _NEGLIGIBLE / (abs(peak) + math.hypot(peak, math.sqrt(2 * _NEGLIGIBLE)))
    start, stop = max(a - peak, -reach), min(b - peak, reach)
    t = start + (stop - start) * _STEPS
    density = _SHARES * np.exp(-0.5 * t * (t + 2 * peak))
    mass = density.sum()
    shift = float((density * t).sum() / mass)
    variance = float((density * (t - shift) ** 2).sum() / mass)
    return min(max(mean + sd * (peak + shift), low), high), sd * math.sqrt(variance)


def interval_quantile(u: ArrayLike, low: ArrayLike, high: ArrayLike) -> Array:
    """Quantile of the uniform distribution on ``[low, high]``."""
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    return np.asarray(np.minimum(low + np.asarray(u) * (high - low), high))


def interval_cdf(x: ArrayLike, low: ArrayLike, high: ArrayLike) -> Array:
    """Probability of a value of at most ``x`` under the uniform distribution on ``[low, high]``."""
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    return np.asarray((np.clip(x, low, high) - low) / (high - low))


def triangular_quantile(
    u: ArrayLike, a: ArrayLike, mode: ArrayLike, b: ArrayLike, low: ArrayLike, high: ArrayLike
) -> Array:
    """Quantile of the triangular distribution with ends ``a``, ``b`` and peak ``mode``, cut to ``[low, high]``."""
    a, mode, b = (np.asarray(part, dtype=np.float64) for part in (a, mode, b))
    below = _whole_triangle_cdf(low, a, mode, b)
    u = np.minimum(below + np.asarray(u) * (_whole_triangle_cdf(high, a, mode, b) - below), 1.0)
    width = b - a
    left = a + np.sqrt(u * width * (mode - a))
    right = b - np.sqrt((1 - u) * width * (b - mode))
    return np.asarray(np.clip(np.where(u * width < mode - a, left, right), low, high))


def triangular_cdf(
    x: ArrayLike, a: ArrayLike, mode: ArrayLike, b: ArrayLike, low: ArrayLike, high: ArrayLike
) -> Array:
    """Probability of a value of at most ``x`` under the triangular distribution cut to ``[low, high]``."""
    below, above = _whole_triangle_cdf(low, a, mode, b), _whole_triangle_cdf(high, a, mode, b)
    at = _whole_triangle_cdf(np.clip(x, low, high), a, mode, b)
    return np.asarray(np.clip((at - below) / (above - below), 0.0, 1.0))


def _whole_triangle_cdf(x: ArrayLike, a: ArrayLike, mode: ArrayLike, b: ArrayLike) -> Array:
    a, mode, b = (np.asarray(part, dtype=np.float64) for part in (a, mode, b))
    x = np.clip(x, a, b)
    width = b - a
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (x - a) ** 2 / (width * (mode - a))
        right = 1 - (b - x) ** 2 / (width * (b - mode))
    return np.where(x < mode, left, np.where(x >= b, 1.0, right))


def triangular_moments(a: float, mode: float, b: float, low: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of the triangular distribution, cut to ``[low, high]``.

    The two straight pieces of the density are integrated exactly (Gauss-Legendre of order 4), from the mode.
    """
    nodes, weights = np.polynomial.legendre.leggauss(4)
    t: list[Array] = []
    density: list[Array] = []
    for start, stop, foot in ((a, mode, a), (mode, b, b)):
        left, right = max(start, low), min(stop, high)
        if left < right:
            x = (left + right) / 2 + nodes * (right - left) / 2
            t.append(x - mode)
            density.append(weights * (right - left) / 2 * np.abs((x - foot) / (mode - foot)))
    points, shares = np.concatenate(t), np.concatenate(density)
    shares /= shares.sum()
    shift = float((shares * points).sum())
    return mode + shift, math.sqrt(float((shares * (points - shift) ** 2).sum()))
