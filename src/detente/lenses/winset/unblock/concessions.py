"""What are the cheapest concessions that make a deal, and which single concession suffices most often?

At mean inputs the cheapest set, with the proof that nothing cheaper does. Over a sample of the draws without a
deal: which single demand would be enough to give way on, and how far it would have to go.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.lenses.summary import Array
from detente.lenses.winset import answers as told
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import DEAL, UNKNOWN, verdicts
from detente.lenses.winset.limits import CONCESSIONS
from detente.lenses.winset.unblock.cheapest_change import Prices, cheapest_change, priced
from detente.lenses.winset.unblock.demands import Demand, Mask, demands, kept_only, named, softened
from detente.lenses.winset.unblock.proofs import cheapest

FINEST = 1e-6
"""To within what the least amount of a single concession is found."""


def opening(
    middle: Deal,
    deal: Deal,
    failed: Mask,
    costs: Array,
    *,
    examined: int = CONCESSIONS,
    exact: bool = False,
) -> told.Opening:
    """Return which concessions open the zone.

    Args:
        middle: at mean inputs (D = 1).
        deal: D draws.
        failed: (D,): in which there is no deal.
        costs: (V, d): of moving a voter over the whole scale of an issue. Where they are the saliences at mean
            inputs, in each draw its own are meant.
        examined: of how many failed draws.
        exact: whether nothing carries doubt, so that shares have no interval.
    """
    found = cheapest_change(middle, priced(middle, costs))
    sample = deal.rows(np.flatnonzero(failed)[:examined])
    stated = bool((costs != middle.salience[0]).any())
    prices = [priced(sample, costs if stated else own) for own in sample.salience]
    return told.Opening(
        status=found.status,
        total=found.total if np.isfinite(found.total) else None,
        bound=max(found.bound, 0.0) if np.isfinite(found.bound) else None,
        proof=None if found.multipliers is None else cheapest(middle, found.multipliers),
        steps=tuple(
            told.Concession(
                **named(middle, step.demand), by=step.by * middle.width(step.demand.issue), cost=step.cost
            )
            for step in found.steps
        ),
        package={} if found.package is None else middle.terms(found.package),
        examined=sample.draws,
        suffices=_sufficing(sample, prices, exact),
    )


def _sufficing(sample: Deal, prices: Sequence[Prices], exact: bool) -> tuple[told.Sufficing, ...]:
    """Return how often each demand is enough by itself: asked without it, then how far it has to go.

    The most frequent first, of those the cheapest; each actor's alike ones once. A row per demand and draw.
    """
    listed, draws = demands(sample), sample.draws
    every = sample.rows(np.tile(np.arange(draws), len(listed)))
    whose = np.repeat(np.arange(len(listed)), draws)
    status = verdicts(kept_only(every, listed, whose[:, None] != np.arange(len(listed)))).status
    rows = np.flatnonzero(status == DEAL)
    by, lost = _least(every.rows(rows), [listed[k] for k in whose[rows]])
    status[rows[lost]] = UNKNOWN
    far = np.full(len(whose), np.nan)
    far[rows] = by
    found: list[tuple[float, float, told.Sufficing]] = []
    for demand, own, distance in zip(
        listed, status.reshape(len(listed), draws), far.reshape(len(listed), draws), strict=True
    ):
        enough = np.flatnonzero(own == DEAL)
        if enough.size:
            cost = np.mean([distance[k] * prices[k][demand] for k in enough.tolist()])
            share = enough.size / int((own != UNKNOWN).sum())
            low, high = told.interval(share, draws, exact=exact)
            mean = float(distance[enough].mean()) * sample.width(demand.issue)
            one = told.Sufficing(**named(sample, demand), share=share, by=mean, low95=low, high95=high)
            found.append((-share, float(cost), one))
    first: dict[str, told.Sufficing] = {}
    for *_, one in sorted(found, key=lambda own: own[:2]):
        first.setdefault(str(one), one)
    return tuple(first.values())


def _least(deal: Deal, chosen: Sequence[Demand]) -> tuple[Array, Mask]:
    """Return how far each draw's demand, enough by itself, must give way; and where a solver failed, (D,) each.

    By halving, in all draws at once: asking for less never undoes a deal.
    """
    shut, lost = np.zeros(deal.draws), np.zeros(deal.draws, dtype=np.bool_)
    voters = [demand.voter for demand in chosen]
    asked = np.maximum(-deal.radius[np.arange(deal.draws), voters], 0.0) + FINEST if chosen else shut
    # No package loses anybody more than 1.
    opened = 1.0 + np.where([demand.issue is None for demand in chosen], asked, 0.0)
    while deal.draws and (opened - shut).max() > FINEST:
        middle = (shut + opened) / 2
        status = verdicts(softened(deal, chosen, middle)).status
        lost |= status == UNKNOWN
        opened, shut = np.where(status == DEAL, middle, opened), np.where(status == DEAL, shut, middle)
    return opened, lost
