"""How do rows become entries of a case, and entries rows? By paths with holes that columns fill."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from detente.case.formats import cells
from detente.case.formats.cells import Cell
from detente.case.formats.draft import Draft
from detente.case.formats.sheet import Row
from detente.case.formats.table import Table
from detente.case.reading import Path, Place, dotted
from detente.case.text import IDENTIFIER
from detente.case.validation import shown
from detente.errors import QuantityError, did_you_mean
from detente.quantity import parse
from detente.quantity.quantity import number_text

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
    """

    at: tuple[str, ...]
    columns: Columns
    numbered: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns with the keys of an entry."""
        return tuple(step[1:-1] for step in self.at if step.startswith("{"))

    def rows(self, data: Mapping[str, Any]) -> list[list[Cell]]:
        """Return the rows for what plain data of a case hold."""
        return [
            [*keys, *(_cell(kind, _below(entry, path)) for kind, path in self.columns.values())]
            for keys, entry in self._entries(data, self.at)
        ]

    def _entries(self, node: Any, at: tuple[str, ...]) -> Iterator[tuple[list[Cell], Any]]:
        if not at:
            yield [], node
        elif at[0] == "#":
            yield from (([], entry) for entry in node or ())
        elif at[0].startswith("{"):
            for key, below in (node or {}).items():
                cell = _cell(NUMBER, key) if self.numbered and len(at) == 1 else key
                yield from (([cell, *keys], entry) for keys, entry in self._entries(below, at[1:]))
        else:
            yield from self._entries((node or {}).get(at[0]), at[1:])


def _below(entry: Any, path: Path) -> Any:
    for step in path:
        entry = entry.get(step) if isinstance(entry, dict) else None if entry is None else entry[step]
    return entry


def _cell(kind: str, value: Any) -> Cell:
    if kind == JSON:
        return cell_of(value)
    if value is None:
        return None
    if kind == LIST:
        return cells.joined(value) or None
    return cells.plain(parse(value)) if kind == NUMBER else str(value)


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


def _put_entry(draft: Draft, path: Path, columns: Columns, table: Table, row: Row, place: Place) -> None:
    if all(below for _, below in columns.values()):
        assign(draft, path, {}, place)
    for column, (kind, below) in columns.items():
        value = _value(kind, table.text(row, column))
        if value is not None or not below:
            value = "" if value is None and kind == TEXT else value
            assign(draft, (*path, *below), value, table.place(row, column))


def assign(draft: Draft, path: Path, value: Any, place: Place) -> bool:
    """Put a value where a path says; tell whether that was possible."""
    document = draft.document
    if not put(document.data, path, value):
        return False
    for depth in range(1, len(path) + 1):
        document.keys.setdefault(path[:depth], place)
    document.values[path] = place
    return True


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


# --- places --------------------------------------------------------------------------------------


def read_rest(draft: Draft, table: Table) -> None:
    """Put entries that stand beside their places."""
    for row in table.rows:
        text, value = table.text(row, "place"), value_of(table.text(row, "value"))
        path = path_of(text)
        if path is None or not assign(draft, path, value, table.place(row, "value")):
            hint = "write it like game.options.x.actor or game.infeasible[0], numbers in their order"
            table.refuse(row, "place", f"{shown(text)!r} is no place in a case, or taken", hint)


def rest_rows(rest: Mapping[str, Any]) -> list[list[Cell]]:
    """Return the rows of plain data, the headings first."""
    entries = _entries(rest, ())
    return [list(PLACES), *([dotted(path), cell_of(value)] for path, value in entries)]


def rest_of(data: Mapping[str, Any], held: Mapping[str, frozenset[str] | None]) -> dict[str, Any]:
    """Return what of a case other sheets do not hold; ``held``: part → fields that they do, ``None`` for all."""
    rest: dict[str, Any] = {}
    for part, content in data.items():
        fields = held.get(part, frozenset())
        if part not in held:
            rest[part] = content
        elif fields is not None:
            left = _without(content, fields, 2 if part == "stances" else 1)
            if left:
                rest[part] = left
    return rest


def _without(content: Mapping[str, Any], fields: frozenset[str], depth: int) -> dict[str, Any]:
    if depth == 0:
        return {name: value for name, value in content.items() if name not in fields}
    left = {key: _without(value, fields, depth - 1) for key, value in content.items()}
    return {key: value for key, value in left.items() if value}


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


def value_of(text: str) -> Any:
    """Return what a cell says."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text


def _refuse(name: str) -> None:
    raise ValueError(name)


def path_of(place: str) -> Path | None:
    """Return the steps of a place, or ``None`` when it cannot be read.

    >>> path_of("preferences.a.ranking[2]")
    ('preferences', 'a', 'ranking', 2)
    """
    steps: list[str | int] = []
    at = 0
    for match in _STEP.finditer(place):
        if match.start() != at:
            return None
        at = match.end()
        steps.append(match[1] if match[2] is None else int(match[2]))
    return tuple(steps) if steps and at == len(place) and len(steps) <= MOST_DEEP else None


def put(data: dict[str, Any], path: Path, value: Any) -> bool:
    """Put a value where a path says, making what is on the way; tell whether that was possible.

    An entry of a list is put at its end: entries come in their order, and their numbers only tell them apart.
    """
    parent: Any = data
    for step, following in zip(path, (*path[1:], None), strict=True):
        fresh: Any = value if following is None else ([] if isinstance(following, int) else {})
        if isinstance(step, int):
            if not isinstance(parent, list) or step > len(parent):
                return False
            if step == len(parent):
                parent.append(fresh)
            elif following is None:
                return False
            parent = parent[step]
        else:
            if not isinstance(parent, dict) or (following is None and step in parent):
                return False
            parent = parent.setdefault(step, fresh)
    return True
