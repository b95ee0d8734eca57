"""Who wants what, one row per actor and issue: a tidy table read as a case.

A table has no title, no sources and often no scales. What is missing is taken from the file's name and its
numbers by fixed rules, and each rule that was used is told as a warning. A row without a position or without a
salience means that the actor takes no part there, which is not the same as zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from detente.case.countries import country_code
from detente.case.formats import cells
from detente.case.formats.draft import Draft, StandIn, ids_for, put_influences
from detente.case.formats.numbers import divided
from detente.case.formats.scales import put_scales, shortened
from detente.case.formats.sheet import Row
from detente.case.formats.table import Table
from detente.case.parts.actors import MAX_ACTORS
from detente.case.parts.issues import MAX_ISSUES
from detente.case.reading import Document, Place
from detente.case.text import IDENTIFIER
from detente.errors import FormatError
from detente.quantity import Quantity


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that names its actor and its issue."""

    row: Row
    actor: str
    issue: str


def read_tidy(table: Table, stem: str) -> Document:
    """Return the data of a case that a tidy table says, and what is wrong; ``stem`` names what nothing names."""
    draft = Draft(title=stem)
    lines = _lines(table, stem)
    _actors(draft, table, lines)
    _issues(draft, table, lines, stem)
    used = _stances(draft, table, lines)
    rows, with_stance = ([(line.issue, line.row) for line in some] for some in (lines, used))
    put_scales(draft, table, rows, with_stance)
    _cited(draft, table, used)
    draft.document.problems += table.problems
    return draft.document


def _lines(table: Table, stem: str) -> list[_Line]:
    """Return the usable rows with the ids of their actors and issues."""
    named: list[tuple[Row, str, str]] = []
    for row in table.rows:
        actor = table.text(row, "actor")
        issue = table.text(row, "issue") if "issue" in table.columns else stem
        for name, text in (("actor", actor), ("issue", issue)):
            if not text:
                table.refuse(row, name, "is blank", f"name the {name} of each row, or remove the row")
        if actor and issue:
            named.append((row, actor, issue))
    for name, most in (("actor", MAX_ACTORS), ("issue", MAX_ISSUES)):
        found = len({who if name == "actor" else what for _, who, what in named})
        if found > most:  # before they are read one by one
            told = table.sheet.problem(
                f"{found} {name}s, and a case has at most {most}", hint="split the table"
            )
            raise FormatError([told])
    actors = _ids(table, "actor", [(row, actor) for row, actor, _ in named])
    issues = _ids(table, "issue", [(row, issue) for row, _, issue in named])
    return [_Line(row, actors[actor], issues[issue]) for row, actor, issue in named]


def _ids(table: Table, which: str, named: list[tuple[Row, str]]) -> dict[str, str]:
    """Return text → id. Texts are ids when another column has the names."""
    keep = f"{which}_name" in table.columns
    ids = ids_for((text for _, text in named), keep=keep, fallback=which)
    first: dict[str, str] = {}
    warned = set()
    for row, text in named:
        spelt = first.setdefault(ids[text], text)
        if spelt != text and text not in warned:
            warned.add(text)
            message = f"{text!r} was read as {spelt!r}: they differ only in capitals or blanks"
            table.warn(message, name=which, row=row.number)
    return ids


def _texts(table: Table, lines: Iterable[tuple[str, Row]], column: str) -> dict[str, tuple[Row, Any]]:
    return table.agreed(lines, column, lambda row: table.text(row, column))


def _actors(draft: Draft, table: Table, lines: list[_Line]) -> None:
    rows = [(line.actor, line.row) for line in lines]
    for actor, row in rows:
        if actor not in draft.document.data.get("actors", {}):
            draft.put(("actors", actor, "name"), table.text(row, "actor"), table.place(row, "actor"))
    for actor, (row, text) in _texts(table, rows, "actor_name").items():
        draft.put(("actors", actor, "name"), text, table.place(row, "actor_name"))
    _countries(draft, table, rows)
    labels = labels_of(entry for _, row in rows for entry in cells.entries(table.text(row, "groups")))

    def members(row: Row) -> list[str]:
        return [labels.ids[entry] for entry in cells.entries(table.text(row, "groups"))]

    for actor, (row, listed) in table.agreed(rows, "groups", lambda row: members(row) or None).items():
        draft.put(("actors", actor, "groups"), listed, table.place(row, "groups"))
    if labels.names:
        for group in dict.fromkeys(labels.ids.values()):
            draft.put(("groups", group, "name"), labels.names.get(group, group))


def _countries(draft: Draft, table: Table, rows: list[tuple[str, Row]]) -> None:
    """Put the countries; nothing rests on them, so one that is not known is left out and told."""
    left = []
    for actor, (row, text) in _texts(table, rows, "country").items():
        code = country_code(text)
        draft.put(("actors", actor, "country"), code, table.place(row, "country"))
        left += [] if code else [text]
    if left:
        told = shortened(list(dict.fromkeys(left)))
        table.warn(
            f"not known as countries and left out: {told}", "use a name or code such as NOR", "country"
        )


def _issues(draft: Draft, table: Table, lines: list[_Line], stem: str) -> None:
    rows = [(line.issue, line.row) for line in lines]
    for issue, row in rows:
        if issue not in draft.document.data.get("issues", {}):
            name = table.text(row, "issue") or stem
            draft.put(("issues", issue, "name"), name, table.place(row, "issue"))
    for issue, (row, text) in _texts(table, rows, "issue_name").items():
        draft.put(("issues", issue, "name"), text, table.place(row, "issue_name"))
    no_deal = table.agreed(rows, "no_deal", lambda row: table.quantity(row, "no_deal"))
    for issue, (row, value) in no_deal.items():
        draft.put(("issues", issue, "no_deal"), value, table.place(row, "no_deal"))


def _stances(draft: Draft, table: Table, lines: list[_Line]) -> list[_Line]:
    """Put the stances and return the lines that have one."""
    for name in ("salience", "influence"):
        if not any(name in table.columns or name in line.row.at for line in lines):
            table.warn(
                f"the table has no {name}: 1 was taken for every actor", "add the column if they differ"
            )
    first: dict[tuple[str, str], Row] = {}
    used = []
    for line in lines:
        earlier = first.setdefault((line.issue, line.actor), line.row)
        if earlier is not line.row:
            who = f"{table.text(line.row, 'actor')!r}"
            message = f"{who} stands twice on this issue (rows {earlier.number} and {line.row.number})"
            table.refuse(line.row, "actor", message, "keep one row per actor and issue")
        elif put_stance(draft, table, line.row, ("stances", line.issue, line.actor)):
            used.append(line)
    tell_absent(table, len(first) - len(used))
    _influences(draft, table, [line for line in lines if first[line.issue, line.actor] is line.row], used)
    return used


def put_stance(draft: Draft, table: Table, row: Row, path: tuple[str, str, str]) -> bool:
    """Put the position, salience, red line and note of a row; return whether the actor takes part."""
    position = table.quantity(row, "position")
    salience: Quantity | str | StandIn | None = table.quantity(row, "salience")
    if table.number_column("salience", row) is None:
        salience = Quantity.exact(1)
    if position is None or salience is None:
        return False
    if isinstance(salience, Quantity):
        salience = divided(salience, table.divisor) if table.divisor else StandIn(1)
    accepts = table.acceptance(row)
    values = {
        "position": position,
        "salience": salience,
        "accepts": None if accepts is None else str(accepts),
        "note": table.text(row, "note") or None,
    }
    draft.put(path, {}, table.place(row, "actor"))
    for name, value in values.items():
        draft.put((*path, name), value, table.place(row, name))
    return True


def tell_absent(table: Table, count: int) -> None:
    """Warn of rows without a position or salience."""
    if count:
        what = "row has" if count == 1 else "rows have"
        table.warn(f"{count} {what} no position or no salience: there the actor takes no part")


def _influences(draft: Draft, table: Table, lines: list[_Line], used: list[_Line]) -> None:
    given: dict[str, list[tuple[str | None, Quantity | str, Place]]] = {}
    blank: dict[str, list[_Line]] = {}
    with_stance = {(line.issue, line.actor) for line in used}
    for line in lines:
        absent = table.number_column("influence", line.row) is None
        value = Quantity.exact(1) if absent else table.quantity(line.row, "influence")
        has_stance = (line.issue, line.actor) in with_stance
        if value is not None:
            entry = (line.issue if has_stance else None, value, table.place(line.row, "influence"))
            given.setdefault(line.actor, []).append(entry)
        elif has_stance:
            blank.setdefault(line.actor, []).append(line)
    for actor, listed in given.items():
        put_influences(draft, actor, listed)
    for actor, missing in blank.items():
        if "influence" in draft.document.data["actors"][actor]:
            continue  # its other rows agree on one
        for line in missing:
            table.refuse(line.row, "influence", "is blank", "give the actor's influence in each row")
            draft.put(("stances", line.issue, line.actor, "influence"), StandIn(1))


# --- what a list of ids says -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Labels:
    """Entries of lists: the id of each, and the names of those that have one."""

    ids: dict[str, str]
    names: dict[str, str]


def labels_of(listed: Iterable[str]) -> Labels:
    """Return the ids of entries such as ``eu``, ``eu: European Union`` or ``European Union``."""
    parts = {entry: cells.labelled(entry) for entry in listed}
    ids = ids_for((first for first, _ in parts.values()), keep=True, fallback="item")
    names: dict[str, str] = {}
    for first, name in parts.values():
        if name is not None or not IDENTIFIER.fullmatch(first):
            names.setdefault(ids[first], name or first)
    return Labels({entry: ids[first] for entry, (first, _) in parts.items()}, names)


def _cited(draft: Draft, table: Table, used: list[_Line]) -> None:
    """Put what each stance rests on, and declare these sources."""
    found = [(line, cells.entries(table.text(line.row, "because"))) for line in used]
    labels = labels_of(entry for _, listed in found for entry in listed)
    for line, listed in found:
        place = table.place(line.row, "because")
        if listed:
            because = [labels.ids[entry] for entry in listed]
            draft.put(("stances", line.issue, line.actor, "because"), because, place)
        for entry in listed:
            source = labels.ids[entry]
            if source not in draft.document.data.get("sources", {}):
                draft.put(("sources", source, "title"), labels.names.get(source, source), place)
