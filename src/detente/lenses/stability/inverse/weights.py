"""How much more or less would a consideration have to count? The least change of weights by which a state holds.

A state q is no better than the chosen e when the weights of what holds at q add up to no more: a linear condition
on the weights, whose coefficients are the truth of the statements at q less that at e. States with the same
coefficients share one variable of choice. The change of a weight is counted in standard deviations where it is
doubtful, and else in hundredths of the actor's total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.lenses.programs import Array
from detente.lenses.stability.inverse.question import Down, Fact
from detente.lenses.stability.inverse.search import OrderTheory
from detente.lenses.stability.inverse.task import Task, Told
from detente.lenses.stability.levers import Change, Lever
from detente.lenses.stability.orders import TIE, score_ranks
from detente.lenses.stability.space import Mask, Ranks

STRICTLY = 1e-4
"""Share of an actor's total by which a move must gain to count as one that pays; far above what the solver's
tolerance (1e-6, times the largest coefficient) can make up."""
SMALLEST = 1e-10  # share of an actor's total below which a difference is the solver's rounding
PER_CENT = 0.01


@dataclass(frozen=True, eq=False)
class Scale:
    """The weights of one actor."""

    truth: Mask  # whether each statement holds in each state, shape (h, m)
    weights: Array  # of the statements, shape (h,)
    units: Array  # change of each weight that costs 1, shape (h,); 0 where it must not change

    @property
    def total(self) -> float:
        """Sum of the weights, or 1 where they are all 0."""
        return float(np.abs(self.weights).sum()) or 1.0

    def ranks(self, weights: Array) -> Ranks:
        """Return the order that other weights of the same statements give, shape (m,)."""
        return score_ranks(weights @ self.truth, TIE * float(np.abs(weights).sum()))


@dataclass(eq=False)
class Reweighting(OrderTheory):
    """New weights, as shares of each actor's present total."""

    scales: Mapping[int, Scale]

    def __post_init__(self) -> None:
        super().__post_init__()
        self.shares = {i: self._amounts(scale) for i, scale in self.scales.items()}
        self._choices: dict[tuple[int, bool, bytes], int] = {}

    def _amounts(self, scale: Scale) -> list[int]:
        free = scale.units > 0
        most = float((np.abs(scale.weights[free]) / scale.units[free]).sum())  # the cost of all weights 0
        found = []
        for weight, unit in zip(scale.weights, scale.units, strict=True):
            share = float(weight) / scale.total
            room = float(unit) * most / scale.total
            value = self.program.column(min(share, 0.0) if room else share, share + room)
            if room:
                change = self.program.column(cost=scale.total / float(unit))
                self.program.row({change: 1.0, value: -1.0}, least=-share)
                self.program.row({change: 1.0, value: 1.0}, least=share)
            found.append(value)
        return found

    def fact(self, fact: Fact) -> int | bool:
        """Return the variable of a fact, or whether it holds in any case."""
        i, pays = fact.actor, not isinstance(fact, Down)
        first, second = (
            (fact.state, self.question.state) if isinstance(fact, Down) else (fact.target, fact.source)
        )
        if i not in self.scales:
            return bool(self.before[i, first] > self.before[i, second]) == pays
        truth = self.scales[i].truth.astype(np.int8)
        gain = truth[:, first] - truth[:, second]
        if not (gain > 0).any() and not any(self.program.lower[v] < 0 for v in self.shares[i]):
            return not pays
        key = (i, pays, gain.tobytes())
        if key not in self._choices:
            self._choices[key] = self._choice(i, gain, pays=pays)
        return self._choices[key]

    def _choice(self, i: int, gain: NDArray[np.int8], *, pays: bool) -> int:
        """Add a variable that is 1 only where Σ gain · weight is at most 0, or above 0 if the move is to pay."""
        lower, upper = self.program.lower, self.program.upper
        row = {v: float(g) for v, g in zip(self.shares[i], gain, strict=True) if g}
        greatest = sum(max(g * lower[v], g * upper[v]) for v, g in row.items())
        least = sum(min(g * lower[v], g * upper[v]) for v, g in row.items())
        variable = self.choice()
        if pays:
            self.program.row({**row, variable: least - STRICTLY}, least=least)
        else:
            self.program.row({**row, variable: greatest}, most=greatest)
        return variable

    def ranks(self, values: Array) -> Ranks:
        """Return the orders that the new weights give."""
        after = self.before.copy()
        for i, weights in self.weights(values).items():
            after[i] = self.scales[i].ranks(weights)
        return after

    def weights(self, values: Array) -> dict[int, Array]:
        """Return the new weights of each actor, without the solver's rounding."""
        found = {}
        for i, variables in self.shares.items():
            scale = self.scales[i]
            new = values[variables] * scale.total
            same = np.abs(new - scale.weights) < SMALLEST * scale.total
            new = np.where(np.abs(new) < SMALLEST * scale.total, 0.0, new)
            found[i] = np.where(same, scale.weights, new)
        return found


# --- told -----------------------------------------------------------------------------------------


def weights_lever(task: Task) -> Lever:
    """Return the least change of weights."""
    scales = {i: _scale(task, i) for i, one in enumerate(task.view.orders.preferences) if one.weights}
    if not scales:
        return Lever.skipped("weights", "nobody's preference is a list of weights")

    def told(theory: Reweighting, values: Array) -> Told:
        changes, edits, after = list[Change](), dict[str, Any](), theory.ranks(values)
        for i, new in theory.weights(values).items():
            for n in np.flatnonzero(new != scales[i].weights).tolist():
                changes.append(_weighed(task, after, i, n, scales[i], new))
                edits[_paths(task, i)[n]] = float(new[n])
        return changes, edits

    return task.lever("weights", lambda one: Reweighting(one, task.ranks, scales), told)


def _paths(task: Task, i: int) -> list[str]:
    actor, weights = task.view.actors[i], task.view.orders.preferences[i].weights
    return [f"game.preferences.{actor}.weights.{name}.weight" for name in weights]


def _scale(task: Task, i: int) -> Scale:
    """Return the weights of an actor; a unit is the standard deviation, else a hundredth of the total."""
    actor, table, weights = task.view.actors[i], task.view.table, task.view.orders.preferences[i].weights
    means = np.array([table.means[table.column(path)] for path in _paths(task, i)])
    total = float(np.abs(means).sum()) or 1.0
    deviations = [task.view.orders.deviations[path] for path in _paths(task, i)]
    order = task.prices.order(actor)
    prices = np.array([task.prices.of("weights", actor, name, otherwise=order) for name in weights])
    units = np.array([sd if sd > 0 else PER_CENT * total for sd in deviations]) / prices
    truth = np.array([task.view.states.of_statement(wish.statement) for wish in weights.values()])
    return Scale(truth, means, units)


def _weighed(task: Task, after: Ranks, i: int, n: int, scale: Scale, new: Array) -> Change:
    partly, weights = after.copy(), new.copy()
    weights[n] = scale.weights[n]
    partly[i] = scale.ranks(weights)
    name, wish = list(task.view.orders.preferences[i].weights.items())[n]
    old, cost = scale.weights[n], abs(float(new[n] - scale.weights[n])) / float(scale.units[n])
    told = f"give a weight of {new[n]:.3g} instead of {old:.3g} to: {task.wish(wish.statement)}."
    return task.change(i, name, f"{old:.4g}", f"{new[n]:.4g}", cost, told, task.undeterred(partly))
