"""How far was a forecast from what came out? Proper scores: lower is better.

Gneiting & Raftery 2007, *Journal of the American Statistical Association* 102. The score of a whole distribution
(CRPS) is `MixedDistribution.crps`.
"""

from __future__ import annotations

import numpy as np

from detente.lenses.summary import Array


def brier(chance: Array, happened: Array) -> Array:
    """Return ``(p − o)²`` of every event: one-sided, from 0 to 1.

    Args:
        chance: that was given to it, 0..1.
        happened: 1 where it came true, else 0.
    """
    return (chance - happened) ** 2


def log_score(chance: Array, happened: Array, floor: float = 1e-6) -> Array:
    """Return −ln of the chance that was given to what happened; a chance below ``floor`` counts as it."""
    return -np.log(np.maximum(floor, np.where(happened > 0.5, chance, 1 - chance)))


def ranked_probability(chances: Array, occurred: int) -> float:
    """Return the ranked probability score of ordered classes, not divided by their number.

    Args:
        chances: of the classes, sum 1.
        occurred: place of the class that came true, from 0.
    """
    upto = np.cumsum(chances)[:-1]
    return float(((upto - (np.arange(len(upto)) >= occurred)) ** 2).sum())


def crps_of_draws(draws: Array, outcome: float, *, fair: bool = False) -> float:
    """Return the CRPS of an ensemble: ``mean |X − y| − ½ mean |X − X'|``.

    Args:
        draws: shape (draws,).
        outcome: that came true.
        fair: divide the spread by M(M − 1), as for draws from a distribution that is itself to be scored
            (Ferro 2014, *Quarterly Journal of the Royal Meteorological Society* 140).
    """
    ordered = np.sort(draws)
    count = len(ordered)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    spread = 2 * float(ranks @ ordered) / (count * (count - 1 if fair else count))
    return float(np.abs(ordered - outcome).mean()) - spread / 2


def pinball(quantile: Array, level: Array, outcome: float) -> Array:
    """Return ``(1{y < q} − τ)(q − y)`` of quantiles q at levels τ."""
    return ((outcome < quantile) - level) * (quantile - outcome)


def interval_score(low: Array, high: Array, outcome: float, level: Array) -> Array:
    """Return the score of central intervals: their width, and 2/α for every unit that the outcome lies outside.

    Args:
        low: lower ends.
        high: upper ends.
        outcome: that came true.
        level: that the interval is to hold, 1 − α.
    """
    alpha = 1 - np.asarray(level)
    below, above = np.maximum(0, low - outcome), np.maximum(0, outcome - high)
    score: Array = high - low + 2 / alpha * (below + above)
    return score


def weighted_interval_score(levels: Array, quantiles: Array, outcome: float) -> float:
    """Return the weighted interval score of quantiles that lie symmetric about the median.

    Bracher et al. 2021, *PLOS Computational Biology* 17: ``(½|y − m| + Σ α_k/2 · IS_k) / (K + ½)``.

    Args:
        levels: ascending, with ½ in the middle and 1 − τ for every τ.
        quantiles: at the levels.
        outcome: that came true.
    """
    pairs = len(levels) // 2
    central = levels[::-1][:pairs] - levels[:pairs]
    scored = interval_score(quantiles[:pairs], quantiles[::-1][:pairs], outcome, central)
    total = 0.5 * abs(outcome - float(quantiles[pairs])) + float(((1 - central) / 2) @ scored)
    return total / (pairs + 0.5)


def skill(scores: Array, of_the_baseline: Array) -> float:
    """Return 1 − the ratio of mean scores over the same questions: 1 is perfect, 0 no better than the baseline."""
    return 1 - float(scores.mean()) / float(of_the_baseline.mean())
