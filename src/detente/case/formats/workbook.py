"""How is a whole case kept in a workbook? One sheet per part, so that it reads back to the same case.

What each sheet holds is declared in `SHEETS`, as paths with holes that columns fill; writer, reader and what is
left for the last sheet follow. What no sheet has columns for stands in the sheet ``rest``: one row per entry,
its place as in messages (``game.options.x.actor``, ``game.infeasible[0]``), and its value. A text or number stands
bare; what has parts that are no entries of their own (a group of equally good states) stands as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from detente.case.case import Case
from detente.case.faults import part_checks
from detente.case.fields import Part
from detente.case.formats import cells
from detente.case.formats.cells import Cell
from detente.case.formats.draft import Draft
from detente.case.formats.numerals import Choices
from detente.case.formats.sheet import Row, Sheet
from detente.case.formats.stances import NEEDED, put_stances
from detente.case.formats.table import Table
from detente.case.formats.tables import no_table, table_in
from detente.case.formats.xlsx import written_workbook
from detente.case.parts.actors import Actor, Group
from detente.case.parts.issues import Issue
from detente.case.parts.scenarios import Scenario
from detente.case.parts.sources import Source
from detente.case.reading import Document, Path, dotted
from detente.case.shape import fields
from detente.case.text import IDENTIFIER
from detente.case.validation import shown
from detente.errors import Problem, QuantityError, did_you_mean
from detente.quantity import Quantity, parse
from detente.quantity.quantity import number_text

HEAD = ("title", "question", "as_of", "note")
TEXT, LIST, NUMBER, JSON = "text", "list", "number", "json"
PLACES = ("place", "value")
MOST_DEEP = 12
_STEP = re.compile(r"(?:^|(?<=.)\.)([^\W_][\w-]*)|\[(\d{1,6})\]")
Columns = dict[str, tuple[str, Path]]


class Layout(NamedTuple):
    """What a table holds: a row per entry.

    Attributes:
        at: path of an entry; a step in braces is the column with that key, ``#`` the next number of a list.
        columns: other column → what it holds, and its path below the entry.
        numbered: whether the last key is a number.
        needed: paths below an entry without which it has no row.
    """

    at: tuple[str, ...]
    columns: Columns
    numbered: bool = False
    needed: tuple[Path, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns with the keys of an entry."""
        return tuple(step[1:-1] for step in self.at if step.startswith("{"))

    def rows(self, data: Any, told: set[Path]) -> list[list[Cell]]:
        """Return the rows for what plain data of a case hold, and note the paths of what they tell."""
        found = []
        for path in _spots(data, self.at):
            if all(_below(data, (*path, *below)) is not None for below in self.needed):
                keys = [key for key, step in zip(path, self.at, strict=True) if step[0] == "{"]
                if self.numbered:
                    keys[-1] = _cell(NUMBER, keys[-1])
                columns = [(kind, (*path, *below)) for kind, below in self.columns.values()]
                found.append([*keys, *(_cell(kind, _below(data, at)) for kind, at in columns)])
                told.update(at for _, at in columns)
        return found


def _spots(data: Any, at: tuple[str, ...]) -> list[Path]:
    """Return the paths of the entries at a path with holes."""
    found: list[Path] = [()]
    for step in at:
        around = [(path, _below(data, path) or {}) for path in found]
        found = [
            (*path, key)
            for path, of in around
            for key in (range(len(of)) if step == "#" else list(of) if step[0] == "{" else [step])
        ]
    return found


def _below(entry: Any, path: Path) -> Any:
    for step in path:
        entry = entry.get(step) if isinstance(entry, dict) else None if entry is None else entry[step]
    return entry


def _cell(kind: str, value: Any) -> Any:
    if kind == JSON:
        return cell_of(value)
    if value is None:
        return None
    if kind == LIST:
        return cells.joined(value) or None
    return cells.plain(parse(value)) if kind == NUMBER else str(value)


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
    # one in values has no position, and stands among the rest
    "stances": Layout(("stances", "{issue}", "{actor}"), _STANCE, needed=(("position",),)),
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
_README = FilePath(__file__).with_suffix(".txt").read_text(encoding="utf-8")  # the first sheet


# --- out -----------------------------------------------------------------------------------------


def write_workbook(case: Case, path: FilePath) -> tuple[bytes, list[Problem]]:
    """Return the content of a workbook with the whole case; nothing is lost.

    Raises:
        FormatError: a text is longer than a cell may be.
    """
    sheets = dict(_all_sheets(case))
    return written_workbook(sheets, path.name, wide="README", unheaded=("README", "case")), []


def _all_sheets(case: Case) -> Iterator[tuple[str, list[list[Cell]]]]:
    data = case.to_dict()
    del data["detente"]
    yield "README", [[line] for line in _README.splitlines()]
    head: list[list[Cell]] = [[name, data.pop(name)] for name in HEAD if name in data]
    if "options" in data:
        head.append(["options", json.dumps(data.pop("options"), ensure_ascii=False)])
    yield "case", head
    told: set[Path] = set()
    for name, layout in SHEETS.items():
        rows = layout.rows(data, told)
        if rows or name in ALWAYS:
            yield name, [[*layout.keys, *layout.columns], *rows]
    parts = {layout.at[0] for layout in SHEETS.values()}
    left = {part: untold(of, (part,), told) if part in parts else of for part, of in data.items()}
    rest = {part: of for part, of in left.items() if part not in parts or of}
    if rest:
        yield "rest", rest_rows(rest)


def untold(value: Any, path: Path, told: set[Path]) -> Any:
    """Return what no row tells of what stands at a path, without what is empty then."""

    def kept(key: str | int, item: Any) -> Any:
        return [] if (*path, key) in told else untold(item, (*path, key), told)

    if isinstance(value, dict):
        return {key: left for key, item in value.items() if (left := kept(key, item)) not in ({}, [])}
    if isinstance(value, list):
        return [left for key, item in enumerate(value) if (left := kept(key, item)) not in ({}, [])]
    return value


def rest_rows(rest: Mapping[str, Any]) -> list[list[Cell]]:
    """Return the rows of plain data, the headings first."""
    entries = _entries(rest, ())
    return [list(PLACES), *([dotted(path), cell_of(value)] for path, value in entries)]


def _entries(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping) and value and all(IDENTIFIER.fullmatch(key) for key in value):
        for key, item in value.items():
            yield from _entries(item, (*path, key))
    elif isinstance(value, list) and value and not (path and isinstance(path[-1], int)):
        for number, item in enumerate(value):
            yield from _entries(item, (*path, number))
    else:
        yield path, value


def cell_of(value: Any) -> Cell:
    """Return numbers and usual texts bare, everything else as JSON."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value == value.strip() and value_of(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


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
        draft.problems += sheet.problems if sheet.name != "stances" else ()
    if "case" in known:
        _read_head(draft, known["case"])
    for name, layout in SHEETS.items():
        if name in known and name != "stances":
            read_entries(draft, layout, _table(draft, known[name], (*layout.keys, *layout.columns)))
    stances = table_in(known["stances"], NEEDED, Choices(decimal_mark="."))  # as it is written
    if stances is None:
        draft.problems.append(no_table(known["stances"], NEEDED))
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
            draft.problems.append(problem)
    table = Table(sheet, header, index, sheet.rows[1:], draft)
    if columns[0] not in index:
        draft.problems.append(sheet.problem(f"no column {columns[0]!r}", header.number))
        return replace(table, rows=())
    for row in table.rows:
        if not table.text(row, columns[0]):
            table.refuse(row, columns[0], "is blank", "fill it in or remove the row")
    return replace(table, rows=tuple(row for row in table.rows if table.text(row, columns[0])))


def _read_head(draft: Draft, sheet: Sheet) -> None:
    header, columns = Row(0, ("name", "value")), {"name": 0, "value": 1}
    table = Table(sheet, header, columns, sheet.rows, draft)
    for row in table.rows:
        name, value = table.text(row, "name"), table.text(row, "value")
        if name == "options":
            draft.put(("options",), value_of(value), table.place(row, "value"))
        elif name in HEAD:
            draft.put((name,), value or None, table.place(row, "value"))
        else:
            table.refuse(row, "name", f"unknown {name!r}", did_you_mean(name, (*HEAD, "options")))


def read_entries(draft: Draft, layout: Layout, table: Table, ids: Mapping[str, str] | None = None) -> None:
    """Put the entries of a table.

    Args:
        draft: the case in the making.
        layout: what the table holds.
        table: its rows have a first key each.
        ids: first key → id of its entry, where they differ.
    """
    *above, last = layout.keys or (next(iter(layout.columns)),)
    around = draft.document.data.get(layout.at[0], {})
    rows: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(table.rows):
        keys = [table.text(row, name) for name in layout.keys]
        entry = (ids or {}).get(keys[0], keys[0]) if keys else ""
        if layout.numbered:
            found = table.number_in(keys[-1])
            if found is None or not found.is_exact:
                table.refuse(row, last, f"{keys[-1]!r} is not a number")
                continue
            keys[-1] = number_text(found.mean)
        earlier = rows.setdefault(tuple(keys), row.number) if keys else row.number
        if above and entry not in around:
            message, hint = f"no {above[0]} is called {keys[0]!r}", did_you_mean(keys[0], ids or around)
            table.refuse(row, above[0], message, hint)
        elif earlier != row.number:
            message = f"{keys[-1]!r} stands twice (rows {earlier} and {row.number})"
            table.refuse(row, last, message, "keep one")
        else:
            given = iter([entry, *keys[1:]])
            path = (next(given) if step[0] == "{" else number if step == "#" else step for step in layout.at)
            _put_entry(draft, tuple(path), layout.columns, table, row, table.place(row, last))


def _put_entry(draft: Draft, path: Path, columns: Columns, table: Table, row: Row, place: Any) -> None:
    if all(below for _, below in columns.values()):
        draft.put(path, {}, place, once=True)
    for column, (kind, below) in columns.items():
        value = _value(kind, table.text(row, column))
        if value is not None or not below:
            value = "" if value is None and kind == TEXT else value
            draft.put((*path, *below), value, table.place(row, column), once=True)


def _value(kind: str, text: str) -> Any:
    if kind == JSON:
        return value_of(text)
    if not text:
        return None
    if kind == LIST:
        return [cells.labelled(entry)[0] for entry in cells.entries(text)]
    try:
        return parse(text).to_plain() if kind == NUMBER else text
    except QuantityError:
        return text  # the case's own check tells


def read_rest(draft: Draft, table: Table) -> None:
    """Put entries that stand beside their places."""
    parts = part_checks()
    for row in table.rows:
        text, value = table.text(row, "place"), value_of(table.text(row, "value"))
        path = path_of(text)
        known, place = path is not None and path[0] in parts, table.place(row, "value")
        if path is None or not known or not draft.put(path, value, place, once=True):
            hint = "write it like game.options.x.actor or game.infeasible[0], numbers in their order"
            table.refuse(row, "place", f"{shown(text)!r} is no place in a case, or taken", hint)


def value_of(text: str) -> Any:
    """Return what a cell says."""
    try:
        return json.loads(text, parse_constant=int)  # as which NaN and Infinity are refused
    except (ValueError, RecursionError):
        return text


def path_of(place: str) -> Path | None:
    """Return the steps of a place, or ``None`` when it cannot be read.

    >>> path_of("preferences.a.ranking[2]")
    ('preferences', 'a', 'ranking', 2)
    """
    steps = tuple(name or int(number) for name, number in _STEP.findall(place))
    return steps if 0 < len(steps) <= MOST_DEEP and dotted(steps) == place else None
