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

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.stability import stable as general
from detente.lenses.stability.graph import Graph, follow_all
from detente.lenses.stability.pairs import (
    ALONE,
    GMR,
    UNIVERSALLY,
    Packed,
    hold,
    hold_in_draws,
    merges,
    packed,
    unpacked,
)
from detente.lenses.stability.relation import Compared, Ordered, Relation
from detente.lenses.stability.space import Mask, Ranks
from detente.lenses.stability.stable import CONCEPTS

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

        ``forming`` says which sets of two or more actors can form a coalition; by default all.

        Raises:
            OptionError: more states or actors than the tables are made for.
        """
        together = forming is None or len(forming) > 0
        if graph.states > MOST_STATES or (together and graph.actors > MOST_ACTORS):
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
    every_move = np.ones(graph.targets.size, dtype=np.bool_)
    for group in groups:
        table = np.zeros((graph.states, graph.states), dtype=np.bool_)
        inside = np.array([set(members) <= set(group) for members in graph.movers])
        follow_all(graph.starts, graph.targets, inside, every_move, table)
        found.append(packed(table))
    return np.stack(found)


def stable(
    reach: Reach, relation: Relation, concepts: Sequence[str], *, universally: bool = False
) -> dict[str, Mask]:
    """Return which states are stable for which coalition, or for which actor.

    Args:
        reach: of the game.
        relation: what everybody prefers, ranks of shape (..., k, m), and what deters it.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``; and where no preference is unknown of ``cnash``,
            ``cgmr``, ``csmr``, ``cseq``.
        universally: whether only what is stable for everybody counts: what one coalition leaves is then not
            looked at for the next ones, and not called stable for them.

    Returns:
        concept → shape (..., k, m), or (..., coalitions, m) for concepts of coalitions.
    """
    *draws, actors, states = relation.ranks.shape
    apart = [concept for concept in concepts if not _told_by_tables(reach, relation, concept)]
    found = {concept: _sequentially(reach, relation, concept) for concept in apart}
    if told := [concept for concept in concepts if concept not in apart]:
        flags = [UNIVERSALLY * universally + ALONE * (concept in CONCEPTS) for concept in told]
        kinds = [
            CONCEPTS.index(concept.removeprefix("c")) + flag
            for concept, flag in zip(told, flags, strict=True)
        ]
        held = np.empty((*draws, len(told), len(reach.coalitions), states), dtype=np.bool_)
        tables = (reach.tables, reach.rests, reach.members, np.array(kinds))
        if isinstance(relation, Compared):
            hold(*_packed(relation), *tables, held)
        else:
            ranks, marks = (one.reshape(-1, actors, states) for one in (relation.ranks, relation.marks))
            in_line = held.reshape(len(ranks), *held.shape[-3:])
            hold_in_draws(ranks, marks, relation.is_strong, *tables, in_line)
        found.update(zip(told, np.moveaxis(held, -3, 0), strict=True))
    return {c: found[c][..., :actors, :] if c in CONCEPTS else found[c] for c in concepts}


def _told_by_tables(reach: Reach, relation: Relation, concept: str) -> bool:
    """Say whether answers are moves, or gains one after the other in which moving twice gains nothing."""
    if concept not in ("seq", "cseq"):
        return True
    teams = concept == "seq" and reach.graph.teams  # whose gains are no coalition's
    return isinstance(relation, Ordered) and not teams and reach.merges


def _packed(compared: Compared) -> tuple[Packed, Packed]:
    """Return for which states each actor leaves each, and at which ends it regrets to; shape (k, m, words)."""
    every = slice(None)
    return packed(compared.leaves(every, every)), packed(compared.regrets(every, every))


def _sequentially(reach: Reach, relation: Relation, concept: str) -> Mask:
    """Return which states are stable by SEQ or cSEQ on any graph, shape (..., coalitions or k, m)."""
    if isinstance(relation, Compared):  # as GMR, by moves that may pay
        paying = reach.graph.keeping(relation.pays(reach.graph))
        rests, kinds = reached_by(paying, others(reach.graph, reach.coalitions)), np.array([GMR + ALONE])
        held: Mask = np.empty((1, len(reach.coalitions), reach.graph.states), dtype=np.bool_)
        hold(*_packed(relation), reach.tables, rests, reach.members, kinds, held)
        return np.asarray(held[0])
    if concept == "seq":
        return general.stable(reach.graph, relation, ["seq"])["seq"]
    *draws, _, states = relation.ranks.shape
    held = np.ones((*draws, len(reach.coalitions), states), dtype=np.bool_)
    for draw in np.ndindex(*draws):
        ranks, marks = relation.ranks[draw], relation.marks[draw]
        gains = improvements(reach, ranks)
        for h, group in enumerate(reach.coalitions):
            own = slice(gains.starts[h, 0], gains.starts[h, -1])
            sources, targets = gains.sources[own], gains.targets[own]
            # An answer counts when some member regrets its end: the least that it brings each to is enough.
            met = np.zeros(targets.size, dtype=np.bool_)
            for i in group:
                met |= general.deterrence(gains, ranks, (i, *group))[targets] <= marks[i, sources]
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
