"""How is a whole case kept in a workbook? One sheet per part, so that it reads back to the same case."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.case.case import Case
from detente.case.formats import cells
from detente.case.formats.cells import Cell
from detente.case.formats.draft import Draft
from detente.case.formats.rest import COLUMNS as REST
from detente.case.formats.rest import path_of, put, rest_of, rest_rows, value_of
from detente.case.formats.sheet import MAX_CELL, Row, Sheet
from detente.case.formats.stances import NEEDED, put_stances
from detente.case.formats.table import lacking, table_in
from detente.case.formats.tidy_out import STANCE_COLUMNS, Mentions, bare, stance_cells
from detente.case.reading import Document, Place
from detente.case.validation import shown
from detente.errors import FormatError, Problem, QuantityError, did_you_mean
from detente.quantity import parse
from detente.quantity.quantity import number_text

HEAD = ("title", "question", "as_of", "note")
TEXT, LIST, QUANTITY = "text", "list", "quantity"
# Sheet → column → (what it holds, path below the part). The first column is the id of the part.
PARTS: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {
    "sources": {name: (TEXT, (name,)) for name in ("title", "publisher", "author", "date", "url", "note")},
    "groups": {name: (TEXT, (name,)) for name in ("name", "note")},
    "actors": {
        "name": (TEXT, ("name",)),
        "country": (TEXT, ("country",)),
        "groups": (LIST, ("groups",)),
        "influence": (QUANTITY, ("influence",)),
        "because": (LIST, ("because",)),
        "note": (TEXT, ("note",)),
    },
    "issues": {
        "name": (TEXT, ("name",)),
        "question": (TEXT, ("question",)),
        "unit": (TEXT, ("unit",)),
        "no_deal": (QUANTITY, ("no_deal",)),
        "failure_cost": (QUANTITY, ("failure_cost",)),
        "outcome": (QUANTITY, ("outcome", "value")),
        "outcome_date": (TEXT, ("outcome", "date")),
        "outcome_because": (LIST, ("outcome", "because")),
        "outcome_note": (TEXT, ("outcome", "note")),
        "because": (LIST, ("because",)),
        "note": (TEXT, ("note",)),
    },
    "scenarios": {"name": (TEXT, ("name",)), "note": (TEXT, ("note",)), "because": (LIST, ("because",))},
}
SCALES = ("issue", "anchor", "meaning")
CORRELATIONS = ("first", "second", "rank", "because", "note")
CHANGES = ("scenario", "path", "value")
# Part → fields that stand in the sheets above, None where all do; the rest stands in a sheet of its own.
HELD: dict[str, frozenset[str] | None] = {
    **dict.fromkeys(("detente", *HEAD, "options", "correlations")),
    **{part: frozenset(path[0] for _, path in columns.values()) for part, columns in PARTS.items()},
    "stances": frozenset({"position", "salience", "influence", "accepts", "because", "note"}),
}
HELD["issues"] = (HELD["issues"] or frozenset()) | {"scale"}
HELD["scenarios"] = (HELD["scenarios"] or frozenset()) | {"changes"}
_README = """This workbook holds a case: who wants what on which issue, how strongly, and on what evidence.
Each sheet is a table; its first row names the columns. Rows may be added, removed and put in another order.
case: title, question, date and note, one per row.
stances: position (on the issue's scale), salience (0 to 1), influence (blank: that of the actor) and red line.
actors, groups, issues, sources: what they are, each with its id; other sheets refer to these ids.
scales: what the numbers of an issue's scale mean; the lowest and the highest bound the positions.
correlations, scenarios, changes: numbers that move together, and named sets of changes to the case.
rest: all else, such as a game of options, each entry with its place in the case.
A number may carry doubt: 40 ± 10 (one standard deviation), 20..60, 20..35..60, or [30, 45 ± 5] for two experts.
A list in one cell is separated by semicolons. A text that begins like a formula stands after an apostrophe."""


# --- out -----------------------------------------------------------------------------------------


def write_workbook(case: Case, path: Path) -> tuple[bytes, list[Problem]]:
    """Return the content of a workbook with the whole case; nothing is lost.

    Raises:
        FormatError: a text is longer than a cell may be.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in _all_sheets(case):
        sheet = workbook.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                _write_cell(sheet, number, column, value, path)
        if name not in ("README", "case"):
            sheet.freeze_panes = "A2"
        sheet.column_dimensions["A"].width = 100 if name == "README" else 24
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue(), []


def _write_cell(sheet: Any, row: int, column: int, value: Cell, path: Path) -> None:
    content = cells.written(value)
    if content == "":
        return
    if isinstance(content, str) and len(content) > MAX_CELL:
        problem = Problem(
            f"a text is longer than the {MAX_CELL} characters of a cell", file=path.name, line=row
        )
        raise FormatError([problem])
    cell = sheet.cell(row, column)
    cell.value = content if isinstance(content, str) else number_text(content)  # else rounded to 16 digits
    cell.data_type = "s" if isinstance(content, str) else "n"  # never a formula


def _all_sheets(case: Case) -> Iterator[tuple[str, list[list[Cell]]]]:
    data = case.to_dict()
    yield "README", [[line] for line in _README.splitlines()]
    head: list[list[Cell]] = [[name, data[name]] for name in HEAD if name in data]
    if "options" in data:
        head.append(["options", json.dumps(data["options"], ensure_ascii=False)])
    yield "case", head
    yield "stances", _stance_rows(case)
    for part in ("actors", "issues"):
        yield part, _part_rows(part, data.get(part, {}))
    yield "scales", _scale_rows(case)
    for part in ("groups", "sources", "scenarios"):
        if data.get(part):
            yield part, _part_rows(part, data[part])
    if case.correlations:
        yield "correlations", _correlation_rows(case)
    if any(scenario.changes for scenario in case.scenarios.values()):
        yield "changes", _change_rows(data["scenarios"])
    rest = rest_of(data, HELD)
    if rest:
        yield "rest", rest_rows(rest)


def _stance_rows(case: Case) -> list[list[Cell]]:
    sources = Mentions(lambda _: None)
    rows: list[list[Cell]] = [list(STANCE_COLUMNS)]
    for issue, stances in case.stances.items():
        for actor, stance in stances.items():
            row = {"issue": issue, "actor": actor, **stance_cells(stance, sources)}
            rows.append([row[name] for name in STANCE_COLUMNS])
    return rows


def _part_rows(part: str, content: dict[str, Any]) -> list[list[Cell]]:
    columns = PARTS[part]
    rows: list[list[Cell]] = [["id", *columns]]
    for key, fields in content.items():
        rows.append([key, *(_plain_cell(kind, _below(fields, path)) for kind, path in columns.values())])
    return rows


def _below(fields: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        fields = fields.get(part) if isinstance(fields, dict) else None
    return fields


def _plain_cell(kind: str, value: Any) -> Cell:
    if value is None:
        return None
    if kind == LIST:
        return cells.joined(value) or None
    return cells.plain(parse(value)) if kind == QUANTITY else str(value)


def _scale_rows(case: Case) -> list[list[Cell]]:
    rows: list[list[Cell]] = [list(SCALES)]
    for key, issue in case.issues.items():
        rows += [[key, bare(anchor), meaning] for anchor, meaning in issue.scale.items()]
    return rows


def _correlation_rows(case: Case) -> list[list[Cell]]:
    rows: list[list[Cell]] = [list(CORRELATIONS)]
    for stated in case.correlations:
        because = cells.joined(stated.because) or None
        rows.append([*stated.between, bare(stated.rank), because, stated.note])
    return rows


def _change_rows(scenarios: dict[str, Any]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [list(CHANGES)]
    for key, scenario in scenarios.items():
        rows += [[key, path, _change_cell(value)] for path, value in scenario.get("changes", {}).items()]
    return rows


def _change_cell(value: Any) -> Cell:
    """Return a changed value: numbers and usual texts bare, everything else as JSON."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value == value.strip() and _changed_value(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _changed_value(text: str) -> Any:
    """Return what a cell of the changes says."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return text


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


# --- in ------------------------------------------------------------------------------------------


def is_whole_case(sheets: Iterable[Sheet]) -> bool:
    """Tell whether a workbook has the sheets that a whole case needs."""
    known = {sheet.name for sheet in sheets if sheet.rows}
    return {"stances", "actors", "issues", "scales"} <= known


def read_whole_case(sheets: list[Sheet], stem: str) -> Document:
    """Return the data of the case in a workbook; what is wrong with it is noted in the document."""
    draft = Draft(title=stem)
    known = {sheet.name: sheet for sheet in sheets}
    for sheet in sheets:
        for problem in sheet.problems if sheet.name != "stances" else ():
            draft.problem(problem)
    if "case" in known:
        _read_head(draft, known["case"])
    for part, columns in PARTS.items():
        if part in known:
            _read_part(draft, part, _Records(draft, known[part], ("id", *columns)))
    _read_scales(draft, _Records(draft, known["scales"], SCALES))
    if "correlations" in known:
        _read_correlations(draft, _Records(draft, known["correlations"], CORRELATIONS))
    if "changes" in known:
        _read_changes(draft, _Records(draft, known["changes"], CHANGES))
    table = table_in(known["stances"], NEEDED)
    if table is None:
        draft.problem(known["stances"].problem(lacking(known["stances"], NEEDED), 1))
    else:
        put_stances(draft.document, table)
    if "rest" in known:
        _read_rest(draft, _Records(draft, known["rest"], REST))
    return draft.document


@dataclass(frozen=True, slots=True)
class _Record:
    """A row of a sheet by its columns."""

    sheet: Sheet
    row: Row
    index: dict[str, int]

    def __getitem__(self, column: str) -> str:
        return self.row.cell(self.index[column]) if column in self.index else ""

    def place(self, column: str) -> Place:
        where = f"{self.sheet.file}\0sheet {self.sheet.name!r}, column {column!r}"
        return Place(self.row.number, self.index.get(column, 0) + 1, file=where)

    def refuse(self, draft: Draft, column: str, message: str, hint: str | None = None) -> None:
        told = f"column {column!r}: {message}"
        draft.problem(self.sheet.problem(told, self.row.number, self.index.get(column, 0) + 1, hint))


class _Records:
    """The rows of a sheet whose columns are given; the first column is needed in each."""

    def __init__(self, draft: Draft, sheet: Sheet, columns: tuple[str, ...]) -> None:
        self._draft, self._sheet, self._columns = draft, sheet, columns

    def __iter__(self) -> Iterator[_Record]:
        header = self._sheet.rows[0] if self._sheet.rows else Row(1, ())
        index = {name.strip().casefold(): number for number, name in reversed(list(enumerate(header.cells)))}
        for name, number in sorted(index.items(), key=lambda item: item[1]):
            if name not in self._columns:
                hint = did_you_mean(name, self._columns)
                problem = self._sheet.problem(f"unknown column {name!r}", header.number, number + 1, hint)
                self._draft.problem(problem)
        if self._columns[0] not in index:
            self._draft.problem(self._sheet.problem(f"no column {self._columns[0]!r}", header.number))
            return
        for row in self._sheet.rows[1:]:
            record = _Record(self._sheet, row, index)
            if record[self._columns[0]]:
                yield record
            else:
                record.refuse(self._draft, self._columns[0], "is blank", "fill it in or remove the row")


def _read_head(draft: Draft, sheet: Sheet) -> None:
    for row in sheet.rows:
        record = _Record(sheet, row, {"name": 0, "value": 1})
        name, value = record["name"], record["value"]
        if name == "options":
            draft.put(("options",), _changed_value(value), record.place("value"))
        elif name in HEAD:
            draft.put((name,), value or None, record.place("value"))
        else:
            record.refuse(draft, "name", f"unknown {name!r}", did_you_mean(name, (*HEAD, "options")))


def _read_part(draft: Draft, part: str, records: _Records) -> None:
    rows: dict[str, int] = {}
    for record in records:
        key = record["id"]
        if key in rows:
            message = f"{key!r} stands twice (rows {rows[key]} and {record.row.number})"
            record.refuse(draft, "id", message, "keep one")
            continue
        rows[key] = record.row.number
        draft.put((part, key), {}, record.place("id"))
        for column, (kind, path) in PARTS[part].items():
            draft.put((part, key, *path), _value(kind, record[column]), record.place(column))


def _value(kind: str, text: str) -> Any:
    if not text:
        return None
    if kind == LIST:
        return [cells.labelled(entry)[0] for entry in cells.entries(text)]
    return _number_or_text(text) if kind == QUANTITY else text


def _number_or_text(text: str) -> Any:
    try:
        return parse(text).to_plain()
    except QuantityError:
        return text  # the case's own check tells


def _read_scales(draft: Draft, records: _Records) -> None:
    for record in records:
        place = record.place("anchor")
        anchor = _number_or_text(record["anchor"])
        if not isinstance(anchor, (int, float)):
            record.refuse(draft, "anchor", f"{record['anchor']!r} is not a number")
        elif record["issue"] not in draft.document.data.get("issues", {}):
            hint = did_you_mean(record["issue"], draft.document.data.get("issues", {}))
            record.refuse(draft, "issue", f"no issue is called {record['issue']!r}", hint)
        else:
            path = ("issues", record["issue"], "scale")
            draft.put((*path, record["anchor"]), record["meaning"], place)
            draft.document.keys.setdefault(path, place)


def _read_correlations(draft: Draft, records: _Records) -> None:
    listed: list[dict[str, Any]] = []
    for record in records:
        draft.document.values["correlations", len(listed)] = record.place("first")
        listed.append(
            {
                "between": [record["first"], record["second"]],
                "rank": _number_or_text(record["rank"]),
                **({"because": _value(LIST, record["because"])} if record["because"] else {}),
                **({"note": record["note"]} if record["note"] else {}),
            }
        )
    if listed:
        draft.put(("correlations",), listed)


def _read_rest(draft: Draft, records: _Records) -> None:
    document = draft.document
    for record in records:
        path, place = path_of(record["place"]), record.place("value")
        if path is None or not put(document.data, path, value_of(record["value"])):
            hint = "write it like game.options.x.actor or game.infeasible[0], numbers in their order"
            record.refuse(draft, "place", f"{shown(record['place'])!r} is no place in a case, or taken", hint)
            continue
        for depth in range(1, len(path) + 1):
            document.keys.setdefault(path[:depth], place)
        document.values[path] = place


def _read_changes(draft: Draft, records: _Records) -> None:
    for record in records:
        key, scenarios = record["scenario"], draft.document.data.get("scenarios", {})
        if key not in scenarios:
            record.refuse(draft, "scenario", f"no scenario is called {key!r}", did_you_mean(key, scenarios))
            continue
        changes = scenarios[key].setdefault("changes", {})
        changes[record["path"]] = _changed_value(record["value"])
        draft.document.values["scenarios", key, "changes", record["path"]] = record.place("value")
