"""On which words does a case rest? Every statement that ``because`` cites, found in a store that has the document.

A case names a statement as ``source#label`` and may hold where it stands, by position and hash (`pinned`); never
its words. Whoever has the document sees them; to others the reference remains. Words are found by the ladder of
`detente.evidence.anchors`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Literal, NamedTuple

from detente.case import Case
from detente.case.countries import country_name
from detente.case.parts.sources import SpanOfSource, cited
from detente.case.validation import Fault, warning
from detente.errors import NotFoundError
from detente.evidence.anchors import Anchor, Rung, resolve
from detente.evidence.held import Held
from detente.evidence.records import (
    Actor,
    Document,
    Position,
    Span,
    Statement,
    common,
    digest,
    said,
    shortened,
)
from detente.evidence.store import Store
from detente.show.record import Record

MOST_OF = 0.5  # of a place that must be somebody's words, for these to be shown as that speaker's
LONGEST = 400  # characters of a statement that are shown
AGAINST: frozenset[str] = frozenset({"opposes", "rejects"})
FOR: frozenset[str] = frozenset({"demands", "supports", "open"})
PRONOUNS = frozenset({"he", "she", "his", "her", "him"})


class Ground(Record):
    """A statement that a case rests on.

    Attributes:
        citation: as the case writes it: ``medvedev-2024-11#s3``.
        found: by which step of the ladder; ``absent`` where the document is not at hand.
        speaker: in the document's words.
        words: the statement; None where the document is not at hand, or where it is lost.
        date: of the document.
        place: first character and the one after the last in the stored text.
        record: id of the record in the store.
    """

    citation: str
    found: Rung | Literal["absent"]
    speaker: str | None = None
    words: str | None = None
    date: str | None = None
    place: tuple[int, int] | None = None
    record: str | None = None


class Contradiction(Record):
    """Two statements of one holder on one matter with opposite stances, the earlier first.

    Attributes:
        holder: in the documents' words.
        issue: likewise.
        stances: of the earlier and the later.
        dates: of their documents; None where none is known.
        places: ``document#label`` of each.
    """

    holder: str
    issue: str
    stances: tuple[str, str]
    dates: tuple[str | None, str | None]
    places: tuple[str, str]


class Trail(NamedTuple):
    """What a store has on a case: what each citation is, and who contradicts himself in the cited documents."""

    grounds: Mapping[str, Ground]
    contradictions: tuple[Contradiction, ...] = ()


def trail(case: Case, store: Store | None) -> Trail:
    """Return what becomes of every statement that a case cites."""
    shelves: dict[str, tuple[Document, list[Held]]] = {}
    if store is not None:
        for name, source in case.sources.items():
            document = store.of_text(source.document) if source.document is not None else None
            with suppress(NotFoundError):
                document = document or store.document(name)
                shelves[name] = document, list(store.records(document.id))
    grounds: dict[str, Ground] = {}
    for _, citation in cited(case):
        name, _, label = citation.partition("#")
        if label and citation not in grounds:
            pin = case.sources[name].statements.get(label)
            grounds[citation] = _ground(citation, pin, *shelves.get(name, (None, [])))
    found = {document.id: records for document, records in shelves.values()}
    return Trail(grounds, tuple(contradictions(chain.from_iterable(found.values()))))


def _ground(
    citation: str, pin: SpanOfSource | None, document: Document | None, records: Sequence[Held]
) -> Ground:
    """Return what a citation means: at the place that the case pins, or by its label alone."""
    place = pin.span if pin else None
    if document is None:
        return Ground(citation=citation, found="absent", place=place)
    label = citation.partition("#")[2]
    told = next((one for one in records if label in {one.label, one.id}), None)
    span: Span | None = None
    rung: Rung = "lost"
    if pin is not None:
        span, rung, _ = resolve(document.text, Anchor(*pin.span, pin.sha256))
        if span is not None and (told is None or not _fills(told, span)):
            here = span
            told = max(  # somebody's words first, then what shares most of the place
                records,
                key=lambda one: (_fills(one, here), common(one.record.marks(), (here,))),
                default=None,
            )
    elif told is not None and told.counts:
        span, rung = told.whole, "fuzzy" if told.state == "review" else "exact"
    if span is None:
        return Ground(citation=citation, found="lost", date=document.day)
    whose = told.who if told is not None and (pin is None or _fills(told, span)) else ""
    return Ground(
        citation=citation,
        found=rung,
        speaker=whose or None,
        words=shortened(span.of(document.text), LONGEST),
        date=document.day,
        place=span,
        record=told.id if told is not None and common(told.record.marks(), (span,)) else None,
    )


def _fills(held: Held, place: Span) -> bool:
    """Tell whether somebody's words, and not the author's, fill most of a place."""
    record = held.record
    if not isinstance(record, Statement) or record.voice != "actor" or record.negated:
        return False
    return common(record.content, (place,)) >= MOST_OF * (place.end - place.start)


def pinned(held: Held) -> dict[str, str]:
    """Return what a case writes under ``statements`` of a source: position and hash."""
    span = held.whole
    return {"at": f"{span.start}-{span.end}", "sha256": digest(span.of(held.document.text))}


def contradictions(held: Iterable[Held]) -> Iterator[Contradiction]:
    """Yield positions of one holder on one matter, one for and one against it, the earlier document first.

    Holders are told by the codes of actors; one who is no actor goes by the words.
    """
    known = [one for one in held if one.counts]
    parties = Parties(known)
    found: dict[tuple[Party | str, str], list[tuple[Held, Position]]] = {}
    for one in known:
        if isinstance(one.record, Position):
            holder: Party | str = parties.of(one) or _plain(said(one.holder, one.document.text))
            if holder and (issue := _plain(one.said("issue"))):
                found.setdefault((holder, issue), []).append((one, one.record))
    for (holder, issue), several in found.items():
        several.sort(key=lambda pair: (pair[0].document.day or "", pair[0].document.id, pair[0].whole))
        for (first, was), (second, now) in combinations(several, 2):
            stances = was.stance, now.stance
            if {stance in FOR for stance in stances} == {True, False} and not AGAINST.isdisjoint(stances):
                yield Contradiction(
                    holder=holder if isinstance(holder, str) else holder.name,
                    issue=issue,
                    stances=stances,
                    dates=(first.document.day, second.document.day),
                    places=(first.name, second.name),
                )


def _plain(words: str) -> str:
    return re.sub("^the |[’']s$", "", words.casefold())


@dataclass(eq=False, slots=True)
class Party:
    """Somebody who says or wants something: the fullest name, and how the documents introduce a person.

    ``country`` is alpha-3, also of its bodies and of people who hold an office of it; ``said`` counts records.
    """

    name: str
    country: str | None = None
    called: str = ""
    said: int = 0


class Parties:
    """Whose words are these? Actors by their codes, over many documents; a person is known by name.

    With ``pronouns``, "he" and "her" are the person who was named last before: a guess, for what is to be judged.
    """

    def __init__(self, records: Iterable[Held], *, pronouns: bool = False) -> None:
        self._pronouns = pronouns
        self._at: dict[str, list[tuple[Span, Actor]]] = {}
        self._known: dict[str, Party] = {}
        self._named: dict[str, dict[str, Actor]] = {}  # surname → name → person, over all documents
        for held in records:
            if isinstance(actor := held.record, Actor):
                self._at.setdefault(held.document.id, []).extend((at, actor) for at in actor.mentions)
                if actor.type == "person" and " " in actor.name:
                    self._named.setdefault(actor.name.rsplit(" ", 1)[1], {})[actor.name] = actor

    def of(self, held: Held) -> Party | None:
        """Return whose a record is; None where nobody is named."""
        record, text = held.record, held.document.text
        head = isinstance(record, Statement) and record.first("head")
        spans = head or held.holder
        near = self._at.get(held.document.id, ())
        within = [pair for pair in near if common((pair[0],), spans)]
        people = self._named.get(said(spans, text), {})
        if not within and len(people) == 1:  # whom another document introduces
            within = [(span, actor) for span in spans[:1] for actor in people.values()]
        if not within and self._pronouns and said(spans, text).casefold() in PRONOUNS:
            before = [pair for pair in near if pair[1].type == "person" and pair[0].end <= spans[0].start]
            within = sorted(before, key=lambda pair: pair[0])[-1:]
        if not within:
            return None
        persons = [pair for pair in within if pair[1].type == "person"]
        _, actor = max(persons or within, key=lambda pair: (pair[0].end - pair[0].start, -pair[0].start))
        code = (actor.code or "").removesuffix("+GOV")  # a country and its government are one
        key = actor.name.casefold() if actor.type == "person" or not code else code
        country = code[:3] if country_name(code.partition("+")[0]) and not actor.contested else None
        party = self._known.setdefault(key, Party(actor.name, country))
        party.name = actor.name if actor.type == "country" else party.name
        party.said += 1
        if actor.type == "person":
            called = re.sub(r",? (?:who|which)$", "", said(held.holder, text))
            party.called = max(party.called, called, key=len)
        return party


def faults(case: Case, found: Trail) -> Iterator[Fault]:
    """Yield citations whose words are lost, or want a look, at their places in the case."""
    for path, citation in cited(case):
        ground = found.grounds.get(citation)
        if ground is None:
            continue
        if ground.found == "lost":
            what = f"'detente evidence list' shows what stands in {citation.partition('#')[0]}"
            way = f"{what}; cite it anew, or read the document again"
            yield Fault(path, f"the statement {citation} is not found in its document", hint=way)
        elif ground.found == "fuzzy":
            way = "look at it with 'detente evidence list', and accept or correct it"
            yield warning(path, f"only words like those of {citation} are found", way)
