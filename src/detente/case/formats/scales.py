"""On what scale are the positions of a table? Its own columns say so, or else its numbers, by a fixed rule."""

from __future__ import annotations

from typing import Any

from detente.case.acceptance import Acceptance
from detente.case.formats import cells
from detente.case.formats.draft import Draft
from detente.case.formats.sheet import Row
from detente.case.formats.table import Table
from detente.errors import QuantityError
from detente.quantity import Quantity, parse
from detente.quantity.quantity import number_text

_LOW, _HIGH = "scale_low", "scale_high"
_ANY = (-1e300, 1e300)  # in place of a scale with an error, so that nothing more is told about it
_SMALL = 20  # positions up to here are not taken to be on 0..100

Rows = list[tuple[str, Row]]


def put_scales(draft: Draft, table: Table, rows: Rows, used: Rows) -> None:
    """Give every issue its scale.

    Args:
        draft: the case in the making; its issues have their names.
        table: where the rows stand.
        rows: issue and row, for all rows.
        used: those of them that have a stance.
    """
    low = table.agreed(rows, _LOW, lambda row: table.number(row, _LOW))
    high = table.agreed(rows, _HIGH, lambda row: table.number(row, _HIGH))
    told = {issue for issue, row in rows if table.text(row, _LOW) or table.text(row, _HIGH)}
    inferred: dict[tuple[float, float], list[str]] = {}
    rows_of: dict[str, list[Row]] = {issue: [] for issue, _ in rows}
    for issue, row in used:
        rows_of[issue].append(row)
    firsts = dict(reversed(rows))
    for issue, with_stance in rows_of.items():
        if issue in told:
            _stated(draft, table, issue, low.get(issue), high.get(issue))
            continue
        numbers = _numbers(draft, issue, with_stance, table)
        scale = scale_for(numbers)
        if scale is None and any(_is_text(table, row) for row in with_stance):
            pass  # told there; what scale the others gave would follow from it
        elif scale is None:
            message = f"every position on the issue is {number_text(numbers[0])}, which gives no scale"
            table.refuse(firsts[issue], "position", message, "add the columns scale_low and scale_high")
        else:
            inferred.setdefault(scale, []).append(draft.document.data["issues"][issue]["name"])
        draft.bare_scale(issue, scale or _ANY, table.place(firsts[issue], "position"))
    for (start, end), names in inferred.items():
        what = f"the scale {number_text(start)}..{number_text(end)} was taken for {shortened(names)}"
        table.warn(what, "add the columns scale_low and scale_high if it is another", "position")


def _stated(
    draft: Draft, table: Table, issue: str, low: tuple[Row, Any] | None, high: tuple[Row, Any] | None
) -> None:
    """Put a scale that the table gives; what is wrong with it is told once."""
    if low and high and low[1] < high[1]:
        draft.bare_scale(issue, (low[1], high[1]), table.place(low[0], _LOW))
        return
    draft.bare_scale(issue, _ANY)
    if low and high:
        message = f"{number_text(low[1])} is not below scale_high {number_text(high[1])}"
        table.refuse(low[0], _LOW, message)
    elif low or high:
        given, missing = (_LOW, _HIGH) if low else (_HIGH, _LOW)
        row = (low or high or (Row(1, ()), 0))[0]
        table.refuse(row, given, f"gives one end of the scale; {missing} is not given", "give both ends")


def _numbers(draft: Draft, issue: str, rows: list[Row], table: Table) -> list[float]:
    """Return every number that is stated on the scale of an issue."""
    numbers: list[float] = []
    quantities = [table.quantity(row, "position") for row in rows]
    for row in rows:
        accepts = table.acceptance(row)
        quantities += accepts.bounds().values() if isinstance(accepts, Acceptance) else []
    for value in quantities:
        numbers += cells.stated(value) if isinstance(value, Quantity) else []
    no_deal = draft.document.data["issues"][issue].get("no_deal")
    return numbers + (_stated_no_deal(no_deal) if no_deal is not None else [])


def _is_text(table: Table, row: Row) -> bool:
    """Tell whether the position in a row is no number."""
    text = table.text(row, "position")
    try:
        return not (cells.is_blank(text) or cells.quantity(text, table.sheet.decimal_comma))
    except QuantityError:
        return True


def _stated_no_deal(value: Any) -> list[float]:
    try:
        return cells.stated(parse(value))
    except QuantityError:
        return []


def scale_for(numbers: list[float]) -> tuple[float, float] | None:
    """Return the scale that positions without one are taken to be on, or ``None`` when they give none.

    0..1 if all lie there; else 0..100 if all lie there and the largest is above 20; else from the smallest to
    the largest.

    >>> scale_for([0.2, 1]), scale_for([0, 30]), scale_for([4, 10])
    ((0.0, 1.0), (0.0, 100.0), (4, 10))
    """
    if not numbers:
        return 0.0, 100.0
    smallest, largest = min(numbers), max(numbers)
    if smallest >= 0 and largest <= 1:
        return 0.0, 1.0
    if smallest >= 0 and _SMALL < largest <= 100:
        return 0.0, 100.0
    return (smallest, largest) if smallest < largest else None


def shortened(names: list[str], most: int = 6) -> str:
    """Return names as a list for a message."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(repr(name) for name in names[:most]) + more
