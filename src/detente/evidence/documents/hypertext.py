"""What does a web page say? Its words in reading order; menus, prompts and what is hidden are marked as furniture.

Nothing is run, opened or fetched. The page is taken apart by libxml2, tag by tag: no tree is built that could grow
beyond the page, and the time follows from its length.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from detente.evidence.documents.paper import Blocks, Paper
from detente.evidence.documents.text import decode
from detente.evidence.lists import listed

CELLS = {"td", "th"}
WHOLES = {"main", "article"}
MOST_OF_A_TITLE = 20_000
MOST_OF_DATA = 1_000_000
DEEPEST, PIECE = 5_000, 50_000  # the end of an element is looked for among all that are open
TEXT, LIKELY, CERTAIN, HIDDEN, NOTHING = range(5)  # from being text: by place, by element, unseen, no words
MOSTLY_LINKS = 0.6
SHARE = 0.4  # of all the text that an article or `main` must hold for the rest to be furniture
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w-]{1,40})"""
    rb"""|\A\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w-]{1,40})""",
    re.IGNORECASE,
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)
_KNOWN: dict[str, Any] = {  # name of a list → its words, and what the names of meta elements state
    name: frozenset(of.split()) if isinstance(of, str) else of
    for name, of in tomllib.loads(listed("elements.toml")).items()
}
_BLANKS = re.compile(r"[ \t\n\r\f]+")


def extract(data: bytes, paper: Paper, charset: str | None = None) -> Blocks:
    """Return the blocks of a page, and note what it states of itself."""
    from lxml.etree import HTMLParser

    named = _DECLARED.search(data[:4096])
    text = "<!doctype html>" + decode(data, paper, charset or (named and (named[1] or named[2]).decode()))
    page = _Page(paper)
    parser = HTMLParser(target=page, huge_tree=True)
    for at in range(0, len(text), PIECE):
        parser.feed(text[at : at + PIECE])
    parser.close()
    if page.hidden.strip() and text.replace("\r\n", "\n").endswith(page.hidden):
        lost = len(page.hidden.strip())
        paper.notes.append(f"a comment (<!--) is never closed; the {lost} characters after it are not read")
    return page.done()


def _state(tag: str, given: Mapping[str, str], paper: Paper) -> None:
    if tag == "html":
        paper.state("language", given.get("lang") or given.get("xml:lang"))
    elif tag == "link":
        says = {"canonical": "url", "license": "licence"}.get(given.get("rel", "").casefold(), "")
        paper.state(says, given.get("href"))
    elif tag == "meta":
        name = (given.get("name") or given.get("property") or given.get("itemprop") or "").casefold()
        says, value = _KNOWN["meta"].get(name, ""), given.get("content", "")
        if not (says == "author" and value.startswith("http")):
            paper.state(says, value)


def _state_data(written: str, paper: Paper) -> None:
    """Note what a page states of itself as JSON-LD; anything else in a script is not looked at."""
    try:
        stated = json.loads(written)
    except (ValueError, RecursionError):
        return
    items = [one for one in (stated if isinstance(stated, list) else [stated])[:50] if isinstance(one, dict)]
    graphs = [one["@graph"][:50] for one in items if isinstance(one.get("@graph"), list)]
    for one in [*items, *chain.from_iterable(graphs)]:
        if isinstance(one, dict) and "datePublished" in one:
            paper.state("title", one.get("headline"))
            paper.state("date", one["datePublished"])
            for name in ("author", "publisher"):
                of = one.get(name)
                of = of[0] if isinstance(of, list) and of else of
                paper.state(name, of.get("name") if isinstance(of, dict) else of)


@dataclass(slots=True)
class _Block:
    """A paragraph, heading, item or cell; ``within`` numbers the outermost article that holds it, or is 0."""

    text: str
    level: int
    linked: int
    within: int


@dataclass
class _Page:
    """Takes the pieces of a page one by one, as libxml2 finds them, and tells its blocks."""

    paper: Paper
    found: list[_Block] = field(default_factory=list)
    stack: list[tuple[int, int]] = field(default_factory=lambda: [(TEXT, 0)])
    open: Counter[str] = field(default_factory=Counter)
    buffer: list[str] = field(default_factory=list)
    unseen: list[str] | None = None  # of a title, or of data of the page
    stated: list[str] = field(default_factory=list)
    title: str = ""
    hidden: str = ""  # the last comment
    linked: int = 0
    wholes: int = 0

    def data(self, words: str) -> None:
        """Take words."""
        if self.unseen is not None:
            self.unseen.append(words)
        elif self.stack[-1][0] != NOTHING:
            self.buffer.append(words if self.open["pre"] else _BLANKS.sub(" ", words))
            self.linked += len(words) * bool(self.open["a"])

    def comment(self, words: str) -> None:
        """Take a comment."""
        self.hidden = words

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if given:
            _state(tag, given, self.paper)
        if tag in CELLS or tag == "br":
            self.buffer.append("\t" if tag in CELLS else "\n")
        elif tag not in _KNOWN["inline"]:
            self._flush()
        level, within = self.stack[-1]
        level = max(level, self._level(tag, given, within))
        if tag in WHOLES and not within:
            within = self.wholes = self.wholes + 1
        self.stack.append((level, within))
        if len(self.stack) > DEEPEST:
            self.paper.refuse("is nested too deep", "save its text alone")
        self.open[tag] += 1
        data = tag == "script" and "ld+json" in given.get("type", "")
        if data or (tag == "title" and not self.open["svg"]):
            self.unseen = []

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag not in _KNOWN["inline"] and tag not in CELLS and tag != "br":
            self._flush()
        self.stack.pop()
        self.open[tag] -= 1
        if self.unseen is not None and tag in {"title", "script"}:
            words, self.unseen = "".join(self.unseen), None
            if tag == "title":
                self.title = self.title or words[:MOST_OF_A_TITLE]
            elif len(words) <= MOST_OF_DATA:
                self.stated.append(words)

    def close(self) -> None:
        """Take the end of the page."""
        self._flush()
        for written in self.stated:
            _state_data(written, self.paper)
        self.paper.state("title", self.title)

    def _level(self, tag: str, given: Mapping[str, str], within: int) -> int:
        if tag in _KNOWN["unseen"]:
            return NOTHING
        if not given and tag not in _KNOWN["furniture"] and tag != "header":
            return TEXT
        if "hidden" in given or given.get("aria-hidden") == "true" or _HIDING.search(given.get("style", "")):
            return HIDDEN
        by_element = tag in _KNOWN["furniture"] or (tag == "header" and not within)
        if by_element or given.get("role") in _KNOWN["roles"]:
            return CERTAIN
        names = re.split(r"[^a-z]+", f"{given.get('class', '')} {given.get('id', '')}".casefold())
        misleads = tag in WHOLES or tag in {"html", "body"}
        return TEXT if misleads or _KNOWN["names"].isdisjoint(names) else LIKELY

    def _flush(self) -> None:
        if not self.buffer:
            return
        whole = "".join(self.buffer)
        lines = [whole] if self.open["pre"] else whole.split("\n")
        lines = [line.strip() if "\t" in line else _BLANKS.sub(" ", line).strip() for line in lines]
        if text := re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip():
            self.found.append(_Block(text, self.stack[-1][0], self.linked, self.stack[-1][1]))
        self.buffer.clear()
        self.linked = 0

    def done(self) -> Iterator[tuple[str, bool]]:
        """Yield every block with whether it is furniture."""
        size: Counter[int] = Counter()
        for block in self.found:
            size[block.within] += len(block.text) * (block.level <= LIKELY)
            if block.level == TEXT and block.linked > MOSTLY_LINKS * len(block.text) and not block.within:
                block.level = LIKELY
        largest = max(size, key=lambda one: (one > 0, size[one]), default=0)
        main = largest if size[largest] >= SHARE * size.total() else 0
        for block in self.found if main else ():
            block.level = max(block.level, LIKELY * (block.within != main))
        text = sum(len(block.text) for block in self.found if block.level == TEXT)
        least = LIKELY if text >= 0.25 * size.total() else CERTAIN  # names of classes may mislead
        return ((block.text, block.level >= least) for block in self.found)
