"""Who prefers what? Ranks of all states from prioritised statements, weights or a ranking.

A rank is a whole number, larger is better, 0 for the worst feasible states and -1 where a state is infeasible;
equal ranks mean indifference. Only the order matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability.space import Mask, Ranks

AT_ONCE = 24  # statements appended to a rank at a time
TIE = 1e-9
"""Weighted scores closer than this share of the largest weight sum are equal."""


def prioritised(feasible: Mask, statements: Iterable[Mask]) -> Ranks:
    """Return the ranks that statements give, the most important first; shape (2^n,) as where each of them holds.

    States are ordered as their truth values are, lexicographically (Hipel, Kilgour, Fang & Peng 1997). That is
    the order of Ψ(s) = Σ 2^(h-j) [statement j holds at s]; Ψ is made of a few statements at a time, between which
    it is replaced by its rank, so that there can be any number of them.
    """
    score = np.zeros(feasible.size, dtype=np.int64)
    for number, statement in enumerate(statements):
        if number and number % AT_ONCE == 0:
            score = dense(score, feasible).astype(np.int64)
        score = 2 * score + statement
    return dense(score, feasible)


def score_ranks(scores: NDArray[np.float64], tie: float | NDArray[np.float64]) -> Ranks:
    """Return dense ranks of scores, a gap of at most ``tie`` between neighbours in the order counting as none.

    Scores have shape (..., m); ``tie`` is one number or has shape (...).
    """
    order = np.argsort(scores, axis=-1)
    steps = np.diff(np.take_along_axis(scores, order, axis=-1)) > np.asarray(tie)[..., None]
    found = np.zeros(scores.shape, dtype=np.int32)
    rank = np.cumsum(steps, axis=-1, dtype=np.int32)
    np.put_along_axis(found, order[..., 1:], rank, axis=-1)
    return found


def ranked(size: int, groups: Sequence[Sequence[int]]) -> Ranks:
    """Return the ranks of a list from best to worst, equally good states (or codes) together; -1 for the rest."""
    ranks = np.full(size, -1, dtype=np.int32)
    for place, group in enumerate(groups):
        ranks[list(group)] = len(groups) - 1 - place
    return ranks


def dense(score: NDArray[np.int64], feasible: Mask) -> Ranks:
    """Return 0, 1, 2, … for the different scores of feasible states in ascending order, -1 elsewhere."""
    top = int(score.max(initial=0, where=feasible)) + 1
    rank = np.full(score.size, -1, dtype=np.int32)
    if top <= max(4 * score.size, 1 << 16):  # by a table over all scores below the top
        there = np.zeros(top, dtype=np.bool_)
        there[score[feasible]] = True
        rank[feasible] = (np.cumsum(there, dtype=np.int32) - 1)[score[feasible]]
    else:
        rank[feasible] = np.unique(score[feasible], return_inverse=True)[1]
    return rank
