"""How does one round go in the variant that yields the table published by Scholz, Calbert & Smith (2011)?

The steps of ``challenge.py`` that only ``variant="published_table"`` takes, compiled. Votes are powers of
distances with each voter's own exponent, and one denominator serves all pairs. Both come from sums over sorted
positions in O(n²): everybody left of the midpoint votes for the left position, and in the denominator a voter's
t-th smallest of n distances counts 2(2t − n + 1) times (t from 0).
"""

from __future__ import annotations

import numpy as np

from detente.lenses.bargaining.challenge_kernels import SMALLEST_BASE, Indices, better
from detente.lenses.bargaining.compiled import inside
from detente.lenses.bargaining.weights import Array


@inside
def fill_pairs(place: Array, size: Array, n: int, distance: Array, middle: Indices, times: Array) -> None:
    """Fill what depends on the positions alone (all G × G).

    Args:
        place: G.
        size: G, number of actors.
        n: number of actors in all.
        distance: filled with distances, never quite 0.
        middle: filled with the number of groups up to the midpoint of row and column, right of the diagonal.
        times: filled with how often the distance counts, for one voter of the row, in the denominator.
    """
    count = place.size
    for a in range(count):
        for b in range(count):
            distance[a, b] = max(abs(place[a] - place[b]), SMALLEST_BASE)
        between = a + 1
        for b in range(a + 1, count):
            while between < b and 2.0 * place[between] <= place[a] + place[b]:
                between += 1
            middle[a, b] = between
        times[a, a] = 2.0 * size[a] * (size[a] - n)
        nearer, left, right = size[a], a, a + 1
        for _ in range(count - 1):
            to_left = right == count or (left > 0 and place[a] - place[left - 1] <= place[right] - place[a])
            q = left - 1 if to_left else right
            times[a, q] = 2.0 * size[q] * (2.0 * nearer + size[q] - n)
            nearer += size[q]
            left, right = (left - 1, right) if to_left else (left, right + 1)


@inside
def fill_shares(
    weight: Array, group: Indices, distance: Array, middle: Indices, times: Array, lose: Array
) -> None:
    """Fill ``lose`` (G × G) with 1 − P: a side's votes against the votes over all ordered pairs together.

    Args:
        weight: n.
        group: n.
        distance: n × G, every actor's distances, raised to its exponent.
        middle: G × G, see :func:`fill_pairs`.
        times: G × G, likewise.
        lose: G × G, filled.
    """
    count = lose.shape[0]
    votes = np.zeros(
        (count + 1, count)
    )  # weighted distances, then their sums over all groups left of the row
    for i in range(group.size):
        for q in range(count):
            votes[group[i] + 1, q] += weight[i] * distance[i, q]
    everything = 0.0
    for g in range(count):
        for q in range(count):
            everything += times[g, q] * votes[g + 1, q]
            votes[g + 1, q] += votes[g, q]
    for a in range(count):
        lose[a, a] = 1.0
        for b in range(a + 1, count):
            m = middle[a, b]
            for_a = votes[m, b] - votes[m, a]
            for_b = (votes[count, a] - votes[m, a]) - (votes[count, b] - votes[m, b])
            lose[a, b] = 1.0 - max(for_a, 0.0) / everything
            lose[b, a] = 1.0 - max(for_b, 0.0) / everything


@inside
def choose_reaction(
    utility: Array, foreseen: Array, tie: float, place: Array, group: Indices, position: Array
) -> Array:
    """Return where everybody goes: every actor i looks at a = E(i→j) and b = E(j→i), both with its own exponent.

    Confrontation: b > a > 0; of these the nearest j, i goes all the way. Else compromise: b > 0 > a, b > |a|;
    of these the smallest mean of positions weighted by |a| and |b|, i goes the part |a|/b of the way.

    Args:
        utility: n × n, row i, column j: a.
        foreseen: n × n, row j, column i: b.
        tie: what counts as equal.
        place: G.
        group: n.
        position: n.
    """
    n, target = group.size, np.empty(group.size)
    for i in range(n):
        here, confronted = place[group[i]], False
        chosen, share, best = i, 0.0, np.inf
        for j in range(n):
            a, b = utility[i, j], foreseen[j, i]
            if (abs(a) <= tie) | (b <= abs(a) + tie) | (group[i] == group[j]) | (confronted & (a < 0.0)):
                continue
            there = place[group[j]]
            first = abs(there - here) if a > 0.0 else (b * there - a * here) / (b - a)
            if (a > 0.0 and not confronted) or better(first, 0.0, best, 0.0, tie):
                chosen, share, best = j, 1.0 if a > 0.0 else -a / b, first
                confronted = confronted or a > 0.0
        target[i] = position[chosen]  # copied where it goes all the way: equal positions must stay equal
        if share < 1.0:
            target[i] = position[i] + share * (position[chosen] - position[i])
    return target
