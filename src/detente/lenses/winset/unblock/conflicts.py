"""Who blocks? The smallest sets of demands that cannot all be met, and the smallest sets that would have to go.

A set of demands conflicts when no package satisfies the consent tree though nobody insists on anything else:
an irreducible infeasible subset (Chinneck 2008, *Feasibility and Infeasibility in Optimization*) of demands rather
than of rows of a program, so that whole trees of consent are covered. All draws are searched side by side.
"""

from __future__ import annotations

import numpy as np

from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import DEAL, UNKNOWN, verdicts
from detente.lenses.winset.unblock.demands import Demand, demands, kept_only, met
from detente.lenses.winset.unblock.hitting_sets import Families, Reply, search

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
        kept = np.array([[asked[d] >> k & 1 for k in range(len(listed))] for d in rows], dtype=np.bool_)
        posed = deal.rows(rows)
        answers = verdicts(kept_only(posed, listed, kept.reshape(rows.size, -1)))
        also = met(posed, listed, answers.package)
        for i, draw in enumerate(rows.tolist()):
            held = answers.status[i] == DEAL
            bits = sum(1 << k for k in np.flatnonzero(also[i]).tolist()) if held else 0
            advance(draw, Reply(None if answers.status[i] == UNKNOWN else bool(held), bits))

    def named(bits: int) -> Conflict:
        return frozenset(demand for k, demand in enumerate(listed) if bits >> k & 1)

    return tuple(found[draw].named(named) for draw in range(deal.draws))
