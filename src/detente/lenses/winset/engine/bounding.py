"""How good can a part of the search be, and which package is the best seen so far?"""

from __future__ import annotations

import math

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.compiled import copy, inside, within
from detente.lenses.winset.engine.compiled_rule import Coded, margin_of
from detente.lenses.winset.engine.cutting_planes import EXACT, begin, cut, cut_where_short, prove
from detente.lenses.winset.engine.interior_point import descend
from detente.lenses.winset.engine.losses import Sheet, allows, shortfall
from detente.lenses.winset.engine.simplex import (
    COST,
    HEIGHT,
    IMPOSSIBLE,
    LEAST,
    MOST,
    POINT,
    STUCK,
    USED,
    WHOSE,
    solve,
    start,
)
from detente.lenses.winset.engine.workspace import (
    BEST,
    CARRIED,
    FAIREST,
    FOUND,
    GAIN,
    HAS_PLANE,
    HIGH,
    IDEAL,
    LEVEL,
    LINEAR,
    LINEAR_PART,
    LOW,
    MARGIN,
    MEMBER,
    ORDERED,
    PIVOTS,
    PLACE,
    PRODUCT,
    PROGRAMS,
    ROLE,
    ROWS,
    SHARE,
    SHORT,
    SUM,
    TURN,
    Task,
    Work,
    X,
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
        question, ``CLOSED`` where the part holds nothing better than the record, ``OPEN`` where ``X`` is what
        the members leave room for but others object or levels are missed, ``LOST`` where numbers failed.
    """
    table, issue, tally = work.simplex, work.issue, work.tally
    d = issue.shape[1]
    n = d + task.heights
    _put_in_force(sheet, task, work)
    bound = -np.inf
    if sheet.quadratic and task.kind != MARGIN:
        arrived, bound = descend(sheet, task, GAP, work)
        consider(sheet, rule, task, issue[X], work)
        if bound >= tally[FOUND] - GAP:
            return CLOSED, bound
        if arrived:
            return OPEN, bound
    start(table, n, tally)
    for _ in range(ROUNDS):
        tally[PROGRAMS] += 1
        if tally[PIVOTS] > 200 + 20 * n:
            start(table, n, tally)
        ended = solve(table, n, d, work.row, int(tally[ROWS]), tally)
        if ended == IMPOSSIBLE:
            return CLOSED, np.inf
        if ended == STUCK or tally[ROWS] + 4 * sheet.radius.size > work.row.shape[0]:
            return LOST, bound
        bound = max(bound, prove(sheet, task, work))
        for end in range(2):
            if end == 0 and not sheet.quadratic and task.kind != MARGIN:
                continue
            if end == 1:
                for i in range(d):
                    issue[X, i] = min(max(table[POINT, i], issue[LOW, i]), issue[HIGH, i])
            consider(sheet, rule, task, issue[X if end == 1 else TURN], work)
            if end == 0 and sheet.quadratic:
                cut_where_short(sheet, task, issue[TURN], work)
        if task.kind == MARGIN and tally[FOUND] < -task.stop:
            return ANSWERED, bound
        if bound >= tally[FOUND] - GAP or (task.kind == MARGIN and bound > task.stop):
            return CLOSED, bound
        if task.kind == MARGIN and worst_member(work) < -task.stop:
            return OPEN, bound
        if not cut_where_short(sheet, task, issue[X], work):
            return OPEN, bound
    return LOST, bound


@inside
def worst_member(work: Work) -> float:
    """Return the greatest shortfall of a member at the package looked at."""
    worst = -np.inf
    for v in range(work.voter.shape[1]):
        if work.voter[ROLE, v] == MEMBER:
            worst = max(worst, work.voter[SHORT, v])
    return worst


@within
def _put_in_force(sheet: Sheet, task: Task, work: Work) -> None:
    """Set the box, use the rows of members and parties, and give a first plane to those who have none."""
    table, issue = work.simplex, work.issue
    for i in range(issue.shape[1]):
        table[COST, i], table[LEAST, i], table[MOST, i] = issue[LINEAR_PART, i], issue[LOW, i], issue[HIGH, i]
        issue[X, i] = min(max(issue[X, i], issue[LOW, i]), issue[HIGH, i])
    if 2 * work.tally[ROWS] > work.row.shape[0]:
        begin(task, work)
    for r in range(int(work.tally[ROWS])):
        objective = task.kind != MARGIN and work.row[r, HEIGHT] >= 0
        member = work.voter[ROLE, int(work.row[r, WHOSE])] == MEMBER
        work.row[r, USED] = 1.0 if objective or member else 0.0
    for v in range(sheet.radius.size):
        counts = work.voter[ROLE, v] == MEMBER or work.voter[PLACE, v] >= 0
        if counts and work.voter[HAS_PLANE, v] == 0.0 and sheet.radius[v] < np.inf:
            cut(sheet, task, v, issue[X], work)


@within
def look(sheet: Sheet, rule: Coded, x: Array, work: Work) -> float:
    """Fill in shortfalls and margins at a package; return the margin of the rule."""
    for v in range(sheet.radius.size):
        work.voter[SHORT, v] = shortfall(sheet, v, x)
        work.voter[GAIN, v] = -work.voter[SHORT, v] if allows(sheet, v, x) else -np.inf
    return rule_margin(rule, work)


@inside
def rule_margin(rule: Coded, work: Work) -> float:
    """Return the margin of the rule, those of the voters filled in."""
    return margin_of(rule, work.voter[GAIN], work.node[LEVEL], work.part[ORDERED], work.part[CARRIED])


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
    if value < work.tally[FOUND]:
        work.tally[FOUND] = value
        copy(work.issue[BEST], x)


@inside
def consider_rounded(sheet: Sheet, rule: Coded, task: Task, work: Work) -> None:
    """Consider ``X`` with every discrete issue at its nearest level; it is left in ``TURN``."""
    for i in range(work.issue.shape[1]):
        discrete = not np.isnan(sheet.levels[i, 0])
        value = work.issue[X, i]
        work.issue[TURN, i] = _nearest(sheet.levels, i, value) if discrete else value
    consider(sheet, rule, task, work.issue[TURN], work)


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
            total += work.issue[LINEAR_PART, i] * x[i]
        return total
    for v in range(work.voter.shape[1]):
        if work.voter[PLACE, v] < 0:
            continue
        short = -work.voter[GAIN, v]
        if task.kind == PRODUCT:
            total -= math.log(-short) if short < 0 else -np.inf
        elif task.kind == SUM:
            total += short
        else:
            total = max(total, short / work.voter[SHARE, v])
    return total
