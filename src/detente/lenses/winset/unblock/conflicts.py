"""Who blocks? The smallest sets of demands that cannot all be met, and the smallest sets that would have to go.

A set of demands conflicts when no package satisfies the consent tree though nobody insists on anything else:
an irreducible infeasible subset (Chinneck 2008, *Feasibility and Infeasibility in Optimization*) of demands rather
than of rows of a program, so that whole trees of consent are covered. All draws are searched side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from detente.lenses.winset import answers as told
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import DEAL, UNKNOWN, verdicts
from detente.lenses.winset.limits import CONFLICTS
from detente.lenses.winset.unblock.demands import Demand, Mask, demands, kept_only, line_of, met, named
from detente.lenses.winset.unblock.hitting_sets import Families, Reply, search

MOST_CONFLICTS = 12

Conflict = frozenset[Demand]


Conflicts = Families[Conflict]
"""Of one draw: minimal sets of demands that cannot all be met (none where there is a deal, the empty one where the
rule itself can never be met), and minimal sets without which there is a deal."""


def conflicts(deal: Deal, *, most: int = 64, questions: int = 400) -> tuple[Conflicts, ...]:
    """Return the conflicts of every draw; each round puts the questions of all draws at once.

    Args:
        deal: D draws, best those without a deal.
        most: conflicts per draw at most.
        questions: per draw, about so many at most.
    """
    listed = demands(deal)
    searches = [search(len(listed), most=most, questions=questions) for _ in range(deal.draws)]
    found: dict[int, Families[int]] = {}
    asked: dict[int, int] = {}

    def advance(draw: int, reply: Reply | None) -> None:
        try:
            asked[draw] = next(searches[draw]) if reply is None else searches[draw].send(reply)
        except StopIteration as done:
            asked.pop(draw, None)
            found[draw] = done.value

    for draw in range(deal.draws):
        advance(draw, None)
    while asked:
        rows = np.array(sorted(asked), dtype=np.intp)
        kept = np.array(
            [[asked[d] >> k & 1 for k in range(len(listed))] for d in rows.tolist()], dtype=np.bool_
        )
        posed = deal.rows(rows)
        answers = verdicts(kept_only(posed, listed, kept.reshape(rows.size, -1)))
        also = met(posed, listed, answers.package)
        for i, draw in enumerate(rows.tolist()):
            held = answers.status[i] == DEAL
            bits = sum(1 << k for k in np.flatnonzero(also[i]).tolist()) if held else 0
            advance(draw, Reply(None if answers.status[i] == UNKNOWN else bool(held), bits))

    def by_name(bits: int) -> Conflict:
        return frozenset(demand for k, demand in enumerate(listed) if bits >> k & 1)

    return tuple(found[draw].named(by_name) for draw in range(deal.draws))


# --- over the draws without a deal ------------------------------------------------------------------


def blockers(deal: Deal, failed: Mask, *, examined: int = CONFLICTS, exact: bool = False) -> told.Blockers:
    """Return who blocks; members of one actor count as one.

    Args:
        deal: D draws.
        failed: (D,): in which there is no deal.
        examined: in how many of those conflicts are searched for.
        exact: whether nothing carries doubt, so that shares have no interval.
    """
    looked = conflicts(deal.rows(np.flatnonzero(failed)[:examined]))
    known = [_by_actor(deal, found) for found in looked if found.known]
    n, all_of_them = max(len(known), 1), max(len(looked), 1)
    stands = Counter(conflict for found in known for conflict in found.conflicts)
    involved = Counter(v for found in known for v in {one.voter for own in found.conflicts for one in own})
    alone = Counter(v for found in known for v in _alone(found.corrections))
    rows = [own[0] for own in deal.groups().values() if involved[own[0]]]
    rows.sort(key=lambda row: -involved[row])
    conflicting = []
    for conflict, count in stands.most_common(MOST_CONFLICTS):
        low, high = told.interval(count / n, len(known), exact=exact)
        demands = _demands(deal, conflict)
        conflicting.append(told.Conflict(demands=demands, share=count / n, low95=low, high95=high))
    return told.Blockers(
        examined=len(looked),
        found=len(stands),
        conflicts=tuple(conflicting),
        actors={deal.actor(row): involved[row] / n for row in rows},
        alone={deal.actor(row): alone[row] / n for row in rows},
        unfinished=sum(not found.complete for found in known) / all_of_them,
        unknown=(len(looked) - len(known)) / all_of_them,
    )


def _demands(deal: Deal, conflict: Conflict) -> tuple[told.Demand, ...]:
    """Return demands by the names of the case, with the means of their red lines."""
    ordered = sorted(conflict, key=lambda d: (d.voter, d.kind, -1 if d.issue is None else d.issue))
    return tuple(
        told.Demand(
            **named(deal, one),
            value=None if one.issue is None else deal.on_scale(one.issue, line_of(deal, one).mean()),
        )
        for one in ordered
    )


def _by_actor(deal: Deal, found: Conflicts) -> Conflicts:
    """Tell the demands of an actor's members under the first of them; only minimal sets stay."""
    groups = deal.groups().values()
    first = {voter: group[0] for group in groups for voter in group}
    if all(len(group) == 1 for group in groups):
        return found

    def joined(family: Iterable[Conflict]) -> tuple[Conflict, ...]:
        named = dict.fromkeys(  # sets have no order that lasts
            frozenset(replace(d, voter=first[d.voter]) for d in own) for own in family
        )
        return tuple(own for own in named if not any(other < own for other in named))

    return replace(found, conflicts=joined(found.conflicts), corrections=joined(found.corrections))


def _alone(corrections: Iterable[Conflict]) -> set[int]:
    """Return the voters whose own demands are enough to give up."""
    makers = ({demand.voter for demand in correction} for correction in corrections)
    return {voter for own in makers if len(own) == 1 for voter in own}
