"""What does an e-mail say? Its body; who wrote it, when and about what; letters quoted in it are furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr
from itertools import chain, groupby

from detente.evidence.documents import hypertext
from detente.evidence.documents.paper import Blocks, Paper, paragraphs
from detente.evidence.documents.text import decode

HEADERS = ("from", "to", "cc", "date", "subject")
BROKEN = range(60, 101)  # widths to which programs break the lines of a letter
_QUOTES = re.compile(r"\s*(?:>|-{2,}\s*(?:original|forwarded) message|on .{5,120} wrote:\s*$)", re.IGNORECASE)
_SIGNED = re.compile(r"^-- ?$", re.MULTILINE)


def extract(data: bytes, paper: Paper) -> Blocks:
    """Return the blocks of a letter, below the lines that say from whom, to whom, when and about what."""
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(data)
        body = message.get_body(("plain", "html"))
        others = sum(1 for part in message.walk() if not part.is_multipart() and part is not body)
        told = {name: _header(message, name) for name in HEADERS}
        content = body.get_payload(decode=True) if body is not None else None
    except Exception as error:  # the library lets many kinds out for a damaged letter
        paper.refuse(f"is a damaged e-mail ({type(error).__name__})")
    if not any(told.values()) or body is None or not isinstance(content, bytes):
        paper.refuse("is an e-mail without a text" if any(told.values()) else "is not an e-mail")
    paper.state("title", told["subject"])
    paper.state("author", parseaddr(told["from"])[0] or told["from"])
    paper.state("date", told["date"])
    charset = body.get_content_charset()
    if body.get_content_type() == "text/html":
        blocks = hypertext.extract(content, paper, charset)
    else:
        flowed = str(body.get_param("format", "")).casefold() == "flowed"
        blocks = _parts(decode(content, paper, charset), flowed)
    if others:
        paper.notes.append(f"{others} other part{'s' if others > 1 else ''} of the e-mail not read")
    above = "\n".join(f"{name.title()}: {value}" for name, value in told.items() if value)
    return chain([(above, True)], blocks)


def _header(message: Message, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())[:2000]
    except Exception:  # a header that the library cannot take apart
        return ""


def _parts(text: str, flowed: bool) -> Iterator[tuple[str, bool]]:
    """Yield the paragraphs of a body; quoted letters and the signature are furniture."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    signed = match.start() if (match := _SIGNED.search(text)) else len(text)
    lines = text[:signed].split("\n")
    broken = flowed or max(map(len, lines)) in BROKEN
    for quoting, group in groupby(lines, lambda line: _QUOTES.match(line) is not None):
        held = list(group)
        yield from (
            (one, quoting) for one in (paragraphs(held) if broken and not quoting else ["\n".join(held)])
        )
    yield text[signed:], True
