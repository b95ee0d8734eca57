"""Which states would actors have to value less, and how little would their orders have to change at all?

*Demote*: states are put level with the chosen one, each at a cost of its own. By Nash, GMR and SMR only the set of
states that are no better than the chosen one matters to an actor, and a remedy adds states to it. By SEQ the
orders of the others matter too: a state put down in an actor's order changes which of its moves pay.

*Orders*: the nearest orders of all. The distance between two orders is Kendall's: a pair of states that is turned
round counts 1, one that becomes or ceases to be a tie counts ½ (Kemeny 1959). Every pair of states has two
variables, "better" and "worse"; orders are the solutions that are transitive, and rows that say so are added where
one is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from detente.lenses.programs import Array
from detente.lenses.stability.inverse.promote import promote
from detente.lenses.stability.inverse.question import Down, Fact, Pays, Question
from detente.lenses.stability.inverse.search import (
    Effort,
    OrderTheory,
    Remedy,
    cheapest_change,
    choice,
    cutting_planes,
)
from detente.lenses.stability.inverse.task import Task
from detente.lenses.stability.levers import Change, Lever
from detente.lenses.stability.space import Mask, Ranks

MOST_ORDERED = 24
"""States up to which the nearest orders are looked for: every pair of them is a choice."""
MOST_ROWS = 2_000
"""Rows on transitivity that are added at a time."""
Price = Callable[[int, int], float]


# --- states put down ------------------------------------------------------------------------------


@dataclass(eq=False)
class Demotion(OrderTheory):
    """States put level with the chosen one: a variable for each actor and better state that a clause names."""

    price: Price
    lowered: dict[tuple[int, int], int] = field(default_factory=dict, init=False)
    _paying: dict[Pays, int] = field(default_factory=dict, init=False)

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact, or whether it holds in any case."""
        if isinstance(fact, Down):
            return self._lower(fact.actor, fact.state) if self._above(fact.actor, fact.state) else True
        return self._pays(fact)

    def _above(self, i: int, s: int) -> bool:
        return bool(self.before[i, s] > self.before[i, self.question.state])

    def _lower(self, i: int, s: int) -> int:
        if (i, s) not in self.lowered:
            self.lowered[i, s] = choice(self.program, self.price(i, s))
        return self.lowered[i, s]

    def _pays(self, move: Pays) -> int | bool:
        j, a, b = move.actor, move.source, move.target
        rank, level = self.before[j], self.before[j, self.question.state]
        if not self._above(j, b):  # then it stays where it is, and what was better can at best come level
            return bool(rank[b] > rank[a])
        if rank[a] < level:
            return True
        if move not in self._paying:
            # It pays unless b is put down; if b was no better than a, only where a is.
            variable = self._paying[move] = choice(self.program)
            self.program.row({variable: 1.0, self._lower(j, b): 1.0}, most=1.0)
            if rank[b] <= rank[a]:
                self.program.row({variable: 1.0, self._lower(j, a): -1.0}, most=0.0)
        return self._paying[move]

    def ranks(self, values: Array) -> Ranks:
        """Return the orders after the states are put down."""
        after = self.before.copy()
        for i, s in self.chosen(values):
            after[i, s] = after[i, self.question.state]
        return after

    def chosen(self, values: Array) -> list[tuple[int, int]]:
        """Return the (actor, state) that are put down."""
        return [pair for pair, variable in sorted(self.lowered.items()) if values[variable] > 0.5]


def demote(
    question: Question, ranks: Ranks, price: Price = lambda _i, _s: 1.0, effort: Effort | None = None
) -> tuple[Remedy, Ranks, list[tuple[int, int]]]:
    """Return the cheapest set of states to put level with the chosen one, so that it holds.

    Returns:
        The remedy, the new orders, shape (k, m), and the pairs (actor, state).
    """
    remedy, theory = cheapest_change(question, lambda one: Demotion(one, ranks, price), effort or Effort())
    if remedy.values is None:
        return remedy, ranks, []
    return remedy, theory.ranks(remedy.values), theory.chosen(remedy.values)


def demote_lever(task: Task) -> Lever:
    """Return the cheapest states to put down."""
    view = task.view

    def price(i: int, s: int) -> float:
        actor = view.actors[i]
        return task.prices.of("demote", actor, view.text(s), otherwise=task.prices.order(actor))

    remedy, after, pairs = demote(task.question, task.ranks, price, task.effort)
    changes = []
    for i, s in pairs:
        partly = after.copy()
        partly[i, s] = task.ranks[i, s]
        told, without = f"stop preferring {task.place(s)} to this outcome.", task.undeterred(partly)
        changes.append(task.change(i, view.text(s), "better", "as good", price(i, s), told, without))
    return Lever.found(
        "demote",
        remedy.cost,
        remedy.bound,
        remedy.clauses,
        changes,
        task.ranking(after, sorted({i for i, _ in pairs})),
        holds=task.question.holds(after),
    )


# --- the nearest orders ---------------------------------------------------------------------------


def distance(before: Ranks, after: Ranks) -> float:
    """Return Kendall's distance between two orders of the same states, shape (m,), a tie counting half."""
    turned = np.sign(before[:, None] - before) - np.sign(after[:, None] - after)
    return float(np.abs(turned).sum()) / 4


@dataclass(eq=False)
class Reordering(OrderTheory):
    """Orders as pairs of states; `better[i][a, b]` is the variable "a is better than b for i"."""

    weights: Sequence[float]

    def __post_init__(self) -> None:
        super().__post_init__()
        pairs = zip(self.before, self.weights, strict=True)
        self.better = [self._pairs(rank, weight) for rank, weight in pairs]
        self._level: dict[Down, int] = {}

    def _pairs(self, rank: Ranks, weight: float) -> NDArray[np.int64]:
        """Add the variables of one actor, who changes nothing where its weight is infinite."""
        found = np.full((rank.size, rank.size), -1, dtype=np.int64)
        fixed = not math.isfinite(weight)
        for a in range(rank.size):
            for b in range(a):
                first, second = (a, b) if rank[a] >= rank[b] else (b, a)
                up, down = choice(self.program), choice(self.program)
                found[first, second], found[second, first] = up, down
                tied = rank[a] == rank[b]
                self.program.row({up: 1.0, down: 1.0}, most=1.0)
                if fixed:
                    self.program.exactly([(up, 1.0)], float(not tied))
                    self.program.exactly([(down, 1.0)], 0.0)
                elif tied:
                    self.program.cost[up] = self.program.cost[down] = weight / 2
                else:
                    lost = self.program.column(cost=weight / 2)  # 1 where the first is no longer better
                    self.program.row({lost: 1.0, up: 1.0}, least=1.0)
                    self.program.cost[down] = weight / 2
        return found

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact."""
        if not isinstance(fact, Down):
            return int(self.better[fact.actor][fact.target, fact.source])
        if fact.state == self.question.state:
            return True
        if fact not in self._level:
            variable = self._level[fact] = choice(self.program)
            above = int(self.better[fact.actor][fact.state, self.question.state])
            self.program.row({variable: 1.0, above: 1.0}, most=1.0)
        return self._level[fact]

    def amend(self, values: Array) -> bool:
        """Add, where a is better than c, that b is worse than a or better than c."""
        added = 0
        for variables in self.better:
            better = _truth(variables, values)
            broken = better[:, None, :] & ~better[:, :, None] & ~better[None, :, :]  # (a, b, c)
            triples = np.argwhere(broken)[:MOST_ROWS].tolist()
            for a, b, c in triples:
                row = {int(variables[a, c]): 1.0, int(variables[a, b]): -1.0, int(variables[b, c]): -1.0}
                self.program.row(row, most=0.0)
            added += len(triples)
        return added > 0

    def ranks(self, values: Array) -> Ranks:
        """Return the orders that the pairs add up to."""
        worse = [_truth(variables, values).sum(axis=1) for variables in self.better]
        return np.array([np.unique(row, return_inverse=True)[1].reshape(-1) for row in worse], dtype=np.int32)


def _truth(variables: NDArray[np.int64], values: Array) -> Mask:
    """Return which state is better than which; the diagonal has no variables (-1) and is false."""
    return np.asarray(np.append(values, 0.0)[variables] > 0.5)


def nearest_orders(
    question: Question, ranks: Ranks, weights: Sequence[float] | None = None, effort: Effort | None = None
) -> tuple[Remedy, Ranks | None]:
    """Return the nearest orders by which the chosen state holds.

    When the search is given up the chosen state rises until it holds, with the bound proven until then.

    Returns:
        The remedy, and the orders, shape (k, m), if any were found.
    """
    prices = [1.0] * len(ranks) if weights is None else weights
    effort = effort or Effort()
    theory = Reordering(question, ranks, prices)
    remedy = cutting_planes(theory, effort)
    if remedy.values is not None:
        return remedy, theory.ranks(remedy.values)
    if math.isinf(remedy.bound):
        return remedy, None
    risen = promote(question, ranks, prices, effort.renew())
    return replace(remedy, cost=risen.cost), risen.ranks if risen.chosen else None


def orders_lever(task: Task) -> Lever:
    """Return the nearest orders."""
    if task.view.count > MOST_ORDERED:
        return Lever.skipped("orders", f"it is for games of at most {MOST_ORDERED} states")
    remedy, found = nearest_orders(task.question, task.ranks, task.order_prices, task.effort)
    after = task.ranks if found is None else found
    changed = [i for i in range(len(after)) if distance(task.ranks[i], after[i])]
    changes = [_reordered(task, after, i) for i in changed]
    edits, stable = task.ranking(after, changed), task.question.holds(after)
    return Lever.found("orders", remedy.cost, remedy.bound, remedy.clauses, changes, edits, holds=stable)


def _reordered(task: Task, after: Ranks, i: int) -> Change:
    def told(rank: Ranks) -> str:
        levels = [[task.view.text(int(s)) for s in np.flatnonzero(rank == r)] for r in np.unique(rank)[::-1]]
        return " > ".join(" = ".join(group) for group in levels)

    before, new = task.ranks[i], after[i]
    gain = np.sign(new[:, None] - new) - np.sign(before[:, None] - before)
    pairs = [(int(a), int(b)) for a, b in np.argwhere(gain > 0)]
    named = "; ".join(
        f"{task.place(a)} {'at least as much as' if new[a] == new[b] else 'more than'} {task.place(b)}"
        for a, b in pairs[:3]
    )
    more = f"; and {len(pairs) - 3} more pairs" if len(pairs) > 3 else ""
    cost, without = task.order_prices[i] * distance(before, new), task.without(after, i)
    return task.change(i, "order", told(before), told(new), cost, f"value {named}{more}.", without)
