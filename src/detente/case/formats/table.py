"""Which column of a table is which? Headings in any order, in usual words, found in the first rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from detente.case.acceptance import Acceptance
from detente.case.formats import cells
from detente.case.formats.headings import (
    MAX_HEADING,
    NEEDED,
    SYNONYMS,
    canonical,
    listed,
    recognised,
    singular,
)
from detente.case.formats.numbers import (
    UNTOLD,
    Ambiguous,
    Choices,
    check_column,
    decimal_mark,
    divisor,
    plainly,
)
from detente.case.formats.sheet import Row, Sheet
from detente.case.formats.wide import melted
from detente.case.reading import Place
from detente.case.validation import shown
from detente.errors import Problem, QuantityError
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

NUMBERS = ("position", "salience", "influence", "accepts", "scale_low", "scale_high", "no_deal")
_ENDS = re.compile(r"\b(\d{1,2}) ?(?:-|–|\.\.|to) ?(\d{1,3})\b(?! *%)")
HEADINGS_WITHIN = 20
"""Rows in which headings are looked for; titles may stand above them."""


@dataclass
class Table:
    """A sheet whose columns are known.

    Attributes:
        sheet: where it stands.
        header: its first row.
        columns: canonical heading → index of the column, from 0.
        rows: the rows below the header.
        problems: what was found while reading; filled by the readers of the table.
        divisor: by what saliences are divided to become shares; ``None`` where that was refused.
    """

    sheet: Sheet
    header: Row
    columns: dict[str, int]
    rows: tuple[Row, ...]
    problems: list[Problem] = field(default_factory=list)
    divisor: float | None = 1.0
    _called: dict[int | None, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        used = {index + 1 for index in self.columns.values()}
        self.problems += [problem for problem in self.sheet.problems if problem.column in used]

    def text(self, row: Row, name: str) -> str:
        """Return the cell of a row in a named column, ``""`` where there is none."""
        if name in row.said:
            return row.said[name]
        index = self._index(name, row)
        return "" if index is None else row.cell(index)

    def _index(self, name: str, row: Row | None = None) -> int | None:
        return row.at.get(name, self.columns.get(name)) if row is not None else self.columns.get(name)

    def number_column(self, name: str, row: Row | None = None) -> int | None:
        """Return the 1-based column of a heading."""
        index = self._index(name, row)
        return None if index is None else index + 1

    def heading(self, name: str, row: Row | None = None) -> str:
        """Return a heading as the file has it."""
        return self.header.cell(self._index(name, row) or 0)[:MAX_HEADING]

    def place(self, row: Row, name: str) -> Place:
        """Return where a cell stands; with the names of sheet and column, which messages tell."""
        column = self.number_column(name, row)
        if column not in self._called:
            where = [f"sheet {self.sheet.name!r}"] if self.sheet.name is not None else []
            where += [f"column {self.heading(name, row)!r}"] if column else []
            self._called[column] = f"{self.sheet.file}\0{', '.join(where)}"
        return Place(row.number, column or 1, file=self._called[column])

    def refuse(
        self, row: Row, name: str, message: str, hint: str | None = None, value: str | None = None
    ) -> None:
        """Note an error in a cell, with the heading of its column."""
        column = self.number_column(name, row)
        told = f"column {self.heading(name, row)!r}: {message}" if column else message
        problem = self.sheet.problem(told, row.number, column, hint)
        self.problems.append(problem if value is None else replace(problem, value=shown(value)))

    def warn(
        self, message: str, hint: str | None = None, name: str | None = None, row: int | None = None
    ) -> None:
        """Note a warning about the table or one of its columns."""
        found = self.sheet.problem(message, row, self.number_column(name) if name else None, hint)
        self.problems.append(replace(found, severity="warning"))

    def quantity(self, row: Row, name: str) -> Quantity | str | None:
        """Return the number in a cell, the text of one that is not readable, ``None`` where it is blank."""
        text = self.text(row, name)
        if cells.is_blank(text):
            return None
        try:
            return cells.quantity(text, self.sheet.decimal_comma)
        except cells.AmbiguousNumber as error:
            self.refuse(row, name, str(error))
            return text
        except QuantityError:
            return text  # the case's own check tells

    def number(self, row: Row, name: str) -> float | None:
        """Return a number without doubt of a cell; ``None`` where it is blank or, with an error, none."""
        value = self.quantity(row, name)
        if isinstance(value, Quantity) and value.is_exact:
            return value.mean
        if value is not None:
            self.refuse(row, name, "must be a number without doubt", value=self.text(row, name))
        return None

    def acceptance(self, row: Row) -> Acceptance | str | None:
        """Return the red line of a row, the text of one that is not readable, ``None`` where it is blank."""
        text = cells.with_point(self.text(row, "accepts"), self.sheet.decimal_comma)
        try:
            return None if cells.is_blank(text) else Acceptance.parse(text)
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

    def settle(self, choices: Choices) -> None:
        """Write the numbers of all columns plainly and find the unit of saliences, or refuse what is ambiguous."""
        spots = {
            (number, name): text
            for number, row in enumerate(self.rows)
            for name in NUMBERS
            if (text := self.text(row, name)) and not cells.is_blank(text) and name not in row.said
        }
        mark = decimal_mark(spots.values(), choices.decimal_mark, comma=self.sheet.decimal_comma)
        plain: dict[tuple[int, str], str] = {}
        known: dict[str, str] = {}
        for name in NUMBERS:
            column = {spot: text for spot, text in spots.items() if spot[1] == name}
            with self._refusing():
                check_column(column)
            for spot, text in column.items():
                plain[spot] = text
                with self._refusing():
                    if text not in known:
                        known[text] = plainly(spot, text, mark)
                    plain[spot] = known[text]
        self.divisor = None
        with self._refusing():
            self._settle_salience(spots, plain, choices)
        changed = {spot: text for spot, text in plain.items() if text != spots[spot]}
        grouped = [
            spots[spot] for spot in changed if re.search(r"\d[.,’' \u00a0\u202f]\d{3}(?!\d)", spots[spot])
        ]
        if grouped and not self.errors:
            told = next(text for spot, text in changed.items() if spots[spot] == grouped[0])
            self.warn(f"{grouped[0]!r} was read as {told}", "numbers like it were read in the same way")
        self.rows = tuple(self._with(row, number, changed) for number, row in enumerate(self.rows))

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except Ambiguous as error:
            for number, name in error.keys:  # those of `spots`
                row = self.rows[number]
                self.refuse(row, name, str(error), error.hint, self.text(row, name))

    @property
    def errors(self) -> list[Problem]:
        """What keeps the table from being used."""
        return [problem for problem in self.problems if problem.severity == "error"]

    def _with(self, row: Row, number: int, changed: Mapping[tuple[int, str], str]) -> Row:
        listed = list(row.cells)
        for name in NUMBERS:
            if (number, name) in changed:
                listed[self._index(name, row) or 0] = changed[number, name]
        return replace(row, cells=tuple(listed))

    def _settle_salience(
        self, spots: Mapping[tuple[int, str], str], plain: Mapping[tuple[int, str], str], choices: Choices
    ) -> None:
        values: dict[tuple[int, str], list[float]] = {}
        for spot, text in plain.items():
            with suppress(QuantityError):  # told where the cell is read
                if spot[1] == "salience":
                    values[spot] = cells.stated(cells.quantity(text, self.sheet.decimal_comma))
        marked = {spot for spot in values if "%" in spots[spot]}
        named = next(iter(values), None)
        heading = "" if named is None else self.heading("salience", self.rows[named[0]])
        found = _ENDS.search(heading)  # as in "Importance (1-10)"; not "(5-1)", where 1 may be the most
        ends = (float(found[1]), float(found[2])) if found else (1.0, 0.0)
        told = choices.salience_scale or (ends if ends[0] < ends[1] else None)
        self.divisor = divisor(values, told, marked, headed="%" in heading)
        if self.divisor != 1 and named is not None:
            way = "per cent" if self.divisor == 100 else f"marks up to {number_text(self.divisor)}"
            said = f"column {heading!r} was taken as {way}: divided by {number_text(self.divisor)}"
            self.warn(said, name="salience")


def table_in(sheet: Sheet, needed: Iterable[str] = NEEDED, choices: Choices = UNTOLD) -> Table | None:
    """Return the table in a sheet, or ``None`` when none of its first rows has the columns that are needed."""
    for number, header in enumerate(sheet.rows[:HEADINGS_WITHIN]):
        columns, unused = recognised(header.cells)
        if set(needed) <= set(columns):
            table = Table(sheet, header, columns, sheet.rows[number + 1 :])
            _tell_headings(table, unused)
        else:
            wide = melted(header, sheet.rows[number + 1 :], columns)
            if wide is None or "salience" in needed:
                continue
            table = Table(sheet, header, *wide)
            table.warn("a wide table: its headings were read as actors or issues", row=header.number)
        if number:
            table.warn("the headings were found here; what stands above was not read", row=header.number)
        if set(NEEDED) <= set(table.columns):
            table.rows = _stances_of(table)
        _tell_beyond(table)
        table.settle(choices)
        return table
    return None


def _tell_headings(table: Table, unused: Sequence[str]) -> None:
    """Tell which columns were not read, those that would have fitted, and headings that stand twice."""
    header, words = table.header, singular(table.header.cells)
    for name, index in table.columns.items():
        again = [number for number, word in enumerate(words) if word == words[index]]
        if len(again) > 1:
            message = f"stands twice (columns {again[0] + 1} and {again[1] + 1})"
            table.refuse(header, name, message, "keep one")
        free = [n for n in range(len(words)) if n not in table.columns.values() and n not in again]
        for other in (n for n in free if words[n] in SYNONYMS[name]):
            taken, left = header.cell(index), header.cell(other)
            why = "rename one of them, if that is wrong"
            table.warn(
                f"{taken!r} was taken for the {name}, not {left!r}, which fits less closely", why, name
            )
    if unused:
        table.warn(f"not read: {listed(repr(heading) for heading in unused)}", row=header.number)


def _tell_beyond(table: Table) -> None:
    for row in dict.fromkeys(table.rows):
        if len(row.cells) > len(table.header.cells):
            place = len(table.header.cells) + 1
            problem = table.sheet.problem(
                "a cell beyond the last heading", row.number, place, "is a separator too many?"
            )
            table.problems.append(problem)


# --- rows that are none of the table ---------------------------------------------------------------

_SUMMARIES = re.compile(
    "totals?|sum|average|mean|gesamt|insgesamt|summe|durchschnitt|mittelwert|totaux|somme|ensemble|moyenne|totales|"
    "suma|promedio|media|итого|всего|сумма|среднее"
)
_MEANS = re.compile("average|mean|durchschnitt|mittelwert|moyenne|promedio|media|среднее")
_NEAR = 0.01  # totals and means are rounded


def _stances_of(table: Table) -> tuple[Row, ...]:
    """Return the rows that are stances, and warn of the others: totals, footnotes, a second table further down.

    A total or mean lacks a position, or has in some column the sum or the mean of the rows above. A footnote, or
    a title between rows, is one cell alone. Headings begin another table.
    """
    kept: list[Row] = []
    before = table.header.number
    for number, group in groupby(table.rows, key=lambda row: row.number):
        rows = list(group)  # several where a table is wide
        said = [cell for cell in rows[0].cells if cell]
        if _is_heading(table, rows, number > before + 1):
            _tell_second(table, number)
            break
        if len(said) == 1 and len(table.columns) > 1 and _bare(table, rows):
            table.warn(f"not read, as nothing else stands in the row: {shown(said[0])}", row=number)
        elif _SUMMARIES.fullmatch(canonical(table.text(rows[0], "actor"))) and _sums_up(table, rows, kept):
            table.warn(f"not read, as it sums up others: {shown(said[0])}", row=number)
        else:
            kept += rows
        before = number
    return tuple(kept)


def _tell_second(table: Table, start: int) -> None:
    """Refuse a second table of stances, and warn of another one: neither is read."""
    rest = [row for row in dict.fromkeys(table.rows) if row.number >= start]
    again = next((row for row in rest if set(NEEDED) <= set(recognised(row.cells)[0])), None)
    if again is not None:
        way = "put it on a sheet or in a file of its own, or both into one table with a column 'issue'"
        table.problems.append(table.sheet.problem("a second table begins here", again.number, None, way))
    else:
        said = "what stands from here on was not read: it is another table, with headings of its own"
        table.warn(said, row=start)


def _bare(table: Table, rows: Sequence[Row]) -> bool:
    return not any(table.text(row, name) for row in rows for name in NUMBERS)


def _is_heading(table: Table, rows: Sequence[Row], below_blank: bool) -> bool:
    words = [cell for cell in rows[0].cells if cell]
    found = recognised(words)[0]
    if any(_is_quantity(table, word) for word in words):
        return False
    return set(NEEDED) <= set(found) or bool(below_blank and len(words) > 1 and found)


def _is_quantity(table: Table, text: str) -> bool:
    try:
        return isinstance(cells.quantity(text, table.sheet.decimal_comma), Quantity)
    except QuantityError:
        return False


def _sums_up(table: Table, rows: Sequence[Row], above: Sequence[Row]) -> bool:
    """Tell whether a row that is called a total or a mean is one: an actor may be called Media, or Ensemble."""
    if all(cells.is_blank(table.text(row, "position")) for row in rows):
        return True
    sums: dict[str, bool] = {}
    means: list[bool] = []
    for name in ("position", "salience", "influence"):
        own = _number(table, table.text(rows[0], name))
        others = [_number(table, table.text(other, name)) for other in above]
        known = [one for one in others if one is not None]
        if own and len(known) > 1:
            total, mean = sum(known), sum(known) / len(known)
            sums[name] = abs(own - total) <= _NEAR * abs(total)
            means.append(abs(own - mean) <= _NEAR * abs(mean) and min(known) < max(known))
    if _MEANS.fullmatch(canonical(table.text(rows[0], "actor"))):
        return len(means) > 1 and all(means)
    return sums.get("influence", False) or bool(sums and all(sums.values()))


def _number(table: Table, text: str) -> float | None:
    try:
        found = cells.quantity(text, table.sheet.decimal_comma)
    except QuantityError:
        return None
    return found.mean if isinstance(found, Quantity) and found.is_exact else None
