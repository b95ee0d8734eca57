"""How is a deal handed to the compiled loops, and what must its numbers be?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Node, Voter, all_of
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.draws.coded import coded
from detente.lenses.winset.draws.kernel import EXTENTS, SOLUTIONS, VERDICTS, Draws, Question, Reply, answer
from detente.lenses.winset.draws.task import workspace

PACKAGES = {VERDICTS: 1, SOLUTIONS: 4, EXTENTS: 2}
"""How many packages a question has for an answer."""


def healthy(deal: Deal) -> NDArray[np.bool_]:
    """Return in which draws all numbers are finite where they must be, shape (D,); ``radius`` may be ``inf``."""
    stances = np.isfinite(deal.ideal) & np.isfinite(deal.salience) & (deal.salience >= 0)
    lines = ~np.isnan(deal.floor) & ~np.isnan(deal.ceiling)
    return np.asarray((stances & lines).all(axis=(1, 2)) & ~np.isnan(deal.radius).any(axis=1))


def pose(
    deal: Deal,
    mode: int,
    *,
    slack: Array,
    nodes: int,
    package: Array | None = None,
    parties: Sequence[int] = (),
    wanted: Sequence[bool] = (False,) * 4,
) -> Reply:
    """Ask a question of every draw; see ``kernel.Question``. Parties must consent besides the rule."""
    rule: Node = all_of(deal.rule, *(Voter(k) for k in dict.fromkeys(parties))) if parties else deal.rule
    tree = coded(rule)
    levels = _levels(deal)
    heights = max(1, len(set(parties))) if mode == SOLUTIONS else 1
    work = workspace(deal.voters, deal.issues, heights, tree, int(np.isfinite(levels).sum()))
    stance = np.stack([deal.ideal, deal.salience, deal.floor, deal.ceiling], axis=2)
    draws = Draws(
        np.ascontiguousarray(stance, np.float64),
        np.ascontiguousarray(deal.radius, np.float64),
        levels,
        deal.loss == "quadratic",
    )
    question = Question(
        mode,
        np.array(list(dict.fromkeys(parties)), np.int64),
        np.array(wanted, np.bool_),
        np.zeros((deal.draws, deal.issues)) if package is None else np.ascontiguousarray(package),
        np.ascontiguousarray(slack, np.float64),
        TOLERANCE,
        nodes,
    )
    reply = Reply(
        facts=np.tile([-np.inf, np.inf, 0.0, 0.0, 0.0], (deal.draws, 1)),
        weights=np.zeros((deal.draws, deal.voters)),
        package=np.full((deal.draws, PACKAGES[mode], deal.issues), np.nan),
    )
    answer(draws, tree, question, work, reply)
    return reply


def _levels(deal: Deal) -> Array:
    """Return the levels of discrete issues, shape (d, L), NaN after the last; at least one column."""
    widest = max([1, *(len(levels) for levels in deal.levels if levels is not None)])
    table = np.full((deal.issues, widest), np.nan)
    for i, levels in enumerate(deal.levels):
        if levels is not None:
            table[i, : len(levels)] = levels
    return table
