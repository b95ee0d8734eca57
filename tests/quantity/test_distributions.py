"""Moments, quantiles and probabilities agree with SciPy's distributions and with numerical integration."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from scipy.special import log_ndtr

from detente.errors import QuantityError
from detente.quantity import Quantity, parse
from detente.quantity import distributions as d
from detente.quantity.expert import Statement

U = np.array([0.0, 1e-9, 0.01, 0.1, 0.5, 0.77, 0.999, 1 - 1e-9, 1.0])
INF = math.inf


def cut(text: str, low: float, high: float) -> Quantity:
    """Return a quantity cut to bounds, also where they cut what is stated."""
    return Quantity(parse(text).statements, low, high)


CUTS = [
    (0, 1, -INF, INF),
    (0, 1, 0, INF),
    (50, 5, 0, 100),
    (90, 8, 0, 100),
    (0.95, 0.2, 0, 1),
    (3, 2, 0, INF),
    (0, 1, 2, 5),
    (0, 1, -5, -2),
    (0, 1, 8, 9),
    (0, 1, 20, INF),
    (0, 1, -INF, -36),
]


@pytest.mark.parametrize(("mean", "sd", "low", "high"), CUTS)
def test_a_cut_normal_is_scipys_truncnorm(mean: float, sd: float, low: float, high: float) -> None:
    truncnorm = stats.truncnorm((low - mean) / sd, (high - mean) / sd, mean, sd)
    quantity = cut(f"{mean} ± {sd}", low, high)
    inner = U[1:-1]
    np.testing.assert_allclose(quantity.quantile(inner), truncnorm.ppf(inner), rtol=1e-9, atol=1e-9 * sd)
    assert quantity.quantile([0, 1]) == pytest.approx([low, high], abs=1e-12)
    points = quantity.quantile(inner)
    np.testing.assert_allclose(quantity.cdf(points), inner, atol=1e-9)
    if max((low - mean) / sd, (mean - high) / sd) < 5:  # further out SciPy's own moments lose digits
        assert quantity.mean == pytest.approx(truncnorm.mean(), abs=1e-9 * sd)
        assert quantity.sd == pytest.approx(truncnorm.std(), rel=1e-8)


@pytest.mark.parametrize(
    ("a", "b"), [(8, 9), (20, 40), (38, 60), (60, 61), (1000, 2000), (1e5, 2e5), (1e7, 1e8)]
)
def test_far_in_a_tail_the_distribution_stays_exact(a: float, b: float) -> None:
    """Expected by integrating the density relative to its peak, exp(-t (t + 2a) / 2) with t from the bound."""
    reach = min(b - a, 40 / a)
    mass, first, second = (
        quad(lambda t, k=k: t**k * math.exp(-t * (t + 2 * a) / 2), 0, reach, epsabs=0, epsrel=1e-11)[0]
        for k in range(3)
    )
    mean, sd = first / mass, math.sqrt(second / mass - (first / mass) ** 2)
    for sign in (1, -1):
        low, high = sorted((sign * a, sign * b))
        found_mean, found_sd = d.normal_moments(0.0, 1.0, low, high)
        assert abs(sign * float(found_mean) - a - mean) < 1e-7 * mean + 4e-16 * a
        assert float(found_sd) == pytest.approx(sd, rel=1e-7)
        u = np.array([0.1, 0.5, 0.9])
        beyond = sign * d.normal_quantile(u, 0, 1, low, high) - a
        share = u if sign > 0 else 1 - u
        expected = -np.log1p(-share) / a  # exponential tail, to a few parts in a**2
        np.testing.assert_allclose(beyond, expected, rtol=4 / a**2, atol=4e-16 * a)
        back = d.normal_cdf(d.normal_quantile(u, 0, 1, low, high), 0, 1, low, high)
        np.testing.assert_allclose(back, u, atol=1e-12 + 1e-15 * a * a)


def test_far_quantiles_have_the_tail_probability_that_they_should() -> None:
    u = np.array([1e-6, 0.3, 0.9999])
    z = d.normal_quantile(u, 0.0, 1.0, 40.0, INF)
    np.testing.assert_allclose(log_ndtr(-z) - log_ndtr(-40.0), np.log1p(-u), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("sd", [1e3, 1e5, 1e7, 1e9, 1e12, 1e15, 1e30, 1e90])
def test_a_normal_much_wider_than_its_bounds_is_uniform(sd: float) -> None:
    """The closed forms for the moments cancel here; at sd = 1e7 they are wrong in the third digit."""
    quantity = parse(f"40 ± {sd!r}").within(0, 100)
    assert quantity.mean == pytest.approx(50, abs=2e5 / sd + 1e-9)
    assert quantity.sd == pytest.approx(100 / math.sqrt(12), rel=1e-3 * (1e3 / sd) + 1e-9)
    np.testing.assert_allclose(quantity.quantile(U), 100 * U, atol=100 * 50 / sd + 1e-6)
    np.testing.assert_allclose(quantity.cdf(100 * U), U, atol=50 / sd + 1e-8)
    assert quantity.sample(1, "x", 0, 500).std() == pytest.approx(28.87, rel=0.1)


@given(
    st.floats(-50, 150),
    st.floats(1e-3, 1e6),
    st.floats(-100, 100),
    st.floats(0.01, 200),
    st.lists(st.floats(0, 1), min_size=2, max_size=8),
)
def test_a_cut_normal_keeps_within_bounds_and_in_order(
    mean: float, sd: float, low: float, width: float, u: list[float]
) -> None:
    quantity = cut(
        f"{mean!r} ± {sd!r}" if mean == 0 or abs(mean) > 1e-90 else f"0 ± {sd!r}", low, low + width
    )
    values = quantity.quantile(sorted(u))
    assert np.all((values >= low) & (values <= low + width))
    assert np.all(np.diff(values) >= 0)
    assert low <= quantity.mean <= low + width
    assert 0 <= quantity.sd <= width / 2
    probabilities = quantity.cdf([low - 1, *values, low + width])
    assert np.all(np.diff(probabilities) >= 0)
    assert (probabilities[0], probabilities[-1]) == (0, 1)


def test_cutting_leaves_no_pile_at_the_bounds() -> None:
    """Clipping 95 ± 20 to 0..100 would put two fifths of the draws on 100."""
    drawn = parse("95 ± 20").within(0, 100).sample(3, "p", 0, 100_000)
    assert len(np.unique(drawn)) == 100_000
    top, below = (float(np.mean((drawn > a) & (drawn <= a + 1))) for a in (99, 98))
    assert top == pytest.approx(below, rel=0.15)


@pytest.mark.parametrize(("low", "high"), [(20, 60), (-1, 1), (-0.001, 1e6)])
def test_an_interval_is_uniform(low: float, high: float) -> None:
    quantity, uniform = parse(f"{low}..{high}"), stats.uniform(low, high - low)
    assert (quantity.mean, quantity.sd) == pytest.approx((uniform.mean(), uniform.std()))
    np.testing.assert_allclose(quantity.quantile(U), uniform.ppf(U), atol=1e-12 * (high - low))
    np.testing.assert_allclose(quantity.cdf(uniform.ppf(U)), U, atol=1e-12)


@pytest.mark.parametrize(
    "corners", [(0, 3, 10), (0, 0, 1), (-5, 1, 1), (20, 35, 60), (1e6, 1e6 + 1, 1e6 + 3)]
)
def test_a_triangle_is_scipys_triang(corners: tuple[float, float, float]) -> None:
    low, mode, high = corners
    quantity = parse("..".join(str(corner) for corner in corners))
    triang = stats.triang((mode - low) / (high - low), low, high - low)
    assert quantity.mean == pytest.approx(triang.mean())
    assert quantity.sd == pytest.approx(
        math.sqrt((low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18)
        if high < 1e5
        else triang.std(),
        rel=1e-9,
    )
    np.testing.assert_allclose(quantity.quantile(U), triang.ppf(U), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(quantity.cdf(triang.ppf(U)), U, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("0..3..10", 1, 8), ("0..3..10", 4, 20), ("0..3..10", -5, 2), ("0..0..10", 0, 5), ("0..10..10", 9, 10)],
)
def test_a_cut_triangle_is_what_integration_says(text: str, low: float, high: float) -> None:
    quantity = cut(text, low, high)
    a, mode, b = parse(text).statements[0].parameters

    def density(x: float) -> float:
        return (x - a) / (mode - a) if x < mode else (b - x) / (b - mode) if x > mode else 1.0

    start, stop = max(a, low), min(b, high)
    middle = [mode] if start < mode < stop else None
    mass, first, second = (
        quad(lambda x, k=k: density(x) * x**k, start, stop, points=middle)[0] for k in range(3)
    )
    assert quantity.mean == pytest.approx(first / mass)
    assert quantity.sd == pytest.approx(math.sqrt(second / mass - (first / mass) ** 2))
    assert quantity.quantile([0, 1]) == pytest.approx([start, stop])
    x = quantity.quantile(U)
    np.testing.assert_allclose(quantity.cdf(x), U, atol=1e-12)
    below = quad(density, start, float(x[4]), points=middle if x[4] > mode else None)[0]
    assert below / mass == pytest.approx(0.5)


KS = ["40 ± 10", "95 ± 20", "20..60", "20..35..60", "[30..40, 45 ± 5, 20..60]", "[10 ± 3, 80 ± 3]"]


@pytest.mark.parametrize("text", KS)
@pytest.mark.parametrize("seed", [0, 1, -7, 2**70])
def test_draws_follow_their_distribution(text: str, seed: int) -> None:
    """Kolmogorov-Smirnov with fixed seeds, so that it passes or fails for good."""
    quantity = parse(text).within(0, 100)
    drawn = quantity.sample(seed, "stances.a.b.position", 0, 20_000)
    assert stats.kstest(drawn, quantity.cdf).pvalue > 1e-3
    error = quantity.sd / math.sqrt(len(drawn))
    assert abs(drawn.mean() - quantity.mean) < 4 * error
    assert drawn.std() == pytest.approx(quantity.sd, rel=0.03)


def test_moments_of_samples_converge_with_the_root_of_their_number() -> None:
    quantity = parse("[30, 45 ± 5, 20..60]").within(0, 100)
    drawn = quantity.sample(5, "x", 0, 400_000)
    for count in (1_000, 20_000, 400_000):
        assert abs(drawn[:count].mean() - quantity.mean) < 4 * quantity.sd / math.sqrt(count)
        assert abs(drawn[:count].std() - quantity.sd) < 8 * quantity.sd / math.sqrt(count)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e3))
def test_moments_of_an_uncut_normal_are_its_parameters(mean: float, sd: float) -> None:
    assume(mean == 0 or abs(mean) > 1e-90)
    quantity = parse(f"{mean!r} ± {sd!r}")
    assert (quantity.mean, quantity.sd) == (mean, sd)
    wide = quantity.within(mean - 20 * sd, mean + 20 * sd)
    assert (wide.mean, wide.sd) == (mean, sd)


def test_the_bounds_of_an_uncut_normal_make_no_step() -> None:
    """The short cut for bounds nine standard deviations away gives what the integral gives."""
    for low, high in pairwise([-9.1, -8.9, 8.9]):
        assert d.normal_moments(0.0, 1.0, low, high + 20)[0] == pytest.approx(0, abs=1e-15)
    assert parse("0 ± 1").within(-8.99, 9.2).sd == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "low", "high", "message"),
    [
        ("40", 50, 60, "nothing of 40 lies between 50 and 60"),
        ("20..60", 70, 80, "nothing of 20..60 lies between 70 and 80"),
        ("20..60", 60, 80, "nothing of 20..60 lies"),
        ("40 ± 1", 5, 5, "nothing of 40 ± 1 lies"),
        ("0..1..10", 9.99999999, 20, "next to nothing of 0..1..10 lies"),
        ("40", 60, 50, "the lower bound 60 is above the upper bound 50"),
        ("40", math.nan, 50, "the lower bound nan is above"),
    ],
)
def test_bounds_that_leave_nothing_are_refused(text: str, low: float, high: float, message: str) -> None:
    with pytest.raises(QuantityError, match=message):
        cut(text, low, high)


def test_a_stated_number_outside_its_scale_is_a_fault_and_a_normal_tail_is_not() -> None:
    assert parse("95 ± 20").fault_within(0, 100) is None
    assert parse("105 ± 20").fault_within(0, 100) == "105 is above 100"
    assert parse("-5..20").fault_within(0, 100) == "-5 is below 0"
    assert parse("[40, 5..20..120]").fault_within(0, 100) == "120 is above 100"
    with pytest.raises(QuantityError, match=r"-5\.\.20: -5 is below 0"):
        parse("-5..20").within(0, 100)


def test_an_exact_quantity_has_no_spread() -> None:
    for quantity in (parse(40), Quantity.exact(40), parse([40, 40.0])):
        assert quantity.is_exact
        assert (quantity.mean, quantity.sd) == (40, 0)
        assert quantity.sample(1, "x", 3, 4).tolist() == [40] * 4
        assert quantity.quantile([0, 0.5, 1]).tolist() == [40] * 3
        assert quantity.cdf([39, 40, 41]).tolist() == [0, 1, 1]
    assert not parse("40 ± 1").is_exact
    assert Statement("exact", (4.0,)).moments(0, 10) == (4, 0)


@pytest.mark.parametrize("u", [-0.1, 1.1, math.nan])
def test_a_probability_outside_its_range_is_refused(u: float) -> None:
    with pytest.raises(QuantityError, match="a probability must lie between 0 and 1"):
        parse("20..60").quantile(u)
