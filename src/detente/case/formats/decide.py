"""How does a case travel to and from DECIDE? Rows with a tag, the format of the position-exchange programs.

``#A`` actor: key, name, comment. ``#P`` issue: key, name, comment. ``#M`` a point of an issue's scale: issue,
position, meaning. ``#D`` stance: actor, issue, position, salience, power. ``#/`` and ``#O`` are comments, of
which the first ``#O`` is read as the title. An issue without ``#M`` rows has the scale 0..100; a missing ``#D``
row means that the actor takes no part.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from detente.case.case import Case
from detente.case.formats import cells
from detente.case.formats.draft import Draft, StandIn, ids_for
from detente.case.formats.losses import aim, doubt, not_held, warning
from detente.case.formats.numbers import UNTOLD, Ambiguous, Choices, divided, divisor
from detente.case.formats.scales import shortened
from detente.case.formats.sheet import Row, Sheet, lines_of, read_separated, separated
from detente.case.formats.stances import put_influences
from detente.case.formats.tidy_out import bare
from detente.case.reading import Document, Place
from detente.errors import Problem, QuantityError, did_you_mean
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

FIELDS = {
    "#A": ("key", "name", "comment"),
    "#P": ("key", "name", "comment"),
    "#M": ("issue", "position", "meaning"),
    "#D": ("actor", "issue", "position", "salience", "power"),
}
_FEWEST = {"#A": 1, "#P": 1, "#M": 2, "#D": 5}
_FREE = ("#A", "#P", "#M")  # their last field is free text
_COMMENTS = ("#/", "#O")
_TAG = re.compile(r"\s*(['\"]?)(#[APMDO/])\1\s*([\t;,|]|$)")
HELD = (
    "title",
    *(f"actors.*.{name}" for name in ("name", "note", "influence")),
    *(f"issues.*.{name}" for name in ("name", "note", "scale *")),
    *(f"stances.*.*.{name}" for name in ("position", "values", "salience", "influence")),
)


def is_decide(text: str) -> bool:
    """Tell whether a text begins with a tagged row."""
    first = next((line for line in lines_of(text) if line.strip()), "")
    return _TAG.match(first) is not None


def read_decide(text: str, file: str, stem: str, choices: Choices = UNTOLD) -> Document:
    """Return the data of the case in a DECIDE file; what is wrong with it is noted in the document."""
    tags = [match for line in lines_of(text) if (match := _TAG.match(line))]
    separators = Counter(match[3] for match in tags if match[3])
    separator = separators.most_common(1)[0][0] if separators else "\t"
    quotes = Counter(match[1] for match in tags if match[1])
    quote = quotes.most_common(1)[0][0] if quotes else '"'
    sheet = read_separated(text, file, separator, quote)
    return _Reader(sheet, stem, choices, separator).read()


def read_tagged(sheet: Sheet, stem: str, choices: Choices = UNTOLD) -> Document | None:
    """Return the data of the case in a sheet of a workbook, or ``None`` if its rows have no tags."""
    if not sheet.rows or sheet.rows[0].cell(0) not in (*FIELDS, *_COMMENTS):
        return None
    return _Reader(sheet, stem, choices, ";").read()


class _Reader:
    def __init__(self, sheet: Sheet, stem: str, choices: Choices, separator: str) -> None:
        self.draft, self.sheet = Draft(title=stem, file=sheet.file), sheet
        self.choices, self.separator = choices, separator
        self.rows: dict[str, list[Row]] = {tag: [] for tag in (*FIELDS, *_COMMENTS)}
        self.refused = False  # whether rows were left out, of which nothing more is to be told

    def read(self) -> Document:
        for row in self.sheet.rows:
            self._sort(row)
        titles = [row.cell(1) for row in self.rows["#O"] if row.cell(1)]
        self.draft.put(("title",), titles[0] if titles else None)
        self.ids = {"actor": self._entities("#A", "actors"), "issue": self._entities("#P", "issues")}
        self._stances(self._scales())
        return self.draft.document

    def _place(self, row: Row, column: int) -> Place:
        return self.sheet.place(
            row.number, column, f"field {('tag', *FIELDS.get(row.cell(0), ()))[column]!r}"
        )

    def _refuse(
        self, row: Row, column: int, message: str, hint: str | None = None, value: str | None = None
    ) -> None:
        self.draft.refuse(self._place(row, column), message, hint, value)

    def _number(
        self,
        row: Row,
        column: int,
        limits: tuple[float, float] = (-math.inf, math.inf),
        hint: str | None = None,
    ) -> float | None:
        comma = self.sheet.decimal_comma
        return self.draft.exact(self._place(row, column), row.cell(column), limits, hint, decimal_comma=comma)

    def _sort(self, row: Row) -> None:
        """Put a row with those of its tag, if it has as many fields as it should."""
        tag = row.cell(0)
        if tag in _COMMENTS:
            self.rows[tag].append(row)
        elif tag not in FIELDS:
            self._refuse(row, 0, f"a row begins with one of {', '.join((*FIELDS, *_COMMENTS))}", value=tag)
        else:
            most = len(FIELDS[tag])
            if tag in _FREE and len(row.cells) - 1 > most:  # a separator in the text
                rest = f"{self.separator} ".join(cell for cell in row.cells[most:] if cell)
                row = replace(row, cells=(*row.cells[:most], rest))
            given = len(row.cells) - 1
            if _FEWEST[tag] <= given <= most:
                self.rows[tag].append(row)
            else:
                self.refused = True
                fields = ", ".join(FIELDS[tag])
                self._refuse(row, 0, f"{tag} takes {most} fields ({fields}) and the row has {given}")

    def _entities(self, tag: str, part: str) -> dict[str, str]:
        """Put the actors or issues; return key → id."""
        ids = ids_for((row.cell(1) for row in self.rows[tag] if row.cell(1)), keep=True, fallback=part[:-1])
        first: dict[str, Row] = {}
        for row in self.rows[tag]:
            key, earlier = row.cell(1), first.setdefault(row.cell(1), row)
            if not key:
                self._refuse(row, 1, "is blank")
            elif earlier is not row:
                rows = f"rows {earlier.number} and {row.number}"
                self._refuse(row, 1, f"{key!r} stands twice ({rows})", "keep one")
            else:
                self.draft.put((part, ids[key], "name"), row.cell(2) or key, self._place(row, 2))
                self.draft.put((part, ids[key], "note"), row.cell(3) or None, self._place(row, 3))
        return ids

    def _scales(self) -> dict[str, tuple[float, float]]:
        """Put the scales; return the ends of each, and tell which issues got the scale of the format."""
        anchors: dict[str, dict[float, str]] = {issue: {} for issue in self.ids["issue"].values()}
        first: dict[str, Row] = {}
        for row in self.rows["#M"]:
            issue, value = self._key(row, 1, "issue"), self._number(row, 2)
            if issue is None or value is None:
                continue
            first.setdefault(issue, row)
            if value in anchors[issue]:
                self._refuse(row, 2, f"{number_text(value)} stands twice on the scale", "keep one")
            anchors[issue][value] = row.cell(3)
        bounds = {}
        for issue, points in anchors.items():
            if len(points) == 1 and not self.refused:
                self._refuse(first[issue], 2, "a scale needs two points at least", "add another #M row")
            told = points if len(points) > 1 else {0.0: "", 100.0: ""}
            low, high = bounds[issue] = (min(told), max(told))
            scale = {
                number_text(value): meaning or cells.meaning_of(value, low, high)
                for value, meaning in sorted(told.items())
            }
            place = self._place(first[issue], 2) if issue in first else None
            self.draft.put(("issues", issue, "scale"), scale, place)
        self.bare = [issue for issue, points in anchors.items() if not points]
        if self.bare:
            names = [self.draft.document.data["issues"][issue]["name"] for issue in self.bare]
            self.draft.warn(f"the scale 0..100 was taken for {shortened(names)}, which have no #M rows")
        return bounds

    def _stances(self, scales: dict[str, tuple[float, float]]) -> None:
        by, first = self._divisor(), dict[tuple[str, str], Row]()
        influences: dict[str, list[tuple[str | None, Quantity | str, Place]]] = {}
        for row in self.rows["#D"]:
            actor, issue = self._key(row, 1, "actor"), self._key(row, 2, "issue")
            both_ends = "add #M rows with both ends of the scale, if it is not 0..100"
            hint = both_ends if issue in self.bare else None
            position = self._number(row, 3, scales.get(issue or "", (-math.inf, math.inf)), hint)
            salience = self._number(row, 4, (0, by or math.inf))
            power = self._number(row, 5, (0, math.inf))
            if actor is None or issue is None:
                continue
            earlier = first.setdefault((issue, actor), row)
            if earlier is not row:
                rows = f"rows {earlier.number} and {row.number}"
                self._refuse(row, 1, f"{row.cell(1)!r} stands twice on {row.cell(2)!r} ({rows})", "keep one")
                continue
            path, low = ("stances", issue, actor), scales[issue][0]
            share = StandIn(1) if salience is None or not by else divided(Quantity.exact(salience), by)
            wants = StandIn(low) if position is None else position
            self.draft.put(path, {}, self._place(row, 1))
            self.draft.put((*path, "position"), wants, self._place(row, 3))
            self.draft.put((*path, "salience"), share, self._place(row, 4))
            if power is None:
                self.draft.put((*path, "influence"), StandIn(1), self._place(row, 5))
            else:
                given = (issue, Quantity.exact(power), self._place(row, 5))
                influences.setdefault(actor, []).append(given)
        for actor, listed in influences.items():
            put_influences(self.draft, actor, listed)

    def _divisor(self) -> float:
        values = {}
        for row in self.rows["#D"]:
            with suppress(QuantityError):  # told where the cell is read
                values[row] = cells.stated(cells.quantity(row.cell(4), self.sheet.decimal_comma))
        try:
            found = divisor(values, self.choices.salience_scale, set(), headed=False)
        except Ambiguous as error:
            for row in error.keys:
                self._refuse(row, 4, str(error), error.hint, row.cell(4))
            return 0
        if found != 1:
            way = "per cent" if found == 100 else f"marks up to {number_text(found)}"
            self.draft.warn(f"the saliences were taken as {way}: divided by {number_text(found)}")
        return found

    def _key(self, row: Row, column: int, what: str) -> str | None:
        key, known = row.cell(column), self.ids[what]
        if key not in known:
            hint = did_you_mean(key, known) or f"add a row {'#A' if what == 'actor' else '#P'}"
            self._refuse(row, column, f"no {what} is called {key!r}", hint)
        return known.get(key)


# --- out -----------------------------------------------------------------------------------------


def write_decide(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a DECIDE file, separated by tabs, and what it does not hold."""
    rows, changed = list(_rows(case)), 0
    for row in rows:
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                row[at] = cells.one_line(cell)
                changed += row[at] != cell
    losses = [*not_held(case, HELD, path.name), *doubt(case, path.name)]
    if changed:
        losses.append(warning(f"{changed} texts were written on one line", path.name))
    heard = {actor for stances in case.stances.values() for actor in stances}
    silent = sum(actor.influence is not None for key, actor in case.actors.items() if key not in heard)
    if silent:
        told = f"the influences of {silent} actors without a stance are not kept"
        losses.append(warning(told, path.name))
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
