"""Which actor, issue or source matters? How much of an outcome's variance goes once all of its inputs are known.

An additive fit in Legendre polynomials of the uniforms: *at least* that share, where inputs of the group work
together. Fits are shrunk by what they explain, so that noise is worth nothing (Strong, Oakley & Brennan 2014,
*Medical Decision Making* 34, for the idea of a fit). Outcomes are of shape (…, draws): one, or many at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from detente.lenses.summary import Array

DEGREE = 4
RIDGE = 1e-9


class Basis:
    """Outcomes in polynomials of every input: made once, for all groups."""

    def __init__(self, u: Array, y: Array) -> None:
        """Make them of the inputs' uniforms, shape (draws, inputs), for outcomes of shape (…, draws)."""
        self.inputs, size = u.shape[1], np.sqrt(2 * np.arange(1, DEGREE + 1) + 1)
        made = legvander(2 * u.T - 1, DEGREE)[..., 1:] * size
        self.columns = made.transpose(0, 2, 1).reshape(-1, len(u))  # an input's polynomials stand together
        self.columns -= self.columns.mean(axis=1, keepdims=True)
        self.gram = self.columns @ self.columns.T
        self.mean, self.variance = y.mean(axis=-1, keepdims=True), y.var(axis=-1)
        self.still = self.variance <= 1e-12 * np.maximum(1.0, self.mean[..., 0] ** 2)
        self.pull = (y - self.mean) @ self.columns.T
        self._factors: dict[tuple[int, ...], tuple[Array, bool]] = {}

    def share(self, group: Sequence[int], of: Any = ...) -> Array:
        """Return the share of the variance, 0..1, that goes at least once the inputs at some places are known.

        Its shape is (…,), or that of the outcomes at the index ``of``.
        """
        return self._solved(group, of)[0]

    def fit(self, group: Sequence[int]) -> tuple[Array, Array]:
        """Return what is known of outcomes once the inputs at some places are: an additive fit, shrunk.

        Returns:
            The share of the variance that goes, at least, 0..1, shape (…,); and the outcomes as the group alone
            tells them, in every draw, shape (…, draws).
        """
        share, chosen, weights, explained = self._solved(group, ...)
        shrunk = np.sqrt(share / np.where(share > 0, explained, 1.0))[..., None] * weights
        return share, self.mean + shrunk @ self.columns[chosen]

    def joint_play(self) -> Array:
        """Return the share of the variance that no sum over single inputs explains, shape (…,)."""
        return np.asarray(1.0 - self.share(range(self.inputs)))

    def _solved(self, group: Sequence[int], of: Any) -> tuple[Array, NDArray[np.intp], Array, Array]:
        """Return the adjusted share, the rows of the group, their weights, and the raw share."""
        n, still, variance = self.columns.shape[1], self.still[of], self.variance[of]
        chosen = (DEGREE * np.array(group, dtype=np.intp)[:, None] + np.arange(DEGREE)).ravel()
        right = self.pull[of][..., chosen]
        if not len(chosen) or n <= len(chosen) + 1:
            return np.zeros(still.shape), chosen, np.zeros_like(right), np.zeros(still.shape)
        key = tuple(group)
        if key not in self._factors:
            part = self.gram[np.ix_(chosen, chosen)]
            part[np.diag_indices_from(part)] += RIDGE * n
            self._factors[key] = cho_factor(part, overwrite_a=True, check_finite=False)
        weights = cho_solve(self._factors[key], right.T, check_finite=False).T
        raised = (weights * right).sum(axis=-1) - RIDGE * n * (weights**2).sum(axis=-1)
        explained = np.where(still, 0.0, raised / n / np.where(still, 1.0, variance))
        share = 1 - (1 - np.minimum(1.0, explained)) * (n - 1) / (n - len(chosen) - 1)
        return np.maximum(0.0, share), chosen, weights, explained
