"""Which actor, issue or source matters? How much of an outcome's variance goes once all of its inputs are known.

An additive fit in Legendre polynomials of the uniforms: *at least* that share, where inputs of the group work
together. Fits are shrunk by what they explain, so that noise is worth nothing (Strong, Oakley & Brennan 2014,
*Medical Decision Making* 34, for the idea of a fit).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

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
        self._factors: dict[tuple[int, ...], tuple[Array, bool]] = {}

    def pull(self, y: Array) -> Array:
        """Return what an outcome has in common with every polynomial, to be used for all groups."""
        return np.asarray(self.columns.T @ (y - y.mean()))

    def share(self, group: Sequence[int], y: Array, pull: Array | None = None) -> float:
        """Return the share of an outcome's variance that goes once some inputs are known, at least; 0..1.

        Args:
            group: places of the inputs.
            y: the outcome, shape (draws,).
            pull: of the outcome, where it was made before.
        """
        return self._solved(group, y, pull)[0]

    def fit(self, group: Sequence[int], y: Array, pull: Array | None = None) -> Fit:
        """Return the additive fit of an outcome by some inputs, shrunk.

        Args:
            group: places of the inputs.
            y: the outcome, shape (draws,).
            pull: of the outcome, where it was made before.
        """
        share, chosen, weights, explained = self._solved(group, y, pull)
        mean = float(y.mean())
        if share <= 0:
            return Fit(0.0, np.full(len(y), mean))
        return Fit(share, mean + self.columns[:, chosen] @ weights * np.sqrt(share / explained))

    def _solved(
        self, group: Sequence[int], y: Array, pull: Array | None
    ) -> tuple[float, NDArray[np.intp], Array, float]:
        """Return the adjusted share, the columns of the group, their weights, and the raw share."""
        n, mean, variance = len(y), float(y.mean()), float(y.var())
        chosen = np.array([DEGREE * i + k for i in group for k in range(DEGREE)], dtype=np.intp)
        none = 0.0, chosen, np.zeros(len(chosen)), 0.0
        if variance <= 1e-12 * max(1.0, mean * mean) or not len(chosen) or n <= len(chosen) + 1:
            return none
        key = tuple(group)
        part = self.gram[np.ix_(chosen, chosen)]
        if key not in self._factors:
            self._factors[key] = cho_factor(part + RIDGE * n * np.eye(len(chosen)), check_finite=False)
        right = (self.pull(y) if pull is None else pull)[chosen]
        weights = cho_solve(self._factors[key], right, check_finite=False)
        explained = float(weights @ part @ weights) / n / variance
        share = 1 - (1 - min(1.0, explained)) * (n - 1) / (n - len(chosen) - 1)
        return none if share <= 0 or explained <= 0 else (share, chosen, weights, explained)

    def joint_play(self, y: Array, pull: Array | None = None) -> float:
        """Return the share of an outcome's variance that no sum over single inputs explains."""
        return 1.0 - self.share(range(self.inputs), y, pull)


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
