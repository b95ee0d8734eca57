"""How large is the zone? Its share of all packages: exact on one issue and for few packages, else quasi-random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.case.thresholds import margin
from detente.errors import OptionError
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.exact.fault import fault
from detente.lenses.winset.exact.packages import countable, packages
from detente.lenses.winset.exact.sweep import intervals

SCRAMBLINGS = 16
POINTS = 2048


@dataclass(frozen=True, slots=True)
class Size:
    """Share of all packages that win consent.

    Attributes:
        share: 0..1; on a discrete issue every level counts alike.
        error: standard error of the share, 0 where it is exact.
    """

    share: float
    error: float


def size(deal: Deal, *, points: int = POINTS, seed: int = 0) -> Size | None:
    """Return the share of the volume of all packages that wins consent (weakly).

    The error of the quasi-random estimate comes from the spread of independent scramblings of Sobol points (Owen
    1997), not from a formula that assumes independent points.

    Args:
        deal: one draw.
        points: per scrambling, a power of 2.
        seed: of the scramblings.

    Returns:
        ``None`` where the deal cannot be computed.

    Raises:
        OptionError: ``points`` is no power of 2.
    """
    if points < 1 or points & (points - 1):
        raise OptionError(f"points is {points}; Sobol points need a power of 2, such as {POINTS}")
    if fault(deal):
        return None
    if countable(deal):
        won = [_won(deal, block) for block in packages(deal)]
        return Size(float(np.concatenate(won).mean()), 0.0)
    if deal.issues == 1:
        return Size(float(sum(high - low for low, high in intervals(deal))), 0.0)
    shares = [float(_won(deal, _spread(deal, points, seed + k)).mean()) for k in range(SCRAMBLINGS)]
    return Size(float(np.mean(shares)), float(np.std(shares, ddof=1) / np.sqrt(SCRAMBLINGS)))


def _won(deal: Deal, block: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray(margin(deal.rule, deal.margins(block[None])[0]) >= 0)


def _spread(deal: Deal, points: int, seed: int) -> Array:
    """Return Sobol points on the scales, shape (points, d), brought to levels on discrete issues."""
    from scipy.stats.qmc import Sobol

    spread = np.asarray(Sobol(deal.issues, rng=np.random.default_rng(seed)).random(points))
    for i, levels in enumerate(deal.levels):
        if levels is not None:
            spread[:, i] = levels[(spread[:, i] * len(levels)).astype(np.intp)]
    return spread
