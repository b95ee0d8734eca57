"""How is the analysis of one game told? Witnesses, paths and joint improvements as records with names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product

from detente.lenses.stability.coalitions import COALITION_CONCEPTS, improvements
from detente.lenses.stability.evolution import UNREACHED, Evolution, undeterred
from detente.lenses.stability.horizon import horizons
from detente.lenses.stability.records import Arc, Deterrent, Jump, Move, MoveGraph, Reached, Why
from detente.lenses.stability.relation import Relation
from detente.lenses.stability.result import StabilityResult
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.stable import CONCEPTS
from detente.lenses.stability.view import StabilityView
from detente.lenses.stability.walks import Step
from detente.lenses.stability.witness import (
    Witness,
    coalition_witness,
    limited_witness,
    simultaneous_witness,
    witness,
)

MOST_PATHS = 5
MOST_DRAWN = 150  # states that are drawn as a graph
MOST_JOINTLY = 16  # states of which coalitions are told why they stay or leave


def why(
    view: StabilityView, relation: Relation, states: Iterable[int], goals: Iterable[int] = ()
) -> Iterator[Why]:
    """Yield a witness for every one of the states, every actor and every concept of single actors.

    Coalitions are told of at the first of ``goals`` and today only.
    """
    graph, ranks, form = view.graph, relation.ranks, view.states.form
    alone = [concept for concept in view.concepts if concept not in COALITION_CONCEPTS]
    ahead = max((int(concept[1:]) for concept in alone if concept[0] == "l"), default=0)
    ends = horizons(graph, ranks, ahead) if ahead else []

    def found(concept: str, i: int, s: int) -> Witness:
        if concept == "sim" and form is not None:  # it is judged for options only
            return simultaneous_witness(form, graph, ranks, i, s)
        if concept in CONCEPTS:
            return witness(graph, relation, concept, i, s)
        return limited_witness(graph, ranks, int(concept[1:]), i, s, ends)

    for s, i, concept in product(states, range(len(view.actors)), alone):
        yield _recorded(view, concept, (i,), s, found(concept, i, s))
    if len(alone) < len(view.concepts):
        gains, today = improvements(view.reach, ranks), view.status_quo
        joint = [concept for concept in view.concepts if concept in COALITION_CONCEPTS]
        told_of = dict.fromkeys([*([] if today is None else [today]), *list(goals)[:MOST_JOINTLY]])
        groups = [(h, group) for h, group in enumerate(view.reach.coalitions) if len(group) > 1]
        for s, (h, group), concept in product(told_of, groups, joint):
            yield _recorded(
                view, concept, group, s, coalition_witness(view.reach, ranks, concept, h, s, gains)
            )


def _recorded(view: StabilityView, concept: str, group: tuple[int, ...], s: int, found: Witness) -> Why:
    return Why(
        state=view.text(s),
        actor="+".join(view.actors[i] for i in group),
        concept=concept,
        stable=found.stable,
        moves=found.moves,
        answers=tuple(
            Deterrent(
                to=view.text(answer.to),
                sanction=None if answer.sanction is None else _moves(view, answer.sanction),
                by=_moves(view, answer.by),
                end=None if answer.end is None else view.text(answer.end),
            )
            for answer in found.answers
        ),
        sentence="",
    )


def _moves(view: StabilityView, steps: Iterable[Step]) -> tuple[Move, ...]:
    """Return steps by names; who makes one is a mover of the graph, or a coalition numbered after them."""
    movers = view.graph.movers
    count = len(movers)
    groups = (
        (step, movers[n] if (n := step.actor) < count else view.reach.coalitions[n - count]) for step in steps
    )
    return tuple(
        Move(actor="+".join(view.actors[i] for i in group), to=view.text(step.to)) for step, group in groups
    )


def told(result: StabilityResult, one: Why) -> str:
    """Return in a sentence why a state is stable, or not."""
    who, here, concept = result.who(one.actor), f"“{result.named(one.state)}”", one.concept
    together = "+" in one.actor
    if not one.moves:
        return f"{who} cannot move away from {here}."
    if not one.answers:
        if together:
            return f"{who} could together lead nowhere from {here} that is better for all of them."
        return f"{who} would gain nothing by moving from {here}."
    if one.stable:
        answers = "; ".join(_deterred(result, one, answer) for answer in one.answers)
        escape = ", and there is no way out of that" if concept in ("smr", "csmr") else ""
        worse = f"one of {who}" if together else who
        return f"{who} would stay at {here}: {answers}, which is no better for {worse}{escape}."
    answer = one.answers[0]
    after = _steps(result, answer.to, answer.sanction or ())
    if concept in ("nash", "cnash"):
        and_then = ""
    elif concept[0] == "l":
        and_then = f", expecting then {after}, which is better" if after else ", with nothing to follow"
    elif concept == "sim":
        and_then = ", whatever the others do at the same moment"
    else:
        pays = " that pays for them" if concept in ("seq", "cseq") else ""
        and_then = f", and no answer of the others{pays} would undo that"
    return f"{who} would gain by moving from {here}: {result.changes(one.state, answer.to)}{and_then}."


def _deterred(result: StabilityResult, one: Why, answer: Deterrent) -> str:
    step, sanction = result.changes(one.state, answer.to), answer.sanction or ()
    if one.concept == "sim":
        met = " and ".join(_steps(result, one.state, [move]) for move in sanction)
        meanwhile = f", met at the same moment by {met}," if met else ""
        return f"{step}{meanwhile} would end at “{result.named(answer.end or one.state)}”"
    met = "followed" if one.concept[0] == "l" else "answered"
    return f"{step} would be {met} by {_steps(result, answer.to, sanction)}"


def _steps(result: StabilityResult, start: str, moves: Iterable[Move]) -> str:
    told, here = [], start
    for move in moves:
        told.append(f"{result.who(move.actor)} ({result.changes(here, move.to)})")
        here = move.to
    return ", then ".join(told)


def reached(view: StabilityView, relation: Relation, start: int, goals: Iterable[int]) -> Iterator[Reached]:
    """Yield how each goal is reached: by improvements, by those that nothing deters, and by any moves.

    Any moves are told of only where they are fewer than the improvements, and improvements that nothing deters
    only where improvements lead there at all. Where a comparison is unknown it is no improvement.
    """
    graph = view.graph
    paying = graph.keeping(relation.gains(graph))
    ways = {"improvements": Evolution.of(paying, start), "moves": Evolution.of(graph, start)}
    if not view.orders.has_unknown:
        ways["undeterred"] = Evolution.of(undeterred(graph, relation.ranks), start)
    for goal in goals:
        least = int(ways["improvements"].distance[goal])
        for by, evolution in ways.items():
            length = int(evolution.distance[goal])
            if (by == "moves" and length == least) or (by == "undeterred" and least == UNREACHED):
                continue
            paths = list(islice(evolution.paths(goal), MOST_PATHS + 1))
            yield Reached(
                state=view.text(goal),
                by=by,
                length=None if length == UNREACHED else length,
                paths=tuple(_moves(view, path) for path in paths[:MOST_PATHS]),
                complete=len(paths) <= MOST_PATHS,
            )


def move_graph(view: StabilityView, relation: Relation) -> MoveGraph | None:
    """Return the moves of a game, of no more states than can be drawn."""
    if view.count > MOST_DRAWN:
        return None
    distance: tuple[int | None, ...] = (None,) * view.count
    if view.status_quo is not None:
        far = Evolution.of(view.graph, view.status_quo).distance
        distance = tuple(None if one == UNREACHED else one for one in far.tolist())
    return MoveGraph(
        states=view.texts,
        distance=distance,
        movers=tuple(map(view.mover, range(len(view.graph.movers)))),
        arcs=tuple(arcs(view, relation.ranks)),
    )


def arcs(view: StabilityView, ranks: Ranks) -> Iterator[Arc]:
    """Yield every move, by numbers of states of the game."""
    for mover, group in enumerate(view.graph.movers):
        for s in range(view.count):
            for q in view.graph.moves(mover, s).tolist():
                yield Arc(mover, s, q, min(int(ranks[i, q]) - int(ranks[i, s]) for i in group))


def jumps(view: StabilityView, ranks: Ranks, start: int) -> Iterator[Jump]:
    """Yield what coalitions of two or more could agree on at a state: all better off, where none gets alone."""
    gains = improvements(view.reach, ranks)
    for h, group in enumerate(view.reach.coalitions):
        if len(group) > 1:
            alone = {q for i in group for q in view.graph.moves(i, start).tolist()}
            for q in (q for q in gains.moves(h, start).tolist() if q not in alone):
                yield Jump(coalition=tuple(view.actors[i] for i in group), to=view.text(q))
