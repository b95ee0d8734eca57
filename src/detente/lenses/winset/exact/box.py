"""What do red lines leave, and how well can each voter fare within its own?"""

from __future__ import annotations

import numpy as np

from detente.case.thresholds import Agreed
from detente.lenses.winset.deal import Array, Deal

SLACK = 1e-9
"""How far outside a red line still counts as on it; as in ``Deal.margins``."""


def common_box(deal: Deal, coalition: Agreed) -> tuple[Array, Array] | None:
    """Return the lowest and highest value per issue within everyone's red lines, shapes (d,).

    On a discrete issue these are levels. ``None`` where the red lines leave nothing.
    """
    low = np.maximum(deal.floor[0][coalition].max(axis=0, initial=0.0), 0.0)
    high = np.minimum(deal.ceiling[0][coalition].min(axis=0, initial=1.0), 1.0)
    for i, levels in enumerate(deal.levels):
        if levels is not None:
            left = levels[(levels >= low[i] - SLACK) & (levels <= high[i] + SLACK)]
            if not len(left):
                return None
            low[i], high[i] = left.min(), left.max()
    if (low > high + SLACK).any():
        return None
    return np.minimum(low, high), high


def weighted_optimum(deal: Deal, weights: Array, box: tuple[Array, Array]) -> tuple[Array, float]:
    """Return the package with the least weighted loss in a box, and that loss; exact, issue by issue.

    A city-block sum is least at an ideal or an end, a quadratic one at the weighted mean of ideals brought into
    the box; on a discrete issue every level is tried.

    Args:
        deal: one draw.
        weights: shape (V,), ≥ 0.
        box: from ``common_box``.
    """
    package = np.empty(deal.issues)
    total = 0.0
    pulls = weights[:, None] * deal.salience[0]
    for i, levels in enumerate(deal.levels):
        low, high = box[0][i], box[1][i]
        own = pulls[:, i] > 0
        pull, ideal = pulls[own, i], deal.ideal[0, own, i]
        if levels is not None:
            tried = levels[(levels >= low - SLACK) & (levels <= high + SLACK)]
        elif deal.loss == "city_block":
            tried = np.concatenate([[low, high], np.clip(ideal, low, high)])
        else:
            tried = np.array([np.clip(pull @ ideal / pull.sum(), low, high) if len(pull) else low])
        apart = np.abs(tried[:, None] - ideal) ** (2 if deal.loss == "quadratic" else 1) @ pull
        best = int(np.argmin(apart))
        package[i] = tried[best]
        total += float(apart[best])
    return package, total


def own_best(deal: Deal) -> Array:
    """Return the best margin that each voter can have within its own red lines, shape (V,); -inf where none."""
    best = np.full(deal.voters, -np.inf)
    for v in range(deal.voters):
        alone = np.arange(deal.voters) == v
        box = common_box(deal, alone)
        if box is not None:
            best[v] = deal.radius[0, v] - weighted_optimum(deal, alone.astype(float), box)[1]
    return best


def certified_bound(deal: Deal, weights: Array, coalition: Agreed) -> float:
    """Return the most margin that a package can give all of a coalition, by a weighted average alone.

    No package gives every member more than ``max over x of Σ λ_v (ρ_v - l_v(x))`` for weights λ that sum to 1.
    Recomputed from the deal, without a solver: whoever holds λ can check that there is no deal.

    Args:
        deal: one draw.
        weights: shape (V,), ≥ 0 and not all 0; brought to the sum 1. Only the coalition's count.
        coalition: shape (V,): whose red lines hold.

    Returns:
        An upper bound on the coalition's margin; ``-inf`` where its red lines leave no package.
    """
    box = common_box(deal, coalition)
    if box is None:
        return -np.inf
    held = np.where(coalition, np.maximum(weights, 0.0), 0.0)
    if not held.sum() > 0:
        return np.inf
    held = held / held.sum()
    own = held > 0
    return float(held[own] @ deal.radius[0][own]) - weighted_optimum(deal, held, box)[1]
