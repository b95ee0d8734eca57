"""How does one round of the challenge model go, as Scholz, Calbert & Smith (2011) print it?

Steps 1 to 4 of ``challenge.py`` for ``variant="printed"``, compiled. The probabilities P of all pairs come from
one sweep over sorted positions with running sums of weights and moments: O(n²) instead of O(n³).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from detente.lenses.bargaining.challenge_kernels import (
    TIE,
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
from detente.lenses.bargaining.weights import Array


class Switches(NamedTuple):
    """What the paper leaves open.

    Attributes:
        own_view: both sides use their own exponent; else the one who may move uses its own for both.
        loser_moves: in a conflict the weaker side moves to the stronger; else nobody moves.
        strongest: of several offers take the one its proposer gains most by; else the least move.
        risk: exponents follow security; else all are 1.
        stay: probability Q that the challenged actor stays put when nobody challenges it.
    """

    own_view: bool
    loser_moves: bool
    strongest: bool
    risk: bool
    stay: float


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def play_printed(
    actors: Actors, groups: Groups, room: Room, count: int, switches: Switches, tie: float
) -> None:
    """Write to ``room.target`` where every actor goes; groups are measured in units of the range."""
    stay, risk = switches.stay, switches.risk
    fill_chances(groups, room, count)
    fill_bases(groups, room, count, risk)
    if stay < 1.0:
        _fill_others(groups, room, count, tie)
    if risk:
        fill_security(actors, groups, room, count, stay)
        set_exponents(actors.exponent, room.security)
    raise_rows(actors, room, room.near, room.near_power, count, risk)
    raise_rows(actors, room, room.far, room.far_power, count, risk)
    if stay < 1.0:
        _raise_others(actors, room, count, switches)
    fill_utility(actors, room, count, stay)
    if switches.own_view:
        _choose(actors, groups, room, room.utility, switches, tie)
    else:
        fill_foreseen(actors, room, count, stay)
        _choose(actors, groups, room, room.foreseen, switches, tie)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def fill_chances(groups: Groups, room: Room, count: int) -> None:
    """Fill ``lose`` for all pairs of positions.

    For positions y_a < y_b all up to the midpoint vote for a, the others for b. Those left of a count with
    y_b − y_a, those between a and the midpoint with y_a + y_b − 2y, so that running sums of weights and
    moments give a's votes; b's likewise. Without a single vote the chance is ½.
    """
    below, moment, place = groups.below, groups.moment, groups.place
    for a in range(count):
        room.lose[a * count + a] = 0.5
        middle = a + 1
        for b in range(a + 1, count):
            apart, both = place[b] - place[a], place[a] + place[b]
            while middle < b and 2.0 * place[middle] <= both:
                middle += 1
            for_a = apart * below[a + 1] + both * (below[middle] - below[a + 1])
            for_a -= 2.0 * (moment[middle] - moment[a + 1])
            for_b = apart * (below[count] - below[b]) - both * (below[b] - below[middle])
            for_b += 2.0 * (moment[b] - moment[middle])
            for_a, for_b = max(for_a, 0.0), max(for_b, 0.0)
            votes = for_a + for_b
            chance = for_b / votes if votes > 0.1 * TIE * below[count] else 0.5
            room.lose[a * count + b] = chance
            room.lose[b * count + a] = 1.0 - chance


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _fill_others(groups: Groups, room: Room, count: int, tie: float) -> None:
    """Fill ``other``: base of Ub where the row stands nearer to the median than to the column, else of Uw."""
    for g in range(count):
        for q in range(count):
            distance = abs(groups.place[g] - groups.place[q])
            quarter = 0.25 * (groups.from_median[g] + distance)
            nearer = groups.from_median[g] < distance - tie
            room.other[g * count + q] = base(0.5 - quarter if nearer else 0.5 + quarter, risk=False)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _raise_others(actors: Actors, room: Room, count: int, switches: Switches) -> None:
    """Fill ``other_power`` and, where the one who may move uses its own exponent, ``mirror_power``."""
    if switches.risk:
        for cell in range(count * count):
            room.other[cell] = np.log2(room.other[cell])
    raise_rows(actors, room, room.other, room.other_power, count, switches.risk)
    if not switches.own_view:
        for g in range(count):
            for q in range(count):
                room.vote[g * count + q] = room.other[q * count + g]
        raise_rows(actors, room, room.vote, room.mirror_power, count, switches.risk)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _choose(
    actors: Actors, groups: Groups, room: Room, proposed: Array, switches: Switches, tie: float
) -> None:
    """Fill ``target``: every actor takes one of the offers that it gets, or stays.

    Proposer i gains a = E(i→j) by its offer to j (``proposed``), j would gain b = E(j→i) the other way.
    """
    n = actors.group.size
    for j in range(n):
        here = groups.place[actors.group[j]]
        best, share = (np.inf, np.inf, n), 0.0
        for i in range(n):
            a, b = proposed[i * n + j], room.utility[j * n + i]
            if a <= tie or abs(b) <= tie or actors.group[i] == actors.group[j]:
                continue
            if b > 0.0 and (a <= b + tie or not switches.loser_moves):
                continue
            part = -b / a if b < 0.0 and -b < a - tie else 1.0
            move = part * abs(groups.place[actors.group[i]] - here)
            first, second = (-a, move) if switches.strongest else (move, -a)
            if better(first, second, i, best, tie):
                best, share = (first, second, i), part
        room.target[j] = _towards(actors, j, best[2], share)


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _towards(actors: Actors, mover: int, proposer: int, part: float) -> float:
    """Return where the mover ends after a part of the way; all of the way copies the proposer's position."""
    here = actors.position[mover]
    if part == 0.0:
        return here
    there = actors.position[proposer]
    return there if part == 1.0 else here + part * (there - here)
