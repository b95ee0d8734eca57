"""What can still be read of a damaged workbook? The rows of its sheets, from whatever parts are left.

An archive says before each part what follows, so parts are found without its end; each is read as far as it goes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from detente.case.formats import cells
from detente.case.formats.elements import Element, read_as_far
from detente.case.formats.sheet import MAX_CELL, MAX_COLUMNS, Row, Sheet, trimmed
from detente.errors import FormatError
from detente.quantity.quantity import number_text

MOST_PARTS = 100
MOST_UNPACKED = 5_000_000
_PART = b"PK\x03\x04"
_SHEET = re.compile(r"xl/worksheets/sheet(\d{1,3})\.xml")
_PLACE = re.compile(r"[A-Z]{1,2}[1-9][0-9]{0,5}")
PIECE = 32
STORED, DEFLATED = 0, 8


def salvaged(content: bytes, file: str) -> list[Sheet]:
    """Return the sheets of which something can be read, each with a warning where it breaks off."""
    parts: dict[str, tuple[Element, bool]] = {}
    for name, data, whole in _parts(content):
        try:
            root, damage = read_as_far(data, file) if name.endswith(".xml") else (None, None)
        except FormatError:  # declares what no workbook does
            continue
        if root is not None:
            parts.setdefault(name, (root, whole and damage is None))
    shared, book = parts.get("xl/sharedStrings.xml"), parts.get("xl/workbook.xml")
    texts = [_text(one) for one in shared[0].children] if shared else []
    listed = book[0].first("sheets") if book else None
    names = [one.attributes.get("name", "") for one in listed.children] if listed else []
    found = []
    for name, (root, whole) in parts.items():
        numbered = _SHEET.fullmatch(name)
        if numbered:
            number = int(numbered[1])
            title = names[number - 1] if 0 < number <= len(names) else f"sheet{number}"
            sheet = Sheet(file, tuple(_rows(root, texts)), title)
            if not whole:
                last = sheet.rows[-1].number if sheet.rows else None
                sheet = replace(sheet, problems=(sheet.problem("is damaged after this row", last),))
            found.append((number, sheet))
    return [sheet for _, sheet in sorted(found, key=lambda pair: pair[0]) if sheet.rows]


def _parts(content: bytes) -> Iterator[tuple[str, bytes, bool]]:
    """Yield name, content as far as it can be unpacked, and whether that is all, of the parts of an archive."""
    at, left = content.find(_PART), MOST_UNPACKED
    for _ in range(MOST_PARTS):
        if at < 0 or left <= 0:
            return
        after = content.find(_PART, at + 4)
        method, size = (int.from_bytes(content[at + k : at + k + n], "little") for k, n in ((8, 2), (18, 4)))
        named, extra = (int.from_bytes(content[at + k : at + k + 2], "little") for k in (26, 28))
        begin = at + 30 + named + extra
        name = content[at + 30 : at + 30 + named].decode("utf-8", "replace")
        if method == STORED:
            data = content[begin : begin + size][:left]
            yield name, data, len(data) == size
            left -= len(data)
        elif method == DEFLATED:
            data, whole = _inflated(content[begin : after if after > 0 else len(content)], left)
            yield name, data, whole
            left -= len(data)
        at = after


def _inflated(packed: bytes, most: int) -> tuple[bytes, bool]:
    """Return what can be unpacked before the first damage, and whether that is all of it."""
    unpacking, found = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    for at in range(0, len(packed), PIECE):  # the piece with the damage gives nothing
        try:
            found += unpacking.decompress(packed[at : at + PIECE], max(1, most - len(found)))
        except zlib.error:
            return bytes(found), False
        if unpacking.eof or len(found) >= most:
            break
    return bytes(found), unpacking.eof


def _text(element: Element) -> str:
    """Return a text with all its runs, readings aside."""
    return "".join(
        child.text if child.tag == "t" else _text(child) for child in element.children if child.tag != "rPh"
    )


def _rows(root: Element, texts: list[str]) -> Iterator[Row]:
    """Yield the rows of a sheet that are not blank, as far as their cells say where they stand."""
    from openpyxl.utils.cell import coordinate_to_tuple

    data = root.first("sheetData")
    for number, row in enumerate(data.all("row") if data else (), start=1):
        said: dict[int, str] = {}
        line = number
        for cell in row.all("c"):
            place, column = cell.attributes.get("r", ""), len(said) + 1
            if _PLACE.fullmatch(place):
                line, column = coordinate_to_tuple(place)
            if column <= MAX_COLUMNS:
                said[column] = cells.content(_value(cell, texts))[:MAX_CELL]
        found = trimmed(said.get(column, "") for column in range(1, max(said, default=0) + 1))
        if found:
            yield Row(line, found)


def _value(cell: Element, texts: list[str]) -> str:
    kind, value = cell.attributes.get("t", "n"), cell.text_of("v")
    if kind == "s":
        return texts[int(value)] if re.fullmatch("[0-9]{1,7}", value) and int(value) < len(texts) else ""
    if kind == "inlineStr":
        inline = cell.first("is")
        return _text(inline) if inline else ""
    try:
        return number_text(float(value)) if kind == "n" and value else "" if kind == "e" else value
    except ValueError:
        return value
