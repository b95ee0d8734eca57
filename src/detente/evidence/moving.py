"""Where does a record stand in another version of its document? Its spans are found again, together or singly."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from detente.evidence.anchors import Rung, anchor, resolve
from detente.evidence.records import Found, Span

Kind = TypeVar("Kind", bound=Found)
LONGEST = 3_000
"""Characters over which the spans of a record may reach to be found as one piece."""
ORDER: tuple[Rung, ...] = ("exact", "unique", "context", "normalised", "fuzzy", "lost")


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
        if place.span is not None and place.rung in {"exact", "unique", "context"}:
            by = place.span.start - whole.start
            return _with(record, {span: Span(span.start + by, span.end + by) for span in spans}), place.rung
    found: dict[Span, Span] = {}
    worst: Rung = "exact"
    for span in spans:
        place = resolve(new, anchor(old, span))
        if place.span is not None:
            found[span] = place.span
            worst = max(worst, place.rung, key=ORDER.index)
    made = _with(record, found)
    return (None, "lost") if made is None else (made, worst)


def _with(record: Kind, found: dict[Span, Span]) -> Kind | None:
    """Return the record with other spans; None where a field would lose all of its own."""
    changed: dict[str, Any] = {}
    for held in fields(record):
        value = getattr(record, held.name)
        if isinstance(value, Span):
            if value not in found:
                return None
            changed[held.name] = found[value]
        elif isinstance(value, tuple) and value and isinstance(value[0], Span):
            kept = sorted({found[span] for span in value if span in found})
            if not kept:
                return None
            changed[held.name] = tuple(kept)
    return replace(record, **changed)
