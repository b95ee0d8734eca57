"""What do the five ways of writing doubt mean? Truncated distributions, vectorised over their parameters.

Each distribution is a pair of pure functions on arrays that broadcast together: the quantile function of the
distribution cut to ``[low, high]`` (cut, and rescaled to mass one; never piled up at the bounds), and its
cumulative distribution function. Moments follow Johnson, Kotz & Balakrishnan, *Continuous Univariate
Distributions* vol. 1 (1994), section 13.10, and vol. 2 (1995), chapter 26.

All arguments are in the unit of the quantity; ``u`` and probabilities are in 0..1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

Array = NDArray[np.float64]


def normal_quantile(u: Array, mean: Array, sd: Array, low: Array, high: Array) -> Array:
    """Quantile of a normal distribution cut to ``[low, high]``; exact in either tail."""
    a, b = (low - mean) / sd, (high - mean) / sd
    # Work in the lower tail, where probabilities keep their relative precision.
    flip = a > 0
    a, b, v = np.where(flip, -b, a), np.where(flip, -a, b), np.where(flip, 1 - u, u)
    below_a, below_b = ndtr(a), ndtr(b)
    z = ndtri(below_a + v * (below_b - below_a))
    far = below_b < 1e-280
    if np.any(far):
        log_a, log_b = log_ndtr(a), log_ndtr(b)
        with np.errstate(divide="ignore"):
            log_p = np.logaddexp(np.log(v) + log_b, np.log1p(-v) + log_a)
        z = np.where(far, ndtri_exp(np.minimum(log_p, log_b)), z)
    z = np.where(flip, -z, z)
    return np.asarray(np.clip(mean + sd * z, low, high))


def normal_cdf(x: Array, mean: Array, sd: Array, low: Array, high: Array) -> Array:
    """Probability of a value of at most ``x`` under a normal distribution cut to ``[low, high]``."""
    a, b, z = (low - mean) / sd, (high - mean) / sd, (x - mean) / sd
    flip = a > 0
    tail_a, tail_b = np.where(flip, ndtr(-b), ndtr(a)), np.where(flip, ndtr(-a), ndtr(b))
    at = np.where(flip, ndtr(-z), ndtr(z))
    share = (at - tail_a) / (tail_b - tail_a)
    return np.asarray(np.clip(np.where(flip, 1 - share, share), 0.0, 1.0))


def normal_moments(mean: float, sd: float, low: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of a normal distribution cut to ``[low, high]``."""
    a, b = (low - mean) / sd, (high - mean) / sd
    mass = float(ndtr(b) - ndtr(a)) if a <= 0 else float(ndtr(-a) - ndtr(-b))
    if mass < 1e-12:
        return _moments_by_quadrature(mean, sd, low, high)
    density_a, density_b = (float(np.exp(-0.5 * z * z)) / np.sqrt(2 * np.pi) for z in (a, b))
    shift = (density_a - density_b) / mass
    edge = (0.0 if np.isinf(a) else a * density_a) - (0.0 if np.isinf(b) else b * density_b)
    variance = max(1 + edge / mass - shift * shift, 0.0)
    return float(np.clip(mean + sd * shift, low, high)), float(sd * np.sqrt(variance))


def _moments_by_quadrature(mean: float, sd: float, low: float, high: float) -> tuple[float, float]:
    """Moments from 4,096 midpoint quantiles, where the closed form cancels (bounds far out in a tail)."""
    u = (np.arange(4096) + 0.5) / 4096
    values = normal_quantile(u, *(np.asarray(part) for part in (mean, sd, low, high)))
    return float(values.mean()), float(values.std())


def interval_quantile(u: Array, low: Array, high: Array) -> Array:
    """Quantile of the uniform distribution on ``[low, high]``."""
    return low + u * (high - low)


def interval_cdf(x: Array, low: Array, high: Array) -> Array:
    """Probability of a value of at most ``x`` under the uniform distribution on ``[low, high]``."""
    return np.asarray(np.clip((x - low) / (high - low), 0.0, 1.0))


def triangular_quantile(u: Array, low: Array, mode: Array, high: Array) -> Array:
    """Quantile of the triangular distribution with ends ``low`` and ``high`` and peak ``mode``."""
    width = high - low
    rise = (mode - low) / width
    left = low + np.sqrt(u * width * (mode - low))
    right = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u < rise, left, right)


def triangular_cdf(x: Array, low: Array, mode: Array, high: Array) -> Array:
    """Probability of a value of at most ``x`` under the triangular distribution."""
    x = np.clip(x, low, high)
    width = high - low
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (x - low) ** 2 / (width * (mode - low))
        right = 1 - (high - x) ** 2 / (width * (high - mode))
    return np.where(x < mode, left, np.where(x >= high, 1.0, right))
