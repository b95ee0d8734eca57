"""Do the futures of a case agree with themselves? Numbers, cuts and constraints."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any

from detente.case.parts.futures import LIMIT, Descriptor
from detente.case.reading import Path
from detente.case.validation import Fault, as_mapping, read, shortened, shown, warning
from detente.errors import did_you_mean
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

MOST_TRIED = 1_000_000
"""Combinations up to which it is tried out whether constraints leave anything."""


def future_faults(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the futures of a case beyond the shape of their parts."""
    if case.futures is None:
        return
    options = case.game.options if case.game is not None else {}
    for path, descriptor in read(case, "futures", "descriptors", "*"):
        yield from _following(path, descriptor, options)
    stated = as_mapping(data.get("futures")).get("scale", LIMIT)
    limit = case.futures.scale if stated == case.futures.scale else math.inf  # else the model tells
    row = ("futures", "judgements", "*", "*", "*")
    for path, push in (*read(case, *row, "pushes", "*"), *read(case, *row, "experts", "*", "*")):
        yield from _push(path, push, limit, whole=case.futures.whole)
    yield from _constraints(case)


def _push(path: Path, push: Quantity, scale: float, *, whole: bool) -> Iterator[Fault]:
    """Yield a push beyond the scale, or one that is not whole where whole numbers are declared."""
    if fault := push.fault_within(-scale, scale):
        limit = number_text(scale)
        hint = f"judgements run from -{limit} to {limit}; declare another futures.scale for more"
        yield Fault(path, fault, hint, shown(push.to_plain()))
    for statement in push.statements if whole else ():
        said = statement.parameters[:1] if statement.kind == "normal" else statement.parameters
        if any(value != int(value) for value in said):
            hint = "round it, or declare futures.whole: false"
            yield Fault(path, "judgements are whole numbers here", hint, shown(push.to_plain()))
            break


def _following(path: Path, descriptor: Descriptor, options: Collection[str]) -> Iterator[Fault]:
    """Yield cuts and conditions that do not tell which variant an answer leads to."""
    variants, cuts, follows = descriptor.variants or {}, descriptor.cuts, descriptor.follows
    stated = [key for key, one in variants.items() if one is not None and "when" in one.model_fields_set]
    if "follows" not in descriptor.model_fields_set:
        for where in (*([("cuts",)] if cuts else ()), *(("variants", key, "when") for key in stated)):
            yield Fault((*path, *where), "says nothing without 'follows'", "add follows: lens.answer")
        return
    if follows is not None and not all(follows.partition(".")[::2]) and not stated:
        hint = "write for example winset.ukraine or bargaining.sanctions"
        yield Fault((*path, "follows"), "names an answer as lens.answer", hint, shown(follows))
    if cuts and stated:
        yield Fault(path, "has both cuts and conditions", "keep the cuts, or each variant's 'when'")
    elif not stated and len(variants) != (len(cuts) or 1) + 1:
        most = max(len(variants) - 1, 0)
        hint = f"write {most} cuts, each above the one before, for {len(variants)} variants"
        yield Fault((*path, "cuts"), f"holds {len(cuts)} cuts", hint)
    for key in [*variants][:-1] if stated and not cuts else ():
        if key not in stated:
            hint = "only the last variant, for all other outcomes, may be without"
            yield Fault((*path, "variants", key), "has no 'when'", hint)
    for key in stated if not cuts else ():
        said = variants[key].when
        for name in said.names if said is not None and not said.is_pattern(options) else ():
            if name not in options:
                hint = did_you_mean(name, options) or "the case has no game"
                where = (*path, "variants", key, "when")
                yield Fault(where, f"no option is called {shortened(name)}", hint)


def _constraints(case: Any) -> Iterator[Fault]:
    described = (case.futures.descriptors or {}).items()
    variants = {key: getattr(one, "variants", None) or {} for key, one in described}
    sound, bans = True, []
    for path, constraint in read(case, "futures", "constraints", "*"):
        never, when, then = parts = constraint.never, constraint.when, constraint.then
        if bool(never) == bool(when and then) or bool(when) != bool(then):
            sound = False
            hint = "write never: {…}, or when: {…} with then: {…}"
            yield Fault(path, "says neither what never comes together nor what implies what", hint)
        elif all(_known(settings, variants) for settings in parts):
            bans += nogoods(never, when, then, variants)
        else:
            sound = False  # told as names
    if sound and bans and not _leaves_any(bans, variants, case.futures.fixed):
        message = "the constraints contradict each other: they leave no future at all"
        yield Fault(("futures", "constraints"), message, "weaken one of them, or what is fixed")


def _known(settings: Mapping[str, Any], variants: Mapping[str, Collection[str]]) -> bool:
    """Tell whether settings name what is there."""
    return all(
        key in variants and some is not None and all(one in variants[key] for one in some)
        for key, some in settings.items()
    )


def _leaves_any(
    bans: list[dict[str, set[str]]], variants: Mapping[str, Any], fixed: Mapping[str, Any]
) -> bool:
    """Tell whether some combination of the descriptors that constraints name is allowed."""
    named = sorted({key for ban in bans for key in ban})
    choices = [[fixed[key]] if fixed.get(key) else list(variants[key]) for key in named]
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
        return [{key: set(one) for key, one in never.items()}]
    found = []
    for key, allowed in then.items():
        ban = {one: set(given) for one, given in when.items()}
        left = set(variants[key]) - set(allowed)
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
