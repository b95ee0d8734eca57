"""How does a cross-impact matrix stand in a spreadsheet? One sheet: sources down the side, targets along the top.

Two rows and two columns of headings, the descriptor and its variant; a descriptor that stands once counts for
the blank cells after it. A cell is a judgement, with doubt as in a case; ``none`` says that there is no push,
a blank cell that nothing was judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from detente.case.case import Case
from detente.case.formats import cells
from detente.case.formats.draft import Draft
from detente.case.formats.losses import futures_of, lost_futures
from detente.case.formats.sheet import Row, Sheet, separated
from detente.case.formats.table import with_point
from detente.case.formats.xlsx import written_workbook
from detente.case.parts.futures import LIMIT, Futures
from detente.case.reading import Document, Place
from detente.case.text import slug
from detente.case.validation import shown
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


class Head(NamedTuple):
    """A heading: descriptor and variant by their ids, ``""`` where they are blank or unknown."""

    descriptor: str
    variant: str


def put_judgements(
    draft: Draft, source: Head, pushes: Iterable[tuple[Head, Quantity | int | None, Place]]
) -> None:
    """Put what a variant pushes; ``None`` says that it does not."""
    for target, push, place in pushes:
        path = ("futures", "judgements", *source, target.descriptor, "pushes")
        if push is not None:
            draft.put((*path, target.variant), push, place)
        else:
            at = draft.document.data["futures"]
            for step in path[1:]:
                at = at.setdefault(step, {})


def put_scale(draft: Draft) -> float:
    """Put how far judgements reach, where that is further than usual, and return it."""
    judged = draft.document.data["futures"].get("judgements", {})
    told = (
        push
        for variants in judged.values()
        for targets in variants.values()
        for row in targets.values()
        for push in row.get("pushes", {}).values()
    )
    largest = max([float(LIMIT), *(abs(end) for push in told for end in cells.stated(parse(push)))])
    if largest > LIMIT:
        draft.put(("futures", "scale"), largest)
    return largest


def read_matrix(sheet: Sheet, stem: str) -> Document:
    """Return the data of the case in a matrix; what is wrong with it is noted in the document."""
    draft = Draft(title=stem)
    draft.document.problems += sheet.problems
    first, second, *body = sheet.rows
    columns, ids = range(HEADS, len(second.cells)), _Ids(draft, sheet)
    across = [*ids.heads((first.cell(c), second.cell(c), Place(second.number, c + 1)) for c in columns)]
    ids.new = False
    down = [*ids.heads((row.cell(0), row.cell(1), Place(row.number, 2)) for row in body)]
    if len(across) != len(down):
        message = f"has {len(down)} rows and {len(across)} columns; a matrix has as many of both"
        ids.refuse(Place(body[-1].number, 1), message)
    for row, side, above in zip(body, down, across, strict=False):
        if side not in (above, Head("", "")):
            hint = "the variants stand in the same order down the side and along the top"
            ids.refuse(Place(row.number, 2), "the heading is not that of the column", hint)
    for row, source in zip(body, down, strict=True):
        if source.variant:
            put_judgements(draft, source, _pushes(ids, row, across))
    put_scale(draft)
    return draft.document


@dataclass
class _Ids:
    """Ids for the names in the headings; those of ``new`` headings are put."""

    draft: Draft
    sheet: Sheet
    new: bool = True
    descriptors: dict[str, str] = field(default_factory=dict)
    variants: dict[str, dict[str, str]] = field(default_factory=dict)

    def refuse(self, place: Place, message: str, hint: str | None = None) -> None:
        problem = self.sheet.problem(message, place.line, place.column, hint)
        self.draft.document.problems.append(problem)

    def heads(self, told: Iterable[tuple[str, str, Place]]) -> Iterator[Head]:
        name = ""
        for descriptor, variant, place in told:
            name = descriptor or name
            if not name or not variant:
                self.refuse(place, "a heading is blank", "name descriptor and variant")
                yield Head("", "")
                continue
            if self.new and name not in self.descriptors:
                self.descriptors[name] = slug(name, set(self.descriptors.values()), "descriptor")
                self.draft.put(("futures", "descriptors", self.descriptors[name], "name"), name, place)
            key = self.descriptors.get(name, "")
            known = self.variants.setdefault(key, {})
            if self.new and variant not in known:
                known[variant] = slug(variant, set(known.values()), "variant")
                self.draft.put(("futures", "descriptors", key, "variants", known[variant]), variant, place)
            yield Head(key, known.get(variant, ""))


def _pushes(ids: _Ids, row: Row, across: list[Head]) -> Iterator[tuple[Head, Quantity | None, Place]]:
    for column, target in enumerate(across, start=HEADS):
        text, place = row.cell(column), Place(row.number, column + 1)
        if text.casefold() == NONE and target.variant:
            yield target, None, place
        elif text and target.variant:
            try:
                yield target, parse(with_point(text, ids.sheet.decimal_comma)), place
            except QuantityError:
                hint = "write a number, with doubt as 2 ± 1 or 1..3, or 'none'"
                ids.refuse(place, f"is no judgement: {shown(text)}", hint)


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
    return separated(rows_of(futures_of(case, path))), lost_futures(case, path, doubt=False)


def write_xlsx(case: Case, path: Path) -> tuple[bytes, list[Problem]]:
    """Return a workbook with the matrix on its only sheet, and what of the case it does not hold."""
    rows = rows_of(futures_of(case, path))
    return written_workbook({"matrix": rows}, path.name, frozen="C3"), lost_futures(case, path, doubt=False)
