"""Which way to a deal is cheapest most often? Concessions over the draws without a deal.

Two questions, of the same sample of failed draws: which demands give way in the cheapest set of concessions, and
which single demand would be enough by itself, and how far it would have to go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.lenses.winset.deal import Acceptance, Array, Deal
from detente.lenses.winset.engine import UNKNOWN, has_deal
from detente.lenses.winset.engine import verdicts as fast
from detente.lenses.winset.unblock.blockers import EXAMINED
from detente.lenses.winset.unblock.cheapest_change import Prices, cheapest_change
from detente.lenses.winset.unblock.demands import Decider, Demand, Mask, demands, dropped, softened

EACH = 5.0
FINEST = 1e-6
"""To within what the least amount of a single concession is found."""


@dataclass(frozen=True, eq=False)
class Ways:
    """What it takes over the draws without a deal; the most frequent first. Shares are of the draws known.

    Attributes:
        examined: number of failed draws for which the cheapest set was sought.
        cost: mean least cost over the draws known and possible; NaN without any.
        sets: demands that give way together in the cheapest set → share.
        alone: demand that is enough by itself → (share, how far it then has to go on average: share of the scale,
            or loss).
    """

    examined: int
    cost: float
    sets: Mapping[frozenset[Demand], float]
    alone: Mapping[Demand, tuple[float, float]]


def ways(
    deal: Deal,
    failed: Mask,
    *,
    verdicts: Decider = fast,
    costs: Array | None = None,
    acceptance: Acceptance = "strict",
    examined: int = EXAMINED,
    seconds: float = EACH,
) -> Ways:
    """Return which concessions open the zone.

    Args:
        deal: D draws.
        failed: (D,): in which there is no deal.
        verdicts: who tells whether a package exists.
        costs: (D, V, d): of moving a voter over the whole scale of an issue; saliences when ``None``.
        acceptance: as the verdicts are meant.
        examined: of how many failed draws.
        seconds: time for the solver, per draw.
    """
    rows = np.flatnonzero(failed)[:examined]
    sample = deal.rows(rows)
    prices = [Prices.of((sample.salience if costs is None else costs[rows])[k]) for k in range(rows.size)]
    openings = [
        cheapest_change(sample.draw(k), price, acceptance=acceptance, seconds=seconds)
        for k, price in enumerate(prices)
    ]
    known = [opening for opening in openings if opening.status != "unknown"]
    totals: dict[frozenset[Demand], list[float]] = defaultdict(list)
    for opening in known:
        if opening.status != "impossible":
            totals[frozenset(step.demand for step in opening.steps)].append(opening.total)
    # Of equally frequent ones, the cheapest first.
    ranked = sorted(totals.items(), key=lambda own: (-len(own[1]), float(np.mean(own[1]))))
    every = [total for own in totals.values() for total in own]
    return Ways(
        examined=rows.size,
        cost=float(np.mean(every)) if every else np.nan,
        sets={demands: len(own) / len(known) for demands, own in ranked},
        alone=_alone(sample, prices, verdicts, acceptance),
    )


def _alone(
    sample: Deal, prices: list[Prices], verdicts: Decider, acceptance: Acceptance
) -> dict[Demand, tuple[float, float]]:
    """Return how often each demand is enough by itself: asked without it, then how far it has to go."""
    found: dict[Demand, tuple[float, float, float]] = {}
    for demand in demands(sample) if sample.draws else ():
        answers = verdicts(dropped(sample, [demand]), acceptance=acceptance)
        opened, doubt = has_deal(answers.status, acceptance), (answers.status == UNKNOWN)
        rows = np.flatnonzero(opened)
        by, lost = _least(sample.rows(rows), demand, verdicts, acceptance)
        doubt[rows[lost]] = True
        rows, by = rows[~lost], by[~lost]
        if rows.size:
            cost = np.mean([far * prices[k].price(demand) for k, far in zip(rows, by, strict=True)])
            found[demand] = (rows.size / int((~doubt).sum()), float(by.mean()), float(cost))
    ranked = sorted(found.items(), key=lambda own: (-own[1][0], own[1][2]))
    return {demand: (share, far) for demand, (share, far, _) in ranked}


def _least(deal: Deal, demand: Demand, verdicts: Decider, acceptance: Acceptance) -> tuple[Array, Mask]:
    """Return how far a demand that is enough by itself has to give way, and where a solver failed, (D,) each.

    By halving, in all draws at once: asking for less never undoes a deal.
    """
    shut, lost = np.zeros(deal.draws), np.zeros(deal.draws, dtype=np.bool_)
    opened = np.ones(deal.draws)
    if demand.issue is None:  # no package loses anybody more than 1
        opened += np.maximum(-deal.radius[:, demand.voter], 0.0) + FINEST
    while deal.draws and (opened - shut).max() > FINEST:
        middle = (shut + opened) / 2
        answers = verdicts(softened(deal, demand, middle), acceptance=acceptance)
        enough = has_deal(answers.status, acceptance)
        lost |= answers.status == UNKNOWN
        opened, shut = np.where(enough, middle, opened), np.where(enough, shut, middle)
    return opened, lost
