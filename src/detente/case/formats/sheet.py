"""What stands in the cells? Rows of texts with their numbers, from a separated file or a workbook.

Row numbers are those that a spreadsheet program shows: blank rows count, a cell with several lines is in one
row. Which separator a file uses is found from its first line; blanks around cells do not matter.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from detente.case.formats.cells import Cell, content, written
from detente.case.reading import Place
from detente.errors import FormatError, Problem, Severity

MAX_ROWS = 60_000
MAX_COLUMNS = 256
MAX_CELL = 32_767
MAX_HEADING = 200
SEPARATORS = (",", ";", "\t", "|")
_RULE = re.compile(r"(:?-+:?)?")  # as Markdown has it between its headings and rows; or blank
_END = "\0"  # stands in no text that was decoded
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, blank ones at its end left out, and its 1-based number.

    Attributes:
        at: canonical heading → index of its cell, where this differs from row to row (wide tables).
        said: canonical heading → what the headings of the row's cells say.
    """

    number: int
    cells: tuple[str, ...]
    at: Mapping[str, int] = field(default_factory=dict, compare=False)
    said: Mapping[str, str] = field(default_factory=dict, compare=False)

    def cell(self, index: int) -> str:
        """Return a cell, ``""`` beyond the last."""
        return self.cells[index] if index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was read.

    Attributes:
        file: name of the file, as it is told.
        rows: all rows that are not blank.
        name: name of the sheet in its workbook, or ``None``.
        separator: what stands between cells; ``None`` in a workbook.
        problems: cells that cannot be used.
        places: (row, column from 0) → where it stands, in a file that has no rows and columns.
        hidden: whether the workbook hides it.
        stored: (row, column from 0) → number that a workbook holds as such, with a sign of per cent where it
            shows one.
    """

    file: str
    rows: tuple[Row, ...]
    name: str | None = None
    separator: str | None = None
    problems: tuple[Problem, ...] = ()
    places: Mapping[tuple[int, int], Place] = field(default_factory=dict)
    hidden: bool = False
    stored: Mapping[tuple[int, int | None], str] = field(default_factory=dict)

    def place(self, row: int | None, column: int | None = None, called: str = "") -> Place:
        """Return where a cell stands (its column from 0), with what it is called in messages."""
        named = ", ".join(filter(None, ("" if self.name is None else f"sheet {self.name!r}", called)))
        file = f"{self.file}\0{named}" if named else self.file
        if row is not None and column is not None and (row, column) in self.places:
            return replace(self.places[row, column], file=file)
        return Place(row, None if column is None else column + 1, file=file)  # type: ignore[arg-type]

    def problem(
        self,
        message: str,
        row: int | None = None,
        column: int | None = None,
        hint: str | None = None,
        severity: Severity = "error",
    ) -> Problem:
        """Return a problem at a place of this sheet, its row and column from 1."""
        message = f"sheet {self.name!r}: {message}" if self.name is not None else message
        return Problem(message, hint=hint, file=self.file, line=row, column=column, severity=severity)


def refusal(
    message: str, file: str, hint: str | None = None, row: int | None = None, column: int | None = None
) -> FormatError:
    """Return the error of a file that is refused for one reason."""
    return FormatError([Problem(message, "", None, hint, file, row, column)])


def decoded(content: bytes, file: str) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a byte order mark.

    Raises:
        FormatError: another encoding, or no text at all; with the place of the first wrong byte.
    """
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        message = f"byte 0x{content[error.start]:02x} is not {encoding.upper().removesuffix('-SIG')}"
        hint = "save the file as UTF-8 (in a spreadsheet program: 'CSV UTF-8')"
        raise refusal(message, file, hint, row, column) from error
    if "\0" in text:
        hint = "name a table, a case or a workbook, and save a text as UTF-8"
        raise refusal("not a text file, or in UTF-16 without a mark", file, hint)
    return text


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, which other separators of Unicode do not end."""
    return re.split(r"\r\n|\r|\n", text)


def read_separated(text: str, file: str, separator: str | None = None, quote: str = '"') -> Sheet:
    """Return the rows of a text whose cells are separated by ``, ; | `` or tabs, as the text shows if not told.

    Raises:
        FormatError: too many rows or columns, a cell too long, a quotation mark that is never closed.
    """
    told = re.match(r"sep=([,;\t|])\r?\n", text, re.IGNORECASE)  # a first line that some programs write
    body = text[told.end() :] if told else text
    separator = separator or (told[1] if told else sniffed(body, quote))
    rows = []
    for number, cells in enumerate(_records(body, file, separator, quote), start=2 if told else 1):
        row = Row(number, trimmed(content(cell) for cell in cells))
        if not all(map(_RULE.fullmatch, row.cells)):
            rows.append(row)
            check_size(row, len(rows), file)
    return Sheet(file, tuple(rows), separator=separator)


def sniffed(text: str, quote: str = '"') -> str:
    """Return the separator that stands most often in the first line, outside quotation marks."""
    first = next((line for line in lines_of(text) if line.strip()), "")
    outside = "".join(first.split(quote)[::2])
    return max(SEPARATORS, key=outside.count)


def _records(text: str, file: str, separator: str, quote: str) -> Iterator[list[str]]:
    lines = io.StringIO(f"{text}\n{_END}", newline="")
    reader = csv.reader(lines, delimiter=separator, quotechar=quote, skipinitialspace=separator != "\t")
    number = 0
    try:
        for record in reader:
            if record == [_END]:
                return
            number += 1
            yield record
    except csv.Error as error:
        raise refusal(f"cannot be read as a table: {error}", file, None, number + 1) from error
    message = f"a quotation mark ({quote}) in this row is never closed"
    raise refusal(message, file, "close it, or double it inside a cell", number)


def separated(rows: Iterable[Iterable[Cell]], **options: Any) -> str:
    """Return rows as a separated text, no cell of which runs as a formula; options as of `csv.writer`."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n", **options)
    writer.writerows([_unmistakable(written(cell)) for cell in row] for row in rows)
    return stream.getvalue()


def _unmistakable(cell: str | int | float) -> str | int | float | Decimal:
    said = repr(cell)
    return cell if isinstance(cell, str) or unmistakable(said) == said else Decimal(unmistakable(said))


def unmistakable(numbers: str) -> str:
    """Return a text with a zero after three decimals, which else may be thousands: 1.125 as 1.1250."""
    return re.sub(r"(?<!\d)(?<!\d[.,])([1-9]\d{0,2}\.\d{3})(?!\d)", r"\g<1>0", numbers)


def trimmed(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the cells of a row without the blank ones at its end."""
    listed = list(cells)
    while listed and not listed[-1]:
        listed.pop()
    return tuple(listed)


def check_size(row: Row, count: int, file: str) -> None:
    """Refuse what is too large for a table of stances.

    Raises:
        FormatError: it is.
    """
    if count > MAX_ROWS:
        raise refusal(f"more than {MAX_ROWS} rows", file, "split the table", row.number)
    if len(row.cells) > MAX_COLUMNS:
        message = f"more than {MAX_COLUMNS} columns"
        raise refusal(message, file, "split the table", row.number, MAX_COLUMNS + 1)
    for column, cell in enumerate(row.cells, start=1):
        if len(cell) > MAX_CELL:
            message = f"a cell of more than {MAX_CELL} characters"
            raise refusal(message, file, "is a quotation mark missing?", row.number, column)
