"""Which packages are the named solutions of one draw, and how far does its zone reach?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from detente.compiled import within
from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.bounding import consider
from detente.lenses.winset.engine.branch_and_bound import search
from detente.lenses.winset.engine.compiled_rule import Coded, Indices
from detente.lenses.winset.engine.decision import TALL, most_to_gain, set_out
from detente.lenses.winset.engine.losses import Sheet
from detente.lenses.winset.engine.workspace import (
    FAIREST,
    IDEAL,
    LINEAR,
    PRODUCT,
    SUM,
    Task,
    Work,
)

NASH, KALAI_SMORODINSKY, EGALITARIAN, UTILITARIAN = 0, 1, 2, 3
SETTLED = 1e-6
"""A search that had to be cut short still counts if its package is proven to be as near to the best as this."""


@within
def solve_named(
    sheet: Sheet,
    rule: Coded,
    stop: float,
    nodes: int,
    slack: float,
    parties: Indices,
    wanted: NDArray[np.bool_],
    first: Array,
    work: Work,
    found: Array,
) -> None:
    """Find the named solutions of one draw; Nash starts from the egalitarian package.

    The steps are questions of one kind: 0 egalitarian, 1 Nash, 2 utilitarian, then the most that each party
    can gain,
    then Kalai–Smorodinsky with those as shares.
    """
    most, lost = most_to_gain(sheet), False
    for step in range(4 + parties.size):
        kind, name, lowest = FAIREST, EGALITARIAN, -most - 1
        if step == 1:
            kind, name, lowest = PRODUCT, NASH, -math.log(max(most, 1e-300)) - 1
        elif step == 2:
            kind, name = SUM, UTILITARIAN
        elif step > 2:
            name = KALAI_SMORODINSKY
            if step < 3 + parties.size:
                kind = IDEAL
            else:
                lowest = -2.0
        if not (wanted[name] or (step == 0 and wanted[NASH])):
            continue
        if step == 1 and not work.tally[0].found < -stop:
            continue
        only = parties[step - 3] if kind == IDEAL else -1
        if kind == IDEAL and sheet.radius[only] == np.inf:
            continue
        heights = _seat(sheet, parties, only, step in (1, 2), stop, step, work)
        begin_with = found[EGALITARIAN] if step == 1 and found[EGALITARIAN, 0] < np.inf else first
        task = Task(kind, heights, slack, stop, nodes)
        value = optimise(sheet, rule, task, lowest, begin_with, work, found[name])
        if kind == IDEAL:
            work.voter[only].best_gain = -value
            lost = lost or value == np.inf
    if lost:
        for i in range(first.size):
            found[KALAI_SMORODINSKY, i] = np.inf


@within
def _seat(sheet: Sheet, parties: Indices, only: int, apart: bool, stop: float, step: int, work: Work) -> int:
    """Give the parties heights: each its own, or one for all; return how many.

    None for who has no stance, or cannot gain where shares of what one can gain are compared.
    """
    for v in range(work.voter.size):
        work.voter[v].place, work.voter[v].share = -1, 1.0
    seats = 0
    relative = step == 3 + parties.size
    for party in parties:
        voter = work.voter[party]
        if sheet.radius[party] == np.inf or (only >= 0 and party != only):
            continue
        if relative:
            if not voter.best_gain > stop:
                continue
            voter.share = voter.best_gain
        voter.place = seats if apart else 0
        seats += 1
    return seats if apart else 1


@within
def reach(
    sheet: Sheet, rule: Coded, stop: float, nodes: int, slack: float, first: Array, work: Work, found: Array
) -> None:
    """Find the least and the greatest value of every issue in the zone of one draw: ``found[0]``, ``found[1]``."""
    package = np.empty(first.size)
    task = Task(LINEAR, 0, slack, stop, nodes)
    for k in range(2 * first.size):
        end, i = k // first.size, k % first.size
        for j in range(first.size):
            work.issue[j].linear = 0.0
        sign = 1.0 if end == 0 else -1.0
        work.issue[i].linear = sign
        found[end, i] = sign * optimise(sheet, rule, task, 0.0, first, work, package)


@within
def optimise(
    sheet: Sheet, rule: Coded, task: Task, lowest: float, first: Array, work: Work, found: Array
) -> float:
    """Answer a question about one draw: fill in the package found and return its objective.

    Both are NaN where there is none, ``inf`` where that or which it is was not found out.

    Args:
        sheet: the draw.
        rule: of consent, the parties' included.
        task: the question.
        lowest: no height is below it.
        first: a package to begin with.
        work: the parties have their places.
        found: filled in.
    """
    d, tally = first.size, work.tally[0]
    for j in range(d, d + task.heights):
        height = work.unknown[j]
        height.cost, height.least, height.most = 1.0, lowest, TALL
    set_out(work)
    for i in range(d):
        work.issue[i].x = first[i]
    consider(sheet, rule, task, work.issue.x, work)
    if task.kind == PRODUCT:
        for v in range(sheet.radius.size):
            work.voter[v].least_gain = -work.voter[v].short
    search(sheet, rule, task, work)
    value = float(tally.found)
    # What was cut short, or lost numbers, may still be near enough; else it is for a mixed-integer program.
    if not value - tally.done <= SETTLED:
        value = np.nan if tally.done == np.inf else np.inf
        for i in range(d):
            work.issue[i].best = value
    for i in range(d):
        found[i] = work.issue[i].best
    return value
