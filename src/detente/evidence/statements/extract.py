"""Which candidates stand? Those likely enough, none inside another's content."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

from detente.evidence.lists import group, words
from detente.evidence.records import Document, Span, Statement
from detente.evidence.sentences import lowered
from detente.evidence.statements.candidates import candidates
from detente.evidence.statements.contents import kind_of, trimmed
from detente.evidence.statements.weigh import THRESHOLD, Candidate, chance, marks
from detente.evidence.table import Sentence, Table, tables

_SILENT = re.compile(
    rf"\s+to\s+(?:{'|'.join(sorted(words('silences')))})\b(?!\s+(?:what|why|whether|how|that|if))"
)
_INFERRED = group("inferring")


def statements(document: Document) -> tuple[Statement, ...]:
    """Return the statements that a document reports, in the order of their cues."""
    return tuple(item for _, item in found(document))


def found(document: Document) -> list[tuple[str, Statement]]:
    """Return the statements of a document, each with the name of its rule, in the order of their cues."""
    return [found for table in tables(document) for found in _found(table)]


def _found(table: Table) -> Iterator[tuple[str, Statement]]:
    text, whole = table.text, table.quoting
    stand: list[tuple[int, Candidate]] = []
    for place, sentence in enumerate(whole):
        held = candidates(text, sentence)
        weighed = (item._replace(chance=chance(marks(item, held))) for item in held)
        stand += [(place, item) for item in resolve([one for one in weighed if one.chance >= THRESHOLD])]
    for one in _followed(whole, stand):
        if trimmed(text, one.content):
            yield one.rule, statement(text, one)


def resolve(weighed: Sequence[Candidate]) -> list[Candidate]:
    """Drop what is said inside another's content, and end each content where the next statement begins."""
    kept = list(weighed)
    for one in sorted(weighed, key=lambda one: -one.chance):
        if any(one is other for other in kept):
            kept = [o for o in kept if o is one or _shares(o, one) or not one.holds(o.cue.start)]
    for place, one in enumerate(kept):
        content = one.content
        for other in kept:
            content = content if other is one else _ended(content, other.low, one.cue.end)
        kept[place] = one._replace(content=content)
    return kept


def _shares(later: Candidate, earlier: Candidate) -> bool:
    return later.link in ("participle", "coordinated", "gerund") and later.cue > earlier.cue


def _ended(content: Sequence[Span], low: int, cue: int) -> tuple[Span, ...]:
    """Return a content up to where another begins, if that is behind the cue or the content's own piece."""
    kept = [span for span in content if not low <= span.start or low <= cue]
    return tuple(
        Span(start, low) if start < low < end and (start >= cue or low > cue) else Span(start, end)
        for start, end in kept
    )


def _followed(whole: Sequence[Sentence], stand: Sequence[tuple[int, Candidate]]) -> list[Candidate]:
    """Give a statement the quotations that follow it without a cue of their own."""
    last, result = {place: number for number, (place, _) in enumerate(stand)}, [item for _, item in stand]
    starts = [sentence.span.start for sentence in whole]
    for place, number in last.items():
        item = result[number]
        at = max(place, bisect_right(starts, item.content[-1].start) - 1) if item.content else place
        while at + 1 < len(whole) and at + 1 not in last:
            after = whole[at + 1]
            if len(after.tokens) != 1 or after.tokens[0].tag != "Q":
                break
            item = item._replace(content=(*item.content, after.span))
            at += 1
        result[number] = item
    return result


def statement(text: str, item: Candidate) -> Statement:
    """Return a candidate as a record."""
    content, cue, negated = trimmed(text, sorted(item.content)), item.cue, item.negated
    if item.lemma in ("refuse", "decline") and (silent := _SILENT.match(text, cue.end)):
        content, cue, negated = (), Span(cue.start, silent.end()), True
    return Statement(
        kind="nominal" if item.rule == "nominal" else kind_of(text, content),
        speaker=(item.speaker,) if item.speaker else (),
        head=item.head,
        cue=(cue,),
        content=content,
        voice=_voice(text, item),
        negated=negated,
        hedges=tuple(
            Span(*found.span())
            for piece in sorted({cue, *content})
            for found in _hedges().finditer(lowered(text), *piece)
            if text[slice(*found.span())] != "May"
        ),
        confidence=round(item.chance, 3),
    )


def _voice(text: str, item: Candidate) -> Literal["actor", "author"]:
    """Return who vouches: the author of ``I think``, ``this suggests`` and ``Talvia might see``."""
    head = item.head.of(text).lower() if item.head else ""
    inferred = not _INFERRED.isdisjoint(item.cue.of(text).lower().split())
    first = item.who is not None and item.who.kind == "first" and head != "you"
    shown = head in ("it", "this", "that", "these", "which") and "show" in item.classes
    return "author" if inferred or first or shown else "actor"


@cache
def _hedges() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(words('hedges'), key=len, reverse=True))})\b")


__all__ = ["found", "resolve", "statement", "statements"]
