"""How answers about deals are put into words, and what each accepts on one issue alone."""

from __future__ import annotations

import numpy as np
import pytest

from detente.case import Case
from detente.case.thresholds import Threshold, Voter
from detente.errors import CaseError
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.answers import Chance, Demand, Lever, Obstacle
from detente.lenses.winset.centre import package
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.limits import OBSTACLES
from detente.lenses.winset.phrases import (
    best,
    conflict_words,
    demand_words,
    exists,
    lever_sentence,
    lever_words,
    likely,
)
from detente.lenses.winset.summarise import obstacles
from detente.show.words import rule_words
from tests.lenses.winset.cases import buyer_and_seller, two_capitals

SPACE = "\N{NO-BREAK SPACE}"
NAMES = {"a": "Ann", "b": "Bess", "c": "Cy", "x": "Peace", "y": "Arms"}


def demand(actor: str, kind: str, issue: str | None = None) -> Demand:
    return Demand(actor=actor, kind=kind, issue=issue, value=None)


def lever(kind: str, change: float = 0.5, **more: object) -> Lever:
    stated = {"actor": "north", "probability": 0.6, "mc_error": 0.01, "draws": 100, **more}
    return Lever.model_validate({"kind": kind, "change": change, **stated})


def chance(probability: float, low: float, high: float, draws: int = 400, unknown: float = 0.0) -> Chance:
    ends = {"least": probability, "most": probability, "touching": 0.0}
    return Chance(probability=probability, low95=low, high95=high, draws=draws, unknown=unknown, **ends)


def answered(case: Case, draws: int = 60) -> WinsetResult:
    result = LENS.simulate(case, draws=draws, seed=5, workers=1).result()
    assert isinstance(result, WinsetResult)
    return result


# --- words ---------------------------------------------------------------------------------------
def test_a_demand_is_told_by_its_owner() -> None:
    assert demand_words(NAMES, demand("a", "floor", "x")) == "Ann’s minimum on Peace"
    assert demand_words(NAMES, demand("b", "ceiling", "x")) == "Bess’ maximum on Peace"
    assert demand_words(NAMES, demand("c", "no_deal")) == "Cy’s wish to be better off than without a deal"


@pytest.mark.parametrize(
    ("demands", "expected"),
    [
        ([("a", "no_deal")], "Ann’s wish to be better off than without a deal cannot be met at all"),
        (
            [("a", "floor", "x"), ("b", "ceiling", "x")],
            "Ann’s minimum and Bess’ maximum on Peace cannot both hold",
        ),
        (
            [("a", "floor", "x"), ("b", "ceiling", "y")],
            "Ann’s minimum on Peace and Bess’ maximum on Arms cannot both hold",
        ),
        (
            [("a", "no_deal"), ("b", "no_deal")],
            "Ann’s and Bess’ wish to be better off than without a deal cannot both hold",
        ),
        (
            [("a", "floor", "x"), ("b", "ceiling", "x"), ("c", "no_deal")],
            "Ann’s minimum and Bess’ maximum on Peace; and Cy’s wish to be better off than without a deal cannot "
            "all hold",
        ),
    ],
)
def test_what_demands_share_is_said_once(demands: list[tuple[str, ...]], expected: str) -> None:
    assert conflict_words(NAMES, [demand(*one) for one in demands]) == expected


def test_a_lever_is_told_by_what_it_changes() -> None:
    case = two_capitals()
    names = {"north": "North", "trade": "Trade"}
    lift = lever("lift", issue="trade", side="ceiling")
    soften = lever("soften", issue="trade", side="floor", by=10.0)
    waive = lever("waive")
    assert lever_words(names, waive, case) == "doing without North"
    assert lever_words(names, lift, case) == "North’s maximum on Trade lifted"
    assert lever_words(names, soften, case) == "North’s minimum on Trade softened by 10"
    assert lever_sentence(names, [lift], case) == (
        f"if North’s maximum on Trade were lifted, there would be a deal in 60{SPACE}% of draws"
    )
    assert lever_sentence(names, [soften.model_copy(update={"probability": 1.0})], case) == (
        "if North’s minimum on Trade were softened by 10, there would be a deal in every draw"
    )
    assert lever_sentence(names, [waive.model_copy(update={"draws": 1, "probability": 1.0})], case) == (
        "no single red line, given up, would make a deal likelier; if North’s consent were not needed, there "
        "would be a deal"
    )
    assert lever_sentence(names, [lever("lift", 0.0, issue="trade", side="floor")], case) == (
        "no single red line or consent, given up alone, would make a deal likelier"
    )


def test_a_red_line_is_named_before_a_consent_and_nothing_within_the_error() -> None:
    waive, lift = lever("waive", 0.9), lever("lift", 0.2, issue="trade", side="floor")
    assert best([waive, lift]) == (lift,)
    assert best([waive]) == (waive,)
    assert best([lever("lift", 0.01, issue="trade", side="floor")]) == ()


def test_all_levers_that_chance_alone_sets_apart_are_named() -> None:
    names, case = {"north": "North", "south": "South", "trade": "Trade"}, two_capitals()
    first = lever("lift", 0.5, issue="trade", side="floor")
    second = lever("lift", 0.49, issue="trade", side="ceiling", actor="south", probability=0.59)
    softer = lever("soften", 0.49, issue="trade", side="ceiling", actor="south", probability=0.59, by=10.0)
    weaker = lever("lift", 0.4, issue="trade", side="ceiling")
    assert best([weaker, softer, first, second]) == (first, second)
    assert lever_sentence(names, [first, softer, weaker, second], case) == (
        "if either North’s minimum on Trade or South’s maximum on Trade were lifted, there would be a deal in "
        f"59 to 60{SPACE}% of draws"
    )
    assert lever_sentence(names, [first, softer], case) == (
        "if either North’s minimum on Trade were lifted or South’s maximum on Trade were softened by 10, there "
        f"would be a deal in 59 to 60{SPACE}% of draws"
    )


def two_red_lines(*order: str) -> Case:
    """Two whose red lines leave nothing between them, either of which could be lifted, in some order."""
    stances = {
        "north": {"position": 90, "salience": 0.9, "accepts": ">= 60"},
        "south": {"position": 10, "salience": 0.9, "accepts": "<= 40"},
    }
    issue = {"name": "Land", "scale": {0: "back", 100: "lost"}, "no_deal": 50, "failure_cost": 1}
    return Case.from_dict(
        {
            "title": "Two red lines",
            "actors": {actor: {"name": actor.title(), "influence": 1} for actor in order},
            "issues": {"land": issue},
            "stances": {"land": {actor: stances[actor] for actor in order}},
            "consent": {"all_of": list(order)},
        }
    )


def test_the_order_of_actors_in_the_case_decides_nothing() -> None:
    one, other = (answered(two_red_lines(*order)) for order in (("north", "south"), ("south", "north")))
    told = [[finding.sentence for finding in result.findings] for result in (one, other)]
    assert told[0] == told[1]
    assert LENS.chapter(one).rung.sentence == LENS.chapter(other).rung.sentence
    assert LENS.chapter(one).rung.sentence.endswith(
        "North’s minimum and South’s maximum on Land cannot both hold. If either North’s minimum on Land or "
        "South’s maximum on Land were lifted, there would be a deal."
    )
    pages = [str(section) for result in (one, other) for section in LENS.chapter(result).sections]
    assert not any(f"from 0{SPACE}% to 0{SPACE}%" in page for page in pages)


def test_a_chance_is_told_with_the_interval_of_its_draws() -> None:
    assert likely(chance(0.12, 0.11, 0.13)) == f"12{SPACE}% of draws (11 to 13 %)"
    assert likely(chance(0.0, 0.0, 0.01)) == "none of 400 draws (0 to 1 %)"
    assert likely(chance(1.0, 0.99, 1.0)) == "all 400 draws (99 to 100 %)"
    assert likely(chance(0.4, 0.4, 0.4)) == f"40{SPACE}% of draws"
    assert exists(chance(1.0, 0.2, 1.0, draws=1)) == "there is a deal"
    assert exists(chance(0.0, 0.0, 0.8, draws=1)) == "there is no deal"
    assert exists(chance(0.5, 0.4, 0.6, unknown=0.25)) == (
        f"a deal exists in 50{SPACE}% of draws (40 to 60 %), undecided in 25{SPACE}%"
    )
    assert exists(chance(0.0, 0.0, 1.0, unknown=1.0)) == "whether there is a deal could not be decided"


def test_a_rule_is_told_by_who_is_counted_and_how() -> None:
    actors = ["a", "b", "c"]
    one, two, three = Voter(0), Voter(1), Voter(2)
    assert rule_words(Threshold(2, ((1, one), (1, two))), actors, NAMES) == "Ann and Bess"
    assert rule_words(Threshold(1, ((1, one), (1, two))), actors, NAMES) == "Ann or Bess"
    assert (
        rule_words(Threshold(2, ((1, one), (1, two), (1, three))), actors, NAMES) == "2 of Ann, Bess and Cy"
    )
    weighted = Threshold(3, ((2, one), (1, two), (1, three)))
    assert rule_words(weighted, actors, NAMES) == "3 of 4 votes (Ann 2, Bess 1, Cy 1)"
    nested = Threshold(2, ((1, one), (1, Threshold(1, ((1, two), (1, three))))))
    assert rule_words(nested, actors, NAMES) == "Ann and (Bess or Cy)"
    named = Threshold(2, ((1, one), (1, Threshold(1, ((1, two), (1, three)), "The house"))))
    assert rule_words(named, actors, NAMES) == "Ann and The house"
    assert rule_words(Threshold(2, ((1, nested), (1, two))), actors, NAMES) == "Ann, (Bess or Cy) and Bess"
    assert rule_words(Threshold(2, ((1, one), (1, weighted))), actors, NAMES) == (
        "Ann and 3 of 4 votes (Ann 2, Bess 1, Cy 1)"
    )
    apart = Threshold(2, tuple((1, Voter(k)) for k in range(3)))
    assert rule_words(apart, ["a"] * 3, NAMES) == "2 of 3 votes of Ann"
    assert rule_words(Voter(2, 40), actors, NAMES) == "40 × Cy"
    assert rule_words(Threshold(1, ((1, one),)), actors, NAMES) == "Ann"


# --- bands ---------------------------------------------------------------------------------------
def test_a_quadratic_loss_accepts_as_far_as_no_deal_lies() -> None:
    """At 60 with no deal at 100: as far as 20 by either loss; with 3/4 of √0.12, squared, by √0.25."""
    case = two_capitals().with_({"stances.trade.north.position": 60, "issues.trade.no_deal": 100})
    plain = answered(case).bands["trade"]["north"]
    assert (plain.low, plain.high) == pytest.approx((20, 100))
    squared = case.with_({"options.winset.loss": "quadratic", "actors.north.failure_cost": 0.12**0.5})
    wide = answered(squared).bands["trade"]["north"]
    assert (wide.low, wide.high) == pytest.approx((10, 100))


def test_a_red_line_beyond_what_is_better_than_no_deal_leaves_nothing() -> None:
    case = two_capitals().with_({"stances.trade.north.accepts": "<= 40"})  # no deal is at 75, its wish at 100
    band = answered(case).bands["trade"]["north"]
    assert (band.low, band.high, band.ceiling) == (None, None, 40)


def test_who_does_not_care_accepts_all_that_its_red_lines_allow() -> None:
    case = two_capitals().with_({"stances.trade.north.salience": 0, "stances.trade.north.accepts": ">= 20"})
    band = answered(case).bands["trade"]["north"]
    assert (band.low, band.high, band.floor, band.ideal) == (20, 100, 20, None)


def test_who_has_no_stance_and_no_red_line_has_no_band() -> None:
    case = two_capitals().with_(
        {
            "actors.third": {"name": "Third", "influence": 1},
            "consent": {"all_of": ["north", "south", {"any_of": ["third", "north"]}]},
        }
    )
    assert set(answered(case).bands["trade"]) == {"north", "south"}


# --- at means ------------------------------------------------------------------------------------
def test_a_package_outside_a_red_line_gains_its_owner_nothing_that_can_be_told() -> None:
    view = LENS.view(two_capitals().with_({"stances.trade.north.accepts": "<= 40"}))
    terms = view.deals[0]
    told = package(view.deal(terms, view.table.means[None, :]), np.array([1.0, 0.0]))
    assert told.gains["north"] is None
    assert "north" not in told.agreed
    assert told.terms == {"trade": 100, "arms": 0}


def test_where_nobody_bargains_nothing_is_shared() -> None:
    # Either may consent alone, so neither is needed: one of the two, alike in what they can gain, has its way.
    # Who cares for nothing shares in nothing.
    either = two_capitals(consent={"any_of": ["north", "south"]})
    of = answered(either).deals["all"]
    assert of.parties in {("north",), ("south",)}
    assert of.centre.solutions["nash"].gains[of.parties[0]] == pytest.approx(1.5 / 4)
    assert answered(either).deals["all"].sides == ()
    careless = {f"stances.{i}.{a}.salience": 0 for i in ("trade", "arms") for a in ("north", "south")}
    whole = answered(two_capitals().with_(careless)).deals["all"]
    assert whole.parties == ()
    assert whole.linking is None
    assert whole.centre.solutions == {}
    assert [side.curve for side in (whole.sides or ())] == [(), ()]


def test_a_frontier_is_told_only_where_two_or_more_share() -> None:
    careless = {f"stances.{i}.north.salience": 0 for i in ("trade", "arms")}
    assert answered(two_capitals().with_(careless)).deals["all"].frontier is None
    assert answered(two_capitals()).deals["all"].frontier


# --- the map -------------------------------------------------------------------------------------
def test_the_map_of_one_issue_twice_is_refused() -> None:
    with pytest.raises(CaseError, match="name two different issues"):
        answered(two_capitals(options={"winset": {"map": ["trade", "trade"]}}))


def test_one_issue_alone_has_no_map() -> None:
    assert answered(buyer_and_seller()).plane is None


def test_the_map_takes_the_issues_on_which_demands_conflict() -> None:
    third = {"name": "Third", "scale": {0: "none", 100: "all"}, "no_deal": 50}
    case = two_capitals(
        issues={
            "trade": {"name": "Trade", "scale": {0: "closed", 100: "open"}, "no_deal": 75},
            "arms": {"name": "Arms", "scale": {0: "none", 100: "any"}, "no_deal": 25},
            "third": third,
        },
        stances={
            "trade": {
                "north": {"position": 100, "salience": 0.5},
                "south": {"position": 0, "salience": 0.5},
            },
            "arms": {"north": {"position": 90, "salience": 0.5}, "south": {"position": 0, "salience": 0.5}},
            "third": {
                "north": {"position": 50, "salience": 0.1, "accepts": ">= 48"},
                "south": {"position": 45, "salience": 0.1, "accepts": "<= 46"},
            },
        },
    )
    found = answered(case).plane
    assert found is not None
    assert found.issues == ("trade", "third")


# --- scenarios -----------------------------------------------------------------------------------
def test_obstacles_of_a_scenario_are_those_of_its_own_result() -> None:
    case = buyer_and_seller(buyer="90", seller="100 ± 4")
    whole = answered(case, OBSTACLES)
    found = obstacles(case, draws=10_000, seed=5, chances=whole.deal_probability["as_it_stands"])["price"]
    assert isinstance(found, Obstacle)
    assert found.conflict is not None  # of fewer draws, so with a wider interval
    first = whole.blockers["price"].conflicts[0]
    assert found.conflict.demands == first.demands
    assert found.conflict.low95 < first.low95 < first.share == found.conflict.share
    assert found.levers == best(whole.levers["price"])


def test_a_deal_in_every_draw_meets_no_obstacle() -> None:
    chances = answered(two_capitals()).deal_probability["as_it_stands"]
    found = obstacles(two_capitals(), draws=10, seed=1, chances=chances)
    assert (found["all"].conflict, found["all"].levers) == (None, ())
    assert found["all"].terms == pytest.approx({"trade": 100, "arms": 0})
    assert found["all"].gains == pytest.approx({"north": 0.125, "south": 0.125})
    assert found["trade"].conflict is not None
