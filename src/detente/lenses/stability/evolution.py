"""How does one get there from today? Shortest legal paths from the status quo, by improvements or by any moves.

Nobody, and no set of actors that moves together, moves twice in a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.stable import deterrence

UNREACHED = -1


@dataclass(frozen=True, slots=True)
class Step:
    """One move on a path: who moves (a row of the graph's moves), and to which state."""

    actor: int
    to: int


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
    _depth: np.ndarray[tuple[int, int], np.dtype[np.int32]]

    @classmethod
    def of(cls, graph: Graph, start: int, ranks: Ranks | None = None) -> Evolution:
        """Search from ``start``; only improvements when ``ranks``, shape (k, m), are given."""
        if ranks is not None:
            graph = graph.keeping(graph.improvements(ranks))
        nobody = len(graph.movers)
        depth = np.full((graph.states, nobody + 1), UNREACHED, dtype=np.int32)
        depth[start, nobody] = 0
        layer = [(start, nobody)]
        moves = 0
        while layer:
            moves += 1
            following = []
            for x, last in layer:
                for j, y in moves_after(graph, x, last):
                    if depth[y, j] == UNREACHED:
                        depth[y, j] = moves
                        following.append((y, j))
            layer = following
        most = np.iinfo(np.int32).max
        reached = np.where(depth == UNREACHED, most, depth).min(axis=1)
        distance = np.where(reached == most, UNREACHED, reached).astype(np.int32)
        return cls(graph, start, distance, depth)

    def paths(self, state: int) -> Iterator[tuple[Step, ...]]:
        """Yield every path of least length to a state, in the order of actors and states."""
        length = int(self.distance[state])
        if length == UNREACHED:
            return
        before = self._predecessors(state, length)
        stack: list[tuple[int, int, tuple[Step, ...]]] = [(self.start, len(self.graph.movers), ())]
        while stack:
            x, last, path = stack.pop()
            if len(path) == length:
                yield path
                continue
            steps = [
                (y, j, (*path, Step(j, y)))
                for j, y in moves_after(self.graph, x, last)
                if (y, j) in before[len(path) + 1]
            ]
            stack += reversed(steps)

    def _predecessors(self, state: int, length: int) -> list[set[tuple[int, int]]]:
        """Return, for every number of moves, the nodes from which the state can still be reached in time."""
        kept: list[set[tuple[int, int]]] = [set() for _ in range(length + 1)]
        movers = range(len(self.graph.movers))
        kept[length] = {(state, j) for j in (*movers, len(movers)) if self._depth[state, j] == length}
        for moves in range(length - 1, -1, -1):
            for y, j in kept[moves + 1]:
                for x in self.graph.into(j, y) if j < len(movers) else ():
                    before = np.flatnonzero(self._depth[x] == moves).tolist()
                    kept[moves].update((x, last) for last in before if last != j)
        return kept


def moves_after(graph: Graph, x: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield (mover, state) of every move from x that may follow a move of ``last``."""
    for j in range(len(graph.movers)):
        if j != last:
            for y in graph.moves(j, x).tolist():
                yield j, y


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
