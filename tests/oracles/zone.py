"""The best package of a zone, by solving each of its convex pieces: the definition, and slow.

A zone is the union, over winning coalitions and settlements of the discrete issues, of what the members accept.
Every minimal winning coalition with every combination of levels is one program; the best of their answers is
the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from detente.case.thresholds import Agreed, Node, Voter, all_of, margin, wins
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.deal_program import DealProgram, deal_program

Goal = Callable[[DealProgram], None]
"""Adds what is to be minimised to the program of a piece."""


@dataclass(frozen=True, eq=False)
class Best:
    """The least cost of a goal over the pieces of a zone, and its package, (d,); ``None`` if all are empty."""

    cost: float
    package: Array | None


def minimal_winning(rule: Node, count: int) -> list[Agreed]:
    """Return the winning coalitions of which no member can leave, among all subsets of ``count`` voters."""
    subsets = (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(bool)
    winning = wins(rule, subsets)
    minimal = winning.copy()
    for v in range(count):
        without = np.arange(2**count) & ~(1 << v)
        minimal &= ~(subsets[:, v] & winning[without])
    return list(subsets[minimal])


def pieces(deal: Deal) -> Iterator[tuple[Deal, Agreed]]:
    """Yield the convex pieces of a deal of one draw: discrete issues settled, and a coalition that agrees.

    Those whose red lines leave nothing are passed over.
    """
    settlements = [(None,) if levels is None else tuple(levels) for levels in deal.levels]
    for coalition in minimal_winning(deal.rule, deal.voters):
        low, high = (
            deal.floor[0, coalition].max(axis=0, initial=0),
            deal.ceiling[0, coalition].min(axis=0, initial=1),
        )
        inside = [
            [x for x in own if x is None or a - 1e-9 <= x <= b + 1e-9]
            for own, a, b in zip(settlements, low, high, strict=True)
        ]
        for chosen in product(*inside) if (low <= high + 1e-9).all() else ():
            yield replace(deal, levels=tuple(None if x is None else np.array([x]) for x in chosen)), coalition


def best(deal: Deal, goal: Goal) -> Best:
    """Return the least cost of a goal over a zone."""
    found = Best(np.inf, None)
    for piece, coalition in pieces(deal):
        model = deal_program(piece, coalition)
        goal(model)
        answer = model.program.solve()
        assert answer.status in ("optimal", "infeasible"), answer.reason
        if answer.value < found.cost:
            found = Best(answer.value, model.read(answer))
    return found


def most_margin(deal: Deal) -> tuple[float, Array | None]:
    """Return the greatest margin of the rule, and its package; ``-inf`` where red lines leave none."""

    def goal(model: DealProgram) -> None:
        least = model.program.column(-np.inf, 1e3, cost=-1.0)
        for row in model.accepts.values():
            model.program.term(row, least, 1.0)

    package = best(deal, goal).package
    if package is None:
        return -np.inf, None
    return float(margin(deal.rule, deal.margins(package[None, None])[0, 0])), package


def greatest_margin(deal: Deal) -> float:
    """Return the greatest margin of the rule; ``-inf`` where red lines leave no package."""
    return most_margin(deal)[0]


def status(margin: float) -> str:
    """Return what the greatest margin says."""
    return "deal" if margin > TOLERANCE else "touching" if margin >= -TOLERANCE else "none"


def with_parties(deal: Deal, parties: Sequence[int]) -> Deal:
    """Return the deal in which the parties must agree as well."""
    return replace(deal, rule=all_of(deal.rule, *(Voter(k) for k in parties)))


def greatest_sum(deal: Deal, parties: Sequence[int], weights: Sequence[float] | None = None) -> float:
    """Return the greatest weighted sum of gains of parties that must agree; ``-inf`` without a package."""

    def goal(model: DealProgram) -> None:
        for k, party in enumerate(parties):
            model.program.cost[model.gain(party)] = -1.0 if weights is None else -float(weights[k])

    return -best(with_parties(deal, parties), goal).cost


def greatest_least(deal: Deal, parties: Sequence[int], shares: Sequence[float]) -> float:
    """Return the greatest least gain, each divided by its share."""

    def goal(model: DealProgram) -> None:
        least = model.program.column(-np.inf, cost=-1.0)
        for party, share in zip(parties, shares, strict=True):
            model.program.at_most([(least, float(share)), (model.gain(party), -1.0)], 0.0)

    return -best(with_parties(deal, parties), goal).cost


def greatest_product(deal: Deal, parties: Sequence[int]) -> float:
    """Return the greatest sum of logarithms of gains, all of them above 0."""

    def goal(model: DealProgram) -> None:
        for party in parties:
            gain = model.gain(party)
            model.program.lower[gain] = TOLERANCE / 10
            model.program.cost[model.program.logarithm(gain, np.geomspace(1e-6, 1.0, 13).tolist())] = -1.0

    return -best(with_parties(deal, parties), goal).cost


def extent(deal: Deal) -> Array | None:
    """Return the least and the most of each issue over the zone, (d, 2); ``None`` where it is empty."""
    ends = np.empty((deal.issues, 2))
    for i in range(deal.issues):
        for end, sign in enumerate((1.0, -1.0)):

            def goal(model: DealProgram, i: int = i, sign: float = sign) -> None:
                model.program.cost[int(model.package[i])] = sign

            found = best(deal, goal)
            if found.package is None:
                return None
            ends[i, end] = found.package[i]
    return ends


def efficiency(deal: Deal, package: Array, parties: Sequence[int]) -> float:
    """Return the most by which all parties at once could gain more in the zone than from a package."""
    now = deal.margins(package[None, None])[0, 0, list(parties)]

    def goal(model: DealProgram) -> None:
        more = model.program.column(-np.inf, cost=-1.0)
        for own, party in zip(now, parties, strict=True):
            model.program.at_most([(more, 1.0), (model.gain(party), -1.0)], -float(own))

    return -best(with_parties(deal, parties), goal).cost
