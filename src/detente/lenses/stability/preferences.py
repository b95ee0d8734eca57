"""Who prefers what? Ranks of all states from prioritised statements, weights or a ranking.

A rank is a whole number, larger is better, 0 for the worst feasible states and -1 where a state is infeasible;
equal ranks mean indifference. Only the order matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import kept
from detente.lenses.stability.space import Mask, Ranks, Space, Truth

AT_ONCE = 24  # statements appended to a rank at a time
TIE = 1e-9
"""Weighted scores closer than this share of the largest weight sum are equal."""


def prioritised(space: Space, statements: Sequence[Truth]) -> Ranks:
    """Return the ranks that statements give, the most important first; shape (2^n,).

    States are ordered as their truth values are, lexicographically (Hipel, Kilgour, Fang & Peng 1997). That is
    the order of Ψ(s) = Σ 2^(h-j) [statement j holds at s]; Ψ is made of a few statements at a time, between which
    it is replaced by its rank, so that there can be any number of them.
    """
    rank = np.where(space.feasible, np.int32(0), np.int32(-1))
    for first in range(0, len(statements), AT_ONCE):
        some = statements[first : first + AT_ONCE]
        score = rank.astype(np.int64)
        for statement in some:
            statement.append(score, space)
        rank = dense(score, space.feasible)
    return rank


def score_ranks(scores: NDArray[np.float64], tie: float | NDArray[np.float64]) -> Ranks:
    """Return dense ranks of scores, a gap of at most ``tie`` between neighbours in the order counting as none.

    Scores have shape (..., m); ``tie`` is one number or has shape (...).
    """
    found = np.empty(scores.shape, dtype=np.int32)
    states = scores.shape[-1]
    ties = np.ascontiguousarray(np.broadcast_to(tie, scores.shape[:-1]), dtype=np.float64)
    order = np.argsort(scores, axis=-1).reshape(-1, states)
    _ranks_in_order(
        np.ascontiguousarray(scores).reshape(order.shape), order, ties.ravel(), found.reshape(order.shape)
    )
    return found


@kept
def _ranks_in_order(scores: Any, order: Any, ties: Any, found: Any) -> None:
    """Fill in the ranks of scores, shape (draws, m), given the order of each row."""
    for draw in range(scores.shape[0]):
        rank, before = 0, order[draw, 0]
        for s in order[draw]:
            if scores[draw, s] - scores[draw, before] > ties[draw]:
                rank += 1
            found[draw, s], before = rank, s


def ranked(size: int, groups: Sequence[Sequence[int]]) -> Ranks:
    """Return the ranks of a list from best to worst, equally good states (or codes) together; -1 for the rest."""
    ranks = np.full(size, -1, dtype=np.int32)
    for place, group in enumerate(groups):
        ranks[list(group)] = len(groups) - 1 - place
    return ranks


def dense(score: NDArray[np.int64], feasible: Mask) -> Ranks:
    """Return 0, 1, 2, … for the different scores of feasible states in ascending order, -1 elsewhere."""
    top = int(score.max(initial=0, where=feasible)) + 1
    if top <= max(4 * score.size, 1 << 16):
        return np.asarray(_dense_by_table(score, feasible, top), dtype=np.int32)
    rank = np.full(score.size, -1, dtype=np.int32)
    rank[feasible] = np.unique(score[feasible], return_inverse=True)[1]
    return rank


@kept
def _dense_by_table(score: Any, feasible: Any, top: int) -> Any:
    """Count by a table over all scores below ``top``."""
    place = np.zeros(top, np.int32)
    for x in range(score.size):
        if feasible[x]:
            place[score[x]] = 1
    total = 0
    for value in range(top):
        here = place[value]
        place[value] = total
        total += here
    rank = np.empty(score.size, np.int32)
    for x in range(score.size):
        rank[x] = place[score[x]] if feasible[x] else -1
    return rank
