"""On which words does a case rest? Every statement that ``because`` cites, found in a store that has the document.

A case names a statement as ``source#label`` and may hold where it stands, by position and hash (`pinned`); never
its words. Whoever has the document sees them; to others the reference remains. Words are found by the ladder of
`detente.evidence.anchors`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Literal

from detente.case import Case
from detente.case.parts.sources import Source, SpanOfSource, cited
from detente.case.validation import Fault, warning
from detente.errors import NotFoundError
from detente.evidence.anchors import Anchor, Rung, digest, resolve
from detente.evidence.exports import said, shortened, who, whole
from detente.evidence.held import Held
from detente.evidence.merge import common
from detente.evidence.parties import Parties, Party
from detente.evidence.records import Actor, Document, Position, Span, Spans, Statement
from detente.evidence.store import Store
from detente.show.record import Record

MOST_OF = 0.5
"""Of a place that must be somebody's words, for these to be shown as that speaker's."""
LONGEST = 400
"""Characters of a statement that are shown."""
AGAINST: frozenset[str] = frozenset({"opposes", "rejects"})
FOR: frozenset[str] = frozenset({"demands", "supports", "open"})


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


@dataclass(frozen=True, slots=True)
class Trail:
    """What a store has on a case.

    Attributes:
        grounds: citation → what it is.
        contradictions: between statements of one holder, in the documents that the case cites.
    """

    grounds: Mapping[str, Ground]
    contradictions: tuple[Contradiction, ...] = ()


def trail(case: Case, store: Store | None) -> Trail:
    """Return what becomes of every statement that a case cites.

    Args:
        case: whose citations are followed.
        store: of evidence; None where there is none.
    """
    shelves: dict[str, tuple[Document, list[Held]]] = {}
    for name, source in case.sources.items():
        if store is not None and (document := _document(store, name, source)) is not None:
            shelves[name] = document, list(store.records(document.id))
    grounds: dict[str, Ground] = {}
    for _, citation in cited(case.to_dict()):
        name, _, label = citation.partition("#")
        if label and citation not in grounds:
            pin = case.sources[name].statements.get(label)
            grounds[citation] = _ground(citation, pin, *shelves.get(name, (None, [])))
    found = {document.id: records for document, records in shelves.values()}
    return Trail(grounds, tuple(contradictions(chain.from_iterable(found.values()))))


def _document(store: Store, name: str, source: Source) -> Document | None:
    if source.document is not None and (document := store.of_text(source.document)) is not None:
        return document
    with suppress(NotFoundError):
        return store.document(name)
    return None


def _ground(
    citation: str, pin: SpanOfSource | None, document: Document | None, records: Sequence[Held]
) -> Ground:
    """Return what a citation means: at the place that the case pins, or by its label alone."""
    if document is None:
        return Ground(citation=citation, found="absent", place=pin.span if pin else None)
    label = citation.partition("#")[2]
    told = next((one for one in records if label in {one.label, one.id}), None)
    lost = Ground(citation=citation, found="lost", date=_day(document))
    if pin is None:
        if told is None or not told.counts:
            return lost
        rung: Rung = "fuzzy" if told.state == "review" else "exact"
        span = whole(told)
    else:
        place = resolve(document.text, Anchor(*pin.span, pin.sha256))
        if place.span is None:
            return lost
        rung, span = place.rung, place.span
        if told is None or not _fills(told, span):
            told = next((one for one in records if _fills(one, span)), None)
    return Ground(
        citation=citation,
        found=rung,
        speaker=(who(told) or None) if told is not None else None,
        words=shortened(span.of(document.text), LONGEST),
        date=_day(document),
        place=(span.start, span.end),
        record=told.id if told is not None else None,
    )


def _fills(held: Held, place: Span) -> bool:
    """Tell whether somebody's words, and not the author's, fill most of a place."""
    record = held.record
    if not isinstance(record, Statement) or record.voice != "actor" or record.negated:
        return False
    return common(record.content, (place,)) >= MOST_OF * (place.end - place.start)


def _day(document: Document) -> str | None:
    return document.date.isoformat() if document.date else None


def pinned(held: Held) -> dict[str, str]:
    """Return what a case writes under ``statements`` of a source: position and hash."""
    span = whole(held)
    return {"at": f"{span.start}-{span.end}", "sha256": digest(span.of(held.document.text))}


def contradictions(held: Iterable[Held]) -> Iterator[Contradiction]:
    """Yield positions of one holder on one matter, one for and one against it, the earlier document first.

    Args:
        held: positions, and the actors by whose codes holders are told; one who is no actor goes by the words.
    """
    known = [one for one in held if one.counts]
    parties = Parties(one for one in known if isinstance(one.record, Actor))
    found: dict[tuple[Party | str, str], list[tuple[Held, Position]]] = {}
    for one in known:
        if isinstance(one.record, Position):
            holder: Party | str = parties.of(one) or _plain(one, one.record.holder)
            if holder and (issue := _plain(one, one.record.issue)):
                found.setdefault((holder, issue), []).append((one, one.record))
    for (holder, issue), several in found.items():
        ordered = sorted(
            several, key=lambda pair: (_day(pair[0].document) or "", pair[0].document.id, whole(pair[0]))
        )
        for (first, was), (second, is_) in combinations(ordered, 2):
            stances = was.stance, is_.stance
            if {stances[0] in FOR, stances[1] in FOR} == {True, False} and not AGAINST.isdisjoint(stances):
                yield Contradiction(
                    holder=holder if isinstance(holder, str) else holder.name,
                    issue=issue,
                    stances=stances,
                    dates=(_day(first.document), _day(second.document)),
                    places=(f"{first.document.id}#{first.label}", f"{second.document.id}#{second.label}"),
                )


def _order(held: Held) -> tuple[str, str, Span]:
    return _day(held.document) or "", held.document.id, whole(held)


def _plain(held: Held, spans: Spans) -> str:
    words = said(spans, held.document.text).casefold()
    return words.removeprefix("the ").removesuffix("’s").removesuffix("'s")


def faults(case: Case, found: Trail) -> Iterator[Fault]:
    """Yield citations whose words are lost, or want a look, at their places in the case."""
    for path, citation in cited(case.to_dict()):
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
