"""What in a valid case would an experienced analyst question? Warnings worth having; none stops a lens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from detente.case.across import cited
from detente.case.electorate import Electorate
from detente.case.model import CaseModel
from detente.case.quantities import stated
from detente.case.reading import Path
from detente.case.thresholds import wins
from detente.case.validation import Fault


def warnings(case: CaseModel, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield everything that looks forgotten or one-sided."""
    yield from _silent_actors(case)
    yield from _issues(case)
    yield from _unsupported_stances(case)
    yield from _red_lines(case)
    yield from _consent(case)
    yield from _idle_correlations(case)
    yield from _uncited_sources(case, data)


def _warning(path: Path, message: str, hint: str | None = None) -> Fault:
    return Fault(path, message, hint=hint, severity="warning", at_key=True)


def _silent_actors(case: CaseModel) -> Iterator[Fault]:
    heard = {actor for stances in case.stances.values() for actor in stances}
    heard |= set(case.game.preferences) if case.game else set()
    for actor in case.actors:
        if actor not in heard:
            yield _warning(
                ("actors", actor), "the actor has no stance on any issue", "give it one or remove it"
            )


def _issues(case: CaseModel) -> Iterator[Fault]:
    for issue_id, issue in case.issues.items():
        stances = case.stances.get(issue_id, {})
        path = ("issues", issue_id)
        if not stances:
            yield _warning(path, "nobody has a stance on the issue", f"add stances.{issue_id}")
            continue
        positions = {stance.position.within(issue.low, issue.high).mean for stance in stances.values()}
        if len(stances) > 1 and len(positions) == 1:
            yield _warning(path, "all actors hold the same position; there is nothing to negotiate")
        elif len(stances) == 1 or _one_sided(positions, issue.low, issue.high):
            yield _warning(path, "only one side is represented", "who is on the other side of the scale?")
        saliences = {stance.salience for stance in stances.values()}
        if len(stances) > 2 and len(saliences) == 1:
            yield _warning(
                ("stances", issue_id), "every salience is the same", "does nobody care more than others?"
            )


def _one_sided(positions: set[float], low: float, high: float) -> bool:
    """Tell whether all positions lie within the same quarter of the scale, at one of its ends."""
    quarter = (high - low) / 4
    return max(positions) <= low + quarter or min(positions) >= high - quarter


def _unsupported_stances(case: CaseModel) -> Iterator[Fault]:
    if not case.sources:
        yield _warning(
            (), "the case has no sources, so no number rests on evidence", "add 'sources' and 'because'"
        )
        return
    for issue, stances in case.stances.items():
        for actor, stance in stances.items():
            if not stance.because:
                yield _warning(
                    ("stances", issue, actor), "the stance rests on no source", "add because: [source]"
                )


def _red_lines(case: CaseModel) -> Iterator[Fault]:
    for issue, stances in case.stances.items():
        for actor, stance in stances.items():
            if stance.accepts is None:
                continue
            position = stance.position.mean
            lower, upper = stance.accepts.lower, stance.accepts.upper
            if (lower and position < lower.mean) or (upper and position > upper.mean):
                path = ("stances", issue, actor, "accepts")
                yield _warning(
                    path, f"the red line {stance.accepts} rules out the actor's own position {position:g}"
                )


def _consent(case: CaseModel) -> Iterator[Fault]:
    """Yield deals to which somebody, or everybody who counts, agrees for want of a stance."""
    packages: dict[Path, tuple[str, ...]] = {("deals", key): deal.issues for key, deal in case.deals.items()}
    alone: dict[Path, tuple[str, ...]] = {("issues", issue): (issue,) for issue in case.issues}
    electorate = Electorate(case)
    for path, issues in (packages or alone).items():
        if not (members := electorate.members(issues)):
            continue
        heard = {actor for issue in issues for actor in case.stances.get(issue, {})}
        quiet = np.array([member.actor not in heard for member in members])
        silent = list(dict.fromkeys(member.actor for member in members if member.actor not in heard))
        if silent and wins(electorate.rule(issues), quiet):
            told = "those whose consent is enough have no stance here, so they agree to anything"
            yield _warning(path, told, "give them one, or change who must consent")
        elif silent and packages:
            listed = ", ".join(silent[:5]) + (f" and {len(silent) - 5} more" if len(silent) > 5 else "")
            told = (
                f"asked for consent, but without a stance here: {listed}; whoever has none agrees to anything"
            )
            yield _warning(path, told, "give them one on an issue of the deal")


def _idle_correlations(case: CaseModel) -> Iterator[Fault]:
    if not case.correlations:
        return
    known = {path: quantity for path, quantity, _ in stated(case)}
    for number, correlation in enumerate(case.correlations):
        for side, path in enumerate(correlation.between):
            if path not in known or known[path].is_exact:
                what = "carries no doubt" if path in known else "is not stated"
                message = f"{path} {what}, so the correlation has no effect"
                yield _warning(("correlations", number, "between", side), message)


def _uncited_sources(case: CaseModel, data: Mapping[str, Any]) -> Iterator[Fault]:
    used = {source for _, source in cited(data)}
    for source in case.sources:
        if source not in used:
            yield _warning(
                ("sources", source), "the source is never cited", "cite it with because, or remove it"
            )
