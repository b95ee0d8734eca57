"""How does a cross-impact matrix stand in a spreadsheet? One sheet: sources down the side, targets along the top.

Two rows and two columns of headings, the descriptor and its variant; a descriptor that stands once counts for
the blank cells after it. A cell is a judgement, with doubt as in a case; ``none`` says that there is no push,
a blank cell that nothing was judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from detente.case.case import Case
from detente.case.formats import cells
from detente.case.formats.draft import Draft, new_ids
from detente.case.formats.losses import futures_of, lost_futures
from detente.case.formats.numerals import with_point
from detente.case.formats.sheet import Row, Sheet, separated
from detente.case.formats.xlsx import written_workbook
from detente.case.parts.futures import LIMIT, Futures
from detente.case.reading import Document, Place
from detente.case.text import slug
from detente.case.validation import as_mapping, entries, shown
from detente.errors import Problem, QuantityError
from detente.quantity import Quantity, parse

NONE = "none"
HEADS = 2


def is_matrix(sheet: Sheet) -> bool:
    """Tell whether a sheet is a matrix: blank in the corner, and as many headings above as rows below."""
    if len(sheet.rows) < HEADS + 2:
        return False
    first, second, *body = sheet.rows
    corner = [row.cell(column) for row in (first, second) for column in range(HEADS)]
    across = [text for text in second.cells[HEADS:] if text]
    return not any(corner) and len(across) > 1 and len(body) > 1 and all(row.cell(1) for row in body)


Head = tuple[str, str]  # descriptor and variant, "" where they are blank


def read_matrix(sheet: Sheet, stem: str) -> Document:
    """Return the data of the case in a matrix; what is wrong with it is noted in the document."""
    draft = Draft(file=sheet.file, title=stem)
    draft.problems += sheet.problems
    first, second, *body = sheet.rows
    _refuse_beyond(draft, sheet, len(second.cells))
    columns, beside = range(HEADS, len(second.cells)), [sheet.place(row.number, 1) for row in body]
    above = [sheet.place(second.number, column) for column in columns]
    across = [*_heads(draft, ((first.cell(c), second.cell(c)) for c in columns), above)]
    down = [*_heads(draft, ((row.cell(0), row.cell(1)) for row in body), beside)]
    if body and len(across) != len(down):
        message = f"has {len(down)} rows and {len(across)} columns; a matrix has as many of both"
        draft.refuse(sheet.place(body[-1].number, 0), message)
    _refuse_differing(draft, sheet, [row.number for row in body], down, across)
    tops = [sheet.place(first.number, column) for column in columns]
    ids = _put_heads(draft, across, list(zip(tops, above, strict=True)))
    for row, source in zip(body, down, strict=True):
        for column, target in enumerate(across, start=HEADS):
            if source in ids and target in ids and row.cell(column):
                _put_push(draft, sheet, row, column, (*ids[source], *ids[target]))
    _put_scale(draft)
    return draft.document


def _refuse_differing(
    draft: Draft, sheet: Sheet, numbers: list[int], down: list[Head], across: list[Head]
) -> None:
    """Refuse rows whose heading is not that of their column; where descriptors differ, once for each two."""
    told = set[tuple[str, str]]()
    for number, side, head in zip(numbers, down, across, strict=False):
        column = int(side[0] == head[0])  # of the part that differs
        if ("", "") in (side, head) or side == head or (not column and (side[0], head[0]) in told):
            continue
        told.add((side[0], head[0]))
        what = ("descriptor", "variant")[column]
        message = f"the {what} {shown(side[column])!r} is not that of the column, {shown(head[column])!r}"
        hint = f"write each {what} alike, and in the same order, down the side and along the top"
        draft.refuse(sheet.place(number, column), message, hint)


def _refuse_beyond(draft: Draft, sheet: Sheet, width: int) -> None:
    """Refuse, once per row, what stands in columns after the last heading."""
    for row in sheet.rows:
        for column, text in islice(((n, one) for n, one in enumerate(row.cells) if n >= width and one), 1):
            message = "stands beyond the last heading of the columns"
            hint = "name descriptor and variant above it, or remove it"
            draft.refuse(sheet.place(row.number, column), message, hint, text)


def _heads(draft: Draft, told: Iterable[Head], places: Iterable[Place]) -> Iterator[Head]:
    name, seen = "", set[Head]()
    for (descriptor, variant), place in zip(told, places, strict=True):
        name = descriptor or name
        if not name or not variant:
            draft.refuse(place, "a heading is blank", "name descriptor and variant")
        elif (name, variant) in seen:
            message = f"{shown(name)!r} has the variant {shown(variant)!r} twice"
            hint = "give each variant a name of its own, down the side and along the top"
            draft.refuse(place, message, hint)
        seen.add((name, variant))
        yield (name, variant) if name and variant else ("", "")


def _put_heads(draft: Draft, heads: list[Head], places: list[tuple[Place, Place]]) -> dict[Head, Head]:
    """Put descriptors and variants, and return the ids for their names."""
    ids, keys, taken = dict[Head, Head](), dict[str, str](), set[str]()
    for head, (above, place) in zip(heads, places, strict=True):
        name, variant = head
        if not name or head in ids:
            continue
        if name not in keys:
            (keys[name],) = new_ids([name], taken, "descriptor")
            draft.put(("futures", "descriptors", keys[name], "name"), name, above)
        key, beside = keys[name], {one for of, one in ids.values() if of == keys[name]}
        ids[head] = key, slug(variant, beside, "variant")
        draft.put(("futures", "descriptors", key, "variants", ids[head][1]), variant, place)
    return ids


def _put_push(draft: Draft, sheet: Sheet, row: Row, column: int, at: tuple[str, ...]) -> None:
    text, place = row.cell(column), sheet.place(row.number, column)
    path = ("futures", "judgements", *at[:3], "pushes")
    try:
        if text.casefold() != NONE:
            draft.put((*path, at[3]), parse(with_point(text, sheet.separator == ";")), place)
        elif not as_mapping(draft.document.data, *path):
            draft.put(path, {}, place)
    except QuantityError:
        hint = "write a number, with doubt as 2 ± 1 or 1..3, or 'none'"
        draft.refuse(place, f"is no judgement: {shown(text)}", hint)


def _put_scale(draft: Draft) -> None:
    """Put how far judgements reach, where that is further than usual."""
    rows = entries(draft.document.data, "futures", "judgements", "*", "*", "*", "pushes")
    told = (end for _, pushes in rows for push in pushes.values() for end in cells.stated(parse(push)))
    largest = max(float(LIMIT), *map(abs, told), 0.0)
    draft.put(("futures", "scale"), largest if largest > LIMIT else None)


# --- out -----------------------------------------------------------------------------------------


def rows_of(futures: Futures) -> list[list[cells.Cell]]:
    """Return the matrix as rows of cells, two rows and two columns of headings with them."""
    heads = [
        (None if k else descriptor.name, variant.name, key, name)
        for key, descriptor in futures.descriptors.items()
        for k, (name, variant) in enumerate(descriptor.variants.items())
    ]
    rows: list[list[cells.Cell]] = [[None, None, *(head[place] for head in heads)] for place in (0, 1)]
    for name, variant_name, source, variant in heads:
        cells_ = [_cell(futures, source, variant, target, towards) for *_, target, towards in heads]
        rows.append([name, variant_name, *cells_])
    return rows


def _cell(futures: Futures, source: str, variant: str, target: str, towards: str) -> cells.Cell:
    row = futures.judgements.get(source, {}).get(variant, {}).get(target)
    if row is None:
        return None
    push: Quantity | None = row.pushes.get(towards)
    return NONE if push is None else cells.plain(push)


def write_csv(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the matrix as comma-separated text, and what of the case it does not hold."""
    return separated(rows_of(futures_of(case, path))), lost_futures(case, path, doubt=False)


def write_xlsx(case: Case, path: Path) -> tuple[bytes, list[Problem]]:
    """Return a workbook with the matrix on its only sheet, and what of the case it does not hold."""
    rows = rows_of(futures_of(case, path))
    return written_workbook({"matrix": rows}, path.name, frozen="C3"), lost_futures(case, path, doubt=False)
