"""What does an e-mail say? Its body; who wrote it, when and about what; letters quoted in it are furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from detente.evidence.documents import hypertext
from detente.evidence.documents.decoding import decode
from detente.evidence.documents.lines import paragraphs
from detente.evidence.documents.paper import Paper, joined, refuse

HEADERS = ("from", "to", "cc", "date", "subject")
BROKEN = range(60, 85)
"""Widths to which programs break the lines of a letter."""
_QUOTES = re.compile(r"\s*(?:>|-{2,}\s*(?:original|forwarded) message|on .{5,120} wrote:\s*$)", re.IGNORECASE)


def extract(data: bytes, file: str, declared: str | None = None) -> Paper:
    """Return the text of a letter, below the lines that say from whom, to whom, when and about what.

    Raises:
        FormatError: not a letter, or without a text.
    """
    del declared
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(data)
        body = message.get_body(("plain", "html"))
        others = sum(1 for part in message.walk() if not part.is_multipart() and part is not body)
        told = {name: _header(message, name) for name in HEADERS}
        content = body.get_payload(decode=True) if body is not None else None
    except Exception as error:  # the library lets many kinds out for a damaged letter
        refuse(file, f"is a damaged e-mail ({type(error).__name__})")
    if not any(told.values()) or body is None or not isinstance(content, bytes):
        refuse(file, "is an e-mail without a text" if any(told.values()) else "is not an e-mail")
    charset = body.get_content_charset()
    if body.get_content_type() == "text/html":
        inner = hypertext.extract(content, file, charset)
        blocks = [(inner.text, False)]
    else:
        text, notes = decode(content, charset)
        inner, blocks = Paper(notes=notes), list(_parts(text, _flowed(body)))
    above = [f"{name.title()}: {value}" for name, value in told.items() if value]
    paper = joined([("\n".join(above), True), *blocks], file)
    shift = len(paper.text) - len(inner.text)
    paper.mark(type(one)(one.start + shift, one.end + shift) for one in inner.furniture)
    paper.notes = inner.notes
    paper.state("title", told["subject"])
    paper.state("author", parseaddr(told["from"])[0] or told["from"])
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        paper.state("date", parsedate_to_datetime(told["date"]))
    if others:
        paper.notes.append(f"{others} other part{'s' if others > 1 else ''} of the e-mail not read")
    return paper


def _header(message: Message, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())[:2000]
    except Exception:  # a header that the library cannot take apart
        return ""


def _flowed(body: Message) -> bool:
    return str(body.get_param("format", "")).casefold() == "flowed"


def _parts(text: str, flowed: bool) -> Iterator[tuple[str, bool]]:
    """Yield the paragraphs of a body; quoted letters and the signature are furniture."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    signed = next((number for number, line in enumerate(lines) if line in {"-- ", "--"}), len(lines))
    widest = max((len(line) for line in lines[:signed]), default=0)
    held: list[str] = []
    quoting = False
    for line in [*lines[:signed], None]:
        quoted = line is not None and _QUOTES.match(line) is not None
        if held and (line is None or quoted != quoting):
            broken = not quoting and (flowed or widest in BROKEN)
            yield from ((one, quoting) for one in (paragraphs(held) if broken else ["\n".join(held)]))
            held = []
        if line is not None:
            held.append(line)
        quoting = quoted
    yield "\n".join(lines[signed:]), True
