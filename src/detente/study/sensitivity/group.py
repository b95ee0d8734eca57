"""Which actor, issue or source matters? How much of an outcome's variance goes once all of its inputs are known.

An additive fit in Legendre polynomials of the uniforms: *at least* that share, where inputs of the group work
together. Fits are shrunk by what they explain, so that noise is worth nothing (Strong, Oakley & Brennan 2014,
*Medical Decision Making* 34, for the idea of a fit).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detente.lenses.summary import Array

DEGREE = 4
RIDGE = 1e-9


class Fit(NamedTuple):
    """What is known of an outcome once a group is known.

    Attributes:
        share: of the outcome's variance that goes, at least; 0..1.
        told: the outcome as the group alone tells it, in every draw, shape (draws,).
    """

    share: float
    told: Array


class Basis:
    """Polynomials of every input, and their products' sums, made once for all groups and outcomes."""

    def __init__(self, u: Array) -> None:
        """Make the basis.

        Args:
            u: the uniforms from which the inputs were drawn, shape (draws, inputs).
        """
        self.inputs = u.shape[1]
        x = 2 * u - 1
        one = [np.sqrt(2 * k + 1) * _legendre(k, x) for k in range(1, DEGREE + 1)]
        columns = np.stack(one, axis=2).reshape(len(u), -1)  # an input's polynomials stand together
        self.columns = columns - columns.mean(axis=0)
        self.gram = self.columns.T @ self.columns

    def fit(self, group: Sequence[int], y: Array) -> Fit:
        """Return the additive fit of an outcome by some inputs, shrunk.

        Args:
            group: places of the inputs.
            y: the outcome, shape (draws,).
        """
        n, mean = len(y), float(y.mean())
        variance = float(y.var())
        chosen = np.array([DEGREE * i + k for i in group for k in range(DEGREE)], dtype=np.intp)
        if variance <= 1e-12 * max(1.0, mean * mean) or not len(chosen) or n <= len(chosen) + 1:
            return Fit(0.0, np.full(n, mean))
        part = self.columns[:, chosen]
        gram = self.gram[np.ix_(chosen, chosen)]
        weights = np.linalg.solve(gram + RIDGE * n * np.eye(len(chosen)), part.T @ (y - mean))
        raw = part @ weights
        explained = float(raw.var()) / variance
        share = 1 - (1 - min(1.0, explained)) * (n - 1) / (n - len(chosen) - 1)
        if share <= 0 or explained <= 0:
            return Fit(0.0, np.full(n, mean))
        return Fit(share, mean + raw * np.sqrt(share / explained))

    def joint_play(self, y: Array) -> float:
        """Return the share of an outcome's variance that no sum over single inputs explains."""
        return 1.0 - self.fit(range(self.inputs), y).share


def _legendre(k: int, x: Array) -> Array:
    """Return the k-th Legendre polynomial, k = 1..4."""
    if k == 1:
        return x
    square = x * x
    if k == 2:
        return (3 * square - 1) / 2
    if k == 3:
        return (5 * square - 3) * x / 2
    return ((35 * square - 30) * square + 3) / 8
