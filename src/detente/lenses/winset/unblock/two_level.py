"""What would each side carry at home, and does it pay to have one's hands tied? The two levels of the game.

A side is a part of the rule that every deal needs. Its win-set is what it alone would consent to; the zone is what
all win-sets share (Putnam 1988). Schelling (1960) conjectured that tied hands at home are an asset abroad. So tie
them, and see how likely a deal is, where it settles, given that there is one, and who gains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.case.thresholds import Node, Voter, voters
from detente.lenses.winset.deal import Acceptance, Array, Deal
from detente.lenses.winset.engine import DEAL, UNKNOWN, Verdicts, extents, solutions, verdicts, with_twins
from detente.lenses.winset.engine.one_issue import share_accepted

TIGHTER = tuple(k / 20 for k in range(11))
"""How much more than no deal the members of a side ask for, as shares of the whole loss."""
SCRAMBLINGS = 16
POINTS = 2048
"""Packages at which each scrambling looks, a power of 2."""


@dataclass(frozen=True, slots=True)
class Size:
    """Share of all packages that win consent, 0..1, and its standard error: 0 where it is exact."""

    share: float
    error: float


@dataclass(frozen=True, eq=False)
class WinSet:
    """What one side, or all together, would consent to in one draw.

    Attributes:
        rule: the side's part of the rule.
        members: rows of its voters.
        size: share of all packages, with its error.
        extent: (d, 2): least and greatest value of every issue; ``None`` where it would consent to nothing.
    """

    rule: Node
    members: tuple[int, ...]
    size: Size
    extent: Array | None


@dataclass(frozen=True, eq=False)
class Tied:
    """What tighter hands lead to, over draws.

    Attributes:
        strength: how much more than no deal the members demand, as a share of the whole loss.
        probability: of a deal, among the draws decided.
        error: its standard error.
        unknown: share of draws that no solver could decide.
        settled: number of draws with a deal in which the named solution exists.
        package: (d,): its mean over those; NaN without any.
        package_error: (d,): standard error of that mean.
        gains: (K,): mean gain of each party over those, over the no deal that it bargains from.
        product: (K,): probability times mean gain: what to expect before it is known whether there is a deal;
            0 where there never is.
    """

    strength: float
    probability: float
    error: float
    unknown: float
    settled: int
    package: Array
    package_error: Array
    gains: Array
    product: Array


def sides(rule: Node) -> tuple[Node, ...]:
    """Return the parts of a rule without each of which there is no deal: its sides, or the whole rule.

    Parts of parts count too, down to bodies with a name.
    """
    return tuple(dict.fromkeys(_parts(rule))) or (rule,)


def _parts(rule: Node) -> Iterator[Node]:
    if isinstance(rule, Voter) or not rule.parts:
        yield rule
        return
    needed = [
        rule.total - weight * (part.seats if isinstance(part, Voter) else 1) < rule.quota
        for weight, part in rule.parts
    ]
    if not all(needed):
        yield rule
        return
    for _, part in rule.parts:
        if isinstance(part, Voter) or part.name is not None:
            yield part
        else:
            yield from _parts(part)


def win_set(deal: Deal, rule: Node) -> WinSet:
    """Return what a side would consent to; the deal's own rule gives the zone, the intersection of all sides.

    Args:
        deal: one draw.
        rule: the side.
    """
    own = replace(deal, rule=rule)
    ends = extents(own, verdicts(own, acceptance="weak"))[0]
    return WinSet(rule, tuple(voters(rule)), size(own), None if np.isnan(ends).any() else ends)


def size(deal: Deal, seed: int = 0) -> Size:
    """Return the share of all packages of a deal of one draw that win consent (weakly).

    Exact on one issue and where packages can be counted. Else quasi-random: the error comes from the spread of
    independent scramblings of Sobol points (Owen 1997), not from a formula that assumes independent points. On
    a discrete issue every level counts alike.
    """
    if deal.issues == 1:
        return Size(share_accepted(deal), 0.0)
    if (every := deal.every_package()) is not None:
        return Size(float(deal.accepted(every).mean()), 0.0)
    shares = [float(deal.accepted(_spread(deal, seed + k)).mean()) for k in range(SCRAMBLINGS)]
    return Size(float(np.mean(shares)), float(np.std(shares, ddof=1) / np.sqrt(SCRAMBLINGS)))


def _spread(deal: Deal, seed: int) -> Array:
    """Return Sobol points on the scales, shape (points, d), brought to levels on discrete issues."""
    from scipy.stats.qmc import Sobol

    spread = np.asarray(Sobol(deal.issues, rng=np.random.default_rng(seed)).random(POINTS))
    for i, levels in enumerate(deal.levels):
        if levels is not None:
            spread[:, i] = levels[(spread[:, i] * len(levels)).astype(np.intp)]
    return spread


def tightened(deal: Deal, members: Sequence[int], by: float) -> Deal:
    """Return the deal in which some voters ask for more than no deal, by this much of the whole loss."""
    radius = deal.radius.copy()
    radius[:, list(members)] -= by
    return replace(deal, radius=radius)


def tied_hands(
    deal: Deal,
    members: Sequence[int],
    parties: Sequence[int],
    *,
    strengths: Sequence[float] = TIGHTER,
    solution: str = "nash",
    held: bool = True,
    acceptance: Acceptance = "strict",
) -> tuple[Tied, ...]:
    """Return what happens as the hands of one side are tied ever tighter.

    Args:
        deal: D draws.
        members: rows of the voters who ask for more.
        parties: rows of those who bargain: their gains decide where in the zone the deal settles.
        strengths: by how much more, as shares of the whole loss.
        solution: a named solution.
        held: whether parties among the members bargain from no deal as it is (the constraint ties them, no more),
            or from one that has become better for them by as much.
        acceptance: as for a deal.
    """
    bargained, rows = with_twins(deal, parties) if held else (deal, list(parties))
    found = []
    for strength in strengths:
        tighter = tightened(bargained, members, strength)
        answers = verdicts(tighter, acceptance=acceptance)
        package = solutions(tighter, answers, rows, [solution])[solution]
        found.append(_tied(strength, tighter, answers, package, rows))
    return tuple(found)


def _tied(strength: float, deal: Deal, answers: Verdicts, package: Array, rows: Sequence[int]) -> Tied:
    """Summarise one strength."""
    known = answers.status != UNKNOWN
    open_, n = answers.status == DEAL, int(known.sum())
    p = float(open_.sum() / n) if n else np.nan
    settled = np.isfinite(package).all(axis=1)
    count = int(settled.sum())
    gains = (deal.radius - deal.losses(package[:, None, :])[:, 0])[:, list(rows)]
    nowhere = np.full(deal.issues, np.nan)
    mean_gain = gains[settled].mean(axis=0) if count else np.full(len(rows), np.nan)
    return Tied(
        strength=strength,
        probability=p,
        error=float(np.sqrt(p * (1 - p) / n)) if n else np.nan,
        unknown=1 - n / max(deal.draws, 1),
        settled=count,
        package=package[settled].mean(axis=0) if count else nowhere,
        package_error=package[settled].std(axis=0, ddof=1) / np.sqrt(count) if count > 1 else nowhere,
        gains=mean_gain,
        product=p * (mean_gain if count else np.zeros(len(rows))),
    )
