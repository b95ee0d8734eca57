"""What was said, by whom, in which words? The candidates that are likely enough, none inside another's content."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from detente.evidence.lists import group, rows, words
from detente.evidence.records import Document, Kind, Span, Statement
from detente.evidence.statements.candidates import LENT, Candidate, candidates, marks
from detente.evidence.table import Table, tables

THRESHOLD = 0.4
_TRIM = " \t\xa0\r\n,:;—–―-"
_HEDGES = words("hedges")
_SILENT = re.compile(
    rf"\s+to\s+(?:{'|'.join(sorted(words('silences')))})\b(?!\s+(?:what|why|whether|how|that|if))"
)


def statements(document: Document) -> tuple[Statement, ...]:
    """Return the statements that a document reports, in the order of their cues."""
    return tuple(item for table in tables(document) for _, item in found(table))


def found(table: Table) -> Iterator[tuple[str, Statement]]:
    """Yield the statements of a part of a document, each with the name of its rule, in the order of their cues."""
    text, stand = table.text, list[Candidate]()
    waiting = False  # for a quotation without a cue of its own
    for sentence in table.quoting:
        held = candidates(text, sentence)
        weighed = (item._replace(chance=chance(marks(item, held))) for item in held)
        kept = resolve([one for one in weighed if one.chance >= THRESHOLD])
        if not kept and waiting and sentence.tags == "Q":
            stand[-1] = stand[-1]._replace(content=(*stand[-1].content, sentence.span))
        else:
            waiting = bool(kept)
            stand += kept
    near = zip(table.spans, table.words, table.lower, strict=True)
    hedges = [Span(*span) for span, word, low in near if low in _HEDGES and word != "May"]
    for one in stand:
        if content := trimmed(text, sorted(one.content)):
            yield one.rule, _statement(text, one, content, hedges)


@cache
def weights() -> dict[str, float]:
    """Return the weight of every mark; what is not listed weighs nothing."""
    return {row[0]: float(row[1]) for row in rows("statement_weights")}


def chance(seen: Iterable[str]) -> float:
    """Return the chance that a candidate with these marks is a statement."""
    known = weights().get
    total = sum([known(mark, 0.0) for mark in {*seen}])
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def resolve(weighed: Sequence[Candidate]) -> list[Candidate]:
    """Drop what is said inside another's content, and end each content where the next statement begins."""
    kept = list(weighed)
    if len(kept) < 2:
        return kept
    for one in sorted(weighed, key=lambda one: -one.chance):
        if any(one is other for other in kept):
            lent = [o for o in kept if o.link in LENT and o.cue > one.cue]  # they share its subject
            kept = [o for o in kept if o is one or o in lent or not one.holds(o.cue.start)]
    for place, one in enumerate(kept):
        content = one.content
        for other in kept:
            content = content if other is one else _ended(content, other.low, one.cue.end)
        kept[place] = one._replace(content=content)
    return kept


def _ended(content: Sequence[Span], low: int, cue: int) -> tuple[Span, ...]:
    """Return a content up to where another begins, if that is behind the cue or the content's own piece."""
    kept = [span for span in content if not low <= span.start or low <= cue]
    return tuple(
        Span(start, low) if start < low < end and (start >= cue or low > cue) else Span(start, end)
        for start, end in kept
    )


def trimmed(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans without blanks and commas at their ends, those of fewer than four characters left out."""
    found = []
    for start, end in spans:
        held = text[start:end].rstrip(_TRIM)
        end = start + len(held)
        start = end - len(held.lstrip(_TRIM))
        if end - start >= 4:
            found.append(Span(start, end))
    return tuple(found)


def kind_of(text: str, content: Sequence[Span]) -> Kind:
    """Return direct for one quotation, mixed for a content with quotation marks, else indirect."""
    pieces = [text[start:end] for start, end in content]
    if len(pieces) == 1 and pieces[0][0] in '“"«' and pieces[0][-1] in '”"»':
        return "direct"
    return "mixed" if any(mark in piece for piece in pieces for mark in '“”"«»') else "indirect"


def _statement(text: str, item: Candidate, content: tuple[Span, ...], hedges: Sequence[Span]) -> Statement:
    """Return a candidate as a record; the author vouches for ``I think``, ``this suggests``, ``it may seem``."""
    cue, negated = item.cue, item.negated
    if item.lemma in ("refuse", "decline") and (silent := _SILENT.match(text, cue.end)):
        content, cue, negated = (), Span(cue.start, silent.end()), True
    head = item.head.of(text).lower() if item.head else ""
    inferred = not group("inferring").isdisjoint(item.cue.of(text).lower().split())
    first = item.who is not None and item.who.kind == "first" and head != "you"
    shown = head in ("it", "this", "that", "these", "which") and "show" in item.classes
    return Statement(
        kind="nominal" if item.rule == "nominal" else kind_of(text, content),
        speaker=(item.speaker,) if item.speaker else (),
        head=item.head,
        cue=(cue,),
        content=content,
        voice="author" if inferred or first or shown else "actor",
        negated=negated,
        hedges=tuple(
            hedge
            for start, end in sorted({cue, *content})
            for hedge in hedges[bisect_left(hedges, (start,)) : bisect_left(hedges, (end,))]
        ),
        confidence=round(item.chance, 3),
    )


__all__ = ["found", "statements"]
