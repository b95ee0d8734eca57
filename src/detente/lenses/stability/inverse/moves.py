"""What would nobody have to be able to do? Options taken away or made one-way, states ruled out, moves barred.

Each such cut stops some moves. The cheapest set of cuts is found as a hitting set: an improvement that nothing
deters must itself be stopped, or one of the cuts that took away its deterrents must be spared, or (by SMR) an
escape from an answer must be stopped. Cuts only ever take moves away, so each of these clauses is necessary, and
the optimum of the program over the clauses found so far is a lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

import numpy as np

from detente.lenses.stability.inverse.demote import ENOUGH
from detente.lenses.stability.inverse.program import Program
from detente.lenses.stability.inverse.question import Failure, Question
from detente.lenses.stability.inverse.refine import MOST_ROUNDS
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


def cheapest_cuts(question: Question, ranks: Ranks, cuts: Sequence[Cut], seconds: float = 10.0) -> Cuts:
    """Return the cheapest set of cuts by which the chosen state holds.

    Args:
        question: the chosen state and the concept.
        ranks: shape (k, m).
        cuts: that may be made.
        seconds: after which the search is given up; then the cuts, if any, leave nobody anything better to move
            to, with the bound proven until then.
    """
    end = perf_counter() + seconds
    program = Program()
    for cut in cuts:
        program.choice(cut.cost)
    stops = np.array([cut.stops for cut in cuts], dtype=np.bool_).reshape(
        len(cuts), question.graph.targets.size
    )
    bound, clauses = 0.0, 0
    for _ in range(MOST_ROUNDS):
        solution = program.solve(end - perf_counter())
        bound = max(bound, solution.bound)
        if solution.values is None:
            break
        made = [n for n in range(len(cuts)) if solution.values[n] > 0.5]
        failures = question.failures(ranks, _left(stops, made))
        if not failures:
            return Cuts(tuple(cuts[n] for n in made), solution.cost, bound, clauses)
        for failure in failures:
            helping, harming = _clause(question, ranks, stops, made, failure)
            row = dict.fromkeys(helping, 1.0) | dict.fromkeys(harming, -1.0)
            program.require(row, low=1.0 - len(harming))
            clauses += 1
        if perf_counter() > end:
            break
    if math.isinf(bound) or question.concept == "nash":
        return Cuts(None, math.inf, bound, clauses)
    firm = cheapest_cuts(
        replace(question, concept="nash"), ranks, cuts, max(seconds, ENOUGH)
    )  # it does by any concept
    return replace(firm, bound=bound, clauses=clauses)


def _left(stops: Mask, made: list[int]) -> Mask:
    return np.asarray(~stops[made].any(axis=0))


def _clause(
    question: Question, ranks: Ranks, stops: Mask, made: list[int], failure: Failure
) -> tuple[list[int], list[int]]:
    """Return cuts of which one has to be made, unless one of some others is spared."""
    harming, seen = list(made), failure
    for cut in made:
        fewer = [other for other in harming if other != cut]
        still = question.failure(failure.move, ranks, _left(stops, fewer))
        if still is not None:
            harming, seen = fewer, still
    needed = [failure.move]
    if question.concept == "smr":
        needed += _escapes(question, ranks, _left(stops, harming), seen)
    helping = np.flatnonzero(stops[:, needed].any(axis=1)).tolist()
    return [cut for cut in helping if cut not in harming], harming


def _escapes(question: Question, ranks: Ranks, left: Mask, failure: Failure) -> list[int]:
    """Return, for each answer that would deter if the actor could not move on, one move by which it can."""
    i = failure.actor
    down = ranks[i] <= ranks[i, question.state]
    answers = failure.seen.any(axis=1) & down
    open_ = (
        left & (question.graph.rows == i) & ~down[question.graph.targets] & answers[question.graph.sources]
    )
    moves = np.flatnonzero(open_)
    return [int(moves[n]) for n in np.unique(question.graph.sources[moves], return_index=True)[1]]
