"""Which planes make up the program of a question, and what do its prices prove?

Cutting planes (Kelley 1960): a linear program over planes below the voters' shortfalls is solved, planes are
added where its package falls short of the truth, and so on. Its prices weigh the shortfalls; the least of that
weighted sum, exactly known, bounds the objective (weak duality) and often ends the matter before the planes do.
"""

from __future__ import annotations

import math

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.compiled import copy, fill, inside, within
from detente.lenses.winset.engine.losses import Sheet, least_sum, plane_below
from detente.lenses.winset.engine.simplex import (
    ALPHA,
    BASIS,
    COLUMNS,
    COST,
    HEIGHT,
    KAPPA,
    LEAST,
    MOST,
    POINT,
    PRICE,
    RHS,
    SHIFT,
    USED,
    WHOSE,
)
from detente.lenses.winset.engine.workspace import (
    HAS_PLANE,
    HIGH,
    LEAST_GAIN,
    LINEAR_PART,
    LISTED,
    LISTED_WEIGHT,
    LOW,
    MARGIN,
    MEMBER,
    OF,
    OFFSET,
    PLACE,
    PLANES,
    PRODUCT,
    ROLE,
    ROWS,
    SHARE,
    SHORT,
    SKETCH,
    SLOPE,
    TURN,
    WEIGHT,
    Task,
    Work,
)

EXACT = 1e-10
"""A plane is added where the program's package misjudges a shortfall by more."""


@inside
def begin(task: Task, work: Work) -> None:
    """Write down the rows of a question from the planes that are known of this draw."""
    work.tally[ROWS] = 0
    for c in range(int(work.tally[PLANES])):
        _add_rows(task, int(work.plane[c, OF]), work.plane[c, SLOPE:], work.plane[c, OFFSET], work)


@inside
def cut(sheet: Sheet, task: Task, v: int, x: Array, work: Work) -> None:
    """Add the plane below a voter's shortfall at x to what is known, and to the rows."""
    slope = work.issue[SKETCH]
    offset = plane_below(sheet, v, x, slope)
    work.voter[HAS_PLANE, v] = 1.0
    c = int(work.tally[PLANES])
    if c < work.plane.shape[0]:
        work.plane[c, OF], work.plane[c, OFFSET] = v, offset
        copy(work.plane[c, SLOPE:], slope)
        work.tally[PLANES] += 1
    _add_rows(task, v, slope, offset, work)


@inside
def cut_where_short(sheet: Sheet, task: Task, x: Array, work: Work) -> bool:
    """Add planes at x for all whom the program misjudges there; tell whether there were any.

    The line ``SHORT`` holds the shortfalls at x, the vertex the heights.
    """
    added = False
    for v in range(sheet.radius.size):
        short, place = work.voter[SHORT, v], int(work.voter[PLACE, v])
        if short == -np.inf:
            continue
        member = work.voter[ROLE, v] == MEMBER
        if task.kind == MARGIN:
            wrong = member and short > work.simplex[POINT, x.size] + EXACT
        else:
            wrong = member and short > task.slack + EXACT
            if place >= 0:
                height = work.simplex[POINT, x.size + place]
                if task.kind == PRODUCT:
                    wrong = _bound_logarithm(v, height, work) or wrong
                else:
                    wrong = wrong or short > work.voter[SHARE, v] * height + EXACT
        if wrong:
            cut(sheet, task, v, x, work)
            added = True
    return added


@within
def _bound_logarithm(v: int, height: float, work: Work) -> bool:
    """Lower the gain at which the logarithm is bounded where the program overrates it; tell whether it does."""
    gain = -work.voter[SHORT, v]
    if gain > 0 and -math.log(gain) <= height + EXACT / gain:
        return False
    work.voter[LEAST_GAIN, v] = max(gain, 0.5 * work.voter[LEAST_GAIN, v])
    return True


@inside
def _add_rows(task: Task, v: int, slope: Array, offset: float, work: Work) -> None:
    """Add what a plane below a voter's shortfall says in a question."""
    place = int(work.voter[PLACE, v])
    for objective in range(2):
        shift, height, kappa = -task.slack, -1, 0.0
        if task.kind == MARGIN:
            shift, height, kappa = 0.0, 0, 1.0
        elif objective and task.kind == PRODUCT:  # -log g ≥ 1 - log a - g/a for every a
            kappa = work.voter[LEAST_GAIN, v]
            shift, height = kappa * (1 - math.log(kappa)) if place >= 0 else 0.0, place
        elif objective:
            shift, height, kappa = 0.0, place, work.voter[SHARE, v]
        r = int(work.tally[ROWS])
        if r >= work.row.shape[0] or (objective and (place < 0 or task.kind == MARGIN)):
            return  # the caller starts over before there are too many
        row = work.row[r]
        row[HEIGHT], row[KAPPA], row[RHS], row[SHIFT] = height, kappa, -offset - shift, shift
        row[WHOSE], row[USED] = v, 1.0 if objective or work.voter[ROLE, v] == MEMBER else 0.0
        copy(row[COLUMNS:], slope)
        work.tally[ROWS] += 1


@within
def prove(sheet: Sheet, task: Task, work: Work) -> float:
    """Return the bound that the prices of the program prove.

    Fills in the line ``WEIGHT``, and ``TURN`` with a package where the bound is reached.
    """
    d, table = work.issue.shape[1], work.simplex
    n = d + task.heights
    bound = 0.0
    fill(table[ALPHA], 0.0)
    fill(work.voter[WEIGHT], 0.0)
    for k in range(n):
        r = int(table[BASIS, k]) - 2 * n
        if r >= 0 and work.row[r, HEIGHT] >= 0:
            table[ALPHA, d + int(work.row[r, HEIGHT])] += table[PRICE, k] * work.row[r, KAPPA]
    for j in range(d, n):  # prices should add up to the cost of each height: make it exact where it nearly is
        if abs(table[ALPHA, j] - table[COST, j]) > 1e-6:  # else what is left, times the worst that it can be
            left = table[COST, j] - table[ALPHA, j]
            bound += left * (table[LEAST, j] if left > 0 else table[MOST, j])
            table[ALPHA, j] = table[COST, j]
    for k in range(n):
        r = int(table[BASIS, k]) - 2 * n
        if r < 0 or table[PRICE, k] <= 0:
            continue
        row, price = work.row[r], table[PRICE, k]
        if row[HEIGHT] >= 0:
            price *= table[COST, d + int(row[HEIGHT])] / table[ALPHA, d + int(row[HEIGHT])]
        work.voter[WEIGHT, int(row[WHOSE])] += price
        bound += price * row[SHIFT]
    return bound + least_of_weights(sheet, work)


@inside
def least_of_weights(sheet: Sheet, work: Work) -> float:
    """Return the least over the box of the linear part plus the weighted shortfalls; fill in ``TURN``."""
    many = 0
    for v in range(sheet.radius.size):
        if work.voter[WEIGHT, v] > 0:
            work.voter[LISTED, many], work.voter[LISTED_WEIGHT, many] = v, work.voter[WEIGHT, v]
            many += 1
    voter, weight = work.voter[LISTED, :many], work.voter[LISTED_WEIGHT, :many]
    issue = work.issue
    return least_sum(sheet, voter, weight, issue[LINEAR_PART], issue[LOW], issue[HIGH], issue[TURN])
