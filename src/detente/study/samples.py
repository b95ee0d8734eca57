"""Which outcomes does a lens give draw by draw? Whole columns, for comparing runs on the same draws."""

from __future__ import annotations

import numpy as np

from detente.case import Case
from detente.lenses import lens
from detente.lenses.blocks import Progress, over_blocks
from detente.lenses.summary import Array


def samples(
    case: Case,
    lens_name: str,
    *,
    draws: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Array]:
    """Return outcome → shape (draws,), for draws 0 to ``draws`` of the seed.

    An outcome that is missing in some draws is left out.
    """
    view = lens(lens_name).view(case)

    def block(start: int, count: int) -> dict[str, Array]:
        return view.outcomes(view.table.sample(seed, start, count))

    blocks = list(over_blocks(block, draws, workers, progress))
    common = [label for label in blocks[0] if all(label in one for one in blocks)]
    return {label: np.concatenate([one[label] for one in blocks]) for label in common}
