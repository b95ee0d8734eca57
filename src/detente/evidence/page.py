"""How is a document shown? Its text with marks in colour and by label; in the margin who said it, who relies."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from detente.case import Case
from detente.case.words import assertions
from detente.evidence.exports import what, who
from detente.evidence.held import Held
from detente.evidence.records import Conditional, Document, Event, Position, Span, Spans, Statement
from detente.show.page import whole
from detente.version import __version__

KINDS = {"s": "statement", "e": "event", "c": "conditional", "p": "position"}
LONG_LINE = 160
"""Characters of a line that is a paragraph by itself; shorter ones stand together until an empty line."""
# What a browser would obey or cannot show: controls, bidirectional overrides and isolates, lone surrogates.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANK = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\s*")
_LINE = re.compile(r"(?:\r\n|\r|\n)+")


@dataclass
class Piece:
    """Characters that carry the same marks, and the labels of those that begin with them."""

    text: str
    classes: str = ""
    labels: list[str] = field(default_factory=list)


@dataclass
class Note:
    """What the margin says of a mark."""

    label: str
    who: str
    what: str
    lines: list[str]


@dataclass
class Row:
    """A paragraph and its notes."""

    pieces: list[Piece]
    notes: list[Note]
    furniture: bool = False


def document_page(
    document: Document, records: Iterable[Held], relied: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Return a page with the text of a document and what was found in it; without scripts or links outside.

    Args:
        document: to be shown.
        records: of this document; those that were rejected or lost are left out.
        relied: label or id of a record → what rests on it, such as ``the Kremlin on sanctions``; ``""`` is the
            document as a whole.
    """
    marked = [
        one for one in records if one.record.record[0] in KINDS and one.state not in {"rejected", "lost"}
    ]
    marks = {one.label: marks_of(one) for one in marked}
    counts = Counter(one.record.record for one in marked)
    stated = (document.author, document.publisher)
    about = {
        "Id": document.id,
        "Language": document.language,
        "Licence": document.licence,
        "Address": document.url,
        "SHA-256 of the text": document.text_sha256,
    }
    shown = {
        "id": document.id,
        "title": _shown(document.title or document.id),
        "origin": _shown(", ".join(part for part in stated if part)),
        "date": document.date.isoformat() if document.date else None,
        "kinds": [
            {"letter": letter, "name": f"{name}s" if counts[name] != 1 else name, "count": counts[name]}
            for letter, name in KINDS.items()
        ],
        "names": KINDS,
        "furniture": bool(document.furniture),
        "notes": document.notes,
        "whole": [_shown(one) for one in (relied or {}).get("", ())],
        "about": [(name, _shown(value)) for name, value in about.items() if value],
        "rows": list(_rows(document, marked, marks, relied or {})),
    }
    return whole("document.html.j2", (), shown=shown, version=__version__)


def relied_on(case: Case, document: Document, records: Iterable[Held]) -> dict[str, list[str]]:
    """Return label → what in a case rests on it, in words; under ``""`` what cites the document as a whole.

    A source of the case is the document if it has its id, or names the hash of its text. Where the case says at
    which characters a statement stands, it is the record that shares most of them, whatever its label.
    """
    marks = {one.label: marks_of(one) for one in records}
    found = defaultdict(list)
    for one in assertions(case):
        for because in one.because:
            name, _, label = because.partition("#")
            source = case.sources.get(name)
            if document.id != name and document.text_sha256 != getattr(source, "document", None):
                continue
            pinned = getattr(source, "statements", {}).get(label)
            found[label if pinned is None else _at(Span(*pinned.span), marks) or label].append(one.about)
    return dict(found)


def _at(place: Span, marks: Mapping[str, Spans]) -> str | None:
    """Return the label whose marks share most characters with a place."""

    def shared(label: str) -> int:
        return sum(max(min(end, place.end) - max(start, place.start), 0) for start, end in marks[label])

    best = max(marks, key=shared, default=None)
    return best if best is not None and shared(best) else None


def marks_of(held: Held) -> Spans:
    """Return the characters that a record marks."""
    match held.record:
        case Statement() as one:
            return one.content or one.cue
        case Event() as one:
            return one.trigger
        case Conditional() as one:
            return tuple(sorted({*one.marker, *one.antecedent, *one.consequent}))
        case Position() as one:
            return one.evidence
    return ()


def _rows(
    document: Document,
    marked: Sequence[Held],
    marks: Mapping[str, Spans],
    relied: Mapping[str, Sequence[str]],
) -> Iterator[Row]:
    starts = {label: spans[0].start for label, spans in marks.items() if spans}
    edges = sorted((span.start, span.end, label) for label, spans in marks.items() for span in spans)
    notes = {one.label: _note(one, relied) for one in marked}
    order = sorted(starts, key=lambda label: (starts[label], label))
    at = first = 0
    active: list[tuple[int, int, str]] = []
    for paragraph in paragraphs(document.text):
        while at < len(edges) and edges[at][0] < paragraph.end:
            active.append(edges[at])
            at += 1
        active = [edge for edge in active if edge[1] > paragraph.start]
        here = []
        while first < len(order) and starts[order[first]] < paragraph.end:
            here.append(order[first])
            first += 1
        furniture = [
            span for span in document.furniture if span.start < paragraph.end and paragraph.start < span.end
        ]
        inside = any(span.start <= paragraph.start and paragraph.end <= span.end for span in furniture)
        begun = {label: max(starts[label], paragraph.start) for label in here}
        yield Row(
            _pieces(document.text, paragraph, active, furniture, begun),
            [notes[label] for label in here],
            inside,
        )


def _pieces(
    text: str,
    paragraph: Span,
    active: Sequence[tuple[int, int, str]],
    furniture: Sequence[Span],
    begun: Mapping[str, int],
) -> list[Piece]:
    cuts = {paragraph.start, paragraph.end}
    for start, end in [*((start, end) for start, end, _ in active), *furniture]:
        cuts |= {max(start, paragraph.start), min(end, paragraph.end)}
    labels = defaultdict(list)
    for label, place in begun.items():
        labels[place].append(label)
    order = sorted(cuts)
    pieces = []
    for low, high in pairwise(order):
        kinds = sorted({label[0] for start, end, label in active if start <= low and high <= end})
        grey = ["f"] if any(span.start <= low and high <= span.end for span in furniture) else []
        classes = " ".join((["m", *kinds] if kinds else []) + grey)
        pieces.append(Piece(_shown(text[low:high]), classes, labels[low]))
    return pieces


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the paragraphs of a text: between empty lines, and each long line by itself."""
    for block in _between(text, Span(0, len(text)), _BLANK):
        lines = list(_between(text, block, _LINE))
        yield from lines if any(line.end - line.start > LONG_LINE for line in lines) else [block]


def _between(text: str, within: Span, gap: re.Pattern[str]) -> Iterator[Span]:
    at = within.start
    for match in gap.finditer(text, within.start, within.end):
        if text[at : match.start()].strip():
            yield Span(at, match.start())
        at = match.end()
    if text[at : within.end].strip():
        yield Span(at, within.end)


def _note(held: Held, relied: Mapping[str, Sequence[str]]) -> Note:
    record = held.record
    by = who(held)
    if not by and isinstance(record, Statement | Conditional | Position):
        by = (
            "the author"
            if isinstance(record, Conditional) or getattr(record, "voice", "") == "author"
            else ""
        )
    lines = []
    if isinstance(record, Position):
        lines.append(
            "on " + " … ".join(" ".join(span.of(held.document.text).split()) for span in record.issue)
        )
    if held.by:
        lines.append(f"{held.state} by {held.by}" + (f": {held.note}" if held.note else ""))
    resting = [*relied.get(held.label, ()), *relied.get(held.id, ())]
    if resting:
        lines.append(f"On it rest: {'; '.join(resting)}")
    return Note(
        held.label, _shown(by), _shown(f"{record.record}, {what(held)}"), [_shown(line) for line in lines]
    )


def _shown(text: str) -> str:
    """Return a text in which what a browser would obey stands in plain sight."""
    return _UNSHOWN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
