"""How is the analysis of one game told? Witnesses, paths, joint improvements and levers as records with names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from detente.lenses.stability import algebra
from detente.lenses.stability.coalitions import improvements
from detente.lenses.stability.evolution import UNREACHED, Evolution, Step
from detente.lenses.stability.result import Deterrent, Jump, Move, Reached, Why
from detente.lenses.stability.solve import by_code
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.view import StabilityView
from detente.lenses.stability.witness import Witness, witness

MOST_PATHS = 5


def explain(view: StabilityView, ranks: Ranks, concept: str, actor: str, state: str) -> Why:
    """Return why a state is stable for an actor, or not, by ``nash``, ``gmr``, ``smr`` or ``seq``.

    Args:
        view: the game.
        ranks: shape (k, m).
        concept: the concept.
        actor: id of the actor.
        state: letters or id of the state.
    """
    i, s = view.actors.index(actor), view.texts.index(state)
    return _told(view, concept, i, s, witness(view.graph, ranks, concept, i, s))


def why(view: StabilityView, ranks: Ranks, states: Iterable[int]) -> Iterator[Why]:
    """Yield a witness for every one of the states, every actor and every concept that has witnesses."""
    concepts = [concept for concept in view.concepts if concept in algebra.CONCEPTS]
    for s in states:
        for i in range(len(view.actors)):
            for concept in concepts:
                yield _told(view, concept, i, s, witness(view.graph, ranks, concept, i, s))


def _told(view: StabilityView, concept: str, i: int, s: int, found: Witness) -> Why:
    return Why(
        state=view.text(s),
        actor=view.actors[i],
        concept=concept,
        stable=found.stable,
        moves=found.moves,
        answers=tuple(
            Deterrent(
                to=view.text(answer.to),
                sanction=None if answer.sanction is None else _moves(view, answer.sanction),
            )
            for answer in found.answers
        ),
        sentence=_sentence(view, concept, i, s, found),
    )


def _moves(view: StabilityView, steps: Iterable[Step]) -> tuple[Move, ...]:
    return tuple(Move(actor=view.actors[step.actor], to=view.text(step.to)) for step in steps)


def _sentence(view: StabilityView, concept: str, i: int, s: int, found: Witness) -> str:
    who, here = name(view, i), place(view, s)
    if not found.moves:
        return f"{who} cannot move away from {here}."
    if not found.answers:
        return f"{who} has nothing better to move to from {here}."
    if not found.stable:
        to = place(view, found.answers[0].to)
        if concept == "nash":
            return f"{who} prefers to move from {here} to {to}."
        kind = "improvement" if concept == "seq" else "move"
        return f"{who} would move from {here} to {to}, and no {kind} of the others deters it."
    told = []
    for answer in found.answers:
        steps = ", then ".join(
            f"{name(view, step.actor)} to {place(view, step.to)}" for step in answer.sanction or ()
        )
        told.append(f"a move to {place(view, answer.to)} would be answered by {steps}")
    escape = ", and from there it cannot escape" if concept == "smr" else ""
    return f"{who} stays at {here}: {'; '.join(told)}, which is no better for it{escape}."


def name(view: StabilityView, i: int) -> str:
    """Return the name of an actor."""
    return view.case.actors[view.actors[i]].name


def place(view: StabilityView, s: int) -> str:
    """Return a state in words, in quotation marks."""
    return f"“{view.words(s)}”"


def reached(view: StabilityView, ranks: Ranks, start: int, goals: Iterable[int]) -> Iterator[Reached]:
    """Yield how each goal is reached: by improvements, and where that fails by any moves."""
    ways = (
        ("improvements", Evolution.of(view.graph, start, ranks)),
        ("moves", Evolution.of(view.graph, start)),
    )
    for goal in goals:
        for by, evolution in ways:
            length = int(evolution.distance[goal])
            if by == "moves" and length == int(ways[0][1].distance[goal]):
                continue  # the improvements are as short as can be
            paths = list(islice(evolution.paths(goal), MOST_PATHS + 1))
            yield Reached(
                state=view.text(goal),
                by=by,
                length=None if length == UNREACHED else length,
                paths=tuple(_moves(view, path) for path in paths[:MOST_PATHS]),
                complete=len(paths) <= MOST_PATHS,
            )


def jumps(view: StabilityView, ranks: Ranks, start: int) -> Iterator[Jump]:
    """Yield what coalitions of two or more could agree on at a state: all members better off."""
    gains = improvements(view.reach, ranks)[:, start]
    for group, to in zip(view.reach.coalitions, gains, strict=True):
        if len(group) > 1:
            for q in np.flatnonzero(to).tolist():
                yield Jump(coalition=tuple(view.actors[i] for i in group), to=view.text(q))


def overtake(view: StabilityView, ranks: Ranks) -> dict[str, dict[str, dict[str, int]]]:
    """Return how far states that do not hold are from holding: concept → state → actor → number of states.

    A state s that is not stable for an actor becomes so exactly when it is raised to the rank T(s); it must then
    be at least as good as that many states that are now better. In option form this never disturbs the stability
    of s for the others: it can only make s the end of an improvement, and ending where one began deters.
    """
    if view.space is None:
        return {}
    concepts = [concept for concept in view.concepts if concept in algebra.CONCEPTS]
    codes = view.space.codes
    levels = algebra.thresholds(view.space, by_code(view, ranks), concepts)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for concept, level in levels.items():
        states = found.setdefault(concept, {})
        for s, code in enumerate(codes.tolist()):
            lacking = {
                actor: int(((ranks[i] > ranks[i, s]) & (ranks[i] <= level[i, code])).sum())
                for i, actor in enumerate(view.actors)
                if level[i, code] > ranks[i, s]
            }
            if lacking:
                states[view.text(s)] = lacking
    return found
