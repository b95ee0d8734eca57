"""What does a package cost the voters of one draw, and what is the least that it must cost them?

The compiled half of ``deal.py``. A voter's shortfall f(x) = l(x) - ρ is convex: negative where it gains. Two
things are needed of it: a plane below it, and the least of a weighted sum over a box. That least is exact, because
it falls apart by issue (a weighted median, or a weighted mean, kept within the box), and proves that no package
does better.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.compiled import inside

ON_THE_LINE = 1e-9
"""So far outside a red line a package still counts as on it, as in ``Deal.margins``."""


# Lines of ``Sheet.stance``.
WANTS, CARES, FLOOR, CEILING = 0, 1, 2, 3


class Sheet(NamedTuple):
    """One draw of a deal.

    Attributes:
        stance: (V, 4, d): per voter its ideal, salience, floor and ceiling.
        radius: (V,).
        levels: (d, L): values that can be agreed, NaN after the last; all NaN where any can be.
        quadratic: the form of the loss.
    """

    stance: Array
    radius: Array
    levels: Array
    quadratic: bool


@inside
def shortfall(sheet: Sheet, v: int, x: Array) -> float:
    """Return by how much a package costs a voter more than no deal; red lines do not count."""
    total = -sheet.radius[v]
    for i in range(sheet.levels.shape[0]):
        apart = abs(x[i] - sheet.stance[v, WANTS, i])
        total += sheet.stance[v, CARES, i] * (apart * apart if sheet.quadratic else apart)
    return float(total)


@inside
def allows(sheet: Sheet, v: int, x: Array) -> bool:
    """Return whether a package is within a voter's red lines."""
    for i in range(x.size):
        if x[i] < sheet.stance[v, FLOOR, i] - ON_THE_LINE or x[i] > sheet.stance[v, CEILING, i] + ON_THE_LINE:
            return False
    return True


@inside
def plane_below(sheet: Sheet, v: int, x: Array, slope: Array) -> float:
    """Fill in the slope of a plane below a voter's shortfall that touches it at x; return its value at 0."""
    offset = -sheet.radius[v]
    for i in range(x.size):
        s, p = sheet.stance[v, CARES, i], sheet.stance[v, WANTS, i]
        if sheet.quadratic:
            slope[i] = 2 * s * (x[i] - p)
            offset += s * (p * p - x[i] * x[i])
        else:
            slope[i] = s if x[i] >= p else -s
            offset -= slope[i] * p
    return float(offset)


@inside
def least_sum(
    sheet: Sheet, voter: Array, weight: Array, slope: Array, low: Array, high: Array, x: Array
) -> float:
    """Return the least of slope·x + Σ weight·shortfall over a box, and fill in an x where it is reached.

    Args:
        sheet: the draw.
        voter: numbers of those with a weight.
        weight: > 0, one per entry of ``voter``.
        slope: of the linear part, per issue.
        low: of the box.
        high: of the box.
        x: filled in.
    """
    total = 0.0
    for w in range(voter.size):
        total -= weight[w] * sheet.radius[int(voter[w])]
    for i in range(x.size):
        if sheet.quadratic:
            x[i] = _lowest_of_parabolas(sheet, voter, weight, slope[i], i)
        else:
            x[i] = _lowest_of_kinks(sheet, voter, weight, slope[i], i)
        x[i] = min(max(x[i], low[i]), high[i])
        total += slope[i] * x[i]
        for w in range(voter.size):
            apart = abs(x[i] - sheet.stance[int(voter[w]), WANTS, i])
            cost = weight[w] * sheet.stance[int(voter[w]), CARES, i]
            total += cost * (apart * apart if sheet.quadratic else apart)
    return total


@inside
def _lowest_of_parabolas(sheet: Sheet, voter: Array, weight: Array, slope: float, i: int) -> float:
    above, below = -0.5 * slope, 0.0
    for w in range(voter.size):
        share = weight[w] * sheet.stance[int(voter[w]), CARES, i]
        above += share * sheet.stance[int(voter[w]), WANTS, i]
        below += share
    if below > 1e-300:
        return above / below
    return -np.inf if slope > 0 else np.inf


@inside
def _lowest_of_kinks(sheet: Sheet, voter: Array, weight: Array, slope: float, i: int) -> float:
    whole = 0.0
    for w in range(voter.size):
        whole += weight[w] * sheet.stance[int(voter[w]), CARES, i]
    if slope >= whole:
        return -np.inf
    best = np.inf
    for w in range(voter.size):  # the first kink from which the sum does not fall further
        kink = sheet.stance[int(voter[w]), WANTS, i]
        if kink >= best or sheet.stance[int(voter[w]), CARES, i] == 0.0:
            continue
        rise = slope - whole
        for u in range(voter.size):
            if sheet.stance[int(voter[u]), WANTS, i] <= kink:
                rise += 2 * weight[u] * sheet.stance[int(voter[u]), CARES, i]
        if rise >= -1e-15 * whole:
            best = kink
    return best
