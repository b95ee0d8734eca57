"""On what do those who must consent insist, and what if they insisted on less?

A demand is a red line of one voter on one issue, or that it be better off than without a deal. Weaken a deal's
demands and whatever was a deal remains one: the ground of every answer about who blocks and what it takes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import voters
from detente.lenses.winset.deal import TOLERANCE, Array, Deal

Kind = Literal["floor", "ceiling", "no_deal"]
Mask = NDArray[np.bool_]
ON_THE_LINE = 1e-9
"""How far outside a red line still counts as on it, as in the margins of a deal."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that one voter insists on.

    Attributes:
        voter: its row.
        kind: ``floor`` or ``ceiling``, a red line; ``no_deal``, to lose no more than without a deal.
        issue: column of the issue; ``None`` for ``no_deal``.
    """

    voter: int
    kind: Kind
    issue: int | None = None


def named(deal: Deal, demand: Demand) -> dict[str, Any]:
    """Return the fields of a demand as it is told: by actor, kind and issue."""
    issue = None if demand.issue is None else deal.issue(demand.issue)
    return {"actor": deal.actor(demand.voter), "kind": demand.kind, "issue": issue}


def line_of(deal: Deal, demand: Demand) -> Array:
    """Return where a red line lies, (D,)."""
    return (deal.floor if demand.kind == "floor" else deal.ceiling)[:, demand.voter, demand.issue]


def demands(deal: Deal, group: Container[int] | None = None) -> tuple[Demand, ...]:
    """Return every demand that the voters of the rule, or those among them of a group, make in at least one draw.

    A red line at the end of the scale binds nobody and a voter without stances minds no deal: neither is one.
    """
    heard = (voter for voter in voters(deal.rule) if group is None or voter in group)
    return tuple(demand for voter in heard for demand in _of_voter(deal, voter))


def _of_voter(deal: Deal, voter: int) -> list[Demand]:
    """Return the demands of one voter, its red lines first."""
    found: list[Demand] = []
    for issue in range(deal.issues):
        if (deal.floor[:, voter, issue] > 0).any():
            found.append(Demand(voter, "floor", issue))
        if (deal.ceiling[:, voter, issue] < 1).any():
            found.append(Demand(voter, "ceiling", issue))
    if np.isfinite(deal.radius[:, voter]).any():
        found.append(Demand(voter, "no_deal"))
    return found


def dropped(deal: Deal, given_up: Iterable[Demand]) -> Deal:
    """Return the deal without these demands."""
    listed = tuple(given_up)
    return kept_only(deal, listed, np.zeros((deal.draws, len(listed)), dtype=np.bool_))


def kept_only(deal: Deal, listed: Sequence[Demand], kept: Mask) -> Deal:
    """Return the deal in which, of some demands, every draw keeps its own.

    Args:
        deal: D draws.
        listed: n demands; all others stay.
        kept: (D, n): which of them bind.
    """
    floor, ceiling = deal.floor.copy(), deal.ceiling.copy()
    radius, salience = deal.radius.copy(), deal.salience.copy()
    for k, demand in enumerate(listed):
        free = ~kept[:, k]
        if demand.kind == "no_deal":
            radius[free, demand.voter] = np.inf
            salience[free, demand.voter] = 0.0  # as a voter without stances: a loss that nobody asks about
        else:
            line, end = (floor, 0.0) if demand.kind == "floor" else (ceiling, 1.0)
            line[free, demand.voter, demand.issue] = end
    return replace(deal, floor=floor, ceiling=ceiling, radius=radius, salience=salience)


def softened(deal: Deal, chosen: Demand | Sequence[Demand], by: float | Array) -> Deal:
    """Return the deal with one demand weakened, the same in every draw or one for each.

    Args:
        deal: D draws.
        chosen: the demand, or D of them.
        by: how far a red line moves, as a share of the scale (at most to its end), or how much more loss is put
            up with; a number or (D,), at least 0.
    """
    listed = [chosen] if isinstance(chosen, Demand) else chosen
    places = np.array([(demand.voter, demand.issue or 0) for demand in listed], dtype=np.intp).reshape(-1, 2)
    voter, issue = np.broadcast_to(places, (deal.draws, 2)).T
    kinds = np.broadcast_to([demand.kind for demand in listed], deal.draws)
    far = np.broadcast_to(by, deal.draws)
    radius, floor, ceiling = deal.radius.copy(), deal.floor.copy(), deal.ceiling.copy()
    rows = np.flatnonzero(kinds == "no_deal")
    radius[rows, voter[rows]] += far[rows]
    rows = np.flatnonzero(kinds == "floor")
    place = rows, voter[rows], issue[rows]
    floor[place] = np.maximum(floor[place] - far[rows], 0.0)
    rows = np.flatnonzero(kinds == "ceiling")
    place = rows, voter[rows], issue[rows]
    ceiling[place] = np.minimum(ceiling[place] + far[rows], 1.0)
    return replace(deal, radius=radius, floor=floor, ceiling=ceiling)


def all_softened(deal: Deal, chosen: Iterable[Demand], by: float | Array) -> Deal:
    """Return the deal with several demands weakened, all by the same."""
    for demand in chosen:
        deal = softened(deal, demand, by)
    return deal


def without(deal: Deal, rows: Sequence[int]) -> Deal:
    """Return the deal in which the consent of some voters is not needed: they agree to everything."""
    return dropped(deal, demands(deal, rows))


def met(deal: Deal, listed: Sequence[Demand], package: Array) -> Mask:
    """Return which demands a package meets, each looked at alone.

    Args:
        deal: D draws.
        listed: n demands.
        package: (D, d), one per draw; NaN meets none.

    Returns:
        (D, n).
    """
    gain = deal.radius - deal.losses(package[:, None, :])[:, 0]
    enough = gain > TOLERANCE if deal.acceptance == "strict" else gain >= -TOLERANCE
    columns = []
    for demand in listed:
        if demand.issue is None:
            columns.append(enough[:, demand.voter])
        else:
            beyond = line_of(deal, demand) - package[:, demand.issue]
            columns.append((beyond if demand.kind == "floor" else -beyond) <= ON_THE_LINE)
    return np.stack(columns, axis=1) if columns else np.zeros((deal.draws, 0), dtype=np.bool_)
