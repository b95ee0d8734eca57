"""What does a package cost the voters of one draw, and what is the least that it must cost them?

The compiled half of ``deal.py``. A voter's shortfall f(x) = l(x) - ρ is convex: negative where it gains. Two
things are needed of it: a plane below it, and the least of a weighted sum over a box. That least is exact, because
it falls apart by issue (a weighted median, or a weighted mean, kept within the box), and proves that no package
does better.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from detente.compiled import inside
from detente.lenses.winset.deal import Array

ON_THE_LINE = 1e-9
"""So far outside a red line a package still counts as on it, as in ``Deal.margins``."""


STANCE = np.dtype([(name, np.float64) for name in ("wants", "cares", "floor", "ceiling")])
"""What a voter wants on an issue, its salience there, and its red lines."""


class Sheet(NamedTuple):
    """One draw of a deal.

    Attributes:
        stance: (V, d), records of ``STANCE``.
        radius: (V,).
        levels: (d, L): values that can be agreed, NaN after the last; all NaN where any can be.
        quadratic: the form of the loss.
    """

    stance: Any
    radius: Array
    levels: Array
    quadratic: bool


@inside
def shortfall(sheet: Sheet, v: int, x: Array) -> float:
    """Return by how much a package costs a voter more than no deal; red lines do not count."""
    total = -sheet.radius[v]
    for i in range(sheet.levels.shape[0]):
        stance = sheet.stance[v, i]
        apart = abs(x[i] - stance.wants)
        total += stance.cares * (apart * apart if sheet.quadratic else apart)
    return float(total)


@inside
def allows(sheet: Sheet, v: int, x: Array) -> bool:
    """Return whether a package is within a voter's red lines."""
    for i in range(x.size):
        stance = sheet.stance[v, i]
        if x[i] < stance.floor - ON_THE_LINE or x[i] > stance.ceiling + ON_THE_LINE:
            return False
    return True


@inside
def plane_below(sheet: Sheet, v: int, x: Array, slope: Array) -> float:
    """Fill in the slope of a plane below a voter's shortfall that touches it at x; return its value at 0."""
    offset = -sheet.radius[v]
    for i in range(x.size):
        s, p = sheet.stance[v, i].cares, sheet.stance[v, i].wants
        if sheet.quadratic:
            slope[i] = 2 * s * (x[i] - p)
            offset += s * (p * p - x[i] * x[i])
        else:
            slope[i] = s if x[i] >= p else -s
            offset -= slope[i] * p
    return float(offset)


@inside
def least_weighted(sheet: Sheet, voter: Any, count: int, issue: Any) -> float:
    """Return the least of linear·x + Σ weight·shortfall over a box, and fill in ``turn``, where it is reached.

    Args:
        sheet: the draw.
        voter: records of voters; the first ``count`` have the numbers of those with a weight listed.
        count: see ``voter``.
        issue: records of issues: the linear part, and the box.
    """
    total = 0.0
    for k in range(count):
        v = voter[k].listed
        total -= voter[v].weight * sheet.radius[v]
    for i in range(issue.size):
        at = issue[i]
        if sheet.quadratic:
            x = _lowest_of_parabolas(sheet, voter, count, at.linear, i)
        else:
            x = _lowest_of_kinks(sheet, voter, count, at.linear, i)
        x = min(max(x, at.low), at.high)
        at.turn = x
        total += at.linear * x
        for k in range(count):
            v = voter[k].listed
            apart = abs(x - sheet.stance[v, i].wants)
            total += (
                voter[v].weight * sheet.stance[v, i].cares * (apart * apart if sheet.quadratic else apart)
            )
    return float(total)


@inside
def _lowest_of_parabolas(sheet: Sheet, voter: Any, count: int, slope: float, i: int) -> float:
    above, below = -0.5 * slope, 0.0
    for k in range(count):
        v = voter[k].listed
        share = voter[v].weight * sheet.stance[v, i].cares
        above += share * sheet.stance[v, i].wants
        below += share
    if below > 1e-300:
        return float(above / below)
    return -np.inf if slope > 0 else np.inf


@inside
def _lowest_of_kinks(sheet: Sheet, voter: Any, count: int, slope: float, i: int) -> float:
    whole = 0.0
    for k in range(count):
        v = voter[k].listed
        whole += voter[v].weight * sheet.stance[v, i].cares
    if slope >= whole:
        return -np.inf
    best = np.inf
    for k in range(count):  # the first kink from which the sum does not fall further
        stance = sheet.stance[voter[k].listed, i]
        if stance.wants >= best or stance.cares == 0.0:
            continue
        rise = slope - whole
        for m in range(count):
            u = voter[m].listed
            if sheet.stance[u, i].wants <= stance.wants:
                rise += 2 * voter[u].weight * sheet.stance[u, i].cares
        if rise >= -1e-15 * whole:
            best = stance.wants
    return best
