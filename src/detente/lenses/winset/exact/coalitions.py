"""Which voters are alike in everything? They agree or refuse together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset.deal import Deal


def alike(deal: Deal) -> NDArray[np.intp]:
    """Return the first voter with the same numbers as each, shape (V,): they agree or refuse together."""
    own = deal.salience[0] > 0
    ideal = np.where(own, deal.ideal[0], 0.0)
    table = np.hstack([ideal, deal.salience[0], deal.floor[0], deal.ceiling[0], deal.radius[0][:, None]])
    _, first, group = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return np.asarray(first[group.reshape(-1)], dtype=np.intp)
