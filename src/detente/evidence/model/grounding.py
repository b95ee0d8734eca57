"""Where in the text does it stand? A ladder from exact to fuzzy; what is not found is no evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from detente.evidence.anchors import find_alike, find_normalised
from detente.evidence.merge import common
from detente.evidence.records import Span, Spans

Status: TypeAlias = Literal["exact", "normalised", "stripped", "parts", "fuzzy"]
_OUTER = " \t\r\n\"'“”‘’„«».,;:!?…()[]"
_GAPS = re.compile(r"\s*(?:\.\s?\.\s?\.|…|\[[^\]]{0,80}\])\s*")
_SHORTEST_PART = 8
_FEWEST, _MOST = 4, 200
"""Words of a string that is looked for by likeness."""


class Place(NamedTuple):
    """Where a string stands, and how surely."""

    spans: Spans
    status: Status
    score: float


def ground(text: str, query: str, windows: Sequence[Span], used: Sequence[Span] = ()) -> Place | None:
    """Return where a string stands in the first of some windows that has it; None if in none.

    The rungs are tried in order, each in all windows: exact; normalised; without its outer marks; parts between
    ellipses or brackets, in order; fuzzy, where at least .85 of the words agree in order. An occurrence that was
    not used before comes first.
    """
    if not query.strip():
        return None
    rungs: list[tuple[Status, str, Callable[[str, str, Span], list[Span]]]] = [
        ("exact", query, _exact),
        ("normalised", query, _normalised),
        ("stripped", query.strip(_OUTER), _normalised),
    ]
    for status, sought, found_in in rungs:
        for window in windows:
            if sought and (places := [one for one in found_in(text, sought, window) if _whole(text, one)]):
                free = [one for one in places if not common((one,), used)]
                return Place(((free or places)[0],), status, 1.0)
    for window in windows:
        if spans := _parts(text, query, window):
            return Place(spans, "parts", 1.0)
    found = [place for window in windows if (place := _fuzzy(text, query, window)) is not None]
    return max(found, key=lambda place: place.score, default=None)


def _exact(text: str, query: str, window: Span) -> list[Span]:
    found = re.finditer(f"(?={re.escape(query)})", window.of(text))
    starts = [window.start + match.start() for match, _ in zip(found, range(50), strict=False)]
    return [Span(start, start + len(query)) for start in starts]


def _normalised(text: str, query: str, window: Span) -> list[Span]:
    places = find_normalised(window.of(text), query)
    return [Span(window.start + start, window.start + end) for start, end in places]


def _whole(text: str, span: Span) -> bool:
    """Say whether a span does not cut a word: ``act`` is not found in ``exact``."""
    before, after = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    cut_left = before.isalnum() and text[span.start].isalnum()
    return not cut_left and not (after.isalnum() and text[span.end - 1].isalnum())


def _parts(text: str, query: str, window: Span) -> Spans:
    pieces = [bare for piece in _GAPS.split(query) if (bare := piece.strip(_OUTER))]
    if len(pieces) < 2 or any(len(piece) <= _SHORTEST_PART for piece in pieces):
        return ()
    found: list[Span] = []
    at = window.start
    for piece in pieces:
        places = [one for one in _normalised(text, piece, Span(at, window.end)) if _whole(text, one)]
        if not places:
            return ()
        found.append(places[0])
        at = places[0].end
    return tuple(found)


def _fuzzy(text: str, query: str, window: Span) -> Place | None:
    if not _FEWEST <= len(query.split()) <= _MOST:
        return None
    place = find_alike(window.of(text), query)
    if place.span is None:
        return None
    start, end = place.span
    return Place((Span(window.start + start, window.start + end),), "fuzzy", place.score)


def around(spans: Sequence[Span], number: int) -> Span:
    """Return a sentence with its neighbours; all of them where there is no sentence of that number."""
    if not 0 <= number < len(spans):
        return Span(spans[0].start, spans[-1].end)
    return Span(spans[max(0, number - 1)].start, spans[min(len(spans) - 1, number + 1)].end)
