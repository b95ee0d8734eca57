"""How is a linear program of a few unknowns and ever more rows solved again and again?

By the dual simplex method (Lemke 1954) on its smallest side: with n unknowns, a vertex is n rows that hold with
equality, and only the inverse of that n × n matrix is kept. A new row that the vertex breaks enters, one whose
price reaches 0 first leaves. The unknowns are a package x and heights θ, both within bounds; rows say

    row·x - kappa·θ[height] ≤ rhs           (no θ where height is negative)

Nothing here has to be trusted: prices are turned into proofs, and packages judged, by exact formulas elsewhere.
"""

from __future__ import annotations

import numpy as np

from detente.compiled import within
from detente.lenses.winset.engine.workspace import Work

SOLVED, IMPOSSIBLE, STUCK = 0, 1, 2
FEASIBLE = 1e-11
PIVOT = 1e-9


@within
def start(n: int, work: Work) -> None:
    """Go to the vertex where every unknown is at its cheaper bound, and count pivots from there."""
    work.tally[0].pivots = 0
    for j in range(n):
        for i in range(n):
            work.inverse[i, j] = 0.0
        one = work.unknown[j]
        upper = one.cost < 0
        one.basis = n + j if upper else j
        work.inverse[j, j] = 1.0 if upper else -1.0
        one.price = abs(one.cost)
        one.point = one.most if upper else one.least


@within
def solve(n: int, d: int, work: Work) -> int:
    """Go on from the present vertex to the best one; return whether it was reached."""
    tally = work.tally[0]
    patience = tally.pivots + 40 * n + 200
    calm = tally.pivots + 10 * n + 50
    while tally.pivots < patience:
        # When it drags on, the first broken row enters, not the most broken: a circle is then unlikely to last.
        entering, excess = _most_broken(n, d, work, tally.pivots > calm)
        if entering < 0:
            return SOLVED
        _express(n, d, work, entering)
        leaving = _first_to_vanish(n, work)
        if leaving < 0:
            return IMPOSSIBLE
        _exchange(n, work, entering, leaving, excess)
        tally.pivots += 1
    return STUCK


@within
def _most_broken(n: int, d: int, work: Work, first: bool) -> tuple[int, float]:
    """Return what the vertex breaks most (or the first thing that it breaks) and by how much."""
    worst, found = FEASIBLE, -1
    for j in range(n):
        one = work.unknown[j]
        below, above = one.least - one.point, one.point - one.most
        if below > worst:
            worst, found = below, j
        if above > worst:
            worst, found = above, n + j
    for r in range(work.tally[0].rows):
        row = work.row[r]
        if row.used == 0 or (first and found >= 0):
            continue
        excess = -row.rhs
        for i in range(d):
            excess += work.row_slope[r, i] * work.unknown[i].point
        if row.height >= 0:
            excess -= row.kappa * work.unknown[d + row.height].point
        if excess > worst:
            worst, found = excess, 2 * n + r
    return found, worst


@within
def _express(n: int, d: int, work: Work, entering: int) -> None:
    """Write the entering normal as a sum of the normals of the basis."""
    if entering < 2 * n:
        sign, j = (-1.0, entering) if entering < n else (1.0, entering - n)
        for k in range(n):
            work.unknown[k].alpha = sign * work.inverse[j, k]
        return
    r = entering - 2 * n
    for k in range(n):
        work.unknown[k].alpha = 0.0
    for i in range(d):
        slope = work.row_slope[r, i]
        if slope != 0.0:
            for k in range(n):
                work.unknown[k].alpha += slope * work.inverse[i, k]
    row = work.row[r]
    if row.height >= 0:
        for k in range(n):
            work.unknown[k].alpha -= row.kappa * work.inverse[d + row.height, k]


@within
def _first_to_vanish(n: int, work: Work) -> int:
    """Return the place in the basis whose price reaches 0 first; of equals the one with the largest pivot."""
    best, largest, found = np.inf, 0.0, -1
    for k in range(n):
        one = work.unknown[k]
        if one.alpha > PIVOT:
            ratio = one.price / one.alpha
            tied = found >= 0 and ratio <= best + 1e-13
            if ratio < best - 1e-13 or (tied and one.alpha > largest):
                best, largest, found = min(ratio, best), one.alpha, k
    return found


@within
def _exchange(n: int, work: Work, entering: int, leaving: int, excess: float) -> None:
    """Let one row enter the basis for another: prices, inverse and vertex follow by one step of elimination."""
    out = work.unknown[leaving]
    pivot = out.alpha
    step = out.price / pivot
    for k in range(n):
        one = work.unknown[k]
        one.price = max(one.price - step * one.alpha, 0.0)
    out.price, out.alpha, out.basis = step, 0.0, entering
    for i in range(n):
        moved = work.inverse[i, leaving] / pivot
        if moved != 0.0:
            for k in range(n):
                work.inverse[i, k] -= moved * work.unknown[k].alpha
            work.unknown[i].point -= excess * moved
        work.inverse[i, leaving] = moved
