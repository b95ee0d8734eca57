"""Why is a state stable, or not? The improvement, and the sequence that deters it, or that nothing does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detente.lenses.stability.evolution import Step
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Ranks


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one improvement.

    Attributes:
        to: the state that the actor would improve to.
        sanction: moves of others from there that end no better for it, as few as possible; ``None`` if there are
            none that count.
    """

    to: int
    sanction: tuple[Step, ...] | None


@dataclass(frozen=True, slots=True)
class Witness:
    """Why a state is stable for an actor, or not.

    Attributes:
        stable: the verdict.
        moves: how many moves the actor has from the state.
        answers: if stable, every improvement with its sanction; else the best improvement that nothing deters.
    """

    stable: bool
    moves: int
    answers: tuple[Answer, ...]


def witness(graph: Graph, ranks: Ranks, concept: str, i: int, s: int) -> Witness:
    """Return why state s is stable for actor i, or not, by ``nash``, ``gmr``, ``smr`` or ``seq``.

    Args:
        graph: states and moves.
        ranks: shape (k, m).
        concept: the concept.
        i: the actor.
        s: the state.
    """
    rank = ranks[i]
    moves = graph.moves(i, s).tolist()
    gains = sorted((q for q in moves if rank[q] > rank[s]), key=lambda q: (-int(rank[q]), q))

    def deters(c: int) -> bool:
        if rank[c] > rank[s]:
            return False
        return concept != "smr" or all(rank[d] <= rank[s] for d in graph.moves(i, c).tolist())

    answers = []
    for q in gains:
        sanction = None if concept == "nash" else _sanction(graph, ranks, i, q, deters, concept == "seq")
        if sanction is None:
            return Witness(stable=False, moves=len(moves), answers=(Answer(q, None),))
        answers.append(Answer(q, sanction))
    return Witness(stable=True, moves=len(moves), answers=tuple(answers))


def _sanction(
    graph: Graph, ranks: Ranks, i: int, q: int, deters: Callable[[int], bool], improving: bool
) -> tuple[Step, ...] | None:
    """Return a shortest legal sequence of the others from q to a state that deters, or ``None``."""
    came: dict[tuple[int, int], tuple[int, int]] = {}
    layer = [(q, i)]
    while layer:
        following: list[tuple[int, int]] = []
        for node in layer:
            for j, y in _others(graph, ranks, i, node, improving):
                if (y, j) not in came:
                    came[y, j] = node
                    if deters(y):
                        return _path(came, (y, j), (q, i))
                    following.append((y, j))
        layer = following
    return None


def _others(
    graph: Graph, ranks: Ranks, i: int, node: tuple[int, int], improving: bool
) -> Iterator[tuple[int, int]]:
    x, last = node
    for j in range(graph.actors):
        if j not in (i, last):
            for y in graph.moves(j, x).tolist():
                if not improving or ranks[j, y] > ranks[j, x]:
                    yield j, y


def _path(
    came: dict[tuple[int, int], tuple[int, int]], node: tuple[int, int], start: tuple[int, int]
) -> tuple[Step, ...]:
    steps = []
    while node != start:
        steps.append(Step(node[1], node[0]))
        node = came[node]
    return tuple(reversed(steps))
