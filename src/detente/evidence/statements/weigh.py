"""What is a possible statement, and how likely is it one? A sum of weights of what is seen of it, as a chance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from detente.evidence.lists import rows
from detente.evidence.records import Span
from detente.evidence.statements.speakers import Speaker

THRESHOLD = 0.4


class Candidate(NamedTuple):
    """A possible statement. Places are pieces of its sentence; ``content`` and ``speaker`` are characters."""

    rule: str
    at: int
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


@cache
def weights() -> dict[str, float]:
    """Return the weight of every mark; what is not listed weighs nothing."""
    return {row[0]: float(row[1]) for row in rows("statement_weights")}


def marks(item: Candidate, beside: Sequence[Candidate]) -> tuple[str, ...]:
    """Return what is seen of a candidate, given all of its sentence."""
    return tuple(_marks(item, beside))


def _marks(item: Candidate, beside: Sequence[Candidate]) -> Iterator[str]:
    yield "any"
    who = item.marks[0] if item.marks else "who:-"
    form = item.marks[1] if item.marks else ""
    link = item.marks[2] if len(item.marks) > 2 else ""
    yield f"rule:{item.rule}"
    yield f"verb:{item.lemma}"
    yield from item.marks
    for name in item.classes:
        yield f"class:{name}"
        yield f"class:{name} rule:{item.rule}"
        yield f"class:{name} {form}"
        yield f"class:{name} {who}"
    yield f"classes:{' '.join(item.classes)}"
    yield f"rule:{item.rule} {who}"
    yield f"rule:{item.rule} {link}"
    yield f"{who} {link}"
    yield f"{form} {link}"
    yield f"classes {len(item.classes)}"
    length = sum(end - start for start, end in item.content)
    yield f"length:{min(int(math.log2(length + 1)), 8)}"
    yield f"length:{min(int(math.log2(length + 1)), 8)} rule:{item.rule}"
    for other in beside:
        if other is item:
            continue
        if any(start <= item.cue.start < end for start, end in other.content):
            yield f"in:{other.rule}"
            yield f"in:{other.rule} {link}"
            yield f"in:{'speech' if 'say' in other.classes else 'other'} {link}"
        if any(start <= other.cue.start < end for start, end in item.content):
            yield f"over:{'speech' if 'say' in other.classes else 'other'} {other.link or 'own'}"


def chance(seen: Sequence[str]) -> float:
    """Return the chance that a candidate with these marks is a statement."""
    known = weights()
    total = sum([known[mark] for mark in {*seen} if mark in known])
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


__all__ = ["THRESHOLD", "Candidate", "chance", "marks", "weights"]
