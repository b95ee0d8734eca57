"""What does a document say? One door for every format: decoded once, furniture marked, nothing run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from email.utils import parsedate_to_datetime
from importlib import import_module
from itertools import islice
from pathlib import Path

from detente.case.files import read_bytes
from detente.case.text import slug
from detente.errors import OptionError
from detente.evidence.documents.paper import Paper
from detente.evidence.documents.text import READ, language_of, name_of
from detente.evidence.records import Document, unmarked

MOST_BYTES = 64_000_000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Media type → the function that reads it, and the endings of its files. Each takes the bytes and a paper, notes
# there what the file says of itself, and returns its blocks; what is broken, hostile or without a text it refuses.
FORMATS = {
    "text/plain": ("text:extract", ".txt .text"),
    "text/markdown": ("text:extract_markdown", ".md .markdown"),
    "text/html": ("hypertext:extract", ".htm .html .xhtml"),
    "message/rfc822": ("mail:extract", ".eml"),
    "application/pdf": ("pdf:extract", ".pdf"),
    WORD: ("word:extract", ".docx"),
}
SUFFIXES = {suffix: kind for kind, (_, suffixes) in FORMATS.items() for suffix in suffixes.split()}
PICTURE = ("is a picture", "run a program that recognises text (OCR) over it first")
OTHERS = {  # what a file begins with → what it is, and the way out
    b"\xd0\xcf\x11\xe0": ("is an old .doc, or a DOCX with a password", "save it as DOCX without one"),
    b"{\\rtf": ("is RTF, which is not read", "save it as DOCX"),
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), PICTURE),
    **dict.fromkeys((b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf"), ("is packed", "unpack it")),
}
STATED = ("title", "author", "publisher", "date", "url", "language", "licence")
_HTML = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)?(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def open_document(
    source: Path | bytes,
    *,
    name: str | None = None,
    id: str | None = None,  # noqa: A002 - as the field
    media_type: str | None = None,
    stated: Mapping[str, str] | None = None,
) -> Document:
    """Return a document as it will be stored, from a file, or from its bytes and ``name``.

    ``id`` is made of the name by default, and ``media_type``, one of `FORMATS`, told by content and ending;
    ``stated`` is what the user knows better than the file: title, author, publisher, date, url, language, licence.

    Raises:
        NotFoundError: there is no such file.
        MissingPartError: its format needs a library that is not installed.
        FormatError: it is broken, too large, encrypted, scanned, or not of a format that is read.
        OptionError: a date, media type or field that does not exist.
    """
    stated = dict(stated or {})
    if unknown := sorted(set(stated) - set(STATED)):
        raise OptionError(f"a document has no {', '.join(unknown)}; known: {', '.join(STATED)}")
    if "date" in stated and day_of(stated["date"]) is None:
        raise OptionError(f"the date {stated['date']!r} cannot be read; write it as 2024-11-07")
    if media_type is not None and media_type not in FORMATS:
        raise OptionError(f"there is no format {media_type!r}; known: {', '.join(FORMATS)}")
    paper = Paper(name or (str(source) if isinstance(source, Path) else "document"))
    hint = "split it, or save its text alone"
    data = read_bytes(source, MOST_BYTES, hint=hint) if isinstance(source, Path) else source
    kind = media_type or _kind(data, paper)
    module, _, function = FORMATS[kind][0].partition(":")
    paper.fill(getattr(import_module(f"{__name__}.{module}"), function)(data, paper))
    known = {**paper.stated, **stated}
    if (told := known.pop("date", None)) is not None and day_of(told) is None:
        paper.notes.append(f"its date {told[:60]!r} cannot be read")
    body = "".join(islice(unmarked(paper.text, tuple(paper.furniture)), 2_000))
    body = body if body.strip() else paper.text
    language = stated.get("language") or language_of(body, known.get("language"))
    if language is not None and not is_read(language):
        paper.notes.append(f"is in {name_of(language)}: stored, not read")
    return Document(
        id=id or slug(Path(paper.file).stem, fallback="document"),
        text=paper.text,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=kind,
        date=day_of(told or ""),
        furniture=tuple(paper.furniture),
        notes=tuple(paper.notes),
        **{**known, "language": language},
    )


def is_read(language: str | None) -> bool:
    """Tell whether texts in a language are read; of one that is not known, they are."""
    return language is None or language.partition("-")[0] in READ


def _kind(data: bytes, paper: Paper) -> str:
    """Return the media type of a file: by what it begins with, then by its ending."""
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    if data.startswith(b"PK\x03\x04"):
        return WORD
    for beginning, (what, hint) in OTHERS.items():
        if data.startswith(beginning):
            paper.refuse(what, hint)
    suffix = Path(paper.file).suffix
    ending = SUFFIXES.get(suffix.casefold())
    if ending in {"application/pdf", WORD}:
        paper.refuse(f"ends in {suffix}, but is no such file", "open it and save it again")
    return ending or ("text/html" if _HTML.match(data[:4096]) else "text/plain")


def day_of(told: str) -> date | None:
    """Return a day that is written out: ISO 8601, as in an e-mail, or with the name of the month; else None.

    >>> day_of("2024-11-07T09:30:00+03:00"), day_of("7 November 2024"), day_of("11/7/2024")
    (datetime.date(2024, 11, 7), datetime.date(2024, 11, 7), None)
    """
    iso = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)", told)
    named = re.search(r"\b(?:\d{1,2} [A-Z][a-z]{2,8}|[A-Z][a-z]{2,8}\.? \d{1,2}),? \d{4}\b", told)
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        if iso:
            return date(*map(int, iso.groups()))
        return parsedate_to_datetime(f"{named[0].replace('.', '')} 00:00" if named else told).date()
    return None
