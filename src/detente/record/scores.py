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
    """Return the ranked probability score of ordered classes, divided by their number less one: 0..1.

    Args:
        chances: of the classes, two or more, sum 1.
        occurred: place of the class that came true, from 0.
    """
    upto = np.cumsum(chances)[:-1]
    return float(((upto - (np.arange(len(upto)) >= occurred)) ** 2).mean())


def pinball(quantile: Array, level: Array, outcome: float) -> Array:
    """Return ``(1{y < q} − τ)(q − y)`` of quantiles q at levels τ."""
    return ((outcome < quantile) - level) * (quantile - outcome)


def weighted_interval_score(levels: Array, quantiles: Array, outcome: float) -> float:
    """Return the weighted interval score of quantiles that lie symmetric about the median.

    ``(½|y − m| + Σ α_k/2 · IS_k) / (K + ½)``, which is the sum of their pinball scores by K + ½: Bracher et al.
    2021, *PLOS Computational Biology* 17.

    Args:
        levels: ascending, with ½ in the middle and 1 − τ for every τ.
        quantiles: at the levels.
        outcome: that came true.
    """
    return float(pinball(quantiles, levels, outcome).sum()) / (len(levels) / 2)


def skill(scores: Array, of_the_baseline: Array) -> float:
    """Return 1 − the ratio of mean scores over the same questions: 1 is perfect, 0 no better than the baseline."""
    return 1 - float(scores.mean()) / float(of_the_baseline.mean())
