"""Which numbers does a case hold, and where? Every quantity by its path, cut to the bounds of its scale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from detente.case.consent import Payments
from detente.case.game import Game
from detente.case.model import CaseModel, Issue
from detente.quantity import Quantity

SALIENCE_BOUNDS = (0.0, 1.0)
WEIGHT_BOUNDS = (0.0, math.inf)
NO_BOUNDS = (-math.inf, math.inf)

Bounds = tuple[float, float]


def bounded(case: CaseModel) -> dict[str, Quantity]:
    """Return every quantity of the case by its dotted path, truncated to its bounds.

    Positions, ``no_deal`` and red lines are bounded by the issue's scale, saliences by 0..1, influences, payments,
    costs of conceding and an issue's ``failure_cost`` by 0 from below; an actor's ``failure_cost`` has no bounds.
    """
    return {path: quantity.within(*bounds) for path, quantity, bounds in stated(case)}


def stated(case: CaseModel) -> Iterator[tuple[str, Quantity, Bounds]]:
    """Yield (path, quantity as stated, bounds) in the order of the file."""
    for actor_id, actor in case.actors.items():
        if actor.influence is not None:
            yield f"actors.{actor_id}.influence", actor.influence, WEIGHT_BOUNDS
        if actor.failure_cost is not None:
            yield f"actors.{actor_id}.failure_cost", actor.failure_cost, NO_BOUNDS
    for issue_id, issue in case.issues.items():
        scale = issue.low, issue.high
        if issue.no_deal is not None:
            yield f"issues.{issue_id}.no_deal", issue.no_deal, scale
        if issue.failure_cost is not None:
            yield f"issues.{issue_id}.failure_cost", issue.failure_cost, WEIGHT_BOUNDS
    for issue_id in case.stances:
        if issue_id in case.issues:
            yield from _of_stances(case, issue_id, case.issues[issue_id])
    if case.payments is not None:
        yield from _of_payments(case.payments)
    if case.game is not None:
        yield from _of_game(case, case.game)


def _of_game(case: CaseModel, game: Game) -> Iterator[tuple[str, Quantity, Bounds]]:
    for actor_id, preference in game.preferences.items():
        path = f"game.preferences.{actor_id}"
        for name, wish in preference.weights.items():
            yield f"{path}.weights.{name}.weight", wish.weight, WEIGHT_BOUNDS
        if preference.strong_gap is not None:
            yield f"{path}.strong_gap", preference.strong_gap, WEIGHT_BOUNDS
    for option_id, option in game.options.items():
        for issue_id, value in option.sets.items():
            if issue_id in case.issues:
                scale = case.issues[issue_id].low, case.issues[issue_id].high
                yield f"game.options.{option_id}.sets.{issue_id}", value, scale


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
        if stance.concession_cost is not None:
            yield f"{path}.concession_cost", stance.concession_cost, WEIGHT_BOUNDS


def _of_payments(payments: Payments) -> Iterator[tuple[str, Quantity, Bounds]]:
    for actor_id, payment in payments.actors.items():
        for name in ("gives", "takes", "worth"):
            quantity = getattr(payment, name)
            if quantity is not None:
                yield f"payments.actors.{actor_id}.{name}", quantity, WEIGHT_BOUNDS
