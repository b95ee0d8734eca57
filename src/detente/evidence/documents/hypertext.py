"""What does a web page say? Its words in reading order; menus, prompts and what is hidden are marked as furniture.

Nothing is run, opened or fetched. The page is cut into tags by one pass that cannot take longer than its length
allows, which is not so of the parser of every Python that we support.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from itertools import chain
from typing import Any

from detente.evidence.documents.paper import Blocks, Paper
from detente.evidence.documents.text import decode
from detente.evidence.lists import listed

RAW = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}
ENDED_BY_THEMSELVES = {"p", "li", "dt", "dd", "tr", "td", "th", "option"}
CELLS = {"td", "th"}
WHOLES = {"main", "article"}
MOST_OF_A_TAG = 20_000
MOST_OF_DATA = 1_000_000
DEEPEST = 5_000
TEXT, LIKELY, CERTAIN, HIDDEN, NOTHING = range(5)
"""How far a block is from being text: by its place, by its element, not shown, no words at all."""
MOSTLY_LINKS = 0.6
SHARE = 0.4
"""Of all the text that an article or ``main`` must hold for the rest to be furniture."""
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,63})|<[!?]")
_END = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]{1,100})(?:\s{0,20}=\s{0,20}("[^"]*"|'[^']*'|[^\s"'<>`]+))?""")
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w-]{1,40})"""
    rb"""|\A\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w-]{1,40})""",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)
_BLANKS = re.compile(r"[ \t\n\r\f]+")


@cache
def _elements() -> dict[str, Any]:
    """Return name of a list → its words, and what the names of meta elements state."""
    lists = tomllib.loads(listed("elements.toml"))
    return {name: frozenset(of.split()) if isinstance(of, str) else of for name, of in lists.items()}


def extract(data: bytes, paper: Paper, charset: str | None = None) -> Blocks:
    """Return the blocks of a page, and note what it states of itself."""
    named = _DECLARED.search(data[:4096])
    charset = charset or (named and (named[1] or named[2]).decode())
    page = _Page()
    data_of: list[str] = []
    of_data = False
    for kind, tag, rest in tokens(decode(data, paper, charset)):
        if kind == "text":
            page.text(_plain(rest))
        elif kind == "close":
            page.close(tag)
        elif kind == "open":
            given = _attributes(rest) if rest else {}
            of_data = "ld+json" in given.get("type", "")
            _state(tag, given, paper)
            page.start(tag, given)
        elif tag == "title" and not page.open["svg"]:
            page.title = page.title or _plain(rest[:MOST_OF_A_TAG])
        elif tag == "script" and of_data and len(rest) <= MOST_OF_DATA:
            data_of.append(rest)
    for written in data_of:
        _state_data(written, paper)
    paper.state("title", page.title)
    return page.done()


def tokens(markup: str) -> Iterator[tuple[str, str, str]]:
    """Yield the pieces of a page in their order, in time that grows with its length only.

    Each is ``text``, ``open``, ``close`` or ``raw``; the tag; its attributes, or the text.
    """
    at, size = 0, len(markup)
    quotes = comments = True  # until one is found that does not end
    while (match := _TAG.search(markup, at)) is not None:
        if match.start() > at:
            yield "text", "", markup[at : match.start()]
        at = match.start()
        if comments and markup.startswith("<!--", at):
            end = markup.find("-->", at + 4)
            comments = end >= 0
            if comments:
                at = end + 3
                continue
        whole = _END.match(markup, match.end()) if quotes else None
        quotes = whole is not None
        end = whole.end() if whole else markup.find(">", match.end()) + 1
        if not end:  # no tag ends any more: the rest is text
            break
        at = end
        if match[2] is None:
            continue
        tag = match[2].casefold()
        if match[1]:
            yield "close", tag, ""
            continue
        yield "open", tag, markup[match.end() : min(end - 1, match.end() + MOST_OF_A_TAG)]
        if tag in RAW:
            closing = re.compile(rf"</{tag}", re.IGNORECASE).search(markup, at)
            end = closing.start() if closing else size
            yield "raw", tag, markup[at:end]
            at = end
    if at < size:
        yield "text", "", markup[at:]


def _attributes(given: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(given):
        found.setdefault(name.casefold(), _plain(value[1:-1] if value[:1] in {'"', "'"} else value))
    return found


def _plain(text: str) -> str:
    """Return a text with its entities resolved; those of HTML only, and no number beyond Unicode's."""
    return unescape(_NUMBER.sub("\ufffd", text)) if "&" in text else text


def _state(tag: str, given: dict[str, str], paper: Paper) -> None:
    if tag == "html":
        paper.state("language", given.get("lang") or given.get("xml:lang"))
    elif tag == "link":
        says = {"canonical": "url", "license": "licence"}.get(given.get("rel", "").casefold(), "")
        paper.state(says, given.get("href"))
    elif tag == "meta":
        name = (given.get("name") or given.get("property") or given.get("itemprop") or "").casefold()
        says, value = _elements()["meta"].get(name, ""), given.get("content", "")
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
    """Takes the pieces of a page one by one and tells its blocks."""

    found: list[_Block] = field(default_factory=list)
    stack: list[tuple[str, int, int]] = field(default_factory=lambda: [("", TEXT, 0)])
    open: Counter[str] = field(default_factory=Counter)
    buffer: list[str] = field(default_factory=list)
    linked: int = 0
    wholes: int = 0
    title: str = ""
    known: dict[str, Any] = field(default_factory=_elements)

    def text(self, words: str) -> None:
        """Take words."""
        if self.stack[-1][1] != NOTHING:
            self.buffer.append(words if self.open["pre"] else _BLANKS.sub(" ", words))
            self.linked += len(words) * bool(self.open["a"])

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if tag == "br":
            self.buffer.append("\n")
            return
        last = self.stack[-1][0]
        if tag in CELLS:
            if last in CELLS:
                self._pop()
            self.buffer.append("\t")
        elif tag not in self.known["inline"]:
            self._flush()
            if tag in ENDED_BY_THEMSELVES and last == tag:
                self._pop()
        if tag in self.known["void"] or len(self.stack) > DEEPEST:
            return
        _, level, within = self.stack[-1]
        level = max(level, self._level(tag, given, within))
        if tag in WHOLES and not within:
            within = self.wholes = self.wholes + 1
        self.stack.append((tag, level, within))
        self.open[tag] += 1

    def close(self, tag: str) -> None:
        """Take the end of an element; one that was not begun is not heard."""
        if tag not in self.known["inline"] and tag not in CELLS:
            self._flush()
        while self.open[tag] and self._pop() != tag:
            pass

    def _pop(self) -> str:
        tag = self.stack.pop()[0]
        self.open[tag] -= 1
        return tag

    def _level(self, tag: str, given: dict[str, str], within: int) -> int:
        if tag in self.known["unseen"]:
            return NOTHING
        if not given and tag not in self.known["furniture"] and tag != "header":
            return TEXT
        if "hidden" in given or given.get("aria-hidden") == "true" or _HIDING.search(given.get("style", "")):
            return HIDDEN
        by_element = tag in self.known["furniture"] or (tag == "header" and not within)
        if by_element or given.get("role") in self.known["roles"]:
            return CERTAIN
        names = re.split(r"[^a-z]+", f"{given.get('class', '')} {given.get('id', '')}".casefold())
        misleads = tag in WHOLES or tag in {"html", "body"}
        return TEXT if misleads or self.known["names"].isdisjoint(names) else LIKELY

    def _flush(self) -> None:
        if not self.buffer:
            return
        whole = "".join(self.buffer)
        lines = [whole] if self.open["pre"] else whole.split("\n")
        lines = [line.strip() if "\t" in line else _BLANKS.sub(" ", line).strip() for line in lines]
        if text := re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip():
            _, level, within = self.stack[-1]
            self.found.append(_Block(text, level, self.linked, within))
        self.buffer.clear()
        self.linked = 0

    def done(self) -> Iterator[tuple[str, bool]]:
        """Yield every block with whether it is furniture."""
        self._flush()
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
