"""Which states hold when actors may also move together?

A coalition moves by legal sequences of its members (nobody twice in a row) and improves when every member ends
better off than it began (Kilgour, Hipel, Fang & Peng 2001; Inohara & Hipel 2008). The others deter it by
leading on to a state where some member is no better off:

- ``cnash``: the coalition has no improvement;
- ``cgmr``: every improvement can be answered so by moves of the others;
- ``csmr``: and the coalition cannot then move on to where all its members are better off;
- ``cseq``: every improvement can be answered so by improvements of coalitions of the others, none twice in a row.

A state holds universally when it is stable for every coalition, single actors included. Where no coalition forms
these are the concepts of `stable`, here also for preferences that need not be an order.

Where a coalition can get to does not depend on what anybody prefers: `Reach` is made once for a game. The
improvements of an order are then a graph whose movers are the coalitions, and ``cseq`` asks of that graph what
``seq`` asks of single actors. Pairs of states are bits of m × m tables, one for each coalition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.stability import stable as general
from detente.lenses.stability.graph import Graph, follow_all
from detente.lenses.stability.pairs import Packed, hold, packed, unpacked
from detente.lenses.stability.space import Mask, Ranks

COALITION_CONCEPTS = ("cnash", "cgmr", "csmr", "cseq")
MOST_STATES = 2_048
MOST_ACTORS = 8

Coalition = tuple[int, ...]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reach:
    """Where each coalition can get to."""

    graph: Graph  # states and moves of k actors
    coalitions: tuple[
        Coalition, ...
    ]  # the sets of actors that can form, smaller first; each actor alone is one
    tables: (
        Packed  # (coalitions, m, words): whether a legal sequence leads from a state to another, 64 to a word
    )
    rests: Packed  # the same for everybody else together

    @classmethod
    def of(cls, graph: Graph, forming: Sequence[Coalition] | None = None) -> Reach:
        """Follow all legal sequences.

        ``forming`` says which sets of two or more actors can form a coalition; by default all.

        Raises:
            OptionError: more states or actors than the tables are made for.
        """
        if graph.states > MOST_STATES or graph.actors > MOST_ACTORS:
            raise OptionError(
                f"coalitions are judged in games of at most {MOST_STATES:,} states and {MOST_ACTORS} actors; "
                f"this one has {graph.states:,} and {graph.actors}"
            )
        everybody = range(graph.actors)
        if forming is None:
            forming = [group for size in everybody for group in combinations(everybody, size + 1)]
        sets = {*((i,) for i in everybody), *(tuple(sorted(group)) for group in forming)}
        groups = tuple(sorted(sets, key=lambda group: (len(group), group)))
        rests = [tuple(i for i in everybody if i not in group) for group in groups]
        every = tuple(dict.fromkeys((*groups, *rests)))
        tables = dict(zip(every, reached_by(graph, every), strict=True))
        own, answers = (np.stack([tables[group] for group in some]) for some in (groups, rests))
        return cls(graph, groups, own, answers)

    def ends(self, h: int, state: int) -> Numbers:
        """Return where a coalition can get to from a state, ascending."""
        return np.flatnonzero(unpacked(self.tables[h, state], self.graph.states))


def reached_by(graph: Graph, groups: Sequence[Coalition]) -> Packed:
    """Return where legal sequences of each group lead, also by moves made together; shape (groups, m, words)."""
    found = []
    every_move = np.ones(graph.targets.size, dtype=np.bool_)
    for group in groups:
        table = np.zeros((graph.states, graph.states), dtype=np.bool_)
        inside = np.array([set(members) <= set(group) for members in graph.movers])
        follow_all(graph.starts, graph.targets, inside, every_move, table)
        found.append(packed(table))
    return np.stack(found)


def stable(
    reach: Reach, ranks: Ranks, concepts: Sequence[str], alone: Mapping[str, Mask] | None = None
) -> dict[str, Mask]:
    """Return which states are stable for which coalition.

    Args:
        reach: of the game.
        ranks: what everybody prefers, shape (..., k, m).
        concepts: of ``cnash``, ``cgmr``, ``csmr``, ``cseq``.
        alone: where given, only what is stable for all coalitions is asked for: concept of single actors → what is
            stable for whom, shape (..., k, m); what is left by an actor is not judged for coalitions.

    Returns:
        concept → shape (..., coalitions, m), or (..., 1, m) of what is stable for all of them.
    """
    *draws, _, states = ranks.shape
    held = np.zeros((*draws, 4, len(reach.coalitions) if alone is None else 1, states), dtype=np.bool_)
    for c, concept in enumerate(COALITION_CONCEPTS):
        if concept in concepts and (concept != "cseq" or reach.graph.merges):
            held[..., c, :, :] = _left(alone or {}, concept)
    sets = np.array([sum(1 << i for i in group) for group in reach.coalitions])
    in_line = ranks.reshape(-1, *ranks.shape[-2:])
    hold(in_line, reach.tables, reach.rests, sets, held.reshape(len(in_line), *held.shape[-3:]))
    found = dict(zip(COALITION_CONCEPTS, np.moveaxis(held, -3, 0), strict=True))
    if "cseq" in concepts and not reach.graph.merges:
        by_seq = _sequentially(reach, ranks)
        found["cseq"] = by_seq if alone is None else by_seq.all(axis=-2, keepdims=True)
    return {concept: found[concept] for concept in concepts}


def _left(alone: Mapping[str, Mask], concept: str) -> Any:
    """Return what single actors do not leave: an answer of coalitions by gains is one that others could give."""
    same = "gmr" if concept == "cseq" else concept[1:]
    return alone[same].all(axis=-2, keepdims=True) if same in alone else True


def _sequentially(reach: Reach, ranks: Ranks) -> Mask:
    """Return which states are stable by cSEQ on any graph, shape (..., coalitions, m)."""
    *draws, _, states = ranks.shape
    held = np.ones((*draws, len(reach.coalitions), states), dtype=np.bool_)
    for draw in np.ndindex(*draws):
        rank, gains = ranks[draw], improvements(reach, ranks[draw])
        for h, group in enumerate(reach.coalitions):
            own = slice(gains.starts[h, 0], gains.starts[h, -1])
            sources, targets = gains.sources[own], gains.targets[own]
            # An answer counts when some member regrets its end: the least that it brings each to is enough.
            met = np.zeros(targets.size, dtype=np.bool_)
            for i in group:
                met |= general.deterrence(gains, rank, (i, *group))[targets] <= rank[i, sources]
            held[draw][h, sources[~met]] = False
    return held


def improvements(reach: Reach, ranks: Ranks) -> Graph:
    """Return where every coalition can get to that is better for all its members, as a graph they move on."""
    better, states = ranks[:, None, :] > ranks[:, :, None], reach.graph.states
    table = unpacked(reach.tables, states)
    for gained, group in zip(table, reach.coalitions, strict=True):
        gained &= better[list(group)].all(axis=0)
    starts = np.zeros((len(table), states + 1), dtype=np.int64)
    counts = table.sum(axis=-1)
    starts[:, 1:] = np.cumsum(counts.ravel()).reshape(counts.shape)
    starts[1:, 0] = starts[:-1, -1]
    targets = np.nonzero(table)[2].astype(np.int32)
    return Graph(states, starts, targets, reach.coalitions[reach.graph.actors :])
