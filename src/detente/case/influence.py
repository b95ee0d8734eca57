"""What does an actor bring to bear? A number with doubt, or the power of its votes in a body of the case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import BaseModel, Field, PlainSerializer, PlainValidator

from detente.case.consent import Body
from detente.case.consent_checks import voters_named
from detente.case.electorate import body_members
from detente.case.fields import Doubtful, real
from detente.case.reading import Path
from detente.case.text import Identifier
from detente.case.thresholds import wins
from detente.case.validation import Fault, read, shortened, unknown, warning
from detente.case.voting.power import in_body
from detente.errors import QuantityError
from detente.quantity import Quantity, parse
from detente.quantity.quantity import readable

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


@readable
def _read(value: Any) -> Quantity | VotingPower:
    if isinstance(value, VotingPower):
        return value
    return VotingPower.parse(value) if isinstance(value, Mapping) else parse(value)


class _Written(BaseModel):
    """The power of an actor's votes in a body of the case."""

    power: Identifier
    index: Index = "shapley"
    times: Annotated[float, Field(gt=0, le=MOST_TIMES)] = 1


Influence = Annotated[
    Quantity | VotingPower,
    PlainValidator(_read, json_schema_input_type=Quantity | _Written),
    PlainSerializer(lambda value: value.to_plain(), when_used="always"),
    Doubtful("influence", 0),
]


def power_of_votes(bodies: Mapping[str, Body], said: VotingPower, actor: str) -> Quantity:
    """Return the influence that an actor's votes in a body give it."""
    powers = in_body(bodies, said.body, said.index) or {}
    return parse(float(powers.get(actor, 0)) * said.times)


def uncounted(case: Any) -> Iterator[Fault]:
    """Yield bodies in which too many abstain, and influences by a power that cannot be counted."""
    barred = False
    for key, body in case.bodies.items():
        rule, members = body_members(case.bodies, key)
        if body.abstain and not wins(rule, np.ones(len(members), dtype=np.bool_)):
            barred = True
            hint = "let fewer of them abstain"
            yield Fault(("bodies", key, "abstain"), "with these abstaining nothing can be decided", hint)
    if barred:
        return
    for spot in case.stated:
        said = spot.value
        if isinstance(said, VotingPower) and in_body(case.bodies, said.body, said.index) is None:
            whose = f"the members of {shortened(said.body)}"
            message = f"{whose} are too many and too different to count their power"
            yield Fault(spot.path, message, "write the influence as a number, such as 'detente power' tells")


def power_warnings(case: Any) -> Iterator[Fault]:
    """Yield influences that are 0 because the votes never matter."""
    for spot in case.stated:
        said = spot.value
        if isinstance(said, VotingPower) and not (in_body(case.bodies, said.body, said.index) or {}).get(
            spot.around["actors"]
        ):
            what = f"the votes of {shortened(spot.around['actors'])} in {shortened(said.body)} never decide, "
            yield warning(spot.path, what + "so its influence is 0", "write a number if it matters otherwise")


def power_faults(case: Any) -> Iterator[Fault]:
    """Yield who abstains, or has influence by its power, in something that is no body or where it has no vote."""
    bodies = case.bodies
    for path, actor in read(case, "bodies", "*", "abstain", "*"):
        yield from _voteless(path, actor, str(path[1]), bodies, "its")
    for path, said in read(case, "actors", "*", "influence") + read(case, "stances", "*", "*", "influence"):
        if isinstance(said, VotingPower) and said.body not in bodies:
            way = "add it under 'bodies', with its rule"
            yield from unknown((*path, "power"), "body of the case", said.body, bodies, way)
        elif isinstance(said, VotingPower):
            way = "write a number, or give it a vote; its"
            yield from _voteless((*path, "power"), str(path[-2]), said.body, bodies, way)


def _voteless(path: Path, actor: str, body: str, bodies: Mapping[str, Any], way: str) -> Iterator[Fault]:
    members = voters_named(body, bodies)
    if members and actor not in members:  # else the rule cannot be read
        hint = f"{way} members are {', '.join(members[:6])}"
        yield Fault(path, f"{shortened(actor)} has no vote in {shortened(body)}", hint)
