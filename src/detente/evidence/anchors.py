"""Where do these words stand now? Anchors by position and by words, or by their hash, found again after edits.

The selectors are those of the W3C Web Annotation Data Model (Recommendation of 23 February 2017, section 4.2): a
TextPositionSelector and a TextQuoteSelector, both in code points of the stored text.

An anchor is found again by the first rung that holds: the words stand at their place; they occur once; they occur
more often, and what stands around them tells which is meant; they occur with other quotation marks, dashes, blanks
or capitals; something much like them occurs (for review only); or they are lost, which is told and kept.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from heapq import nsmallest
from os.path import commonprefix
from typing import Any, Literal, TypeAlias

from detente.evidence.records import Span

Rung: TypeAlias = Literal["exact", "unique", "context", "normalised", "fuzzy", "lost"]
SURE: frozenset[Rung] = frozenset({"exact", "unique", "context", "normalised"})
FIRST = 32
"""Characters before and after; doubled until the match is unique or the document ends."""
LONGEST = 8_192
"""A text that repeats itself over more than this leaves it to the position."""
MOST_OCCURRENCES = 10_000
MOST_HASHED = 400_000
"""Places at which the hash of words that are not at hand is looked for, the nearest first."""
SHARED, ALIKE = 0.6, 0.85
"""Of the distinct words that a window must share, and how alike its words must be in order."""
MOST_COMPARED = 50
_MAP = str.maketrans(
    dict.fromkeys("‘’‚‛", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("–—−\u2010\u2011", "-")
    | dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " ")
    | {"…": "."}
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A span that can be found again.

    Attributes:
        start: first character, in code points.
        end: after the last.
        exact: the words; None where the document may not be shared.
        prefix: what stands before; empty without words.
        suffix: what stands after; likewise.
        sha256: of the words in UTF-8.
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where an anchor was found.

    Attributes:
        span: the place; None where it is lost.
        rung: by which step; ``fuzzy`` is for review only.
        score: 1 for the sure steps, else how alike the words are.
    """

    span: Span | None
    rung: Rung
    score: float = 1.0

    @property
    def sure(self) -> bool:
        """Tell whether nobody need look at it."""
        return self.rung in SURE


LOST = Place(None, "lost", 0.0)


def anchor(text: str, span: Span) -> Anchor:
    """Return an anchor with words; what stands around is as long as it takes to tell the place from any other.

    Raises:
        ValueError: the span is empty or not in the text.
    """
    bare = wordless(text, span)
    exact, around = span.of(text), FIRST
    while True:
        low, high = max(span.start - around, 0), min(span.end + around, len(text))
        whole = text[low:high]
        first = text.find(whole)
        alone = text.find(whole, first + 1) < 0
        if alone or around >= LONGEST or whole == text:
            return replace(bare, exact=exact, prefix=text[low : span.start], suffix=text[span.end : high])
        around *= 2


def wordless(text: str, span: Span) -> Anchor:
    """Return an anchor without words: a position and the hash of what stands there.

    Raises:
        ValueError: the span is empty or not in the text.
    """
    if not 0 <= span.start < span.end <= len(text):
        raise ValueError(f"{span.start}-{span.end} is no span of a text of {len(text)} characters")
    return Anchor(span.start, span.end, digest(span.of(text)))


def digest(words: str) -> str:
    """Return the SHA-256 of words in UTF-8 (a lone surrogate stands as it is)."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def resolve(text: str, held: Anchor) -> Place:
    """Return where an anchor stands in a text, by the first step of the ladder that holds."""
    here = Span(held.start, held.end)
    if 0 <= here.start < here.end <= len(text) and digest(here.of(text)) == held.sha256:
        return Place(here, "exact")
    if held.exact is None:
        return _by_hash(text, held)
    if not held.exact:
        return LOST
    if found := list(_occurrences(text, held.exact)):
        if len(found) == 1:
            return Place(found[0], "unique")
        return Place(_by_context(text, found, held), "context")
    if alike := find_normalised(text, held.exact):
        at = alike[0] if len(alike) == 1 else _by_context(text, alike, held)
        return Place(whole_clusters(text, at), "normalised")
    return find_alike(text, held.exact, held.start)


def _occurrences(text: str, words: str) -> Iterator[Span]:
    at = text.find(words)
    for _ in range(MOST_OCCURRENCES):
        if at < 0:
            return
        yield Span(at, at + len(words))
        at = text.find(words, at + 1)


def _by_context(text: str, found: Sequence[Span], held: Anchor) -> Span:
    """Return the occurrence with most of the prefix before and of the suffix after it; on ties the nearest."""

    def worth(span: Span) -> tuple[int, int]:
        before = text[max(span.start - len(held.prefix), 0) : span.start]
        after = text[span.end : span.end + len(held.suffix)]
        before = commonprefix([before[::-1], held.prefix[::-1]])  # noqa: RUF071 - characters are meant
        after = commonprefix([after, held.suffix])  # noqa: RUF071
        return len(before) + len(after), -abs(span.start - held.start)

    return max(found, key=worth)


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


def find_normalised(text: str, words: str) -> list[Span]:
    """Return where words stand in a text, whatever its quotation marks, dashes, blanks, dots and capitals."""
    parts = [re.sub(r"\.+", ".", part) for part in normalised(words).split()]
    if not parts:
        return []
    pattern = r"\s+".join(re.escape(part).replace(r"\.", r"\.{1,3}") for part in parts)
    found = re.finditer(pattern, normalised(text))
    return [Span(*match.span()) for match, _ in zip(found, range(MOST_OCCURRENCES), strict=False)]


def find_alike(text: str, words: str, near: int = 0) -> Place:
    """Return what is most like some words, by windows of as many that share most of them; on ties what is near."""
    wanted = [match[0].casefold() for match in _WORD.finditer(words)]
    tokens = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    size, distinct = len(wanted), frozenset(wanted)
    if not size or size > len(tokens):
        return LOST
    inside: Counter[str] = Counter()
    shared = 0
    windows: list[tuple[int, int, int]] = []
    for last, (come, _, _) in enumerate(tokens):
        at = last - size + 1
        if come in distinct:
            inside[come] += 1
            shared += inside[come] == 1
        if at > 0 and (gone := tokens[at - 1][0]) in distinct:
            inside[gone] -= 1
            shared -= inside[gone] == 0
        if at >= 0 and shared >= SHARED * len(distinct):
            windows.append((-shared, abs(tokens[at][1] - near), at))
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
