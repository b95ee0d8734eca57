"""What did a file hold? Its text in blocks, which of it is furniture, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from typing import NoReturn

from detente.errors import FormatError, Problem
from detente.evidence.records import Span

MOST_CHARACTERS = 50_000_000
MOST_OF_A_NAME = 300
STATED = ("title", "author", "publisher", "date", "url", "language", "licence")


@dataclass
class Paper:
    """A document while it is read.

    Attributes:
        text: what will be stored.
        furniture: menus, bylines, prompts.
        stated: what the file says of itself, by the names of `STATED`; the first that says something counts.
        notes: what a reader should know of how it was read.
    """

    text: str = ""
    furniture: list[Span] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def state(self, name: str, value: object) -> None:
        """Note what the file says of itself, unless it said something before."""
        if isinstance(value, datetime):
            value = value.date()
        told = value.isoformat() if isinstance(value, date) else value
        if isinstance(told, str) and (told := " ".join(told.split())[:MOST_OF_A_NAME]):
            self.stated.setdefault(name, told.encode("utf-8", "replace").decode("utf-8"))

    def mark(self, spans: Iterable[Span]) -> None:
        """Mark furniture; spans that touch or overlap become one."""
        merged: list[Span] = []
        for span in sorted([*self.furniture, *spans]):
            if span.start >= span.end:
                continue
            if merged and span.start <= merged[-1].end:
                merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
            else:
                merged.append(span)
        self.furniture = merged


def joined(blocks: Iterable[tuple[str, bool]], file: str) -> Paper:
    """Return blocks as one text with an empty line between them; those with a flag are furniture.

    Raises:
        FormatError: more text than a document may have.
    """
    parts: list[str] = []
    marks: list[Span] = []
    length = 0
    for text, furniture in blocks:
        text = text.strip()
        if not text:
            continue
        if parts:
            parts.append("\n\n")
            length += 2
        if furniture:
            marks.append(Span(length, length + len(text)))
        parts.append(text)
        length += len(text)
        if length > MOST_CHARACTERS:
            refuse(file, f"holds more than {MOST_CHARACTERS / 1e6:g} million characters", "split it")
    paper = Paper("".join(parts))
    paper.mark(marks)
    return paper


def listed(name: str) -> str:
    """Return one of the lists that come with the room."""
    return files("detente.evidence").joinpath("lists", name).read_text(encoding="utf-8")


def refuse(file: str, why: str, hint: str | None = None) -> NoReturn:
    """Refuse a file.

    Raises:
        FormatError: always.
    """
    raise FormatError([Problem(why, file=file, hint=hint)])
