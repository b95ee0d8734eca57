"""Tests of today's values: deals are told against them, and nothing is computed from them."""

from __future__ import annotations

from typing import Any

import pytest

import detente
from detente.lenses.winset.chapter_ground import rows
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.steps import doubtful
from tests.lenses.winset.cases import two_capitals


def solved(**today: float) -> WinsetResult:
    """Return the answer on two capitals, whose package is trade 100 and arms 0; no deal leaves 75 and 25."""
    changes: dict[str, Any] = {f"issues.{issue}.today": value for issue, value in today.items()}
    found = LENS.simulate(two_capitals().with_(changes), draws=1).result()
    assert isinstance(found, WinsetResult)
    return found


def test_today_changes_what_is_told_and_nothing_that_is_computed() -> None:
    plain, told = solved(), solved(trade=100, arms=0)
    assert told.solutions == plain.solutions
    assert told.deal_probability == plain.deal_probability
    before, after = (one.agreements["all"] for one in (plain, told))
    assert (before.gains, before.by_terms, before.signs) == (after.gains, after.by_terms, after.signs)
    assert [one.today for one in before.terms.values()] == [None, None]


def test_a_change_is_one_from_today() -> None:
    """By hand: trade from 50 to 100, arms from 10 to 0; each is told beside no deal too."""
    found = solved(trade=50, arms=10).agreements["all"]
    trade, arms = found.terms["trade"], found.terms["arms"]
    assert (trade.value, trade.today, trade.without, trade.change) == pytest.approx((100, 50, 75, 50))
    assert (arms.value, arms.today, arms.without, arms.change) == pytest.approx((0, 10, 25, -10))
    assert trade.nearer == pytest.approx({"north": 0.5, "south": -0.5})
    assert found.size == "agreed"


def test_a_deal_that_keeps_today_changes_little() -> None:
    found = solved(trade=100, arms=0).agreements["all"]
    assert (found.size, found.notable) == ("little", False)
    row = next(rows(solved(trade=100, arms=0)))
    assert [(one.today, one.without, one.moves) for one in row.terms] == [(100, 75, False), (0, 25, False)]


def test_what_a_deal_leaves_as_no_deal_would_is_no_change_though_today_is_another() -> None:
    """No deal would leave trade at 98 by itself; the deal puts it at 100, and today it is 50."""
    case = two_capitals().with_({"issues.trade.no_deal": 98, "issues.trade.today": 50})
    trade = detente.winset(case).agreements["all"].terms["trade"]
    assert (trade.value, trade.share) == pytest.approx((100, 0.5))
    assert not trade.noticed(0.05, 100)


def test_who_gets_nothing_over_today_and_signs_is_named() -> None:
    """Trade is at 100 already; the deal only takes arms from 25 to 0: South wants that, North does not."""
    found = solved(trade=100, arms=25)
    assert found.agreements["all"].no_better == ("north",)
    (told,) = doubtful(found)
    assert told.sentence == (
        "For North the terms of “All issues together” are no better than today's; they are signed because no deal "
        "would be worse."
    )
    assert next(rows(found)).no_better == ("North",)
    assert solved(trade=75, arms=25).agreements["all"].no_better == ()


def test_an_actor_whose_acceptance_decides_by_itself_is_told_in_the_brief() -> None:
    case = two_capitals().with_({"actors.north.failure_cost": 2, "issues.trade.failure_cost": 0})
    told = " ".join(one.sentence for one in doubtful(detente.winset(case)))
    assert "North would accept the whole of the scale on each of its 2 issues, so it stops nothing" in told
    made = detente.brief(case)
    assert any("so it stops nothing" in rung.finding.sentence for rung in made.ladder if rung.step == "sure")
    assert "so it stops nothing" in made.to_html()
