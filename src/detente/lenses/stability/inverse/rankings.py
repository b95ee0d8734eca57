"""How would actors have to order the outcomes? The chosen one raised, others put down, or the nearest orders.

*Promote*: the chosen state rises and every other keeps its place. In option form the least rank at which it is
stable for an actor is T of `stable`, and raising it for one never disturbs the others: where an answer of theirs
passes it, it may end there, and ending where one began deters. On other graphs the places that could do are tried
in the order of their cost; see `best_first`.

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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import starmap, takewhile

import numpy as np
from numpy.typing import NDArray

from detente.lenses.programs import Array
from detente.lenses.stability import algebra
from detente.lenses.stability.inverse.best_first import Candidate, Combination, cheapest_or_smaller
from detente.lenses.stability.inverse.question import ALONE, Down, Fact, Pays, Question
from detente.lenses.stability.inverse.search import Effort, OrderTheory, cutting_planes
from detente.lenses.stability.inverse.task import Task, Told
from detente.lenses.stability.levers import Change, Lever
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.solve import by_code, judge
from detente.lenses.stability.space import Mask, Ranks
from detente.show.words import count_word, counted

MOST_ORDERED = 24  # states up to which the nearest orders are looked for: every pair of them is a choice
MOST_ROWS = 2_000  # rows on transitivity that are added at a time
MOST_NAMED = 3


# --- the state raised -----------------------------------------------------------------------------


def rise(rank: Ranks, e: int, place: int) -> tuple[int, int, float]:
    """Return what it means that a state rises to a place, twice a better rank or, to stand above it, one more.

    Returns:
        How many states that were better are then worse and how many as good; and Kendall's distance, a tie ½.
    """
    better, alike = rank > rank[e], int((rank == rank[e]).sum()) - 1
    crossed, tied = int((better & (2 * rank < place)).sum()), int((2 * rank == place).sum())
    return crossed, tied, crossed + (tied + alike) / 2


def promote(question: Question, ranks: Ranks, prices: Sequence[float], effort: Effort) -> Combination:
    """Return the cheapest rises of the chosen state by which it holds, on any graph, with ranks twice as large.

    When the search is given up the state rises to the top and comes down again for as long as it holds.
    """
    offers = [list(_rises(question, i, rank, prices[i])) for i, rank in enumerate(ranks)]

    def less(i: int, candidate: Candidate) -> Iterator[Candidate]:
        return takewhile(lambda other: other is not candidate, offers[i])

    highest = [candidates[-1] if candidates else None for candidates in offers]
    as_is = [Candidate(0.0, 2 * rank, None) for rank in ranks]
    return cheapest_or_smaller(question, [iter(some) for some in offers], highest, as_is, less, effort)


def _rises(question: Question, i: int, rank: Ranks, price: float) -> Iterator[Candidate]:
    own, e = question.own(i), question.state
    if own.stable(rank <= rank[e]):
        yield Candidate(0.0, 2 * rank, None)
    if not math.isfinite(price):
        return
    for level in np.unique(rank[rank > rank[e]]).tolist():
        # To stand above a rank does no more than to draw level, but to the moves that by SEQ pay for the actor.
        for place in (2 * level,) if question.concept in ALONE else (2 * level, 2 * level + 1):
            if own.stable(rank <= level):
                after = 2 * rank
                after[e] = place
                yield Candidate(price * rise(rank, e, place)[-1], after, None)


def promote_lever(task: Task) -> Lever:
    """Return the least rise of the chosen state."""
    view, e, prices, space = task.view, task.state, task.order_prices, task.view.space
    if space is None:
        found = promote(task.question, task.ranks, prices, task.effort)
        return task.combined("promote", found, lambda chosen: _risen(task, chosen.ranks))
    after, concept = 2 * task.ranks, task.concept
    level = algebra.thresholds(space, by_code(space, task.ranks), [concept])[concept][:, space.codes[e]]
    after[:, e] = 2 * np.maximum(level, task.ranks[:, e])
    if np.isinf(np.array(prices)[after[:, e] > 2 * task.ranks[:, e]]).any():
        return Lever.found("promote", math.inf, math.inf, len(view.actors), (), {}, holds=None)
    changes, edits = _risen(task, after)
    cost = sum(change.cost for change in changes)
    stable = judge(view.conflict, Ordered.of(after), [concept])[concept][:, e]
    return Lever.found("promote", cost, cost, len(view.actors), changes, edits, holds=bool(stable.all()))


def _risen(task: Task, after: Ranks) -> Told:
    """Return what is told of a state that rises, to places that are ranks twice as large."""
    changes, e = list[Change](), task.state
    moved = np.flatnonzero(after[:, e] > 2 * task.ranks[:, e]).tolist()
    for i in moved:
        crossed, tied, far = rise(task.ranks[i], e, int(after[i, e]))
        parts = [f"above {counted(crossed, 'outcome')} now preferred to it"] if crossed else []
        if tied:
            more = "more" if crossed else f"{'outcome' if tied == 1 else 'outcomes'} now preferred to it"
            parts.append(f"as highly as {count_word(tied)} {more}")
        before, told = f"{crossed + tied} states are better", " and ".join(parts)
        what, cost, without = task.view.text(e), task.order_prices[i] * far, task.without(after, i)
        changes.append(task.change(i, what, before, told, cost, f"value this outcome {told}.", without))
    return changes, task.ranking(after, moved)


# --- states put down ------------------------------------------------------------------------------


@dataclass(eq=False)
class Demotion(OrderTheory):
    """States put level with the chosen one: a variable for each actor and better state that a clause names."""

    price: Callable[[int, int], float]
    lowered: dict[tuple[int, int], int] = field(default_factory=dict, init=False)

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact, or whether it holds in any case."""
        if isinstance(fact, Down):
            return self._lower(fact.actor, fact.state) if self._above(fact.actor, fact.state) else True
        return self._pays(fact)

    def _above(self, i: int, s: int) -> bool:
        return bool(self.before[i, s] > self.before[i, self.question.state])

    def _lower(self, i: int, s: int) -> int:
        if (i, s) not in self.lowered:
            self.lowered[i, s] = self.choice(self.price(i, s))
        return self.lowered[i, s]

    def _pays(self, move: Pays) -> int | bool:
        j, a, b = move.actor, move.source, move.target
        rank, level = self.before[j], self.before[j, self.question.state]
        if not self._above(j, b):  # then it stays where it is, and what was better can at best come level
            return bool(rank[b] > rank[a])
        if rank[a] < level:
            return True
        # It pays unless b is put down; if b was no better than a, only where a is.
        falls = [(j, a)] if rank[b] <= rank[a] else []
        return self.choice(every=starmap(self._lower, falls), none=starmap(self._lower, [(j, b)]))

    def ranks(self, values: Array) -> Ranks:
        """Return the orders after the states are put down."""
        after = self.before.copy()
        for i, s in self.chosen(values):
            after[i, s] = after[i, self.question.state]
        return after

    def chosen(self, values: Array) -> list[tuple[int, int]]:
        """Return the (actor, state) that are put down."""
        return [pair for pair, variable in sorted(self.lowered.items()) if values[variable] > 0.5]


def demote_lever(task: Task) -> Lever:
    """Return the cheapest states to put down."""
    view = task.view

    def price(i: int, s: int) -> float:
        actor = view.actors[i]
        return task.prices.of("demote", actor, view.text(s), otherwise=task.prices.order(actor))

    def told(theory: Demotion, values: Array) -> Told:
        changes, pairs, after = list[Change](), theory.chosen(values), theory.ranks(values)
        for i, s in pairs:
            partly = after.copy()
            partly[i, s] = task.ranks[i, s]
            says, without = f"stop preferring {task.place(s)} to this outcome.", task.undeterred(partly)
            changes.append(task.change(i, view.text(s), "better", "as good", price(i, s), says, without))
        return changes, task.ranking(after, sorted({i for i, _ in pairs}))

    return task.lever("demote", lambda one: Demotion(one, task.ranks, price), told)


# --- the nearest orders ---------------------------------------------------------------------------


@dataclass(eq=False)
class Reordering(OrderTheory):
    """Any other orders; `better[i][a, b]` is the variable "a is better than b for i", -1 for none."""

    prices: Sequence[float]
    better: dict[int, NDArray[np.int64]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        for i, rank in enumerate(self.before):
            self._add_pairs(i, rank, self.prices[i])

    def _add_pairs(self, i: int, rank: Ranks, price: float) -> None:
        """Add the variables of an actor, who changes nothing where its price is infinite."""
        found = np.full((rank.size, rank.size), -1, dtype=np.int64)
        for a in range(rank.size):
            for b in range(a):
                first, second = (a, b) if rank[a] >= rank[b] else (b, a)
                up, down = self.choice(), self.choice()
                found[first, second], found[second, first] = up, down
                tied = rank[a] == rank[b]
                self.program.row({up: 1.0, down: 1.0}, most=1.0)
                if not math.isfinite(price):
                    self.program.exactly([(up, 1.0)], float(not tied))
                    self.program.exactly([(down, 1.0)], 0.0)
                elif tied:
                    self.program.cost[up] = self.program.cost[down] = price / 2
                else:
                    lost = self.program.column(cost=price / 2)  # 1 where the first is no longer better
                    self.program.row({lost: 1.0, up: 1.0}, least=1.0)
                    self.program.cost[down] = price / 2
        self.better[i] = found

    def amend(self, values: Array) -> bool:
        """Add, where a is better than c, that b is worse than a or better than c."""
        added = 0
        for i, variables in self.better.items():
            better = self.truth(i, values)
            broken = better[:, None, :] & ~better[:, :, None] & ~better[None, :, :]  # (a, b, c)
            triples = np.argwhere(broken)[:MOST_ROWS].tolist()
            for a, b, c in triples:
                row = {int(variables[a, c]): 1.0, int(variables[a, b]): -1.0, int(variables[b, c]): -1.0}
                self.program.row(row, most=0.0)
            added += len(triples)
        return added > 0

    def truth(self, i: int, values: Array) -> Mask:
        """Return which is better than which for an actor; the diagonal has no variables (-1) and is false."""
        return np.asarray(np.append(values, 0.0)[self.better[i]] > 0.5)

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact."""
        if not isinstance(fact, Down):
            return int(self.better[fact.actor][fact.target, fact.source])
        if fact.state == self.question.state:
            return True
        return self.choice(none=[int(self.better[fact.actor][fact.state, self.question.state])])

    def ranks(self, values: Array) -> Ranks:
        """Return the orders that the pairs add up to."""
        worse = [self.truth(i, values).sum(axis=1) for i in self.better]
        return np.array([np.unique(row, return_inverse=True)[1].reshape(-1) for row in worse], dtype=np.int32)


def orders_lever(task: Task) -> Lever:
    """Return the nearest orders; when the search is given up, a rise with the bound proven until then."""
    if task.view.count > MOST_ORDERED:
        return Lever.skipped("orders", f"it is for games of at most {MOST_ORDERED} states")
    question, effort, prices = task.question, task.effort, task.order_prices

    def told(after: Ranks) -> Told:
        changed = [i for i in range(len(after)) if distance(task.ranks[i], after[i])]
        return [_reordered(task, after, i) for i in changed], task.ranking(after, changed)

    theory = Reordering(question, task.ranks, prices)
    remedy = cutting_planes(theory, effort)
    if remedy.values is not None or math.isinf(remedy.bound):
        return task.told("orders", remedy, theory, lambda one, values: told(one.ranks(values)))
    risen = promote(question, task.ranks, prices, effort.renew())
    found = replace(risen, bound=remedy.bound, tried=remedy.clauses)
    return task.combined("orders", found, lambda chosen: told(chosen.ranks))


def distance(before: Ranks, after: Ranks) -> float:
    """Return Kendall's distance between two orders of the same states, shape (m,), a tie counting half."""
    turned = np.sign(before[:, None] - before) - np.sign(after[:, None] - after)
    return float(np.abs(turned).sum()) / 4


def _reordered(task: Task, after: Ranks, i: int) -> Change:
    def told(rank: Ranks) -> str:
        levels = [[task.view.text(int(s)) for s in np.flatnonzero(rank == r)] for r in np.unique(rank)[::-1]]
        return " > ".join(" = ".join(group) for group in levels)

    before, new = task.ranks[i], after[i]
    gain = np.sign(new[:, None] - new) - np.sign(before[:, None] - before)
    pairs = [(int(a), int(b)) for a, b in np.argwhere(gain > 0)]
    named = "; ".join(
        f"{task.place(a)} {'at least as much as' if new[a] == new[b] else 'more than'} {task.place(b)}"
        for a, b in pairs[:MOST_NAMED]
    )
    more = f"; and {len(pairs) - MOST_NAMED} more pairs" if len(pairs) > MOST_NAMED else ""
    cost, without = task.order_prices[i] * distance(before, new), task.without(after, i)
    return task.change(i, "order", told(before), told(new), cost, f"value {named}{more}.", without)
