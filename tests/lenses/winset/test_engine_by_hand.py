"""Deals whose every number can be worked out by hand, and closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.case.thresholds import Voter, all_of
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.deal_program import deal_program
from detente.lenses.winset.engine import NAMES
from detente.lenses.winset.unblock.two_level import size
from tests.lenses.winset.one_draw import extent, frontier, solution, zone
from tests.lenses.winset.sample_deals import deal, from_no_deal, logrolling, majority
from tests.oracles.zone import efficiency

BOTH = np.array([True, True])


def median_voters() -> Deal:
    """Return one issue with ideals at .2, .4 and .7 and no deal at .9, decided by majority."""
    return from_no_deal([[0.2], [0.4], [0.7]], [0.9], majority(2, 3), "city_block")


def test_a_majority_of_three_accepts_what_the_median_voter_does() -> None:
    one = median_voters()
    assert extent(one) == pytest.approx(np.array([[0.0, 0.9]]))
    assert size(one)[0] == pytest.approx(0.9)
    assert extent(replace(one, rule=majority(3, 3))) == pytest.approx(np.array([[0.5, 0.9]]))


@pytest.mark.parametrize("seed", range(10))
def test_on_one_issue_an_odd_majority_wants_the_interval_of_its_median_voter(seed: int) -> None:
    random = np.random.default_rng(seed)
    ideals, at = np.sort(random.random(5)), float(random.random())
    one = from_no_deal([[x] for x in ideals], [at], majority(3, 5), "city_block")
    far = 2 * ideals[2] - at
    expected = [[max(min(at, far), 0), min(max(at, far), 1)]]
    assert extent(one) == pytest.approx(np.array(expected), abs=2e-9)
    assert size(one)[0] == pytest.approx(abs(expected[0][1] - expected[0][0]), abs=1e-9)


def test_between_opposed_vetoers_only_no_deal_itself_is_left_until_one_side_is_gone() -> None:
    one = from_no_deal([[0.1], [0.5], [0.9]], [0.6], majority(3, 3), "city_block")
    assert zone(one).status == "touching"
    assert extent(one) == pytest.approx(np.array([[0.6, 0.6]]), abs=1e-8)
    assert zone(replace(one, rule=all_of(Voter(0), Voter(1)))).status == "deal"
    for pair in ((0, 2), (1, 2)):
        assert zone(replace(one, rule=all_of(*(Voter(v) for v in pair)))).status == "touching"


def test_the_zone_of_the_log_rollers() -> None:
    one = logrolling(2.5, 2.5)
    found = zone(one)
    assert found.status == "deal"
    assert found.margin == pytest.approx(0.5)
    assert found.package == pytest.approx([1, 0])
    assert (one.margins(np.array([[[0.5, 0.5]]]))[0, 0] == -0.5).all()
    for corner in ((0.75, 0.25), (5 / 6, 0), (1, 0), (1, 1 / 6)):
        margins = one.margins(np.array([[corner]]))[0, 0]
        assert margins.min() == pytest.approx(0.5 if corner == (1, 0) else 0)
    assert extent(one) == pytest.approx(np.array([[0.75, 1], [0, 0.25]]))
    share, error = size(one)
    assert 0 < error < 5e-4
    assert share == pytest.approx(1 / 24, abs=4 * error)


@pytest.mark.parametrize("name", NAMES)
def test_every_solution_of_the_log_rollers_gives_each_what_it_cares_for(name: str) -> None:
    found = solution(logrolling(2.5, 2.5), name, (0, 1))
    assert found is not None
    assert found.package == pytest.approx([1, 0], abs=1e-6)
    assert found.gains == pytest.approx([0.5, 0.5], abs=1e-6)


def test_the_frontier_of_the_log_rollers_has_three_corners() -> None:
    found = frontier(logrolling(0, 0), (0, 1))
    assert found is not None
    packages, gains = found
    assert gains == pytest.approx(np.array([[0, 4], [3, 3], [4, 0]]), abs=1e-7)
    assert packages == pytest.approx(np.array([[0, 0], [1, 0], [1, 1]]), abs=1e-7)
    assert efficiency(logrolling(0, 0), np.array([0.5, 0.5]), (0, 1)) == pytest.approx(1.0)
    assert efficiency(logrolling(0, 0), np.array([1.0, 0.0]), (0, 1)) == pytest.approx(0.0, abs=1e-9)


def test_of_nine_coarse_packages_one_is_agreed() -> None:
    one = logrolling(2.5, 2.5, levels=[np.array([0, 0.5, 1])] * 2)
    found, (share, error) = zone(one), size(one)
    assert found.package is not None
    assert found.package.tolist() == [1, 0]
    assert share == pytest.approx(1 / 9)
    assert error == 0


def test_greater_reservations_leave_no_zone_and_cost_one_concession_to_open() -> None:
    one = logrolling(3.5, 3.5)
    found = zone(one)
    assert found.status == "none"
    assert found.margin == pytest.approx(-0.5)
    assert found.bound == pytest.approx(-0.5)
    model = deal_program(one, BOTH)
    for row in model.accepts.values():
        model.program.term(row, model.program.column(cost=1.0), -1.0)
    assert model.program.solve().value == pytest.approx(1.0)


def test_a_reservation_above_all_one_can_have_leaves_no_zone() -> None:
    assert zone(logrolling(4.5, 1)).status == "none"
    assert zone(logrolling(4.5, 1)).margin == pytest.approx(-0.625)


def test_two_distant_vetoers_lack_a_tenth_of_a_distance_each() -> None:
    one = deal([[0, 0.5], [1, 0.5]], [[1, 1]] * 2, [0.16, 0.16], loss="quadratic")
    found = zone(one)
    assert found.status == "none"
    assert found.margin == pytest.approx(-0.09, abs=1e-8)
    model = deal_program(one, BOTH)
    for row in model.accepts.values():
        model.program.term(row, model.program.column(cost=1.0), -1.0)
    assert model.program.solve().value == pytest.approx(0.18, abs=1e-7)


def test_two_discs_overlap_in_a_lens() -> None:
    one = deal([[0.25, 0.5], [0.75, 0.5]], [[1, 1]] * 2, [0.16, 0.16], loss="quadratic")
    share, error = size(one)
    lens = 2 * 0.16 * np.arccos(0.5 / 0.8) - 0.25 * np.sqrt(4 * 0.16 - 0.25)
    assert lens == pytest.approx(0.130488, abs=1e-6)
    assert share == pytest.approx(lens, abs=4 * error)
    half = np.sqrt(0.16 - 0.0625)
    assert extent(one) == pytest.approx(np.array([[0.35, 0.65], [0.5 - half, 0.5 + half]]), abs=1e-6)


def test_a_vetoer_among_the_others_changes_nothing() -> None:
    """Absorption: an ideal inside the hull of the others' binds no more than they do (Tsebelis 2002)."""
    ideals, at = [[0.1, 0.2], [0.3, 0.7], [0.4, 0.1]], [0.9, 0.6]
    inner = (0.2 * np.array(ideals[0]) + 0.5 * np.array(ideals[1]) + 0.3 * np.array(ideals[2])).tolist()
    assert extent(from_no_deal([*ideals, inner], at)) == pytest.approx(
        extent(from_no_deal(ideals, at)), abs=1e-6
    )


def price_deal(buyer: float, seller: float) -> Deal:
    """Return a price on a scale of 200: the buyer pays no more, the seller takes no less."""
    return deal([[0], [1]], [[1], [1]], [buyer / 200, 1 - seller / 200], loss="city_block")


def test_buyer_and_seller_agree_as_often_as_their_limits_cross() -> None:
    random = np.random.default_rng(1)
    limits = random.normal([110, 100], 10, (400, 2))
    open_ = [zone(price_deal(*pair)).status == "deal" for pair in limits]
    assert open_ == (limits[:, 0] > limits[:, 1]).tolist()
    assert np.mean(open_) == pytest.approx(0.760250, abs=4 * np.sqrt(0.76 * 0.24 / 400))


def test_three_intervals_of_half_the_scale_meet_every_other_time() -> None:
    centres = np.random.default_rng(2).random((600, 3, 1))
    ones = [deal(own, np.ones((3, 1)), np.full(3, 0.25)) for own in centres]
    met = [extent(one) is not None for one in ones]
    assert met == [float(np.ptp(own)) <= 0.5 for own in centres]
    assert np.mean(met) == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(600))


def test_two_discs_meet_if_their_centres_are_near_enough() -> None:
    for pair in np.random.default_rng(3).random((25, 2, 2)):
        found = zone(deal(pair, np.ones((2, 2)), [0.04, 0.09], loss="quadratic"))
        assert found.status == ("deal" if np.hypot(*(pair[0] - pair[1])) < 0.5 else "none")
