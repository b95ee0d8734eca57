"""How is a deal handed to the compiled loop over draws, and what comes back?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Node, Voter, all_of
from detente.compiled import kept
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.engine.compiled_rule import Coded, Indices, coded
from detente.lenses.winset.engine.decision import judge
from detente.lenses.winset.engine.losses import STANCE, Sheet
from detente.lenses.winset.engine.named_solutions import reach, solve_named
from detente.lenses.winset.engine.workspace import Work, workspace

VERDICTS, SOLUTIONS, EXTENTS = 0, 1, 2


class Draws(NamedTuple):
    """The arrays of a deal as the loop reads them; see ``losses.Sheet`` for the last three.

    Attributes:
        stance: (D, V, d), records of ``losses.STANCE``.
        radius: (D, V).
        levels: (d, L).
        quadratic: the form of the loss.
    """

    stance: Any
    radius: Array
    levels: Array
    quadratic: bool


class Question(NamedTuple):
    """What is asked of every draw.

    Attributes:
        mode: verdicts, solutions or extents.
        parties: (K,), whose gains the named solutions weigh.
        wanted: (4,), which solutions.
        package: (D, d), a package in the zone; verdicts ignore it.
        slack: (D,), shortfall that counts as consent; NaN in draws that are passed over.
        stop: tolerance of a margin.
        nodes: parts of one search that may be looked at.
    """

    mode: int
    parties: Indices
    wanted: NDArray[np.bool_]
    package: Array
    slack: Array
    stop: float
    nodes: int


class Reply(NamedTuple):
    """What comes back.

    Attributes:
        facts: (D, 3), of a verdict: margin of the best package seen, bound, by what.
        package: (D, P, d), NaN where there is none: of a verdict (P = 1), the named solutions (P = 4), or the
            least and the greatest value of every issue (P = 2).
    """

    facts: Array
    package: Array


@kept
def answer(draws: Draws, rule: Coded, question: Question, work: Work, reply: Reply) -> None:
    """Answer a question in every draw."""
    for k in range(draws.radius.shape[0]):
        slack = question.slack[k]
        if np.isnan(slack):
            continue
        sheet = Sheet(draws.stance[k], draws.radius[k], draws.levels, draws.quadratic)
        work.tally[0].planes = 0
        for v in range(work.voter.size):
            voter = work.voter[v]
            voter.has_plane, voter.place, voter.share = 0, -1, 1.0
        for i in range(work.issue.size):
            work.issue[i].linear = 0.0
        stop, nodes, first, found = question.stop, question.nodes, question.package[k], reply.package[k]
        if question.mode == VERDICTS:
            judge(sheet, rule, stop, nodes, work, reply.facts[k], found[0])
        elif question.mode == SOLUTIONS:
            solve_named(
                sheet, rule, stop, nodes, slack, question.parties, question.wanted, first, work, found
            )
        else:
            reach(sheet, rule, stop, nodes, slack, first, work, found)


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
    stop: float = TOLERANCE,
    package: Array | None = None,
    parties: Sequence[int] = (),
    wanted: Sequence[bool] = (False,) * 4,
) -> Reply:
    """Ask a question of every draw; see ``kernel.Question``. Parties must consent besides the rule."""
    rule: Node = all_of(deal.rule, *(Voter(k) for k in dict.fromkeys(parties))) if parties else deal.rule
    tree = coded(rule)
    levels = _levels(deal)
    heights = max(1, len(set(parties))) if mode == SOLUTIONS else 1
    quadratic = deal.loss == "quadratic"
    splits = int(np.isfinite(levels).sum())
    work = workspace(deal.voters, deal.issues, heights, tree, splits, quadratic=quadratic)
    stance = np.empty(deal.ideal.shape, STANCE)
    tables = deal.ideal, deal.salience, deal.floor, deal.ceiling
    for name, values in zip(STANCE.names or (), tables, strict=True):
        stance[name] = values
    draws = Draws(stance, np.ascontiguousarray(deal.radius, np.float64), levels, quadratic)
    question = Question(
        mode,
        np.array(list(dict.fromkeys(parties)), np.int64),
        np.array(wanted, np.bool_),
        np.zeros((deal.draws, deal.issues)) if package is None else np.ascontiguousarray(package),
        np.ascontiguousarray(slack, np.float64),
        stop,
        nodes,
    )
    reply = Reply(
        facts=np.tile([-np.inf, np.inf, 0.0], (deal.draws, 1)),
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
