"""What is a possible statement? A cue with its rule, speaker and content, and what weighs for or against it."""

from __future__ import annotations

from typing import NamedTuple

from detente.evidence.records import Span
from detente.evidence.statements.speakers import Speaker


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


__all__ = ["Candidate"]
