"""Who blocks? The smallest sets of demands that cannot all be met, and the smallest sets that would have to go.

A set of demands conflicts when no package satisfies the consent tree though nobody insists on anything else:
an irreducible infeasible subset (Chinneck 2008, *Feasibility and Infeasibility in Optimization*) of demands rather
than of rows of a program, so that whole trees of consent are covered. All draws are searched side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from detente.lenses.winset import answers as told
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import DEAL, UNKNOWN, verdicts
from detente.lenses.winset.limits import CONFLICTS
from detente.lenses.winset.unblock.demands import Demand, Mask, demands, kept_only, line_of, met, named
from detente.lenses.winset.unblock.hitting_sets import Question, search

MOST_CONFLICTS = 12

Conflict = frozenset[Demand]


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Of one draw, demands that cannot all be met.

    Attributes:
        conflicts: minimal sets of demands that cannot all be met, smallest first: none where there is a deal, the
            empty one where the rule itself can never be met.
        corrections: minimal sets without which there is a deal.
        complete: whether these are all.
        known: whether every question was decided.
    """

    conflicts: tuple[Conflict, ...]
    corrections: tuple[Conflict, ...]
    complete: bool
    known: bool


def conflicts(deal: Deal, *, most: int = 64, questions: int = 400) -> tuple[Conflicts, ...]:
    """Return the conflicts of every draw.

    Args:
        deal: D draws, best those without a deal.
        most: conflicts per draw, about so many at most.
        questions: per draw, about so many at most.
    """
    listed = demands(deal)
    size = len(listed) // 8 + 1

    def ask(posed: Sequence[Question]) -> list[int | bool | None]:
        """Return the demands that are met with those of a set, where that is possible."""
        rows = np.array([draw for draw, _ in posed], dtype=np.intp)
        joined = b"".join(bits.to_bytes(size, "little") for _, bits in posed)
        octets = np.frombuffer(joined, dtype=np.uint8).reshape(len(posed), size)
        kept = np.unpackbits(octets, axis=1, count=len(listed), bitorder="little").astype(np.bool_)
        asked = deal.rows(rows)
        found = verdicts(kept_only(asked, listed, kept))
        also = np.packbits(met(asked, listed, found.package), axis=1, bitorder="little")
        return [
            int.from_bytes(own.tobytes(), "little")
            if status == DEAL
            else None
            if status == UNKNOWN
            else False
            for own, status in zip(also, found.status.tolist(), strict=True)
        ]

    @cache
    def by_name(bits: int) -> Conflict:
        return frozenset(demand for k, demand in enumerate(listed) if bits >> k & 1)

    def ordered(family: Iterable[int]) -> tuple[Conflict, ...]:
        return tuple(by_name(bits) for bits in sorted(family, key=lambda one: (one.bit_count(), one)))

    return tuple(
        Conflicts(ordered(one.conflicts), ordered(one.corrections), one.complete, one.known)
        for one in search(len(listed), deal.draws, ask, most, questions)
    )


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
