"""Nash bargaining: that the solution maximises the product of gains, its limits, and when there is no deal."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Case
from detente.errors import CaseError, NoWeightError
from detente.lenses.bargaining.averages import weighted_mean, weighted_median
from detente.lenses.bargaining.nash import NashOutcome, nash_bargain
from tests.lenses.bargaining.actors import EMISSION, PERCENT, Array, Stances, games, stances

nan = float("nan")
EXPONENTS = st.sampled_from([1.0, 1.5, 2.0, 3.0])
COSTS = st.sampled_from([0.0, 1e-6, 0.05, 0.3, 2.0])
NO_DEAL = st.integers(0, 8).map(lambda k: 12.5 * k)


def bargain(case: Stances, no_deal: float, cost: float, exponent: float = 2) -> tuple[float, bool]:
    """Outcome and agreement of one draw of one issue on 0..100."""
    solved = nash_bargain(*case, np.array([[no_deal]]), np.array([[cost]]), *PERCENT, exponent=exponent)
    return float(solved.outcome[0, 0]), bool(solved.agreement[0, 0])


def gains(case: Stances, no_deal: float, cost: float, exponent: float, deals: Array) -> Array:
    """What every actor with weight gains by every deal (deals × actors)."""
    x = case.position[0, 0][case.weight[0, 0] > 0] / 100
    gained: Array = abs(no_deal / 100 - x) ** exponent - abs(deals[:, None] / 100 - x) ** exponent + cost
    return gained


def objective(case: Stances, no_deal: float, cost: float, exponent: float, deals: Array) -> Array:
    """Σ w ln gain of every deal, −∞ where somebody does not gain."""
    gained = gains(case, no_deal, cost, exponent, deals)
    w = case.weight[0, 0][case.weight[0, 0] > 0]
    worth = (w * np.log(np.where(gained > 0, gained, 1.0))).sum(axis=1) / w.sum()
    return np.where((gained > 0).all(axis=1), worth, -np.inf)


@pytest.mark.parametrize(
    ("case", "no_deal", "cost", "exponent", "expected", "agreement", "source"),
    [
        (stances([60], [1], [1]), 0, 0, 2, 60, True, "one actor gets its way"),
        (stances([60, nan], [1, nan], [1, nan]), 0, 0, 1, 60, True, "one actor with a stance"),
        (stances([60, 60], [1, 1], [1, 9]), 100, 0.2, 2, 60, True, "all agree"),
        (stances([30, 80], [1, 1], [2, 1]), 50, 0, 2, 50, False, "both sides of no deal"),
        (stances([30, 80], [1, 1], [2, 1]), 50, 0, 1, 50, False, "both sides of no deal"),
        (stances([0, 80], [1, 1], [2, 1]), 0, 0, 2, 0, False, "one sits on no deal"),
        (stances([0, 80], [1, 1], [0, 1]), 0, 0, 2, 80, True, "who sits there has no weight"),
        (
            stances([0.1, 0.2], [1, 1], [1, 1]),
            0.1 + 1e-18,
            0,
            2,
            0.1,
            False,
            "one sits on it but for rounding",
        ),
        # a = 1, κ = 0, ρ = 0, 40 and 60: between them (80 − x)^w1 · x^w2, so x = 80·w2/(w1 + w2), not below 40.
        (stances([40, 60], [1, 1], [3, 5]), 0, 0, 1, 50, True, "by hand"),
        (stances([40, 60], [1, 1], [5, 3]), 0, 0, 1, 40, True, "by hand, at the kink"),
        (stances([40, 60], [1, 1], [1, 7]), 0, 0, 1, 60, True, "by hand, at the other kink"),
        # a = 2, κ = 0, ρ = 0, 50 and 100, equal weights: x(1 − x) · x(2 − x) peaks where 4x² − 9x + 4 = 0.
        (stances([50, 100], [1, 1], [1, 1]), 0, 0, 2, 100 * (9 - 17**0.5) / 8, True, "by hand"),
        # a = 2, ρ = ½, κ, actors at 0 and 1 with equal weights: symmetric, so ½.
        (stances([0, 100], [1, 1], [1, 1]), 50, 0.1, 2, 50, True, "symmetry"),
        (stances([0, 100], [1, 1], [1, 1]), 50, 0.1, 1, 50, True, "symmetry"),
    ],
)
def test_the_solution_is_the_hand_worked_number(
    case: Stances, no_deal: float, cost: float, exponent: float, expected: float, agreement: bool, source: str
) -> None:
    outcome, agreed = bargain(case, no_deal, cost, exponent)
    assert outcome == pytest.approx(expected, abs=1e-10), source
    assert agreed is agreement, source


@given(games(), NO_DEAL, COSTS, EXPONENTS)
def test_no_deal_on_a_fine_grid_has_a_larger_product_of_gains(
    case: Stances, no_deal: float, cost: float, exponent: float
) -> None:
    outcome, agreed = bargain(case, no_deal, cost, exponent)
    grid = np.append(np.linspace(0, 100, 4001), case.position)
    best = objective(case, no_deal, cost, exponent, grid).max()
    if agreed:
        here = objective(case, no_deal, cost, exponent, np.array([outcome]))[0]
        assert here >= best - 1e-9 or best == -np.inf
    else:
        assert outcome == no_deal
        assert best == -np.inf


@given(games(), NO_DEAL, COSTS, EXPONENTS)
def test_every_actor_with_weight_gains_by_the_deal(
    case: Stances, no_deal: float, cost: float, exponent: float
) -> None:
    outcome, agreed = bargain(case, no_deal, cost, exponent)
    x = case.position[0, 0][case.weight[0, 0] > 0]
    if agreed:
        assert gains(case, no_deal, cost, exponent, np.array([outcome])).min() >= -1e-12
        assert x.min() <= outcome <= x.max()
    sides = (x <= no_deal).any() and (x >= no_deal).any()
    assert agreed is (cost > 0 or not sides)


@given(games(), NO_DEAL)
def test_dearer_failure_leads_to_the_mean_of_quadratic_and_the_median_of_linear_losses(
    case: Stances, no_deal: float
) -> None:
    assert bargain(case, no_deal, 1e9, 2)[0] == pytest.approx(weighted_mean(*case)[0, 0], abs=1e-5)
    x, w = case.position[0, 0], case.weight[0, 0]
    linear = bargain(case, no_deal, 1e9, 1)[0]
    median = weighted_median(*case)[0, 0]
    assert (w * abs(x - linear)).sum() == pytest.approx((w * abs(x - median)).sum(), rel=1e-6)


@given(games(), NO_DEAL, COSTS, EXPONENTS, st.integers(1, 9), st.integers(-50, 50))
def test_the_deal_moves_with_the_scale(
    case: Stances, no_deal: float, cost: float, exponent: float, scale: int, shift: int
) -> None:
    outcome, agreed = bargain(case, no_deal, cost, exponent)
    moved = nash_bargain(
        *case.changed(scale, shift),
        np.array([[no_deal * scale + shift]]),
        np.array([[cost]]),
        np.array([float(shift)]),
        np.array([100.0 * scale + shift]),
        exponent=exponent,
    )
    assert moved.outcome[0, 0] == pytest.approx(outcome * scale + shift, abs=1e-6 * scale)
    assert moved.agreement[0, 0] == agreed


@given(games(), NO_DEAL, COSTS, EXPONENTS)
def test_a_mirrored_scale_mirrors_the_deal(
    case: Stances, no_deal: float, cost: float, exponent: float
) -> None:
    outcome, agreed = bargain(case, no_deal, cost, exponent)
    mirrored, also = bargain(case.changed(-1, 100), 100 - no_deal, cost, exponent)
    assert agreed is also
    deals = np.array([outcome, 100 - mirrored])
    worth = objective(case, no_deal, cost, exponent, deals)
    assert not agreed or worth[0] == pytest.approx(worth[1], abs=1e-9) or worth[0] == worth[1]


@given(games(), NO_DEAL, COSTS, EXPONENTS, st.randoms(use_true_random=False))
def test_the_order_of_actors_changes_nothing(
    case: Stances, no_deal: float, cost: float, exponent: float, random: Random
) -> None:
    order = list(range(case.position.shape[-1]))
    random.shuffle(order)
    outcome, agreed = bargain(case, no_deal, cost, exponent)
    other, also = bargain(case.reordered(order), no_deal, cost, exponent)
    assert agreed is also
    worth = objective(case, no_deal, cost, exponent, np.array([outcome, other]))
    assert not agreed or worth[0] == pytest.approx(worth[1], abs=1e-9) or worth[0] == worth[1]


def test_an_actor_without_weight_changes_nothing() -> None:
    with_it = stances([40, 60, 5], [1, 1, 0], [3, 5, 7])
    assert bargain(with_it, 0, 0, 2) == bargain(stances([40, 60], [1, 1], [3, 5]), 0, 0, 2)


def test_an_issue_without_a_no_deal_point_has_no_solution_and_no_agreement() -> None:
    case = Stances(*(np.repeat(array, 3, axis=1) for array in EMISSION))
    low, high = np.full(3, 4.0), np.full(3, 10.0)
    no_deal, cost = np.array([[4.0, nan, 10.0]]), np.array([[0.5, nan, 0.5]])
    solved = nash_bargain(*case, no_deal, cost, low, high)
    np.testing.assert_array_equal(np.isnan(solved.outcome), [[False, True, False]])
    np.testing.assert_array_equal(solved.agreement, [[True, False, True]])


def test_every_issue_is_measured_on_its_own_scale() -> None:
    case = Stances(*(np.repeat(array, 2, axis=1) for array in stances([30, 60], [1, 1], [2, 1])))
    case.position[0, 1] = [3, 6]
    no_deal, cost = np.array([[100.0, 10.0]]), np.array([[0.1, 0.1]])
    solved = nash_bargain(*case, no_deal, cost, np.zeros(2), np.array([100.0, 10.0]))
    assert solved.outcome[0, 0] == pytest.approx(10 * solved.outcome[0, 1], rel=1e-12)


def test_draws_do_not_influence_each_other() -> None:
    rng = np.random.default_rng(1)
    many = Stances(*rng.uniform(0, 1, (3, 40, 2, 5)))
    many.position[7, 0, 2] = many.salience[7, 0, 2] = many.influence[7, 0, 2] = nan
    no_deal, cost = rng.uniform(0, 1, (40, 2)), rng.choice([0, 0.2], (40, 2))
    low, high = np.zeros(2), np.ones(2)
    for exponent in (1, 1.5, 2):
        at_once = nash_bargain(*many, no_deal, cost, low, high, exponent=exponent)
        singly = [_draw(many, no_deal, cost, d, exponent) for d in range(40)]
        np.testing.assert_allclose(at_once.outcome, [one.outcome[0] for one in singly], atol=1e-9)
        np.testing.assert_array_equal(at_once.agreement, [one.agreement[0] for one in singly])


def _draw(many: Stances, no_deal: Array, cost: Array, d: int, exponent: float) -> NashOutcome:
    one = Stances(*(array[d : d + 1] for array in many))
    at = slice(d, d + 1)
    return nash_bargain(*one, no_deal[at], cost[at], np.zeros(2), np.ones(2), exponent=exponent)


@pytest.mark.parametrize(
    "stated",
    [
        *({"options": {"bargaining": {"nash": {"exponent": a}}}} for a in (0.5, nan, float("inf"))),
        *(
            {"issues": {"i": {"name": "I", "scale": {0: "a", 1: "b"}, "failure_cost": c}}}
            for c in (-0.1, nan)
        ),
    ],
)
def test_losses_that_are_not_convex_and_negative_costs_of_failure_are_no_part_of_a_case(stated: Any) -> None:
    with pytest.raises(CaseError, match=r"exponent|failure_cost"):
        Case.from_dict({"title": "T", **stated})


def test_an_issue_without_weight_is_named() -> None:
    case = Stances(EMISSION.position, EMISSION.salience, 0 * EMISSION.influence)
    with pytest.raises(NoWeightError, match="issue number 1"):
        bargain(case, 4, 0)


@pytest.mark.parametrize("exponent", [1, 1.5, 2])
def test_a_draw_is_the_same_in_a_block_of_any_size(exponent: float) -> None:
    """To the last bit, whatever the rows beside it do."""
    from detente.catalog import open_case
    from detente.lenses import lens

    opened = lens("bargaining")
    case = open_case("us-russia-2024")
    changes = {**opened.only(["nash"]), "options.bargaining.nash.exponent": exponent}
    view = opened.view(case.with_(changes))
    values = view.table.sample(1, 0, 300)
    whole = view.outcomes(values)
    for size in (1, 7, 100, 256):
        parts = [view.outcomes(values[k : k + size]) for k in range(0, 300, size)]
        for label, found in whole.items():
            np.testing.assert_array_equal(np.concatenate([part[label] for part in parts]), found)
