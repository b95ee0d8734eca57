"""Do the futures of a case agree with themselves? Names, numbers, cuts and constraints, on plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from detente.case.parts.futures import LIMIT
from detente.case.parts.game.statement import Statement
from detente.case.reading import Path
from detente.case.shape import listed
from detente.case.validation import Fault, as_list, as_mapping, shortened, shown, warning
from detente.errors import QuantityError, did_you_mean
from detente.quantity import parse
from detente.quantity.quantity import number_text

MOST_TRIED = 1_000_000
"""Combinations up to which it is tried out whether constraints leave anything."""


def future_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the futures of a case beyond the shape of their parts."""
    if data.get("futures") is not None:
        yield from _Checks(as_mapping(data["futures"]), as_mapping(data.get("game"))).faults()


class _Checks:
    """What is looked at in futures, as stated."""

    def __init__(self, futures: Mapping[str, Any], game: Mapping[str, Any]) -> None:
        self.futures, self.options = futures, as_mapping(game.get("options"))
        self.variants = {
            key: as_mapping(as_mapping(one).get("variants"))
            for key, one in as_mapping(futures.get("descriptors")).items()
        }

    def faults(self) -> Iterator[Fault]:
        for key, descriptor in as_mapping(self.futures.get("descriptors")).items():
            yield from self._following(("futures", "descriptors", key), as_mapping(descriptor))
        yield from self._judgements()
        for key, variant in as_mapping(self.futures.get("fixed")).items():
            yield from self._setting(("futures", "fixed"), key, [variant])
        for key, claim in as_mapping(self.futures.get("claims")).items():
            yield from self._settings(("futures", "claims", key, "holds"), as_mapping(claim).get("holds"))
        assumed = as_mapping(self.futures.get("assume")).get("holds")
        yield from self._settings(("futures", "assume", "holds"), assumed)
        yield from self._constraints()

    # --- names -----------------------------------------------------------------------------------

    def _settings(self, path: Path, settings: object) -> Iterator[Fault]:
        for key, variants in as_mapping(settings).items():
            yield from self._setting(path, key, [one for one in listed(variants) if isinstance(one, str)])

    def _setting(self, path: Path, key: str, variants: list[Any]) -> Iterator[Fault]:
        """Yield a descriptor, or variants of it, that are not there."""
        if key not in self.variants:
            hint = did_you_mean(key, self.variants)
            yield Fault((*path, key), f"no descriptor is called {shortened(key)}", hint=hint, at_key=True)
            return
        for variant in variants:
            if isinstance(variant, str) and variant not in self.variants[key]:
                yield self._no_variant((*path, key), key, variant)

    def _no_variant(self, path: Path, key: str, variant: str, *, at_key: bool = False) -> Fault:
        hint = did_you_mean(variant, self.variants[key])
        message = f"the descriptor {shortened(key)} has no variant {shortened(variant)}"
        return Fault(path, message, hint=hint, at_key=at_key)

    # --- judgements ------------------------------------------------------------------------------

    def _judgements(self) -> Iterator[Fault]:
        start: Path = ("futures", "judgements")
        experts = as_mapping(self.futures.get("experts"))
        for source, by_variant in as_mapping(self.futures.get("judgements")).items():
            if source not in self.variants:
                yield from self._setting(start, source, [])
                continue
            for variant, by_target in as_mapping(by_variant).items():
                if variant not in self.variants[source]:
                    yield self._no_variant((*start, source, variant), source, variant, at_key=True)
                for target, row in as_mapping(by_target).items():
                    path = (*start, source, variant, target)
                    if target not in self.variants:
                        yield from self._setting((*start, source, variant), target, [])
                        continue
                    yield from self._pushes((*path, "pushes"), target, as_mapping(row).get("pushes"))
                    for one in as_mapping(as_mapping(row).get("because_each")):
                        if one not in self.variants[target]:
                            yield self._no_variant((*path, "because_each", one), target, one, at_key=True)
                    for expert, pushes in as_mapping(as_mapping(row).get("experts")).items():
                        where = (*path, "experts", expert)
                        if expert not in experts:
                            hint = did_you_mean(expert, experts) or "add it under futures.experts"
                            message = f"no expert is called {shortened(expert)}"
                            yield Fault(where, message, hint=hint, at_key=True)
                        yield from self._pushes(where, target, pushes)

    def _pushes(self, path: Path, target: str, pushes: object) -> Iterator[Fault]:
        for variant, push in as_mapping(pushes).items():
            if variant not in self.variants[target]:
                yield self._no_variant((*path, variant), target, variant, at_key=True)
            yield from self._number((*path, variant), push)

    def _number(self, path: Path, push: object) -> Iterator[Fault]:
        """Yield a push beyond the scale, or one that is not whole where whole numbers are declared."""
        scale = self.futures.get("scale", LIMIT)
        try:
            quantity = parse(push)
        except QuantityError:
            return  # the model tells
        if isinstance(scale, (int, float)) and not isinstance(scale, bool) and scale > 0:
            fault = quantity.fault_within(-scale, scale)
            if fault is not None:
                limit = number_text(scale)
                hint = f"judgements run from -{limit} to {limit}; declare another futures.scale for more"
                yield Fault(path, fault, shown(push), hint)
        if self.futures.get("whole", True) is not False:
            for statement in quantity.statements:
                said = statement.parameters[:1] if statement.kind == "normal" else statement.parameters
                if any(value != int(value) for value in said):
                    hint = "round it, or declare futures.whole: false"
                    yield Fault(path, "judgements are whole numbers here", shown(push), hint)
                    break

    # --- what a descriptor follows -----------------------------------------------------------------

    def _following(self, path: Path, descriptor: Mapping[str, Any]) -> Iterator[Fault]:
        """Yield cuts and conditions that do not tell which variant an answer leads to."""
        variants, cuts = as_mapping(descriptor.get("variants")), as_list(descriptor.get("cuts"))
        stated = [key for key, one in variants.items() if as_mapping(one).get("when") is not None]
        follows = descriptor.get("follows")
        if follows is None:
            for name in ("cuts",) if cuts else ():
                yield Fault((*path, name), "says nothing without 'follows'", hint="add follows: lens.answer")
            for key in stated:
                hint = "add follows: lens.answer"
                yield Fault((*path, "variants", key, "when"), "says nothing without 'follows'", hint=hint)
            return
        if isinstance(follows, str) and not all(follows.partition(".")[::2]) and not stated:
            hint = "write for example winset.ukraine or bargaining.sanctions"
            yield Fault((*path, "follows"), "names an answer as lens.answer", shown(follows), hint)
        if cuts and stated:
            yield Fault(path, "has both cuts and conditions", hint="keep the cuts, or each variant's 'when'")
        elif stated:
            yield from self._conditions(path, variants)
        elif len(variants) != (len(cuts) or 1) + 1:
            needed = max(len(variants) - 1, 0)
            hint = f"write {needed} cuts, each above the one before, for {len(variants)} variants"
            yield Fault((*path, "cuts"), f"holds {len(cuts)} cuts", hint=hint)

    def _conditions(self, path: Path, variants: Mapping[str, Any]) -> Iterator[Fault]:
        *first, _ = variants
        for key in first:
            if as_mapping(variants[key]).get("when") is None:
                hint = "only the last variant, for all other outcomes, may be without"
                yield Fault((*path, "variants", key), "has no 'when'", hint=hint)
        for key in variants:
            text = as_mapping(variants[key]).get("when")
            try:
                said = Statement.parse(text) if text is not None else None
            except ValueError:
                continue  # the model tells
            if said is None or said.is_pattern(self.options):
                continue
            for name in said.names:
                if name not in self.options:
                    hint = did_you_mean(name, self.options) or "the case has no game"
                    where = (*path, "variants", key, "when")
                    yield Fault(where, f"no option is called {shortened(name)}", hint=hint)

    # --- constraints -------------------------------------------------------------------------------

    def _constraints(self) -> Iterator[Fault]:
        sound, bans = True, []
        for number, constraint in enumerate(as_list(self.futures.get("constraints"))):
            path: Path = ("futures", "constraints", number)
            never, when, then = (as_mapping(as_mapping(constraint).get(k)) for k in ("never", "when", "then"))
            if bool(never) == bool(when and then) or bool(when) != bool(then):
                sound = False
                hint = "write never: {…}, or when: {…} with then: {…}"
                yield Fault(path, "says neither what never comes together nor what implies what", hint=hint)
                continue
            for name, settings in (("never", never), ("when", when), ("then", then)):
                for fault in self._settings((*path, name), settings):
                    sound = False
                    yield fault
            bans += nogoods(never, when, then, self.variants)
        fixed = as_mapping(self.futures.get("fixed"))
        if sound and bans and not self._leaves_any(bans, fixed):
            hint = "weaken one of them, or what is fixed"
            message = "the constraints contradict each other: they leave no future at all"
            yield Fault(("futures", "constraints"), message, hint=hint)

    def _leaves_any(self, bans: list[dict[str, set[str]]], fixed: Mapping[str, Any]) -> bool:
        """Tell whether some combination of the descriptors that constraints name is allowed."""
        named = sorted({key for ban in bans for key in ban})
        choices = [[fixed[key]] if key in fixed else list(self.variants[key]) for key in named]
        size = 1
        for choice in choices:
            size *= len(choice)
        if size > MOST_TRIED:
            return True
        return any(
            not any(all(state[key] in variants for key, variants in ban.items()) for ban in bans)
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
    left = [f"{source}.{variant}.{target}" for source, variant, target in futures.unjudged()]
    if left:
        told = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
        message = f"not judged, though another variant of the descriptor is: {told}"
        yield warning((*start, "judgements"), message, "judge it; {pushes: {}} says that there is no push")
    if case.sources:
        for source, variant, target, row in futures.rows():
            if not row.because and not row.because_each:
                path = (*start, "judgements", source, variant, target)
                yield warning(path, "the judgement rests on no source", "add because: [source]")
