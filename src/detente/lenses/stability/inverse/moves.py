"""What would nobody have to be able to do? Options taken away or made one-way, states ruled out, moves barred.

Each such cut stops some moves. The cheapest set of cuts is found as a hitting set: an improvement that nothing
deters must itself be stopped, or one of the cuts that took away its deterrents must be spared, or (by SMR) every
escape from one of the answers must be stopped. Cuts only ever take moves away, so each of these clauses is
necessary, and the optimum of the program over the clauses found so far is a lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.program import Program
from detente.lenses.stability.inverse.question import Failure, Question
from detente.lenses.stability.space import BOTH, NOBODY, Mask, Ranks, Space

Kind = Literal["remove", "forward", "back", "ban", "bar"]


@dataclass(frozen=True, eq=False)
class Cut:
    """Something that takes moves away.

    Attributes:
        kind: ``remove`` (an option stays as it is in the chosen state), ``forward`` (once taken it stays taken),
            ``back`` (once dropped it stays dropped), ``ban`` (a state is ruled out), ``bar`` (one listed move is).
        what: number of the option, of the state, or of the move.
        cost: above 0; infinite where it must not be done.
        stops: which moves it takes away, shape (moves,).
    """

    kind: Kind
    what: int
    cost: float
    stops: Mask


@dataclass(frozen=True, eq=False)
class Cuts:
    """A cheapest set of cuts, or as much as is known of it.

    Attributes:
        chosen: the cuts; ``None`` when none was found.
        cost: of all, infinite when none was found.
        bound: no set costs less; infinite when none exists.
        clauses: how many clauses the proof rests on.
    """

    chosen: tuple[Cut, ...] | None
    cost: float
    bound: float
    clauses: int


def option_cuts(question: Question, space: Space) -> list[Cut]:
    """Return every option that could be taken away or made one-way, each at the cost 1."""
    codes = space.codes
    before, after = codes[question.graph.sources], codes[question.graph.targets]
    found = []
    for option, owner in enumerate(space.owners):
        if owner == NOBODY:
            continue
        bit = 1 << space.bit[option]
        dropped, taken = (before & ~after & bit) != 0, (after & ~before & bit) != 0
        found.append(Cut("remove", option, 1.0, dropped | taken))
        if space.directions[option] == BOTH:
            found += [Cut("forward", option, 1.0, dropped), Cut("back", option, 1.0, taken)]
    return [cut for cut in found if cut.stops.any()]


def state_cuts(question: Question, spared: Sequence[int] = ()) -> list[Cut]:
    """Return every state but the chosen one and those spared, each ruled out at the cost 1."""
    states = sorted(set(range(question.graph.states)) - {question.state, *spared})
    found = (Cut("ban", s, 1.0, np.asarray(question.graph.targets == s)) for s in states)
    return [cut for cut in found if cut.stops.any()]


def move_cuts(question: Question) -> list[Cut]:
    """Return every single move, barred at the cost 1."""
    count = question.graph.targets.size
    return [Cut("bar", move, 1.0, np.asarray(np.arange(count) == move)) for move in range(count)]


def kept(question: Question, chosen: Sequence[Cut]) -> Mask:
    """Return which moves are left, shape (moves,)."""
    left = np.ones(question.graph.targets.size, dtype=np.bool_)
    for cut in chosen:
        left &= ~cut.stops
    return left


class Cutting:
    """The choice of cuts as a program: a variable for each, and by SMR one for each answer that is closed off."""

    def __init__(self, question: Question, ranks: Ranks, cuts: Sequence[Cut]) -> None:
        self.question, self.ranks, self.cuts = question, ranks, cuts
        self.program = Program()
        for cut in cuts:
            self.program.choice(cut.cost)
        shape = (len(cuts), question.graph.targets.size)
        self.stops = np.array([cut.stops for cut in cuts], dtype=np.bool_).reshape(shape)
        self._closed: dict[tuple[int, int], int | None] = {}

    def left(self, made: Sequence[int]) -> Mask:
        """Return which moves are left after some cuts."""
        return np.asarray(~self.stops[list(made)].any(axis=0))

    def demand(self, made: Sequence[int], failure: Failure, effort: Effort) -> None:
        """Require what every remedy of a failure must do: make one cut of several, or spare one that was made."""
        harming, seen, escapes = list(made), failure, self.left(made)
        for cut in made:
            effort.spend(self.question.judging / self.question.graph.actors)
            fewer = [other for other in harming if other != cut]
            still = self.question.failure(failure.move, self.ranks, self.left(fewer), escapes)
            if still is not None:
                harming, seen = fewer, still
        helping = [cut for cut in self.stopping(failure.move) if cut not in harming]
        if self.question.concept == "smr":
            helping += self._answers(seen)
        row = dict.fromkeys(helping, 1.0) | dict.fromkeys(harming, -1.0)
        self.program.require(row, low=1.0 - len(harming))

    def stopping(self, move: int) -> list[int]:
        """Return the numbers of the cuts that take a move away."""
        return [int(cut) for cut in np.flatnonzero(self.stops[:, move])]

    def _answers(self, failure: Failure) -> list[int]:
        """Return a variable for each answer that would deter if the actor could not move on."""
        down = self.ranks[failure.actor] <= self.ranks[failure.actor, self.question.state]
        answers = np.flatnonzero(failure.seen.any(axis=1) & down).tolist()
        found = [self._close(failure.actor, answer, down) for answer in answers]
        return [variable for variable in found if variable is not None]

    def _close(self, i: int, answer: int, down: Mask) -> int | None:
        """Return a variable that is 1 only where an actor's every escape from an answer is stopped, if any."""
        if (i, answer) not in self._closed:
            graph = self.question.graph
            escapes = (graph.rows == i) & (graph.sources == answer) & ~down[graph.targets]
            stopping = [self.stopping(move) for move in np.flatnonzero(escapes).tolist()]
            variable = self.program.choice() if all(stopping) else None
            if variable is not None:
                for cuts in stopping:
                    self.program.require({variable: 1.0} | dict.fromkeys(cuts, -1.0), high=0.0)
            self._closed[i, answer] = variable
        return self._closed[i, answer]


def cheapest_cuts(
    question: Question, ranks: Ranks, cuts: Sequence[Cut], effort: Effort | None = None
) -> Cuts:
    """Return the cheapest set of cuts by which the chosen state holds.

    Args:
        question: the chosen state and the concept.
        ranks: shape (k, m).
        cuts: that may be made.
        effort: after which the search is given up, without end where left out; then the cuts, if any, leave
            nobody anything better to move to, with the bound proven until then.
    """
    effort = effort or Effort()
    if question.concept == "nash":  # nothing to search for: every improvement counts
        effort.renew()
    cutting = Cutting(question, ranks, cuts)
    bound, clauses = 0.0, 0
    while not effort.over:
        solution = cutting.program.solve(effort)
        bound = max(bound, solution.bound)
        if solution.values is None:
            break
        made = [n for n in range(len(cuts)) if solution.values[n] > 0.5]
        failures = question.failures(ranks, cutting.left(made))
        if not failures:
            return Cuts(tuple(cuts[n] for n in made), solution.cost, bound, clauses)
        for failure in failures:
            cutting.demand(made, failure, effort)
            clauses += 1
    if math.isinf(bound) or question.concept == "nash":
        return Cuts(None, math.inf, bound, clauses)
    nash = replace(question, concept="nash")  # what does by Nash does by any concept
    return replace(cheapest_cuts(nash, ranks, cuts, effort.renew()), bound=bound, clauses=clauses)
