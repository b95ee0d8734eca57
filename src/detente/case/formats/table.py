"""What stands in the columns of a table? Texts, numbers with doubt and red lines, with what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Any

from detente.case.acceptance import Acceptance
from detente.case.formats import cells, numerals
from detente.case.formats.draft import UNKNOWN, Draft
from detente.case.formats.sheet import MAX_HEADING, Row, Sheet
from detente.case.reading import Place
from detente.errors import QuantityError
from detente.quantity import Quantity, parse
from detente.quantity.quantity import number_text

NUMBERS = ("position", "salience", "influence", "accepts", "scale_low", "scale_high", "no_deal")
WEIGHTS = ("salience", "influence")
_PER_CENT = re.compile("%|per ?cent|pct|prozent|pourcent|por ?cent|porcien|procent|процент", re.IGNORECASE)
_TURNED = re.compile(r"(?<![\d.])1 ?= ?(most|high|best|top|strong)|[2-9] ?= ?(least|low|weak)", re.IGNORECASE)
_WITH_GROUPS = re.compile(r"\d[.,’' \u00a0\u202f]\d{3}(?!\d)")
_Cell = tuple[int, int | None]  # number of a row on the sheet, index of a column
_Column = str | int | None  # canonical heading, or index


@lru_cache(10_000)  # names are asked too, in every row
def _number_in(text: str, comma: bool) -> Quantity | None:
    try:
        return parse(numerals.with_point(text, comma))
    except QuantityError:
        return None


@dataclass
class Table:
    """A sheet whose columns are known.

    Attributes:
        sheet: where it stands.
        header: its first row.
        columns: canonical heading → index of the column, from 0.
        rows: the rows below the header.
        told: where problems are noted, by `refuse` and `warn` only.
        divisor: by what saliences are divided to become shares; ``None`` where that was refused.
        refused: rows and columns of the numbers that were refused, so that each is told once.
        word: what a column is called in messages.
    """

    sheet: Sheet
    header: Row
    columns: dict[str, int]
    rows: tuple[Row, ...]
    told: Draft = field(default_factory=Draft)
    divisor: float | None = 1.0
    refused: set[_Cell] = field(default_factory=set)
    word: str = "column"

    def __post_init__(self) -> None:
        used = {at + 1 for of in (self.columns, *(row.at for row in self.rows)) for at in of.values()}
        self.told.problems += [one for one in self.sheet.problems if one.column in (None, *used)]

    def text(self, row: Row, name: str) -> str:
        """Return the cell of a row in a named column, ``""`` where there is none."""
        if name in row.said:
            return row.said[name]
        index = self.index(name, row)
        return "" if index is None else row.cell(index)

    def index(self, name: str, row: Row | None = None) -> int | None:
        """Return the index of a column from 0, ``None`` where there is none."""
        return row.at.get(name, self.columns.get(name)) if row is not None else self.columns.get(name)

    def heading(self, name: str, row: Row | None = None) -> str:
        """Return a heading as the file has it."""
        return self._heading((0, self.index(name, row)))

    def _heading(self, at: _Cell) -> str:
        return self.header.cell(at[1] or 0)[:MAX_HEADING]

    def place(self, row: Row, name: _Column) -> Place:
        """Return where a cell stands; with the names of sheet and, of a column that is known, of the column."""
        if isinstance(name, str):
            return self._place(self._at(row, name))
        return self.sheet.place(row.number, name)

    def _place(self, at: _Cell) -> Place:
        called = f"{self.word} {self._heading(at)!r}" if at[1] is not None else ""
        return self.sheet.place(*at, called)

    def _at(self, row: Row, name: str) -> _Cell:
        return row.number, self.index(name, row)

    def refuse(
        self, row: Row, name: _Column, message: str, hint: str | None = None, value: str | None = None
    ) -> None:
        """Note an error in a cell: in a column, at an index, or in the row."""
        self.told.refuse(self.place(row, name), message, hint, value)

    def warn(
        self, message: str, hint: str | None = None, name: str | None = None, row: int | None = None
    ) -> None:
        """Note a warning about the table or one of its columns."""
        self.told.warn(message, hint, self.sheet.place(row, self.index(name) if name else None))

    def quantity(self, row: Row, name: str) -> Quantity | str | None:
        """Return the number in a cell, the text of one that is not readable, ``None`` where it is blank."""
        text = self.text(row, name)
        return None if cells.is_blank(text) else self.number_in(text) or text

    def number_in(self, text: str) -> Quantity | None:
        """Return the number that a text says, if it says one."""
        return _number_in(text, self.sheet.separator == ";")

    def number(self, row: Row, name: str) -> float | None:
        """Return a number without doubt of a cell; ``None`` where it is blank or, with an error, none."""
        value = self.quantity(row, name)
        if isinstance(value, Quantity) and value.is_exact:
            return value.mean
        if value is not None and self._at(row, name) not in self.refused:
            self.refuse(row, name, "must be a number without doubt", value=self.text(row, name))
        return None

    def acceptance(self, row: Row) -> Acceptance | str | None:
        """Return the red line of a row, the text of one that is not readable, ``None`` where it is blank."""
        text = self.text(row, "accepts")
        if cells.is_blank(text) or self._at(row, "accepts") in self.refused:
            return None
        try:
            return Acceptance.parse(text)
        except QuantityError:
            return text

    def agreed(
        self, rows: Iterable[tuple[str, Row]], column: str, read: Callable[[Row], Any] | None = None
    ) -> dict[str, tuple[Row, Any]]:
        """Return what a column says of each actor or issue (``read``: how), with the first row that says it.

        Rows may leave the cell blank; a row that says something else than an earlier one is an error.
        """
        found: dict[str, tuple[Row, Any]] = {}
        for key, row in rows if column in self.columns else ():
            value = self.text(row, column) if read is None else read(row)
            if value is None or value == "":
                continue
            first, known = found.setdefault(key, (row, value))
            if str(known) != str(value):
                message = f"says otherwise than row {first.number} ({self.text(first, column)!r})"
                hint = "write the same in both, or leave one blank"
                self.refuse(row, column, message, hint, self.text(row, column))
        return found

    # --- how numbers are meant -------------------------------------------------------------------

    def settle(self, choices: numerals.Choices) -> None:
        """Write the numbers of all columns plainly and find the unit of saliences, or refuse what is ambiguous."""
        held = {"salience", *self.columns, *(name for row in self.rows for name in row.at)}
        columns: dict[str, dict[_Cell, str]] = {name: {} for name in NUMBERS if name in held}
        for name, row in product(columns, self.rows):
            text = "" if name in row.said else self.text(row, name)
            if text and not cells.is_blank(text):
                columns[name][self._at(row, name)] = text
        said = {at: text for column in columns.values() for at, text in column.items()}
        stored = {at: self.sheet.stored[at] for at in said if at in self.sheet.stored}
        typed = (text for at, text in said.items() if at not in stored)
        mark = numerals.decimal_mark(typed, choices.decimal_mark, comma=self.sheet.separator != ",")
        told = said | stored
        told |= numerals.shares_shown({at: told[at] for at in columns["salience"]}, stored)
        plain, known = dict(told), dict[tuple[str, str | None], str]()
        for name, column in columns.items():
            before = len(self.told.problems)
            for heading, at in {self._heading(at): at for at in reversed(column)}.items():
                if name in WEIGHTS and _TURNED.search(heading):
                    how = "turn the numbers round, so that more is more"
                    self.told.refuse(self._place(at), "the lowest number means the most", how)
            with self._refusing(said):
                numerals.check_column({at: told[at] for at in column}, name)
            mixed = len(self.told.problems) > before
            for at in column:
                way, plain[at] = "." if at in stored else mark, UNKNOWN
                with self._refusing({} if mixed else said):
                    if (told[at], way) not in known:
                        known[told[at], way] = numerals.plainly(at, told[at], way)
                    plain[at] = known[told[at], way]
        self.refused |= {at for at, text in plain.items() if text == UNKNOWN != told[at]}
        self.divisor, self.sheet = None, replace(self.sheet, separator=",")
        with self._refusing(said):
            self._settle_salience({at: told[at] for at in columns["salience"]}, plain, choices)
        changed = (at for at, text in plain.items() if text not in (told[at], UNKNOWN))
        grouped = next((at for at in changed if _WITH_GROUPS.search(told[at])), None)
        if grouped and not self.told.errors:
            hint = "numbers like it were read in the same way"
            self.warn(f"{told[grouped]!r} was read as {plain[grouped]}", hint)
        self.rows = tuple(
            replace(row, cells=tuple(plain.get((row.number, n), text) for n, text in enumerate(row.cells)))
            for row in self.rows
        )

    @contextmanager
    def _refusing(self, said: Mapping[_Cell, str]) -> Iterator[None]:
        """Refuse cells that can be read in several ways, with what each of them says."""
        try:
            yield
        except numerals.Ambiguous as error:
            choice = f", or choose with: detente import {error.option}" if error.option else ""
            for at in (one for one in error.keys if one in said):
                self.told.refuse(self._place(at), str(error), error.hint + choice, said[at])

    def _settle_salience(
        self, told: Mapping[_Cell, str], plain: Mapping[_Cell, str], choices: numerals.Choices
    ) -> None:
        read = {at: self.number_in(plain[at]) for at in told}
        values = {at: cells.stated(value) for at, value in read.items() if value is not None}
        heading = next(map(self._heading, values), "")
        scale = choices.salience_scale or cells.ends_in(heading)
        marked = {at for at in values if "%" in told[at]}
        headed = _PER_CENT.search(heading) is not None

        def where(at: _Cell) -> str:
            return f"{told[at]!r} in row {at[0]}"

        self.divisor = numerals.divisor(values, scale, marked, headed=headed, where=where)
        if self.divisor != 1 and values:
            way = "per cent" if self.divisor == 100 else f"marks up to {number_text(self.divisor)}"
            said = f"{self.word} {heading!r} was taken as {way}: divided by {number_text(self.divisor)}"
            self.warn(said, name="salience")
