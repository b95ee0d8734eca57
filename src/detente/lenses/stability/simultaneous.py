"""Does an improvement survive when the others improve at the same moment?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Mask, Ranks, Space


def simultaneous(space: Space, graph: Graph, ranks: Ranks) -> Mask:
    """Return which states are stable for whom under simultaneous sanctioning (SIM; Fraser & Hipel 1984).

    An improvement of actor i from s to q is sanctioned when every other actor j can stay or improve from s, all
    at once, so that q with those changes is feasible and no better than s for i. All combinations are tried:
    the cost grows with the product of the numbers of improvements.

    Args:
        space: states in option form.
        graph: its moves.
        ranks: shape (k, m), states by number.

    Returns:
        Shape (k, m).
    """
    found = np.empty(ranks.shape, dtype=np.bool_)
    for i in range(space.actors):
        _judge(
            i, space.codes, space.index, space.low, space.width, graph.starts, graph.targets, ranks, found[i]
        )
    return found


@njit(nogil=True, cache=True)
def _judge(
    i: int,
    codes: Any,
    index: Any,
    low: Any,
    width: Any,
    starts: Any,
    targets: Any,
    ranks: Any,
    found: Any,
) -> None:
    """Fill in, for one actor, which states are stable; ``found`` has shape (m,)."""
    actors, rank = low.size, ranks[i]
    mask = np.empty(actors, np.int64)
    for j in range(actors):
        mask[j] = ((1 << width[j]) - 1) << low[j]
    most = 1 << int(np.max(width))
    answer = np.empty((actors, most), np.int64)  # own options of j after staying or improving
    count = np.empty(actors, np.int64)
    choice = np.empty(actors, np.int64)
    for s in range(codes.size):
        for j in range(actors):
            answer[j, 0] = codes[s] & mask[j]
            count[j] = 1
            for a in range(starts[j, s], starts[j, s + 1]):
                if ranks[j, targets[a]] > ranks[j, s] and j != i:
                    answer[j, count[j]] = codes[targets[a]] & mask[j]
                    count[j] += 1
        found[s] = True
        for a in range(starts[i, s], starts[i, s + 1]):
            q = targets[a]
            if rank[q] > rank[s] and not _met(codes[q], rank[s], i, mask, answer, count, choice, index, rank):
                found[s] = False
                break


@njit(nogil=True, cache=True)
def _met(
    code: int, own: int, i: int, mask: Any, answer: Any, count: Any, choice: Any, index: Any, rank: Any
) -> bool:
    """Tell whether some combination of answers makes the state ``code`` feasible and no better than ``own``."""
    choice[:] = 0
    while True:
        state = code
        for j in range(mask.size):
            if j != i:
                state = (state & ~mask[j]) | answer[j, choice[j]]
        if index[state] >= 0 and rank[index[state]] <= own:
            return True
        j = 0
        while j < mask.size:
            choice[j] += 1
            if choice[j] < count[j]:
                break
            choice[j] = 0
            j += 1
        if j == mask.size:
            return False
