"""Where on a sheet is the table? By its headings, also where it has a column per issue or per actor.

Rows that are none of it (totals, means, footnotes, another table) are told and left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from math import isclose
from statistics import fmean, median

from detente.case.formats import cells
from detente.case.formats.draft import folded
from detente.case.formats.headings import (
    MEASURES,
    NEEDED,
    SYNONYMS,
    WORDS,
    canonical,
    listed,
    meant,
    measure_of,
    recognised,
    singular,
    unread,
)
from detente.case.formats.numerals import UNTOLD, Choices
from detente.case.formats.sheet import MAX_COLUMNS, MAX_HEADING, Row, Sheet, trimmed
from detente.case.formats.table import NUMBERS, Table
from detente.case.validation import shown
from detente.errors import Problem

HEADINGS_WITHIN = 20  # rows; titles may stand above them
SPLIT = "put it on a sheet or in a file of its own, or both into one table with a column 'issue'"


def table_in(sheet: Sheet, needed: Iterable[str] = NEEDED, choices: Choices = UNTOLD) -> Table | None:
    """Return the table in a sheet, or ``None`` when none of its first rows has the columns that are needed."""
    for number, header in enumerate(sheet.rows[:HEADINGS_WITHIN]):
        rows = sheet.rows[number + 1 :]
        columns = recognised(header.cells)
        if not set(NEEDED) <= set(columns) and rows and (both := _in_two_rows(header, rows[0])):
            header, rows = both, rows[1:]
            columns = recognised(header.cells)
        at = columns.get("salience")
        loose = at is not None and singular(header.cells)[at] in WORDS["(loose)"]
        if at is not None and loose and not any(re.match(r"[-+−]?\d", row.cell(at)) for row in rows):
            del columns["salience"]  # which interests, not how much
        if set(needed) <= set(columns):
            table = Table(sheet, header, columns, rows)
            _tell_headings(table)
        else:
            wide = melted(header, rows, columns)
            if wide is None or "salience" in needed:
                continue
            table = Table(sheet, header, *wide)
            _tell_wide(table)
        if number:
            table.warn("the headings were found here; what stands above was not read", row=header.number)
        if set(NEEDED) <= set(table.columns):
            table.rows = _stances_of(table)
        width = len(header.cells)
        for row in dict.fromkeys(table.rows):
            if len(row.cells) > width and sheet.name is not None:
                table.warn("not read: what stands right of the last heading", row=row.number)
            elif len(row.cells) > width:
                why = "is a separator too many, or a comma in a number? then put the cell in quotation marks"
                table.refuse(row, width, "a cell beyond the last heading", why)
        table.settle(choices)
        return table
    return None


def _tell_headings(table: Table) -> None:
    """Tell which columns were not read, those that would have fitted, and headings that stand twice."""
    header, words = table.header, singular(table.header.cells)
    read: Sequence[str] = header.cells
    beside = _stand_again(words)
    if beside:
        told = listed((repr(header.cell(index)[:40]) for index in beside), 4)
        message = f"a second table begins here, beside the first: {told} stand again"
        table.refuse(header, beside[0], message, SPLIT)
        words, read = words[: beside[0]], trimmed(header.cells[: beside[0]])
        table.columns = {name: at for name, at in table.columns.items() if at < beside[0]}
    for name, index in table.columns.items():
        again = [number for number, word in enumerate(words) if word == words[index]]
        if len(again) > 1:
            message = f"stands twice (columns {again[0] + 1} and {again[1] + 1})"
            table.refuse(header, name, message, "keep one")
        free = [n for n in range(len(words)) if n not in table.columns.values() and n not in again]
        for other in (n for n in free if words[n] in SYNONYMS[name] and words[n] not in WORDS["(loose)"]):
            taken, left = header.cell(index), header.cell(other)
            message = f"{taken!r} was taken for the {name}, not {left!r}, which fits less closely"
            table.warn(message, "rename one of them, if that is wrong", name)
    if unused := unread(read, table.columns.values()):
        table.warn(f"not read: {listed(repr(heading) for heading in unused)}", row=header.number)


def _stand_again(words: Sequence[str]) -> list[int]:
    """Return the indices of headings that stand again, if those that a table needs do: on the right is another."""
    known = recognised(words)
    again = [index for index, word in enumerate(words) if word and word in words[:index]]
    needed = {words[known[name]] for name in NEEDED if name in known}
    return again if len(needed) == len(NEEDED) and needed <= {words[index] for index in again} else []


# --- a column per issue or per actor -------------------------------------------------------------

_LETTERS = {"p": "position", "s": "salience"}
_Reader = Callable[[str], tuple[str, str]]
_LINKS = {"of", "on", "for", "to", "zu", "zur", "zum", "sur", "de", "du", "sobre"}


def _in_two_rows(above: Row, below: Row) -> Row | None:
    """Return headings that stand in two rows as one: issues above, and below each what was measured of it."""
    measures, words = [measure_of(cell) for cell in below.cells], singular(below.cells)
    if measures.count("position") < 2 or sum(map(bool, above.cells)) < 2:  # a title
        return None
    often = {name: words.count(words[at]) for name, at in recognised(below.cells).items()}
    if set(NEEDED) <= set(often) and (often["position"] < 2 or often["actor"] > 1):
        return None
    found, issue = list[str](), ""
    for index in range(max(len(above.cells), len(below.cells))):
        over, under = above.cell(index), below.cell(index)
        measure, issue = measure_of(under), over or issue
        shared = measure == "influence" and measures.count(measure) == 1
        own = under if shared or not measure else f"{issue}: {under}"  # blank above: cells that were merged
        found.append(own if under and under != over else over)
    return replace(below, cells=tuple(found))


def _tell_wide(table: Table) -> None:
    """Tell which headings name actors or issues; refuse what may be something else, or lacks a column."""
    header = table.header
    read = {at for row in table.rows for at in row.at.values()} | set(table.columns.values())
    rest = unread(header.cells, read)
    left = f"; not read: {listed(map(repr, rest))}" if rest else ""
    table.warn(f"a wide table: its headings were read as actors or issues{left}", row=header.number)
    of = {next(iter(row.said.values())): row for row in table.rows}
    kinds = [one for one in of if canonical(one) in WORDS["(kind)"] or re.fullmatch(r"(19|20)\d\d", one)]
    for name in kinds if len(kinds) > 1 and "issue" in table.rows[0].said else ():
        message = f"{name!r} may be an issue, or one of several positions on an issue"
        table.refuse(header, None, message, "call the one to use 'position'; a range is written 20..60")
    for name in of:
        for measure in ("salience", "influence"):
            if table.index(measure, of[name]) is None and any(measure in row.at for row in of.values()):
                message = f"{name!r} has no {measure}, and others have one"
                table.refuse(header, None, message, "add the column")


def melted(
    header: Row, rows: Sequence[Row], columns: Mapping[str, int]
) -> tuple[dict[str, int], tuple[Row, ...]] | None:
    """Return the columns and rows of a table with one column per issue or per actor, as if it were tidy.

    Headings name what stands there and the issue (``Position Quota``, ``Quota: salience``; ``Quota`` beside
    ``Salience of Quota``), with one row per actor. With one row per issue they name the actor, or are ``p`` or
    ``s`` and the actor (``pnorth``), as in the data set of Thomson et al. (2006, *The European Union Decides*).
    """
    across = "issue" if "actor" in columns else "actor"
    taken = set(columns.values())
    found = _by_name(header, _lettered, {"position", "salience"}, taken) if across == "actor" else {}
    if len(found) < 2:
        found = _by_name(header, _measured, {"position"}, taken)
    if not found or (across == "actor" and ("issue" not in columns or len(found) < 2)):
        return None
    measured = {index for at in found.values() for index in at.values()}
    kept = {name: index for name, index in columns.items() if index not in measured}
    first = next(iter(found.values()))
    whole = {**kept, **{name: at for name, at in first.items() if all(name in one for one in found.values())}}
    tidy = tuple(Row(row.number, row.cells, at, {across: name}) for row in rows for name, at in found.items())
    return {**whole, across: min(measured)}, tidy


def _by_name(header: Row, read: _Reader, needed: set[str], taken: set[int]) -> dict[str, dict[str, int]]:
    """Return name → measure → index, of the names of which all that is needed was measured."""
    names, found = dict[str, str](), dict[str, dict[str, int]]()
    for index, heading in enumerate(header.cells):
        measure, name = read(heading)
        if measure:
            found.setdefault(names.setdefault(folded(name), name), {}).setdefault(measure, index)
    for index, heading in enumerate(header.cells):
        at = found.get(names.get(folded(heading), ""), {})
        if "salience" in at and index not in taken:  # the issue alone, beside its salience
            at.setdefault("position", index)
    return {name: at for name, at in found.items() if needed <= set(at)}


def _measured(heading: str) -> tuple[str, str]:
    """Return what a heading such as ``Position Quota`` or ``Quota (salience)`` measures, and of which issue."""
    left, _, right = (part.strip() for part in heading[:MAX_HEADING].partition(":"))
    first, *rest = [part for part in re.split(r"[\s_:()\[\]/-]+", heading[:MAX_HEADING]) if part] or [""]
    after = rest[1:] if rest[1:] and rest[0].casefold() in _LINKS else rest
    last, before = " ".join(rest[-1:]), " ".join([first, *rest[:-1]] if rest else [])
    pairs = ((left, right), (right, left), (first, " ".join(after)), (last, before))
    return next(((found, name) for what, name in pairs if name and (found := measure_of(what))), ("", ""))


def _lettered(heading: str) -> tuple[str, str]:
    measure = _LETTERS.get(heading[:1].casefold(), "")
    return (measure, heading[1:MAX_HEADING].strip(" _-")) if len(heading) > 1 else ("", "")


# --- rows that are none of the table -------------------------------------------------------------

_NEAR = 0.01  # totals and means are rounded
_Statistics = dict[str, Callable[[Sequence[float]], float]]
_SURE: _Statistics = {"(total)": fmean, "(mean)": fmean, "(median)": median}
_UNSURE: _Statistics = {"(count)": len, "(minimum)": min, "(maximum)": max}  # a party N, somebody called Max


def _stances_of(table: Table) -> tuple[Row, ...]:
    """Return the rows that are stances, and warn of the others: totals, footnotes, a second table further down.

    A total or mean lacks a position, or has in some column the sum or the mean of the rows above. A footnote, or
    a title between rows, is one cell alone. Headings begin another table.
    """
    kept: list[Row] = []
    before = table.header.number
    for number, group in groupby(table.rows, key=lambda row: row.number):
        rows = list(group)  # several where a table is wide
        said = [cell for cell in rows[0].cells if cell]
        if _is_heading(table, rows, number > before + 1):
            _tell_second(table, number)
            break
        alone = len(said) == 1 < len(table.columns)
        if alone and not any(table.text(row, name) for row in rows for name in NUMBERS):
            table.warn(f"not read, as nothing else stands in the row: {shown(said[0])}", row=number)
        elif _sums_up(table, rows, kept):
            table.warn(f"not read, as it sums up others: {shown(said[0])}", row=number)
        else:
            kept += rows
        before = number
    return tuple(kept)


def _tell_second(table: Table, start: int) -> None:
    """Refuse a second table of stances, and warn of another one: neither is read."""
    rest = [row for row in dict.fromkeys(table.rows) if row.number >= start]
    again = next((row for row in rest if set(NEEDED) <= set(recognised(row.cells))), None)
    if again is not None:
        table.refuse(again, None, "a second table begins here", SPLIT)
    else:
        said = "what stands from here on was not read: it is another table, with headings of its own"
        table.warn(said, row=start)


def _is_heading(table: Table, rows: Sequence[Row], below_blank: bool) -> bool:
    words = [cell for cell in rows[0].cells if cell]
    if any(table.number_in(word) for word in words):
        return False
    found = recognised(words)
    return set(NEEDED) <= set(found) or bool(below_blank and len(words) > 1 and found)


def _sums_up(table: Table, rows: Sequence[Row], above: Sequence[Row]) -> bool:
    """Tell whether a row that is called a total or a mean is one: an actor may be called Media, or Ensemble."""
    called = canonical(table.text(rows[0], "actor"))
    kind = next((one for one in ("(summary)", *_SURE, *_UNSURE) if called in WORDS[one]), "")
    blank = all(cells.is_blank(table.text(row, "position")) for row in rows)
    if kind == "(summary)" or (blank and kind in _SURE):
        return True
    sums, alike = dict[str, bool](), list[bool]()
    for name in MEASURES if kind else ():
        own, *others = (table.number_in(table.text(row, name)) for row in (rows[0], *above))
        known = [one.mean for one in others if one is not None and one.is_exact]
        if own is not None and own.is_exact and own.mean and len(known) > 1:
            near = partial(isclose, own.mean, rel_tol=_NEAR)
            sums[name] = near(sum(known))
            same = min(known) < max(known) and near({**_SURE, **_UNSURE}[kind](known))
            alike.append(same or (name == "influence" and sums[name]))
    by_sum = kind == "(total)" and sums.get("influence", bool(sums) and all(sums.values()))
    return by_sum or (len(alike) > (1 if kind in _SURE else 2) and all(alike))


# --- no table ---


def no_table(sheet: Sheet, needed: Iterable[str] = NEEDED, *, hint: str = "", known: bool = True) -> Problem:
    """Return that a sheet is no table: it is turned, or what its first row lacks and what it has.

    ``hint``: what to write instead, unless it is turned; ``known``: whether it looks like stances at all.
    """
    if not sheet.rows:
        return sheet.problem("is empty", hint=hint or None)
    first = sheet.rows[0]
    if turned(sheet) is not None:
        told, how = "is turned: each actor has a column, and needs a row", "copy it and paste it transposed"
        return sheet.problem(f"the table {told}", first.number, hint=how)
    missing = ", ".join(repr(name) for name in needed if name not in recognised(first.cells))
    lacks = f"no column {missing} among the headings {listed(repr(one[:60]) for one in first.cells)}"
    said = lacks if known else f"in no known format: as a table it has {lacks}"
    return sheet.problem(said, first.number, hint=hint or None)


def turned(sheet: Sheet, choices: Choices = UNTOLD) -> Table | None:
    """Return the table in a sheet whose rows are its columns, if there is one."""
    rows = [row for row in sheet.rows if sum(map(bool, row.cells)) > 1]  # the others are titles
    if not 1 < len(rows) <= MAX_COLUMNS:
        return None
    width = max(len(row.cells) for row in rows)
    lines = tuple(Row(n + 1, trimmed(row.cell(n) for row in rows)) for n in range(width))
    places = {(n + 1, at): sheet.place(row.number, n) for at, row in enumerate(rows) for n in range(width)}
    known = recognised(lines[0].cells)
    if "position" not in known or 2 * len(known) < max(4, sum(map(bool, lines[0].cells))):
        return None
    return table_in(meant(replace(sheet, rows=lines, places=places, problems=(), stored={})), choices=choices)
