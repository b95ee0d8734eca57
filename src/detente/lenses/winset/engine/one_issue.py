"""What if a deal is about a single issue? Then everybody accepts an interval, and nothing has to be searched for.

Sweeping the ends of the intervals finds the whole zone: where a piece of it begins, somebody's interval begins,
and where it ends, somebody's ends. Gains are concave, so the best package of the zone is the one nearest, on one
side or the other, to what would be best if there were no zone to keep to. All draws at once, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Node, Voter, all_of, wins
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.engine.kernel import Reply
from detente.lenses.winset.engine.losses import ON_THE_LINE
from detente.lenses.winset.engine.named_solutions import EGALITARIAN, KALAI_SMORODINSKY, NASH, UTILITARIAN

Mask = NDArray[np.bool_]
Slope = Callable[[Array], Array]

ROOM = 20_000_000
"""Comparisons made at once; more draws than that allows are taken block by block."""
HALVINGS = 44


def blocks(deal: Deal) -> list[slice]:
    """Return the draws in blocks that fit in memory."""
    levels = deal.levels[0]
    points = 2 * deal.voters + 2 if levels is None else len(levels)
    size = max(1, ROOM // (deal.voters * points))
    return [slice(at, at + size) for at in range(0, deal.draws, size)]


class Zone:
    """What a rule accepts on one issue, in every draw.

    Attributes:
        low: (V, D): least value that a voter accepts, ``inf`` where it accepts none.
        high: (V, D): greatest value.
        ends: (D, P): where pieces of the zone may begin or end; or all values that can be agreed.
        inside: (D, P): which of them are in the zone.
    """

    def __init__(self, deal: Deal, rule: Node, level: Array | float) -> None:
        """Sweep the ends of the intervals in which voters gain at least ``level``, shape (D,)."""
        self.rule, self.free = rule, deal.levels[0] is None
        wants, cares = deal.ideal[..., 0].T, deal.salience[..., 0].T
        room = deal.radius.T - level
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.where(cares > 0, room / cares, np.inf)
            reach = np.sqrt(reach) if deal.loss == "quadratic" else reach
        low = np.maximum(np.maximum(wants - reach, deal.floor[..., 0].T - ON_THE_LINE), 0.0)
        high = np.minimum(np.minimum(wants + reach, deal.ceiling[..., 0].T + ON_THE_LINE), 1.0)
        able = (room >= 0) & (low <= high)
        self.low, self.high = np.where(able, low, np.inf), np.where(able, high, -np.inf)
        edge = np.broadcast_to([[0.0], [1.0]], (2, deal.draws))
        if deal.levels[0] is None:
            self.ends = np.concatenate([self.low, self.high, edge]).T
        else:
            self.ends = np.broadcast_to(deal.levels[0], (deal.draws, len(deal.levels[0])))
        self.inside = self.holds(self.ends)

    def holds(self, values: Array) -> Mask:
        """Return whether values, shape (D, P), are in the zone; the same shape."""
        agreed = (self.low[..., None] <= values) & (values <= self.high[..., None])
        return np.asarray(wins(self.rule, np.moveaxis(agreed, 0, -1)) & np.isfinite(values))

    def near(self, values: Array) -> Array:
        """Return the values, shape (D, P), themselves if in the zone, and the nearest ones below and above.

        Returns:
            (D, P, 3), NaN where there is none.
        """
        itself = np.where(self.holds(values) & self.free, values, np.nan)
        below = np.where(self.inside, self.ends, -np.inf)[:, None, :]
        above = np.where(self.inside, self.ends, np.inf)[:, None, :]
        left = np.where(below <= values[..., None], below, -np.inf).max(axis=-1)
        right = np.where(above >= values[..., None], above, np.inf).min(axis=-1)
        found = np.stack([itself, left, right], axis=-1)
        return np.where(np.isfinite(found), found, np.nan)


def spanned(deal: Deal, slack: Array) -> Reply:
    """Return the least and the greatest value of the zone, (D, 2, 1); NaN where ``slack`` is."""
    package = np.full((deal.draws, 2, 1), np.nan)
    for block in blocks(deal):
        zone = Zone(deal.rows(block), deal.rule, -slack[block])
        ends = [
            np.where(zone.inside, zone.ends, np.inf).min(axis=1),
            np.where(zone.inside, zone.ends, -np.inf).max(axis=1),
        ]
        package[block, :, 0] = np.where(np.isfinite(ends), ends, np.nan).T
    return Reply(np.empty(0), package)


def share_accepted(deal: Deal) -> float:
    """Return the share of the scale, or of the levels, that wins consent in the only draw."""
    zone = Zone(deal, deal.rule, 0.0)
    if not zone.free:
        return float(zone.inside.mean())
    ends = np.unique(np.clip(zone.ends[np.isfinite(zone.ends)], 0.0, 1.0))[None]
    return float(np.diff(ends)[zone.holds((ends[:, 1:] + ends[:, :-1]) / 2)].sum())


def settled(deal: Deal, slack: Array, parties: Sequence[int], wanted: Sequence[bool], first: Array) -> Reply:
    """Return the named solutions, (D, 4, 1), in the order of ``solving``; NaN where ``slack`` is.

    Args:
        deal: one issue.
        slack: (D,): shortfall that counts as consent.
        parties: who must gain, besides what the rule says.
        wanted: which solutions.
        first: (D,): a value in the zone, the solution where no party can gain.
    """
    package = np.full((deal.draws, 4, 1), np.nan)
    rule = all_of(deal.rule, *(Voter(v) for v in dict.fromkeys(parties)))
    for block in blocks(deal):
        known = np.arange(deal.draws)[block][np.isfinite(slack[block])]
        if known.size:
            rows = deal.rows(known)
            zone = Zone(rows, rule, -slack[known])
            bargain = Bargain(rows, zone, list(dict.fromkeys(parties)), first[known])
            package[known, :, 0] = bargain.solutions(wanted)
    return Reply(np.empty(0), package)


class Bargain:
    """What parties gain on one issue, and where in the zone they gain most."""

    def __init__(self, deal: Deal, zone: Zone, parties: Sequence[int], first: Array) -> None:
        """Note the parties' wants, shape (K, D)."""
        self.zone, self.first, self.quadratic = zone, first, deal.loss == "quadratic"
        self.wants, self.cares = deal.ideal[:, parties, 0].T, deal.salience[:, parties, 0].T
        self.radius = deal.radius[:, parties].T
        self.counts = np.isfinite(self.radius)

    def gains(self, values: Array) -> Array:
        """Return what values, shape (D, ...), gain the parties, (K, D, ...)."""
        more = (slice(None), slice(None)) + (None,) * (values.ndim - 1)
        apart = np.abs(values - self.wants[more])
        return np.asarray(self.radius[more] - self.cares[more] * (apart * apart if self.quadratic else apart))

    def slopes(self, values: Array) -> Array:
        """Return how fast gains grow at values, shape (D,): (K, D)."""
        apart = values - self.wants
        return np.asarray(-self.cares * (2 * apart if self.quadratic else np.sign(apart)))

    def solutions(self, wanted: Sequence[bool]) -> Array:
        """Return the solutions that are wanted, (D, 4)."""
        found = np.full((len(self.first), 4), np.nan)
        ones = np.ones_like(self.radius)
        if wanted[EGALITARIAN] or wanted[NASH]:
            found[:, EGALITARIAN] = self._fairest(ones, self.counts)
        if wanted[NASH]:
            found[:, NASH] = self._most_product(found[:, EGALITARIAN])
        if wanted[UTILITARIAN]:
            found[:, UTILITARIAN] = self._most_sum()
        if wanted[KALAI_SMORODINSKY]:
            most = self._most()
            able = self.counts & (most > TOLERANCE)
            fair = self._fairest(most, able)
            if not able.any(
                axis=0
            ).all():  # where nobody can gain, nobody shall lose: the egalitarian package
                fair = np.where(able.any(axis=0), fair, self._fairest(ones, self.counts))
            found[:, KALAI_SMORODINSKY] = fair
        found[~self.zone.inside.any(axis=1)] = np.nan
        return found

    def _most(self) -> Array:
        """Return the most that each party can gain in the zone, (K, D)."""
        near = self.zone.near(self.wants.T).transpose(1, 0, 2)
        apart = np.abs(near - self.wants[..., None])
        lost = self.cares[..., None] * (apart * apart if self.quadratic else apart)
        return np.asarray(self.radius - np.where(np.isnan(lost), np.inf, lost).min(axis=-1))

    def _fairest(self, shares: Array, counts: Mask) -> Array:
        def slope(x: Array) -> Array:
            own = np.where(counts, self.gains(x) / shares, np.inf)
            return np.asarray(np.take_along_axis(self.slopes(x), own.argmin(axis=0)[None], axis=0)[0])

        def least(x: Array) -> Array:
            return np.asarray(
                np.where(counts[..., None], self.gains(x) / shares[..., None], np.inf).min(axis=0)
            )

        with np.errstate(divide="ignore", invalid="ignore"):
            best = self._best(self._peak(slope), least)
        return np.where(counts.any(axis=0), best, self.first)

    def _most_product(self, fair: Array) -> Array:
        def slope(x: Array) -> Array:
            own = np.where(self.counts, self.gains(x), np.inf)
            worst = np.take_along_axis(self.slopes(x), own.argmin(axis=0)[None], axis=0)[0]
            total = np.where(self.counts, self.slopes(x) / own, 0.0).sum(axis=0)
            return np.asarray(np.where(own.min(axis=0) > 0, total, worst))

        def product(x: Array) -> Array:
            own = np.where(self.counts[..., None], self.gains(x), 1.0)
            return np.asarray(np.log(np.maximum(own, 0.0)).sum(axis=0))

        with np.errstate(divide="ignore", invalid="ignore"):
            best = self._best(self._peak(slope), product)
            able = np.where(self.counts, self.gains(fair), np.inf).min(axis=0) > TOLERANCE
        return np.where(able, best, np.nan)

    def _most_sum(self) -> Array:
        def slope(x: Array) -> Array:
            return np.asarray(np.where(self.counts, self.slopes(x), 0.0).sum(axis=0))

        def total(x: Array) -> Array:
            return np.asarray(np.where(self.counts[..., None], self.gains(x), 0.0).sum(axis=0))

        return self._best(self._peak(slope), total)

    def _peak(self, slope: Slope) -> Array:
        """Return where something concave is greatest on the scale, by halving, (D,)."""
        low, high = np.zeros(len(self.first)), np.ones(len(self.first))
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            rises = slope(middle) > 0
            low, high = np.where(rises, middle, low), np.where(rises, high, middle)
        return np.asarray(0.5 * (low + high))

    def _best(self, peak: Array, value: Slope) -> Array:
        """Return the value of the zone, near the peak of something concave, where that is greatest, (D,)."""
        near = self.zone.near(peak[:, None])[:, 0]
        worth = np.where(np.isnan(near), -np.inf, value(np.nan_to_num(near)))
        return np.take_along_axis(near, worth.argmax(axis=1)[:, None], axis=1)[:, 0]
