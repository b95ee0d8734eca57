"""What would change if something were otherwise? Every lever, and every scenario, on common draws.

A lever is made, not learnt: an input is set to the low or the high end of its doubt, a consent is no longer asked
for, a red line is given up, a point or a cost without a deal is another. All else is drawn as before, so that a
difference is the lever's; a lens that follows another is rerun with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Unpack

import numpy as np

from detente.case import Case
from detente.case.words import input_name
from detente.errors import DetenteError, OptionError
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.summary import Array
from detente.show.words import input_value
from detente.study.chapter import Study
from detente.study.estimates import Basis
from detente.study.inquiry import of_case
from detente.study.records import Effect, LeverKind, Scenario
from detente.study.sampled import Asked, Parts, Sampled, drawn, sample

LEVER_DRAWS = 1_000
"""By which a share is known to a point or two."""
LOW, HIGH = 0.1, 0.9
"""Quantiles to which an input is set: the ends of the middle 80 % of its doubt."""
APART = 1.96
"""Standard errors by which two levers differ, if they do."""


class Lever(NamedTuple):
    """Something that could be otherwise: an input set to the quantile ``end``, or else ``changes`` to the case.

    It ``touches`` a part of the case, or the paths of a lens's table with that prefix.
    """

    lever: str
    kind: LeverKind
    told: str
    change: str
    touches: str
    end: float | None = None
    changes: Mapping[str, Any] = {}

    def sets(self, one: Sampled) -> list[bool]:
        """Return which inputs of a lens are set."""
        return [path.partition("#")[0] == self.touches for path in one.paths]

    def moves(self, one: Sampled) -> bool:
        """Return whether a lens reads what is moved."""
        if self.end is not None:
            return any(self.sets(one))
        paths = [path for part in one.parts.values() for path in (part.lens.part, *part.view.table.paths)]
        return any(path.startswith(self.touches) for path in paths)


def levers(case: Case, **asked: Unpack[Asked]) -> Study:
    """Move every lever of a case and tell what it does to the headlines of every lens.

    What is asked is told in `detente.study.sampled.Asked`, and what is refused in `drawn` there.
    """
    asked.setdefault("draws", LEVER_DRAWS)
    made = drawn(case, margins=0, **asked)
    studied, root = [one for one in made.lenses if one.labels], float(np.sqrt(made.draws))
    moved = [*_inputs(case, made.lenses), *_changes(case)]
    effects = defaultdict[tuple[str, str], list[Effect]](list)
    unread = defaultdict[str, dict[LeverKind, dict[str, None]]](dict)
    for lever in made.each(moved):
        try:
            changed = case.with_(lever.changes) if lever.changes else case
        except DetenteError:  # there is no such case without it
            continue
        parts = Parts()
        for one in studied:
            if not lever.moves(one):
                unread[one.lens].setdefault(lever.kind, {})[lever.told] = None
                continue
            for label, after in _after(changed, one, lever, made.seed, parts).items():
                apart = after - one.outcomes[label]
                found = {"after": after.mean(), "difference": apart.mean(), "error": apart.std() / root}
                known = {name: getattr(lever, name) for name in ("lever", "kind", "told", "change")}
                effects[one.lens, label].append(Effect.model_validate({**known, **found}))
    labels = [(one, label) for one in studied for label in one.labels]
    told = [one.outcome(label, effects=tuple(_ranked(effects[one.lens, label]))) for one, label in labels]
    kinds = {lens: {kind: tuple(of) for kind, of in kinds.items()} for lens, kinds in unread.items()}
    return made.study(told, levers=len(moved), unread=kinds)


def _after(case: Case, one: Sampled, lever: Lever, seed: int, parts: Parts) -> Mapping[str, Array]:
    """Return the outcomes of a lens with a lever moved; none where it has nothing to say then."""
    if lever.end is not None:
        return one.again(np.where(lever.sets(one), lever.end, one.u), one.labels)
    with suppress(DetenteError):
        if (changed := sample(case, one.lens, len(one.u), seed, one.workers, parts, 0)) is not None:
            return {label: y for label, y in changed.outcomes.items() if label in one.labels}
    return {}


def _ranked(effects: Sequence[Effect]) -> Iterator[Effect]:
    """Yield the effects on an outcome, the largest first; those that cannot be told apart share a rank.

    What lies within two errors of nothing has none.
    """
    first, rank = None, 0
    of = sorted(effects, key=lambda one: (-abs(one.difference), one.lever))
    for place, one in enumerate(of, start=1):
        far = abs(one.difference)
        if far <= APART * one.error or far == 0:
            yield one
            continue
        if first is None or abs(first.difference) - far > APART * np.hypot(first.error, one.error):
            first, rank = one, place
        yield one.model_copy(update={"rank": rank})


# --- which levers there are ------------------------------------------------------------------------


def _kind(path: str) -> LeverKind:
    if ".accepts." in path:
        return "red line"
    if path.endswith(".no_deal"):
        return "point without a deal"
    return "cost of failure" if path.endswith("failure_cost") else "input"


def _numbered(case: Case, path: str, before: float, to: float, at: float, **how: Any) -> Lever:
    """Return the lever that moves a number of the case."""
    change = f"{input_value(case, path, before)} to {input_value(case, path, to)}"
    return Lever(f"{path}={at:g}", _kind(path), input_name(case, path), change, path, **how)


def _inputs(case: Case, lenses: Sequence[Sampled]) -> Iterator[Lever]:
    """Yield every input in doubt at both ends of its doubt."""
    for path in dict.fromkeys(path.partition("#")[0] for one in lenses for path in one.paths):
        if path in case.quantities:
            low, middle, high = (float(case.quantities[path].quantile(at)) for at in (LOW, 0.5, HIGH))
            yield _numbered(case, path, middle, low, LOW, end=LOW)
            yield _numbered(case, path, middle, high, HIGH, end=HIGH)


def _changes(case: Case) -> Iterator[Lever]:
    """Yield what is moved by changing the case: consents, red lines, exact points and costs without a deal."""
    yield from _consents(case)
    for issue, stances in case.stances.items():
        for actor, stance in stances.items():
            if stance.accepts is not None:
                path = f"stances.{issue}.{actor}.accepts"
                who = f"{case.actors[actor].name}: red line on {case.issues[issue].name}"
                yield Lever(path, "red line", who, "given up", path, changes={path: None})
    for path, quantity in case.quantities.items():
        for to in _moved(case, path, quantity.mean) if quantity.is_exact else ():
            yield _numbered(case, path, quantity.mean, to, to, changes={path: to})


def _moved(case: Case, path: str, value: float) -> list[float]:
    """Return to what an exact number is moved: a tenth of the scale either way, or nothing and twice as much."""
    if _kind(path) == "cost of failure":
        return [to for to in (0.0, 2 * value) if to != value]
    part, issue = path.split(".")[:2]
    if part != "issues" or _kind(path) != "point without a deal" or case.issues[issue].discrete:
        return []
    of = case.issues[issue]
    step = (of.high - of.low) / 10
    return [to for to in (value - step, value + step) if of.low <= to <= of.high]


def _consents(case: Case) -> Iterator[Lever]:
    """Yield every consent that is needed, no longer asked for."""
    data = case.to_dict()
    rules: dict[str, Any] = {"consent": data.get("consent")}
    rules |= {f"issues.{key}.consent": one.get("consent") for key, one in data.get("issues", {}).items()}
    rules |= {f"bodies.{key}.rule": one["rule"] for key, one in (data.get("bodies") or {}).items()}
    parts: tuple[Mapping[str, Any], ...] = (case.actors, case.bodies)
    for name, called in ((key, of.name) for part in parts for key, of in part.items()):
        changes = {path: left for path, rule in rules.items() if (left := _without(rule, name)) != rule}
        changes = {path: rule for path, rule in changes.items() if rule or not path.startswith("bodies.")}
        if changes:
            told = f"Consent of {called or name}"
            yield Lever(f"consent={name}", "consent", told, "no longer needed", "consent", changes=changes)


def _without(rule: Any, name: str) -> Any:
    """Return a rule that does not ask somebody whom it asks outright; ``None`` where nobody is left."""
    if not (isinstance(rule, Mapping) and rule.get("all_of")):
        return None if rule == name else rule
    left = [part for part in (_without(part, name) for part in rule["all_of"]) if part]
    return {**rule, "all_of": left} if left else None


# --- scenarios ------------------------------------------------------------------------------------


def choose(case: Case, criterion: str, *, high: bool = True, **asked: Unpack[Asked]) -> Study:
    """Compare the case as it stands and its scenarios by one outcome, of which more, or less, is better.

    The criterion is the label of an outcome; what else is asked, and refused, is told with `levers`.

    Raises:
        OptionError: no scenario, or none that has the outcome.
    """
    if not case.scenarios:
        raise OptionError("the case has no scenarios to choose from; add some under 'scenarios'")
    made = drawn(case, **asked | {"outcome": criterion})
    base = next(one for one in made.lenses if one.labels)
    versions: dict[str, Array] = {AS_IT_STANDS: base.outcomes[criterion]}
    for key in made.each(key for key, of in case.scenarios.items() if of.changes):
        one = sample(case.with_(scenario=key), base.lens, made.draws, made.seed, base.workers, {})
        if one is not None and criterion in one.outcomes:
            versions[key] = one.outcomes[criterion]
    if len(versions) < 2:
        what = f"no scenario of the case has the outcome {criterion!r}"
        raise OptionError(f"{what}; choose by one that some have")
    worth = (1.0 if high else -1.0) * np.stack(list(versions.values()))
    top = worth.max(axis=0)
    rows = list[Scenario]()
    for (key, y), one in zip(versions.items(), worth, strict=True):
        named = {"scenario": key, "told": case.scenarios[key].name if key in case.scenarios else key}
        numbers = {"value": y.mean(), "error": y.std() / np.sqrt(made.draws), "best": (one == top).mean()}
        numbers |= {"regret": (top - one).mean(), "worst_regret": (top - one).max()}
        rows.append(Scenario.model_validate({**named, **numbers}))
    best = int(np.argmax(worth.mean(axis=1)))
    perfect, worths = float((top - worth[best]).mean()), dict[str, float]()
    basis = Basis(base.u, worth - worth[best])  # gains over the best choice: noise is worth nothing
    for (_, ask, _), places in of_case(case, base.paths, ("actor",)).items():
        told = basis.fit(places)
        worths[ask] = min(perfect, float(told.max(axis=0).mean() - told.mean(axis=1).max()))
    kept = {ask: of for ask, of in sorted(worths.items(), key=lambda item: -item[1]) if of > 1e-9}
    rows.sort(key=lambda row: (row.regret, row.scenario))
    outcome = base.outcome(criterion, scenarios=tuple(rows))
    return made.study([outcome], choice=list(versions)[best], perfect=perfect, worth=kept)
