"""What is the least change of judgements that makes a scenario consistent, or breaks it? Both are exact.

Columns of different descriptors share no cell. So a scenario becomes consistent by raising the balance of
each variant that falls short by what it lacks, Σ_j I_j in all, and nothing less will do; a consistent one
breaks by min_j M_j + 1 points in favour of the runner-up (whole numbers, no limit to a judgement).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.lenses.compiled import inside, kept
from detente.lenses.crossimpact.balances import UNBEATEN, Scenarios, Shape, Whole, balances
from detente.lenses.crossimpact.search import Numbers

MOST_TRIED = 20_000_000
"""Scenarios up to which the cheapest one that fits a pattern is sought."""


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The scenario of a pattern that takes least to be consistent.

    Attributes:
        scenario: shape (n,); ``None`` where bans leave none.
        cost: points of judgements that have to change in all.
    """

    scenario: Scenarios | None
    cost: int


@inside
def lacking(
    balance: Numbers, scenario: Numbers, offsets: Numbers, tested: Numbers, tolerance: int, most: int
) -> int:
    """Return what a scenario lacks in all, or ``most`` where it is no less."""
    cost = 0
    for j in range(scenario.size):
        if tested[j]:
            own, best = balance[offsets[j] + scenario[j]], balance[offsets[j] + scenario[j]]
            for c in range(offsets[j], offsets[j + 1]):
                best = max(best, balance[c])
            cost += max(best - own - tolerance, 0)
            if cost >= most:
                return most
    return cost


@inside
def banned(scenario: Numbers, bans: Numbers) -> bool:
    """Tell whether some ban forbids a scenario."""
    for b in range(bans.shape[0]):
        whole = True
        for j in range(scenario.size):
            if not bans[b, j] >> scenario[j] & 1:
                whole = False
                break
        if whole:
            return True
    return False


@kept
def least_lacking(
    cells: Numbers, offsets: Numbers, tested: Numbers, start: Numbers, bans: Numbers, tolerance: int
) -> tuple[Numbers, int]:
    """Return the first scenario of a pattern that lacks least, and what it lacks; -1 where bans leave none.

    Args:
        cells: shape (N, N).
        offsets: shape (n + 1,).
        tested: shape (n,), whether the descriptor must be consistent.
        start: shape (n,), open variants as bits.
        bans: shape (c, n), combinations of variants as bits.
        tolerance: by how much a variant may fall short.
    """
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
) -> Cheapest | None:
    """Return which scenario of a pattern takes least to be consistent; ``None`` where there are too many to try.

    Args:
        cells: shape (N, N).
        shape: of the matrix.
        tested: shape (n,), whether the descriptor must be consistent.
        start: shape (n,), open variants as bits.
        bans: shape (c, n), combinations of variants as bits of which no scenario may have one of each.
        tolerance: by how much a variant may fall short.
    """
    count = 1
    for bits in start.tolist():
        count *= bits.bit_count()
    if count > MOST_TRIED:
        return None
    best, cost = least_lacking(cells, shape.offsets, tested, start, bans, tolerance)
    return Cheapest(None, 0) if best[0] < 0 else Cheapest(best.astype(np.int16), int(cost))


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


def _rivals(balance: Whole, scenario: Scenarios, shape: Shape) -> list[tuple[int, int]]:
    """Return per descriptor the best other variant, the first of the best, and by how much the own one leads."""
    found = []
    for j in range(shape.count):
        columns = balance[shape.block(j)].astype(np.float64)
        own = columns[scenario[j]]
        columns[scenario[j]] = -np.inf
        rival = int(columns.argmax()) if len(columns) > 1 else -1
        found.append((rival, int(own - columns[rival]) if rival >= 0 else UNBEATEN))
    return found


def repair(
    cells: Whole, scenario: Scenarios, shape: Shape, tested: NDArray[np.bool_], tolerance: int = 0
) -> list[Lift]:
    """Return what makes a scenario consistent at least cost; nothing where it is."""
    balance = balances(cells, scenario[None], shape)[0]
    return [
        Lift(j, int(scenario[j]), rival, -lead - tolerance)
        for j, (rival, lead) in enumerate(_rivals(balance, scenario, shape))
        if tested[j] and lead < -tolerance
    ]


def breaking(
    cells: Whole, scenario: Scenarios, shape: Shape, tested: NDArray[np.bool_], tolerance: int = 0
) -> Lift | None:
    """Return the least that breaks a consistent scenario; ``None`` where nothing can."""
    balance = balances(cells, scenario[None], shape)[0]
    found = [
        Lift(j, rival, int(scenario[j]), lead + tolerance + 1)
        for j, (rival, lead) in enumerate(_rivals(balance, scenario, shape))
        if tested[j] and rival >= 0
    ]
    return min(found, key=lambda one: one.points, default=None)


def withstands(
    cells: Whole,
    scenario: Scenarios,
    shape: Shape,
    tested: NDArray[np.bool_],
    doubted: NDArray[np.bool_],
    tolerance: int = 0,
) -> int | None:
    """Return by how much all doubted judgements may be wrong at once, against the scenario, and it holds.

    Args:
        cells: shape (N, N).
        scenario: consistent, shape (n,).
        shape: of the matrix.
        tested: shape (n,), whether the descriptor must be consistent.
        doubted: shape (N, N).
        tolerance: by how much a variant may fall short.

    Returns:
        Whole points; ``None`` where no doubted judgement bears on it.
    """
    rows = shape.rows(scenario[None])[0]
    balance, weak = cells[rows].sum(axis=0), doubted[rows].sum(axis=0)
    least: int | None = None
    for j in range(shape.count):
        own = int(shape.offsets[j]) + int(scenario[j])
        for rival in range(*shape.block(j).indices(len(cells))):
            count = int(weak[own] + weak[rival])
            if tested[j] and rival != own and count:
                points = int(balance[own] - balance[rival] + tolerance) // count
                least = points if least is None else min(least, points)
    return least


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

    Args:
        cells: shape (N, N).
        scenario: shape (n,).
        shape: of the matrix.
        j: number of the descriptor.

    Returns:
        Rival, -1 where there is none; contributions of at least a point, in favour first, the largest first.
    """
    block, own = cells[shape.rows(scenario[None])[0], shape.block(j)], int(scenario[j])
    rival = _rivals(balances(cells, scenario[None], shape)[0], scenario, shape)[j][0]
    if rival < 0:
        return -1, []
    adds = block[:, own][:, None] - block  # what each source adds to the lead over every rival
    leads = adds.sum(axis=0)
    others = [k for k in range(block.shape[1]) if k != own]
    found = [
        Contribution(i, int(adds[i, rival]), any(adds[i, k] > leads[k] for k in others))
        for i in range(shape.count)
        if adds[i, rival]
    ]
    return rival, sorted(found, key=lambda one: -one.points)
