"""Which statements would have to come first? The least change in an actor's priorities, or a new one on top.

Priorities are a list of statements, the most important first. Of two states the one is better at which the first
statement holds on which they differ. The distance between two lists is the number of swaps of neighbours between
them (Kendall), so every pair of statements has a variable that says which comes first.

A new statement on top says of some options that they are as in the chosen state, and costs as many options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeVar

import numpy as np

from detente.case.parts.game.statement import Statement
from detente.lenses.programs import Array
from detente.lenses.stability.inverse.question import Down, Fact, Question
from detente.lenses.stability.inverse.rankings import MOST_NAMED, PairTheory
from detente.lenses.stability.inverse.search import OrderTheory
from detente.lenses.stability.inverse.task import Task, Told
from detente.lenses.stability.levers import Change, Kind, Lever
from detente.lenses.stability.orders import prioritised
from detente.lenses.stability.space import Mask, Ranks

Changed = tuple[int, ...]  # the new order of an actor's statements, or the options that its new one names


@dataclass(eq=False)
class Rearrangement(PairTheory):
    """Statements in another order; truth has shape (h, m) for each actor that has statements."""

    truths: Mapping[int, Mask]

    def __post_init__(self) -> None:
        super().__post_init__()
        for i, truth in self.truths.items():
            self.pairs(i, np.arange(len(truth), dtype=np.int32)[::-1], strict=True)

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact, or whether it holds in any case."""
        e = self.question.state
        # A state is no better than e where the first statement on which they differ holds at e, or there is none.
        good, bad = (e, fact.state) if isinstance(fact, Down) else (fact.target, fact.source)
        if fact.actor not in self.truths:
            rank = self.before[fact.actor]
            return bool(rank[good] > rank[bad] or (isinstance(fact, Down) and rank[good] == rank[bad]))
        truth = self.truths[fact.actor]
        speaking, against = (
            np.flatnonzero(truth[:, one] & ~truth[:, other]).tolist()
            for one, other in ((good, bad), (bad, good))
        )
        if not against:
            return isinstance(fact, Down) or bool(speaking)
        better = self.better[fact.actor]
        first = [self.choice(every=(int(better[k, j]) for j in against)) for k in speaking]
        return self.some_of(first) if first else False

    def made(self, values: Array) -> dict[int, Changed]:
        """Return the new order of the statements of each actor that changes it."""
        wins = {i: self.truth(i, values).sum(axis=1) for i in self.truths}
        orders = {i: tuple(np.argsort(-won, kind="stable").tolist()) for i, won in wins.items()}
        return {i: order for i, order in orders.items() if turned(order)}

    def ranks(self, values: Array) -> Ranks:
        """Return the orders of the states that the statements give."""
        after = self.before.copy()
        for i, order in self.made(values).items():
            after[i] = in_order(self.truths[i], order)
        return after


def in_order(truth: Mask, order: Sequence[int]) -> Ranks:
    """Return the ranks, shape (m,), that statements with truth of shape (h, m) give in that order."""
    return prioritised(np.ones(truth.shape[1], dtype=np.bool_), truth[list(order)])


def turned(order: Iterable[int]) -> list[tuple[int, int]]:
    """Return the pairs that stand the other way round than in 0, 1, 2, …: as many as swaps of neighbours.

    >>> turned([2, 0, 1])
    [(2, 0), (2, 1)]
    """
    return [(a, b) for a, b in combinations(order, 2) if a > b]


def reorder_lever(task: Task) -> Lever:
    """Return the least change in the order of priorities."""
    truths, prices = task.truths, task.order_prices

    def tell(i: int, order: Changed) -> tuple[float, str, str, str, list[Any]]:
        preference, stands = task.view.orders.preferences[i], task.statements(i)
        texts = [wish.statement.text for wish in preference.statements]
        wishes = [task.wish(wish.statement) for wish in preference.statements]
        first = turned(order)
        named = "; ".join(f"{wishes[a]} – before {wishes[b]}" for a, b in first[:MOST_NAMED])
        more = "; and so on" if len(first) > MOST_NAMED else ""
        after, told = " > ".join(texts[k] for k in order), f"put first: {named}{more}."
        return prices[i] * len(first), " > ".join(texts), after, told, [stands[k] for k in order]

    return _lever(task, "reorder", lambda one: Rearrangement(one, task.ranks, prices, truths), tell)


# --- a new one on top -----------------------------------------------------------------------------


@dataclass(eq=False)
class Topping(OrderTheory):
    """A new first statement for some actors: a variable for each and each option that it may name."""

    prices: Mapping[int, float]
    taken: Mask  # which options are taken in each state, shape (n, m)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.differs = self.taken != self.taken[:, [self.question.state]]
        self.named = {i: [self.choice(price) for _ in self.taken] for i, price in self.prices.items()}

    def _apart(self, i: int, s: int) -> list[int]:
        """Return the variables that, where one is 1, make the new statement false at a state."""
        return [variable for variable, apart in zip(self.named[i], self.differs[:, s], strict=True) if apart]

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact, or whether it holds in any case."""
        i, e = fact.actor, self.question.state
        rank = self.before[i]
        if isinstance(fact, Down):
            if rank[fact.state] <= rank[e]:
                return True
            differs = self._apart(i, fact.state) if i in self.named else []
            return self.some_of(differs) if differs else False
        gains = bool(rank[fact.target] > rank[fact.source])
        if i not in self.named:
            return gains
        # It pays where the statement holds at the end only, or where it makes no difference and the end is better.
        false, true = self._apart(i, fact.source), self.choice(none=self._apart(i, fact.target))
        if gains:
            return self.some_of([*false, true])
        return self.choice(every=[true, self.some_of(false)])

    def made(self, values: Array) -> dict[int, Changed]:
        """Return the options that the new statements name, of each actor that has one."""
        named = {i: tuple(np.flatnonzero(values[of] > 0.5).tolist()) for i, of in self.named.items()}
        return {i: options for i, options in named.items() if options}

    def ranks(self, values: Array) -> Ranks:
        """Return the orders with the new statements on top."""
        after = self.before.copy()
        for i, named in self.made(values).items():
            after[i] += np.where(self.differs[list(named)].any(axis=0), 0, after[i].max() + 1)
        return after


def top_lever(task: Task) -> Lever:
    """Return the shortest statements that would have to come first."""
    e, names = task.state, task.view.names
    prices = {i: task.order_prices[i] for i in task.truths}
    letters = [members[0] for members in task.view.states.members]  # of a merged state, of its first member
    taken = np.array([[text[o] == "Y" for text in letters] for o in range(len(names))])

    def tell(i: int, named: Changed) -> tuple[float, str, str, str, list[Any]]:
        text = " and ".join(names[o] if taken[o, e] else f"not {names[o]}" for o in named)
        before = task.view.orders.preferences[i].statements[0].statement.text
        told = f"want before all else: {task.wish(Statement.parse(text))}."
        return prices[i] * len(named), before, text, told, [text, *task.statements(i)]

    return _lever(task, "top", lambda one: Topping(one, task.ranks, prices, taken), tell)


# --- what both share ------------------------------------------------------------------------------

T = TypeVar("T", Rearrangement, Topping)


def _lever(
    task: Task,
    kind: Kind,
    theory_of: Callable[[Question], T],
    tell: Callable[[int, Changed], tuple[float, str, str, str, list[Any]]],
) -> Lever:
    """Return the cheapest change of the actors' priorities.

    ``tell`` gives its cost, what they are and would have to be, the end of a sentence, and the new statements.
    """
    if not task.truths:
        return Lever.skipped(kind, "nobody's preference is a list of priorities")

    def told(theory: T, values: Array) -> Told:
        changes, edits, after = list[Change](), dict[str, Any](), theory.ranks(values)
        for i, change in theory.made(values).items():
            cost, before, new, sentence, statements = tell(i, change)
            without = task.without(after, i)
            changes.append(task.change(i, "priorities", before, new, cost, sentence, without))
            edits[f"game.preferences.{task.view.actors[i]}"] = {"statements": statements}
        return changes, edits

    return task.lever(kind, theory_of, told)
