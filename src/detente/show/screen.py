"""How are blocks printed on a screen of characters? Wrapped text, aligned columns, scales in plain characters."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, chop_cells

from detente.show import blocks as kit
from detente.show.cells import shown
from detente.show.words import percent

# What a terminal would obey instead of showing: controls (escape among them), bidirectional overrides.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
NARROWEST, WIDEST = 40, 100
GAP = "  "
SHORTEST_STRIP, LONGEST_STRIP = 11, 21
Style = Literal["", "bold", "dim"]
Styled = tuple[str, Style]
NARROWEST_NAME = 12


def width() -> int:
    """Return how many columns an answer may take: those of the terminal or of COLUMNS, else 80."""
    return max(NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, WIDEST))


def clean(text: str) -> str:
    r"""Return a text without the characters that a terminal obeys.

    >>> clean("Ruritania\x1b[2J")
    'Ruritania[2J'
    """
    return _OBEYED.sub("", text.replace("\t", " "))


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
    cells = [[clean(cell).replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in rows]
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
    for word in text.split(" "):
        if not word:
            continue
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= size:
            lines[-1] += f" {word}"
        else:
            lines += chop_cells(word, size) or [word]
    return [lead + line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def paragraph(text: str, indent: str = "  ") -> list[str]:
    """Return a text as indented lines."""
    return [indent + line for line in wrapped(text, width() - cell_len(indent))]


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


# --- blocks ---------------------------------------------------------------------------------------


def section_lines(section: kit.Section, *, titled: bool) -> Iterator[Styled]:
    """Yield the lines of a section; its title only where there are several sections."""
    body = list(block_lines(section.blocks))
    if body and titled:
        yield "", ""
        yield section.title, "bold"
    yield from body


def block_lines(found: Iterable[kit.Block]) -> Iterator[Styled]:
    """Yield the lines of blocks, each with its style; what is for pages only is left out."""
    for block in found:
        if block.on != "page":
            yield from _lines(block)


def _lines(block: kit.Block) -> Iterator[Styled]:
    if isinstance(block, kit.Lead):
        yield "", ""
        yield from ((line, "bold") for line in wrapped(block.text))
    elif isinstance(block, kit.Prose):
        yield from ((line, "dim" if block.quiet else "") for line in paragraph(block.text))
    elif isinstance(block, kit.Heading):
        yield from (("", ""), (block.text, "bold"))
    elif isinstance(block, kit.Listing):
        yield from ((line, "") for item in block.items for line in _item(item))
    elif isinstance(block, kit.Notes):
        yield from ((line, "") for term, told in block.items for line in paragraph(f"{term}: {told}"))
    elif isinstance(block, kit.Verdict):
        yield from _verdict(block)
    elif isinstance(block, kit.Gauges):
        yield "", ""
        yield from _headed(_gauges(block))
    elif isinstance(block, kit.TableBlock):
        yield "", ""
        yield from _table_block(block)


def _item(text: str) -> list[str]:
    first, *more = paragraph(text, indent="    ") or [""]
    return [f"  - {first.strip()}", *more]


def _headed(lines: Sequence[str]) -> Iterator[Styled]:
    """Yield the lines of a table, its heading dim."""
    for number, line in enumerate(lines):
        yield line, "" if number else "dim"


def _verdict(block: kit.Verdict) -> Iterator[Styled]:
    yield "", ""
    told = f"{block.name}: {block.status}" if block.status else block.name
    yield from ((line, "bold") for line in wrapped(told))
    yield from ((line, "") for text in block.says for line in paragraph(text))
    if block.shares:
        told = "; ".join(f"{one.name} {percent(one.share)}" for one in block.shares)
        yield from ((line, "dim") for line in paragraph(told))


def _gauges(block: kit.Gauges) -> list[str]:
    name, value, span, beside = block.heads
    columns = [
        Column(name, wraps=True),
        Column(value, right=True),
        Column(span, right=True),
        Column(beside, right=True),
    ]
    texts = [[row.name, row.value, row.span, row.beside] for row in block.rows]
    taken = sum(max(cell_len(row[i]) for row in [block.heads, *texts]) + len(GAP) for i in range(1, 4))
    longest = max(cell_len(row.name) for row in block.rows)
    room = width() - taken - 2 * len(GAP)
    size = min(max(room - longest, SHORTEST_STRIP), LONGEST_STRIP)
    if room < SHORTEST_STRIP + NARROWEST_NAME:
        return table(columns, texts)
    drawn = [_strip(row.strip, size) for row in block.rows]
    return table([*columns, Column("")], [[*row, one] for row, one in zip(texts, drawn, strict=True)])


def _strip(of: kit.Strip, size: int) -> str:
    span = of.spans.get("80", (of.at, of.at))
    return strip(of.low, of.high, span, of.at, also=of.no_deal, size=size)


def _table_block(block: kit.TableBlock) -> Iterator[Styled]:
    read = shown(block.table.only(block.screen) if block.screen else block.table)
    columns = [Column(one.text, right=one.numeric, wraps=not one.numeric) for one in read.headings]
    rows = read.rows if block.most is None else read.rows[: block.most]
    yield from _headed(table(columns, [[cell.text for cell in row] for row in rows]))
    left = len(read.rows) - len(rows)
    if left:
        yield f"  and {left:,} more; --json has them all", "dim"
