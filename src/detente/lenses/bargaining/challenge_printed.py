"""How does one round of the challenge model go, as Scholz, Calbert & Smith (2011) print it?

Steps 1 to 4 of ``challenge.py`` for ``variant="printed"``, compiled. The probabilities P of all pairs come from
one sweep over sorted positions with running sums of weights and moments: O(n²) instead of O(n³).
"""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from detente.lenses.bargaining.challenge_kernels import (
    TIE,
    Actors,
    Groups,
    Room,
    fill_bases,
    fill_foreseen,
    fill_utility,
    raise_rows,
    set_exponents,
)


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
    if risk:
        _secure(actors, groups, room, count, stay, tie)
        set_exponents(actors, room.security)
    raise_rows(actors, room, room.near, room.near_power, count, risk)
    raise_rows(actors, room, room.far, room.far_power, count, risk)
    if stay < 1.0:
        _fill_others(groups, room, count, risk, tie)
        raise_rows(actors, room, room.other, room.other_power, count, risk)
        if not switches.own_view:
            _transpose(room.other, count)
            raise_rows(actors, room, room.other, room.mirror_power, count, risk)
    fill_utility(actors, room, count, stay)
    if not switches.own_view:
        fill_foreseen(actors, room, count, stay)
    _choose(actors, groups, room, switches, tie)


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
def _other_base(from_median: float, distance: float, tie: float) -> float:
    """Return the base of Ub if the proposer stands nearer to the median than to the other, else of Uw."""
    quarter = 0.25 * (from_median + distance)
    return 0.5 - quarter if from_median < distance - tie else 0.5 + quarter


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _secure(actors: Actors, groups: Groups, room: Room, count: int, stay: float, tie: float) -> None:
    """Fill ``security``: Sec_i = Σ_{j≠i} E(j→i) with all exponents 1, where powers are their bases.

    E(j→i) is then 2d − 4 s_i(1 − P_ji)d − (1 − Q)(2 − 4·base of Ub or Uw): sums over groups serve all members.
    """
    for g in range(count):
        gained, risked, changed = 0.0, 0.0, 0.0
        for q in range(count):
            distance = abs(groups.place[g] - groups.place[q])
            gained += groups.size[q] * distance
            risked += groups.size[q] * distance * room.lose[q * count + g]
            if stay < 1.0:
                others = groups.size[q] - 1.0 if q == g else groups.size[q]
                changed += others * (2.0 - 4.0 * _other_base(groups.from_median[q], distance, tie))
        room.vote[3 * g], room.vote[3 * g + 1], room.vote[3 * g + 2] = gained, risked, changed
    for i in range(actors.group.size):
        k = 3 * actors.group[i]
        room.security[i] = 2.0 * room.vote[k] - 4.0 * actors.salience[i] * room.vote[k + 1]
        room.security[i] -= (1.0 - stay) * room.vote[k + 2]
