"""What comes next, by rules that must beat "as it is now"? Simple forecasts, scored by CRPS from rolling origins.

Persistence says that the next value is the last one. *Last five* draws one of the last five values, *all
past* any value of the past, *seasonal* a value of the same season, *local level* the exponentially smoothed
level with its own past errors (Hyndman et al. 2008, Forecasting with Exponential Smoothing, section 2). A
rule that does not beat persistence is told as such. The score is the continuous ranked probability score of
the drawn values (Gneiting & Raftery 2007, J. American Statistical Association 102:359): the lower, the
better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rule = Callable[[Array], Array]
PERSISTENCE = "persistence"
SMOOTHING = np.array([0.1, 0.2, 0.3, 0.5, 0.7, 0.9])


def crps(draws: Array, outcome: float) -> float:
    """Return the score of equally likely values: ``mean |x − y| − ½ mean |x − x′|``.

    >>> round(crps(np.array([1.0, 2.0, 4.0]), 3.0), 4), crps(np.array([2.0]), 3.0)
    (0.6667, 1.0)
    """
    ordered = np.sort(draws)
    count = len(ordered)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return float(np.abs(draws - outcome).mean() - (ranks @ ordered) / count**2)


def rules(season: int = 1) -> Mapping[str, Rule]:
    """Return name → rule, from the known past (shape (t,), no gaps) to equally likely next values."""
    found: dict[str, Rule] = {
        PERSISTENCE: lambda past: past[-1:],
        "last five": lambda past: past[-5:],
        "all past": lambda past: past,
        "local level": _local_level,
    }
    if season > 1:
        found["seasonal"] = lambda past: past[-season::-season]
    return found


def _local_level(past: Array) -> Array:
    """Return the smoothed level plus each of its past errors, with the smoothing that erred least."""
    levels = np.full(len(SMOOTHING), past[0])
    errors = np.empty((len(past) - 1, len(SMOOTHING)))
    for t, value in enumerate(past[1:]):
        errors[t] = value - levels
        levels = levels + SMOOTHING * errors[t]
    if not len(errors):
        return past[-1:]
    best = int((errors**2).mean(axis=0).argmin())
    return np.asarray(levels[best] + errors[:, best])


@dataclass(frozen=True, slots=True)
class Scored:
    """How a rule did.

    Attributes:
        score: mean CRPS.
        skill: 1 − score over that of persistence; above 0 where it is better.
        times: forecasts that were scored.
    """

    score: float
    skill: float
    times: int


def scored(values: Array, *, first: int, season: int = 1) -> dict[str, Scored]:
    """Score every rule on every value from the ``first`` on, each forecast from what was before it.

    Args:
        values: shape (T,), without gaps.
        first: place of the first value that is forecast, at least 1.
        season: periods of a season; 1 where there are none.
    """
    found: dict[str, float] = {}
    for name, rule in rules(season).items():
        each = [crps(rule(values[:t]), float(values[t])) for t in range(max(first, season), len(values))]
        if each:
            found[name] = float(np.mean(each))
    base = found.get(PERSISTENCE, 0.0)
    count = len(values) - max(first, season)
    return {name: Scored(one, 1 - one / base if base else 0.0, count) for name, one in found.items()}
