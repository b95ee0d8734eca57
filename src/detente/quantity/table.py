"""How are all numbers of a case drawn at once? As one table, a column per quantity.

Columns of one kind are drawn together; every column keeps its own stream, so the value of a cell depends only
on the seed, the number of the draw and the path of its quantity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.errors import QuantityError, did_you_mean
from detente.quantity import distributions
from detente.quantity.correlation import Copula, RankCorrelation, copula
from detente.quantity.distributions import Array
from detente.quantity.quantity import Quantity
from detente.quantity.streams import uniforms


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
            QuantityError: a correlation names no column, one without doubt, or contradicts the others.
        """
        self.paths = tuple(quantities)
        self.quantities = tuple(quantities.values())
        self._column = {path: index for index, path in enumerate(self.paths)}
        self._uncertain = [i for i, quantity in enumerate(self.quantities) if not quantity.is_exact]
        self._copula = self._checked_copula(correlations)
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
        return np.array([quantity.mean for quantity in self.quantities], dtype=np.float64)

    @property
    def sds(self) -> Array:
        """Standard deviation of every column, shape (n,)."""
        return np.array([quantity.sd for quantity in self.quantities], dtype=np.float64)

    def quantiles(self, u: float) -> Array:
        """Quantile of every column at probability ``u``, shape (n,)."""
        return np.array([float(quantity.quantile(u)) for quantity in self.quantities], dtype=np.float64)

    def column(self, path: str) -> int:
        """Return the number of the column at ``path``."""
        try:
            return self._column[path]
        except KeyError:
            hint = did_you_mean(path, self.paths)
            raise QuantityError(f"no quantity at {path!r}" + (f"; {hint}" if hint else "")) from None

    def sample(self, seed: int, start: int, count: int) -> Array:
        """Return draws ``start`` to ``start + count`` of every column, shape (count, n)."""
        drawn = np.empty((count, len(self.paths)))
        drawn[:] = [q.mean if q.is_exact else np.nan for q in self.quantities]
        if not self._uncertain:
            return drawn
        u = np.empty((count, len(self.paths)))
        for i in self._uncertain:
            u[:, i] = uniforms(seed, self.paths[i], start, count)
        if self._copula is not None:
            columns = [self._column[path] for path in self._copula.paths]
            u[:, columns] = self._copula.couple(u[:, columns])
        for kind, columns_of_kind, parameters in self._groups:
            picked = u[:, columns_of_kind]
            if kind == "normal":
                drawn[:, columns_of_kind] = distributions.normal_quantile(picked, *parameters)
            else:
                drawn[:, columns_of_kind] = distributions.interval_quantile(picked, *parameters)
        for i in self._single:
            drawn[:, i] = self.quantities[i].quantile(u[:, i])
        return drawn

    def _grouped(self) -> list[tuple[str, NDArray[np.intp], list[Array]]]:
        """Collect single normals and intervals, which are drawn a whole block of columns at a time."""
        members: dict[str, list[int]] = {"normal": [], "interval": []}
        self._single: list[int] = []
        for i in self._uncertain:
            statements = self.quantities[i].statements
            kind: str = statements[0].kind if len(statements) == 1 else "experts"
            members.get(kind, self._single).append(i)
        groups: list[tuple[str, NDArray[np.intp], list[Array]]] = []
        for group, columns in members.items():
            if not columns:
                continue
            quantities = [self.quantities[i] for i in columns]
            first, second = np.array([quantity.statements[0].parameters for quantity in quantities]).T
            low = np.array([quantity.low for quantity in quantities])
            high = np.array([quantity.high for quantity in quantities])
            if group == "normal":
                parameters = [first, second, low, high]
            else:
                parameters = [np.maximum(first, low), np.minimum(second, high)]
            groups.append((group, np.array(columns, dtype=np.intp), parameters))
        return groups

    def _checked_copula(self, correlations: Iterable[RankCorrelation]) -> Copula | None:
        pairs = list(correlations)
        for pair in pairs:
            for path in (pair.first, pair.second):
                if self.quantities[self.column(path)].is_exact:
                    raise QuantityError(f"{path} carries no doubt, so nothing can be correlated with it")
        return copula(pairs)
