"""What did one expert say? A bare number, or a distribution named by its parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from detente.errors import QuantityError
from detente.quantity import distributions
from detente.quantity.distributions import Array

Kind = Literal["exact", "normal", "interval", "triangular", "unjudged"]
PARAMETERS: dict[Kind, int] = {"exact": 1, "normal": 2, "interval": 2, "triangular": 3, "unjudged": 0}
_LEAST_MASS = 1e-9
SMALLEST, LARGEST = 1e-100, 1e100  # beyond them squares overflow or vanish
UNJUDGED = "?"


def number_text(value: float) -> str:
    """Return the shortest text that reads back as ``value``; whole numbers without a point."""
    if not -LARGEST <= value <= LARGEST:  # endless, none, or too large to compute with
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


@dataclass(frozen=True, slots=True)
class Statement:
    """What one expert said: a kind of distribution and its parameters, in the unit of the quantity.

    ``exact (value)``, ``normal (mean, standard deviation)``, ``interval (low, high)``,
    ``triangular (low, mode, high)``, ``unjudged ()``: nobody has said yet. That can be shown, anywhere between
    its bounds alike, and is never drawn in a `QuantityTable`.
    """

    kind: Kind
    parameters: tuple[float, ...]

    def __post_init__(self) -> None:
        values = self.parameters
        if len(values) != PARAMETERS[self.kind]:
            raise QuantityError(f"{self.kind} takes {PARAMETERS[self.kind]} numbers, got {len(values)}")
        if not all(math.isfinite(value) for value in values):
            raise QuantityError("a number is not finite or too large to compute with; write one below 1e100")
        for value in values:
            if value and not SMALLEST <= abs(value) <= LARGEST:
                extreme = "large" if abs(value) > LARGEST else "small"
                raise QuantityError(f"{number_text(value)} is too {extreme} to compute with")
        if self.kind == "normal" and values[1] <= 0:
            raise QuantityError(
                f"a standard deviation must be above 0 (got {number_text(values[1])}); "
                f"for a number without doubt write {number_text(values[0])}"
            )
        if self.kind in ("interval", "triangular") and not (
            list(values) == sorted(values) and values[0] < values[-1]
        ):
            raise QuantityError(f"{self} must rise from its low end to its high end")

    def __str__(self) -> str:
        """Return the statement as it is written in a case."""
        if self.kind == "unjudged":
            return UNJUDGED
        texts = [number_text(value) for value in self.parameters]
        return " ± ".join(texts) if self.kind == "normal" else "..".join(texts)

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest value that was stated; infinite for a normal distribution."""
        if self.kind in ("normal", "unjudged"):
            return -math.inf, math.inf
        return self.parameters[0], self.parameters[-1]

    def quantile(self, u: Array, low: float, high: float) -> Array:
        """Quantile of the statement cut to ``[low, high]`` at probabilities ``u`` (any shape)."""
        p = self.parameters
        if self.kind == "exact":
            return np.full_like(u, p[0])
        if self.kind == "normal":
            return distributions.normal_quantile(u, p[0], p[1], low, high)
        if self.kind == "triangular":
            return distributions.triangular_quantile(u, p[0], p[1], p[2], low, high)
        return distributions.interval_quantile(u, *self._interval(low, high))

    def cdf(self, x: Array, low: float, high: float) -> Array:
        """Probability of a value of at most ``x`` under the statement cut to ``[low, high]``."""
        p = self.parameters
        if self.kind == "exact":
            return np.where(x >= p[0], 1.0, 0.0)
        if self.kind == "normal":
            return distributions.cut_normal_cdf(p[0], p[1], low, high)(x)
        if self.kind == "triangular":
            return distributions.triangular_cdf(x, p[0], p[1], p[2], low, high)
        return distributions.interval_cdf(x, *self._interval(low, high))

    def _interval(self, low: float, high: float) -> tuple[float, float]:
        """Return the ends of an interval cut to ``[low, high]``; the bounds where nobody has judged."""
        if self.kind == "interval":
            return max(self.parameters[0], low), min(self.parameters[1], high)
        start = low if math.isfinite(low) else min(0.0, high - 1)
        return start, high if math.isfinite(high) and high > start else start + 1

    @lru_cache(maxsize=32_768)  # noqa: B019 - statements are small and immutable; a cut normal is integrated
    def moments(self, low: float, high: float) -> tuple[float, float]:
        """Mean and standard deviation of the statement cut to ``[low, high]``."""
        p = self.parameters
        if self.kind == "exact":
            return p[0], 0.0
        if self.kind == "normal" and low + 9 * p[1] < p[0] < high - 9 * p[1]:
            return p[0], p[1]  # nothing is cut; the integral would say the same
        if self.kind == "normal":
            mean, sd = distributions.normal_moments(p[0], p[1], low, high)
        elif self.kind == "triangular":
            mean, sd = distributions.triangular_moments(p[0], p[1], p[2], low, high)
        else:
            mean, sd = distributions.interval_moments(*self._interval(low, high))
        return float(mean), float(sd)

    def fault_of_cut(self, low: float, high: float) -> str | None:
        """Say why nothing is left of the statement between ``low`` and ``high``, or ``None``."""
        first, last = self.ends
        if low <= first and last <= high:
            return None
        start, stop = max(low, first), min(high, last)
        if start > stop or (start == stop and self.kind != "exact"):
            return f"nothing of {self} lies between {low:g} and {high:g}"
        if self.kind == "triangular":
            inside = np.diff(self.cdf(np.array([start, stop]), first, last))[0]
            if inside < _LEAST_MASS:
                return f"next to nothing of {self} lies between {low:g} and {high:g}"
        return None
