"""What do two witnesses agree on? Statements found twice become one, and differences of speaker are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from detente.evidence.records import Span, Spans, Statement

SAME = 0.7
"""Contents with a greater F are those of one statement."""


class Merged(NamedTuple):
    """Statements of both witnesses in the order of the text, and pairs whose speakers differ."""

    statements: tuple[Statement, ...]
    disputed: tuple[tuple[Statement, Statement], ...]


def merge(rules: Sequence[Statement], others: Sequence[Statement]) -> Merged:
    """Join two lists: same cue or content F > .7 is one statement with two witnesses.

    Its confidence is the greater one and no product, as witnesses who read the same words are not independent. It
    keeps the spans of the first, and so its id.
    """
    kept, disputed = list(rules), []
    for other in others:
        place = _same(kept, other)
        if place is None:
            kept.append(other)
            continue
        one = kept[place]
        witnesses = tuple(dict.fromkeys((*one.witnesses, *other.witnesses)))
        joined = replace(one, witnesses=witnesses, confidence=max(one.confidence, other.confidence))
        if other.speaker and not one.speaker:
            joined = replace(joined, speaker=other.speaker, head=other.head)
        elif other.speaker and not common(one.speaker, other.speaker):
            disputed.append((joined, other))
        kept[place] = joined
    return Merged(tuple(sorted(kept, key=lambda one: one.cue or one.content)), tuple(disputed))


def _same(kept: Sequence[Statement], other: Statement) -> int | None:
    scored = [
        (bool(common(one.cue, other.cue)), overlap(one.content, other.content), -place)
        for place, one in enumerate(kept)
    ]
    best = max(scored, default=(False, 0.0, 0))
    return -best[2] if best[0] or best[1] > SAME else None


def common(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Return how many characters two fields share."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def overlap(one: Spans, other: Spans) -> float:
    """Return F of two fields as sets of characters."""
    size = sum(span.end - span.start for span in (*one, *other))
    return 2 * common(one, other) / size if size else 0.0
