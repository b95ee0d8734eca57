"""Which states hold by Nash, GMR, SMR and SEQ, on any graph of states and moves, in many draws at once?

Write P for the ranks of actor i and τ(s) for its mark at s, at or below which it would regret to have left s (see
`relation`). A sanction of its move to b leads to the least that the others can bring about from there,

    g(b) = min of the value of c over the states c that legal sequences of the others lead to from b
    s is stable for i  ⇔  g(b) ≤ τ(s) for every b that i can move to from s with P(b) > P(s)

By general metarationality (GMR; Howard 1971) the value of c is P(c); by symmetric metarationality (SMR; Howard
1971) the best that i can escape to from c; by sequential stability (SEQ; Fraser & Hipel 1984) P(c) again, and the
others make improvements only. By Nash nobody answers, and g(b) is P(b) itself. With τ(s) = P(s) this is stability;
with the largest rank that is strongly worse it is strong stability.

Moves are the same in all draws, so g is carried along them for all draws side by side: arrays have shape
(m, lanes), one lane for each draw. Comparisons that are no order have a lane for each state s that is judged, in
which the value of c is 0 where i regrets to have left s, else 1: an end of value 0 deters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detente.compiled import inside, kept
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.relation import Compared, Ordered, Relation
from detente.lenses.stability.space import Mask, Ranks

CONCEPTS = ("nash", "gmr", "smr", "seq")
STRONG_CONCEPTS = ("gmr", "smr", "seq")
"""Concepts with a strong form of their own; by Nash stable states are so without anybody's answer."""


def stable(graph: Graph, relation: Relation, concepts: Sequence[str] = CONCEPTS) -> dict[str, Mask]:
    """Return which states are stable for whom.

    The ranks of an order have shape (..., k, m), those of comparisons (k, m).

    Returns:
        concept → shape (..., k, m).
    """
    if isinstance(relation, Compared):
        return _compared(graph, relation, concepts)
    ranks, found = relation.lanes, {}
    bars = barred(graph, ranks) if "seq" in concepts else ranks[:0, 0]
    for concept in concepts:
        held = np.empty(ranks.shape, dtype=np.bool_)
        for i, rank in enumerate(ranks):
            ends = least_ends(graph, ranks, i, concept, bars)
            _hold(graph.starts[i], graph.targets, rank, relation.mark_lanes[i], ends, held[i])
        found[concept] = relation.in_draws(held)
    return found


def most_of(values: Any) -> Any:
    """Return what is above every rank or score."""
    return np.inf if values.dtype.kind == "f" else np.iinfo(values.dtype).max


def barred(graph: Graph, ranks: Any) -> Any:
    """Return below what nothing is brought about by each move in answer, shape (moves, lanes): all or nothing.

    A move that is an improvement, by ranks of shape (k, m, lanes), lets everything pass.
    """
    most = most_of(ranks)
    return np.where(graph.improvements(ranks), ranks.dtype.type(-most), ranks.dtype.type(most))


def least_ends(graph: Graph, ranks: Any, i: int, concept: str, bars: Any) -> Any:
    """Return g of actor i, shape (m, lanes), for ranks or scores of shape (k, m, lanes).

    ``bars`` are those of improvements, shape (moves, lanes); for ``seq`` only.
    """
    if concept == "nash":
        return ranks[i]
    value = ranks[i].copy()
    if concept == "smr":
        raise_to(graph.starts[i], graph.targets, ranks[i], ranks[i], value)  # the best that it can escape to
    return answered(graph, (i,), value, bars if concept == "seq" else bars[:0], merging=graph.merges)


def answered(graph: Graph, group: Sequence[int], value: Any, bars: Any, *, merging: bool) -> Any:
    """Return the least value that all but a group bring about by allowed moves from every state, (m, lanes)."""
    others = np.flatnonzero(~graph.members[:, list(group)].any(axis=1))
    least = np.full((1 if merging else len(graph.starts), *value.shape), most_of(value), dtype=value.dtype)
    _carry(graph.starts, graph.targets, others, value, bars, least)
    return least.min(axis=0)


def _compared(graph: Graph, relation: Compared, concepts: Sequence[str]) -> dict[str, Mask]:
    """Return which states are stable for whom by comparisons that are no order, shape (k, m)."""
    paying, here = graph.keeping(relation.pays(graph)), np.arange(graph.states)
    found = {concept: np.ones(relation.ranks.shape, dtype=np.bool_) for concept in concepts}
    for i in range(graph.actors):
        own = slice(graph.starts[i, 0], graph.starts[i, -1])
        sources, targets = graph.sources[own], graph.targets[own]
        left = relation.leaves(i, slice(None))[sources, targets]
        value = np.ascontiguousarray(~relation.regrets(i, slice(None)).T, dtype=np.int16)
        for concept, held in found.items():
            ends, deters = value.copy(), paying if concept == "seq" else graph
            if concept == "smr":
                raise_to(graph.starts[i], graph.targets, value, value, ends)
            if concept != "nash":
                # What is unknown may be left for and regretted at once: nobody moves twice in a row to get back.
                least = answered(deters, (i,), ends, ends[:0], merging=False)
            open_ = left if concept == "nash" else left & (least[targets, here[sources]] > 0)
            held[i, sources[open_]] = False
    return found


def deterrence(answers: Graph, ranks: Ranks, group: Sequence[int]) -> Ranks:
    """Return what the others can bring the first of a group down to from every state, shape (m,).

    Args:
        answers: states and the moves that may be made in answer.
        ranks: shape (k, m).
        group: who is to be deterred; the others are all movers without one of them.
    """
    value = Ordered.of(ranks).lanes[group[0]]
    return np.asarray(answered(answers, group, value, value[:0], merging=answers.merges)[:, 0], np.int32)


@kept
def _carry(starts: Any, targets: Any, others: Any, value: Any, bars: Any, least: Any) -> None:
    """Let the others move, over and over, until what they bring about from every state no longer changes.

    A round of one mover repeated at once changes nothing, so all is done when every other mover has had its turn
    in vain since the last change.

    The value is that of every state as an end, shape (m, lanes); ``bars`` are below what nothing is brought about
    by each move, shape (moves, lanes), none where nothing is barred. ``least`` is lowered, shape (columns, m,
    lanes): a column for each first mover, who is not to have moved there, or one for all where moving twice in a
    row leads nowhere else.
    """
    columns, states, lanes = least.shape
    quiet, end = 0, np.empty(lanes, value.dtype)
    while quiet < others.size:
        for j in others:
            changed, own = False, least[0 if columns == 1 else j]
            for x in range(states):
                for a in range(starts[j, x], starts[j, x + 1]):
                    y = targets[a]
                    for d in range(lanes):
                        end[d] = value[y, d]
                    for column in range(columns):
                        if columns == 1 or column != j:
                            _lower(end, least[column, y])
                    if bars.shape[0]:
                        for d in range(lanes):
                            end[d] = max(end[d], bars[a, d])
                    changed |= _lower(own[x], end)
            quiet = 1 if changed else quiet + 1
            if quiet >= others.size:
                break


@inside
def _lower(one: Any, other: Any) -> bool:
    """Lower some numbers to others, and tell whether any was higher."""
    lower = False
    for d in range(one.size):
        before = one[d]
        one[d] = min(before, other[d])
        lower |= one[d] != before
    return lower


@kept
def raise_to(starts: Any, targets: Any, rank: Any, ends: Any, level: Any) -> None:
    """Raise a level of every state to the best that is left of an actor's moves from it; shapes (m, lanes)."""
    states, lanes = rank.shape
    for x in range(states):
        for a in range(starts[x], starts[x + 1]):
            for d in range(lanes):
                level[x, d] = max(level[x, d], min(rank[targets[a], d], ends[targets[a], d]))


@kept
def _hold(starts: Any, targets: Any, rank: Any, mark: Any, ends: Any, held: Any) -> None:
    """Fill in whether every improvement from each state ends at or below its mark; shapes (m, lanes)."""
    states, lanes = rank.shape
    for x in range(states):
        for d in range(lanes):
            held[x, d] = True
        for a in range(starts[x], starts[x + 1]):
            y = targets[a]
            for d in range(lanes):
                held[x, d] &= (rank[y, d] <= rank[x, d]) | (ends[y, d] <= mark[x, d])
