"""Shares, news and flips against closed forms: Ishigami's function, linear normals, discrete toys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from detente.lenses.summary import Array
from detente.study.estimates import (
    Basis,
    adding_up,
    by_beta,
    closed,
    forward,
    groups,
    holm,
    news,
    planned,
    reported,
    shares,
)
from detente.study.flips import bared, joint, named, single

OF_CALLS = ("right_before", "right_after", "flips")


def ishigami(u: Array) -> Array:
    """sin x1 + 7 sin² x2 + .1 x3⁴ sin x1 on [−π, π]³ (Ishigami & Homma 1990)."""
    x = np.pi * (2 * u - 1)
    value: Array = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return value


FIRST = (0.313905, 0.442411, 0.0)
SHAPLEY = (0.435747, 0.442411, 0.121842)


def test_the_first_shares_of_ishigamis_function() -> None:
    u = np.random.default_rng(1).random((10_000, 3))
    found = shares(u, ishigami(u))
    for share, error, true in zip(found.share, found.error, FIRST, strict=True):
        assert share == pytest.approx(true, abs=4 * error + 0.012)  # groups blur a curve by about 1 %
    assert found.matters.tolist() == [True, True, False]
    assert groups(10_000) == 32
    assert groups(2_000) == 17


def test_closed_shares_of_ishigamis_function() -> None:
    random = np.random.default_rng(2)
    a, b = random.random((20_000, 3)), random.random((20_000, 3))
    ya, yb = ishigami(a), ishigami(b)
    for place in range(3):
        mixed = a.copy()
        mixed[:, place] = b[:, place]
        yc = ishigami(mixed)
        found = closed(ya, yb, yc)
        assert found.share == pytest.approx(FIRST[place], abs=4 * found.error)
        assert found.error < 0.02


def test_shares_that_add_up_are_those_of_shapley() -> None:
    random = np.random.default_rng(3)
    found = adding_up(ishigami, random.random((4096, 3)), random.random((4096, 3)), [[0], [1], [2]])
    for one, true in zip(found, SHAPLEY, strict=True):
        assert one.share == pytest.approx(true, abs=4 * one.error)
    assert sum(one.share for one in found) == pytest.approx(1.0, abs=0.1)


def g_function(u: Array) -> Array:
    """Π (|4u − 2| + a)/(1 + a), a = 0, 1, 4.5, 9 and four times 99 (Saltelli & Sobol' 1995)."""
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
    value: Array = ((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=1)
    return value


G_FIRST = (0.716192, 0.179048, 0.023676, 0.007162)
G_SHAPLEY = (0.751519, 0.210477, 0.028880, 0.008772)


def test_the_shares_of_the_g_function() -> None:
    """By groups of draws, by further runs, and in shares that add up."""
    random = np.random.default_rng(21)
    u, b = random.random((10_000, 8)), random.random((10_000, 8))
    y, yb = g_function(u), g_function(b)
    free = shares(u, y)
    assert free.matters.tolist() == [True] * 3 + [bool(free.matters[3])] + [False] * 4
    for place, true in enumerate(G_FIRST):
        assert free.share[place] == pytest.approx(true, abs=4 * free.error[place] + 0.01)
        mixed = u.copy()
        mixed[:, place] = b[:, place]
        run = closed(y, yb, g_function(mixed))
        assert run.share == pytest.approx(true, abs=4 * run.error)
    added = adding_up(g_function, u[:4096], b[:4096], [[k] for k in range(8)])
    for one, true in zip(added, G_SHAPLEY, strict=False):
        assert one.share == pytest.approx(true, abs=4 * one.error)


def test_shares_of_correlated_inputs_count_what_they_tell_of_each_other() -> None:
    """X1 + X2 + X3/2, normal, sd 1, 1, 2, X2 and X3 correlated by .6: closed shares from the conditional means."""
    z = np.random.default_rng(22).standard_normal((20_000, 3))
    z[:, 2] = 0.6 * z[:, 1] + 0.8 * z[:, 2]
    u, y = ndtr(z), z[:, 0] + z[:, 1] + z[:, 2]
    free = shares(u, y)
    for place, true in enumerate((0.238095, 0.609524, 0.609524)):
        assert free.share[place] == pytest.approx(true, abs=4 * free.error[place] + 0.01)
    basis = Basis(u, y)
    assert float(basis.share([1, 2])) == pytest.approx(0.761905, abs=0.015)
    assert float(basis.share([0])) == pytest.approx(0.238095, abs=0.015)


def test_outcomes_that_are_studied_together_come_out_as_each_alone() -> None:
    u = np.random.default_rng(23).random((2_000, 5))
    y = np.stack([u @ np.arange(5.0), (u[:, 0] * u[:, 1] > 0.3).astype(float), np.full(2_000, 4.0)])
    together, basis = shares(u, y), Basis(u, y)
    for k, one in enumerate(y):
        alone = shares(u, one)
        for found, of in zip(alone, together, strict=True):
            assert found == pytest.approx(of[k], abs=1e-12)
        np.testing.assert_allclose(Basis(u, one).fit([1, 3]), basis.fit([1, 3])[k], atol=1e-9)
        np.testing.assert_allclose(reported(u, one, 0.5), reported(u, y, 0.5)[k], atol=1e-12)


def test_the_error_of_a_share_is_that_of_its_definition() -> None:
    """The spread of the influence of each draw, in the sorted order, as it stands in the literature."""
    u = np.random.default_rng(24).random((1_000, 1))
    y = np.exp(u[:, 0]) + np.random.default_rng(25).standard_normal(1_000)
    found, m, n = shares(u, y), groups(1_000), 1_000
    sizes = np.diff(np.linspace(0, n, m + 1).astype(int))
    rest = np.sort(u[:, 0]).searchsorted(u[:, 0])  # place of each draw
    centred = np.repeat(found.means[0] - y.mean(), sizes)[rest]
    r, share = y - y.mean(), found.share[0]
    psi = (centred**2 + 2 * centred * (r - centred)) / y.var() - share * r**2 / y.var()
    assert found.error[0] == pytest.approx(np.sqrt(psi.var() / n + 2 * (m - 1) * (1 - share) ** 2 / n**2))


WEIGHTS = 0.9 ** np.arange(200)


@pytest.fixture(scope="module")
def many() -> Array:
    """Return the uniforms of 200 inputs."""
    return np.random.default_rng(4).random((10_000, 200))


def test_few_of_many_inputs_are_found_and_noise_is_not_named(many: Array) -> None:
    z = ndtri(many)
    y = z @ WEIGHTS + z[:, 0] * z[:, 1]
    found = shares(many, y)
    for place, true in enumerate((0.159664, 0.129328, 0.104755)):
        assert found.share[place] == pytest.approx(true, abs=0.02)
    assert found.matters[:8].all()
    assert not found.matters[60:].any()
    assert Basis(many, y).share([0, 1]) == pytest.approx(0.448655 - 0.159664, abs=0.03)  # without the product


def test_a_yes_or_no_of_many_inputs(many: Array) -> None:
    """1[Σ > 1 sd]: shares from the bivariate normal."""
    line = ndtri(many) @ WEIGHTS
    y = (line > np.sqrt((WEIGHTS**2).sum())).astype(float)
    found = shares(many, y)
    for place, true in enumerate((0.09136, 0.07274)):
        assert found.share[place] == pytest.approx(true, abs=4 * found.error[place])


def test_an_input_that_does_nothing_is_named_in_one_of_a_hundred_runs_at_most() -> None:
    named = 0
    for seed in range(1_000):
        random = np.random.default_rng(seed)
        u = random.random((500, 6))
        named += int(shares(u, random.standard_normal(500)).matters.any())
    assert named <= 20  # 10 are expected of all six together; 20 is passed in one of a thousand such tests


def test_of_two_hundred_inputs_those_that_do_nothing_are_silent_in_99_of_100_seeds() -> None:
    """One input decides a yes or no, 60 do nothing: one of these is named in one seed of a hundred, by Holm."""
    named, missed = 0, 0
    for seed in range(100):
        random = np.random.default_rng(5_000 + seed)
        u = random.random((1_000, 61))
        y = (u[:, 0] + 0.5 * random.standard_normal(1_000) > 0.7).astype(float)
        found = shares(u, y).matters
        named, missed = named + int(found[1:].any()), missed + int(not found[0])
    assert named <= 4  # 1 is expected; more than 4 come of chance in one of 270 such tests
    assert missed == 0


def test_errors_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for seed in range(100):
        u = np.random.default_rng(1000 + seed).random((2_000, 2))
        z = ndtri(u)
        found = shares(u, z[:, 0] + z[:, 1])
        held += abs(found.share[0] - 0.5) <= 1.96 * found.error[0] + 0.015
    assert held >= 88


def test_tests_are_taken_together() -> None:
    """Holm's procedure by hand: .01/4, .01/3, .01/2, .01/1."""
    assert holm(np.array([0.002, 0.0033, 0.2, 0.004])).tolist() == [True, True, False, True]
    assert holm(np.array([0.003, 0.001])).tolist() == [True, True]
    assert not holm(np.array([0.02, 0.5])).any()


def test_an_outcome_that_never_changes_has_no_shares() -> None:
    u = np.random.default_rng(5).random((1000, 3))
    found = shares(u, np.full(1000, 7.0))
    assert not found.matters.any()
    assert found.share.tolist() == [0.0] * 3
    assert Basis(u, np.full(1000, 7.0)).share([0]) == 0


# mean and spread of a normal gain → value of perfect information, chance that the call turns; closed form.
CALLS = [(0.0, 0.4359, 0.173895, 0.5), (0.3, 0.4359, 0.063529, 0.2456), (0.6, 0.807, 0.107060, 0.2286)]


@pytest.mark.parametrize(("mean", "spread", "_", "flip"), CALLS)
def test_the_chance_that_a_call_turns(mean: float, spread: float, _: float, flip: float) -> None:
    random = np.random.default_rng(6)
    u = random.random((20_000, 1))
    told = ndtr(mean + spread * ndtri(u[:, 0]))  # the probability, once the group is known
    y = (random.random(20_000) < told).astype(float)
    found = news(y, told, 0.3)
    if mean == 0:
        assert found["right_after"] == pytest.approx(float(np.maximum(told, 1 - told).mean()))
    else:
        assert found["flips"] == pytest.approx(flip, abs=0.01)
    assert found["right_after"] >= found["right_before"]
    assert found["spread_left"] == pytest.approx(y.std() * np.sqrt(0.7))


def test_noise_is_worth_next_to_nothing() -> None:
    random = np.random.default_rng(7)
    u = random.random((2_000, 20))
    y = random.standard_normal(2_000)
    assert Basis(u, y).share(range(20)) < 0.03


def test_reports_are_worth_less_the_worse_they_are() -> None:
    """1[.3-correlated normal > 1 sd]: Mehler's series."""
    random = np.random.default_rng(8)
    x = random.standard_normal(60_000)
    y = (np.sqrt(0.3) * x + np.sqrt(0.7) * random.standard_normal(60_000) > 1).astype(float)
    for reliability, true in ((1.0, 0.151976), (0.8, 0.118163), (0.5, 0.070767), (0.2, 0.027108)):
        assert reported(ndtr(x)[:, None], y, reliability)[0] == pytest.approx(true, abs=0.008)
    assert reported(ndtr(x)[:, None], np.zeros(60_000), 1.0)[0] == 0


def test_a_plan_asks_the_best_first_and_never_loses() -> None:
    u = np.random.default_rng(9).random((4_000, 4))
    z = ndtri(u)
    y = 2 * z[:, 0] + z[:, 1] + z[:, 2]
    asked = {"a": [0], "b": [1], "both": [1, 2], "nobody": [3]}
    plan = forward(Basis(u, y).share, asked, {}, 4)
    assert [name for name, _ in plan][:2] == ["a", "both"]
    reached = [share for _, share in plan]
    assert reached == sorted(reached)
    assert reached[1] == pytest.approx(1.0, abs=0.02)
    dear = forward(Basis(u, y).share, asked, {"a": 100.0}, 2)
    assert dear[0][0] == "both"
    assert planned(Basis(u, y).share, asked, {}, 1.5) == plan[:1]


def test_the_best_set_within_a_budget_is_not_always_the_best_first() -> None:
    """One question tells 40 % for 3, two tell 30 % each for 1.5: with 3 to spend the two are better."""
    u = np.random.default_rng(10).random((6_000, 4))
    z = ndtri(u)
    y = 2.0 * z[:, 0] + np.sqrt(3) * (z[:, 1] + z[:, 2])
    asked, costs = {"dear": [0], "b": [1], "c": [2], "nobody": [3]}, {"dear": 3.0, "b": 1.5, "c": 1.5}
    chosen = planned(Basis(u, y).share, asked, costs, 3.0)
    assert sorted(name for name, _ in chosen) == ["b", "c"]
    assert chosen[-1][1] == pytest.approx(0.6, abs=0.03)
    assert planned(Basis(u, y).share, {"dear": [0]}, costs, 0.5) == []
    everything = planned(Basis(u, y).share, asked, costs, 100.0)
    assert everything[-1][1] <= 1.0


def test_of_plans_that_tell_the_same_the_cheapest_is_taken() -> None:
    def share(places: Sequence[int]) -> float:
        return 0.5 if places else 0.0

    asked, costs = {"a": [0], "b": [1]}, {"a": 1.0, "b": 2.0}
    assert planned(share, asked, costs, 3.0) == [("a", 0.5)]


def test_whoever_knows_nothing_more_is_right_as_often_as_the_likelier_call() -> None:
    """So of four draws one comes true: 'no' is right in three, and stays so where what is told changes nothing."""
    y = np.array([1.0, 0.0, 0.0, 0.0])
    found = news(y, np.full(4, 0.25), 0.0)
    assert [float(found[one]) for one in OF_CALLS] == [0.75, 0.75, 0.0]
    told = news(y, np.array([0.9, 0.1, 0.0, 0.0]), 0.8)
    assert [float(told[one]) for one in OF_CALLS] == pytest.approx([0.75, 0.95, 0.25])


def test_inputs_that_make_up_little_of_a_move_are_not_named() -> None:
    assert named(np.array([6.0, 0.1, 1.0, 2.9])) == [0, 3, 2]


def test_what_only_the_share_tells_is_spread_as_a_beta() -> None:
    """Mean and variance are those that were asked for; certain knowledge is 0 or 1."""
    y = (np.arange(1_000) < 300).astype(float)
    told = by_beta(y, 0.4)
    assert told.mean() == pytest.approx(0.3, abs=0.003)
    assert told.var() == pytest.approx(0.4 * 0.21, rel=0.02)
    assert set(by_beta(y, 1.0)) == {0.0, 1.0}
    line = np.linspace(0, 10, 1_000)
    assert by_beta(line, 0.5).std() == pytest.approx(line.std() * np.sqrt(0.5), rel=0.02)


def test_intervals_of_shares_hold_the_truth_as_often_as_they_say() -> None:
    """Closed shares of a product: X1·X2 + X1, known by hand; 95 % in 80 runs, within chance."""
    held = 0
    for seed in range(80):
        random = np.random.default_rng(seed)
        a, b = (ndtri(random.random((600, 2))) for _ in range(2))
        mixed = a.copy()
        mixed[:, 0] = b[:, 0]
        ya, yb, yc = (x[:, 0] * x[:, 1] + x[:, 0] for x in (a, b, mixed))
        found = closed(ya, yb, yc)  # of X1: V = 2, of which 1 is X1's alone
        held += abs(found.share - 0.5) <= 1.96 * found.error
    assert held >= 69


def test_units_and_order_change_no_share() -> None:
    u = np.random.default_rng(11).random((3_000, 3))
    y = ndtri(u) @ np.array([3.0, 2.0, 1.0])
    plain = shares(u, y)
    scaled, turned = shares(u, 1_000 * y + 7), shares(u[:, ::-1], y)
    assert scaled.share == pytest.approx(plain.share)
    assert turned.share[::-1] == pytest.approx(plain.share)
    assert Basis(u[:, ::-1], y).share([2]) == pytest.approx(Basis(u, 5 * y).share([0]))


def lines(z: Array) -> Array:
    """Red lines 60 ± 5 and 45 ± 5: above 0 where the ceiling reaches the floor."""
    margin: Array = (45 + 5 * z[:, 1]) - (60 + 5 * z[:, 0])
    return margin


def test_two_red_lines_meet_half_way() -> None:
    found = joint(lines, 3)
    assert found is not None
    assert np.linalg.norm(found) == pytest.approx(15 / np.sqrt(50), abs=1e-3)
    assert found == pytest.approx([-1.5, 1.5, 0.0], abs=2e-3)
    assert set(named(found**2)) == {0, 1}
    assert ndtr(-np.linalg.norm(found)) == pytest.approx(0.016947, abs=1e-4)
    assert single(lines, 3)[:2] == pytest.approx([-3.0, 3.0], abs=1e-2)
    assert np.isnan(single(lines, 3)[2])


def test_several_demands_at_once_need_the_move_that_meets_all() -> None:
    """min of three lines at distances 5, 2 and 1.4 along three axes: the joint move is their norm."""

    def margin(z: Array) -> Array:
        return np.minimum(np.minimum(z[:, 0] - 5, z[:, 1] - 2), z[:, 2] - 1.4)

    found = joint(margin, 3)
    assert found is not None
    assert np.linalg.norm(found) == pytest.approx(np.sqrt(25 + 4 + 1.96), abs=0.02)


def test_from_yes_to_no_the_nearest_way_out_is_found() -> None:
    def margin(z: Array) -> Array:
        return np.minimum(2 - z[:, 0], 1 + 0.5 * z[:, 1])

    found = joint(margin, 2)
    assert found is not None
    assert np.linalg.norm(found) == pytest.approx(2.0, abs=0.02)


def test_an_input_that_counts_in_whole_numbers_flips_where_it_jumps() -> None:
    """round(z1) + round(z2) at least 2: 1.5 alone, or half a step of both, 2 · .5² < 1.5²."""

    def margin(z: Array) -> Array:
        return np.rint(z[:, 0]) + np.rint(z[:, 1]) - 1.5

    found = joint(margin, 3)
    assert found is not None
    assert margin(found[None])[0] > 0
    assert np.linalg.norm(found) == pytest.approx(np.sqrt(0.5), abs=0.06)
    assert single(margin, 3)[:2] == pytest.approx([1.5, 1.5], abs=1e-2)


def test_what_is_told_as_a_flip_is_one() -> None:
    """A margin that is never below 0, but nearly: near is not on the other side."""
    assert joint(lambda z: 1e-4 + 0.01 * z[:, 0] ** 2, 2) is None


def test_what_is_out_of_reach_has_no_flip() -> None:
    assert joint(lambda z: z[:, 0] - 40, 1) is None
    assert joint(lambda z: np.full(len(z), 3.0), 2) is None
    assert np.isnan(single(lambda z: z[:, 0] - 40, 1)).all()


def test_a_point_beyond_the_boundary_keeps_only_what_it_takes() -> None:
    def margin(z: Array) -> Array:
        return np.maximum(3 - z[:, 0] - z[:, 1], z[:, 2] - 1)

    point = np.array([2.0, 2.0, 0.5, -4.0, 0.1])
    assert bared(margin, point).tolist() == [2.0, 2.0, 0.0, 0.0, 0.0]
    assert bared(margin, np.array([0.0, 4.0, 0.5, 1.0, 5.0])).tolist() == [0.0, 4.0, 0.0, 0.0, 0.0]


def test_of_fewer_draws_than_a_fit_takes_nothing_is_said() -> None:
    """Forty inputs alike: with 200 draws their sum is no riddle that inputs set together, but not known at all."""
    random = np.random.default_rng(26)
    few, many = random.random((200, 40)), random.random((260, 40))
    assert Basis(few, few.sum(axis=1)).joint_play() is None
    assert Basis(few, few.sum(axis=1)).share(range(40)) == 0
    assert Basis(many, many.sum(axis=1)).joint_play() == pytest.approx(0.0, abs=0.01)
