"""The weighted median voter: its value, what it minimises, and what must not matter to it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import NoWeightError
from detente.lenses.bargaining.averages import weighted_median
from tests.lenses.bargaining.actors import EMISSION, Stances, games, stances
from tests.lenses.bargaining.literal import literal_median

nan = float("nan")


@pytest.mark.parametrize(
    ("case", "expected", "source"),
    [
        (EMISSION, 7.0, "emission standards 1994, round 0"),
        (stances([10, 40], [1, 0.5], [1, 2]), 10.0, "half the weight at 10: the lower median"),
        (stances([40, 10], [0.5, 1], [2, 1]), 10.0, "the same in the other order"),
        (stances([1, 2, 3], [1, 1, 1], [0.1, 0.2, 0.3]), 2.0, "half reached exactly but for rounding"),
        (stances([0, 10, 40], [1, 1, 1], [0, 1, 0]), 10.0, "no weight left of it"),
        (stances([63.7], [0.3], [0.7]), 63.7, "one actor"),
        (stances([nan, 63.7, nan], [nan, 0.3, nan], [nan, 0.7, nan]), 63.7, "one with a stance"),
        (stances([10, nan, 40], [1, nan, 1], [1, nan, 2]), 40.0, "missing is not zero"),
    ],
)
def test_the_median_is_the_published_or_hand_worked_number(
    case: Stances, expected: float, source: str
) -> None:
    assert weighted_median(*case)[0, 0] == expected, source


@given(games())
def test_the_median_is_the_literal_one_and_some_actors_position(case: Stances) -> None:
    median = weighted_median(*case)[0, 0]
    assert median == literal_median(case.position[0, 0].tolist(), case.weight[0, 0].tolist())
    assert median in case.position[0, 0]


@given(games(), st.floats(0, 100))
def test_no_point_has_less_weighted_distance_to_all(case: Stances, other: float) -> None:
    x, w = case.position[0, 0], case.weight[0, 0]

    def loss(point: float) -> float:
        return float((w * np.abs(x - point)).sum())

    assert loss(weighted_median(*case)[0, 0]) <= loss(other) + 1e-9 * w.sum()


@given(games())
def test_no_position_beats_it_in_a_vote_by_distance(case: Stances) -> None:
    x, w = case.position[0, 0], case.weight[0, 0]
    median = weighted_median(*case)[0, 0]
    for rival in x:
        votes = w * (np.abs(x - rival) - np.abs(x - median))
        assert votes.sum() >= -1e-9 * w.sum()


@given(games(), st.integers(1, 30), st.integers(-50, 50))
def test_the_median_moves_with_the_scale(case: Stances, scale: int, shift: int) -> None:
    assert weighted_median(*case.changed(scale, shift))[0, 0] == weighted_median(*case)[0, 0] * scale + shift


@given(games(), st.randoms(use_true_random=False))
def test_the_order_of_actors_changes_nothing(case: Stances, random: Random) -> None:
    order = list(range(case.position.shape[-1]))
    random.shuffle(order)
    assert weighted_median(*case.reordered(order))[0, 0] == weighted_median(*case)[0, 0]


@given(games())
def test_two_actors_in_one_place_are_one_with_their_weights_added(case: Stances) -> None:
    twice = Stances(*(np.concatenate([array, array[..., :1]], axis=-1) for array in case))
    heavier = Stances(case.position, case.salience, case.influence.copy())
    heavier.influence[..., 0] *= 2
    assert weighted_median(*twice)[0, 0] == weighted_median(*heavier)[0, 0]


def test_an_issue_without_weight_is_named() -> None:
    case = Stances(*(np.repeat(array, 2, axis=1) for array in EMISSION))
    case.salience[0, 1] = 0.0
    with pytest.raises(NoWeightError, match="issue number 2"):
        weighted_median(*case)


def test_draws_and_issues_keep_their_places_with_gaps_among_them() -> None:
    rng = np.random.default_rng(0)
    case = Stances(*rng.uniform(0, 1, (3, 5, 4, 6)))
    case.position[rng.uniform(size=case.position.shape) < 0.3] = nan
    case.position[..., 0] = 0.5
    for array in case[1:]:
        array[np.isnan(case.position)] = nan
    medians = weighted_median(*case)
    for d, p in np.ndindex(5, 4):
        there = ~np.isnan(case.position[d, p])
        x, w = case.position[d, p][there].tolist(), case.weight[d, p][there].tolist()
        assert medians[d, p] == literal_median(x, w)
