"""Levers against asking every draw anew, paired errors, curves, and the two levels in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Node, Threshold, Voter, all_of, any_of, voters
from detente.lenses.winset.deal import Acceptance, Deal
from detente.lenses.winset.engine import DEAL, UNKNOWN, Verdicts, verdicts
from detente.lenses.winset.unblock.demands import Demand, all_softened, dropped, softened, without
from detente.lenses.winset.unblock.levers import SHARES, Decided, Lever, curve, curve_point, levers, paired
from detente.lenses.winset.unblock.two_level import TIGHTER, sides, tied_hands, tightened, win_set
from tests.lenses.winset.literal_unblock import by_oracle, deals, one, stacked

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


# --- levers -----------------------------------------------------------------------------------------


def test_every_lever_is_the_change_seen_when_all_draws_are_asked_anew() -> None:
    rule = all_of(Voter(0), Threshold(2, tuple((1, Voter(v)) for v in (1, 2, 3))))
    deal = noisy(200, 4, 2, rule)
    before = has_deal(deal)
    assert 0.1 < before.mean() < 0.9
    found = levers(deal, by=0.15)
    assert len(found) == 4 * (1 + 2 * 4)
    for lever in found:
        if lever.change == "waive":
            after = has_deal(without(deal, *lever.voters))
        elif lever.change == "lift":
            after = has_deal(dropped(deal, lever.demands))
        else:
            assert lever.by == 0.15
            after = has_deal(all_softened(deal, lever.demands, 0.15))
        assert lever.probability == after.mean()
        assert lever.difference == pytest.approx(after.mean() - before.mean())
        assert lever.draws == 200
    changes = [lever.difference for lever in found]
    assert changes == sorted(changes, reverse=True)
    assert changes[-1] >= 0


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


def test_groups_of_voters_change_together() -> None:
    deal = noisy(100, 3, 1, all_of(*map(Voter, range(3))))
    found = {
        (lever.change, lever.voters, len(lever.demands)) for lever in levers(deal, groups=[(0,), (1, 2)])
    }
    assert ("waive", (1, 2), 0) in found
    assert ("lift", (1, 2), 2) in found
    assert ("soften", (0,), 1) in found
    together = next(x for x in levers(deal, groups=[(1, 2)]) if x.change == "waive")
    assert together.probability == has_deal(without(deal, 1, 2)).mean()


def test_unknown_draws_are_left_out_of_both_sides_of_a_comparison() -> None:
    deal = noisy(60, 2, 1, BOTH)

    def fails_on_every_third(posed: Deal, *, acceptance: Acceptance = "strict") -> Verdicts:
        told = by_oracle(posed, acceptance=acceptance)
        lost = np.isin(posed.ideal[:, 0, 0], deal.ideal[::3, 0, 0])
        return replace(told, status=np.where(lost, UNKNOWN, told.status).astype(np.int8))

    rest = deal.rows(np.arange(60) % 3 > 0)
    for lever, literal in zip(levers(deal, verdicts=fails_on_every_third), levers(rest), strict=True):
        assert (lever.probability, lever.difference) == (literal.probability, literal.difference)
        assert lever.draws == 40
    point = curve(deal, Demand(0, "no_deal"), verdicts=fails_on_every_third, shares=(0.0, 0.5))[1]
    assert point.draws == 40
    assert point.probability == has_deal(softened(rest, Demand(0, "no_deal"), 0.5)).mean()


def test_nothing_is_said_of_levers_when_no_draw_is_known() -> None:
    def fails(posed: Deal, *, acceptance: Acceptance = "strict") -> Verdicts:
        told = by_oracle(posed, acceptance=acceptance)
        return replace(told, status=np.full_like(told.status, UNKNOWN))

    deal = noisy(3, 2, 1, BOTH)
    found: tuple[Lever, ...] = levers(deal, verdicts=fails)
    assert all(np.isnan(lever.difference) and lever.draws == 0 for lever in found)
    assert curve(deal, Demand(0, "no_deal"), verdicts=fails) == ()


def test_curve_rises_from_the_deal_as_it_stands_to_the_demand_lifted() -> None:
    deal = noisy(150, 3, 2, all_of(*map(Voter, range(3))))
    line = Demand(1, "ceiling", 0)
    points = curve(deal, line)
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
    before = Decided.ask(deal, verdicts)
    for lever in levers(deal, by=0.3):
        assert lever.difference >= 0
        if before.open[0]:
            assert lever.probability == 1
    for voter in voters(deal.rule):
        rising = [
            point.probability for point in curve(deal, Demand(voter, "no_deal"), shares=(0.0, 0.3, 0.6))
        ]
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
            assert not tied.open.any()
            assert tied.package is None
            continue
        x = min(start, home)
        assert tied.open.all()
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
        radius = tightened(deal, [0], tied.strength).radius
        there = radius.sum(axis=1) > 1
        x = np.minimum((1 + deal.radius[:, 0] - deal.radius[:, 1]) / 2, radius[:, 0])[there]
        assert tied.open.tolist() == there.tolist()
        assert tied.package == pytest.approx([x.mean()], abs=1e-5)
        gains = [(deal.radius[there, 0] - x).mean(), (deal.radius[there, 1] - (1 - x)).mean()]
        assert tied.gains == pytest.approx(gains, abs=1e-5)
        assert not tied.unknown.any()
    often = [tied.open.mean() for tied in points]
    assert often == sorted(often, reverse=True)
    assert TIGHTER[0] == 0


def test_broken_draws_are_unknown_to_tied_hands() -> None:
    deal = stacked([buyer_and_seller(0.8)] * 2)
    deal.ideal[1, 0, 0] = np.nan
    (tied,) = tied_hands(deal, [1], [0, 2], strengths=(0.0,))
    assert (tied.open.tolist(), tied.unknown.tolist()) == ([True, False], [False, True])
    (told,) = curve_point(tied.strength, tied.open, tied.unknown)
    assert (told.probability, told.draws) == (1, 1)
    (lost,) = tied_hands(deal.draw(1), [1], [0, 2], strengths=(0.0,))
    assert lost.unknown.all()
    assert curve_point(lost.strength, lost.open, lost.unknown) == []


def test_sides_are_the_parts_that_every_deal_needs() -> None:
    senate = Threshold(2, tuple((1, Voter(v)) for v in (1, 2, 3)))
    body = replace(all_of(Voter(0), senate), name="treaty power")
    assert sides(all_of(body, Voter(4))) == (body, Voter(4))
    assert sides(all_of(all_of(Voter(0), senate), Voter(4), Voter(0))) == (Voter(0), senate, Voter(4))
    assert sides(any_of(Voter(0), Voter(1))) == (any_of(Voter(0), Voter(1)),)
    assert sides(Voter(0, seats=3)) == (Voter(0, seats=3),)
    assert sides(all_of(Voter(0, seats=3), Voter(1))) == (Voter(0, seats=3), Voter(1))
    weighted = Threshold(7, ((4, Voter(0)), (3, Voter(1)), (1, Voter(2))))
    assert sides(weighted) == (weighted,)


def test_win_sets_of_the_trade_have_the_sizes_of_their_triangles() -> None:
    deal = one([[1, 1], [0, 0]], [[0.75, 0.25], [0.25, 0.75]], [0.375, 0.375], BOTH)
    zone = win_set(deal, BOTH)
    assert zone.members == (0, 1)
    assert zone.size is not None
    assert zone.size.share == pytest.approx(1 / 24, abs=4 * zone.size.error + 1e-4)
    assert zone.extent == pytest.approx(np.array([[0.75, 1], [0, 0.25]]))
    own = win_set(deal, Voter(0))
    assert own.size is not None
    # 3 x1 + x2 ≥ 2.5: a trapezium between x1 = 1/2 and 5/6
    assert own.size.share == pytest.approx(1 / 3, abs=4 * own.size.error + 1e-4)
    assert own.extent == pytest.approx(np.array([[0.5, 1], [0, 1]]))
    nothing = win_set(replace(deal, radius=np.full((1, 2), -0.1)), Voter(0))
    assert nothing.extent is None
    assert nothing.size is not None
    assert nothing.size.share == 0
