"""What stands in the way of each deal in a scenario, and what single change would help most there?"""

from __future__ import annotations

from detente.case import Case
from detente.lenses.winset.agreeing import gained, placed
from detente.lenses.winset.answers import Obstacle
from detente.lenses.winset.blocking import found_blockers, found_levers
from detente.lenses.winset.engine import UNKNOWN, exists, verdicts
from detente.lenses.winset.limits import ELSEWHERE, OBSTACLES, few
from detente.lenses.winset.phrases import best
from detente.lenses.winset.signing import signed
from detente.lenses.winset.solve import named
from detente.lenses.winset.view import WinsetView


def obstacles(case: Case, *, draws: int, seed: int) -> dict[str, Obstacle]:
    """Return deal → what stands in its way, and what would change that.

    Args:
        case: a scenario of a case.
        draws: of which the first are examined.
        seed: of the draws.

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
        failed = ~exists(decided, view.options.acceptance) & (decided.status != UNKNOWN)
        blocked = (
            found_blockers(view, terms, deal, failed, few(ELSEWHERE, view.weight)) if failed.any() else None
        )
        found[terms.id] = Obstacle(
            conflict=next(iter(blocked.conflicts), None) if blocked is not None else None,
            levers=best(found_levers(view, terms, deal, decided.status)),
            terms=placed(view, terms, done),
            gains=gained(view, terms, done),
        )
    return found
