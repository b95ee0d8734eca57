"""Who takes part? The actors, and the blocs that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from detente.case.countries import checked_country
from detente.case.fields import LISTED, MOST_COST, Citations, Doubtful, Part, Refers
from detente.case.influence import Influence
from detente.case.text import Identifier, Name
from detente.case.validation import Fault, namesakes, warning
from detente.quantity import Quantity

MAX_ACTORS = 500
_RANGE = f"1 is the whole range of its loss; use a number from -{MOST_COST:g} to {MOST_COST:g}"
OwnCost = Annotated[Quantity, Doubtful("cost of failure", -MOST_COST, MOST_COST, hint=_RANGE)]


class Group(Part):
    """A bloc of actors."""

    name: Name


class Actor(Part):
    """Who takes part."""

    name: Name
    country: Annotated[str, AfterValidator(checked_country)] | None = None
    groups: Annotated[tuple[Annotated[Identifier, Refers("groups", optional=True)], ...], LISTED] = ()
    influence: Influence | None = None
    failure_cost: OwnCost | None = None
    because: Citations = ()


def actor_faults(_: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a case without actors, unless all that it states are futures."""
    if data.get("futures") is not None and data.get("issues") is None and data.get("game") is None:
        return
    if "actors" not in data:
        yield Fault((), "'actors' is missing", "add 'actors: …'")
    elif data["actors"] == {}:
        yield Fault(("actors",), "is empty")


def actor_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield actors of whom nothing says what they want, and actors and issues that nobody can tell apart."""
    for part, things in (("actors", case.actors), ("issues", case.issues)):
        named = {key: one.name for key, one in things.items()}
        yield from namesakes((part,), named, "both are told with what tells them apart")
    heard = {actor for stances in case.stances.values() for actor in stances}
    heard |= set(case.game.preferences) if case.game else set()
    for actor in case.actors:
        if actor not in heard:
            way = "give it one or remove it"
            yield warning(("actors", actor), "the actor has no stance on any issue", way)
