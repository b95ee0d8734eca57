"""How is one round of the challenge model played?

The compiled half of ``challenge.py``, which describes the model and numbers the steps. Two facts make a round
cheap. Chances and shares of all pairs come from one sweep over sorted positions with running sums: O(n²) instead
of O(n³). And the powers of one base with many exponents are 2^(exponent × log2 base): tables of bases are raised
row by row, each to the exponent of its actor.

Shapes: n actors in their given order; *places* are distances from the leftmost actor in units of the range,
*positions* are on the issue's own scale. Tables are n × n. ``order`` names the actors from left to right.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside
from detente.lenses.bargaining.powers import exp2, log2
from detente.lenses.bargaining.weights import HALF, Array

Indices = NDArray[np.int64]

TIE = 1e-12
"""Expected utilities, moves and distances (in ranges) closer than this are equal: rounding decides nothing."""
SMALLEST_BASE = 1e-300
"""Stands for a base of 0, and for one that rounding took below 0; any power of it in use is 0 beside 1."""


class Rules(NamedTuple):
    """The switches of ``challenge.challenge``, as the compiled loop reads them.

    Attributes:
        own_view: both sides count with their own exponents; else the one that may move with its own for both.
        loser_moves: in a conflict the weaker side moves to the stronger; else nobody moves.
        strongest: an actor takes the offer that its proposer gains most by; else the one of the least move.
        risk: exponents follow security; else all are 1.
        stay: probability Q that the challenged stays put when nobody challenges it.
        first_range: distances are measured in the range of round 0; else in that of each round.
        all_rounds: all rounds are played, even when a game has settled.
        settled: share of the scale's width; a game has settled when its median moves by less twice running.
    """

    own_view: bool
    loser_moves: bool
    strongest: bool
    risk: bool
    stay: float
    first_range: bool
    all_rounds: bool
    settled: float


@inside
def play_round(
    position: Array,
    place: Array,
    order: Indices,
    salience: Array,
    weight: Array,
    rules: Rules,
    published: bool | None,
    tie: float,
    exponent: Array,
) -> Array:
    """Return where everybody goes (n, on the issue's own scale), and set the exponents, given as 1."""
    n, stay = place.size, rules.stay
    near, far, lose = np.empty((n, n)), np.empty((n, n)), np.empty((n, n))
    other, mirror = near, near  # not read where Q is 1

    if published is None:  # 1. chances
        median = fill_chances(place, order, weight, lose)
        if stay < 1.0:
            other, mirror = np.empty((n, n)), np.empty((n, n))
            fill_others(place, place[median], tie, other, mirror)
    else:
        times = np.empty((n, n))
        fill_distances(place, far)
        fill_times(place, order, times)
        fill_shares(place, order, weight, far, times, lose)
    if rules.risk:  # 2. exponents
        set_exponents(place, salience, lose, other, stay, exponent)
        if published is not None:
            fill_distances(place, far)
            raise_bases(far, exponent)
            fill_shares(place, order, weight, far, times, lose)
    fill_bases(place, near, far)  # 3. expected utilities
    if rules.risk:
        raise_bases(near, exponent)
        raise_bases(far, exponent)
        if stay < 1.0:
            raise_bases(other, exponent)
            raise_bases(mirror, exponent)
    utility = expected_utility(near, far, other, lose, stay, salience, True)
    if published is None:  # 4. moves
        seen = utility if rules.own_view else expected_utility(near, far, mirror, lose, stay, salience, False)
        return choose_offer(utility, seen, rules.loser_moves, rules.strongest, tie, place, position)
    seen = expected_utility(near, far, mirror, lose, stay, salience, False)
    return choose_reaction(utility, seen, tie, place, position)


@inside
def fill_chances(place: Array, order: Indices, weight: Array, lose: Array) -> int:
    """Fill ``lose`` with 1 − P for all pairs, as printed; return an actor at the lower median.

    For places y_a < y_b all up to the midpoint vote for a, the others for b. Those left of a count with
    y_b − y_a, those between a and the midpoint with y_a + y_b − 2y, so that running sums of weights and
    moments give a's votes; b's likewise. Without a single vote the chance is ½.
    """
    n = place.size
    below, moment = np.empty(n + 1), np.empty(n + 1)  # weight, and weight × place, of all to the left
    below[0] = moment[0] = 0.0
    for k in range(n):
        below[k + 1] = below[k] + weight[order[k]]
        moment[k + 1] = moment[k] + weight[order[k]] * place[order[k]]
    for a in range(n):
        left, middle = place[order[a]], a + 1
        lose[order[a], order[a]] = 0.5
        for b in range(a + 1, n):
            right = place[order[b]]
            apart, both = right - left, left + right
            while middle < b and 2.0 * place[order[middle]] <= both:
                middle += 1
            for_a = apart * below[a + 1] + both * (below[middle] - below[a + 1])
            for_a -= 2.0 * (moment[middle] - moment[a + 1])
            for_b = apart * (below[n] - below[b]) - both * (below[b] - below[middle])
            for_b += 2.0 * (moment[b] - moment[middle])
            for_a, for_b = max(for_a, 0.0), max(for_b, 0.0)
            votes = for_a + for_b
            chance = for_b / votes if votes > 0.1 * TIE * below[n] else 0.5
            lose[order[a], order[b]], lose[order[b], order[a]] = chance, 1.0 - chance
    median = 0
    while below[median + 1] < HALF * below[n]:
        median += 1
    return int(order[median])


@inside
def fill_others(place: Array, median: float, tie: float, other: Array, mirror: Array) -> None:
    """Fill the base of Ub where i (row) is nearer to the median than to j (column), else of Uw; and its mirror."""
    for i in range(place.size):
        from_median = abs(place[i] - median)
        for j in range(place.size):
            distance = abs(place[i] - place[j])
            quarter = 0.25 * (from_median + distance)
            nearer = from_median < distance - tie
            other[i, j] = mirror[j, i] = max(0.5 - quarter, SMALLEST_BASE) if nearer else 0.5 + quarter


@inside
def fill_distances(place: Array, distance: Array) -> None:
    """Fill the distances of all pairs, never quite 0."""
    for i in range(place.size):
        for j in range(place.size):
            distance[i, j] = max(abs(place[i] - place[j]), SMALLEST_BASE)


@inside
def fill_times(place: Array, order: Indices, times: Array) -> None:
    """Fill how often the distance of a voter (row) counts in the denominator of the published table.

    Over all ordered pairs, a voter's t-th smallest of n distances counts 2(2t − n + 1) times (t from 0).
    """
    n = place.size
    for rank in range(n):
        i, left, right = order[rank], rank - 1, rank + 1
        times[i, i] = 2.0 * (1.0 - n)
        for t in range(1, n):
            to_left = right == n or (
                left >= 0 and place[i] - place[order[left]] <= place[order[right]] - place[i]
            )
            times[i, order[left if to_left else right]] = 2.0 * (2.0 * t - n + 1.0)
            left, right = (left - 1, right) if to_left else (left, right + 1)


@inside
def fill_shares(
    place: Array, order: Indices, weight: Array, distance: Array, times: Array, lose: Array
) -> None:
    """Fill ``lose`` with 1 − P of the published table: votes against the votes over all ordered pairs together.

    Everybody up to the midpoint of two votes for the left one. ``distance`` has every actor's distances in its
    row, raised to its exponent.
    """
    n = place.size
    votes = np.empty(
        (n + 1, n)
    )  # row k, column of an actor: weighted distances from it, of the k leftmost actors
    everything = 0.0
    for q in range(n):
        votes[0, q] = 0.0
        for k in range(n):
            vote = weight[order[k]] * distance[order[k], q]
            votes[k + 1, q] = votes[k, q] + vote
            everything += times[order[k], q] * vote
    for left in range(n):
        a, middle = order[left], left + 1
        lose[a, a] = 1.0
        for right in range(left + 1, n):
            b = order[right]
            while middle < right and 2.0 * place[order[middle]] <= place[a] + place[b]:
                middle += 1
            for_a = votes[middle, b] - votes[middle, a]
            for_b = (votes[n, a] - votes[middle, a]) - (votes[n, b] - votes[middle, b])
            apart = place[a] < place[b]
            lose[a, b] = 1.0 - max(for_a, 0.0) / everything if apart else 1.0
            lose[b, a] = 1.0 - max(for_b, 0.0) / everything if apart else 1.0


@inside
def set_exponents(
    place: Array, salience: Array, lose: Array, other: Array, stay: float, exponent: Array
) -> None:
    """Set risk exponents from ½ (least secure) to 2 (most secure); 1 for all if all are equally secure.

    Sec_i = Σ_{j≠i} E(j→i) with all exponents 1, where powers are their bases: E(j→i) is then
    2d − 4 s_i(1 − P_ji)d − (1 − Q)(2 − 4·other). R_i = (2Sec_i − max − min)/(max − min) is its rank,
    r_i = (1 − R_i/3)/(1 + R_i/3) the exponent.
    """
    n = place.size
    security = np.empty(n)
    high, low = -np.inf, np.inf
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += abs(place[j] - place[i]) * (2.0 - 4.0 * salience[i] * lose[j, i])
            if stay < 1.0 and i != j:
                total -= (1.0 - stay) * (2.0 - 4.0 * other[j, i])
        security[i] = total
        high, low = max(high, total), min(low, total)
    alike = high - low <= TIE * n
    for i in range(n):
        rank = 0.0 if alike else (2.0 * security[i] - high - low) / (high - low)
        exponent[i] = (3.0 - rank) / (3.0 + rank)


@inside
def fill_bases(place: Array, near: Array, far: Array) -> None:
    """Fill the bases of success and failure, ½ − ½d and ½ + ½d."""
    for i in range(place.size):
        for j in range(place.size):
            half = 0.5 * abs(place[i] - place[j])
            near[i, j], far[i, j] = max(0.5 - half, SMALLEST_BASE), 0.5 + half


@inside
def raise_bases(table: Array, exponent: Array) -> None:
    """Raise every row of a table to its actor's exponent."""
    n = exponent.size
    powers, scale = np.empty((n, n)), np.empty((n, n))
    log2(table.ravel(), powers.ravel(), scale.ravel())
    for i in range(n):
        for j in range(n):
            powers[i, j] *= exponent[i]
    exp2(powers.ravel(), table.ravel(), scale.ravel())


@inside
def expected_utility(
    near: Array, far: Array, other: Array, lose: Array, stay: float, salience: Array, own: bool
) -> Array:
    """Return E(i→j) as i sees it (``own``) or as j sees it, who then counts with its own exponent.

    With the powers N, F, X of near, far and other, and H = ½^r, the definition in ``challenge.py`` collapses to
    4[Q·H + (1 − Q)X − N − s_j(1 − P_ij)(F − N)]. The rows of the tables of powers are those of the beholder.
    """
    n = salience.size
    utility = np.empty((n, n))
    for k in range(n):
        quo = stay * near[k, k]
        for o in range(n):
            i, j = (k, o) if own else (o, k)
            risked = salience[j] * lose[i, j] * (far[k, o] - near[k, o])
            utility[i, j] = 4.0 * (quo - near[k, o] - risked) + 4.0 * (1.0 - stay) * other[k, o]
    return utility


@inside
def choose_offer(
    utility: Array,
    proposed: Array,
    loser_moves: bool,
    strongest: bool,
    tie: float,
    place: Array,
    position: Array,
) -> Array:
    """Return where everybody goes as printed: every actor takes one of the offers that it gets, or stays.

    Proposer i gains a = E(i→j) by its offer to j, who would gain b = E(j→i) the other way. ``utility`` holds b, as
    j sees it, in row j; ``proposed`` holds a, as i sees it or as j sees it, in row i.
    """
    n, target = place.size, np.empty(place.size)
    for j in range(n):
        chosen, share, best_first, best_second = j, 0.0, np.inf, np.inf
        for i in range(n):
            a, b = proposed[i, j], utility[j, i]
            lost = loser_moves and b > tie and a > b + tie
            if not (a > tie and (b < -tie or lost)) or position[i] == position[j]:
                continue
            part = -b / a
            part = 1.0 if part < 0.0 or part >= 1.0 - tie else part
            move = part * abs(place[i] - place[j])
            first, second = (-a, move) if strongest else (move, -a)
            if better(first, second, best_first, best_second, tie):
                chosen, share, best_first, best_second = i, part, first, second
        target[j] = moved(position[j], position[chosen], share)
    return target


@inside
def choose_reaction(utility: Array, foreseen: Array, tie: float, place: Array, position: Array) -> Array:
    """Return where everybody goes in the published table: i looks at a = E(i→j) and b = E(j→i), as i sees both.

    Confrontation: b > a > 0; of these the nearest j, i goes all the way. Else compromise: b > 0 > a, b > |a|;
    of these the smallest mean of positions weighted by |a| and |b|, i goes the part |a|/b of the way. ``utility``
    holds a in row i, ``foreseen`` holds b in row j.
    """
    n, target = place.size, np.empty(place.size)
    for i in range(n):
        confronted, chosen, share, best = False, i, 0.0, np.inf
        for j in range(n):
            a, b = utility[i, j], foreseen[j, i]
            unmoved = abs(a) <= tie or b <= abs(a) + tie or position[i] == position[j]
            if unmoved or (confronted and a < 0.0):
                continue
            first = abs(place[j] - place[i]) if a > 0.0 else (b * place[j] - a * place[i]) / (b - a)
            if (a > 0.0 and not confronted) or better(first, 0.0, best, 0.0, tie):
                chosen, share, best = j, 1.0 if a > 0.0 else -a / b, first
                confronted = confronted or a > 0.0
        target[i] = moved(position[i], position[chosen], share)
    return target


@inside
def moved(start: float, end: float, share: float) -> float:
    """Return the place a share of the way; all the way, the very number: equal positions must stay equal."""
    return end if share >= 1.0 else start + share * (end - start)


@inside
def better(first: float, second: float, best_first: float, best_second: float, tie: float) -> bool:
    """Tell whether (first, second) beats the best so far: less is better, near-equals pass to the second."""
    if abs(first - best_first) > tie:
        return first < best_first
    return second < best_second - tie


@inside
def sort(position: Array, order: Indices) -> None:
    """Fill ``order`` with the actors from left to right, those in one place in their given order."""
    for last in range(order.size):
        rank = last
        while rank > 0 and position[order[rank - 1]] > position[last]:
            order[rank] = order[rank - 1]
            rank -= 1
        order[rank] = last


@inside
def snap(position: Array, same: float, order: Indices) -> None:
    """Give actors closer than ``same`` the very same position, so that equality can be tested."""
    anchor = position[order[0]]
    for actor in order:
        if position[actor] - anchor <= same:
            position[actor] = anchor
        anchor = position[actor]
