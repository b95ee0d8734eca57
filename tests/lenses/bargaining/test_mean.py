"""The compromise: its value, its levers, and what must not matter to it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import NoWeightError
from detente.lenses.bargaining.averages import pull, unweighted_mean, weighted_mean
from tests.lenses.bargaining.actors import EMISSION, Stances, games, stances
from tests.lenses.bargaining.literal import literal_mean

nan = float("nan")


@pytest.mark.parametrize(
    ("case", "expected", "tolerance", "source"),
    [
        (EMISSION, 7.389956, 1e-6, "emission standards 1994, round 0"),
        (stances([10, 40], [1, 0.5], [1, 2]), 25.0, 0.0, "by hand"),
        (stances([10, 40], [1, 0.5], [3, 2]), 17.5, 0.0, "by hand"),
        (stances([0.1, 0.1, 0.1], [0.3, 0.7, 0.1], [0.1, 0.2, 0.7]), 0.1, 0.0, "all agree"),
        (stances([63.7], [0.3], [0.7]), 63.7, 0.0, "one actor"),
        (stances([63.7, nan], [0.3, nan], [0.7, nan]), 63.7, 0.0, "one actor, one without a stance"),
        (stances([10, nan, 40], [1, nan, 0.5], [1, nan, 2]), 25.0, 0.0, "missing is not zero"),
    ],
)
def test_the_compromise_is_the_published_or_hand_worked_number(
    case: Stances, expected: float, tolerance: float, source: str
) -> None:
    assert weighted_mean(*case)[0, 0] == pytest.approx(expected, abs=tolerance, rel=0), source


@given(games())
def test_the_compromise_is_the_literal_weighted_mean_inside_the_hull(case: Stances) -> None:
    mean = weighted_mean(*case)[0, 0]
    x = case.position[0, 0].tolist()
    assert mean == pytest.approx(literal_mean(x, case.weight[0, 0].tolist()), abs=1e-10)
    assert min(x) <= mean <= max(x)


@given(games(), st.integers(1, 30), st.integers(-50, 50))
def test_the_compromise_moves_with_the_scale(case: Stances, scale: int, shift: int) -> None:
    moved = weighted_mean(*case.changed(scale / 3, shift))[0, 0]
    assert moved == pytest.approx(weighted_mean(*case)[0, 0] * scale / 3 + shift, abs=1e-9)


@given(games(), st.randoms(use_true_random=False))
def test_the_order_of_actors_changes_nothing(case: Stances, random: Random) -> None:
    order = list(range(case.position.shape[-1]))
    random.shuffle(order)
    assert weighted_mean(*case.reordered(order))[0, 0] == pytest.approx(weighted_mean(*case)[0, 0], abs=1e-10)


@given(games())
def test_two_actors_in_one_place_are_one_with_their_weights_added(case: Stances) -> None:
    twice = Stances(*(np.concatenate([array, array[..., :1]], axis=-1) for array in case))
    heavier = Stances(case.position, case.salience, case.influence.copy())
    heavier.influence[..., 0] *= 2
    assert weighted_mean(*twice)[0, 0] == pytest.approx(weighted_mean(*heavier)[0, 0], abs=1e-10)


@given(games(least=2), st.floats(0.5, 1e6))
def test_only_ratios_of_influence_matter(case: Stances, factor: float) -> None:
    louder = weighted_mean(case.position, case.salience, factor * case.influence)[0, 0]
    assert louder == pytest.approx(weighted_mean(*case)[0, 0], abs=1e-10)


@given(games(least=2))
def test_pull_is_the_derivative_by_position_and_by_weight(case: Stances) -> None:
    (by_position, by_weight), step = pull(*case), 1e-6
    assert by_position.sum() == pytest.approx(1.0)
    for i in range(case.position.shape[-1]):
        for name, array in (("position", case.position.copy()), ("influence", case.influence.copy())):
            size = step * max(1.0, abs(array[0, 0, i])) if name == "position" else step * case.weight.sum()
            array[0, 0, i] += size
            shift = weighted_mean(*case._replace(**{name: array}))[0, 0] - weighted_mean(*case)[0, 0]
            slope = by_position if name == "position" else by_weight * case.salience
            assert shift / size == pytest.approx(slope[0, 0, i], rel=1e-4, abs=1e-4)


def test_an_actor_without_a_stance_pulls_nothing() -> None:
    by_position, by_weight = pull(*stances([10, nan, 40], [1, nan, 0.5], [1, nan, 2]))
    np.testing.assert_array_equal(by_position, [[[0.5, nan, 0.5]]])
    np.testing.assert_array_equal(by_weight, [[[-7.5, nan, 7.5]]])


@pytest.mark.parametrize("solver", [weighted_mean, pull])
def test_an_issue_without_weight_is_named(solver: type) -> None:
    case = Stances(*(np.repeat(array, 3, axis=1) for array in EMISSION))
    case.influence[0, 2] = 0.0
    with pytest.raises(NoWeightError, match="issue number 3") as caught:
        solver(*case)
    assert caught.value.issue == 2


def test_a_draw_with_a_gap_leaves_the_others_as_they_are() -> None:
    full = Stances(*(np.repeat(array, 4, axis=0) for array in EMISSION))
    gap = Stances(*(array.copy() for array in full))
    for array in gap:
        array[2, 0, 5] = nan
    expected = weighted_mean(*full)
    expected[2] = weighted_mean(*(np.delete(array, 5, axis=-1) for array in full))[2]
    np.testing.assert_allclose(weighted_mean(*gap), expected, rtol=1e-15)


def test_the_plain_mean_counts_whoever_has_a_position() -> None:
    position = np.array(
        [[[10.0, nan, 40.0], [nan, nan, nan], [0.1, 0.1, 0.1], [nan, 7.0, nan], [-8.0, nan, nan]]]
    )
    np.testing.assert_array_equal(unweighted_mean(position), [[25.0, nan, 0.1, 7.0, -8.0]])
