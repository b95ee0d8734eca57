"""Which package is a named solution of a single draw, what it leaves over raised in turn, and is it one of many?

Where several are as good, one inside the zone is told, and that it is one of many. City-block losses leave flat
places. The parties' sum of gains falls apart by issue, and on each it is greatest between the weighted medians of
what they want: the packages with the greatest sum are a box, cut by the zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Voter, all_of
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.engine.many_draws import (
    DEAL,
    NEAR,
    Verdicts,
    extents,
    solutions,
    verdicts,
    with_twins,
)

Rows = NDArray[np.intp]
LEVEL = 1e-9
"""Sums of gains whose slope is below this, per width of the scale, are level."""
APART = 1e-3
"""How far apart packages must be on some issue to be told as different, as a share of the scale."""


def solution(deal: Deal, found: Verdicts, parties: Sequence[int], name: str) -> Array | None:
    """Return the package of a named solution of a deal of one draw, shape (d,); ``None`` where there is none.

    Of several egalitarian or Kalai–Smorodinsky packages it is the one with the greatest second least gain, and
    so on (Imai 1983, *Individual monotonicity and lexicographic maxmin solution*): no party is left with less
    than it could have at nobody's cost. Of several with the greatest sum it is the fairest.
    """
    if deal.issues > 1 and name in ("egalitarian", "kalai_smorodinsky") and found.status[0] == DEAL:
        return _raised_in_turn(deal, parties, name)
    packages = solutions(deal, found, parties, [name])[name]
    if name == "utilitarian":
        packages = fairest_of_equal_sums(deal, parties, packages)
    return None if np.isnan(packages).any() else packages[0]


def _raised_in_turn(deal: Deal, parties: Sequence[int], name: str) -> Array | None:
    """Raise the least gain; hold who can gain no more while the others keep theirs; raise the rest on."""
    everyone = list(dict.fromkeys(parties))
    together = replace(deal, rule=all_of(deal.rule, *(Voter(k) for k in everyone)))
    own = [k for k in everyone if deal.radius[0, k] < np.inf]
    scale = dict.fromkeys(own, 1.0)
    if name == "kalai_smorodinsky":
        scale = {k: most(together, {}, {k: 1.0})[1] for k in own}
        own = [k for k in own if scale[k] > TOLERANCE]
    held: dict[int, float] = {}
    package = most(together, {}, {})[0] if not own else None
    while len(held) < len(own):
        free = {k: scale[k] for k in own if k not in held}
        package, level = most(together, held, free)
        if package is None:
            return None
        kept = held | {k: level * scale[k] for k in free}
        gains = together.margins(package[None, None])[0, 0]
        short = [k for k in free if gains[k] / scale[k] - level <= 10 * NEAR]  # others have room, as seen
        room = {k: most(together, kept, {k: scale[k]})[1] - level for k in short}
        # Some party of a convex zone has no room; of other zones the one with the least is held.
        stuck = [k for k in short if room[k] <= 10 * NEAR]
        if not stuck:
            room |= {k: most(together, kept, {k: scale[k]})[1] - level for k in free if k not in room}
            stuck = [min(free, key=room.__getitem__)]
        held |= {k: kept[k] for k in stuck}
    return package


def most(deal: Deal, held: dict[int, float], free: dict[int, float]) -> tuple[Array | None, float]:
    """Return the package with the greatest least gain of some parties while others keep theirs, and that gain.

    Args:
        deal: one draw.
        held: voter → what it gains at least.
        free: voter → unit in which its gain is measured.

    Returns:
        The package, shape (d,), and the least gain in those units; ``None`` and ``-inf`` where there is none.
    """
    rows = [*held, *free]
    kept = np.array([*held.values(), *(0.0 for _ in free)])
    both, twins = with_twins(deal, rows, 1.0 / np.array([*(1.0 for _ in held), *free.values()]), kept)
    both = replace(both, rule=all_of(deal.rule, *(Voter(k) for k in twins[: len(held)])))
    found = verdicts(both, acceptance="weak")
    if found.status[0] != DEAL:
        return None, -np.inf
    chosen = twins[len(held) :]
    package = solutions(both, found, chosen, ["egalitarian"])["egalitarian"]
    if np.isnan(package).any():
        return None, -np.inf
    gains = both.radius - both.losses(package[:, None])[:, 0]
    return package[0], float(gains[0, chosen].min(initial=np.inf))


# --- where several are as good ----------------------------------------------------------------------


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
