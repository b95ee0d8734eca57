"""Study, shares that add up, and the choice of a scenario, on cases whose answers are known by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

import detente
from detente.case import Case
from detente.errors import OptionError
from detente.lenses import lens
from detente.study.chapter import Study
from detente.study.inquiry import REST, apart, inquire, shares
from detente.study.levers import choose, levers
from detente.study.sampled import drawn, sample
from tests.study.test_inquiry import CASE, LINES, rows_of


@pytest.fixture(scope="module")
def moved() -> Study:
    """Return all levers of the two red lines."""
    return levers(Case.from_dict(LINES), draws=2_000)


def effect(made: Study, lever: str, outcome: str = "land.deal") -> Any:
    (found,) = [
        one for of in made.outcomes if of.outcome == outcome for one in of.effects if one.lever == lever
    ]
    return found


def test_setting_a_line_to_its_low_end_does_what_the_normal_says(moved: Study) -> None:
    """With K's floor at its low end, 60 − 1.2816·5, a deal needs U's ceiling, 45 ± 5, to reach that far."""
    found = effect(moved, "stances.land.k.accepts.lower=0.1")
    floor = 60 + 5 * float(ndtri(0.1))
    true = 1 - float(ndtr((floor - 45) / 5))
    assert found.after == pytest.approx(true, abs=4 * np.sqrt(true * (1 - true) / 2_000))
    (before,) = [one.mean for one in moved.outcomes if one.outcome == "land.deal"]
    assert found.difference == pytest.approx(found.after - before)
    assert found.kind == "red line"
    assert found.rank > 0


def test_a_red_line_that_is_given_up_and_a_consent_that_is_not_asked_make_the_deal(moved: Study) -> None:
    for lever in ("stances.land.k.accepts", "consent=k", "consent=u"):
        found = effect(moved, lever)
        assert found.after > 0.9
        assert found.error < 0.02
    assert effect(moved, "consent=k").kind == "consent"


def test_ties_are_ties_and_nothing_is_no_rank(moved: Study) -> None:
    given_up = effect(moved, "stances.land.k.accepts"), effect(moved, "stances.land.u.accepts")
    assert given_up[0].rank == given_up[1].rank == 1
    unread = [one for one in rows_of(moved, "effects") if one.difference == 0]
    assert unread
    assert all(one.rank == 0 for one in unread)
    (land,) = [one for one in moved.outcomes if one.outcome == "land.deal"]
    ranks = [one.rank for one in land.effects if one.rank]
    assert ranks == sorted(ranks)


def test_points_and_costs_without_a_deal_are_levers(moved: Study) -> None:
    kinds = {one.kind for one in rows_of(moved, "effects")}
    assert kinds == {"red line", "consent", "point without a deal", "cost of failure"}
    assert {one.lens for one in moved.outcomes if one.effects} >= {"winset"}
    assert Study.from_dict(moved.to_dict()) == moved


def test_what_a_lens_does_not_read_is_said(moved: Study) -> None:
    """Bargaining asks nobody's consent and has no red lines; the win-set has no use for what is not there."""
    assert not {*moved.unread.get("winset", {})} & {"consent", "red line"}
    both = {**LINES, "stances": {"land": {**LINES["stances"]["land"]}}}
    both["stances"]["land"]["k"] = {**both["stances"]["land"]["k"], "position": "90 ± 5"}
    found = levers(Case.from_dict(both), draws=300)
    assert {*found.unread["bargaining"]} >= {"consent", "red line"}
    effects = {(of.lens, one.told) for of in found.outcomes for one in of.effects}
    unread = {(lens, one) for lens, kinds in found.unread.items() for of in kinds.values() for one in of}
    assert not effects & unread
    assert set(found.tables()) == {"outcomes", "effects"}


def test_a_lever_that_is_set_leaves_those_correlated_with_it_alone() -> None:
    """The mean is (a + b)/2; setting a high moves it by half of what a moves, whatever b is tied to."""
    tied = {
        **CASE,
        "correlations": [
            {"between": ["stances.x.a.position", "stances.x.b.position"], "rank": 0.8},
        ],
    }
    for case in (CASE, tied):
        found = levers(Case.from_dict(case), draws=2_000)
        high = effect(found, "stances.x.a.position=0.9", "x.mean")
        assert high.difference == pytest.approx(10 * float(ndtri(0.9)) / 2, abs=4 * high.error)


def test_shares_add_to_one_and_are_those_of_the_variances() -> None:
    found = shares(Case.from_dict(CASE), rows=2_000)
    told = {one.told: one for one in rows_of(found, "shares")}
    assert sum(one.share for one in rows_of(found, "shares")) == pytest.approx(1.0)
    assert told["A"].share == pytest.approx(100 / 101, abs=4 * told["A"].error + 0.01)
    assert Study.from_dict(found.to_dict()) == found


def test_groups_that_are_correlated_are_one() -> None:
    tied = {
        **CASE,
        "correlations": [{"between": ["stances.x.a.position", "stances.x.b.position"], "rank": 0.8}],
    }
    (one,) = drawn(Case.from_dict(tied), draws=300).lenses
    assert apart(one, {"A": [0], "B": [1]}) == {"A and B": [0, 1]}
    (plain,) = drawn(Case.from_dict(CASE), draws=300).lenses
    assert apart(plain, {"A": [0]}) == {"A": [0], REST: [1]}


SCENARIOS = {
    **CASE,
    "scenarios": {
        "up": {"name": "B goes up", "changes": {"stances.x.b.position": "80 ± 1"}},
        "down": {"name": "A goes down", "changes": {"stances.x.a.position": "20 ± 10"}},
    },
}


def test_one_would_rather_be_where_the_criterion_is_best() -> None:
    """B at 80 lifts the mean by 10 in every draw; A at 20 lowers it by 10: regret 0, 10 and 20."""
    found = choose(Case.from_dict(SCENARIOS), "x.mean", draws=1_000)
    assert found.choice == "up"
    regret = {one.scenario: one.regret for one in rows_of(found, "scenarios")}
    assert regret == pytest.approx({"up": 0.0, "as it stands": 10.0, "down": 20.0}, abs=0.5)
    assert found.perfect == pytest.approx(0.0, abs=0.01)
    assert choose(Case.from_dict(SCENARIOS), "x.mean", high=False, draws=1_000).choice == "down"
    assert Study.from_dict(found.to_dict()) == found


def test_no_question_is_worth_more_than_knowing_everything() -> None:
    """Which is better hangs on A: at 60 ± 10 for sure, or where it is, so that knowing A is worth everything."""
    unsure = {
        **CASE,
        "scenarios": {"fixed": {"name": "A is held", "changes": {"stances.x.a.position": "40"}}},
    }
    found = choose(Case.from_dict(unsure), "x.mean", draws=4_000)
    true = 5 / np.sqrt(2 * np.pi)  # E max(0, N(0, 5))
    assert found.perfect == pytest.approx(true, abs=0.25)
    assert all(0 < one <= found.perfect for one in found.worth.values())
    assert found.worth["a"] == pytest.approx(true, abs=0.3)


def test_what_cannot_be_chosen_is_told() -> None:
    for study in (levers, lambda case, draws: shares(case, rows=draws)):
        with pytest.raises(OptionError, match="too few draws to tell anything from chance: 1;"):
            study(Case.from_dict(CASE), draws=1)
    with pytest.raises(OptionError, match="no scenarios"):
        choose(Case.from_dict(CASE), "x.mean", draws=300)
    with pytest.raises(OptionError, match=r"did you mean 'x\.mean'"):
        choose(Case.from_dict(SCENARIOS), "x.men", draws=300)


def test_a_lever_of_one_lens_moves_what_follows_it() -> None:
    """In the first case the settlement follows the deal on Ukraine: who gives up a line moves the futures."""
    case = detente.load("us-russia-2024")
    line = "stances.territory.kremlin.accepts"
    before = sample(case, "crossimpact", 200, 1, None, {})
    after = sample(case.with_({line: None}), "crossimpact", 200, 1, None, {})
    assert before is not None
    assert after is not None
    assert f"{line}.lower" in before.paths
    assert after.outcomes["settlement.deal"].mean() > before.outcomes["settlement.deal"].mean() + 0.1


def test_what_is_followed_is_solved_once_while_only_the_lens_that_follows_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither its own draws nor those of its follower nor what moves the follower solve it again."""
    solved, followed = list[int](), type(lens("winset"))
    find = followed.outcomes

    def outcomes(*given: Any) -> Any:
        solved.append(len(given[2]))
        return find(*given)

    monkeypatch.setattr(followed, "outcomes", outcomes)
    made = drawn(detente.load("us-russia-2024"), draws=30)
    (one,) = (one for one in made.lenses if one.lens == "crossimpact")
    own = one.u.copy()
    own[:, one.parts["crossimpact"].columns] = 0.5
    first, again = one.again(one.u, one.labels), one.again(own, one.labels)
    assert solved == [30]
    assert first.keys() == again.keys()


def test_what_is_followed_without_doubt_and_futures_without_judgements_have_as_many_rows_as_asked_for() -> (
    None
):
    """A block without columns is told from a shorter one by its length: 600 draws are two blocks."""
    trade = {"name": "Trade", "variants": {"low": {"name": "low"}, "high": {"name": "high"}}}
    answers = {"no": {"name": "no deal"}, "yes": {"name": "a deal"}}
    deal = {"name": "Deal", "follows": "winset.land.deal", "variants": answers}
    futures = {"descriptors": {"deal": deal, "trade": trade}}
    unjudged = Case.from_dict({**LINES, "futures": futures})
    assert {one.lens for one in inquire(unjudged, draws=600).outcomes} >= {"winset", "crossimpact"}
    stances = {"k": {"position": 90, "salience": 1, "accepts": ">= 40"}}
    stances["u"] = {"position": 10, "salience": 1, "accepts": "<= 60"}
    judged = {"deal": {"yes": {"trade": {"pushes": {"high": "1 ± 1", "low": "-1 ± 1"}}}}}
    followed = {**LINES, "stances": {"land": stances}, "futures": {**futures, "judgements": judged}}
    made = levers(Case.from_dict(followed), draws=600, lens_name="crossimpact")
    assert any(of.effects for of in made.outcomes)


def test_levers_have_no_margin_to_move() -> None:
    """Where no deal is ever agreed its margin is studied, but not by what moves answers."""
    stances = {"k": {"position": 90, "salience": 1, "accepts": ">= 80 ± 2"}}
    stances["u"] = {"position": 10, "salience": 1, "accepts": "<= 20 ± 2"}
    case = Case.from_dict({**LINES, "stances": {"land": stances}})
    assert any(of.outcome == "land.margin" for of in inquire(case, draws=200, margins=1).outcomes)
    assert not any(of.outcome == "land.margin" for of in levers(case, draws=200).outcomes)
    with pytest.raises(OptionError, match=r"no lens has an outcome 'land\.margin'"):
        levers(case, draws=200, outcome="land.margin")
