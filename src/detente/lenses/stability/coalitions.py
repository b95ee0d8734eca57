"""Which states hold when actors may also move together?

A coalition moves by legal sequences of its members (nobody twice in a row) and improves when every member ends
better off than it began (Kilgour, Hipel, Fang & Peng 2001; Inohara & Hipel 2008). The others deter it by
leading on to a state where some member is no better off:

- ``cnash``: the coalition has no improvement;
- ``cgmr``: every improvement can be answered so by moves of the others;
- ``csmr``: and the coalition cannot then move on to where all its members are better off;
- ``cseq``: every improvement can be answered so by improvements of coalitions of the others, none twice in a row.

A state holds universally when it is stable for every coalition, single actors included. Of single actors alone
these are the concepts of `stable`, here for preferences that need not be an order.

Where a coalition can get to does not depend on what anybody prefers: `Reach` is made once for a game. The
improvements of an order are then a graph whose movers are the coalitions, and ``cseq`` asks of that graph what
``seq`` asks of single actors. Pairs of states are bits of m × m tables, one for each coalition.
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
from detente.lenses.stability.pairs import Packed, follow, gained_by, hold, merges, packed, split, unpacked
from detente.lenses.stability.relation import Compared, Ordered
from detente.lenses.stability.space import Mask, Ranks
from detente.lenses.stability.stable import CONCEPTS, deterrence

COALITION_CONCEPTS = ("cnash", "cgmr", "csmr", "cseq")
MOST_STATES = 2_048
MOST_ACTORS = 8

Coalition = tuple[int, ...]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reach:
    """Where each coalition can get to.

    Attributes:
        graph: states and moves of k actors.
        coalitions: the sets of actors that can form, smaller ones first; each actor alone is one.
        tables: shape (coalitions, m, words): whether the coalition has a legal sequence from a state to another,
            64 of these to a word.
        rests: the same for everybody else together.
    """

    graph: Graph
    coalitions: tuple[Coalition, ...]
    tables: Packed
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
        if graph.states > MOST_STATES or (forming is None and graph.actors > MOST_ACTORS):
            raise OptionError(
                f"coalitions are judged in games of at most {MOST_STATES:,} states and {MOST_ACTORS} actors; "
                f"this one has {graph.states:,} and {graph.actors}"
            )
        everybody = range(graph.actors)
        if forming is None:
            forming = [group for size in everybody for group in combinations(everybody, size + 1)]
        sets = {*((i,) for i in everybody), *(tuple(sorted(group)) for group in forming)}
        groups = tuple(sorted(sets, key=lambda group: (len(group), group)))
        rests = others(graph, groups)
        every = tuple(dict.fromkeys((*groups, *rests)))
        tables = dict(zip(every, reached_by(graph, every), strict=True))
        own, answers = (np.stack([tables[group] for group in some]) for some in (groups, rests))
        return cls(graph, groups, own, answers)

    @cached_property
    def members(self) -> Mask:
        """Whether an actor is one of a coalition, shape (coalitions, k)."""
        everybody = range(self.graph.actors)
        return np.array([[i in group for i in everybody] for group in self.coalitions], dtype=np.bool_)

    @cached_property
    def apart(self) -> Mask:
        """Whether two coalitions have no member in common, shape (coalitions, coalitions)."""
        count = self.members.astype(np.int64)
        return np.asarray(count @ count.T == 0)

    @cached_property
    def merges(self) -> bool:
        """Whether no coalition gets anywhere by moving twice in a row, as in every game in option form."""
        return bool(merges(self.tables))

    def ends(self, h: int, state: int) -> Numbers:
        """Return where a coalition can get to from a state, ascending."""
        return np.flatnonzero(unpacked(self.tables[h, state], self.graph.states))


def others(graph: Graph, groups: Sequence[Coalition]) -> list[Coalition]:
    """Return everybody outside of each group."""
    return [tuple(i for i in range(graph.actors) if i not in group) for group in groups]


def reached_by(graph: Graph, groups: Sequence[Coalition]) -> Packed:
    """Return where legal sequences of each group lead, also by moves made together; shape (groups, m, words)."""
    found = []
    for group in groups:
        table = np.zeros((graph.states, graph.states), dtype=np.bool_)
        movers = [number for number, members in enumerate(graph.movers) if set(members) <= set(group)]
        follow(graph.starts, graph.targets, np.array(movers, dtype=np.int64), table)
        found.append(packed(table))
    return np.stack(found)


def stable(
    reach: Reach, order: Ordered, concepts: Sequence[str] = COALITION_CONCEPTS, *, universally: bool = False
) -> dict[str, Mask]:
    """Return which states are stable for which coalition.

    Args:
        reach: of the game.
        order: of the states, ranks of shape (..., k, m).
        concepts: of ``cnash``, ``cgmr``, ``csmr``, ``cseq``.
        universally: whether only what is stable for every coalition counts: what one coalition leaves is then
            not looked at for the next ones, and not called stable for them.

    Returns:
        concept → shape (..., coalitions, m).
    """
    *draws, actors, states = order.ranks.shape
    best_first = np.argsort(-order.ranks, axis=-1)
    better = np.empty((actors, *reach.tables.shape[1:]), dtype=np.uint64)
    fails = np.empty_like(better)
    shape = (*draws, len(reach.coalitions), states)
    found = {concept: np.empty(shape, dtype=np.bool_) for concept in concepts}
    for draw in np.ndindex(*draws):
        ranks = np.ascontiguousarray(order.ranks[draw], dtype=np.int32)
        split(ranks, best_first[draw], better, fails)
        gained = gained_by(reach.tables, reach.members, better)
        for concept, held in found.items():
            if concept == "cnash":
                held[draw] = ~gained.any(axis=-1)
            elif concept == "cseq" and not reach.merges:
                held[draw] = _sequentially(reach, _graph(reach, gained), ranks)
            else:
                _hold(reach, gained, fails, reach.rests, concept, held[draw], universally=universally)
    return found


def stable_compared(reach: Reach, compared: Compared, concepts: Sequence[str] = CONCEPTS) -> dict[str, Mask]:
    """Return which states are stable for whom where preferences are partly unknown.

    Args:
        reach: of the game, in which nobody forms a coalition.
        compared: the preferences.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``.

    Returns:
        concept → shape (k, m).
    """
    graph, every = reach.graph, slice(None)
    gained = gained_by(reach.tables, reach.members, packed(compared.leaves(every, every)))
    fails, found = packed(compared.regrets(every, every)), {}
    for concept in concepts:
        found[concept] = ~gained.any(axis=-1)
        if concept in ("gmr", "smr"):
            _hold(reach, gained, fails, reach.rests, "c" + concept, found[concept])
        elif concept == "seq":  # as gmr, where only moves that may pay are made in answer
            paying = graph.keeping(compared.pays(graph))
            rests = reached_by(paying, others(graph, reach.coalitions))
            _hold(reach, gained, fails, rests, "cgmr", found[concept])
    return found


def _hold(
    reach: Reach,
    gained: Packed,
    fails: Packed,
    rests: Packed,
    concept: str,
    held: Mask,
    *,
    universally: bool = False,
) -> None:
    lasting, closing = concept == "csmr", concept == "cseq"
    hold(gained, reach.members, fails, reach.tables, rests, reach.apart, lasting, closing, universally, held)


def improvements(reach: Reach, ranks: Ranks) -> Graph:
    """Return where every coalition can get to that is better for all its members, as a graph they move on.

    Args:
        reach: of the game.
        ranks: shape (k, m).
    """
    better = packed(ranks[:, None, :] > ranks[:, :, None])
    return _graph(reach, gained_by(reach.tables, reach.members, better))


def _graph(reach: Reach, gained: Packed) -> Graph:
    """Return the graph on which coalitions move by their gains."""
    table = unpacked(gained, reach.graph.states)
    starts = np.zeros((len(table), reach.graph.states + 1), dtype=np.int64)
    counts = table.sum(axis=-1)
    starts[:, 1:] = np.cumsum(counts.ravel()).reshape(counts.shape)
    starts[1:, 0] = starts[:-1, -1]
    targets = np.nonzero(table)[2].astype(np.int32)
    return Graph(reach.graph.states, starts, targets, reach.coalitions[reach.graph.actors :])


def _sequentially(reach: Reach, gains: Graph, ranks: Ranks) -> Mask:
    """Return which states are stable by ``cseq`` on any graph, shape (coalitions, m).

    An answer counts when it leads to where some member is no better off than at the start, so for each member
    the least that the answers bring it down to is all that has to be known.

    Args:
        reach: of the game.
        gains: the improvements of the coalitions.
        ranks: shape (k, m).
    """
    held = np.ones((len(reach.coalitions), reach.graph.states), dtype=np.bool_)
    for h, group in enumerate(reach.coalitions):
        own = slice(gains.starts[h, 0], gains.starts[h, -1])
        sources, targets = gains.sources[own], gains.targets[own]
        met = np.zeros(targets.size, dtype=np.bool_)
        for i in group:
            met |= deterrence(gains, ranks, (i, *group))[targets] <= ranks[i, sources]
        held[h, sources[~met]] = False
    return held
