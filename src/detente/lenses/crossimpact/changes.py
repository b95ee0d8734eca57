"""What is the least change of judgements that makes a scenario consistent, or breaks it? Both are exact.

Columns of different descriptors share no cell. So a scenario becomes consistent by raising the balance of
each variant that falls short by what it lacks, Σ_j I_j in all, and nothing less will do; a consistent one
breaks by min_j M_j + 1 points in favour of the runner-up (whole numbers, no limit to a judgement).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside, kept
from detente.lenses.crossimpact.balances import UNBEATEN, Scenarios, Shape, Whole
from detente.lenses.crossimpact.search import Numbers

MOST_TRIED = 20_000_000
"""Scenarios up to which the cheapest one that fits a pattern is sought."""


@inside
def lacking(
    balance: Numbers, scenario: Numbers, offsets: Numbers, tested: Numbers, tolerance: int, most: int
) -> int:
    """Return what a scenario lacks in all, or ``most`` where it is no less."""
    cost = 0
    for j in range(scenario.size):
        if tested[j]:
            columns = balance[offsets[j] : offsets[j + 1]]
            cost += max(columns.max() - columns[scenario[j]] - tolerance, 0)
            if cost >= most:
                return most
    return cost


@inside
def banned(scenario: Numbers, bans: Numbers) -> bool:
    """Tell whether some ban forbids a scenario."""
    for b in range(bans.shape[0]):
        hit = 0
        for j in range(scenario.size):
            hit += bans[b, j] >> scenario[j] & 1
        if hit == scenario.size:
            return True
    return False


@kept
def least_lacking(
    cells: Numbers, offsets: Numbers, tested: Numbers, start: Numbers, bans: Numbers, tolerance: int
) -> tuple[Numbers, int]:
    """Return what `cheapest` does, the first of several; -1 where bans leave none."""
    n, most = offsets.size - 1, 1 << 60
    balance = np.zeros((n + 1, cells.shape[1]), np.int64)
    scenario, best = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    depth = 0
    while depth >= 0:
        scenario[depth] += 1
        size = offsets[depth + 1] - offsets[depth]
        while scenario[depth] < size and not start[depth] >> scenario[depth] & 1:
            scenario[depth] += 1
        if scenario[depth] >= size:
            scenario[depth] = -1
            depth -= 1
            continue
        row = cells[offsets[depth] + scenario[depth]]
        for c in range(row.size):
            balance[depth + 1, c] = balance[depth, c] + row[c]
        if depth + 1 < n:
            depth += 1
            continue
        cost = lacking(balance[n], scenario, offsets, tested, tolerance, most)
        if cost < most and not banned(scenario, bans):
            most = cost
            best[:] = scenario
            if cost == 0:
                break
    return best, most


def cheapest(
    cells: Whole, shape: Shape, tested: NDArray[np.bool_], start: Whole, bans: Whole, tolerance: int = 0
) -> tuple[Scenarios, int] | None:
    """Return which scenario of a pattern takes least to be consistent, shape (n,), and how many points in all.

    Args:
        cells: shape (N, N).
        shape: of the matrix.
        tested: shape (n,), whether the descriptor must be consistent.
        start: shape (n,), open variants as bits.
        bans: shape (c, n), combinations of variants as bits of which no scenario may have one of each.
        tolerance: by how much a variant may fall short.

    Returns:
        ``None`` where there are too many to try, or bans leave none.
    """
    if prod(bits.bit_count() for bits in start.tolist()) > MOST_TRIED:
        return None
    best, cost = least_lacking(cells, shape.offsets, tested, start, bans, tolerance)
    return None if best[0] < 0 else (best.astype(np.int16), int(cost))


@dataclass(frozen=True, slots=True)
class Lift:
    """By how much the balance of a variant has to rise against another.

    Attributes:
        descriptor: number.
        variant: number, whose balance rises.
        rival: number of the variant that it has to reach, or to beat.
        points: of judgements.
    """

    descriptor: int
    variant: int
    rival: int
    points: int


def _leads(cells: Whole, scenario: Scenarios, shape: Shape, j: int) -> tuple[int, Whole, Whole]:
    """Return the best rival of a descriptor's variant, its lead over every variant, and what each row adds to it.

    The rival is the first of the best, -1 where there is none; shapes (s_j,) and (n, s_j).
    """
    block, own = cells[shape.rows(scenario[None])[0], shape.block(j)], int(scenario[j])
    adds = block[:, [own]] - block
    leads = adds.sum(axis=0)
    leads[own] = UNBEATEN  # no rival of itself
    return (int(leads.argmin()) if len(leads) > 1 else -1), leads, adds


def repair(
    cells: Whole, scenario: Scenarios, shape: Shape, tested: NDArray[np.bool_], tolerance: int = 0
) -> list[Lift]:
    """Return what makes a scenario consistent at least cost; nothing where it is."""
    found = []
    for j in np.flatnonzero(tested).tolist():
        rival, leads, _ = _leads(cells, scenario, shape, j)
        if leads[rival] < -tolerance:
            found.append(Lift(j, int(scenario[j]), rival, -int(leads[rival]) - tolerance))
    return found


def breaking(
    cells: Whole, scenario: Scenarios, shape: Shape, tested: NDArray[np.bool_], tolerance: int = 0
) -> Lift | None:
    """Return the least that breaks a consistent scenario; ``None`` where nothing can."""
    found = []
    for j in np.flatnonzero(tested).tolist():
        rival, leads, _ = _leads(cells, scenario, shape, j)
        if rival >= 0:
            found.append(Lift(j, rival, int(scenario[j]), int(leads[rival]) + tolerance + 1))
    return min(found, key=lambda one: one.points, default=None)


def withstands(
    cells: Whole,
    scenario: Scenarios,
    shape: Shape,
    tested: NDArray[np.bool_],
    doubted: NDArray[np.bool_],
    tolerance: int = 0,
) -> int | None:
    """Return by how many whole points all doubted judgements may be wrong at once, and a scenario holds.

    ``None`` where no doubted judgement, shape (N, N), bears on it.
    """
    found = []
    for j in np.flatnonzero(tested).tolist():
        _, leads, _ = _leads(cells, scenario, shape, j)
        weak = doubted[shape.rows(scenario[None])[0], shape.block(j)].sum(axis=0)
        count = weak + weak[scenario[j]]
        bears = (count > 0) & (leads != UNBEATEN)
        found += ((leads[bears] + tolerance) // count[bears]).tolist()
    return min(found, default=None)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one descriptor adds to a variant's lead over a rival.

    Attributes:
        source: number of the descriptor that pushes.
        points: in favour where above 0.
        keystone: whether the variant falls short of some rival without it.
    """

    source: int
    points: int
    keystone: bool


def contributions(cells: Whole, scenario: Scenarios, shape: Shape, j: int) -> tuple[int, list[Contribution]]:
    """Return the best rival of a descriptor's variant, and what every descriptor adds to the lead over it.

    Returns:
        Rival, -1 where there is none; contributions of at least a point, in favour first, the largest first.
    """
    rival, leads, adds = _leads(cells, scenario, shape, j)
    found = [
        Contribution(i, points, bool((adds[i] > leads).any()))
        for i, points in enumerate(adds[:, rival].tolist())
        if points
    ]
    return rival, sorted(found, key=lambda one: -one.points)
