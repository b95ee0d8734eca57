"""Which states hold strongly, because who leaves them ends up much worse? Strength of preference, in option form.

A state is strongly stable for actor i when every improvement of i can be answered so that i ends *strongly* worse
than it began (and by SMR cannot escape to anything that is not strongly worse); weakly stable when it is stable
but not strongly so (Hamouda, Kilgour & Hipel 2004). With τ(s) the largest rank that is strongly worse than s and
g as in `algebra`,

    s is strongly stable for i  ⇔  max g(b) over all improvements b of i from s ≤ τ(s)

and by Nash when there is no improvement at all. Improvements and the answers of the others are those of either
strength.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit

from detente.lenses.stability.algebra import CONCEPTS, SEQ, SMR, close, layout, orders
from detente.lenses.stability.kernels import INFINITE, sweep_moves
from detente.lenses.stability.space import Mask, Ranks, Space

STRONG_CONCEPTS = ("gmr", "smr", "seq")
"""Concepts with a strong form of their own; by Nash stable states are so without anybody's answer."""
NEVER = -1
"""In place of a rank where nothing is strongly worse."""


def strongly_stable(
    space: Space, ranks: Ranks, strongly: Ranks, concepts: Sequence[str] = STRONG_CONCEPTS
) -> dict[str, Mask]:
    """Return which states are strongly stable for whom.

    Args:
        space: the states and moves.
        ranks: shape (k, 2^n), larger is better, -1 exactly where infeasible.
        strongly: shape (k, 2^n), the largest rank that is strongly worse than the state, or ``NEVER``.
        concepts: of ``gmr``, ``smr``, ``seq``.

    Returns:
        concept → shape (k, 2^n), False where infeasible.
    """
    best_first, spread = orders(space, ranks), layout(space)
    found = {}
    for concept in concepts:
        number = CONCEPTS.index(concept)
        levels = [
            _worst_gain(ranks, best_first, i, number, *spread, space.is_whole) for i in range(space.actors)
        ]
        found[concept] = (np.stack(levels) <= strongly) & space.feasible
    return found


def from_levels(ranks: Ranks, levels: Ranks) -> Ranks:
    """Return τ for every state from its rank and its level of strength, both of shape (m,).

    A state is strongly worse than another when its level is lower; levels rise with ranks.
    """
    top: Ranks = np.full(int(levels.max(initial=0)) + 2, NEVER, dtype=np.int32)
    np.maximum.at(top, levels + 1, ranks)
    reached: Ranks = np.maximum.accumulate(top)
    return reached[levels]


def from_gap(ranks: Ranks, scores: Any, gap: float, tie: float) -> Ranks:
    """Return τ for every state when scores that differ by ``gap`` or more are strongly different.

    Args:
        ranks: of the scores, shape (m,).
        scores: larger is better, shape (m,).
        gap: least strong difference; scores that differ by at most ``tie`` never are strongly different.
        tie: what counts as no difference.
    """
    order = np.argsort(scores, kind="stable")
    bound = scores - max(gap, 2 * tie) + tie
    count = np.searchsorted(scores[order], bound, side="right")
    worse = np.concatenate([[NEVER], np.maximum.accumulate(ranks[order])]).astype(np.int32)[count]
    return np.asarray(np.minimum(worse, ranks - 1), dtype=np.int32)


@njit(nogil=True, cache=True)
def _worst_gain(
    ranks: Any, order: Any, i: int, concept: int, low: Any, width: Any, forward: Any, back: Any, whole: bool
) -> Any:
    """Return max g(b) over the improvements b of actor i from every state, -2 where it has none."""
    rank = ranks[i]
    g = np.empty(rank.size, np.int32)
    if concept == SMR:
        for x in range(g.size):
            g[x] = -rank[x] if rank[x] >= 0 else INFINITE
        sweep_moves(g, low[i], width[i], forward[i], back[i])
        for x in range(g.size):
            g[x] = -g[x] if rank[x] >= 0 else INFINITE
    else:
        for x in range(g.size):
            g[x] = rank[x] if rank[x] >= 0 else INFINITE
    close(g, order, i, concept == SEQ, low, width, forward, back, whole)
    level = np.full(rank.size, -2, np.int32)
    _over_improvements(g, low[i], width[i], forward[i], back[i], order[i], level)
    return level


@njit(nogil=True, cache=True)
def _over_improvements(g: Any, low: int, width: int, forward: int, back: int, order: Any, level: Any) -> None:
    """Set level to max g(b) over the better states b of each coset, as `kernels.sweep_improvements` walks it."""
    stride, size = 1 << low, 1 << width
    directed = forward | back
    end = (1 << (8 * order.itemsize)) - 1
    run = np.empty(directed + 1, np.int32)
    for coset in range(g.size >> width):
        first = ((coset >> low) << (low + width)) | (coset & (stride - 1))
        entries = order[coset * size : (coset + 1) * size]
        run[:] = -2
        group = 0
        for k in range(size + 1):
            closes = k == size or entries[k] == end
            if closes or entries[k] & 1:
                for member in range(group, k):
                    u = entries[member] >> 1
                    below = key = (u ^ back) & directed
                    while True:
                        run[below] = max(run[below], g[first + u * stride])
                        if below == 0:
                            break
                        below = (below - 1) & key
                group = k
            if closes:
                break
            u = entries[k] >> 1
            level[first + u * stride] = run[(u ^ back) & directed]
