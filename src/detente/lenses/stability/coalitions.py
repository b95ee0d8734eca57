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
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Mask, Ranks

CNASH, CGMR, CSMR, CSEQ = 0, 1, 2, 3
COALITION_CONCEPTS = ("cnash", "cgmr", "csmr", "cseq")
MOST_STATES = 2_048
MOST_ACTORS = 8

Coalition = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Reach:
    """Where each coalition can get to.

    Attributes:
        coalitions: every nonempty set of actors, smaller ones first.
        tables: shape (coalitions, m, m): whether the coalition has a legal sequence from row to column.
    """

    coalitions: tuple[Coalition, ...]
    tables: Mask

    @classmethod
    def of(cls, graph: Graph) -> Reach:
        """Follow all legal sequences.

        Raises:
            OptionError: more states or actors than the tables are made for.
        """
        if graph.states > MOST_STATES or graph.actors > MOST_ACTORS:
            raise OptionError(
                f"coalitions are judged in games of at most {MOST_STATES:,} states and {MOST_ACTORS} actors; "
                f"this one has {graph.states:,} and {graph.actors}"
            )
        sizes = range(1, graph.actors + 1)
        groups = tuple(group for size in sizes for group in combinations(range(graph.actors), size))
        tables = np.zeros((len(groups), graph.states, graph.states), dtype=np.bool_)
        for group, table in zip(groups, tables, strict=True):
            _follow(graph.starts, graph.targets, np.array(group, dtype=np.int64), table)
        return cls(groups, tables)

    @cached_property
    def packed(self) -> NDArray[np.uint64]:
        """The same with 64 columns to a word."""
        return _packed(self.tables)

    def of_rest(self, group: Coalition, actors: int) -> NDArray[np.uint64]:
        """Return where everybody else can get to, packed."""
        rest = tuple(i for i in range(actors) if i not in group)
        if not rest:
            return np.zeros_like(self.packed[0])
        return np.asarray(self.packed[self.coalitions.index(rest)])


def improvements(reach: Reach, ranks: Ranks) -> Mask:
    """Return the improvements of every coalition, shape (coalitions, m, m).

    Args:
        reach: of the same graph.
        ranks: shape (k, m).
    """
    better = ranks[:, None, :] > ranks[:, :, None]
    found = reach.tables.copy()
    for group, table in zip(reach.coalitions, found, strict=True):
        for i in group:
            table &= better[i]
    return found


def stable(reach: Reach, ranks: Ranks, concepts: Sequence[str] = COALITION_CONCEPTS) -> dict[str, Mask]:
    """Return which states are stable for which coalition: concept → shape (coalitions, m).

    Args:
        reach: of the graph.
        ranks: shape (k, m).
        concepts: of ``cnash``, ``cgmr``, ``csmr``, ``cseq``.
    """
    gains = improvements(reach, ranks)
    packed = _packed(gains)
    found = {}
    for concept in concepts:
        number = COALITION_CONCEPTS.index(concept)
        found[concept] = np.stack(
            [_judge(reach, ranks, gains, packed[h], h, number) for h in range(len(gains))]
        )
    return found


def _judge(reach: Reach, ranks: Ranks, gains: Mask, own: NDArray[np.uint64], h: int, concept: int) -> Mask:
    if concept == CNASH:
        return np.asarray(~own.any(axis=1))
    group = reach.coalitions[h]
    answers = _packed(_answers(reach, gains, group)) if concept == CSEQ else reach.of_rest(group, len(ranks))
    members = np.array(group, dtype=np.int64)
    held = np.empty(ranks.shape[1], dtype=np.bool_)
    _hold(own, answers, reach.packed[h], ranks[members], concept == CSMR, held)
    return held


def _answers(reach: Reach, gains: Mask, group: Coalition) -> Mask:
    """Return where coalitional improvements of the others lead, shape (m, m)."""
    among = [n for n, other in enumerate(reach.coalitions) if not set(other) & set(group)]
    found = np.zeros(gains.shape[1:], dtype=np.bool_)
    if among:
        _follow_gains(gains[among], found)
    return found


@njit(nogil=True, cache=True)
def _follow(starts: Any, targets: Any, members: Any, table: Any) -> None:
    """Mark in ``table`` where legal sequences of the members lead from every state."""
    states = table.shape[0]
    size = members.size
    seen = np.empty((states, size), np.bool_)
    waiting = np.empty((states * size, 2), np.int64)
    for s in range(states):
        seen[:] = False
        count = _step(starts, targets, members, s, -1, seen, waiting, 0)
        while count:
            count -= 1
            x, last = waiting[count, 0], waiting[count, 1]
            table[s, x] = True
            count = _step(starts, targets, members, x, last, seen, waiting, count)


@njit(nogil=True, cache=True)
def _step(
    starts: Any, targets: Any, members: Any, x: int, last: int, seen: Any, waiting: Any, count: int
) -> int:
    for m in range(members.size):
        if m != last:
            j = members[m]
            for a in range(starts[j, x], starts[j, x + 1]):
                y = targets[a]
                if not seen[y, m]:
                    seen[y, m] = True
                    waiting[count, 0], waiting[count, 1] = y, m
                    count += 1
    return count


@njit(nogil=True, cache=True)
def _follow_gains(gains: Any, table: Any) -> None:
    """Mark where sequences of improvements lead, the same coalition never twice in a row."""
    size, states = gains.shape[0], table.shape[0]
    seen = np.empty((states, size), np.bool_)
    waiting = np.empty((states * size + 1, 2), np.int64)
    for s in range(states):
        seen[:] = False
        waiting[0, 0], waiting[0, 1] = s, -1
        count = 1
        while count:
            count -= 1
            x, last = waiting[count, 0], waiting[count, 1]
            for h in range(size):
                if h == last:
                    continue
                for y in range(states):
                    if gains[h, x, y] and not seen[y, h]:
                        seen[y, h] = True
                        table[s, y] = True
                        waiting[count, 0], waiting[count, 1] = y, h
                        count += 1


@njit(nogil=True, cache=True)
def _hold(gains: Any, answers: Any, reach: Any, ranks: Any, lasting: bool, held: Any) -> None:
    """Judge every state for one coalition, whose members' ranks are given; rows of the tables are packed bits."""
    states, words = held.size, gains.shape[1]
    fails = np.empty(words, np.uint64)
    deters = np.empty(words, np.uint64)  # the states that can end an answer
    one = np.uint64(1)
    for s in range(states):
        held[s] = not _meets(gains[s], gains[s])
        if held[s]:
            continue
        fails[:] = 0
        for c in range(states):
            for i in range(ranks.shape[0]):
                if ranks[i, c] <= ranks[i, s]:
                    fails[c >> 6] |= one << np.uint64(c & 63)
                    break
        deters[:] = fails
        if lasting:
            for c in range(states):
                bit = one << np.uint64(c & 63)
                if fails[c >> 6] & bit and _leaves(reach[c], fails):
                    deters[c >> 6] &= ~bit
        held[s] = True
        for q in range(states):
            if gains[s, q >> 6] >> np.uint64(q & 63) & one and not _meets(answers[q], deters):
                held[s] = False
                break


@njit(nogil=True, cache=True)
def _meets(first: Any, second: Any) -> bool:
    """Tell whether two packed sets have a member in common."""
    for w in range(first.size):  # noqa: SIM110 - compiled
        if first[w] & second[w]:
            return True
    return False


@njit(nogil=True, cache=True)
def _leaves(first: Any, second: Any) -> bool:
    """Tell whether the first packed set has a member that the second has not."""
    for w in range(first.size):  # noqa: SIM110 - compiled
        if first[w] & ~second[w]:
            return True
    return False


def _packed(tables: Mask) -> NDArray[np.uint64]:
    """Return rows of truth values as bits of whole words, the last axis shortened 64 times."""
    missing = -tables.shape[-1] % 64
    padded = np.concatenate([tables, np.zeros((*tables.shape[:-1], missing), dtype=np.bool_)], axis=-1)
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8")


def universal(found: NDArray[np.bool_]) -> Mask:
    """Return which states are stable for every coalition, shape (m,)."""
    return np.asarray(found.all(axis=0))
