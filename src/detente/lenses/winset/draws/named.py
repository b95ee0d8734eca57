"""Which packages are the named solutions, and how far does the zone reach, in every draw with a deal?

Within the zone, parties consenting too: the Nash solution maximises the product of the parties' gains over no deal
(Nash 1950), Kalai–Smorodinsky their least gain relative to the most that each could get there (Kalai & Smorodinsky
1975), the egalitarian the least gain (Kalai 1977), the utilitarian their sum. Losses leave flat places: where
several packages solve alike, one of them is returned, always the same for the same names asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from detente.errors import OptionError
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.draws.judged import DEAL, NODES, Verdicts
from detente.lenses.winset.draws.kernel import EXTENTS, SOLUTIONS
from detente.lenses.winset.draws.line import settled, spanned
from detente.lenses.winset.draws.posing import pose
from detente.lenses.winset.exact.extent import extent
from detente.lenses.winset.exact.solutions import Name, solution

NAMES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
EASE = 1e-9
"""Shortfall that the zone forgives beyond that of the package that proves the deal."""


def solutions(
    deal: Deal,
    verdicts: Verdicts,
    parties: Sequence[int],
    names: Sequence[str] = NAMES,
    *,
    nodes: int = NODES,
) -> dict[str, Array]:
    """Return named solutions within the zone.

    Args:
        deal: D draws.
        verdicts: their verdicts.
        parties: rows of those whose gains count; they must accept too.
        names: some of ``NAMES``.
        nodes: parts of one search that may be looked at.

    Returns:
        name → (D, d); NaN without a deal, where no package suits all parties, where the Nash solution does
        not exist because somebody cannot gain, and where even the exact solver, which is asked of what the
        search leaves open by more than 1e-6, finds none.

    Raises:
        OptionError: a name that is not one of them.
    """
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise OptionError(f"no solution {', '.join(unknown)}; use some of {', '.join(NAMES)}")
    wanted = [name in names for name in NAMES]
    if deal.issues == 1:
        reply = settled(deal, _slack(verdicts), parties, wanted, verdicts.package[:, 0])
        return {name: reply.package[:, NAMES.index(name)].copy() for name in names}
    reply = pose(
        deal,
        SOLUTIONS,
        slack=_slack(verdicts),
        nodes=nodes,
        package=np.nan_to_num(verdicts.package),
        parties=parties,
        wanted=wanted,
    )
    found = {name: reply.package[:, NAMES.index(name)].copy() for name in names}
    for name, packages in found.items():
        for k in _left_open(packages):
            answer = solution(deal.draw(k), cast(Name, name), tuple(parties))
            packages[k] = np.nan if answer is None else answer.package
    return found


def extents(deal: Deal, verdicts: Verdicts, *, nodes: int = NODES) -> Array:
    """Return the least and the greatest value of every issue in the zone, (D, d, 2); NaN without a deal."""
    slack = _slack(verdicts)
    if deal.issues == 1:
        reply = spanned(deal, slack)
    else:
        reply = pose(deal, EXTENTS, slack=slack, nodes=nodes, package=np.nan_to_num(verdicts.package))
    found = reply.package.transpose(0, 2, 1).copy()
    for k in _left_open(found):
        answer = extent(deal.draw(k))
        found[k] = np.nan if answer is None else answer
    return found


def _left_open(answers: Array) -> list[int]:
    """Return the draws that the search left open: for the exact solver."""
    return [int(k) for k in np.flatnonzero(np.isinf(answers).reshape(len(answers), -1).any(axis=1))]


def _slack(verdicts: Verdicts) -> Array:
    """Return the shortfall that still counts as consent, (D,), NaN in draws without a deal."""
    return np.where(verdicts.status == DEAL, np.maximum(-verdicts.margin, 0.0) + EASE, np.nan)
