"""Which states hold, for one set of ranks or for a block of draws?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability import algebra, coalitions, graph
from detente.lenses.stability.horizon import limited
from detente.lenses.stability.simultaneous import simultaneous
from detente.lenses.stability.space import Mask, Ranks
from detente.lenses.summary import Array

if TYPE_CHECKING:
    from detente.lenses.stability.view import StabilityView

MOST_LABELLED = 256
"""States up to this number are followed through the draws one by one; of more, only how many hold is counted."""


def by_code(view: StabilityView, ranks: Ranks) -> Ranks:
    """Return ranks by state, shape (k, m), as ranks by code, shape (k, 2^n), -1 where infeasible."""
    assert view.space is not None  # noqa: S101 - callers ask for option form only
    spread = np.full((len(ranks), view.space.feasible.size), -1, dtype=np.int32)
    spread[:, view.space.codes] = ranks
    return spread


def judge(
    view: StabilityView, ranks: Ranks, concepts: Sequence[str], workers: int | None = 1
) -> dict[str, Mask]:
    """Return which states are stable: concept → shape (k, m), or (coalitions, m) for concepts of coalitions.

    Args:
        view: the game.
        ranks: shape (k, m).
        concepts: names, of `StabilityView.concepts`.
        workers: threads for one very large game.
    """
    basic = [c for c in concepts if c in algebra.CONCEPTS]
    joint = [c for c in concepts if c in coalitions.COALITION_CONCEPTS]
    found: dict[str, Mask] = {}
    if view.space is not None:
        held = algebra.stable(view.space, by_code(view, ranks), basic, workers)
        found.update({c: np.ascontiguousarray(mask[:, view.space.codes]) for c, mask in held.items()})
    else:
        found.update(graph.stable(view.graph, ranks, basic))
    if "sim" in concepts and view.space is not None:
        found["sim"] = simultaneous(view.space, view.graph, ranks)
    for concept in concepts:
        if concept[0] == "l":
            found[concept] = limited(view.graph, ranks, int(concept[1:]))
    found.update(coalitions.stable(view.reach, ranks, joint) if joint else {})
    return {concept: found[concept] for concept in concepts}


def equilibria(view: StabilityView, values: Array) -> dict[str, Mask | NDArray[np.int64]]:
    """Return which states are stable for everybody in each draw.

    Args:
        view: the game.
        values: shape (rows, columns of the view's table).

    Returns:
        concept → shape (rows, m), or in games of very many states how many there are, shape (rows,).
    """
    many = view.count > MOST_LABELLED
    found: dict[str, Mask | NDArray[np.int64]] = {
        concept: np.empty(len(values), np.int64) if many else np.empty((len(values), view.count), np.bool_)
        for concept in view.concepts
    }
    for row, numbers in enumerate(values):
        for concept, mask in judge(view, view.ranks(numbers), view.concepts).items():
            everybody = mask.all(axis=0)
            found[concept][row] = everybody.sum() if many else everybody
    return found
