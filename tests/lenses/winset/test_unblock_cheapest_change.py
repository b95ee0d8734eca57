"""The cheapest concessions and payments against all packages, bisection and the closed forms; certificates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Threshold, Voter, all_of
from detente.lenses.programs import Answer, Program
from detente.lenses.winset.deal import Acceptance, Deal
from detente.lenses.winset.engine import DEAL, NONE, verdicts
from detente.lenses.winset.unblock import cheapest_change as module
from detente.lenses.winset.unblock.cheapest_change import (
    EDGE,
    Money,
    Opening,
    cheapest_change,
    conceded,
    holds,
    leverage,
    paid,
    priced,
)
from detente.lenses.winset.unblock.concessions import opening
from detente.lenses.winset.unblock.demands import Demand, Kind, demands, dropped, softened
from tests.lenses.winset.literal_unblock import (
    cheapest,
    cheapest_cost,
    deals,
    least,
    one,
    packages,
    shadow_price,
    stacked,
)
from tests.lenses.winset.one_draw import zone
from tests.oracles.coase import surplus

BOTH = all_of(Voter(0), Voter(1))
ACCEPTANCES: tuple[Acceptance, ...] = ("strict", "weak")


def trade(worst_for_a: float, worst_for_b: float) -> Deal:
    """U_A = 3 x1 + x2 and U_B = (1 - x1) + 3 (1 - x2) with these reservation values: a quarter of each is loss."""
    radius = [1 - worst_for_a / 4, 1 - worst_for_b / 4]
    return one([[1, 1], [0, 0]], [[0.75, 0.25], [0.25, 0.75]], radius, BOTH)


def cheapest_payment(deal: Deal, money: Money, *, acceptance: Acceptance = "strict") -> Opening:
    """Return the side payment that moves the least money, no demand giving way."""
    return cheapest_change(replace(deal, acceptance=acceptance), {}, money)


def amounts(found: Opening) -> dict[Demand, tuple[float, float]]:
    return {step.demand: (step.by, step.cost) for step in found.steps}


# --- concessions ------------------------------------------------------------------------------------


def test_least_total_concession_of_the_trade_is_one_with_shadow_price_one() -> None:
    found = cheapest(trade(3.5, 3.5), acceptance="weak")
    assert found.status == "found"
    assert 4 * found.total == pytest.approx(1.0)
    assert found.bound == pytest.approx(found.total)
    for voter in (0, 1):
        prices = shadow_price(trade(3.5, 3.5), voter, lambda deal: cheapest(deal, acceptance="weak").total)
        assert prices == pytest.approx((1, 1))


def test_two_discs_that_do_not_touch_meet_at_the_midpoint_for_18_hundredths() -> None:
    apart = one([[0, 0.5], [1, 0.5]], [[1, 1], [1, 1]], [0.16, 0.16], BOTH, loss="quadratic")
    found = cheapest(apart, dict.fromkeys(demands(apart), 1.0), acceptance="weak")
    assert found.total == pytest.approx(0.18, abs=1e-6)
    assert found.package == pytest.approx([0.5, 0.5], abs=1e-3)
    assert found.bound == pytest.approx(0.18, abs=1e-5)


def test_red_line_moves_when_it_is_cheaper_than_to_lose_more() -> None:
    deal = one([[0.0], [1.0]], [[1], [1]], [0.5, 0.5], BOTH, ceiling=[[0.2], [1]])
    cost = np.array([[0.5], [1.0]])
    found = cheapest(deal, priced(deal, cost), acceptance="weak")
    assert amounts(found) == {Demand(0, "ceiling", 0): pytest.approx((0.3, 0.15))}
    dear = cheapest(
        deal, dict.fromkeys(demands(deal), 1.0) | {Demand(0, "ceiling", 0): 5.0}, acceptance="weak"
    )
    assert amounts(dear) == {Demand(1, "no_deal"): pytest.approx((0.3, 0.3))}
    never = cheapest(deal, {})
    assert (never.status, never.total) == ("impossible", np.inf)


def test_strict_acceptance_asks_for_the_edge_of_touching_voters() -> None:
    touching = one([[0.0], [1.0]], [[1], [1]], [0.5, 0.5], BOTH)
    assert zone(touching).status == "touching"
    found = cheapest(touching)
    assert found.status == "found"
    assert found.total == pytest.approx(2 * EDGE, rel=1e-3)
    assert cheapest(touching, acceptance="weak").status == "open"


@settings(max_examples=60, deadline=None)
@given(deals(levels=True, most_issues=2), st.data(), st.sampled_from(ACCEPTANCES))
def test_no_package_and_coalition_is_cheaper(deal: Deal, data: st.DataObject, acceptance: Acceptance) -> None:
    size = deal.voters * deal.issues
    numbers = data.draw(st.lists(st.sampled_from([0.25, 1.0, 3.0]), min_size=size, max_size=size))
    prices = priced(deal, np.reshape(numbers, (deal.voters, deal.issues)))
    found = cheapest(deal, prices, acceptance=acceptance)
    literal = cheapest_cost(deal, prices, EDGE if acceptance == "strict" else 0.0)
    assert found.total == pytest.approx(literal, abs=1e-5)
    assert found.bound == pytest.approx(literal, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(deals(levels=False), st.sampled_from(ACCEPTANCES))
def test_concessions_open_the_zone_and_bound_their_cost(deal: Deal, acceptance: Acceptance) -> None:
    found = cheapest(deal, acceptance=acceptance)
    before = zone(deal, acceptance=acceptance).status == "deal"
    assert found.status != "unknown"
    assert found.package is not None
    assert found.total - found.bound <= 2e-5
    after = conceded(deal, found.steps)
    assert holds(replace(after, acceptance=acceptance), found.package)
    assert zone(after, acceptance=acceptance).status == "deal"
    assert not before or found.total < 3 * EDGE * deal.voters
    if found.total > 0.01:
        assert not before
        cheaper = [step for step in found.steps if step.cost > 0.005]
        for step in cheaper:  # any one of them less, and the zone is shut
            others = [other for other in found.steps if other is not step]
            less = softened(conceded(deal, others), step.demand, step.by - 0.004 * step.by / step.cost)
            assert zone(less, acceptance="strict").status == "none"


def test_a_ceiling_that_gives_way_leaves_the_floor_of_the_same_voter() -> None:
    deal = one([[0.0]], [[1]], [0.03], Voter(0), floor=[[0.25]], ceiling=[[0.75]])
    assert least(deal, Demand(0, "ceiling", 0)).status == "impossible"
    assert least(deal, Demand(0, "floor", 0), acceptance="weak").total == pytest.approx(0.22)


@settings(max_examples=40, deadline=None)
@given(deals(levels=False, most_issues=2), st.data())
def test_least_single_concession_is_where_bisection_opens_the_zone(deal: Deal, data: st.DataObject) -> None:
    listed = demands(deal)
    assume(listed)
    assume(verdicts(deal).status[0] != DEAL)
    demand = data.draw(st.sampled_from(listed))
    found = least(deal, demand)
    if verdicts(dropped(deal, [demand])).status[0] != DEAL:
        assert found.status == "impossible"
        return
    shut, opened = 0.0, 2.0
    while opened - shut > 1e-6:
        middle = (shut + opened) / 2
        if verdicts(softened(deal, demand, middle)).status[0] == DEAL:
            opened = middle
        else:
            shut = middle
    assert found.total == pytest.approx(opened, abs=2e-4 if deal.loss == "quadratic" else 2e-5)


def test_trees_let_the_cheapest_coalition_concede() -> None:
    votes = Threshold(2, tuple((1, Voter(v)) for v in (1, 2, 3)))
    deal = one([[0.1], [0.3], [0.5], [0.9]], [[1]] * 4, [0.05] * 4, all_of(Voter(0), votes))
    found = cheapest(deal, acceptance="weak")
    # .1, .3 and .5 span .4, of which each end covers .05 and the middle one nothing beyond
    assert found.total == pytest.approx(0.3)
    assert found.agreed is not None
    assert found.agreed.tolist() == [True, True, True, False]
    assert found.bound == pytest.approx(0.3, abs=1e-5)


# --- leverage ---------------------------------------------------------------------------------------


def test_leverage_is_the_gap_between_a_voter_and_the_zone_of_the_others() -> None:
    deal = one([[0.1], [0.4], [0.9]], [[1]] * 3, [0.2, 0.2, 0.3], all_of(*map(Voter, range(3))))
    change = leverage(replace(deal, acceptance="weak"), range(3))
    assert change[0].total == pytest.approx(0.6 - 0.1 - 0.2)  # B and C touch at .6
    assert change[1].status == "impossible"  # A and C are apart
    assert change[2].total == pytest.approx(0.9 - 0.3 - 0.3)  # A and B reach up to .3
    free = replace(deal, radius=np.array([[0.2, np.inf, 0.3]]), salience=deal.salience * [[[1], [0], [1]]])
    assert set(leverage(free, range(3))) == {0, 2}


def test_shadow_price_has_two_sides_where_the_cost_bends() -> None:
    touching = one([[0.0], [1.0]], [[1], [1]], [0.5, 0.5], BOTH)
    sides = shadow_price(touching, 0, lambda deal: cheapest(deal, acceptance="weak").total)
    assert sides == pytest.approx((0, 1))


# --- payments ---------------------------------------------------------------------------------------


def test_b_pays_a_one_and_a_quarter_and_a_unit_more_for_a_costs_one_and_a_half() -> None:
    free = Money(np.full(2, np.inf), np.full(2, np.inf), np.full(2, 0.25))

    def total(deal: Deal) -> float:
        return cheapest_payment(deal, free, acceptance="weak").total

    found = cheapest_payment(trade(4.5, 1), free, acceptance="weak")
    assert found.total == pytest.approx(1.25)
    assert found.bound == pytest.approx(1.25)
    assert found.package == pytest.approx([1, 0.25])
    assert found.transfers == pytest.approx([1.25, -1.25])
    # radii are in quarters of the units of utility and fall as reservations rise
    assert shadow_price(trade(4.5, 1), 0, total) == pytest.approx((4 * 1.5, 4 * 1.5))
    assert shadow_price(trade(4.5, 1), 1, total) == pytest.approx((4 * 0.5, 4 * 0.5))
    assert surplus(trade(4.5, 1), free.worth)[0] == pytest.approx(6 - 5.5)


def test_no_payment_where_there_is_a_deal_and_none_that_the_limits_forbid() -> None:
    worth = np.full(2, 0.25)
    assert cheapest_payment(trade(2.5, 2.5), Money(np.ones(2), np.ones(2), worth)).status == "open"
    assert (
        cheapest_payment(trade(4.5, 1), Money(np.array([5, 1.0]), np.full(2, 5.0), worth)).status
        == "impossible"
    )
    assert (
        cheapest_payment(trade(4.5, 1), Money(np.full(2, 5.0), np.array([1.0, 5]), worth)).status
        == "impossible"
    )
    assert (
        cheapest_payment(trade(4.5, 1), Money(np.full(2, 5.0), np.full(2, 5.0), np.zeros(2))).status
        == "impossible"
    )


def test_outsider_without_a_say_pays_as_far_as_it_gives() -> None:
    rich = one([[1, 1], [0, 0], [0, 0]], [[0.75, 0.25], [0.25, 0.75], [0, 0]], [-0.125, 0.75, np.inf], BOTH)
    money = Money(np.array([0, 0, 2.0]), np.array([9, 9, 0.0]), np.array([0.25, 0.25, 0.001]))
    found = cheapest_payment(rich, money, acceptance="weak")
    # B is content with (1, 2/3), where A has 11/3 and wants 9/2
    assert found.package == pytest.approx([1, 2 / 3])
    assert found.transfers == pytest.approx([5 / 6, 0, -5 / 6])


@settings(max_examples=60, deadline=None)
@given(deals(levels=True, most_issues=2), st.data(), st.sampled_from(ACCEPTANCES))
def test_payments_open_the_zone_exactly_if_gains_in_money_add_up(
    deal: Deal, data: st.DataObject, acceptance: Acceptance
) -> None:
    worth = np.array(
        data.draw(st.lists(st.sampled_from([0.5, 1.0]), min_size=deal.voters, max_size=deal.voters))
    )
    worth = np.where(np.isinf(deal.radius[0]), 0.0, worth)
    deal = replace(deal, rule=all_of(*map(Voter, range(deal.voters))))
    limits = np.where(worth > 0, np.inf, 0.0)
    free = Money(limits, limits, worth)
    found = cheapest_payment(deal, free, acceptance=acceptance)
    most, bound = surplus(deal, worth)
    minding = worth > 0
    literal = -np.inf
    for x in packages(deal):
        margins = deal.margins(np.array([[x]]))[0, 0]
        if np.isfinite(margins[minding]).all() and (margins[~minding] > 0).all():
            literal = max(literal, float((margins[minding] / worth[minding]).sum()))
    assert most == pytest.approx(literal, abs=1e-6)
    assert bound == pytest.approx(literal, abs=1e-5)
    if abs(most) > 1e-4:
        assert (found.status in ("open", "found")) == (most > 0 or (not minding.any() and literal > -np.inf))
    if found.status == "found":
        assert found.transfers is not None
        assert found.package is not None
        assert found.transfers.sum() == pytest.approx(0, abs=1e-7)
        assert np.abs(found.transfers).sum() / 2 == pytest.approx(found.total, abs=1e-7)
        assert found.total - found.bound <= 1e-4
        assert zone(paid(deal, found.transfers, worth), acceptance=acceptance).status == "deal"
        assert zone(deal, acceptance=acceptance).status != "deal"


def test_only_who_is_counted_on_pays_in_a_tree() -> None:
    # one of B and C is enough, and C, whose red line A cannot accept, pays nothing however rich
    either = all_of(Voter(0), Threshold(1, ((1, Voter(1)), (1, Voter(2)))))
    deal = one(
        [[1.0], [0.0], [0.0]],
        [[1]] * 3,
        [0.2, 0.75, 0.75],
        either,
        floor=[[0.5], [0], [0]],
        ceiling=[[1], [1], [0.3]],
    )
    money = Money(np.array([0, 0.02, 9.0]), np.ones(3), np.array([2.0, 1, 1]))
    assert cheapest_payment(deal, money, acceptance="weak").status == "impossible"
    found = cheapest_payment(deal, money._replace(gives=np.array([0, 0.06, 9.0])), acceptance="weak")
    assert found.total == pytest.approx(0.05)  # at .7: A lacks .1, half of which in money is enough
    assert found.transfers == pytest.approx([0.05, -0.05, 0])
    assert found.agreed is not None
    assert found.agreed.tolist() == [True, True, False]
    assert surplus(deal, money.worth)[0] == pytest.approx((0.2 - 0.5) / 2 + 0.75 - 0.5)


def test_red_lines_are_not_for_sale() -> None:
    shut = one([[0.0], [1.0]], [[1], [1]], [0.9, 0.9], BOTH, ceiling=[[0.3], [1]], floor=[[0], [0.6]])
    assert surplus(shut, np.ones(2))[0] == -np.inf
    assert cheapest_payment(shut, Money(np.ones(2), np.ones(2), np.ones(2))).status == "impossible"


def test_concessions_and_payments_can_open_the_zone_together() -> None:
    """Either alone is dearer, or not enough, where money is short and to lose more costs twice as much."""
    money = Money(np.full(2, 1.0), np.full(2, 1.0), np.full(2, 0.25))
    prices = {Demand(voter, "no_deal"): 8.0 for voter in (0, 1)}
    weak = replace(trade(4.5, 1), acceptance="weak")
    alone, both = cheapest_change(weak, prices), cheapest_change(weak, prices, money)
    assert cheapest_payment(trade(4.5, 1), money, acceptance="weak").status == "impossible"
    assert (alone.status, both.status) == ("found", "found")
    assert both.total < alone.total - 1e-3
    assert both.total == pytest.approx(both.bound)
    assert both.transfers is not None
    after = conceded(paid(weak, both.transfers, money.worth), both.steps)
    assert both.package is not None
    assert holds(after, both.package)


# --- failures and bad input -------------------------------------------------------------------------


def test_numbers_that_are_none_are_unknown_not_impossible() -> None:
    broken = one([[np.nan]], [[1]], [0.4], Voter(0))
    assert cheapest(broken).status == "unknown"
    assert "not finite" in cheapest(broken).reason
    assert cheapest_payment(broken, Money(np.ones(1), np.ones(1), np.ones(1))).status == "unknown"


def test_solver_that_fails_leaves_the_answer_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Answer("failed", reason="numbers too large")
    monkeypatch.setattr(Program, "solve", lambda *_: failed)
    deal, money = trade(4.5, 1), Money(np.ones(2), np.ones(2), np.ones(2))
    assert (cheapest(deal).status, cheapest(deal).reason) == ("unknown", "numbers too large")
    assert cheapest_payment(deal, money).status == "unknown"
    everywhere = opening(deal, deal, np.array([True]), deal.salience[0])
    assert (everywhere.status, everywhere.examined) == ("unknown", 1)


def test_solver_that_wrongly_sees_no_way_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    deal, demand = trade(3.5, 3.5), Demand(0, "no_deal")
    free = verdicts(dropped(deal, [demand]))
    monkeypatch.setattr(Program, "solve", lambda *_: Answer("infeasible"))
    assert least(deal, demand).status == "unknown"
    assert "finds a way" in least(deal, demand).reason
    nothing = replace(free, status=np.array([NONE], dtype=np.int8))
    monkeypatch.setattr(module, "verdicts", lambda *_, **__: nothing)
    assert least(deal, demand).status == "impossible"


def test_answer_that_fails_its_check_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "holds", lambda *_: False)
    assert "checked" in cheapest(trade(3.5, 3.5)).reason
    free = Money(np.full(2, np.inf), np.full(2, np.inf), np.full(2, 0.25))
    assert cheapest_payment(trade(4.5, 1), free).status == "unknown"


# --- over draws -------------------------------------------------------------------------------------


def test_ways_over_draws_are_the_shares_of_single_draws() -> None:
    rng = np.random.default_rng(8)
    rule = all_of(*map(Voter, range(3)))
    listed = [
        one(
            rng.random((3, 2)),
            rng.dirichlet((2, 2), size=3),
            rng.uniform(0.02, 0.3, 3),
            rule,
            floor=np.where(rng.random((3, 2)) < 0.3, 0.55, 0.0),
            ceiling=np.where(rng.random((3, 2)) < 0.3, 0.45, 1.0),
        )
        for _ in range(40)
    ]
    deal = stacked(listed)
    failed = verdicts(deal).status != DEAL
    found = opening(deal.draw(0), deal, failed, deal.salience[0, :, :], examined=40)
    refused = [own for own, no in zip(listed, failed, strict=True) if no]
    assert found.examined == len(refused)
    for enough in found.suffices:
        kind: Kind = "no_deal" if enough.issue is None else "floor" if enough.kind == "floor" else "ceiling"
        demand = Demand(int(enough.actor), kind, None if enough.issue is None else int(enough.issue))
        totals = [way.total for own in refused if (way := least(own, demand)).status == "found"]
        assert enough.share == pytest.approx(len(totals) / len(refused))
        assert enough.by == pytest.approx(np.mean(totals), abs=1e-5)
    shares = [one.share for one in found.suffices]
    assert shares == sorted(shares, reverse=True)
    costs = np.full((3, 2), 2.0)
    dear = opening(deal.draw(0), deal, failed, costs, examined=4)
    assert dear.examined == 4


def test_no_ways_where_no_draw_fails() -> None:
    deal = trade(2.5, 2.5)
    found = opening(deal, deal, np.array([False]), deal.salience[0])
    assert (found.status, found.examined) == ("open", 0)
