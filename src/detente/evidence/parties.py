"""Whose words are these? The actor whose mention stands where a record names its speaker or holder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from detente.case.countries import country_name
from detente.evidence.exports import holder, said
from detente.evidence.held import Held
from detente.evidence.merge import common
from detente.evidence.records import Actor, Span, Statement

PRONOUNS = frozenset({"he", "she", "his", "her", "him"})


@dataclass(eq=False, slots=True)
class Party:
    """Somebody who says or wants something.

    Attributes:
        name: the fullest that the documents give.
        country: alpha-3, of a country, of its bodies, and of people who hold an office of it.
        called: how the documents introduce a person, with title and apposition.
        said: records of which he is the holder.
    """

    name: str
    country: str | None = None
    called: str = ""
    said: int = 0


class Parties:
    """Actors by their codes, over many documents; a person is known by name.

    With ``pronouns``, "he" and "her" are the person who was named last before: a guess, for what is to be judged.
    """

    def __init__(self, actors: Iterable[Held], *, pronouns: bool = False) -> None:
        self._pronouns = pronouns
        self._at: dict[str, list[tuple[Span, Actor]]] = {}
        self._known: dict[str, Party] = {}
        for held in actors:
            if isinstance(held.record, Actor) and held.counts:
                self._at.setdefault(held.document.id, []).extend(
                    (mention, held.record) for mention in held.record.mentions
                )

    def of(self, held: Held) -> Party | None:
        """Return whose a record is; None where nobody is named."""
        record = held.record
        spans = holder(record)
        if isinstance(record, Statement) and record.head:
            spans = (record.head,)
        near = self._at.get(held.document.id, ())
        within = [pair for pair in near if common((pair[0],), spans)]
        people = [pair for pair in within if pair[1].type == "person"]
        if not within and self._pronouns and said(spans, held.document.text).casefold() in PRONOUNS:
            before = [pair for pair in near if pair[1].type == "person" and pair[0].end <= spans[0].start]
            within = people = [max(before, key=lambda pair: pair[0])] if before else []
        if not within:
            return None
        _, actor = max(people or within, key=lambda pair: (pair[0].end - pair[0].start, -pair[0].start))
        code = (actor.code or "").removesuffix("+GOV")  # a country and its government are one
        key = actor.name.casefold() if actor.type == "person" or not code else code
        country = code[:3] if country_name(code.partition("+")[0]) and not actor.contested else None
        party = self._known.setdefault(key, Party(actor.name, country))
        party.name = actor.name if actor.type == "country" else party.name
        party.said += 1
        if actor.type == "person":
            called = re.sub(r",? (?:who|which)$", "", said(holder(record), held.document.text))
            party.called = max(party.called, called, key=len)
        return party
