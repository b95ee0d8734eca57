"""Which numbers does a case hold, and where? Every quantity by its path, cut to the bounds of its scale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from detente.case.model import CaseModel, Issue
from detente.quantity import Quantity

SALIENCE_BOUNDS = (0.0, 1.0)
WEIGHT_BOUNDS = (0.0, math.inf)

Bounds = tuple[float, float]


def bounded(case: CaseModel) -> dict[str, Quantity]:
    """Return every quantity of the case by its dotted path, truncated to its bounds.

    Positions, ``no_deal`` and red lines are bounded by the issue's scale, saliences by 0..1, influences and
    ``failure_cost`` by 0 from below.
    """
    return {path: quantity.within(*bounds) for path, quantity, bounds in stated(case)}


def stated(case: CaseModel) -> Iterator[tuple[str, Quantity, Bounds]]:
    """Yield (path, quantity as stated, bounds) in the order of the file."""
    for actor_id, actor in case.actors.items():
        if actor.influence is not None:
            yield f"actors.{actor_id}.influence", actor.influence, WEIGHT_BOUNDS
    for issue_id, issue in case.issues.items():
        scale = issue.low, issue.high
        if issue.no_deal is not None:
            yield f"issues.{issue_id}.no_deal", issue.no_deal, scale
        if issue.failure_cost is not None:
            yield f"issues.{issue_id}.failure_cost", issue.failure_cost, WEIGHT_BOUNDS
    for issue_id in case.stances:
        if issue_id in case.issues:
            yield from _of_stances(case, issue_id, case.issues[issue_id])
    if case.game is not None:
        for actor_id, preference in case.game.preferences.items():
            for name, wish in preference.weights.items():
                yield f"game.preferences.{actor_id}.weights.{name}.weight", wish.weight, WEIGHT_BOUNDS


def _of_stances(case: CaseModel, issue_id: str, issue: Issue) -> Iterator[tuple[str, Quantity, Bounds]]:
    scale = issue.low, issue.high
    for actor_id, stance in case.stances[issue_id].items():
        path = f"stances.{issue_id}.{actor_id}"
        yield f"{path}.position", stance.position, scale
        yield f"{path}.salience", stance.salience, SALIENCE_BOUNDS
        if stance.influence is not None:
            yield f"{path}.influence", stance.influence, WEIGHT_BOUNDS
        if stance.accepts is not None:
            for name, bound in stance.accepts.bounds().items():
                yield f"{path}.accepts.{name}", bound, scale
