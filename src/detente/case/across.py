"""Do the parts of a case agree? Names, bounds and correlations, checked on plain data.

The data need not have the shape of a case, so that a fault in one place does not hide those in another; what
has the wrong shape is passed over here, because the model tells it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from detente.case.acceptance import Acceptance
from detente.case.consent_across import consent_faults
from detente.case.game_across import game_faults
from detente.case.quantities import SALIENCE_BOUNDS, WEIGHT_BOUNDS
from detente.case.reading import Path
from detente.case.validation import Fault, as_list, as_mapping, shortened, shown
from detente.errors import QuantityError, did_you_mean, nearest
from detente.quantity import Quantity, RankCorrelation, parse
from detente.quantity.correlation import coupling
from detente.quantity.quantity import number_text

LENSES = ("bargaining", "stability", "winset")


def across_parts(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield every fault that spans parts of the case."""
    yield from references(data)
    yield from bounds(data)
    yield from correlations(data)
    yield from lens_options(data)
    yield from consent_faults(data)
    yield from game_faults(data)


def references(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield names that are used but not declared."""
    actors, issues = as_mapping(data.get("actors")), as_mapping(data.get("issues"))
    for issue, stances in as_mapping(data.get("stances")).items():
        if issue not in issues:
            yield _unknown(("stances", issue), "issue", issue, issues)
        for actor in as_mapping(stances):
            if actor not in actors:
                yield _unknown(("stances", issue, actor), "actor", actor, actors)
    yield from _unknown_groups(data)
    sources = as_mapping(data.get("sources"))
    for where, source in cited(data):
        if source not in sources:
            hint = did_you_mean(source, sources) or "add it under 'sources'"
            yield Fault(where, f"no source is called {shortened(source)}", hint=hint)


def _unknown(path: Path, thing: str, name: str, known: Mapping[str, Any]) -> Fault:
    return Fault(path, f"no {thing} is called {shortened(name)}", hint=did_you_mean(name, known), at_key=True)


def _unknown_groups(data: Mapping[str, Any]) -> Iterator[Fault]:
    declared = as_mapping(data.get("groups"))
    if not declared:
        return
    for actor_id, actor in as_mapping(data.get("actors")).items():
        for number, group in enumerate(_listed(as_mapping(actor).get("groups"))):
            if group not in declared:
                hint = did_you_mean(group, declared)
                where = ("actors", actor_id, "groups", number)
                yield Fault(where, f"no group is called {shortened(group)}", hint=hint)


def _listed(value: object) -> list[str]:
    """Return the texts of a text or a list; what is neither is told by the model."""
    if isinstance(value, str):
        return [value]
    return [item for item in as_list(value) if isinstance(item, str)]


def cited(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield (path, source id) for every ``because`` in the data, in changes of scenarios too."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "because" or key.endswith(".because"):
                for number, source in enumerate(_listed(value)):
                    yield (*path, key, number), source
            else:
                yield from cited(value, (*path, key))
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data):
            yield from cited(value, (*path, number))


def bounds(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield numbers outside the scale they are stated on, and stances without an influence."""
    actors, issues = as_mapping(data.get("actors")), as_mapping(data.get("issues"))
    for actor_id, actor in actors.items():
        own = as_mapping(actor).get("influence")
        yield from _outside(("actors", actor_id, "influence"), own, WEIGHT_BOUNDS)
    for issue_id, issue in issues.items():
        yield from _issue_bounds(("issues", issue_id), as_mapping(issue))
    for path, number, limits in (*_game_numbers(data, issues), *_payments(data)):
        yield from _outside(path, number, limits)
    for issue_id, stances in as_mapping(data.get("stances")).items():
        scale = scale_bounds(issues.get(issue_id))
        for actor_id, stance in as_mapping(stances).items():
            at: Path = ("stances", issue_id, actor_id)
            yield from _stance_bounds(at, as_mapping(stance), scale)
            own = as_mapping(actors.get(actor_id)).get("influence")
            if actor_id in actors and own is None and as_mapping(stance).get("influence") is None:
                hint = f"add it here, or for all issues as actors.{actor_id}.influence"
                yield Fault(at, "the stance has no influence", hint=hint)


def _game_numbers(
    data: Mapping[str, Any], issues: Mapping[str, Any]
) -> Iterator[tuple[Path, object, tuple[float, float]]]:
    """Yield (path, number as stated, bounds) of every number of the game."""
    game = as_mapping(data.get("game"))
    for actor, preference in as_mapping(game.get("preferences")).items():
        at: Path = ("game", "preferences", actor)
        for name, wish in as_mapping(as_mapping(preference).get("weights")).items():
            yield (*at, "weights", name, "weight"), as_mapping(wish).get("weight"), WEIGHT_BOUNDS
        yield (*at, "strong_gap"), as_mapping(preference).get("strong_gap"), WEIGHT_BOUNDS
    for name, option in as_mapping(game.get("options")).items():
        for issue, value in as_mapping(as_mapping(option).get("sets")).items():
            scale = scale_bounds(issues.get(issue))
            if scale is not None:
                yield ("game", "options", name, "sets", issue), value, scale


def _payments(data: Mapping[str, Any]) -> Iterator[tuple[Path, object, tuple[float, float]]]:
    """Yield (path, number as stated, bounds) of everything that can be paid."""
    for actor, payment in as_mapping(as_mapping(data.get("payments")).get("actors")).items():
        for name in ("gives", "takes", "worth"):
            yield ("payments", "actors", actor, name), as_mapping(payment).get(name), WEIGHT_BOUNDS


def _issue_bounds(path: Path, issue: Mapping[str, Any]) -> Iterator[Fault]:
    first: dict[float, str] = {}
    for text in as_mapping(issue.get("scale")):
        number = _number(text)
        if number in first:
            message = f"the anchor {shortened(text)} is the same number as {shortened(first[number])}"
            yield Fault((*path, "scale", text), message, hint="keep one", at_key=True)
        elif number is not None:
            first[number] = text
    scale = scale_bounds(issue)
    if scale is not None:
        yield from _outside((*path, "no_deal"), issue.get("no_deal"), scale)
        yield from _outside((*path, "outcome", "value"), as_mapping(issue.get("outcome")).get("value"), scale)
    yield from _outside((*path, "failure_cost"), issue.get("failure_cost"), WEIGHT_BOUNDS)


def _stance_bounds(
    path: Path, stance: Mapping[str, Any], scale: tuple[float, float] | None
) -> Iterator[Fault]:
    yield from _outside((*path, "salience"), stance.get("salience"), SALIENCE_BOUNDS)
    for name in ("influence", "concession_cost"):
        yield from _outside((*path, name), stance.get(name), WEIGHT_BOUNDS)
    if scale is None:
        return
    yield from _outside((*path, "position"), stance.get("position"), scale)
    for limit in _red_lines(stance.get("accepts")).values():
        yield from _outside((*path, "accepts"), limit, scale)


def _red_lines(value: object) -> dict[str, Quantity]:
    """Return the bounds of a red line; none when there is none, or when it cannot be read (the model tells)."""
    try:
        return {} if value is None else Acceptance.parse(value).bounds()
    except QuantityError:
        return {}


def _number(text: object) -> float | None:
    """Return the number that the key of an anchor says, if it says a finite one."""
    try:
        number = float(str(text))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def scale_bounds(issue: object) -> tuple[float, float] | None:
    """Return the lowest and highest anchor of an issue, or ``None`` when its scale cannot be read."""
    anchors = [_number(anchor) for anchor in as_mapping(as_mapping(issue).get("scale"))]
    known = [anchor for anchor in anchors if anchor is not None]
    readable = len(known) == len(anchors) and len(set(known)) > 1
    return (min(known), max(known)) if readable else None


def _outside(path: Path, value: object, limits: tuple[float, float]) -> Iterator[Fault]:
    if value is None:
        return
    try:
        fault = parse(value).fault_within(*limits)
    except QuantityError:
        return  # the model tells
    if fault is not None:
        hints = {
            "salience": "use 0..1 (divide percentages by 100)",
            "influence": "use a number of at least 0",
            "failure_cost": "use a number of at least 0",
            "concession_cost": "use a number of at least 0",
            "gives": "use a number of at least 0; what can be paid to it is 'takes'",
            "takes": "use a number of at least 0; what it can pay is 'gives'",
            "worth": "use a number of at least 0",
            "weight": "use a number of at least 0; to want the opposite, put 'not' before the statement",
        }
        scale = f"the scale runs from {number_text(limits[0])} to "
        scale += number_text(limits[1]) if math.isfinite(limits[1]) else "any number"
        shown_value = str(value) if isinstance(value, Quantity) else value
        yield Fault(path, fault, shown(shown_value), hints.get(str(path[-1]), scale))


def correlations(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield correlations that name no quantity, or that contradict each other.

    A quantity that could be stated but is not, or that carries no doubt, is no fault: a change may have removed
    it or its doubt. The correlation then has no effect, of which `warnings` tells.
    """
    listed = as_list(data.get("correlations"))
    if not listed:
        return
    pairs, sound = [], True
    for number, item in enumerate(listed):
        paths, rank = _listed(as_mapping(item).get("between")), as_mapping(item).get("rank")
        if len(paths) != 2 or isinstance(rank, bool) or not isinstance(rank, (int, float)) or abs(rank) > 1:
            sound = False  # the model tells
            continue
        for side, path in enumerate(paths):
            meant, hint = _meant(path, data)
            if meant != path:
                where = ("correlations", number, "between", side)
                yield Fault(where, f"no quantity at {shortened(path)}", hint=hint)
                sound = False
        try:
            pairs.append(RankCorrelation(paths[0], paths[1], rank))
        except QuantityError as error:
            yield Fault(("correlations", number), str(error))
    if sound:
        try:
            coupling(pairs)
        except QuantityError as error:
            yield Fault(("correlations",), str(error))


_OF_STANCE = ("position", "salience", "influence", "accepts.lower", "accepts.upper", "concession_cost")


def _meant(path: str, data: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the path of a quantity that is most like ``path``, if there is one, and a hint that says so."""
    numbers = (*_game_numbers(data, as_mapping(data.get("issues"))), *_payments(data))
    if any(".".join(map(str, place)) == path for place, number, _ in numbers if number is not None):
        return path, None
    actors, issues = as_mapping(data.get("actors")), as_mapping(data.get("issues"))
    names: dict[str, list[Iterable[str]]] = {
        "actors": [actors, ("influence", "failure_cost")],
        "issues": [issues, ("no_deal", "failure_cost")],
        "stances": [issues, actors, _OF_STANCE],
    }
    head, *_ = path.split(".", 1)
    levels: list[Iterable[str]] = [names, *names.get(nearest(head, names) or "", [])]
    parts = path.split(".", len(levels) - 1)
    found = []
    for part, known in zip_longest(parts, levels, fillvalue=""):
        match = part if part in known else nearest(part, known)
        if match is None:
            return None, did_you_mean(part, known)
        found.append(match)
    return ".".join(found), f"did you mean {'.'.join(found)!r}?"


def lens_options(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield names under ``options`` that look like a misspelt built-in lens."""
    for name in as_mapping(data.get("options")):
        hint = did_you_mean(name, LENSES)
        if name not in LENSES and hint and hint.startswith("did you mean"):
            yield Fault(("options", name), f"no lens is called {name!r}", hint=hint, at_key=True)
