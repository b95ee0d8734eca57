"""Why is a state stable, or not? The improvement, and the sequence that deters it, or that nothing does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from detente.lenses.stability.evolution import Step
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.unknown import BETTER, Comparisons, Variant, deterred_by, leaves_for

Node = tuple[int, int]  # state, who moved there last
Arcs = Callable[[Node], Iterable[tuple[int, int]]]  # node → (who, to) of what may follow


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one improvement.

    Attributes:
        to: the state that the actor would improve to.
        sanction: moves of others from there that end no better for it, as few as possible; ``None`` if there are
            none that count.
        by: how a coalition gets to the state; nothing for one actor, which moves at once.
        end: where the sanction leads, or what the actor expects in the end.
    """

    to: int
    sanction: tuple[Step, ...] | None
    by: tuple[Step, ...] = ()
    end: int | None = None


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


@dataclass(frozen=True)
class Tastes:
    """What drives actors to move and what deters them: their ranks, or comparisons of which some are unknown.

    Attributes:
        graph: states and moves.
        ranks: shape (k, m).
        compared: shape (k, m, m), or ``None`` where everything is known.
        variant: how the unknown is read.
    """

    graph: Graph
    ranks: Ranks
    compared: Comparisons | None = None
    variant: Variant = "a"

    def gains(self, i: int, s: int) -> list[int]:
        """Return the moves of an actor that it would make if nothing deterred it, the best first."""
        moves, rank = self.graph.moves(i, s).tolist(), self.ranks[i]
        if self.compared is None:
            found = [q for q in moves if rank[q] > rank[s]]
        else:
            leaves = leaves_for(self.compared[i, s], self.variant)
            found = [q for q in moves if leaves[q]]
        return sorted(found, key=lambda q: (-int(rank[q]), q))

    def fails(self, i: int, s: int, c: int) -> bool:
        """Tell whether ending at c is a failure for an actor that left s."""
        if self.compared is None:
            return bool(self.ranks[i, c] <= self.ranks[i, s])
        return bool(deterred_by(self.compared[i, s, c : c + 1], self.variant)[0])

    def pays(self, mover: int, x: int, y: int) -> bool:
        """Tell whether a mover would make a move in answer to another."""
        if self.compared is None:
            return self.graph.improves(self.ranks, mover, x, y)
        return all(self.compared[i, x, y] >= BETTER for i in self.graph.movers[mover])


def witness(
    graph: Graph, ranks: Ranks, concept: str, i: int, s: int, tastes: Tastes | None = None
) -> Witness:
    """Return why state s is stable for actor i, or not, by ``nash``, ``gmr``, ``smr`` or ``seq``.

    Args:
        graph: states and moves.
        ranks: shape (k, m).
        concept: the concept.
        i: the actor.
        s: the state.
        tastes: what to judge by in place of the ranks.
    """
    tastes = tastes or Tastes(graph, ranks)
    moves = len(graph.moves(i, s))

    def deters(c: int) -> bool:
        if not tastes.fails(i, s, c):
            return False
        return concept != "smr" or all(tastes.fails(i, s, d) for d in graph.moves(i, c).tolist())

    def others(node: Node) -> Iterator[tuple[int, int]]:
        x, last = node
        for j, members in enumerate(graph.movers):
            if j != last and i not in members:
                for y in graph.moves(j, x).tolist():
                    if concept != "seq" or tastes.pays(j, x, y):
                        yield j, y

    answers = []
    for q in tastes.gains(i, s):
        sanction = None if concept == "nash" else shortest(q, others, deters)
        if sanction is None:
            return Witness(stable=False, moves=moves, answers=(Answer(q, None),))
        answers.append(Answer(q, sanction, end=sanction[-1].to))
    return Witness(stable=True, moves=moves, answers=tuple(answers))


def shortest(start: int, arcs: Arcs, is_goal: Callable[[int], bool]) -> tuple[Step, ...] | None:
    """Return a shortest sequence of at least one step from a state to a goal, or ``None``.

    Args:
        start: the state.
        arcs: what may follow at a state after somebody's move; -1 stands for nobody.
        is_goal: which states are goals.
    """
    origin: Node = (start, -1)
    came: dict[Node, Node] = {}
    layer = [origin]
    while layer:
        following: list[Node] = []
        for node in layer:
            for j, y in arcs(node):
                if (y, j) not in came:
                    came[y, j] = node
                    if is_goal(y):
                        return _path(came, (y, j), origin)
                    following.append((y, j))
        layer = following
    return None


def _path(came: dict[Node, Node], node: Node, start: Node) -> tuple[Step, ...]:
    steps = []
    while node != start:
        steps.append(Step(node[1], node[0]))
        node = came[node]
    return tuple(reversed(steps))
