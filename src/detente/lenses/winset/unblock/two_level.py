"""What would each side carry at home, and does it pay to have one's hands tied? The two levels of the game.

A side is a part of the rule that every deal needs. Its win-set is what it alone would consent to; the zone is what
all win-sets share (Putnam 1988). Schelling (1960) conjectured that tied hands at home are an asset abroad. So tie
them, and see how likely a deal is, where it settles, given that there is one, and who gains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.case.thresholds import Node, Voter, seats, voters
from detente.lenses.summary import at_least
from detente.lenses.winset.deal import Acceptance, Array, Deal
from detente.lenses.winset.engine import DEAL, UNKNOWN, extents, solutions, verdicts
from detente.lenses.winset.engine.many_draws import with_twins
from detente.lenses.winset.engine.one_issue import share_accepted
from detente.lenses.winset.unblock.demands import Mask

TIGHTER = tuple(k / 20 for k in range(11))
"""How much more than no deal the members of a side ask for, as shares of the whole loss."""
SHIFTS = 16
POINTS = 2048
"""Packages at which each shift looks."""


@dataclass(frozen=True, slots=True)
class Size:
    """Share of all packages that win consent, 0..1, and its standard error: 0 where it is exact."""

    share: float
    error: float


@dataclass(frozen=True, eq=False)
class WinSet:
    """What one side, or all together, would consent to in one draw.

    Attributes:
        members: rows of its voters.
        size: share of all packages, with its error.
        extent: (d, 2): least and greatest value of every issue; ``None`` where it would consent to nothing.
    """

    members: tuple[int, ...]
    size: Size
    extent: Array | None


@dataclass(frozen=True, eq=False)
class Tied:
    """What tighter hands lead to, over draws.

    Attributes:
        strength: how much more than no deal the members demand, as a share of the whole loss.
        open: (D,): which draws have a deal.
        unknown: (D,): which no solver could decide.
        package: (d,): mean of the named solution over the draws with a deal in which it exists; ``None`` without.
        gains: (K,): mean gain of each party over those, over no deal as it was before hands were tied.
    """

    strength: float
    open: Mask
    unknown: Mask
    package: Array | None
    gains: Array


def sides(rule: Node) -> tuple[Node, ...]:
    """Return the parts of a rule without each of which there is no deal: its sides, or the whole rule.

    Parts of parts count too, down to bodies with a name.
    """
    return tuple(dict.fromkeys(_parts(rule))) or (rule,)


def _parts(rule: Node) -> Iterator[Node]:
    if isinstance(rule, Voter) or not rule.parts:
        yield rule
        return
    needed = [rule.total - weight * seats(part) < rule.quota for weight, part in rule.parts]
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
    return WinSet(tuple(voters(rule)), size(own), None if np.isnan(ends).any() else ends)


def size(deal: Deal, seed: int = 0) -> Size:
    """Return the share of all packages of a deal of one draw that win consent (weakly).

    Exact on one issue and where packages can be counted. Else quasi-random: the error comes from the spread of
    independent shifts of the points, not from a formula that assumes independent points; where none or all of the
    points are accepted it is that of the rule of three. On a discrete issue every level counts alike.
    """
    if deal.issues == 1 and not deal.tables:
        return Size(share_accepted(deal), 0.0)
    if (every := deal.every_package()) is not None:
        return Size(float(deal.accepted(every).mean()), 0.0)
    shares = [float(deal.accepted(_spread(deal, seed + k)).mean()) for k in range(SHIFTS)]
    error = float(np.std(shares, ddof=1) / np.sqrt(SHIFTS))
    return Size(float(np.mean(shares)), at_least(error, SHIFTS * POINTS))


def _spread(deal: Deal, seed: int) -> Array:
    """Return evenly spread points on the scales, shape (points, d), brought to levels on discrete issues.

    Multiples of a vector of irrational numbers, powers of the root of x^(d+1) = x + 1, shifted at random (Cranley
    & Patterson 1976, *Randomization of number theoretic methods for multiple integration*).
    """
    root = 2.0
    for _ in range(64):
        root = (1 + root) ** (1 / (deal.issues + 1))
    steps = root ** -np.arange(1.0, deal.issues + 1)
    shift = np.random.default_rng(seed).random(deal.issues)
    spread = (np.arange(POINTS)[:, None] * steps + shift) % 1.0
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
    acceptance: Acceptance = "strict",
) -> Iterator[Tied]:
    """Yield what happens as the hands of one side are tied ever tighter.

    Parties among the members bargain from no deal as it is: the constraint ties them, no more.

    Args:
        deal: D draws.
        members: rows of the voters who ask for more.
        parties: rows of those who bargain: their gains decide where in the zone the deal settles.
        strengths: by how much more, as shares of the whole loss.
        solution: a named solution.
        acceptance: as for a deal.
    """
    bargained, rows = with_twins(deal, parties)
    for strength in strengths:
        tighter = tightened(bargained, members, strength)
        answers = verdicts(tighter, acceptance=acceptance)
        package = solutions(tighter, answers, rows, [solution])[solution]
        settled = np.isfinite(package).all(axis=1)
        gains = (tighter.radius - tighter.losses(package[:, None, :])[:, 0])[:, list(rows)]
        yield Tied(
            strength,
            answers.status == DEAL,
            answers.status == UNKNOWN,
            package[settled].mean(axis=0) if settled.any() else None,
            gains[settled].mean(axis=0) if settled.any() else np.full(len(rows), np.nan),
        )
