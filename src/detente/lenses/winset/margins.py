"""How far inside or outside agreement is a deal? A number that moves where "is there a deal" stays 0 or 1.

The margin is the most that every demand can be tightened at once, by the same amount t, with some package left
that enough accept: l(x) ≤ ρ - t, and t inside every stated red line (the ends of the scale are no red lines).
Losses and scales are both shares of a whole, so t is one; below 0 it is how far all would have to give way. Found
by halving: to ask for less never undoes a deal.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.lenses.summary import Array
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import DEAL, NONE, TOUCHING, Statuses, verdicts

MOST = 1.0
"""No margin is told as larger, on either side."""
HALVINGS = 14
"""To 1/2^15 of the scale."""


def flat(there: NDArray[np.bool_]) -> bool:
    """Whether there is a deal in all rows, or in none."""
    return bool(there.all() or not there.any())


def tightened(deal: Deal, by: Array) -> Deal:
    """Return the deal with all demands tightened by a share of the scale, (D,); softened where that is below 0."""
    more = by[:, None, None]
    return replace(
        deal,
        radius=deal.radius - by[:, None],
        floor=np.where(deal.floor > 0, deal.floor + more, deal.floor),
        ceiling=np.where(deal.ceiling < 1, deal.ceiling - more, deal.ceiling),
    )


def margins(deal: Deal, status: Statuses) -> Array:
    """Return the margin of a deal in every draw, (D,): its sign is the answer, 0 where the deal only touches.

    Args:
        deal: D draws.
        status: (D,), their verdicts; what no solver decided has the margin 0.
    """
    low, high = np.zeros(deal.draws), np.zeros(deal.draws)
    high[status == DEAL] = MOST
    low[status == NONE] = -MOST
    rows = np.flatnonzero(low < high)
    sought = deal.rows(rows)
    for _ in range(HALVINGS if rows.size else 0):
        middle = (low[rows] + high[rows]) / 2
        there = verdicts(tightened(sought, middle), acceptance="weak").status == DEAL
        low[rows], high[rows] = np.where(there, middle, low[rows]), np.where(there, high[rows], middle)
    return np.where(status == TOUCHING, 0.0, (low + high) / 2)
