"""How is a table read by people? Headings in words, numbers with even decimals, shares as percentages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

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


class Heading(NamedTuple):
    """Head of a column: its words, what it holds, and whether numbers stand in it."""

    text: str
    note: str
    numeric: bool


class ShownCell(NamedTuple):
    """A cell as text, whether a number stands in its column, its share where it is one, and its tint, from 1."""

    text: str
    numeric: bool
    share: float | None = None
    tint: int | None = None


class Shown(NamedTuple):
    """A table in words: a heading per column, and rows of cells."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[ShownCell, ...], ...]


def shown(table: Table, tints: Mapping[str, Sequence[str]] | None = None) -> Shown:
    """Return a table as it is read; columns without any entry are left out.

    Args:
        table: its rows.
        tints: column of texts → its values, each of which has a tint.
    """
    headings, found = [], []
    for name, cells in table.to_columns().items():
        if any(cell not in (None, "") for cell in cells):
            note, tinted = table.columns[name], (tints or {}).get(name, ())
            share = note.startswith(SHARE)
            numeric = share or _numeric(cells)
            heading = table.heads.get(name, HEADINGS.get(name, name.replace("_", " ")))
            headings.append(Heading(heading, note, numeric))
            places = _places(max((abs(cell) for cell in cells if isinstance(cell, float)), default=0.0))
            found.append(
                [
                    ShownCell(
                        _text(cell, places, share=share),
                        numeric,
                        float(cell) if share and isinstance(cell, float | bool) else None,
                        1 + tinted.index(cell) % TINTS if isinstance(cell, str) and cell in tinted else None,
                    )
                    for cell in cells
                ]
            )
    return Shown(tuple(headings), tuple(zip(*found, strict=True)))


def _numeric(cells: Sequence[Cell]) -> bool:
    """Say whether numbers stand in a column, be they written out: ``+1.2``, ``40 to 60``, ``12 %``."""
    return all(
        _WRITTEN.fullmatch(cell)
        if isinstance(cell, str)
        else cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))
        for cell in cells
    )


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
