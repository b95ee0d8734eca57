"""Which packages are the named solutions, and how far does the zone reach, in every draw with a deal?

Within the zone, parties consenting too: the Nash solution maximises the product of the parties' gains over no deal
(Nash 1950), Kalai–Smorodinsky their least gain relative to the most that each could get there (Kalai & Smorodinsky
1975), the egalitarian the least gain (Kalai 1977), the utilitarian their sum. Losses leave flat places: where
several packages solve alike, one of them is returned, always the same for the same names asked.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.errors import OptionError
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.draws.judged import DEAL, NODES, Verdicts
from detente.lenses.winset.draws.kernel import EXTENTS, SOLUTIONS
from detente.lenses.winset.draws.posing import pose

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
        not exist
        because somebody cannot gain, and where the solution was not found to within 1e-6.

    Raises:
        OptionError: a name that is not one of them.
    """
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise OptionError(f"no solution {', '.join(unknown)}; use some of {', '.join(NAMES)}")
    wanted = [name in names for name in NAMES]
    reply = pose(
        deal,
        SOLUTIONS,
        slack=_slack(verdicts),
        nodes=nodes,
        package=np.nan_to_num(verdicts.package),
        parties=parties,
        wanted=wanted,
    )
    return {name: reply.package[:, NAMES.index(name)].copy() for name in names}


def extents(deal: Deal, verdicts: Verdicts, *, nodes: int = NODES) -> Array:
    """Return the least and the greatest value of every issue in the zone, (D, d, 2); NaN without a deal."""
    reply = pose(deal, EXTENTS, slack=_slack(verdicts), nodes=nodes, package=np.nan_to_num(verdicts.package))
    return reply.package.transpose(0, 2, 1).copy()


def _slack(verdicts: Verdicts) -> Array:
    """Return the shortfall that still counts as consent, (D,), NaN in draws without a deal."""
    return np.where(verdicts.status == DEAL, np.maximum(-verdicts.margin, 0.0) + EASE, np.nan)
