"""Who wants what? A table of stances, read as a case of its own or beside one that has its actors and issues.

A table has no title, no sources and often no scales. What is missing is taken from the file's name and its
numbers by fixed rules, and each rule that was used is told as a warning. A row without a position or without a
salience means that the actor takes no part there, which is not the same as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from detente.case.acceptance import Acceptance
from detente.case.changes import MAX_STANCES
from detente.case.formats import cells
from detente.case.formats.draft import UNKNOWN, Draft, ids_for, plainly
from detente.case.formats.headings import listed
from detente.case.formats.numerals import UNTOLD, Choices, divided
from detente.case.formats.sheet import Row, Sheet
from detente.case.formats.table import Table
from detente.case.formats.tables import table_in
from detente.case.parts.actors import MAX_ACTORS
from detente.case.parts.issues import MAX_ISSUES
from detente.case.reading import Document, Place
from detente.case.text import IDENTIFIER
from detente.case.validation import as_mapping, shown
from detente.errors import FormatError, did_you_mean
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

NEEDED = ("actor", "position", "salience")
READ = ("issue", "actor", "position", "salience", "influence", "accepts", "because", "note")
_LABELS = ("actor_name", "issue_name")
_LOW, _HIGH = "scale_low", "scale_high"
_ANY = (-1e300, 1e300)  # in place of a scale with an error, so that nothing more is told about it
_SMALL = 20  # positions up to here are not taken to be on 0..100
_SHEETS = "keep one, or put all into one table with a column 'issue'"


def stances_among(sheets: Sequence[Sheet], needed: Sequence[str], choices: Choices = UNTOLD) -> Table | None:
    """Return the table of stances in the sheets of a workbook, or in the one of a separated file.

    Visible sheets with positions in numbers go before others, of these those with saliences; that several are
    alike in this is an error, noted in the first.
    """
    tables = [table for sheet in sheets if (table := table_in(sheet, needed, choices)) is not None]
    shown = [one for one in tables if one.rows and not one.sheet.hidden] or tables[:1]
    told = ((one, [one.quantity(row, "position") for row in one.rows]) for one in shown)
    counted = [one for one, positions in told if any(isinstance(of, Quantity) for of in positions)]
    weighed = [one for one in counted if any(one.index("salience", row) is not None for row in one.rows)]
    best = weighed or counted or shown[:1]
    if best:
        names = [repr(sheet.name) for sheet in sheets if sheet.rows and sheet.name != best[0].sheet.name]
        if len(best) > 1:
            both = f"{best[0].sheet.name!r} and {best[1].sheet.name!r}"
            message = f"sheets {both} each hold a table of stances"
            best[0].told.refuse(best[0].sheet.place(None), message, _SHEETS)
        elif names:
            best[0].warn(f"other sheets were not read: {', '.join(names)}")
    return best[0] if best else None


class _Line(NamedTuple):
    """A row that names its actor and its issue."""

    row: Row
    actor: str
    issue: str

    @property
    def path(self) -> tuple[str, str, str]:
        return "stances", self.issue, self.actor


_Lines = list[_Line]


def _put_lines(draft: Draft, table: Table, lines: _Lines, *, own: bool) -> tuple[_Lines, _Lines]:
    """Put the stances of rows, with influences and sources of their ``own`` or without.

    Returns:
        The lines that are no second ones of their actor and issue, and those in which the actor takes part.
    """
    first, used, absent = dict[tuple[str, str], _Line](), _Lines(), list[str]()
    for line in lines:
        earlier = first.setdefault((line.issue, line.actor), line)
        if earlier is not line:
            rows = f"rows {earlier.row.number} and {line.row.number}"
            message = f"{table.text(line.row, 'actor')!r} stands twice on this issue ({rows})"
            hint = "keep one row per actor and issue, or give each actor and issue a name of its own"
            table.refuse(line.row, "actor", message, hint)
        elif _has_room(draft, table, line):
            if _put_stance(draft, table, line, own=own):
                used.append(line)
            else:
                absent.append(f"row {line.row.number}: {shown(table.text(line.row, 'actor'))!r}")
    if absent:
        what = "row has" if len(absent) == 1 else "rows have"
        message = f"{len(absent)} {what} no position or no salience: there the actor takes no part"
        table.warn(f"{message} ({listed(absent, 6)})")
    return list(first.values()), used


def _put_stance(draft: Draft, table: Table, line: _Line, *, own: bool) -> bool:
    """Put what a row says, influence and sources too if they are its own; return whether the actor takes part."""
    row = line.row
    position, salience = table.quantity(row, "position"), table.quantity(row, "salience")
    if table.index("salience", row) is None:
        salience = Quantity.exact(1)
    if position is None or salience is None:
        return False
    share = salience
    if isinstance(salience, Quantity):
        share = divided(salience, table.divisor) if table.divisor else UNKNOWN
    accepts = table.acceptance(row)
    said: dict[str, Any] = {"position": position, "salience": share, "accepts": accepts and str(accepts)}
    said["note"] = table.text(row, "note")
    if own:
        said["influence"] = table.quantity(row, "influence")
        said["because"] = [cells.labelled(one)[0] for one in cells.entries(table.text(row, "because"))]
    stated = {name: plainly(value) for name, value in said.items() if value}
    draft.put(line.path, stated, table.place(row, "actor"))
    for name in stated:
        at, there = (*line.path, name), table.place(row, name)
        draft.document.keys[at] = draft.document.values[at] = there
    return True


def _has_room(draft: Draft, table: Table, line: _Line) -> bool:
    """Tell whether the stance may be put where it belongs; a stance that is already there is an error."""
    data: Any = draft.document.data
    for part in line.path[:-1]:
        if data.get(part) is None:
            data.pop(part, None)  # a part that is left empty is made when it is needed
            return True
        data = data[part]
        if not isinstance(data, dict):
            return False  # the case's own check tells
    if line.actor not in data:
        return True
    place = draft.document.place(line.path)
    where = f" (line {place.line})" if place else ""
    message = f"the stance of {line.actor!r} on {line.issue!r} is also given in the case file{where}"
    table.refuse(line.row, "actor", message, "keep it in one of the two")
    return False


# --- beside a case -------------------------------------------------------------------------------


def put_stances(document: Document, table: Table, ids: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """Put the stances of a table into the data of a case; what is wrong is noted in the document.

    Args:
        document: a case that has its actors and issues.
        table: names them by their ids or their exact names.
        ids: how else it names them: ``actor`` and ``issue`` → name → id; then influences are the actors'.
    """
    if unread := [table.heading(name) for name in table.columns if name not in READ + _LABELS]:
        named = ", ".join(repr(name) for name in unread)
        table.warn(f"not read in a table of stances: {named}", "what it says belongs to the case itself")
    draft = Draft(document)
    _put_named(draft, table, ids)
    document.problems[:] = dict.fromkeys([*document.problems, *table.told.problems])


def _put_named(draft: Draft, table: Table, ids: Mapping[str, Mapping[str, str]] | None) -> list[_Line]:
    """Put the stances of rows that name their actors and issues; return those in which the actor takes part."""
    known = _finder(draft.document, table, ids or {})
    named = ((row, known(row, "issue"), known(row, "actor")) for row in table.rows)
    lines = [_Line(row, actor, issue) for row, issue, actor in named if issue and actor]
    firsts, used = _put_lines(draft, table, lines, own=not ids)
    if ids:
        _influences(draft, table, firsts, used)
    return used


def _finder(
    document: Document, table: Table, ids: Mapping[str, Mapping[str, str]]
) -> Callable[[Row, str], str | None]:
    """Return what gives the id of the actor or issue that a row names, or refuses it, each name once."""
    parts = {which: as_mapping(document.data.get(f"{which}s")) for which in ("actor", "issue")}
    told: set[tuple[str, str]] = set()

    def found(row: Row, which: str) -> str | None:
        known, text = parts[which], table.text(row, which)
        if which == "issue" and "issue" not in table.columns:
            if len(known) == 1:
                return str(next(iter(known)))
            row, text = table.header, ""
        if text in ids.get(which, known):
            return ids[which][text] if ids else text
        named = [key for key, part in known.items() if as_mapping(part).get("name") == text and text]
        if len(named) != 1 and (which, text) not in told:
            told.add((which, text))
            table.refuse(row, which, *_unnamed(table, which, text, named, ids.get(which, known)))
        return named[0] if len(named) == 1 else None

    return found


def _unnamed(
    table: Table, which: str, text: str, named: list[str], known: Mapping[str, Any]
) -> tuple[str, str | None]:
    """Return why a text names no actor or issue, or several, and what to write."""
    if which not in table.columns:
        return f"the table has no column {which!r}, and the case has {len(known)} {which}s", "add the column"
    if not text:
        return "is blank", f"name the {which} of each row, or remove the row"
    if named:
        return f"{len(named)} {which}s are called {text!r}", f"write its id: {' or '.join(named)}"
    number = sum(table.text(other, which) == text for other in table.rows)
    times = f" ({number} rows)" if number > 1 else ""
    return f"no {which} is called {text!r}{times}", did_you_mean(text, known)


# --- a case of its own ---------------------------------------------------------------------------


def read_tidy(table: Table, stem: str) -> Document:
    """Return the data of a case that a tidy table says, and what is wrong; ``stem`` names what nothing names."""
    draft, own = Draft(title=stem), "issue" in table.columns
    texts = ((row, table.text(row, "actor"), table.text(row, "issue") if own else stem) for row in table.rows)
    every = [_Line(*line) for line in texts]
    whole = [line for line in every if line.actor and line.issue]  # the others are told below
    given = sum(not cells.is_blank(table.text(line.row, "position")) for line in whole)
    for what, found, most in (  # before they are read one by one
        ("actors", len({line.actor for line in every} - {""}), MAX_ACTORS),
        ("issues", len({line.issue for line in every} - {""}), MAX_ISSUES),
        ("stances", given, MAX_STANCES),
    ):
        if found > most:
            message = f"{found:,} {what}, and a case has at most {most:,}"
            raise FormatError([table.sheet.problem(message, hint="split the table")])
    actors = _ids(table, "actor", [(line.row, line.actor) for line in every if line.actor])
    issues = _ids(table, "issue", [(line.row, line.issue) for line in every if line.issue])
    named = [_Line(line.row, actors[line.actor], issues[line.issue]) for line in whole]
    _put_attributes(draft, table, named, stem)
    for name in ("salience", "influence"):
        if not any(name in table.columns or name in line.row.at for line in named):
            hint = "add the column if they differ"
            table.warn(f"the table has no {name}: 1 was taken for every actor", hint)
    used = _put_named(draft, table, {"actor": actors, "issue": issues})
    _put_scales(draft, table, named, used)
    _cited(draft, table, used)
    draft.problems += dict.fromkeys(table.told.problems)
    return draft.document


def _ids(table: Table, which: str, named: list[tuple[Row, str]]) -> dict[str, str]:
    """Return text → id. Texts are ids when another column has the names."""
    keep = f"{which}_name" in table.columns
    ids = ids_for((text for _, text in named), keep=keep, fallback=which)
    first, warned = dict[str, str](), set[str]()
    for row, text in named:
        spelt = first.setdefault(ids[text], text)
        if spelt != text and text not in warned:
            warned.add(text)
            message = f"{text!r} was read as {spelt!r}: they differ only in capitals or blanks"
            table.warn(message, name=which, row=row.number)
    return ids


def _put_attributes(draft: Draft, table: Table, named: list[_Line], stem: str) -> None:
    """Put what the rows say of their actors and issues; an unknown country is told, as nothing rests on it."""
    rows_of = {which: [(getattr(line, which), line.row) for line in named] for which in ("actor", "issue")}
    for which, rows in rows_of.items():
        firsts = dict(reversed(rows))
        for key in dict.fromkeys(key for key, _ in rows):
            row = firsts[key]
            draft.put((f"{which}s", key, "name"), table.text(row, which) or stem, table.place(row, which))
    listed_in = {row: cells.entries(table.text(row, "groups")) for _, row in rows_of["actor"]}
    ids, names = labels_of(entry for entries in listed_in.values() for entry in entries)
    found: list[tuple[str, str, str, Callable[[Row], Any] | None]] = [
        *((which, f"{which}_name", "name", None) for which in rows_of),
        ("actor", "country", "country", None),
        ("actor", "groups", "groups", lambda row: [ids[one] for one in listed_in[row]] or None),
        ("issue", "no_deal", "no_deal", lambda row: table.quantity(row, "no_deal")),
    ]
    unknown = []
    for which, column, name, read in found:
        for key, (row, value) in table.agreed(rows_of[which], column, read).items():
            put = cells.country(value) if name == "country" else value
            unknown += [] if put else [value]
            draft.put((f"{which}s", key, name), put, table.place(row, column))
    if unknown:
        message = f"not known as countries and left out: {listed(map(repr, dict.fromkeys(unknown)), 6)}"
        table.warn(message, "use a name or code such as NOR", "country")
    for group in dict.fromkeys(ids.values()) if names else ():
        draft.put(("groups", group, "name"), names.get(group, group))


def _influences(draft: Draft, table: Table, lines: list[_Line], used: list[_Line]) -> None:
    """Put influences: once for an actor whose stances have the same, else at each stance."""
    given, blank, taking = dict[str, list[tuple[_Line, Any]]](), list[_Line](), {line.path for line in used}
    for line in lines:
        absent = table.index("influence", line.row) is None
        value = Quantity.exact(1) if absent else table.quantity(line.row, "influence")
        if value is not None:
            given.setdefault(line.actor, []).append((line, value))
        elif line.path in taking:
            blank.append(line)
    for actor, every in given.items():
        stated = [entry for entry in every if entry[0].path in taking] or every
        same = len({str(value) for _, value in stated}) == 1
        for line, value in stated[:1] if same else stated:
            if same or line.path in taking:
                path = ("actors", actor) if same else line.path
                draft.put((*path, "influence"), value, table.place(line.row, "influence"))
    for line in blank:
        if "influence" not in draft.document.data["actors"][line.actor]:  # else its other rows agree on one
            table.refuse(line.row, "influence", "is blank", "give the actor's influence in each row")
            draft.put((*line.path, "influence"), UNKNOWN)


def labels_of(entries: Iterable[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return entry → id for ``eu``, ``eu: European Union`` or ``European Union``, and id → name."""
    parts = {entry: cells.labelled(entry) for entry in entries}
    ids = ids_for((first for first, _ in parts.values()), keep=True, fallback="item")
    names: dict[str, str] = {}
    for first, name in parts.values():
        if name is not None or not IDENTIFIER.fullmatch(first):
            names.setdefault(ids[first], name or first)
    return {entry: ids[first] for entry, (first, _) in parts.items()}, names


def _cited(draft: Draft, table: Table, used: list[_Line]) -> None:
    """Put what each stance rests on, and declare these sources."""
    found = [(line, cells.entries(table.text(line.row, "because"))) for line in used]
    ids, names = labels_of(entry for _, rests in found for entry in rests)
    for line, rests in found:
        place, because = table.place(line.row, "because"), [ids[entry] for entry in rests]
        draft.put((*line.path, "because"), because or None, place)
        for source in because:
            if source not in draft.document.data.get("sources", {}):
                draft.put(("sources", source, "title"), names.get(source, source), place)


# --- scales --------------------------------------------------------------------------------------


def _put_scales(draft: Draft, table: Table, named: list[_Line], used: list[_Line]) -> None:
    """Give every issue its scale: the one that its rows state, or else that of the numbers in its stances."""
    rows = [(line.issue, line.row) for line in named]
    ends = {name: table.agreed(rows, name, partial(table.number, name=name)) for name in (_LOW, _HIGH)}
    told = {issue for issue, row in rows if table.text(row, _LOW) or table.text(row, _HIGH)}
    inferred: dict[tuple[float, float], list[str]] = {}
    told_in = {one.column for one in table.told.problems if one.severity == "error"}
    firsts, of_issue = dict(reversed(rows)), {issue: list[_Line]() for issue, _ in rows}
    for line in used:
        of_issue[line.issue].append(line)
    for issue in of_issue:
        place = table.place(firsts[issue], "position")
        if issue in told:
            stated = {name: of[issue] for name, of in ends.items() if issue in of}
            scale, place = _stated(table, stated, place)
        else:
            data, stances = draft.document.data["issues"][issue], of_issue[issue]
            positions = [table.number_in(table.text(line.row, "position")) for line in stances]
            accepts = [table.acceptance(line.row) for line in stances]
            bounds = [one for red in accepts if isinstance(red, Acceptance) for one in red.bounds().values()]
            read = [*positions, *bounds, table.number_in(str(data.get("no_deal", "")))]
            numbers = [number for value in read if value is not None for number in cells.stated(value)]
            headed = cells.ends_in(table.heading("position", firsts[issue]))
            fits = headed and all(headed[0] <= number <= headed[1] for number in numbers)
            scale = headed if fits else scale_for(numbers)
            sure = place.column not in told_in  # else the scale would follow from what is told there
            if sure and scale is not None and not fits:
                inferred.setdefault(scale, []).append(data["name"])
            elif sure and scale is None and None not in positions:
                message = f"every position on the issue is {number_text(numbers[0])}, which gives no scale"
                hint = "add the columns scale_low and scale_high"
                table.refuse(firsts[issue], "position", message, hint)
        draft.put(("issues", issue, "scale"), cells.scale_of(scale or _ANY), place)
        draft.document.unknown += [] if scale else [("issues", issue, "scale")]
    for ends_, names in inferred.items():
        what = f"the scale {'..'.join(map(number_text, ends_))} was taken for {listed(map(repr, names), 6)}"
        table.warn(what, "add the columns scale_low and scale_high if it is another", "position")


def _stated(
    table: Table, ends: dict[str, tuple[Row, float]], place: Place
) -> tuple[tuple[float, float] | None, Place]:
    """Return a scale that the table gives, and where; what is wrong with it is told once."""
    row, low = ends.get(_LOW, (None, 0.0))
    _, high = ends.get(_HIGH, (None, 0.0))
    if len(ends) == 1:
        ((given, (row, _)),) = ends.items()
        missing = _HIGH if given == _LOW else _LOW
        if cells.is_blank(table.text(row, missing)):  # else that is told
            table.refuse(row, given, f"gives one end of the scale; {missing} is not given", "give both ends")
    elif row is not None and low >= high:
        table.refuse(row, _LOW, f"{number_text(low)} is not below scale_high {number_text(high)}")
    elif row is not None:
        return (low, high), table.place(row, _LOW)
    return None, place


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
