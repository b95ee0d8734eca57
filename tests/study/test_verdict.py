"""The verdict follows its rule: what deals come to decides how it opens, and only then others are asked."""

from __future__ import annotations

import pytest

from detente.show.ladder import DealRow, Rung, Size
from detente.study.answer import OPENINGS, Opening, compose, opening, parted, verdict
from tests.study.making import case, chapter, deal, said, term, view

ALL = ("land", "arms", "trade")


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("agreed", "none", "yes"),
        ("agreed", "agreed", "yes"),
        ("little", "agreed", "yes"),
        ("little", "none", "little"),
        ("none", "agreed", "part"),
        ("seldom", "agreed", "part"),
        ("none", "little", "part little"),
        ("seldom", "none", "seldom"),
        ("none", "none", "no"),
        ("none", "undecided", "no"),
        ("undecided", "undecided", "undecided"),
    ],
)
def test_what_deals_come_to_decides_how_the_verdict_opens(
    wide: Size, narrow: Size, expected: Opening
) -> None:
    deals = [deal("Wide", ALL, wide), deal("Narrow", ("land", "arms"), narrow)]
    assert opening(deals) == expected
    found = verdict(case(), deals, (), said("nobody asks"))
    assert found.sentence.startswith(f"{OPENINGS[expected]}.")
    assert parted(found)[0] == f"{OPENINGS[expected]}."


def test_a_package_that_is_no_part_of_the_one_refused_is_a_deal_of_its_own() -> None:
    deals = [deal("Wide", ("land", "arms"), "none"), deal("Other", ("arms", "trade"), "agreed")]
    assert opening(deals) == "yes"


def test_it_speaks_of_packages_and_of_issues_only_where_there_are_none() -> None:
    package, issue = deal("Wide", ALL, "none"), deal("", ("land",), "agreed", (term("land", 60),))
    assert parted(verdict(case(), [package, issue], (), said("")))[0] == "There is no deal."
    assert parted(verdict(case(), [issue], (), said("")))[0] == "There is a deal."


def test_terms_stand_beside_what_there_is_without_a_deal_and_those_who_stop_the_rest_are_named() -> None:
    narrow = deal("Narrow", ("land", "arms"), "agreed", (term("land", 60), term("arms", 21, moves=False)))
    wide = deal("Wide", ALL, "none")
    said_ = verdict(case(), [narrow, wide], (), said("")).sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert said_ == (
        "Only part of it can be agreed. All who must consent would accept “Narrow” in 90 % of draws: Land at 60 "
        "(20 without a deal); Arms hardly changed. “Wide” is agreed in none of 1,000 draws; North and South stop "
        "it."
    )


def test_terms_stand_beside_today_and_say_what_is_left_as_no_deal_would() -> None:
    land = term("land", 60).model_copy(update={"today": 40.0})
    arms = term("arms", 21, moves=False).model_copy(update={"today": 40.0})
    narrow = deal("Narrow", ("land", "arms"), "agreed", (land, arms), draws=1)
    said_ = verdict(case(), [narrow], (), said("")).sentence
    assert said_ == (
        "There is a deal. All who must consent would accept “Narrow”: Land at 60 (today 40; 20 without a deal); "
        "Arms as without a deal: 21 (today 40)."
    )


def test_many_issues_that_end_at_the_ends_of_their_scales_are_told_in_the_words_of_these() -> None:
    issues = case()
    terms = (term("land", 100), term("arms", 100), term("trade", 0))
    found = deal("Wide", ALL, "agreed", (*terms, term("land", 99)))
    told = verdict(issues, [found], (), said("")).sentence
    assert "Land, Arms and Land: “all”; Trade: “nothing”" in told


def test_a_verdict_without_doubt_counts_no_draws() -> None:
    found = verdict(case(), [deal("Wide", ALL, "none", draws=1)], (), said(""))
    assert (
        found.sentence
        == "There is no deal. Not all who must consent would accept “Wide”; North and South stop it."
    )
    assert "draw" not in verdict(case(), [deal("Wide", ALL, "agreed", draws=1)], (), said("")).sentence


def test_who_stops_every_deal_is_named_and_else_who_stops_any() -> None:
    lone = deal("Wide", ALL, "none")
    (north, south) = lone.signatures
    other = lone.model_copy(update={"signatures": (north, south.model_copy(update={"stops": 0.5}))})
    assert "; North stops them" in verdict(case(), [lone, other], (), said("")).sentence


def test_without_deals_the_step_of_the_deal_answers_and_then_the_first_lens() -> None:
    own, rungs = said("What holds."), (Rung(step="hold", finding=said("Today holds.")),)
    assert verdict(case(), [], rungs, own) == own
    pull = Rung(step="deal", finding=said("It would settle near 45."))
    assert verdict(case(), [], (pull, *rungs), own) == pull.finding


def test_steps_stand_in_their_order_and_a_pull_is_no_deal_where_consent_decides() -> None:
    pull = chapter("pull", {"sure": "Off by 23.", "deal": "It settles."}, issues=(view("land", 45),))
    holds = chapter("holds", {"hold": "Today holds."})
    outside = chapter("outside", {"ask": "Ask.", "deal": "They are 70 apart."})
    alone = compose(case(), [pull, holds, outside])
    assert [one.step for one in alone.ladder] == ["deal", "deal", "hold", "sure", "ask"]
    assert alone.verdict.sentence == "It settles."
    deals = (deal("Wide", ALL, "none"),)
    asked = chapter("consent", {"change": "Nothing would."}, deals=deals)
    found = compose(case(), [pull, holds, outside, asked])
    assert [one.finding.sentence for one in found.ladder] == [
        "They are 70 apart.",
        "Nothing would.",
        "Today holds.",
        "Off by 23.",
        "Ask.",
    ]
    assert found.deals == deals


def rows() -> list[DealRow]:
    """Return deals of every kind on three issues: land is possible, arms only in a package, trade is blocked."""
    return [
        deal("Both", ("land", "arms"), "agreed", (term("land", 70), term("arms", 60))),
        deal("Wide", ALL, "none"),
        deal("", ("land",), "agreed", (term("land", 60),)),
        deal("", ("arms",), "seldom", (term("arms", 55),)),
        deal("", ("trade",), "none"),
    ]


def test_every_issue_has_one_verdict_by_the_rule() -> None:
    found = {one.issue: one for one in compose(case(), [chapter("c", {}, deals=tuple(rows()))]).issues}
    assert {key: one.standing for key, one in found.items()} == {
        "land": "possible",
        "arms": "package",
        "trade": "blocked",
    }
    assert (found["land"].deal, found["arms"].deal, found["trade"].deal) == ("land", "both", None)
    assert found["trade"].by == ("NORTH",)
    assert found["trade"].terms is None


def test_what_is_agreed_and_changes_nothing_leaves_an_issue_as_it_is() -> None:
    deals = (
        deal("Both", ("land", "arms"), "agreed", (term("land", 70), term("arms", 22, moves=False))),
        deal("", ("arms",), "none"),
        deal("", ("trade",), "little", (term("trade", 21, moves=False),)),
    )
    found = {one.issue: one for one in compose(case(), [chapter("c", {}, deals=deals)]).issues}
    assert (found["arms"].standing, found["arms"].deal) == ("stays", "both")
    assert (found["trade"].standing, found["trade"].deal) == ("stays", "trade")
    assert found["land"].standing == "package"


def test_without_consent_a_pull_is_told_as_one_and_without_anything_the_issue_is_open() -> None:
    found = compose(case(), [chapter("pull", {}, issues=(view("land", 45),))]).issues
    assert [one.standing for one in found] == ["pull", "open", "open"]
    assert found[0].terms is not None
    assert (found[0].terms.value, found[0].terms.without) == (45, 20)
    consent = chapter("c", {}, deals=(deal("", ("land",), "none"),))
    both = compose(case(), [chapter("pull", {}, issues=(view("land", 45),)), consent]).issues
    assert both[0].standing == "blocked"
