"""What many draws say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.lenses.summary import BINS, distribution


def test_identical_draws_give_the_very_number_back() -> None:
    d = distribution(np.full(10_000, 0.1), 0, 1)
    assert (d.mean, d.median, d.sd, d.mc_error) == (0.1, 0.1, 0.0, 0.0)
    assert set(d.intervals.values()) == {(0.1, 0.1)}


@given(st.lists(st.floats(0, 100), min_size=2, max_size=60))
def test_intervals_nest_around_the_median_and_counts_add_up(values: list[float]) -> None:
    d = distribution(np.array(values), 0, 100)
    assert min(values) <= d.mean <= max(values)
    low50, high50 = d.intervals["50"]
    low80, high80 = d.intervals["80"]
    low95, high95 = d.intervals["95"]
    assert low95 <= low80 <= low50 <= d.median <= high50 <= high80 <= high95
    assert sum(d.histogram.counts) == len(values)
    assert len(d.histogram.counts) == BINS


def test_moments_are_those_of_the_draws() -> None:
    values = np.random.default_rng(0).normal(50, 5, 4000)
    d = distribution(values, 0, 100)
    assert d.mean == pytest.approx(values.mean())
    assert d.sd == pytest.approx(values.std(ddof=1))
    assert d.mc_error == pytest.approx(values.std(ddof=1) / np.sqrt(4000))
    assert d.intervals["80"] == pytest.approx(tuple(np.quantile(values, [0.1, 0.9])))


@pytest.mark.parametrize(
    ("values", "low", "high"), [([3, 4], 0, 10), ([3, 12], 0, 12), ([-2, 4], -2, 10), ([-2, 12], -2, 12)]
)
def test_the_histogram_spans_the_scale_and_stretches_for_what_lies_outside(
    values: list[float], low: float, high: float
) -> None:
    found = distribution(np.array(values, dtype=np.float64), 0, 10).histogram
    assert found.edges == pytest.approx(np.linspace(low, high, BINS + 1))
    assert list(found.counts) == np.histogram(values, bins=np.array(found.edges))[0].tolist()
