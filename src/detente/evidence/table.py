"""What are the pieces of a text? One table of its sentences, words and marks, which every extractor reads."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from detente.evidence.grammar import tagged
from detente.evidence.lists import rows, words
from detente.evidence.records import Document, Span

_BREAK = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_STOP = re.compile(  # one set of marks first, for which the engine looks by itself
    rf"[.!?…{_BREAK}](?:(?<=[.!?…])[.!?…]*[\"'”’»)\]]*(?=\s|\Z)|(?<=[{_BREAK}])[{_BREAK}]*)"
)
_BEFORE = re.compile(r"(?:[^\W\d_]|\.(?=\w))+\Z")
_ABBREVIATIONS = {row[0]: row[1] for row in rows("abbreviations")}
_LAST_WORD = 24  # longer words are no abbreviations
_WRAPPED = range(40, 101)  # the width of lines that somebody's mail program has wrapped
_PIECE = re.compile(  # a plain word, by far the commonest, at once; a negation apart from its verb
    r"[^\W_]++(?![-&/@._’'])|n[’']t\b|[’'](?:s|re|ve|ll|d|m)\b|[^\W\d_]\.(?:[^\W\d_]\.)+"
    r"|[^\W_]+?(?=n[’']t\b)|[@#$]?[^\W_]+(?:[-&/@._][^\W_]+)*|--|\S"
)
WORD = re.compile(r"[A-Z]\.(?:[A-Z]\.)+|\w+")
_MARKS = re.compile(  # one set first, for which the engine looks by itself
    r"[“”\"«»„'`\n\u2028\u2029](?:(?<=')'|(?<=`)`|(?<!['`]))"
)
_PART = 200_000  # characters that are held in pieces at a time
_LONGEST = 1_500  # characters of a sentence, and of a quotation; what is longer is none
_RUN_ON = 3_000  # what has no stop for as long is no sentence of which somebody could be the speaker
_GOES_ON = re.compile(r"\s*[“«\"—–―-]")
_NEXT = re.compile(r"\s+[“«]")
_RUNS_ON = re.compile(r"—[NR]|[^BHMVzdgnv]*[Vzdgn](?:$|[^KQWwS])")  # it is part: "— Ana Lobo", "Lobo asked"
_ROLE = re.compile("(?<=[DsNRrx9PFfvg])[yY]|(?<=[,;:+C])[yY](?=[fF])")


class Sentence(NamedTuple):
    """The pieces of one sentence, a quotation being one; its last mark is not among them."""

    span: Span
    line: int  # where its line begins
    starts: list[int]  # where each piece begins
    ends: list[int]
    lower: list[str]
    tags: str  # a character to each piece (`grammar.tagged`), `Q` for a quotation

    def of(self, first: int, end: int | None = None) -> Span:
        """Return the characters of pieces ``first`` to ``end`` - 1, or to the last."""
        return Span(self.starts[first], self.ends[(end or len(self.tags)) - 1])


class Table:
    """The sentences (cut where they go on for too long) and pieces of a part of a document, without its furniture.

    A word is letters and digits, without hyphens; ``spans``, ``starts``, ``words`` and ``lower`` hold its place
    and itself, ``gaps`` what stands between it and the next.
    """

    def __init__(self, document: Document, part: Span) -> None:
        self.text, self.part = document.text, part
        self._stretches = stretches(
            self.text, [*document.furniture, Span(0, part.start), Span(part.end, len(self.text))]
        )
        self.sentences = [*pieces(self.text, (one for held in self._stretches for one in held), _LONGEST)]
        text, ends = self.text, [(held[0].start, held[-1].end) for held in self._stretches if held]
        self.spans = [m.span() for held in ends for m in WORD.finditer(text, *held)]
        self.starts = [start for start, _ in self.spans]
        self.words = [text[start:end] for start, end in self.spans]
        self.lower = [*map(str.lower, self.words)]
        self.gaps = [text[end:start] for (_, end), start in zip(self.spans, self.starts[1:], strict=False)]
        self.gaps.append("\n")

    def gap(self, i: int) -> str:
        """Return what stands between word i and the next."""
        return self.gaps[i] if i < len(self.gaps) else "\n"

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
    def worded(self) -> list[tuple[Span, frozenset[str]]]:
        """Sentences, each with its words in lower case and what stands between them."""
        held = [(span, *self.within(span)) for span in self.sentences]
        return [(span, frozenset(self.lower[i:j] + self.gaps[i : j - 1])) for span, i, j in held]

    @cached_property
    def quoting(self) -> list[Sentence]:
        """Sentences in pieces, those over which a quotation runs joined."""
        text, quoted, found = self.text, quotations(self.text, *self.part), list[Sentence]()
        for span in (one for held in self._stretches for one in _unbroken(held, quoted)):
            columns = _pieces(text, span, quoted) if span.end - span.start <= _RUN_ON else None
            if not columns or not columns[3]:
                continue
            line = found[-1].line if found else self.part.start  # it begins after the last mark since
            last = text.rfind("\n", line, span.start), text.rfind("\u2029", line, span.start)
            sentence = Sentence(span, max(*last, line - 1) + 1, *columns)
            if found and _goes_on(text, found[-1], sentence):
                before = found.pop()
                sentence = Sentence(
                    *(Span(before.span.start, span.end), sentence.line, before.starts + sentence.starts),
                    *(
                        before.ends + sentence.ends,
                        before.lower + sentence.lower,
                        before.tags + sentence.tags,
                    ),
                )
            found.append(sentence)
        return found

    def holding(self, places: Sequence[int]) -> Iterator[tuple[Sentence, slice]]:
        """Yield the sentences in which some of these places are, each with them; a quotation is one of its own."""
        for sentence in self.quoting:
            quoted = [sentence.of(at, at + 1) for at, tag in enumerate(sentence.tags) if tag == "Q"]
            for span in (sentence.span, *(Span(start + 1, end - 1) for start, end in quoted)):
                low, high = bisect_left(places, span.start), bisect_left(places, span.end)
                if low < high and span is not sentence.span:
                    yield Sentence(span, sentence.line, *_pieces(self.text, span, ())), slice(low, high)
                elif low < high:
                    yield sentence, slice(low, high)


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


def _goes_on(text: str, before: Sentence, after: Sentence) -> bool:
    """Say whether ``“We will wait.”`` goes on with ``— Ana Lobo``, or ``“Why now?”`` with ``Lobo asked``."""
    near = after.span.end - before.span.start <= _RUN_ON
    if not near or before.tags[-1] != "Q" or not _RUNS_ON.match(after.tags):
        return False
    if after.tags[0] == "—":
        return len(after.tags) < 9
    return before.line == after.line and text[before.ends[-1] - 2] in "?!…—-"


def _unbroken(spans: Sequence[Span], quoted: Sequence[Span]) -> Iterator[Span]:
    """Yield sentences, neighbours as one while a quotation is open."""
    first = None
    for span in spans:
        first = span.start if first is None else first
        before = bisect_left(quoted, (span.end,)) - 1
        if before < 0 or quoted[before].end <= span.end or span is spans[-1]:
            yield Span(first, span.end)
            first = None


def _pieces(text: str, span: Span, quoted: Sequence[Span]) -> tuple[list[int], list[int], list[str], str]:
    spans, seen, at = list[tuple[int, int]](), list[tuple[str, str]](), span.start
    quoted = quoted[bisect_left(quoted, (span.start,)) : bisect_left(quoted, (span.end,))]
    for quotation in (*quoted, Span(span.end, span.end)):
        run = [piece.span() for piece in _PIECE.finditer(text, at, quotation.start)]
        spans += run
        seen += [tagged(text[start:end]) for start, end in run]
        at = quotation.end
        if at > quotation.start:
            spans.append(quotation)
            seen.append(("“”", "Q"))
    if seen and seen[-1][1] in ".?!…":
        spans.pop()
        seen.pop()
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    lower, tags = [low for low, _ in seen], "".join([tag for _, tag in seen])
    if "y" in tags or "Y" in tags:  # "the judge", "they judge"
        tags = _ROLE.sub("r", tags).replace("y", "V").replace("Y", "z")
    return starts, ends, lower, tags


def sentences(text: str, *, without: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return the sentences of a text in order, without blanks at their ends.

    A sentence ends at ``.!?…`` (and the quotation marks and brackets that close there) before a blank, but not
    after a title, an initial or an abbreviation that goes on, and not before a lower-case word; and at the end of
    a line, unless the lines of the paragraph are wrapped to a width.

    Args:
        text: the stored text; offsets are its code points.
        without: spans to leave out, such as a document's furniture; a sentence ends where one begins.
    """
    return tuple(span for held in stretches(text, without) for span in held)


def stretches(text: str, without: Sequence[Span]) -> list[list[Span]]:
    """Return the sentences of each stretch of a text between what is left out."""
    found, at, size = list[list[Span]](), 0, len(text)
    for start, end in sorted(span for span in (*without, (size, size + 1)) if span[0] < span[1]):
        if at < start:
            found.append([*_split(text, at, start)])
        at = max(at, end)
    return found


def _split(text: str, start: int, end: int) -> Iterator[Span]:
    wrapped = _wrapped(text, start, end)
    at = start
    for stop in _STOP.finditer(text, start, end):
        here = stop.end()
        if text[stop.start()] in ".!?…":
            if not _ends(text, stop.start(), here, end):
                continue
        elif stop.start() in wrapped:
            continue
        yield from _trimmed(text, at, here)
        at = here
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
    if start < end:
        yield Span(start, end)


def _ends(text: str, stop: int, after: int, end: int) -> bool:
    """Say whether the marks from ``stop`` to ``after`` end a sentence."""
    rest = text[after : min(end, after + 40)]
    ahead = rest.lstrip()
    blank = rest[: len(rest) - len(ahead)]
    if not ahead or (blank != " " and any(mark in blank for mark in "\n\u2028\u2029")):
        return True
    if ahead[0].islower() or ahead[0] in ",;:":
        return False
    if text[stop] != "." or after - stop > 1:
        return True
    word = _BEFORE.search(text, max(0, stop - _LAST_WORD), stop)
    if word is None:
        return True
    kind = _ABBREVIATIONS.get(word[0])
    if kind == "open":
        return False
    if kind == "number":
        return not ahead[0].isdigit()
    initial = len(word[0]) == 1 and word[0].isupper() and word[0] != "I"
    if kind == "shut" or initial or "." in word[0]:
        first = re.match(r"[\"“‘'(\[]*([^\W\d_]+)", ahead)
        return first is None or first[1] in words("first_words")
    return True


def _wrapped(text: str, start: int, end: int) -> frozenset[int]:
    """Return the places of line ends that only wrap a paragraph: all its lines but the last are about as long."""
    places: list[int] = []
    for block in re.finditer(r"(?:[^\n]+(?:\n|\Z))+", text[start:end]):
        lines = block[0].split("\n")
        if not lines[-1]:
            lines.pop()
        widths = [len(line.rstrip()) for line in lines]
        if len(lines) < 3 or max(widths) not in _WRAPPED or min(widths[:-1]) < max(widths) - 20:
            continue
        if sum(line.rstrip()[-1:] in tuple('.!?"”’:') for line in lines[:-1]) * 2 >= len(lines) - 1:
            continue
        at = start + block.start()
        for line in lines[:-1]:
            at += len(line)
            places.append(at - line.endswith("\r"))
            at += 1
    return frozenset(places)


def pieces(text: str, spans: Iterable[Span], longest: int) -> Iterator[Span]:
    """Yield spans, those that are longer than some characters in pieces."""
    for span in spans:
        start, end = span
        if end - start <= longest:
            yield span
            continue
        while end - start > longest:
            cut = text.rfind(" ", start + longest // 2, start + longest)
            cut = cut if cut > 0 else start + longest
            yield Span(start, cut)
            start = cut
        yield Span(start, end)


@lru_cache(maxsize=2)  # more than one extractor asks for that of a document
def lowered(text: str) -> str:
    """Return a text in lower case, every character at its place.

    Expressions pass over it several times faster than over the text with ``re.IGNORECASE``.
    """
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)
