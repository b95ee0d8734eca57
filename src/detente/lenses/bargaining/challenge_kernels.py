"""What do both variants of the challenge model compute in the same way?

The compiled ground floor of ``challenge.py``, which describes the model: where everybody stands, risk exponents,
and powers. Two facts make a round cheap. Actors at one position form a *group* and share every quantity that
depends on positions only, so that tables have groups for rows or columns. And a power with a base that many
exponents share is 2^(exponent × log2 base): logarithms are taken per pair of groups, and what remains per actor
and group is one call of :func:`exp2`, in loops that the compiler turns into vector instructions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.lenses.bargaining.powers import exp2
from detente.lenses.bargaining.weights import HALF, Array

Indices = NDArray[np.int64]

SAME_PLACE = 1e-12
"""Positions closer than this share of the scale's width are one position."""
TIE = 1e-12
"""Expected utilities, moves and distances (in ranges) closer than this are equal: rounding decides nothing."""
SMALLEST_BASE = 1e-300
"""Stands for a base of 0, and for one that rounding took below 0; any power of it in use is 0 beside 1."""


class Actors(NamedTuple):
    """The actors that take part in one game, in their given order.

    Attributes:
        position: where they stand now, on the issue's own scale.
        salience: 0..1.
        weight: influence × salience.
        group: which of the sorted groups each is in.
        order: the actors sorted by position.
        exponent: risk exponents of this round.
    """

    position: Array
    salience: Array
    weight: Array
    group: Indices
    order: Indices
    exponent: Array


class Groups(NamedTuple):
    """The distinct positions of this round, from left to right.

    Attributes:
        place: distance from the leftmost position, in units of the range that the variant uses.
        value: the position itself, on the issue's own scale.
        size: number of actors there.
        weight: their weight.
        below: weight of all groups to the left; one entry more than there are groups.
        moment: weight × place of all groups to the left, likewise.
        from_median: distance from the weighted median, in the units of ``place``.
        gained: what challenges by all others bring to them if nobody resists, with exponents 1.
        risked: what resistance can take away of that, per unit of the challenged actor's salience.
        changed: what the challengers expect if the challenged does not stay put, likewise.
    """

    place: Array
    value: Array
    size: Array
    weight: Array
    below: Array
    moment: Array
    from_median: Array
    gained: Array
    risked: Array
    changed: Array


class Room(NamedTuple):
    """Working memory of one game. Tables are flat, row by row: G × G groups, A × G actors × groups, A × A.

    Attributes:
        lose: G × G, chance 1 − P that the row does not get its way against the column.
        near: G × G, ½ − ½d; the log2 of it where risk matters. So for all bases.
        far: G × G, ½ + ½d.
        other: G × G, base of whatever else the variant raises to powers.
        near_power: A × G, near^r with the exponent of the row's actor.
        far_power: A × G, far^r.
        other_power: A × G, other^r, row and column as in ``other``.
        mirror_power: A × G, other^r with row and column exchanged.
        utility: A × A, what challenging the column is worth to the row, seen by the row.
        foreseen: A × A, what challenging the column is worth to the row, seen by the column.
        vote: G × G, what the members of the row lose by each position, weighted.
        votes_below: (G + 1) × G, ``vote`` summed over the groups to the left.
        times: G × G, how often a distance counts in the sum over all pairs of positions.
        middle: G × G, number of groups up to the midpoint of row and column.
        power: room for the powers of 2 to be taken.
        scale: room for :func:`exp2`.
        security: per actor, what challenges by all others are worth to them.
        target: per actor, where it goes next, on the issue's own scale.
    """

    lose: Array
    near: Array
    far: Array
    other: Array
    near_power: Array
    far_power: Array
    other_power: Array
    mirror_power: Array
    utility: Array
    foreseen: Array
    vote: Array
    votes_below: Array
    times: Array
    middle: Indices
    power: Array
    scale: Array
    security: Array
    target: Array


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def make_room(actors: int) -> Room:
    """Allocate for a game of that many actors."""
    square = actors * actors
    return Room(
        lose=np.empty(square),
        near=np.empty(square),
        far=np.empty(square),
        other=np.empty(square),
        near_power=np.empty(square),
        far_power=np.empty(square),
        other_power=np.empty(square),
        mirror_power=np.empty(square),
        utility=np.empty(square),
        foreseen=np.empty(square),
        vote=np.empty(square),
        votes_below=np.empty(square + actors),
        times=np.empty(square),
        middle=np.empty(square, dtype=np.int64),
        power=np.empty(square),
        scale=np.empty(square),
        security=np.empty(actors),
        target=np.empty(actors),
    )


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def make_groups(actors: int) -> Groups:
    """Allocate for as many groups as actors."""
    return Groups(
        place=np.empty(actors),
        value=np.empty(actors),
        size=np.empty(actors),
        weight=np.empty(actors),
        below=np.empty(actors + 1),
        moment=np.empty(actors + 1),
        from_median=np.empty(actors),
        gained=np.empty(actors),
        risked=np.empty(actors),
        changed=np.empty(actors),
    )


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def stand(actors: Actors, groups: Groups, same: float) -> int:
    """Sort the actors and gather those closer than ``same``; return the number of groups.

    Actors of one group get the very same position, so that equality can be tested from here on.
    """
    order, position = actors.order, actors.position
    for rank in range(1, order.size):
        actor = order[rank]
        place = position[actor]
        while rank > 0 and position[order[rank - 1]] > place:
            order[rank] = order[rank - 1]
            rank -= 1
        order[rank] = actor
    last = -1
    for actor in order:
        if last < 0 or position[actor] - groups.value[last] > same:
            last += 1
            groups.value[last] = position[actor]
            groups.size[last] = 0.0
            groups.weight[last] = 0.0
        position[actor] = groups.value[last]
        actors.group[actor] = last
        groups.size[last] += 1.0
        groups.weight[last] += actors.weight[actor]
    return last + 1


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def average(actors: Actors, groups: Groups, count: int) -> tuple[float, int]:
    """Return the weighted mean of the positions and the group that is the lower weighted median."""
    groups.below[0] = 0.0
    for g in range(count):
        groups.below[g + 1] = groups.below[g] + groups.weight[g]
    total = groups.below[count]
    median = 0
    while groups.below[median + 1] < HALF * total:
        median += 1
    mean = 0.0
    for i in range(actors.position.size):
        mean += actors.weight[i] * actors.position[i]
    return min(max(mean / total, groups.value[0]), groups.value[count - 1]), median


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def measure(groups: Groups, count: int, median: int, span: float) -> None:
    """Measure places and moments in units of ``span``, from the leftmost position."""
    groups.moment[0] = 0.0
    for g in range(count):
        groups.place[g] = (groups.value[g] - groups.value[0]) / span
        groups.moment[g + 1] = groups.moment[g] + groups.weight[g] * groups.place[g]
    for g in range(count):
        groups.from_median[g] = abs(groups.place[g] - groups.place[median])


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def base(value: float, risk: bool) -> float:
    """Return a base kept above 0, or the log2 of it where it will be raised to powers."""
    value = max(value, SMALLEST_BASE)
    return np.log2(value) if risk else value


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def fill_bases(groups: Groups, room: Room, count: int, risk: bool) -> None:
    """Fill ``near`` and ``far``."""
    for g in range(count):
        for q in range(g + 1):
            half = 0.5 * (groups.place[g] - groups.place[q])
            near, far = base(0.5 - half, risk), base(0.5 + half, risk)
            room.near[g * count + q] = room.near[q * count + g] = near
            room.far[g * count + q] = room.far[q * count + g] = far


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def raise_rows(actors: Actors, room: Room, table: Array, out: Array, count: int, risk: bool) -> None:
    """Write to ``out`` (A × G) each actor's row of a table of bases, raised to the actor's exponent."""
    target = room.power if risk else out
    for i in range(actors.group.size):
        row = actors.group[i] * count
        exponent = actors.exponent[i] if risk else 1.0
        for q in range(count):
            target[i * count + q] = exponent * table[row + q]
    if risk:
        cells = actors.group.size * count
        exp2(room.power[:cells], out, room.scale)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def fill_security(actors: Actors, groups: Groups, room: Room, count: int, stay: float) -> None:
    """Fill ``security``: Sec_i = Σ_{j≠i} E(j→i) with all exponents 1, where powers are their bases.

    E(j→i) is then 2d − 4 s_i(1 − P_ji)d − (1 − Q)(2 − 4·other): sums over groups serve all their members.
    """
    for g in range(count):
        gained, risked, changed = 0.0, 0.0, 0.0
        for q in range(count):
            distance = groups.size[q] * abs(groups.place[g] - groups.place[q])
            gained += 2.0 * distance
            risked += 4.0 * distance * room.lose[q * count + g]
        if stay < 1.0:
            for q in range(count):
                others = groups.size[q] - 1.0 if q == g else groups.size[q]
                changed += (1.0 - stay) * others * (2.0 - 4.0 * room.other[q * count + g])
        groups.gained[g], groups.risked[g], groups.changed[g] = gained, risked, changed
    for i in range(actors.group.size):
        g = actors.group[i]
        room.security[i] = groups.gained[g] - actors.salience[i] * groups.risked[g] - groups.changed[g]


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def set_exponents(exponent: Array, security: Array) -> None:
    """Set risk exponents between ½ (least secure: takes risks) and 2 by rank in security; all equal: 1.

    R_i = (2Sec_i − max − min)/(max − min); r_i = (1 − R_i/3)/(1 + R_i/3).
    """
    high, low = security.max(), security.min()
    for i in range(security.size):
        if high - low <= TIE * security.size:
            exponent[i] = 1.0
        else:
            rank = (2.0 * security[i] - high - low) / (high - low)
            exponent[i] = (1.0 - rank / 3.0) / (1.0 + rank / 3.0)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def fill_utility(actors: Actors, room: Room, count: int, stay: float) -> None:
    """Fill ``utility``: E(i→j) with the exponent of i.

    With powers N, F, X of near, far and other, and H = ½^r, the definition of ``challenge.py`` collapses to
    4[Q·H + (1 − Q)X − N − s_j(1 − P_ij)(F − N)].
    """
    n = actors.group.size
    for i in range(n):
        row, lose = i * count, actors.group[i] * count
        quo = stay * room.near_power[row + actors.group[i]]
        for j in range(n):
            q = actors.group[j]
            near = room.near_power[row + q]
            risked = actors.salience[j] * room.lose[lose + q] * (room.far_power[row + q] - near)
            room.utility[i * n + j] = 4.0 * (quo - near - risked)
        if stay < 1.0:
            for j in range(n):
                room.utility[i * n + j] += 4.0 * (1.0 - stay) * room.other_power[row + actors.group[j]]


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def fill_foreseen(actors: Actors, room: Room, count: int, stay: float) -> None:
    """Fill ``foreseen``: E(i→j) with the exponent of j, which is the same for all i at one position."""
    n = actors.group.size
    for j in range(n):
        row, g = j * count, actors.group[j]
        quo = stay * room.near_power[row + g]
        for i in range(n):
            q = actors.group[i]
            near = room.near_power[row + q]
            risked = actors.salience[j] * room.lose[q * count + g] * (room.far_power[row + q] - near)
            worth = quo - near - risked
            if stay < 1.0:
                worth += (1.0 - stay) * room.mirror_power[row + q]
            room.foreseen[i * n + j] = 4.0 * worth


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def better(first: float, second: float, actor: int, best: tuple[float, float, int], tie: float) -> bool:
    """Tell whether (first, second, actor) precedes ``best``: less is better, near-equals pass to the next."""
    if abs(first - best[0]) > tie:
        return first < best[0]
    if abs(second - best[1]) > tie:
        return second < best[1]
    return actor < best[2]
