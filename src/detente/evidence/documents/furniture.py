"""Which lines belong to the page and not to the text? Bylines, prompts to share or reply, notices of copyright."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from detente.evidence.documents.paper import listed
from detente.evidence.records import Span

LONGEST = 160
_BYLINE = re.compile(
    r"\s*(?:By|BY|by) [A-Z][\w.'’-]+ (?:(?:[A-Z][\w.'’-]*|and|de|van|von|der|bin|al)(?:,? |,?$)){1,8}[^.]{0,80}"
)


@cache
def _lines() -> re.Pattern[str]:
    lines = [line for line in listed("furniture.txt").splitlines() if line and not line.startswith("#")]
    return re.compile(rf"\s*(?:{'|'.join(lines)})\s*", re.IGNORECASE)


def is_furniture(line: str) -> bool:
    """Tell whether a line is furniture by its words alone."""
    return len(line) <= LONGEST and (
        _lines().fullmatch(line) is not None or _BYLINE.fullmatch(line) is not None
    )


def furniture_lines(text: str) -> Iterator[Span]:
    """Yield the lines of a text that are furniture, without their ends."""
    for match in re.finditer(r"[^\r\n]+", text):
        if is_furniture(match[0]):
            yield Span(match.start(), match.end())
