"""Which words of a web page stand together, and which are its text? Blocks with the elements they stand in."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from detente.evidence.documents.paper import listed

ENDED_BY_THEMSELVES = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "option"})
WHOLES = frozenset({"html", "body", "main", "article"})
DEEPEST = 5_000
TEXT, LIKELY, CERTAIN, HIDDEN, NOTHING = range(5)
"""How far a block is from being text: by its place, by its element, not shown, no words at all."""
MOSTLY_LINKS = 0.6
SHARE = 0.4
"""Of all the text that an article or ``main`` must hold for the rest to be furniture."""
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)
_BLANKS = re.compile(r"[ \t\n\r\f]+")


@cache
def elements() -> dict[str, Any]:
    """Return name of a list → its words, and what the names of meta elements state."""
    lists = tomllib.loads(listed("elements.toml"))
    return {name: frozenset(of.split()) if isinstance(of, str) else of for name, of in lists.items()}


@dataclass
class Block:
    """A paragraph, heading, item or cell."""

    text: str
    level: int
    linked: int
    within: int
    """Number of the outermost article or ``main`` that holds it; 0 outside."""


@dataclass
class Blocks:
    """Takes the pieces of a page one by one and tells its blocks."""

    found: list[Block] = field(default_factory=list)
    stack: list[tuple[str, int, int]] = field(default_factory=list)
    open: Counter[str] = field(default_factory=Counter)
    buffer: list[str] = field(default_factory=list)
    linked: int = 0
    wholes: int = 0
    known: dict[str, Any] = field(default_factory=elements)

    def _now(self) -> tuple[int, int]:
        return self.stack[-1][1:] if self.stack else (TEXT, 0)

    def text(self, words: str) -> None:
        """Take words."""
        if self._now()[0] == NOTHING:
            return
        self.buffer.append(words if self.open["pre"] else _BLANKS.sub(" ", words))
        if self.open["a"]:
            self.linked += len(words)

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if tag == "br":
            self.buffer.append("\n")
            return
        if tag in {"td", "th"}:
            if self.stack and self.stack[-1][0] in {"td", "th"}:
                self._pop()
            self.buffer.append("\t")
        elif tag not in self.known["inline"]:
            self._flush()
            if tag in ENDED_BY_THEMSELVES and self.stack and self.stack[-1][0] == tag:
                self._pop()
        if tag in self.known["void"] or len(self.stack) >= DEEPEST:
            return
        level, within = self._now()
        if tag in {"article", "main"} and not within:
            self.wholes += 1
            within = self.wholes
        self.stack.append((tag, max(level, self._level(tag, given)), within))
        self.open[tag] += 1

    def close(self, tag: str) -> None:
        """Take the end of an element; one that was not begun is not heard."""
        if tag not in self.known["inline"] and tag not in {"td", "th"}:
            self._flush()
        while self.open[tag]:
            if self._pop() == tag:
                break

    def _pop(self) -> str:
        tag = self.stack.pop()[0]
        self.open[tag] -= 1
        return tag

    def _level(self, tag: str, given: dict[str, str]) -> int:
        if tag in self.known["unseen"]:
            return NOTHING
        if "hidden" in given or given.get("aria-hidden") == "true" or _HIDING.search(given.get("style", "")):
            return HIDDEN
        if (
            tag in self.known["furniture"]
            or given.get("role") in self.known["roles"]
            or (tag == "header" and not self._now()[1])
        ):
            return CERTAIN
        if tag not in WHOLES:
            names = re.split(r"[^a-z]+", f"{given.get('class', '')} {given.get('id', '')}".casefold())
            if not self.known["names"].isdisjoint(names):
                return LIKELY
        return TEXT

    def _flush(self) -> None:
        if not self.buffer:
            return
        whole = "".join(self.buffer)
        lines = whole.split("\n") if not self.open["pre"] else [whole]
        text = "\n".join(
            _BLANKS.sub(" ", line).strip() if "\t" not in line else line.strip() for line in lines
        )
        if text := re.sub(r"\n{3,}", "\n\n", text).strip():
            level, within = self._now()
            self.found.append(Block(text, level, self.linked, within))
        self.buffer.clear()
        self.linked = 0

    def done(self) -> Iterator[tuple[str, bool]]:
        """Yield every block with whether it is furniture."""
        self._flush()
        size: Counter[int] = Counter()
        for block in self.found:
            if block.level <= LIKELY:
                size[block.within] += len(block.text)
            if block.level == TEXT and block.linked > MOSTLY_LINKS * len(block.text) and not block.within:
                block.level = LIKELY
        largest = max((one for one in size if one), key=lambda one: size[one], default=0)
        if largest and size[largest] >= SHARE * size.total():
            for block in self.found:
                if block.within != largest and block.level == TEXT:
                    block.level = LIKELY
        text = sum(len(block.text) for block in self.found if block.level == TEXT)
        least = LIKELY if text >= 0.25 * size.total() else CERTAIN  # names of classes may mislead
        for block in self.found:
            yield block.text, block.level >= least
