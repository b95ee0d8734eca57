"""How does evidence leave the program? As W3C annotations, as a table, and its sources as BibTeX or CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from detente.evidence.anchors import anchor
from detente.evidence.held import Held, dumped
from detente.evidence.records import (
    Actor,
    Conditional,
    DateFound,
    Document,
    Event,
    Position,
    Record,
    Span,
    Spans,
    Statement,
)
from detente.show.table import Table

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
COLUMNS = (  # of the table
    *("document", "date", "label", "id", "kind", "state", "who", "words", "what", "start", "end"),
    *("confidence", "witnesses", "by", "at", "note"),
)
_TEX = str.maketrans(
    {mark: f"\\{mark}" for mark in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def said(spans: Spans, text: str) -> str:
    """Return the words of spans on one line, with an ellipsis between pieces."""
    return " … ".join(" ".join(span.of(text).split()) for span in spans)


def shortened(text: str, most: int) -> str:
    """Return a text on one line, of at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def holder(record: Record) -> Spans:
    """Return the words that name whose statement, position, condition or act a record is."""
    match record:
        case Statement():
            return record.speaker or ((record.head,) if record.head else ())
        case Position():
            return record.holder
        case Conditional():
            return (record.speaker,) if record.speaker else ()
        case Event():
            return record.source_spans
    return ()


def marks(record: Record) -> Spans:
    """Return the characters that a record is about; of an actor, its first mention."""
    match record:
        case Statement():
            return record.content or record.cue
        case Position():
            return record.evidence
        case Conditional():
            return tuple(sorted({*record.marker, *record.antecedent, *record.consequent}))
        case Event():
            return record.trigger
        case DateFound():
            return (record.span,)
    return record.mentions[:1]


def whole(held: Held) -> Span:
    """Return the characters from the first to the last that a record is about."""
    spans = marks(held.record) or held.record.spans()
    return Span(spans[0].start, max(span.end for span in spans))


def who(held: Held) -> str:
    """Return whose a record is, and of an act on whom; ``""`` where nobody is named."""
    record, text = held.record, held.document.text
    if isinstance(record, Actor):
        return record.name
    named = said(holder(record), text)
    if isinstance(record, Event):
        named = named or " and ".join(record.source)
        target = said(record.target_spans, text) or " and ".join(record.target)
        return f"{named or 'somebody'} to {target}" if target else named
    return named


def words(held: Held) -> str:
    """Return the words that a record is about."""
    return said(marks(held.record), held.document.text)


def what(held: Held) -> str:
    """Return what kind of statement, act, stance … a record is, in a few words; of a statement, with its cue."""
    record = held.record
    match record:
        case Statement():
            cue = f"“{said(record.cue, held.document.text)}”" if record.content else ""
            author = "the author's" if record.voice == "author" else ""
            told = [record.kind, cue, "not said" if record.negated else "", author]
        case Position():
            told = [record.stance, "as the author infers" if record.basis == "author" else ""]
        case Conditional():
            told = [record.kind.replace("_", " ")]
        case Event():
            told = [record.act.casefold(), record.mode or "", record.factuality.replace("reported", "")]
        case DateFound():
            last = None if record.hi is None else record.hi - timedelta(days=1)  # hi is the day after
            days = [str(record.lo or "…"), str(last or "…")]
            told = [record.granularity, days[0] if record.lo == last else " to ".join(days)]
        case Actor():
            told = [record.type, record.code or "", "contested" if record.contested else ""]
    return ", ".join(part for part in told if part)


def annotation(held: Held) -> dict[str, Any]:
    """Return a record as an annotation of the W3C Web Annotation Data Model, both selectors for every span."""
    document, record = held.document, held.record
    made: dict[str, Any] = {
        "id": f"urn:detente:{held.id}",
        "type": "Annotation",
        "motivation": "tagging",
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": record.record},
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "application/json",
                "value": json.dumps(json.loads(dumped(record)) | {"label": held.label, "state": held.state}),
            },
        ],
        "target": [
            {
                "source": document.url or f"urn:sha256:{document.sha256}",
                "selector": anchor(document.text, span).selectors(),
            }
            for span in record.spans()
        ],
    }
    if held.by:
        made |= {"creator": {"type": "Person", "name": held.by}, "modified": held.at}
    if held.note:
        made["body"].append({"type": "TextualBody", "purpose": "commenting", "value": held.note})
    return made


def page_of(records: Iterable[Held]) -> dict[str, Any]:
    """Return an AnnotationPage."""
    return {"@context": CONTEXT, "type": "AnnotationPage", "items": [annotation(held) for held in records]}


def as_csv(records: Iterable[Held]) -> str:
    """Return records as CSV; what a spreadsheet program would compute begins with an apostrophe."""
    rows = []
    for held in records:
        document, record, spans = held.document, held.record, held.record.spans()
        day = document.date.isoformat() if document.date else None
        place = (spans[0].start, max(span.end for span in spans)) if spans else (None, None)
        about = (document.id, day, held.label, held.id, record.record, held.state)
        told = (who(held), words(held), what(held), *place, f"{record.confidence:.2f}")
        rows.append((*about, *told, " ".join(record.witnesses), held.by, held.at, held.note))
    return Table("evidence", dict.fromkeys(COLUMNS, ""), tuple(rows)).to_csv()


def as_csl(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """Return sources as CSL-JSON, for reference managers."""
    made = []
    for one in documents:
        day = one.date
        item: dict[str, Any] = {
            "id": one.id,
            "type": "webpage" if one.url else "document",
            "title": one.title or one.id,
            "author": one.author and [{"literal": one.author}],
            "issued": day and {"date-parts": [[day.year, day.month, day.day]]},
            "publisher": one.publisher,
            "URL": one.url,
            "language": one.language,
            "license": one.licence,
        }
        made.append({name: value for name, value in item.items() if value})
    return made


def as_bibtex(documents: Iterable[Document]) -> str:
    """Return sources as BibTeX; keys are the ids of the documents."""
    entries = []
    for one in documents:
        fields = {
            "title": _escaped(one.title or one.id),
            "author": f"{{{_escaped(one.author)}}}" if one.author else "",
            "publisher": _escaped(one.publisher or ""),
            "year": str(one.date.year) if one.date else "",
            "date": str(one.date or ""),
            "url": one.url,
            "note": f"SHA-256 of the text: {one.text_sha256}",
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        key = re.sub(r"[^A-Za-z0-9_:.-]", "-", one.id)
        entries.append(f"@{'online' if one.url else 'misc'}{{{key},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries)


def _escaped(text: str) -> str:
    return " ".join(text.translate(_TEX).split())
