"""Random cross-impact matrices, with self-impacts and ties, and what is made of them for the package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from detente.lenses.crossimpact.balances import Shape, Whole
from detente.lenses.crossimpact.search import search

MOST = 5_000


@dataclass(frozen=True)
class Matrix:
    """A matrix: sizes of the descriptors, and cells with the row as the source."""

    sizes: tuple[int, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def shape(self) -> Shape:
        return Shape.of(list(self.sizes))

    @property
    def array(self) -> Whole:
        return np.array(self.cells, np.int64)


@st.composite
def matrices(draw: st.DrawFn, most: int = 4, reach: int = 3) -> Matrix:
    """Return small matrices with few different values, so that there are ties; some have many empty blocks."""
    sizes = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=most)))
    size = sum(sizes)
    row = st.tuples(*[st.integers(-reach, reach)] * size)
    owner = [j for j, count in enumerate(sizes) for _ in range(count)]
    keeps = st.integers(0, 3).map(lambda number: number == 0) if draw(st.booleans()) else st.just(True)
    kept = [[draw(keeps) for _ in sizes] for _ in sizes]
    return Matrix(
        sizes,
        tuple(
            tuple(cell if kept[owner[r]][owner[c]] else 0 for c, cell in enumerate(draw(row)))
            for r in range(size)
        ),
    )


def found(
    matrix: Matrix,
    tolerance: int = 0,
    *,
    fixed: dict[int, int] | None = None,
    bans: tuple[dict[int, set[int]], ...] = (),
) -> tuple[list[tuple[int, ...]], bool]:
    """Return what the search finds, sorted, and whether it says that this is all."""
    shape, held = matrix.shape, fixed or {}
    tested = np.array([j not in held for j in range(shape.count)])
    start = np.array(
        [[1 << held[j] if j in held else (1 << size) - 1 for j, size in enumerate(matrix.sizes)]]
    )
    whole = [(1 << size) - 1 for size in matrix.sizes]
    forbidden = np.array(
        [[sum(1 << k for k in ban[j]) if j in ban else whole[j] for j in range(shape.count)] for ban in bans],
        np.int64,
    ).reshape(len(bans), shape.count)
    told, _, _, complete = search(
        matrix.array[None], shape.offsets, tested, start.astype(np.int64), forbidden, tolerance, 10**6, MOST
    )
    return sorted(map(tuple, told.tolist())), bool(complete[0])
