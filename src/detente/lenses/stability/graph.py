"""Which states hold on any graph of states and moves, also where an actor's moves do not add up to one?

Common moves, merged states and hand-drawn graphs are not transitive: an actor may be able to go from a to b and
from b to c, but not from a to c. Then who moved last matters: in a legal sequence nobody moves twice in a row.

A common move needs several actors, a team (Fang, Hipel & Kilgour 1993): it is an improvement when it is one for
each of them, none of them can make it alone, and in a legal sequence the same team does not move twice in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.stability.algebra import CONCEPTS, layout
from detente.lenses.stability.space import Mask, Ranks, Space

Numbers = NDArray[np.int64]
MOST_ARCS = 50_000_000


@dataclass(frozen=True, eq=False)
class Graph:
    """States 0..m-1 and the moves of k actors, and of teams of them.

    Attributes:
        states: how many states there are, m.
        starts: shape (k + teams, m+1): mover i's moves from s are ``targets[starts[i, s]:starts[i, s+1]]``.
        targets: states moved to, ascending for each mover and state.
        teams: who makes the moves of each row after the first k.
    """

    states: int
    starts: Numbers
    targets: NDArray[np.int32]
    teams: tuple[tuple[int, ...], ...] = ()

    @property
    def actors(self) -> int:
        """How many actors there are."""
        return len(self.starts) - len(self.teams)

    @cached_property
    def movers(self) -> tuple[tuple[int, ...], ...]:
        """Who makes the moves of each row of ``starts``: every actor alone, then the teams."""
        return (*((i,) for i in range(self.actors)), *self.teams)

    @cached_property
    def members(self) -> Mask:
        """Whether an actor is one of a mover, shape (movers, k)."""
        return np.array([[i in mover for i in range(self.actors)] for mover in self.movers], dtype=np.bool_)

    @cached_property
    def sources(self) -> NDArray[np.int32]:
        """Where each entry of ``targets`` leads away from."""
        counts = np.diff(self.starts, axis=1).ravel()
        states = np.tile(np.arange(self.states, dtype=np.int32), len(self.starts))
        return np.repeat(states, counts)

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Which mover makes each entry of ``targets``."""
        return np.repeat(np.arange(len(self.starts)), self.starts[:, -1] - self.starts[:, 0])

    def moves(self, i: int, state: int) -> NDArray[np.int32]:
        """Return where a mover can go to, ascending."""
        return self.targets[self.starts[i, state] : self.starts[i, state + 1]]

    def improves(self, ranks: Ranks, mover: int, state: int, to: int) -> bool:
        """Tell whether a move is better for everybody who makes it."""
        return all(ranks[i, to] > ranks[i, state] for i in self.movers[mover])

    def improvements(self, ranks: Ranks) -> Mask:
        """Return which entries of ``targets`` are better for everybody who moves."""
        found = np.ones(self.targets.size, dtype=np.bool_)
        for i in range(self.actors):
            found &= (ranks[i, self.targets] > ranks[i, self.sources]) | ~self.members[self.rows, i]
        return found

    @cached_property
    def reversed(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The moves by where they lead: starts, shape (m, k + teams + 1), and the states they lead away from."""
        ends, sources = reverse(self.starts, self.targets)
        return ends, sources

    def paying(self, ranks: Ranks) -> Graph:
        """Return the graph of those moves that are better for everybody who makes them."""
        return self.keeping(self.improvements(ranks))

    def keeping(self, kept: Mask) -> Graph:
        """Return the graph with some of the moves only, ``kept`` for each entry of ``targets``."""
        before = np.concatenate([[0], np.cumsum(kept)])
        return Graph(self.states, before[self.starts], self.targets[kept], self.teams)

    def joined(self, classes: NDArray[np.int32]) -> Graph:
        """Return the graph in which states of one class are one state; ``classes`` numbers them, shape (m,)."""
        count = int(classes.max()) + 1
        ends = np.stack([classes[self.sources], classes[self.targets]], axis=1)
        arcs = [[(int(a), int(b)) for a, b in ends[self.rows == row]] for row in range(len(self.starts))]
        return Graph.from_arcs(count, arcs, self.teams)

    @classmethod
    def from_arcs(
        cls,
        states: int,
        arcs: Sequence[Iterable[tuple[int, int]]],
        teams: tuple[tuple[int, ...], ...] = (),
    ) -> Graph:
        """Return the graph with these arcs (from, to) per mover; arcs that lead nowhere are left out."""
        starts, targets, offset = [], [], 0
        for own in arcs:
            pairs = sorted({(a, b) for a, b in own if a != b})
            counts = np.bincount([a for a, _ in pairs], minlength=states)[:states]
            starts.append(offset + np.concatenate([[0], np.cumsum(counts)]))
            targets += [b for _, b in pairs]
            offset += len(pairs)
        return cls(states, np.array(starts, dtype=np.int64), np.array(targets, dtype=np.int32), teams)

    @classmethod
    def from_space(cls, space: Space, teams: tuple[tuple[int, ...], ...] = ()) -> Graph:
        """Return every move of a game in option form; its last blocks of options are those of the teams.

        Raises:
            OptionError: more moves than memory should hold.
        """
        most = space.codes.size * int(sum(2 ** int(w) - 1 for w in space.width))
        if most > MOST_ARCS:
            raise OptionError(
                f"a list of every move would hold up to {most:,} entries; the cap is {MOST_ARCS:,}. "
                "Stability by nash, gmr, smr and seq needs no such list"
            )
        spread = layout(space)
        starts = np.zeros((space.actors, space.codes.size + 1), dtype=np.int64)
        _count_arcs(space.codes, space.index, *spread, starts)
        offsets = np.cumsum(np.concatenate([[0], starts[:, -1]]))
        starts += offsets[:-1, None]
        targets = np.empty(int(offsets[-1]), dtype=np.int32)
        _fill_arcs(space.codes, space.index, *spread, starts, targets)
        return cls(space.codes.size, starts, targets, teams)


def thresholds(graph: Graph, ranks: Ranks, concepts: Sequence[str] = CONCEPTS) -> dict[str, Ranks]:
    """Return the least rank at which each state would be stable for each actor, every other rank as it is.

    Args:
        graph: states and moves.
        ranks: shape (k, m), larger is better, at least 0.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``.

    Returns:
        concept → shape (k, m). On graphs that are not transitive only whether it exceeds the state's own rank
        has a meaning.
    """
    found: dict[str, Ranks] = {}
    for concept in concepts:
        ways = graph.paying(ranks) if concept == "seq" else graph
        rows = []
        for i, rank in enumerate(ranks):
            g = rank if concept == "nash" else deterrence(ways, ranks, (i,), lasting=concept == "smr")
            rows.append(_threshold(graph.starts[i], graph.targets, rank, g))
        found[concept] = np.stack(rows).astype(np.int32)
    return found


def stable(graph: Graph, ranks: Ranks, concepts: Sequence[str] = CONCEPTS) -> dict[str, Mask]:
    """Return which states are stable for whom: concept → shape (k, m); arguments as in `thresholds`."""
    return {concept: level <= ranks for concept, level in thresholds(graph, ranks, concepts).items()}


def strongly_stable(
    graph: Graph, ranks: Ranks, strongly: Ranks, concepts: Sequence[str] = CONCEPTS
) -> dict[str, Mask]:
    """Return which states are strongly stable for whom; see `strength.strongly_stable`.

    Args:
        graph: states and moves.
        ranks: shape (k, m).
        strongly: shape (k, m), the largest rank that is strongly worse than the state, or -1.
        concepts: of ``nash``, ``gmr``, ``smr``, ``seq``.
    """
    found = {}
    for concept in concepts:
        ways = graph.paying(ranks) if concept == "seq" else graph
        rows = []
        for i, rank in enumerate(ranks):
            g = rank if concept == "nash" else deterrence(ways, ranks, (i,), lasting=concept == "smr")
            rows.append(_worst_gain(graph.starts[i], graph.targets, rank, g) <= strongly[i])
        found[concept] = np.stack(rows)
    return found


def deterrence(ways: Graph, ranks: Ranks, group: tuple[int, ...], *, lasting: bool = False) -> Ranks:
    """Return what the others can bring the first of a group down to from every state, shape (m,).

    Args:
        ways: states and the moves that may be made in answer.
        ranks: shape (k, m).
        group: who is to be deterred; the others are all movers without one of them.
        lasting: whether an end counts for what the first of the group can escape to.
    """
    first = group[0]
    value = ranks[first].astype(np.int32)
    if lasting:
        ends = ways.targets[ways.starts[first, 0] : ways.starts[first, -1]]
        np.maximum.at(
            value, np.repeat(np.arange(ways.states), np.diff(ways.starts[first])), ranks[first, ends]
        )
    others = np.flatnonzero(~ways.members[:, list(group)].any(axis=1))
    return np.asarray(sanctions(*ways.reversed, others, value, np.argsort(value)), dtype=np.int32)


@njit(nogil=True, cache=True)
def _threshold(starts: Any, targets: Any, rank: Any, g: Any) -> Any:
    """Return max over s and its moves b of min(P(b), g(b)), g(b) the least value of a sanction of b."""
    level = np.empty(rank.size, np.int32)
    for s in range(rank.size):
        level[s] = min(rank[s], g[s])
        for a in range(starts[s], starts[s + 1]):
            b = targets[a]
            level[s] = max(level[s], min(rank[b], g[b]))
    return level


@njit(nogil=True, cache=True)
def _worst_gain(starts: Any, targets: Any, rank: Any, g: Any) -> Any:
    """Return max over the improvements b of s of g(b), -2 where s has none."""
    level = np.full(rank.size, -2, np.int32)
    for s in range(rank.size):
        for a in range(starts[s], starts[s + 1]):
            b = targets[a]
            if rank[b] > rank[s]:
                level[s] = max(level[s], g[b])
    return level


@njit(nogil=True, cache=True)
def reverse(starts: Any, targets: Any) -> tuple[Any, Any]:
    """Return the moves by where they lead: starts, shape (m, movers+1), and the states they lead away from."""
    movers, states = starts.shape[0], starts.shape[1] - 1
    ends, sources = np.zeros((states, movers + 1), np.int32), np.empty(targets.size, np.int32)
    for j in range(movers):
        for a in range(starts[j, 0], starts[j, states]):
            ends[targets[a], j] += 1
    count = 0
    for y in range(states):
        for j in range(movers):
            count += ends[y, j]
            ends[y, j] = count
        ends[y, movers] = count
    for j in range(movers):
        for s in range(states):
            for a in range(starts[j, s], starts[j, s + 1]):
                ends[targets[a], j] -= 1
                sources[ends[targets[a], j]] = s
    return ends, sources


@njit(nogil=True, cache=True)
def sanctions(ends: Any, sources: Any, others: Any, value: Any, least_first: Any) -> Any:
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
    found = np.full(value.size, 2**31 - 1, np.int32)
    first = np.full(value.size, nobody, np.int64)  # who moves first from there
    waiting = np.empty(2 * value.size + 1, np.int64)
    whose = np.empty(waiting.size, np.int64)  # by whom to follow: j alone, or from -1 on everybody but -1 - j
    for c in least_first:
        if first[c] == anybody:
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
                    waiting[count], whose[count] = x, -1 - j if first[x] == nobody else first[x]
                    first[x] = j if first[x] == nobody else anybody
                    count += 1
    return found


@njit(nogil=True, cache=True)
def _can(u: int, v: int, forward: int, back: int) -> bool:
    """Tell whether an actor can change its own options from u to v."""
    return u != v and (u & ~v & forward) == 0 and (v & ~u & back) == 0


@njit(nogil=True, cache=True)
def _count_arcs(codes: Any, index: Any, low: Any, width: Any, forward: Any, back: Any, starts: Any) -> None:
    for i in range(low.size):
        size, mask = 1 << width[i], ((1 << width[i]) - 1) << low[i]
        for s in range(codes.size):
            own, rest = (codes[s] & mask) >> low[i], codes[s] & ~mask
            count = 0
            for v in range(size):
                if _can(own, v, forward[i], back[i]) and index[rest | (v << low[i])] >= 0:
                    count += 1
            starts[i, s + 1] = starts[i, s] + count


@njit(nogil=True, cache=True)
def _fill_arcs(
    codes: Any, index: Any, low: Any, width: Any, forward: Any, back: Any, starts: Any, targets: Any
) -> None:
    for i in range(low.size):
        size, mask = 1 << width[i], ((1 << width[i]) - 1) << low[i]
        for s in range(codes.size):
            own, rest = (codes[s] & mask) >> low[i], codes[s] & ~mask
            at = starts[i, s]
            for v in range(size):
                to = index[rest | (v << low[i])]
                if _can(own, v, forward[i], back[i]) and to >= 0:
                    targets[at] = to
                    at += 1
