"""Whether a deal exists, the slow way: a linear program per winning coalition; and random deals to ask about."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from detente.case.thresholds import Node, Threshold, Voter, all_of, any_of, margin
from detente.lenses.winset.deal import Array, Deal, Loss
from tests.lenses.winset.literal_zone import minimal_winning


def best_margin(deal: Deal, k: int) -> float:
    """Return the greatest margin of the rule in a draw of city-block losses, any value allowed on every issue."""
    return max(
        (of_coalition(deal, k, sorted(c)) for c in minimal_winning(deal.rule, deal.voters)), default=-np.inf
    )


def of_coalition(deal: Deal, k: int, members: list[int]) -> float:
    """Maximise e over (x, t, e) where t ≥ |x - p| and Σ s t + e ≤ ρ for each member."""
    if not members:
        return np.inf
    d, m = deal.issues, len(members)
    low, high = (
        np.maximum(deal.floor[k, members].max(axis=0), 0),
        np.minimum(deal.ceiling[k, members].min(axis=0), 1),
    )
    if (low > high).any():
        return -np.inf
    rows, right = [], []
    for j, v in enumerate(members):
        if deal.radius[k, v] == np.inf:
            continue
        loss = np.zeros(d + m * d + 1)
        for i in range(d):
            for sign in (1.0, -1.0):
                row = np.zeros(d + m * d + 1)
                row[i], row[d + j * d + i] = sign, -1.0
                rows.append(row)
                right.append(sign * deal.ideal[k, v, i])
            loss[d + j * d + i] = deal.salience[k, v, i]
        loss[-1] = 1.0
        rows.append(loss)
        right.append(deal.radius[k, v])
    cost = np.zeros(d + m * d + 1)
    cost[-1] = -1.0
    bounds = [*zip(low, high, strict=True), *[(0, None)] * (m * d), (None, 10.0)]
    solved = linprog(cost, np.array(rows) if rows else None, right or None, bounds=bounds)
    return -float(solved.fun)


def grid(deal: Deal, steps: int) -> Array:
    """Return packages, (P, d): every combination of levels, or of equal steps where any value will do."""
    axes = [np.linspace(0, 1, steps) if levels is None else levels for levels in deal.levels]
    return np.array(list(product(*axes)))


def margins_on(deal: Deal, packages: Array) -> Array:
    """Return the margin of the rule at packages, (D, P)."""
    return margin(deal.rule, deal.margins(np.broadcast_to(packages, (deal.draws, *packages.shape))))


def random_deal(
    seed: int,
    rule: Node,
    voters: int,
    issues: int,
    *,
    draws: int = 12,
    loss: Loss = "city_block",
    more: float = -0.1,
) -> Deal:
    """Return a deal with random stances, some red lines, and a no-deal point that voters like ``more`` or less."""
    rng = np.random.default_rng(seed)
    shape = draws, voters, issues
    salience = rng.random(shape) * (rng.random(shape) < 0.8)
    salience[..., 0] += 0.1
    deal = Deal(
        ideal=rng.random(shape),
        salience=salience / salience.sum(axis=-1, keepdims=True),
        radius=np.zeros(shape[:2]),
        floor=np.where(rng.random(shape) < 0.15, 0.5 * rng.random(shape), 0.0),
        ceiling=np.where(rng.random(shape) < 0.15, 0.5 + 0.5 * rng.random(shape), 1.0),
        no_deal=rng.random((draws, issues)),
        levels=(None,) * issues,
        rule=rule,
        loss=loss,
    )
    deal.radius[:] = deal.losses(deal.no_deal[:, None])[:, 0] + more * rng.random(shape[:2])
    return deal


def rules(voters: int) -> st.SearchStrategy[Node]:
    """Return trees of thresholds over voters, some of whom may stand in several places."""
    leaf: st.SearchStrategy[Node] = st.builds(Voter, st.integers(0, voters - 1), st.integers(1, 2))

    def node(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        many = st.lists(parts, min_size=1, max_size=4)
        weighted = st.lists(st.tuples(st.integers(1, 3), parts), min_size=2, max_size=5)
        return st.one_of(
            many.map(lambda p: all_of(*p)),
            many.map(lambda p: any_of(*p)),
            st.tuples(weighted, st.integers(1, 6)).map(lambda pair: Threshold(pair[1], tuple(pair[0]))),
        )

    return node(st.recursive(leaf, node, max_leaves=6))
