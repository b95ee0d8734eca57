"""What is a number with doubt? One value, or a distribution, or an equal-weight mixture of several.

Doubt is written as one *statement* (exact, normal, interval, triangular) or as a list of them, one per
expert. Experts keep their disagreement: the quantity is the equal-weight mixture of what they said (a linear
opinion pool; Stone 1961, Annals of Mathematical Statistics 32:1339-1342), never the average of their numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import QuantityError
from detente.quantity import grammar
from detente.quantity.distributions import Array
from detente.quantity.expert import Statement, number_text
from detente.quantity.inversion import first_reaching
from detente.quantity.streams import check_draws, uniforms

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

__all__ = ["Quantity", "Statement", "number_text", "parse"]


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
        for statement in self.statements:
            fault = statement.fault_of_cut(self.low, self.high)
            if fault is not None:
                raise QuantityError(fault)

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

    @property
    def unjudged(self) -> bool:
        """Whether somebody's judgement is still missing."""
        return any(statement.kind == "unjudged" for statement in self.statements)

    def fault_within(self, low: float, high: float) -> str | None:
        """Say what stated number lies outside ``[low, high]``, if one does; tails may (they are cut)."""
        for statement in self.statements:
            stated = statement.parameters[:1] if statement.kind in ("normal", "unjudged") else statement.ends
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
        if (fault := self.fault_within(low, high)) is not None:
            raise QuantityError(f"{self}: {fault}")
        return Quantity(self.statements, float(low), float(high))

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
        return self._reached(np.asarray(x, dtype=np.float64))

    def _reached(self, x: Array, *, strictly: bool = False) -> Array:
        """Probability of a value of at most ``x``; ``strictly`` below it, if asked."""
        total = np.zeros_like(x)
        for statement in self.statements:
            if strictly and statement.kind == "exact":
                total += x > statement.parameters[0]
            else:
                total += statement.cdf(x, self.low, self.high)
        return np.asarray(total / len(self.statements))

    def quantile(self, u: ArrayLike) -> Array:
        """Smallest value whose cumulative probability reaches ``u`` (any shape, in 0..1).

        At 0 the lowest possible value, at 1 the highest. A mixture's quantile lies between its experts'
        quantiles and is searched for there.

        Raises:
            QuantityError: a probability outside 0..1.
        """
        points = np.asarray(u, dtype=np.float64)
        if not np.all((points >= 0) & (points <= 1)):
            raise QuantityError("a probability must lie between 0 and 1")
        if len(self.statements) == 1:
            return self.statements[0].quantile(points, self.low, self.high)
        flat = points.ravel()
        parts = [statement.quantile(flat, self.low, self.high) for statement in self.statements]
        return self._searched(flat, np.min(parts, axis=0), np.max(parts, axis=0)).reshape(points.shape)

    def _searched(self, u: Array, low: Array, high: Array) -> Array:
        found = np.where(u >= 1, high, low)
        open_ = (u > 0) & (u < 1) & (high > low)
        for value in {s.parameters[0] for s in self.statements if s.kind == "exact"}:
            at = np.asarray(value)
            here = open_ & (u > self._reached(at, strictly=True)) & (u <= self._reached(at))
            found[here] = value
            open_ &= ~here
        found[open_] = first_reaching(self._reached, u[open_], low[open_], high[open_])
        return found

    def sample(self, seed: int, path: str, start: int, count: int) -> Array:
        """Return draws ``start`` to ``start + count`` of what stands at ``path`` in a case, shape (count,).

        Draw *k* depends on (seed, k, path) and on nothing else; neither ``start`` nor ``count`` may be negative.
        """
        check_draws(start, count)
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

        serialise = core_schema.plain_serializer_function_ser_schema(cls.to_plain)
        return core_schema.no_info_plain_validator_function(readable(parse), serialization=serialise)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe a quantity to editors: a number, a text, or a list of experts' statements."""
        one = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*[-+−0-9.\[?].*$"}]}
        return {
            "title": "Quantity",
            "description": "40, 40 ± 10, 20..60, 20..35..60, or a list with one of these per expert",
            "anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1}],
        }


def readable(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a reader whose faults pydantic models can tell."""

    def read(value: object) -> Any:
        try:
            return parse(value)
        except QuantityError as error:
            raise ValueError(str(error)) from error

    return read


def parse(value: object) -> Quantity:
    """Return the quantity that a number, a text (``40 ± 10``, ``20..60``) or a list of them, one per expert, says.

    Raises:
        QuantityError: when it cannot be read; the message says how quantities are written.

    >>> parse("40 +- 10").mean, str(parse("20 .. 60"))
    (40.0, '20..60')
    """
    if isinstance(value, Quantity):
        return value
    return _of_text(value) if type(value) is str else Quantity(grammar.statements(value))


@lru_cache(maxsize=10_000)
def _of_text(text: str) -> Quantity:
    return Quantity(grammar.statements(text))


@lru_cache(maxsize=10_000)
def _plain(statement: Statement) -> float | int | str:
    if statement.kind != "exact":
        return str(statement)
    value = statement.parameters[0]
    return int(value) if value == int(value) and abs(value) < 1e15 else value
