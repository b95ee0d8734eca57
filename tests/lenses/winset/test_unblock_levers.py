"""Levers against asking every draw anew, paired errors, curves, and the two levels in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Node, Threshold, Voter, all_of, any_of, voters
from detente.lenses.winset.answers import Lever
from detente.lenses.winset.deal import Acceptance, Deal, Names
from detente.lenses.winset.engine import DEAL, UNKNOWN, Verdicts, verdicts
from detente.lenses.winset.unblock.demands import Demand, all_softened, dropped, softened, without
from detente.lenses.winset.unblock.levers import SHARES, curve, curve_point, levers, paired, softening
from detente.lenses.winset.unblock.two_level import TIGHTER, parts_of, sides, tied_hands, win_set
from tests.lenses.winset.literal_unblock import answered_by, by_oracle, deals, one, stacked

BOTH = all_of(Voter(0), Voter(1))


def noisy(draws: int, voters: int, issues: int, rule: Node, seed: int = 3) -> Deal:
    """Return draws of which about half have a deal, with red lines that come and go."""
    rng = np.random.default_rng(seed)
    shape = (draws, voters, issues)
    return Deal(
        ideal=rng.random(shape),
        salience=rng.dirichlet(np.full(issues, 2.0), size=shape[:2]),
        radius=rng.uniform(0.1, 0.6, shape[:2]),
        floor=np.where(rng.random(shape) < 0.2, 0.6, 0.0),
        ceiling=np.where(rng.random(shape) < 0.2, 0.4, 1.0),
        no_deal=np.full((draws, issues), np.nan),
        levels=(None,) * issues,
        rule=rule,
    )


def has_deal(deal: Deal) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray(verdicts(deal).status == DEAL)


def line_of(lever: Lever) -> Demand:
    assert lever.side in ("floor", "ceiling")
    assert lever.issue is not None
    return Demand(int(lever.actor), "floor" if lever.side == "floor" else "ceiling", int(lever.issue))


# --- levers -----------------------------------------------------------------------------------------


def test_every_lever_is_the_change_seen_when_all_draws_are_asked_anew() -> None:
    rule = all_of(Voter(0), Threshold(2, tuple((1, Voter(v)) for v in (1, 2, 3))))
    deal = noisy(200, 4, 2, rule)
    before = has_deal(deal)
    assert 0.1 < before.mean() < 0.9
    found = levers(deal, by=0.15)
    assert len(found) == 4 * (1 + 2 * 4)
    for lever in found:
        if lever.kind == "waive":
            after = has_deal(without(deal, [int(lever.actor)]))
        elif lever.kind == "lift":
            after = has_deal(dropped(deal, [line_of(lever)]))
        else:
            assert lever.by == 0.15
            after = has_deal(softened(deal, line_of(lever), 0.15))
        assert lever.probability == after.mean()
        assert lever.change == pytest.approx(after.mean() - before.mean())
        assert lever.draws == 200
    changes = [lever.change for lever in found]
    assert changes == sorted(changes, reverse=True)
    assert changes[-1] >= 0


def test_the_line_that_is_softened_bit_by_bit_is_the_one_whose_lifting_helps_most() -> None:
    """A consent that would help more is no line, and cannot be softened."""
    rule = all_of(Voter(0), Threshold(2, tuple((1, Voter(v)) for v in (1, 2, 3))))
    found = levers(deal := noisy(200, 4, 2, rule), by=0.15)
    assert found[0].kind == "waive"
    strongest, points = softening(deal, found)
    assert strongest is not None
    assert (strongest.kind, strongest.change) == (
        "lift",
        max(one.change for one in found if one.kind == "lift"),
    )
    assert [one.probability for one in points] == sorted(one.probability for one in points)
    assert len(points) > 2


def test_paired_error_is_that_of_the_differences_draw_by_draw() -> None:
    rng = np.random.default_rng(1)
    before, after = rng.random(500) < 0.4, rng.random(500) < 0.6
    difference, error = paired(before, after)
    each = after.astype(float) - before
    assert difference == pytest.approx(each.mean())
    assert error == pytest.approx(each.std() / np.sqrt(500))
    assert paired(before, before) == (
        0,
        1.5 / before.size,
    )  # no draw differs: the rule of three, not certainty
    everywhere = np.ones(50, dtype=np.bool_)
    assert paired(~everywhere, everywhere) == (1, 0.03)
    assert paired(~everywhere[:1], everywhere[:1]) == (1, 0)  # one draw: nothing is in doubt


def test_members_of_one_actor_change_together() -> None:
    deal = replace(noisy(100, 3, 1, all_of(*map(Voter, range(3)))), names=Names(("a", "b", "b")))
    found = {(lever.kind, lever.actor, lever.side): lever.probability for lever in levers(deal)}
    assert found["waive", "b", None] == has_deal(without(deal, (1, 2))).mean()
    both = [Demand(1, "floor", 0), Demand(2, "floor", 0)]
    assert found["lift", "b", "floor"] == has_deal(dropped(deal, both)).mean()
    assert found["soften", "b", "floor"] == has_deal(all_softened(deal, both, 0.1)).mean()
    assert ("soften", "a", "ceiling") in found


def test_unknown_draws_are_left_out_of_both_sides_of_a_comparison() -> None:
    deal = noisy(60, 2, 1, BOTH)

    def fails_on_every_third(posed: Deal, *, acceptance: Acceptance | None = None) -> Verdicts:
        told = by_oracle(posed, acceptance=acceptance)
        lost = np.isin(posed.ideal[:, 0, 0], deal.ideal[::3, 0, 0])
        return replace(told, status=np.where(lost, UNKNOWN, told.status).astype(np.int8))

    rest = deal.rows(np.arange(60) % 3 > 0)
    with answered_by(fails_on_every_third):
        found = levers(deal)
        point = curve(deal, [Demand(0, "no_deal")], shares=(0.0, 0.5))[1]
    for lever, literal in zip(found, levers(rest), strict=True):
        assert (lever.probability, lever.change) == (literal.probability, literal.change)
        assert lever.draws == 40
    assert point.draws == 40
    assert point.probability == has_deal(softened(rest, Demand(0, "no_deal"), 0.5)).mean()


def test_nothing_is_said_of_levers_when_no_draw_is_known() -> None:
    def fails(posed: Deal, *, acceptance: Acceptance | None = None) -> Verdicts:
        told = by_oracle(posed, acceptance=acceptance)
        return replace(told, status=np.full_like(told.status, UNKNOWN))

    deal = noisy(3, 2, 1, BOTH)
    with answered_by(fails):
        assert levers(deal) == ()
        assert curve(deal, [Demand(0, "no_deal")]) == ()


def test_curve_rises_from_the_deal_as_it_stands_to_the_demand_lifted() -> None:
    deal = noisy(150, 3, 2, all_of(*map(Voter, range(3))))
    line = Demand(1, "ceiling", 0)
    points = curve(deal, [line])
    assert [point.strength for point in points] == list(SHARES)
    assert points[0].probability == has_deal(deal).mean()
    assert points[-1].probability == has_deal(dropped(deal, [line])).mean()
    for point in points:
        p = has_deal(softened(deal, line, point.strength)).mean()
        assert point.probability == p
        assert point.mc_error == pytest.approx(np.sqrt(p * (1 - p) / 150) or 0.01)
    both = curve(deal, [line, Demand(2, "floor", 1)], shares=(0.2, 0.3))
    assert both[1].probability == has_deal(all_softened(deal, [line, Demand(2, "floor", 1)], 0.3)).mean()


@settings(max_examples=40, deadline=None)
@given(st.booleans().flatmap(lambda levels: deals(levels=levels)))
def test_asking_for_less_never_undoes_a_deal(deal: Deal) -> None:
    before = has_deal(deal)
    for lever in levers(deal, by=0.3):
        assert lever.change >= 0
        if before[0]:
            assert lever.probability == 1
    for voter in voters(deal.rule):
        points = curve(deal, [Demand(voter, "no_deal")], shares=(0.0, 0.3, 0.6))
        rising = [point.probability for point in points]
        assert rising == sorted(rising)


# --- two levels -------------------------------------------------------------------------------------


def buyer_and_seller(home: float) -> Deal:
    """A wants 0 and accepts up to .8, its home body only up to ``home``; B wants 1 and accepts down to .3."""
    return one(
        [[0.0], [0.0], [1.0]], [[1]] * 3, [0.8, home, 0.7], all_of(all_of(Voter(0), Voter(1)), Voter(2))
    )


def test_tied_hands_give_schellings_closed_form() -> None:
    deal, start = buyer_and_seller(0.8), (1 + 0.8 - 0.7) / 2
    strengths = (0.0, 0.1, 0.2, 0.3, 0.45, 0.55)
    for strength, tied in zip(strengths, tied_hands(deal, [1], [0, 2], strengths=strengths), strict=True):
        home = 0.8 - strength
        if home < 0.3:
            assert not (tied.status == DEAL).any()
            assert tied.package is None
            continue
        x = min(start, home)
        assert (tied.status == DEAL).all()
        assert tied.package == pytest.approx([x], abs=1e-5)
        assert tied.gains == pytest.approx([0.8 - x, 0.7 - (1 - x)], abs=1e-5)


@pytest.mark.parametrize("members", [[0], [0, 1]])
def test_whose_hands_are_tied_bargains_from_no_deal_as_it_is(members: list[int]) -> None:
    (held,) = tied_hands(buyer_and_seller(0.8), members, [0, 2], strengths=(0.3,))
    assert held.package == pytest.approx([0.5], abs=1e-5)
    assert held.gains == pytest.approx([0.3, 0.2], abs=1e-5)


def test_tied_hands_over_draws_trade_the_chance_of_a_deal_for_its_terms() -> None:
    rng = np.random.default_rng(2)
    deal = stacked(
        one([[0.0], [1.0]], [[1], [1]], [rng.uniform(0.4, 0.9), rng.uniform(0.4, 0.9)], BOTH)
        for _ in range(200)
    )
    points = list(tied_hands(deal, [0], [0, 1], strengths=(0.0, 0.1, 0.2, 0.3)))
    for tied in points:
        radius = deal.radius - [tied.strength, 0]
        there = radius.sum(axis=1) > 1
        x = np.minimum((1 + deal.radius[:, 0] - deal.radius[:, 1]) / 2, radius[:, 0])[there]
        assert (tied.status == DEAL).tolist() == there.tolist()
        assert tied.package == pytest.approx([x.mean()], abs=1e-5)
        gains = [(deal.radius[there, 0] - x).mean(), (deal.radius[there, 1] - (1 - x)).mean()]
        assert tied.gains == pytest.approx(gains, abs=1e-5)
    often = [(tied.status == DEAL).mean() for tied in points]
    assert often == sorted(often, reverse=True)
    assert TIGHTER[0] == 0


def test_what_a_side_gains_is_the_mean_over_its_members() -> None:
    home = replace(all_of(Voter(0), Voter(1)), name="home")
    deal = replace(buyer_and_seller(0.6), rule=all_of(home, Voter(2)), names=Names(("a", "b", "c")))
    found = sides(deal, deal, [0, 1, 2], "nash", {"a": "Ann", "b": "Bess", "c": "Cy"})
    assert [side.name for side in found] == ["home", "Cy"]
    for side in found:
        settled = [point for point in side.curve if point.gains]
        assert len(settled) > 2
        for point in settled:
            x = point.terms["0"]
            assert point.gains == {"home": pytest.approx(0.7 - x), "Cy": pytest.approx(x - 0.3)}


def test_broken_draws_are_unknown_to_tied_hands() -> None:
    deal = stacked([buyer_and_seller(0.8)] * 2)
    deal.ideal[1, 0, 0] = np.nan
    (tied,) = tied_hands(deal, [1], [0, 2], strengths=(0.0,))
    assert tied.status.tolist() == [DEAL, UNKNOWN]
    (told,) = curve_point(tied.strength, tied.status)
    assert (told.probability, told.draws) == (1, 1)
    (lost,) = tied_hands(deal.draw(1), [1], [0, 2], strengths=(0.0,))
    assert curve_point(lost.strength, lost.status) == []


def test_sides_are_the_parts_that_every_deal_needs() -> None:
    senate = Threshold(2, tuple((1, Voter(v)) for v in (1, 2, 3)))
    body = replace(all_of(Voter(0), senate), name="treaty power")
    assert parts_of(all_of(body, Voter(4))) == (body, Voter(4))
    assert parts_of(all_of(all_of(Voter(0), senate), Voter(4), Voter(0))) == (Voter(0), senate, Voter(4))
    assert parts_of(any_of(Voter(0), Voter(1))) == (any_of(Voter(0), Voter(1)),)
    assert parts_of(Voter(0, seats=3)) == (Voter(0, seats=3),)
    assert parts_of(all_of(Voter(0, seats=3), Voter(1))) == (Voter(0, seats=3), Voter(1))
    weighted = Threshold(7, ((4, Voter(0)), (3, Voter(1)), (1, Voter(2))))
    assert parts_of(weighted) == (weighted,)


def test_win_sets_of_the_trade_have_the_sizes_of_their_triangles() -> None:
    deal = one([[1, 1], [0, 0]], [[0.75, 0.25], [0.25, 0.75]], [0.375, 0.375], BOTH)
    zone = win_set(deal, BOTH)
    assert zone.actors == ("0", "1")
    assert zone.size == pytest.approx(1 / 24, abs=4 * zone.error + 1e-4)
    assert zone.extents == {"0": pytest.approx((0.75, 1)), "1": pytest.approx((0, 0.25))}
    own = win_set(deal, Voter(0))
    # 3 x1 + x2 ≥ 2.5: a trapezium between x1 = 1/2 and 5/6
    assert own.size == pytest.approx(1 / 3, abs=4 * own.error + 1e-4)
    assert own.extents == {"0": pytest.approx((0.5, 1)), "1": pytest.approx((0, 1))}
    nothing = win_set(replace(deal, radius=np.full((1, 2), -0.1)), Voter(0))
    assert (nothing.extents, nothing.size) == ({}, 0)
