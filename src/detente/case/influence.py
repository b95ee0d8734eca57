"""What does an actor bring to bear? A number with doubt, or the power of its votes in a body of the case."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field, PlainSerializer, PlainValidator

from detente.case.fields import Doubtful, real
from detente.case.text import Identifier
from detente.errors import QuantityError
from detente.quantity import Quantity, parse

Index = Literal["shapley", "banzhaf"]
INDICES: tuple[str, ...] = get_args(Index)
INDEX_NAMES = {"shapley": "Shapley–Shubik index", "banzhaf": "Banzhaf index"}
MOST_TIMES = 1e12
_WAYS = "write {power: BODY}, and if you like index: banzhaf and times: 2"


@dataclass(frozen=True, slots=True)
class VotingPower:
    """The power of an actor's votes in a body, in the place of a number.

    Attributes:
        body: id of a body of the case.
        index: which index; each adds up to 1 over all members of the body.
        times: what the whole body weighs (> 0): the index is multiplied by it.

    >>> str(VotingPower.parse({"power": "council", "times": 2}))
    '2 × Shapley–Shubik index in council'
    """

    body: str
    index: Index = "shapley"
    times: float = 1.0

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> VotingPower:
        """Return what a mapping says; a `QuantityError` says how it is written."""
        unknown = [key for key in value if key not in ("power", "index", "times")]
        if unknown:
            raise QuantityError(f"{str(unknown[0])[:40]!r} says nothing of an influence; {_WAYS}")
        body, index, times = value.get("power"), value.get("index", "shapley"), value.get("times", 1)
        if not isinstance(body, str):
            raise QuantityError(f"'power' is the name of a body; {_WAYS}")
        if index not in INDICES:
            raise QuantityError(f"no index is called {str(index)[:40]!r}; use {' or '.join(INDICES)}")
        try:
            real(times)
        except ValueError as error:
            raise QuantityError(f"'times' {error}") from error
        if not 0 < times <= MOST_TIMES:
            raise QuantityError("'times' is more than 0, and at most 1e12")
        return cls(body, index, float(times))

    def __str__(self) -> str:
        """Return it in words."""
        return self.told(self.body)

    def told(self, body: str) -> str:
        """Return it in words, with the name of the body."""
        scaled = "" if self.times == 1 else f"{self.times:g} × "
        return f"{scaled}{INDEX_NAMES[self.index]} in {body}"

    def to_plain(self) -> dict[str, Any]:
        """Return it as it is written in a case."""
        times = int(self.times) if self.times == math.floor(self.times) else self.times
        index = {} if self.index == "shapley" else {"index": self.index}
        return {"power": self.body, **index, **({} if times == 1 else {"times": times})}


def read(value: object) -> Quantity | VotingPower:
    """Return the influence that stands in a case.

    Raises:
        ValueError: it can be read as neither.
    """
    if isinstance(value, VotingPower):
        return value
    try:
        return VotingPower.parse(value) if isinstance(value, Mapping) else parse(value)
    except QuantityError as error:
        raise ValueError(str(error)) from error


class _Written(BaseModel):
    """The power of an actor's votes in a body of the case."""

    power: Identifier
    index: Index = "shapley"
    times: Annotated[float, Field(gt=0, le=MOST_TIMES)] = 1


Influence = Annotated[
    Quantity | VotingPower,
    PlainValidator(read, json_schema_input_type=Quantity | _Written),
    PlainSerializer(lambda value: value.to_plain(), when_used="always"),
    Doubtful("influence", 0),
]
