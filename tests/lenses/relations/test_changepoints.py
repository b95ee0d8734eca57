"""Turning points: the exact minimum, the published series, the doubt of a date, and what chance finds."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detente.lenses.relations.changepoints import (
    BINOMIAL_PENALTY,
    SQUARED_PENALTY,
    Cost,
    QuasiBinomial,
    Squared,
    breaks,
    dispersion,
    noise,
    resampled,
)
from tests.lenses.relations.published import MONTHS, icews, levant, needs_data


def literal(cost: Cost, penalty: float, least: int) -> float:
    """Return the least cost of all segmentations, by trying each."""
    inner = range(1, cost.length)
    best = np.inf
    for count in range(cost.length):
        for chosen in combinations(inner, count):
            edges = (0, *chosen, cost.length)
            if all(b - a >= least for a, b in pairwise(edges)):
                best = min(best, total(cost, chosen, penalty))
    return best


def total(cost: Cost, found: tuple[int, ...], penalty: float) -> float:
    edges = (0, *found, cost.length)
    each = [float(cost(np.array([a]), b)[0]) for a, b in pairwise(edges)]
    return sum(each) + penalty * len(found)


@settings(max_examples=60)
@given(
    arrays(float, st.integers(4, 10), elements=st.integers(-10, 10).map(float)),
    st.sampled_from([0.5, 2.0, 8.0]),
    st.integers(1, 3),
)
def test_no_segmentation_of_grades_costs_less(values: np.ndarray, penalty: float, least: int) -> None:
    cost = Squared(values, 4.0)
    found = breaks(cost, penalty, least)
    assert total(cost, found, penalty) == pytest.approx(literal(cost, penalty, least), abs=1e-9)


@settings(max_examples=60)
@given(
    arrays(float, 9, elements=st.integers(0, 12).map(float)),
    arrays(float, 9, elements=st.integers(0, 12).map(float)),
    st.sampled_from([0.5, 3.0]),
    st.integers(1, 3),
)
def test_no_segmentation_of_counts_costs_less(
    hits: np.ndarray, others: np.ndarray, penalty: float, least: int
) -> None:
    cost = QuasiBinomial(hits, hits + others, 1.5)
    found = breaks(cost, penalty, least)
    assert total(cost, found, penalty) == pytest.approx(literal(cost, penalty, least), abs=1e-9)


def test_a_break_is_the_first_period_of_the_new_stretch() -> None:
    assert breaks(Squared(np.array([0.0, 0, 0, 0, 9, 9, 9, 9]), 1.0), 3.0) == (4,)


def test_too_short_or_constant_a_series_has_no_break() -> None:
    assert breaks(Squared(np.array([1.0, 9.0]), 1.0), 1.0) == ()
    assert breaks(Squared(np.full(30, 2.0), noise(np.full(30, 2.0))), 1.0) == ()


def test_empty_periods_carry_no_weight() -> None:
    """Months without events may be added within a stretch: the costs stay, and nothing is interpolated."""
    k, n = np.array([1.0, 2, 1, 8, 9, 8]), np.full(6, 10.0)
    filled = np.zeros(12)
    wide = filled.copy(), filled.copy()
    wide[0][::2], wide[1][::2] = k, n
    narrow, broad = QuasiBinomial(k, n, 1.0), QuasiBinomial(*wide, 1.0)
    assert narrow(np.array([0]), 6) == pytest.approx(broad(np.array([0]), 12))
    assert breaks(narrow, 2.0, 1) == (3,)
    assert breaks(broad, 2.0, 1)[0] in (5, 6)


@needs_data
@pytest.mark.parametrize(
    ("pair", "phi", "expected"),
    [(("ISR", "PAL"), 1.89, ["1993-08", "2000-10"]), (("PAL", "ISR"), 1.49, ["1993-04", "2000-10"])],
)
def test_oslo_and_the_second_intifada_are_found_in_the_levant(
    pair: tuple[str, str], phi: float, expected: list[str]
) -> None:
    """KEDS Levant, 392 months, quasi-binomial at the default penalty; Oslo 1993-08/09, intifada 2000-09-28."""
    k, n = levant(*pair)
    cost = QuasiBinomial(k, n, dispersion(k, n))
    assert cost.dispersion == pytest.approx(phi, abs=0.006)
    found = breaks(cost, BINOMIAL_PENALTY * log(len(k)))
    assert [MONTHS[at] for at in found] == expected


@needs_data
def test_a_low_penalty_finds_the_eight_published_breaks() -> None:
    k, n = levant("ISR", "PAL")
    found = breaks(QuasiBinomial(k, n, dispersion(k, n)), 2 * log(len(k)))
    assert len(found) == 8
    assert MONTHS[found[0]] == "1993-05"


@needs_data
def test_dates_of_the_levant_are_known_within_months() -> None:
    k, n = levant("ISR", "PAL")
    cost = QuasiBinomial(k, n, dispersion(k, n))
    found = breaks(cost, BINOMIAL_PENALTY * log(len(k)))
    for at, places in zip(found, resampled(cost, found, seed=1), strict=True):
        low, high = np.quantile(places, [0.1, 0.9])
        assert at - 6 <= low <= at <= high <= at + 6


@needs_data
@pytest.mark.parametrize(
    ("pair", "penalty", "expected"),
    [
        (("USA", "RUS"), 1, [2014]),
        (("RUS", "USA"), 1, [2007, 2009, 2011]),
        (("RUS", "GEO"), 2, [2003, 2006, 2009]),
        (("RUS", "UKR"), 2, [2014]),
        (("IND", "PAK"), 3, [2004]),
    ],
)
def test_years_of_icews_turn_when_they_should(
    pair: tuple[str, str], penalty: float, expected: list[int]
) -> None:
    """Squared error of z-scored shares, 2002 to 2014; the reset of 2009 is a fall in what Russia did."""
    rows, k, n = icews()
    share = k[rows[pair]] / n[rows[pair]]
    cost = Squared((share - share.mean()) / share.std(), 1.0)
    assert [2002 + at for at in breaks(cost, penalty, least=1)] == expected


@needs_data
def test_the_reset_of_2009_falls_and_2014_jumps() -> None:
    rows, k, n = icews()
    for pair in (("USA", "RUS"), ("RUS", "USA")):
        share = k[rows[pair]] / n[rows[pair]]
        assert share[7] < share[6] / 2  # 2009 beside 2008
        assert share[12] > share[11]  # 2014 beside 2013
    assert dispersion(k[rows["USA", "RUS"]], n[rows["USA", "RUS"]]) == pytest.approx(246, abs=1)


def test_counts_without_a_change_seldom_show_one() -> None:
    """Overdispersed months (φ 1.9, about 26 events) without a change: no false break in 20 series of 33 years."""
    generator = np.random.default_rng(5)
    false = 0
    for _ in range(20):
        n = generator.poisson(26, 392).astype(float)
        rho = 0.9 / 25
        share = generator.beta(0.6 * (1 - rho) / rho, 0.4 * (1 - rho) / rho, 392)
        k = generator.binomial(n.astype(int), share).astype(float)
        false += len(breaks(QuasiBinomial(k, n, dispersion(k, n)), BINOMIAL_PENALTY * log(392)))
    assert false == 0


@pytest.mark.parametrize(("events", "most"), [(20, 0.25), (70, 0.15), (120, 0.10)])
def test_grades_in_random_order_seldom_turn(events: int, most: float) -> None:
    """Far below one false break in ten years at the default penalty; and a real shift is nearly always found."""
    generator = np.random.default_rng(7)
    grades = np.array([-8, -7, -5, -5, -5, -4, -2, 2, 4, 4, 6, 6, 8, 8, -5, 4, -9.0])
    penalty = SQUARED_PENALTY * log(events)
    drawn = [generator.choice(grades, events) for _ in range(200)]
    false = sum(bool(breaks(Squared(one, noise(one)), penalty)) for one in drawn)
    assert false / 200 <= most
    half = events // 2
    shifted = [
        np.concatenate([generator.normal(-4, 3, half), generator.normal(3, 3, half)]) for _ in range(50)
    ]
    hits = sum(
        any(abs(at - half) <= 2 for at in breaks(Squared(one, noise(one)), penalty)) for one in shifted
    )
    assert hits >= 45
