"""How likely does a scenario stay consistent when judgements are in doubt? Exactly, by convolution; and which to settle.

Columns of the matrix share no cell. So with independent doubt the balance of variant l is a sum of n independent whole
numbers, its distribution g_l the convolution of theirs, and

    P(z consistent) = Π_j Σ_a g_own(a) · Π_{l ≠ own} P(X_l ≤ a + t).

What a judgement is worth settling (bits), with h the entropy of consistent or not:

    Σ_z [ h(p_z) − Σ_v q_v h(p_z | the judgement is v) ]

It screens: scenarios depend on each other, so the sum is not joint information.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.lenses.compiled import inside, kept
from detente.lenses.crossimpact.balances import Scenarios, Shape, Whole
from detente.lenses.summary import Array

MOST_MASS = 20_000_000
"""Cells times values up to which distributions of judgements are tabulated."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """The distribution of every judgement.

    Attributes:
        low: least value of each, shape (N, N).
        mass: probability of ``low``, ``low + 1``, …; shape (N, N, w).
    """

    low: Whole
    mass: Array

    @classmethod
    def of(cls, exact: Whole, doubtful: dict[tuple[int, int], dict[int, float]]) -> Doubt:
        """Return the doubt of a matrix of which some cells have distributions, value → probability."""
        width = max((max(one) - min(one) + 1 for one in doubtful.values()), default=1)
        low, mass = exact.copy(), np.zeros((*exact.shape, width))
        mass[:, :, 0] = 1.0
        for cell, one in doubtful.items():
            low[cell] = min(one)
            mass[cell] = 0.0
            for value, probability in one.items():
                mass[cell][value - low[cell]] = probability
        return cls(low, mass)


@inside
def convolved(rows, column, low, mass, skip, told):  # type: ignore[no-untyped-def]
    """Write the distribution of a balance to ``told``; return its least value and how many values it has."""
    width = mass.shape[2]
    told[:] = 0.0
    told[0] = 1.0
    least, extent = 0, 1
    for i in range(rows.size):
        if i == skip:
            continue
        least += low[rows[i], column]
        wide = width
        while wide > 1 and mass[rows[i], column, wide - 1] == 0.0:
            wide -= 1
        if wide == 1:
            continue
        for a in range(extent + wide - 2, -1, -1):
            total = 0.0
            for v in range(max(0, a - extent + 1), min(wide, a + 1)):
                total += told[a - v] * mass[rows[i], column, v]
            told[a] = total
        extent += wide - 1
    return least, extent


@inside
def holding(first, size, own, least, extent, told, tolerance):  # type: ignore[no-untyped-def]
    """Return the probability that no balance of a descriptor beats its variant's by more than the tolerance."""
    total = 0.0
    below = np.zeros(size)
    reach = np.zeros(size, np.int64)
    for a in range(extent[own]):
        value = least[own] + a + tolerance
        chance = told[own, a]
        for k in range(size):
            if k == own:
                continue
            while reach[k] < extent[k] and least[k] + reach[k] <= value:
                below[k] += told[k, reach[k]]
                reach[k] += 1
            chance *= min(below[k], 1.0)
        total += chance
    return total


@inside
def spread(low, mass):  # type: ignore[no-untyped-def]
    """Return whether each judgement is in doubt."""
    found = np.zeros(low.shape, np.bool_)
    for r in range(low.shape[0]):
        for c in range(low.shape[1]):
            found[r, c] = mass[r, c].max() < 1.0
    return found


@inside
def entropy(p):  # type: ignore[no-untyped-def]
    """Return the entropy of a yes or no, in bits."""
    if p <= 0.0 or p >= 1.0:
        return 0.0
    return -p * np.log2(p) - (1.0 - p) * np.log2(1.0 - p)


@kept
def holds(scenarios, low, mass, offsets, tested, tolerance, asked):  # type: ignore[no-untyped-def]
    """Return with what probability each scenario stays consistent, and what each judgement is worth.

    Args:
        scenarios: shape (s, n).
        low: least value of each judgement, shape (N, N).
        mass: probability of each value, shape (N, N, w).
        offsets: shape (n + 1,).
        tested: shape (n,), whether the descriptor must be consistent.
        tolerance: by how much a variant may fall short.
        asked: whether bits are asked for.

    Returns:
        Probability that each tested descriptor holds, shape (s, n); bits per judgement, shape (N, N).
    """
    n, width = offsets.size - 1, mass.shape[2]
    factors, bits = np.ones((scenarios.shape[0], n)), np.zeros(low.shape)
    doubtful = spread(low, mass)
    largest = 1
    for j in range(n):
        largest = max(largest, offsets[j + 1] - offsets[j])
    told, other = np.empty((largest, n * (width - 1) + 1)), np.empty(n * (width - 1) + 1)
    least, extent = np.empty(largest, np.int64), np.empty(largest, np.int64)
    rows = np.empty(n, np.int64)
    for s in range(scenarios.shape[0]):
        for i in range(n):
            rows[i] = offsets[i] + scenarios[s, i]
        for turn in range(2 if asked else 1):
            p = 1.0
            for j in range(n):
                p *= factors[s, j]
            for j in range(n):
                if not tested[j] or (turn == 1 and factors[s, j] == 0.0 and p > 0.0):
                    continue
                size, own = offsets[j + 1] - offsets[j], scenarios[s, j]
                for k in range(size):
                    least[k], extent[k] = convolved(rows, offsets[j] + k, low, mass, -1, told[k])
                if turn == 0:
                    factors[s, j] = holding(offsets[j], size, own, least, extent, told, tolerance)
                    continue
                rest = 1.0
                for i in range(n):
                    if i != j:
                        rest *= factors[s, i]
                if rest == 0.0:
                    continue
                for k in range(size):
                    column = offsets[j] + k
                    for i in range(n):
                        r = rows[i]
                        if not doubtful[r, column]:
                            continue
                        start, count = convolved(rows, column, low, mass, i, other)
                        kept_least, kept_extent = least[k], extent[k]
                        kept_told = told[k].copy()
                        extent[k] = count
                        told[k] = other
                        left = 0.0
                        for v in range(width):
                            if mass[r, column, v] > 0.0:
                                least[k] = start + low[r, column] + v
                                chance = rest * holding(offsets[j], size, own, least, extent, told, tolerance)
                                left += mass[r, column, v] * entropy(chance)
                        bits[r, column] += entropy(p) - left
                        least[k], extent[k] = kept_least, kept_extent
                        told[k] = kept_told
    return factors, bits


def survival(
    doubt: Doubt, scenarios: Scenarios, shape: Shape, tested: NDArray[np.bool_], tolerance: int = 0
) -> Array:
    """Return with what probability each scenario stays consistent, shape (s,)."""
    factors, _ = holds(scenarios, doubt.low, doubt.mass, shape.offsets, tested, tolerance, False)
    return np.asarray(factors.prod(axis=1))


def information(
    doubt: Doubt, scenarios: Scenarios, shape: Shape, tested: NDArray[np.bool_], tolerance: int = 0
) -> Array:
    """Return what each judgement is worth settling, in bits over these scenarios, shape (N, N)."""
    _, bits = holds(scenarios, doubt.low, doubt.mass, shape.offsets, tested, tolerance, True)
    return np.maximum(bits, 0.0)
