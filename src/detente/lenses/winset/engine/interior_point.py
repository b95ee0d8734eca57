"""Where is the best package of a part of the search when losses are quadratic?

Planes below a smooth loss are needed by the hundred; a primal-dual interior-point method (Wright 1997) needs
some twenty Newton steps. With prices y ≥ 0 and rooms r ≥ 0, one pair per condition f ≤ 0, it follows the points
where the prices balance the objective, f + r = 0 and y r = mu, while mu goes to 0. Unknowns are a package and
heights, as in ``simplex``. As there, nothing has to be trusted: the prices prove a bound, whatever they are.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba.extending import overload

from detente.compiled import inside, within
from detente.lenses.winset.engine.cutting_planes import least_of_weights
from detente.lenses.winset.engine.losses import Sheet, shortfall
from detente.lenses.winset.engine.workspace import (
    FAIREST,
    IDEAL,
    LINEAR,
    MEMBER,
    MEMBERS,
    PARTIES,
    PRODUCT,
    SUM,
    SmoothWork,
    Task,
    Work,
)

STEPS = 60
NARROW = 1e-9
"""A box no wider on an issue leaves nothing to choose there."""
CLOSE = 1e-11
"""Products of prices and rooms, and conditions missed, that count as none."""
HOPELESS = 1e6
SHRINK = 0.12


def descend_if_smooth(sheet: Sheet, task: Task, gap: float, work: Work) -> tuple[bool, float]:
    """Descend, where losses are quadratic; compiled for those only, which halves the time for the others."""
    raise NotImplementedError  # read by the compiler only


@overload(descend_if_smooth, strict=False)
def _chosen(sheet: Any, task: Any, gap: Any, work: Any) -> Any:  # noqa: ARG001
    if work.instance_class is SmoothWork:
        return lambda sheet, task, gap, work: descend(sheet, task, gap, work)
    return lambda sheet, task, gap, work: (False, -np.inf)  # noqa: ARG005


@inside
def descend(sheet: Sheet, task: Task, gap: float, work: Work) -> tuple[bool, float]:
    """Fill in ``x`` with the best package of a part; return whether it got there, and the bound proven.

    It ends early where the bound comes within ``gap`` of the record.
    """
    d = work.issue.size
    n = d + task.heights
    bound = -np.inf
    if not _enter(sheet, task, work):
        return False, bound
    for _ in range(STEPS):
        product, missed = _newton(sheet, task, n, work), _retreat(sheet, task, work)
        total = 0.0
        for i in range(n):
            total += work.unknown[i].point
        if not (product < HOPELESS and abs(total) < np.inf):  # nor if they are no numbers
            break
        for i in range(d):
            work.issue[i].x = work.unknown[i].point
        bound = max(bound, _proven(sheet, task, work))
        if bound >= work.tally[0].found - gap or (product < CLOSE and missed < CLOSE):
            return True, bound
        if product < 1e-3 * CLOSE:
            break
    return False, bound


@within
def _enter(sheet: Sheet, task: Task, work: Work) -> bool:
    """Begin inside the box, with room everywhere; tell whether there is anything to choose."""
    d, seated = work.issue.size, 0
    for i in range(d):
        at = work.issue[i]
        edge = 0.1 * (at.high - at.low)
        at.x = min(max(at.x, at.low + edge), at.high - edge)
        work.unknown[i].point = at.x
        at.price_low = at.price_high = 0.0
        if at.high - at.low > NARROW:
            at.price_low = 0.1 / (at.x - at.low)
            at.price_high = 0.1 / (at.high - at.x)
    for j in range(task.heights):
        work.unknown[d + j].point = -1e-2 if task.kind == PRODUCT else -np.inf
    for v in range(sheet.radius.size):
        voter, member, party = work.voter[v], work.condition[v, MEMBERS], work.condition[v, PARTIES]
        member.room = party.room = 0.0
        if sheet.radius[v] == np.inf:
            continue
        short = shortfall(sheet, v, work.issue.x)
        if voter.role == MEMBER:
            member.room = max(task.slack - short, 0.05)
            member.price = 0.1 / member.room
        if voter.place >= 0:
            seated += 1
            party.room, party.price = 0.1, 1.0
            height = work.unknown[d + voter.place]
            if task.kind == PRODUCT:
                gain = max(-short, 1e-3)
                height.point = -0.5 * gain
                party.room, party.price = 0.5 * gain, 2.0 / gain
            else:
                height.point = max(height.point, short / voter.share + 0.1)
    return task.kind == LINEAR or seated > 0


@inside
def _newton(sheet: Sheet, task: Task, n: int, work: Work) -> float:
    """Take a step; return the sum of the products of prices and rooms before it."""
    product, many = _products(work)
    mu = SHRINK * product / many
    _set_up(sheet, task, mu, n, work)
    _solve(n, work)
    reach = _reach(sheet, task, mu, n, work)
    _step(reach, mu, n, work)
    return product


@within
def _products(work: Work) -> tuple[float, int]:
    """Return the sum of the products of prices and rooms, and how many there are."""
    product, many = 0.0, 2 * work.issue.size
    for i in range(work.issue.size):
        at, point = work.issue[i], work.unknown[i].point
        product += at.price_low * (point - at.low) + at.price_high * (at.high - point)
    for v in range(work.voter.size):
        for c in range(2):
            one = work.condition[v, c]
            if one.room > 0:
                product += one.price * one.room
                many += 1
    return product, many


@within
def _set_up(sheet: Sheet, task: Task, mu: float, n: int, work: Work) -> None:
    """Write down the equations of the step: the matrix in ``inverse``, its right side in the unknowns' prices."""
    d = work.issue.size
    for i in range(n):
        for j in range(n):
            work.inverse[i, j] = 0.0
        one = work.unknown[i]
        if i >= d:
            one.price = 1.0 / one.point if task.kind == PRODUCT else -1.0
            work.inverse[i, i] = 1.0 / (one.point * one.point) if task.kind == PRODUCT else 0.0
            continue
        at = work.issue[i]
        if at.high - at.low > NARROW:
            low, high = one.point - at.low, at.high - one.point
            one.price = mu / low - mu / high - at.linear
            work.inverse[i, i] = at.price_low / low + at.price_high / high
        else:
            one.price, work.inverse[i, i] = 0.0, 1.0
    for v in range(work.voter.size):
        for c in range(2):
            condition = work.condition[v, c]
            if condition.room > 0:
                off = _missed(sheet, task, v, c, work) + condition.room
                stiff = condition.price / condition.room
                _add(sheet, v, c, stiff, mu / condition.room + stiff * off, n, work)


@within
def _reach(sheet: Sheet, task: Task, mu: float, n: int, work: Work) -> float:
    """Return how far along the step prices and rooms stay positive; note the steps of conditions."""
    d, reach = work.issue.size, 1.0
    for i in range(d):
        at, one = work.issue[i], work.unknown[i]
        if at.high - at.low > NARROW:
            low, high, by = one.point - at.low, at.high - one.point, one.alpha
            reach = _kept(reach, low, by)
            reach = _kept(reach, high, -by)
            reach = _kept(reach, at.price_low, mu / low - at.price_low * (1 + by / low))
            reach = _kept(reach, at.price_high, mu / high - at.price_high * (1 - by / high))
    for j in range(d, n):
        if task.kind == PRODUCT:
            reach = _kept(reach, -work.unknown[j].point, -work.unknown[j].alpha)
    for v in range(work.voter.size):
        for c in range(2):
            one = work.condition[v, c]
            if one.room > 0:
                one.room_step = -_missed(sheet, task, v, c, work) - one.room - _slope_along(sheet, v, c, work)
                one.price_step = mu / one.room - one.price * (1 + one.room_step / one.room)
                reach = _kept(reach, one.room, one.room_step)
                reach = _kept(reach, one.price, one.price_step)
    return reach


@within
def _step(reach: float, mu: float, n: int, work: Work) -> None:
    """Go so far along the step."""
    for i in range(work.issue.size):
        at, one = work.issue[i], work.unknown[i]
        if at.high - at.low > NARROW:
            low, high, by = one.point - at.low, at.high - one.point, one.alpha
            at.price_low += reach * (mu / low - at.price_low * (1 + by / low))
            at.price_high += reach * (mu / high - at.price_high * (1 - by / high))
    for j in range(n):
        work.unknown[j].point += reach * work.unknown[j].alpha
    for v in range(work.voter.size):
        for c in range(2):
            one = work.condition[v, c]
            if one.room > 0:
                one.room += reach * one.room_step
                one.price += reach * one.price_step


@within
def _retreat(sheet: Sheet, task: Task, work: Work) -> float:
    """Give every condition just the room that it has; return the most by which one is missed."""
    most = 0.0
    for v in range(sheet.radius.size):
        for c in range(2):
            one = work.condition[v, c]
            if one.room > 0:
                has = -_missed(sheet, task, v, c, work)
                most = max(most, -has)
                if has > 0.1 * one.room:
                    one.room = has
    return most


@inside
def _kept(reach: float, value: float, by: float) -> float:
    """Return how much of a step leaves a value positive."""
    return min(reach, -0.99 * value / by) if by < 0 else reach


@inside
def _missed(sheet: Sheet, task: Task, v: int, c: int, work: Work) -> float:
    """Return by how much a condition is missed at the point, below 0 where it is met."""
    short = shortfall(sheet, v, work.unknown.point)
    if c == MEMBERS:
        return short - task.slack
    voter = work.voter[v]
    return float(short - voter.share * work.unknown[work.issue.size + voter.place].point)


@inside
def _slope_along(sheet: Sheet, v: int, c: int, work: Work) -> float:
    """Return how fast a condition grows along the step."""
    d, total, voter = work.issue.size, 0.0, work.voter[v]
    for i in range(d):
        one, stance = work.unknown[i], sheet.stance[v, i]
        total += 2 * stance.cares * (one.point - stance.wants) * one.alpha
    if c == PARTIES:
        total -= voter.share * work.unknown[d + voter.place].alpha
    return total


@inside
def _add(sheet: Sheet, v: int, c: int, stiff: float, push: float, n: int, work: Work) -> None:
    """Add a condition to the equations of the step; its slope is noted in the unknowns' ``alpha``."""
    d, voter, price = work.issue.size, work.voter[v], work.condition[v, c].price
    for i in range(n):
        work.unknown[i].alpha = 0.0
    for i in range(d):
        one, at, stance = work.unknown[i], work.issue[i], sheet.stance[v, i]
        if at.high - at.low > NARROW:
            one.alpha = 2 * stance.cares * (one.point - stance.wants)
        work.inverse[i, i] += 2 * price * stance.cares
    if c == PARTIES:
        work.unknown[d + voter.place].alpha = -voter.share
    for i in range(n):
        slope = work.unknown[i].alpha
        if slope != 0.0:
            work.unknown[i].price -= push * slope
            for j in range(i + 1):
                work.inverse[i, j] += stiff * slope * work.unknown[j].alpha


@within
def _solve(n: int, work: Work) -> None:
    """Solve the equations by Cholesky's factors: the matrix times ``alpha`` is ``price``."""
    matrix, unknown = work.inverse, work.unknown
    for i in range(n):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            if i == j:
                lost = total <= 1e-14 * matrix[i, i]  # then take no step that way
                matrix[i, i] = 1e100 if lost else math.sqrt(total)
            else:
                matrix[i, j] = total / matrix[j, j]
    for i in range(n):
        total = unknown[i].price
        for k in range(i):
            total -= matrix[i, k] * unknown[k].alpha
        unknown[i].alpha = total / matrix[i, i]
    for back in range(n):
        i = n - 1 - back
        total = unknown[i].alpha
        for k in range(i + 1, n):
            total -= matrix[k, i] * unknown[k].alpha
        unknown[i].alpha = total / matrix[i, i]


@within
def _proven(sheet: Sheet, task: Task, work: Work) -> float:
    """Return the bound that the prices prove: the least over the box of what they weigh (weak duality)."""
    bound, whole = 0.0, 0.0
    for v in range(sheet.radius.size):
        party = work.condition[v, PARTIES]
        work.voter[v].weight = 0.0
        if party.room > 0:
            whole += work.voter[v].share * party.price
    for v in range(sheet.radius.size):
        voter, member, party = work.voter[v], work.condition[v, MEMBERS], work.condition[v, PARTIES]
        if member.room > 0:
            voter.weight += member.price
            bound -= member.price * task.slack
        if party.room > 0:
            price = party.price
            if task.kind == FAIREST or task.kind == IDEAL:
                price /= whole
            elif task.kind == SUM:
                price = 1.0
            else:  # -log g + y (f + g) is at least 1 + log y + y f
                bound += 1 + math.log(price)
            voter.weight += price
    return bound + least_of_weights(sheet, work)
