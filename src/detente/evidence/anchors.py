"""Where do these words stand? Anchors that are found again after edits, and words that somebody else gives.

The selectors are those of the W3C Web Annotation Data Model (Recommendation of 23 February 2017, section 4.2): a
TextPositionSelector and a TextQuoteSelector, both in code points of the stored text.

An anchor is found again by the first rung that holds: the words stand at their place; they occur once; they occur
more often, and what stands around them tells which is meant; they occur with other quotation marks, dashes, blanks
or capitals; something much like them occurs (for review only); or they are lost, which is told and kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from heapq import nsmallest
from itertools import accumulate, islice
from os.path import commonprefix
from typing import Any, Literal, NamedTuple, TypeAlias

from detente.evidence.records import Span, Spans, common, digest

Rung: TypeAlias = Literal["exact", "unique", "context", "normalised", "fuzzy", "lost"]
Status: TypeAlias = Literal["exact", "normalised", "stripped", "parts", "fuzzy"]
LADDER: tuple[Rung, ...] = ("exact", "unique", "context", "normalised", "fuzzy", "lost")
SURE: frozenset[Rung] = frozenset({"exact", "unique", "context", "normalised"})
STATUSES: tuple[Status, ...] = ("exact", "normalised", "stripped", "parts", "fuzzy")
FIRST = 32  # characters before and after; doubled until the match is unique or the document ends
LONGEST = 8_192  # a text that repeats itself over more than this leaves it to the position
MOST_OCCURRENCES = 10_000
MOST_HASHED = 400_000  # places at which the hash of words is looked for, the nearest first
SHARED, ALIKE = 0.6, 0.85  # of its distinct words a window must share, and how alike they must be in order
MOST_COMPARED = 50
SHORTEST_PART = 8
WORDS_ALIKE = range(4, 201)  # words of a string that a model gives and that is looked for by likeness
_MAP = str.maketrans(
    dict.fromkeys("‘’‚‛", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("–—−\u2010\u2011", "-")
    | dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " ")
    | {"…": "."}
)
_WORD = re.compile(r"\w+")
_OUTER = " \t\r\n\"'“”‘’„«».,;:!?…()[]"
_GAPS = re.compile(r"\s*(?:\.\s?\.\s?\.|…|\[[^\]]{0,80}\])\s*")


class Anchor(NamedTuple):
    """A span that can be found again: its place in code points, the SHA-256 of its words in UTF-8, and the words.

    ``exact`` is None where the document may not be shared; then nothing stands before and after it either.
    """

    start: int
    end: int
    sha256: str
    exact: str | None = None
    prefix: str = ""
    suffix: str = ""

    def selectors(self) -> list[dict[str, Any]]:
        """Return the anchor as selectors of the W3C; without words there is only the position."""
        position = {"type": "TextPositionSelector", "start": self.start, "end": self.end}
        around = {"prefix": self.prefix, "suffix": self.suffix}
        quote = {"type": "TextQuoteSelector", "exact": self.exact} | {k: v for k, v in around.items() if v}
        return [position] if self.exact is None else [position, quote]


class Place(NamedTuple):
    """Where an anchor was found, by which rung, and how alike the words are; no span where it is lost."""

    span: Span | None
    rung: Rung
    score: float = 1.0


class Grounded(NamedTuple):
    """Where a string that somebody else gave stands, and how surely."""

    spans: Spans
    status: Status
    score: float


LOST = Place(None, "lost", 0.0)


def anchor(text: str, span: Span) -> Anchor:
    """Return an anchor with words; what stands around is as long as it takes to tell the place from any other."""
    bare, around = wordless(text, span), FIRST
    while True:
        low, high = max(span.start - around, 0), min(span.end + around, len(text))
        whole = text[low:high]
        alone = text.find(whole, text.find(whole) + 1) < 0
        if alone or around >= LONGEST or whole == text:
            before, after = text[low : span.start], text[span.end : high]
            return bare._replace(exact=span.of(text), prefix=before, suffix=after)
        around *= 2


def wordless(text: str, span: Span) -> Anchor:
    """Return an anchor without words: a position and the hash of what stands there.

    Raises:
        ValueError: the span is empty or not in the text.
    """
    if not 0 <= span.start < span.end <= len(text):
        raise ValueError(f"{span.start}-{span.end} is no span of a text of {len(text)} characters")
    return Anchor(span.start, span.end, digest(span.of(text)))


def resolve(text: str, held: Anchor) -> Place:
    """Return where an anchor stands in a text, by the first step of the ladder that holds."""
    here = Span(held.start, held.end)
    if 0 <= here.start < here.end <= len(text) and digest(here.of(text)) == held.sha256:
        return Place(here, "exact")
    if held.exact is None:
        return _by_hash(text, held)
    if not held.exact:
        return LOST
    if found := list(islice(_occurrences(text, held.exact), MOST_OCCURRENCES)):
        return Place(_meant(text, found, held), "unique" if len(found) == 1 else "context")
    if found := find_normalised(text, held.exact):
        return Place(whole_clusters(text, _meant(text, found, held)), "normalised")
    return find_alike(text, held.exact, held.start)


def _occurrences(text: str, words: str, within: Span | None = None) -> Iterator[Span]:
    start, end = within or (0, len(text))
    while (start := text.find(words, start, end)) >= 0:
        yield Span(start, start + len(words))
        start += 1


def _meant(text: str, found: Sequence[Span], held: Anchor) -> Span:
    """Return the occurrence with most of the prefix before and of the suffix after it; on ties the nearest."""

    def worth(span: Span) -> tuple[int, int]:
        before = text[max(span.start - len(held.prefix), 0) : span.start]
        after = text[span.end : span.end + len(held.suffix)]
        before = commonprefix([before[::-1], held.prefix[::-1]])  # noqa: RUF071 - characters are meant
        after = commonprefix([after, held.suffix])  # noqa: RUF071
        return len(before) + len(after), -abs(span.start - held.start)

    return max(found, key=worth) if len(found) > 1 else found[0]


def _by_hash(text: str, held: Anchor) -> Place:
    """Look for words that are not at hand: windows of their length whose hash is theirs, the nearest first."""
    length, last = held.end - held.start, len(text) - (held.end - held.start)
    if length < 1 or last < 0 or not held.sha256:
        return LOST
    start = min(max(held.start, 0), last)
    for step in range(min(max(start, last - start), MOST_HASHED) + 1):
        for at in (start - step, start + step):
            if 0 <= at <= last and digest(text[at : at + length]) == held.sha256:
                found = Span(at, at + length)
                return Place(found, "unique" if text.count(found.of(text)) == 1 else "context")
    return LOST


def normalised(text: str) -> str:
    """Return a text with marks, dashes, blanks and capitals of one kind; every character keeps its place."""
    mapped = text.translate(_MAP)
    if mapped.isascii():
        return mapped.casefold()
    return "".join(folded if len(folded := one.casefold()) == 1 else one for one in mapped)


def find_normalised(text: str, words: str, within: Span | None = None) -> list[Span]:
    """Return where words stand in a text, whatever its quotation marks, dashes, blanks, dots and capitals."""
    window = within or Span(0, len(text))
    parts = [re.escape(re.sub(r"\.+", ".", part)) for part in normalised(words).split()]
    if not parts:
        return []
    pattern = r"\s+".join(part.replace(r"\.", r"\.{1,3}") for part in parts)
    found = islice(re.finditer(pattern, normalised(window.of(text))), MOST_OCCURRENCES)
    return [Span(window.start + match.start(), window.start + match.end()) for match in found]


def find_alike(text: str, words: str, near: int = 0) -> Place:
    """Return what is most like some words, by windows of as many that share most of them; on ties what is near."""
    wanted = [match[0].casefold() for match in _WORD.finditer(words)]
    tokens = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    size, distinct = len(wanted), frozenset(wanted)
    if not size or size > len(tokens):
        return LOST
    sums = [0, *accumulate(token in distinct for token, _, _ in tokens)]
    windows = (
        (sums[at] - sums[at + size], abs(tokens[at][1] - near), at)
        for at in range(len(tokens) - size + 1)
        if sums[at + size] - sums[at] >= SHARED * len(distinct)
    )
    best = LOST
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(wanted)
    for _, _, at in nsmallest(MOST_COMPARED, windows):
        matcher.set_seq1([token for token, _, _ in tokens[at : at + size]])
        if matcher.ratio() >= ALIKE and matcher.ratio() > best.score:
            place = whole_clusters(text, Span(tokens[at][1], tokens[at + size - 1][2]))
            best = Place(place, "fuzzy", round(matcher.ratio(), 4))
    return best


def whole_clusters(text: str, span: Span) -> Span:
    """Return a span that cuts no letter from its marks, nor a line end in two."""
    start, end = span
    while 0 < start < len(text) and _joins(text, start):
        start -= 1
    while 0 < end < len(text) and _joins(text, end):
        end += 1
    return Span(start, end)


def _joins(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in "\u200d\ufe0e\ufe0f" or before == "\u200d" or (before, after) == ("\r", "\n"):
        return True
    return unicodedata.category(after) in {"Mn", "Me", "Mc"} or "\U0001f3fb" <= after <= "\U0001f3ff"


def ground(text: str, query: str, windows: Sequence[Span], used: Sequence[Span] = ()) -> Grounded | None:
    """Return where a string stands in the first of some windows that has it; None if in none.

    The rungs are tried in order, each in all windows: exact; normalised; without its outer marks; parts between
    ellipses or brackets, in order; fuzzy, where at least .85 of the words agree in order. An occurrence that was
    not used before comes first.
    """
    if not query.strip():
        return None
    rungs: dict[Status, str] = {"exact": query, "normalised": query, "stripped": query.strip(_OUTER)}
    for status, sought in rungs.items():
        find = _occurrences if status == "exact" else find_normalised
        for window in windows if sought else ():
            if places := [one for one in islice(find(text, sought, window), 50) if _uncut(text, one)]:
                free = [one for one in places if not common((one,), used)]
                return Grounded(((free or places)[0],), status, 1.0)
    for window in windows:
        if spans := _parts(text, query, window):
            return Grounded(spans, "parts", 1.0)
    near = windows if len(query.split()) in WORDS_ALIKE else ()
    alike = [(find_alike(window.of(text), query), window.start) for window in near]
    found = [
        Grounded((Span(place.span.start + by, place.span.end + by),), "fuzzy", place.score)
        for place, by in alike
        if place.span is not None
    ]
    return max(found, key=lambda one: one.score, default=None)


def _uncut(text: str, span: Span) -> bool:
    """Say whether a span does not cut a word: ``act`` is not found in ``exact``."""
    before, after = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    cut = before.isalnum() and text[span.start].isalnum()
    return not cut and not (after.isalnum() and text[span.end - 1].isalnum())


def _parts(text: str, query: str, window: Span) -> Spans:
    pieces = [bare for piece in _GAPS.split(query) if (bare := piece.strip(_OUTER))]
    if len(pieces) < 2 or any(len(piece) <= SHORTEST_PART for piece in pieces):
        return ()
    found: list[Span] = []
    for piece in pieces:
        rest = Span(found[-1].end if found else window.start, window.end)
        places = (one for one in find_normalised(text, piece, rest) if _uncut(text, one))
        if (place := next(places, None)) is None:
            return ()
        found.append(place)
    return tuple(found)
