"""How does one round of the challenge model go, as Scholz, Calbert & Smith (2011) print it?

The steps of ``challenge.py`` that only ``variant="printed"`` takes, compiled. The probabilities P of all pairs
come from one sweep over sorted positions with running sums of weights and moments: O(n²) instead of O(n³).
"""

from __future__ import annotations

import numpy as np

from detente.lenses.bargaining.challenge_kernels import SMALLEST_BASE, TIE, Indices, better
from detente.lenses.bargaining.compiled import inside
from detente.lenses.bargaining.weights import HALF, Array


@inside
def fill_chances(place: Array, crowd: Array, lose: Array) -> int:
    """Fill ``lose`` (G × G) with 1 − P for all pairs of positions; return the group that is the lower median.

    For positions y_a < y_b all up to the midpoint vote for a, the others for b. Those left of a count with
    y_b − y_a, those between a and the midpoint with y_a + y_b − 2y, so that running sums of weights and
    moments give a's votes; b's likewise. Without a single vote the chance is ½.

    Args:
        place: G.
        crowd: G, weights.
        lose: G × G, filled.
    """
    count = place.size
    below, moment = (
        np.zeros(count + 1),
        np.zeros(count + 1),
    )  # weight, weight × place of all groups to the left
    for g in range(count):
        below[g + 1] = below[g] + crowd[g]
        moment[g + 1] = moment[g] + crowd[g] * place[g]
    for a in range(count):
        lose[a, a] = 0.5
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
            lose[a, b], lose[b, a] = chance, 1.0 - chance
    median = 0
    while below[median + 1] < HALF * below[count]:
        median += 1
    return median


@inside
def fill_others(place: Array, median: int, tie: float, bases: Array) -> None:
    """Fill table 2 of ``bases``: that of Ub where the row is nearer to the median than to the column, else of Uw.

    Table 3, where there is one, is filled with the same, row and column exchanged.
    """
    for g in range(place.size):
        from_median = abs(place[g] - place[median])
        for q in range(place.size):
            distance = abs(place[g] - place[q])
            quarter = 0.25 * (from_median + distance)
            nearer = from_median < distance - tie
            bases[2, g, q] = max(0.5 - quarter, SMALLEST_BASE) if nearer else 0.5 + quarter
            if bases.shape[0] > 3:
                bases[3, q, g] = bases[2, g, q]


@inside
def choose_offer(
    utility: Array,
    proposed: Array,
    loser_moves: bool,
    strongest: bool,
    tie: float,
    place: Array,
    group: Indices,
    position: Array,
) -> Array:
    """Return where everybody goes: every actor takes one of the offers that it gets, or stays.

    Proposer i gains a = E(i→j) by its offer to j, who would gain b = E(j→i) the other way.

    Args:
        utility: n × n, row j, column i: b, as j sees it.
        proposed: n × n, row i, column j: a, as i sees it or as j sees it.
        loser_moves: in a conflict the weaker side moves to the stronger; else nobody moves.
        strongest: take the offer its proposer gains most by; else the one of the least move.
        tie: what counts as equal.
        place: G.
        group: n.
        position: n.
    """
    n, target = group.size, np.empty(group.size)
    offers = np.empty(n, dtype=np.int64)
    for j in range(n):
        count = 0
        for i in range(n):  # no branches in this loop: the processor could not guess them
            a, b = proposed[i, j], utility[j, i]
            lost = loser_moves & (b > tie) & (a > b + tie)
            offers[count] = i
            count += (a > tie) & ((b < -tie) | lost) & (group[i] != group[j])
        chosen, share, best_first, best_second = j, 0.0, np.inf, np.inf
        for k in range(count):
            i = offers[k]
            a, b = proposed[i, j], utility[j, i]
            part = -b / a
            part = 1.0 if (part < 0.0) | (part >= 1.0 - tie) else part
            move = part * abs(place[group[i]] - place[group[j]])
            first, second = (-a, move) if strongest else (move, -a)
            if better(first, second, best_first, best_second, tie):
                chosen, share, best_first, best_second = i, part, first, second
        target[j] = position[chosen]  # copied where it goes all the way: equal positions must stay equal
        if share < 1.0:
            target[j] = position[j] + share * (position[chosen] - position[j])
    return target
