"""What does a deal look like with every input at its mean? Exact answers for one draw, on the scales of issues."""

from __future__ import annotations

import numpy as np

from detente.case.thresholds import vetoers
from detente.lenses.summary import Array
from detente.lenses.winset.answers import Band, Centre, Extent, Package, SidePayment
from detente.lenses.winset.deal import TOLERANCE, Deal
from detente.lenses.winset.engine import (
    DEAL,
    NAMES,
    NONE,
    STATUSES,
    TOUCHING,
    Verdicts,
    one_of_many,
    solution,
    verdicts,
)
from detente.lenses.winset.engine import extents as ends_of
from detente.lenses.winset.frontier import frontier
from detente.lenses.winset.solve import parties
from detente.lenses.winset.unblock.cheapest_change import Money, cheapest_change, leverage
from detente.lenses.winset.unblock.proofs import refused

MOST_CORNERS = 12


def package(deal: Deal, at: Array) -> Package:
    """Return a package, shape (d,) in shares of the scales, as it is told."""
    margins = deal.margins(at[None, None])[0, 0]
    least = -TOLERANCE if deal.acceptance == "weak" else TOLERANCE
    gains = {actor: float(margins[rows[0]]) for actor, rows in deal.groups().items()}
    return Package(
        terms=deal.terms(at),
        gains={a: gain if np.isfinite(gain) else None if gain < 0 else 0.0 for a, gain in gains.items()},
        agreed=tuple(actor for actor, gain in gains.items() if gain >= least),
    )


def centre(deal: Deal, found: Verdicts) -> Centre:
    """Return status, best package and named solutions.

    Args:
        deal: at mean inputs (D = 1).
        found: its verdict, with the greatest margin.
    """
    who = parties(deal)
    solved: dict[str, Package] = {}
    for name in NAMES if found.status[0] == DEAL and who else ():
        at = solution(deal, found, who, name)
        if at is not None:
            many = {"one_of_many": one_of_many(deal, who, at, name)}
            solved[name] = package(deal, at).model_copy(update=many)
    best = found.package[0]
    return Centre(
        status=STATUSES[found.status[0]],
        margin=float(found.margin[0]) if np.isfinite(found.margin[0]) else None,
        best=None if np.isnan(best).any() else package(deal, best),
        solutions=solved,
        proof=refused(deal) if found.status[0] == NONE else None,
    )


def extents(deal: Deal, shares: Array, found: Verdicts) -> dict[str, Extent]:
    """Return how much of each issue can be agreed.

    Args:
        deal: at mean inputs (D = 1).
        shares: (D, d): share of each scale that can be agreed, per draw.
        found: verdict on the deal at mean inputs.
    """
    some = found.status[0] in (DEAL, TOUCHING)
    ends = ends_of(deal, verdicts(deal, acceptance="weak"))[0] if some else None
    return {
        deal.issue(i): Extent(
            low=None if ends is None else deal.on_scale(i, ends[i, 0]),
            high=None if ends is None else deal.on_scale(i, ends[i, 1]),
            share=float(np.clip(shares[:, i].mean(), 0.0, 1.0)),
        )
        for i in range(deal.issues)
    }


def side_payment(deal: Deal, money: Money, unit: str | None) -> SidePayment:
    """Return the cheapest side payment."""
    found = cheapest_change(deal, {}, money)
    moved: dict[str, float] = {}
    for v, amount in enumerate([] if found.transfers is None else found.transfers.tolist()):
        moved[deal.actor(v)] = moved.get(deal.actor(v), 0.0) + amount
    return SidePayment(
        status=found.status,
        unit=unit,
        total=found.total if np.isfinite(found.total) else None,
        bound=found.bound if found.status == "found" and np.isfinite(found.bound) else None,
        transfers={actor: amount for actor, amount in moved.items() if abs(amount) > 1e-9},
    )


def worse_without(deal: Deal) -> dict[str, float | None]:
    """Return actor → how much worse no deal must be for it alone, for a deal to exist; only at no deal."""
    found: dict[str, float | None] = {}
    for voter, least in leverage(deal, parties(deal)).items():
        found.setdefault(deal.actor(voter), least.total if least.status == "found" else None)
    return found


def pareto(deal: Deal) -> tuple[tuple[Package, ...] | None, int | None]:
    """Return at most a dozen packages on the parties' Pareto frontier, end to end, and how many were found."""
    who = parties(deal)
    found = frontier(deal, who) if len(who) > 1 else None
    if found is None:
        return None, None
    chosen = np.unique(np.linspace(0, len(found) - 1, min(len(found), MOST_CORNERS)).round().astype(int))
    return tuple(package(deal, found[k]) for k in chosen), len(found)


# --- an issue taken alone ---------------------------------------------------------------------------


def bands(deal: Deal) -> dict[str, Band]:
    """Return actor → what it accepts, for every actor with a say in one issue alone and a view on it.

    Args:
        deal: on the issue, at mean inputs (D = 1).
    """
    needed = vetoers(deal.rule, deal.voters)
    found: dict[str, Band] = {}
    for actor, (voter, *_) in deal.groups().items():
        floor, ceiling = float(deal.floor[0, voter, 0]), float(deal.ceiling[0, voter, 0])
        heard = bool(np.isfinite(deal.radius[0, voter]))
        if not (heard or floor > 0 or ceiling < 1):
            continue
        low, high = _accepted(deal, voter)
        low, high = max(low, floor), min(high, ceiling)
        some = low <= high
        found[actor] = Band(
            low=deal.on_scale(0, low) if some else None,
            high=deal.on_scale(0, high) if some else None,
            ideal=deal.on_scale(0, deal.ideal[0, voter, 0]) if heard else None,
            floor=deal.on_scale(0, floor) if floor > 0 else None,
            ceiling=deal.on_scale(0, ceiling) if ceiling < 1 else None,
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
