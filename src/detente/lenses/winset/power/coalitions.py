"""Which coalitions are just enough, to carry and to block? Minimal ones, and the indices that only look at them.

A minimal winning coalition loses with any one member less; a minimal blocking coalition is one of the dual rule.
Deegan & Packel (1978, International Journal of Game Theory 7:113-123) share the power of a minimal winning
coalition equally, Holler (1982, Political Studies 30:262-271) gives each of its members all of it, Johnston (1978,
Environment and Planning A 10:907-914) shares that of every winning coalition among those without whom it loses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product
from math import comb, prod

import numpy as np

from detente.lenses.winset.power import cells
from detente.lenses.winset.power.cells import Mask
from detente.lenses.winset.power.frame import Frame

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Coalitions:
    """Minimal coalitions.

    Attributes:
        count: how many there are.
        shapes: (how many of each kind, how many coalitions look so), the smallest coalitions first; empty where
            they were only counted.
        listed: indexes of the members of each, the smallest first; the first `MOST_LISTED` of them, or none where
            they were only counted.
    """

    count: int
    shapes: tuple[tuple[tuple[int, ...], int], ...]
    listed: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """Indices of one voter that look at minimal or vulnerable coalitions, shares of 1."""

    deegan_packel: Fraction
    holler: Fraction
    johnston: Fraction


def minimal_winning(frame: Frame, wins: Mask) -> Coalitions:
    """Return the minimal winning coalitions.

    Args:
        frame: of the rule.
        wins: whether each cell wins.
    """
    held = np.argwhere(cells.minimal(wins))
    held = held[np.argsort(held.sum(axis=1), kind="stable")]
    shapes = tuple((tuple(map(int, row)), _ways(frame, row)) for row in held)
    every = (coalition for shape, _ in shapes for coalition in _expanded(frame, shape))
    return Coalitions(sum(ways for _, ways in shapes), shapes, tuple(islice(every, MOST_LISTED)))


def minimal_blocking(frame: Frame, wins: Mask) -> Coalitions:
    """Return the minimal coalitions without which everybody else together loses."""
    return minimal_winning(frame, ~np.flip(wins))


def _ways(frame: Frame, held: np.ndarray[tuple[int], np.dtype[np.intp]]) -> int:
    return prod(comb(kind.size, int(number)) for kind, number in zip(frame.kinds, held, strict=True))


def _expanded(frame: Frame, shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield the coalitions of a shape, as sorted indexes; not more than are listed."""
    chosen: list[tuple[int, ...]] = [()]
    for kind, number in zip(frame.kinds, shape, strict=True):
        some = list(islice(combinations(kind.members, number), MOST_LISTED))
        chosen = list(islice((one + more for one, more in product(chosen, some)), MOST_LISTED))
    yield from (tuple(sorted(coalition)) for coalition in chosen)


def shares(frame: Frame, wins: Mask, minimal: Coalitions) -> tuple[Shares, ...]:
    """Return the indices of one voter of each kind.

    Args:
        frame: of the rule.
        wins: whether each cell wins.
        minimal: the minimal winning coalitions.
    """
    held = [0] * len(frame.kinds)
    equal = [Fraction(0)] * len(frame.kinds)
    for shape, ways in minimal.shapes:
        for k, number in enumerate(shape):
            holding = ways * number // frame.kinds[k].size
            held[k] += holding
            equal[k] += Fraction(holding, sum(shape))
    public = sum(kind.size * number for kind, number in zip(frame.kinds, held, strict=True))
    blamed = _johnston(frame, wins)
    whole = sum(kind.size * part for kind, part in zip(frame.kinds, blamed, strict=True))
    return tuple(
        Shares(equal[k] / minimal.count, Fraction(held[k], public), blamed[k] / whole)
        for k in range(len(frame.kinds))
    )


def _johnston(frame: Frame, wins: Mask) -> list[Fraction]:
    """Return, for a voter of each kind, the sum over winning coalitions of its share in their vulnerability."""
    critical, members = [], np.zeros(wins.shape, dtype=np.int64)
    for axis, kind in enumerate(frame.kinds):
        upper = [slice(None)] * wins.ndim
        upper[axis] = slice(1, None)
        needed = np.zeros_like(wins)
        needed[tuple(upper)] = cells.flips(wins, axis)
        critical.append(needed)
        shape = [1] * wins.ndim
        shape[axis] = -1
        members += needed * np.arange(kind.size + 1).reshape(shape)
    sums = [Fraction(0)] * len(frame.kinds)
    for many in np.unique(members[members > 0]):
        at = members == many
        for axis in range(len(frame.kinds)):
            # A coalition that holds one voter of the kind, without it: one less of the kind to choose from.
            lower = [slice(None)] * wins.ndim
            lower[axis] = slice(1, None)
            others = tuple(other.size - (k == axis) for k, other in enumerate(frame.kinds))
            counts = cells.by_size((at & critical[axis])[tuple(lower)], others, frame.voters)
            sums[axis] += Fraction(sum(counts), int(many))
    return sums
