"""What does a deal look like with every input at its mean? Exact answers for one draw, on the scales of issues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from detente.lenses.summary import Array
from detente.lenses.winset.agreements import Linking, Swap
from detente.lenses.winset.answers import (
    Centre,
    Concession,
    Extent,
    Opening,
    Package,
    SidePayment,
    Sufficing,
)
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
from detente.lenses.winset.linking import SHIFT, linking
from detente.lenses.winset.proofs import cheapest, refused
from detente.lenses.winset.solve import parties
from detente.lenses.winset.unblock.cheapest_change import Money, Prices, cheapest_change, leverage
from detente.lenses.winset.unblock.cheapest_change import Opening as Cheapest
from detente.lenses.winset.view import Terms, WinsetView

MOST_CORNERS = 12


def package(view: WinsetView, terms: Terms, deal: Deal, at: Array) -> Package:
    """Return a package, shape (d,) in shares of the scales, as it is told."""
    margins = deal.margins(at[None, None])[0, 0]
    gains: dict[str, float | None] = {}
    agreed = []
    for voter in view.heard(terms):
        actor, gain = view.voters[voter].actor, float(margins[voter])
        if actor not in gains:
            gains[actor] = gain if np.isfinite(gain) else None if gain < 0 else 0.0
            if gain >= (-TOLERANCE if view.options.acceptance == "weak" else TOLERANCE):
                agreed.append(actor)
    return Package(terms=_on_scales(view, terms, at), gains=gains, agreed=tuple(agreed))


def _on_scales(view: WinsetView, terms: Terms, at: Array) -> dict[str, float]:
    return {issue: view.on_scale(issue, float(x)) for issue, x in zip(terms.issues, at, strict=True)}


def centre(view: WinsetView, terms: Terms, deal: Deal, found: Verdicts) -> Centre:
    """Return status, best package and named solutions.

    Args:
        view: the case as the lens reads it.
        terms: the deal.
        deal: its arrays at mean inputs (D = 1).
        found: its verdict, with the greatest margin.
    """
    who = parties(deal)
    solved: dict[str, Package] = {}
    if found.status[0] == DEAL and who:
        named = {name: solution(deal, found, who, name) for name in NAMES}
        for name, at in named.items():
            if at is not None:
                many = {"one_of_many": one_of_many(deal, who, at, name)}
                solved[name] = package(view, terms, deal, at).model_copy(update=many)
    best = found.package[0]
    return Centre(
        status=STATUSES[found.status[0]],
        margin=float(found.margin[0]) if np.isfinite(found.margin[0]) else None,
        best=None if np.isnan(best).any() else package(view, terms, deal, best),
        solutions=solved,
        proof=refused(view, terms, deal) if found.status[0] == NONE else None,
    )


def extents(view: WinsetView, terms: Terms, deal: Deal, shares: Array, found: Verdicts) -> dict[str, Extent]:
    """Return how much of each issue can be agreed.

    Args:
        view: the case as the lens reads it.
        terms: the deal.
        deal: its arrays at mean inputs.
        shares: (D, d): share of each scale that can be agreed, per draw.
        found: verdict on the deal at mean inputs.
    """
    ends = (
        ends_of(deal, verdicts(deal, acceptance="weak"))[0] if found.status[0] in (DEAL, TOUCHING) else None
    )
    return {
        issue: Extent(
            low=None if ends is None else view.on_scale(issue, float(ends[i, 0])),
            high=None if ends is None else view.on_scale(issue, float(ends[i, 1])),
            share=float(np.clip(shares[:, i].mean(), 0.0, 1.0)),
        )
        for i, issue in enumerate(terms.issues)
    }


def opening(
    view: WinsetView,
    terms: Terms,
    deal: Deal,
    found: Cheapest,
    often: Mapping[str, float],
    often_found: int,
    mean_cost: float | None,
    examined: int,
    suffices: tuple[Sufficing, ...],
) -> Opening:
    """Return the cheapest concessions as they are told."""
    steps = []
    for step in found.steps:
        issue = None if step.demand.issue is None else terms.issues[step.demand.issue]
        width = 1.0 if issue is None else view.width(issue)
        steps.append(
            Concession(
                actor=view.voters[step.demand.voter].actor,
                kind=step.demand.kind,
                issue=issue,
                by=step.by * width,
                cost=step.cost,
            )
        )
    return Opening(
        status=found.status,
        total=found.total if np.isfinite(found.total) else None,
        bound=max(found.bound, 0.0) if np.isfinite(found.bound) else None,
        proof=None if found.multipliers is None else cheapest(view, terms, deal, found.multipliers),
        steps=tuple(steps),
        package={} if found.package is None else _on_scales(view, terms, found.package),
        examined=examined,
        often=dict(often),
        often_found=often_found,
        mean_cost=mean_cost,
        suffices=suffices,
    )


def side_payment(view: WinsetView, deal: Deal, values: Array) -> SidePayment | None:
    """Return the cheapest side payment; ``None`` where the case allows none."""
    stated = view.money(values)
    if stated is None or view.case.payments is None:
        return None
    found = cheapest_change(deal, Prices.only(deal), Money(*stated), acceptance=view.options.acceptance)
    moved: dict[str, float] = {}
    if found.transfers is not None:
        for member, amount in zip(view.voters, found.transfers.tolist(), strict=True):
            moved[member.actor] = moved.get(member.actor, 0.0) + amount
    return SidePayment(
        status=found.status,
        unit=view.case.payments.unit,
        total=found.total if np.isfinite(found.total) else None,
        bound=found.bound if found.status == "found" and np.isfinite(found.bound) else None,
        transfers={actor: amount for actor, amount in moved.items() if abs(amount) > 1e-9},
    )


def worse_without(view: WinsetView, deal: Deal) -> dict[str, float | None]:
    """Return actor → how much worse no deal must be for it alone, for a deal to exist; only at no deal."""
    found: dict[str, float | None] = {}
    for voter, least in leverage(deal, parties(deal), acceptance=view.options.acceptance).items():
        actor = view.voters[voter].actor
        found.setdefault(actor, least.total if least.status == "found" else None)
    return found


def linked(view: WinsetView, terms: Terms, deal: Deal, singles: Mapping[str, Deal]) -> Linking | None:
    """Return what the package does that its issues one by one do not; ``None`` where nobody bargains.

    Args:
        view: the case as the lens reads it.
        terms: the package.
        deal: its arrays at mean inputs.
        singles: issue → the deal on it alone, where there is one to examine.
    """
    who = parties(deal)
    if not who:
        return None
    alone = [singles[issue] for issue in terms.issues if issue in singles]
    whole = len(alone) == len(terms.issues)
    found = linking(deal, alone if whole else None, who, view.options.solution)
    settled = found.package is not None
    return Linking(
        alone=dict(zip(terms.issues, found.alone.tolist(), strict=True)),
        opens=found.opens,
        least_gain=found.least_gain,
        total_gain=found.total_gain,
        swaps=tuple(_swaps(view, terms, found.changes, who)) if settled else (),
    )


def _swaps(view: WinsetView, terms: Terms, changes: Array, who: tuple[int, ...]) -> Iterator[Swap]:
    for voter, own in zip(who, changes, strict=True):
        by_issue = dict(zip(terms.issues, own.tolist(), strict=True))
        yield Swap(
            actor=view.voters[voter].actor,
            gives={issue: -change for issue, change in by_issue.items() if change < -SHIFT},
            gets={issue: change for issue, change in by_issue.items() if change > SHIFT},
            gain=float(own.sum()),
        )


def pareto(view: WinsetView, terms: Terms, deal: Deal) -> tuple[tuple[Package, ...] | None, int | None]:
    """Return at most a dozen packages on the parties' Pareto frontier, end to end, and how many were found."""
    who = parties(deal)
    if len(who) < 2:
        return None, None
    found = frontier(deal, who)
    if found is None:
        return None, None
    chosen = np.unique(np.linspace(0, len(found) - 1, min(len(found), MOST_CORNERS)).round().astype(int))
    return tuple(package(view, terms, deal, found[k]) for k in chosen), len(found)
