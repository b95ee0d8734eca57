"""What a deal, a winning coalition and a margin are, word for word and slowly: the yardstick."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, product

import numpy as np

from detente.case.thresholds import Node, Voter
from detente.lenses.winset.deal import Array, Deal

Grid = list[tuple[float, ...]]


def consents(rule: Node, yes: frozenset[int]) -> bool:
    """Say whether a coalition wins, by the definition of a tree of thresholds."""
    if isinstance(rule, Voter):
        return rule.index in yes
    tally = 0
    for weight, part in rule.parts:
        if consents(part, yes):
            tally += weight * (part.seats if isinstance(part, Voter) else 1)
    return tally >= rule.quota


def coalitions(count: int) -> Iterator[frozenset[int]]:
    """Yield all subsets of voters."""
    for members in chain.from_iterable(combinations(range(count), size) for size in range(count + 1)):
        yield frozenset(members)


def minimal_winning(rule: Node, count: int) -> set[frozenset[int]]:
    """Return the winning coalitions without a winning proper subset."""
    winning = [yes for yes in coalitions(count) if consents(rule, yes)]
    return {yes for yes in winning if not any(other < yes for other in winning)}


def margin_of(deal: Deal, v: int, package: tuple[float, ...]) -> float:
    """Return what one voter gains from a package over no deal, -inf outside its red lines."""
    loss = 0.0
    for i, x in enumerate(package):
        if not deal.floor[0, v, i] - 1e-9 <= x <= deal.ceiling[0, v, i] + 1e-9:
            return float("-inf")
        apart = abs(x - float(deal.ideal[0, v, i]))
        loss += float(deal.salience[0, v, i]) * (apart**2 if deal.loss == "quadratic" else apart)
    return float(deal.radius[0, v]) - loss


def margin(deal: Deal, package: tuple[float, ...], rule: Node | None = None) -> float:
    """Return the greatest least margin among winning coalitions."""
    own = [margin_of(deal, v, package) for v in range(deal.voters)]
    return max(
        (
            min((own[v] for v in yes), default=float("inf"))
            for yes in coalitions(deal.voters)
            if consents(rule or deal.rule, yes)
        ),
        default=float("-inf"),
    )


def grid(deal: Deal, steps: int = 8) -> Grid:
    """Return packages to compare with: levels, or even steps with all ideals and red lines."""
    axes = []
    for i, levels in enumerate(deal.levels):
        if levels is not None:
            axes.append([float(x) for x in levels])
            continue
        marks: set[float] = {k / steps for k in range(steps + 1)}
        for values in (deal.ideal[0, :, i], deal.floor[0, :, i], deal.ceiling[0, :, i]):
            marks |= {min(max(float(x), 0.0), 1.0) for x in values}
        axes.append(sorted(marks))
    return list(product(*axes))


def average_bound(deal: Deal, weights: Array, coalition: list[int], steps: int = 40) -> float:
    """Return the greatest weighted average margin over a fine grid within the coalition's red lines."""
    best = float("-inf")
    for package in grid(deal, steps):
        own = np.array([margin_of(deal, v, package) for v in coalition])
        if np.isfinite(own).all():
            best = max(best, float(weights[coalition] @ own))
    return best
