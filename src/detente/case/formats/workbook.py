"""How is a whole case kept in a workbook? One sheet per part, so that it reads back to the same case."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from detente.case.case import Case
from detente.case.fields import Part
from detente.case.formats import cells
from detente.case.formats.cells import Cell
from detente.case.formats.draft import Draft
from detente.case.formats.headings import lacking
from detente.case.formats.places import COLUMNS as PLACES
from detente.case.formats.places import cell_of, path_of, put, rest_of, rest_rows, value_of
from detente.case.formats.sheet import MAX_CELL, Row, Sheet
from detente.case.formats.stances import NEEDED, put_stances
from detente.case.formats.table import Table, table_in
from detente.case.formats.tidy_out import STANCE_COLUMNS, Mentions, bare, stance_cells
from detente.case.parts.actors import Actor, Group
from detente.case.parts.issues import Issue
from detente.case.parts.scenarios import Scenario
from detente.case.parts.sources import Source
from detente.case.reading import Document
from detente.case.shape import fields
from detente.case.validation import shown
from detente.errors import FormatError, Problem, QuantityError, did_you_mean
from detente.quantity import Quantity, parse
from detente.quantity.quantity import number_text

HEAD = ("title", "question", "as_of", "note")
TEXT, LIST, NUMBER = "text", "list", "number"
Columns = dict[str, tuple[str, tuple[str, ...]]]


def _columns(model: type[Part], *around: str) -> Columns:
    """Return column → (what it holds, path below the part) of what is a text, a list of texts or a number."""
    found: Columns = {}
    for name, shape in sorted(fields(model).items(), key=lambda item: item[0] == "note"):  # the note last
        path = (*around, name)
        listed = shape.each is not None and shape.key is None and shape.each.content is str
        kind = {str: TEXT, Quantity: NUMBER, float: NUMBER}.get(shape.content, LIST if listed else "")
        if kind:
            found["_".join(around if name == "value" else path)] = kind, path
        elif shape.is_model and issubclass(shape.content, Part):
            found |= _columns(shape.content, *path)
    return found


# Sheet → its columns. The first, before these, is the id of the entry.
PARTS: dict[str, Columns] = {
    "sources": _columns(Source),
    "groups": _columns(Group),
    "actors": _columns(Actor),
    "issues": _columns(Issue),
    "scenarios": _columns(Scenario),
}
SCALES = ("issue", "anchor", "meaning")
CORRELATIONS = ("first", "second", "rank", "because", "note")
CHANGES = ("scenario", "path", "value")
_ELSEWHERE = {"issues": {"scale"}, "scenarios": {"changes"}}
# Part → fields that stand in the sheets above, None where all do; the rest stands in a sheet of its own.
HELD: dict[str, frozenset[str] | None] = {
    **dict.fromkeys(("detente", *HEAD, "options", "correlations")),
    **{
        part: frozenset(path[0] for _, path in columns.values()) | _ELSEWHERE.get(part, set())
        for part, columns in PARTS.items()
    },
    "stances": frozenset(STANCE_COLUMNS[2:]),
}
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
    for issue, stances in data.get("stances", {}).items():
        for actor, stance in stances.items():
            if "values" in stance:
                rest.setdefault("stances", {}).setdefault(issue, {})[actor] = stance
    if rest:
        yield "rest", rest_rows(rest)


def _stance_rows(case: Case) -> list[list[Cell]]:
    sources = Mentions(lambda _: None)
    rows: list[list[Cell]] = [list(STANCE_COLUMNS)]
    for issue, stances in case.stances.items():
        for actor, stance in stances.items():
            if stance.position is None:  # all of it stands among the rest
                continue
            row = {"issue": issue, "actor": actor, **stance_cells(stance, sources)}
            row["because"] = sources.cell(stance.because)  # down to the statement
            rows.append([row[name] for name in STANCE_COLUMNS])
    return rows


def _part_rows(part: str, content: dict[str, Any]) -> list[list[Cell]]:
    columns = PARTS[part]
    rows: list[list[Cell]] = [["id", *columns]]
    for key, entry in content.items():
        rows.append([key, *(_plain_cell(kind, _below(entry, path)) for kind, path in columns.values())])
    return rows


def _below(entry: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        entry = entry.get(step) if isinstance(entry, dict) else None
    return entry


def _plain_cell(kind: str, value: Any) -> Cell:
    if value is None:
        return None
    if kind == LIST:
        return cells.joined(value) or None
    return cells.plain(parse(value)) if kind == NUMBER else str(value)


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
        rows += [[key, path, cell_of(value)] for path, value in scenario.get("changes", {}).items()]
    return rows


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
            _read_part(draft, part, _table(draft, known[part], ("id", *columns)))
    _read_scales(draft, _table(draft, known["scales"], SCALES))
    if "correlations" in known:
        _read_correlations(draft, _table(draft, known["correlations"], CORRELATIONS))
    if "changes" in known:
        _read_changes(draft, _table(draft, known["changes"], CHANGES))
    stances = table_in(known["stances"], NEEDED)
    if stances is None:
        draft.problem(known["stances"].problem(lacking(known["stances"], NEEDED), 1))
    else:
        put_stances(draft.document, stances)
    if "rest" in known:
        _read_rest(draft, _table(draft, known["rest"], PLACES))
    return draft.document


def _table(draft: Draft, sheet: Sheet, columns: tuple[str, ...]) -> Table:
    """Return the table in a sheet whose columns are given; the first column is needed in each row."""
    header = sheet.rows[0] if sheet.rows else Row(1, ())
    index = {name.strip().casefold(): number for number, name in reversed(list(enumerate(header.cells)))}
    for name, number in sorted(index.items(), key=lambda item: item[1]):
        if name not in columns:
            hint = did_you_mean(name, columns)
            draft.problem(sheet.problem(f"unknown column {name!r}", header.number, number + 1, hint))
    table = Table(sheet, header, index, sheet.rows[1:], draft.document.problems)
    if columns[0] not in index:
        draft.problem(sheet.problem(f"no column {columns[0]!r}", header.number))
        return replace(table, rows=())
    for row in table.rows:
        if not table.text(row, columns[0]):
            table.refuse(row, columns[0], "is blank", "fill it in or remove the row")
    return replace(table, rows=tuple(row for row in table.rows if table.text(row, columns[0])))


def _read_head(draft: Draft, sheet: Sheet) -> None:
    table = Table(
        sheet, Row(0, ("name", "value")), {"name": 0, "value": 1}, sheet.rows, draft.document.problems
    )
    for row in table.rows:
        name, value = table.text(row, "name"), table.text(row, "value")
        if name == "options":
            draft.put(("options",), value_of(value), table.place(row, "value"))
        elif name in HEAD:
            draft.put((name,), value or None, table.place(row, "value"))
        else:
            table.refuse(row, "name", f"unknown {name!r}", did_you_mean(name, (*HEAD, "options")))


def _read_part(draft: Draft, part: str, table: Table) -> None:
    rows: dict[str, int] = {}
    for row in table.rows:
        key = table.text(row, "id")
        if key in rows:
            message = f"{key!r} stands twice (rows {rows[key]} and {row.number})"
            table.refuse(row, "id", message, "keep one")
            continue
        rows[key] = row.number
        draft.put((part, key), {}, table.place(row, "id"))
        for column, (kind, path) in PARTS[part].items():
            draft.put((part, key, *path), _value(kind, table.text(row, column)), table.place(row, column))


def _value(kind: str, text: str) -> Any:
    if not text:
        return None
    if kind == LIST:
        return [cells.labelled(entry)[0] for entry in cells.entries(text)]
    return _number_or_text(text) if kind == NUMBER else text


def _number_or_text(text: str) -> Any:
    try:
        return parse(text).to_plain()
    except QuantityError:
        return text  # the case's own check tells


def _read_scales(draft: Draft, table: Table) -> None:
    issues = draft.document.data.get("issues", {})
    for row in table.rows:
        issue, anchor = table.text(row, "issue"), table.text(row, "anchor")
        if not isinstance(_number_or_text(anchor), (int, float)):
            table.refuse(row, "anchor", f"{anchor!r} is not a number")
        elif issue not in issues:
            table.refuse(row, "issue", f"no issue is called {issue!r}", did_you_mean(issue, issues))
        else:
            path, place = ("issues", issue, "scale"), table.place(row, "anchor")
            draft.put((*path, anchor), table.text(row, "meaning"), place)
            draft.document.keys.setdefault(path, place)


def _read_correlations(draft: Draft, table: Table) -> None:
    listed: list[dict[str, Any]] = []
    for row in table.rows:
        draft.document.values["correlations", len(listed)] = table.place(row, "first")
        stated = {
            "between": [table.text(row, "first"), table.text(row, "second")],
            "rank": _number_or_text(table.text(row, "rank")),
            "because": _value(LIST, table.text(row, "because")),
            "note": table.text(row, "note") or None,
        }
        listed.append({name: value for name, value in stated.items() if value is not None})
    draft.put(("correlations",), listed or None)


def _read_rest(draft: Draft, table: Table) -> None:
    document = draft.document
    for row in table.rows:
        text, place = table.text(row, "place"), table.place(row, "value")
        path = path_of(text)
        if path is None or not put(document.data, path, value_of(table.text(row, "value"))):
            hint = "write it like game.options.x.actor or game.infeasible[0], numbers in their order"
            table.refuse(row, "place", f"{shown(text)!r} is no place in a case, or taken", hint)
            continue
        for depth in range(1, len(path) + 1):
            document.keys.setdefault(path[:depth], place)
        document.values[path] = place


def _read_changes(draft: Draft, table: Table) -> None:
    scenarios = draft.document.data.get("scenarios", {})
    for row in table.rows:
        key, path = table.text(row, "scenario"), table.text(row, "path")
        if key not in scenarios:
            hint = did_you_mean(key, scenarios)
            table.refuse(row, "scenario", f"no scenario is called {key!r}", hint)
            continue
        scenarios[key].setdefault("changes", {})[path] = value_of(table.text(row, "value"))
        draft.document.values["scenarios", key, "changes", path] = table.place(row, "value")
