"""Who can go where? States and the moves between them, of single actors and of teams, in any graph.

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
from numpy.typing import NDArray

from detente.compiled import kept
from detente.errors import OptionError
from detente.lenses.stability.space import Mask, Ranks, Space

Numbers = NDArray[np.int64]
MOST_ARCS = 50_000_000


@dataclass(frozen=True, eq=False)
class Graph:
    """States 0..m-1 and the moves of k actors, and of teams of them."""

    states: int  # how many there are, m
    starts: Numbers  # (k + teams, m+1): mover i's moves from s are ``targets[starts[i, s]:starts[i, s+1]]``
    targets: NDArray[np.int32]  # states moved to, ascending for each mover and state
    teams: tuple[tuple[int, ...], ...] = ()  # who makes the moves of each row after the first k

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

    def improvements(self, ranks: Ranks) -> Mask:
        """Return which entries of ``targets`` are better for everybody who moves, shape (moves, ...).

        Ranks have shape (k, m, ...).
        """
        found = np.ones((self.targets.size, *ranks.shape[2:]), dtype=np.bool_)
        for row, mover in enumerate(self.movers):
            own = slice(self.starts[row, 0], self.starts[row, -1])
            for i in mover:
                found[own] &= ranks[i, self.targets[own]] > ranks[i, self.sources[own]]
        return found

    @cached_property
    def merges(self) -> bool:
        """Whether nobody gets anywhere by moving twice in a row, as in every game in option form."""
        return bool(_merges(self.starts, self.targets))

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
        return cls(
            states,
            np.array(starts, dtype=np.int64).reshape(-1, states + 1),
            np.array(targets, dtype=np.int32),
            teams,
        )

    @classmethod
    def from_space(cls, space: Space, teams: tuple[tuple[int, ...], ...] = ()) -> Graph:
        """Return every move of a game in option form; its last blocks of options are those of the teams.

        Raises:
            OptionError: more moves than memory should hold.
        """
        most = space.most_moves
        if most > MOST_ARCS:
            raise OptionError(
                f"a list of every move would hold up to {most:,} entries; the cap is {MOST_ARCS:,}. "
                "Stability by nash, gmr, smr and seq needs no such list"
            )
        starts = np.zeros((space.actors, space.codes.size + 1), dtype=np.int64)
        count = _list_arcs(space.codes, space.index, space.blocks, starts, np.empty(0, dtype=np.int32))
        targets = np.empty(count, dtype=np.int32)
        _list_arcs(space.codes, space.index, space.blocks, starts, targets)
        return cls(space.codes.size, starts, targets, teams)


@kept
def _merges(starts: Any, targets: Any) -> bool:
    movers, states = starts.shape[0], starts.shape[1] - 1
    met = np.full(states, -1, np.int64)  # from which state, and by whom, each was last reached in one move
    for j in range(movers):
        for x in range(states):
            here = j * states + x
            met[x] = here
            for a in range(starts[j, x], starts[j, x + 1]):
                met[targets[a]] = here
            for a in range(starts[j, x], starts[j, x + 1]):
                y = targets[a]
                for b in range(starts[j, y], starts[j, y + 1]):
                    if met[targets[b]] != here:
                        return False
    return True


@kept
def _list_arcs(codes: Any, index: Any, blocks: Any, starts: Any, targets: Any) -> int:
    """Write down every move of a game in option form as far as there is room, and return how many there are."""
    count = 0
    for i in range(blocks.shape[0]):
        low, size, forward, back = blocks[i, 0], 1 << blocks[i, 1], blocks[i, 2], blocks[i, 3]
        for s in range(codes.size):
            starts[i, s] = count
            own = (codes[s] >> low) & (size - 1)
            others = codes[s] ^ (own << low)
            for v in range(size):
                to = index[others | (v << low)]
                barred = (own & ~v & forward) | (v & ~own & back)
                if to < 0 or v == own or barred:
                    continue
                if count < targets.size:
                    targets[count] = to
                count += 1
        starts[i, codes.size] = count
    return count


@kept
def follow(starts: Any, targets: Any, movers: Any, allowed: Any, start: int, last: int, seen: Any) -> None:
    """Mark where legal sequences lead from a state, by who moved last.

    Movers (movers,) are those who may move, allowed (moves,) the moves that may be made, ``last`` is who moved to
    the start, or -1; ``seen`` is filled in, shape (m, movers), and the start is marked as reached by ``last``.
    """
    waiting = np.empty((seen.size + 1, 2), np.int64)
    waiting[0, 0], waiting[0, 1], count = start, last, 1
    if last >= 0:
        seen[start, last] = True
    while count:
        count -= 1
        x, before = waiting[count, 0], waiting[count, 1]
        for j in range(seen.shape[1]):
            if not movers[j] or j == before:  # nobody moves twice in a row
                continue
            for a in range(starts[j, x], starts[j, x + 1]):
                y = targets[a]
                if allowed[a] and not seen[y, j]:
                    seen[y, j] = True
                    waiting[count, 0], waiting[count, 1] = y, j
                    count += 1


@kept
def follow_all(starts: Any, targets: Any, movers: Any, allowed: Any, table: Any) -> None:
    """Mark in ``table``, shape (m, m), where legal sequences of at least one move lead from every state."""
    states = table.shape[0]
    for s in range(states):
        seen = np.zeros((states, movers.size), np.bool_)
        follow(starts, targets, movers, allowed, s, -1, seen)
        for y in range(states):
            for j in range(movers.size):
                table[s, y] |= seen[y, j]
