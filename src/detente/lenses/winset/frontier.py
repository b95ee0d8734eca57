"""Which packages of the zone cannot be bettered for one party without loss to another? The Pareto frontier.

Two parties: the corners, found by asking between neighbours for a package beyond the line that joins them until
there is none (Aneja & Nair 1979); where the line itself is out of reach, the most for one while the other has
so much at least, step by step (Haimes, Lasdon & Wismer 1971). On opposed linear issues these are the d + 1
corners of the fractional knapsack. Packages that can be counted are all compared. More parties: the best
packages for weights spread over the simplex, a part of the frontier only. Every round of questions is one deal
with a draw per question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Voter, all_of
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.engine import most, solutions, verdicts
from detente.lenses.winset.engine.many_draws import with_twins

BEYOND = {"city_block": 1e-7, "quadratic": 2e-4}
"""How far beyond a line a package must lie to count as a corner of its own; a curve has no last corner."""
ALIKE = 1e-8
"""Differences in gain up to this do not count."""
MOST_CORNERS = 64
STEPS = 24
WEIGHTINGS = 60
"""About how many weightings of more than two parties are tried."""


def frontier(deal: Deal, parties: Sequence[int]) -> Array | None:
    """Return efficient packages, in the parties' gains, of those that win consent and lose no party, shape (n, d).

    Args:
        deal: one draw.
        parties: rows of the parties; those without a stance are left out.

    Returns:
        By ascending gain of the first party; ``None`` where the zone is empty or no party has a stance.
    """
    everyone = dict.fromkeys(parties)
    own = [k for k in everyone if deal.radius[0, k] < np.inf]
    together = replace(deal, rule=all_of(deal.rule, *(Voter(k) for k in everyone)))
    if not own:
        return None
    if (every := deal.every_package()) is not None:
        found = every[together.accepted(every)]
    elif len(own) == 2:
        found = _of_two(together, own)
    else:
        found = _of_many(together, own)
    if not len(found):
        return None
    return found[undominated(_gains(deal, found, own))]


def undominated(values: Array) -> NDArray[np.intp]:
    """Return the positions of points that no other betters, each value once, by ascending first coordinate.

    Args:
        values: shape (n, K); more is better.
    """
    order = np.lexsort(values.T[::-1])[::-1]
    kept: list[int] = []
    for k in order:
        if not kept or not (values[kept] >= values[k] - ALIKE).all(axis=1).any():
            kept.append(int(k))
    return np.array(kept[::-1], dtype=np.intp)


def _gains(deal: Deal, packages: Array, parties: Sequence[int]) -> Array:
    return np.asarray(deal.margins(packages[None])[0][:, list(parties)])


def _best_sums(deal: Deal, parties: Sequence[int], weights: Array) -> Array:
    """Return the packages with the greatest weighted sums of gains, shape (n, d), for weights (n, K)."""
    many = deal.rows(np.zeros(len(weights), dtype=np.intp))
    asked, twins = with_twins(many, parties, weights)
    found = solutions(asked, verdicts(asked, acceptance="weak"), twins, ["utilitarian"])["utilitarian"]
    return found[~np.isnan(found).any(axis=1)]


def _of_two(deal: Deal, parties: Sequence[int]) -> Array:
    """Return the corners, and steps where between two of them the frontier bends inwards."""
    ends = [_end(deal, parties, side) for side in (1, 0)]
    found = [end for end in ends if end is not None]
    if len(found) < 2:
        return np.empty((0, deal.issues))
    packages, beyond = np.array(found), BEYOND[deal.loss]
    asked: set[tuple[float, ...]] = set()
    while len(packages) < MOST_CORNERS:
        gains = _gains(deal, packages, parties)
        packages = packages[undominated(gains)]
        gains = _gains(deal, packages, parties)
        apart = np.diff(gains, axis=0) * [1.0, -1.0]
        normals = apart[:, ::-1] / np.maximum(np.hypot(*apart.T), 1e-300)[:, None]
        pairs = [_key(*both) for both in pairwise(gains)]
        new = [k for k, pair in enumerate(pairs) if apart[k].min() > beyond and pair not in asked]
        asked |= {pairs[k] for k in new}
        tried = [(k, at) for k in new for at in _best_sums(deal, parties, normals[k : k + 1])]
        corners = [
            at for k, at in tried if normals[k] @ (_gains(deal, at[None], parties)[0] - gains[k]) > beyond
        ]
        if not corners:
            break
        packages = np.vstack([packages, corners])
    return np.vstack([packages, _inward(deal, parties, packages)])


def _key(first: Array, second: Array) -> tuple[float, ...]:
    return tuple(np.round(np.append(first, second), 9).tolist())


def _end(deal: Deal, parties: Sequence[int], favoured: int) -> Array | None:
    """Return the end of the frontier: the best for one party, and among those the best for the other."""
    first, other = parties[favoured], parties[1 - favoured]
    package, gain = most(deal, {}, {first: 1.0})
    if package is None:
        return None
    better, _ = most(deal, {first: gain}, {other: 1.0})
    return package if better is None else better


def _inward(deal: Deal, parties: Sequence[int], packages: Array) -> Array:
    """Return the most for the second party while the first has so much, between corners that no line joins."""
    gains = _gains(deal, packages, parties)
    gains = gains[np.argsort(gains[:, 0])]
    found = []
    for low, high in pairwise(gains):
        if (high[0] - low[0]) < 2 * BEYOND[deal.loss]:
            continue
        middle = most(deal, {parties[0]: float(low[0] + high[0]) / 2}, {parties[1]: 1.0})
        if middle[1] > (low[1] + high[1]) / 2 - 1e-6:
            continue
        for least in np.linspace(low[0], high[0], STEPS + 2)[1:-1].tolist():
            package, _ = most(deal, {parties[0]: least}, {parties[1]: 1.0})
            if package is not None:
                found.append(package)
    return np.array(found).reshape(-1, deal.issues)


def _of_many(deal: Deal, parties: Sequence[int]) -> Array:
    """Return the best packages for many weightings, and the fairest one."""
    count = len(parties)
    first = [[0.98 if j == k else 0.02 / max(count - 1, 1) for j in range(count)] for k in range(count)]
    spread = 0.01 / count + 0.99 * np.random.default_rng(0).dirichlet(np.ones(count), WEIGHTINGS)
    found = _best_sums(deal, parties, np.vstack([np.full((1, count), 1 / count), first, spread]))
    fairest, _ = most(deal, {}, dict.fromkeys(parties, 1.0))
    return found if fairest is None else np.vstack([found, fairest])
