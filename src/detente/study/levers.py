"""What would change if something were otherwise? Every lever against the headlines of all lenses, on common draws.

A lever is an input that is *set* to the low or the high end of its doubt (which is not the same as learning that
it is there), a consent that is no longer asked for, a red line that is given up, a point or a cost without a deal
that is another. All else is drawn as before, so that a difference is the lever's; a lens that follows another is
rerun with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from detente.case import Case
from detente.case.words import input_name
from detente.errors import DetenteError
from detente.lenses.draws import Progress, Workers
from detente.lenses.summary import Array
from detente.show.words import input_value
from detente.study.inquiry_records import Effect, LeverKind, Levers
from detente.study.sampled import Part, Sampled, headlines, sample, sampled

LEVER_DRAWS = 1_000
LOW, HIGH = 0.1, 0.9
"""Quantiles to which an input is set: the ends of the middle 80 % of its doubt."""
APART = 1.96
"""Standard errors by which two levers differ, if they do."""


class Lever(NamedTuple):
    """Something that could be otherwise.

    Attributes:
        id: path in the case, with what is done to it.
        kind: of lever.
        told: what is moved, in words.
        change: how.
        path: of an input in doubt that is set; empty where the case is changed.
        end: quantile to which the input is set.
        changes: to the case.
        touches: prefix of the paths of a lens's table that it changes, or the part of the case.
    """

    id: str
    kind: LeverKind
    told: str
    change: str
    path: str = ""
    end: float = 0.0
    changes: Mapping[str, Any] = {}
    touches: str = ""


def levers(
    case: Case,
    *,
    draws: int = LEVER_DRAWS,
    seed: int = 1,
    lens_name: str | None = None,
    outcome: str | None = None,
    every: bool = False,
    workers: Workers = None,
    progress: Progress | None = None,
) -> Levers:
    """Move every lever of a case and tell what it does to the headlines of every lens.

    Args:
        case: the case.
        draws: common draws; a share is then known to a point or two.
        seed: of the draws.
        lens_name: only this lens.
        outcome: only this outcome.
        every: all outcomes that people are told of, and not the headlines alone.
        workers: threads; all processors when ``None``.
        progress: called with (levers moved, levers in all).

    Raises:
        OptionError: nothing is in doubt, or no lens has that outcome.
        MissingPartError: the case states nothing that a lens reads.
    """
    drawn = sampled(case, draws, seed, lens_name, workers, margins=False)
    wanted = headlines(drawn, outcome, every=every)
    moved = [*_inputs(case, drawn), *_changes(case)]
    found: list[Effect] = []
    for number, lever in enumerate(moved):
        changed = _changed(case, lever)
        for one, labels in zip(drawn, wanted, strict=True):
            after = _after(changed, one, lever, labels, seed) if labels and changed is not None else None
            if after is not None:
                found += [_effect(lever, one, label, after[label]) for label in labels if label in after]
        if progress is not None:
            progress(number + 1, len(moved))
    return Levers(
        title=case.title,
        fingerprint=case.fingerprint,
        draws=draws,
        seed=seed,
        levers=len(moved),
        effects=tuple(_ranked(found)),
    )


def _changed(case: Case, lever: Lever) -> Case | None:
    """Return the case with a lever moved, where it is moved there; ``None`` where there is none without it."""
    try:
        return case.with_(lever.changes) if lever.changes else case
    except DetenteError:
        return None


def _after(
    case: Case, one: Sampled, lever: Lever, labels: Collection[str], seed: int
) -> dict[str, Array] | None:
    """Return the outcomes of a lens with a lever moved; ``None`` where it reads nothing of it."""
    if lever.path:
        places = [k for k, path in enumerate(one.paths) if path.partition("#")[0] == lever.path]
        if not places:
            return None
        u = one.u.copy()
        u[:, places] = lever.end
        return one.again(u, labels)
    if not any(_reads(part, lever.touches) for part in one.parts):
        return None
    try:
        changed = sample(case, one.lens, len(one.u), seed, one.workers, margins=False)
    except DetenteError:  # without it the lens has nothing to say
        return None
    return None if changed is None else {k: changed.outcomes[k] for k in labels if k in changed.outcomes}


def _reads(part: Part, touches: str) -> bool:
    return part.lens.part == touches or any(path.startswith(touches) for path in part.view.table.paths)


def _effect(lever: Lever, one: Sampled, label: str, after: Array) -> Effect:
    before = one.outcomes[label]
    apart = after - before
    return Effect(
        lever=lever.id,
        kind=lever.kind,
        told=lever.told,
        change=lever.change,
        lens=one.lens,
        outcome=label,
        subject=one.told[label].subject,
        share=one.told[label].kind == "share",
        before=float(before.mean()),
        after=float(after.mean()),
        difference=float(apart.mean()),
        error=float(apart.std() / np.sqrt(len(apart))),
        rank=0,
    )


def _ranked(effects: Sequence[Effect]) -> Iterator[Effect]:
    """Yield the effects on each outcome, the largest first; those that cannot be told apart share a rank.

    What lies within two errors of nothing has none.
    """
    for outcome in dict.fromkeys(one.outcome for one in effects):
        of = [one for one in effects if one.outcome == outcome]
        of.sort(key=lambda one: (-abs(one.difference), one.lever))
        first: Effect | None = None
        rank = 0
        for place, one in enumerate(of, start=1):
            if abs(one.difference) <= APART * one.error or one.difference == 0:
                yield one
                continue
            apart = abs(first.difference) - abs(one.difference) if first is not None else np.inf
            if first is None or apart > APART * np.hypot(first.error, one.error):
                first, rank = one, place
            yield one.model_copy(update={"rank": rank})


# --- which levers there are ------------------------------------------------------------------------


def _kind(path: str) -> LeverKind:
    if ".accepts." in path:
        return "red line"
    if path.endswith(".no_deal"):
        return "point without a deal"
    return "cost of failure" if path.endswith("failure_cost") else "input"


def _inputs(case: Case, drawn: Sequence[Sampled]) -> Iterator[Lever]:
    """Yield every input in doubt at both ends of its doubt."""
    for path in dict.fromkeys(path.partition("#")[0] for one in drawn for path in one.paths):
        if path not in case.quantities:
            continue
        quantity = case.quantities[path]
        middle = input_value(case, path, float(quantity.quantile(0.5)))
        for end in (LOW, HIGH):
            to = input_value(case, path, float(quantity.quantile(end)))
            yield Lever(
                f"{path}={end:g}", _kind(path), input_name(case, path), f"{middle} to {to}", path, end
            )


def _changes(case: Case) -> Iterator[Lever]:
    """Yield what is moved by changing the case: consents, red lines, exact points and costs without a deal."""
    yield from _consents(case)
    for issue, stances in case.stances.items():
        for actor, stance in stances.items():
            if stance.accepts is not None:
                path = f"stances.{issue}.{actor}.accepts"
                who = f"{case.actors[actor].name}: red line on {case.issues[issue].name}"
                yield Lever(path, "red line", who, "given up", changes={path: None}, touches=path)
    for path, quantity in case.quantities.items():
        kind = _kind(path)
        if not quantity.is_exact or kind not in ("point without a deal", "cost of failure"):
            continue
        value, told = quantity.mean, input_name(case, path)
        for to in _moved(case, path, value, kind):
            change = f"{input_value(case, path, value)} to {input_value(case, path, to)}"
            yield Lever(f"{path}={to:g}", kind, told, change, changes={path: to}, touches=path)


def _moved(case: Case, path: str, value: float, kind: LeverKind) -> list[float]:
    """Return to what an exact number is moved: a tenth of the scale either way, or nothing and twice as much."""
    if kind == "cost of failure":
        return [to for to in (0.0, 2 * value) if to != value]
    part, issue = path.split(".")[:2]
    if part != "issues":
        return []
    of = case.issues[issue]
    step = (of.high - of.low) / 10
    return [to for to in (value - step, value + step) if of.low <= to <= of.high and not of.discrete]


def _consents(case: Case) -> Iterator[Lever]:
    """Yield every consent that is needed, no longer asked for."""
    data = case.to_dict()
    rules: dict[str, Any] = {"consent": data.get("consent")}
    rules |= {f"issues.{key}.consent": one.get("consent") for key, one in data.get("issues", {}).items()}
    rules |= {f"bodies.{key}.rule": one["rule"] for key, one in (data.get("bodies") or {}).items()}
    for name in dict.fromkeys(name for rule in rules.values() for name in _needed(rule)):
        changes = {path: _without(rule, name) for path, rule in rules.items() if name in _needed(rule)}
        changes = {path: rule for path, rule in changes.items() if rule or not path.startswith("bodies.")}
        if changes:
            of = case.actors.get(name) or case.bodies.get(name)
            told = f"Consent of {of.name if of is not None and of.name else name}"
            yield Lever(
                f"consent={name}", "consent", told, "no longer needed", changes=changes, touches="consent"
            )


def _needed(rule: Any) -> tuple[str, ...]:
    """Return the names without which a rule is not met, as far as it says so outright."""
    if isinstance(rule, str):
        return (rule,)
    parts = rule.get("all_of") if isinstance(rule, Mapping) else None
    return tuple(name for part in parts or () for name in _needed(part))


def _without(rule: Any, name: str) -> Any:
    """Return a rule that does not ask somebody; ``None`` where nobody is left."""
    if isinstance(rule, str):
        return None if rule == name else rule
    if not isinstance(rule, Mapping) or "all_of" not in rule:
        return rule
    left = [part for part in (_without(part, name) for part in rule["all_of"]) if part]
    return {**rule, "all_of": left} if left else None
