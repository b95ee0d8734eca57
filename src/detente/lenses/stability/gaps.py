"""How far is a state from holding, or from no longer holding? Gaps of scores in the place of comparisons of ranks.

"s is as good as b for i" becomes (score of s − score of b) / sum of i's weights; *and* becomes the least, *or* the
greatest. So a state's margin by Nash is the least gap over the moves away from it; by GMR, SMR and SEQ a move may
also be deterred by what the others can bring about (for the concepts see `stable`). A sanction by SEQ is worth no
more than the least gain of those who carry it out. The sign of a margin is the answer.

Preferences that are ranked have no scores: what hangs on them is infinitely far away. Other concepts have none.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside, kept
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.orders import Orders
from detente.lenses.stability.preferences import TIE
from detente.lenses.stability.space import Mask
from detente.lenses.stability.stable import CONCEPTS, least_ends, raise_to
from detente.lenses.summary import Array

RANKED = 1e6
"""Gap of neighbours in a ranking: larger than any of scores."""
Numbers = NDArray[np.int64]
Moves = tuple[Numbers, Numbers, Numbers]
Who = tuple[Numbers, Mask]
Entering = tuple[Numbers, Numbers]
Work = tuple[Array, Array, Numbers, Numbers, Mask]


class Gaps:
    """What the margins of a game need to know of its moves, made once for all draws."""

    def __init__(self, graph: Graph, orders: Orders) -> None:
        """Read the moves."""
        self.graph, self.orders = graph, orders

    @cached_property
    def _entering(self) -> Entering:
        """The moves by where they lead: first of each state, shape (m + 1,), and their numbers."""
        order = np.argsort(self.graph.targets, kind="stable").astype(np.int64)
        counts = np.bincount(self.graph.targets, minlength=self.graph.states)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), order

    def margins(self, values: Array, concepts: Collection[str]) -> dict[str, Array]:
        """Return how far each state is from no longer holding; below 0 from holding.

        Those that have no margin are left out; values have shape (rows, columns of the table).

        Returns:
            Concept → shape (rows, m), in shares of an actor's weights; infinite where no weight decides.
        """
        graph, found = self.graph, dict[str, Array]()
        heights = self.orders.heights(values, RANKED)
        lanes = np.ascontiguousarray(np.moveaxis(heights, 0, -1))  # draws side by side, as in `stable`
        for concept in (one for one in CONCEPTS if one in concepts and one != "seq"):
            least = np.full(lanes.shape[1:], np.inf)
            for i, height in enumerate(lanes):
                level = np.full_like(height, -np.inf)
                ends = least_ends(graph, lanes, i, concept, lanes[:0, 0])
                raise_to(graph.starts[i], graph.targets, height, ends, level)
                least = np.minimum(least, height - level + TIE)
            found[concept] = least.T
        if "seq" in concepts:
            moves = (graph.starts, graph.targets.astype(np.int64), graph.sources.astype(np.int64))
            who = (graph.rows.astype(np.int64), graph.members)
            found["seq"] = _margins(heights, moves, who, self._entering, graph.merges)
        return {c: np.where(np.abs(m) < RANKED / 2, m, np.sign(m) * np.inf) for c, m in found.items()}


@kept
def _margins(heights: Array, moves: Moves, who: Who, entering: Entering, merges: bool) -> Array:
    """Return the margins of all states by SEQ in all draws, shape (draws, m).

    Args:
        heights: scores as shares of each actor's weights, shape (draws, k, m).
        moves: starts, targets and sources of the graph.
        who: which mover makes each move, and who is one of a mover.
        entering: see `Gaps._entering`.
        merges: whether moving twice in a row leads nowhere else.
    """
    draws, actors, states = heights.shape
    (starts, targets, _), columns = moves, 1 if merges else moves[0].shape[0]
    found = np.full((draws, states), np.inf)
    gain, steps, counts = np.empty(targets.size), np.empty((states, states, 2)), np.empty(states, np.int64)
    waiting, queued = np.empty((states * columns + 1, 2), np.int64), np.zeros((states, columns), np.bool_)
    work = np.empty((states, columns)), steps, counts, waiting, queued
    for d in range(draws):
        _gains(heights[d], moves, who, gain)
        for i in range(actors):
            _answered(i, heights[d, i], gain, moves, who, entering, work)
            _deterred(starts[i], targets, heights[d, i], steps, counts, found[d])
    return found


@inside
def _gains(heights: Array, moves: Moves, who: Who, gain: Array) -> None:
    """Write the least gain of those who make each move."""
    (_, targets, sources), (rows, members) = moves, who
    for a in range(targets.size):
        gain[a] = np.inf
        for j in range(heights.shape[0]):
            if members[rows[a], j]:
                gain[a] = min(gain[a], heights[j, targets[a]] - heights[j, sources[a]])


@inside
def _answered(
    i: int, height: Array, gain: Array, moves: Moves, who: Who, entering: Entering, work: Work
) -> None:
    """Write, for every state, by what gain of the others at least they bring an actor how low.

    From the lowest score up, the others' moves are followed backwards from each state with that score, as long as
    their least gain exceeds what is known of a state. Each time it does is a step of the state.
    """
    (_, _, sources), (rows, members) = moves, who
    widest, steps, counts, waiting, queued = work
    columns = widest.shape[1]
    widest[:] = -np.inf
    counts[:] = 0
    for c in np.argsort(height):
        y, by, width, head, tail = c, -1, np.inf, 0, 0
        while True:
            for q in range(entering[0][y], entering[0][y + 1]):
                move = entering[1][q]
                row = rows[move]
                if members[row, i] or (columns > 1 and by >= 0 and row != by):
                    continue
                x, least = sources[move], min(gain[move], width)
                for column in range(columns):
                    if least > widest[x, column] and (columns == 1 or column != row):
                        widest[x, column] = least
                        if columns == 1 or column == i:
                            _step(x, height[c], least, steps, counts)
                        if not queued[x, column]:
                            queued[x, column] = True
                            waiting[tail, 0], waiting[tail, 1] = x, column
                            tail = (tail + 1) % len(waiting)
            if head == tail:
                break
            y, by = waiting[head]
            head = (head + 1) % len(waiting)
            queued[y, by] = False
            width = widest[y, by]


@inside
def _step(x: int, low: float, gain: float, steps: Array, counts: Numbers) -> None:
    """Write down that a state leads so low by such a gain; the last word on one score counts."""
    if not (counts[x] and steps[x, counts[x] - 1, 0] == low):
        counts[x] += 1
    steps[x, counts[x] - 1, 0], steps[x, counts[x] - 1, 1] = low, gain


@inside
def _deterred(
    own: Numbers, targets: Numbers, height: Array, steps: Array, counts: Numbers, found: Array
) -> None:
    """Lower the margins of all states to those of one actor by SEQ; a tie is no improvement, so no sanction."""
    for s in range(height.size):
        for a in range(own[s], own[s + 1]):
            b = targets[a]
            level = height[s] - height[b]
            for n in range(counts[b]):
                level = max(level, min(height[s] - steps[b, n, 0], steps[b, n, 1] - 2 * TIE))
            found[s] = min(found[s], level + TIE)
