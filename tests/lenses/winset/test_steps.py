"""What the lens says on the ladder: what would change it, how sure, what to find out; and its deals as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from detente.case import Case
from detente.catalog import open_case
from detente.lenses import Effort
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.winset.chapter import decisive
from detente.lenses.winset.chapter_ground import rows
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.steps import assumed, changes, rungs, sure
from detente.show.finding import Finding
from tests.lenses.winset.cases import two_capitals
from tests.lenses.winset.dealing import chapter, deals, result

NAMES = list(deals())


@cache
def answered(slug: str, draws: int = 300) -> WinsetResult:
    """Return the answer to a case of the catalog with its scenarios."""
    case = open_case(slug)
    scenarios = {key: case.with_(scenario=key) for key, of in case.scenarios.items() if of.changes}
    return LENS.answer({AS_IT_STANDS: case, **scenarios}, Effort(draws, workers=1))


def told(findings: Sequence[Finding]) -> list[str]:
    return [one.sentence.replace("\N{NO-BREAK SPACE}", " ") for one in findings]


@pytest.mark.parametrize("name", NAMES)
def test_every_rung_is_a_sentence_whose_numbers_stand_in_its_table(name: str) -> None:
    tables = result(name).tables()
    for rung in chapter(name).rungs:
        finding = rung.finding
        assert finding.sentence.endswith((".", ".”"))
        cells = [cell for row in tables[finding.table].rows for cell in row]
        for number in finding.numbers.values():
            assert any(cell == pytest.approx(number) for cell in cells if isinstance(cell, float)), finding.id
    assert [rung.step for rung in chapter(name).rungs if rung.step == "deal"] == []
    assert "sure" in {rung.step for rung in chapter(name).rungs}


@pytest.mark.parametrize("name", NAMES)
def test_every_deal_is_handed_over_packages_first_and_with_all_who_have_a_say(name: str) -> None:
    found = result(name)
    handed = list(rows(found))
    assert {one.deal for one in handed} == set(found.deals)
    assert [one.single for one in handed] == sorted(one.single for one in handed)
    for one in handed:
        names = {actor.name for actor in found.case.actors.values()}
        assert {who.name for who in one.signatures} <= names
        assert {who.name for who in one.signatures if who.needed} == {
            found.names[actor] for actor in found.deals[one.deal].required
        }
        assert all(who.gain is not None for who in one.signatures if who.signs is not None)
        assert (decisive(found) is None) == (not found.bands)


def test_a_scenario_that_moves_the_terms_is_told_with_who_gains_most_in_it() -> None:
    """Milner and Rosendorff 1997: 0.5, 0.6, 0.8, then no agreement; the president does best at 0.6."""
    found = told(list(changes(answered("divided-government"))))
    assert found == [
        "Protection left by the agreement: 0.50 as the case stands, 0.60 in “Hawkish legislature” and 0.80 in "
        "“Too hawkish a legislature”; in “A legislature content with what is” there is no deal.",
        "President gains most in “Hawkish legislature” and Foreign country as the case stands.",
    ]


def test_a_scenario_without_a_deal_is_told_and_one_that_changes_nothing_is_not_made_into_news() -> None:
    assert told(list(changes(answered("linked-issues")))) == [
        "In “Firmer assemblies” there is no deal on “Treaty on both”."
    ]
    assert [one.id.partition(".")[0] for one in changes(result("a scenario that changes nothing"))][
        -1
    ] == "shift"
    last = told(list(changes(result("a scenario that changes nothing"))))[-1]
    assert last.startswith("No scenario changes that for ")


def test_a_red_line_given_up_is_told_of_the_likeliest_deal_that_is_lacking() -> None:
    found = list(changes(answered("us-russia-2024")))
    assert [one.id for one in found] == ["lever.ukraine", "shift.ukraine"]
    assert found[0].drivers == ("stances.territory.kremlin.accepts.lower",)
    assert decisive(answered("us-russia-2024")) == "territory"


def test_a_share_that_is_but_the_overlap_of_two_red_lines_is_called_that() -> None:
    """In the case the red lines stand at 60 ± 5 and 45 ± 5: they meet in P(N(15, 7.07) < 0) = 1.7 % of draws."""
    found = {one.id: one for one in assumed(answered("us-russia-2024"))}
    overlap = found["overlap.ukraine"]
    assert overlap.numbers["overlap"] == pytest.approx(0.017, abs=0.015)
    assert "Russian presidency’s minimum and Ukrainian leadership’s maximum on Territory" in overlap.sentence
    assert (
        "% of draws, about as often as two assumed red lines leave room for each other ("
        in told([overlap])[0]
    )
    rests = found["rests.business"]
    assert rests.sentence.startswith(
        "Without what failing to agree is assumed to cost, “A reset without Ukraine”"
    )
    assert rests.numbers["low"] < 0.95


def test_of_two_pairs_of_red_lines_the_one_that_leaves_less_room_is_told() -> None:
    """The first pair meets in Phi(20/7.07) = 99.8 % of draws, the second in Phi(10/7.07) = 92 %."""
    issue = {"name": "Issue", "scale": {0: "none", 100: "all"}, "no_deal": 0, "failure_cost": 2}

    def stances(low: float, high: float) -> dict[str, dict[str, Any]]:
        return {
            "a": {"position": 100, "salience": 1, "accepts": f">= {low} ± 5"},
            "b": {"position": 0, "salience": 1, "accepts": f"<= {high} ± 5"},
        }

    case = Case.from_dict(
        {
            "title": "Two pairs",
            "actors": {"a": {"name": "Ay", "influence": 1}, "b": {"name": "Bee", "influence": 1}},
            "issues": {"easy": {**issue, "name": "Easy"}, "hard": {**issue, "name": "Hard"}},
            "stances": {"easy": stances(40, 60), "hard": stances(45, 55)},
            "consent": {"all_of": ["a", "b"]},
        }
    )
    (found,) = assumed(LENS.answer({AS_IT_STANDS: case}, Effort(2_000, workers=1)))
    assert "Ay’s minimum and Bee’s maximum on Hard" in found.sentence
    assert found.numbers["overlap"] == pytest.approx(0.921, abs=0.02)


def test_without_doubt_there_is_no_interval() -> None:
    exact = answered("linked-issues")
    assert "no interval" in sure(exact).sentence
    assert [one.step for one in rungs(exact)] == ["change", "sure"]


def test_who_stops_and_who_signs_is_told_of_every_deal() -> None:
    (section,) = (one for one in chapter("packages").sections if one.id == "signing")
    table: Any = section.blocks[0]
    assert next(iter(table.table.columns)) == "who"
    assert any(re.match("signs, gains \\d", str(cell)) for row in table.table.rows for cell in row[1:])
    (section,) = (one for one in chapter("no deal at all").sections if one.id == "signing")
    blocked: Any = section.blocks[0]
    assert any(str(cell).startswith("stops it") for row in blocked.table.rows for cell in row)


@pytest.mark.slow
def test_many_who_make_up_their_own_mind_are_answered_with_fewer_draws_and_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty-six senators and the two capitals are twice the crowd, so half of the draws are made."""
    from detente.lenses.winset import limits

    monkeypatch.setattr(limits, "BRIEF", 60)
    rule = {"at_least": "2/3", "of": [{"actor": "senators", "count": 46, "apart": True}]}
    case = two_capitals(
        actors={one: {"name": one.title(), "influence": 1} for one in ("north", "south", "senators")},
        consent={"all_of": ["north", "south", rule]},
    ).with_(
        {
            f"stances.{issue}.senators": {"position": position, "salience": 0.5}
            for issue, position in (("trade", "70 ± 20"), ("arms", "30 ± 20"))
        }
    )
    found = LENS.answer({AS_IT_STANDS: case}, Effort(10_000, workers=1))
    assert found.record.draws == 30
    assert sure(found).sentence.startswith("Percentages are shares of 30 draws, not chances")
