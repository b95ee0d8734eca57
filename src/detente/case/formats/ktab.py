"""How does a case travel to and from KTAB? The comma-separated input of its Spatial Model of Politics (SMP).

Line 1: name, description, number of actors, number of dimensions. Line 2: headings; those of the positions name
the dimensions. Then one row per actor: name, description, capability, and position and salience for each
dimension, all in 0..100, the saliences of one actor adding up to at most 100.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from detente.case.formats import cells
from detente.case.formats.draft import Draft, RowReader, StandIn, ids_for
from detente.case.formats.sheet import Row, Sheet, lines_of, read_separated
from detente.case.reading import Document, Place
from detente.case.text import slug
from detente.case.validation import shown
from detente.errors import Problem
from detente.quantity.quantity import number_text

FEWEST, MOST = 3, 250
MAX_NAME, MAX_TEXT, MAX_LONG_TEXT = 25, 256, 512
MAX_POWER = 1e8
_FIXED = 3  # name, description, capability


def is_ktab(text: str) -> bool:
    """Tell whether a text begins like a KTAB file: two texts, two whole numbers, and a line of headings."""
    lines = [line for line in lines_of(text)[:20] if line.strip()]
    if len(lines) < 2:
        return False
    try:
        first, second = list(csv.reader(lines[:2], skipinitialspace=True))[:2]
    except (csv.Error, ValueError):
        return False
    counts = [cell.strip() for cell in first[2:4]]
    wide = len([cell for cell in second if cell.strip()]) >= _FIXED + 2
    return len(counts) == 2 and all(re.fullmatch(r"\d{1,6}", count) for count in counts) and wide


def read_ktab(text: str, file: str, stem: str) -> Document:
    """Return the data of the case in a KTAB file; what is wrong with it is noted in the document."""
    sheet = read_separated(text, file, ",")
    first, headings, *rows = sheet.rows
    draft = Draft(title=first.cell(0) or stem, note=first.cell(1) or None)
    actors, dimensions = int(first.cell(2)), int(first.cell(3))
    if any(first.cells[4:]):
        extra = ", ".join(cell for cell in first.cells[4:] if cell)
        message = f"what follows the number of dimensions was not read: {shown(extra)}"
        draft.problem(Problem(message, file=file, line=first.number, column=5, severity="warning"))
    if len(rows) != actors:
        message = f"the file announces {actors} actors but has {len(rows)}"
        draft.problem(sheet.problem(message, first.number, 3, "correct the number, or the rows"))
    width = _FIXED + 2 * dimensions
    if len(headings.cells) != width:
        message = f"{dimensions} dimensions need {width} headings, but there are {len(headings.cells)}"
        draft.problem(
            sheet.problem(message, headings.number, len(headings.cells), "correct the number in line 1")
        )
        return draft.document
    issues = _dimensions(draft, headings, sheet)
    _Actors(draft, sheet, headings, issues).take(rows)
    return draft.document


def _dimensions(draft: Draft, headings: Row, sheet: Sheet) -> list[str]:
    """Put the issues, named by the headings of the positions, and return their ids."""
    issues: list[str] = []
    for number, column in enumerate(range(_FIXED, len(headings.cells), 2), start=1):
        name = headings.cell(column) or f"Dimension {number}"
        issue = slug(name, set(issues), "dimension")
        place = Place(headings.number, column + 1, file=sheet.file)
        draft.put(("issues", issue, "name"), name, place)
        draft.bare_scale(issue, (0, 100), place)
        issues.append(issue)
    return issues


class _Actors(RowReader):
    """Puts the actors with their stances, row by row."""

    def __init__(self, draft: Draft, sheet: Sheet, headings: Row, issues: Sequence[str]) -> None:
        super().__init__(draft, sheet)
        self.headings, self.issues = headings, issues

    def take(self, rows: Sequence[Row]) -> None:
        ids = ids_for((row.cell(0) for row in rows), keep=False, fallback="actor")
        first: dict[str, int] = {}
        for row in rows:
            name, actor = row.cell(0), ids[row.cell(0)]
            if not name:
                self.refuse(row, 0, "the actor has no name")
            elif actor in first:
                self.refuse(
                    row, 0, f"{name!r} stands twice (rows {first[actor]} and {row.number})", "rename one"
                )
            first.setdefault(actor, row.number)
            self._take(row, name, actor)

    def _take(self, row: Row, name: str, actor: str) -> None:
        self.draft.put(("actors", actor, "name"), name or "?", self.place(row, 0))
        self.draft.put(("actors", actor, "note"), row.cell(1) or None, self.place(row, 1))
        power = self._number(row, 2, MAX_POWER)
        self.draft.put(("actors", actor, "influence"), power, self.place(row, 2))
        for number, issue in enumerate(self.issues):
            column = _FIXED + 2 * number
            position = self._number(row, column, 100)
            stance = ("stances", issue, actor)
            self.draft.put((*stance, "position"), position, self.place(row, column))
            share = self._number(row, column + 1, 100)
            share = cells.shifted(row.cell(column + 1), -2) if share > 0 else share
            self.draft.put((*stance, "salience"), share, self.place(row, column + 1))
        if len(row.cells) > len(self.headings.cells):
            self.refuse(row, len(self.headings.cells), "a cell beyond the last heading")

    def called(self, row: Row, column: int) -> str:  # noqa: ARG002 - every row has the same columns
        return f"column {self.headings.cell(column)!r}"

    def _number(self, row: Row, column: int, high: float) -> float:
        """Return the number in a cell, or one that does no harm after noting an error."""
        hint = f"the numbers run from 0 to {number_text(high)}"
        blank = "is blank; an actor has a number on every dimension"
        number = self.number(row, column, (0, high), hint, blank)
        return StandIn(0) if number is None else number
