"""Who blocks and what would it take, told by actors and issues: from rows and columns to names and scales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset import answers as told
from detente.lenses.winset.deal import Deal, stacked
from detente.lenses.winset.limits import CONCESSIONS, CONFLICTS, few
from detente.lenses.winset.margins import margins
from detente.lenses.winset.solve import Statuses, statuses
from detente.lenses.winset.unblock.blockers import blockers
from detente.lenses.winset.unblock.cheapest_change import Prices, cheapest_change
from detente.lenses.winset.unblock.concessions_over_draws import Ways, ways
from detente.lenses.winset.unblock.demands import Demand, all_softened, dropped, without
from detente.lenses.winset.unblock.levers import Decided, Lever, curve, levers
from detente.lenses.winset.view import Terms, WinsetView
from detente.quantity.shares import wilson

MOST_CONFLICTS = 12

Failed = NDArray[np.bool_]


def demand(view: WinsetView, terms: Terms, deal: Deal, of: Demand) -> told.Demand:
    """Return a demand by the names of the case, with the mean of its red line."""
    actor = view.voters[of.voter].actor
    if of.issue is None:
        return told.Demand(actor=actor, kind="no_deal", issue=None, value=None)
    issue = terms.issues[of.issue]
    lines = deal.floor if of.kind == "floor" else deal.ceiling
    value = view.on_scale(issue, float(lines[:, of.voter, of.issue].mean()))
    return told.Demand(actor=actor, kind=of.kind, issue=issue, value=value)


def found_blockers(
    view: WinsetView, terms: Terms, deal: Deal, failed: Failed, examined: int | None = None
) -> told.Blockers:
    """Return who stands in the way, over some draws without a deal."""
    examined = few(CONFLICTS, view.weight) if examined is None else examined
    found = blockers(
        deal,
        failed,
        acceptance=view.options.acceptance,
        examined=examined,
        groups=_groups(view, terms),
    )
    rows = [rows[0] for rows in _groups(view, terms) if found.involved[rows[0]] > 0]
    rows.sort(key=lambda row: -found.involved[row])
    known = round(found.examined * (1 - found.unknown))
    return told.Blockers(
        examined=found.examined,
        found=len(found.conflicts),
        conflicts=tuple(
            told.Conflict(
                demands=_named(view, terms, deal, conflict), share=share, **_interval(view, share, known)
            )
            for conflict, share in list(found.conflicts.items())[:MOST_CONFLICTS]
        ),
        actors={view.voters[row].actor: float(found.involved[row]) for row in rows},
        alone={view.voters[row].actor: float(found.alone[row]) for row in rows},
        unfinished=found.unfinished,
        unknown=found.unknown,
    )


def _interval(view: WinsetView, share: float, draws: int) -> dict[str, float]:
    """Return the ends of the interval of a share of some draws, none where nothing carries doubt."""
    ends = (share, share) if view.table.is_exact else wilson(round(share * draws), draws)
    return dict(zip(("low95", "high95"), ends, strict=True))


def _named(view: WinsetView, terms: Terms, deal: Deal, conflict: Iterable[Demand]) -> tuple[told.Demand, ...]:
    ordered = sorted(conflict, key=lambda d: (d.voter, d.kind, -1 if d.issue is None else d.issue))
    return tuple(demand(view, terms, deal, one) for one in ordered)


def _groups(view: WinsetView, terms: Terms) -> list[list[int]]:
    """Return the rows of every actor that has a say."""
    rows: dict[str, list[int]] = {}
    for row in view.heard(terms):
        rows.setdefault(view.voters[row].actor, []).append(row)
    return list(rows.values())


def found_levers(view: WinsetView, terms: Terms, deal: Deal, status: Statuses) -> tuple[told.Lever, ...]:
    """Return what every consent waived and every red line lifted or softened does to the probability.

    Where no draw has a deal it is also told what they do to the margin.

    Args:
        view: the case as the lens reads it.
        terms: the deal.
        deal: its arrays in some draws.
        status: (D,), their verdicts.
    """
    found = levers(
        deal,
        by=view.options.soften,
        acceptance=view.options.acceptance,
        groups=_groups(view, terms),
        before=Decided.of(status, view.options.acceptance),
    )
    found = tuple(lever for lever in found if lever.draws)
    here = [lever.probability - lever.difference for lever in found]
    nearer: list[float | None] = [None] * len(found)
    if found and max(here) <= 0:
        nearer = list(_nearer(view, view.deal(terms, view.table.means[None, :]), found))
    return tuple(_lever(view, terms, lever, margin) for lever, margin in zip(found, nearer, strict=True))


def _nearer(view: WinsetView, middle: Deal, found: Sequence[Lever]) -> Iterator[float]:
    """Yield by how much every lever raises the margin of a deal at mean inputs."""
    moved = [middle]
    for lever in found:
        if lever.change == "waive":
            moved.append(without(middle, *lever.voters))
        elif lever.change == "lift":
            moved.append(dropped(middle, lever.demands))
        else:
            moved.append(all_softened(middle, lever.demands, lever.by or 0.0))
    every = stacked(moved)
    margin = margins(every, statuses(every, view.options.acceptance), view.options.acceptance)
    yield from (margin[1:] - margin[0]).tolist()


def _lever(view: WinsetView, terms: Terms, lever: Lever, margin: float | None) -> told.Lever:
    first = lever.demands[0] if lever.demands else None
    issue = None if first is None or first.issue is None else terms.issues[first.issue]
    return told.Lever(
        kind=lever.change,
        actor=view.voters[lever.voters[0]].actor,
        issue=issue,
        side=None if first is None else first.kind,
        by=None if lever.by is None or issue is None else lever.by * view.width(issue),
        probability=lever.probability,
        change=lever.difference,
        mc_error=lever.error,
        draws=lever.draws,
        margin=margin,
    )


def softening(
    view: WinsetView, terms: Terms, deal: Deal, found: Sequence[told.Lever]
) -> tuple[told.Lever | None, tuple[told.CurvePoint, ...]]:
    """Return the red line whose lifting helps most, and the probability of a deal as it is softened."""
    lifted = [lever for lever in found if lever.kind == "lift" and lever.change > 0]
    strongest = min(  # of equals by its id: not the one that stands first in the case
        lifted, key=lambda one: (-one.change, one.actor, one.issue or "", one.side or ""), default=None
    )
    if strongest is None or strongest.issue is None:
        return None, ()
    rows = [row for row in view.heard(terms) if view.voters[row].actor == strongest.actor]
    kind: Literal["floor", "ceiling"] = "floor" if strongest.side == "floor" else "ceiling"
    lines = [Demand(row, kind, terms.issues.index(strongest.issue)) for row in rows]
    return strongest, curve(deal, lines, acceptance=view.options.acceptance)


def found_opening(view: WinsetView, terms: Terms, middle: Deal, deal: Deal, failed: Failed) -> told.Opening:
    """Return the cheapest concessions at mean inputs, and which are cheapest most often."""
    from detente.lenses.winset.centre import opening

    costs = view.costs(terms, view.table.means[None, :])
    acceptance = view.options.acceptance
    found = cheapest_change(middle, Prices.of(costs), acceptance=acceptance)
    often: dict[str, float] = {}
    mean_cost, examined = None, 0
    suffices: tuple[told.Sufficing, ...] = ()
    if failed.any():
        # Stated costs are the same in every draw; saliences are not, and are read off each draw.
        stated = costs if (costs != middle.salience[0]).any() else None
        every = None if stated is None else np.broadcast_to(stated, (deal.draws, *stated.shape))
        over = ways(deal, failed, costs=every, acceptance=acceptance, examined=few(CONCESSIONS, view.weight))
        examined = over.examined
        suffices = _suffices(view, terms, over)
        mean_cost = over.cost if np.isfinite(over.cost) else None
        for demands, share in over.sets.items():
            who = dict.fromkeys(view.voters[row].actor for row in sorted(one.voter for one in demands))
            label = " + ".join(who)
            often[label] = often.get(label, 0.0) + share
    ranked = dict(sorted(often.items(), key=lambda one: -one[1])[:MOST_CONFLICTS])
    return opening(view, terms, middle, found, ranked, len(often), mean_cost, examined, suffices)


def _suffices(view: WinsetView, terms: Terms, over: Ways) -> tuple[told.Sufficing, ...]:
    """Return which demands alone are enough to give way on, each actor's alike ones once."""
    found: dict[tuple[str, str, str | None], told.Sufficing] = {}
    for one, (share, by) in over.alone.items():
        actor = view.voters[one.voter].actor
        issue = None if one.issue is None else terms.issues[one.issue]
        width = 1.0 if issue is None else view.width(issue)
        found.setdefault(
            (actor, one.kind, issue),
            told.Sufficing(
                actor=actor,
                kind=one.kind,
                issue=issue,
                share=share,
                by=by * width,
                **_interval(view, share, over.examined),
            ),
        )
    return tuple(found.values())
