"""Who stands in the way, draw after draw? Conflicts of demands over the draws without a deal.

They are searched for in the first so many failed draws: draws are exchangeable, so these are a fair sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.lenses.winset.deal import Acceptance, Array, Deal
from detente.lenses.winset.engine import verdicts as fast
from detente.lenses.winset.unblock.conflicts import Conflict, Conflicts, conflicts
from detente.lenses.winset.unblock.demands import Decider, Mask

EXAMINED = 200


@dataclass(frozen=True, eq=False)
class Blockers:
    """Who blocks over the draws without a deal. Shares are of the draws examined and known, the greatest first.

    Attributes:
        examined: number of draws without a deal whose conflicts were searched for.
        unknown: share of the examined draws in which a solver failed; they count nowhere else.
        unfinished: share of the examined draws in which conflicts may be missing.
        conflicts: conflict → share of draws in which it stands.
        involved: (V,): share of draws in which a voter is part of a conflict.
        alone: (V,): share of draws in which there is a deal once this voter agrees to everything.
    """

    examined: int
    unknown: float
    unfinished: float
    conflicts: Mapping[Conflict, float]
    involved: Array
    alone: Array


def blockers(
    deal: Deal,
    failed: Mask,
    *,
    verdicts: Decider = fast,
    acceptance: Acceptance = "strict",
    groups: Iterable[Sequence[int]] = (),
    examined: int = EXAMINED,
    most: int = 64,
    questions: int = 400,
) -> Blockers:
    """Return who blocks.

    Args:
        deal: D draws.
        failed: (D,): in which there is no deal.
        verdicts: who tells whether a package exists.
        acceptance: as the verdicts are meant.
        groups: voters who count as one, such as the members of one actor: told under the first of them.
        examined: in how many failed draws conflicts are searched for.
        most: conflicts per draw at most.
        questions: to the solver per draw, about so many at most.
    """
    groups = [tuple(group) for group in groups]
    rows = np.flatnonzero(failed)
    looked = conflicts(
        deal.rows(rows[:examined]), verdicts=verdicts, acceptance=acceptance, most=most, questions=questions
    )
    known = [_grouped(found, groups) for found in looked if found.known]
    return Blockers(
        examined=len(looked),
        unknown=(len(looked) - len(known)) / max(len(looked), 1),
        unfinished=sum(not found.complete for found in known) / max(len(looked), 1),
        conflicts=_shares([found.conflicts for found in known]),
        involved=_voters(
            deal, ({d.voter for c in found.conflicts for d in c} for found in known), len(known)
        ),
        alone=_voters(deal, (_alone(found) for found in known), len(known)),
    )


def _grouped(found: Conflicts, groups: Sequence[Sequence[int]]) -> Conflicts:
    """Tell the demands of alike voters under the first of each group; only minimal sets stay."""
    first = {voter: group[0] for group in groups for voter in group}
    if all(voter == told for voter, told in first.items()):
        return found

    def told(family: Iterable[Conflict]) -> tuple[Conflict, ...]:
        named = dict.fromkeys(  # sets have no order that lasts
            frozenset(replace(d, voter=first.get(d.voter, d.voter)) for d in own) for own in family
        )
        return tuple(own for own in named if not any(other < own for other in named))

    return replace(found, conflicts=told(found.conflicts), corrections=told(found.corrections))


def _alone(found: Conflicts) -> set[int]:
    """Return the voters whose own demands are enough to give up."""
    makers = ({demand.voter for demand in correction} for correction in found.corrections)
    return {voter for own in makers if len(own) == 1 for voter in own}


def _voters(deal: Deal, sets: Iterable[set[int]], draws: int) -> Array:
    """Return in what share of the draws each voter is in the set."""
    count = np.zeros(deal.voters)
    for found in sets:
        count[list(found)] += 1
    return count / max(draws, 1)


def _shares(families: Sequence[tuple[Conflict, ...]]) -> dict[Conflict, float]:
    """Return in what share of the families each conflict is, the greatest first."""
    counts = Counter(conflict for family in families for conflict in family)
    return {conflict: count / len(families) for conflict, count in counts.most_common()}
