"""Cross-impact balances by their definitions, slow and independent of the package.

A matrix is a list of blocks: ``blocks[i][j][k][l]`` is the effect of variant k of descriptor i on variant l of j.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import log2, prod

Cells = Sequence[Sequence[int]]
Scenario = tuple[int, ...]
Mass = dict[int, Fraction]


def states(sizes: Sequence[int]) -> Iterator[Scenario]:
    """Yield every scenario, in the order of their numbers."""
    yield from product(*(range(size) for size in sizes))


def first_rows(sizes: Sequence[int]) -> list[int]:
    """Return the first row of each descriptor."""
    return [sum(sizes[:i]) for i in range(len(sizes))]


def balance(cells: Cells, sizes: Sequence[int], z: Scenario, j: int) -> list[int]:
    """Return the impact balance of every variant of a descriptor."""
    at = first_rows(sizes)
    return [sum(cells[at[i] + k][at[j] + one] for i, k in enumerate(z)) for one in range(sizes[j])]


def shortfall(cells: Cells, sizes: Sequence[int], z: Scenario, j: int) -> int:
    """Return the inconsistency of a descriptor."""
    found = balance(cells, sizes, z, j)
    return max(found) - found[z[j]]


def consistent(
    cells: Cells,
    sizes: Sequence[int],
    tolerance: int = 0,
    *,
    fixed: dict[int, int] | None = None,
    bans: Sequence[dict[int, set[int]]] = (),
) -> list[Scenario]:
    """Return every consistent scenario; what is fixed is not tested, and no scenario may fit a ban."""
    held = fixed or {}
    return [
        z
        for z in states(sizes)
        if all(z[j] == k for j, k in held.items())
        and not any(all(z[j] in variants for j, variants in ban.items()) for ban in bans)
        and all(shortfall(cells, sizes, z, j) <= tolerance for j in range(len(sizes)) if j not in held)
    ]


def margin(cells: Cells, sizes: Sequence[int], z: Scenario, j: int) -> int | None:
    """Return by how much a variant beats the best other; ``None`` where there is none."""
    found = balance(cells, sizes, z, j)
    others = [value for k, value in enumerate(found) if k != z[j]]
    return found[z[j]] - max(others) if others else None


def total_impact(cells: Cells, sizes: Sequence[int], z: Scenario) -> int:
    """Return the total impact score."""
    return sum(balance(cells, sizes, z, j)[z[j]] for j in range(len(sizes)))


def succeeded(cells: Cells, sizes: Sequence[int], z: Scenario, *, local: bool = False) -> Scenario:
    """Return what follows: all that fall short move at once, or only the one that falls short most."""
    after = list(z)
    short = [shortfall(cells, sizes, z, j) for j in range(len(sizes))]
    movers = [j for j in range(len(sizes)) if short[j]]
    if local and movers:
        movers = [max(movers, key=lambda j: (short[j], -j))]
    for j in movers:
        found = balance(cells, sizes, z, j)
        after[j] = found.index(max(found))
    return tuple(after)


def attractor(cells: Cells, sizes: Sequence[int], z: Scenario, *, local: bool = False) -> list[Scenario]:
    """Return the cycle in which a scenario ends, from its least member on."""
    walk = [z]
    while (after := succeeded(cells, sizes, walk[-1], local=local)) not in walk:
        walk.append(after)
    cycle = walk[walk.index(after) :]
    least = cycle.index(min(cycle))
    return cycle[least:] + cycle[:least]


def survival(
    masses: Sequence[Sequence[Mass]], sizes: Sequence[int], z: Scenario, tolerance: int = 0
) -> Fraction:
    """Return the probability that a scenario is consistent: every value of every judgement that bears on it."""
    at = first_rows(sizes)
    return prod(
        (
            _holds(
                [[masses[at[i] + k][at[j] + one] for i, k in enumerate(z)] for one in range(size)],
                z[j],
                tolerance,
            )
            for j, size in enumerate(sizes)
        ),
        start=Fraction(1),
    )


def _holds(columns: Sequence[Sequence[Mass]], own: int, tolerance: int) -> Fraction:
    sums = [_sum(column) for column in columns]
    total = Fraction(0)
    for values in product(*(one.items() for one in sums)):
        if max(value for value, _ in values) - values[own][0] <= tolerance:
            total += prod((mass for _, mass in values), start=Fraction(1))
    return total


def _sum(column: Sequence[Mass]) -> Mass:
    found: Mass = {0: Fraction(1)}
    for one in column:
        after: Mass = {}
        for (value, mass), (more, chance) in product(found.items(), one.items()):
            after[value + more] = after.get(value + more, Fraction(0)) + mass * chance
        found = after
    return found


def entropy(p: Fraction) -> float:
    """Return the entropy of a yes or no in bits."""
    q = float(p)
    return 0.0 if q in (0.0, 1.0) else -q * log2(q) - (1 - q) * log2(1 - q)


def information(
    masses: Sequence[Sequence[Mass]],
    sizes: Sequence[int],
    scenarios: Sequence[Scenario],
    row: int,
    column: int,
) -> float:
    """Return what settling one judgement is worth over some scenarios."""
    total = 0.0
    for z in scenarios:
        total += entropy(survival(masses, sizes, z))
        for value, mass in masses[row][column].items():
            known = [list(one) for one in masses]
            known[row][column] = {value: Fraction(1)}
            total -= float(mass) * entropy(survival(known, sizes, z))
    return total


def least_lacking(
    cells: Cells, sizes: Sequence[int], allowed: Sequence[set[int]], tested: Sequence[bool]
) -> int | None:
    """Return the least that a scenario of a pattern lacks in all."""
    costs = [
        sum(shortfall(cells, sizes, z, j) for j in range(len(sizes)) if tested[j])
        for z in states(sizes)
        if all(k in one for k, one in zip(z, allowed, strict=True))
    ]
    return min(costs, default=None)
