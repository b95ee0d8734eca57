"""Who swings, where voters come in few kinds? Every way to take so many of each kind, all at once.

A profile says how many of each kind agree; it stands for a product of binomial coefficients of coalitions. The
federal system of the United States, 537 voters in four kinds, has 176,144.
"""

from __future__ import annotations

from functools import reduce
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from detente.case.voting.compound import Compound

MOST_PROFILES = 1_000_000
_FITS = 62  # binomial coefficients, and products of those of kinds together so large, fit 64 bits

Mask = NDArray[np.bool_]


def number(game: Compound) -> int:
    """Return how many profiles a rule has."""
    return prod(kind.size + 1 for kind in game.kinds)


def winning(game: Compound) -> Mask:
    """Return whether each profile wins, shape (size of kind + 1, …)."""
    tallies = []
    for form in range(len(game.totals)):
        columns = [held(k, game) * kind.weights[form] for k, kind in enumerate(game.kinds)]
        tallies.append(reduce(np.add, columns))
    shape = tuple(kind.size + 1 for kind in game.kinds)
    return np.broadcast_to(np.asarray(game.met(tallies), dtype=np.bool_), shape)


def held(axis: int, game: Compound) -> NDArray[np.int64]:
    """Return 0, 1 … along one axis of the profiles."""
    shape = [1] * len(game.kinds)
    shape[axis] = -1
    return np.arange(game.kinds[axis].size + 1, dtype=np.int64).reshape(shape)


def flips(wins: Mask, axis: int) -> Mask:
    """Return the profiles that lose, and win with one more of a kind; one shorter along its axis."""
    return ~wins[along(axis, slice(-1))] & wins[along(axis, slice(1, None))]


def along(axis: int, part: slice) -> tuple[slice, ...]:
    """Return the index of a part of the profiles, cut across one axis."""
    return (*[slice(None)] * axis, part)


def by_size(mask: Mask, alike: tuple[int, ...], voters: int) -> tuple[int, ...]:
    """Return how many coalitions of each size the chosen profiles stand for.

    Args:
        mask: shape (a₁ + 1, a₂ + 1, …).
        alike: a₁, a₂ …: how many voters of each kind there are to choose from.
        voters: up to which size to count.
    """
    chosen = np.nonzero(mask)
    sizes = np.sum(chosen, axis=0) if chosen else np.zeros(0, dtype=np.intp)
    number = np.int64 if sum(alike) <= _FITS else object
    tables = [np.array([comb(a, j) for j in range(a + 1)], dtype=number) for a in alike]
    many = reduce(np.multiply, [table[j] for table, j in zip(tables, chosen, strict=True)])
    order = np.argsort(sizes, kind="stable")
    counts = [0] * (voters + 1)
    if len(order):
        starts = np.flatnonzero(np.diff(sizes[order], prepend=-1))
        for size, count in zip(sizes[order][starts], np.add.reduceat(many[order], starts), strict=True):
            counts[int(size)] = int(count)
    return tuple(counts)


def swings(game: Compound) -> list[tuple[int, ...]]:
    """Return, for a voter of each kind, how many coalitions of each size it turns from losing to winning."""
    wins = winning(game)
    found = []
    for axis in range(len(game.kinds)):
        others = tuple(kind.size - (k == axis) for k, kind in enumerate(game.kinds))
        found.append(by_size(flips(wins, axis), others, game.voters))
    return found


def minimal(wins: Mask) -> Mask:
    """Return the winning profiles that lose with one less of any kind that they hold."""
    found = wins.copy()
    for axis in range(wins.ndim):
        found[along(axis, slice(1, None))] &= ~wins[along(axis, slice(-1))]
    return found
