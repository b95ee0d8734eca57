"""Who can move from which state to which, and which moves pay? What a picture of a game is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case import Case
from detente.lenses.stability import LENS, StabilityResult, StabilityView
from detente.lenses.stability.evolution import UNREACHED, Evolution
from detente.report.games.telling import way

MOST_STATES = 150  # states that are drawn as a graph
MOST_GOALS = 24  # states of a larger game that hold and are drawn
MOST_SEARCHED = 4_096  # states of a game in which ways are looked for


@dataclass(frozen=True, slots=True)
class Arc:
    """A move of one actor.

    Attributes:
        actor: its number.
        start: number of the state that it leaves.
        end: number of the state that it makes.
        gain: by how many ranks the state that it makes is better for the actor; at most 0 where it does not pay.
        step: place on the way from today to the firmest outcome, from 1; 0 for a move that is not on it.
    """

    actor: int
    start: int
    end: int
    gain: int
    step: int = 0

    @property
    def pays(self) -> bool:
        """Say whether the actor is better off."""
        return self.gain > 0


@dataclass(frozen=True, slots=True)
class MoveGraph:
    """The states of a game that are drawn, and the moves between them, every preference at its mean.

    Attributes:
        states: numbers of the states.
        texts: number → letters or id.
        layer: number → least number of moves from today, one more than the most where it is out of reach; without
            a status quo the number of options that are taken.
        out_of_reach: layer of what cannot be reached, ``None`` where all can be.
        today: number of the status quo.
        arcs: moves between these states.
        whole: whether these are all states.
    """

    states: tuple[int, ...]
    texts: dict[int, str]
    layer: dict[int, int]
    out_of_reach: int | None
    today: int | None
    arcs: tuple[Arc, ...]
    whole: bool

    def spanning(self) -> tuple[Arc, ...]:
        """Return the marked way, and moves that pay on a shortest way from today to each state they lead to."""
        onward: dict[int, list[Arc]] = {}
        for arc in self.arcs:
            if arc.pays:
                onward.setdefault(arc.start, []).append(arc)
        seen, layer = {self.today}, [] if self.today is None else [(self.today, -1)]
        found = [arc for arc in self.arcs if arc.step]
        visited: set[tuple[int, int]] = set()
        while layer:
            following = []
            for state, last in layer:
                for arc in onward.get(state, ()):
                    if arc.actor == last or (arc.end, arc.actor) in visited:
                        continue  # nobody moves twice in a row
                    visited.add((arc.end, arc.actor))
                    following.append((arc.end, arc.actor))
                    if arc.end not in seen:
                        seen.add(arc.end)
                        found.append(arc)
            layer = following
        return tuple(dict.fromkeys(found))


def move_graph(
    case: Case, result: StabilityResult, goal: str | None, holding: Sequence[str] = ()
) -> MoveGraph:
    """Return the moves of a game; of one with many states only those that hold, and those on the ways there.

    Args:
        case: with a game.
        result: of the lens on it.
        goal: the state to which a way is marked.
        holding: the states that hold, the firmest first.
    """
    view = LENS.view(case)
    found = range(view.count) if view.count <= MOST_STATES else _telling(view, holding)
    states = tuple(sorted(found))
    layer, out_of_reach = _layers(view, states)
    return MoveGraph(
        states=states,
        texts={s: view.text(s) for s in states},
        layer=layer,
        out_of_reach=out_of_reach,
        today=view.status_quo,
        arcs=tuple(_arcs(view, set(states), _steps(result, goal))),
        whole=len(states) == view.count,
    )


def _telling(view: StabilityView, goals: Sequence[str]) -> set[int]:
    """Return the status quo, the states that hold, the firmest first, and those on a shortest way to each."""
    number = {text: s for s, text in enumerate(view.texts)}
    today = view.status_quo
    found = set() if today is None else {today}
    ways = []
    if today is not None and view.count <= MOST_SEARCHED:
        ways = [
            Evolution.of(view.graph, today, view.ranks(view.table.means)),
            Evolution.of(view.graph, today),
        ]
    for goal in goals[:MOST_GOALS]:
        paths = (path for way in ways for path in way.paths(number[goal]))
        more = {number[goal], *(step.to for step in next(paths, ()))}
        if len(found | more) > MOST_STATES:
            break
        found |= more
    return found


def _layers(view: StabilityView, states: tuple[int, ...]) -> tuple[dict[int, int], int | None]:
    if view.status_quo is None:
        return {s: view.text(s).count("Y") if view.names else 0 for s in states}, None
    distance = Evolution.of(view.graph, view.status_quo).distance
    last = int(max(distance[list(states)], default=0)) + 1
    layer = {s: last if distance[s] == UNREACHED else int(distance[s]) for s in states}
    return layer, last if last in layer.values() else None


def _steps(result: StabilityResult, goal: str | None) -> dict[tuple[str, str, str], int]:
    """Return (actor, from, to) → place on the way from today to the goal, from 1."""
    reached = way(result, goal) if goal is not None else None
    found, here = {}, result.status_quo or ""
    for k, move in enumerate(reached.paths[0] if reached is not None and reached.paths else ()):
        found[move.actor, here, move.to] = k + 1
        here = move.to
    return found


def _arcs(view: StabilityView, states: set[int], steps: dict[tuple[str, str, str], int]) -> Iterator[Arc]:
    ranks = np.asarray(view.ranks(view.table.means), dtype=np.int64)
    for i, actor in enumerate(view.actors):
        for s in sorted(states):
            for q in view.graph.moves(i, s).tolist():
                if q in states:
                    gain = int(ranks[i, q] - ranks[i, s])
                    yield Arc(i, s, q, gain, steps.get((actor, view.text(s), view.text(q)), 0))
