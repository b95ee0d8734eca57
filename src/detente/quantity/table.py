"""How are all numbers of a case drawn at once? As one table, a column per quantity.

Columns of one kind are drawn together; every column keeps its own stream, so the value of a cell depends only
on the seed, the number of the draw and the path of its quantity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detente.errors import QuantityError, offering
from detente.quantity import distributions
from detente.quantity.correlation import Block, RankCorrelation, coupling
from detente.quantity.distributions import Array
from detente.quantity.quantity import Quantity
from detente.quantity.streams import check_draws, uniform_rows

Group = tuple[str, NDArray[np.intp], Array]  # kind, columns, a row per parameter

MOST_TOLD = 5
_CELLS = 1 << 16  # cells that are drawn at once
_BLOCK = 1024  # draws of a mixture that are kept together, at most
_FEW = 32  # draws that are not worth keeping
_BLOCKS = 1024  # of them that are kept: with their probabilities 16 MB
_ROWS = 2_000  # columns whose moments are integrated at once
_MOMENTS: dict[str, Callable[..., tuple[Array, Array]]] = {
    "normal": distributions.normal_moments,
    "interval": distributions.interval_moments,
    "triangular": distributions.triangular_moments,
}
_QUANTILES: dict[str, Callable[..., Array]] = {
    "normal": distributions.normal_quantile,
    "interval": distributions.interval_quantile,
    "triangular": distributions.triangular_quantile,
}


class QuantityTable:
    """Named quantities, drawn together.

    Attributes:
        paths: path of each column in its case, n of them.
        quantities: the quantity of each column.

    >>> from detente.quantity import parse
    >>> table = QuantityTable({"a": parse("40 ± 10"), "b": parse(7)})
    >>> table.sample(seed=1, start=0, count=3).shape, table.means.tolist()
    ((3, 2), [40.0, 7.0])
    """

    def __init__(
        self, quantities: Mapping[str, Quantity], correlations: Iterable[RankCorrelation] = ()
    ) -> None:
        """Compile the columns.

        Raises:
            QuantityError: a correlation names no column, one without doubt, or contradicts the others; or
                something is still to be judged.
        """
        if missing := [path for path, quantity in quantities.items() if quantity.unjudged]:
            more = f" and {len(missing) - MOST_TOLD} more" if len(missing) > MOST_TOLD else ""
            raise QuantityError(
                f"still to be judged: {', '.join(missing[:MOST_TOLD])}{more}; write a number in the place of "
                "each '?', with its doubt; 'detente check' lists them"
            )
        self.paths = tuple(quantities)
        self.quantities = tuple(quantities.values())
        self._column = {path: index for index, path in enumerate(self.paths)}
        self._uncertain = [i for i, quantity in enumerate(self.quantities) if not quantity.is_exact]
        self._fixed = np.array([q.mean if q.is_exact else np.nan for q in self.quantities], dtype=np.float64)
        self._blocks = self._checked_blocks(correlations)
        self._groups = self._grouped()

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.paths)

    @property
    def is_exact(self) -> bool:
        """Whether no column carries doubt."""
        return not self._uncertain

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Paths of the columns that carry doubt."""
        return tuple(self.paths[i] for i in self._uncertain)

    @property
    def means(self) -> Array:
        """Expected value of every column, shape (n,)."""
        return self._moments(0)

    @property
    def sds(self) -> Array:
        """Standard deviation of every column, shape (n,)."""
        return self._moments(1)

    def _moments(self, index: int) -> Array:
        found = np.zeros(len(self.paths)) if index else self._fixed.copy()
        for kind, columns, parameters in self._groups:
            for first in range(0, len(columns), _ROWS):
                part = slice(first, first + _ROWS)
                found[columns[part]] = _MOMENTS[kind](*parameters[:, part])[index]
        for i in self._single:
            found[i] = self.quantities[i].sd if index else self.quantities[i].mean
        return found

    def quantiles(self, u: float) -> Array:
        """Quantile of every column at probability ``u``, shape (n,).

        Raises:
            QuantityError: ``u`` does not lie in 0..1.
        """
        if not 0 <= u <= 1:
            raise QuantityError("a probability must lie between 0 and 1")
        return self.at(np.full((1, len(self._uncertain)), u)).ravel()

    def column(self, path: str) -> int:
        """Return the number of the column at ``path``."""
        try:
            return self._column[path]
        except KeyError:
            raise QuantityError(offering(f"no quantity at {path!r}", path, self.paths)) from None

    def sample(self, seed: int, start: int, count: int) -> Array:
        """Return draws ``start`` to ``start + count`` of every column, shape (count, n); neither is negative."""
        check_draws(start, count)
        coupled = self._coupled(seed, start, count)
        return self._drawn(count, lambda columns: self._uniforms(seed, start, count, columns, coupled))

    def uniforms(self, seed: int, start: int, count: int) -> Array:
        """Return from which uniform each draw of every column in doubt comes, shape (count, `uncertain`)."""
        check_draws(start, count)
        return self._uniforms(seed, start, count, self._uncertain, self._coupled(seed, start, count)).T

    def at(self, u: Array) -> Array:
        """Return the numbers, (rows, n), that uniforms of the columns in doubt, (rows, `uncertain`), stand for."""
        place = {column: k for k, column in enumerate(self._uncertain)}
        return self._drawn(len(u), lambda columns: u[:, [place[column] for column in columns]].T)

    def _drawn(self, count: int, uniforms: Callable[[Iterable[int]], Array]) -> Array:
        """Return the numbers that uniforms of some columns, a row for each, stand for, shape (count, n)."""
        drawn, step = np.tile(self._fixed, (count, 1)), max(1, _CELLS // max(count, 1))
        for kind, columns, parameters in self._groups:
            for first in range(0, len(columns), step):
                part = slice(first, first + step)
                u = uniforms(columns[part])
                drawn[:, columns[part]] = _QUANTILES[kind](u, *parameters[:, part, None]).T
        for i in self._single:
            drawn[:, i] = _searched(self.quantities[i], np.ascontiguousarray(uniforms([i])[0]))
        return drawn

    @property
    def root(self) -> Array:
        """Return what couples the normals of the columns in doubt, shape (`uncertain`, `uncertain`)."""
        found = np.eye(len(self._uncertain))
        for block in self._blocks:
            rows = [self._uncertain.index(self.column(path)) for path in block.paths]
            found[np.ix_(rows, rows)] = block.root
        return found

    def _coupled(self, seed: int, start: int, count: int) -> dict[int, Array]:
        """Return the uniforms of the columns that are correlated with others."""
        coupled: dict[int, Array] = {}
        for block in self._blocks:
            rows = block.couple(uniform_rows(seed, block.paths, start, count))
            coupled.update(zip((self._column[path] for path in block.paths), rows, strict=True))
        return coupled

    def _uniforms(
        self, seed: int, start: int, count: int, columns: Iterable[int], coupled: Mapping[int, Array]
    ) -> Array:
        """Return a row of uniforms for each column."""
        rows = uniform_rows(seed, [self.paths[i] for i in columns], start, count)
        if coupled:
            for row, i in enumerate(columns):
                if i in coupled:
                    rows[row] = coupled[i]
        return rows

    def _grouped(self) -> list[Group]:
        """Collect the columns of one kind, which are drawn many at a time; mixtures are drawn one by one."""
        members: dict[str, list[int]] = {kind: [] for kind in _QUANTILES}
        self._single: list[int] = []
        for i in self._uncertain:
            statements = self.quantities[i].statements
            kind: str = statements[0].kind if len(statements) == 1 else "experts"
            members.get(kind, self._single).append(i)
        groups: list[Group] = []
        for kind, columns in members.items():
            quantities = [self.quantities[i] for i in columns]
            rows = [
                (*quantity.statements[0].parameters, quantity.low, quantity.high) for quantity in quantities
            ]
            if kind == "interval":
                rows = [(max(a, low), min(b, high)) for a, b, low, high in rows]
            if rows:
                groups.append((kind, np.array(columns, dtype=np.intp), np.array(rows).T))
        return groups

    def _checked_blocks(self, correlations: Iterable[RankCorrelation]) -> list[Block]:
        pairs = list(correlations)
        for pair in pairs:
            for path in (pair.first, pair.second):
                if self.quantities[self.column(path)].is_exact:
                    raise QuantityError(f"{path} carries no doubt, so nothing can be correlated with it")
        return coupling(pairs)


def _searched(mixture: Quantity, u: Array) -> Array:
    """Return the quantiles of a mixture, shape (k,); what any table has searched for is not searched again.

    Versions of a case, and its lenses, draw the same numbers of all quantities that they share.
    """
    if len(u) < _FEW:
        return mixture.quantile(u)
    blocks = [_kept(mixture, u[k : k + _BLOCK].tobytes()) for k in range(0, len(u), _BLOCK)]
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


@lru_cache(_BLOCKS)
def _kept(mixture: Quantity, u: bytes) -> Array:
    return mixture.quantile(np.frombuffer(u))
