"""Does an improvement survive when the others improve at the same moment?"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.compiled import inside, kept
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.space import LOW, WIDTH, Mask, Space


def simultaneous(space: Space, graph: Graph, order: Ordered, *, universally: bool = False) -> Mask:
    """Return which states are stable for whom under simultaneous sanctioning (SIM; Fraser & Hipel 1984).

    An improvement of actor i from s to q is sanctioned when every other actor j can stay or improve from s, all
    at once, so that q with those changes is feasible and no better than s for i. All combinations are tried, in
    all draws side by side: the cost grows with the product of the numbers of moves.

    If ``universally`` what one actor leaves is not called stable for the next ones.

    Returns:
        Shape (..., k, m).
    """
    lanes = order.lanes
    found = np.empty(lanes.shape, dtype=np.bool_)
    sizes = 1 << space.blocks[:, WIDTH]
    form = space.codes, space.index, (sizes - 1) << space.blocks[:, LOW], graph.targets
    gains, most = graph.improvements(lanes), int(sizes.max(initial=1))
    _judge(form, graph.starts, most, lanes, gains, universally, found)
    return order.in_draws(found)


@kept
def _judge(form: Any, starts: Any, most: int, ranks: Any, gains: Any, universally: bool, found: Any) -> None:
    """Fill in which states are stable; ``found`` has the shape of ``ranks``, (k, m, lanes)."""
    actors, states, lanes = ranks.shape
    # Of each actor, the moves that are improvements in some draw; -1 to stay.
    moves = np.empty((actors, most), np.int64)
    count, met = np.empty(actors, np.int64), np.empty(lanes, np.bool_)
    together = np.ones((actors + 1, lanes), np.bool_)
    for s in range(states):
        for j in range(actors):
            moves[j, 0], count[j] = -1, 1
            for a in range(starts[j, s], starts[j, s + 1]):
                if gains[a].any():
                    moves[j, count[j]] = a
                    count[j] += 1
        for i in range(actors):
            held = found[i, s]
            for d in range(lanes):
                held[d] = not universally or i == 0 or found[i - 1, s, d]
            for n in range(1, count[i]):
                for d in range(lanes):
                    met[d] = not (gains[moves[i, n], d] and held[d])
                _meet(form, moves, count, s, i, n, ranks[i], gains, together, met)
                for d in range(lanes):
                    held[d] &= met[d]


@inside
def _meet(
    form: Any, moves: Any, count: Any, s: int, i: int, n: int, rank: Any, gains: Any, together: Any, met: Any
) -> None:
    """Set ``met`` where a combination of the others' answers to the n-th move of actor i leaves it no better off.

    ``together`` holds, for the answers chosen of the first actors, in which draws they are all improvements.
    """
    codes, index, masks, targets = form
    actors, lanes = masks.size, met.size
    choice = np.zeros(actors, np.int64)
    choice[i], first = n, 0
    while not met.all():
        code = codes[s]
        for j in range(actors):
            move = moves[j, choice[j]]
            if move >= 0:
                code = (code & ~masks[j]) | (codes[targets[move]] & masks[j])
            if j >= first:
                free = move < 0 or j == i
                for d in range(lanes):
                    together[j + 1, d] = together[j, d] & (free or gains[move, d])
        end = index[code]
        if end >= 0:
            for d in range(lanes):
                met[d] |= together[actors, d] & (rank[end, d] <= rank[s, d])
        first = actors - 1  # whose answer is the next one; all before it stay
        while first >= 0:
            if first != i:
                choice[first] += 1
                if choice[first] < count[first]:
                    break
                choice[first] = 0
            first -= 1
        if first < 0:
            break
