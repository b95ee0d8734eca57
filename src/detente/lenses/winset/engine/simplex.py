"""How is a linear program of a few unknowns and ever more rows solved again and again?

By the dual simplex method (Lemke 1954) on its smallest side: with n unknowns, a vertex is n rows that hold with
equality, and only the inverse of that n × n matrix is kept. A new row that the vertex breaks enters, one whose
price reaches 0 first leaves. The unknowns are a package x and heights θ, both within bounds; rows say

    row·x - kappa·θ[height] ≤ rhs           (no θ where height is negative)

Nothing here has to be trusted: prices are turned into proofs, and packages judged, by exact formulas elsewhere.
"""

from __future__ import annotations

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.compiled import within

SOLVED, IMPOSSIBLE, STUCK = 0, 1, 2
FEASIBLE = 1e-11
PIVOT = 1e-9

# Columns of a table of rows; the row's d coefficients follow.
HEIGHT, KAPPA, RHS, SHIFT, WHOSE, USED, COLUMNS = 0, 1, 2, 3, 4, 5, 6

# Lines of the table of a vertex, one entry per unknown (the first d are x) or, from BASIS, per place in the basis.
COST = 0
LEAST, MOST = 1, 2  # bounds
POINT = 3  # the vertex
BASIS = 4  # what holds with equality: j < n for LEAST of unknown j, n + j for its MOST, 2n + r for row r
PRICE = 5
ALPHA = 6  # the entering row in terms of the basis
INVERSE = 7  # from here a line per unknown: the inverse of the matrix of the normals of the basis


@within
def start(table: Array, n: int, tally: Array) -> None:
    """Go to the vertex where every unknown is at its cheaper bound.

    The last entry of ``tally`` counts pivots from here.
    """
    tally[-1] = 0.0
    for j in range(n):
        for i in range(n):
            table[INVERSE + i, j] = 0.0
        upper = table[COST, j] < 0
        table[BASIS, j] = n + j if upper else j
        table[INVERSE + j, j] = 1.0 if upper else -1.0
        table[PRICE, j] = abs(table[COST, j])
        table[POINT, j] = table[MOST, j] if upper else table[LEAST, j]


@within
def solve(table: Array, n: int, d: int, row: Array, rows: int, tally: Array) -> int:
    """Go on from the present vertex to the best one; return whether it was reached."""
    patience = tally[-1] + 40 * n + 200
    calm = tally[-1] + 10 * n + 50
    while tally[-1] < patience:
        entering, excess = _most_broken(table, n, d, row, rows, tally[-1] > calm)
        if entering < 0:
            return SOLVED
        _express(table, n, d, row, entering)
        leaving = _first_to_vanish(table, n)
        if leaving < 0:
            return IMPOSSIBLE
        _exchange(table, n, entering, leaving, excess)
        tally[-1] += 1
    return STUCK


@within
def _most_broken(table: Array, n: int, d: int, row: Array, rows: int, first: bool) -> tuple[int, float]:
    """Return what the vertex breaks most (or the first thing that it breaks) and by how much."""
    worst, found = FEASIBLE, -1
    for j in range(n):
        below, above = table[LEAST, j] - table[POINT, j], table[POINT, j] - table[MOST, j]
        if below > worst:
            worst, found = below, j
        if above > worst:
            worst, found = above, n + j
    for r in range(rows):
        if row[r, USED] == 0.0 or (first and found >= 0):
            continue
        excess = -row[r, RHS]
        for i in range(d):
            excess += row[r, COLUMNS + i] * table[POINT, i]
        if row[r, HEIGHT] >= 0:
            excess -= row[r, KAPPA] * table[POINT, d + int(row[r, HEIGHT])]
        if excess > worst:
            worst, found = excess, 2 * n + r
    return found, worst


@within
def _express(table: Array, n: int, d: int, row: Array, entering: int) -> None:
    """Write the entering normal as a sum of the normals of the basis."""
    if entering < 2 * n:
        sign, j = (-1.0, entering) if entering < n else (1.0, entering - n)
        for k in range(n):
            table[ALPHA, k] = sign * table[INVERSE + j, k]
        return
    r = entering - 2 * n
    for k in range(n):
        table[ALPHA, k] = 0.0
    for i in range(d):
        slope = row[r, COLUMNS + i]
        if slope != 0.0:
            for k in range(n):
                table[ALPHA, k] += slope * table[INVERSE + i, k]
    if row[r, HEIGHT] >= 0:
        h = INVERSE + d + int(row[r, HEIGHT])
        for k in range(n):
            table[ALPHA, k] -= row[r, KAPPA] * table[h, k]


@within
def _first_to_vanish(table: Array, n: int) -> int:
    """Return the place in the basis whose price reaches 0 first; of equals the one with the largest pivot."""
    best, found = np.inf, -1
    for k in range(n):
        if table[ALPHA, k] > PIVOT:
            ratio = table[PRICE, k] / table[ALPHA, k]
            tied = found >= 0 and ratio <= best + 1e-13
            if ratio < best - 1e-13 or (tied and table[ALPHA, k] > table[ALPHA, found]):
                best, found = min(ratio, best), k
    return found


@within
def _exchange(table: Array, n: int, entering: int, leaving: int, excess: float) -> None:
    pivot = table[ALPHA, leaving]
    step = table[PRICE, leaving] / pivot
    for k in range(n):
        table[PRICE, k] = max(table[PRICE, k] - step * table[ALPHA, k], 0.0)
    table[PRICE, leaving] = step
    table[ALPHA, leaving] = 0.0
    for i in range(n):
        moved = table[INVERSE + i, leaving] / pivot
        if moved != 0.0:
            for k in range(n):
                table[INVERSE + i, k] -= moved * table[ALPHA, k]
            table[POINT, i] -= excess * moved
        table[INVERSE + i, leaving] = moved
    table[BASIS, leaving] = entering
