"""Where several packages are as good, which one is told? One inside the zone, and that it is one of many.

City-block losses leave flat places. The parties' sum of gains falls apart by issue, and on each it is greatest
between the weighted medians of what they want: the packages with the greatest sum are a box, cut by the zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Voter, all_of
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.engine.many_draws import extents, solutions, verdicts, with_twins

Rows = NDArray[np.intp]
LEVEL = 1e-9
"""Sums of gains whose slope is below this, per width of the scale, are level."""
APART = 1e-3
"""How far apart packages must be on some issue to be told as different, as a share of the scale."""


def level_box(deal: Deal, parties: Sequence[int]) -> tuple[Array, Array]:
    """Return between which values of each issue the parties' sum of city-block gains is greatest, (D, d) each."""
    wants, cares = deal.ideal[:, parties], deal.salience[:, parties]
    order = np.argsort(wants, axis=1, kind="stable")
    wants, weight = (np.take_along_axis(table, order, axis=1) for table in (wants, cares))
    below, half = np.cumsum(weight, axis=1), weight.sum(axis=1) / 2
    enough, more = below >= half[:, None] - LEVEL, below > half[:, None] + LEVEL
    low, high = (np.where(reached, wants, 1.0).min(axis=1) for reached in (enough, more))
    cared = half > LEVEL
    return np.where(cared, np.clip(low, 0, 1), 0.0), np.where(cared, np.clip(high, 0, 1), 1.0)


def _as_good(deal: Deal, parties: Sequence[int], packages: Array) -> tuple[Rows, Deal | None]:
    """Return in which draws packages with the greatest sum may be one of several, and the deal on those alone."""
    nowhere: Rows = np.empty(0, dtype=np.intp)
    if deal.tables or deal.loss != "city_block" or not parties:
        return nowhere, None
    low, high = level_box(deal, list(parties))
    within = (packages >= low - LEVEL) & (packages <= high + LEVEL)
    rows = np.flatnonzero(within.all(axis=1) & (high - low > APART).any(axis=1))
    if not rows.size:
        return nowhere, None
    # A further voter, without a stance, whose red lines are the box, keeps to the packages with that sum.
    bounded, (keeper,) = with_twins(deal.rows(rows), list(parties)[:1])
    bounded.salience[:, keeper], bounded.radius[:, keeper] = 0.0, np.inf
    bounded.floor[:, keeper], bounded.ceiling[:, keeper] = low[rows], high[rows]
    return rows, replace(bounded, rule=all_of(deal.rule, Voter(keeper)))


def fairest_of_equal_sums(deal: Deal, parties: Sequence[int], packages: Array) -> Array:
    """Return packages with the same sum of gains and, of those, the greatest least gain, (D, d).

    Args:
        deal: D draws.
        parties: rows of those whose gains count.
        packages: (D, d), with the greatest sum of gains; NaN where there is none.
    """
    rows, bounded = _as_good(deal, parties, packages)
    if bounded is None:
        return packages
    fair = solutions(bounded, verdicts(bounded), parties, ["egalitarian"])["egalitarian"]
    known = ~np.isnan(fair).any(axis=1)
    found = packages.copy()
    found[rows[known]] = fair[known]
    return found


def one_of_many(deal: Deal, parties: Sequence[int], package: Array, name: str) -> bool:
    """Whether some issue can be settled otherwise and the package is as good: the same gains, or sum of gains.

    Args:
        deal: one draw.
        parties: rows of those whose gains count.
        package: of a named solution, (d,).
        name: of the solution; for the utilitarian the same sum is enough.
    """
    own = [k for k in parties if np.isfinite(deal.radius[0, k])]
    equal = _as_good(deal, own, package[None])[1] if name == "utilitarian" else None
    if equal is None:
        gains = deal.margins(package[None, None])[0, 0, own]
        asked, twins = with_twins(deal, own, 1.0, gains - TOLERANCE)
        equal = replace(asked, rule=all_of(deal.rule, *(Voter(k) for k in twins)))
    equal = replace(equal, rule=all_of(equal.rule, *(Voter(k) for k in dict.fromkeys(parties))))
    ends = extents(equal, verdicts(equal, acceptance="weak"))[0]
    return bool((ends[:, 1] - ends[:, 0] > APART).any())
