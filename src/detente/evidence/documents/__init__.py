"""What does a document say? One door for every format: decoded once, furniture marked, nothing run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from email.utils import parsedate_to_datetime
from importlib import import_module
from pathlib import Path

from detente.case.files import read_bytes
from detente.case.text import slug
from detente.errors import OptionError
from detente.evidence.documents.languages import READ, language_of, name_of
from detente.evidence.documents.paper import MOST_CHARACTERS, STATED, Paper, refuse
from detente.evidence.records import Document

MOST_BYTES = 64_000_000
ROOM = "detente.evidence.documents"
FORMATS = {  # media type → function that reads it
    "text/plain": f"{ROOM}.plain:extract",
    "text/markdown": f"{ROOM}.plain:extract_markdown",
    "text/html": f"{ROOM}.hypertext:extract",
    "message/rfc822": f"{ROOM}.mail:extract",
    "application/pdf": f"{ROOM}.pdf:extract",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": f"{ROOM}.word:extract",
}
PLAIN, MARKDOWN, HTML, MAIL, PDF, DOCX = FORMATS
SUFFIXES = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".htm": HTML,
    ".html": HTML,
    ".xhtml": HTML,
    ".eml": MAIL,
    ".pdf": PDF,
    ".docx": DOCX,
}
OTHERS = (  # what a file begins with → what it is, and the way out
    (b"\xd0\xcf\x11\xe0", "is an old .doc, or a DOCX with a password", "save it as DOCX without one"),
    (b"{\\rtf", "is RTF, which is not read", "save it as DOCX"),
    (b"\x89PNG", "is a picture", "run a program that recognises text (OCR) over it first"),
    (b"\xff\xd8\xff", "is a picture", "run a program that recognises text (OCR) over it first"),
    (b"GIF8", "is a picture", "run a program that recognises text (OCR) over it first"),
    (b"\x1f\x8b", "is packed", "unpack it"),
    (b"Rar!", "is packed", "unpack it"),
    (b"7z\xbc\xaf", "is packed", "unpack it"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
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
    """Return a document as it will be stored.

    Args:
        source: the file, or its bytes.
        name: of the file, where bytes are given.
        id: what a case will call it; made of the file's name by default.
        media_type: one of `FORMATS`; told by the content and the ending by default.
        stated: title, author, publisher, date, url, language, licence, where the user knows better than the file.

    Raises:
        NotFoundError: there is no such file.
        MissingPartError: its format needs a library that is not installed.
        FormatError: it is broken, too large, encrypted, scanned, or not of a format that is read.
        OptionError: a date, media type or field that does not exist.
    """
    file = name or (str(source) if isinstance(source, Path) else "document")
    hint = "split it, or save its text alone"
    data = read_bytes(source, MOST_BYTES, hint=hint) if isinstance(source, Path) else source
    if len(data) > MOST_BYTES:
        refuse(file, f"larger than {MOST_BYTES / 1e6:g} MB", hint)
    kind = media_type or _kind(data, file)
    if kind not in FORMATS:
        raise OptionError(f"there is no format {kind!r}; known: {', '.join(FORMATS)}")
    paper = _reader(kind)(data, file, None)
    if not paper.text.strip():
        refuse(file, "holds no text")
    if len(paper.text) > MOST_CHARACTERS:
        refuse(file, f"holds more than {MOST_CHARACTERS / 1e6:g} million characters", "split it")
    return _document(paper, data, kind, id or slug(Path(file).stem, fallback="document"), dict(stated or {}))


def _reader(kind: str) -> Callable[[bytes, str, str | None], Paper]:
    module, _, function = FORMATS[kind].partition(":")
    reader: Callable[[bytes, str, str | None], Paper] = getattr(import_module(module), function)
    return reader


def _kind(data: bytes, file: str) -> str:
    """Return the media type of a file: by what it begins with, then by its ending."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return DOCX
    for beginning, what, hint in OTHERS:
        if data.startswith(beginning):
            refuse(file, what, hint)
    ending = SUFFIXES.get(Path(file).suffix.casefold())
    if ending in {PDF, DOCX}:
        refuse(file, f"ends in {Path(file).suffix}, but is no such file", "open it and save it again")
    if ending is None and _HTML.match(data[:4096]):
        return HTML
    return ending or PLAIN


def _document(paper: Paper, data: bytes, kind: str, id_: str, stated: dict[str, str]) -> Document:
    if unknown := sorted(set(stated) - set(STATED)):
        raise OptionError(f"a document has no {', '.join(unknown)}; known: {', '.join(STATED)}")
    known: dict[str, str] = {**paper.stated, **stated}
    notes = list(paper.notes)
    when = day_of(known["date"]) if "date" in known else None
    if when is None and "date" in stated:
        raise OptionError(f"the date {stated['date']!r} cannot be read; write it as 2024-11-07")
    if when is None and "date" in known:
        notes.append(f"its date {known['date'][:60]!r} cannot be read")
    body = _without(paper)
    language = stated.get("language") or language_of(body, known.get("language"))
    if language is not None and language.partition("-")[0] not in READ:
        notes.append(f"is in {name_of(language)}: stored, not read")
    return Document(
        id=id_,
        text=paper.text,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=kind,
        title=known.get("title"),
        author=known.get("author"),
        publisher=known.get("publisher"),
        date=when,
        url=known.get("url"),
        language=language,
        licence=known.get("licence"),
        furniture=tuple(paper.furniture),
        notes=tuple(notes),
    )


def _without(paper: Paper) -> str:
    """Return the beginning of the text without its furniture, or of all where there is nothing else."""
    parts, at = [], 0
    for span in paper.furniture[:2_000]:
        parts.append(paper.text[at : span.start])
        at = span.end
    parts.append(paper.text[at : at + 40_000])
    return "".join(parts)[:40_000] if any(part.strip() for part in parts) else paper.text[:40_000]


def day_of(told: str) -> date | None:
    """Return a day that is written out: ISO 8601, as in an e-mail, or with the name of the month; else None.

    >>> day_of("2024-11-07T09:30:00+03:00"), day_of("7 November 2024"), day_of("11/7/2024")
    (datetime.date(2024, 11, 7), datetime.date(2024, 11, 7), None)
    """
    told = told.strip()
    iso = re.match(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)", told)
    named = re.search(r"\b(?:(\d{1,2}) )?([A-Z][a-z]{2,8})\.? (?:(\d{1,2}),? )?(\d{4})\b", told)
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        if iso:
            return date(*map(int, iso.groups()))
        if named and (day := named[1] or named[3]) and named[2][:3] in MONTHS:
            return date(int(named[4]), MONTHS.index(named[2][:3]) + 1, int(day))
        return parsedate_to_datetime(told).date()
    return None


__all__ = ["FORMATS", "day_of", "open_document"]
