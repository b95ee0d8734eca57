"""How is a table read by people? Headings in words, numbers with even decimals, shares as percentages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.show import words
from detente.show.table import Cell, Table

TINTS = 6
SHARE = "share"  # with which the note of a column of shares begins
HEADINGS = {
    "low50": "50 % from",
    "high50": "to",
    "low80": "80 % from",
    "high80": "to",
    "low95": "95 % from",
    "high95": "to",
    "mc_error": "Monte Carlo error",
}


_NUMBER = r"[+\-−]?\d[\d,./]*(\s(%|m|bn|trn))?"
_WRITTEN = re.compile(rf"({_NUMBER}(\s(to|±)\s{_NUMBER})?( \*)?)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """Head of a column: its words, what it holds, and whether numbers stand in it."""

    text: str
    note: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as text, whether a number stands in its column, its share where it is one, and its tint, from 1."""

    text: str
    numeric: bool
    share: float | None = None
    tint: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A table in words.

    Attributes:
        headings: one per column.
        rows: cells, one per column.
    """

    headings: tuple[Heading, ...]
    rows: tuple[tuple[ShownCell, ...], ...]


def shown(table: Table, tints: Mapping[str, Sequence[str]] | None = None) -> Shown:
    """Return a table as it is read; columns without any entry are left out.

    Args:
        table: its rows.
        tints: column of texts → its values, each of which has a tint.
    """
    columns = table.to_columns()
    kept = [name for name, cells in columns.items() if any(cell not in (None, "") for cell in cells)]
    headings = tuple(
        Heading(
            table.heads.get(name, HEADINGS.get(name, name.replace("_", " "))),
            table.columns[name],
            _numeric(columns[name]) or table.columns[name].startswith(SHARE),
        )
        for name in kept
    )
    found = [_cells(table.columns[name], columns[name], (tints or {}).get(name, ())) for name in kept]
    return Shown(headings, tuple(zip(*found, strict=True)))


def _numeric(cells: Sequence[Cell]) -> bool:
    """Say whether numbers stand in a column, be they written out: ``+1.2``, ``40 to 60``, ``12 %``."""
    return all(
        _WRITTEN.fullmatch(cell)
        if isinstance(cell, str)
        else cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))
        for cell in cells
    )


def _cells(note: str, cells: Sequence[Cell], tinted: Sequence[str] = ()) -> list[ShownCell]:
    share = note.startswith(SHARE)
    numeric = share or _numeric(cells)
    places = _places(max((abs(cell) for cell in cells if isinstance(cell, float)), default=0.0))
    return [
        ShownCell(
            _text(cell, places, share=share),
            numeric,
            float(cell) if share and isinstance(cell, float | bool) else None,
            1 + tinted.index(cell) % TINTS if isinstance(cell, str) and cell in tinted else None,
        )
        for cell in cells
    ]


def _places(largest: float) -> int | None:
    """Return how many decimals a column has; ``None`` where its numbers are too large or small for any."""
    if largest >= 1e7 or 0 < largest < 1e-3:
        return None
    return 0 if largest >= 1000 else 1 if largest > 10 else 2 if largest >= 1 else 3


def _text(cell: Cell, places: int | None, *, share: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str):
        return cell
    if share and isinstance(cell, float):
        return words.percent(cell)
    if isinstance(cell, int):
        return f"{cell:,}"
    if places is None:
        return words.figures(cell, 4)
    text = f"{cell:,.{places}f}"
    return words.signed_minus(text if text.strip("-0.,") else text.removeprefix("-"))
