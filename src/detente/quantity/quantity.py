"""What is a number with doubt? One value, or a distribution, or an equal-weight mixture of several.

Doubt is written as one *statement* (exact, normal, interval, triangular) or as a list of them, one per
expert. Experts keep their disagreement: the quantity is the equal-weight mixture of what they said (a linear
opinion pool; Stone 1961, Annals of Mathematical Statistics 32:1339-1342), never the average of their numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import QuantityError
from detente.quantity import distributions
from detente.quantity.distributions import Array

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

Kind = Literal["exact", "normal", "interval", "triangular"]
PARAMETERS: dict[Kind, int] = {"exact": 1, "normal": 2, "interval": 2, "triangular": 3}


def number_text(value: float) -> str:
    """Return the shortest text that reads back as ``value``; whole numbers without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


@dataclass(frozen=True, slots=True)
class Statement:
    """What one expert said: a kind of distribution and its parameters, in the unit of the quantity.

    ``exact (value)``, ``normal (mean, standard deviation)``, ``interval (low, high)``,
    ``triangular (low, mode, high)``.
    """

    kind: Kind
    parameters: tuple[float, ...]

    def __post_init__(self) -> None:
        values = self.parameters
        if len(values) != PARAMETERS[self.kind]:
            raise QuantityError(f"{self.kind} takes {PARAMETERS[self.kind]} numbers, got {len(values)}")
        if not all(math.isfinite(value) for value in values):
            raise QuantityError(f"{self.kind} has a number that is not finite; every number must be")
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
        texts = [number_text(value) for value in self.parameters]
        return " ± ".join(texts) if self.kind == "normal" else "..".join(texts)

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest value that was stated; infinite for a normal distribution."""
        if self.kind == "normal":
            return -math.inf, math.inf
        return self.parameters[0], self.parameters[-1]

    def quantile(self, u: Array, low: float, high: float) -> Array:
        """Quantile of the statement cut to ``[low, high]`` at probabilities ``u`` (any shape)."""
        p = [np.asarray(value) for value in self.parameters]
        if self.kind == "exact":
            return np.full_like(u, self.parameters[0])
        if self.kind == "normal":
            return distributions.normal_quantile(u, p[0], p[1], np.asarray(low), np.asarray(high))
        if self.kind == "interval":
            return distributions.interval_quantile(u, np.maximum(p[0], low), np.minimum(p[1], high))
        below = distributions.triangular_cdf(np.array([low, high]), *p)
        cut = distributions.triangular_quantile(below[0] + u * (below[1] - below[0]), *p)
        return np.asarray(np.clip(cut, low, high))

    def cdf(self, x: Array, low: float, high: float) -> Array:
        """Probability of a value of at most ``x`` under the statement cut to ``[low, high]``."""
        p = [np.asarray(value) for value in self.parameters]
        if self.kind == "exact":
            return np.where(x >= p[0], 1.0, 0.0)
        if self.kind == "normal":
            return distributions.normal_cdf(x, p[0], p[1], np.asarray(low), np.asarray(high))
        if self.kind == "interval":
            return distributions.interval_cdf(x, np.maximum(p[0], low), np.minimum(p[1], high))
        below = distributions.triangular_cdf(np.array([low, high]), *p)
        at = distributions.triangular_cdf(x, *p)
        return np.asarray(np.clip((at - below[0]) / (below[1] - below[0]), 0.0, 1.0))

    def moments(self, low: float, high: float) -> tuple[float, float]:
        """Mean and standard deviation of the statement cut to ``[low, high]``."""
        p = self.parameters
        if self.kind == "exact":
            return p[0], 0.0
        if self.kind == "normal":
            return distributions.normal_moments(p[0], p[1], low, high)
        if self.kind == "interval":
            a, b = max(p[0], low), min(p[1], high)
            return (a + b) / 2, (b - a) / math.sqrt(12)
        if low <= p[0] and high >= p[2]:
            square = p[0] ** 2 + p[1] ** 2 + p[2] ** 2 - p[0] * p[1] - p[0] * p[2] - p[1] * p[2]
            return sum(p) / 3, math.sqrt(max(square, 0.0) / 18)
        return self._cut_triangular_moments(low, high)

    def _cut_triangular_moments(self, low: float, high: float) -> tuple[float, float]:
        """Integrate the two straight pieces of the density exactly (Gauss-Legendre of order 3)."""
        a, mode, b = self.parameters
        nodes, weights = np.polynomial.legendre.leggauss(3)
        mass = first = second = 0.0
        for start, stop, foot in ((a, mode, a), (mode, b, b)):
            left, right = max(start, low), min(stop, high)
            if left >= right:
                continue
            x = (left + right) / 2 + nodes * (right - left) / 2
            density = weights * np.abs(x - foot) / abs(mode - foot) * (right - left) / 2
            mass += float(density.sum())
            first += float((density * x).sum())
            second += float((density * x * x).sum())
        mean = first / mass
        return mean, math.sqrt(max(second / mass - mean * mean, 0.0))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with doubt: what each expert said, cut to the bounds of its scale.

    Attributes:
        statements: one per expert; a single one when nobody disagrees.
        low: lower bound, in the unit of the quantity; ``-inf`` when there is none.
        high: upper bound; ``inf`` when there is none.

    >>> from detente.quantity import parse
    >>> quantity = parse("[30, 45 ± 5, 20..60]")
    >>> str(quantity), round(quantity.mean, 3), round(quantity.sd, 3)
    ('[30, 45 ± 5, 20..60]', 38.333, 9.574)
    """

    statements: tuple[Statement, ...]
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        if not self.statements:
            raise QuantityError("an empty list says nothing; give at least one number")
        if not self.low <= self.high:
            raise QuantityError(f"the lower bound {self.low} is above the upper bound {self.high}")

    @classmethod
    def exact(cls, value: float) -> Quantity:
        """Return the quantity that is ``value`` without doubt."""
        return cls((Statement("exact", (float(value),)),))

    def __str__(self) -> str:
        """Return the quantity as it is written in a case; bounds are not written."""
        texts = [str(statement) for statement in self.statements]
        return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"

    @property
    def is_exact(self) -> bool:
        """Whether there is no doubt at all: every expert gave the same bare number."""
        first = self.statements[0]
        return first.kind == "exact" and all(statement == first for statement in self.statements)

    def fault_within(self, low: float, high: float) -> str | None:
        """Say what of the quantity lies outside ``[low, high]``, or ``None`` when nothing stated does.

        Normal tails may reach over a bound (they are cut); a stated number may not.
        """
        for statement in self.statements:
            stated = statement.parameters[:1] if statement.kind == "normal" else statement.ends
            for value in stated:
                if value < low:
                    return f"{number_text(value)} is below {number_text(low)}"
                if value > high:
                    return f"{number_text(value)} is above {number_text(high)}"
        return None

    def within(self, low: float, high: float) -> Quantity:
        """Return the quantity cut to ``[low, high]`` (truncated, without mass piled up at the bounds).

        Raises:
            QuantityError: when a stated number lies outside the bounds.
        """
        fault = self.fault_within(low, high)
        if fault is not None:
            raise QuantityError(f"{self}: {fault}")
        return replace(self, low=float(low), high=float(high))

    @property
    def mean(self) -> float:
        """Expected value, in the unit of the quantity."""
        if self.is_exact:
            return self.statements[0].parameters[0]
        return math.fsum(self._moments(0)) / len(self.statements)

    @property
    def sd(self) -> float:
        """Standard deviation, with the disagreement between experts in it."""
        if self.is_exact:
            return 0.0
        means, sds = self._moments(0), self._moments(1)
        centre = self.mean
        spread = (sd * sd + (mean - centre) ** 2 for mean, sd in zip(means, sds, strict=True))
        return math.sqrt(math.fsum(spread) / len(means))

    def _moments(self, index: int) -> list[float]:
        return [statement.moments(self.low, self.high)[index] for statement in self.statements]

    def cdf(self, x: ArrayLike) -> Array:
        """Probability of a value of at most ``x`` (any shape)."""
        points = np.asarray(x, dtype=np.float64)
        parts = [statement.cdf(points, self.low, self.high) for statement in self.statements]
        return np.asarray(np.mean(parts, axis=0))

    def quantile(self, u: ArrayLike) -> Array:
        """Smallest value whose cumulative probability reaches ``u`` (any shape, in 0..1).

        A mixture's quantile lies between its experts' quantiles and is bisected from there.
        """
        points = np.asarray(u, dtype=np.float64)
        if np.any((points < 0) | (points > 1) | np.isnan(points)):
            raise QuantityError("a probability must lie between 0 and 1")
        parts = [statement.quantile(points, self.low, self.high) for statement in self.statements]
        if len(parts) == 1:
            return parts[0]
        return self._bisected(points, np.min(parts, axis=0), np.max(parts, axis=0))

    def _bisected(self, u: Array, low: Array, high: Array) -> Array:
        with np.errstate(invalid="ignore"):
            for _ in range(64):
                middle = low + (high - low) / 2
                reached = self.cdf(middle) >= u
                high = np.where(reached, middle, high)
                low = np.where(reached, low, middle)
        for statement in self.statements:  # return the very number that an expert gave
            if statement.kind == "exact":
                value = statement.parameters[0]
                high = np.where(np.abs(high - value) <= 1e-12 * (1 + abs(value)), value, high)
        return high

    def sample(self, seed: int, path: str, start: int, count: int) -> Array:
        """Return draws ``start`` to ``start + count`` of the quantity that stands at ``path`` in a case.

        Draw *k* depends on (seed, k, path) and on nothing else. Returns shape (count,).
        """
        from detente.quantity.streams import uniforms

        if self.is_exact:
            return np.full(count, self.mean)
        return self.quantile(uniforms(seed, path, start, count))

    def to_plain(self) -> float | int | str | list[float | int | str]:
        """Return what a YAML or JSON file holds: a number, a text, or a list of them."""
        plain = [_plain(statement) for statement in self.statements]
        return plain[0] if len(plain) == 1 else plain

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """Let pydantic models hold quantities: parsed on the way in, plain data on the way out."""
        from pydantic_core import core_schema

        from detente.quantity.grammar import parse

        def read(value: object) -> Quantity:
            try:
                return parse(value)
            except QuantityError as error:
                raise ValueError(str(error)) from error

        serialise = core_schema.plain_serializer_function_ser_schema(cls.to_plain)
        return core_schema.no_info_plain_validator_function(read, serialization=serialise)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe a quantity to editors: a number, a text, or a list of experts' statements."""
        one = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*[-+−0-9.].*$"}]}
        return {
            "title": "Quantity",
            "description": "40, 40 ± 10, 20..60, 20..35..60, or a list with one of these per expert",
            "anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1}],
        }


def _plain(statement: Statement) -> float | int | str:
    if statement.kind != "exact":
        return str(statement)
    value = statement.parameters[0]
    return int(value) if value == int(value) and abs(value) < 1e15 else value
