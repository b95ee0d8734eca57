"""Which way to a deal is cheapest most often? Concessions over the draws without a deal.

Two questions, of the same sample of failed draws: which demands give way in the cheapest set of concessions, and
which single demand would be enough by itself, and how far it would have to go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from detente.lenses.winset.deal import Acceptance, Array, Deal
from detente.lenses.winset.engine import UNKNOWN, exists
from detente.lenses.winset.engine import verdicts as fast
from detente.lenses.winset.unblock.blockers import EXAMINED
from detente.lenses.winset.unblock.cheapest_change import Prices, cheapest_change
from detente.lenses.winset.unblock.demands import Decider, Demand, Mask, demands, dropped, softened

EACH = 5.0
FINEST = 1e-6
"""To within what the least amount of a single concession is found."""
Key = TypeVar("Key", Demand, frozenset[Demand])
Seen = dict[Key, list[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, and at what.

    Attributes:
        share: of the draws in which that is known.
        by: mean amount over the draws in which it happens: share of the scale, or loss; NaN for sets.
        cost: mean cost over the same draws.
        unknown: share of the examined draws in which that is not known.
    """

    share: float
    by: float
    cost: float
    unknown: float


@dataclass(frozen=True, eq=False)
class Ways:
    """What it takes over the draws without a deal; the most frequent first.

    Attributes:
        examined: number of failed draws for which the cheapest set was sought.
        unknown: share of them in which a solver failed; they count nowhere else.
        impossible: share of those known in which no allowed concessions suffice.
        cost: mean least cost over the draws known and possible; NaN without any.
        sets: demands that give way together in the cheapest set → how often, at what total.
        steps: demand → how often it is among them.
        alone: demand → how often it is enough by itself, and by how far it then has to go, priced as in the sets;
            ``cost`` is infinite where it is out of the question.
    """

    examined: int
    unknown: float
    impossible: float
    cost: float
    sets: Mapping[frozenset[Demand], Frequency]
    steps: Mapping[Demand, Frequency]
    alone: Mapping[Demand, Frequency]


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
    found = [opening for opening in known if opening.status != "impossible"]
    doubt = (rows.size - len(known)) / max(rows.size, 1)
    sets: Seen[frozenset[Demand]] = defaultdict(list)
    steps: Seen[Demand] = defaultdict(list)
    for opening in found:
        sets[frozenset(step.demand for step in opening.steps)].append((np.nan, opening.total))
        for step in opening.steps:
            steps[step.demand].append((step.by, step.cost))
    return Ways(
        examined=rows.size,
        unknown=doubt,
        impossible=(len(known) - len(found)) / max(len(known), 1),
        cost=float(np.mean([opening.total for opening in found])) if found else np.nan,
        sets=_ranked({key: _frequency(seen, len(known), doubt) for key, seen in sets.items()}),
        steps=_ranked({key: _frequency(seen, len(known), doubt) for key, seen in steps.items()}),
        alone=_ranked(_alone(sample, prices, verdicts, acceptance)),
    )


def _alone(
    sample: Deal, prices: list[Prices], verdicts: Decider, acceptance: Acceptance
) -> dict[Demand, Frequency]:
    """Return how often each demand is enough by itself: asked without it, then how far it has to go."""
    found: dict[Demand, Frequency] = {}
    for demand in demands(sample) if sample.draws else ():
        answers = verdicts(dropped(sample, [demand]), acceptance=acceptance)
        opened, doubt = exists(answers, acceptance), (answers.status == UNKNOWN)
        rows = np.flatnonzero(opened)
        by, lost = _least(sample.rows(rows), demand, verdicts, acceptance)
        doubt[rows[lost]] = True
        seen = [
            (float(b), float(b) * prices[k].price(demand))
            for k, b, no in zip(rows, by, lost, strict=True)
            if not no
        ]
        if seen:
            found[demand] = _frequency(seen, int((~doubt).sum()), float(doubt.mean()))
    return found


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
        enough = exists(answers, acceptance)
        lost |= answers.status == UNKNOWN
        opened, shut = np.where(enough, middle, opened), np.where(enough, shut, middle)
    return opened, lost


def _frequency(seen: list[tuple[float, float]], known: int, doubt: float) -> Frequency:
    by, cost = np.mean(seen, axis=0).tolist()
    return Frequency(len(seen) / known, by, cost, doubt)


def _ranked(found: dict[Key, Frequency]) -> dict[Key, Frequency]:
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].share, pair[1].cost)))
