"""What is gained by settling the issues together? A package against each issue settled by itself.

Settled alone, an issue finds a deal only if everybody needed gains on that issue; in a package a loss here is paid
for by a gain there (log-rolling; Raiffa 1982, *The Art and Science of Negotiation*). All gains are in units of the
whole deal: what a voter gains on an issue alone counts as much as the issue does among all of the deal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset.agreements import Linking, Swap
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.engine import DEAL, solution, verdicts

SHIFT = 1e-6
"""How much a gain on an issue must change to count as given or got."""


class Parts(NamedTuple):
    """A package beside the issues settled one by one; a party without a stance gains 0 either way.

    Attributes:
        package: shape (d,): the solution over all issues, ``None`` where no package wins consent.
        alone: shape (d,): whether the issue alone finds a deal.
        apart: shape (K, d): what each party gains issue by issue, 0 where that finds no deal.
        changes: shape (K, d): how much more it gains on each issue from the package; zeros without one.
        least_gain: how much greater the least gain can be in a package, ``None`` without one.
        total_gain: how much greater the sum of gains can be in a package, ``None`` without one.
    """

    package: Array | None
    alone: NDArray[np.bool_]
    apart: Array
    changes: Array
    least_gain: float | None
    total_gain: float | None


def linking(
    deal: Deal, alone: Sequence[Deal] | None, parties: Sequence[int], name: str = "nash"
) -> Linking | None:
    """Return what the package does that its issues one by one do not; ``None`` where nobody bargains.

    Args: as of `parts`.
    """
    if not parties:
        return None
    found = parts(deal, alone, parties, name)
    swaps = []
    for voter, own in zip(parties, found.changes.tolist(), strict=True):
        by_issue = {deal.issue(i): change for i, change in enumerate(own)}
        swaps.append(
            Swap(
                actor=deal.actor(voter),
                gives={issue: -change for issue, change in by_issue.items() if change < -SHIFT},
                gets={issue: change for issue, change in by_issue.items() if change > SHIFT},
                gain=sum(own),
            )
        )
    return Linking(
        alone={deal.issue(i): there for i, there in enumerate(found.alone.tolist())},
        opens=found.package is not None and not bool(found.alone.any()),
        least_gain=found.least_gain,
        total_gain=found.total_gain,
        swaps=() if found.package is None else tuple(swaps),
    )


def parts(deal: Deal, alone: Sequence[Deal] | None, parties: Sequence[int], name: str = "nash") -> Parts:
    """Return the package of a solution beside the same solution of each issue alone.

    Args:
        deal: one draw.
        alone: per issue the deal on it alone, one draw, with the same rows, in units of its own; ``None`` for
            those of ``split``.
        parties: rows of the parties, K.
        name: of the solution, for the package and for each issue.
    """
    rows, own = list(parties), split(deal)
    singles = own if alone is None else [_in_units_of(deal, i, one) for i, one in enumerate(alone)]
    settled = [_agreed(one, name, rows) for one in singles]
    apart = np.zeros((len(rows), deal.issues))
    for i, (part, package) in enumerate(zip(own, settled, strict=True)):
        if package is not None:  # counted as a part of the whole, whatever failing costs on the issue alone
            apart[:, i] = _finite(part.margins(package[None, None])[0, 0, rows])
    package = _agreed(deal, name, rows)
    changes, least, total = np.zeros_like(apart), None, None
    if package is not None:
        radii = np.array([part.radius[0] for part in own]).T
        gains = radii - deal.salience[0] * deal.apart(package[None, None])[0, 0]
        changes = _finite(gains[rows]) - apart
        stance = [k for k, v in enumerate(rows) if deal.radius[0, v] < np.inf]
        before = apart.sum(axis=1)[stance]
        least = float(_gains(deal, "egalitarian", rows)[stance].min() - before.min()) if stance else 0.0
        total = float(_gains(deal, "utilitarian", rows)[stance].sum() - before.sum())
    return Parts(package, np.array([one is not None for one in settled]), apart, changes, least, total)


def split(deal: Deal) -> list[Deal]:
    """Return each issue as a deal of its own under the same rule, in units of the whole deal.

    What the lack of a deal costs is split by issue: the loss at the issue's no-deal point, plus a share, by
    salience, in what failure costs beyond the issues; all of it by salience where that point is unknown. The parts
    add up to the radius. A voter who does not care for an issue agrees to whatever its red lines allow.

    Args:
        deal: one draw.
    """
    salience, radius = deal.salience[0], deal.radius[0]
    lost = np.nan_to_num(deal.apart_without()[0]) * salience
    total = salience.sum(axis=1, keepdims=True)
    shares = np.divide(salience, total, out=np.zeros_like(salience), where=total > 0)
    with np.errstate(invalid="ignore"):
        parts = lost + shares * (radius - lost.sum(axis=1))[:, None]
    parts = np.where(salience > 0, parts, np.inf)
    return [replace(deal.one_issue(i), radius=parts[None, :, i]) for i in range(deal.issues)]


def _in_units_of(deal: Deal, i: int, single: Deal) -> Deal:
    """Return a deal on one issue with losses that count as the issue does in the whole deal."""
    own, whole = single.salience[0, :, 0], deal.salience[0, :, i]
    cares = (own > 0) & (whole > 0)
    factor = np.divide(whole, own, out=np.ones_like(own), where=cares)
    salience = np.where(cares, whole, 0.0)[None, :, None]
    return replace(single, salience=salience, radius=np.where(cares, single.radius[0] * factor, np.inf)[None])


def _finite(gains: Array) -> Array:
    """Return gains with 0 for those without a stance."""
    return np.where(np.isinf(gains), 0.0, gains)


def _agreed(deal: Deal, name: str, parties: Sequence[int]) -> Array | None:
    """Return a solution where consent can be won with something to gain for everybody needed."""
    found = verdicts(deal)
    return solution(deal, found, parties, name) if found.status[0] == DEAL else None


def _gains(deal: Deal, name: str, parties: Sequence[int]) -> Array:
    """Return what a solution gains the parties, (K,); nothing where there is none."""
    package = _agreed(deal, name, parties)
    return (
        np.zeros(len(parties)) if package is None else deal.margins(package[None, None])[0, 0, list(parties)]
    )
