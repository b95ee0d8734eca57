"""How does one get there from today? Shortest legal paths from the status quo, by improvements or by any moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.stable import deterrence
from detente.lenses.stability.walks import NOBODY, Node, Step, walked

UNREACHED = -1


@dataclass(frozen=True, eq=False)
class Evolution:
    """Everything within reach of a state along legal sequences: no actor moves twice in a row.

    Attributes:
        graph: states and the moves that are made.
        start: the state of departure.
        distance: least number of moves to each state, ``UNREACHED`` where none leads, shape (m,).
    """

    graph: Graph
    start: int
    distance: np.ndarray[tuple[int], np.dtype[np.int32]]
    _depth: dict[Node, int]

    @classmethod
    def of(cls, graph: Graph, start: int, ranks: Ranks | None = None) -> Evolution:
        """Search from ``start``; only improvements when ``ranks``, shape (k, m), are given."""
        if ranks is not None:
            graph = graph.keeping(graph.improvements(ranks))
        depth = {(start, NOBODY): 0}
        distance = np.full(graph.states, UNREACHED, dtype=np.int32)
        distance[start] = 0
        for node, before in walked(start, lambda node: moves_after(graph, *node)):
            depth[node] = depth[before] + 1
            if distance[node[0]] == UNREACHED:
                distance[node[0]] = depth[node]
        return cls(graph, start, distance, depth)

    def paths(self, state: int) -> Iterator[tuple[Step, ...]]:
        """Yield every path of least length to a state, in the order of actors and states."""
        length = int(self.distance[state])
        if length == UNREACHED:
            return
        before = self._predecessors(state, length)
        stack: list[tuple[Node, tuple[Step, ...]]] = [((self.start, NOBODY), ())]
        while stack:
            node, path = stack.pop()
            if len(path) == length:
                yield path
                continue
            following = (one for one in moves_after(self.graph, *node) if one in before[len(path) + 1])
            stack += reversed([(one, (*path, Step(one[1], one[0]))) for one in following])

    def _predecessors(self, state: int, length: int) -> list[set[Node]]:
        """Return, for every number of moves, the nodes from which the state can still be reached in time."""
        movers = range(NOBODY, len(self.graph.movers))
        kept: list[set[Node]] = [set() for _ in range(length + 1)]
        kept[length] = {(state, j) for j in movers if self._depth.get((state, j)) == length}
        for moves in range(length - 1, -1, -1):
            for y, j in kept[moves + 1]:
                nodes = ((x, last) for x in self.graph.into(j, y) for last in movers if last != j)
                kept[moves].update(node for node in nodes if self._depth.get(node) == moves)
        return kept


def moves_after(graph: Graph, x: int, last: int) -> Iterator[Node]:
    """Yield every move from x that may follow a move of ``last``: the state that it makes, and who makes it."""
    for j in range(len(graph.movers)):
        if j != last:
            for y in graph.moves(j, x).tolist():
                yield y, j


def undeterred(graph: Graph, ranks: Ranks) -> Graph:
    """Return the improvements that no improvements of the others deter: those that nobody need be afraid of.

    A move from x to y is deterred when the others' improvements can lead on to where somebody who made it is no
    better off than at x (sanctioned improvements; Fraser & Hipel 1984; Xu, Kilgour, Hipel & Kemkes 2010).
    """
    kept = graph.improvements(ranks)
    paying = graph.keeping(kept)
    for row, mover in enumerate(graph.movers):
        own = graph.rows == row
        for i in mover:
            others = tuple(j for j in mover if j != i)
            least = deterrence(paying, ranks, (i, *others))
            kept[own] &= least[graph.targets[own]] > ranks[i, graph.sources[own]]
    return graph.keeping(kept)
