"""On which words does a case rest? Every statement that ``because`` cites, found in a store that has the document.

A case names a statement as ``source#label`` and may hold where it stands, by position and hash (`pinned`); never
its words. Whoever has the document sees them; to others the reference remains. Words are found by the ladder of
`detente.evidence.anchors`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from detente.case import Case
from detente.case.parts.sources import Source, cited
from detente.case.reading import Path
from detente.case.validation import Fault, warning
from detente.errors import NotFoundError
from detente.evidence.anchors import Anchor, Rung, digest, resolve
from detente.evidence.exports import who
from detente.evidence.held import Held
from detente.evidence.page import marks_of
from detente.evidence.records import Document, Position, Span, Statement
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
    held = _Held(case, store)
    named = dict.fromkeys(citation for _, citation in cited(case.to_dict()) if "#" in citation)
    grounds = {citation: held.ground(citation) for citation in named}
    return Trail(grounds, tuple(contradictions(held.positions())))


class _Held:
    """The documents of a case that a store has, each looked up once."""

    def __init__(self, case: Case, store: Store | None) -> None:
        self.case, self.store = case, store
        self._documents: dict[str, Document | None] = {}
        self._by_hash: dict[str, Document] | None = None

    def document(self, source: str) -> Document | None:
        if source not in self._documents:
            self._documents[source] = self._looked_up(source, self.case.sources[source])
        return self._documents[source]

    def _looked_up(self, source: str, of: Source) -> Document | None:
        if self.store is None:
            return None
        if of.document is not None:
            if self._by_hash is None:
                self._by_hash = {one.text_sha256: one for one in self.store.documents()}
            if of.document in self._by_hash:
                return self._by_hash[of.document]
        try:
            return self.store.document(source)
        except NotFoundError:
            return None

    def ground(self, citation: str) -> Ground:
        source, _, label = citation.partition("#")
        document, pinned = self.document(source), self.case.sources[source].statements.get(label)
        if document is None or self.store is None:
            return Ground(citation=citation, found="absent", place=pinned.span if pinned else None)
        told = _record(self.store, document, label)
        if pinned is None:
            return _labelled(citation, document, told)
        place = resolve(document.text, Anchor(*pinned.span, pinned.sha256))
        if place.span is None:
            return Ground(citation=citation, found="lost", date=_day(document))
        if told is None or not _fills(told, place.span):
            told = next((one for one in self.store.records(document.id) if _fills(one, place.span)), None)
        return _ground(citation, place.rung, document, place.span, told)

    def positions(self) -> Iterator[Held]:
        """Yield the positions in the documents that the case cites."""
        for document in {
            one.id: one for source in self.case.sources if (one := self.document(source))
        }.values():
            assert self.store is not None  # noqa: S101  # it has the document
            yield from self.store.records(document.id, "position")


def _record(store: Store, document: Document, label: str) -> Held | None:
    try:
        return store.named(f"{document.id}#{label}")
    except NotFoundError:
        return None


def _fills(held: Held, place: Span) -> bool:
    """Tell whether somebody's words, and not the author's, fill most of a place."""
    record = held.record
    if not isinstance(record, Statement) or record.voice != "actor" or record.negated:
        return False
    inside = sum(max(min(one.end, place.end) - max(one.start, place.start), 0) for one in record.content)
    return inside >= MOST_OF * (place.end - place.start)


def _labelled(citation: str, document: Document, told: Held | None) -> Ground:
    """Return a statement that only its label names."""
    if told is None or told.state in {"lost", "rejected"}:
        return Ground(citation=citation, found="lost", date=_day(document))
    rung: Rung = "fuzzy" if told.state == "review" else "exact"
    return _ground(citation, rung, document, whole(told), told)


def _ground(citation: str, rung: Rung, document: Document, span: Span, told: Held | None) -> Ground:
    words = " ".join(span.of(document.text).split())
    return Ground(
        citation=citation,
        found=rung,
        speaker=(who(told) or None) if told is not None else None,
        words=words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…",
        date=_day(document),
        place=(span.start, span.end),
        record=told.id if told is not None else None,
    )


def _day(document: Document) -> str | None:
    return document.date.isoformat() if document.date else None


def whole(held: Held) -> Span:
    """Return the characters from the first to the last that a record marks."""
    marks = marks_of(held) or held.record.spans()
    return Span(min(one.start for one in marks), max(one.end for one in marks))


def pinned(held: Held) -> dict[str, str]:
    """Return what a case writes under ``statements`` of a source: position and hash."""
    span = whole(held)
    return {"at": f"{span.start}-{span.end}", "sha256": digest(span.of(held.document.text))}


def contradictions(held: Sequence[Held] | Iterator[Held]) -> Iterator[Contradiction]:
    """Yield positions of one holder on one matter, one for and one against it, the earlier document first."""
    found: dict[tuple[str, str], list[Held]] = {}
    for one in held:
        if isinstance(one.record, Position) and one.state not in {"rejected", "lost"}:
            key = _key(one, one.record.holder), _key(one, one.record.issue)
            if all(key):
                found.setdefault(key, []).append(one)
    for (holder, issue), several in found.items():
        ordered = sorted(several, key=lambda one: (_day(one.document) or "", one.document.id, whole(one)))
        for first, second in combinations(ordered, 2):
            assert isinstance(first.record, Position)  # noqa: S101
            assert isinstance(second.record, Position)  # noqa: S101
            stances = first.record.stance, second.record.stance
            if {stances[0] in FOR, stances[1] in FOR} == {True, False} and not AGAINST.isdisjoint(stances):
                yield Contradiction(
                    holder=holder,
                    issue=issue,
                    stances=stances,
                    dates=(_day(first.document), _day(second.document)),
                    places=(f"{first.document.id}#{first.label}", f"{second.document.id}#{second.label}"),
                )


def _key(held: Held, spans: Sequence[Span]) -> str:
    words = " ".join(" ".join(span.of(held.document.text).casefold().split()) for span in spans)
    return words.removeprefix("the ").removesuffix("’s").removesuffix("'s")


def faults(case: Case, found: Trail) -> Iterator[Fault]:
    """Yield citations whose words are lost, or want a look, at their places in the case."""
    for path, citation in cited(case.to_dict()):
        ground = found.grounds.get(citation)
        if ground is None:
            continue
        fault = _fault(path, citation, ground)
        if fault is not None:
            yield fault


def _fault(path: Path, citation: str, ground: Ground) -> Fault | None:
    source = citation.partition("#")[0]
    if ground.found == "lost":
        hint = (
            f"'detente evidence list' shows what stands in {source}; cite it anew, or read the document again"
        )
        return Fault(path, f"the statement {citation} is not found in its document", hint=hint)
    if ground.found == "fuzzy":
        way = "look at it with 'detente evidence list', and accept or correct it"
        return warning(path, f"only words like those of {citation} are found", way)
    return None
