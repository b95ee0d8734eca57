"""What would each side carry at home, and does it pay to have one's hands tied? The two levels of the game.

A side is a part of the rule that every deal needs. Its win-set is what it alone would consent to; the zone is what
all win-sets share (Putnam 1988). Schelling (1960) conjectured that tied hands at home are an asset abroad. So tie
them, and see how likely a deal is, where it settles, given that there is one, and who gains.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from detente.case.thresholds import Node, Voter, seats, voters
from detente.lenses.summary import at_least
from detente.lenses.winset.answers import CurvePoint, Side
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.engine import Statuses, extents, solutions, verdicts
from detente.lenses.winset.engine.many_draws import with_twins
from detente.lenses.winset.engine.one_issue import share_accepted
from detente.lenses.winset.limits import MOST_TIED
from detente.lenses.winset.unblock.levers import curve_point
from detente.show.words import rule_words

TIGHTER = tuple(k / 20 for k in range(11))
"""How much more than no deal the members of a side ask for, as shares of the whole loss."""
SHIFTS = 16
POINTS = 2048
"""Packages at which each shift looks."""


def parts_of(rule: Node) -> tuple[Node, ...]:
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


def sides_of(deal: Deal, names: Mapping[str, str]) -> tuple[tuple[str, Node], ...]:
    """Return the parts of the rule that must all agree, each once: bodies by their names, actors by theirs."""
    return tuple((rule_words(part, deal.names.actors, names), part) for part in parts_of(deal.rule))


def sides(
    middle: Deal, deal: Deal, parties: Sequence[int], solution: str, names: Mapping[str, str]
) -> tuple[Side, ...]:
    """Return every side's domestic win-set, and what happens to the deal as its hands are tied.

    Args:
        middle: the deal at mean inputs (D = 1).
        deal: in some draws, in which hands are tied.
        parties: rows of those who bargain.
        solution: where in the zone they settle.
        names: id of an actor → its name.
    """
    named = sides_of(middle, names)
    if len(named) < 2:
        return ()
    home = {name: [k for k, v in enumerate(parties) if v in set(voters(rule))] for name, rule in named}
    found = []
    for name, rule in named:
        heard = [v for v in voters(rule) if np.isfinite(middle.radius[0, v]) and len(named) <= MOST_TIED]
        curve: list[CurvePoint] = []
        for tied in tied_hands(deal, heard, parties, solution=solution) if heard and parties else ():
            settled = tied.package is not None
            gains = {one: float(tied.gains[own].mean()) for one, own in home.items() if own and settled}
            curve += curve_point(
                tied.strength, tied.status, {} if tied.package is None else deal.terms(tied.package), gains
            )
        found.append(win_set(middle, rule, name, tuple(curve)))
    return tuple(found)


def win_set(deal: Deal, rule: Node, name: str = "all together", curve: tuple[CurvePoint, ...] = ()) -> Side:
    """Return what a side would consent to in one draw; the deal's own rule gives the zone, which all share."""
    own = replace(deal, rule=rule)
    ends = extents(own, verdicts(own, acceptance="weak"))[0]
    share, error = size(own)
    return Side(
        name=name,
        actors=tuple(dict.fromkeys(deal.actor(v) for v in voters(rule))),
        size=share,
        error=error,
        extents={}
        if np.isnan(ends).any()
        else {
            deal.issue(i): (deal.on_scale(i, low), deal.on_scale(i, high))
            for i, (low, high) in enumerate(ends)
        },
        curve=curve,
    )


def size(deal: Deal, seed: int = 0) -> tuple[float, float]:
    """Return the share of all packages of a deal of one draw that win consent (weakly), and its standard error.

    Exact on one issue and where packages can be counted. Else quasi-random: the error comes from the spread of
    independent shifts of the points, not from a formula that assumes independent points; where none or all of the
    points are accepted it is that of the rule of three. On a discrete issue every level counts alike.
    """
    if deal.issues == 1 and not deal.tables:
        return share_accepted(deal), 0.0
    if (every := deal.every_package()) is not None:
        return float(deal.accepted(every).mean()), 0.0
    shares = [float(deal.accepted(_spread(deal, seed + k)).mean()) for k in range(SHIFTS)]
    error = float(np.std(shares, ddof=1) / np.sqrt(SHIFTS))
    return float(np.mean(shares)), at_least(error, SHIFTS * POINTS)


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


class Tied(NamedTuple):
    """What tighter hands lead to, over draws.

    Attributes:
        strength: how much more than no deal the members demand, as a share of the whole loss.
        status: (D,): verdicts.
        package: (d,): mean of the named solution over the draws with a deal in which it exists; ``None`` without.
        gains: (K,): mean gain of each party over those, over no deal as it was before hands were tied.
    """

    strength: float
    status: Statuses
    package: Array | None
    gains: Array


def tied_hands(
    deal: Deal,
    members: Sequence[int],
    parties: Sequence[int],
    *,
    strengths: Sequence[float] = TIGHTER,
    solution: str = "nash",
) -> Iterator[Tied]:
    """Yield what happens as the hands of one side are tied ever tighter.

    Parties among the members bargain from no deal as it is: the constraint ties them, no more.

    Args:
        deal: D draws.
        members: rows of the voters who ask for more.
        parties: rows of those who bargain: their gains decide where in the zone the deal settles.
        strengths: by how much more, as shares of the whole loss.
        solution: a named solution.
    """
    bargained, rows = with_twins(deal, parties)
    for strength in strengths:
        tighter = replace(bargained, radius=bargained.radius.copy())
        tighter.radius[:, list(members)] -= strength
        answers = verdicts(tighter)
        package = solutions(tighter, answers, rows, [solution])[solution]
        settled = np.isfinite(package).all(axis=1)
        gains = (tighter.radius - tighter.losses(package[:, None, :])[:, 0])[settled][:, list(rows)]
        some = bool(settled.any())
        yield Tied(
            strength,
            answers.status,
            package[settled].mean(axis=0) if some else None,
            gains.mean(axis=0) if some else np.full(len(rows), np.nan),
        )
