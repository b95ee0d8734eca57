"""What does each actor want on each issue, and how much does it care?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from detente.case.acceptance import Acceptance
from detente.case.fields import Doubtful, Ids, Part
from detente.case.influence import Influence
from detente.case.parts.issues import Issue
from detente.case.validation import Fault, as_mapping, warning
from detente.case.votes import power_faults, power_warnings
from detente.quantity import Quantity


class Stance(Part):
    """What an actor wants on an issue.

    Attributes:
        position: on the issue's scale.
        salience: share of attention or resources it would spend here, 0..1.
        influence: its weight here (≥ 0; only ratios matter); the actor's own where left out.
        accepts: red line.
        concession_cost: what it costs to move this actor's red line or demand here by the whole scale (≥ 0); its
            salience as a share of all its saliences where left out.
    """

    position: Annotated[Quantity, Doubtful("position", on_scale=True)]
    salience: Annotated[Quantity, Doubtful("salience", 0, 1, hint="use 0..1 (divide percentages by 100)")]
    influence: Influence | None = None
    accepts: Annotated[Acceptance, Doubtful("red line", on_scale=True)] | None = None
    concession_cost: Annotated[Quantity, Doubtful("cost of conceding", 0)] | None = None
    because: Ids = ()


def stance_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield stances without an influence, their own or their actor's, and power of votes that nobody has."""
    yield from power_faults(data)
    actors = as_mapping(data.get("actors"))
    for issue, stances in as_mapping(data.get("stances")).items():
        for actor, stance in as_mapping(stances).items():
            own = as_mapping(actors.get(actor)).get("influence")
            if actor in actors and own is None and as_mapping(stance).get("influence") is None:
                hint = f"add it here, or for all issues as actors.{actor}.influence"
                yield Fault(("stances", issue, actor), "the stance has no influence", hint=hint)


def stance_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield issues that look one-sided, stances without a source, and red lines that rule out a position."""
    yield from power_warnings(case)
    issues: Mapping[str, Issue] = case.issues
    stances: Mapping[str, Mapping[str, Stance]] = case.stances
    for issue_id, issue in issues.items():
        yield from _one_sided(issue_id, issue, stances.get(issue_id, {}))
    if not case.sources:
        yield warning(
            (), "the case has no sources, so no number rests on evidence", "add 'sources' and 'because'"
        )
    for issue_id, on_issue in stances.items():
        if on_issue and not any(_counts(case, issue_id, actor) for actor in on_issue):
            way = "give one of them an influence and a salience above 0"
            message = "nobody has any weight on the issue, so no settlement can be computed"
            yield warning(("stances", issue_id), message, way)
        for actor, stance in on_issue.items():
            if case.sources and not stance.because:
                path = ("stances", issue_id, actor)
                yield warning(path, "the stance rests on no source", "add because: [source]")
            yield from _own_red_line(issue_id, actor, stance)


def _counts(case: Any, issue: str, actor: str) -> bool:
    """Tell whether an actor may have weight on an issue: influence times salience above 0."""
    numbers = (case.influence(issue, actor), case.stances[issue][actor].salience)
    return all(not number.is_exact or number.mean > 0 for number in numbers)


def _one_sided(issue_id: str, issue: Issue, stances: Mapping[str, Stance]) -> Iterator[Fault]:
    path = ("issues", issue_id)
    if not stances:
        yield warning(path, "nobody has a stance on the issue", f"add stances.{issue_id}")
        return
    positions = {stance.position.within(issue.low, issue.high).mean for stance in stances.values()}
    quarter = (issue.high - issue.low) / 4
    at_one_end = max(positions) <= issue.low + quarter or min(positions) >= issue.high - quarter
    if len(stances) > 1 and len(positions) == 1:
        yield warning(path, "all actors hold the same position; there is nothing to negotiate")
    elif len(stances) == 1 or at_one_end:
        yield warning(path, "only one side is represented", "who is on the other side of the scale?")
    if len(stances) > 2 and len({stance.salience for stance in stances.values()}) == 1:
        way = "does nobody care more than others?"
        yield warning(("stances", issue_id), "every salience is the same", way)


def _own_red_line(issue: str, actor: str, stance: Stance) -> Iterator[Fault]:
    if stance.accepts is None:
        return
    position, lower, upper = stance.position.mean, stance.accepts.lower, stance.accepts.upper
    if (lower and position < lower.mean) or (upper and position > upper.mean):
        message = f"the red line {stance.accepts} rules out the actor's own position {position:g}"
        yield warning(("stances", issue, actor, "accepts"), message)
