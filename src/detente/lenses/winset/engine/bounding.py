"""How good can a part of the search be, and which package is the best seen so far?"""

from __future__ import annotations

import math

import numpy as np

from detente.compiled import inside, within
from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.compiled_rule import Coded, margin_of
from detente.lenses.winset.engine.cutting_planes import EXACT, begin, cut, cut_where_short, prove
from detente.lenses.winset.engine.interior_point import descend_if_smooth
from detente.lenses.winset.engine.losses import Sheet, allows, shortfall
from detente.lenses.winset.engine.simplex import IMPOSSIBLE, STUCK, solve, start
from detente.lenses.winset.engine.workspace import (
    FAIREST,
    IDEAL,
    LINEAR,
    MARGIN,
    MEMBER,
    PRODUCT,
    SUM,
    Task,
    Work,
)

ANSWERED, CLOSED, OPEN, LOST = 0, 1, 2, 3
GAP = 1e-10
"""How much better than the record a package must be to be worth looking for."""
ROUNDS = 400


@within
def explore(sheet: Sheet, rule: Coded, task: Task, work: Work) -> tuple[int, float]:  # noqa: C901
    """Minimise over the box of a part of the search, its members all accepting.

    Returns:
        How it ended, and a proven lower bound on the objective: ``ANSWERED`` where the record settles the whole
        question, ``CLOSED`` where the part holds nothing better than the record, ``OPEN`` where ``x`` is what
        the members leave room for but others object or levels are missed, ``LOST`` where numbers failed.
    """
    issue, tally = work.issue, work.tally[0]
    d = issue.size
    n = d + task.heights
    _put_in_force(sheet, task, work)
    bound = -np.inf
    if sheet.quadratic and task.kind != MARGIN:
        arrived, bound = descend_if_smooth(sheet, task, GAP, work)
        consider(sheet, rule, task, issue.x, work)
        if bound >= tally.found - GAP:
            return CLOSED, bound
        if arrived:
            return OPEN, bound
    start(n, work)
    for _ in range(ROUNDS):
        if tally.pivots > 200 + 20 * n:  # rounding has piled up in the inverse: begin at a clean vertex
            start(n, work)
        ended = solve(n, d, work)
        if ended == IMPOSSIBLE:
            return CLOSED, np.inf
        if ended == STUCK or tally.rows + 4 * sheet.radius.size > work.row.size:
            return LOST, bound
        bound = max(bound, prove(sheet, task, work))
        # Two packages are looked at: the one on which the proof turns, and that of the program.
        for end in range(2):
            if end == 0 and not sheet.quadratic and task.kind != MARGIN:
                continue
            if end == 1:
                for i in range(d):
                    issue[i].x = min(max(work.unknown[i].point, issue[i].low), issue[i].high)
            consider(sheet, rule, task, issue.x if end == 1 else issue.turn, work)
            if end == 0 and sheet.quadratic:
                cut_where_short(sheet, task, issue.turn, work)
        if task.kind == MARGIN and tally.found < -task.stop:
            return ANSWERED, bound
        if bound >= tally.found - GAP or (task.kind == MARGIN and bound > task.stop):
            return CLOSED, bound
        if task.kind == MARGIN and worst_member(work) < -task.stop:
            return OPEN, bound
        if not cut_where_short(sheet, task, issue.x, work):
            return OPEN, bound
    return LOST, bound


@inside
def worst_member(work: Work) -> float:
    """Return the greatest shortfall of a member at the package looked at."""
    worst = -np.inf
    for v in range(work.voter.size):
        if work.voter[v].role == MEMBER:
            worst = max(worst, work.voter[v].short)
    return worst


@within
def _put_in_force(sheet: Sheet, task: Task, work: Work) -> None:
    """Set the box, use the rows of members and parties, and give a first plane to those who have none."""
    for i in range(work.issue.size):
        one, at = work.unknown[i], work.issue[i]
        one.cost, one.least, one.most = at.linear, at.low, at.high
        at.x = min(max(at.x, at.low), at.high)
    if 2 * work.tally[0].rows > work.row.size:
        begin(task, work)
    for r in range(work.tally[0].rows):
        row = work.row[r]
        objective = task.kind != MARGIN and row.height >= 0
        row.used = 1 if objective or work.voter[row.whose].role == MEMBER else 0
    for v in range(sheet.radius.size):
        voter = work.voter[v]
        counts = voter.role == MEMBER or voter.place >= 0
        if counts and voter.has_plane == 0 and sheet.radius[v] < np.inf:
            cut(sheet, task, v, work.issue.x, work)


@within
def look(sheet: Sheet, rule: Coded, x: Array, work: Work) -> float:
    """Fill in shortfalls and margins at a package; return the margin of the rule."""
    for v in range(sheet.radius.size):
        voter = work.voter[v]
        voter.short = shortfall(sheet, v, x)
        voter.gain = -voter.short if allows(sheet, v, x) else -np.inf
    return rule_margin(rule, work)


@inside
def rule_margin(rule: Coded, work: Work) -> float:
    """Return the margin of the rule, those of the voters filled in."""
    return margin_of(rule, work.voter.gain, work.node.level, work.part)


@inside
def consider(sheet: Sheet, rule: Coded, task: Task, x: Array, work: Work) -> None:
    """Keep a package if it is the best yet that keeps to the levels and that the rule accepts, by true margins."""
    reached = look(sheet, rule, x, work)
    for i in range(x.size):
        if not np.isnan(sheet.levels[i, 0]) and _nearest(sheet.levels, i, x[i]) != x[i]:
            return
    if task.kind == MARGIN:
        value = -reached
    elif reached < -task.slack - 2 * EXACT:
        return
    else:
        value = _objective(task, x, work)
    if value < work.tally[0].found:
        work.tally[0].found = value
        for i in range(x.size):
            work.issue[i].best = x[i]


@inside
def consider_rounded(sheet: Sheet, rule: Coded, task: Task, work: Work) -> None:
    """Consider ``x`` with every discrete issue at its nearest level; it is left in ``turn``."""
    for i in range(work.issue.size):
        discrete = not np.isnan(sheet.levels[i, 0])
        at = work.issue[i]
        at.turn = _nearest(sheet.levels, i, at.x) if discrete else at.x
    consider(sheet, rule, task, work.issue.turn, work)


@inside
def _nearest(levels: Array, i: int, value: float) -> float:
    best = levels[i, 0]
    for k in range(1, levels.shape[1]):
        if abs(levels[i, k] - value) < abs(best - value):  # never true of NaN
            best = levels[i, k]
    return float(best)


@within
def _objective(task: Task, x: Array, work: Work) -> float:
    total = -np.inf if task.kind == FAIREST or task.kind == IDEAL else 0.0
    if task.kind == LINEAR:
        for i in range(x.size):
            total += work.issue[i].linear * x[i]
        return total
    for v in range(work.voter.size):
        voter = work.voter[v]
        if voter.place < 0:
            continue
        short = -voter.gain
        if task.kind == PRODUCT:
            total -= math.log(-short) if short < 0 else -np.inf
        elif task.kind == SUM:
            total += short
        else:
            total = max(total, short / voter.share)
    return total
