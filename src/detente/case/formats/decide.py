"""How does a case travel to and from DECIDE? Rows with a tag, the format of the position-exchange programs.

``#A`` actor: key, name, comment. ``#P`` issue: key, name, comment. ``#M`` a point of an issue's scale: issue,
position, meaning. ``#D`` stance: actor, issue, position, salience, power. ``#/`` and ``#O`` are comments, of
which the first ``#O`` is read as the title. An issue without ``#M`` rows has the scale 0..100; a missing ``#D``
row means that the actor takes no part.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from detente.case.case import Case
from detente.case.formats import cells
from detente.case.formats.draft import Draft, ids_for
from detente.case.formats.headings import listed
from detente.case.formats.losses import IN_NUMBERS, aim, bare, doubt, not_held, warnings
from detente.case.formats.numerals import UNTOLD, Choices
from detente.case.formats.sheet import Row, Sheet, lines_of, read_separated, separated
from detente.case.formats.stances import put_stances
from detente.case.formats.table import Table
from detente.case.formats.workbook import TEXT, Columns, Layout, read_entries
from detente.case.reading import Document
from detente.errors import Problem
from detente.quantity.quantity import number_text

FIELDS = {
    "#A": ("key", "name", "comment"),
    "#P": ("key", "name", "comment"),
    "#M": ("issue", "position", "meaning"),
    "#D": ("actor", "issue", "position", "salience", "power"),
}
_ENTITY: Columns = {"name": (TEXT, ("name",)), "comment": (TEXT, ("note",))}
LAYOUTS = {
    "#A": Layout(("actors", "{key}"), _ENTITY),
    "#P": Layout(("issues", "{key}"), _ENTITY),
    "#M": Layout(("issues", "{issue}", "scale", "{position}"), {"meaning": (TEXT, ())}, numbered=True),
}
_FEWEST = {"#A": 1, "#P": 1, "#M": 2, "#D": 5}
_FREE = ("#A", "#P", "#M")  # their last field is free text
_COMMENTS = ("#/", "#O")
_TAG = re.compile(r"\s*(['\"]?)(#[APMDO/])\1\s*([\t;,|]|$)")
HELD = (*IN_NUMBERS, "issues.*.note", "issues.*.scale *")


def is_decide(text: str) -> bool:
    """Tell whether a text begins with a tagged row."""
    first = next((line for line in lines_of(text) if line.strip()), "")
    return _TAG.match(first) is not None


def read_decide(text: str, file: str, stem: str, choices: Choices = UNTOLD) -> Document:
    """Return the data of the case in a DECIDE file; what is wrong with it is noted in the document."""
    tags = [match for line in lines_of(text) if (match := _TAG.match(line))]
    quote, separator = (
        max((one for one in dict.fromkeys(found) if one), key=found.count, default=usual)
        for found, usual in (([tag[1] for tag in tags], '"'), ([tag[3] for tag in tags], "\t"))
    )
    sheet = read_separated(text, file, separator, quote)
    return _Reader(sheet, stem, choices, separator).read()


def read_tagged(sheet: Sheet, stem: str, choices: Choices = UNTOLD) -> Document | None:
    """Return the data of the case in a sheet of a workbook, or ``None`` if its rows have no tags."""
    if not sheet.rows or sheet.rows[0].cell(0) not in (*FIELDS, *_COMMENTS):
        return None
    return _Reader(sheet, stem, choices, ";").read()


class _Reader:
    def __init__(self, sheet: Sheet, stem: str, choices: Choices, separator: str) -> None:
        self.draft, self.sheet = Draft(title=stem, file=sheet.file), replace(sheet, problems=())
        self.choices, self.separator = choices, separator
        self.rows: dict[str, list[Row]] = {tag: [] for tag in (*FIELDS, *_COMMENTS)}
        self.refused = False  # whether rows were left out, of which nothing more is to be told

    def read(self) -> Document:
        for row in self.sheet.rows:
            self._sort(row)
        titles = [row.cell(1) for row in self.rows["#O"] if row.cell(1)]
        self.draft.put(("title",), titles[0] if titles else None)
        actors, issues = self._ids("#A", "actor"), self._ids("#P", "issue")
        for tag, ids in (("#A", actors), ("#P", issues), ("#M", issues)):
            read_entries(self.draft, LAYOUTS[tag], self._table(tag), ids)
        for part, ids in (("actors", actors), ("issues", issues)):
            for key, one in ids.items():
                self.draft.document.data[part][one].setdefault("name", key)
        self._complete_scales()
        stances = self._table("#D", power="influence")
        stances.settle(self.choices)
        put_stances(self.draft.document, stances, {"actor": actors, "issue": issues})
        return self.draft.document

    def _sort(self, row: Row) -> None:
        """Put a row with those of its tag, if it has as many fields as it should."""
        tag = row.cell(0)
        place = self.sheet.place(row.number, 0, "field 'tag'")
        if tag in _COMMENTS:
            self.rows[tag].append(row)
        elif tag not in FIELDS:
            known = ", ".join((*FIELDS, *_COMMENTS))
            self.draft.refuse(place, f"a row begins with one of {known}", None, tag)
        else:
            most = len(FIELDS[tag])
            if tag in _FREE and len(row.cells) - 1 > most:  # a separator in the text
                rest = f"{self.separator} ".join(cell for cell in row.cells[most:] if cell)
                row = replace(row, cells=(*row.cells[:most], rest))
            given, key = len(row.cells) - 1, FIELDS[tag][0]
            if not _FEWEST[tag] <= given <= most:
                self.refused = True
                fields = ", ".join(FIELDS[tag])
                self.draft.refuse(place, f"{tag} takes {most} fields ({fields}) and the row has {given}")
            elif not row.cell(1):
                self.draft.refuse(self.sheet.place(row.number, 1, f"field {key!r}"), "is blank")
            else:
                self.rows[tag].append(row)

    def _table(self, tag: str, **called: str) -> Table:
        """Return the rows of a tag as a table; some fields are called otherwise."""
        columns = {called.get(name, name): at for at, name in enumerate(FIELDS[tag], start=1)}
        header, rows = Row(0, ("tag", *FIELDS[tag])), tuple(self.rows[tag])
        return Table(self.sheet, header, columns, rows, self.draft, word="field")

    def _ids(self, tag: str, fallback: str) -> dict[str, str]:
        return ids_for((row.cell(1) for row in self.rows[tag]), keep=True, fallback=fallback)

    def _complete_scales(self) -> None:
        """Give meanings to bare points, and the scale of the format to issues without points."""
        bare_ones, document = [], self.draft.document
        for key, issue in document.data.get("issues", {}).items():
            points = {float(value): meaning for value, meaning in issue.pop("scale", {}).items()}
            if len(points) == 1 and not self.refused:
                place = document.values["issues", key, "scale", number_text(next(iter(points)))]
                line = self.sheet.place(place.line, 2, "field 'position'")
                self.draft.refuse(line, "a scale needs two points at least", "add another #M row")
            bare_ones += [] if points else [issue["name"]]
            known = points if len(points) > 1 else {}
            issue["scale"] = {**cells.scale_of(known or (0, 100))}
            issue["scale"] |= {number_text(value): meaning for value, meaning in known.items() if meaning}
        if bare_ones:
            named = listed(map(repr, bare_ones), 6)
            message = f"the scale 0..100 was taken for {named}, which have no #M rows"
            self.draft.warn(message, "add them with both ends of the scale, if it is another")


# --- out -----------------------------------------------------------------------------------------


def write_decide(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a DECIDE file, separated by tabs, and what it does not hold."""
    rows, changed = list(_rows(case)), 0
    for row in rows:
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                row[at] = cells.one_line(cell)
                changed += row[at] != cell
    heard = {actor for stances in case.stances.values() for actor in stances}
    silent = sum(actor.influence is not None for key, actor in case.actors.items() if key not in heard)
    told = {
        f"{changed} texts were written on one line": changed,
        f"the influences of {silent} actors without a stance are not kept": silent,
    }
    losses = [*not_held(case, HELD, path.name), *doubt(case, path.name), *warnings(told, path.name)]
    return separated(rows, delimiter="\t", quotechar="'", quoting=csv.QUOTE_NONNUMERIC), losses


def _rows(case: Case) -> Iterator[list[cells.Cell]]:
    yield ["#O", case.title]
    for key, actor in case.actors.items():
        yield ["#A", key, actor.name, actor.note or ""]
    for key, issue in case.issues.items():
        yield ["#P", key, issue.name, issue.note or ""]
        for anchor, meaning in issue.scale.items():
            known = meaning == cells.meaning_of(anchor, issue.low, issue.high)
            yield ["#M", key, bare(anchor), "" if known else meaning]
    for issue_id, stances in case.stances.items():
        for actor_id in stances:
            weights = (f"stances.{issue_id}.{actor_id}.salience", case.influence_path(issue_id, actor_id))
            numbers = (aim(case, issue_id, actor_id), *(case.quantities[path].mean for path in weights))
            yield ["#D", actor_id, issue_id, *map(bare, numbers)]
