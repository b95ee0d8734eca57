"""Where does a sentence begin and end? At a stop that ends one, and with a line that is not wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from detente.evidence.lists import rows, words
from detente.evidence.records import Span

_BREAK = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_STOP = re.compile(  # one set of marks first, for which the engine looks by itself
    rf"[.!?…{_BREAK}](?:(?<=[.!?…])[.!?…]*[\"'”’»)\]]*(?=\s|\Z)|(?<=[{_BREAK}])[{_BREAK}]*)"
)
_BEFORE = re.compile(r"(?:[^\W\d_]|\.(?=\w))+\Z")
_LAST_WORD = 24  # longer words are no abbreviations
_WRAPPED = range(40, 101)  # the width of lines that somebody's mail program has wrapped


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
    kind = _abbreviations().get(word[0])
    if kind == "open":
        return False
    if kind == "number":
        return not ahead[0].isdigit()
    initial = len(word[0]) == 1 and word[0].isupper() and word[0] != "I"
    if kind == "shut" or initial or "." in word[0]:
        first = re.match(r"[\"“‘'(\[]*([^\W\d_]+)", ahead)
        return first is None or first[1] in words("first_words")
    return True


@cache
def _abbreviations() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("abbreviations")}


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
