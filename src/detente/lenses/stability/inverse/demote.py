"""Which states would an actor have to value less? Those put level with the chosen state at the least total cost.

By Nash, GMR and SMR only the set of states that are no better than the chosen one matters to an actor, and a
remedy adds states to it, each at a cost of its own. By SEQ the orders of the others matter too: a state put down
in an actor's order changes which of its moves pay.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.program import Program, Vector
from detente.lenses.stability.inverse.question import Down, Fact, Pays, Question
from detente.lenses.stability.inverse.refine import Remedy, refine
from detente.lenses.stability.space import Ranks

Price = Callable[[int, int], float]


class Demotion:
    """States put level with the chosen one: a variable for each actor and better state that a clause names."""

    def __init__(self, question: Question, ranks: Ranks, price: Price) -> None:
        self.question, self.before, self.price = question, ranks, price
        self.program = Program()
        self.lowered: dict[tuple[int, int], int] = {}
        self._paying: dict[Pays, int] = {}

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact, or whether it holds in any case."""
        if isinstance(fact, Down):
            if not self._above(fact.actor, fact.state):
                return True
            return self._lower(fact.actor, fact.state)
        return self._pays(fact)

    def _above(self, i: int, s: int) -> bool:
        return bool(self.before[i, s] > self.before[i, self.question.state])

    def _lower(self, i: int, s: int) -> int:
        if (i, s) not in self.lowered:
            self.lowered[i, s] = self.program.choice(self.price(i, s))
        return self.lowered[i, s]

    def _pays(self, move: Pays) -> int | bool:
        j, a, b = move.actor, move.source, move.target
        rank, level = self.before[j], self.before[j, self.question.state]
        if not self._above(j, b):  # then it stays where it is, and what was better can at best come level
            return bool(rank[b] > rank[a])
        if rank[a] < level:
            return True
        if move not in self._paying:
            variable = self._paying[move] = self.program.choice()
            self.program.require({variable: 1.0, self._lower(j, b): 1.0}, high=1.0)
            if rank[b] <= rank[a]:
                self.program.require({variable: 1.0, self._lower(j, a): -1.0}, high=0.0)
        return self._paying[move]

    def amend(self, values: Vector) -> bool:
        """Every choice has a meaning."""
        del values
        return False

    def ranks(self, values: Vector) -> Ranks:
        """Return the orders after the states are put down."""
        after = self.before.copy()
        for i, s in self.chosen(values):
            after[i, s] = after[i, self.question.state]
        return after

    def chosen(self, values: Vector) -> list[tuple[int, int]]:
        """Return the (actor, state) that are put down."""
        return [pair for pair, variable in sorted(self.lowered.items()) if values[variable] > 0.5]


def demote(
    question: Question,
    ranks: Ranks,
    price: Price = lambda _i, _s: 1.0,
    effort: Effort | None = None,
) -> tuple[Remedy, list[tuple[int, int]]]:
    """Return the cheapest set of states to put level with the chosen one, so that it holds.

    Args:
        question: the chosen state and the concept.
        ranks: shape (k, m).
        price: cost of putting a state down in an actor's order, above 0; infinite where it must not be.
        effort: after which the search is given up; without end where left out.

    Returns:
        The remedy, and the pairs (actor, state); where the search was given up, one that leaves nobody anything
        better to move to, with the bound proven until then.
    """
    effort = effort or Effort()
    if question.concept == "nash":  # nothing to search for: every improvement counts
        effort.renew()
    theory = Demotion(question, np.asarray(ranks, dtype=np.int32), price)
    remedy = refine(question, theory, effort)
    if remedy.values is not None:
        return remedy, theory.chosen(remedy.values)
    if math.isinf(remedy.bound) or question.concept == "nash":
        return remedy, []
    nash = replace(question, concept="nash")  # what does by Nash does by any concept
    firm, pairs = demote(nash, ranks, price, effort.renew())
    return replace(firm, bound=remedy.bound, clauses=remedy.clauses), pairs
