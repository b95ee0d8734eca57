"""How is the analysis of one game told? Witnesses, paths, joint improvements and levers as records with names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from detente.lenses.stability.coalitions import COALITION_CONCEPTS, improvements
from detente.lenses.stability.evolution import UNREACHED, Evolution, Step, undeterred
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.horizon import horizons
from detente.lenses.stability.records import Arc, Deterrent, Jump, Move, MoveGraph, Reached, Why, apart
from detente.lenses.stability.relation import Relation
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.stable import CONCEPTS, thresholds
from detente.lenses.stability.view import StabilityView
from detente.lenses.stability.witness import (
    Answer,
    Chosen,
    Ends,
    Witness,
    coalition_witness,
    limited_witness,
    simultaneous_witness,
    witness,
)

MOST_PATHS = 5
MOST_DRAWN = 150
"""States that are drawn as a graph."""
MOST_GOALS = 24
"""States of a larger game that hold and are drawn."""
MOST_SEARCHED = 4_096
"""States of a game in which ways are looked for."""
MOST_JOINTLY = 16
"""States of which coalitions are told why they stay or leave."""


def why(
    view: StabilityView, relation: Relation, states: Iterable[int], goals: Iterable[int] = ()
) -> Iterator[Why]:
    """Yield a witness for every one of the states, every actor and every concept of single actors.

    Coalitions are told of at the first of ``goals`` and today only.
    """
    alone = [concept for concept in view.concepts if concept not in COALITION_CONCEPTS]
    ahead = max((int(concept[1:]) for concept in alone if concept[0] == "l"), default=0)
    ends, chosen = horizons(view.graph, relation.ranks, ahead) if ahead else [], Chosen()
    for s in states:
        for i in range(len(view.actors)):
            for concept in alone:
                yield _of_actor(view, relation, concept, i, s, ends, chosen)
    joint = [concept for concept in view.concepts if concept in COALITION_CONCEPTS]
    if joint:
        gains = improvements(view.reach, relation.ranks)
        today = [] if view.status_quo is None else [view.status_quo]
        for s in dict.fromkeys([*today, *list(goals)[:MOST_JOINTLY]]):
            for h, group in enumerate(view.reach.coalitions):
                if len(group) > 1:
                    for concept in joint:
                        yield _of_coalition(view, relation.ranks, concept, h, s, gains)


def _of_actor(
    view: StabilityView,
    relation: Relation,
    concept: str,
    i: int,
    s: int,
    ends: Sequence[Ends],
    chosen: Chosen,
) -> Why:
    if concept == "sim":
        assert view.states.form is not None  # noqa: S101 - judged for options only
        found = simultaneous_witness(view.states.form, view.graph, relation.ranks, i, s)
    elif concept in CONCEPTS:
        found = witness(view.graph, relation, concept, i, s)
    else:
        found = limited_witness(view.graph, relation.ranks, int(concept[1:]), i, s, ends, chosen)
    return _told(view, concept, (i,), s, found)


def _of_coalition(view: StabilityView, ranks: Ranks, concept: str, h: int, s: int, gains: Graph) -> Why:
    found = coalition_witness(view.reach, ranks, concept, h, s, gains)
    return _told(view, concept, view.reach.coalitions[h], s, found)


def _told(view: StabilityView, concept: str, group: tuple[int, ...], s: int, found: Witness) -> Why:
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
        sentence=_sentence(view, concept, group, s, found),
    )


def _mover(view: StabilityView, number: int) -> tuple[int, ...]:
    """Return who makes a step: a mover of the graph, or a coalition numbered after them."""
    movers = view.graph.movers
    return movers[number] if number < len(movers) else view.reach.coalitions[number - len(movers)]


def _moves(view: StabilityView, steps: Iterable[Step]) -> tuple[Move, ...]:
    return tuple(
        Move(actor="+".join(view.actors[i] for i in _mover(view, step.actor)), to=view.text(step.to))
        for step in steps
    )


def _sentence(view: StabilityView, concept: str, group: tuple[int, ...], s: int, found: Witness) -> str:
    who, here = names(view, group), place(view, s)
    if not found.moves:
        return f"{who} cannot move away from {here}."
    if not found.answers:
        if len(group) > 1:
            return f"{who} could together lead nowhere from {here} that is better for all of them."
        return f"{who} would gain nothing by moving from {here}."
    if not found.stable:
        return _leaving(view, concept, who, s, found.answers[0])
    told = "; ".join(_deterred(view, concept, s, answer) for answer in found.answers)
    escape = ", and there is no way out of that" if concept in ("smr", "csmr") else ""
    worse = f"one of {who}" if len(group) > 1 else who
    return f"{who} would stay at {here}: {told}, which is no better for {worse}{escape}."


def _leaving(view: StabilityView, concept: str, who: str, s: int, answer: Answer) -> str:
    here, step = place(view, s), changes(view, s, answer.to)
    if concept in ("nash", "cnash"):
        return f"{who} would gain by moving from {here}: {step}."
    if concept[0] == "l":
        after = _steps(view, answer.to, answer.sanction or ())
        expecting = f"expecting then {after}, which is better" if after else "with nothing to follow"
        return f"{who} would gain by moving from {here}: {step}, {expecting}."
    if concept == "sim":
        return f"{who} would gain by moving from {here}: {step}, whatever the others do at the same moment."
    kind = "answer of the others that pays for them" if concept in ("seq", "cseq") else "answer of the others"
    return f"{who} would gain by moving from {here}: {step}, and no {kind} would undo that."


def _deterred(view: StabilityView, concept: str, s: int, answer: Answer) -> str:
    step = changes(view, s, answer.to)
    if concept == "sim":
        steps = _steps(view, s, answer.sanction or ())
        meanwhile = f", met at the same moment by {steps}," if steps else ""
        return f"{step}{meanwhile} would end at {place(view, answer.end or 0)}"
    met = "followed" if concept[0] == "l" else "answered"
    return f"{step} would be {met} by {_steps(view, answer.to, answer.sanction or ())}"


def _steps(view: StabilityView, start: int, steps: Iterable[Step]) -> str:
    told, here = [], start
    for step in steps:
        told.append(f"{names(view, _mover(view, step.actor))} ({changes(view, here, step.to)})")
        here = step.to
    return ", then ".join(told)


def changes(view: StabilityView, s: int, q: int) -> str:
    """Return what differs between two states: options taken up, and options dropped; else the second state."""
    if view.states.form is None or view.states.classes is not None:
        return place(view, q)
    called = map(view.states.option_names.__getitem__, view.names)
    taken, left = apart(called, view.text(s), view.text(q))
    return ", ".join([*(f"“{name}”" for name in taken), *(f"no more “{name}”" for name in left)])


def names(view: StabilityView, group: tuple[int, ...]) -> str:
    """Return the names of some actors."""
    return " and ".join(name(view, i) for i in group)


def name(view: StabilityView, i: int) -> str:
    """Return the name of an actor."""
    return view.case.actors[view.actors[i]].name


def place(view: StabilityView, s: int) -> str:
    """Return a state in words, in quotation marks."""
    return f"“{view.words(s)}”"


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


def move_graph(view: StabilityView, relation: Relation, goals: Sequence[str]) -> MoveGraph:
    """Return the moves of a game; of one with many states only those that hold, and those on the ways there."""
    drawn = range(view.count) if view.count <= MOST_DRAWN else sorted(_telling(view, relation, goals))
    number = {s: k for k, s in enumerate(drawn)}
    distance: list[int | None] = [None] * len(number)
    if view.status_quo is not None:
        far = Evolution.of(view.graph, view.status_quo).distance
        distance = [None if far[s] == UNREACHED else int(far[s]) for s in drawn]
    return MoveGraph(
        states=tuple(map(view.text, drawn)),
        distance=tuple(distance),
        movers=tuple(map(view.mover, range(len(view.graph.movers)))),
        arcs=tuple(
            Arc(arc.mover, number[arc.start], number[arc.end], arc.gain)
            for arc in arcs(view, relation.ranks, drawn)
            if arc.end in number
        ),
    )


def arcs(view: StabilityView, ranks: Ranks, states: Iterable[int]) -> Iterator[Arc]:
    """Yield every move from some states, by numbers of states of the game."""
    starts = list(states)
    for mover, group in enumerate(view.graph.movers):
        for s in starts:
            for q in view.graph.moves(mover, s).tolist():
                yield Arc(mover, s, q, min(int(ranks[i, q]) - int(ranks[i, s]) for i in group))


def _telling(view: StabilityView, relation: Relation, goals: Sequence[str]) -> set[int]:
    """Return the status quo, the states that hold, the firmest first, and those on a shortest way to each."""
    today, ways = view.status_quo, []
    found = set() if today is None else {today}
    if today is not None and view.count <= MOST_SEARCHED:
        ways = [Evolution.of(view.graph, today, relation.ranks), Evolution.of(view.graph, today)]
    for goal in map(view.states.number, goals[:MOST_GOALS]):
        paths = (path for way in ways for path in way.paths(goal))
        more = {goal, *(step.to for step in next(paths, ()))}
        if len(found | more) > MOST_DRAWN:
            break
        found |= more
    return found


def jumps(view: StabilityView, ranks: Ranks, start: int) -> Iterator[Jump]:
    """Yield what coalitions of two or more could agree on at a state: all better off, where none gets alone."""
    gains = improvements(view.reach, ranks)
    for h, group in enumerate(view.reach.coalitions):
        if len(group) > 1:
            alone = {q for i in group for q in view.graph.moves(i, start).tolist()}
            for q in (q for q in gains.moves(h, start).tolist() if q not in alone):
                yield Jump(coalition=tuple(view.actors[i] for i in group), to=view.text(q))


def overtake(view: StabilityView, ranks: Ranks) -> dict[str, dict[str, dict[str, int]]]:
    """Return how far states that do not hold are from holding: concept → state → actor → number of states.

    A state s that is not stable for an actor becomes so exactly when it is raised to the rank T(s); it must then
    be at least as good as that many states that are now better. In option form this never disturbs the stability
    of s for the others: it can only make s the end of an improvement, and ending where one began deters.
    """
    if view.space is None:
        return {}
    concepts = [concept for concept in view.concepts if concept in CONCEPTS]
    found: dict[str, dict[str, dict[str, int]]] = {}
    for concept, level in thresholds(view.graph, ranks, concepts).items():
        states = found.setdefault(concept, {})
        for s in range(view.count):
            lacking = {
                actor: int(((ranks[i] > ranks[i, s]) & (ranks[i] <= level[i, s])).sum())
                for i, actor in enumerate(view.actors)
                if level[i, s] > ranks[i, s]
            }
            if lacking:
                states[view.text(s)] = lacking
    return found
