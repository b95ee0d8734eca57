"""How is a whole case kept in a workbook? One sheet per part, so that it reads back to the same case.

What each sheet holds is declared in `SHEETS`; writer, reader and what is left for the last sheet follow from that.
What no sheet has columns for stands in the sheet ``rest``: one row per entry, its place as in messages
(``game.options.x.actor``, ``game.infeasible[0]``), and its value. A text or number stands bare; what has parts
that are no entries of their own (a group of equally good states) stands as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path as FilePath

from detente.case.case import Case
from detente.case.fields import Part
from detente.case.formats.cells import Cell
from detente.case.formats.draft import Draft
from detente.case.formats.entries import (
    JSON,
    LIST,
    NUMBER,
    PLACES,
    TEXT,
    Columns,
    Layout,
    read_entries,
    read_rest,
    rest_of,
    rest_rows,
    value_of,
)
from detente.case.formats.headings import lacking
from detente.case.formats.layout import table_in
from detente.case.formats.sheet import Row, Sheet
from detente.case.formats.stances import NEEDED, put_stances
from detente.case.formats.table import Table
from detente.case.formats.xlsx import written_workbook
from detente.case.parts.actors import Actor, Group
from detente.case.parts.issues import Issue
from detente.case.parts.scenarios import Scenario
from detente.case.parts.sources import Source
from detente.case.reading import Document
from detente.case.shape import fields
from detente.errors import Problem, did_you_mean
from detente.quantity import Quantity

HEAD = ("title", "question", "as_of", "note")


def _columns(model: type[Part], *around: str) -> Columns:
    """Return the columns for what is a text, a list of texts or a number in a part of a case."""
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


_BETWEEN: Columns = {"first": (TEXT, ("between", 0)), "second": (TEXT, ("between", 1))}
_MORE: Columns = {"rank": (NUMBER, ("rank",)), "because": (LIST, ("because",)), "note": (TEXT, ("note",))}
_STANCE: Columns = {name: (NUMBER, (name,)) for name in ("position", "salience", "influence")}
_STANCE |= {"accepts": (TEXT, ("accepts",)), "because": (LIST, ("because",)), "note": (TEXT, ("note",))}
SHEETS = {
    "stances": Layout(("stances", "{issue}", "{actor}"), _STANCE),
    "actors": Layout(("actors", "{id}"), _columns(Actor)),
    "issues": Layout(("issues", "{id}"), _columns(Issue)),
    "scales": Layout(("issues", "{issue}", "scale", "{anchor}"), {"meaning": (TEXT, ())}, numbered=True),
    "groups": Layout(("groups", "{id}"), _columns(Group)),
    "sources": Layout(("sources", "{id}"), _columns(Source)),
    "scenarios": Layout(("scenarios", "{id}"), _columns(Scenario)),
    "correlations": Layout(("correlations", "#"), _BETWEEN | _MORE),
    "changes": Layout(("scenarios", "{scenario}", "changes", "{path}"), {"value": (JSON, ())}),
}
ALWAYS = ("stances", "actors", "issues", "scales")


def _held() -> dict[str, frozenset[str] | None]:
    """Return part → fields that stand in the sheets above, ``None`` where all do."""
    found: dict[str, set[str]] = {}
    for layout in SHEETS.values():
        within = [step for step in layout.at[1:] if step[0] not in "{#"]
        fields_ = within or [str(path[0]) for _, path in layout.columns.values()]
        found.setdefault(layout.at[0], set()).update(fields_)
    whole = dict.fromkeys(("detente", *HEAD, "options", "correlations"))
    return {**{part: frozenset(names) for part, names in found.items()}, **whole}


HELD = _held()
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


def write_workbook(case: Case, path: FilePath) -> tuple[bytes, list[Problem]]:
    """Return the content of a workbook with the whole case; nothing is lost.

    Raises:
        FormatError: a text is longer than a cell may be.
    """
    return written_workbook(
        dict(_all_sheets(case)), path.name, wide="README", unheaded=("README", "case")
    ), []


def _all_sheets(case: Case) -> Iterator[tuple[str, list[list[Cell]]]]:
    data = case.to_dict()
    yield "README", [[line] for line in _README.splitlines()]
    head: list[list[Cell]] = [[name, data[name]] for name in HEAD if name in data]
    if "options" in data:
        head.append(["options", json.dumps(data["options"], ensure_ascii=False)])
    yield "case", head
    for name, layout in SHEETS.items():
        rows = layout.rows(data)
        if name == "stances":
            rows = [row for row in rows if row[2] is not None]  # of one in values all stands among the rest
        if rows or name in ALWAYS:
            yield name, [[*layout.keys, *layout.columns], *rows]
    rest = rest_of(data, HELD)
    for issue, stances in data.get("stances", {}).items():
        for actor, stance in stances.items():
            if "values" in stance:
                rest.setdefault("stances", {}).setdefault(issue, {})[actor] = stance
    if rest:
        yield "rest", rest_rows(rest)


# --- in ------------------------------------------------------------------------------------------


def is_whole_case(sheets: Iterable[Sheet]) -> bool:
    """Tell whether a workbook has the sheets that a whole case needs."""
    known = {sheet.name for sheet in sheets if sheet.rows}
    return set(ALWAYS) <= known


def read_whole_case(sheets: list[Sheet], stem: str) -> Document:
    """Return the data of the case in a workbook; what is wrong with it is noted in the document."""
    draft = Draft(title=stem)
    known = {sheet.name: sheet for sheet in sheets}
    for sheet in sheets:
        draft.document.problems += sheet.problems if sheet.name != "stances" else ()
    if "case" in known:
        _read_head(draft, known["case"])
    for name, layout in SHEETS.items():
        if name in known and name != "stances":
            read_entries(draft, layout, _table(draft, known[name], (*layout.keys, *layout.columns)))
    stances = table_in(known["stances"], NEEDED)
    if stances is None:
        draft.document.problems.append(known["stances"].problem(lacking(known["stances"], NEEDED), 1))
    else:
        put_stances(draft.document, stances)
    if "rest" in known:
        read_rest(draft, _table(draft, known["rest"], PLACES))
    return draft.document


def _table(draft: Draft, sheet: Sheet, columns: tuple[str, ...]) -> Table:
    """Return the table in a sheet whose columns are given; the first column is needed in each row."""
    header = sheet.rows[0] if sheet.rows else Row(1, ())
    index = {name.strip().casefold(): number for number, name in reversed(list(enumerate(header.cells)))}
    for name, number in sorted(index.items(), key=lambda item: item[1]):
        if name not in columns:
            hint = did_you_mean(name, columns)
            problem = sheet.problem(f"unknown column {name!r}", header.number, number + 1, hint)
            draft.document.problems.append(problem)
    table = Table(sheet, header, index, sheet.rows[1:], draft.document.problems)
    if columns[0] not in index:
        draft.document.problems.append(sheet.problem(f"no column {columns[0]!r}", header.number))
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
