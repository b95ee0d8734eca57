"""How does text fit a screen of characters? Wrapped lines, aligned columns, scales drawn in plain characters."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

# What a terminal would obey instead of showing: controls (escape among them), bidirectional overrides.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
NARROWEST, WIDEST = 40, 100
GAP = "  "
NARROWEST_COLUMN = 12
LONGEST_WORD = 24  # that is not broken
TOGETHER = "\N{NO-BREAK SPACE}"


def width() -> int:
    """Return how many columns an answer may take: those of the terminal or of COLUMNS, else 80."""
    return max(NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, WIDEST))


def clean(text: str) -> str:
    r"""Return a text without the characters that a terminal obeys.

    >>> clean("Ruritania\x1b[2J")
    'Ruritania[2J'
    """
    return _OBEYED.sub("", text.replace("\t", " "))


def wrapped(text: str, size: int | None = None) -> list[str]:
    """Return a text as lines of at most ``size`` cells (the screen's width), all indented as the first is.

    Words that are held together by no-break spaces stay on one line.
    """
    text = clean(text)
    lead = " " * (len(text) - len(text.lstrip(" ")))
    size = max((width() if size is None else size) - len(lead), 1)
    lines: list[str] = []
    for word in filter(None, text.split(" ")):
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= size:
            lines[-1] += f" {word}"
        else:
            lines += chop_cells(word, size) or [word]
    return [lead + line.replace(TOGETHER, " ") for line in lines]


def paragraph(text: str, indent: str = "  ") -> list[str]:
    """Return a text as indented lines."""
    return [indent + line for line in wrapped(text, width() - cell_len(indent))]


def item(text: str, indent: str = "") -> list[str]:
    """Return a text as an item of a list, behind a dash."""
    first, *more = paragraph(text, f"{indent}  ") or [""]
    return [f"{indent}- {first.strip()}", *more]


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


def head_and_body(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], *, indent: str = "  "
) -> tuple[list[str], list[str]]:
    """Return the lines of a table's heading and of its rows, never wider than the screen.

    Texts are wrapped where the screen is narrow; where that is not enough, each row stands as lines of their own
    under its first cell. A column without any content is left out; a table whose headings are all empty has none.
    """
    columns, cells = _filled(columns, rows)
    if not columns:
        return [], []
    widths, room = _widths(columns, cells, indent)
    if sum(widths) > room:
        return [], [line for row in cells for line in _stacked(columns, row, indent)]
    heads = [column.head for column in columns]
    head = _row(columns, heads, widths, indent, heading=True) if any(heads) else []
    return head, [line for row in cells for line in _row(columns, row, widths, indent)]


def fits(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, indent: str = "  ") -> bool:
    """Say whether the rows of a table can stand side by side on the screen."""
    widths, room = _widths(*_filled(columns, rows), indent)
    return sum(widths) <= room


def _filled(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> tuple[list[Column], list[list[str]]]:
    """Return columns and cells without the columns that are empty."""
    cells = [[clean(cell) for cell in row] for row in rows]
    kept = [i for i in range(len(columns)) if not cells or any(row[i] for row in cells)]
    return [columns[i] for i in kept], [[row[i] for i in kept] for row in cells]


def _widths(columns: Sequence[Column], cells: Sequence[Sequence[str]], indent: str) -> tuple[list[int], int]:
    """Return how wide each column is, and the room for all: the widest is narrowed first, while any can give."""
    room = width() - cell_len(indent) - len(GAP) * (len(columns) - 1)
    widths, least = [], []
    for i, column in enumerate(columns):
        longest = max((cell_len(row[i]) for row in cells), default=0)
        head, word = (
            max((cell_len(word) for text in texts for word in text.split(" ")), default=0)
            for texts in ([column.head], [row[i] for row in cells])
        )
        word = min(max(word, NARROWEST_COLUMN), LONGEST_WORD, longest)
        widths.append(max(longest, cell_len(column.head)))
        least.append(max(head, word if column.wraps else longest))
    if sum(least) >= room:
        return least, room
    while sum(widths) > room:
        giving = [i for i in range(len(columns)) if widths[i] > least[i]]
        widths[max(giving, key=lambda i: widths[i])] -= 1
    return widths, room


def _row(
    columns: Sequence[Column],
    row: Sequence[str],
    widths: Sequence[int],
    indent: str,
    *,
    heading: bool = False,
) -> list[str]:
    parts = [
        (wrapped(cell, size) or [""]) if column.wraps or heading else [cell.replace(TOGETHER, " ")]
        for column, cell, size in zip(columns, row, widths, strict=True)
    ]
    lines = []
    for k in range(max(map(len, parts))):
        texts = [part[k] if k < len(part) else "" for part in parts]
        padded = (
            " " * (size - cell_len(text)) + text if column.right else text + " " * (size - cell_len(text))
            for column, text, size in zip(columns, texts, widths, strict=True)
        )
        lines.append((indent + GAP.join(padded)).rstrip())
    return lines


def _stacked(columns: Sequence[Column], row: Sequence[str], indent: str) -> list[str]:
    """Return a row as lines of their own: its first cell, then each other under it with its heading."""
    first, *more = zip(columns, row, strict=True)
    lines = paragraph(first[1], indent)
    inner = " " * (len(lines[0]) - len(lines[0].lstrip()) + 2) if lines else indent
    for column, cell in more:
        if cell:
            told = f"{column.head.replace(' ', TOGETHER)}: {cell}" if column.head else cell
            lines += paragraph(told, inner)
    return lines


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
