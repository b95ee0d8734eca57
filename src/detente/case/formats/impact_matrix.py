"""How does a cross-impact matrix stand in a spreadsheet? One sheet: sources down the side, targets along the top.

Two rows and two columns of headings, the descriptor and its variant; a descriptor that stands once counts for
the blank cells after it. A cell is a judgement, with doubt as in a case; ``none`` says that there is no push,
a blank cell that nothing was judged.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.case.case import Case
from detente.case.formats import cells
from detente.case.formats.draft import Draft
from detente.case.formats.losses import futures_of, lost_futures
from detente.case.formats.sheet import Row, Sheet
from detente.case.parts.futures import LIMIT, Futures
from detente.case.reading import Document, Place
from detente.case.text import slug
from detente.case.validation import shown
from detente.errors import Problem, QuantityError
from detente.quantity import Quantity

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


def read_matrix(sheet: Sheet, stem: str) -> Document:
    """Return the data of the case in a matrix; what is wrong with it is noted in the document."""
    return _Reader(sheet).read(stem)


@dataclass(frozen=True, slots=True)
class _Head:
    """A heading: descriptor and variant by their ids, and where their names stand."""

    descriptor: str
    variant: str


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.ids: dict[str, str] = {}  # name of a descriptor → its id
        self.variants: dict[str, dict[str, str]] = {}  # id of a descriptor → name of a variant → its id
        self.draft = Draft()
        for problem in sheet.problems:
            self.draft.problem(problem)

    def read(self, stem: str) -> Document:
        self.draft.put(("title",), stem)
        first, second, *body = self.sheet.rows
        columns = range(HEADS, len(second.cells))
        top = [(first.cell(c), second.cell(c), Place(second.number, c + 1)) for c in columns]
        across = list(self._heads(top, new=True))
        down = list(self._heads([(r.cell(0), r.cell(1), Place(r.number, 2)) for r in body], new=False))
        self._compare(across, down, body)
        largest = float(LIMIT)
        for row, source in zip(body, down, strict=True):
            largest = max(largest, self._read_row(row, source, across))
        if largest > LIMIT:
            self.draft.put(("futures", "scale"), largest)
        return self.draft.document

    def _refuse(self, message: str, row: int, column: int, hint: str | None = None) -> None:
        self.draft.problem(self.sheet.problem(message, row, column, hint))

    def _heads(self, told: list[tuple[str, str, Place]], *, new: bool) -> Iterator[_Head]:
        name = ""
        for descriptor, variant, place in told:
            name = descriptor or name
            yield self._head(name, variant, place, new=new)

    def _head(self, name: str, variant: str, place: Place, *, new: bool) -> _Head:
        if not name or not variant:
            self._refuse("a heading is blank", place.line, place.column, "name descriptor and variant")
            return _Head("", "")
        if new and name not in self.ids:
            self.ids[name] = slug(name, set(self.ids.values()), "descriptor")
            self.draft.put(("futures", "descriptors", self.ids[name], "name"), name, place)
        key = self.ids.get(name, "")
        known = self.variants.setdefault(key, {})
        if new and variant not in known:
            known[variant] = slug(variant, set(known.values()), "variant")
            self.draft.put(("futures", "descriptors", key, "variants", known[variant]), variant, place)
        return _Head(key, known.get(variant, ""))

    def _compare(self, across: list[_Head], down: list[_Head], body: list[Row]) -> None:
        """Note where the headings at the side are not those along the top."""
        if len(across) != len(down):
            message = f"has {len(down)} rows and {len(across)} columns; a matrix has as many of both"
            self._refuse(message, body[-1].number, 1)
        for number, (side, top) in enumerate(zip(down, across, strict=False)):
            if side != top and side != _Head("", ""):
                hint = "the variants stand in the same order down the side and along the top"
                self._refuse("the heading is not that of the column", body[number].number, 2, hint)

    def _read_row(self, row: Row, source: _Head, across: list[_Head]) -> float:
        """Put the judgements of a row; return the largest."""
        largest = 0.0
        for column, target in enumerate(across, start=HEADS):
            text = row.cell(column)
            if not text or not source.variant or not target.variant:
                continue
            path = ("futures", "judgements", source.descriptor, source.variant, target.descriptor, "pushes")
            place = Place(row.number, column + 1)
            if text.casefold() == NONE:
                pushes = self.draft.document.data["futures"].get("judgements", {})
                for step in path[2:]:
                    pushes = pushes.get(step, {})
                self.draft.put(path, pushes or {}, place)
                continue
            try:
                push = cells.quantity(text, self.sheet.decimal_comma)
            except QuantityError:
                hint = "write a number, with doubt as 2 ± 1 or 1..3, or 'none'"
                self._refuse(f"is no judgement: {shown(text)}", row.number, column + 1, hint)
                continue
            largest = max([largest, *(abs(end) for end in cells.stated(push))])
            self.draft.put((*path, target.variant), push, place)
        return largest


# --- out -----------------------------------------------------------------------------------------


def rows_of(futures: Futures) -> list[list[str | float | None]]:
    """Return the matrix as rows of cells, two rows and two columns of headings with them."""
    heads = [
        (None if k else descriptor.name, variant.name, key, name)
        for key, descriptor in futures.descriptors.items()
        for k, (name, variant) in enumerate(descriptor.variants.items())
    ]
    rows: list[list[str | float | None]] = [
        [None, None, *(head[place] for head in heads)] for place in (0, 1)
    ]
    for name, variant_name, source, variant in heads:
        cells_ = [_cell(futures, source, variant, target, towards) for *_, target, towards in heads]
        rows.append([name, variant_name, *cells_])
    return rows


def _cell(futures: Futures, source: str, variant: str, target: str, towards: str) -> str | float | None:
    row = futures.judgements.get(source, {}).get(variant, {}).get(target)
    if row is None:
        return None
    push: Quantity | None = row.pushes.get(towards)
    return NONE if push is None else cells.plain(push)


def write_csv(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the matrix as comma-separated text, and what of the case it does not hold."""
    import csv

    futures = futures_of(case, path)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([cells.written(cell) for cell in row] for row in rows_of(futures))
    return stream.getvalue(), lost_futures(case, path, doubt=False)


def write_xlsx(case: Case, path: Path) -> tuple[bytes, list[Problem]]:
    """Return a workbook with the matrix on its only sheet, and what of the case it does not hold."""
    from openpyxl import Workbook

    futures = futures_of(case, path)
    workbook = Workbook()
    sheet: Any = workbook.worksheets[0]
    sheet.title = "matrix"
    for number, row in enumerate(rows_of(futures), start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(number, column)
                cell.value = cells.written(value)
                cell.data_type = "s" if isinstance(value, str) else "n"  # never a formula
    sheet.freeze_panes = "C3"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue(), lost_futures(case, path, doubt=False)
