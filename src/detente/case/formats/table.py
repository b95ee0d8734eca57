"""What stands in the columns of a table? Texts, numbers with doubt and red lines, with what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
_Spot = tuple[int, str]  # number of a row in the table, name of a column
_Cell = tuple[int, int | None]  # number of a row on the sheet, index of a column


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
        used = {index + 1 for index in self.columns.values()}
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
        return self.header.cell(self.index(name, row) or 0)[:MAX_HEADING]

    def place(self, row: Row, name: str | int | None) -> Place:
        """Return where a cell stands; with the names of sheet and, of a column that is known, of the column."""
        if not isinstance(name, str):
            return self.sheet.place(row.number, name)
        index = self.index(name, row)
        called = f"{self.word} {self.heading(name, row)!r}" if index is not None else ""
        return self.sheet.place(row.number, index, called)

    def refuse(
        self,
        row: Row,
        name: str | int | None,
        message: str,
        hint: str | None = None,
        value: str | None = None,
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
        try:
            return parse(numerals.with_point(text, self.sheet.separator == ";"))
        except QuantityError:
            return None

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
        spots: dict[_Spot, str] = {
            (number, name): text
            for name in NUMBERS
            for number, row in enumerate(self.rows)
            if (text := self.text(row, name)) and not cells.is_blank(text) and name not in row.said
        }
        places = {spot: self._at(self.rows[spot[0]], spot[1]) for spot in spots}
        stored = {spot: told for spot, at in places.items() if (told := self.sheet.stored.get(at))}
        typed = (text for spot, text in spots.items() if spot not in stored)
        mark = numerals.decimal_mark(typed, choices.decimal_mark, comma=self.sheet.separator != ",")
        spots |= stored
        spots |= numerals.shares_shown(
            {spot: text for spot, text in spots.items() if spot[1] == "salience"}, stored
        )
        plain, known = dict(spots), dict[tuple[str, str | None], str]()
        for name in NUMBERS:
            column = {spot: text for spot, text in spots.items() if spot[1] == name}
            before = len(self.told.problems)
            turned = {self.heading(name, self.rows[number]): number for number, _ in reversed(column)}
            for number in (
                at for heading, at in turned.items() if _TURNED.search(heading) and name in WEIGHTS
            ):
                how = "turn the numbers round, so that more is more"
                self.refuse(self.rows[number], name, "the lowest number means the most", how)
            with self._refusing(choices):
                numerals.check_column(column, name)
            mixed = len(self.told.problems) > before
            for spot, text in column.items():
                plain[spot] = UNKNOWN
                with self._refusing(choices, quietly=mixed):
                    way = "." if spot in stored else mark
                    if (text, way) not in known:
                        known[text, way] = numerals.plainly(spot, text, way)
                    plain[spot] = known[text, way]
        self.refused |= {places[spot] for spot, text in plain.items() if text == UNKNOWN != spots[spot]}
        self.divisor, self.sheet = None, replace(self.sheet, separator=",")
        with self._refusing(choices):
            self._settle_salience(spots, plain, choices)
        changed = (spot for spot, text in plain.items() if text not in (spots[spot], UNKNOWN))
        grouped = next((spot for spot in changed if _WITH_GROUPS.search(spots[spot])), None)
        if grouped and not self.told.errors:
            hint = "numbers like it were read in the same way"
            self.warn(f"{spots[grouped]!r} was read as {plain[grouped]}", hint)
        rows = [list(row.cells) for row in self.rows]
        for (number, name), text in plain.items():
            rows[number][self.index(name, self.rows[number]) or 0] = text
        self.rows = tuple(replace(row, cells=tuple(said)) for row, said in zip(self.rows, rows, strict=True))

    @contextmanager
    def _refusing(self, choices: numerals.Choices, *, quietly: bool = False) -> Iterator[None]:
        try:
            yield
        except numerals.Ambiguous as error:
            offered = f", or choose with: detente import {error.option}"
            hint = error.hint + offered * bool(error.option and choices.offered)
            for number, name in () if quietly else error.keys:
                row = self.rows[number]
                self.refuse(row, name, str(error), hint, self.text(row, name))

    def _at(self, row: Row, name: str) -> _Cell:
        return row.number, self.index(name, row)

    def _settle_salience(
        self, spots: Mapping[_Spot, str], plain: Mapping[_Spot, str], choices: numerals.Choices
    ) -> None:
        read = {spot: self.number_in(text) for spot, text in plain.items() if spot[1] == "salience"}
        values = {spot: cells.stated(value) for spot, value in read.items() if value is not None}
        named = next(iter(values), None)
        heading = "" if named is None else self.heading("salience", self.rows[named[0]])
        told = choices.salience_scale or cells.ends_in(heading)
        marked = {spot for spot in values if "%" in spots[spot]}
        headed = _PER_CENT.search(heading) is not None

        def where(spot: _Spot) -> str:
            return f"{spots[spot]!r} in row {self.rows[spot[0]].number}"

        self.divisor = numerals.divisor(values, told, marked, headed=headed, where=where)
        if self.divisor != 1 and named is not None:
            way = "per cent" if self.divisor == 100 else f"marks up to {number_text(self.divisor)}"
            said = f"{self.word} {heading!r} was taken as {way}: divided by {number_text(self.divisor)}"
            self.warn(said, name="salience")
