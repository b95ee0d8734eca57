"""Which constants fit a record of decided issues best? Maximum likelihood, with what was known as a prior."""

from __future__ import annotations

import numpy as np

from detente.lenses.summary import Array
from detente.study.outlook.foothold import PUBLISHED, SURPRISE, Constants, Footholds, parts

STEP = 1.0
"""Width of the cell of a scale from 0 to 100 that counts as the outcome: values are coded as whole numbers."""


Pairs = tuple[tuple[float, float], tuple[float, float]]
PRIOR: Pairs = (0.48, 0.14), (-1.46, 0.145)
"""Means and standard deviations of logit(share) and of ln(half), independent: the published record."""


def chance_of_cell(of: Footholds, outcome: Array, scale: tuple[Array, Array], constants: Constants) -> Array:
    """Return the chance of the cell of the scale in which each outcome lies.

    Args:
        of: the issues, one a row.
        outcome: of each, shape (issues,).
        scale: lowest and highest value of each issue's scale, shapes (issues,).
        constants: of the distribution.
    """
    low, high = scale
    step = STEP * (high - low) / 100
    middle = low + step * np.round((outcome - low) / step)
    start, end = np.maximum(low, middle - step / 2), np.minimum(high, middle + step / 2)
    atoms, upto = parts(of, low, high, constants)
    upper = (of.points < end[:, None]) | ((of.points <= end[:, None]) & (end >= high)[:, None])
    inside = (of.points >= start[:, None]) & upper
    chance: Array = np.where(inside, atoms, 0.0).sum(axis=1) + upto(end) - upto(start)
    return chance


def fitted(
    of: Footholds, outcome: Array, scale: tuple[Array, Array], prior: Pairs | None = None
) -> Constants:
    """Return the constants under which decided issues were likeliest, their logarithms summed.

    The arguments are those of `chance_of_cell`, and a prior; without it the issues alone decide.
    """

    def read(x: Array) -> Constants:
        return Constants(float((1 - SURPRISE) / (1 + np.exp(-x[0]))), float(np.exp(x[1])))

    def loss(x: Array) -> float:
        total = -float(np.log(chance_of_cell(of, outcome, scale, read(x))).sum())
        if prior is not None:
            total += sum(0.5 * ((at - mean) / sd) ** 2 for at, (mean, sd) in zip(x, prior, strict=True))
        return total

    start = [np.log(PUBLISHED.share / (1 - SURPRISE - PUBLISHED.share)), np.log(PUBLISHED.half)]
    if not len(outcome):
        return PUBLISHED if prior is None else read(np.array(prior)[:, 0])
    from scipy.optimize import minimize  # slow to load, and seldom needed

    best = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-5})
    return read(best.x)
