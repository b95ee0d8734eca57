"""How likely does a scenario stay consistent under doubt? Exactly, by convolution; and what is worth settling?

Columns of the matrix share no cell. So with independent doubt the balance of variant l is a sum of n
independent whole numbers, its distribution g_l the convolution of theirs, and

    P(z consistent) = Π_j Σ_a g_own(a) · Π_{l ≠ own} P(X_l ≤ a + t).

What a judgement is worth settling (bits), with h the entropy of consistent or not:

    Σ_z [ h(p_z) − Σ_v q_v h(p_z | the judgement is v) ]

It screens: scenarios depend on each other, so the sum is not joint information.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside, kept
from detente.lenses.crossimpact.balances import Scenarios, Shape, Whole
from detente.lenses.crossimpact.search import Numbers
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
    def of(cls, mass: Array, least: int) -> Doubt:
        """Return the doubt of judgements whose values are ``least``, ``least + 1``, …; shape (N, N, w)."""
        first, last = (mass > 0).argmax(axis=2), mass.shape[2] - 1 - (mass[:, :, ::-1] > 0).argmax(axis=2)
        width = int((last - first).max()) + 1
        wide = np.pad(mass, ((0, 0), (0, 0), (0, width)))
        return cls(first + least, np.take_along_axis(wide, first[:, :, None] + np.arange(width), axis=2))


Pmfs = tuple[Numbers, Numbers]  # least values, and masses, of all judgements
Sums = tuple[Numbers, Numbers, Numbers]  # masses, least values and extents of the balances of one descriptor
At = tuple[int, int, int]  # first column of a descriptor, its variants, its variant in the scenario


@inside
def convolved(rows: Numbers, column: int, doubt: Pmfs, skip: int, told: Numbers) -> tuple[int, int]:
    """Write the distribution of a balance to ``told``; return its least value and how many values it has."""
    low, mass = doubt
    told[:] = 0.0
    told[0] = 1.0
    least, extent = 0, 1
    for i in range(rows.size):
        if i == skip:
            continue
        least += low[rows[i], column]
        wide = mass.shape[2]
        while wide > 1 and mass[rows[i], column, wide - 1] == 0.0:
            wide -= 1
        for a in range(extent + wide - 2, -1, -1):
            total = 0.0
            for v in range(max(0, a - extent + 1), min(wide, a + 1)):
                total += told[a - v] * mass[rows[i], column, v]
            told[a] = total
        extent += wide - 1
    return least, extent


@inside
def holding(at: At, sums: Sums, tolerance: int) -> float:
    """Return the probability that no balance of a descriptor beats its variant's by more than the tolerance."""
    (_, size, own), (told, least, extent) = at, sums
    total, below, reach = 0.0, np.zeros(size), np.zeros(size, np.int64)
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


@kept
def entropy(p: float) -> float:
    """Return the entropy of a yes or no, in bits."""
    if p <= 0.0 or p >= 1.0:
        return 0.0
    return float(-p * np.log2(p) - (1.0 - p) * np.log2(1.0 - p))


@inside
def factor(rows: Numbers, at: At, doubt: Pmfs, tolerance: int, sums: Sums) -> float:
    """Return the probability that one descriptor holds, with the distributions of its balances beside it."""
    told, least, extent = sums
    for k in range(at[1]):
        least[k], extent[k] = convolved(rows, at[0] + k, doubt, -1, told[k])
    return holding(at, sums, tolerance)


@inside
def settled(
    rows: Numbers, at: At, doubt: Pmfs, tolerance: int, sums: Sums, rest: float, bits: Numbers
) -> None:
    """Add what each judgement on one descriptor is worth, given the rest of the probability."""
    (low, mass), (told, least, extent) = doubt, sums
    now = entropy(rest * factor(rows, at, doubt, tolerance, sums))
    for k in range(at[1]):
        column = at[0] + k
        kept_least, kept_extent, kept_told = least[k], extent[k], told[k].copy()
        for i in range(rows.size):
            r = rows[i]
            if mass[r, column].max() == 1.0:
                continue
            start, extent[k] = convolved(rows, column, doubt, i, told[k])
            left = 0.0
            for v in range(mass.shape[2]):
                if mass[r, column, v] > 0.0:
                    least[k] = start + low[r, column] + v
                    left += mass[r, column, v] * entropy(rest * holding(at, sums, tolerance))
            bits[r, column] += now - left
        least[k], extent[k], told[k] = kept_least, kept_extent, kept_told


@kept
def holds(
    scenarios: Numbers, doubt: Pmfs, offsets: Numbers, tested: Numbers, tolerance: int, asked: bool
) -> tuple[Numbers, Numbers]:
    """Return with what probability each scenario stays consistent, and what each judgement is worth.

    Returns:
        Probability that each tested descriptor holds, shape (s, n); bits per judgement if ``asked``, (N, N).
    """
    n, wide = offsets.size - 1, (offsets.size - 1) * (doubt[1].shape[2] - 1) + 1
    factors, bits = np.ones((scenarios.shape[0], n)), np.zeros(doubt[0].shape)
    sizes, rows = offsets[1:] - offsets[:-1], np.empty(n, np.int64)
    most = sizes.max()
    sums = np.empty((most, wide)), np.empty(most, np.int64), np.empty(most, np.int64)
    for s in range(scenarios.shape[0]):
        rows[:] = offsets[:-1] + scenarios[s]
        for j in range(n):
            if tested[j]:
                at = int(offsets[j]), int(sizes[j]), int(scenarios[s, j])
                factors[s, j] = factor(rows, at, doubt, tolerance, sums)
        for j in range(n):
            rest = 1.0
            for i in range(n):
                if i != j:
                    rest *= factors[s, i]
            if asked and tested[j] and rest > 0.0:
                at = int(offsets[j]), int(sizes[j]), int(scenarios[s, j])
                settled(rows, at, doubt, tolerance, sums, rest, bits)
    return factors, bits


def survival(
    doubt: Doubt, scenarios: Scenarios, shape: Shape, tested: NDArray[np.bool_], tolerance: int = 0
) -> Array:
    """Return with what probability each scenario stays consistent, shape (s,)."""
    factors, _ = holds(scenarios, (doubt.low, doubt.mass), shape.offsets, tested, tolerance, False)
    return np.asarray(factors.prod(axis=1), np.float64)


def information(
    doubt: Doubt, scenarios: Scenarios, shape: Shape, tested: NDArray[np.bool_], tolerance: int = 0
) -> Array:
    """Return what each judgement is worth settling, in bits over these scenarios, shape (N, N)."""
    _, bits = holds(scenarios, (doubt.low, doubt.mass), shape.offsets, tested, tolerance, True)
    return np.asarray(np.maximum(bits, 0.0), np.float64)
