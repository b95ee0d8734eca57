"""What is gained by settling the issues together? A package against each issue settled by itself.

Settled alone, an issue finds a deal only if everybody needed gains on that issue; in a package a loss here is paid
for by a gain there (log-rolling; Raiffa 1982, *The Art and Science of Negotiation*). All gains are in units of the
whole deal: what a voter gains on an issue alone counts as much as the issue does among all of the deal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.exact.solutions import Name, Package, solution
from detente.lenses.winset.exact.zone import zone

MEASURES: dict[str, Name] = {"least": "egalitarian", "sum": "utilitarian", "product": "nash"}
"""What a package is worth to the parties together, and the solution that has most of it."""
SHIFT = 1e-6
"""How much a gain on an issue must change to count as given or got."""


@dataclass(frozen=True, eq=False)
class Trade:
    """What linking moves on one issue.

    Attributes:
        issue: its row.
        gets: (party, how much more it gains on this issue than if that were settled alone), the most first.
        gives: (party, how much less), the most first; amounts are above 0.
    """

    issue: int
    gets: tuple[tuple[int, float], ...]
    gives: tuple[tuple[int, float], ...]


@dataclass(frozen=True, eq=False)
class Linking:
    """A package beside the issues settled one by one; a party without a stance gains 0 either way.

    Attributes:
        package: the solution over all issues, ``None`` where no package wins consent.
        alone: shape (d,): whether the issue alone finds a deal.
        apart: shape (d,): where each issue alone ends; the no-deal point where it finds no deal (NaN if unknown).
        gains: shape (K,): what each party gains from the package; zeros without one.
        gains_apart: shape (K, d): what it gains issue by issue, 0 where that finds no deal.
        changes: shape (K, d): how much more it gains on each issue from the package; zeros without one.
        values: measure (``least`` gain, ``sum`` of gains, ``product`` of gains) → (most that a package has, what
            the issues one by one have). The product is 0 where somebody gains nothing; all are 0 without a deal.
        trades: what linking moves, by issue; empty without a package.
    """

    package: Package | None
    alone: NDArray[np.bool_]
    apart: Array
    gains: Array
    gains_apart: Array
    changes: Array
    values: dict[str, tuple[float, float]]
    trades: tuple[Trade, ...]

    @property
    def opens(self) -> bool:
        """Whether the package finds a deal and no issue does by itself."""
        return self.package is not None and not bool(self.alone.any())

    @property
    def least_gain(self) -> float | None:
        """How much greater the least gain can be in a package, ``None`` without one."""
        return self._difference("least")

    @property
    def total_gain(self) -> float | None:
        """How much greater the sum of gains can be in a package, ``None`` without one."""
        return self._difference("sum")

    def _difference(self, measure: str) -> float | None:
        together, apart = self.values[measure]
        return None if self.package is None else together - apart


def linking(deal: Deal, alone: Sequence[Deal] | None, parties: Sequence[int], name: Name = "nash") -> Linking:
    """Return the package of a solution beside the same solution of each issue alone.

    Args:
        deal: one draw.
        alone: per issue the deal on it alone, one draw, with the same rows, in units of its own; ``None`` for
            those of ``split``.
        parties: rows of the parties, K.
        name: of the solution, for the package and for each issue.

    Returns:
        Without package or deals alone where those cannot be computed.

    Raises:
        OptionError: not one deal per issue.
    """
    singles = split(deal) if alone is None else alone
    if len(singles) != deal.issues:
        raise OptionError(
            f"{len(singles)} deals on one issue beside {deal.issues} issues; give one per issue"
        )
    found = [_agreed(_in_units_of(deal, i, single), name, parties) for i, single in enumerate(singles)]
    gains_apart = np.array([np.zeros(len(parties)) if p is None else _finite(p.gains) for p in found]).T
    apart = np.array([deal.no_deal[0, i] if p is None else p.package[0] for i, p in enumerate(found)])
    package = _agreed(deal, name, parties)
    changes = np.zeros_like(gains_apart)
    values = dict.fromkeys(MEASURES, (0.0, 0.0))
    if package is not None:
        radii = np.array([_in_units_of(deal, i, one).radius[0] for i, one in enumerate(singles)]).T
        changes = _finite(_by_issue(deal, package.package, radii)[list(parties)]) - gains_apart
        stance = [k for k, v in enumerate(parties) if deal.radius[0, v] < np.inf]
        total = gains_apart.sum(axis=1)[stance]
        values = {m: (_most(deal, m, parties, stance), _measured(m, total)) for m in MEASURES}
    return Linking(
        package=package,
        alone=np.array([p is not None for p in found]),
        apart=apart,
        gains=np.zeros(len(parties)) if package is None else _finite(package.gains),
        gains_apart=gains_apart,
        changes=changes,
        values=values,
        trades=_trades(parties, changes),
    )


def split(deal: Deal) -> list[Deal]:
    """Return each issue as a deal of its own under the same rule, in units of the whole deal.

    What the lack of a deal costs is split by issue: the loss at the issue's no-deal point, plus a share, by
    salience, in what failure costs beyond the issues; all of it by salience where that point is unknown. The parts
    add up to the radius. A voter who does not care for an issue agrees to whatever its red lines allow.

    Args:
        deal: one draw.
    """
    salience, radius = deal.salience[0], deal.radius[0]
    known = ~np.isnan(deal.no_deal[0])
    lost = -_by_issue(deal, np.nan_to_num(deal.no_deal[0]), np.zeros_like(salience)) * known
    total = salience.sum(axis=1, keepdims=True)
    shares = np.divide(salience, total, out=np.zeros_like(salience), where=total > 0)
    with np.errstate(invalid="ignore"):
        rest = shares * (radius - lost.sum(axis=1))[:, None]
    return [_one(deal, i, lost[:, i] + rest[:, i]) for i in range(deal.issues)]


def _one(deal: Deal, i: int, radius: Array) -> Deal:
    one = slice(i, i + 1)
    return replace(
        deal,
        ideal=deal.ideal[:, :, one],
        salience=deal.salience[:, :, one],
        radius=np.where(deal.salience[0, :, i] > 0, radius, np.inf)[None],
        floor=deal.floor[:, :, one],
        ceiling=deal.ceiling[:, :, one],
        no_deal=deal.no_deal[:, one],
        levels=deal.levels[one],
    )


def _in_units_of(deal: Deal, i: int, single: Deal) -> Deal:
    """Return a deal on one issue with losses that count as the issue does in the whole deal."""
    own, whole = single.salience[0, :, 0], deal.salience[0, :, i]
    cares = (own > 0) & (whole > 0)
    factor = np.divide(whole, own, out=np.ones_like(own), where=cares)
    salience = np.where(cares, whole, 0.0)[None, :, None]
    return replace(single, salience=salience, radius=np.where(cares, single.radius[0] * factor, np.inf)[None])


def _by_issue(deal: Deal, package: Array, radii: Array) -> Array:
    """Return what each voter gains on each issue, shape (V, d): its radius there less its loss there."""
    apart = np.abs(package - deal.ideal[0]) ** (2 if deal.loss == "quadratic" else 1)
    return np.asarray(radii - deal.salience[0] * apart)


def _finite(gains: Array) -> Array:
    """Return gains with 0 for those without a stance."""
    return np.where(np.isinf(gains), 0.0, gains)


def _agreed(deal: Deal, name: Name, parties: Sequence[int]) -> Package | None:
    """Return a solution where consent can be won with something to gain for everybody needed."""
    return solution(deal, name, parties) if zone(deal).status == "deal" else None


def _trades(parties: Sequence[int], changes: Array) -> tuple[Trade, ...]:
    """Return who gets and who gives on each issue, from changes of shape (K, d)."""
    trades = []
    for i, column in enumerate(changes.T):
        order = np.argsort(-np.abs(column), kind="stable")
        gets = tuple((parties[k], float(column[k])) for k in order if column[k] > SHIFT)
        gives = tuple((parties[k], float(-column[k])) for k in order if column[k] < -SHIFT)
        if gets or gives:
            trades.append(Trade(i, gets, gives))
    return tuple(trades)


def _most(deal: Deal, measure: str, parties: Sequence[int], stance: Sequence[int]) -> float:
    """Return the most of a measure that a package of the zone has, over the parties with a stance."""
    found = solution(deal, MEASURES[measure], parties)
    return 0.0 if found is None else _measured(measure, found.gains[list(stance)])


def _measured(measure: str, own: Array) -> float:
    """Return a measure of gains; 0 where nobody has a stance."""
    if measure == "sum":
        return float(own.sum())
    if measure == "least":
        return float(own.min(initial=np.inf)) if len(own) else 0.0
    return float(np.prod(own)) if len(own) and bool((own > TOLERANCE).all()) else 0.0
