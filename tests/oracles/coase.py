"""Can transfers make a deal? The Coase test: they can if a coalition's gains, in money, add up to 0 at least."""

from __future__ import annotations

import numpy as np

from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.deal_program import deal_program


def surplus(deal: Deal, worth: Array) -> tuple[float, float]:
    """Return the most that a winning coalition gains together, in money, and a bound that no package beats.

    Voters to whom money is worth nothing must accept by themselves. Red lines are not for sale; ``-inf`` where
    they rule out every deal.
    """
    model = deal_program(deal, deal.rule)
    for voter, row in model.accepts.items():
        if worth[voter] > 0:
            yes = model.yes.get(voter)
            most = max(float(deal.radius[0, voter]), 0.0) / float(worth[voter])
            need = model.program.column(-np.inf if yes is None else -most, cost=1.0)
            model.program.term(row, need, -float(worth[voter]))
            if yes is not None:
                model.program.at_most([(need, -1.0), (yes, -most)], 0.0)
    answer = model.program.solve()
    return (-np.inf, -np.inf) if answer.status == "infeasible" else (-answer.value, -answer.bound)
