"""Which packages are the named solutions of one draw, and how far does its zone reach?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.bounding import consider
from detente.lenses.winset.engine.branch_and_bound import search
from detente.lenses.winset.engine.compiled import copy, fill, inside, within
from detente.lenses.winset.engine.compiled_rule import Coded, Indices
from detente.lenses.winset.engine.decision import TALL, most_to_gain, set_out
from detente.lenses.winset.engine.losses import Sheet
from detente.lenses.winset.engine.simplex import COST, LEAST, MOST
from detente.lenses.winset.engine.workspace import (
    BEST,
    BEST_GAIN,
    DONE,
    FAIREST,
    FOUND,
    IDEAL,
    LEAST_GAIN,
    LINEAR,
    LINEAR_PART,
    PLACE,
    PRODUCT,
    SHARE,
    SHORT,
    SUM,
    Task,
    Work,
    X,
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
        if step == 1 and not work.tally[FOUND] < -stop:
            continue
        only = parties[step - 3] if kind == IDEAL else -1
        if kind == IDEAL and sheet.radius[only] == np.inf:
            continue
        heights = _seat(sheet, parties, only, step in (1, 2), stop, step, work)
        begin_with = found[EGALITARIAN] if step == 1 and found[EGALITARIAN, 0] < np.inf else first
        task = Task(kind, heights, slack, stop, nodes)
        value = optimise(sheet, rule, task, lowest, begin_with, work, found[name])
        if kind == IDEAL:
            work.voter[BEST_GAIN, only] = -value
            lost = lost or value == np.inf
    if lost:
        fill(found[KALAI_SMORODINSKY], np.inf)


@within
def _seat(sheet: Sheet, parties: Indices, only: int, apart: bool, stop: float, step: int, work: Work) -> int:
    """Give the parties heights: each its own, or one for all; return how many.

    None for who has no stance, or cannot gain where shares of what one can gain are compared.
    """
    fill(work.voter[PLACE], -1.0)
    fill(work.voter[SHARE], 1.0)
    seats = 0
    relative = step == 3 + parties.size
    for party in parties:
        if sheet.radius[party] == np.inf or (only >= 0 and party != only):
            continue
        if relative:
            if not work.voter[BEST_GAIN, party] > stop:
                continue
            work.voter[SHARE, party] = work.voter[BEST_GAIN, party]
        work.voter[PLACE, party] = seats if apart else 0
        seats += 1
    return seats if apart else 1


@within
def reach(
    sheet: Sheet, rule: Coded, stop: float, nodes: int, slack: float, first: Array, work: Work, found: Array
) -> None:
    """Find the least and the greatest value of every issue in the zone of one draw: ``found[0]``, ``found[1]``."""
    linear, package = work.issue[LINEAR_PART], np.empty(first.size)
    task = Task(LINEAR, 0, slack, stop, nodes)
    for end in range(2):
        for i in range(first.size):
            fill(linear, 0.0)
            linear[i] = 1.0 if end == 0 else -1.0
            found[end, i] = linear[i] * optimise(sheet, rule, task, 0.0, first, work, package)


@inside
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
    d = first.size
    for j in range(d, d + task.heights):
        work.simplex[COST, j], work.simplex[LEAST, j], work.simplex[MOST, j] = 1.0, lowest, TALL
    set_out(work)
    copy(work.issue[X], first)
    consider(sheet, rule, task, first, work)
    if task.kind == PRODUCT:
        for v in range(sheet.radius.size):
            work.voter[LEAST_GAIN, v] = -work.voter[SHORT, v]
    search(sheet, rule, task, work)
    value = float(work.tally[FOUND])
    if not value - work.tally[DONE] <= SETTLED:
        value = np.nan if work.tally[DONE] == np.inf else np.inf
        fill(work.issue[BEST], value)
    copy(found, work.issue[BEST])
    return value
