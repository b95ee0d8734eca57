"""Which of finitely many packages? All combinations of levels, their margins by adding up tables of losses."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from detente.lenses.winset.deal import Array, Deal

MOST = 200_000
"""Up to how many packages are looked at one by one."""
BLOCK = 4096


def countable(deal: Deal, most: int = MOST) -> bool:
    """Say whether every issue is discrete and the packages are few enough to look at all."""
    return prod(most + 1 if levels is None else len(levels) for levels in deal.levels) <= most


def packages(deal: Deal) -> Iterator[Array]:
    """Yield all packages of a deal of discrete issues, in blocks of shape (n, d)."""
    levels = [np.asarray(own) for own in deal.levels if own is not None]
    shape = tuple(len(own) for own in levels)
    count = prod(shape)
    for start in range(0, count, BLOCK):
        chosen = np.unravel_index(np.arange(start, min(start + BLOCK, count)), shape) if shape else ()
        yield (
            np.stack([a[k] for a, k in zip(levels, chosen, strict=True)], axis=-1)
            if shape
            else np.zeros((1, 0))
        )
