"""Which quantities rise and fall together? Rank correlation by a Gaussian copula.

The rank (Spearman) correlation that an analyst states is turned into the correlation of the underlying
normals, ``2 sin(pi r / 6)`` (Pearson 1907), and the normals are coupled by the symmetric square root of their
correlation matrix, which does not depend on the order in which the quantities are listed. Pairs that are not
stated are uncorrelated, so the matrix falls into blocks of quantities that are tied to each other; each block is
treated by itself, and a further block changes nothing in it. A matrix that no set of quantities can have is
refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.errors import QuantityError
from detente.quantity.distributions import Array

MAX_CORRELATIONS = 500
_NO_SPREAD = 1e-12
_TINY = 2.0**-53  # a coupled uniform may round to 0 or 1, where a quantile may be infinite


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """A stated rank (Spearman) correlation, in -1..1, between the quantities at two paths of a case."""

    first: str
    second: str
    rank: float

    def __post_init__(self) -> None:
        if not -1 <= self.rank <= 1:
            raise QuantityError(f"a rank correlation lies between -1 and 1, not {self.rank}")
        if self.first == self.second:
            raise QuantityError(f"{self.first} cannot be correlated with itself")


@dataclass(frozen=True, slots=True)
class Block:
    """Quantities that are tied, sorted; ``root`` (k × k) is the symmetric root of their normals' correlations."""

    paths: tuple[str, ...]
    root: Array

    def couple(self, uniforms: Array) -> Array:
        """Turn independent uniforms of shape (k, draws) into correlated ones of the same shape.

        The products are summed one by one: a matrix product may round a draw differently in another batch.
        """
        from scipy.special import ndtr, ndtri

        normals = ndtri(uniforms)
        coupled = np.zeros_like(normals)
        for column, normal in zip(self.root.T, normals, strict=True):
            coupled += column[:, None] * normal
        return np.asarray(np.clip(ndtr(coupled), _TINY, 1 - _TINY))


def coupling(correlations: Iterable[RankCorrelation]) -> list[Block]:
    """Return the blocks of quantities that the stated correlations tie together; none where none are stated.

    Raises:
        QuantityError: when there are too many, when a pair is stated twice, or when the correlations contradict
            each other (the matrix is not positive semi-definite); the message names the quantities involved.
    """
    stated: dict[tuple[str, str], float] = {}
    for pair in correlations:
        key = (min(pair.first, pair.second), max(pair.first, pair.second))
        if key in stated:
            raise QuantityError(f"the correlation of {key[0]} with {key[1]} is stated twice")
        stated[key] = pair.rank
        if len(stated) > MAX_CORRELATIONS:
            raise QuantityError(f"more than {MAX_CORRELATIONS} correlations")
    return [_block(paths, stated) for paths in _tied(stated)]


def _tied(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the connected groups of paths, each sorted, in the order of their first path."""
    group: dict[str, list[str]] = {}
    for first, second in pairs:
        one, other = group.setdefault(first, [first]), group.setdefault(second, [second])
        if one is not other:
            one += other
            group.update(dict.fromkeys(other, one))
    return sorted(sorted(paths) for paths in {id(paths): paths for paths in group.values()}.values())


def _block(paths: list[str], stated: Mapping[tuple[str, str], float]) -> Block:
    matrix = np.eye(len(paths))
    for i, first in enumerate(paths):
        for j, second in enumerate(paths[i + 1 :], i + 1):
            rank = stated.get((first, second), 0.0)
            matrix[i, j] = matrix[j, i] = np.clip(2 * np.sin(np.pi * rank / 6), -1, 1)
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -1e-9:
        involved = [path for path, load in zip(paths, vectors[:, 0], strict=True) if abs(load) > 0.1]
        names = ", ".join(involved[:6]) + (f" and {len(involved) - 6} more" if len(involved) > 6 else "")
        raise QuantityError(
            f"the correlations of {names} contradict each other (the matrix is not positive "
            f"semi-definite: smallest eigenvalue {values[0]:.3f}); "
            "weaken one of them or state the missing pairs"
        )
    values = np.where(values < _NO_SPREAD, 0.0, values)  # the root would blow up what rounding has left
    return Block(tuple(paths), (vectors * np.sqrt(values)) @ vectors.T)
