"""How far is a state from holding, or from no longer holding? Gaps of scores in the place of comparisons of ranks.

"s is as good as b for i" becomes (score of s − score of b) / sum of i's weights; *and* becomes the least, *or* the
greatest. So a state's margin by Nash is the least gap over the moves away from it; by GMR, SMR and SEQ a move may
also be deterred by what the others can bring about (for the concepts see `stable`). A sanction by SEQ is worth no
more than the least gain of those who carry it out. The sign of a margin is the answer.

Preferences that are ranked have no scores: what hangs on them is infinitely far away. Other concepts have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from detente.lenses.stability.graph import Graph
from detente.lenses.stability.orders import TIE
from detente.lenses.stability.stable import CONCEPTS, answered, least_ends, raise_to
from detente.lenses.summary import Array

RANKED = 1e6  # gap of neighbours in a ranking: larger than any of scores


def margins(graph: Graph, heights: Array, wanted: Mapping[str, Sequence[int]]) -> dict[str, Array]:
    """Return how far states are from no longer holding; below 0 from holding.

    Args:
        graph: states and moves.
        heights: scores as shares of each actor's weights, those of a ranking `RANKED` apart; shape (rows, k, m).
        wanted: concept → states; concepts that have no margin are left out.

    Returns:
        Concept → shape (rows, states), in shares of an actor's weights; infinite where no weight decides.
    """
    lanes = np.ascontiguousarray(np.moveaxis(heights, 0, -1))  # draws side by side, as in `stable`
    found = {}
    for concept in (one for one in CONCEPTS if wanted.get(one)):
        states = list(wanted[concept])
        made = (
            _sequential(graph, lanes, states) if concept == "seq" else _plain(graph, lanes, concept)[states]
        )
        found[concept] = np.where(np.abs(made) < RANKED / 2, made, np.sign(made) * np.inf).T
    return found


def _plain(graph: Graph, lanes: Any, concept: str) -> Any:
    """Return the margins of all states by Nash, GMR or SMR, shape (m, rows)."""
    least = np.full(lanes.shape[1:], np.inf)
    for i, height in enumerate(lanes):
        level = np.full_like(height, -np.inf)
        ends = least_ends(graph, lanes, i, concept, lanes[:0, 0])
        raise_to(graph.starts[i], graph.targets, height, ends, level)
        least = np.minimum(least, height - level + TIE)
    return least


def _sequential(graph: Graph, lanes: Any, states: Sequence[int]) -> Any:
    """Return the margins of some states by SEQ, shape (states, rows); a tie is no improvement, so no sanction."""
    bars = np.full((graph.targets.size, lanes.shape[-1]), -np.inf)
    for row, mover in enumerate(graph.movers):
        own = slice(graph.starts[row, 0], graph.starts[row, -1])
        for i in mover:
            losses = lanes[i, graph.sources[own]] - lanes[i, graph.targets[own]]
            bars[own] = np.maximum(bars[own], losses + 2 * TIE)
    least = np.full((len(states), lanes.shape[-1]), np.inf)
    for n, s in enumerate(states):
        for i, height in enumerate(lanes):
            moves, loss = graph.moves(i, s), height - height[s]
            if moves.size:
                ends = answered(graph, (i,), loss, bars, merging=graph.merges)
                level = np.minimum(loss[moves], ends[moves]).max(axis=0)
                least[n] = np.minimum(least[n], TIE - level)
    return least
