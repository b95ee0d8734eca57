"""Who blocks? The smallest sets of demands that cannot all be met, and the smallest sets that would have to go.

A set of demands conflicts when no package satisfies the consent tree though nobody insists on anything else:
an irreducible infeasible subset (Chinneck 2008, *Feasibility and Infeasibility in Optimization*) of demands rather
than of rows of a program, so that whole trees of consent are covered. Conflicts of one demand with itself or with
one other are seen without a solver; the rest are searched for in many draws at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.thresholds import vetoers
from detente.lenses.winset.deal import TOLERANCE, Acceptance, Array, Deal
from detente.lenses.winset.engine import UNKNOWN, has_deal
from detente.lenses.winset.engine import verdicts as fast
from detente.lenses.winset.unblock.demands import (
    ON_THE_LINE,
    Decider,
    Demand,
    Mask,
    demands,
    kept_only,
    met,
)
from detente.lenses.winset.unblock.hitting_sets import Families, Reply, Search, search

Conflict = frozenset[Demand]


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The conflicts of one draw.

    Attributes:
        conflicts: minimal sets of demands that cannot all be met, smallest first; none where there is a deal, and
            the empty one where the rule itself can never be met.
        corrections: minimal sets of demands without which there is a deal; the empty one where there is a deal.
        complete: whether both lists are whole; if not, no conflict of fewer than ``below`` demands is missing.
        below: see ``complete``.
        known: ``False`` if a solver failed on the way: the lists are then what was found before.
        asked: how many questions were put to the solver.
    """

    conflicts: tuple[Conflict, ...]
    corrections: tuple[Conflict, ...]
    complete: bool
    below: int
    known: bool
    asked: int


def conflicts(
    deal: Deal,
    *,
    verdicts: Decider = fast,
    acceptance: Acceptance = "strict",
    most: int = 64,
    questions: int = 400,
) -> tuple[Conflicts, ...]:
    """Return the conflicts of every draw; all draws are asked about together.

    Args:
        deal: D draws, best those without a deal.
        verdicts: who tells whether a package exists.
        acceptance: as the verdicts are meant.
        most: conflicts per draw at most.
        questions: per draw, about so many at most.
    """
    listed = demands(deal)
    place = {demand: k for k, demand in enumerate(listed)}
    given: list[list[int]] = [[] for _ in range(deal.draws)]
    for conflict, draws in seen_conflicts(deal, acceptance).items():
        bits = sum(1 << place[demand] for demand in conflict)
        for draw in np.flatnonzero(draws):
            given[draw].append(bits)
    searches = [search(len(listed), known, most, questions) for known in given]
    found = _answered(deal, listed, searches, verdicts, acceptance)
    return tuple(_named(families, listed) for families in found)


def _answered(
    deal: Deal,
    listed: Sequence[Demand],
    searches: Sequence[Search],
    verdicts: Decider,
    acceptance: Acceptance,
) -> list[Families]:
    """Run searches side by side: each round puts the questions of all of them at once."""
    found: dict[int, Families] = {}
    asked: dict[int, int] = {}

    def advance(draw: int, reply: Reply | None) -> None:
        try:
            asked[draw] = next(searches[draw]) if reply is None else searches[draw].send(reply)
        except StopIteration as done:
            asked.pop(draw, None)
            found[draw] = done.value

    for draw in range(len(searches)):
        advance(draw, None)
    members = range(len(listed))
    while asked:
        rows = np.array(sorted(asked), dtype=np.intp)
        kept = np.array([[asked[d] >> k & 1 for k in members] for d in rows], dtype=np.bool_)
        posed = deal.rows(rows)
        answers = verdicts(kept_only(posed, listed, kept.reshape(rows.size, -1)), acceptance=acceptance)
        together, open_ = (answers.status == UNKNOWN), has_deal(answers.status, acceptance)
        also = met(posed, listed, answers.package, acceptance)
        for i, draw in enumerate(rows.tolist()):
            bits = sum(1 << k for k in np.flatnonzero(also[i]).tolist()) if open_[i] else 0
            advance(draw, Reply(None if together[i] else bool(open_[i]), bits))
    return [found[draw] for draw in range(len(searches))]


def _named(families: Families, listed: Sequence[Demand]) -> Conflicts:
    """Turn bits into demands."""

    def named(bits: int) -> Conflict:
        return frozenset(demand for k, demand in enumerate(listed) if bits >> k & 1)

    return Conflicts(
        tuple(named(bits) for bits in families.conflicts),
        tuple(named(bits) for bits in families.corrections),
        families.complete,
        families.below,
        families.known,
        families.asked,
    )


def seen_conflicts(deal: Deal, acceptance: Acceptance = "strict") -> dict[Conflict, Mask]:
    """Return the conflicts of one or two demands that show without a solver, and in which draws they stand.

    Only who is in every winning coalition can be in one. What is seen: a demand that no package meets, two red
    lines on one issue with nothing in between, and a red line that by itself costs somebody else too much. Two
    voters who both gain too little are left to the solver.

    Returns:
        Minimal conflicts → (D,).
    """
    needed = vetoers(deal.rule, deal.voters)
    listed = [demand for demand in demands(deal) if needed[demand.voter]]
    alone = {demand: _clash(deal, demand, demand, acceptance) for demand in listed}
    found: dict[Conflict, Mask] = {frozenset({demand}): draws for demand, draws in alone.items()}
    for i, first in enumerate(listed):
        for second in listed[i + 1 :]:
            if first.issue == second.issue is not None or (first.issue is None) != (second.issue is None):
                clash = _clash(deal, first, second, acceptance)
                found[frozenset({first, second})] = clash & ~alone[first] & ~alone[second]
    return {conflict: draws for conflict, draws in found.items() if draws.any()}


def _clash(deal: Deal, first: Demand, second: Demand, acceptance: Acceptance) -> Mask:
    """Return in which draws two demands, not both of them ``no_deal`` unless the same, cannot both be met."""
    minds, line = (first, second) if first.issue is None else (second, first)
    low, high = _limits(deal, line)
    if minds.issue is not None:
        others_low, others_high = _limits(deal, minds)
        low, high = np.maximum(low, others_low), np.minimum(high, others_high)
        return np.isnan(_nearest(deal, minds.issue, minds.voter, low, high))
    best = np.stack(
        [
            _nearest(deal, issue, minds.voter, low, high)
            if issue == line.issue
            else _nearest(deal, issue, minds.voter, np.zeros_like(low), np.ones_like(low))
            for issue in range(deal.issues)
        ],
        axis=-1,
    )
    gain = deal.radius[:, minds.voter] - deal.losses(best[:, None, :])[:, 0, minds.voter]
    return np.asarray(gain <= TOLERANCE if acceptance == "strict" else gain < -TOLERANCE)


def _limits(deal: Deal, demand: Demand) -> tuple[Array, Array]:
    """Return the least and the greatest value that a demand allows on its issue, (D,) each."""
    low, high = np.zeros(deal.draws), np.ones(deal.draws)
    if demand.kind == "floor":
        low = deal.floor[:, demand.voter, demand.issue]
    elif demand.kind == "ceiling":
        high = deal.ceiling[:, demand.voter, demand.issue]
    return low, high


def _nearest(deal: Deal, issue: int, voter: int, low: Array, high: Array) -> Array:
    """Return what a voter likes best of what can be agreed on an issue, (D,); NaN where limits leave nothing."""
    wanted = deal.ideal[:, voter, issue]
    low, high = np.maximum(low, 0.0) - ON_THE_LINE, np.minimum(high, 1.0) + ON_THE_LINE
    levels = deal.levels[issue]
    if levels is None:
        return np.where(low <= high, np.clip(wanted, low, np.maximum(low, high)), np.nan)
    inside = (levels >= low[:, None]) & (levels <= high[:, None])
    points = np.broadcast_to(levels[None, :, None], (deal.draws, len(levels), 1))
    apart = np.where(inside, deal.one_issue(issue).apart(points)[:, :, voter, 0], np.inf)
    return np.where(inside.any(axis=1), levels[apart.argmin(axis=1)], np.nan)
