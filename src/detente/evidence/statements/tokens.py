"""What are the pieces of a sentence? Words with coarse tags; a quotation is one piece."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detente.evidence.records import Span
from detente.evidence.sentences import sentences
from detente.evidence.statements.lexicon import tagged

_OTHER = (
    r"[’'](?:s|re|ve|ll|d|m)\b|[^\W\d_]\.(?:[^\W\d_]\.)+"
    r"|%s[@#$]?[^\W_]+(?:[-&/@._][^\W_]+)*|--|\S"
)
_WORD = re.compile(r"[^\W_]++(?![-&/@._])|" + _OTHER % "")  # a plain word, by far the commonest, at once
_WORD_NOT = re.compile(r"n[’']t\b|" + _OTHER % r"[^\W_]+(?:[-&/@.][^\W_]+)*?(?=n[’']t\b)|")
"""Where a negation is joined to its verb: slower, since every word may end in one."""
_MARKS = re.compile(r"[“”\"«»„]|''|``|[\n\u2028\u2029]")
_PART = 60_000
_SENTENCE = 3_000
_GOES_ON = re.compile(r"\s*[“«\"—–―-]")
_NEXT = re.compile(r"\s+[“«]")
DASHES = ("—", "–", "--", "―")
_LONGEST = 1500
"""Characters of a quotation; an unclosed one ends with its line."""


class Token(NamedTuple):
    """A word, a mark or a whole quotation at its place."""

    start: int
    end: int
    lower: str
    tag: str


_token = tuple.__new__  # what makes a `Token`, by far the most of all, without a call of its constructor


class Sentence(NamedTuple):
    """The pieces of one sentence; its last mark is not among them."""

    span: Span
    tokens: tuple[Token, ...]
    line: int
    """Where its line begins."""


def quotations(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Return what stands in double quotation marks, marks included, in order.

    A quotation that opens again before it closes goes on. One that its line does not close ends with the line if
    the next line opens one again, as where a speech runs over paragraphs; else its mark is taken for a slip.
    Straight marks open and close by turns.
    """
    found: list[Span] = []
    opened: int | None = None
    end = len(text) if end is None else end
    for mark in _MARKS.finditer(text, start, end):
        sign = mark[0]
        if sign in "\n\u2028\u2029":
            if opened is not None and _NEXT.match(text, mark.start()):
                found.append(Span(opened, mark.start()))
            opened = None
        elif opened is None:
            inch = sign in ("''", '"') and text[max(0, mark.start() - 1) : mark.start()].isdigit()
            if sign not in "”»" and not inch:
                opened = mark.start()
        elif sign in "”»" or sign in ('"', "''"):
            found.append(Span(opened, mark.end()))
            opened = None
    return tuple(span for span in found if 2 < span.end - span.start <= _LONGEST)


def parts(text: str) -> Iterator[Span]:
    """Yield a text in parts of some 60,000 characters that end with a line at which no quotation is likely open.

    A long document is so read in little memory.
    """
    start = 0
    while start < len(text):
        end = start + _PART
        while end < len(text):
            end = text.find("\n", end) + 1 or text.find(". ", end) + 1 or len(text)
            if not _GOES_ON.match(text, end) or end > start + 4 * _PART:
                break
        yield Span(start, min(end, len(text)))
        start = end


def read(text: str, furniture: Sequence[Span] = (), part: Span | None = None) -> list[Sentence]:
    """Return the sentences of a text, or of a part of it, in pieces, quotations kept whole.

    What has no stop for 3,000 characters is no sentence and left out.
    """
    begin, end = part or (0, len(text))
    quoted = quotations(text, begin, end)
    starts = [span.start for span in quoted]
    found: list[Sentence] = []
    outside = [*furniture, Span(0, begin), Span(end, len(text))]
    for span in sentences(text, without=outside, quotations_whole=True):
        if span.end - span.start > _SENTENCE:
            continue
        inside = quoted[max(0, bisect_right(starts, span.start) - 1) : bisect_right(starts, span.end - 1)]
        held = [Span(max(q.start, span.start), min(q.end, span.end)) for q in inside if q.end > span.start]
        tokens = tuple(_pieces(text, span, held))
        if not tokens:
            continue
        before = found[-1] if found else None
        line = before.line if before else begin  # it begins after the last mark since
        last = text.rfind("\n", line, span.start), text.rfind("\u2029", line, span.start)
        line = max(*last, line - 1) + 1
        if before is not None and _goes_on(text, before, tokens, line):
            found[-1] = Sentence(Span(before.span.start, span.end), before.tokens + tokens, line)
        else:
            found.append(Sentence(span, tokens, line))
    return found


def _goes_on(text: str, before: Sentence, tokens: Sequence[Token], line: int) -> bool:
    """Say whether ``“We will wait.”`` goes on with ``— Ana Lobo``, or ``“Why now?”`` with ``Lobo asked``."""
    last = before.tokens[-1]
    if last.tag != "Q":
        return False
    if tokens[0].lower in DASHES:
        return 1 < len(tokens) < 9 and tokens[1].tag == "N"
    if before.line != line or text[last.end - 2] not in "?!…—-":
        return False
    verb = next((place for place, token in enumerate(tokens) if token.tag in "VBHMv"), len(tokens))
    after = tokens[verb + 1].tag if verb + 1 < len(tokens) else ""
    return verb < len(tokens) and tokens[verb].tag == "V" and (not after or after not in "KQWS")


def _pieces(text: str, span: Span, quoted: Sequence[Span]) -> list[Token]:
    found: list[Token] = []
    at = span.start
    for quotation in [*quoted, Span(span.end, span.end)]:
        joined = text.find("n’t", at, quotation.start) >= 0 or text.find("n't", at, quotation.start) >= 0
        words = (_WORD_NOT if joined else _WORD).finditer(text, at, quotation.start)
        found += [_token(Token, word.span() + tagged(word[0])) for word in words]
        if quotation.end > quotation.start:
            found.append(Token(quotation.start, quotation.end, "“”", "Q"))
        at = quotation.end
    if found and found[-1].tag in (".", "?", "!", "…"):
        found.pop()
    return found


__all__ = ["DASHES", "Sentence", "Token", "parts", "quotations", "read"]
