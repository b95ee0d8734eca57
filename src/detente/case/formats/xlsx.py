"""What stands in a workbook? The values of its sheets, after looking at the file before opening it.

An XLSX file is a ZIP archive of XML. It is refused before any of it is parsed when it would unpack to more
than it should, or declares document types or entities. Macros, links to other files and all that is not a
value are left aside; formulas count by the value that was saved with them.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from detente.case.formats import cells
from detente.case.formats.sheet import Row, Sheet, check_size, trimmed
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
_MERGED = re.compile(rb"mergeCell\b[^>]{0,200}?\bref=[\"']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})[\"']")
_FRAME = (".rels", "[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_DECLARATIONS = [
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
]


class Damaged(FormatError):  # noqa: N818 - never leaves this room
    """A workbook that cannot be opened, not one that may not be; some of its parts may still be read."""


def read_workbook(content: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook in their order.

    Raises:
        Damaged: not a workbook, or damaged; with the reason.
        FormatError: too large, or with what no workbook holds.
    """
    with_formulas = _guard(content, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about charts, validation and other parts that are left aside
            return list(_sheets(content, file, with_formulas))
    except FormatError:
        raise
    except Exception as error:  # the library lets many kinds out for a damaged file
        message = "the workbook cannot be read: a part of it is not as spreadsheet programs write it"
        raise Damaged([Problem(message, file=file, hint="open it in one and save it again")]) from error


def _refusal(message: str, file: str, hint: str | None = None) -> FormatError:
    return FormatError([Problem(message, file=file, hint=hint)])


def _too_many_cells(file: str) -> FormatError:
    message = f"holds more than {MAX_CELLS:,} cells, blank ones among them"
    return _refusal(message, file, "delete empty rows and columns, and sheets that are not needed")


def _guard(content: bytes, file: str) -> bool:
    """Refuse an archive that is not what a workbook should be, before anything in it is parsed.

    Returns whether any sheet may hold formulas.
    """
    if content.startswith(OLD_OFFICE):
        raise _refusal("an old .xls or a workbook with a password", file, "save it as .xlsx without one")
    with_formulas, cells_ = False, 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _guard_sizes(archive.infolist(), file)
            for entry in archive.infolist():
                part = archive.read(entry)
                if any(word in part for word in _DECLARATIONS):
                    raise _refusal(f"{entry.filename[:60]!r} declares a document type or entity", file)
                if entry.filename.startswith("xl/worksheets/"):
                    with_formulas |= b"<f" in part
                    cells_ += part.count(b"<c ")
                    if cells_ > MAX_CELLS:
                        raise _too_many_cells(file)
            names = set(archive.namelist())
    except FormatError:
        raise
    except Exception as error:  # zipfile, zlib and struct each have their own
        hint = "open it and save it again as .xlsx"
        raise Damaged([Problem("not a workbook, or damaged", file=file, hint=hint)]) from error
    if "[Content_Types].xml" not in names:
        if b"mimetypeapplication/vnd.oasis.opendocument" in content[:200]:
            raise _refusal("an OpenDocument file, which is not read", file, "save it as .xlsx or CSV")
        raise _refusal("a ZIP archive, but not a workbook", file, "unpack it and name a file in it")
    return with_formulas


def _guard_sizes(archived: list[zipfile.ZipInfo], file: str) -> None:
    if len(archived) > MAX_ENTRIES:
        raise _refusal(f"holds more than {MAX_ENTRIES} parts", file)
    if sum(entry.file_size for entry in archived) > MAX_UNPACKED:
        raise _refusal(f"unpacks to more than {MAX_UNPACKED / 1e6:g} MB", file, "delete what is not needed")
    for entry in archived:
        if entry.file_size > MAX_FRAME and entry.filename.endswith(_FRAME):
            raise _refusal(f"{entry.filename[:60]!r} unpacks to more than {MAX_FRAME / 1e6:g} MB", file)
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise _refusal(f"{entry.filename[:60]!r} unpacks to over {MAX_RATIO} times its size", file)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
            raise _refusal(f"{entry.filename[:60]!r} is encrypted or packed in an unusual way", file)


def _sheets(content: bytes, file: str, with_formulas: bool) -> Iterator[Sheet]:
    workbook = _open(content, values=True)
    budget = _Budget(file)
    try:
        if len(workbook.worksheets) > MAX_SHEETS:
            raise _refusal(f"holds more than {MAX_SHEETS} sheets", file)
        formulas = _open(content, values=False).worksheets if with_formulas else None
        for number, sheet in enumerate(workbook.worksheets):
            read = _filled(_sheet(sheet, file, budget), _merged(content, sheet))
            if formulas is not None:
                uncomputed = _uncomputed(read, sheet, formulas[number], budget)
                read = replace(read, problems=(*read.problems, *uncomputed))
            yield read
    finally:
        workbook.close()


def _open(content: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


@dataclass
class _Budget:
    """How many cells may still be read, so that no file takes long."""

    file: str
    cells: int = MAX_CELLS

    def spend(self, count: int, row: int) -> None:
        self.cells -= max(count, 1)
        if self.cells < 0 or row > LAST_ROW:
            message = f"holds more than {MAX_CELLS} cells, blank ones among them"
            raise FormatError([Problem(message, "", None, "delete empty rows and columns", self.file, row)])


def _sheet(sheet: Any, file: str, budget: _Budget) -> Sheet:
    rows: list[Row] = []
    read = Sheet(file, (), sheet.title)
    problems = []
    for number, values in _rows(sheet, budget):
        texts = ("" if cell.data_type == "e" else cells.content(_text(cell.value)) for cell in values)
        row = Row(number, trimmed(texts))
        if row.cells:
            rows.append(row)
            check_size(row, len(rows), file)
        problems += [
            read.problem(f"holds the error {cell.value}", number, column)
            for column, cell in enumerate(values, start=1)
            if cell.data_type == "e"
        ]
    return replace(read, rows=tuple(rows), problems=tuple(problems))


def _rows(sheet: Any, budget: _Budget) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # what the file claims may be wrong
    for number, row in enumerate(sheet.iter_rows(), start=1):
        budget.spend(len(row), number)
        yield number, row


def _merged(content: bytes, sheet: Any) -> list[tuple[int, int, int]]:
    """Return (column, first row, last row) of the cells merged over several rows, 1-based."""
    from openpyxl.utils.cell import column_index_from_string

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(sheet._worksheet_path.lstrip("/"))
    areas = (
        (area[1].decode("ascii"), int(area[2]), int(area[3]))
        for area in islice(_MERGED.finditer(part), MAX_MERGED)
    )
    return [(column_index_from_string(column), top, bottom) for column, top, bottom in areas if bottom > top]


def _filled(sheet: Sheet, merged: list[tuple[int, int, int]]) -> Sheet:
    """Return a sheet in which every row of merged cells has what stands in the first of them."""
    rows = {row.number: row for row in sheet.rows}
    told = []
    for column, top, bottom in merged:
        text = rows[top].cell(column - 1) if top in rows else ""
        for number in range(top + 1, min(bottom, max(rows, default=0)) + 1) if text else ():
            if number in rows and not rows[number].cell(column - 1):
                cells_ = list(rows[number].cells) + [""] * (column - len(rows[number].cells))
                cells_[column - 1] = text
                rows[number] = replace(rows[number], cells=tuple(cells_))
                told.append(column)
    problems = [
        replace(
            sheet.problem(f"merged cells were filled down ({told.count(column)} cells)", None, column),
            severity="warning",
        )
        for column in sorted(set(told))
    ]
    return replace(sheet, rows=tuple(rows.values()), problems=(*sheet.problems, *problems))


def _uncomputed(read: Sheet, sheet: Any, formulas: Any, budget: _Budget) -> Iterator[Problem]:
    """Yield the formulas that were saved without their value, which would otherwise look like blank cells."""
    computed = _rows(sheet, budget)
    stated = _rows(formulas, budget)
    for (number, values), (_, same) in zip(computed, stated, strict=True):
        for column, (value, cell) in enumerate(zip(values, same, strict=True), start=1):
            # a formula whose value is an empty text has the type of a text
            if cell.data_type == "f" and value.value is None and value.data_type != "str":
                hint = "open the workbook in a spreadsheet program and save it, or write the number"
                yield read.problem("a formula without its value", number, column, hint)


def _text(value: Any) -> str:
    """Return a value as an analyst would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)
