"""Which states hold between two actors who look several moves ahead? Limited-move stability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Mask, Ranks

LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class NonMyopic:
    """Where limited-move stability settles as the horizon grows.

    Attributes:
        horizon: from here on the pattern repeats.
        period: after how many more moves; 1 when it settles.
        stable: shape (2, m): which states are stable in the limit, or ``None`` without a limit.
    """

    horizon: int
    period: int
    stable: Mask | None


def limited(graph: Graph, ranks: Ranks, horizon: int) -> Mask:
    """Return which states are stable for whom at a horizon of h moves (Zagare 1984; Kilgour 1984).

    G_0(i, s) = s. G_h(i, s): actor i, having the move at s, expects that a move to q ends at G_{h-1}(j, q) with j
    the other actor; it takes the best such move (the lowest state number among equals) if that is better than s,
    and else stays at s. Stable iff G_h(i, s) = s. At h = 1 this is Nash stability.

    Args:
        graph: two actors.
        ranks: shape (2, m).
        horizon: h, at least 1.

    Returns:
        Shape (2, m).

    Raises:
        OptionError: not two actors (for more, several definitions compete), or a horizon below 1.
    """
    _check(graph)
    if not 1 <= horizon <= LONGEST:
        raise OptionError(f"a horizon of {horizon} moves cannot be looked at; ask for 1 to {LONGEST:,}")
    ends = _start(graph)
    for _ in range(horizon):
        ends = _further(graph.starts, graph.targets, ranks, ends)
    return np.asarray(ends == np.arange(graph.states))


def non_myopic(graph: Graph, ranks: Ranks) -> NonMyopic:
    """Return the limit of limited-move stability, or the cycle in which it ends.

    The two maps G_h(0, ·) and G_h(1, ·) determine those of h + 1, so the first pair that comes again closes a
    cycle.

    Raises:
        OptionError: not two actors, or no repetition within ``LONGEST`` moves.
    """
    _check(graph)
    ends = _start(graph)
    seen = {ends.tobytes(): 0}
    for h in range(1, LONGEST + 1):
        ends = _further(graph.starts, graph.targets, ranks, ends)
        first = seen.setdefault(ends.tobytes(), h)
        if first < h:
            settled = ends == np.arange(graph.states) if h - first == 1 else None
            return NonMyopic(first, h - first, settled)
    raise OptionError(f"looking ahead does not repeat itself within {LONGEST:,} moves")


def _check(graph: Graph) -> None:
    if graph.actors != 2:
        raise OptionError(
            f"limited-move stability is defined here for two actors, and the game has {graph.actors}; "
            "several definitions that differ compete for more"
        )


def _start(graph: Graph) -> NDArray[np.int64]:
    return np.tile(np.arange(graph.states), (2, 1))


@njit(nogil=True, cache=True)
def _further(starts: Any, targets: Any, ranks: Any, ends: Any) -> Any:
    """Return G_h from G_{h-1}, shape (2, m)."""
    found = np.empty_like(ends)
    for i in range(2):
        for s in range(ends.shape[1]):
            best, end = -1, s
            for a in range(starts[i, s], starts[i, s + 1]):
                to = ends[1 - i, targets[a]]
                if ranks[i, to] > best:
                    best, end = ranks[i, to], to
            found[i, s] = end if best > ranks[i, s] else s
    return found
