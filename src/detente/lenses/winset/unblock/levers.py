"""What would make a deal likelier, and by how much? Every consent and every red line, on the same draws.

The change is that of the share of draws with a deal, paired draw by draw, so that the luck of the draws cancels
(McNemar 1947). To ask for less never undoes a deal: only draws without one are asked again, and of a softer red
line only those that its lifting opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.case.thresholds import voters
from detente.lenses.summary import at_least
from detente.lenses.winset.answers import CurvePoint
from detente.lenses.winset.deal import Acceptance, Deal
from detente.lenses.winset.engine import UNKNOWN, has_deal
from detente.lenses.winset.engine import verdicts as fast
from detente.lenses.winset.solve import Statuses
from detente.lenses.winset.unblock.demands import (
    Decider,
    Demand,
    Mask,
    all_softened,
    demands,
    dropped,
    without,
)

Change = Literal["lift", "soften", "waive"]
SHARES = tuple(k / 10 for k in range(11))


@dataclass(frozen=True, slots=True)
class Lever:
    """One change and what it does to the probability of a deal.

    Attributes:
        change: ``lift`` or ``soften`` a demand, ``waive`` a consent: the voter then agrees to everything.
        voters: whose rows.
        demands: what is lifted or softened, one per row at most; none for a consent.
        by: softened by this share of the scale (a ``no_deal``: this much loss); ``None`` otherwise.
        probability: of a deal then, among the draws used.
        difference: from before, on the same draws.
        error: standard error of the difference.
        draws: how many were used: those decided both before and after.
    """

    change: Change
    voters: tuple[int, ...]
    demands: tuple[Demand, ...]
    by: float | None
    probability: float
    difference: float
    error: float
    draws: int


@dataclass(frozen=True, eq=False)
class Decided:
    """Which draws have a deal, and of which that is not known, (D,) each."""

    open: Mask
    unknown: Mask

    @property
    def possible(self) -> Mask:
        """Return which draws have a deal or may have one."""
        return self.open | self.unknown

    @classmethod
    def of(cls, status: Statuses, acceptance: Acceptance) -> Decided:
        """Read verdicts, (D,)."""
        return cls(has_deal(status, acceptance), status == UNKNOWN)

    @classmethod
    def ask(cls, deal: Deal, verdicts: Decider, acceptance: Acceptance = "strict") -> Decided:
        """Ask about every draw."""
        return cls.of(verdicts(deal, acceptance=acceptance).status, acceptance)

    def again(
        self, deal: Deal, verdicts: Decider, acceptance: Acceptance, worth: Mask | None = None
    ) -> Decided:
        """Ask about a deal in which less is asked for: only where none is known, and where it is ``worth`` it."""
        rows = ~self.open if worth is None else ~self.open & worth
        open_, doubt = self.open.copy(), self.unknown.copy()
        if rows.any():
            new = Decided.ask(deal.rows(rows), verdicts, acceptance)
            open_[rows], doubt[rows] = new.open, new.unknown
        return Decided(open_, doubt)


def levers(
    deal: Deal,
    *,
    verdicts: Decider = fast,
    by: float = 0.1,
    acceptance: Acceptance = "strict",
    groups: Iterable[Sequence[int]] | None = None,
    before: Decided | None = None,
) -> tuple[Lever, ...]:
    """Return what every change does to the probability of a deal, the strongest first.

    Each consent is waived, each red line is lifted, and softened.

    Args:
        deal: D draws.
        verdicts: who tells whether a package exists.
        by: how far red lines are softened, as a share of the scale.
        acceptance: as the verdicts are meant.
        groups: voters who change together, such as the members of one actor; each alone when ``None``.
        before: which draws have a deal as it stands, where that is known.
    """
    before = Decided.ask(deal, verdicts, acceptance) if before is None else before
    found: list[Lever] = []
    for group in [(voter,) for voter in voters(deal.rule)] if groups is None else map(tuple, groups):
        waived = before.again(without(deal, *group), verdicts, acceptance)
        found.append(_lever("waive", group, (), None, before, waived))
        for own in _alike(deal, group):
            lifted = before.again(dropped(deal, own), verdicts, acceptance, waived.possible)
            found.append(_lever("lift", group, own, None, before, lifted))
            soft = before.again(all_softened(deal, own, by), verdicts, acceptance, lifted.possible)
            found.append(_lever("soften", group, own, by, before, soft))
    return tuple(sorted(found, key=lambda lever: -np.nan_to_num(lever.difference, nan=-1.0)))


def _alike(deal: Deal, group: Sequence[int]) -> Iterable[tuple[Demand, ...]]:
    """Return the red lines of a group that are the same but for the voter, together."""
    found: dict[tuple[str, int | None], list[Demand]] = {}
    for demand in demands(deal, group):
        if demand.issue is not None:
            found.setdefault((demand.kind, demand.issue), []).append(demand)
    return [tuple(own) for own in found.values()]


def _lever(
    change: Change,
    group: tuple[int, ...],
    own: tuple[Demand, ...],
    by: float | None,
    before: Decided,
    after: Decided,
) -> Lever:
    """Compare before and after on the draws decided both times."""
    used = ~before.unknown & ~after.unknown
    n = int(used.sum())
    probability, difference, error = np.nan, np.nan, np.nan
    if n:
        probability = float(after.open[used].mean())
        difference, error = paired(before.open[used], after.open[used])
    return Lever(change, group, own, by, probability, difference, error, n)


def paired(before: Mask, after: Mask) -> tuple[float, float]:
    """Return the difference of two shares on the same n ≥ 1 draws, and its standard error (`at_least`)."""
    n = before.size
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    spread = max(gained + lost - (gained - lost) ** 2 / n, 0.0)
    return (gained - lost) / n, at_least(float(np.sqrt(spread)) / n, n)


def curve(
    deal: Deal,
    softer: Demand | Iterable[Demand],
    *,
    verdicts: Decider = fast,
    shares: Sequence[float] = SHARES,
    acceptance: Acceptance = "strict",
) -> tuple[CurvePoint, ...]:
    """Return the probability of a deal as demands are softened, all by the same share of the scale.

    No point where no draw could be decided.

    Args:
        deal: D draws.
        softer: the demand, or several that give way together.
        verdicts: who tells whether a package exists.
        shares: of the scale, ascending from 0 at least.
        acceptance: as the verdicts are meant.
    """
    chosen = (softer,) if isinstance(softer, Demand) else tuple(softer)
    state = Decided.ask(deal, verdicts, acceptance)
    last = state.again(all_softened(deal, chosen, shares[-1]), verdicts, acceptance)
    points: list[CurvePoint] = []
    for share in shares:
        if share > 0:
            state = state.again(all_softened(deal, chosen, share), verdicts, acceptance, last.possible)
        points += curve_point(share, state.open, state.unknown)
    return tuple(points)


def curve_point(
    strength: float,
    open_: Mask,
    unknown: Mask,
    terms: Mapping[str, float] | None = None,
    gains: Mapping[str, float] | None = None,
) -> list[CurvePoint]:
    """Return the share of draws with a deal among those decided, with its error; none without any."""
    n = int((~unknown).sum())
    if not n:
        return []
    p = float(open_[~unknown].mean())
    return [
        CurvePoint(
            strength=strength,
            probability=p,
            mc_error=at_least(float(np.sqrt(p * (1 - p) / n)), n),
            terms=dict(terms or {}),
            gains=dict(gains or {}),
            draws=n,
        )
    ]
