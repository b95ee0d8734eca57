"""Which states hold when of some states it is not known which an actor prefers? The four readings of the unknown.

Whoever has no known preference between two states may or may not leave the one for the other, and may or may not
be deterred by it (Li, Hipel, Kilgour & Xu 2004). Reading *a*: leaves also for the unknown, and is deterred by what
is surely no better; *b*: leaves only for what is surely better, and is deterred as in a; *c*: leaves as in a, and
is deterred by the unknown too; *d*: leaves as in b and is deterred as in c. By SMR it escapes to whatever does not
deter it. The others, in SEQ, answer by moves that are better for them or unknown, in all readings. What holds by a
holds by b and c, and what holds by either holds by d.

A preference is a table of comparisons, so it need not be an order; with strength, a sanction is strong when it is
strongly worse (by c and d: or unknown).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability.algebra import CONCEPTS
from detente.lenses.stability.coalitions import reachable
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.pairs import Packed, hold, packed
from detente.lenses.stability.space import Mask, Ranks

Variant = Literal["a", "b", "c", "d"]
VARIANTS: tuple[Variant, ...] = ("a", "b", "c", "d")
MUCH_WORSE, WORSE, EQUAL, BETTER, MUCH_BETTER, UNKNOWN = -2, -1, 0, 1, 2, 3
Comparisons = NDArray[np.int8]


def comparisons(ranks: Ranks, strongly: Ranks | None = None) -> Comparisons:
    """Return how every state (column) compares with every other (row) for an actor, shape (m, m).

    Args:
        ranks: shape (m,).
        strongly: shape (m,), the largest rank that is strongly worse than the state, or -1.
    """
    found: Comparisons = np.sign(ranks[None, :] - ranks[:, None]).astype(np.int8)
    if strongly is not None:
        worse = ranks[None, :] <= strongly[:, None]
        found[worse] = MUCH_WORSE
        found[worse.T] = MUCH_BETTER
    return found


def leaves_for(found: Comparisons, variant: Variant) -> Mask:
    """Return for which states (columns) an actor leaves which (rows)."""
    sure = (found == BETTER) | (found == MUCH_BETTER)
    return np.asarray(sure | (found == UNKNOWN) if variant in "ac" else sure)


def deterred_by(found: Comparisons, variant: Variant, *, strong: bool = False) -> Mask:
    """Return by which states (columns) an actor is deterred from leaving which (rows)."""
    sure = found == MUCH_WORSE if strong else found <= EQUAL
    return np.asarray(sure | (found == UNKNOWN) if variant in "cd" else sure)


def may_improve(graph: Graph, found: Comparisons) -> Graph:
    """Return the moves that are better for, or not known to, everybody who makes them.

    Args:
        graph: states and moves.
        found: shape (k, m, m).
    """
    kept = np.ones(graph.targets.size, dtype=np.bool_)
    for i in range(graph.actors):
        better = found[i, graph.sources, graph.targets] >= BETTER
        kept &= better | ~graph.members[graph.rows, i]
    return graph.keeping(kept)


def surely_improve(graph: Graph, found: Comparisons) -> Graph:
    """Return the moves that are surely better for everybody who makes them; ``found`` has shape (k, m, m)."""
    kept = np.ones(graph.targets.size, dtype=np.bool_)
    for i in range(graph.actors):
        better = leaves_for(found[i, graph.sources, graph.targets], "b")
        kept &= better | ~graph.members[graph.rows, i]
    return graph.keeping(kept)


class Answers:
    """Where everybody but one actor can lead, for each actor: by any moves, and by moves that may pay.

    Attributes:
        moves: shape (k, m, words), packed.
        own: where the actor itself can go, shape (k, m, words), packed.
    """

    def __init__(self, graph: Graph) -> None:
        """Follow all legal sequences."""
        self.graph = graph
        self.moves = self.following(graph)
        self.own_moves = np.stack([reachable(graph, (i,)) for i in range(graph.actors)])
        self.own: Packed = packed(self.own_moves)

    @staticmethod
    def following(graph: Graph) -> Packed:
        """Return where everybody but each actor can lead by the moves of a graph, packed."""
        everybody = range(graph.actors)
        rests = [reachable(graph, tuple(j for j in everybody if j != i)) for i in everybody]
        return packed(np.stack(rests))


def stable(
    answers: Answers,
    found: Comparisons,
    variant: Variant,
    concepts: Sequence[str] = CONCEPTS,
    *,
    strong: bool = False,
) -> dict[str, Mask]:
    """Return which states are stable for whom: concept → shape (k, m).

    Args:
        answers: of the graph.
        found: comparisons of every actor, shape (k, m, m).
        variant: how the unknown is read.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``.
        strong: whether sanctions must be strongly worse.
    """
    gains = packed(answers.own_moves & np.stack([leaves_for(one, variant) for one in found]))
    fails = packed(np.stack([deterred_by(one, variant, strong=strong) for one in found]))
    paying = answers.following(may_improve(answers.graph, found)) if "seq" in concepts else answers.moves
    held = {}
    for concept in concepts:
        mask = np.empty(found.shape[:2], dtype=np.bool_)
        for i in range(len(found)):
            if concept == "nash":
                mask[i] = ~gains[i].any(axis=1)
            else:
                ways = paying[i] if concept == "seq" else answers.moves[i]
                hold(gains[i], ways, answers.own[i], fails[i], concept == "smr", mask[i])
        held[concept] = mask
    return held
