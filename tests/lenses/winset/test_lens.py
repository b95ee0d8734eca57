"""The lens from a case to its result: who must consent, how likely a deal is, who blocks, what it takes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.case.thresholds import margin
from detente.catalog import open_case
from detente.errors import CaseError, MissingPartError
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.lens import Effort
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.agreements import CLEAR
from detente.lenses.winset.centre import package
from detente.lenses.winset.engine import fairest_of_equal_sums, verdicts
from detente.lenses.winset.engine.one_draw import level_box
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.solve import solve
from detente.lenses.winset.summarise import chance
from detente.quantity.shares import wilson
from tests.lenses.winset.cases import buyer_and_seller, two_capitals

EVERY_PART = Path(__file__).parents[2] / "contract" / "every_part.yaml"


def answered(case: Case, draws: int = 400) -> WinsetResult:
    result = LENS.simulate(case, draws=draws, seed=5, workers=1).result()
    assert isinstance(result, WinsetResult)
    return result


def test_linking_two_issues_opens_a_deal_that_neither_has_alone() -> None:
    """Derived by hand: U = 3x + y and (1-x) + 3(1-y), no deal at (75, 25) worth 2.5 to each."""
    result = answered(two_capitals())
    assert result.headline == "all"
    assert result.record.exact
    assert {deal: result.chance(deal).probability for deal in result.deals} == {
        "all": 1,
        "trade": 0,
        "arms": 0,
    }
    whole = result.deals["all"]
    assert whole.centre.margin == pytest.approx(0.125)  # 3 - 2.5 on a scale of 4
    for name in ("nash", "kalai_smorodinsky", "egalitarian"):
        assert whole.centre.solutions[name].terms == pytest.approx({"trade": 100, "arms": 0}, abs=1e-3)
        assert result.solutions["all"][name]["trade"].mean == pytest.approx(100, abs=1e-3)
    assert (whole.extents["trade"].low, whole.extents["trade"].high) == pytest.approx((75, 100))
    assert (whole.extents["arms"].low, whole.extents["arms"].high) == pytest.approx((0, 25))
    assert whole.linking is not None
    assert whole.linking.opens
    swaps = {swap.actor: swap for swap in whole.linking.swaps}
    assert set(swaps["north"].gets) == {"trade"}
    assert set(swaps["north"].gives) == {"arms"}
    corners = [package.gains for package in (whole.frontier or ())]
    assert {"north": pytest.approx(0.125), "south": pytest.approx(0.125)} in corners
    assert whole.rule == "North and South"


def test_cheaper_demands_open_the_way_and_nothing_cheaper_does() -> None:
    """With 3.5 asked by each instead of 2.5, the least concession is 1 in units of U: 0.25 of the scale."""
    case = two_capitals().with_({"actors.north.failure_cost": -0.25, "actors.south.failure_cost": -0.25})
    whole = answered(case).deals["all"]
    assert whole.centre.status == "none"
    assert whole.centre.margin == pytest.approx(-0.125)
    assert whole.opening is not None
    assert whole.opening.status == "found"
    assert whole.opening.total == pytest.approx(0.25, abs=1e-5)
    assert whole.opening.bound == pytest.approx(0.25, abs=1e-5)
    assert set(whole.leverage or {}) == {"north", "south"}
    # South's 3.5 leaves North at most 1.5 (trade at 50, no arms): alone it would have to forgo 2 of its 3.5.
    assert (whole.leverage or {})["north"] == pytest.approx(0.5, abs=1e-4)


def test_the_probability_of_a_price_is_that_of_two_normal_limits() -> None:
    """Buyer N(110, 10), seller N(100, 10): Φ(10/√200) = 0.760250."""
    draws = 4000
    found = LENS.simulate(buyer_and_seller(), draws=draws, seed=2).outcomes()["price.deal"]
    exact = NormalDist().cdf(10 / np.sqrt(200))
    assert found.mean() == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / draws))
    told = answered(buyer_and_seller(), 1000).chance("price")
    assert told.low95 < exact < told.high95


def test_outcomes_tell_margins_only_of_deals_that_are_the_same_in_every_draw() -> None:
    """They are made when somebody looks at one, and are those of the simulation."""
    made = LENS.simulate(
        open_case("river-dam").with_({"consent": {"all_of": ["upstream", "downstream"]}}), draws=60, seed=1
    )
    outcomes, margins = made.outcomes(), made.margins
    assert set(outcomes) == {f"{deal.id}.deal" for deal in made.view.deals} | {
        f"{deal}.margin" for deal in margins
    }
    assert margins
    for deal, told in margins.items():
        assert outcomes[f"{deal}.margin"].tolist() == told.tolist()
        assert len(set(outcomes[f"{deal}.deal"].tolist())) == 1
    assert "nowhere.deal" not in outcomes


def test_who_blocks_is_told_by_red_lines_and_what_lifting_them_does() -> None:
    result = answered(buyer_and_seller(buyer="90", seller="100 ± 4"))
    blocked = result.blockers["price"]
    named = {tuple((d.actor, d.kind) for d in one.demands): one.share for one in blocked.conflicts}
    assert named == {(("buyer", "ceiling"), ("seller", "floor")): 1.0}
    assert blocked.alone == {"buyer": 1.0, "seller": 1.0}
    lifted = next(one for one in result.levers["price"] if one.kind == "lift" and one.actor == "seller")
    assert lifted.probability == 1.0
    assert lifted.issue == "price"
    softened = next(one for one in result.levers["price"] if one.kind == "soften" and one.actor == "buyer")
    assert softened.by == pytest.approx(20)
    words = " ".join(finding.sentence for finding in result.findings)
    assert "Seller’s minimum and Buyer’s maximum on Price cannot both hold" in words


def test_bands_show_what_each_accepts_within_its_red_lines() -> None:
    bands = answered(buyer_and_seller(buyer="90", seller="100")).bands["price"]
    assert (bands["buyer"].low, bands["buyer"].high, bands["buyer"].ceiling) == (0, 90, 90)
    assert (bands["seller"].low, bands["seller"].high, bands["seller"].floor) == (100, 200, 100)
    assert all(band.required for band in bands.values())


def test_an_actor_that_gains_from_failure_accepts_nothing() -> None:
    case = two_capitals().with_({"actors.north.failure_cost": -2})
    bands = answered(case).bands["trade"]
    assert bands["north"].low is None
    assert bands["south"].low == 0


def test_every_part_is_answered_with_scenarios_sides_and_a_map() -> None:
    result = answered(open_case(EVERY_PART), 200)
    assert set(result.deal_probability) == {"as_it_stands", "dry-years"}
    treaty = result.deals["treaty"]
    assert [side.name for side in (treaty.sides or ())]
    assert (treaty.sides or ())[0].curve[0].strength == 0
    assert (treaty.sides or ())[0].curve[0].probability == pytest.approx(
        np.mean(LENS.simulate(open_case(EVERY_PART), draws=200, seed=5).outcomes()["treaty.deal"])
    )
    assert result.plane is not None
    assert set(result.plane.issues) == {"filling", "release"}
    for table in result.tables().values():
        assert all(len(row) == len(table.columns) for row in table.rows)
    json.dumps(result.to_dict(), allow_nan=False)


def test_which_deals_there_are_is_told_before_what_stands_in_their_way() -> None:
    """The first part of an answer is a whole result that tells itself; the second says the same of the deals."""
    case = open_case(EVERY_PART)
    versions = {AS_IT_STANDS: case} | {name: case.with_(scenario=name) for name in case.scenarios}
    first, whole = LENS.in_turn(versions, Effort(200, 5, 1, None))
    told = LENS.chapter(first)
    assert [row.share for row in told.deals] == [row.share for row in LENS.chapter(whole).deals]
    assert [row.terms for row in told.deals] == [row.terms for row in LENS.chapter(whole).deals]
    assert (first.blockers, first.levers, first.obstacles) == ({}, {}, {})
    assert first.deal_probability == whole.deal_probability
    assert set(whole.obstacles) == set(whole.deal_probability) & set(versions)
    for scenario, found in whole.obstacles.items():
        for deal, obstacle in found.items():  # what stands in the way is sought where it is told
            seldom = whole.chance(deal, scenario).probability <= CLEAR
            assert seldom or (obstacle.conflict, obstacle.levers) == (None, ())


def test_a_scenario_is_answered_alone() -> None:
    result = answered(open_case(EVERY_PART).with_(scenario="dry-years"), 100)
    assert set(result.deal_probability) == {"dry-years"}
    assert result.version == "dry-years"
    assert result.chance("treaty").draws == 100


def test_another_required_consent_never_makes_a_deal_likelier() -> None:
    case = open_case(EVERY_PART)
    fewer = LENS.simulate(case.with_({"consent": {"all_of": ["upstream", "downstream"]}}), draws=300, seed=1)
    more = LENS.simulate(case, draws=300, seed=1)
    for deal, with_more in more.outcomes().items():
        assert (with_more <= fewer.outcomes()[deal]).all()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"consent": None}, "reads 'consent'"),
        ({"stances.trade": None, "stances.arms": None}, "reads 'stances'"),
        ({"issues.trade.no_deal": None, "issues.arms.no_deal": None}, "does not say where it ends"),
    ],
)
def test_a_case_that_lacks_a_part_says_which(changes: dict[str, None], why: str) -> None:
    with pytest.raises(MissingPartError, match=why):
        LENS.view(two_capitals().with_(changes))


def test_a_deal_that_cannot_be_examined_is_skipped_with_its_reason() -> None:
    case = two_capitals().with_({"issues.arms.no_deal": None})
    view = LENS.view(case)
    assert view.skipped["arms"].startswith("the case does not say")
    assert [terms.id for terms in view.deals] == ["trade"]
    named = two_capitals(deals={"both": {"name": "Both", "issues": ["trade", "arms"]}})
    assert LENS.view(named.with_({"issues.arms.no_deal": None})).skipped["both"].startswith("arms: ")


def test_an_issue_that_no_rule_covers_is_skipped() -> None:
    case = two_capitals().with_({"consent": None, "issues.trade.consent": {"all_of": ["north", "south"]}})
    assert LENS.view(case).skipped["arms"] == "no rule says who must consent to it"


def test_discrete_issues_settle_on_their_anchors_only() -> None:
    case = two_capitals().with_(
        {"issues.trade.discrete": True, "issues.trade.scale": {0: "closed", 50: "half", 100: "open"}}
    )
    terms = answered(case).deals["all"].centre.best
    assert terms is not None
    assert terms.terms["trade"] in (0, 50, 100)


def test_side_payments_open_what_terms_alone_do_not() -> None:
    """North asks 4.5, South 1, in units of U: South pays 1.25, which is 0.3125 of the scale."""
    case = two_capitals().with_(
        {
            "actors.north.failure_cost": -0.5,
            "actors.south.failure_cost": 0.375,
            "payments": {
                "unit": "million",
                "actors": {
                    "south": {"gives": 1000, "worth": 0.001},
                    "north": {"takes": 1000, "worth": 0.001},
                },
            },
        }
    )
    result = answered(case)
    paid = result.deals["all"].payment
    assert paid is not None
    assert (paid.status, paid.unit) == ("found", "million")
    assert paid.total == pytest.approx(312.5, abs=0.1)
    assert paid.bound == pytest.approx(312.5, abs=0.1)
    assert paid.transfers == pytest.approx({"north": 312.5, "south": -312.5}, abs=0.1)
    paid_by = [(row["deal"], row["actor"], row["status"]) for row in result.tables()["payments"].to_records()]
    assert paid_by == [("all", "north", "found"), ("all", "south", "found")]
    told = {finding.id: finding.sentence for finding in result.findings}["payment.all"]
    assert "is 313 million, from South to North" in told


def refused_by_both(payments: dict[str, object], consent: object = None) -> Case:
    """Both ask for 3.5 of 4, and 6 can be had: together they lack a quarter of the whole scale."""
    case = two_capitals().with_({"actors.north.failure_cost": -0.25, "actors.south.failure_cost": -0.25})
    data = case.to_dict()
    data["actors"]["donor"] = {"name": "Donor", "influence": 1}
    data["payments"] = {"unit": "million", "actors": payments}
    data["consent"] = consent or data["consent"]
    return Case.from_dict(data)


def test_a_donor_without_a_say_can_pay_for_a_deal() -> None:
    taken = {actor: {"takes": 1000, "worth": 0.001} for actor in ("north", "south")}
    result = answered(refused_by_both({**taken, "donor": {"gives": 1000, "worth": 0.001}}))
    paid = result.deals["all"].payment
    assert paid is not None
    assert paid.transfers["donor"] == pytest.approx(-250, abs=0.1)
    assert paid.transfers["north"] + paid.transfers["south"] == pytest.approx(250, abs=0.1)
    assert result.deals["all"].parties == ("north", "south")
    assert "donor" not in result.blockers["all"].actors


def test_a_payment_that_nobody_can_make_is_said_to_be_impossible() -> None:
    result = answered(refused_by_both({"north": {"takes": 10, "worth": 0.001}}))
    told = {finding.id: finding.sentence for finding in result.findings}["payment.all"]
    assert "no side payment within what each can give and take makes a deal" in told
    assert result.tables()["payments"].rows == (("all", None, None, "impossible", "million", None, None),)


def test_what_members_of_their_own_mind_are_paid_is_added_up() -> None:
    taken = {actor: {"takes": 1000, "worth": 0.001} for actor in ("north", "south")}
    apart = {"all_of": ["north", {"actor": "south", "count": 3, "apart": True}]}
    result = answered(refused_by_both({**taken, "donor": {"gives": 9000, "worth": 0.001}}, apart))
    paid = result.deals["all"].payment
    assert paid is not None
    assert paid.total is not None
    assert sum(paid.transfers.values()) == pytest.approx(0, abs=1e-6)
    assert -paid.transfers["donor"] == pytest.approx(paid.total, abs=1e-6)


def test_a_map_of_issues_that_are_not_there_is_refused() -> None:
    case = two_capitals(options={"winset": {"map": ["trade", "peace"]}})
    with pytest.raises(CaseError, match="no two issues"):
        answered(case)


def test_the_interval_of_a_share_is_wilson_s() -> None:
    """Published: 0 of 10 gives 0 to 0.278, 5 of 10 gives 0.237 to 0.763 (Brown, Cai & DasGupta 2001)."""
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=5e-4)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=5e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_an_exact_answer_has_no_interval() -> None:
    """One draw without doubt is the answer; one draw of something in doubt says next to nothing."""
    for status, share in ((1, 1.0), (0, 0.0)):
        found = chance(np.array([status], dtype=np.int8), exact=True)
        assert (found.probability, found.low95, found.high95) == (share, share, share)
    drawn = chance(np.array([1], dtype=np.int8))
    assert (drawn.low95, drawn.high95) == pytest.approx((0.2065, 1), abs=5e-4)
    undecided = chance(np.array([3], dtype=np.int8), exact=True)
    assert (undecided.unknown, undecided.low95, undecided.high95) == (1, 0, 1)


def test_a_scenario_without_doubt_has_no_interval_either() -> None:
    doubt = {"accepts": "<= 45 ± 5", "position": 10, "salience": 1}
    case = two_capitals(scenarios={"sure": {"name": "Sure", "changes": {"stances.arms.south.position": 10}}})
    chances = answered(case).deal_probability
    for of in chances.values():
        assert all((one.low95, one.high95) == (one.probability, one.probability) for one in of.values())
    data = case.to_dict()
    data["stances"]["arms"]["south"] |= doubt
    data["scenarios"]["sure"]["changes"] = {"stances.arms.south.accepts": "<= 45"}
    drawn = answered(Case.from_dict(data)).deal_probability
    assert drawn["as_it_stands"]["all"].low95 < drawn["as_it_stands"]["all"].high95
    assert drawn["sure"]["all"].low95 == drawn["sure"]["all"].high95


def test_undecided_draws_are_never_counted_as_no_deal() -> None:
    found = chance(np.array([1, 1, 0, 3], dtype=np.int8))
    assert found.probability == pytest.approx(2 / 3)
    assert found.unknown == 0.25
    assert (found.least, found.most) == (0.5, 0.75)
    touching = chance(np.array([1, 2, 0, 0], dtype=np.int8))
    assert (touching.probability, touching.touching) == (0.25, 0.25)


def one_issue(*positions: float, no_deal: float = 50, consent: Any = None, **options: Any) -> Case:
    """Return a case of one issue, everybody caring for it alone."""
    names = "abcde"[: len(positions)]
    wants = {name: {"position": at, "salience": 1} for name, at in zip(names, positions, strict=True)}
    return Case.from_dict(
        {
            "title": "One issue",
            "actors": {name: {"name": name.upper(), "influence": 1} for name in names},
            "issues": {"x": {"name": "X", "scale": {0: "none", 100: "all"}, "no_deal": no_deal}},
            "stances": {"x": wants},
            "consent": consent or {"all_of": list(names)},
            "options": {"winset": options},
        }
    )


def test_where_nobody_is_needed_the_parties_are_the_coalition_that_can_gain_most() -> None:
    """Wants of 80, 90 and 20, no deal at 50: A and B gain 30 each at 80, and the sum of 60 all the way to 90.

    Of these the least gain is greatest at 80.
    """
    result = answered(one_issue(80, 90, 20, consent={"at_least": "majority", "of": ["a", "b", "c"]}))
    deal = result.deals["x"]
    assert (deal.required, deal.parties) == ((), ("a", "b"))
    terms = {name: package.terms["x"] for name, package in deal.centre.solutions.items()}
    # (110 - x) / 30 = (x - 50) / 40 for Kalai and Smorodinsky.
    expected = {"nash": 80, "egalitarian": 80, "utilitarian": 80, "kalai_smorodinsky": 590 / 7}
    assert terms == pytest.approx(expected, abs=1e-4)
    assert {name: of["x"].mean for name, of in result.solutions["x"].items()} == pytest.approx(
        expected, abs=1e-4
    )
    assert all(package.agreed == ("a", "b") for package in deal.centre.solutions.values())
    assert "Nobody in particular is needed" in str(LENS.chapter(result))


def test_no_deal_of_some_out_of_several_is_without_named_packages_in_any_draw() -> None:
    stances = {"a": "60..100", "b": "55..100", "c": "0..60", "d": "0..100", "e": "20..90"}
    data = one_issue(1, 2, 3, 4, 5, consent={"at_least": 4, "of": list("abcde")}).to_dict()
    for actor, position in stances.items():
        data["stances"]["x"][actor]["position"] = position
    view = LENS.view(Case.from_dict(data))
    deal = view.deal(view.deals[0], view.table.sample(3, 0, 200))
    found = solve(deal)
    there = found.status == 1
    assert 0 < there.sum() < 200
    for name, packages in found.packages.items():
        assert (np.isfinite(packages[:, 0]) == there).all(), name
        margins = deal.rows(there).margins(packages[there][:, None])[:, 0]
        assert (margin(deal.rule, margins) >= -1e-6).all(), name
    # The egalitarian package of the coalition attains the greatest margin of the rule.
    best = verdicts(deal.rows(there), greatest=True).margin
    fair = deal.rows(there).margins(found.packages["egalitarian"][there][:, None])[:, 0]
    np.testing.assert_allclose(margin(deal.rule, fair), best, atol=1e-6)


def test_among_equally_good_packages_one_inside_the_zone_is_told_as_one_of_many() -> None:
    """A sum is divided: all divisions have the same sum of gains; the zone reaches from 0 to 70."""
    data = one_issue(100, 0).to_dict()
    data["actors"]["a"]["failure_cost"], data["actors"]["b"]["failure_cost"] = 0.5, 0.2
    solved = answered(Case.from_dict(data)).deals["x"].centre.solutions
    assert solved["utilitarian"].terms["x"] == pytest.approx(35)
    assert solved["utilitarian"].agreed == ("a", "b")
    assert solved["utilitarian"].one_of_many
    assert not solved["nash"].one_of_many


def test_the_fairest_package_of_an_equal_sum_is_found_from_any_of_them() -> None:
    """The zone reaches from 0 to 70 and every package in it has the same sum: the middle is the fairest."""
    data = one_issue(100, 0).to_dict()
    data["actors"]["a"]["failure_cost"], data["actors"]["b"]["failure_cost"] = 0.5, 0.2
    view = LENS.view(Case.from_dict(data))
    deal = view.deal(view.deals[0], view.table.means[None])
    for start in (0.0, 0.1, 0.6):
        assert fairest_of_equal_sums(deal, [0, 1], np.array([[start]])) == pytest.approx(0.35, abs=1e-6)


def test_of_packages_with_the_same_sum_the_one_with_the_greatest_least_gain_is_told_in_every_draw() -> None:
    """Two sums that weigh alike are divided: any split has the same sum; each gains at the one told."""
    data = two_capitals().to_dict()
    for issue in ("trade", "arms"):
        data["issues"][issue]["no_deal"] = "40..60"
        for actor in ("north", "south"):
            data["stances"][issue][actor]["salience"] = 0.5
    for actor, cost in (("north", 0.5), ("south", 0.1)):
        data["actors"][actor]["failure_cost"] = cost
    view = LENS.view(Case.from_dict(data))
    deal = view.deal(view.deals[0], view.table.sample(3, 0, 50))
    named = solve(deal).packages
    gains = {name: deal.margins(at[:, None])[:, 0] for name, at in named.items()}
    assert gains["utilitarian"].sum(axis=1) == pytest.approx(np.full(50, 0.6))
    assert gains["utilitarian"].min(axis=1) == pytest.approx(gains["egalitarian"].min(axis=1))
    assert gains["utilitarian"].min() > 0.29
    whole = answered(Case.from_dict(data), 20).deals["all"].centre.solutions
    assert whole["utilitarian"].agreed == ("north", "south")
    assert whole["utilitarian"].one_of_many
    assert whole["nash"].one_of_many  # what one issue gives, the other takes


def test_a_level_box_lies_between_the_weighted_medians() -> None:
    """On a grid that holds all that anybody wants."""
    rng = np.random.default_rng(7)
    view = LENS.view(two_capitals())
    one = view.deal(view.deals[1], view.table.means[None])
    grid = np.linspace(0, 1, 201)
    for _ in range(200):
        wants, cares = rng.choice(grid, 4), rng.choice([0.0, 0.25, 0.5], 4)
        sums = -(cares * np.abs(grid[:, None] - wants)).sum(axis=1)
        best = grid[sums > sums.max() - 1e-9]
        four = replace(one, ideal=wants[None, :, None], salience=cares[None, :, None])
        low, high = level_box(four, range(4))
        assert (low[0, 0], high[0, 0]) == pytest.approx((best[0], best[-1]))


@pytest.mark.parametrize("acceptance", ["strict", "weak"])
def test_who_gains_nothing_agrees_only_under_weak_acceptance(acceptance: str) -> None:
    view = LENS.view(one_issue(100, 0, no_deal=20, consent={"any_of": ["a", "b"]}, acceptance=acceptance))
    terms = view.deals[0]
    deal = view.deal(terms, view.table.means[None, :])
    at = package(deal, np.array([0.2]))
    assert at.gains == pytest.approx({"a": 0, "b": 0}, abs=1e-12)
    assert at.agreed == (() if acceptance == "strict" else ("a", "b"))
    further = package(deal, np.array([0.5]))
    assert further.agreed == ("a",)


def test_a_frontier_that_is_cut_short_reaches_from_end_to_end() -> None:
    """Fourteen opposed issues of different worth have fifteen corners (fractional knapsack): twelve are told."""
    issues = [f"i{k}" for k in range(14)]
    case = Case.from_dict(
        {
            "title": "Many issues",
            "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
            "issues": {
                i: {"name": i, "scale": {0: "no", 1: "yes"}, "no_deal": 0.5, "failure_cost": 2}
                for i in issues
            },
            "stances": {
                i: {
                    "a": {"position": 1, "salience": (k + 1) / 20},
                    "b": {"position": 0, "salience": (14 - k) / 20},
                }
                for k, i in enumerate(issues)
            },
            "consent": {"all_of": ["a", "b"]},
        }
    )
    deal = answered(case, 1).deals["all"]
    told = deal.frontier
    assert told is not None
    assert len(told) == 12
    assert deal.frontier_found is not None
    assert deal.frontier_found > 12
    assert list(told[0].terms.values()) == pytest.approx([0] * 14, abs=1e-5)
    assert list(told[-1].terms.values()) == pytest.approx([1] * 14, abs=1e-5)


def test_blockers_say_how_many_conflicts_were_found() -> None:
    blocked = answered(buyer_and_seller(buyer="90", seller="100 ± 4")).blockers["price"]
    assert blocked.found == len(blocked.conflicts) == 1


def test_a_share_of_few_draws_is_told_with_its_interval_also_where_all_agree() -> None:
    """A hundred of a hundred examined draws are not all draws: the interval is Wilson's."""
    blocked = answered(buyer_and_seller(buyer="80 ± 1", seller="100 ± 1")).blockers["price"]
    (conflict,) = blocked.conflicts
    assert (conflict.share, blocked.examined) == (1.0, 100)
    assert (conflict.low95, conflict.high95) == pytest.approx(wilson(100, 100))
    assert conflict.low95 < 0.97
    exact = answered(buyer_and_seller(buyer="80", seller="100")).blockers["price"].conflicts[0]
    assert (exact.low95, exact.high95) == (1.0, 1.0)
