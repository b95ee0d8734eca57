"""How far was a forecast from what came out, why, is another better, and do outcomes fall where forecasts say?

Proper scores, lower is better: Gneiting & Raftery 2007, *Journal of the American Statistical Association* 102;
the CRPS is `MixedDistribution.crps`. A mean score is split by isotonic regression, without bins (CORP):
Dimitriadis, Gneiting & Jordan 2021, *PNAS* 118. Questions of one case share their errors, so cases are resampled:
Diebold & Mariano 1995, *Journal of Business & Economic Statistics* 13, for a cross-section. A forecast with atoms
has no single rank of an outcome but a segment of ranks, ``F(y−)`` to ``F(y)``, over which one unit is spread
(Czado, Gneiting & Held 2009, *Biometrics* 65): nothing is drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detente.lenses.summary import Array
from detente.study.outlook.mixed import MixedDistribution

FLOOR = 1e-6
"""A chance below it counts as it in a log score, so that one surprise cannot decide a comparison alone."""
RECORDS = 1_000
"""Records that are drawn for a band."""
RESAMPLES = 10_000
SIMULATIONS = 2_000
TENTHS = 10
CELLS = 100
FEWEST_CASES = 10
"""With fewer, a difference is told without an interval."""


def brier(chance: Array | float, happened: Array | float) -> Array | float:
    """Return ``(p − o)²``: one-sided, from 0 to 1; o is 1 where it came true, else 0."""
    return (chance - happened) ** 2


def log_score(chance: Array | float, happened: Array | float) -> Array:
    """Return −ln of the chance that was given to what happened."""
    return -np.log(np.maximum(FLOOR, np.where(np.asarray(happened) > 0.5, chance, 1 - np.asarray(chance))))


def ranked_probability(chances: Array, occurred: int) -> float:
    """Return the ranked probability score of two or more ordered classes, by their number less one: 0..1.

    ``occurred`` is the place of the class that came true, from 0.
    """
    upto = np.cumsum(chances)[:-1]
    return float(((upto - (np.arange(len(upto)) >= occurred)) ** 2).mean())


def pinball(quantile: Array, level: Array, outcome: float) -> Array:
    """Return ``(1{y < q} − τ)(q − y)`` of quantiles q at levels τ."""
    return ((outcome < quantile) - level) * (quantile - outcome)


def weighted_interval_score(levels: Array, quantiles: Array, outcome: float) -> float:
    """Return ``(½|y − m| + Σ α_k/2 · IS_k) / (K + ½)``: the sum of all pinball scores by K + ½.

    Bracher et al. 2021, *PLOS Computational Biology* 17. Levels ascend, with ½ in the middle, 1 − τ for every τ.
    """
    return float(pinball(quantiles, levels, outcome).sum()) / (len(levels) / 2)


def skill(scores: Array, of_the_baseline: Array) -> float:
    """Return 1 − the ratio of mean scores over the same questions: 1 is perfect, 0 no better than the baseline."""
    return 1 - float(scores.mean()) / float(of_the_baseline.mean())


class Decomposition(NamedTuple):
    """``mean score = miscalibration − discrimination + uncertainty``, all at least 0.

    Attributes:
        miscalibration: what perfect recalibration would gain; optimistic noise where questions are few.
        discrimination: what telling questions apart gains over the base rate.
        uncertainty: score of the base rate.
    """

    miscalibration: float
    discrimination: float
    uncertainty: float


def recalibrated(forecast: Array, outcome: Array) -> Array:
    """Return the increasing function of the forecast that fits the outcomes best; equal forecasts stay equal."""
    from scipy.optimize import isotonic_regression  # where it is needed: it takes long to load

    values, which, counts = np.unique(forecast, return_inverse=True, return_counts=True)
    means = np.bincount(which, weights=outcome, minlength=len(values)) / counts
    fitted: Array = isotonic_regression(means, weights=counts.astype(float)).x
    return fitted[which]


def of_brier(chance: Array, happened: Array) -> Decomposition:
    """Return the decomposition of the mean Brier score of events, shapes (events,)."""
    forecasts = (chance, happened.mean(), recalibrated(chance, happened))
    score, base, best = (float(np.mean(brier(one, happened))) for one in forecasts)
    return Decomposition(score - best, base - best, base)


def of_crps(upto: Array, thresholds: Array, outcome: Array) -> Decomposition:
    """Return the decomposition of the mean CRPS: that of the Brier score of ``y ≤ z``, integrated over z.

    ``upto`` are chances of an outcome of at most each threshold, shape (questions, thresholds); thresholds are the
    middles of equal cells of a common scale, in whose units the parts are.
    """
    parts = [of_brier(upto[:, k], (outcome <= z).astype(float)) for k, z in enumerate(thresholds)]
    return Decomposition(*(float(part) for part in np.sum(parts, axis=0) * (thresholds[1] - thresholds[0])))


def by_chance(chance: Array, inside: float = 0.95, seed: int = 1) -> tuple[float, Array, Array]:
    """Return what a forecaster who is right would show: outcomes are drawn from the chances themselves.

    It is the miscalibration that is exceeded in 1 − ``inside`` of such records, and between which values the
    recalibrated chance of each event falls in ``inside`` of them, shapes (events,).
    """
    drawn = (np.random.default_rng(seed).random((RECORDS, len(chance))) < chance).astype(float)
    curves = np.array([recalibrated(chance, one) for one in drawn])
    scores, best = (brier(one, drawn) for one in (chance, curves))
    reached = np.mean(scores, axis=-1) - np.mean(best, axis=-1)  # the miscalibration of `of_brier`
    low, high = np.quantile(curves, [(1 - inside) / 2, (1 + inside) / 2], axis=0)
    return float(np.quantile(reached, inside)), low, high


class PairedDifference(NamedTuple):
    """How much lower the scores of A are than those of B on the same questions.

    Attributes:
        mean: of the differences A − B; below 0 where A is better.
        low: lower end of the 95 % interval, whole cases resampled; ``None`` with fewer than ten.
        high: upper end.
        better: questions on which A scores lower.
    """

    mean: float
    low: float | None
    high: float | None
    better: int


def paired(scores: Array, others: Array, case: Sequence[str], seed: int = 1) -> PairedDifference:
    """Return how the scores of two forecasters differ on the same questions, each of which belongs to a case."""
    difference = scores - others
    _, which = np.unique(np.asarray(case), return_inverse=True)
    sums, counts = np.bincount(which, weights=difference), np.bincount(which)
    low = high = None
    if len(sums) >= FEWEST_CASES:
        equal = np.full(len(sums), 1 / len(sums))
        chosen = np.random.default_rng(seed).multinomial(len(sums), equal, size=RESAMPLES)
        low, high = np.quantile((chosen @ sums) / (chosen @ counts), [0.025, 0.975]).tolist()
    return PairedDifference(float(difference.mean()), low, high, int((difference < 0).sum()))


def decile_shares(left: Array, upto: Array) -> Array:
    """Return how much of each segment F(y−) to F(y) lies in each tenth, shape (outcomes, 10); rows sum to 1."""
    edges = np.linspace(0, 1, TENTHS + 1)
    lows, highs = np.maximum(left[:, None], edges[:-1]), np.minimum(upto[:, None], edges[1:])
    width = (upto - left)[:, None]
    spread = np.maximum(0, highs - lows) / np.where(width > 0, width, 1)
    at = np.minimum((left * TENTHS).astype(int), TENTHS - 1)
    single: Array = (np.arange(TENTHS) == at[:, None]).astype(float)
    return np.where(width > 0, spread, single)


def mid_atom_coverage(left: Array, upto: Array, level: float) -> Array:
    """Return the share of each segment of ranks that lies in the central interval of a level, shape (outcomes,).

    A closed interval with atoms at its ends must hold *more* than its level; this is what averages to it.
    """
    low, high = (1 - level) / 2, (1 + level) / 2
    width = upto - left
    inside = np.maximum(0, np.minimum(upto, high) - np.maximum(left, low))
    point = ((left >= low) & (left <= high)).astype(float)
    return np.where(width > 0, inside / np.where(width > 0, width, 1), point)


def bands(forecasts: Sequence[MixedDistribution], seed: int = 1) -> tuple[float, float, float]:
    """Return where a forecaster who is right would be found in 95 of 100 records of as many questions.

    Outcomes are drawn from the forecasts themselves, `SIMULATIONS` times. Told are the least and the greatest
    coverage of the central 80 %, and how far the share of outcomes in *any* tenth of the ranks strays from .1.
    """
    random = np.random.default_rng(seed)
    covered, shares = np.zeros(SIMULATIONS), np.zeros((SIMULATIONS, TENTHS))
    for one in forecasts:
        drawn = one.quantile(random.random(SIMULATIONS))
        left, upto = one.below(drawn), one.at(drawn)
        covered += mid_atom_coverage(left, upto, 0.8)
        shares += decile_shares(left, upto)
    low, high = np.quantile(covered / len(forecasts), [0.025, 0.975])
    furthest = np.abs(shares / len(forecasts) - 1 / TENTHS).max(axis=1)
    return float(low), float(high), float(np.quantile(furthest, 0.95))


class Calibration(NamedTuple):
    """How the forecasts of one forecaster lie to what came out.

    Attributes:
        spread: whether they are more than single values, for which the next four mean nothing.
        holds80: share of outcomes in the central 80 %, atoms counted in part.
        holds50: the same of the central 50 %.
        ranks: share of outcomes in each tenth of the ranks.
        by_chance: `bands` of `holds80` and `ranks`.
        parts: of the mean CRPS, as a share of the scale.
    """

    spread: bool
    holds80: float
    holds50: float
    ranks: tuple[float, ...]
    by_chance: tuple[float, float, float]
    parts: Decomposition


def calibration(of: Sequence[MixedDistribution], left: Array, upto: Array, outcome: Array) -> Calibration:
    """Return how outcomes, each with its F(y−) and F(y), lie in their forecasts, whose scales may differ."""
    low, high = np.array([(one.low, one.high) for one in of]).T
    middles = (np.arange(CELLS) + 0.5) / CELLS
    reached = np.array([one.at(one.low + middles * (one.high - one.low)) for one in of])
    return Calibration(
        spread=any(len(one.points) != 1 or one.smooth[-1] > 0 for one in of),
        holds80=float(mid_atom_coverage(left, upto, 0.8).mean()),
        holds50=float(mid_atom_coverage(left, upto, 0.5).mean()),
        ranks=tuple(decile_shares(left, upto).mean(axis=0).tolist()),
        by_chance=bands(of),
        parts=of_crps(reached, middles, (outcome - low) / (high - low)),
    )
