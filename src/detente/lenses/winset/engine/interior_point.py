"""Where is the best package of a part of the search when losses are quadratic?

Planes below a smooth loss are needed by the hundred; a primal-dual interior-point method (Wright 1997) needs
some twenty Newton steps. With prices y ≥ 0 and rooms r ≥ 0, one pair per condition f ≤ 0, it follows the points
where the prices balance the objective, f + r = 0 and y r = mu, while mu goes to 0. Unknowns are a package and
heights, as in ``simplex``. As there, nothing has to be trusted: the prices prove a bound, whatever they are.
"""

from __future__ import annotations

import math

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.compiled import fill, inside
from detente.lenses.winset.engine.cutting_planes import least_of_weights
from detente.lenses.winset.engine.losses import CARES, WANTS, Sheet, shortfall
from detente.lenses.winset.engine.simplex import ALPHA, INVERSE, POINT, PRICE
from detente.lenses.winset.engine.workspace import (
    FAIREST,
    FOUND,
    HIGH,
    IDEAL,
    LINEAR,
    LINEAR_PART,
    LOW,
    MEMBER,
    PLACE,
    PRICE_HIGH,
    PRICE_LOW,
    PRICE_STEPS,
    PRICES,
    PRODUCT,
    PROGRAMS,
    ROLE,
    ROOM_STEPS,
    ROOMS,
    SHARE,
    SUM,
    WEIGHT,
    Task,
    Work,
    X,
)

STEPS = 60
NARROW = 1e-9
"""A box no wider on an issue leaves nothing to choose there."""
CLOSE = 1e-11
"""Products of prices and rooms, and conditions missed, that count as none."""
HOPELESS = 1e6
SHRINK = 0.12
MEMBERS, PARTIES = 0, 1


@inside
def descend(sheet: Sheet, task: Task, gap: float, work: Work) -> tuple[bool, float]:
    """Fill in ``X`` with the best package of a part; return whether it got there, and the bound proven.

    It ends early where the bound comes within ``gap`` of the record.
    """
    table, issue = work.simplex, work.issue
    d = issue.shape[1]
    n = d + task.heights
    bound = -np.inf
    if not _enter(sheet, task, work):
        return False, bound
    for _ in range(STEPS):
        work.tally[PROGRAMS] += 1
        product, missed = _newton(sheet, task, n, work), _retreat(sheet, task, work)
        total = 0.0
        for i in range(n):
            total += table[POINT, i]
        if not (product < HOPELESS and abs(total) < np.inf):  # nor if they are no numbers
            break
        for i in range(d):
            issue[X, i] = table[POINT, i]
        bound = max(bound, _proven(sheet, task, work))
        if bound >= work.tally[FOUND] - gap or (product < CLOSE and missed < CLOSE):
            return True, bound
        if product < 1e-3 * CLOSE:
            break
    return False, bound


@inside
def _enter(sheet: Sheet, task: Task, work: Work) -> bool:
    """Begin inside the box, with room everywhere; tell whether there is anything to choose."""
    table, issue, voter = work.simplex, work.issue, work.voter
    d, seated = issue.shape[1], 0
    for i in range(d):
        low, high = issue[LOW, i], issue[HIGH, i]
        edge = 0.1 * (high - low)
        table[POINT, i] = min(max(issue[X, i], low + edge), high - edge)
        issue[X, i] = table[POINT, i]
        issue[PRICE_LOW, i] = issue[PRICE_HIGH, i] = 0.0
        if high - low > NARROW:
            issue[PRICE_LOW, i] = 0.1 / (table[POINT, i] - low)
            issue[PRICE_HIGH, i] = 0.1 / (high - table[POINT, i])
    for j in range(task.heights):
        table[POINT, d + j] = -1e-2 if task.kind == PRODUCT else -np.inf
    for v in range(sheet.radius.size):
        voter[ROOMS + MEMBERS, v] = voter[ROOMS + PARTIES, v] = 0.0
        if sheet.radius[v] == np.inf:
            continue
        short, place = shortfall(sheet, v, issue[X]), int(voter[PLACE, v])
        if voter[ROLE, v] == MEMBER:
            voter[ROOMS + MEMBERS, v] = max(task.slack - short, 0.05)
            voter[PRICES + MEMBERS, v] = 0.1 / voter[ROOMS + MEMBERS, v]
        if place >= 0:
            seated += 1
            voter[ROOMS + PARTIES, v] = 0.1
            voter[PRICES + PARTIES, v] = 1.0
            if task.kind == PRODUCT:
                gain = max(-short, 1e-3)
                table[POINT, d + place] = -0.5 * gain
                voter[ROOMS + PARTIES, v], voter[PRICES + PARTIES, v] = 0.5 * gain, 2.0 / gain
            else:
                table[POINT, d + place] = max(table[POINT, d + place], short / voter[SHARE, v] + 0.1)
    return task.kind == LINEAR or seated > 0


@inside
def _newton(sheet: Sheet, task: Task, n: int, work: Work) -> float:  # noqa: C901
    """Take a step; return the sum of the products of prices and rooms before it."""
    table, issue, voter = work.simplex, work.issue, work.voter
    d, voters = issue.shape[1], sheet.radius.size
    product, many = 0.0, 0
    for i in range(d):
        low, high = table[POINT, i] - issue[LOW, i], issue[HIGH, i] - table[POINT, i]
        product += issue[PRICE_LOW, i] * low + issue[PRICE_HIGH, i] * high
        many += 2
    for v in range(voters):
        for c in range(2):
            if voter[ROOMS + c, v] > 0:
                product += voter[PRICES + c, v] * voter[ROOMS + c, v]
                many += 1
    mu = SHRINK * product / many
    for i in range(n):
        fill(table[INVERSE + i], 0.0)
        if i >= d:
            height = table[POINT, i]
            table[PRICE, i] = 1.0 / height if task.kind == PRODUCT else -1.0
            table[INVERSE + i, i] = 1.0 / (height * height) if task.kind == PRODUCT else 0.0
        elif issue[HIGH, i] - issue[LOW, i] > NARROW:
            low, high = table[POINT, i] - issue[LOW, i], issue[HIGH, i] - table[POINT, i]
            table[PRICE, i] = mu / low - mu / high - issue[LINEAR_PART, i]
            table[INVERSE + i, i] = issue[PRICE_LOW, i] / low + issue[PRICE_HIGH, i] / high
        else:
            table[PRICE, i], table[INVERSE + i, i] = 0.0, 1.0
    for v in range(voters):
        for c in range(2):
            room = voter[ROOMS + c, v]
            if room > 0:
                price, off = voter[PRICES + c, v], _condition(sheet, task, v, c, work) + room
                _add(sheet, v, c, price, price / room, mu / room + price / room * off, n, work)
    _solve(table, n)
    reach = 1.0
    for i in range(d):
        low, high, by = table[POINT, i] - issue[LOW, i], issue[HIGH, i] - table[POINT, i], table[ALPHA, i]
        if high + low > NARROW:
            reach = _kept(reach, low, by)
            reach = _kept(reach, high, -by)
            reach = _kept(reach, issue[PRICE_LOW, i], mu / low - issue[PRICE_LOW, i] * (1 + by / low))
            reach = _kept(reach, issue[PRICE_HIGH, i], mu / high - issue[PRICE_HIGH, i] * (1 - by / high))
    for j in range(d, n):
        if task.kind == PRODUCT:
            reach = _kept(reach, -table[POINT, j], -table[ALPHA, j])
    for v in range(voters):
        for c in range(2):
            room, price = voter[ROOMS + c, v], voter[PRICES + c, v]
            if room > 0:
                by = -_condition(sheet, task, v, c, work) - room - _slope_along(sheet, v, c, work)
                voter[ROOM_STEPS + c, v] = by
                voter[PRICE_STEPS + c, v] = mu / room - price * (1 + by / room)
                reach = _kept(reach, room, by)
                reach = _kept(reach, price, voter[PRICE_STEPS + c, v])
    for i in range(d):
        low, high, by = table[POINT, i] - issue[LOW, i], issue[HIGH, i] - table[POINT, i], table[ALPHA, i]
        if high + low > NARROW:
            issue[PRICE_LOW, i] += reach * (mu / low - issue[PRICE_LOW, i] * (1 + by / low))
            issue[PRICE_HIGH, i] += reach * (mu / high - issue[PRICE_HIGH, i] * (1 - by / high))
    for j in range(n):
        table[POINT, j] += reach * table[ALPHA, j]
    for v in range(voters):
        for c in range(2):
            if voter[ROOMS + c, v] > 0:
                voter[ROOMS + c, v] += reach * voter[ROOM_STEPS + c, v]
                voter[PRICES + c, v] += reach * voter[PRICE_STEPS + c, v]
    return product


@inside
def _retreat(sheet: Sheet, task: Task, work: Work) -> float:
    """Give every condition just the room that it has; return the most by which one is missed."""
    missed = 0.0
    for v in range(sheet.radius.size):
        for c in range(2):
            room = work.voter[ROOMS + c, v]
            if room > 0:
                has = -_condition(sheet, task, v, c, work)
                missed = max(missed, -has)
                if has > 0.1 * room:
                    work.voter[ROOMS + c, v] = has
    return missed


@inside
def _kept(reach: float, value: float, by: float) -> float:
    """Return how much of a step leaves a value positive."""
    return min(reach, -0.99 * value / by) if by < 0 else reach


@inside
def _condition(sheet: Sheet, task: Task, v: int, c: int, work: Work) -> float:
    """Return by how much a condition is missed at the point, below 0 where it is met."""
    short = shortfall(sheet, v, work.simplex[POINT])
    if c == MEMBERS:
        return short - task.slack
    return short - float(work.voter[SHARE, v]) * float(
        work.simplex[POINT, work.issue.shape[1] + int(work.voter[PLACE, v])]
    )


@inside
def _slope_along(sheet: Sheet, v: int, c: int, work: Work) -> float:
    """Return how fast a condition grows along the step."""
    table, d, total = work.simplex, work.issue.shape[1], 0.0
    for i in range(d):
        total += (
            2 * sheet.stance[v, CARES, i] * (table[POINT, i] - sheet.stance[v, WANTS, i]) * table[ALPHA, i]
        )
    if c == PARTIES:
        total -= work.voter[SHARE, v] * table[ALPHA, d + int(work.voter[PLACE, v])]
    return total


@inside
def _add(sheet: Sheet, v: int, c: int, price: float, stiff: float, push: float, n: int, work: Work) -> None:
    """Add a condition to the equations of the step."""
    table, d = work.simplex, work.issue.shape[1]
    slope = table[ALPHA]
    fill(slope, 0.0)
    for i in range(d):
        slope[i] = 2 * sheet.stance[v, CARES, i] * (table[POINT, i] - sheet.stance[v, WANTS, i])
        if work.issue[HIGH, i] - work.issue[LOW, i] <= NARROW:
            slope[i] = 0.0
        table[INVERSE + i, i] += 2 * price * sheet.stance[v, CARES, i]
    if c == PARTIES:
        slope[d + int(work.voter[PLACE, v])] = -work.voter[SHARE, v]
    for i in range(n):
        if slope[i] != 0.0:
            table[PRICE, i] -= push * slope[i]
            for j in range(i + 1):
                table[INVERSE + i, j] += stiff * slope[i] * slope[j]


@inside
def _solve(table: Array, n: int) -> None:
    """Solve the equations by Cholesky's factors: ``INVERSE`` times ``ALPHA`` is ``PRICE``."""
    for i in range(n):
        for j in range(i + 1):
            total = table[INVERSE + i, j]
            for k in range(j):
                total -= table[INVERSE + i, k] * table[INVERSE + j, k]
            if i == j:
                lost = total <= 1e-14 * table[INVERSE + i, i]  # then take no step that way
                table[INVERSE + i, i] = 1e100 if lost else math.sqrt(total)
            else:
                table[INVERSE + i, j] = total / table[INVERSE + j, j]
    for i in range(n):
        total = table[PRICE, i]
        for k in range(i):
            total -= table[INVERSE + i, k] * table[ALPHA, k]
        table[ALPHA, i] = total / table[INVERSE + i, i]
    for back in range(n):
        i = n - 1 - back
        total = table[ALPHA, i]
        for k in range(i + 1, n):
            total -= table[INVERSE + k, i] * table[ALPHA, k]
        table[ALPHA, i] = total / table[INVERSE + i, i]


@inside
def _proven(sheet: Sheet, task: Task, work: Work) -> float:
    """Return the bound that the prices prove: the least over the box of what they weigh (weak duality)."""
    voter, bound, whole = work.voter, 0.0, 0.0
    fill(voter[WEIGHT], 0.0)
    for v in range(sheet.radius.size):
        if voter[ROOMS + PARTIES, v] > 0:
            whole += voter[SHARE, v] * voter[PRICES + PARTIES, v]
    for v in range(sheet.radius.size):
        if voter[ROOMS + MEMBERS, v] > 0:
            voter[WEIGHT, v] += voter[PRICES + MEMBERS, v]
            bound -= voter[PRICES + MEMBERS, v] * task.slack
        if voter[ROOMS + PARTIES, v] > 0:
            price = voter[PRICES + PARTIES, v]
            if task.kind == FAIREST or task.kind == IDEAL:
                price /= whole
            elif task.kind == SUM:
                price = 1.0
            else:  # -log g + y (f + g) is at least 1 + log y + y f
                bound += 1 + math.log(price)
            voter[WEIGHT, v] += price
    return bound + least_of_weights(sheet, work)
