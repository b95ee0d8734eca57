"""What do both variants of the challenge model compute in the same way?

The compiled ground floor of ``challenge.py``, which describes the model: where everybody stands, powers, risk
exponents, expected utilities. Two facts make a round cheap. Actors in one place form a *group* and share every
quantity that depends on positions only, so tables have a row or column per group. And the powers of one base
with many exponents are 2^(exponent × log2 base): one logarithm per pair of groups, and one ``exp2`` per actor
and group, all tables of a round in one sweep.

Shapes: n actors in their given order, G groups from left to right; *places* are distances from the leftmost
group in units of the range, *positions* are on the issue's own scale.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.lenses.bargaining.compiled import inside
from detente.lenses.bargaining.powers import exp2, log2
from detente.lenses.bargaining.weights import Array

Indices = NDArray[
    np.uintp
]  # unsigned: spares the compiled loops the question whether an index counts from the end

TIE = 1e-12
"""Expected utilities, moves and distances (in ranges) closer than this are equal: rounding decides nothing."""
SMALLEST_BASE = 1e-300
"""Stands for a base of 0, and for one that rounding took below 0; any power of it in use is 0 beside 1."""


@inside
def stand(position: Array, weight: Array, same: float, order: Indices, group: Indices, groups: Array) -> int:
    """Sort the actors, gather those closer than ``same``, and return the number of groups.

    Actors of one group get the very same position, so that equality can be tested from here on.

    Args:
        position: n, is snapped.
        weight: n.
        same: distance below which two positions are one.
        order: n, filled with the actors from left to right.
        group: n, filled with the group of every actor.
        groups: 3 × n, filled with position, number of actors and weight of every group.
    """
    value, size, crowd = groups
    for last in range(order.size):
        actor, rank = last, last
        while rank > 0 and position[order[rank - 1]] > position[actor]:
            order[rank] = order[rank - 1]
            rank -= 1
        order[rank] = actor
    count = 0
    for actor in order:
        if count == 0 or position[actor] - value[count - 1] > same:
            value[count], size[count], crowd[count] = position[actor], 0.0, 0.0
            count += 1
        position[actor], group[actor] = value[count - 1], count - 1
        size[count - 1] += 1.0
        crowd[count - 1] += weight[actor]
    return count


@inside
def fill_bases(place: Array, near: Array, far: Array) -> None:
    """Fill the bases of success and failure, ½ − ½d and ½ + ½d (both G × G)."""
    for g in range(place.size):
        for q in range(place.size):
            half = 0.5 * abs(place[g] - place[q])
            near[g, q] = max(0.5 - half, SMALLEST_BASE)
            far[g, q] = 0.5 + half


@inside
def raise_bases(bases: Array, exponent: Array, group: Indices, risk: bool, raised: Array) -> None:
    """Fill ``raised`` (tables × n × G) with every actor's rows of ``bases`` (tables × G × G) to its exponent.

    Without risk all exponents are 1 and the rows are copied.
    """
    tables, n, count = raised.shape
    scale = np.empty(max(bases.size, raised.size))
    if not risk:
        for k in range(tables):
            for i in range(n):
                for q in range(count):
                    raised[k, i, q] = bases[k, group[i], q]
        return
    logs, powers = np.empty(bases.shape), np.empty(raised.shape)
    log2(bases.ravel(), logs.ravel(), scale)
    for k in range(tables):
        for i in range(n):
            for q in range(count):
                powers[k, i, q] = exponent[i] * logs[k, group[i], q]
    exp2(powers.ravel(), raised.ravel(), scale)


@inside
def sum_security(
    place: Array, size: Array, lose: Array, other: Array, stay: float, group: Indices, salience: Array
) -> Array:
    """Return Sec_i = Σ_{j≠i} E(j→i) with all exponents 1, where powers are their bases.

    E(j→i) is then 2d − 4 s_i(1 − P_ji)d − (1 − Q)(2 − 4·other): sums over groups serve all their members.

    Args:
        place: G.
        size: G, number of actors.
        lose: G × G, 1 − P.
        other: G × G, base of Ub or Uw; not read when ``stay`` is 1.
        stay: Q.
        group: n.
        salience: n.
    """
    count = place.size
    sums = np.zeros((3, count))
    for q in range(count):
        for g in range(count):
            distance = size[q] * abs(place[g] - place[q])
            sums[0, g] += 2.0 * distance
            sums[1, g] += 4.0 * distance * lose[q, g]
        if stay < 1.0:
            for g in range(count):
                others = size[q] - 1.0 if q == g else size[q]
                sums[2, g] += (1.0 - stay) * others * (2.0 - 4.0 * other[q, g])
    security = np.empty(group.size)
    for i in range(group.size):
        g = group[i]
        security[i] = sums[0, g] - salience[i] * sums[1, g] - sums[2, g]
    return security


@inside
def set_exponents(security: Array, exponent: Array) -> None:
    """Set risk exponents from ½ (least secure) to 2 (most secure); 1 for all if all are equally secure.

    R_i = (2Sec_i − max − min)/(max − min); r_i = (1 − R_i/3)/(1 + R_i/3).
    """
    high, low = security[0], security[0]
    for value in security:
        high, low = max(high, value), min(low, value)
    alike = high - low <= TIE * security.size
    for i in range(security.size):
        rank = 0.0 if alike else (2.0 * security[i] - high - low) / (high - low)
        exponent[i] = (3.0 - rank) / (3.0 + rank)


@inside
def expected_utility(
    near: Array, far: Array, other: Array, lose: Array, stay: float, group: Indices, salience: Array
) -> Array:
    """Return E(i→j), n × n, as i sees it, with i's own exponent.

    With the powers N, F, X of near, far and other, and H = ½^r, the definition in ``challenge.py`` collapses to
    4[Q·H + (1 − Q)X − N − s_j(1 − P_ij)(F − N)]. Powers are n × G, ``lose`` is G × G.
    """
    n = group.size
    utility = np.empty((n, n))
    for i in range(n):
        g = group[i]
        quo = stay * near[i, g]
        for j in range(n):
            q = group[j]
            risked = salience[j] * lose[g, q] * (far[i, q] - near[i, q])
            utility[i, j] = 4.0 * (quo - near[i, q] - risked)
        if stay < 1.0:
            for j in range(n):
                utility[i, j] += 4.0 * (1.0 - stay) * other[i, group[j]]
    return utility


@inside
def foreseen_utility(
    near: Array, far: Array, mirror: Array, lose: Array, stay: float, group: Indices, salience: Array
) -> Array:
    """Return E(i→j), n × n, as j sees it, with j's exponent.

    The same for all i in one place. ``mirror`` are powers of ``other`` with row and column exchanged.
    """
    n = group.size
    foreseen = np.empty((n, n))
    for j in range(n):
        g = group[j]
        quo = stay * near[j, g]
        for i in range(n):
            q = group[i]
            risked = salience[j] * lose[q, g] * (far[j, q] - near[j, q])
            foreseen[i, j] = 4.0 * (quo - near[j, q] - risked)
        if stay < 1.0:
            for i in range(n):
                foreseen[i, j] += 4.0 * (1.0 - stay) * mirror[j, group[i]]
    return foreseen


@inside
def better(first: float, second: float, best_first: float, best_second: float, tie: float) -> bool:
    """Tell whether (first, second) beats the best so far: less is better, near-equals pass to the second."""
    if abs(first - best_first) > tie:
        return first < best_first
    return second < best_second - tie
