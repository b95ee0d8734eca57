"""What are the pieces of a text? One table of its sentences, words and marks, which every extractor reads."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from detente.evidence.grammar import tagged
from detente.evidence.records import Document, Span
from detente.evidence.sentences import joined, pieces, stretches

_PIECE = re.compile(  # a plain word, by far the commonest, at once; a negation apart from its verb
    r"[^\W_]++(?![-&/@._’'])|n[’']t\b|[’'](?:s|re|ve|ll|d|m)\b|[^\W\d_]\.(?:[^\W\d_]\.)+"
    r"|[^\W_]+?(?=n[’']t\b)|[@#$]?[^\W_]+(?:[-&/@._][^\W_]+)*|--|\S"
)
WORD = re.compile(r"[A-Z]\.(?:[A-Z]\.)+|\w+")
_MARKS = re.compile(r"[“”\"«»„]|''|``|[\n\u2028\u2029]")
_PART = 200_000
"""Characters that are held in pieces at a time."""
_LONGEST = 1_500
"""Characters of a sentence; a quotation that is longer, or that its line does not close, is none."""
_RUN_ON = 3_000
"""What has no stop for as long is no sentence of which somebody could be the speaker."""
_GOES_ON = re.compile(r"\s*[“«\"—–―-]")
_NEXT = re.compile(r"\s+[“«]")
DASHES = ("—", "–", "--", "―")


class Token(NamedTuple):
    """A word, a mark or a whole quotation at its place, with a coarse tag (`grammar.tagged`)."""

    start: int
    end: int
    lower: str
    tag: str


_token = tuple.__new__  # what makes a `Token`, by far the most of all, without a call of its constructor


class Sentence(NamedTuple):
    """The pieces of one sentence, a quotation being one; its last mark is not among them."""

    span: Span
    tokens: tuple[Token, ...]
    line: int
    """Where its line begins."""


class Table:
    """The sentences and pieces of a part of a document, without its furniture.

    Attributes:
        text: of the whole document.
        part: the characters that are read here.
        sentences: those of at most 1,500 characters; what goes on for longer is cut.
        starts: where each word begins. A word is letters and digits, without hyphens; ``spans``, ``words`` and
            ``lower`` hold its place and itself, ``gaps`` what stands between it and the next.
    """

    def __init__(self, document: Document, part: Span) -> None:
        self.text, self.part = document.text, part
        self._stretches = stretches(
            self.text, [*document.furniture, Span(0, part.start), Span(part.end, len(self.text))]
        )
        self.sentences = [*pieces(self.text, (one for held in self._stretches for one in held), _LONGEST)]
        text = self.text
        ends = [(held[0].start, held[-1].end) for held in self._stretches if held]
        self.spans = [m.span() for held in ends for m in WORD.finditer(text, *held)]
        self.starts = [start for start, _ in self.spans]
        self.words = [text[start:end] for start, end in self.spans]
        self.lower = [*map(str.lower, self.words)]
        self.gaps = [text[end:start] for (_, end), start in zip(self.spans, self.starts[1:], strict=False)]
        self.gaps.append("\n")

    def gap(self, i: int) -> str:
        """Return what stands between word i and the next."""
        return self.gaps[i] if i < len(self.gaps) else "\n"

    def comma(self, i: int) -> bool:
        """Tell whether a comma follows word i, which is none of a number's."""
        gap = self.gap(i)
        return len(gap) > 1 and gap[0] == ","

    def joined(self, i: int) -> bool:
        """Tell whether only a blank, a line end, a hyphen or an initial's dot parts word i from the next."""
        gap = self.gap(i)
        return gap in (" ", "-", "\n", " \n", "'", "’") or (gap in (". ", ".") and len(self.words[i]) <= 2)

    def span(self, i: int, j: int) -> Span:
        """Return where words i to j - 1 stand."""
        return Span(self.spans[i][0], self.spans[j - 1][1])

    def within(self, span: Span) -> tuple[int, int]:
        """Return the first word that begins in a span, and the first after it."""
        return bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)

    @cached_property
    def quoting(self) -> list[Sentence]:
        """Sentences in pieces, those of a quotation joined."""
        text, quoted = self.text, quotations(self.text, *self.part)
        starts = [span.start for span in quoted]
        found: list[Sentence] = []
        for span in (one for held in self._stretches for one in joined(text, held)):
            if span.end - span.start > _RUN_ON:
                continue
            inside = quoted[max(0, bisect_right(starts, span.start) - 1) : bisect_right(starts, span.end - 1)]
            held = [
                Span(max(q.start, span.start), min(q.end, span.end)) for q in inside if q.end > span.start
            ]
            tokens = tuple(_pieces(text, span, held))
            if not tokens:
                continue
            before = found[-1] if found else None
            line = before.line if before else self.part.start  # it begins after the last mark since
            last = text.rfind("\n", line, span.start), text.rfind("\u2029", line, span.start)
            line = max(*last, line - 1) + 1
            if before is not None and _goes_on(text, before, tokens, line):
                found[-1] = Sentence(Span(before.span.start, span.end), before.tokens + tokens, line)
            else:
                found.append(Sentence(span, tokens, line))
        return found


def tables(document: Document) -> Iterator[Table]:
    """Yield the table of a document; a long one is read in parts, and so in little memory."""
    if len(document.text) <= _PART:
        yield _whole(document)
    else:
        yield from (Table(document, part) for part in parts(document.text))


@lru_cache(maxsize=1)  # every extractor asks in turn
def _whole(document: Document) -> Table:
    return Table(document, Span(0, len(document.text)))


def parts(text: str) -> Iterator[Span]:
    """Yield parts of some 200,000 characters that end with a line at which no quotation is likely open."""
    start = 0
    while start < len(text):
        end = start + _PART
        while end < len(text):
            end = text.find("\n", end) + 1 or text.find(". ", end) + 1 or len(text)
            if not _GOES_ON.match(text, end) or end > start + 2 * _PART:
                break
        yield Span(start, min(end, len(text)))
        start = end


def quotations(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return what stands in double quotation marks, marks included, in order.

    A quotation that opens again before it closes goes on. One that its line does not close ends with the line if
    the next line opens one again, as where a speech runs over paragraphs; else its mark is taken for a slip.
    Straight marks open and close by turns.
    """
    found: list[Span] = []
    opened: int | None = None
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
        found += [
            _token(Token, piece.span() + tagged(piece[0]))
            for piece in _PIECE.finditer(text, at, quotation.start)
        ]
        if quotation.end > quotation.start:
            found.append(Token(quotation.start, quotation.end, "“”", "Q"))
        at = quotation.end
    if found and found[-1].tag in (".", "?", "!", "…"):
        found.pop()
    return found


__all__ = ["DASHES", "WORD", "Sentence", "Table", "Token", "parts", "tables"]
