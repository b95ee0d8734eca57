"""How do the parts of a case that are no tables stand in a workbook? One row per entry: its place, and its value.

The place is written as in messages: ``game.options.x.actor``, ``game.infeasible[0]``. A text or number stands
bare; what has parts that are no entries of their own (a group of equally good states) stands as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from detente.case.formats.cells import Cell
from detente.case.reading import Path, dotted
from detente.case.text import IDENTIFIER

COLUMNS = ("place", "value")
MOST_DEEP = 12
_STEP = re.compile(r"(?:^|(?<=.)\.)([^\W_][\w-]*)|\[(\d{1,6})\]")


def rest_rows(rest: Mapping[str, Any]) -> list[list[Cell]]:
    """Return the rows of plain data, the headings first."""
    entries = _entries(rest, ())
    return [list(COLUMNS), *([dotted(path), cell_of(value)] for path, value in entries)]


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
