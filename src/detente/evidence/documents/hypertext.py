"""What does a web page say? Its words in reading order; menus, prompts and what is hidden are marked as furniture.

Nothing is run, opened or fetched. The page is cut into tags by one pass that cannot take longer than its length
allows, which is not so of the parser of every Python that we support.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

from detente.evidence.documents.blocks import Blocks, elements
from detente.evidence.documents.decoding import decode
from detente.evidence.documents.furniture import is_furniture
from detente.evidence.documents.paper import Paper, joined

RAW = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}
MOST_OF_A_TAG = 20_000
MOST_OF_DATA = 1_000_000
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,63})|<[!?]")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]{1,100})(?:\s{0,20}=\s{0,20}("[^"]*"|'[^']*'|[^\s"'<>`]+))?""")
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w-]{1,40})""", re.IGNORECASE
)
_XML = re.compile(rb"""\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w-]{1,40})""")
_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")

Token = tuple[str, str, str]
"""``text``, ``open``, ``close`` or ``raw``; the tag; its attributes, or the text."""


def extract(data: bytes, file: str, declared: str | None = None) -> Paper:
    """Return the text of a page.

    Raises:
        FormatError: more text than a document may have.
    """
    named = _XML.match(data[:1000]) or _DECLARED.search(data[:4096])
    text, notes = decode(data, declared or (named[1].decode("ascii") if named else None))
    paper = of_markup(text, file)
    paper.notes[:0] = notes
    return paper


def of_markup(markup: str, file: str) -> Paper:
    """Return the text of markup that is decoded."""
    blocks, named = Blocks(), elements()["meta"]
    stated = Paper()
    later = Paper()  # what counts where nothing better is said
    states = False
    for kind, tag, rest in tokens(markup):
        if kind == "text":
            blocks.text(plain(rest))
        elif kind == "raw":
            if tag == "title" and not blocks.open["svg"]:
                later.state("title", plain(rest[:MOST_OF_A_TAG]))
            elif states and len(rest) <= MOST_OF_DATA:
                _data(rest, later)
        elif kind == "close":
            blocks.close(tag)
        else:
            given = attributes(rest) if rest else {}
            if tag == "html":
                stated.state("language", given.get("lang") or given.get("xml:lang"))
            elif tag == "meta":
                name = (given.get("name") or given.get("property") or given.get("itemprop") or "").casefold()
                value = given.get("content", "")
                says = named.get(name)
                if says and not (says == "author" and value.startswith("http")):
                    stated.state(says, value)
            elif tag == "link" and given.get("rel", "").casefold() in {"canonical", "license"}:
                stated.state(
                    "url" if given["rel"].casefold() == "canonical" else "licence", given.get("href")
                )
            states = tag == "script" and "ld+json" in given.get("type", "")
            blocks.start(tag, given)
    for name, value in later.stated.items():
        stated.state(name, value)
    paper = joined(((text, mark or is_furniture(text)) for text, mark in blocks.done()), file)
    paper.stated = stated.stated
    return paper


def tokens(markup: str) -> Iterator[Token]:
    """Yield the pieces of a page in their order, in time that grows with its length only."""
    at, size = 0, len(markup)
    quotes, comments = True, True
    while at < size:
        match = _TAG.search(markup, at)
        if match is None:
            yield "text", "", markup[at:]
            return
        if match.start() > at:
            yield "text", "", markup[at : match.start()]
        start = match.start()
        if match[2] is None and markup.startswith("<!--", start) and comments:
            end = markup.find("-->", start + 4)
            comments = end >= 0
            if comments:
                at = end + 3
                continue
        end, quotes = _end_of_tag(markup, match.end(), quotes)
        if end < 0:  # no tag ends any more: the rest is text
            yield "text", "", markup[start:]
            return
        at = end + 1
        if match[2] is None:
            continue
        tag = match[2].casefold()
        given = markup[match.end() : min(end, match.end() + MOST_OF_A_TAG)]
        if match[1]:
            yield "close", tag, ""
        elif tag in RAW:
            closing = re.compile(rf"</{tag}", re.IGNORECASE).search(markup, at)
            inner = markup[at : closing.start() if closing else size]
            at = closing.start() if closing else size
            yield "open", tag, given
            yield "raw", tag, inner
        else:
            yield "open", tag, given


def _end_of_tag(markup: str, at: int, quotes: bool) -> tuple[int, bool]:
    """Return where a tag ends; once quotes have hidden the end of all, they are not looked at any more."""
    plain_end = markup.find(">", at)
    if plain_end < 0 or not quotes or not ('"' in (inner := markup[at:plain_end]) or "'" in inner):
        return plain_end, quotes
    place = at
    while True:
        match = re.compile(r"[\"'>]").search(markup, place)
        if match is None:
            return plain_end, False
        if match[0] == ">":
            return match.start(), True
        closing = markup.find(match[0], match.end())
        if closing < 0:
            return plain_end, False
        place = closing + 1


def attributes(given: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(given):
        bare = value[1:-1] if value[:1] in {'"', "'"} else value
        found.setdefault(name.casefold(), plain(bare))
    return found


def plain(text: str) -> str:
    """Return a text with its entities resolved; those of HTML only, and no number beyond Unicode's."""
    return unescape(_NUMBER.sub("\ufffd", text)) if "&" in text else text


def _data(written: str, later: Paper) -> None:
    """Read what a page states of itself as JSON-LD; anything else in a script is not looked at."""
    try:
        stated = json.loads(written)
    except (ValueError, RecursionError):
        return
    items = stated if isinstance(stated, list) else [stated]
    for item in items[:50]:
        if not isinstance(item, dict):
            continue
        graph = item.get("@graph")
        for one in (item, *(graph[:50] if isinstance(graph, list) else ())):
            if isinstance(one, dict) and "datePublished" in one:
                later.state("title", one.get("headline"))
                later.state("date", one["datePublished"])
                for name, key in (("author", "author"), ("publisher", "publisher")):
                    of = one.get(key)
                    of = of[0] if isinstance(of, list) and of else of
                    later.state(name, of.get("name") if isinstance(of, dict) else of)
