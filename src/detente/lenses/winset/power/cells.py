"""Who swings, where voters come in few kinds? Every way to take so many of each kind, all at once.

A cell says how many of each kind agree; it stands for a product of binomial coefficients of coalitions. The
federal system of the United States, 537 voters in four kinds, has 176,144.
"""

from __future__ import annotations

from functools import reduce
from math import comb, prod
from operator import and_

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset.power.frame import Frame

MOST_CELLS = 1_000_000
_FITS = 62  # binomial coefficients, and products of those of kinds together so large, fit 64 bits

Mask = NDArray[np.bool_]


def cells(frame: Frame) -> int:
    """Return how many cells a rule has."""
    return prod(kind.size + 1 for kind in frame.kinds)


def winning(frame: Frame) -> Mask:
    """Return whether each cell wins, shape (size of kind + 1, …)."""
    tallies = []
    for form in range(len(frame.totals)):
        columns = [_along(k, frame) * kind.weights[form] for k, kind in enumerate(frame.kinds)]
        tallies.append(reduce(np.add, columns))
    shape = tuple(kind.size + 1 for kind in frame.kinds)
    return np.broadcast_to(np.asarray(frame.met(tallies), dtype=np.bool_), shape)


def _along(axis: int, frame: Frame) -> NDArray[np.int64]:
    """Return 0, 1 … along one axis of the cells."""
    shape = [1] * len(frame.kinds)
    shape[axis] = -1
    return np.arange(frame.kinds[axis].size + 1, dtype=np.int64).reshape(shape)


def flips(wins: Mask, axis: int) -> Mask:
    """Return the cells that lose, and win with one more of a kind; one shorter along its axis."""
    lower = [slice(None)] * wins.ndim
    upper = list(lower)
    lower[axis], upper[axis] = slice(None, -1), slice(1, None)
    return np.asarray(~wins[tuple(lower)] & wins[tuple(upper)])


def by_size(mask: Mask, alike: tuple[int, ...], voters: int) -> tuple[int, ...]:
    """Return how many coalitions of each size the chosen cells stand for.

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


def swings(frame: Frame) -> list[tuple[int, ...]]:
    """Return, for a voter of each kind, how many coalitions of each size it turns from losing to winning."""
    wins = winning(frame)
    found = []
    for axis in range(len(frame.kinds)):
        others = tuple(kind.size - (k == axis) for k, kind in enumerate(frame.kinds))
        found.append(by_size(flips(wins, axis), others, frame.voters))
    return found


def minimal(wins: Mask) -> Mask:
    """Return the winning cells that lose with one less of any kind that they hold."""
    spare = []
    for axis in range(wins.ndim):
        first = [slice(None)] * wins.ndim
        first[axis] = slice(0, 1)
        less = [slice(None)] * wins.ndim
        less[axis] = slice(None, -1)
        spare.append(~np.concatenate([np.zeros_like(wins[tuple(first)]), wins[tuple(less)]], axis=axis))
    return np.asarray(reduce(and_, spare, wins))
