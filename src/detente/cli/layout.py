"""How do numbers and names stand on a narrow screen? In aligned columns of plain characters, names wrapped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from detente.cli.output import clean, width

GAP = "  "
MINUS = "\N{MINUS SIGN}"
NARROWEST_NAME = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table on the screen.

    Attributes:
        head: heading.
        right: whether its cells stand against the right edge, as numbers do.
        wraps: whether its cells may be broken into several lines when the screen is too narrow.
    """

    head: str
    right: bool = False
    wraps: bool = False


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Return the lines of a table, its heading first, no wider than the screen if wrapping can make it so.

    A column without any content is left out; a table whose headings are all empty has no heading.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    kept = [i for i in range(len(columns)) if not cells or any(row[i] for row in cells)]
    columns, cells = [columns[i] for i in kept], [[row[i] for i in kept] for row in cells]
    heads = [column.head for column in columns]
    widths = [
        max([cell_len(heads[i]), *(cell_len(row[i]) for row in cells)], default=0)
        for i in range(len(columns))
    ]
    _shrink(columns, widths, width() - cell_len(indent) - len(GAP) * (len(columns) - 1))
    lines = []
    for row in [heads, *cells] if any(heads) else cells:
        parts = [
            (wrapped(cell, widths[i]) or [""]) if columns[i].wraps else [cell] for i, cell in enumerate(row)
        ]
        for k in range(max(map(len, parts))):
            texts = [part[k] if k < len(part) else "" for part in parts]
            padded = (
                _padded(text, widths[i], columns[i].right, last=i == len(columns) - 1)
                for i, text in enumerate(texts)
            )
            lines.append((indent + GAP.join(padded)).rstrip())
    return lines


def _shrink(columns: Sequence[Column], widths: list[int], room: int) -> None:
    """Narrow the columns that may be wrapped, the widest first, until all fit or none can give more."""
    while sum(widths) > room:
        wrapping = [i for i, column in enumerate(columns) if column.wraps and widths[i] > NARROWEST_NAME]
        if not wrapping:
            return
        widths[max(wrapping, key=lambda i: widths[i])] -= 1


def _padded(text: str, size: int, right: bool, *, last: bool) -> str:
    blank = " " * (size - cell_len(text))
    if right:
        return blank + text
    return text if last else text + blank


def wrapped(text: str, size: int | None = None) -> list[str]:
    """Return a text as lines of at most ``size`` cells (the screen's width), all indented as the first is."""
    text = clean(text)
    lead = " " * (len(text) - len(text.lstrip(" ")))
    size = max((width() if size is None else size) - len(lead), 1)
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= size:
            lines[-1] += f" {word}"
        else:
            lines += chop_cells(word, size) or [word]
    return [lead + line for line in lines]


def paragraph(text: str, indent: str = "  ") -> list[str]:
    """Return a text as indented lines."""
    return [indent + line for line in wrapped(text, width() - cell_len(indent))]


def decimals(span: float) -> int:
    """Return how many decimals a number on a scale of that width deserves: no finer than one in two thousand.

    >>> decimals(1), decimals(12), decimals(100), decimals(600)
    (3, 2, 1, 0)
    """
    return min(max(math.floor(math.log10(2000 / span)), 0), 9) if 0 < span < math.inf else 1


def number(value: float, places: int) -> str:
    """Return a number with a fixed count of decimals and a true minus sign, never a negative zero."""
    text = f"{abs(value):,.{places}f}"
    return f"{MINUS}{text}" if value < 0 and text.strip("0.,") else text


def signed(value: float, places: int) -> str:
    """Return a difference with its sign; nothing is a bare zero."""
    text = number(value, places)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def interval(ends: tuple[float, float], places: int, *, signs: bool = False) -> str:
    """Return an interval as ``low to high``."""
    low, high = (signed(end, places) if signs else number(end, places) for end in ends)
    return f"{low} to {high}"


def strip(
    low: float,
    high: float,
    span: tuple[float, float],
    point: float,
    *,
    mark: str = "o",
    also: float | None = None,
    size: int = 21,
) -> str:
    """Return a scale as characters: dots, dashes for an interval, a mark for a point, ``|`` for another.

    >>> strip(0, 100, (40, 60), 50, also=0)
    '|.......--o--........'
    """

    def at(value: float) -> int:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(min(max(share, 0.0), 1.0) * (size - 1))

    marks = ["."] * size
    marks[at(span[0]) : at(span[1]) + 1] = "-" * (at(span[1]) - at(span[0]) + 1)
    if also is not None:
        marks[at(also)] = "|"
    marks[at(point)] = mark
    return "".join(marks)


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    >>> counted(1, "actor"), counted(2, "actor"), counted(0, "country", "countries")
    ('1 actor', '2 actors', '0 countries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
