"""Is one forecaster better than another? Paired differences of scores, with whole cases resampled.

Issues of one case share their errors, so a case, not a question, is what repeats: Diebold & Mariano 1995,
*Journal of Business & Economic Statistics* 13, for a cross-section.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detente.lenses.summary import Array

RESAMPLES = 10_000
FEWEST_CASES = 10
"""With fewer, the difference is told without an interval or a test."""


class PairedDifference(NamedTuple):
    """How much lower the scores of A are than those of B on the same questions.

    Attributes:
        mean: of the differences A − B; below 0 where A is better.
        low: lower end of the 95 % interval; ``None`` with fewer than ten cases.
        high: upper end.
        error: standard error of the mean, clustered by case, times √(G/(G − 1)); ``None`` for one case.
        better: questions on which A scores lower.
        questions: in all.
        cases: clusters of questions.
    """

    mean: float
    low: float | None
    high: float | None
    error: float | None
    better: int
    questions: int
    cases: int


def clustered_error(difference: Array, case: Sequence[str], *, corrected: bool = True) -> float | None:
    """Return ``√Σ_g(Σ_{i∈g}(d_i − d̄))²/n``, times √(G/(G − 1)) where ``corrected``; ``None`` for one case."""
    _, which = np.unique(np.asarray(case), return_inverse=True)
    sums = np.bincount(which, weights=difference - difference.mean())
    if len(sums) < 2:
        return None
    plain = float(np.sqrt((sums**2).sum())) / len(difference)
    return plain * float(np.sqrt(len(sums) / (len(sums) - 1))) if corrected else plain


def paired(scores: Array, others: Array, case: Sequence[str], seed: int = 1) -> PairedDifference:
    """Return how the scores of two forecasters on the same questions differ.

    Args:
        scores: of A, shape (questions,).
        others: of B, same shape.
        case: to which each question belongs.
        seed: of the resampling of cases.
    """
    difference = scores - others
    _, which = np.unique(np.asarray(case), return_inverse=True)
    sums, counts = np.bincount(which, weights=difference), np.bincount(which)
    low = high = None
    if len(sums) >= FEWEST_CASES:
        chosen = np.random.default_rng(seed).multinomial(
            len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES
        )
        means = (chosen @ sums) / (chosen @ counts)
        low, high = (float(end) for end in np.quantile(means, [0.025, 0.975]))
    return PairedDifference(
        mean=float(difference.mean()),
        low=low,
        high=high,
        error=clustered_error(difference, case),
        better=int((difference < 0).sum()),
        questions=len(difference),
        cases=len(sums),
    )
