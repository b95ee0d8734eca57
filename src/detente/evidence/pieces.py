"""How is text read that never ends a sentence? In pieces of a bounded length, cut at blanks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.evidence.records import Span


def pieces(text: str, spans: Iterable[Span], longest: int) -> Iterator[Span]:
    """Yield spans, those that are longer than some characters in pieces."""
    for start, end in spans:
        while end - start > longest:
            cut = text.rfind(" ", start + longest // 2, start + longest)
            cut = cut if cut > 0 else start + longest
            yield Span(start, cut)
            start = cut
        yield Span(start, end)


__all__ = ["pieces"]
