"""What would each actor accept on an issue taken alone? Intervals on its own scale, all inputs at their means."""

from __future__ import annotations

import numpy as np

from detente.case.thresholds import vetoers, voters
from detente.lenses.winset.answers import Band
from detente.lenses.winset.deal import TOLERANCE, Deal
from detente.lenses.winset.view import Terms, WinsetView


def bands(view: WinsetView, terms: Terms, deal: Deal) -> dict[str, Band]:
    """Return actor → what it accepts, for every actor with a say in one issue alone and a view on it.

    Args:
        view: the case as the lens reads it.
        terms: the issue alone.
        deal: its arrays, all inputs at their means (D = 1).
    """
    issue = terms.issues[0]
    needed = vetoers(terms.rule, deal.voters)
    found: dict[str, Band] = {}
    for voter in sorted(voters(terms.rule)):
        actor = view.voters[voter].actor
        floor, ceiling = float(deal.floor[0, voter, 0]), float(deal.ceiling[0, voter, 0])
        heard = bool(np.isfinite(deal.radius[0, voter]))
        if actor in found or not (heard or floor > 0 or ceiling < 1):
            continue
        low, high = _accepted(deal, voter)
        low, high = max(low, floor), min(high, ceiling)
        some = low <= high
        found[actor] = Band(
            low=view.on_scale(issue, low) if some else None,
            high=view.on_scale(issue, high) if some else None,
            ideal=view.on_scale(issue, float(deal.ideal[0, voter, 0])) if heard else None,
            floor=view.on_scale(issue, floor) if floor > 0 else None,
            ceiling=view.on_scale(issue, ceiling) if ceiling < 1 else None,
            required=bool(needed[voter]),
        )
    return found


def _accepted(deal: Deal, voter: int) -> tuple[float, float]:
    """Return the interval around what a voter wants whose loss is at most that of no deal, cut to the scale."""
    radius, salience = float(deal.radius[0, voter]), float(deal.salience[0, voter, 0])
    if not np.isfinite(radius) or salience == 0:
        return 0.0, 1.0
    if radius < 0:
        return 1.0, 0.0
    apart = radius / salience
    if deal.tables and deal.levels[0] is not None:  # the least and the greatest settlement that it accepts
        enough = deal.apart(deal.levels[0][None, :, None])[0, :, voter, 0] <= apart + TOLERANCE
        some = deal.levels[0][enough]
        return (float(some.min()), float(some.max())) if some.size else (1.0, 0.0)
    if deal.loss == "quadratic":
        apart = float(np.sqrt(apart))
    ideal = float(deal.ideal[0, voter, 0])
    return max(ideal - apart, 0.0), min(ideal + apart, 1.0)
