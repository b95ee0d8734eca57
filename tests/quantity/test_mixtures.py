"""Several experts make a mixture: their disagreement is kept, and bare numbers keep their weight."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.quantity import Quantity, parse
from detente.quantity.inversion import first_reaching
from tests.quantity.strategies import quantities

SCALE = st.integers(0, 100).map(float) | st.floats(0.001, 100)


@given(quantities(SCALE), st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_a_quantile_is_the_smallest_value_that_reaches_its_probability(
    quantity: Quantity, u: list[float]
) -> None:
    quantity = quantity.within(-50, 150)
    points = np.array(u)
    values = quantity.quantile(points)
    step = 1e-9 * (1 + np.abs(values))
    assert np.all(quantity.cdf(values + step) >= points - 1e-12)
    inside = points > 0
    slope = 1e-6  # a steep density may rise by that much over one step
    assert np.all(quantity.cdf(values[inside] - step[inside]) <= points[inside] + slope)


@given(quantities(SCALE))
def test_mean_and_variance_of_a_mixture_are_those_of_its_parts(quantity: Quantity) -> None:
    quantity = quantity.within(-50, 150)
    parts = [Quantity((statement,), -50, 150) for statement in quantity.statements]
    mean = sum(part.mean for part in parts) / len(parts)
    second = sum(part.sd**2 + part.mean**2 for part in parts) / len(parts)
    assert quantity.mean == pytest.approx(mean, abs=1e-9)
    assert quantity.sd == pytest.approx(math.sqrt(max(second - mean**2, 0)), abs=1e-5)


@pytest.mark.parametrize("text", ["[20..30, 60 ± 5]", "[95 ± 10, 20..35..60, 0..5]", "[10 ± 30, 90 ± 30]"])
def test_moments_of_a_mixture_are_what_its_quantiles_average_to(text: str) -> None:
    quantity = parse(text).within(0, 100)
    values = quantity.quantile((np.arange(300_000) + 0.5) / 300_000)
    assert quantity.mean == pytest.approx(values.mean(), rel=1e-5)
    assert quantity.sd == pytest.approx(values.std(), rel=1e-4)


def test_a_bare_number_among_experts_keeps_its_share_of_the_draws() -> None:
    quantity = parse("[30, 45 ± 5, 20..60]").within(0, 100)
    drawn = quantity.sample(11, "x", 0, 60_000)
    assert np.mean(drawn == 30) == pytest.approx(1 / 3, abs=0.008)
    assert len(np.unique(drawn[drawn != 30])) == np.sum(drawn != 30)


@pytest.mark.parametrize("values", [[10, 20, 30], [1e-13, 3e-13], [7, 7, 9], [0, 1e-9, 5], [-1e90, 0, 1e90]])
def test_bare_numbers_alone_come_back_exactly(values: list[float]) -> None:
    quantity = parse(values)
    n = len(values)
    for k in range(1, n + 1):
        assert quantity.quantile(k / n) == sorted(values)[k - 1]
        assert quantity.quantile((k - 0.5) / n) == sorted(values)[k - 1]
    assert set(quantity.sample(1, "x", 0, 300).tolist()) == {float(value) for value in values}


def test_between_separated_experts_the_lower_one_ends() -> None:
    quantity = parse("[10..20, 30..40]")
    assert quantity.quantile([0, 0.5, 1]).tolist() == pytest.approx([10, 20, 40])
    assert quantity.quantile(0.5 + 1e-9) == pytest.approx(30, abs=1e-6)
    assert quantity.cdf([15, 25, 30, 35]).tolist() == [0.25, 0.5, 0.5, 0.75]


def test_without_bounds_the_ends_are_infinite() -> None:
    quantity = parse("[30, 45 ± 5]")
    assert quantity.quantile([0, 1]).tolist() == [-math.inf, math.inf]
    assert quantity.quantile([[0.25, 0.5]]).shape == (1, 2)


def test_experts_who_agree_are_one_expert() -> None:
    u = np.linspace(0, 1, 11)
    for text in ("45 ± 5", "20..60", "20..35..60"):
        one, two = parse(text).within(0, 100), parse([text, text]).within(0, 100)
        np.testing.assert_allclose(two.quantile(u), one.quantile(u), rtol=1e-12)
        assert two.mean == pytest.approx(one.mean)


def test_the_order_of_experts_does_not_matter() -> None:
    u = np.linspace(0, 1, 101)
    one, other = parse("[30, 45 ± 5, 20..60]"), parse("[20..60, 30, 45 ± 5]")
    np.testing.assert_allclose(one.quantile(u[1:-1]), other.quantile(u[1:-1]), rtol=1e-12)
    assert one.sd == pytest.approx(other.sd)


def test_inversion_finds_roots_of_any_curve_to_the_last_digits() -> None:
    u = np.linspace(0.01, 0.99, 50)
    low, high = np.zeros(50), np.full(50, 1e3)
    found = first_reaching(lambda x: 1 - np.exp(-x), u, low, high)
    np.testing.assert_allclose(found, -np.log1p(-u), rtol=1e-13)
    stairs = first_reaching(lambda x: np.floor(x) / 1e3, u, low, high)
    np.testing.assert_allclose(stairs, np.searchsorted(np.arange(1001) / 1e3, u), rtol=1e-12)
    flat = first_reaching(lambda x: np.where(x >= 250, 1.0, 0.0), u, low, high)
    np.testing.assert_allclose(flat, 250, rtol=1e-12)
    already = first_reaching(lambda x: np.ones_like(x), u, low, high)
    np.testing.assert_array_equal(already, low)


def test_inversion_solves_each_element_by_itself() -> None:
    quantity = parse("[30, 45 ± 5, 20..60]").within(0, 100)
    u = np.linspace(0.001, 0.999, 777)
    together = quantity.quantile(u)
    assert together.tolist() == [float(quantity.quantile(one)) for one in u]
