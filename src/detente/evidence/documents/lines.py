"""Which lines are one paragraph? Text that was broken to a width is put together again before it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median

NARROW = 0.75
"""A line shorter than this share of the usual width, with an end of a sentence, ends its paragraph."""
_ENDED = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[•▪‣·*–—-]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")


def paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs of lines; an empty line ends one, and so does a short one that ends a sentence.

    A word that a hyphen divides at the end of a line is joined where both parts are in lower case.
    """
    full = [len(line.strip()) for line in lines if len(line.strip()) > 20]
    width = median(full) if full else 0
    held: list[str] = []
    for line in lines:
        bare = line.strip()
        if held and (not bare or _ITEM.match(bare) or _ends(held[-1], bare, width)):
            yield _joined(held)
            held = []
        if bare:
            held.append(bare)
    if held:
        yield _joined(held)


def _ends(last: str, following: str, width: float) -> bool:
    short = len(last) < NARROW * width
    if short and _ENDED.search(last):
        return True
    return short and following[:1].isupper() and not last.endswith((",", ";", "-"))


def _joined(lines: Sequence[str]) -> str:
    parts = [lines[0]]
    for line in lines[1:]:
        before = parts[-1]
        if len(before) > 2 and before[-1] in "-\u00ad\u2010" and before[-2].islower() and line[:1].islower():
            parts[-1] = before[:-1]
        else:
            parts.append(" ")
        parts.append(line)
    return "".join(parts)
