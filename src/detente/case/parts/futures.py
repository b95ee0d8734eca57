"""Which futures can follow, and what pushes towards what? Descriptors, variants and judgements.

A judgement says how far one variant of a descriptor promotes (above 0) or hinders (below 0) each variant of
another, or of its own descriptor. A row of judgements that is stated has been judged: what it does not name
gets no push. A row that is not stated has not been judged; it counts as no push too, but it is listed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from detente.case.fields import (
    EMPTY,
    LISTED,
    Asserts,
    Citations,
    Doubtful,
    Each,
    Frozen,
    Keyed,
    Number,
    Part,
    Refers,
    Stated,
    bare,
    spelt,
)
from detente.case.parts.game.statement import Statement
from detente.case.reading import Path
from detente.case.text import Identifier, Name, Text
from detente.case.validation import Fault, as_mapping, read, shown, unknown, warning
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

MAX_DESCRIPTORS = 60
MAX_VARIANTS = 30
MAX_CONSTRAINTS = 500
LIMIT = 3
"""Judgements run from -3 to 3 where the case declares nothing else (Weimer-Jehle 2006)."""
MOST_TRIED = 1_000_000
"""Combinations up to which it is tried out whether constraints leave anything."""


_DESCRIPTORS = "futures.descriptors"
DescriptorId = Annotated[Identifier, Refers(_DESCRIPTORS)]
VariantId = Annotated[Identifier, Refers(f"{_DESCRIPTORS}.*.variants")]
ExpertId = Annotated[Identifier, Refers("futures.experts", way="add it under futures.experts")]


def _ascending(cuts: tuple[float, ...]) -> tuple[float, ...]:
    if any(not math.isfinite(cut) for cut in cuts) or list(cuts) != sorted(set(cuts)):
        raise ValueError("cuts are numbers, each above the one before")
    return cuts


class Variant(Part):
    """One way in which a descriptor may turn out."""

    name: Name
    means: Text | None = None
    when: Statement | None = None


Worded = Annotated[Variant, spelt("name", Variant), bare("name")]


class Descriptor(Part):
    """Something that may turn out in several ways."""

    name: Name
    theme: Name | None = None
    variants: Annotated[Frozen[Worded], Field(min_length=1, max_length=MAX_VARIANTS)]
    follows: Name | None = None
    cuts: Annotated[tuple[Number, ...], AfterValidator(_ascending)] = ()
    because: Citations = ()


def _names(case: Any, source: str, variant: str, target: str) -> tuple[str, str]:
    """Return the row's name, and the name of its target."""
    by, on = (case.futures.descriptors.get(one) for one in (source, target))
    of = by.variants.get(variant) if by else None
    return f"{by.name if by else source}, {of.name if of else variant}", on.name if on else target


def push_words(case: Any, steps: Sequence[str]) -> tuple[str, str, str]:
    """Return whose a push is, what it is, and the whole as the subject of a sentence.

    The steps are ``futures.judgements.SOURCE.VARIANT.TARGET.pushes.VARIANT``, or ``….experts.EXPERT.VARIANT``.
    """
    name, on = _names(case, *steps[2:5])
    descriptor = case.futures.descriptors.get(steps[4])
    towards = descriptor.variants.get(steps[-1]) if descriptor else None
    end = towards.name if towards else steps[-1]
    expert = case.futures.experts.get(steps[6]) if steps[5] == "experts" else None
    by = f", as {expert.name} has it" if expert else ""
    return name, f"push on {on}, {end}{by}", f"how far “{name}” pushes {on} towards “{end}”{by}"


def row_words(case: Any, steps: Sequence[Any]) -> str:
    """Return a row of judgements in words."""
    return ", on ".join(_names(case, *steps[2:5]))


Push = Annotated[Quantity, Doubtful("push", told=push_words)]


class Judgement(Part):
    """What one variant does to all variants of a descriptor: one row of the matrix."""

    pushes: Keyed[VariantId, Push] = EMPTY
    experts: Keyed[ExpertId, Keyed[VariantId, Push]] = EMPTY
    because: Citations = ()
    because_each: Each[VariantId] = EMPTY

    @property
    def summary(self) -> str:
        """Return the pushes as they are written."""
        own = [f"{one} {push}" for one, push in self.pushes.items()]
        by = [f"{e}: {', '.join(f'{one} {n}' for one, n in of.items())}" for e, of in self.experts.items()]
        return "; ".join([*own, *by]) or "none"


class Expert(Part):
    """Somebody who judges; ``weight``: how often that is taken, beside the others (≥ 0; only ratios matter)."""

    name: Name
    weight: Annotated[Number, Field(ge=0)] = 1.0


Settings = Keyed[DescriptorId, Annotated[tuple[VariantId, ...], LISTED]]
"""Descriptor → some of its variants."""


class Constraint(Part):
    """What cannot be: variants that never come together, or variants that others imply."""

    never: Settings = EMPTY
    when: Settings = EMPTY
    then: Settings = EMPTY
    because: Citations = ()

    @property
    def words(self) -> str:
        """Return what cannot be, by ids."""
        if self.never:
            return f"not {_joined(self.never)}"
        return f"{_joined(self.then)} if {_joined(self.when)}"


def _joined(settings: Mapping[str, Sequence[str]]) -> str:
    return " and ".join(f"{key} {' or '.join(variants)}" for key, variants in settings.items())


class Assumption(Part):
    """What is assumed in one answer and excluded in the other: its name follows “with”, and “without”."""

    name: Name
    holds: Annotated[Settings, Field(min_length=1, max_length=1)]


class Claim(Part):
    """What somebody says, in a clause, would follow: does it hold together, and what would it take?"""

    name: Name
    holds: Annotated[Settings, Field(min_length=1)]
    because: Citations = ()


class Futures(Part):
    """What may follow, and what pushes towards what."""

    scale: Annotated[Number, Field(gt=0, le=1_000)] = LIMIT
    whole: bool = True
    descriptors: Annotated[Frozen[Descriptor], Field(min_length=1, max_length=MAX_DESCRIPTORS)]
    judgements: Keyed[
        DescriptorId,
        Keyed[VariantId, Keyed[DescriptorId, Annotated[Judgement, Asserts("", "{summary}", told=row_words)]]],
    ] = EMPTY
    experts: Annotated[
        Frozen[Expert],
        Stated("whose judgements are taken", owner="Experts", phrase="which expert’s judgements are taken"),
    ] = EMPTY
    constraints: Annotated[
        tuple[Annotated[Constraint, Asserts("Futures that cannot be", "{words}")], ...],
        Field(max_length=MAX_CONSTRAINTS),
    ] = ()
    fixed: Keyed[DescriptorId, VariantId] = EMPTY
    assume: Assumption | None = None
    claims: Annotated[
        Frozen[Annotated[Claim, Asserts("What would follow", "{name}")]], Field(max_length=100)
    ] = EMPTY

    def rows(self) -> Iterator[tuple[str, str, str, Judgement]]:
        """Yield source, its variant, target and judgement of every row that is stated."""
        for source, by_variant in self.judgements.items():
            for variant, by_target in by_variant.items():
                yield from ((source, variant, target, row) for target, row in by_target.items())

    def unjudged(self) -> list[tuple[str, str, str]]:
        """Return source, variant and target of rows that are missing where another variant has one."""
        stated = {(source, variant, target) for source, variant, target, _ in self.rows()}
        blocks = dict.fromkeys((source, target) for source, _, target in stated)
        return [
            (source, variant, target)
            for source, target in sorted(blocks)
            for variant in self.descriptors[source].variants
            if (source, variant, target) not in stated
        ]


def future_faults(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the futures of a case beyond the shape of their parts."""
    if case.futures is None:
        return
    options = case.game.options if case.game is not None else {}
    for path, descriptor in read(case, "futures", "descriptors", "*"):
        yield from _following(path, descriptor, as_mapping(data, *map(str, path)), options)
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


def _following(
    path: Path, descriptor: Descriptor, given: Mapping[str, Any], options: Collection[str]
) -> Iterator[Fault]:
    """Yield cuts and conditions that do not tell which variant an answer leads to."""
    variants, cuts, follows = descriptor.variants or {}, descriptor.cuts, descriptor.follows
    stated = [key for key in variants if as_mapping(given, "variants", key).get("when") is not None]
    if given.get("follows") is None:
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
        said = getattr(variants[key], "when", None)
        for name in said.names if said is not None and not said.is_pattern(options) else ():
            where = (*path, "variants", key, "when")
            yield from unknown(where, "option", name, options, "the case has no game")


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
    never: Mapping[str, Any], when: Mapping[str, Any], then: Mapping[str, Any], variants: Mapping[str, Any]
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
