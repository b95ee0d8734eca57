"""Scores, calibration and comparison: worked numbers, slow definitions, other programs where there are any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, norm

from detente.lenses.summary import Array
from detente.quantity.shares import wilson
from detente.record import scores
from detente.record.scores import (
    bands,
    by_chance,
    decile_shares,
    mid_atom_coverage,
    of_brier,
    of_crps,
    paired,
    recalibrated,
)
from detente.study.outlook.foothold import foothold, footholds
from detente.study.outlook.mixed import MixedDistribution, atoms, uniform


def test_a_score_that_is_the_same_is_not_better() -> None:
    own, other = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.2, 0.2, 0.1, 0.5])
    assert paired(own, other, ["a", "b", "c", "d"]).better == 2


def clustered_error(difference: Array, case: list[str], *, corrected: bool = True) -> float:
    """Return ``√Σ_g(Σ_{i∈g}(d_i − d̄))²/n``, times √(G/(G − 1)) where ``corrected``: by the letter."""
    groups = sorted(set(case))
    apart = difference - difference.mean()
    sums = [sum(d for d, of in zip(apart, case, strict=True) if of == group) for group in groups]
    plain = float(np.sqrt(sum(one**2 for one in sums))) / len(difference)
    return plain * float(np.sqrt(len(groups) / (len(groups) - 1))) if corrected else plain


P, HAPPENED = np.array([0.9, 0.1, 0.8, 0.3, 0.6]), np.array([1.0, 0.0, 1.0, 1.0, 0.0])
LEVELS, QUANTILES = np.array([0.1, 0.25, 0.5, 0.75, 0.9]), np.array([10.0, 25.0, 40.0, 60.0, 85.0])
DRAWS = np.array([0.0] * 3 + [40.0] * 5 + [100.0] * 2)
ENDS, TAILS = np.array([20.0, 80.0]), np.array([0.1, 0.9])
FINE = np.linspace(-9, 9, 20_001)
NORMAL = MixedDistribution(
    -9.0, 9.0, np.empty(0), np.empty(0), FINE, norm.cdf(FINE) / norm.cdf(9.0) - norm.cdf(-9.0)
)
D, CASES = np.array([1.0, -2.0, -3.0, 0.0, -1.0, -4.0]), list("aaabcc")

# name, computed, by hand
WORKED = [
    ("Brier", np.mean(scores.brier(P, HAPPENED)), 0.182),
    ("log", scores.log_score(P, HAPPENED).mean(), 0.510826),
    ("miscalibration", of_brier(P, HAPPENED).miscalibration, 0.082),
    ("discrimination", of_brier(P, HAPPENED).discrimination, 0.14),
    ("uncertainty", of_brier(P, HAPPENED).uncertainty, 0.24),
    ("CRPS of draws", atoms(DRAWS, np.ones(10), 0.0, 100.0).crps(60.0), 18.0),
    ("CRPS of a normal", NORMAL.crps(0.0), 0.2336950),
    # The score of an interval is 2/α times the pinball scores of its ends.
    ("interval, outside", 2 / 0.2 * scores.pinball(ENDS, TAILS, 90.0).sum(), 160.0),
    ("interval, inside", 2 / 0.2 * scores.pinball(ENDS, TAILS, 50.0).sum(), 60.0),
    ("weighted interval", scores.weighted_interval_score(LEVELS, QUANTILES, 70.0), 16.5),
    ("RPS", scores.ranked_probability(np.array([0.2, 0.5, 0.3]), 1), 0.13 / 2),
    ("RPS, as two sums", ((np.array([0.2, 0.7]) - [0, 1]) ** 2).sum() / 2, 0.065),
    ("mid-atom", mid_atom_coverage(np.array([0.05]), np.array([0.35]), 0.8)[0], 0.8333),
    ("clustered", clustered_error(D, CASES, corrected=False), 0.42492),
    ("clustered, corrected", clustered_error(D, CASES), 0.52042),
    ("unclustered", clustered_error(D, list("abcdef")), 0.76376),
    ("skill", scores.skill(np.array([1.0, 3.0]), np.array([4.0, 4.0])), 0.5),
]


@pytest.mark.parametrize(("name", "found", "by_hand"), WORKED, ids=[name for name, *_ in WORKED])
def test_the_worked_numbers(name: str, found: float, by_hand: float) -> None:
    del name
    assert float(found) == pytest.approx(by_hand, abs=5e-6 if by_hand != 0.8333 else 5e-5)


def test_the_worked_pinballs_and_shares() -> None:
    assert scores.pinball(QUANTILES, LEVELS, 70.0) == pytest.approx([6, 11.25, 15, 7.5, 1.5])
    shares = decile_shares(np.array([0.05]), np.array([0.35]))[0]
    assert shares == pytest.approx([1 / 6, 1 / 3, 1 / 3, 1 / 6, 0, 0, 0, 0, 0, 0])


@given(st.lists(st.integers(0, 20), min_size=2, max_size=12), st.integers(-5, 25))
def test_the_crps_of_atoms_is_its_double_sum(values: list[int], outcome: int) -> None:
    """And an ensemble of M is scored too high by E|X − X'|/(2M): its fair score divides by M(M − 1)."""
    x = np.array(values, float)
    spread, near = np.abs(x[:, None] - x[None, :]), np.abs(x - outcome).mean()
    exact = atoms(x, np.ones(len(x)), 0.0, 20.0).crps(float(outcome))
    assert exact == pytest.approx(near - spread.mean() / 2)
    fair = near - spread.sum() / (len(x) * (len(x) - 1)) / 2
    assert exact - fair == pytest.approx(spread.sum() / (2 * len(x) ** 2 * (len(x) - 1)))


def test_thirteen_of_sixteen_have_these_intervals() -> None:
    """Ours is Wilson's; that of Clopper and Pearson holds at least 95 %, and is wider."""
    assert wilson(13, 16) == pytest.approx((0.5699, 0.9341), abs=5e-5)
    exact = binomtest(13, 16).proportion_ci(0.95, "exact")
    assert (exact.low, exact.high) == pytest.approx((0.5435, 0.9595), abs=5e-5)
    for end, tail in ((exact.low, binom.sf(12, 16, exact.low)), (exact.high, binom.cdf(13, 16, exact.high))):
        assert tail == pytest.approx(0.025), end


@pytest.mark.parametrize(
    ("n", "low", "high"), [(10, 0.5, 1.0), (20, 0.6, 0.95), (50, 0.68, 0.90), (100, 0.72, 0.88)]
)
def test_without_atoms_the_band_of_a_coverage_is_binomial(n: int, low: float, high: float) -> None:
    found = bands([uniform(0.0, 1.0)] * n)
    assert found[:2] == pytest.approx((low, high), abs=1 / n)  # 2,000 simulations
    assert (low, high) == pytest.approx(binom.ppf([0.025, 0.975], n, 0.8) / n)


@given(st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=25))
def test_the_parts_of_a_score_add_to_it_and_are_never_negative(told: list[tuple[int, bool]]) -> None:
    p, o = np.array([k / 10 for k, _ in told]), np.array([float(b) for _, b in told])
    parts = of_brier(p, o)
    assert parts.miscalibration - parts.discrimination + parts.uncertainty == pytest.approx(
        ((p - o) ** 2).mean()
    )
    assert min(parts) >= -1e-12
    fitted = recalibrated(p, o)
    order = np.argsort(p, kind="stable")
    assert (np.diff(fitted[order]) >= -1e-12).all()


def test_the_parts_of_a_crps_add_to_it() -> None:
    random = np.random.default_rng(2)
    made = [
        foothold(footholds(random.random((1, 5)) * 100, random.random((1, 5))), 0.0, 100.0) for _ in range(40)
    ]
    outcome = random.random(40) * 100
    z = (np.arange(2000) + 0.5) / 20
    parts = of_crps(np.array([one.at(z) for one in made]), z, outcome)
    mean = np.mean([one.crps(y) for one, y in zip(made, outcome, strict=True)])
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(mean, abs=0.03)


def segments(forecasts: list[MixedDistribution], outcomes: Array) -> tuple[Array, Array]:
    """Return F(y−) and F(y) of every outcome under its forecast."""
    left, upto = np.array([one.segment(float(y)) for one, y in zip(forecasts, outcomes, strict=True)]).T
    return left, upto


def simulated(count: int, seed: int) -> tuple[list[MixedDistribution], Array]:
    """Return forecasts with atoms, and outcomes that follow them."""
    random = np.random.default_rng(seed)
    position: Array = random.integers(0, 11, (count, 6)).astype(float) * 10
    of = footholds(position, random.random((count, 6)))
    made = [foothold(of.only([k]), 0.0, 100.0) for k in range(count)]
    return made, np.array([float(one.quantile(random.random())) for one in made])


def test_outcomes_of_the_forecasts_fall_as_often_as_stated_into_every_interval() -> None:
    made, outcome = simulated(1500, 1)
    left, upto = segments(made, outcome)
    for level in (0.5, 0.8, 0.9):
        assert mid_atom_coverage(left, upto, level).mean() == pytest.approx(level, abs=0.03)
    assert np.abs(decile_shares(left, upto).mean(axis=0) - 0.1).max() < 0.025


def test_the_truth_has_the_least_mean_score() -> None:
    made, outcome = simulated(800, 2)
    true = np.mean([one.crps(y) for one, y in zip(made, outcome, strict=True)])
    turned = np.mean([one.crps(y) for one, y in zip(made[1:] + made[:1], outcome, strict=True)])
    flat = np.mean([uniform(0.0, 100.0).crps(y) for y in outcome])
    assert true < min(turned, flat)


def test_bands_hold_a_right_forecaster_as_often_as_they_say() -> None:
    """Of 40 records of 60 outcomes each, about 2 fall outside a band of 95 in 100."""
    outside = wide = 0
    for seed in range(40):
        made, outcome = simulated(60, 100 + seed)
        left, upto = segments(made, outcome)
        low, high, strays = bands(made)
        outside += not low <= mid_atom_coverage(left, upto, 0.8).mean() <= high
        wide += np.abs(decile_shares(left, upto).mean(axis=0) - 0.1).max() > strays
    assert outside <= 7
    assert wide <= 7


def test_differences_are_paired_and_cases_resampled() -> None:
    random = np.random.default_rng(5)
    cases = [str(k // 3) for k in range(90)]
    shift = np.repeat(random.standard_normal(30), 3)
    a, b = random.random(90) + shift - 0.5, random.random(90) + shift
    found = paired(a, b, cases)
    assert found.mean == pytest.approx((a - b).mean())
    assert found.better == int((a < b).sum())
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.mean < found.high < 0
    assert (found.high - found.low) / 3.92 == pytest.approx(clustered_error(a - b, cases), rel=0.2)


def test_few_cases_have_no_interval() -> None:
    few = paired(np.zeros(6), np.ones(6), list("aabbcc"))
    assert (few.mean, few.low, few.high) == (-1, None, None)


def test_scores_agree_with_another_program() -> None:
    import scoringrules as peer

    random = np.random.default_rng(6)
    for _ in range(20):
        draws, outcome = random.random(30) * 100, float(random.random() * 100)
        ours = atoms(draws, np.ones(30), 0.0, 100.0).crps(outcome)
        assert ours == pytest.approx(float(peer.crps_ensemble(outcome, draws)))
        chance, happened = random.random(5), (random.random(5) < 0.5).astype(float)
        assert scores.brier(chance, happened) == pytest.approx(peer.brier_score(happened, chance))
        assert scores.log_score(chance, happened) == pytest.approx(peer.log_score(happened, chance))
        classes = random.dirichlet(np.ones(4))
        ranked = scores.ranked_probability(classes, 2)
        assert 3 * ranked == pytest.approx(float(peer.rps_score(3, classes)))  # it counts classes from 1
        low, high = np.sort(random.random(2) * 100)
        ends = scores.pinball(np.array([low, high]), TAILS, outcome).sum()
        assert 2 / 0.2 * ends == pytest.approx(float(peer.interval_score(outcome, low, high, 0.2)))
        quantiles = np.sort(random.random(5) * 100)
        wide = float(
            peer.weighted_interval_score(
                outcome, quantiles[2], quantiles[:2], quantiles[:2:-1], np.array([0.2, 0.5])
            )
        )
        assert scores.weighted_interval_score(LEVELS, quantiles, outcome) == pytest.approx(wide)


def test_decompositions_agree_with_another_program() -> None:
    from model_diagnostics import scoring as peer

    random = np.random.default_rng(7)
    chance = np.round(random.random(200), 2)
    happened = (random.random(200) < chance**1.5).astype(float)
    found = peer.decompose(happened, chance, scoring_function=peer.SquaredError())
    row = {name: float(found[name][0]) for name in ("miscalibration", "discrimination", "uncertainty")}
    assert tuple(of_brier(chance, happened)) == pytest.approx(tuple(row.values()))


def test_a_right_forecaster_exceeds_its_miscalibration_by_chance_in_one_record_of_twenty() -> None:
    random = np.random.default_rng(8)
    chance = random.random(60)
    most, low, high = by_chance(chance)
    drawn = [(random.random(60) < chance).astype(float) for _ in range(400)]
    over = np.mean([of_brier(chance, one).miscalibration > most for one in drawn])
    assert over == pytest.approx(0.05, abs=0.035)
    within = np.mean(
        [(recalibrated(chance, one) >= low) & (recalibrated(chance, one) <= high) for one in drawn]
    )
    assert within == pytest.approx(0.95, abs=0.03)
    assert of_brier(chance, 1 - np.round(chance)).miscalibration > most
