"""What stands in the way of each deal in a scenario, and what single change would help most there?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.case import Case
from detente.lenses.winset.agreeing import gained, placed
from detente.lenses.winset.agreements import CLEAR
from detente.lenses.winset.answers import Chance, Obstacle
from detente.lenses.winset.blocking import found_blockers, found_levers
from detente.lenses.winset.engine import UNKNOWN, has_deal, verdicts
from detente.lenses.winset.limits import ELSEWHERE, OBSTACLES, few
from detente.lenses.winset.phrases import best
from detente.lenses.winset.signing import signed
from detente.lenses.winset.solve import named
from detente.lenses.winset.view import WinsetView


def obstacles(
    case: Case, *, draws: int, seed: int, chances: Mapping[str, Chance] | None = None
) -> dict[str, Obstacle]:
    """Return deal → what stands in its way where there is seldom one, what would change that, and its terms.

    Args:
        case: a scenario of a case.
        draws: of which the first are examined.
        seed: of the draws.
        chances: deal → how likely it is; where that is not known all are asked what stands in the way.

    Raises:
        MissingPartError: the case lacks consent rules, stances or no-deal points.
    """
    view = WinsetView(case)
    values = view.table.sample(seed, 0, 1 if view.table.is_exact else min(draws, few(OBSTACLES, view.weight)))
    found = {}
    for terms in view.deals:
        deal = view.deal(terms, values)
        decided = verdicts(deal, acceptance=view.options.acceptance)
        leading = named(deal, decided, [view.options.solution]).get(view.options.solution)
        done = signed(deal, leading, view.options.acceptance)
        failed = ~has_deal(decided.status, view.options.acceptance) & (decided.status != UNKNOWN)
        told: dict[str, Any] = {"conflict": None, "levers": ()}
        if chances is None or chances[terms.id].probability <= CLEAR:
            told["levers"] = best(found_levers(view, terms, deal, decided.status))
            if failed.any():
                blocked = found_blockers(view, terms, deal, failed, few(ELSEWHERE, view.weight))
                told["conflict"] = next(iter(blocked.conflicts), None)
        found[terms.id] = Obstacle(**told, terms=placed(view, terms, done), gains=gained(view, terms, done))
    return found
