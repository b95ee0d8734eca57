"""Which states hold on any graph of states and moves, also where an actor's moves do not add up to one?

Common moves, merged states and hand-drawn graphs are not transitive: an actor may be able to go from a to b and
from b to c, but not from a to c. Then who moved last matters: in a legal sequence nobody moves twice in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.stability.algebra import CONCEPTS, NASH, SEQ, SMR, layout
from detente.lenses.stability.space import Mask, Ranks, Space

Numbers = NDArray[np.int64]
MOST_ARCS = 50_000_000


@dataclass(frozen=True, eq=False)
class Graph:
    """States 0..m-1 and the moves of k actors.

    Attributes:
        states: how many states there are, m.
        starts: shape (k, m+1): actor i's moves from s are ``targets[starts[i, s]:starts[i, s+1]]``.
        targets: states moved to, ascending for each actor and state.
    """

    states: int
    starts: Numbers
    targets: NDArray[np.int32]

    @property
    def actors(self) -> int:
        """How many actors there are."""
        return len(self.starts)

    def moves(self, i: int, state: int) -> NDArray[np.int32]:
        """Return where an actor can move to, ascending."""
        return self.targets[self.starts[i, state] : self.starts[i, state + 1]]

    @classmethod
    def from_arcs(cls, states: int, arcs: Sequence[Iterable[tuple[int, int]]]) -> Graph:
        """Return the graph with these arcs (from, to) per actor; arcs that lead nowhere are left out."""
        starts, targets, offset = [], [], 0
        for own in arcs:
            pairs = sorted({(a, b) for a, b in own if a != b})
            counts = np.bincount([a for a, _ in pairs], minlength=states)[:states]
            starts.append(offset + np.concatenate([[0], np.cumsum(counts)]))
            targets += [b for _, b in pairs]
            offset += len(pairs)
        return cls(states, np.array(starts, dtype=np.int64), np.array(targets, dtype=np.int32))

    @classmethod
    def from_space(cls, space: Space) -> Graph:
        """Return every move of a game in option form.

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
        return cls(space.codes.size, starts, targets)


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
        number = CONCEPTS.index(concept)
        rows = [_threshold(graph.starts, graph.targets, ranks, i, number) for i in range(graph.actors)]
        found[concept] = np.stack(rows).astype(np.int32)
    return found


def stable(graph: Graph, ranks: Ranks, concepts: Sequence[str] = CONCEPTS) -> dict[str, Mask]:
    """Return which states are stable for whom: concept → shape (k, m); arguments as in `thresholds`."""
    return {concept: level <= ranks for concept, level in thresholds(graph, ranks, concepts).items()}


@njit(nogil=True, cache=True)
def _threshold(starts: Any, targets: Any, ranks: Any, i: int, concept: int) -> Any:
    """Return max over s and its moves b of min(P(b), g(b)), g(b) the least value of a sanction of b."""
    states, rank = ranks.shape[1], ranks[i]
    value = rank.copy()
    if concept == SMR:
        for s in range(states):
            for a in range(starts[i, s], starts[i, s + 1]):
                value[s] = max(value[s], rank[targets[a]])
    g = rank.copy() if concept == NASH else sanctions(starts, targets, ranks, i, value, concept == SEQ)
    level = np.empty(states, np.int32)
    for s in range(states):
        level[s] = min(rank[s], g[s])
        for a in range(starts[i, s], starts[i, s + 1]):
            b = targets[a]
            level[s] = max(level[s], min(rank[b], g[b]))
    return level


@njit(nogil=True, cache=True)
def sanctions(starts: Any, targets: Any, ranks: Any, i: int, value: Any, improving: bool) -> Any:
    """Return the least value to which legal sequences of everybody but i lead, from every state, shape (m,).

    ``after[x, l]`` is the least value that can follow when actor l has just moved to x; column i stands for
    nobody. The values only fall, and each is one of m, so repeating the definition ends.
    """
    actors, states = ranks.shape
    after = np.full((states, actors), 2**31 - 1, np.int32)
    changed = True
    while changed:
        changed = False
        for x in range(states):
            for j in range(actors):
                if j == i:
                    continue
                least = np.int32(2**31 - 1)
                for a in range(starts[j, x], starts[j, x + 1]):
                    y = targets[a]
                    if not improving or ranks[j, y] > ranks[j, x]:
                        least = min(least, value[y], after[y, j])
                for last in range(actors):
                    if last != j and least < after[x, last]:
                        after[x, last] = least
                        changed = True
    return after[:, i].copy()


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
