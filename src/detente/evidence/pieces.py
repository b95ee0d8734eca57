"""How is text prepared for reading? In pieces of a bounded length, cut at blanks, and in lower case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from detente.evidence.records import Span


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


__all__ = ["lowered", "pieces"]
