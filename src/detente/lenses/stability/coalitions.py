"""Which states hold when actors may also move together?

A coalition moves by legal sequences of its members (nobody twice in a row) and improves when every member ends
better off than it began (Kilgour, Hipel, Fang & Peng 2001; Inohara & Hipel 2008). The others deter it by
leading on to a state where some member is no better off:

- ``cnash``: the coalition has no improvement;
- ``cgmr``: every improvement can be answered so by moves of the others;
- ``csmr``: and the coalition cannot then move on to where all its members are better off;
- ``cseq``: every improvement can be answered so by improvements of coalitions of the others, none twice in a row.

A state holds universally when it is stable for every coalition, single actors included. Pairs of states are kept
as bits of m × m tables, so this is for games of some thousand states at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.pairs import Packed, follow, follow_gains, hold, packed
from detente.lenses.stability.space import Mask, Ranks

COALITION_CONCEPTS = ("cnash", "cgmr", "csmr", "cseq")
MOST_STATES = 2_048
MOST_ACTORS = 8

Coalition = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Reach:
    """Where each coalition can get to.

    Attributes:
        coalitions: the sets of actors that can form, smaller ones first; each actor alone is one.
        tables: shape (coalitions, m, m): whether the coalition has a legal sequence from row to column.
        rests: shape (coalitions, m, words): the same for everybody else together, as packed bits.
    """

    coalitions: tuple[Coalition, ...]
    tables: Mask
    rests: Packed

    @classmethod
    def of(cls, graph: Graph, forming: Sequence[Coalition] | None = None) -> Reach:
        """Follow all legal sequences.

        Args:
            graph: states and moves.
            forming: which sets of two or more actors can form a coalition; by default all.

        Raises:
            OptionError: more states or actors than the tables are made for.
        """
        if graph.states > MOST_STATES or graph.actors > MOST_ACTORS:
            raise OptionError(
                f"coalitions are judged in games of at most {MOST_STATES:,} states and {MOST_ACTORS} actors; "
                f"this one has {graph.states:,} and {graph.actors}"
            )
        everybody = range(graph.actors)
        groups = tuple(group for size in everybody for group in combinations(everybody, size + 1))
        if forming is not None:
            allowed = {tuple(sorted(group)) for group in forming}
            groups = tuple(group for group in groups if len(group) == 1 or group in allowed)
        rests = [tuple(i for i in everybody if i not in group) for group in groups]
        tables = {group: reachable(graph, group) for group in {*groups, *rests}}
        of_rests = [packed(tables[rest]) for rest in rests]
        return cls(groups, np.stack([tables[group] for group in groups]), np.stack(of_rests))

    @cached_property
    def packed(self) -> Packed:
        """The tables with 64 columns to a word."""
        return packed(self.tables)


def reachable(graph: Graph, group: Coalition) -> Mask:
    """Return where legal sequences of a set of actors lead, also by moves they make together; shape (m, m)."""
    table = np.zeros((graph.states, graph.states), dtype=np.bool_)
    movers = [number for number, members in enumerate(graph.movers) if set(members) <= set(group)]
    if movers:
        follow(graph.starts, graph.targets, np.array(movers, dtype=np.int64), table)
    return table


def everybody_better(reach: Reach, ranks: Ranks) -> Mask:
    """Return where every member of a coalition is better off than at the start, shape (coalitions, m, m)."""
    better = ranks[:, None, :] > ranks[:, :, None]
    found = np.ones((len(reach.coalitions), *better.shape[1:]), dtype=np.bool_)
    for group, table in zip(reach.coalitions, found, strict=True):
        for i in group:
            table &= better[i]
    return found


def improvements(reach: Reach, ranks: Ranks) -> Mask:
    """Return the improvements of every coalition, shape (coalitions, m, m).

    Args:
        reach: of the same graph.
        ranks: shape (k, m).
    """
    return np.asarray(everybody_better(reach, ranks) & reach.tables)


def stable(reach: Reach, ranks: Ranks, concepts: Sequence[str] = COALITION_CONCEPTS) -> dict[str, Mask]:
    """Return which states are stable for which coalition: concept → shape (coalitions, m).

    Args:
        reach: of the graph.
        ranks: shape (k, m).
        concepts: of ``cnash``, ``cgmr``, ``csmr``, ``cseq``.
    """
    better = everybody_better(reach, ranks)
    gains = better & reach.tables
    own, fails = packed(gains), packed(~better)
    found = {}
    for concept in concepts:
        held = np.empty(gains.shape[:2], dtype=np.bool_)
        for h in range(len(gains)):
            if concept == "cnash":
                held[h] = ~own[h].any(axis=1)
                continue
            answers = packed(answered(reach, gains, h)) if concept == "cseq" else reach.rests[h]
            hold(own[h], answers, reach.packed[h], fails[h], concept == "csmr", held[h])
        found[concept] = held
    return found


def answered(reach: Reach, gains: Mask, h: int) -> Mask:
    """Return where coalitional improvements of those outside of coalition h lead, shape (m, m)."""
    group = set(reach.coalitions[h])
    among = [n for n, other in enumerate(reach.coalitions) if not set(other) & group]
    found = np.zeros(gains.shape[1:], dtype=np.bool_)
    if among:
        follow_gains(gains[among], found)
    return found


def universal(found: NDArray[np.bool_]) -> Mask:
    """Return which states are stable for every coalition, shape (m,)."""
    return np.asarray(found.all(axis=0))
