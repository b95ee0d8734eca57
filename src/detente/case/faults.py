"""What contradicts itself in a case, and what in it would an experienced analyst question?

References, bounds and paths are checked where the annotations of the parts mark them; then each part adds its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from detente.case.acceptance import Acceptance
from detente.case.bodies import ready_bodies
from detente.case.consent_checks import names
from detente.case.fields import AT_LEAST_0, Doubtful, Refers, ToNumbers
from detente.case.influence import VotingPower
from detente.case.model import CaseModel
from detente.case.parts.issues import scale_bounds
from detente.case.shape import Shape, Spot, as_stated, fields, shape_of, steps, walk, ways
from detente.case.text import IDENTIFIER
from detente.case.validation import Checks, Fault, absent, as_list, as_mapping, shortened, shown
from detente.errors import did_you_mean, nearest
from detente.quantity import parse
from detente.quantity.quantity import number_text


@cache
def part_checks(model: type[CaseModel] = CaseModel) -> Mapping[str, Checks]:
    """Return what is looked at in each part of a case, by the name of the part."""
    return {name: shape.mark(Checks) or Checks() for name, shape in fields(model).items()}


def faults(case: CaseModel, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield every fault that is not one of shape alone, given what could be read of a case, and its plain data."""
    yield from _unknown_names(case, data)
    yield from _beyond_bounds(case, data)
    yield from _unknown_numbers(case, data)
    for checks in part_checks(type(case)).values():
        if checks.faults is not None:
            yield from checks.faults(case, data)


def warnings(case: CaseModel, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield everything in a valid case that looks forgotten or one-sided; none of it stops a lens."""
    for checks in part_checks(type(case)).values():
        if checks.warnings is not None:
            yield from checks.warnings(case, data)


def _unknown_names(case: CaseModel, data: Mapping[str, Any]) -> Iterator[Fault]:
    without: dict[str, list[Spot[Refers]]] = {}
    sound: set[tuple[int, str]] = set()  # looked at before
    for spot in walk(type(case), case, Refers):
        mark, entries = spot.mark, as_mapping(data.get(spot.mark.part))
        name, _, inner = spot.value.partition("#") if mark.within else (spot.value, "", "")
        if (id(mark), spot.value) in sound or not IDENTIFIER.fullmatch(name):
            continue  # the model tells what no id can be
        if name in entries:
            there = as_mapping(entries, name, mark.within) if inner else {}
            if there and inner not in there:
                whose = f"the {mark.part[:-1]} {shortened(name)}"
                message = f"{whose} has no {mark.within[:-1]} {shortened(inner)}"
                yield Fault(spot.path, message, did_you_mean(inner, there))
            else:
                sound.add((id(mark), spot.value))
            continue
        parts = [_entries(data, part, spot.around) for part in (mark.part, *mark.also)]
        if any(part is None or name in part for part in parts):
            continue
        known = dict.fromkeys(key for part in parts for key in part or ())
        if mark.optional and not known:
            continue
        if not (parts[0] or (mark.way and mark.also) or "." in mark.part):
            without.setdefault(mark.part, []).append(spot)
            continue
        hint = _way(name, mark, case, entries) or did_you_mean(name, known) or mark.way
        yield Fault(spot.path, _not_called(spot, name), hint, at_key=spot.at_key)
    for part, spots in without.items():
        if not _told_absent(part, data):
            first, name = spots[0], str(spots[0].value).partition("#")[0]
            yield absent(part, first.path, name, len(spots), at_key=first.at_key)


def _entries(data: Mapping[str, Any], part: str, around: Mapping[str, str]) -> Mapping[str, Any] | None:
    """Return what stands at the path of a part; ``None`` where something else does, which is told there."""
    found: Any = data
    at: list[str] = []
    for step in part.split("."):
        name = around.get(".".join(at), "") if step == "*" else step
        if not isinstance(found, Mapping) or (step == "*" and name not in found):
            return None
        found, at = found.get(name, {}), [*at, step]
    return found if isinstance(found, Mapping) else None


def _not_called(spot: Spot[Refers], name: str) -> str:
    above, _, own = spot.mark.part.rpartition(".")
    noun = spot.mark.noun or own[:-1]
    if above.endswith(".*"):
        whole = above.removesuffix(".*")
        of = f"the {whole.rpartition('.')[2][:-1]} {shortened(spot.around[whole])}"
        return f"{of} has no {noun} {shortened(name)}"
    return f"no {noun} is called {shortened(name)}"


def _way(name: str, mark: Refers, case: CaseModel, entries: Mapping[str, Any]) -> str | None:
    """Return what to write where something else stands in place of an id."""
    if mark.also == ("bodies",) and name in ready_bodies():
        return f"fill its roles: {{body: {name}, members: {{…}}}}"
    if mark.also == ("bodies",) and name in ("all", "any", "majority", "unanimity"):
        return "a rule is {all_of: [ID, ID]}, any_of, or {at_least: majority, of: [ID, ID]}"
    if mark.part == "issues" and name in case.actors:
        return f"{name} is an actor, and stances stand by issue, then by actor: {{ISSUE: {{{name}: …}}}}"
    called = [key for key, one in entries.items() if as_mapping(one).get("name") == name]
    if called:
        return f"did you mean {called[0]!r}?"
    body = case.bodies.get(name) if (mark.part, mark.also) == ("actors", ()) else None
    if body is None:
        return None
    inside = ", ".join(list(dict.fromkeys(names(body.rule)))[:4])
    return f"{name} is a body, which only rules of consent name; write one of its members: {inside}"


def _told_absent(part: str, data: Mapping[str, Any]) -> bool:
    """Tell whether it is told already that a part is missing, empty or not a part at all."""
    needed = part == "actors" or (part == "issues" and data.get("game") is None)
    return needed or (part in data and data[part] != {})


def _beyond_bounds(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield numbers outside the bounds or the scale that they are stated on."""
    scales = {key: scale_bounds(issue) for key, issue in as_mapping(data.get("issues")).items()}
    for spot in case.stated:
        limits: tuple[float, float] | None = spot.mark.low, spot.mark.high
        if spot.mark.on_scale:
            limits = scales.get(spot.around.get("issues", ""))
        if limits is None or limits == (-math.inf, math.inf):
            continue
        number = parse(spot.value) if isinstance(spot.value, float) else spot.value
        stated = number.bounds().values() if isinstance(number, Acceptance) else (number,)
        for one in stated if not isinstance(number, VotingPower) else ():
            if fault := one.fault_within(*limits):
                low, high = map(number_text, limits) if limits[1] < math.inf else ("0", "")
                scale = f"the scale runs from {low} to {high}" if high else AT_LEAST_0
                _, raw = as_stated(spot.path, data)
                said = str(one) if raw is None or isinstance(number, Acceptance) else raw
                yield Fault(spot.path, fault, spot.mark.hint or scale, shown(said))


def _unknown_numbers(case: CaseModel, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield paths at which no number can stand."""
    for spot in walk(type(case), case, ToNumbers):
        for side, path in enumerate(spot.value):
            if path is not None and not _rests_on_nothing(path, data):
                meant, hint = _meant(path, data, type(case))
                if meant != path:
                    yield Fault((*spot.path, side), f"no quantity at {shortened(path)}", hint)


def _rests_on_nothing(path: str, data: Mapping[str, Any]) -> bool:
    """Tell whether a path leads into parts of which it is told that they are missing, empty or no parts."""
    head = path.partition(".")[0]
    parts = ("stances", "actors", "issues") if head == "stances" else (head,)
    stated = (part for part in parts if part in ("actors", "issues") or part in data)
    return any(not as_mapping(data.get(part)) and _told_absent(part, data) for part in stated)


def _meant(path: str, data: Mapping[str, Any], model: type[CaseModel]) -> tuple[str | None, str | None]:
    """Return the path of a quantity that is most like ``path``, if there is one, and a hint that says so."""
    shape, left = shape_of(model), steps(path)
    below: Any = data
    found: list[str] = []
    while not shape.is_leaf:
        known = _steps(shape, below, data, first=not found)
        whole = all(one.is_leaf for one in known.values())  # the last step may have two words
        step, left = (".".join(left), []) if whole else (left[0] if left else "", left[1:])
        match = step if step in known else nearest(step, known)
        if match is None:
            return None, did_you_mean(step, known)
        found.append(match)
        numbered = as_list(below)
        below = numbered[int(match)] if numbered and match.isdecimal() else as_mapping(below).get(match)
        shape = known[match]
    return ".".join(found), f"did you mean {'.'.join(found)!r}?"


def _steps(shape: Shape, below: object, data: Mapping[str, Any], *, first: bool) -> dict[str, Shape]:
    """Return the steps of a path that lead on to quantities."""
    if shape.is_model:
        return {
            f"{name}{side}": one
            for name, one in ways(shape.content, Doubtful).items()
            for side in ((".lower", ".upper") if one.content is Acceptance else ("",))
            if name in as_mapping(below)  # else it may be left out, and then has no entries
            or not (one.is_model if first else one.key is not None)
        }
    if shape.key is None:
        return dict.fromkeys(map(str, range(len(as_list(below)))), shape.each or shape)
    named = shape.key.mark(Refers)
    keys = as_mapping(below if named is None or "." in named.part else data.get(named.part))
    return dict.fromkeys(keys, shape.each or shape)
