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
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from detente.compiled import kept
from detente.errors import OptionError
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.space import Mask, Ranks

LONGEST = 1_000


class NonMyopic(NamedTuple):
    """Where limited-move stability settles as the horizon grows."""

    horizon: int  # from here on the pattern repeats
    period: int  # after how many more moves; 1 when it settles
    stable: Mask | None  # shape (k, m): which states are stable in the limit, or ``None`` without a limit


def at_horizons(graph: Graph, order: Ordered, *ahead: int) -> Iterator[Mask]:
    """Yield which states are stable for whom at each of some horizons, in ascending order.

    Yields:
        Shape (..., k, m) per horizon, that of the ranks.

    Raises:
        OptionError: a horizon below 1 or beyond ``LONGEST``.
    """
    for h in ahead:
        if not 1 <= h <= LONGEST:
            raise OptionError(f"a horizon of {h} moves cannot be looked at; ask for 1 to {LONGEST:,}")
    here = np.arange(graph.states)[:, None]
    for h, ends in enumerate(islice(_ends(graph, order.lanes), max(ahead, default=0) + 1)):
        if h in ahead:
            yield order.in_draws(ends == here)


def horizons(graph: Graph, ranks: Ranks, horizon: int) -> list[Any]:
    """Return where everybody expects to end, G_0 to G_h, each of shape (k, m); see `at_horizons`."""
    return [ends[..., 0] for ends in islice(_ends(graph, Ordered.of(ranks).lanes), horizon + 1)]


def non_myopic(graph: Graph, ranks: Ranks) -> NonMyopic:
    """Return the limit of limited-move stability, or the cycle in which it ends.

    The maps G_h(i, ·) of all actors determine those of h + 1, so the first that come again close a cycle.

    Raises:
        OptionError: no repetition within ``LONGEST`` moves.
    """
    seen = dict[bytes, int]()
    for h, ends in enumerate(islice(_ends(graph, Ordered.of(ranks).lanes), LONGEST + 1)):
        first = seen.setdefault(ends.tobytes(), h)
        if first < h:
            settled = ends[..., 0] == np.arange(graph.states) if h - first == 1 else None
            return NonMyopic(first, h - first, settled)
    raise OptionError(f"looking ahead does not repeat itself within {LONGEST:,} moves")


def _ends(graph: Graph, lanes: Any) -> Iterator[Any]:
    """Yield G_0, G_1, G_2 … of all draws, each of shape (k, m, lanes)."""
    here = np.arange(lanes.shape[1], dtype=lanes.dtype)[:, None]
    ends, first = np.ascontiguousarray(np.broadcast_to(here, lanes.shape)), True
    while True:
        yield ends
        ends, first = _further(graph.starts, graph.targets, lanes, ends, first), False


@kept
def _further(starts: Any, targets: Any, ranks: Any, ends: Any, is_first: bool) -> Any:
    """Return G_h from G_{h-1}, shape (k, m, lanes); at the first h nobody has moved on."""
    found = np.empty_like(ends)
    actors, states, lanes = ends.shape
    worst, low = np.empty((states, lanes), ends.dtype), np.empty((states, lanes), ranks.dtype)
    best = np.empty(lanes, ranks.dtype)
    for i in range(actors):
        rank = ranks[i]
        # Of the others' ends after a move to q, the worst for i; its own move if there are no others.
        for q in range(states):
            for d in range(lanes):
                worst[q, d], low[q, d] = q, rank[q, d]
            met = False
            for j in range(0 if is_first else actors):
                if j == i:
                    continue
                for d in range(lanes):
                    end = ends[j, q, d]
                    worse = rank[end, d] < low[q, d] or (rank[end, d] == low[q, d] and end < worst[q, d])
                    if worse or not met:
                        worst[q, d], low[q, d] = end, rank[end, d]
                met = True
        for s in range(states):
            for d in range(lanes):  # it stays unless it can end better
                best[d], found[i, s, d] = rank[s, d], s
            for a in range(starts[i, s], starts[i, s + 1]):
                q = targets[a]
                for d in range(lanes):
                    better = low[q, d] > best[d]
                    best[d] = low[q, d] if better else best[d]
                    found[i, s, d] = worst[q, d] if better else found[i, s, d]
    return found
