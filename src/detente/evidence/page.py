"""How is a document shown? Its text with marks in colour and by label; in the margin who said it, who relies."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from detente.case import Case
from detente.case.words import assertions
from detente.evidence.held import Held
from detente.evidence.records import Conditional, Document, Span
from detente.evidence.trail import Trail
from detente.show.page import whole
from detente.show.words import tally
from detente.version import __version__

KINDS = {"s": "statement", "e": "event", "c": "conditional", "p": "position"}
LONG_LINE = 160  # characters of a line that is a paragraph; shorter ones stand together until an empty line
# What a browser would obey or cannot show: controls, bidirectional overrides and isolates, lone surrogates.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANK = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\s*")
_LINE = re.compile(r"(?:\r\n|\r|\n)+")


def document_page(
    document: Document, records: Iterable[Held], relied: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Return a page with the text of a document and what was found in it; without scripts or links outside.

    ``relied`` tells what rests on a record by its label or id, and on the whole document under ``""``.
    """
    marked = [one for one in records if one.record.record[0] in KINDS and one.counts]
    counts = Counter(one.record.record for one in marked)
    about = {
        "Id": document.id,
        "Language": document.language,
        "Licence": document.licence,
        "Address": document.url,
        "SHA-256 of the text": document.text_sha256,
    }
    relied = relied or {}
    shown = {
        "id": document.id,
        "title": _shown(document.title or document.id),
        "origin": _shown(", ".join(filter(None, (document.author, document.publisher)))),
        "date": document.day,
        "kinds": [(letter, tally(counts[name], name).split(" ", 1)) for letter, name in KINDS.items()],
        "names": KINDS,
        "furniture": bool(document.furniture),
        "notes": document.notes,
        "whole": [_shown(one) for one in relied.get("", ())],
        "about": [(name, _shown(value)) for name, value in about.items() if value],
        "rows": list(_rows(document, marked, relied)),
    }
    return whole("document.html.j2", shown=shown, version=__version__)


def relied_on(case: Case, document: Document, found: Trail) -> dict[str, list[str]]:
    """Return id of a record → what in a case rests on it, in words; under ``""`` what cites the whole document.

    A source of the case is the document if it has its id, or names the hash of its text.
    """
    own = {name for name, source in case.sources.items() if source.document == document.text_sha256}
    relied = defaultdict(list)
    for one in assertions(case):
        for because in one.because:
            name, _, label = because.partition("#")
            if name in own or name == document.id:
                record = found.grounds[because].record if label else ""
                relied[record if record is not None else label].append(one.about)
    return dict(relied)


def _rows(
    document: Document, marked: Sequence[Held], relied: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """Yield the paragraphs, each in pieces that carry the same marks, with the notes of those that begin in it."""
    spans = {one.label: one.record.marks() for one in marked}
    notes = {one.label: _note(one, relied) for one in marked}
    beginning = sorted(((held[0].start, label) for label, held in spans.items()), reverse=True)
    edges = [(*span, label[0]) for label, held in spans.items() for span in held]
    waiting = sorted([*edges, *((*span, "f") for span in document.furniture)], reverse=True)
    active: list[tuple[int, int, str]] = []
    for start, end in paragraphs(document.text):
        while waiting and waiting[-1][0] < end:
            active.append(waiting.pop())
        active = [edge for edge in active if edge[1] > start]
        labels = defaultdict[int, list[str]](list)
        while beginning and beginning[-1][0] < end:
            place, label = beginning.pop()
            labels[max(place, start)].append(label)
        cuts = {start, end, *(min(max(place, start), end) for edge in active for place in edge[:2]), *labels}
        pieces = []
        for low, high in pairwise(sorted(cuts)):
            over = {kind for begins, ends, kind in active if begins <= low and high <= ends}
            kinds = [*(["m"] if over - {"f"} else []), *sorted(over, key="cepsf".index)]
            shown = _shown(document.text[low:high])
            pieces.append({"text": shown, "classes": " ".join(kinds), "labels": labels.get(low, ())})
        inside = any(kind == "f" and begins <= start and end <= ends for begins, ends, kind in active)
        begun = [notes[label] for place in sorted(labels) for label in labels[place]]
        yield {"pieces": pieces, "notes": begun, "furniture": inside}


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the paragraphs of a text: between empty lines, and each long line by itself."""
    for start, end in _between(text, 0, len(text), _BLANK):
        lines = [*_between(text, start, end, _LINE)]
        yield from lines if any(stop - at > LONG_LINE for at, stop in lines) else [Span(start, end)]


def _between(text: str, at: int, end: int, gap: re.Pattern[str]) -> Iterator[Span]:
    for stop, after in [*(match.span() for match in gap.finditer(text, at, end)), (end, end)]:
        if text[at:stop].strip():
            yield Span(at, stop)
        at = after


def _note(held: Held, relied: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    record, by = held.record, held.called
    if not by and (isinstance(record, Conditional) or getattr(record, "voice", "") == "author"):
        by = "the author"
    decided = f"{held.state} by {held.by}" + (f": {held.note}" if held.note else "") if held.by else ""
    resting = "; ".join([*relied.get(held.label, ()), *relied.get(held.id, ())])
    lines = [(issue := held.said("issue")) and f"on “{issue}”", decided, resting and f"On it rest: {resting}"]
    shown = {"who": _shown(by), "what": _shown(f"{record.record}, {held.what}")}
    return {"label": held.label, **shown, "lines": [_shown(line) for line in lines if line]}


def _shown(text: str) -> str:
    """Return a text in which what a browser would obey stands in plain sight."""
    return _UNSHOWN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
