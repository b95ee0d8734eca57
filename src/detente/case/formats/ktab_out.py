"""How is a case written for KTAB? Positions on 0..100, saliences in per cent, one capability per actor.

Where actors weigh differently from issue to issue, the difference goes into the salience, so that the weight
(influence times salience) that the model uses stays what the case says.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from functools import reduce
from itertools import chain
from operator import add
from pathlib import Path

from detente.case.case import Case
from detente.case.formats import exact
from detente.case.formats.cells import guarded, one_line, unguarded
from detente.case.formats.ktab import FEWEST, MAX_LONG_TEXT, MAX_NAME, MAX_POWER, MAX_TEXT, MOST
from detente.case.formats.losses import not_held, warning
from detente.errors import FormatError, Problem

HELD = (
    "title",
    "note",
    *(f"actors.*.{name}" for name in ("name", "note", "influence")),
    "issues.*.name",
    *(f"stances.*.*.{name}" for name in ("position", "values", "salience", "influence")),
)


@dataclass
class _Numbers:
    """What is written for each actor and issue."""

    power: dict[str, Decimal] = field(default_factory=dict)
    position: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    salience: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)


def write_ktab(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a KTAB file, and what it does not hold or had to change.

    Raises:
        FormatError: fewer than 3 or more than 250 actors, which KTAB refuses.
    """
    if not FEWEST <= len(case.actors) <= MOST:
        message = f"KTAB takes {FEWEST} to {MOST} actors, and the case has {len(case.actors)}"
        raise FormatError([Problem(message, file=path.name, hint="write another format")])
    numbers = _numbers(case, path.name)
    names = short_names({key: actor.name for key, actor in case.actors.items()}, MAX_NAME)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    texts = _fitting(case.title, MAX_TEXT), _fitting(case.note, MAX_LONG_TEXT)
    writer.writerow([*texts, len(case.actors), len(case.issues)])
    headings = [(_fitting(issue.name, MAX_TEXT), "Salience") for issue in case.issues.values()]
    writer.writerow(["Actor", "Description", "Power", *chain.from_iterable(headings)])
    for key, actor in case.actors.items():
        row = [names[key], _fitting(actor.note, MAX_TEXT), exact.decimals(numbers.power[key])]
        for issue in case.issues:
            row += [exact.decimals(part[issue, key]) for part in (numbers.position, numbers.salience)]
        writer.writerow(row)
    problems = [*not_held(case, HELD, path.name), *exact.doubt(case, path.name), *numbers.warnings]
    return stream.getvalue(), [*problems, *_shortened(case, names, path.name)]


def _fitting(text: str | None, longest: int) -> str:
    """Return a text on one line as KTAB reads it: it counts bytes, and takes some signs for others."""
    plain = re.sub(r"\${2,}", "$", re.sub('"|&quot;', "'", one_line(text)))
    return guarded(plain).encode()[:longest].decode(errors="ignore").rstrip()


def short_names(names: dict[str, str], longest: int) -> dict[str, str]:
    """Return a name of at most ``longest`` bytes for each id, no two alike when capitals do not count."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, name in names.items():
        short, number = _fitting(name, longest), 2
        while short.casefold() in taken:
            ending = f" {number}"
            short, number = _fitting(name, longest - len(ending)) + ending, number + 1
        taken.add(short.casefold())
        found[key] = short
    return found


def _shortened(case: Case, names: dict[str, str], file: str) -> Iterable[Problem]:
    changed = [key for key, actor in case.actors.items() if unguarded(names[key]) != actor.name]
    if changed:
        as_it_is = ", ".join(f"{case.actors[key].name!r} as {names[key]!r}" for key in changed[:3])
        yield warning(f"{len(changed)} names of actors were written otherwise, such as {as_it_is}", file)
    others = [*(actor.note for actor in case.actors.values()), *(one.name for one in case.issues.values())]
    texts = [(case.note, MAX_LONG_TEXT), *((text, MAX_TEXT) for text in (case.title, *others))]
    cut = sum(unguarded(_fitting(text, longest)) != (text or "") for text, longest in texts)
    if cut:
        yield warning(f"{cut} texts were cut, or written on one line or with other quotation marks", file)


def _numbers(case: Case, file: str) -> _Numbers:
    numbers = _Numbers()
    numbers.warnings += exact.rescaled(case, case.issues, file)
    for issue_id, stances in case.stances.items():
        issue = case.issues[issue_id]
        for actor in stances:
            path = f"stances.{issue_id}.{actor}"
            position = exact.on_hundred(exact.aim(case, issue_id, actor), issue.low, issue.high)
            numbers.position[issue_id, actor] = position
            numbers.salience[issue_id, actor] = exact.in_percent(exact.mean(case, f"{path}.salience"))
    _one_power_each(case, numbers, file)
    _absent(case, numbers, file)
    _fit_saliences(case, numbers, file)
    return numbers


def _one_power_each(case: Case, numbers: _Numbers, file: str) -> None:
    """Give each actor its largest influence, and move what an issue's falls short of it into the salience."""
    moved = 0
    for actor in case.actors:
        own = {
            issue: exact.exact(exact.mean(case, case.influence_path(issue, actor)))
            for issue, stances in case.stances.items()
            if actor in stances
        }
        alone = case.quantities.get(f"actors.{actor}.influence")
        numbers.power[actor] = max(own.values(), default=exact.exact(alone.mean if alone else 0))
        moved += len(set(own.values())) > 1
        for issue, influence in own.items():
            if influence != numbers.power[actor]:
                share = numbers.salience[issue, actor] * influence / numbers.power[actor]
                numbers.salience[issue, actor] = share.quantize(Decimal("1e-9"))
    if moved:
        message = (
            f"{moved} actors have another influence on another issue: the salience has the difference now"
        )
        numbers.warnings.append(warning(message, file, "influence × salience is as it was"))
    if (largest := max(numbers.power.values())) >= MAX_POWER:
        factor = Decimal(10) ** -(int(largest.log10()) - 6)
        numbers.power = {actor: power * factor for actor, power in numbers.power.items()}
        numbers.warnings.append(warning(f"all influences were multiplied by {factor}", file))


def _absent(case: Case, numbers: _Numbers, file: str) -> None:
    """Give actors without a stance the mean position and no salience, for KTAB knows no absence."""
    count = 0
    for issue in case.issues:
        present = case.stances.get(issue, {})
        weights = {actor: numbers.power[actor] * numbers.salience[issue, actor] for actor in present}
        total = sum(weights.values())
        centre = Decimal(50)
        if total > 0:
            pull = sum(weight * numbers.position[issue, actor] for actor, weight in weights.items())
            centre = Decimal(pull / total).quantize(Decimal("1e-6"))
        for actor in case.actors:
            if actor not in present:
                numbers.position[issue, actor], numbers.salience[issue, actor] = centre, Decimal(0)
                count += 1
    if count:
        message = f"{count} absences were written as the mean position with salience 0"
        numbers.warnings.append(warning(message, file, "KTAB needs every actor on every dimension"))


def _fit_saliences(case: Case, numbers: _Numbers, file: str) -> None:
    """Scale all saliences by one factor until no actor's add up to more than 100."""
    by_actor = [[numbers.salience[issue, actor] for issue in case.issues] for actor in case.actors]
    total = max(max(sum(own), Decimal(reduce(add, map(float, own)))) for own in by_actor)  # KTAB adds floats
    factor = Decimal(1) if total <= 100 else 100 / Decimal(total)
    for key, value in numbers.salience.items():
        if factor != 1:
            numbers.salience[key] = (value * factor).quantize(Decimal("1e-9"), ROUND_DOWN)
    if factor != 1:
        message = f"all saliences were multiplied by {factor:.6f}"
        numbers.warnings.append(warning(message, file, "those of one actor may not add up to more than 100"))
