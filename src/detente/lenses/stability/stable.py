"""Which states hold by Nash, GMR, SMR and SEQ, on any graph of states and moves?

Write P for the ranks of actor i and τ(s) for its mark at s, at or below which it would regret to have left s (see
`relation`). A sanction of its move to b leads to the least that the others can bring about from there,

    g(b) = min of the value of c over the states c that legal sequences of the others lead to from b
    s is stable for i  ⇔  g(b) ≤ τ(s) for every b that i can move to from s with P(b) > P(s)

By general metarationality (GMR; Howard 1971) the value of c is P(c); by symmetric metarationality (SMR; Howard
1971) the best that i can escape to from c; by sequential stability (SEQ; Fraser & Hipel 1984) P(c) again, and the
others make improvements only. By Nash nobody answers, and g(b) is P(b) itself. With τ(s) = P(s) this is stability;
with the largest rank that is strongly worse it is strong stability.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from detente.compiled import kept
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.space import Mask, Ranks

CONCEPTS = ("nash", "gmr", "smr", "seq")
STRONG_CONCEPTS = ("gmr", "smr", "seq")
"""Concepts with a strong form of their own; by Nash stable states are so without anybody's answer."""


def stable(graph: Graph, order: Ordered, concepts: Sequence[str] = CONCEPTS) -> dict[str, Mask]:
    """Return which states are stable for whom.

    The ranks of the order have shape (..., k, m).

    Returns:
        concept → shape (..., k, m).
    """
    found = {concept: np.empty(order.ranks.shape, dtype=np.bool_) for concept in concepts}
    for draw in np.ndindex(order.ranks.shape[:-2]):
        ranks, marks = order.ranks[draw], order.marks[draw]
        for concept, held in found.items():
            for i, g in enumerate(_least_ends(graph, ranks, concept)):
                held[draw][i] = _worst_gain(graph.starts[i], graph.targets, ranks[i], g) <= marks[i]
    return found


def thresholds(graph: Graph, ranks: Ranks, concepts: Sequence[str] = CONCEPTS) -> dict[str, Ranks]:
    """Return the least rank at which each state would be stable for each actor, every other rank as it is.

    That is its own rank where it is stable already.

    Args:
        graph: states and moves of a game in option form; on others only whether the number exceeds the state's own
            rank has a meaning.
        ranks: shape (k, m), larger is better.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``.

    Returns:
        concept → shape (k, m).
    """
    found = {}
    for concept in concepts:
        found[concept] = ranks.copy()
        for i, g in enumerate(_least_ends(graph, ranks, concept)):
            own = slice(graph.starts[i, 0], graph.starts[i, -1])
            reached = graph.targets[own]
            gain = np.minimum(ranks[i], g)[reached]
            np.maximum.at(found[concept][i], graph.sources[own], gain)
    return found


def _least_ends(graph: Graph, ranks: Ranks, concept: str) -> Iterator[Ranks]:
    """Yield g for each actor, shape (m,)."""
    answers = graph.keeping(graph.improvements(ranks)) if concept == "seq" else graph
    for i, rank in enumerate(ranks):
        yield rank if concept == "nash" else deterrence(answers, ranks, (i,), lasting=concept == "smr")


def deterrence(answers: Graph, ranks: Ranks, group: tuple[int, ...], *, lasting: bool = False) -> Ranks:
    """Return what the others can bring the first of a group down to from every state, shape (m,).

    Args:
        answers: states and the moves that may be made in answer.
        ranks: shape (k, m).
        group: who is to be deterred; the others are all movers without one of them.
        lasting: whether an end counts for what the first of the group can escape to.
    """
    first = group[0]
    value = ranks[first].astype(np.int32)
    if lasting:
        own = slice(answers.starts[first, 0], answers.starts[first, -1])
        sources = np.repeat(np.arange(answers.states), np.diff(answers.starts[first]))
        np.maximum.at(value, sources, ranks[first, answers.targets[own]])
    others = np.flatnonzero(~answers.members[:, list(group)].any(axis=1))
    return np.asarray(_least_reached(*answers.reversed, others, value, np.argsort(value)), dtype=np.int32)


@kept
def _worst_gain(starts: Any, targets: Any, rank: Any, g: Any) -> Any:
    """Return max over the improvements b of s of g(b), -2 where s has none."""
    level = np.empty(rank.size, np.int32)
    for s in range(rank.size):
        level[s] = -2
        for a in range(starts[s], starts[s + 1]):
            b = targets[a]
            if rank[b] > rank[s]:
                level[s] = max(level[s], g[b])
    return level


@kept
def _least_reached(ends: Any, sources: Any, others: Any, value: Any, least_first: Any) -> Any:
    """Return the least value to which legal sequences of the movers ``others`` lead, from every state, shape (m,).

    From the state of least value on, every sequence is followed backwards to the states not met before. What was
    found at a state by two different movers can be preceded by anybody, so no move is followed twice.

    Args:
        ends: of the reversed moves, shape (m, movers+1).
        sources: of the reversed moves.
        others: who moves.
        value: of every state, shape (m,).
        least_first: the states in the order of their value, shape (m,).
    """
    nobody, anybody = -1, -2
    found = np.empty(value.size, np.int32)
    first = np.empty(value.size, np.int64)  # who moves first from there
    for s in range(value.size):
        found[s], first[s] = 2**31 - 1, nobody
    waiting = np.empty(2 * value.size + 1, np.int64)
    whose = np.empty(waiting.size, np.int64)  # by whom to follow: j alone, or from -1 on everybody but -1 - j
    for c in least_first:
        if first[c] == anybody:  # everything that leads here was followed for a lesser value
            continue
        waiting[0], whose[0] = c, first[c] if first[c] >= 0 else -ends.shape[1]
        first[c], count = anybody, 1
        while count:
            count -= 1
            y, rule = waiting[count], whose[count]
            for j in others:
                if j == -1 - rule or (rule >= 0 and j != rule):
                    continue
                for a in range(ends[y, j], ends[y, j + 1]):
                    x = sources[a]
                    found[x] = min(found[x], value[c])
                    if first[x] == j or first[x] == anybody:
                        continue
                    # Met first by j's move: whoever moves before is not j. Met by another too: only j is left.
                    waiting[count], whose[count] = x, -1 - j if first[x] == nobody else first[x]
                    first[x] = j if first[x] == nobody else anybody
                    count += 1
    return found
