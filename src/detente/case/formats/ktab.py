"""How does a case travel to KTAB's Spatial Model of Politics (SMP) and back? From tables and scenarios in XML.

In a table line 1 has name, description, number of actors, number of dimensions; line 2 headings, of which those of
the positions name the dimensions; then one row per actor: name, description, capability, and position and salience
for each dimension. All are in 0..100, the saliences of one actor add up to at most 100. Of a scenario in XML the
parameters of the model, the seed and the adjustments of ideals belong to KTAB's own runs and are left aside.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from functools import reduce
from io import StringIO
from itertools import product
from operator import add
from pathlib import Path as FilePath
from types import MappingProxyType
from xml.etree.ElementTree import Element

from detente.case.case import Case
from detente.case.formats.cells import Cell, guarded, is_blank, one_line
from detente.case.formats.draft import UNKNOWN, Draft, ids_for, new_ids
from detente.case.formats.elements import place_of, text_of
from detente.case.formats.losses import IN_NUMBERS, aim, doubt, not_held, warning
from detente.case.formats.numerals import divided, exact
from detente.case.formats.sheet import Row, Sheet, lines_of, read_separated, refusal, separated
from detente.case.formats.stances import read_tidy
from detente.case.formats.table import Table
from detente.case.parts.actors import MAX_ACTORS
from detente.case.parts.issues import MAX_ISSUES
from detente.case.reading import Document, Place
from detente.case.validation import shown
from detente.errors import Problem, QuantityError
from detente.quantity import parse
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
    actors, dimensions = int(first.cell(2)), int(first.cell(3))
    width = len(headings.cells)
    fits = width == _FIXED + 2 * dimensions
    read = rows if fits else ()
    records = csv.reader(StringIO(text, newline=""), skipinitialspace=True)
    lengths = {number: len(cells) for number, cells in enumerate(records, start=1)}  # blank ones count
    draft = _case_of(sheet, headings, headings.cells[_FIXED::2], read, first.cell(0) or stem, lengths)
    draft.put(("note",), first.cell(1) or None)
    if any(first.cells[4:]):
        extra = ", ".join(cell for cell in first.cells[4:] if cell)
        message = f"what follows the number of dimensions was not read: {shown(extra)}"
        draft.warn(message, None, Place(first.number, 5))
    if len(rows) != actors:
        message = f"the file announces {actors} actors but has {len(rows)}"
        draft.refuse(Place(first.number, 3), message, "correct the number, or the rows")
    if not fits:
        message = f"{dimensions} dimensions need {_FIXED + 2 * dimensions} headings, but there are {width}"
        draft.refuse(Place(headings.number, width), message, "correct the number in line 1")
    for row in read:
        if (cut := lengths[row.number]) < width:
            message = f"the row has {cut} cells, and there are {width} headings"
            hint = "complete it; who takes no part on a dimension has blank cells there, between commas"
            draft.refuse(sheet.place(row.number, cut), message, hint)
        elif len(row.cells) > width:
            draft.refuse(sheet.place(row.number, width), "a cell beyond the last heading")
    return draft.document


def read_ktab_xml(root: Element, file: str, stem: str) -> Document:
    """Return the data of the case in a KTAB scenario; what is wrong with it is noted in the document."""
    named, listed = root.findall("Dimensions/dName"), root.findall("Actors/Actor")
    names, places = [text_of(one) for one in named], dict[tuple[int, int], Place]()
    head = Row(0, ("name", "description", "capability", *("dCoord", "dSal") * len(names)))
    rows, uneven = list[Row](), list[tuple[Element, str]]()
    for actor in listed:
        parts = [actor.findall(path) for path in ("Position/dCoord", "Salience/dSal")]
        uneven += [
            (actor, f"{len(found)} elements {tag} for {len(names)} dimensions")
            for found, tag in zip(parts, head.cells[_FIXED:], strict=False)
            if len(found) != len(names)
        ]
        fixed = [actor.find(tag) for tag in head.cells[:_FIXED]]
        elements = [*fixed, *(one for pair in zip(*parts, strict=False) for one in pair)]
        line = place_of(actor).line
        rows.append(Row(line, tuple(text_of(one) for one in elements)))
        places |= {(line, n): place_of(actor if one is None else one) for n, one in enumerate(elements)}
    sheet = Sheet(file, tuple(rows), places=places)
    draft = _case_of(sheet, head, names, rows, text_of(root, "name") or stem, word="element")
    draft.put(("note",), text_of(root, "desc") or None)
    for actor, told in uneven:
        draft.refuse(place_of(actor), f"{text_of(actor, 'name')!r} has {told}")
    ignored = [meaning for tag, meaning in _IGNORED.items() if root.find(tag) is not None]
    if ignored:
        draft.warn(f"not read: {', '.join(ignored)}")
    for found, tag, what in ((named, "Dimensions", "dimensions"), (listed, "Actors", "actors")):
        if not found:
            holder = root.find(tag)
            draft.refuse(place_of(root if holder is None else holder), f"the scenario has no {what}")
    return draft.document


def _case_of(
    sheet: Sheet,
    head: Row,
    names: Sequence[str],
    rows: Sequence[Row],
    title: str,
    lengths: Mapping[int, int] = MappingProxyType({}),
    word: str = "column",
) -> Draft:
    """Return the case in rows of name, description, capability, and position and salience on each dimension.

    Where ``lengths`` says that a row ends before the headings, what it lacks is unknown, not blank.
    """
    for each, most, what in ((rows, MAX_ACTORS, "actors"), (names, MAX_ISSUES, "dimensions")):
        if len(each) > most:  # before they are read one by one
            raise refusal(f"{len(each)} {what}, and a case has at most {most}", sheet.file, "split the file")
    called = [name or f"Dimension {number}" for number, name in enumerate(names, start=1)]
    keys, ends = new_ids(called, set(), "dimension"), {"scale_low": "0", "scale_high": "100"}
    said = [{"issue": key, "issue_name": name, **ends} for key, name in zip(keys, called, strict=True)]
    width = len(head.cells)
    places = product(range(len(rows)), range(_FIXED - 1, width))
    found = {(n, column): _fault(rows[n], column, lengths.get(rows[n].number, width)) for n, column in places}
    faults = {place: fault for place, fault in found.items() if fault is not None}
    columns = {"actor": 0, "influence": 2, **dict.fromkeys(said[0] if said else (), _FIXED)}
    table = Table(sheet, head, columns, tuple(_tidy(rows, said, faults.keys())), word=word)
    draft = Draft(read_tidy(table, title), sheet.file)
    ids = ids_for((row.cell(0) for row in rows), keep=False, fallback="actor")
    for (number, column), (message, hint, value) in faults.items():
        if message:
            place = sheet.place(rows[number].number, column, f"{word} {head.cell(column)!r}")
            draft.refuse(place, message, hint, value)
    for row in rows:
        note = row.cell(1) if row.cell(0) else ""
        draft.put(("actors", ids[row.cell(0)], "note"), note or None, sheet.place(row.number, 1))
    return draft


def _fault(row: Row, column: int, end: int) -> tuple[str, str | None, str | None] | None:
    """Say what is wrong with a number, how to mend it, and what stands there; "" where the row ends before it."""
    text = row.cell(column)
    if column >= end:
        return "", None, None
    if text and is_blank(text):
        hint = "write a number" if column < _FIXED else "write a number; who takes no part has a blank cell"
        return f"{text!r} is not a number", hint, None
    if column > _FIXED and (column - _FIXED) % 2:
        with suppress(QuantityError):
            fault = parse(text).fault_within(0, 100)
            return (fault, "use 0..100", text) if fault else None
    return None


def _tidy(
    rows: Sequence[Row], said: Sequence[Mapping[str, str]], refused: Container[tuple[int, int]]
) -> Iterator[Row]:
    """Yield a row for each actor and dimension, with a mark in place of a number that is refused."""
    for (number, row), (dimension, of) in product(enumerate(rows), enumerate(said)):
        at = _FIXED + 2 * dimension
        columns = {"influence": _FIXED - 1, "position": at, "salience": at + 1}
        told = {name: UNKNOWN if (number, one) in refused else row.cell(one) for name, one in columns.items()}
        told["salience"] = _share(told["salience"])
        yield Row(row.number, row.cells, {**dict.fromkeys(of, at), **columns}, {**of, **told})


def _share(text: str) -> str:
    """Return a salience in per cent as a share, exact in decimals, or the text if it is none."""
    if re.fullmatch(r"\d{1,3}(\.\d{1,30})?", text):  # finer than a float
        return str(Decimal(text).scaleb(-2))
    try:
        return str(divided(parse(text), 100))
    except QuantityError:
        return text


# --- out -----------------------------------------------------------------------------------------

HELD = (*IN_NUMBERS, "note")


@dataclass
class _Numbers:
    """What is written for each actor and issue, and what had to be changed for it."""

    file: str
    power: dict[str, Decimal] = field(default_factory=dict)
    position: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    salience: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    def tell(self, message: str, hint: str | None = None) -> None:
        self.warnings.append(warning(message, self.file, hint))


def write_ktab(case: Case, path: FilePath) -> tuple[str, list[Problem]]:
    """Return the text of a KTAB file, and what it does not hold or had to change.

    Where actors weigh differently from issue to issue, the difference goes into the salience, so that the weight
    (influence times salience) that the model uses stays what the case says.

    Raises:
        FormatError: fewer than 3 or more than 250 actors, which KTAB refuses.
    """
    if not FEWEST <= len(case.actors) <= MOST:
        message = f"KTAB takes {FEWEST} to {MOST} actors, and the case has {len(case.actors)}"
        raise refusal(message, path.name, "write another format")
    numbers = _numbers(case, path.name)
    names = short_names({key: actor.name for key, actor in case.actors.items()}, MAX_NAME)
    title, note = fitting(case.title, MAX_TEXT), fitting(case.note, MAX_LONG_TEXT)
    headings = [fitting(issue.name, MAX_TEXT) for issue in case.issues.values()]
    rows: list[list[Cell]] = [
        [title, note, len(case.actors), len(case.issues)],
        ["Actor", "Description", "Power", *(text for name in headings for text in (name, "Salience"))],
    ]
    for key, actor in case.actors.items():
        of = [part[issue, key] for issue in case.issues for part in (numbers.position, numbers.salience)]
        written = [format(number.normalize(), "f") for number in (numbers.power[key], *of)]
        rows.append([names[key], fitting(actor.note, MAX_TEXT), *written])
    _tell_shortened(case, names, numbers)
    return separated(rows), [*not_held(case, HELD, path.name), *doubt(case, path.name), *numbers.warnings]


def fitting(text: str | None, longest: int) -> str:
    """Return a text on one line as KTAB reads it: it counts bytes, and takes some signs for others."""
    plain = re.sub(r"\${2,}", "$", re.sub('"|&quot;', "'", one_line(text)))
    room = longest - len(guarded(plain)) + len(plain)
    return plain.encode()[:room].decode(errors="ignore").rstrip()


def short_names(names: dict[str, str], longest: int) -> dict[str, str]:
    """Return a name of at most ``longest`` bytes for each id, no two alike when capitals do not count."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, name in names.items():
        short, number = fitting(name, longest), 2
        while short.casefold() in taken:
            ending = f" {number}"
            short, number = fitting(name, longest - len(ending)) + ending, number + 1
        taken.add(short.casefold())
        found[key] = short
    return found


def _tell_shortened(case: Case, names: dict[str, str], numbers: _Numbers) -> None:
    changed = [key for key, actor in case.actors.items() if names[key] != actor.name]
    if changed:
        examples = ", ".join(f"{case.actors[key].name!r} as {names[key]!r}" for key in changed[:3])
        numbers.tell(f"{len(changed)} names of actors were written otherwise, such as {examples}")
    others = [*(actor.note for actor in case.actors.values()), *(one.name for one in case.issues.values())]
    limits = [(case.note, MAX_LONG_TEXT), *((text, MAX_TEXT) for text in (case.title, *others))]
    cut = sum(fitting(text, longest) != (text or "") for text, longest in limits)
    if cut:
        numbers.tell(f"{cut} texts were cut, or written on one line or with other quotation marks")


def _numbers(case: Case, file: str) -> _Numbers:
    numbers = _Numbers(file)
    for key, issue in case.issues.items():
        low, high = exact(issue.low), exact(issue.high)
        moved = low != 0 or high != 100
        if moved:
            scale = f"{number_text(issue.low)}..{number_text(issue.high)}"
            numbers.tell(f"positions on {issue.name!r} were moved from {scale} to 0..100")
        for actor in case.stances.get(key, {}):
            position = exact(aim(case, key, actor))
            if moved:
                position = ((position - low) / (high - low) * 100).quantize(Decimal("1e-9"))
                position = max(Decimal(0), min(Decimal(100), position))
            numbers.position[key, actor] = position
            salience = case.quantities[f"stances.{key}.{actor}.salience"].mean
            numbers.salience[key, actor] = exact(salience).scaleb(2)
    _one_power_each(case, numbers)
    _absent(case, numbers)
    _fit_saliences(case, numbers)
    return numbers


def _one_power_each(case: Case, numbers: _Numbers) -> None:
    """Give each actor its largest influence, and move what an issue's falls short of it into the salience."""
    moved = 0
    for actor in case.actors:
        own = {
            issue: exact(case.quantities[case.influence_path(issue, actor)].mean)
            for issue, stances in case.stances.items()
            if actor in stances
        }
        alone = case.quantities.get(f"actors.{actor}.influence")
        power = numbers.power[actor] = max(own.values(), default=exact(alone.mean if alone else 0))
        moved += len(set(own.values())) > 1
        for issue, influence in own.items():
            if influence != power:
                share = numbers.salience[issue, actor] * influence / power
                numbers.salience[issue, actor] = share.quantize(Decimal("1e-9"))
    if moved:
        message = "actors have another influence on another issue: the difference is in the salience now"
        numbers.tell(f"{moved} {message}", "influence × salience is as it was")
    if (largest := max(numbers.power.values())) >= MAX_POWER:
        factor = Decimal(10) ** -(int(largest.log10()) - 6)
        numbers.power = {actor: power * factor for actor, power in numbers.power.items()}
        numbers.tell(f"all influences were multiplied by {factor}")


def _absent(case: Case, numbers: _Numbers) -> None:
    """Give actors without a stance the mean position and no salience, for KTAB knows no absence."""
    count = 0
    for issue in case.issues:
        present = case.stances.get(issue, {})
        weights = {actor: numbers.power[actor] * numbers.salience[issue, actor] for actor in present}
        total, centre = sum(weights.values()), Decimal(50)
        if total > 0:
            pull = sum(weight * numbers.position[issue, actor] for actor, weight in weights.items())
            centre = Decimal(pull / total).quantize(Decimal("1e-6"))
        for actor in case.actors.keys() - present.keys():
            numbers.position[issue, actor], numbers.salience[issue, actor] = centre, Decimal(0)
            count += 1
    if count:
        message = f"{count} absences were written as the mean position with salience 0"
        numbers.tell(message, "KTAB needs every actor on every dimension")


def _fit_saliences(case: Case, numbers: _Numbers) -> None:
    """Scale all saliences by one factor until no actor's add up to more than 100."""
    by_actor = [[numbers.salience[issue, actor] for issue in case.issues] for actor in case.actors]
    total = max(max(sum(own), Decimal(reduce(add, map(float, own)))) for own in by_actor)  # KTAB adds floats
    if total > 100:
        factor = 100 / Decimal(total)
        for key, value in numbers.salience.items():
            numbers.salience[key] = (value * factor).quantize(Decimal("1e-9"), ROUND_DOWN)
        message = f"all saliences were multiplied by {factor:.6f}"
        numbers.tell(message, "those of one actor may not add up to more than 100")
