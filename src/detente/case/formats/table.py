"""Which column of a table is which? Headings in any order, capitals and usual synonyms, found on the first row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from detente.case.acceptance import Acceptance
from detente.case.formats import cells
from detente.case.formats.sheet import Row, Sheet
from detente.case.reading import Place
from detente.case.validation import shown
from detente.errors import Problem, QuantityError
from detente.quantity import Quantity

NEEDED = ("actor", "position", "salience", "influence")
# Canonical heading → other headings that mean the same, the most telling first.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "actor": ("actor_id", "stakeholder", "player", "name"),
    "issue": ("issue_id", "topic", "dimension", "question"),
    "position": ("pos", "stance", "preference", "ideal"),
    "salience": ("saliency", "importance", "priority"),
    "influence": ("capability", "power", "clout", "weight", "resources"),
    "actor_name": ("stakeholder_name", "player_name", "name"),
    "issue_name": ("topic_name", "dimension_name"),
    "country": (),
    "groups": ("group", "bloc"),
    "accepts": ("red_line",),
    "because": ("sources", "source"),
    "note": ("notes", "comment"),
    "scale_low": ("scale_min",),
    "scale_high": ("scale_max",),
    "no_deal": (),
}


def canonical(heading: str) -> str:
    """Return a heading in the form of the table above: ``Scale low (%)`` → ``scale_low``."""
    bare = re.sub(r"\(.*?\)|\[.*?\]", "", heading.casefold()).strip(" .:'\"")
    return re.sub(r"[\s\-_.]+", "_", bare).strip("_")


@dataclass
class Table:
    """A sheet whose columns are known.

    Attributes:
        sheet: where it stands.
        header: its first row.
        columns: canonical heading → index of the column, from 0.
        rows: the rows below the header.
        problems: what was found while reading; filled by the readers of the table.
    """

    sheet: Sheet
    header: Row
    columns: dict[str, int]
    rows: tuple[Row, ...]
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        used = {index + 1 for index in self.columns.values()}
        self.problems += [problem for problem in self.sheet.problems if problem.column in used]

    def text(self, row: Row, name: str) -> str:
        """Return the cell of a row in a named column, ``""`` where there is none."""
        index = self.columns.get(name)
        return "" if index is None else row.cell(index)

    def number_column(self, name: str) -> int | None:
        """Return the 1-based column of a heading."""
        index = self.columns.get(name)
        return None if index is None else index + 1

    def heading(self, name: str) -> str:
        """Return a heading as the file has it."""
        return self.header.cell(self.columns[name])

    def place(self, row: Row, name: str) -> Place:
        """Return where a cell stands; with the names of sheet and column, which messages tell."""
        where = [f"sheet {self.sheet.name!r}"] if self.sheet.name is not None else []
        where += [f"column {self.heading(name)!r}"] if name in self.columns else []
        return Place(row.number, self.number_column(name) or 1, file=f"{self.sheet.file}\0{', '.join(where)}")

    def refuse(
        self, row: Row, name: str, message: str, hint: str | None = None, value: str | None = None
    ) -> None:
        """Note an error in a cell, with the heading of its column."""
        column = self.number_column(name)
        told = f"column {self.heading(name)!r}: {message}" if column else message
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
            return Acceptance.parse(text) if text else None
        except QuantityError:
            return text

    def agreed(
        self, rows: Iterable[tuple[str, Row]], column: str, read: Callable[[Row], Any]
    ) -> dict[str, tuple[Row, Any]]:
        """Return what a column says of each actor or issue, with the first row that says it.

        Rows may leave the cell blank; a row that says something else than an earlier one is an error.
        """
        found: dict[str, tuple[Row, Any]] = {}
        for key, row in rows if column in self.columns else ():
            value = read(row)
            if value is None or value == "":
                continue
            first, known = found.setdefault(key, (row, value))
            if str(known) != str(value):
                message = f"says otherwise than row {first.number} ({self.text(first, column)!r})"
                hint = "write the same in both, or leave one blank"
                self.refuse(row, column, message, hint, self.text(row, column))
        return found

    def percentages(self, name: str) -> bool:
        """Tell whether a column of shares gives percentages, and note a warning or, above 100, the errors."""
        texts = {row: self.text(row, name) for row in self.rows}
        sizes = {row: cells.largest(text, self.sheet.decimal_comma) for row, text in texts.items()}
        for row, size in sizes.items():
            if size > 100:
                self.refuse(row, name, "above 100", "use 0..1 or 0..100", texts[row])
        largest = max(sizes.values(), default=0.0)
        if largest > 1:
            self.warn(f"column {self.heading(name)!r} was taken as per cent: divided by 100", name=name)
        return largest > 1


def recognised(headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return canonical heading → index, and the headings that were not used."""
    known = [canonical(heading) for heading in headings]
    columns: dict[str, int] = {}
    for name, others in SYNONYMS.items():
        free = {
            word: index for index, word in reversed(list(enumerate(known))) if index not in columns.values()
        }
        found = next((free[word] for word in (name, *others) if word in free), None)
        if found is not None:
            columns[name] = found
    used = set(columns.values())
    unused = [
        heading or f"(column {index + 1})" for index, heading in enumerate(headings) if index not in used
    ]
    return columns, unused


def table_in(sheet: Sheet, needed: Iterable[str] = NEEDED) -> Table | None:
    """Return the table in a sheet, or ``None`` when its first row lacks a column that is needed."""
    if not sheet.rows:
        return None
    header = sheet.rows[0]
    columns, unused = recognised(header.cells)
    if not set(needed) <= set(columns):
        return None
    table = Table(sheet, header, columns, sheet.rows[1:])
    for name, index in columns.items():
        again = [
            number
            for number, other in enumerate(header.cells)
            if canonical(other) == canonical(header.cells[index])
        ]
        if len(again) > 1:
            message = f"stands twice (columns {again[0] + 1} and {again[1] + 1})"
            table.refuse(header, name, message, "keep one")
    if unused:
        table.warn(f"not read: {_listed(repr(heading) for heading in unused)}", row=header.number)
    for row in table.rows:
        if len(row.cells) > len(header.cells):
            extra = sheet.problem(
                "a cell beyond the last heading",
                row.number,
                len(header.cells) + 1,
                "is a separator too many?",
            )
            table.problems.append(extra)
    return table


def lacking(sheet: Sheet, needed: Iterable[str] = NEEDED) -> str:
    """Say what the first row of a sheet lacks and what it has."""
    if not sheet.rows:
        return "is empty"
    columns, _ = recognised(sheet.rows[0].cells)
    missing = [name for name in needed if name not in columns]
    seen = _listed(repr(heading) for heading in sheet.rows[0].cells)
    return f"no column {', '.join(repr(name) for name in missing)} among the headings {seen}"


def later_header(sheet: Sheet, needed: Iterable[str] = NEEDED) -> int | None:
    """Return the number of the row, below the first, that looks like the header."""
    for row in sheet.rows[1:20]:
        if set(needed) <= set(recognised(row.cells)[0]):
            return row.number
    return None


def _listed(names: Iterable[str], most: int = 12) -> str:
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def folded(text: str) -> str:
    """Return a name without what does not tell names apart: capitals and the width of blanks."""
    return re.sub(r"\s+", " ", text).strip().casefold()
