"""What did a file hold? Its text in blocks, which of it is furniture, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import NoReturn, TypeAlias

from detente.errors import FormatError, Problem
from detente.evidence.lists import listed
from detente.evidence.records import Span

MOST_CHARACTERS = 50_000_000
MOST_OF_A_NAME = 300
LONGEST_OF_FURNITURE = 160
NARROW = 0.75  # of the usual width: a shorter line that ends a sentence ends its paragraph
_BYLINE = (
    r"(?-i:(?:By|BY|by) [A-Z][\w.'’-]+ "
    r"(?:(?:[A-Z][\w.'’-]*|and|de|van|von|der|bin|al)(?:,? |,?$)){1,8}[^.]{0,80})"
)
_LINES = [line for line in listed("furniture.txt").splitlines() if line and not line.startswith("#")]
_FURNITURE = re.compile(rf"\s*(?:{'|'.join([*_LINES, _BYLINE])})\s*", re.IGNORECASE)
_ENDED = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[•▪‣·*–—-]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")
Blocks: TypeAlias = Iterable[tuple[str, bool]]
"""Paragraphs, and whether each is furniture by its place; by its words `Paper.fill` tells."""


@dataclass
class Paper:
    """A document while it is read."""

    file: str
    text: str = ""  # what will be stored
    furniture: list[Span] = field(default_factory=list)  # menus, bylines, prompts; in the order of the text
    stated: dict[str, str] = field(default_factory=dict)  # what it says of itself, by fields of a document
    notes: list[str] = field(default_factory=list)  # what a reader should know of how it was read

    def state(self, name: str, value: object) -> None:
        """Note what the file says of itself, unless it said something before."""
        told = value.isoformat() if isinstance(value, date) else value
        if name and isinstance(told, str) and (told := " ".join(told.split())[:MOST_OF_A_NAME]):
            self.stated.setdefault(name, told.encode("utf-8", "replace").decode("utf-8"))

    def mark(self, spans: Iterable[Span]) -> None:
        """Mark furniture; spans that touch or overlap become one."""
        merged: list[Span] = []
        for span in sorted([*self.furniture, *spans]):
            if merged and span.start <= merged[-1].end:
                merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
            elif span.start < span.end:
                merged.append(span)
        self.furniture = merged

    def fill(self, blocks: Blocks) -> None:
        """Take blocks as the text, with an empty line between them; without any the text that is there stays.

        Raises:
            FormatError: no text, or more than a document may have.
        """
        parts: list[str] = []
        at = 0
        for block, furniture in blocks:
            if not (block := block.strip()):
                continue
            if furniture or is_furniture(block):
                self.furniture.append(Span(at, at + len(block)))
            parts.append(block)
            at += len(block) + 2
            if at > MOST_CHARACTERS:
                break
        self.text = "\n\n".join(parts) or self.text
        if not self.text.strip():
            self.refuse("holds no text")
        if max(at, len(self.text)) > MOST_CHARACTERS:
            self.refuse(f"holds more than {MOST_CHARACTERS / 1e6:g} million characters", "split it")

    def refuse(self, why: str, hint: str | None = None) -> NoReturn:
        """Raise the `FormatError` that says why the file is not read, and the way out."""
        raise FormatError([Problem(why, file=self.file, hint=hint)])


def is_furniture(line: str) -> bool:
    """Tell whether a line is furniture by its words alone: a byline, a prompt, a notice of copyright."""
    return len(line) <= LONGEST_OF_FURNITURE and _FURNITURE.fullmatch(line) is not None


def paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs of lines that were broken to a width; a short line that ends a sentence ends one.

    A word that a hyphen divides at the end of a line is joined where both parts are in lower case.
    """
    full = [len(line.strip()) for line in lines if len(line.strip()) > 20]
    narrow = NARROW * (median(full) if full else 0)
    held = last = ""
    for line in [*lines, ""]:
        bare = line.strip()
        begins = bare[:1].isupper() and not last.endswith((",", ";", "-"))
        ends = len(last) < narrow and (_ENDED.search(last) or begins)
        if held and (not bare or _ITEM.match(bare) or ends):
            yield held
            held = ""
        if held and last[-1] in "-\u00ad\u2010" and last[-2:-1].islower() and bare[0].islower():
            held = held[:-1] + bare
        else:
            held = f"{held} {bare}" if held else bare
        last = bare
