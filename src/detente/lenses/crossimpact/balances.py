"""How consistent is a scenario? Impact balances, inconsistencies, margins and scores (Weimer-Jehle 2006).

A matrix is (N, N), row = source, column = target, with self-impacts on its diagonal blocks; a scenario names one
variant per descriptor, from 0. The *balance* of a variant is the sum of its column over the rows of the scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Scenarios = NDArray[np.int16]
UNBEATEN = np.iinfo(np.int64).max
"""Margin of a descriptor with a single variant: nothing can beat it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many variants each descriptor has.

    Attributes:
        sizes: shape (n,).
        offsets: shape (n + 1,), first row of each descriptor, and N.
    """

    sizes: Whole
    offsets: Whole

    @classmethod
    def of(cls, sizes: list[int]) -> Shape:
        """Return the shape of descriptors with so many variants."""
        return cls(np.array(sizes, np.int64), np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))

    @property
    def count(self) -> int:
        """How many descriptors there are, n."""
        return len(self.sizes)

    @property
    def states(self) -> int:
        """How many scenarios there are in all, P."""
        return prod(self.sizes.tolist())

    @property
    def radix(self) -> Whole:
        """What each descriptor's variant counts in the number of a scenario, shape (n,); the last one counts 1."""
        return np.concatenate([np.cumprod(self.sizes[::-1])[::-1][1:], [1]]).astype(np.int64)

    def numbered(self, scenarios: Scenarios) -> Whole:
        """Return the number of each scenario, shape (s,)."""
        return np.asarray(scenarios.astype(np.int64) @ self.radix)

    def spelt(self, numbers: Whole) -> Scenarios:
        """Return the scenarios of these numbers, shape (s, n)."""
        return (numbers[:, None] // self.radix % self.sizes).astype(np.int16)

    def block(self, descriptor: int) -> slice:
        """Return the rows, or columns, of a descriptor."""
        return slice(int(self.offsets[descriptor]), int(self.offsets[descriptor + 1]))

    def rows(self, scenarios: Scenarios) -> Whole:
        """Return the rows of the matrix that each scenario uses, shape (s, n)."""
        return scenarios.astype(np.int64) + self.offsets[:-1]


def balances(cells: Whole, scenarios: Scenarios, shape: Shape) -> Whole:
    """Return the balance of every variant in every scenario, shape (s, N)."""
    found = np.zeros((len(scenarios), cells.shape[1]), np.int64)
    for rows in shape.rows(scenarios).T:
        found += cells[rows]
    return found


def margins(balance: Whole, scenarios: Scenarios, shape: Shape) -> Whole:
    """Return by how much each descriptor's variant beats the best other, shape (s, n); below 0 where it is beaten.

    Args:
        balance: of every variant, shape (s, N).
        scenarios: shape (s, n).
        shape: of the matrix.
    """
    found = np.full(scenarios.shape, UNBEATEN)
    every = np.arange(len(scenarios))
    for j in range(shape.count):
        if shape.sizes[j] > 1:
            rivals = balance[:, shape.block(j)].copy()
            own = rivals[every, scenarios[:, j]]
            rivals[every, scenarios[:, j]] = -UNBEATEN
            found[:, j] = own - rivals.max(axis=1)
    return found


def total_impact(balance: Whole, scenarios: Scenarios, shape: Shape) -> Whole:
    """Return the total impact score, shape (s,): comparable only between scenarios of one matrix."""
    return np.asarray(np.take_along_axis(balance, shape.rows(scenarios), axis=1).sum(axis=1))


def ties(balance: Whole, scenarios: Scenarios, shape: Shape) -> list[int]:
    """Return the family of each scenario: consistent ones that turn into one another by exchanging tied variants.

    Args:
        balance: of every variant, shape (s, N).
        scenarios: consistent ones, shape (s, n).
        shape: of the matrix.
    """
    numbers = shape.numbered(scenarios).tolist()
    place = {number: s for s, number in enumerate(numbers)}
    family = list(range(len(numbers)))
    for s, scenario in enumerate(scenarios.tolist()):
        for j, own in enumerate(scenario):
            columns = balance[s, shape.block(j)]
            for rival in np.flatnonzero(columns == columns[own]).tolist():
                other = place.get(numbers[s] + (rival - own) * int(shape.radix[j]))
                if other is not None and family[other] != family[s]:
                    old, new = family[other], family[s]
                    family = [new if one == old else one for one in family]
    return family
