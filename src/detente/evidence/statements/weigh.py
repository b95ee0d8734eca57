"""What is a possible statement, and how likely is it one? A sum of weights of what is seen of it, as a chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from detente.evidence.lists import rows
from detente.evidence.records import Span
from detente.evidence.statements.speakers import Speaker

THRESHOLD = 0.4


class Candidate(NamedTuple):
    """A possible statement; all its places are characters."""

    rule: str
    cue: Span
    lemma: str
    classes: tuple[str, ...]
    content: tuple[Span, ...]
    speaker: Span | None = None
    head: Span | None = None
    marks: tuple[str, ...] = ()
    """What weighs for or against it."""
    link: str = ""
    """How it comes by its subject: ``participle`` and ``coordinated`` share that of an earlier verb."""
    low: int = 0
    """The character where an earlier content has to end."""
    negated: bool = False
    who: Speaker | None = None
    chance: float = 0.0
    """That it is a statement."""

    def holds(self, place: int) -> bool:
        """Say whether a character is in its content."""
        return any(start <= place < end for start, end in self.content)


@cache
def weights() -> dict[str, float]:
    """Return the weight of every mark; what is not listed weighs nothing."""
    return {row[0]: float(row[1]) for row in rows("statement_weights")}


def marks(item: Candidate, beside: Sequence[Candidate]) -> Iterator[str]:
    """Yield what is seen of a candidate, given all of its sentence."""
    who, form, link = item.marks[:3]
    rule = f"rule:{item.rule}"
    length = f"length:{min(int(math.log2(sum(end - start for start, end in item.content) + 1)), 8)}"
    yield from ("any", rule, f"verb:{item.lemma}", *item.marks, f"classes:{' '.join(item.classes)}", length)
    for name in item.classes:
        yield from (f"class:{name}", f"class:{name} {rule}", f"class:{name} {form}", f"class:{name} {who}")
    yield from (f"{rule} {who}", f"{rule} {link}", f"{who} {link}", f"{form} {link}", f"{length} {rule}")
    for other in beside:
        if other is not item and other.holds(item.cue.start):
            speech = f"in:{'speech' if 'say' in other.classes else 'other'}"
            yield from (f"in:{other.rule}", f"in:{other.rule} {link}", f"{speech} {link}")
        if other is not item and item.holds(other.cue.start):
            yield f"over:{'speech' if 'say' in other.classes else 'other'} {other.link or 'own'}"


def chance(seen: Iterable[str]) -> float:
    """Return the chance that a candidate with these marks is a statement."""
    known = weights()
    total = sum([known[mark] for mark in {*seen} if mark in known])
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


__all__ = ["THRESHOLD", "Candidate", "chance", "marks", "weights"]
