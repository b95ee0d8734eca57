"""Which pairs are followed over time, and what happened between them? A dated, graded chronology, with sources."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from detente.case.countries import country_code
from detente.case.fields import EMPTY, LISTED, Asserts, Citations, Doubtful, Frozen, Part, PartialDate
from detente.case.reading import Path
from detente.case.text import Identifier, Name, Text
from detente.case.validation import Fault, read, shortened, warning
from detente.errors import did_you_mean
from detente.quantity import Quantity

MAX_DYADS = 100
MAX_EVENTS = 5_000
EVERYONE = "everyone"
"""In place of a side: all states but the other side."""
LOW, HIGH = -10.0, 10.0
_ROWS = pathlib.Path(__file__).with_name("grades.txt").read_text(encoding="utf-8").splitlines()
GRADES: Mapping[float, str] = {int(grade): what for grade, what in (row.split(" ", 1) for row in _ROWS)}
"""Grade → what deserves it; what stands between two takes a grade between theirs."""
_Given = Literal["treaty", "talks", "recognition", "aid", "trade", "statement"]
_Refused = Literal["protest", "expulsion", "sanctions", "withdrawal", "threat", "incident", "war"]
Kind = Literal[_Given, _Refused]
KINDS: tuple[str, ...] = get_args(Kind)
Parties = Annotated[tuple[Identifier, ...], LISTED, Field(min_length=2, max_length=20)]


class StateGroup(Part):
    """Several sides that are followed as one: countries, by code, or ids of actors."""

    name: Name
    members: Annotated[Parties, Field(max_length=60)]


class Dyad(Part):
    """Two whose relation is followed, in both directions."""

    name: Name | None = None
    between: Annotated[Parties, Field(max_length=2)]


class DatedEvent(Part):
    """Something that was done on a day, graded by a stated rule."""

    name: Name
    date: PartialDate
    between: Parties
    by: Identifier | None = None
    kind: Kind
    grade: Annotated[
        Quantity,
        Doubtful("grade", LOW, HIGH, owner="{chronology}", phrase="the grade of “{chronology}”"),
    ]
    mediators: Annotated[tuple[Name, ...], LISTED, Field(max_length=20)] = ()
    because: Citations = ()


class Relations(Part):
    """How pairs have dealt with each other."""

    dyads: Annotated[Frozen[Dyad], Field(min_length=1, max_length=MAX_DYADS)]
    store: Text | None = None
    feed: Text | None = None
    by: Literal["day", "week", "month", "quarter", "year"] = "month"
    groups: Annotated[Frozen[StateGroup], Field(max_length=MAX_DYADS)] = EMPTY
    chronology: Annotated[
        Frozen[Annotated[DatedEvent, Asserts("{chronology}")]], Field(max_length=MAX_EVENTS)
    ] = EMPTY


def party(text: str, actors: Mapping[str, Any]) -> str | None:
    """Return whom a party means: a country, by its code, or an actor without one; ``None`` if nobody."""
    if text in actors:
        return getattr(actors[text], "country", None) or text
    return country_code(text) if text.isupper() and len(text) == 3 else None


def members(text: str, actors: Mapping[str, Any], groups: Mapping[str, Any]) -> frozenset[str]:
    """Return all whom a side of a pair means; empty where it is everyone, or nobody."""
    named = [] if text == EVERYONE else getattr(groups[text], "members", ()) if text in groups else [text]
    found = (party(one, actors) for one in named or () if one is not None)
    return frozenset(one for one in found if one is not None)


def concerns(event: frozenset[str], first: frozenset[str], second: frozenset[str]) -> bool:
    """Tell whether an event between some is one between two sides; an empty side is everyone else."""
    one = event & first if first else event - second
    other = event & second if second else event - first
    return bool(one and other)


def relation_faults(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield parties that nobody is, pairs of one, and doers that are no party."""
    actors, groups = case.actors, getattr(case.relations, "groups", {})
    for path, party_of in read(case, "relations", "groups", "*", "members", "*"):
        yield from _strangers(path, party_of, [*actors])
    pairs = read(case, "relations", "dyads", "*"), read(case, "relations", "chronology", "*")
    for path, one in (*pairs[0], *pairs[1]):
        sides = groups if path[1] == "dyads" else {}
        known = [text for text in one.between or () if text is not None]
        for number, text in enumerate(one.between or ()):
            others = [*actors, *groups, EVERYONE] if path[1] == "dyads" else [*actors]
            yield from _strangers((*path, "between", number), text, others)
        meant = [who for text in known for who in members(text, actors, sides) or (text,)]
        if len(set(meant)) < len(meant):
            hint = "actors of one country stand for that country; name two sides"
            yield Fault((*path, "between"), "names the same side twice", hint)
        by = getattr(one, "by", None)
        if known and by is not None and by not in known:
            message = f"{shortened(by)} is none of those concerned"
            yield Fault((*path, "by"), message, "name it in between")


def _strangers(path: Path, text: str | None, known: list[str]) -> Iterator[Fault]:
    """Yield somebody who is no country and none of those who are known."""
    if text is not None and text not in known and party(text, {}) is None:
        near = did_you_mean(text, known) if known and known != [EVERYONE] else ""
        hint = near or "use the id of an actor, or a country's code: RUS"
        yield Fault(path, f"nobody is called {shortened(text)}", hint)


def relation_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield events later than the case, without a source, or of no pair, and pairs of which nothing is known."""
    part, actors = case.relations, case.actors
    if part is None:
        return
    pairs = {
        key: [members(one, actors, part.groups) for one in dyad.between] for key, dyad in part.dyads.items()
    }
    met = set()
    for key, event in part.chronology.items():
        path = ("relations", "chronology", key)
        sides = frozenset(str(party(one, actors)) for one in event.between)
        found = {dyad for dyad, pair in pairs.items() if concerns(sides, *pair)}
        met |= found
        if not found:
            yield warning(path, "the event is between no two that are followed", "add a dyad, or remove it")
        if case.sources and not event.because:
            yield warning(path, "the event rests on no source", "add because: [source]")
        if case.as_of is not None and event.date[: len(case.as_of)] > case.as_of[: len(event.date)]:
            yield warning(path, f"the event is later than the case ({case.as_of})", "is the date right?")
    for key in part.dyads:
        if key not in met and part.store is None:
            way = "add events to the chronology, or a store of event data"
            yield warning(("relations", "dyads", key), "nothing is known of this pair", way)
