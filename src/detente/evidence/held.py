"""How does a record stand in the store, how is it asked for and corrected, and how does it move with its words?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError

from detente.errors import CaseError, OptionError, Problem
from detente.evidence.anchors import LADDER, LOST, SURE, Rung, anchor, find_normalised, normalised, resolve
from detente.evidence.records import (
    RECORDS,
    Actor,
    Conditional,
    DateFound,
    Document,
    Event,
    Found,
    Position,
    Record,
    Span,
    Spans,
    Statement,
    said,
    span_fields,
)
from detente.show.record import Cell
from detente.show.record import Record as Part

Verdict: TypeAlias = Literal["accept", "correct", "reject"]
CELLS = (  # of a record in a table
    *("document", "date", "label", "id", "kind", "state", "who", "words", "what", "start", "end"),
    *("confidence", "witnesses", "by", "at", "note"),
)
DECIDED = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}
Kind = TypeVar("Kind", bound=Found)
LONGEST = 3_000  # characters over which the spans of a record may reach to be found as one piece
LONG_NAME = 24  # characters of a speaker from which the name alone is told
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


class Row(NamedTuple):
    """A record as the store writes it, and as it goes from process to process; its ends come first."""

    start: int
    stop: int
    id: str
    kind: str
    confidence: float
    witnesses: str
    fields: str

    @classmethod
    def of(cls, document: Document, record: Record, spans: Spans, id_: str | None = None) -> Row:
        """Return the row of a record with these spans."""
        start, stop = (spans[0][0], max([end for _, end in spans])) if spans else (0, 0)
        about = (record.record, record.confidence, _listed(record.witnesses), dumped(record))
        return cls(start, stop, id_ or record.id(document, spans), *about)


_listed = cache(json.dumps)


class Read(NamedTuple):
    """A document with what was found in it, to be stored; unless its id was asked for, it is that of its file."""

    document: Document
    rows: tuple[Row, ...]
    file: Path | None = None
    named: bool = False

    @classmethod
    def of(
        cls, document: Document, records: Iterable[Record], file: Path | None = None, *, named: bool = False
    ) -> Read:
        """Return a document with records that were found in it, in the order of the text."""
        placed = [(spans, Row.of(document, one, spans)) for one in records for spans in [one.spans()]]
        return cls(document, tuple([row for _, row in sorted(placed)]), file, named)


class Added(Part):
    """What became of one document.

    Attributes:
        id: under which it stands in the store.
        state: new, changed (another version), again (by another extractor) or known.
        records: how many were found.
        carried: decisions that moved with their words.
        review: of those, how many are to be looked at.
        notes: what to know of how it was read.
    """

    id: str
    state: Literal["new", "changed", "again", "known"]
    records: int
    carried: int = 0
    review: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A record as it stands in the store.

    ``state`` is ``open``, ``accepted``, ``corrected`` or ``rejected``; ``review`` and ``lost`` where a decision
    was carried to another version of the document and its words were only like, or not, found.
    """

    id: str
    label: str  # such as `s3`, a statement; it stays with its words over versions of the document
    document: Document
    record: Record  # as the extractor found it, or as an analyst decided on it
    state: str = "open"
    by: str | None = None  # who decided
    at: str | None = None  # when, UTC
    note: str | None = None

    @property
    def counts(self) -> bool:
        """Tell whether it is neither rejected nor lost."""
        return self.state not in {"rejected", "lost"}

    @property
    def name(self) -> str:
        """Return what a case writes to cite it: document and label."""
        return f"{self.document.id}#{self.label}"

    @property
    def whole(self) -> Span:
        """Return the characters from the first to the last that it is about."""
        spans = self.record.marks()
        return Span(spans[0].start, max(span.end for span in spans))

    def said(self, name: str) -> str:
        """Return the words of a field of spans; ``""`` where the record has no such field."""
        return said(self.record.first(name), self.document.text) if hasattr(self.record, name) else ""

    @property
    def words(self) -> str:
        """Return the words that it is about."""
        return said(self.record.marks(), self.document.text)

    @property
    def holder(self) -> Spans:
        """Return the characters that name whose it is."""
        return self.record.first(*self.record.whose)

    @property
    def who(self) -> str:
        """Return whose it is, and of an act on whom; ``""`` where nobody is named."""
        record, named = self.record, said(self.holder, self.document.text)
        if isinstance(record, Event):
            named = named or " and ".join(record.source)
            target = self.said("target_spans") or " and ".join(record.target)
            return f"{named or 'somebody'} to {target}" if target else named
        return record.name if isinstance(record, Actor) else named

    @property
    def called(self) -> str:
        """Return whose it is, by the name alone where titles and more stand before or after it."""
        head = self.said("head")
        return head if len(self.who) > LONG_NAME and head[:1].isupper() else self.who

    @property
    def what(self) -> str:
        """Return what kind of statement, act, stance … it is, in a few words; of a statement, with its cue."""
        match self.record:
            case Statement() as one:
                cue = f"“{self.said('cue')}”" if one.content else ""
                author = "the author's" if one.voice == "author" else ""
                told = [one.kind, cue, "not said" if one.negated else "", author]
            case Position() as one:
                told = [one.stance, "as the author infers" if one.basis == "author" else ""]
            case Conditional() as one:
                told = [one.kind.replace("_", " ")]
            case Event() as one:
                told = [one.act.casefold(), one.mode or "", one.factuality.replace("reported", "")]
            case DateFound() as one:
                last = None if one.hi is None else one.hi - timedelta(days=1)  # hi is the day after
                days = [str(one.lo or "…"), str(last or "…")]
                told = [one.granularity, days[0] if one.lo == last else " to ".join(days)]
            case Actor() as one:
                told = [one.type, one.code or "", "contested" if one.contested else ""]
        return ", ".join(part for part in told if part)

    def cells(self) -> tuple[Cell, ...]:
        """Return what `CELLS` names."""
        record, spans = self.record, self.record.spans()
        return (
            *(self.document.id, self.document.day, self.label, self.id, record.record, self.state),
            *(self.who, self.words, self.what, spans[0].start, max(span.end for span in spans)),
            *(f"{record.confidence:.2f}", " ".join(record.witnesses), self.by, self.at, self.note),
        )


def wanted(
    who: str | None = None, on: str | None = None, when: str | None = None, state: str | None = None
) -> Callable[[Held], bool]:
    """Return what tells whether a record is wanted: by part of a name, by part of its words, by day and state.

    ``when`` is read by `interval`; a document without a date is not wanted then.
    """
    since, until = interval(when or "..")
    named, about = _plain(who), _plain(on)

    def takes(held: Held) -> bool:
        day = held.document.day or ""
        within = day != "" and day[: len(since)] >= since and day[: len(until)] <= until
        return (
            state in {None, held.state}
            and (within or not when)
            and named in _plain(f"{held.who}\n{held.said('mentions')}")
            and about in _plain(f"{held.words}\n{held.said('issue')}")
        )

    return takes


def _plain(text: str | None) -> str:
    return " ".join(normalised(text or "").split())


def interval(told: str) -> tuple[str, str]:
    """Return the first and the last year, month or day of what is asked for, of two with ``..`` between.

    >>> interval("2024-11..2025"), interval("2024-11"), interval("..2025")
    (('2024-11', '2025'), ('2024-11', '2024-11'), ('', '2025'))

    Raises:
        OptionError: it cannot be read.
    """
    low, dots, high = told.replace(" ", "").partition("..")
    for end in (low, high) if dots else (low,):
        try:
            if end:
                date.fromisoformat(end + "-01-01"[len(end) - 4 :] if _DATE.fullmatch(end) else "")
        except ValueError:
            way = "write 2024, 2024-11, 2024-11-07, or 2024-10..2025-01"
            raise OptionError(f"--when is {told!r}; {way}") from None
    return low, high if dots else low


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(RECORDS[kind])


def dumped(record: Record) -> str:
    """Return the fields of a record as JSON."""
    return _adapter(record.record).serializer.to_json(record).decode()


def loaded(kind: str, written: str) -> Any:
    """Return the record that `dumped` wrote."""
    return _adapter(kind).validate_json(written)


def changed(held: Held, changes: Iterable[str]) -> dict[str, Any]:
    """Return what ``FIELD=VALUE`` changes in a record; words become the span where they stand, nearest to it.

    Raises:
        CaseError: no ``=``, no such field, or words that do not stand in the document; told all at once.
    """
    record, made, faults = held.record, dict[str, Any](), list[Problem]()
    known = [one.name for one in fields(record) if one.name not in {"confidence", "witnesses"}]
    near = min((span.start for span in record.spans()), default=0)
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or name not in known:
            told = f"--set {change!r} names no field of a {record.record}"
            faults.append(Problem(told, hint=f"known: {', '.join(known)}"))
        elif name not in span_fields(record.record):
            made[name] = {"true": True, "yes": True, "false": False, "no": False}.get(value.casefold(), value)
        else:
            places = find_normalised(held.document.text, value)
            found = min(places, key=lambda span: abs(span.start - near), default=None)
            if value.strip() and found is None:
                told = f"--set {name}: {value!r} does not stand in {held.document.id}"
                faults.append(Problem(told, hint="write its words as they are"))
            one = type(getattr(record, name)) is not tuple
            made[name] = found if one else [found] if found else []
    if faults:
        raise CaseError(faults)
    return made


def corrected(record: Record, changes: Mapping[str, Any]) -> Record:
    """Return a record with some fields changed.

    Raises:
        OptionError: fields that the kind does not have, or values that they do not take; told all at once.
    """
    plain = json.loads(dumped(record))
    if unknown := sorted(set(changes) - set(plain)):
        raise OptionError(f"a {record.record} has no {', '.join(unknown)}; known: {', '.join(plain)}")
    try:
        made: Record = _adapter(record.record).validate_python({**plain, **changes, "witnesses": ["analyst"]})
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc'][:1]))}: {one['msg']}" for one in error.errors())
        raise OptionError(f"this is no {record.record}: {told}") from error
    return made


def moved(record: Kind, old: str, new: str) -> tuple[Kind | None, Rung]:
    """Return a record with its spans in another text, and the least sure rung by which one was found.

    Of a field with several spans those that are lost go, as long as one is left; otherwise the record is lost.
    """
    spans = record.spans()
    if not spans or old == new:
        return record, "exact"
    whole = Span(spans[0].start, max(span.end for span in spans))
    place = resolve(new, anchor(old, whole)) if whole.end - whole.start <= LONGEST else LOST
    if place.span is not None and place.rung in SURE - {"normalised"}:
        by = place.span.start - whole.start
        return record.placed({span: Span(span.start + by, span.end + by) for span in spans}), place.rung
    places = {span: resolve(new, anchor(old, span)) for span in spans}
    found = {span: place.span for span, place in places.items() if place.span is not None}
    made = record.placed(found)
    return made, "lost" if made is None else max((places[span].rung for span in found), key=LADDER.index)
