"""Do the futures of a case agree with themselves? Numbers, cuts and constraints, on plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from detente.case.parts.futures import LIMIT
from detente.case.parts.game.statement import Statement
from detente.case.reading import Path
from detente.case.shape import listed
from detente.case.validation import Fault, as_list, as_mapping, entries, shortened, shown, warning
from detente.errors import QuantityError, did_you_mean
from detente.quantity import parse
from detente.quantity.quantity import number_text

MOST_TRIED = 1_000_000
"""Combinations up to which it is tried out whether constraints leave anything."""


def future_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the futures of a case beyond the shape of their parts."""
    futures, options = as_mapping(data.get("futures")), as_mapping(data, "game", "options")
    for path, descriptor in entries(data, "futures", "descriptors", "*"):
        yield from _following(path, descriptor, options)
    scale, whole = futures.get("scale", LIMIT), futures.get("whole", True) is not False
    limit = (
        scale if isinstance(scale, (int, float)) and not isinstance(scale, bool) and scale > 0 else math.inf
    )
    for path, row in entries(data, "futures", "judgements", "*", "*", "*"):
        for where, pushes in (*entries(row, "pushes"), *entries(row, "experts", "*")):
            for variant, push in pushes.items():
                yield from _push((*path, *where, variant), push, limit, whole=whole)
    yield from _constraints(futures)


def _push(path: Path, push: object, scale: float, *, whole: bool) -> Iterator[Fault]:
    """Yield a push beyond the scale, or one that is not whole where whole numbers are declared."""
    try:
        quantity = parse(push)
    except QuantityError:
        return  # the model tells
    fault = quantity.fault_within(-scale, scale)
    if fault is not None:
        limit = number_text(scale)
        hint = f"judgements run from -{limit} to {limit}; declare another futures.scale for more"
        yield Fault(path, fault, hint, shown(push))
    for statement in quantity.statements if whole else ():
        said = statement.parameters[:1] if statement.kind == "normal" else statement.parameters
        if any(value != int(value) for value in said):
            hint = "round it, or declare futures.whole: false"
            yield Fault(path, "judgements are whole numbers here", hint, shown(push))
            break


def _following(path: Path, descriptor: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield cuts and conditions that do not tell which variant an answer leads to."""
    variants, cuts = as_mapping(descriptor.get("variants")), as_list(descriptor.get("cuts"))
    stated = [key for key, one in variants.items() if as_mapping(one).get("when") is not None]
    follows = descriptor.get("follows")
    if follows is None:
        for where in (*([("cuts",)] if cuts else ()), *(("variants", key, "when") for key in stated)):
            yield Fault((*path, *where), "says nothing without 'follows'", "add follows: lens.answer")
        return
    if isinstance(follows, str) and not all(follows.partition(".")[::2]) and not stated:
        hint = "write for example winset.ukraine or bargaining.sanctions"
        yield Fault((*path, "follows"), "names an answer as lens.answer", hint, shown(follows))
    if cuts and stated:
        yield Fault(path, "has both cuts and conditions", "keep the cuts, or each variant's 'when'")
    elif stated:
        yield from _conditions((*path, "variants"), variants, options)
    elif len(variants) != (len(cuts) or 1) + 1:
        hint = (
            f"write {max(len(variants) - 1, 0)} cuts, each above the one before, for {len(variants)} variants"
        )
        yield Fault((*path, "cuts"), f"holds {len(cuts)} cuts", hint)


def _conditions(path: Path, variants: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[Fault]:
    for key in list(variants)[:-1]:
        if as_mapping(variants[key]).get("when") is None:
            hint = "only the last variant, for all other outcomes, may be without"
            yield Fault((*path, key), "has no 'when'", hint)
    for key, one in variants.items():
        try:
            said = Statement.parse(as_mapping(one).get("when"))
        except ValueError:
            continue  # the model tells
        for name in () if said.is_pattern(options) else said.names:
            if name not in options:
                hint = did_you_mean(name, options) or "the case has no game"
                yield Fault((*path, key, "when"), f"no option is called {shortened(name)}", hint)


def _constraints(futures: Mapping[str, Any]) -> Iterator[Fault]:
    described = as_mapping(futures.get("descriptors"))
    variants = {key: as_mapping(one, "variants") for key, one in described.items()}
    sound, bans = True, []
    for number, constraint in enumerate(as_list(futures.get("constraints"))):
        never, when, then = parts = [as_mapping(constraint, name) for name in ("never", "when", "then")]
        if bool(never) == bool(when and then) or bool(when) != bool(then):
            sound = False
            hint = "write never: {…}, or when: {…} with then: {…}"
            told = "says neither what never comes together nor what implies what"
            yield Fault(("futures", "constraints", number), told, hint)
        elif all(_known(settings, variants) for settings in parts):
            bans += nogoods(never, when, then, variants)
        else:
            sound = False  # told as names
    if sound and bans and not _leaves_any(bans, variants, as_mapping(futures.get("fixed"))):
        message = "the constraints contradict each other: they leave no future at all"
        yield Fault(("futures", "constraints"), message, "weaken one of them, or what is fixed")


def _known(settings: Mapping[str, Any], variants: Mapping[str, Mapping[str, Any]]) -> bool:
    """Tell whether settings name what is there."""
    return all(
        key in variants and all(isinstance(one, str) and one in variants[key] for one in listed(some))
        for key, some in settings.items()
    )


def _leaves_any(
    bans: list[dict[str, set[str]]], variants: Mapping[str, Any], fixed: Mapping[str, Any]
) -> bool:
    """Tell whether some combination of the descriptors that constraints name is allowed."""
    named = sorted({key for ban in bans for key in ban})
    choices = [[fixed[key]] if isinstance(fixed.get(key), str) else list(variants[key]) for key in named]
    if math.prod(map(len, choices)) > MOST_TRIED:
        return True
    return any(
        not any(all(state[key] in held for key, held in ban.items()) for ban in bans)
        for state in (dict(zip(named, values, strict=True)) for values in product(*choices))
    )


def nogoods(
    never: Mapping[str, Any],
    when: Mapping[str, Any],
    then: Mapping[str, Any],
    variants: Mapping[str, Any],
) -> list[dict[str, set[str]]]:
    """Return a constraint as combinations of which none may hold: descriptor → variants.

    Args:
        never: of the constraint.
        when: of the constraint.
        then: of the constraint.
        variants: descriptor → its variants.
    """
    if never:
        return [{key: set(listed(one)) for key, one in never.items()}]
    found = []
    for key, allowed in then.items():
        ban = {one: set(listed(given)) for one, given in when.items()}
        left = set(variants[key]) - set(listed(allowed))
        ban[key] = ban[key] & left if key in ban else left
        found.append(ban)
    return found


def future_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield descriptors that nothing moves, rows that were not judged, and judgements without a source."""
    futures = case.futures
    if futures is None:
        return
    start: Path = ("futures",)
    moved = {target for _, _, target, _ in futures.rows()}
    for key, descriptor in futures.descriptors.items():
        if key not in moved and descriptor.follows is None and len(descriptor.variants) > 1:
            way = "judge what pushes it, fix it, or say what it follows"
            yield warning((*start, "descriptors", key), "nothing pushes the descriptor", way)
    left = [".".join(row) for row in futures.unjudged()]
    if left:
        told = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
        message = f"not judged, though another variant of the descriptor is: {told}"
        yield warning((*start, "judgements"), message, "judge it; {pushes: {}} says that there is no push")
    for source, variant, target, row in futures.rows() if case.sources else ():
        if not row.because and not row.because_each:
            path = (*start, "judgements", source, variant, target)
            yield warning(path, "the judgement rests on no source", "add because: [source]")
