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
        rows = []
        for i, rank in enumerate(ranks):
            g = rank if concept == "nash" else deterrence(graph, ranks, (i,), concept)
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
        rows = []
        for i, rank in enumerate(ranks):
            g = rank if concept == "nash" else deterrence(graph, ranks, (i,), concept)
            rows.append(_worst_gain(graph.starts[i], graph.targets, rank, g) <= strongly[i])
        found[concept] = np.stack(rows)
    return found


def deterrence(graph: Graph, ranks: Ranks, group: tuple[int, ...], concept: str) -> Ranks:
    """Return what the others can bring the first of a group down to from every state, shape (m,).

    Args:
        graph: states and moves.
        ranks: shape (k, m).
        group: who is to be deterred; the others are all movers without one of them.
        concept: ``gmr``, ``smr`` (an end counts for what can be escaped to) or ``seq`` (improvements only).
    """
    value = ranks[group[0]].astype(np.int32)
    if concept == "smr":
        first = group[0]
        ends = graph.targets[graph.starts[first, 0] : graph.starts[first, -1]]
        counts = np.diff(graph.starts[first])
        np.maximum.at(value, np.repeat(np.arange(graph.states), counts), ranks[first, ends])
    others = ~graph.members[:, list(group)].any(axis=1)
    return np.asarray(
        sanctions(graph.starts, graph.targets, graph.members, others, ranks, value, concept == "seq"),
        dtype=np.int32,
    )


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
def sanctions(
    starts: Any, targets: Any, members: Any, others: Any, ranks: Any, value: Any, improving: bool
) -> Any:
    """Return the least value to which legal sequences of the ``others`` lead, from every state, shape (m,).

    ``after[x, l]`` is the least value that can follow when mover l has just moved to x; the last column stands
    for nobody. The values only fall, and each is one of m, so repeating the definition ends.
    """
    movers, states = others.size, value.size
    after = np.full((states, movers + 1), 2**31 - 1, np.int32)
    changed = True
    while changed:
        changed = False
        for x in range(states):
            for j in range(movers):
                if not others[j]:
                    continue
                least = np.int32(2**31 - 1)
                for a in range(starts[j, x], starts[j, x + 1]):
                    y = targets[a]
                    if not improving or _improves(members[j], ranks, x, y):
                        least = min(least, value[y], after[y, j])
                for last in range(movers + 1):
                    if last != j and least < after[x, last]:
                        after[x, last] = least
                        changed = True
    return after[:, movers].copy()


@njit(nogil=True, cache=True)
def _improves(member: Any, ranks: Any, x: int, y: int) -> bool:
    """Tell whether y is better than x for each of the members."""
    for i in range(member.size):  # noqa: SIM110 - compiled
        if member[i] and ranks[i, y] <= ranks[i, x]:
            return False
    return True


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
