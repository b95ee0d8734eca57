"""What comes next, by rules that must beat "as it is now"? Simple forecasts, scored by CRPS from rolling origins.

Persistence says that the next value is the last one; *last value, past changes* adds to it each change that was
seen over as many periods. *Last five* draws one of the last five values, *all
past* any value of the past, *seasonal* a value of the same season, *local level* the exponentially smoothed
level with its own past errors (Hyndman et al. 2008, Forecasting with Exponential Smoothing, section 2). A
rule that does not beat persistence is told as such. The score is the continuous ranked probability score of
the drawn values (Gneiting & Raftery 2007, J. American Statistical Association 102:359): the lower, the
better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.lenses.relations.result import RuleScore

Array = NDArray[np.float64]
Rule = Callable[[Array], Array]
PERSISTENCE, CHANGES = "persistence", "last value, past changes"
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


def rules(season: int = 1, ahead: int = 1) -> Mapping[str, Rule]:
    """Return name → rule, from the known past (shape (t,), no gaps) to equally likely later values.

    Args:
        season: periods of a season; 1 where there are none.
        ahead: periods after the last known one, at least 1.
    """
    found: dict[str, Rule] = {
        PERSISTENCE: lambda past: past[-1:],
        CHANGES: lambda past: past[-1:] + (past[ahead:] - past[:-ahead] if len(past) > ahead else 0.0),
        "last five": lambda past: past[-5:],
        "all past": lambda past: past,
        "local level": lambda past: _local_level(past, ahead),
    }
    if season > 1:
        found["seasonal"] = lambda past: past[len(past) - 1 - (-ahead % season) :: -season]
    return found


def _local_level(past: Array, ahead: int) -> Array:
    """Return the smoothed level plus each of its past errors so far ahead, with the smoothing that erred least."""
    levels = np.empty((len(past), len(SMOOTHING)))
    levels[0] = past[0]
    for t, value in enumerate(past[1:], 1):
        levels[t] = levels[t - 1] + SMOOTHING * (value - levels[t - 1])
    if len(past) <= ahead:
        return past[-1:]
    errors = past[ahead:, None] - levels[:-ahead]
    best = int((errors**2).mean(axis=0).argmin())
    return np.asarray(levels[-1, best] + errors[:, best])


def scored(values: Array, *, first: int, season: int = 1, ahead: int = 1) -> dict[str, RuleScore]:
    """Score every rule on every value from the ``first`` on, each forecast from what was known so long before it.

    Args:
        values: shape (T,), without gaps.
        first: place of the first value that is forecast, at least 1.
        season: periods of a season; 1 where there are none.
        ahead: periods between the last that was known and the one that is forecast.
    """
    found: dict[str, float] = {}
    start = max(first, season) + ahead - 1
    for name, rule in rules(season, ahead).items():
        each = [crps(rule(values[: t - ahead + 1]), float(values[t])) for t in range(start, len(values))]
        if each:
            found[name] = float(np.mean(each))
    base = found.get(PERSISTENCE, 0.0)
    count = len(values) - start
    return {
        name: RuleScore(rule=name, crps=one, skill=1 - one / base if base else 0.0, times=count)
        for name, one in found.items()
    }
