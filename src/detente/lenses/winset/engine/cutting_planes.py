"""Which planes make up the program of a question, and what do its prices prove?

Cutting planes (Kelley 1960): a linear program over planes below the voters' shortfalls is solved, planes are
added where its package falls short of the truth, and so on. Its prices weigh the shortfalls; the least of that
weighted sum, exactly known, bounds the objective (weak duality) and often ends the matter before the planes do.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from detente.compiled import inside, within
from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.losses import Sheet, least_weighted, plane_below
from detente.lenses.winset.engine.workspace import MARGIN, MEMBER, PRODUCT, Task, Work

EXACT = 1e-10
"""A plane is added where the program's package misjudges a shortfall by more."""


@inside
def begin(task: Task, work: Work) -> None:
    """Write down the rows of a question from the planes that are known of this draw."""
    work.tally[0].rows = 0
    for c in range(work.tally[0].planes):
        plane = work.plane[c]
        _add_rows(task, plane.voter, work.plane_slope[c], plane.offset, work)


@inside
def cut(sheet: Sheet, task: Task, v: int, x: Array, work: Work) -> None:
    """Add the plane below a voter's shortfall at x to what is known, and to the rows."""
    tally = work.tally[0]
    c = tally.planes  # there is one line more than planes are kept: for what only this question uses
    slope = work.plane_slope[c]
    offset = plane_below(sheet, v, x, slope)
    work.voter[v].has_plane = 1
    if c < work.plane.size:
        work.plane[c].voter, work.plane[c].offset = v, offset
        tally.planes += 1
    _add_rows(task, v, slope, offset, work)


@inside
def cut_where_short(sheet: Sheet, task: Task, x: Array, work: Work) -> bool:
    """Add planes at x for all whom the program misjudges there; tell whether there were any.

    The voters' records hold their shortfalls at x, the vertex the heights.
    """
    added, d = False, x.size
    for v in range(sheet.radius.size):
        voter = work.voter[v]
        short = voter.short
        if short == -np.inf:
            continue
        member = voter.role == MEMBER
        if task.kind == MARGIN:
            wrong = member and short > work.unknown[d].point + EXACT
        else:
            wrong = member and short > task.slack + EXACT
            if voter.place >= 0:
                height = work.unknown[d + voter.place].point
                if task.kind == PRODUCT:
                    wrong = _bound_logarithm(voter, height) or wrong
                else:
                    wrong = wrong or short > voter.share * height + EXACT
        if wrong:
            cut(sheet, task, v, x, work)
            added = True
    return added


@within
def _bound_logarithm(voter: Any, height: float) -> bool:
    """Lower the gain at which the logarithm is bounded where the program overrates it; tell whether it does."""
    gain = -voter.short
    if gain > 0 and -math.log(gain) <= height + EXACT / gain:
        return False
    voter.least_gain = max(gain, 0.5 * voter.least_gain)
    return True


@inside
def _add_rows(task: Task, v: int, slope: Array, offset: float, work: Work) -> None:
    """Add what a plane below a voter's shortfall says in a question."""
    voter, tally = work.voter[v], work.tally[0]
    for objective in range(2):
        shift, height, kappa = -task.slack, -1, 0.0
        if task.kind == MARGIN:
            shift, height, kappa = 0.0, 0, 1.0
        elif objective and task.kind == PRODUCT:  # -log g ≥ 1 - log a - g/a for every a
            kappa = voter.least_gain
            shift, height = kappa * (1 - math.log(kappa)) if voter.place >= 0 else 0.0, voter.place
        elif objective:
            shift, height, kappa = 0.0, voter.place, voter.share
        r = tally.rows
        if r >= work.row.size or (objective and (voter.place < 0 or task.kind == MARGIN)):
            return  # the caller starts over before there are too many
        row = work.row[r]
        row.height, row.kappa, row.rhs, row.shift = height, kappa, -offset - shift, shift
        row.whose, row.used = v, 1 if objective or voter.role == MEMBER else 0
        for i in range(slope.size):
            work.row_slope[r, i] = slope[i]
        tally.rows += 1


@within
def prove(sheet: Sheet, task: Task, work: Work) -> float:
    """Return the bound that the prices of the program prove.

    Fills in the voters' weights, and ``turn`` with a package where the bound is reached.
    """
    d = work.issue.size
    n = d + task.heights
    bound = 0.0
    for j in range(n):
        work.unknown[j].alpha = 0.0
    for v in range(sheet.radius.size):
        work.voter[v].weight = 0.0
    for k in range(n):
        r = work.unknown[k].basis - 2 * n
        if r >= 0 and work.row[r].height >= 0:
            work.unknown[d + work.row[r].height].alpha += work.unknown[k].price * work.row[r].kappa
    for j in range(d, n):  # prices should add up to the cost of each height: make it exact where it nearly is
        one = work.unknown[j]
        if abs(one.alpha - one.cost) > 1e-6:  # else what is left, times the worst that it can be
            left = one.cost - one.alpha
            bound += left * (one.least if left > 0 else one.most)
            one.alpha = one.cost
    for k in range(n):
        r = work.unknown[k].basis - 2 * n
        price = work.unknown[k].price
        if r < 0 or price <= 0:
            continue
        row = work.row[r]
        if row.height >= 0:
            one = work.unknown[d + row.height]
            price *= one.cost / one.alpha
        work.voter[row.whose].weight += price
        bound += price * row.shift
    return bound + least_of_weights(sheet, work)


@inside
def least_of_weights(sheet: Sheet, work: Work) -> float:
    """Return the least over the box of the linear part plus the weighted shortfalls; fill in ``turn``."""
    many = 0
    for v in range(sheet.radius.size):
        if work.voter[v].weight > 0:
            work.voter[many].listed = v
            many += 1
    return least_weighted(sheet, work.voter, many, work.issue)
