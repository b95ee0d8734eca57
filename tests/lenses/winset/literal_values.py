"""Deals in which settlements are valued one by one, a package at a time, as they are defined."""

from __future__ import annotations

import math
from itertools import product

from detente.case.thresholds import Node, Voter
from detente.lenses.winset.deal import Deal


def wins(rule: Node, agreed: list[bool]) -> bool:
    """Return whether those who agree carry the rule."""
    if isinstance(rule, Voter):
        return agreed[rule.index]
    return sum(weight for weight, part in rule.parts if wins(part, agreed)) >= rule.quota


def gain(deal: Deal, v: int, chosen: tuple[int, ...]) -> float:
    """Return what a choice of levels gains a voter; ``-inf`` beyond a red line."""
    total = float(deal.radius[0, v])
    for i, k in enumerate(chosen):
        levels, table = deal.levels[i], deal.tables[i]
        assert levels is not None
        at = float(levels[k])
        if not deal.floor[0, v, i] - 1e-9 <= at <= deal.ceiling[0, v, i] + 1e-9:
            return -math.inf
        lost = abs(at - float(deal.ideal[0, v, i])) ** (2 if deal.loss == "quadratic" else 1)
        if table is not None and not math.isnan(table[0, v, k]):
            lost = float(table[0, v, k])
        total -= float(deal.salience[0, v, i]) * lost
    return total


def packages(deal: Deal) -> dict[tuple[int, ...], list[float]]:
    """Return every choice of levels with everybody's gains."""
    sizes = [range(len(levels)) for levels in deal.levels if levels is not None]
    return {chosen: [gain(deal, v, chosen) for v in range(deal.voters)] for chosen in product(*sizes)}


def greatest(deal: Deal) -> float:
    """Return the greatest margin: the level above which those who gain carry the rule."""
    best = -math.inf
    for gains in packages(deal).values():
        for level in gains:
            if wins(deal.rule, [own >= level for own in gains]):
                best = max(best, level)
    return best


def score(name: str, gains: list[float], most: list[float]) -> float:
    """Return what a named solution maximises."""
    if name == "nash":
        return sum(map(math.log, gains)) if min(gains) > 1e-7 else -math.inf
    if name == "kalai_smorodinsky":
        return min((own / top for own, top in zip(gains, most, strict=True) if top > 1e-7), default=0.0)
    return min(gains) if name == "egalitarian" else sum(gains)
