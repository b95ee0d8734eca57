"""How much worse would no deal have to be, for one voter alone, before there is a deal?

The least change of each voter's radius that opens the zone while everybody else stays as they are, or that there
is none: then somebody else blocks as well. A shadow price says what one more unit of a radius saves of a least
cost; the cost bends there more often than not, so the price is an interval between what holds on either side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from detente.lenses.winset.deal import Deal
from detente.lenses.winset.exact.zone import Acceptance
from detente.lenses.winset.unblock.concessions import Opening, Prices, cheapest
from detente.lenses.winset.unblock.demands import Demand


def least(deal: Deal, demand: Demand, *, acceptance: Acceptance = "strict") -> Opening:
    """Return by how much one demand must give way when no other does; ``impossible`` if that does not suffice."""
    return cheapest(deal, Prices.only(demand, deal), acceptance=acceptance)


def leverage(deal: Deal, voters: Iterable[int], *, acceptance: Acceptance = "strict") -> dict[int, Opening]:
    """Return, per voter, how much worse no deal must be for it alone for the zone to open.

    Args:
        deal: one draw.
        voters: whose; those who mind no deal (an infinite radius) are left out.
        acceptance: as for concessions.

    Returns:
        Voter → the opening: its ``total`` is the change of the radius, ``impossible`` where no change suffices.
    """
    return {
        voter: least(deal, Demand(voter, "no_deal"), acceptance=acceptance)
        for voter in voters
        if np.isfinite(deal.radius[0, voter])
    }


def shadow_price(
    deal: Deal, voter: int, cost: Callable[[Deal], float], step: float = 1e-4
) -> tuple[float, float]:
    """Return what a unit more of a voter's radius saves, from both sides, per unit.

    Args:
        deal: one draw.
        voter: whose radius.
        cost: least cost of a deal, such as the ``total`` of concessions or payments.
        step: of the radius, on either side.

    Returns:
        (saved by more, lost by less); equal where the cost does not bend, and the first never greater where it is
        convex. Infinite or NaN where the cost is.
    """
    here = cost(deal)
    more, less = (cost(_shifted(deal, voter, shift)) for shift in (step, -step))
    return (here - more) / step, (less - here) / step


def _shifted(deal: Deal, voter: int, by: float) -> Deal:
    radius = deal.radius.copy()
    radius[:, voter] += by
    return replace(deal, radius=radius)
