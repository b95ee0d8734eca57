"""Which states hold when actors may also move together?

A coalition moves by legal sequences of its members (nobody twice in a row) and improves when every member ends
better off than it began (Kilgour, Hipel, Fang & Peng 2001; Inohara & Hipel 2008). The others deter it by
leading on to a state where some member is no better off:

- ``cnash``: the coalition has no improvement;
- ``cgmr``: every improvement can be answered so by moves of the others;
- ``csmr``: and the coalition cannot then move on to where all its members are better off;
- ``cseq``: every improvement can be answered so by improvements of coalitions of the others, none twice in a row.

A state holds universally when it is stable for every coalition, single actors included.

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
from detente.lenses.stability.graph import Graph, deterrence
from detente.lenses.stability.joint import better_states, hold_jointly, hold_sequentially, joint_gains, merges
from detente.lenses.stability.pairs import Packed, follow, packed, unpacked
from detente.lenses.stability.space import Mask, Ranks

COALITION_CONCEPTS = ("cnash", "cgmr", "csmr", "cseq")
MOST_STATES = 2_048
MOST_ACTORS = 8

Coalition = tuple[int, ...]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reach:
    """Where each coalition can get to.

    Attributes:
        states: how many states there are, m.
        actors: how many actors there are, k.
        coalitions: the sets of actors that can form, smaller ones first; each actor alone is one.
        tables: shape (coalitions, m, words): whether the coalition has a legal sequence from a state to another,
            64 of these to a word.
        rests: the same for everybody else together.
    """

    states: int
    actors: int
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
        tables = {group: packed(reachable(graph, group)) for group in {*groups, *rests}}
        own, others = ([tables[group] for group in several] for several in (groups, rests))
        return cls(graph.states, graph.actors, groups, np.stack(own), np.stack(others))

    @cached_property
    def members(self) -> Mask:
        """Whether an actor is one of a coalition, shape (coalitions, k)."""
        return np.array(
            [[i in group for i in range(self.actors)] for group in self.coalitions], dtype=np.bool_
        )

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
        return np.flatnonzero(unpacked(self.tables[h, state], self.states))


def reachable(graph: Graph, group: Coalition) -> Mask:
    """Return where legal sequences of a set of actors lead, also by moves they make together; shape (m, m)."""
    table = np.zeros((graph.states, graph.states), dtype=np.bool_)
    movers = [number for number, members in enumerate(graph.movers) if set(members) <= set(group)]
    if movers:
        follow(graph.starts, graph.targets, np.array(movers, dtype=np.int64), table)
    return table


def improvements(reach: Reach, ranks: Ranks) -> Graph:
    """Return where every coalition can get to that is better for all its members, as a graph they move on.

    Args:
        reach: of the game.
        ranks: shape (k, m).
    """
    better = better_states(ranks, _best_first(ranks))
    return _graph(reach, *joint_gains(reach.tables, reach.members, better)[1:])


def _graph(reach: Reach, starts: Numbers, targets: NDArray[np.int32]) -> Graph:
    return Graph(reach.states, starts, targets, reach.coalitions[reach.actors :])


def _best_first(ranks: Ranks) -> Numbers:
    """Return the states in the order of each actor, shape (k, m)."""
    return np.argsort(-ranks, axis=1)


def stable(
    reach: Reach, ranks: Ranks, concepts: Sequence[str] = COALITION_CONCEPTS, *, universally: bool = False
) -> dict[str, Mask]:
    """Return which states are stable for which coalition: concept → shape (coalitions, m).

    Args:
        reach: of the game.
        ranks: shape (k, m).
        concepts: of ``cnash``, ``cgmr``, ``csmr``, ``cseq``.
        universally: whether only what is stable for every coalition counts: what one coalition leaves is then
            not looked at for the next ones, and not called stable for them.
    """
    ranks = np.ascontiguousarray(ranks, dtype=np.int32)
    better = better_states(ranks, _best_first(ranks))
    gained, starts, targets = joint_gains(reach.tables, reach.members, better)
    members, tables = reach.members, (reach.tables, reach.rests)
    found: dict[str, Mask] = {}
    for concept in concepts:
        if concept == "cnash":
            held = np.diff(starts, axis=1) == 0
        elif concept != "cseq":
            held = hold_jointly(starts, targets, members, better, *tables, concept == "csmr", universally)
        elif reach.merges:
            held = hold_sequentially(starts, targets, gained, members, reach.apart, better, universally)
        else:
            held = sequentially(reach, _graph(reach, starts, targets), ranks)
        found[concept] = held
    return found


def sequentially(reach: Reach, gains: Graph, ranks: Ranks) -> Mask:
    """Return which states are stable by ``cseq`` on any graph, shape (coalitions, m).

    An answer counts when it leads to where some member is no better off than at the start, so for each member
    the least that the answers bring it down to is all that has to be known.

    Args:
        reach: of the game.
        gains: the improvements of the coalitions.
        ranks: shape (k, m).
    """
    held = np.ones((len(reach.coalitions), reach.states), dtype=np.bool_)
    for h, group in enumerate(reach.coalitions):
        own = slice(gains.starts[h, 0], gains.starts[h, -1])
        sources, targets = gains.sources[own], gains.targets[own]
        met = np.zeros(targets.size, dtype=np.bool_)
        for i in group:
            met |= deterrence(gains, ranks, (i, *group))[targets] <= ranks[i, sources]
        held[h, sources[~met]] = False
    return held


def universal(found: NDArray[np.bool_]) -> Mask:
    """Return which states are stable for every coalition, shape (m,)."""
    return np.asarray(found.all(axis=0))
