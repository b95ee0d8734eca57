"""How are blocks printed on a screen of characters? As lines with a style; figures and details are for pages."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from rich.cells import cell_len

from detente.show import blocks as kit
from detente.show import words
from detente.show.cells import shown
from detente.show.columns import (
    GAP,
    NARROWEST_COLUMN,
    TOGETHER,
    Column,
    fits,
    head_and_body,
    item,
    paragraph,
    strip,
    width,
    wrapped,
)

SHORTEST_STRIP, LONGEST_STRIP = 11, 21
UNDER_HEADINGS = {"gauges", "table"}
APART = UNDER_HEADINGS | {"lead", "heading", "verdict"}  # blocks before which a line is left empty
Style = Literal["", "bold", "dim"]
Styled = tuple[str, Style]


def chapter_lines(chapter: kit.Chapter, *, caution: bool) -> Iterator[Styled]:
    """Yield the lines of a chapter: its answer, its sections and, where asked, what its numbers are not."""
    yield "", ""
    yield from _styled(wrapped(chapter.rung.sentence), "bold")
    for section in chapter.sections:
        yield from section_lines(section, titled=len(chapter.sections) > 1)
    if chapter.caution and caution:
        yield "", ""
        yield from _styled(wrapped(chapter.caution), "dim")


def section_lines(section: kit.Section, *, titled: bool) -> Iterator[Styled]:
    """Yield the lines of a section; its title only where there are several sections."""
    body = list(block_lines(section.blocks))
    if body and titled:
        yield "", ""
        yield from _styled(wrapped(section.title), "bold")
    yield from body


def block_lines(found: Iterable[kit.Block]) -> Iterator[Styled]:
    """Yield the lines of blocks, each with its style; what is for pages only is left out."""
    headed, told = False, set[str]()
    for block in found:
        if block.on == "page":
            continue
        if block.kind in APART and not (headed and block.kind in UNDER_HEADINGS):
            yield "", ""
        yield from _lines(block, told)
        headed = block.kind == "heading"


def _styled(lines: Iterable[str], style: Style = "") -> Iterator[Styled]:
    for line in lines:
        yield line, style


def _lines(block: kit.Block, told: set[str]) -> Iterator[Styled]:
    """Yield the lines of a block; ``told`` holds what was said already of signs that are drawn."""
    match block:
        case kit.Lead() | kit.Heading():
            yield from _styled(wrapped(block.text), "bold")
        case kit.Prose():
            yield from _styled(paragraph(block.text), "dim" if block.quiet else "")
        case kit.Listing():
            yield from _styled(paragraph(block.head) if block.head else ())
            yield from _styled(
                line for one in block.items for line in item(one, "    " if block.head else "  ")
            )
        case kit.Notes():
            yield from _styled(_notes(block))
        case kit.Verdict():
            yield from _verdict(block)
        case kit.Gauges():
            yield from _gauges(block)
        case kit.TableBlock():
            yield from _table(block, told)


def _notes(block: kit.Notes) -> Iterator[str]:
    """Yield terms with what is said of them; points of a scale one under the other."""
    scale = all(term.lstrip("-").replace(".", "", 1).isdecimal() for term, _ in block.items)
    size = max((len(term) for term, _ in block.items), default=0) + 4
    for term, told in block.items:
        if not scale:
            yield from paragraph(f"{term}: {told}")
            continue
        first, *more = paragraph(told, " " * (size + 2)) or [""]
        yield f"{term:>{size}}  {first.strip()}"
        yield from more


def _verdict(block: kit.Verdict) -> Iterator[Styled]:
    yield from _styled(wrapped(f"{block.name}: {block.status}" if block.status else block.name), "bold")
    yield from _styled(line for text in block.says for line in paragraph(text))
    told = "; ".join(f"{one.name} {words.percent(one.share)}" for one in block.shares)
    yield from _styled(paragraph(told) if told else (), "dim")


def _gauges(block: kit.Gauges) -> Iterator[Styled]:
    if not block.rows:
        return
    name, *others = block.heads
    columns = [Column(name, wraps=True), *(Column(head, right=True) for head in others)]
    rows = [[row.name, row.value, row.span, row.beside] for row in block.rows]
    yield from _drawn(columns, rows, [row.strip for row in block.rows])


def _drawn(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    strips: Sequence[kit.Strip],
    *,
    ends: bool = False,
) -> Generator[Styled, None, bool]:
    """Yield a table with strips where there is room, and return whether; where asked, under their ends."""
    heads = [column.head for column in columns]
    longest = [max(cell_len(row[i]) for row in [heads, *rows]) for i in range(len(columns))]
    kept = [(columns[i].wraps, longest[i]) for i in range(len(columns)) if any(row[i] for row in rows)]
    free = width() - 2 - len(GAP) * len(kept)
    room = free - sum(min(most, NARROWEST_COLUMN) if wraps else most for wraps, most in kept)
    if room < SHORTEST_STRIP:
        plain = [replace(column, head=re.sub("^[o|-] ", "", column.head)) for column in columns]
        yield from _table_lines(plain, rows)
        return False
    size = min(max(free - sum(most for _, most in kept), SHORTEST_STRIP), LONGEST_STRIP)
    low, high = f"{strips[0].low:g}", f"{strips[0].high:g}"
    gap = size - len(low) - len(high)
    head = low + TOGETHER * gap + high if ends and gap > 0 else ""
    drawn = (
        strip(of.low, of.high, of.spans.get("80", (of.at, of.at)), of.at, also=of.no_deal, size=size)
        for of in strips
    )
    longer = ([*row, one] for row, one in zip(rows, drawn, strict=True))
    yield from _table_lines([*columns, Column(head)], longer)
    return True


def _table(block: kit.TableBlock, told: set[str]) -> Iterator[Styled]:
    read = shown(block.table.only(block.screen) if block.screen else block.table)
    columns = [Column(one.text, right=one.numeric, wraps=not one.numeric) for one in read.headings]
    rows = [[cell.text for cell in row] for row in read.rows[: block.most]]
    kept = len(columns)
    if not (block.screen or block.grouped):  # nobody chose the columns: the first that fit
        while kept > 2 and not fits(columns[:kept], [row[:kept] for row in rows]):
            kept -= 1
    columns, rows, cut = columns[:kept], [row[:kept] for row in rows], len(columns) - kept
    if block.strips:
        drawn = yield from _drawn(columns, rows, block.strips[: len(rows)], ends=True)
        if drawn and block.drawn not in told:
            told.add(block.drawn)
            yield from _styled(paragraph(block.drawn), "dim")
    else:
        yield from (_grouped if block.grouped else _table_lines)(columns, rows)
    missing = (len(read.rows) - len(rows), "row"), (cut, "column")
    left = [words.tally(count, noun) for count, noun in missing if count]
    if left:
        yield from _styled(paragraph(f"and {' and '.join(left)} more; --json has them all"), "dim")


def _grouped(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[Styled]:
    """Yield the lines of a table in which a row that has but its first cell is a heading, in bold."""
    indented = [[f"  {row[0]}", *row[1:]] if any(row[1:]) else row for row in rows]
    for line, style in _table_lines(columns, indented, indent=""):
        yield line, style or ("" if line.startswith(" ") else "bold")


def _table_lines(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], indent: str = "  "
) -> Iterator[Styled]:
    head, body = head_and_body(columns, rows, indent=indent)
    yield from _styled(head, "dim")
    yield from _styled(body)
