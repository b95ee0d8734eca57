"""Where on one issue is there a deal? Exactly, by the ends of intervals and the crossings of margins.

On one issue every voter's margin is a tent or a parabola, so a rule's margin is greatest at an end, a peak or a
crossing of two of them; and what a voter accepts is an interval.
"""

from __future__ import annotations

import numpy as np

from detente.case.thresholds import margin, wins
from detente.lenses.winset.deal import Array, Deal

Interval = tuple[float, float]


def candidates(deal: Deal) -> Array:
    """Return every value at which the margin of a rule on one issue can be greatest, shape (n,), ascending."""
    if deal.levels[0] is not None:
        return np.unique(deal.levels[0])
    own = (deal.salience[0, :, 0] > 0) & np.isfinite(deal.radius[0])
    ideal, salience = deal.ideal[0, own, 0], deal.salience[0, own, 0]
    crossings = _crossings(ideal, salience, deal.radius[0, own], quadratic=deal.loss == "quadratic")
    points = np.concatenate([[0.0, 1.0], ideal, deal.floor[0, :, 0], deal.ceiling[0, :, 0], crossings])
    return np.unique(points[np.isfinite(points) & (points >= 0) & (points <= 1)])


def _crossings(ideal: Array, salience: Array, radius: Array, *, quadratic: bool) -> Array:
    """Return where the margins of two voters are equal, over all pairs; not finite where they never are."""
    a, b = np.triu_indices(len(ideal), 1)
    gap = radius[a] - radius[b]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if not quadratic:
            # gap = ± s_a (x - p_a) ∓ s_b (x - p_b), for each pair of sides
            sides = [(x, y) for x in (1.0, -1.0) for y in (1.0, -1.0)]
            return np.concatenate(
                [
                    (gap + x * salience[a] * ideal[a] - y * salience[b] * ideal[b])
                    / (x * salience[a] - y * salience[b])
                    for x, y in sides
                ]
            )
        square = salience[a] - salience[b]
        half = salience[a] * ideal[a] - salience[b] * ideal[b]
        rest = salience[a] * ideal[a] ** 2 - salience[b] * ideal[b] ** 2 - gap
        root = np.sqrt(np.maximum(half * half - square * rest, 0.0))
        far = half + np.copysign(root, half)
        return np.concatenate([far / square, rest / far, rest / (2 * half)])


def best_value(deal: Deal) -> tuple[float, float]:
    """Return the value of one issue with the greatest margin of the rule, and that margin."""
    points = candidates(deal)
    found = margin(deal.rule, deal.margins(points[None, :, None])[0])
    best = int(np.argmax(found))
    return float(points[best]), float(found[best])


def accepted(deal: Deal) -> tuple[Array, Array]:
    """Return the interval that each voter accepts on one issue: ends of shape (V,), the first greater if none."""
    ideal, salience, radius = deal.ideal[0, :, 0], deal.salience[0, :, 0], deal.radius[0]
    own = salience > 0
    with np.errstate(invalid="ignore", over="ignore"):
        reach = np.where(radius >= 0, radius, -np.inf) / np.where(own, salience, 1.0)
        if deal.loss == "quadratic":
            reach = np.sign(reach) * np.sqrt(np.abs(reach))
        reach = np.where(own, reach, np.where(radius >= 0, np.inf, -np.inf))
        centre = np.where(own, ideal, 0.0)
    return np.maximum(centre - reach, deal.floor[0, :, 0]), np.minimum(centre + reach, deal.ceiling[0, :, 0])


def intervals(deal: Deal) -> list[Interval]:
    """Return all values of one issue that win consent, as closed intervals, ascending; a point has equal ends.

    A discrete issue gives a point per level.
    """
    low, high = accepted(deal)
    ends = np.unique(np.clip(np.concatenate([[0.0, 1.0], low[low <= high], high[low <= high]]), 0.0, 1.0))
    if deal.levels[0] is not None:
        ends = np.unique(deal.levels[0])
    at_ends = _won(deal, ends, low, high)
    if deal.levels[0] is not None:
        return [(float(x), float(x)) for x in ends[at_ends]]
    between = _won(deal, (ends[1:] + ends[:-1]) / 2, low, high)
    found: list[Interval] = []
    for k in np.flatnonzero(at_ends):
        joined = k > 0 and between[k - 1] and at_ends[k - 1]
        start = found.pop()[0] if joined else ends[k]
        found.append((float(start), float(ends[k])))
    return found


def _won(
    deal: Deal, points: Array, low: Array, high: Array
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return wins(deal.rule, (points[:, None] >= low - 1e-12) & (points[:, None] <= high + 1e-12))
