"""How much more or less would a consideration have to count? The least change of weights by which a state holds.

A state q is no better than the chosen e when the weights of what holds at q add up to no more: a linear condition
on the weights, whose coefficients are the truth of the statements at q less that at e. States with the same
coefficients share one variable of choice. The change of a weight is counted in standard deviations where it is
doubtful, and else in hundredths of the actor's total.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.program import Program, Vector
from detente.lenses.stability.inverse.question import Down, Fact, Question
from detente.lenses.stability.inverse.refine import Remedy, refine
from detente.lenses.stability.preferences import TIE, score_ranks
from detente.lenses.stability.space import Mask, Ranks

STRICTLY = 1e-4
"""Share of an actor's total by which a move must gain to count as one that pays; far above what the solver's
tolerance (1e-6, times the largest coefficient) can make up."""
SMALLEST = 1e-10
"""Share of an actor's total below which a difference is the solver's rounding."""


@dataclass(frozen=True, eq=False)
class Scale:
    """The weights of one actor.

    Attributes:
        truth: whether each statement holds in each state, shape (h, m).
        weights: of the statements, shape (h,).
        units: change of each weight that costs 1, shape (h,); 0 where it must not change.
    """

    truth: Mask
    weights: Vector
    units: Vector

    @property
    def total(self) -> float:
        """Sum of the weights, or 1 where they are all 0."""
        return float(np.abs(self.weights).sum()) or 1.0


class Reweighting:
    """New weights, as shares of each actor's present total."""

    def __init__(self, question: Question, ranks: Ranks, scales: Mapping[int, Scale]) -> None:
        self.question, self.before, self.scales = question, ranks, scales
        self.program = Program()
        self.shares = {i: self._amounts(scale) for i, scale in scales.items()}
        self._choices: dict[tuple[int, bool, bytes], int] = {}

    def _amounts(self, scale: Scale) -> list[int]:
        free = scale.units > 0
        most = float((np.abs(scale.weights[free]) / scale.units[free]).sum())  # the cost of all weights 0
        found = []
        for weight, unit in zip(scale.weights, scale.units, strict=True):
            share = float(weight) / scale.total
            room = float(unit) * most / scale.total
            value = self.program.amount(low=min(share, 0.0) if room else share, high=share + room)
            if room:
                change = self.program.amount(scale.total / float(unit))
                self.program.require({change: 1.0, value: -1.0}, low=-share)
                self.program.require({change: 1.0, value: 1.0}, low=share)
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
        if not (gain > 0).any() and not any(self.program.lows[v] < 0 for v in self.shares[i]):
            return not pays
        key = (i, pays, gain.tobytes())
        if key not in self._choices:
            self._choices[key] = self._choice(i, gain, pays=pays)
        return self._choices[key]

    def _choice(self, i: int, gain: NDArray[np.int8], *, pays: bool) -> int:
        """Add a variable that is 1 only where Σ gain · weight is at most 0, or above 0 if the move is to pay."""
        lows, highs = self.program.lows, self.program.highs
        row = {v: float(g) for v, g in zip(self.shares[i], gain, strict=True) if g}
        greatest = sum(max(g * lows[v], g * highs[v]) for v, g in row.items())
        least = sum(min(g * lows[v], g * highs[v]) for v, g in row.items())
        variable = self.program.choice()
        if pays:
            self.program.require({**row, variable: least - STRICTLY}, low=least)
        else:
            self.program.require({**row, variable: greatest}, high=greatest)
        return variable

    def amend(self, values: Vector) -> bool:
        """Every choice has a meaning."""
        del values
        return False

    def ranks(self, values: Vector) -> Ranks:
        """Return the orders that the new weights give."""
        after = self.before.copy()
        for i, weights in self.weights(values).items():
            after[i] = score_ranks(weights @ self.scales[i].truth, TIE * float(np.abs(weights).sum()))
        return after

    def weights(self, values: Vector) -> dict[int, Vector]:
        """Return the new weights of each actor; the choices are kept and the amounts made exact."""
        program = self.program
        fixed = replace(program, lows=[*program.lows], highs=[*program.highs], whole=[0] * len(program.whole))
        for variable, whole in enumerate(self.program.whole):
            if whole:
                fixed.lows[variable] = fixed.highs[variable] = float(values[variable])
        again = fixed.solve(Effort())
        exact = values if again.values is None else again.values
        found = {}
        for i, variables in self.shares.items():
            scale = self.scales[i]
            new = exact[variables] * scale.total
            same = np.abs(new - scale.weights) < SMALLEST * scale.total
            new = np.where(np.abs(new) < SMALLEST * scale.total, 0.0, new)
            found[i] = np.where(same, scale.weights, new)
        return found


def reweigh(
    question: Question, ranks: Ranks, scales: Mapping[int, Scale], effort: Effort | None = None
) -> tuple[Remedy, dict[int, Vector]]:
    """Return the least change of weights by which the chosen state holds.

    Args:
        question: the chosen state and the concept.
        ranks: shape (k, m), of the present weights.
        scales: actor → its weights, for the actors that have some; the orders of the others stay.
        effort: after which the search is given up, without end where left out; then weights, if any, by which
            nobody has anything better to move to, with the bound proven until then.

    Returns:
        The remedy, and actor → new weights.
    """
    effort = effort or Effort()
    if question.concept == "nash":  # nothing to search for: every improvement counts
        effort.renew()
    theory = Reweighting(question, np.asarray(ranks, dtype=np.int32), scales)
    remedy = refine(question, theory, effort)
    if remedy.values is not None:
        return remedy, theory.weights(remedy.values)
    if math.isinf(remedy.bound) or question.concept == "nash":
        return remedy, {}
    nash = replace(question, concept="nash")  # what does by Nash does by any concept
    firm, found = reweigh(nash, ranks, scales, effort.renew())
    return replace(firm, bound=remedy.bound, clauses=remedy.clauses), found
