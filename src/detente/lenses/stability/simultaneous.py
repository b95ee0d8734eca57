"""Does an improvement survive when the others improve at the same moment?"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.compiled import inside, kept
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import LOW, WIDTH, Mask, Ranks, Space


def simultaneous(space: Space, graph: Graph, ranks: Ranks, *, universally: bool = False) -> Mask:
    """Return which states are stable for whom under simultaneous sanctioning (SIM; Fraser & Hipel 1984).

    An improvement of actor i from s to q is sanctioned when every other actor j can stay or improve from s, all
    at once, so that q with those changes is feasible and no better than s for i. All combinations are tried:
    the cost grows with the product of the numbers of improvements.

    If ``universally`` what one actor leaves is not called stable for the next ones.

    Returns:
        Shape (..., k, m).
    """
    draws = ranks.reshape(-1, *ranks.shape[-2:])
    found = np.empty(draws.shape, dtype=np.bool_)
    sizes = 1 << space.blocks[:, WIDTH]
    masks = (sizes - 1) << space.blocks[:, LOW]
    most = int(sizes.max(initial=1))
    _judge(space.codes, space.index, masks, most, graph.starts, graph.targets, draws, universally, found)
    return found.reshape(ranks.shape)


@kept
def _judge(
    codes: Any,
    index: Any,
    masks: Any,
    most: int,
    starts: Any,
    targets: Any,
    ranks: Any,
    universally: bool,
    found: Any,
) -> None:
    """Fill in which states are stable; ``found`` has the shape of ``ranks``, (draws, k, m)."""
    draws, actors, states = ranks.shape
    answers = np.empty((actors, most), np.int64)  # own options of j after staying or improving
    count, choice = np.empty(actors, np.int64), np.empty(actors, np.int64)
    for draw in range(draws):
        for s in range(states):
            for j in range(actors):
                answers[j, 0], count[j] = codes[s] & masks[j], 1
                for a in range(starts[j, s], starts[j, s + 1]):
                    if ranks[draw, j, targets[a]] > ranks[draw, j, s]:
                        answers[j, count[j]] = codes[targets[a]] & masks[j]
                        count[j] += 1
            for i in range(actors):
                rank = ranks[draw, i]
                found[draw, i, s] = not universally or i == 0 or found[draw, i - 1, s]
                if not found[draw, i, s]:
                    continue
                for a in range(starts[i, s], starts[i, s + 1]):
                    q = targets[a]
                    if rank[q] > rank[s] and not _met(
                        codes[q], rank[s], i, masks, answers, count, choice, index, rank
                    ):
                        found[draw, i, s] = False
                        break


@inside
def _met(
    code: int, own: int, i: int, masks: Any, answers: Any, count: Any, choice: Any, index: Any, rank: Any
) -> bool:
    """Tell whether some combination of answers makes the state ``code`` feasible and no better than ``own``."""
    for j in range(choice.size):
        choice[j] = 0
    while True:
        state = code
        for j in range(masks.size):
            if j != i:
                state = (state & ~masks[j]) | answers[j, choice[j]]
        if index[state] >= 0 and rank[index[state]] <= own:
            return True
        # The next combination: the first actor whose answers are not used up goes on, those before it start anew.
        j = 0
        while j < masks.size:
            choice[j] += 1
            if j != i and choice[j] < count[j]:
                break
            choice[j] = 0
            j += 1
        if j == masks.size:
            return False
