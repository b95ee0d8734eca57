"""How does a case travel to KTAB's Spatial Model of Politics (SMP) and back? From tables and scenarios in XML.

In a table line 1 has name, description, number of actors, number of dimensions; line 2 headings, of which those of
the positions name the dimensions; then one row per actor: name, description, capability, and position and salience
for each dimension. All are in 0..100, the saliences of one actor add up to at most 100. Of a scenario in XML the
parameters of the model, the seed and the adjustments of ideals belong to KTAB's own runs and are left aside.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from detente.case.formats import cells
from detente.case.formats.draft import Draft, StandIn, ids_for
from detente.case.formats.elements import place_of, text_of
from detente.case.formats.sheet import Row, lines_of, read_separated
from detente.case.reading import Document, Place
from detente.case.text import slug
from detente.case.validation import shown
from detente.quantity.quantity import number_text

FEWEST, MOST = 3, 250
MAX_NAME, MAX_TEXT, MAX_LONG_TEXT = 25, 256, 512
MAX_POWER = 1e8
ROOT = "Scenario"
_FIXED = 3  # name, description, capability
_IGNORED = {
    "ModelParameters": "the parameters of the model",
    "prngSeed": "the seed",
    "IdealAdjustment": "the adjustments of ideal positions",
}


class _Cell(NamedTuple):
    text: str
    place: Place


class _Actor(NamedTuple):
    name: _Cell
    note: _Cell
    power: _Cell
    stances: Sequence[tuple[_Cell, _Cell]]  # position and salience on each dimension


def is_ktab(text: str) -> bool:
    """Tell whether a text begins like a KTAB file: two texts, two whole numbers, and a line of headings."""
    lines = [line for line in lines_of(text)[:20] if line.strip()]
    if len(lines) < 2:
        return False
    try:
        first, second = list(csv.reader(lines[:2], skipinitialspace=True))[:2]
    except (csv.Error, ValueError):
        return False
    counts = [cell.strip() for cell in first[2:4]]
    wide = len([cell for cell in second if cell.strip()]) >= _FIXED + 2
    return len(counts) == 2 and all(re.fullmatch(r"\d{1,6}", count) for count in counts) and wide


def read_ktab(text: str, file: str, stem: str) -> Document:
    """Return the data of the case in a KTAB file; what is wrong with it is noted in the document."""
    sheet = read_separated(text, file, ",")
    first, headings, *rows = sheet.rows
    draft = Draft(file=file, title=first.cell(0) or stem, note=first.cell(1) or None)
    actors, dimensions = int(first.cell(2)), int(first.cell(3))
    if any(first.cells[4:]):
        extra = ", ".join(cell for cell in first.cells[4:] if cell)
        message = f"what follows the number of dimensions was not read: {shown(extra)}"
        draft.warn(message, None, Place(first.number, 5))
    if len(rows) != actors:
        message = f"the file announces {actors} actors but has {len(rows)}"
        draft.refuse(Place(first.number, 3), message, "correct the number, or the rows")
    width = len(headings.cells)
    if width != _FIXED + 2 * dimensions:
        message = f"{dimensions} dimensions need {_FIXED + 2 * dimensions} headings, but there are {width}"
        draft.refuse(Place(headings.number, width), message, "correct the number in line 1")
        return draft.document
    columns = range(_FIXED, width, 2)
    issues = _put_dimensions(draft, [_Cell(headings.cell(n), Place(headings.number, n + 1)) for n in columns])

    def cell(row: Row, column: int) -> _Cell:
        return _Cell(row.cell(column), sheet.place(row, column, f"column {headings.cell(column)!r}"))

    pairs = ([(cell(row, n), cell(row, n + 1)) for n in columns] for row in rows)
    _put_actors(
        draft,
        issues,
        [_Actor(cell(r, 0), cell(r, 1), cell(r, 2), of) for r, of in zip(rows, pairs, strict=True)],
    )
    for row in rows:
        if len(row.cells) > width:
            draft.refuse(cell(row, width).place, "a cell beyond the last heading")
    return draft.document


def read_ktab_xml(root: Element, file: str, stem: str) -> Document:
    """Return the data of the case in a KTAB scenario; what is wrong with it is noted in the document."""
    draft = Draft(file=file, title=text_of(root, "name") or stem, note=text_of(root, "desc") or None)
    ignored = [meaning for tag, meaning in _IGNORED.items() if root.find(tag) is not None]
    if ignored:
        draft.warn(f"not read: {', '.join(ignored)}")
    named, listed = root.findall("Dimensions/dName"), root.findall("Actors/Actor")
    for found, tag, what in ((named, "Dimensions", "dimensions"), (listed, "Actors", "actors")):
        if not found:
            holder = root.find(tag)
            draft.refuse(place_of(root if holder is None else holder), f"the scenario has no {what}")
    issues = _put_dimensions(draft, [_Cell(text_of(one), place_of(one)) for one in named])

    def cell(of: Element, at: Element | None, called: str) -> _Cell:
        return _Cell(text_of(at), place_of(of if at is None else at, f"{file}\0{called}"))

    actors = []
    for actor in listed:
        name, pairs = text_of(actor, "name"), []
        for part, tag in (("Position", "dCoord"), ("Salience", "dSal")):
            coordinates, within = actor.findall(f"{part}/{tag}"), actor.find(part)
            if len(coordinates) != len(issues):
                at = place_of(actor if within is None else within)
                told = f"{name!r} has {len(coordinates)} elements {tag} for {len(issues)} dimensions"
                draft.refuse(at, told)
            called = [f"{name!r}, {of!r}: the {part.casefold()}" for _, of in issues]
            pairs.append([cell(one, one, what) for one, what in zip(coordinates, called, strict=False)])
        power = cell(actor, actor.find("capability"), f"{name!r}: the capability")
        note = _Cell(text_of(actor, "description"), place_of(actor))
        actors.append(_Actor(_Cell(name, place_of(actor)), note, power, list(zip(*pairs, strict=False))))
    _put_actors(draft, issues, actors, rows="lines")
    return draft.document


def _put_dimensions(draft: Draft, named: Sequence[_Cell]) -> list[tuple[str, str]]:
    """Put the issues and return (id, name) of each."""
    issues: list[tuple[str, str]] = []
    for number, (text, place) in enumerate(named, start=1):
        name = text or f"Dimension {number}"
        issue = slug(name, {key for key, _ in issues}, "dimension")
        draft.put(("issues", issue, "name"), name, place)
        draft.bare_scale(issue, (0, 100), place)
        issues.append((issue, name))
    return issues


def _put_actors(
    draft: Draft, issues: Sequence[tuple[str, str]], actors: Sequence[_Actor], rows: str = "rows"
) -> None:
    ids = ids_for((actor.name.text for actor in actors), keep=False, fallback="actor")
    first: dict[str, Place] = {}
    for (name, place), note, power, stances in actors:
        actor = ids[name]
        if not name:
            draft.refuse(place, "the actor has no name")
        elif actor in first:
            draft.refuse(
                place, f"{name!r} stands twice ({rows} {first[actor].line} and {place.line})", "rename one"
            )
        first.setdefault(actor, place)
        draft.put(("actors", actor, "name"), name or "?", place)
        draft.put(("actors", actor, "note"), note.text or None, note.place)
        draft.put(("actors", actor, "influence"), _number(draft, power, MAX_POWER), power.place)
        for (issue, _), (position, salience) in zip(issues, stances, strict=False):
            draft.put(("stances", issue, actor, "position"), _number(draft, position, 100), position.place)
            share = _number(draft, salience, 100)
            share = cells.shifted(salience.text, -2) if share > 0 else share
            draft.put(("stances", issue, actor, "salience"), share, salience.place)


def _number(draft: Draft, cell: _Cell, high: float) -> float:
    """Return the number in a cell, or one that does no harm after noting an error."""
    hint, blank = (
        f"the numbers run from 0 to {number_text(high)}",
        "is blank; an actor has a number on every dimension",
    )
    number = draft.exact(cell.place, cell.text, (0, high), hint, blank)
    return StandIn(0) if number is None else number
