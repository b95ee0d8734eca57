"""How does one round go in the variant that yields the table published by Scholz, Calbert & Smith (2011)?

Steps 1 to 6 of ``challenge.py`` for ``variant="published_table"``, compiled. Votes are powers of distances with
each voter's own exponent, and one denominator serves all pairs. Both come from sums over sorted positions in
O(n²): everybody left of the midpoint votes for the left position, and in the denominator a voter's t-th
smallest of n distances counts 2(2t − n + 1) times (t from 0), once with each sign.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.lenses.bargaining.challenge_kernels import (
    Actors,
    Groups,
    Room,
    base,
    better,
    fill_bases,
    fill_foreseen,
    fill_security,
    fill_utility,
    raise_rows,
    set_exponents,
)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def play_table(actors: Actors, groups: Groups, room: Room, count: int, risk: bool, tie: float) -> None:
    """Write to ``room.target`` where every actor goes; groups are measured in units of the first range."""
    _fill_pairs(actors, groups, room, count)
    for g in range(count):
        for q in range(count):
            distance = abs(groups.place[g] - groups.place[q])
            room.vote[g * count + q] = groups.weight[g] * distance
            room.other[g * count + q] = base(distance, risk)
    fill_shares(room, count)
    fill_bases(groups, room, count, risk)
    if risk:
        fill_security(actors, groups, room, count, 1.0)
        set_exponents(actors.exponent, room.security)
        raise_rows(actors, room, room.other, room.other_power, count, risk)
        room.vote[: count * count] = 0.0
        for i in range(actors.group.size):
            row = actors.group[i] * count
            for q in range(count):
                room.vote[row + q] += actors.weight[i] * room.other_power[i * count + q]
        fill_shares(room, count)
    raise_rows(actors, room, room.near, room.near_power, count, risk)
    raise_rows(actors, room, room.far, room.far_power, count, risk)
    fill_utility(actors, room, count, 1.0)
    fill_foreseen(actors, room, count, 1.0)
    _choose(actors, groups, room, tie)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _fill_pairs(actors: Actors, groups: Groups, room: Room, count: int) -> None:
    """Fill ``middle`` and ``times``, which depend on the order of the positions and not on exponents."""
    place, size, n = groups.place, groups.size, float(actors.group.size)
    for a in range(count):
        middle = a + 1
        for b in range(a + 1, count):
            while middle < b and 2.0 * place[middle] <= place[a] + place[b]:
                middle += 1
            room.middle[a * count + b] = middle
        row, left, right = a * count, a - 1, a + 1
        room.times[row + a] = size[a] * (size[a] - n)
        nearer = size[a]
        while left >= 0 or right < count:
            to_left = right == count or (left >= 0 and place[a] - place[left] <= place[right] - place[a])
            q = left if to_left else right
            room.times[row + q] = size[q] * (2.0 * nearer + size[q] - n)
            nearer += size[q]
            left, right = (left - 1, right) if to_left else (left, right + 1)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def fill_shares(room: Room, count: int) -> None:
    """Fill ``lose`` from ``vote``: 1 − P, where P is a side's votes over those of all ordered pairs together."""
    below, vote = room.votes_below, room.vote
    everything = 0.0
    below[:count] = 0.0
    for g in range(count):
        for q in range(count):
            everything += 2.0 * room.times[g * count + q] * vote[g * count + q]
            below[(g + 1) * count + q] = below[g * count + q] + vote[g * count + q]
    last = count * count
    for a in range(count):
        room.lose[a * count + a] = 1.0
        for b in range(a + 1, count):
            row = room.middle[a * count + b] * count
            for_a = below[row + b] - below[row + a]
            for_b = (below[last + a] - below[row + a]) - (below[last + b] - below[row + b])
            room.lose[a * count + b] = 1.0 - max(for_a, 0.0) / everything
            room.lose[b * count + a] = 1.0 - max(for_b, 0.0) / everything


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _choose(actors: Actors, groups: Groups, room: Room, tie: float) -> None:
    """Fill ``target``: every actor i looks at a = E(i→j) and b = E(j→i), both with its own exponent.

    Confrontation: b > a > 0; of these the nearest j, i goes all the way. Else compromise: b > 0 > a, b > |a|;
    of these the smallest mean of positions weighted by |a| and |b|, i goes the part |a|/b of the way.
    """
    n = actors.group.size
    for i in range(n):
        here, confronted = groups.place[actors.group[i]], False
        best, part = (np.inf, 0.0, n), 0.0
        for j in range(n):
            a, b = room.utility[i * n + j], room.foreseen[j * n + i]
            if actors.group[i] == actors.group[j] or abs(a) <= tie or b <= abs(a) + tie:
                continue
            there = groups.place[actors.group[j]]
            if a > 0.0:
                if not confronted:
                    best, confronted = (np.inf, 0.0, n), True
                key = abs(there - here)
            elif confronted:
                continue
            else:
                key = (b * there - a * here) / (b - a)
            if better(key, 0.0, j, best, tie):
                best, part = (key, 0.0, j), (1.0 if a > 0.0 else -a / b)
        position = actors.position
        room.target[i] = position[i]
        if part == 1.0:
            room.target[i] = position[best[2]]
        elif part > 0.0:
            room.target[i] += part * (position[best[2]] - position[i])
