"""Which characters are these bytes? Told once: by their mark, what is declared, UTF-8, else an old code page."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

KNOWN = re.compile(
    r"(?:utf-?(?:8|16|32)(?:[-_]?[lb]e)?|(?:us-?)?ascii|latin-?1|iso-?8859-?\d{1,2}|(?:windows-?|cp)\d{3,5}|"
    r"koi8-[ru]|macroman|mac(?:intosh|cyrillic)|gb2312|gbk|gb18030|big5|euc-?(?:kr|jp)|shift-?jis|sjis|iso-?2022-jp)"
)
"""Charsets that may be declared; Python has others, which unpack or execute."""
AS_IN_BROWSERS = {"iso88591": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "usascii": "cp1252"}
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 20_000
CYRILLIC = 0.35
"""Share of bytes from 0xC0 on among letters from which a page is Cyrillic; French has under 0.1."""


def decode(data: bytes, declared: str | None = None) -> tuple[str, list[str]]:
    """Return the text, line ends as they are, and what must be told of the decoding.

    Args:
        data: the bytes; a byte order mark is no part of the text.
        declared: charset that the document names.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _whole(data[len(mark) :], name)
    notes: list[str] = []
    if declared is not None:
        codec = _codec(declared)
        if codec is None:
            notes.append(f"declares the encoding {declared[:40]!r}, which is not known")
        else:
            try:
                return data.decode(codec), notes
            except UnicodeDecodeError:
                notes.append(f"declares the encoding {declared[:40]}, which its bytes are not")
    if wide := _wide(data):
        text, more = _whole(data, wide)
        return text, [*notes, f"the encoding is not declared; read as {wide.upper()}", *more]
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8"), notes
    page = "cp1251" if _cyrillic(data) else "cp1252"
    where = "Cyrillic" if page == "cp1251" else "Western European"
    return _page(data, page), [*notes, f"is not UTF-8; read as {where} (Windows-{page[2:]})"]


def _codec(declared: str) -> str | None:
    name = declared.strip().strip("\"'").casefold().replace("_", "-")
    if not KNOWN.fullmatch(name):
        return None
    name = AS_IN_BROWSERS.get(name.replace("-", ""), name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _whole(data: bytes, name: str) -> tuple[str, list[str]]:
    try:
        return data.decode(name), []
    except UnicodeDecodeError:
        text = data.decode(name, "replace")
        return text, [f"{text.count(chr(0xFFFD))} places are no {name.upper()}; each is shown as \ufffd"]


def _wide(data: bytes) -> str | None:
    sample = data[:SAMPLE]
    half = max(len(sample) // 2, 1)
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else None


def _cyrillic(data: bytes) -> bool:
    sample = data[:SAMPLE]
    upper = sum(byte >= 0xC0 for byte in sample)
    letters = upper + sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in sample)
    return upper > CYRILLIC * max(letters, 1)


def _page(data: bytes, page: str) -> str:
    """Decode a code page; the few bytes that it leaves open become controls, as in browsers."""
    parts, at = [], 0
    while at < len(data):
        try:
            parts.append(data[at:].decode(page))
            break
        except UnicodeDecodeError as error:
            parts.append(data[at : at + error.start].decode(page))
            parts.append(chr(data[at + error.start]))
            at += error.end
    return "".join(parts)
