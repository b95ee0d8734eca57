"""Which candidates stand? Those likely enough, none inside another's content."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from detente.evidence.lists import group, words
from detente.evidence.records import Document, Span, Statement
from detente.evidence.sentences import lowered
from detente.evidence.statements.candidates import candidates
from detente.evidence.statements.contents import kind_of, trimmed
from detente.evidence.statements.tokens import Sentence, parts, read
from detente.evidence.statements.weigh import THRESHOLD, Candidate, chance, marks

_SILENT = re.compile(
    rf"\s+to\s+(?:{'|'.join(sorted(words('silences')))})\b(?!\s+(?:what|why|whether|how|that|if))"
)


_INFERRED = group("inferring")


class Weighed(NamedTuple):
    """A candidate with its chance."""

    item: Candidate
    chance: float


def statements(document: Document) -> tuple[Statement, ...]:
    """Return the statements that a document reports, in the order of their cues."""
    return tuple(item for _, item in found(document))


def found(document: Document) -> list[tuple[str, Statement]]:
    """Return the statements of a document, each with the name of its rule, in the order of their cues."""
    return [found for part in parts(document.text) for found in _found(document, part)]


def _found(document: Document, part: Span) -> Iterator[tuple[str, Statement]]:
    text = document.text
    whole = read(text, document.furniture, part)
    stand: list[tuple[int, Weighed]] = []
    for place, sentence in enumerate(whole):
        held = candidates(text, sentence, whole[place + 1] if place + 1 < len(whole) else None)
        weighed = [Weighed(item, chance(marks(item, held))) for item in held]
        stand += [(place, item) for item in resolve([w for w in weighed if w.chance >= THRESHOLD])]
    for one in _followed(text, whole, stand):
        if trimmed(text, one.item.content):
            yield one.item.rule, statement(text, one)


def resolve(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Drop what is said inside another's content, and end each content where the next statement begins."""
    kept = list(weighed)
    for one in sorted(weighed, key=lambda one: -one.chance):
        if one not in kept:
            continue
        for other in list(kept):
            if other is one or _shares(other.item, one.item):
                continue
            if any(start <= other.item.cue.start < end for start, end in one.item.content):
                kept.remove(other)
    ended = []
    for one in kept:
        content = one.item.content
        for other in kept:
            if other is not one and (cut := _ended(content, other.item.low, one.item.cue.end)) != content:
                content = cut
        changed = content is not one.item.content
        ended.append(one._replace(item=one.item._replace(content=content)) if changed else one)
    return ended


def _shares(later: Candidate, earlier: Candidate) -> bool:
    return later.link in ("participle", "coordinated", "gerund") and later.cue > earlier.cue


def _ended(content: Sequence[Span], low: int, cue: int) -> tuple[Span, ...]:
    found = []
    for start, end in content:
        if start < low < end:
            found.append(Span(start, low) if start >= cue or low > cue else Span(start, end))
        elif not (low <= start and low > cue):
            found.append(Span(start, end))
    return tuple(found)


def _followed(
    text: str, read_sentences: Sequence[Sentence], stand: Sequence[tuple[int, Weighed]]
) -> list[Weighed]:
    """Give a statement the quotations that follow it on its line without a cue of their own.

    A quotation that its line leaves open goes on where the next line opens one again.
    """
    taken = {place for place, _ in stand}
    last = {place: number for number, (place, _) in enumerate(stand)}
    result = [weighed for _, weighed in stand]
    starts = [sentence.span.start for sentence in read_sentences]
    for place, number in last.items():
        item = result[number].item
        at = max(place, bisect_right(starts, item.content[-1].start) - 1) if item.content else place
        while at + 1 < len(read_sentences) and at + 1 not in taken:
            here, after = read_sentences[at], read_sentences[at + 1]
            if len(after.tokens) != 1 or after.tokens[0].tag != "Q":
                break
            if after.line != here.line and not _left_open(text, here):
                break
            item = item._replace(content=(*item.content, after.span))
            at += 1
        if item is not result[number].item:
            result[number] = result[number]._replace(item=item)
    return result


def _left_open(text: str, sentence: Sentence) -> bool:
    last = sentence.tokens[-1]
    return last.tag == "Q" and text[last.start] in "“«" and text[last.end - 1] not in "”»"


def statement(text: str, weighed: Weighed) -> Statement:
    """Return a candidate as a record."""
    item = weighed.item
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
        confidence=round(weighed.chance, 3),
    )


def _voice(text: str, item: Candidate) -> Literal["actor", "author"]:
    """Return who vouches: the author of ``I think``, ``this suggests`` and ``Talvia might see``."""
    if _INFERRED & {*item.cue.of(text).lower().split()}:
        return "author"
    head = item.head.of(text).lower() if item.head else ""
    if item.who is not None and (item.who.kind == "first" and head != "you"):
        return "author"
    return (
        "author" if head in ("it", "this", "that", "these", "which") and "show" in item.classes else "actor"
    )


@cache
def _hedges() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(words('hedges'), key=len, reverse=True))})\b")


__all__ = ["Weighed", "found", "resolve", "statement", "statements"]
