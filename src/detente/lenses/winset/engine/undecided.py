"""What of the draws that branch and bound leaves open? A mixed-integer program, one draw at a time.

The same questions as in ``many_draws``, put to the program of ``deal_program`` with a goal of their own. Slower
by far; asked only where a search ran out of parts or numbers failed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.thresholds import Node, Voter, all_of, margin
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.deal_program import DealProgram, deal_program

SECONDS = 2.0


def greatest_margin(deal: Deal, seconds: float = SECONDS) -> tuple[float, float, Array | None]:
    """Return the margin of the best package found, a bound on that of all others, and that package, shape (d,).

    Args:
        deal: one draw.
        seconds: time allowed.
    """
    finite = deal.radius[0][np.isfinite(deal.radius[0])]
    top = float(finite.max(initial=0.0)) + 1.0
    model = deal_program(deal, deal.rule, top=top)
    least = model.program.column(-np.inf, top, cost=-1.0)
    for row in model.accepts.values():
        model.program.term(row, least, 1.0)
    answer = model.program.solve(seconds)
    package = model.read(answer)
    if package is None:
        return -np.inf, -answer.bound, None
    value = float(margin(deal.rule, deal.margins(package[None, None])[0, 0]))
    return value, max(-answer.bound, value), package


def solution(deal: Deal, name: str, parties: Sequence[int], seconds: float = SECONDS) -> Array | None:
    """Return the package of a named solution, shape (d,); ``None`` where there is none, or none was found.

    Args:
        deal: one draw.
        name: of the solution, see ``many_draws``.
        parties: rows of those whose gains count; they must accept too.
        seconds: time allowed, per program.
    """
    rule = all_of(deal.rule, *(Voter(k) for k in dict.fromkeys(parties)))
    own = [k for k in dict.fromkeys(parties) if deal.radius[0, k] < np.inf]
    model = deal_program(deal, rule)
    gains = [model.gain(k) for k in own]
    program = model.program
    if name == "utilitarian" or not own:
        for gain in gains:
            program.cost[gain] = -1.0
    elif name == "nash":
        for gain in gains:
            program.lower[gain] = TOLERANCE
            program.cost[program.logarithm(gain, np.geomspace(1e-6, 1.0, 13).tolist())] = -1.0
    else:
        shares = np.ones(len(own)) if name == "egalitarian" else _most(deal, rule, own, seconds)
        least = program.column(-np.inf, cost=-1.0)
        for gain, share in zip(gains, shares, strict=True):
            if share > TOLERANCE:
                program.at_most([(least, float(share)), (gain, -1.0)], 0.0)
    return _package(model, seconds)


def _most(deal: Deal, rule: Node, parties: Sequence[int], seconds: float) -> Array:
    """Return the most that each party can gain in the zone, (K,); 0 where that was not found."""
    most = np.zeros(len(parties))
    for place, party in enumerate(parties):
        model = deal_program(deal, rule)
        model.program.cost[model.gain(party)] = -1.0
        package = _package(model, seconds)
        if package is not None:
            most[place] = deal.margins(package[None, None])[0, 0, party]
    return most


def extent(deal: Deal, seconds: float = SECONDS) -> Array | None:
    """Return the least and the greatest value of every issue in the zone of one draw, (d, 2); or ``None``."""
    ends = np.empty((deal.issues, 2))
    for i in range(deal.issues):
        for end, sign in enumerate((1.0, -1.0)):
            model = deal_program(deal, deal.rule)
            model.program.cost[int(model.package[i])] = sign
            package = _package(model, seconds)
            if package is None:
                return None
            ends[i, end] = package[i]
    return ends


def _package(model: DealProgram, seconds: float) -> Array | None:
    answer = model.program.solve(seconds)
    return model.read(answer) if answer.status == "optimal" else None
