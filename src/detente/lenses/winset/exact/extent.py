"""How much of each issue can be agreed? The least and the most of every issue over the zone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.exact.fault import fault
from detente.lenses.winset.exact.piece import Goal
from detente.lenses.winset.exact.pieces import Zone, zone_of
from detente.lenses.winset.exact.program import DealProgram
from detente.lenses.winset.exact.sweep import intervals


def extent(deal: Deal, parties: Sequence[int] = ()) -> Array | None:
    """Return the least and the most of each issue over all packages that win consent (weakly).

    Args:
        deal: one draw.
        parties: rows of those who must agree besides, whatever the rule says.

    Returns:
        Shape (d, 2); ``None`` where no package wins consent, or the deal cannot be computed. Between the two some
        values may be out of reach where consent can be won in several ways.
    """
    if fault(deal):
        return None
    if deal.issues == 1 and not parties:
        found = intervals(deal)
        return np.array([[found[0][0], found[-1][1]]]) if found else None
    return extent_of(zone_of(deal, parties))


def extent_of(zone: Zone) -> Array | None:
    """Return the extent of a zone that is known already; as ``extent``."""
    ends = np.empty((zone.deal.issues, 2))
    for i in range(zone.deal.issues):
        for side, sign in enumerate((1.0, -1.0)):
            found = zone.best(_along(i, sign))
            if found is None or found.package is None:
                return None
            ends[i, side] = found.package[i]
    return ends


def _along(i: int, sign: float) -> Goal:
    def goal(model: DealProgram) -> None:
        model.program.cost[int(model.package[i])] = sign

    return goal
