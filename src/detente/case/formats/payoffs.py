r"""What does a pay-off matrix say? Two players in a table, as in textbooks, or any number as lists in YAML.

In a table the rows are the first player's strategies and the columns the second's; each cell holds both payoffs,
``3,3``, ``3; 3``, ``(3, 3)`` or ``3 / 3``. The players may stand in the corner (``USA \ Russia``), or above and
beside the strategies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from detente.case.formats.sheet import Row, Sheet
from detente.case.formats.strategic import Cell, Payoffs, StrategicForm, too_large
from detente.case.reading import Document, Path
from detente.case.validation import as_list, as_mapping, shown
from detente.errors import FormatError, Problem

_AMOUNT = r"[+\-−]?\d{1,15}(?:\.\d{1,15}|/[1-9]\d{0,14})?"
_PAIR = re.compile(rf"[(\[]?\s*({_AMOUNT})\s*(?:[,;/|]|\s)\s*({_AMOUNT})\s*[)\]]?")
_CORNER = re.compile(r"\s*(.+?)\s*(?:\\|/|\||\bvs\.?\b)\s*(.+?)\s*")
_PLAYERS = ("Row player", "Column player")


def pair(text: str) -> Payoffs | None:
    """Return the payoffs in a cell, the first player's first, or ``None``.

    >>> pair("(3, -1.5)")
    (Fraction(3, 1), Fraction(-3, 2))
    """
    found = _PAIR.fullmatch(text.strip())
    return (_amount(found[1]), _amount(found[2])) if found else None


def _amount(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))


def pairs_in(sheet: Sheet) -> int:
    """Return how many cells of a sheet hold two payoffs."""
    return sum(pair(cell) is not None for row in sheet.rows for cell in row.cells)


def is_payoffs(sheet: Sheet) -> bool:
    """Tell whether a sheet is a pay-off matrix: beyond its headings most cells hold two payoffs."""
    rows = [[pair(cell) is not None for cell in row.cells] for row in sheet.rows]
    first = min((row.index(True) for row in rows if any(row)), default=0)
    grid = [is_pair for row in rows if any(row) for is_pair in row[first:]]
    most_rows = 2 * sum(map(any, rows)) + 2 > len(rows)
    return most_rows and sum(grid) >= 2 and len(grid) <= 2 * sum(grid)


def form_in(sheet: Sheet, stem: str) -> tuple[StrategicForm, list[Problem]]:
    """Return the game in a pay-off matrix, as far as it can be read, and what is wrong, with its place.

    Raises:
        FormatError: the game is too large.
    """
    body = [row for row in sheet.rows if any(pair(cell) for cell in row.cells)]
    first = min(index for row in body for index, cell in enumerate(row.cells) if pair(cell))
    last = max(len(row.cells) for row in body)
    heads = [row for row in sheet.rows if row.number < body[0].number]
    problems = list(_wrong(sheet, body, first, last))
    problems += [
        sheet.problem("a row below the matrix", row.number, 1, "leave only the matrix")
        for row in sheet.rows
        if row not in body and row not in heads
    ]
    columns = [heads[-1].cell(index) if heads else "" for index in range(first, last)]
    rows = [row.cell(first - 1) if first else "" for row in body]
    strategies = (_named(rows), _named(columns))
    if large := too_large([len(of) for of in strategies]):
        raise FormatError([sheet.problem(large, body[0].number, None, "leave out strategies")])
    payoffs: dict[Cell, Payoffs] = {
        (r, c): found
        for r, row in enumerate(body)
        for c in range(last - first)
        if (found := pair(row.cell(first + c))) is not None
    }
    unread = tuple(cell for cell in product(range(len(body)), range(last - first)) if cell not in payoffs)
    return StrategicForm(stem, _players(heads, body, first), strategies, payoffs, unread), problems


def _wrong(sheet: Sheet, body: list[Row], first: int, last: int) -> Iterator[Problem]:
    hint = "write both payoffs in each cell, the row player's first: 3, 3; with a point in decimals: 2.5, 3"
    for row in body:
        for index in range(first, last):
            text = row.cell(index)
            if pair(text) is None:
                message = f"{shown(text)!r} is no pair of payoffs" if text else "the payoffs are missing"
                yield sheet.problem(message, row.number, index + 1, hint)


def _named(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name or str(number) for number, name in enumerate(names, start=1))


def _players(heads: list[Row], body: list[Row], first: int) -> tuple[str, str]:
    """Return the names of the players: in the corner, or above the columns and beside the rows."""
    corner = heads[-1].cell(max(first - 1, 0)) if heads and first else ""
    both = _CORNER.fullmatch(corner)
    if both:
        return both[1], both[2]
    above = [cell for cell in (heads[-2].cells if len(heads) > 1 else ()) if cell]
    beside = [row.cell(first - 2) for row in body if row.cell(first - 2)] if first > 1 else []
    return (beside[0] if beside else corner or _PLAYERS[0]), (above[-1] if above else _PLAYERS[1])


# --- in YAML -------------------------------------------------------------------------------------


def says_payoffs(data: object) -> bool:
    """Tell whether the data of a file is a game in payoffs, and no case."""
    return isinstance(data, Mapping) and "payoffs" in data and "actors" not in data and "detente" not in data


def form_of(document: Document, file: str, stem: str) -> tuple[StrategicForm, list[Problem]]:
    """Return the game that lists in YAML say: ``players``, ``strategies`` of each, and nested ``payoffs``.

    What is wrong with payoffs is returned with the game as far as it can be read, each with its place.

    Raises:
        FormatError: players or strategies are missing or wrong, or the game is too large.
    """
    return _Lists(document, file).form(stem)


class _Lists:
    def __init__(self, document: Document, file: str) -> None:
        self.document, self.file = document, file
        self.data: Mapping[str, Any] = document.data
        self.problems: list[Problem] = []

    def refuse(self, path: Path, message: str, hint: str | None = None, value: object = None) -> None:
        place = self.document.place(path)
        where = (place.line, place.column) if place else (None, None)
        given = None if value is None else shown(value)
        self.problems.append(Problem(message, "", given, hint, self.file, *where))

    def form(self, stem: str) -> tuple[StrategicForm, list[Problem]]:
        for key in self.data:
            if key not in ("title", "note", "players", "strategies", "payoffs"):
                self.refuse(
                    (key,), f"unknown key {shown(key)!r}", "known are title, players, strategies, payoffs"
                )
        players = [str(player) for player in as_list(self.data.get("players"))]
        if len(players) < 2 or len(set(players)) < len(players):
            self.refuse(("players",), "needs two players or more, each once", "write players: [A, B]")
            raise FormatError(self.problems)
        stated = self.data.get("strategies")
        listed = as_list(stated) or [as_mapping(stated).get(player) for player in players]
        strategies = tuple(tuple(str(one) for one in as_list(of)) for of in listed)
        if len(strategies) != len(players) or not all(strategies):
            hint = f"write strategies: {{{players[0]}: [Yes, No], …}}"
            self.refuse(("strategies",), "each player needs its strategies", hint)
            raise FormatError(self.problems)
        if large := too_large([len(of) for of in strategies]):
            self.refuse(("strategies",), large, "leave out strategies")
            raise FormatError(self.problems)
        cells = tuple(product(*(range(len(of)) for of in strategies)))
        read = {cell: self.payoffs(cell, len(players)) for cell in cells}
        payoffs = {cell: found for cell, found in read.items() if found is not None}
        unread = tuple(cell for cell in cells if cell not in payoffs)
        title = str(self.data.get("title") or stem)
        form = StrategicForm(title, tuple(players), strategies, payoffs, unread)
        return form, list(dict.fromkeys(self.problems))

    def payoffs(self, cell: tuple[int, ...], players: int) -> Payoffs | None:
        """Return what a combination pays: the entry of the nested lists, first player outermost."""
        at: Any = self.data["payoffs"]
        for depth, number in enumerate(cell):
            if not isinstance(at, list) or number >= len(at):
                path: Path = ("payoffs", *cell[:depth])
                message = f"{self.data['players'][depth]} has a strategy here without payoffs"
                self.refuse(
                    path, message, "nest the lists as the players stand: a row per strategy of the first"
                )
                return None
            at = at[number]
        found = [_read_amount(one) for one in at] if isinstance(at, list) else list(pair(str(at)) or ())
        if len(found) != players or any(one is None for one in found):
            hint = f"write {players} numbers, one per player: [{', '.join('3' * players)}]"
            self.refuse(("payoffs", *cell), f"is no payoff for each of {players} players", hint, at)
            return None
        return tuple(one for one in found if one is not None)


def _read_amount(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    text = str(value).strip()
    return _amount(text) if re.fullmatch(_AMOUNT, text) else None
