"""Can this deal be computed at all? What is not a finite number where one is needed, said in words."""

from __future__ import annotations

import numpy as np

from detente.lenses.winset.deal import Deal


def fault(deal: Deal) -> str:
    """Return what is wrong with the numbers of a deal of one draw, ``""`` where nothing is.

    Red lines that contradict each other and rules that nobody can meet are no faults: they are findings.
    """
    if deal.draws != 1:
        return f"one draw at a time, not {deal.draws}"
    salience, ideal = deal.salience[0], deal.ideal[0]
    tests = [
        (np.isfinite(salience) & (salience >= 0), "salience", "must be a finite number of at least 0"),
        (np.isfinite(ideal), "ideal", "must be a finite number"),
        (~np.isnan(deal.floor[0]), "floor", "must be a number"),
        (~np.isnan(deal.ceiling[0]), "ceiling", "must be a number"),
    ]
    for fine, what, need in tests:
        if not fine.all():
            v, i = np.argwhere(~fine)[0]
            return f"{what} of voter {v} on issue {i} {need}"
    if np.isnan(deal.radius[0]).any():
        return f"radius of voter {int(np.flatnonzero(np.isnan(deal.radius[0]))[0])} must be a number"
    for i, levels in enumerate(deal.levels):
        if levels is not None and not (len(levels) and ((levels >= 0) & (levels <= 1)).all()):
            return f"levels of issue {i} must be numbers from 0 to 1, at least one"
    return ""
