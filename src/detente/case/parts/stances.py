"""What does each actor want on each issue, a position or values of settlements, and how much does it care?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from detente.case.acceptance import RedLine
from detente.case.fields import EMPTY, Citations, Doubtful, Each, Keyed, Part
from detente.case.influence import Influence, power_faults, power_warnings
from detente.case.parts.issues import Issue, anchor_number, scale_bounds
from detente.case.reading import Path
from detente.case.validation import Fault, as_mapping, entries, shortened, warning
from detente.quantity import Quantity
from detente.quantity.quantity import number_text


def _settlement(key: str) -> str:
    number = anchor_number(key)
    if number is None:
        raise ValueError("values stand by the numbers of the issue's scale; write values: {0: 0.3, 100: 1}")
    return number_text(number)


_SHARE = "use 0..1 (divide points by the most that any settlement has)"
Value = Annotated[Quantity, Doubtful("value of {values}", 0, 1, hint=_SHARE)]
NoDeal = Annotated[Quantity, Doubtful("value of no deal", 0, 1, hint=_SHARE, brief="no deal")]
Settlement = Annotated[str, AfterValidator(_settlement)]


class Stance(Part):
    """What an actor wants on an issue: a position, or a value of each settlement."""

    position: Annotated[Quantity, Doubtful("position", on_scale=True)] | None = None
    values: Keyed[Settlement, Value] = EMPTY
    salience: Annotated[Quantity, Doubtful("salience", 0, 1, hint="use 0..1 (divide percentages by 100)")]
    influence: Influence | None = None
    accepts: Annotated[RedLine, Doubtful("red line", on_scale=True)] | None = None
    concession_cost: Annotated[Quantity, Doubtful("cost of conceding", 0)] | None = None
    no_deal: NoDeal | None = None
    because: Citations = ()
    because_each: Each[Settlement] = EMPTY

    @property
    def aim(self) -> Quantity:
        """The position, or else the settlement of the highest value at the means; of several the lowest."""
        if self.position is not None:
            return self.position
        best = max(self.values, key=lambda key: (self.values[key].mean, -float(key)))
        return Quantity.exact(float(best))

    @property
    def aims(self) -> bool:
        """Whether all that says so has been judged."""
        return not any(one.unjudged for one in (self.position, *self.values.values()) if one is not None)


def stance_faults(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield stances without an influence or with power of votes that nobody has, and values of no use."""
    yield from power_faults(case)
    actors, issues = as_mapping(data.get("actors")), as_mapping(data.get("issues"))
    for path, stance in entries(data, "stances", "*", "*"):
        _, issue, actor = map(str, path)
        own = as_mapping(actors, actor).get("influence")
        if actor in actors and own is None and stance.get("influence") is None:
            hint = f"add it here, or for all issues as actors.{actor}.influence"
            yield Fault(path, "the stance has no influence", hint)
        yield from _aimless(path, stance)
        if isinstance(stance.get("values"), Mapping):
            yield from _misvalued((*path, "values"), stance["values"], as_mapping(issues, issue))


def _aimless(path: Path, stance: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a stance that has neither a position nor values, or both."""
    valued = bool(stance.get("values"))
    if "position" in stance and stance["position"] is None:
        yield Fault((*path, "position"), "is empty", "write a value, or leave the line out")
    elif not (valued or "position" in stance or any(str(key).startswith("position:") for key in stance)):
        yield Fault(path, "'position' is missing", "add 'position: …', or 'values: …' of each settlement")
    elif "position" in stance and valued:
        message = "a stance has a position or values, not both"
        yield Fault((*path, "values"), message, "leave one of them out", at_key=True)
    if "no_deal" in stance and not valued:
        message = "without values, what no deal is worth follows from the issue's no_deal"
        yield Fault((*path, "no_deal"), message, "leave it out, or add values", at_key=True)


def _misvalued(path: Path, values: Mapping[str, Any], issue: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield values of what cannot be agreed, and settlements without one."""
    if scale_bounds(issue) is None:
        return  # told there
    if issue.get("discrete") is not True:
        hint = f"add discrete: true to issues.{path[1]} if only its anchors can be agreed, or give a position"
        yield Fault(path, "values are read on discrete issues, and this one is not", hint, at_key=True)
        return
    anchors = sorted(float(anchor) for anchor in issue["scale"])  # all can be read
    known = ", ".join(map(number_text, anchors))
    first: dict[float, str] = {}
    for key, number in ((key, anchor_number(key)) for key in values):
        if number is not None and number not in anchors:
            message = f"{shortened(key)} is no settlement of the issue"
            yield Fault((*path, key), message, f"its scale has {known}", at_key=True)
        elif number is not None and first.setdefault(number, key) != key:
            message = f"{shortened(key)} is the same number as {shortened(first[number])}"
            yield Fault((*path, key), message, "keep one", at_key=True)
    for text in (number_text(anchor) for anchor in anchors if anchor not in first):
        yield Fault(path, f"no value for {text}", f"add {text}: …")


def stance_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield issues that look one-sided, stances without a source, and red lines that rule out a position."""
    yield from power_warnings(case)
    issues: Mapping[str, Issue] = case.issues
    stances: Mapping[str, Mapping[str, Stance]] = case.stances
    for issue_id, issue in issues.items():
        yield from _one_sided(issue_id, issue, stances.get(issue_id, {}))
    if not case.sources:
        message = "the case has no sources, so no number rests on evidence"
        yield warning((), message, "add 'sources' and 'because'")
    for issue_id, on_issue in stances.items():
        if on_issue and not any(_counts(case, issue_id, actor) for actor in on_issue):
            way = "give one of them an influence and a salience above 0"
            message = "nobody has any weight on the issue, so no settlement can be computed"
            yield warning(("stances", issue_id), message, way)
        for actor, stance in on_issue.items():
            if case.sources and not stance.because and not stance.because_each:
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
    known = all(stance.aims for stance in stances.values())
    positions = {stance.aim.within(issue.low, issue.high).mean for stance in stances.values()}
    quarter = (issue.high - issue.low) / 4
    at_one_end = known and (max(positions) <= issue.low + quarter or min(positions) >= issue.high - quarter)
    if known and len(stances) > 1 and len(positions) == 1:
        yield warning(path, "all actors hold the same position; there is nothing to negotiate")
    elif len(stances) == 1 or at_one_end:
        yield warning(path, "only one side is represented", "who is on the other side of the scale?")
    first, *others = (stance.salience for stance in stances.values())
    if len(stances) > 2 and all(one == first for one in others) and not first.unjudged:
        way = "does nobody care more than others?"
        yield warning(("stances", issue_id), "every salience is the same", way)


def _own_red_line(issue: str, actor: str, stance: Stance) -> Iterator[Fault]:
    if stance.accepts is None or not stance.aims or stance.accepts.unjudged:
        return
    position, lower, upper = stance.aim.mean, stance.accepts.lower, stance.accepts.upper
    if (lower and position < lower.mean) or (upper and position > upper.mean):
        message = f"the red line {stance.accepts} rules out the actor's own position {position:g}"
        yield warning(("stances", issue, actor, "accepts"), message)
