"""On what scale are the positions of a table? Its own columns say so, or else its numbers, by a fixed rule."""

from __future__ import annotations

from detente.case.acceptance import Acceptance
from detente.case.formats import cells
from detente.case.formats.draft import Draft
from detente.case.formats.headings import listed
from detente.case.formats.sheet import Row
from detente.case.formats.table import Table
from detente.case.reading import Path
from detente.quantity.quantity import number_text

_LOW, _HIGH = "scale_low", "scale_high"
_ANY = (-1e300, 1e300)  # in place of a scale with an error, so that nothing more is told about it
_SMALL = 20  # positions up to here are not taken to be on 0..100

Rows = list[tuple[str, Row]]


def put_scales(draft: Draft, table: Table, rows: Rows, used: Rows) -> None:
    """Give every issue its scale: ``rows`` are (issue, row) of all rows, ``used`` those that have a stance."""

    def stated(name: str) -> dict[str, tuple[Row, float]]:
        return table.agreed(rows, name, lambda row: table.number(row, name))

    ends = {name: stated(name) for name in (_LOW, _HIGH)}
    told = {issue for issue, row in rows if table.text(row, _LOW) or table.text(row, _HIGH)}
    inferred: dict[tuple[float, float], list[str]] = {}
    rows_of: dict[str, list[Row]] = {issue: [] for issue, _ in rows}
    for issue, row in used:
        rows_of[issue].append(row)
    firsts = dict(reversed(rows))
    for issue, with_stance in rows_of.items():
        if issue in told:
            _stated(draft, table, issue, {name: of[issue] for name, of in ends.items() if issue in of})
            continue
        texts = [table.text(row, "position") for row in with_stance]
        read = [table.number_in(text) for text in texts]
        accepted = [
            accepts for row in with_stance if isinstance(accepts := table.acceptance(row), Acceptance)
        ]
        read += [bound for accepts in accepted for bound in accepts.bounds().values()]
        read.append(table.number_in(str(draft.document.data["issues"][issue].get("no_deal", ""))))
        numbers = [number for value in read if value is not None for number in cells.stated(value)]
        scale = scale_for(numbers)
        if scale is not None:
            inferred.setdefault(scale, []).append(draft.document.data["issues"][issue]["name"])
        elif all(
            table.number_in(text) for text in texts
        ):  # else the scale would follow from what is told there
            message = f"every position on the issue is {number_text(numbers[0])}, which gives no scale"
            table.refuse(firsts[issue], "position", message, "add the columns scale_low and scale_high")
        draft.put(_at(issue), cells.scale_of(scale or _ANY), table.place(firsts[issue], "position"))
    for (start, end), names in inferred.items():
        what = (
            f"the scale {number_text(start)}..{number_text(end)} was taken for {listed(map(repr, names), 6)}"
        )
        table.warn(what, "add the columns scale_low and scale_high if it is another", "position")


def _at(issue: str) -> Path:
    return "issues", issue, "scale"


def _stated(draft: Draft, table: Table, issue: str, ends: dict[str, tuple[Row, float]]) -> None:
    """Put a scale that the table gives; what is wrong with it is told once."""
    row, low = ends.get(_LOW, (None, 0.0))
    _, high = ends.get(_HIGH, (None, 0.0))
    if len(ends) == 1:
        ((given, (row, _)),) = ends.items()
        missing = _HIGH if given == _LOW else _LOW
        message = f"gives one end of the scale; {missing} is not given"
        table.refuse(row, given, message, "give both ends")
    elif row is not None and low >= high:
        table.refuse(row, _LOW, f"{number_text(low)} is not below scale_high {number_text(high)}")
    elif row is not None:
        draft.put(_at(issue), cells.scale_of((low, high)), table.place(row, _LOW))
        return
    draft.put(_at(issue), cells.scale_of(_ANY))


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
