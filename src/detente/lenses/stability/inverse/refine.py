"""How is the cheapest change of orders found, and proven? Solve, check, add a clause, until the check passes.

The program starts without any demand. Its cheapest solution is judged; every improvement that nothing deters
yields a clause that each remedy must satisfy, and the program is solved again. All clauses are necessary, so the
optimum of the program is a lower bound at every stage, and the first solution that passes is a cheapest one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.program import Program, Vector
from detente.lenses.stability.inverse.question import Clause, Fact, Question
from detente.lenses.stability.space import Ranks


class Theory(Protocol):
    """A kind of change to the orders: its variables stand in a program."""

    program: Program

    def fact(self, fact: Fact) -> int | bool:
        """Return a variable that is 1 only where a fact holds, or whether it holds in any case."""

    def ranks(self, values: Vector) -> Ranks:
        """Return the orders that values of the variables stand for, shape (k, m)."""

    def amend(self, values: Vector) -> bool:
        """Add rows that the values break and every meaningful solution satisfies; tell whether there were any."""


@dataclass(frozen=True, eq=False)
class Remedy:
    """A cheapest change of orders, or as much as is known of it.

    Attributes:
        ranks: the new orders, shape (k, m); ``None`` when none was found.
        values: of the variables.
        cost: of the change, infinite when none was found.
        bound: no change costs less; infinite when none exists.
        clauses: how many clauses the proof rests on.
    """

    ranks: Ranks | None
    values: Vector | None
    cost: float
    bound: float
    clauses: int


def refine(question: Question, theory: Theory, effort: Effort) -> Remedy:
    """Return the cheapest change that makes the state hold.

    Args:
        question: the state and the concept.
        theory: the kind of change.
        effort: after which the search is given up; the bound proven by then is returned.
    """
    bound, clauses = 0.0, 0
    floors: set[tuple[int, int]] = set()
    while not effort.over:
        solution = theory.program.solve(effort)
        bound = max(bound, solution.bound)
        if solution.values is None:
            return Remedy(None, None, math.inf, bound, clauses)
        if theory.amend(solution.values):
            continue
        ranks = theory.ranks(solution.values)
        effort.spend(question.judging)
        failures = question.failures(ranks)
        if not failures:
            return Remedy(ranks, solution.values, solution.cost, bound, clauses)
        for failure in failures:
            _demand(theory, question.clause(failure, ranks))
            clauses += 1
            if question.concept == "seq" and (failure.actor, failure.to) not in floors:
                floors.add((failure.actor, failure.to))
                _demand(theory, question.floor(failure))
    return Remedy(None, None, math.inf, bound, clauses)


def _demand(theory: Theory, clause: Clause) -> None:
    """Require one of the alternatives."""
    options: dict[int, float] = {}
    for alternative in clause:
        facts = [theory.fact(fact) for fact in alternative]
        if any(fact is False for fact in facts):
            continue
        needed = sorted({fact for fact in facts if fact is not True})
        if not needed:
            return
        if len(needed) == 1:
            options[needed[0]] = 1.0
            continue
        together = theory.program.choice()
        for variable in needed:
            theory.program.require({together: 1.0, variable: -1.0}, high=0.0)
        options[together] = 1.0
    theory.program.require(options, low=1.0)
