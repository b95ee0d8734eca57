"""What stands in a workbook? The values of its sheets, after looking at the file before opening it.

An XLSX file is a ZIP archive of XML (ECMA-376). It is refused before any of it is parsed when it would unpack to
more than it should, or declares document types or entities. Macros, links to other files and all that is not a
value are left aside; formulas count by the value that was saved with them. Of a damaged file the same is read as
far as it goes: an archive says before each part what follows, so parts are found without its end.
"""

from __future__ import annotations

import io
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from posixpath import join, normpath
from typing import Any
from xml.etree.ElementTree import Element

from detente.case.formats import cells
from detente.case.formats.cells import Cell
from detente.case.formats.draft import UNKNOWN
from detente.case.formats.elements import read_elements, text_of
from detente.case.formats.sheet import MAX_CELL, Row, Sheet, check_size, refusal, trimmed
from detente.case.validation import shown
from detente.errors import FormatError, Problem
from detente.quantity.quantity import number_text

MAX_ENTRIES = 500
MAX_UNPACKED = 50_000_000
MAX_RATIO = 200
RATIO_FROM = 1_000_000  # small entries may be as regular as they like
MAX_SHEETS = 50
MAX_CELLS = 120_000
MAX_FRAME = 4_000_000  # what says how the workbook is built and looks
LAST_ROW = 1_048_576
MAX_MERGED = 10_000
MOST_TORN = 100  # parts of a damaged archive
MOST_UNPACKED = 2_000_000  # of it
PIECE = 32  # bytes; the piece with the damage gives nothing
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_HEAD = struct.Struct("<8xH8xI4xHH")  # before each part: how it is packed, its size, lengths of name and rest
_FRAME = (".rels", "[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml")
_SHEET = re.compile(r"xl/worksheets/(sheet\d{1,3})\.xml")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,11})")
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})")
_DECLARATIONS = [
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
]


def read_workbook(content: bytes, file: str, damage: list[Problem] | None = None) -> list[Sheet]:
    """Return the sheets of a workbook in their order; of a damaged one, where ``damage`` takes it, what is left.

    Raises:
        FormatError: not a workbook, damaged, too large, or with what no workbook holds.
    """
    told: list[Problem] = [] if damage is None else damage
    try:
        parts = _parts(content, file)
    except FormatError:
        raise
    except Exception:  # zipfile, zlib and struct each have their own
        parts = dict(_torn(content))
        hint = "a spreadsheet program may mend it: open it there, and save it again as .xlsx"
        hint += "; of what is read in part compare each number" if parts else ""
        told.append(Problem("not a workbook, or damaged", file=file, hint=hint))
    sheets = list(_Book(parts, file, told).sheets()) if parts else []
    if told and damage is None:
        raise FormatError(told)
    return sheets


def _too_many_cells(file: str) -> FormatError:
    message = f"holds more than {MAX_CELLS:,} cells, blank ones among them"
    return refusal(message, file, "delete empty rows and columns, and sheets that are not needed")


# --- the archive ---------------------------------------------------------------------------------


def _parts(content: bytes, file: str) -> dict[str, bytes]:
    """Return the parts of an archive, if it is what a workbook should be; nothing in it is parsed yet."""
    if content.startswith(OLD_OFFICE):
        raise refusal("an old .xls or a workbook with a password", file, "save it as .xlsx without one")
    parts, cells_ = dict[str, bytes](), 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _guard_sizes(archive.infolist(), file)
        for entry in archive.infolist():
            parts[entry.filename] = part = archive.read(entry)
            if any(word in part for word in _DECLARATIONS):
                raise refusal(f"{entry.filename[:60]!r} declares a document type or entity", file)
            if entry.filename.startswith("xl/worksheets/"):
                cells_ += part.count(b"<c ")
                if cells_ > MAX_CELLS:
                    raise _too_many_cells(file)
    if "[Content_Types].xml" not in parts:
        if b"mimetypeapplication/vnd.oasis.opendocument" in content[:200]:
            raise refusal("an OpenDocument file, which is not read", file, "save it as .xlsx or CSV")
        raise refusal("a ZIP archive, but not a workbook", file, "unpack it and name a file in it")
    return parts


def _guard_sizes(archived: list[zipfile.ZipInfo], file: str) -> None:
    if len(archived) > MAX_ENTRIES:
        raise refusal(f"holds more than {MAX_ENTRIES} parts", file)
    if sum(entry.file_size for entry in archived) > MAX_UNPACKED:
        raise refusal(f"unpacks to more than {MAX_UNPACKED / 1e6:g} MB", file, "delete what is not needed")
    for entry in archived:
        if entry.file_size > MAX_FRAME and entry.filename.endswith(_FRAME):
            raise refusal(f"{entry.filename[:60]!r} unpacks to more than {MAX_FRAME / 1e6:g} MB", file)
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise refusal(f"{entry.filename[:60]!r} unpacks to over {MAX_RATIO} times its size", file)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
            raise refusal(f"{entry.filename[:60]!r} is encrypted or packed in an unusual way", file)


def _torn(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a damaged archive, each as far as it can be unpacked."""
    starts = [found.start() for found in islice(re.finditer(b"PK\x03\x04", content), MOST_TORN)]
    left = MOST_UNPACKED
    for at, after in zip(starts, [*starts[1:], len(content)], strict=False):
        if at + _HEAD.size > len(content):
            return
        method, size, named, rest = _HEAD.unpack_from(content, at)
        named += at + _HEAD.size
        packed, found = content[named + rest : after], bytearray()
        if method == zipfile.ZIP_STORED:
            found += packed[: min(size, left)]
        elif method == zipfile.ZIP_DEFLATED:
            unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
            with suppress(zlib.error):
                for piece in range(0, len(packed), PIECE):
                    if unpacking.eof or len(found) >= left:
                        break
                    found += unpacking.decompress(packed[piece : piece + PIECE], left - len(found))
        left -= len(found)
        yield content[at + _HEAD.size : named].decode("utf-8", "replace"), bytes(found)


# --- the book ------------------------------------------------------------------------------------


class _NoValue(Exception):  # noqa: N818 - what is read instead, a message, and a hint or None
    pass


class _Book:
    """A workbook in its parts, and what of them is damaged."""

    def __init__(self, parts: Mapping[str, bytes], file: str, damage: list[Problem]) -> None:
        self.parts, self.file, self.damage, self.cells = parts, file, damage, 0
        self.book = self._root("xl/workbook.xml", needed=True)
        self.texts = [_spoken(one) for one in self._root("xl/sharedStrings.xml")]
        self.lost = bool(damage)  # texts, which is told
        self.kinds = dict(_kinds(self._root("xl/styles.xml")))

    def _root(self, name: str, *, needed: bool = False) -> Element:
        """Return the root element of a part with what is before its damage, an empty one if there is none."""
        root, broken = Element(""), list[Problem]()
        with suppress(FormatError):  # told below
            root = read_elements(self.parts[name], self.file, broken) if name in self.parts else root
        lacks = needed and not self.damage  # of a torn archive that is told already
        if broken or (not root.tag and (name in self.parts or lacks)):
            message = f"the workbook cannot be read: {name!r} is not as spreadsheet programs write it"
            self.damage.append(Problem(message, file=self.file, hint="open it in one and save it again"))
        return root

    def sheets(self) -> Iterator[Sheet]:
        related = {one.get("Id"): one for one in self._root("xl/_rels/workbook.xml.rels")}
        sheets = self.book.iterfind("sheets/sheet")
        listed = [(one.get("name", ""), related.get(one.get("id")), one.get("state")) for one in sheets]
        names = {
            normpath(join("/xl", to.get("Target", "")))[1:]: name
            for name, to, _ in listed
            if to is not None and to.get("Type", "").endswith("/worksheet")
        }
        if self.damage or not names.keys() <= self.parts.keys():  # what says which is which may be lost
            found = [_SHEET.fullmatch(name) for name in self.parts]
            names = {one[0]: one[1] for one in found if one} | names
        hidden = {name for name, _, state in listed if state in ("hidden", "veryHidden")}
        if len(names) > MAX_SHEETS:
            raise refusal(f"holds more than {MAX_SHEETS} sheets", self.file)
        for name, title in names.items():
            known = len(self.damage)
            sheet = self._sheet(self._root(name, needed=True), title)
            if len(self.damage) > known and sheet.rows:
                self.damage.append(sheet.problem("is damaged after this row", sheet.rows[-1].number))
            yield replace(sheet, hidden=title in hidden)

    def _sheet(self, root: Element, title: str) -> Sheet:
        read, rows, number = Sheet(self.file, (), title), dict[int, Row](), 0
        problems, stored, unseen = list[Problem](), dict[tuple[int, int | None], str](), list[int]()
        for element in root.iterfind("sheetData/row"):
            stated = element.get("r", "")
            number = int(stated) if re.fullmatch("[0-9]{1,12}", stated) else number + 1
            said, column = dict[int, str](), 0
            for cell in element.iterfind("c"):
                number, column = _where(cell.get("r", ""), number, column + 1)
                try:
                    said[column], shows = self._read(cell)
                    if shows:
                        stored[number, column - 1] = shows
                except _NoValue as error:
                    said[column], message, hint = error.args
                    problems.append(read.problem(message, number, column, hint))
            self.cells += (width := max(said, default=0))
            if number > LAST_ROW or self.cells > MAX_CELLS:
                raise _too_many_cells(self.file)
            row = Row(number, trimmed(said.get(column, "") for column in range(1, width + 1)))
            if row.cells:
                unseen += [number] if element.get("hidden") in ("1", "true") else []
                rows[number] = row
                check_size(row, len(rows), self.file)
        if unseen:
            told = f"hidden rows were read like others: {len(unseen)}"
            problems.append(read.problem(told, unseen[0], severity="warning"))
        for n in _hidden_columns(root, rows.values()):  # told of those that are read
            problems.append(read.problem("a hidden column was read like others", None, n, severity="warning"))
        return _filled(
            replace(read, rows=tuple(rows.values()), problems=tuple(problems), stored=stored), root
        )

    def _read(self, cell: Element) -> tuple[str, str]:
        """Return what a cell says and, of a number, how it shows it; ``_NoValue`` tells why it says nothing."""
        kind, value = cell.get("t", "n"), text_of(cell, "v")
        if kind == "e":
            raise _NoValue(UNKNOWN, f"holds the error {value}", None)  # not blank, which would be told again
        if cell.find("f") is not None and not value and kind != "str":
            hint = "open the workbook in a spreadsheet program and save it, or write the number"
            raise _NoValue(UNKNOWN, "a formula without its value", hint)
        try:
            said = cells.content(self._value(cell, kind, value))
        except (ValueError, IndexError, OverflowError) as error:
            if kind == "s" and self.lost:
                return "", ""
            raise _NoValue("", f"holds what cannot be read: {shown(value)}", None) from error
        if self.kinds.get(cell.get("s", "")) == "per cent" and kind == "n" and value:  # 0.07 shows as 7%
            return said, f"{number_text(float(Decimal(said) * 100))}%"
        return said, said if kind == "n" else ""

    def _value(self, cell: Element, kind: str, value: str) -> str:
        """Return a value as an analyst would write it."""
        if kind == "inlineStr":
            inline = cell.find("is")
            return "" if inline is None else _spoken(inline)
        if kind in ("str", "d") or not value:
            return value
        if kind == "s":
            if (number := int(value)) < 0:  # else one counts from the end
                raise IndexError(number)
            return self.texts[number]
        if kind == "b":
            return "TRUE" if float(value) else "FALSE"
        return self._dated(float(value), cell.get("s", ""))

    def _dated(self, value: float, style: str) -> str:
        if not math.isfinite(value):
            raise ValueError(value)
        kind = self.kinds.get(style)
        if kind not in ("date", "span"):
            return number_text(value)
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

        mac = any(one.get("date1904") in ("1", "true") for one in self.book.iterfind("workbookPr"))
        epoch = CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900
        found = from_excel(value, epoch, timedelta=kind == "span")
        if isinstance(found, datetime) and found.time() == time():
            return found.date().isoformat()
        return found.isoformat() if isinstance(found, (date, time)) else str(found)


def _kinds(root: Element) -> Iterator[tuple[str, str]]:
    """Yield styles that show numbers otherwise: as a ``date``, as a ``span`` of time, in ``per cent``."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    formats = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    formats |= {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iter("numFmt")}
    for number, one in enumerate(root.iterfind("cellXfs/xf")):
        code = formats.get(one.get("numFmtId", ""), "")
        if "%" in re.sub(r'"[^"]*"|\\.', "", code):  # else it stands there as a text
            yield str(number), "per cent"
        elif is_date_format(code):
            yield str(number), "span" if is_timedelta_format(code) else "date"


def _hidden_columns(root: Element, rows: Iterable[Row]) -> list[int]:
    """Return the columns, from 1, that a sheet hides and that hold something."""
    hidden = (one for one in root.iterfind("cols/col") if one.get("hidden") in ("1", "true"))
    ends = (re.fullmatch(r"(\d{1,5})-(\d{1,5})", f"{one.get('min')}-{one.get('max')}") for one in hidden)
    spans = [range(int(one[1]), int(one[2]) + 1) for one in islice(filter(None, ends), MAX_MERGED)]
    filled = {n for row in rows if spans for n, text in enumerate(row.cells, start=1) if text}
    return sorted(n for n in filled if any(n in span for span in spans))


def _where(place: str, row: int, column: int) -> tuple[int, int]:
    """Return row and column of a cell: those that it states, or those that follow."""
    from openpyxl.utils.cell import column_index_from_string

    found = _PLACE.fullmatch(place)
    return (int(found[2]), column_index_from_string(found[1])) if found else (row, column)


def _spoken(element: Element) -> str:
    """Return a text with all its runs, readings aside."""
    return "".join(one.text or "" if one.tag == "t" else _spoken(one) for one in element if one.tag != "rPh")


def _filled(sheet: Sheet, root: Element) -> Sheet:
    """Return a sheet in which every row of merged cells has what stands in the first of them."""
    from openpyxl.utils.cell import column_index_from_string

    rows = {row.number: row for row in sheet.rows}
    told, stored, last, left = list[int](), dict(sheet.stored), max(rows, default=0), LAST_ROW
    areas = (_AREA.fullmatch(area.get("ref", "")) for area in root.iterfind("mergeCells/mergeCell"))
    for area in islice(filter(None, areas), MAX_MERGED):
        column, top, bottom = column_index_from_string(area[1]), int(area[2]), min(int(area[3]), last)
        left -= max(0, bottom - top)  # areas that lie over each other would take long
        text = rows[top].cell(column - 1) if top in rows and left > 0 else ""
        for number in range(top + 1, bottom + 1) if text else ():
            if number in rows and not rows[number].cell(column - 1):
                cells_ = list(rows[number].cells) + [""] * (column - len(rows[number].cells))
                cells_[column - 1] = text
                if (top, column - 1) in stored:
                    stored[number, column - 1] = stored[top, column - 1]
                rows[number] = replace(rows[number], cells=tuple(cells_))
                told.append(column)
    warnings = [
        sheet.problem(f"merged cells were filled down ({told.count(n)} cells)", None, n, severity="warning")
        for n in sorted(set(told))
    ]
    problems = (*sheet.problems, *warnings)
    return replace(sheet, rows=tuple(rows.values()), problems=problems, stored=stored)


# --- out -----------------------------------------------------------------------------------------


def written_workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    file: str,
    wide: str = "",
    unheaded: Iterable[str] = (),
    frozen: str = "A2",
) -> bytes:
    """Return a workbook of sheets by their names; no cell is a formula.

    Args:
        sheets: rows of cells.
        file: its name, for messages.
        wide: the sheet whose first column is for sentences.
        unheaded: those whose first row is no heading.
        frozen: the first cell that moves, on the others.

    Raises:
        FormatError: a text is longer than a cell may be.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                _write(sheet, number, column, cells.written(value), file)
        if name not in unheaded:
            sheet.freeze_panes = frozen
        sheet.column_dimensions["A"].width = 100 if name == wide else 24
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _write(sheet: Any, row: int, column: int, value: str | int | float, file: str) -> None:
    if value == "":
        return
    if isinstance(value, str) and len(value) > MAX_CELL:
        message = f"a text is longer than the {MAX_CELL} characters of a cell"
        raise refusal(message, file, None, row)
    cell = sheet.cell(row, column)
    cell.value = value if isinstance(value, str) else number_text(value)  # else rounded to 16 digits
    cell.data_type = "s" if isinstance(value, str) else "n"  # never a formula
