"""Which quantities rise and fall together? Rank correlation by a Gaussian copula.

The rank (Spearman) correlation that an analyst states is turned into the correlation of the underlying
normals, ``2 sin(pi r / 6)`` (Pearson 1907), and the normals are coupled by the symmetric square root of their
correlation matrix, which does not depend on the order in which the quantities are listed. Pairs that are not
stated are uncorrelated. A matrix that no set of quantities can have is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from detente.errors import QuantityError
from detente.quantity.distributions import Array


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """A stated rank correlation between two quantities.

    Attributes:
        first: path of one quantity in its case.
        second: path of the other.
        rank: Spearman correlation, in -1..1.
    """

    first: str
    second: str
    rank: float

    def __post_init__(self) -> None:
        if not -1 <= self.rank <= 1:
            raise QuantityError(f"a rank correlation lies between -1 and 1, not {self.rank}")
        if self.first == self.second:
            raise QuantityError(f"{self.first} cannot be correlated with itself")


@dataclass(frozen=True, slots=True)
class Copula:
    """The coupled quantities of a case.

    Attributes:
        paths: the quantities, sorted, k of them.
        root: shape (k, k), symmetric square root of the correlation matrix of the underlying normals.
    """

    paths: tuple[str, ...]
    root: Array

    def couple(self, uniforms: Array) -> Array:
        """Turn independent uniforms of shape (draws, k) into correlated ones of the same shape."""
        return np.asarray(ndtr(ndtri(uniforms) @ self.root))


def copula(correlations: Iterable[RankCorrelation]) -> Copula | None:
    """Return the coupling that the stated correlations make, or ``None`` when there are none.

    Raises:
        QuantityError: when a pair is stated twice, or when the correlations contradict each other (the matrix
            is not positive semi-definite); the message names the quantities and the nearest fault.
    """
    stated: dict[tuple[str, str], float] = {}
    for pair in correlations:
        key = (min(pair.first, pair.second), max(pair.first, pair.second))
        if key in stated:
            raise QuantityError(f"the correlation of {key[0]} with {key[1]} is stated twice")
        stated[key] = pair.rank
    if not stated:
        return None
    paths = tuple(sorted({path for key in stated for path in key}))
    place = {path: index for index, path in enumerate(paths)}
    matrix = np.eye(len(paths))
    for (first, second), rank in stated.items():
        i, j = place[first], place[second]
        matrix[i, j] = matrix[j, i] = np.clip(2 * np.sin(np.pi * rank / 6), -1, 1)
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -1e-9:
        involved = [path for path, load in zip(paths, vectors[:, 0], strict=True) if abs(load) > 0.1]
        raise QuantityError(
            f"the correlations of {', '.join(involved)} contradict each other (the matrix is not positive "
            f"semi-definite: smallest eigenvalue {values[0]:.3f}); "
            "weaken one of them or state the missing pairs"
        )
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    return Copula(paths, root)
