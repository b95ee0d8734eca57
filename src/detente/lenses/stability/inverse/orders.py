"""How little would the orders of the actors have to change? The nearest orders by which the chosen state holds.

The distance between two orders is Kendall's: a pair of states that is turned round counts 1, one that becomes or
ceases to be a tie counts ½ (Kemeny 1959). Every pair of states has two variables, "better" and "worse"; orders are
the solutions that are transitive, and rows that say so are added where a solution is not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.program import Program, Vector
from detente.lenses.stability.inverse.promote import promote
from detente.lenses.stability.inverse.question import Down, Fact, Question
from detente.lenses.stability.inverse.refine import Remedy, refine
from detente.lenses.stability.space import Mask, Ranks

MOST_ROWS = 2_000
"""Rows on transitivity that are added at a time."""


def distance(before: Ranks, after: Ranks) -> float:
    """Return Kendall's distance between two orders of the same states, shape (m,), a tie counting half."""
    turned = np.sign(before[:, None] - before) - np.sign(after[:, None] - after)
    return float(np.abs(turned).sum()) / 4


class Reordering:
    """Orders as pairs of states; `better[i][a, b]` is the variable "a is better than b for i"."""

    def __init__(self, question: Question, ranks: Ranks, weights: Sequence[float]) -> None:
        self.question, self.before = question, ranks
        self.program = Program()
        self.better = [self._pairs(rank, weight) for rank, weight in zip(ranks, weights, strict=True)]
        self._level: dict[Down, int] = {}

    def _pairs(self, rank: Ranks, weight: float) -> NDArray[np.int64]:
        """Add the variables of one actor, who changes nothing where its weight is infinite."""
        m = rank.size
        found = np.full((m, m), -1, dtype=np.int64)
        fixed = not np.isfinite(weight)
        for a in range(m):
            for b in range(a):
                first, second = (a, b) if rank[a] >= rank[b] else (b, a)
                up, down = self.program.choice(), self.program.choice()
                found[first, second], found[second, first] = up, down
                tied = rank[a] == rank[b]
                self.program.require({up: 1.0, down: 1.0}, high=1.0)
                if fixed:
                    self.program.require({up: 1.0}, low=float(not tied), high=float(not tied))
                    self.program.require({down: 1.0}, low=0.0, high=0.0)
                elif tied:
                    self.program.costs[up] = self.program.costs[down] = weight / 2
                else:
                    lost = self.program.amount(weight / 2)  # 1 where the first is no longer better
                    self.program.require({lost: 1.0, up: 1.0}, low=1.0)
                    self.program.costs[down] = weight / 2
        return found

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact."""
        if not isinstance(fact, Down):
            return int(self.better[fact.actor][fact.target, fact.source])
        if fact.state == self.question.state:
            return True
        if fact not in self._level:
            variable = self._level[fact] = self.program.choice()
            above = int(self.better[fact.actor][fact.state, self.question.state])
            self.program.require({variable: 1.0, above: 1.0}, high=1.0)
        return self._level[fact]

    def amend(self, values: Vector) -> bool:
        """Add, where a is better than c, that b is worse than a or better than c."""
        added = 0
        for variables in self.better:
            better = _truth(variables, values)
            broken = better[:, None, :] & ~better[:, :, None] & ~better[None, :, :]  # (a, b, c)
            triples = np.argwhere(broken)[:MOST_ROWS].tolist()
            for x, y, z in triples:
                row = {int(variables[x, z]): 1.0, int(variables[x, y]): -1.0, int(variables[y, z]): -1.0}
                self.program.require(row, high=0.0)
            added += len(triples)
        return added > 0

    def ranks(self, values: Vector) -> Ranks:
        """Return the orders that the pairs add up to."""
        rows = []
        for variables in self.better:
            better = _truth(variables, values)
            rows.append(np.unique(better.sum(axis=1), return_inverse=True)[1].reshape(-1))
        return np.array(rows, dtype=np.int32)


def _truth(variables: NDArray[np.int64], values: Vector) -> Mask:
    """Return which state is better than which; the diagonal has no variables (-1) and is false."""
    return np.asarray(np.append(values, 0.0)[variables] > 0.5)


def nearest_orders(
    question: Question, ranks: Ranks, weights: Sequence[float] | None = None, effort: Effort | None = None
) -> Remedy:
    """Return the nearest orders by which the chosen state holds.

    Args:
        question: the chosen state and the concept.
        ranks: shape (k, m).
        weights: price of one pair turned round, for each actor; infinite for one that changes nothing.
        effort: after which the search is given up, without end where left out; then the chosen state rises
            until it holds, with the bound proven until then.
    """
    prices = [1.0] * len(ranks) if weights is None else weights
    effort = effort or Effort()
    remedy = refine(question, Reordering(question, np.asarray(ranks, dtype=np.int32), prices), effort)
    if remedy.ranks is not None or math.isinf(remedy.bound):
        return remedy
    risen = promote(question, ranks, prices, effort.renew())
    if not risen.ways:
        return remedy
    return Remedy(risen.ranks, None, risen.cost, remedy.bound, remedy.clauses)
