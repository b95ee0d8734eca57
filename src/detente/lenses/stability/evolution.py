"""How does one get there from today? Shortest legal paths from the status quo, by improvements or by any moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.stable import deterrence
from detente.lenses.stability.walks import NOBODY, Node, Step, walked

UNREACHED = -1


@dataclass(frozen=True, eq=False)
class Evolution:
    """Everything within reach of a state along legal sequences: no actor moves twice in a row."""

    graph: Graph  # states and the moves that are made
    start: int  # the state of departure
    distance: np.ndarray[
        tuple[int], np.dtype[np.int32]
    ]  # least number of moves; ``UNREACHED`` where none leads
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

    @cached_property
    def _before(self) -> dict[Node, list[Node]]:
        """From where each node is reached in the fewest moves."""
        found: dict[Node, list[Node]] = {node: [] for node in self._depth}
        for node, far in self._depth.items():
            for one in moves_after(self.graph, *node):
                if self._depth[one] == far + 1:
                    found[one].append(node)
        return found

    def paths(self, state: int) -> Iterator[tuple[Step, ...]]:
        """Yield every path of least length to a state, in the order of actors and states."""
        length = int(self.distance[state])
        nodes = ((state, j) for j in range(NOBODY, len(self.graph.movers)))
        leading = {node for node in nodes if self._depth.get(node) == length}
        waiting = list(leading)
        while waiting:
            fresh = set(self._before[waiting.pop()]) - leading
            leading |= fresh
            waiting += fresh
        stack: list[tuple[Node, tuple[Step, ...]]] = [((self.start, NOBODY), ())] if leading else []
        while stack:
            node, path = stack.pop()
            if len(path) == length:
                yield path
                continue
            following = (one for one in moves_after(self.graph, *node) if one in leading)
            steps = [(one, (*path, Step(one[1], one[0]))) for one in following]
            stack += reversed([step for step in steps if self._depth[step[0]] == len(path) + 1])


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
