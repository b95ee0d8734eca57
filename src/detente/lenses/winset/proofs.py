"""What proves that there is no deal, or that no concession is cheaper? Weights, and a sum that anybody can check.

Whatever λ ≥ 0, what a package costs those who are needed beyond no deal, weighted by λ, is at least

    L(λ) = Σ_i min over x of [ Σ_v λ_v s_vi |x - p_vi| + Σ μ (a - x) + Σ μ (x - b) ] - Σ_v λ_v ρ_v

(squares in place of distances where losses are, and x among its settlements where an issue is discrete), with
weights μ ≥ 0 of red lines a from below and b from above, or with x kept within them. Above 0 it proves that they
cannot all gain. With no weight above the price of giving way it is a bound on the cost of all concessions:
Lagrangian duality (Geoffrion 1974).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from detente.case.thresholds import Agreed, vetoers
from detente.lenses.summary import Array
from detente.lenses.winset.agreements import Proof, WeightedLine
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.deal_program import deal_program
from detente.lenses.winset.unblock.cheapest_change import Multipliers
from detente.lenses.winset.unblock.demands import Demand, line_of, named


def refused(deal: Deal) -> Proof | None:
    """Return what proves that there is no deal at mean inputs; ``None`` where no one weighted sum does.

    That is so where votes leave a choice of coalitions, where settlements are valued one by one, and for some
    deals on discrete issues: there a search has shown it.

    Args:
        deal: at mean inputs (D = 1), without a deal.
    """
    needed = vetoers(deal.rule, deal.voters)
    low = np.where(needed[:, None], deal.floor[0], 0.0).max(axis=0)
    high = np.where(needed[:, None], deal.ceiling[0], 1.0).min(axis=0)
    if deal.tables:
        return None
    for i in range(deal.issues):
        if not _open(deal, i, low[i], high[i]).size:
            return _told(deal, np.zeros(deal.voters), {}, low, high, only=i)
    weights = _weights(deal, needed)
    if weights is None:
        return None
    proof = _told(deal, weights, {}, low, high)
    return proof if proof.total is not None and proof.total > 0 else None


def _open(deal: Deal, i: int, low: float, high: float) -> Array:
    """Return where the least of a sum on one issue may lie between two bounds: its settlements, or both bounds."""
    levels = deal.levels[i]
    if levels is None:
        return np.array([low, high]) if low <= high else np.zeros(0)
    return levels[(levels >= low - 1e-9) & (levels <= high + 1e-9)]


def _weights(deal: Deal, needed: Agreed) -> Array | None:
    """Return the weights, sum 1, under which the average of those who are needed is worst off, (V,)."""
    model = deal_program(replace(deal, levels=(None,) * deal.issues), needed)
    least = model.program.column(-np.inf, 1.0, cost=-1.0)
    for row in model.accepts.values():
        model.program.term(row, least, 1.0)
    row_prices = model.program.solve().prices
    if row_prices is None:
        return None
    weights = np.zeros(deal.voters)
    for voter, row in model.accepts.items():
        weights[voter] = max(-row_prices[row], 0.0)
    return weights / weights.sum() if weights.sum() > 0.5 else None


def cheapest(deal: Deal, found: Multipliers) -> Proof:
    """Return what proves that no concessions at mean inputs cost less."""
    return _told(
        deal, found.voters, found.lines, np.zeros(deal.issues), np.ones(deal.issues), edge=found.edge
    )


def _told(
    deal: Deal,
    weights: Array,
    lines: Mapping[Demand, float],
    low: Array,
    high: Array,
    *,
    only: int | None = None,
    edge: float = 0.0,
) -> Proof:
    """Return the sum by the names of the case; of one issue ``only`` where its bounds prove it."""
    at = {one: float(line_of(deal, one)[0]) for one in lines}
    issues = range(deal.issues) if only is None else [only]
    least = {
        deal.issue(i): _least(
            deal, i, weights, [(o.kind, at[o], w) for o, w in lines.items() if o.issue == i], low[i], high[i]
        )
        for i in issues
        if _open(deal, i, low[i], high[i]).size
    }
    asked, counted = deal.radius[0] - edge, np.flatnonzero(weights > 0)
    by_actor: dict[str, float] = {}
    for v in counted.tolist():
        by_actor[deal.actor(v)] = by_actor.get(deal.actor(v), 0.0) + float(weights[v])
    return Proof(
        weights=by_actor,
        without={deal.actor(v): float(asked[v]) for v in counted.tolist()},
        lines=tuple(
            WeightedLine(**named(deal, one), value=deal.on_scale(one.issue or 0, at[one]), weight=weight)
            for one, weight in lines.items()
        ),
        within={deal.issue(i): (deal.on_scale(i, low[i]), deal.on_scale(i, high[i])) for i in issues},
        least=least,
        total=sum(least.values()) - float(weights[counted] @ asked[counted]) if least else None,
    )


def _least(
    deal: Deal, i: int, weights: Array, lines: Sequence[tuple[str, float, float]], low: float, high: float
) -> float:
    """Return the least of the weighted sum on one issue: at an end, where somebody wants it, or in between."""
    share, wants = weights * deal.salience[0, :, i], deal.ideal[0, :, i]
    slope = sum(-weight if kind == "floor" else weight for kind, _, weight in lines)
    fixed = sum(weight * (at if kind == "floor" else -at) for kind, at, weight in lines)
    x = _open(deal, i, low, high)
    if deal.levels[i] is None:
        x = np.append(np.clip(wants, low, high), x)
    if deal.levels[i] is None and deal.loss == "quadratic" and share.sum() > 0:
        x = np.append(x, np.clip((share @ wants - slope / 2) / share.sum(), low, high))
    apart = np.abs(x[:, None] - wants)
    lost = (apart * apart if deal.loss == "quadratic" else apart) @ share
    return float((lost + slope * x).min() + fixed)
