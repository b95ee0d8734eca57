"""Which states hold when actors look several moves ahead? Limited-move stability.

For two actors it is exactly as published (Zagare 1984; Kilgour 1984). For more, definitions compete; here it is
the *conservative credible* one, which is the published one when there are two:

    G_0(i, s) = s
    G_h(i, s): actor i has the move at s. After a move to q any one j of the others may have the next move, and
    would do what is best for it, looking h-1 moves ahead: it would end at G_{h-1}(j, q). Actor i expects the j
    whose end is worst for i (the lowest state number among equals). It makes the move whose expected end is best
    (to the lowest state number among equals) if that end is better than s, and G_h(i, s) is that end; else it
    stays, and G_h(i, s) = s.
    s is stable for i at horizon h  ⇔  G_h(i, s) = s

At h = 1 this is Nash stability for any number of actors. Actors move one at a time; moves that need several are
not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import kept
from detente.errors import OptionError
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Mask, Ranks

LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class NonMyopic:
    """Where limited-move stability settles as the horizon grows."""

    horizon: int  # from here on the pattern repeats
    period: int  # after how many more moves; 1 when it settles
    stable: Mask | None  # shape (k, m): which states are stable in the limit, or ``None`` without a limit


def at_horizons(graph: Graph, ranks: Ranks, *ahead: int) -> Iterator[Mask]:
    """Yield which states are stable for whom at each of some horizons, in ascending order.

    Ranks have shape (..., k, m).

    Yields:
        Shape (..., k, m) per horizon.

    Raises:
        OptionError: a horizon below 1 or beyond ``LONGEST``.
    """
    for h in ahead:
        if not 1 <= h <= LONGEST:
            raise OptionError(f"a horizon of {h} moves cannot be looked at; ask for 1 to {LONGEST:,}")
    draws = ranks.reshape(-1, *ranks.shape[-2:])
    ends, here = _start(graph, len(draws)), np.arange(graph.states)
    for h in range(1, max(ahead, default=0) + 1):
        ends = _further(graph.starts, graph.targets, draws, ends)
        if h in ahead:
            yield np.asarray(ends.reshape(ranks.shape) == here)


def horizons(graph: Graph, ranks: Ranks, horizon: int) -> list[NDArray[np.int32]]:
    """Return where everybody expects to end, G_0 to G_h, each of shape (..., k, m); see `at_horizons`."""
    draws = ranks.reshape(-1, *ranks.shape[-2:])
    ends = [_start(graph, len(draws))]
    for _ in range(horizon):
        ends.append(_further(graph.starts, graph.targets, draws, ends[-1]))
    return [one.reshape(ranks.shape) for one in ends]


def non_myopic(graph: Graph, ranks: Ranks) -> NonMyopic:
    """Return the limit of limited-move stability, or the cycle in which it ends.

    The maps G_h(i, ·) of all actors determine those of h + 1, so the first that come again close a cycle.

    Raises:
        OptionError: no repetition within ``LONGEST`` moves.
    """
    ends = _start(graph, 1)
    seen = {ends.tobytes(): 0}
    for h in range(1, LONGEST + 1):
        ends = _further(graph.starts, graph.targets, ranks[None], ends)
        first = seen.setdefault(ends.tobytes(), h)
        if first < h:
            settled = ends[0] == np.arange(graph.states) if h - first == 1 else None
            return NonMyopic(first, h - first, settled)
    raise OptionError(f"looking ahead does not repeat itself within {LONGEST:,} moves")


def _start(graph: Graph, draws: int) -> NDArray[np.int32]:
    return np.tile(np.arange(graph.states, dtype=np.int32), (draws, graph.actors, 1))


@kept
def _further(starts: Any, targets: Any, ranks: Any, ends: Any) -> Any:
    """Return G_h from G_{h-1}, shape (draws, k, m)."""
    found = np.empty_like(ends)
    draws, actors, states = ends.shape
    worst = np.empty(states, ends.dtype)
    for draw in range(draws):
        for i in range(actors):
            rank = ranks[draw, i]
            # Of the others' ends after a move to q, the worst for i; its own move if there are no others.
            for q in range(states):
                worst[q] = q if actors == 1 else ends[draw, 1 if i == 0 else 0, q]
                for j in range(actors):
                    other, least = ends[draw, j, q], worst[q]
                    if j != i and (
                        rank[other] < rank[least] or (rank[other] == rank[least] and other < least)
                    ):
                        worst[q] = other
            for s in range(states):
                best, end = rank[s], s  # it stays unless it can end better
                for a in range(starts[i, s], starts[i, s + 1]):
                    to = worst[targets[a]]
                    if rank[to] > best:
                        best, end = rank[to], to
                found[draw, i, s] = end
    return found
