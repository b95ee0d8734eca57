"""Which states hold, for one set of ranks or for a block of draws?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability import algebra, coalitions, graph, strength, unknown
from detente.lenses.stability.horizon import limited
from detente.lenses.stability.simultaneous import simultaneous
from detente.lenses.stability.space import Mask, Ranks
from detente.lenses.stability.unknown import Comparisons, Variant
from detente.lenses.summary import Array

if TYPE_CHECKING:
    from detente.lenses.stability.view import StabilityView

Held = dict[str, Mask | NDArray[np.int64]]
Tally = dict[str, NDArray[np.int64]]
MOST_LABELLED = 256
"""States up to this number are followed draw by draw; of more, the draws are counted in which each one holds."""
MOST_TALLIED = 1 << 16
"""States up to which those draws are counted; of more, only how many states hold in each draw."""
CAUTIOUS: Variant = "a"
"""How the unknown is read where one answer is given: whoever may want to leave leaves, unless surely deterred."""
STRONG = "strong_"


def by_code(view: StabilityView, ranks: Ranks) -> Ranks:
    """Return ranks by state, shape (k, m), as ranks by code, shape (k, 2^n), -1 where infeasible."""
    assert view.space is not None  # noqa: S101 - callers ask for option form only
    spread = np.full((len(ranks), view.space.feasible.size), -1, dtype=np.int32)
    spread[:, view.space.codes] = ranks
    return spread


def judge(
    view: StabilityView,
    ranks: Ranks,
    concepts: Sequence[str],
    workers: int | None = 1,
    compared: Comparisons | None = None,
    *,
    universally: bool = False,
) -> dict[str, Mask]:
    """Return which states are stable: concept → shape (k, m), or (coalitions, m) for concepts of coalitions.

    Args:
        view: the game.
        ranks: shape (k, m).
        concepts: names, of `StabilityView.concepts`.
        workers: threads for one very large game.
        compared: how states compare, shape (k, m, m), where some comparisons are unknown.
        universally: whether only what is stable for every coalition counts, see `coalitions.stable`.
    """
    basic = [c for c in concepts if c in algebra.CONCEPTS]
    joint = [c for c in concepts if c in coalitions.COALITION_CONCEPTS]
    found: dict[str, Mask] = {}
    if compared is not None:
        found.update(unknown.stable(view.answers, compared, CAUTIOUS, basic))
    elif view.space is not None:
        held = algebra.stable(view.space, by_code(view, ranks), basic, workers)
        found.update({c: np.ascontiguousarray(mask[:, view.space.codes]) for c, mask in held.items()})
    else:
        found.update(graph.stable(view.graph, ranks, basic))
    if "sim" in concepts and view.states.form is not None:
        found["sim"] = simultaneous(view.states.form, view.graph, ranks)
    for concept in concepts:
        if concept[0] == "l":
            found[concept] = limited(view.graph, ranks, int(concept[1:]))
    if joint:
        found.update(coalitions.stable(view.reach, ranks, joint, universally=universally))
    return {concept: found[concept] for concept in concepts}


def judge_strongly(
    view: StabilityView, ranks: Ranks, strongly: Ranks, compared: Comparisons | None = None
) -> dict[str, Mask]:
    """Return which states are strongly stable: concept → shape (k, m); arguments as in `judge`.

    Args:
        view: the game.
        ranks: shape (k, m).
        strongly: the largest rank strongly worse than each state, shape (k, m).
        compared: how states compare, where some comparisons are unknown.
    """
    concepts = view.strong_concepts
    if compared is not None:
        return unknown.stable(view.answers, compared, CAUTIOUS, concepts, strong=True)
    if view.space is None:
        return graph.strongly_stable(view.graph, ranks, strongly, concepts)
    space = view.space
    held = strength.strongly_stable(space, by_code(view, ranks), by_code(view, strongly), concepts)
    return {concept: np.ascontiguousarray(mask[:, space.codes]) for concept, mask in held.items()}


def equilibria(view: StabilityView, values: Array) -> tuple[Held, Tally]:
    """Return which states are stable for everybody in each draw.

    Args:
        view: the game.
        values: shape (rows, columns of the view's table).

    Returns:
        concept → shape (rows, m), or in games of many states how many there are, shape (rows,); and concept → in
        how many of the rows each state is stable for everybody, shape (m,), empty in games of very many states.
        Strong forms stand under ``strong_<concept>``.
    """
    many = view.count > MOST_LABELLED
    named = (*view.concepts, *(STRONG + concept for concept in view.strong_concepts))
    found: Held = {
        concept: np.empty(len(values), np.int64) if many else np.empty((len(values), view.count), np.bool_)
        for concept in named
    }
    size = view.count if view.count <= MOST_TALLIED else 0
    tally = {concept: np.zeros(size, np.int64) for concept in named}
    for row, numbers in enumerate(values):
        ranks = view.ranks(numbers)
        compared, strongly = view.compared(numbers, ranks), view.strongly(numbers, ranks)
        held = judge(view, ranks, view.concepts, compared=compared, universally=True)
        if strongly is not None:
            strong = judge_strongly(view, ranks, strongly, compared)
            held.update({STRONG + concept: mask for concept, mask in strong.items()})
        for concept, mask in held.items():
            everybody = mask.all(axis=0)
            found[concept][row] = everybody.sum() if many else everybody
            if size:
                tally[concept] += everybody
    return found, tally
