r"""What does a pay-off matrix say? Two players in a table, as in textbooks, or any number as lists in YAML.

In a table the rows are the first player's strategies and the columns the second's; each cell holds both payoffs,
``3,3``, ``3; 3``, ``(3, 3)`` or ``3 / 3``. The players may stand in the corner (``USA \ Russia``), or above and
beside the strategies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from detente.case.formats.draft import Draft
from detente.case.formats.sheet import Row, Sheet
from detente.case.formats.strategic import Cell, Payoffs, StrategicForm, read_form, too_large
from detente.case.reading import Document, Path
from detente.case.validation import as_list, as_mapping, shown
from detente.errors import FormatError

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


def read_payoffs(sheet: Sheet, stem: str) -> Document:
    """Return the data of the game in a pay-off matrix, as far as it can be read, and what is wrong.

    Raises:
        FormatError: the game is too large.
    """
    draft = Draft(file=sheet.file)
    body = [row for row in sheet.rows if any(pair(cell) for cell in row.cells)]
    first = min(index for row in body for index, cell in enumerate(row.cells) if pair(cell))
    last = max(len(row.cells) for row in body)
    heads = [row for row in sheet.rows if row.number < body[0].number]
    strategies = (
        _named([row.cell(first - 1) if first else "" for row in body]),
        _named([heads[-1].cell(index) if heads else "" for index in range(first, last)]),
    )
    if large := too_large([len(of) for of in strategies]):
        raise FormatError([sheet.problem(large, body[0].number, None, "leave out strategies")])
    payoffs: dict[Cell, Payoffs] = {}
    hint = "write both payoffs in each cell, the row player's first: 3, 3; with a point in decimals: 2.5, 3"
    for r, row in enumerate(body):
        for c, index in enumerate(range(first, last)):
            text, found = row.cell(index), pair(row.cell(index))
            if found is not None:
                payoffs[r, c] = found
            else:
                message = f"{shown(text)!r} is no pair of payoffs" if text else "the payoffs are missing"
                draft.document.problems.append(sheet.problem(message, row.number, index + 1, hint))
    for row in sheet.rows:
        if row not in body and row not in heads:
            below = sheet.problem("a row below the matrix", row.number, 1, "leave only the matrix")
            draft.document.problems.append(below)
    unread = tuple(cell for cell in product(range(len(body)), range(last - first)) if cell not in payoffs)
    form = StrategicForm(stem, _players(heads, body, first), strategies, payoffs, unread)
    return read_form(form, sheet.file, draft.document.problems)


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


def read_lists(document: Document, file: str, stem: str) -> Document:
    """Return the data of the game that lists in YAML say: ``players``, ``strategies``, and nested ``payoffs``.

    What is wrong with payoffs is noted beside the game as far as it can be read, each with its place.

    Raises:
        FormatError: players or strategies are missing or wrong, or the game is too large.
    """
    draft, data = Draft(document, file), document.data

    def refuse(path: Path, message: str, hint: str, value: object = None) -> None:
        draft.refuse(document.place(path), message, hint, value)

    for key in data:
        if key not in ("title", "note", "players", "strategies", "payoffs"):
            refuse((key,), f"unknown key {shown(key)!r}", "known are title, players, strategies, payoffs")
    players = [str(player) for player in as_list(data.get("players"))]
    if len(players) < 2 or len(set(players)) < len(players):
        refuse(("players",), "needs two players or more, each once", "write players: [A, B]")
        draft.end()
    stated = data.get("strategies")
    listed = as_list(stated) or [as_mapping(stated).get(player) for player in players]
    strategies = tuple(tuple(str(one) for one in as_list(of)) for of in listed)
    if len(strategies) != len(players) or not all(strategies):
        hint = f"write strategies: {{{players[0]}: [Yes, No], …}}"
        refuse(("strategies",), "each player needs its strategies", hint)
        draft.end()
    if large := too_large([len(of) for of in strategies]):
        refuse(("strategies",), large, "leave out strategies")
        draft.end()

    def paid(cell: Cell) -> Payoffs | None:
        """Return what a combination pays: the entry of the nested lists, first player outermost."""
        at: Any = data["payoffs"]
        for depth, number in enumerate(cell):
            if not isinstance(at, list) or number >= len(at):
                hint = "nest the lists as the players stand: a row per strategy of the first"
                message = f"{players[depth]} has a strategy here without payoffs"
                refuse(("payoffs", *cell[:depth]), message, hint)
                return None
            at = at[number]
        found = [_read_amount(one) for one in at] if isinstance(at, list) else list(pair(str(at)) or ())
        if len(found) != len(players) or None in found:
            hint = f"write {len(players)} numbers, one per player: [{', '.join('3' * len(players))}]"
            refuse(("payoffs", *cell), f"is no payoff for each of {len(players)} players", hint, at)
            return None
        return tuple(one for one in found if one is not None)

    combinations = list(product(*(range(len(of)) for of in strategies)))
    payoffs = {cell: found for cell in combinations if (found := paid(cell)) is not None}
    unread = tuple(cell for cell in combinations if cell not in payoffs)
    form = StrategicForm(str(data.get("title") or stem), tuple(players), strategies, payoffs, unread)
    return read_form(form, file, list(dict.fromkeys(draft.document.problems)))


def _read_amount(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    text = str(value).strip()
    return _amount(text) if re.fullmatch(_AMOUNT, text) else None
