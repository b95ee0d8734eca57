"""What stands in a plain text or in Markdown? The text as it is; a head of ``key: value`` lines tells of it."""

from __future__ import annotations

import re

from detente.evidence.documents.paper import Blocks, Paper, is_furniture
from detente.evidence.documents.text import decode
from detente.evidence.records import Span

KEYS = {
    "title": "title", "headline": "title", "subject": "title", "author": "author", "by": "author",
    "publisher": "publisher", "source": "publisher", "date": "date", "published": "date", "url": "url",
    "link": "url", "language": "language", "lang": "language", "licence": "licence", "license": "licence",
}  # fmt: skip
MOST_LINES = 30
FEWEST = 2
"""Lines that a head without a fence must have to be one: a text may well begin with "Source: …"."""
CONTROLS = 0.05
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PAIR = re.compile(r"([A-Za-z][\w -]{0,29}):[ \t]*([^\r\n]*)")
_MARKUP = re.compile(
    r"^[ ]{0,3}(?:(`{3,}|~{3,})[^\n]*\n.*?(?:^[ ]{0,3}\1[^\n]*$|\Z)"
    r"|(?:[-*_][ \t]*){3,}$|\[[^\]\n]{1,200}\]:[ \t]*\S[^\n]*|!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)[ \t]*$"
    r"|\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)+$)",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^#[ \t]+(.{1,300}?)[ \t#]*$", re.MULTILINE)


def extract(data: bytes, paper: Paper) -> Blocks:
    """Take a plain text as it is, its line ends too; lines that are furniture are marked."""
    text = paper.text = decode(data, paper)
    if len(_CONTROL.findall(text, 0, 20_000)) > CONTROLS * max(len(text[:20_000]), 1):
        paper.refuse("is not text", "name a text, Markdown, HTML, PDF, DOCX or .eml file")
    lines = (Span(*match.span()) for match in re.finditer(r"[^\r\n]+", text) if is_furniture(match[0]))
    paper.mark([Span(0, _head(paper)), *lines])
    return ()


def extract_markdown(data: bytes, paper: Paper) -> Blocks:
    """Take a Markdown text as it is; what is only markup is furniture."""
    extract(data, paper)
    paper.mark(Span(*match.span()) for match in _MARKUP.finditer(paper.text))
    if first := _HEADING.search(paper.text):
        paper.state("title", first[1])
    return ()


def _head(paper: Paper) -> int:
    """Read ``key: value`` lines at the beginning, up to ``---`` or an empty line; return where they end."""
    found: dict[str, str] = {}
    fenced, end = False, 0
    for number, line in enumerate(re.finditer(r"([^\r\n]*)(\r\n|\r|\n|\Z)", paper.text[:10_000])):
        content = line[1].rstrip()
        if number == 0 and content == "---":
            fenced = True
            continue
        if content in ({"---", "..."} if fenced else {""}):
            end = line.end(1) if fenced else end
            break
        pair = _PAIR.fullmatch(content)
        if number > MOST_LINES or (pair is None and not (fenced and content.startswith((" ", "-", "#")))):
            return 0
        if pair is not None and (name := KEYS.get(pair[1].strip().casefold())):
            found.setdefault(name, pair[2].strip().strip("\"'"))
        end = 0 if fenced else line.end(1)
    if not found or (not fenced and len(found) < FEWEST):
        return 0
    if end:
        for name, value in found.items():
            paper.state(name, value)
    return end
