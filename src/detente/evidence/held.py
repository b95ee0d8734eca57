"""How do documents and records go into the store, and how do they come out? With what was decided on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from pydantic import TypeAdapter, ValidationError

from detente.errors import OptionError
from detente.evidence.records import RECORDS, Document, Record

Verdict: TypeAlias = Literal["accept", "correct", "reject"]
STATES = ("open", "accepted", "corrected", "rejected", "review", "lost")
_DECIDED = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class Read:
    """A document with what was found in it, to be stored.

    Attributes:
        file: where it was; None for one that was made in memory.
        named: whether its id was asked for; otherwise another file of that name gets another id.
        written: the records as the store writes them, where another process has written them already: they go
            from process to process several times faster than records, which are then left out.
    """

    document: Document
    records: tuple[Record, ...]
    file: Path | None = None
    named: bool = False
    written: tuple[Row, ...] = ()

    def rows(self) -> tuple[Row, ...]:
        """Return the records as the store writes them."""
        return self.written or tuple(Row.of(one.id(self.document), one) for one in self.records)


class Row(NamedTuple):
    """A record as the store writes it; in the order of the text when sorted."""

    spans: tuple[tuple[int, int], ...]
    id: str
    kind: str
    confidence: float
    witnesses: str
    fields: str

    @classmethod
    def of(cls, id_: str, record: Record) -> Row:
        """Return the row of a record."""
        spans = tuple(map(tuple, record.spans()))  # bare, for pickling
        return cls(spans, id_, record.record, record.confidence, _listed(record.witnesses), dumped(record))  # type: ignore[arg-type]


@cache
def _listed(witnesses: tuple[str, ...]) -> str:
    return json.dumps(witnesses)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a document.

    Attributes:
        id: under which it stands in the store.
        state: ``new``, ``changed`` (another version), ``again`` (by another extractor) or ``known``.
        records: how many were found.
        carried: decisions that were carried over to another version.
        review: of those, how many are to be looked at, or lost.
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
