"""How do documents and records go into the store, and how do they come out? With what was decided on them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError

from detente.errors import OptionError
from detente.evidence.anchors import SURE, Rung, anchor, resolve
from detente.evidence.records import RECORDS, Document, Found, Record, Span
from detente.show.record import Record as Part

Verdict: TypeAlias = Literal["accept", "correct", "reject"]
_DECIDED = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}
STATES = ("open", *_DECIDED.values(), "review", "lost")
Kind = TypeVar("Kind", bound=Found)
LONGEST = 3_000
"""Characters over which the spans of a record may reach to be found as one piece."""
LADDER: tuple[Rung, ...] = ("exact", "unique", "context", "normalised", "fuzzy", "lost")


class Row(NamedTuple):
    """A record as the store writes it, and as it goes from process to process; sorted by the order of the text."""

    spans: tuple[tuple[int, int], ...]
    id: str
    kind: str
    confidence: float
    witnesses: str
    fields: str

    @classmethod
    def of(cls, id_: str, record: Record) -> Row:
        """Return the row of a record."""
        spans = tuple((start, end) for start, end in record.spans())  # bare, for pickling
        kind, witnesses = record.record, _listed(record.witnesses)
        return cls(spans, id_, kind, record.confidence, witnesses, dumped(record))


@cache
def _listed(names: tuple[str, ...]) -> str:
    return json.dumps(names)


@dataclass(frozen=True, slots=True)
class Read:
    """A document with what was found in it, to be stored.

    Attributes:
        file: where it was; None for one that was made in memory.
        named: whether its id was asked for; otherwise another file of that name gets another id.
    """

    document: Document
    rows: tuple[Row, ...]
    file: Path | None = None
    named: bool = False

    @classmethod
    def of(
        cls, document: Document, records: Iterable[Record], file: Path | None = None, *, named: bool = False
    ) -> Read:
        """Return a document with records that were found in it."""
        return cls(document, tuple(Row.of(one.id(document), one) for one in records), file, named)


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

    Attributes:
        id: stable.
        label: such as ``s3``, a statement; it stays with its words over versions of the document.
        document: in whose text its spans are.
        record: as the extractor found it, or as an analyst decided on it.
        state: one of `STATES`; ``review`` and ``lost`` where a decision was carried to another version of the
            document and its words were only like, or not, found.
        by: who decided; None while it is open.
        at: when, UTC.
        note: that came with the decision.
    """

    id: str
    label: str
    document: Document
    record: Record
    state: str = "open"
    by: str | None = None
    at: str | None = None
    note: str | None = None

    @property
    def counts(self) -> bool:
        """Tell whether it is neither rejected nor lost."""
        return self.state not in {"rejected", "lost"}


def state_of(verdict: str, rung: str | None) -> str:
    """Return the state of a record on which a decision was made, or to which one was carried by a rung."""
    return {"fuzzy": "review", "lost": "lost"}.get(rung or "", _DECIDED[verdict])


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(RECORDS[kind])


def dumped(record: Record) -> str:
    """Return the fields of a record as JSON."""
    return _adapter(record.record).dump_json(record).decode()


def loaded(kind: str, written: str) -> Any:
    """Return the record that `dumped` wrote."""
    return _adapter(kind).validate_json(written)


def corrected(record: Record, changes: dict[str, Any]) -> Record:
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
    if not spans:
        return record, "exact"
    whole = Span(spans[0].start, max(span.end for span in spans))
    if whole.end - whole.start <= LONGEST:
        place = resolve(new, anchor(old, whole))
        if place.span is not None and place.rung in SURE - {"normalised"}:
            by = place.span.start - whole.start
            return _with(record, {span: Span(span.start + by, span.end + by) for span in spans}), place.rung
    places = {span: resolve(new, anchor(old, span)) for span in spans}
    made = _with(record, {span: place.span for span, place in places.items() if place.span is not None})
    worst: Rung = max(
        (place.rung for place in places.values() if place.span), key=LADDER.index, default="lost"
    )
    return (None, "lost") if made is None else (made, worst)


def _with(record: Kind, found: dict[Span, Span]) -> Kind | None:
    """Return the record with other spans; None where a field would lose all of its own."""
    changed: dict[str, Any] = {}
    for held in fields(record):
        value = getattr(record, held.name)
        if isinstance(value, Span):
            changed[held.name] = found.get(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Span):
            changed[held.name] = tuple(sorted({found[span] for span in value if span in found}))
    return replace(record, **changed) if all(changed.values()) else None
