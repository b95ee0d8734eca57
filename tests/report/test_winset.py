"""The chapter on deals: answers that follow from the result, figures for any case, and a page without faults."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from detente.case import Case
from detente.catalog import open_case
from detente.lenses.winset.answers import Chance
from detente.report import Brief, brief
from detente.report.chapter import AS_IT_STANDS, Effort
from detente.report.winset.chapter import WinsetChapter
from detente.report.winset.headlines import answer, headlines
from detente.report.winset.telling import (
    common_ground,
    opening_table,
    sides_table,
    sufficing_table,
    terms_table,
)
from detente.show.table import Cell
from tests.report.dealing import SPACE, chapter, deal_case, deals, made, numbers, page, result, said
from tests.report.making import ARABIC, HOSTILE, PageReader

NAMES = list(deals())


# --- every case ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_finding_stands_in_the_table_it_names(name: str) -> None:
    tables = made(name).tables()
    lens = result(name).tables()
    for finding in (chapter(name).answer, *chapter(name).headlines):
        for key, number in finding.numbers.items():
            assert pytest.approx(number) in numbers(tables[finding.table]), (finding.id, key)
    for finding in result(name).findings:
        for key, number in finding.numbers.items():
            assert pytest.approx(number) in numbers(lens[finding.table]), (finding.id, key)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_well_formed_and_its_ids_are_unique(name: str) -> None:
    reader = PageReader.of(page(name))
    assert reader.faults == []
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in reader.values("href") if link.startswith("#")} <= set(ids)
    assert {"common-ground", "bands"} <= set(ids)
    text = " ".join(reader.text)
    assert not re.search(r"(?<!\w)(nan|NaN|None(?! of)|inf)(?!\w)", text)
    assert "NaN" not in "".join(re.findall(r"<svg.*?</svg>", page(name), re.DOTALL))


@pytest.mark.parametrize("name", NAMES)
def test_a_brief_with_deals_is_written_as_json_and_read_back(name: str) -> None:
    data = json.loads(json.dumps(made(name).to_dict(), allow_nan=False))
    jsonschema.validate(data, Brief.published_schema())
    assert Brief.from_dict(data).to_dict() == made(name).to_dict()


@pytest.mark.parametrize("name", NAMES)
def test_every_deal_is_told_with_its_verdict(name: str) -> None:
    found = result(name)
    rows = common_ground(made(name).case, found, chapter(name).obstacles)
    assert [row.name for row in rows] == [deal.name for deal in found.deals.values()]
    for row, deal in zip(rows, found.deals, strict=True):
        chance = found.chance(deal)
        assert row.good == (chance.probability > 0.5)
        assert (row.verdict == "no common ground") == (chance.probability == 0)
        assert row.likely.endswith(".")
        assert bool(row.way) == (deal in found.blockers and bool(found.blockers[deal].conflicts))


# --- what is said --------------------------------------------------------------------------------
def test_a_deal_in_doubt_is_told_with_its_interval() -> None:
    chance = result("one issue").chance("price")
    assert 0 < chance.low95 < chance.probability < chance.high95 < 1
    low, high = f"{100 * chance.low95:.0f}", f"{100 * chance.high95:.0f}"
    share = f"{100 * chance.probability:.0f}"
    assert said("one issue") == (
        "Price: a deal that all who must consent would accept exists in "
        f"{share} % of draws ({low} to {high} %)."
    )


def test_no_deal_is_told_with_who_is_in_the_way_and_what_would_help() -> None:
    assert said("no deal at all") == (
        "All issues together: a deal that all who must consent would accept exists in none of 60 draws "
        "(0 to 6 %). Taken alone, neither issue has a deal in any draw. In the way of “All issues together”: "
        "North’s minimum and South’s maximum on Trade cannot both hold. If South’s maximum on Trade were lifted, "
        "there would be a deal in every draw."
    )
    assert said("one issue without a deal").startswith("Price: a deal that all who must consent would accept")
    assert "Buyer’s maximum and Seller’s minimum on Price cannot both hold." in said(
        "one issue without a deal"
    )


def test_without_doubt_a_deal_is_there_or_not() -> None:
    assert said("one issue in no doubt") == "Price: there is a deal that all who must consent would accept."
    assert said("nothing in doubt") == (
        "All issues together: there is a deal that all who must consent would accept. Taken alone, neither issue "
        "has a deal."
    )
    assert "there is no deal that all who must" in said("nothing in doubt and no deal")
    assert "draw" not in said("nothing in doubt and no deal")
    assert "There is a deal." in page("nothing in doubt")


def test_packages_are_told_by_how_likely_they_are() -> None:
    assert said("packages").startswith(
        "All who must consent would accept a deal on “Both, at once” in all 60 draws (94 to 100 %) and “The same "
        "again” in all 60 draws (94 to 100 %). Taken alone, neither issue has a deal in any draw. In “A harder "
        "South”, a deal on “Both, at once” exists in 0 % of draws."
    )


def told(name: str, chances: dict[str, float], *, exact: bool = False, unknown: float = 0.0) -> str:
    """Return the answer if deals were as likely as that."""
    found = result(name)
    draws = 1 if exact else 60
    made_up = {
        deal: Chance(
            probability=p, low95=p, high95=p, touching=0, unknown=unknown, least=p, most=p, draws=draws
        )
        for deal, p in chances.items()
    }
    record = found.record.model_copy(update={"exact": exact})
    changed = found.model_copy(update={"deal_probability": {"as_it_stands": made_up}, "record": record})
    return answer(made(name).case, changed).sentence.replace(SPACE, " ")


@pytest.mark.parametrize(
    ("both", "again", "trade", "arms", "exact", "expected"),
    [
        (
            0.9,
            0,
            1,
            1,
            False,
            "a deal on “Both, at once” in 90 % of draws; none on “The same again”. Taken alone, both issues have",
        ),
        (0, 0, 1, 0, False, "one of two issues has a deal in most draws; Arms (0 %) does not."),
        (
            0,
            0,
            0.25,
            0,
            False,
            "neither issue has a deal in most draws: Trade (25 %) and Arms (0 %).",
        ),
        (
            0,
            0,
            0,
            0,
            False,
            "No deal that all who must consent would accept exists on “Both, at once” or “The same",
        ),
        (
            1,
            0,
            1,
            1,
            True,
            "a deal on “Both, at once”; none on “The same again”. Taken alone, both issues have a deal.",
        ),
        (0, 1, 0, 0, True, "Taken alone, neither issue has a deal."),
    ],
)
def test_the_answer_parts_common_ground_from_its_lack(
    both: float, again: float, trade: float, arms: float, exact: bool, expected: str
) -> None:
    chances = {"both": both, "again": again, "trade": trade, "arms": arms}
    assert expected in told("packages", chances, exact=exact)


def test_what_could_not_be_decided_is_never_told_as_no_deal() -> None:
    nothing = {"both": 0.0, "again": 0.0, "trade": 0.0, "arms": 0.0}
    assert "could not be decided on “Both, at once” and" in told("packages", nothing, unknown=1)
    one = told("one issue", {"price": 0.5}, unknown=0.1)
    assert one == (
        "Price: a deal that all who must consent would accept exists in 50 % of draws, undecided in 10 %. "
        + one.split("10 %. ", 1)[1]
    )
    assert "could not be decided" in told("one issue", {"price": 0.0}, unknown=1)


def test_a_scenario_is_told_with_what_changes_there() -> None:
    rows = common_ground(made("packages").case, result("packages"), chapter("packages").obstacles)
    scenarios = dict(rows[0].scenarios)
    assert set(scenarios) == {"A softer North", "A harder South"}
    assert scenarios["A softer North"] == "A deal exists in all 60 draws (94 to 100 %)."
    assert (
        "In the way: North’s minimum and South’s maximum on Trade cannot both hold."
        in (scenarios["A harder South"])
    )
    assert "If " in scenarios["A harder South"]
    assert "A harder South" in page("packages")


def test_a_scenario_that_asks_nobody_has_no_deals_to_speak_of() -> None:
    assert result("packages").deal_probability["alone"] == {}
    assert set(result("packages").deal_probability["less"]) == {"trade"}
    assert "alone" not in chapter("packages").obstacles


def test_the_same_obstacle_is_not_spelt_out_twice() -> None:
    dear = {"dear": {"name": "Dear", "changes": {"stances.arms.south.salience": 0.7}}}
    case = Case.from_dict({**deals()["no deal at all"].to_dict(), "scenarios": dear})
    found = brief(case, draws=20, workers=1).winset
    assert found is not None
    rows = common_ground(case, found.result, found.obstacles)
    assert rows[0].scenarios[0][1].endswith("the same stands in the way, and the same would help.")
    other = {
        "dear": {
            **found.obstacles["dear"],
            "all": found.obstacles["dear"]["all"].model_copy(update={"lever": None}),
        }
    }
    rows = common_ground(case, found.result, other)
    assert "The same demands are in the way. No single red line or consent" in rows[0].scenarios[0][1]
    assert found.answer.sentence.endswith("No scenario changes that for “All issues together”.")


def test_headlines_say_ground_scenarios_and_lever() -> None:
    ids = [finding.id for finding in chapter("packages").headlines]
    assert ids == ["ground", "deal_scenarios", "lever"]
    assert [finding.id for finding in chapter("one issue").headlines] == ["lever"]
    bare = result("one issue").model_copy(update={"levers": {}})
    assert headlines(made("one issue").case, bare) == ()


# --- pages ---------------------------------------------------------------------------------------
def test_names_that_look_like_markup_are_shown_as_they_are() -> None:
    text = "".join(PageReader.of(page("hostile names")).text)
    assert "<script" not in page("hostile names")
    assert HOSTILE in text
    assert "{{ 7 * 7 }} ${x}" in text


def test_names_from_right_to_left_are_set_apart() -> None:
    apart = r"<bdi>[^<]*</bdi>|<svg.*?</svg>|(?:title|aria-label)=\"[^\"]*\""
    assert ARABIC in page("right to left")
    assert ARABIC not in re.sub(apart, "", page("right to left"), flags=re.DOTALL)


def test_what_is_not_examined_is_told_with_its_reason() -> None:
    text = " ".join("".join(PageReader.of(page("not all can be settled")).text).split())
    assert "Arms is not examined: the case does not say where it ends without a deal" in text


def test_the_tables_of_the_page_tell_terms_and_concessions_in_words() -> None:
    name = "no deal at all"
    opening = opening_table(made(name).case, result(name)).to_records()
    assert {str(row["step"]) for row in opening} <= {"North’s minimum on Trade", "South’s maximum on Trade"}
    assert opening
    terms = terms_table(made("weak").case, result("weak")).to_records()
    assert {row["issue"] for row in terms} == {"Trade", "Arms"}
    giving = opening_table(made("accepts nothing").case, result("accepts nothing")).to_records()
    assert any("of the whole scale" in str(row["by"]) for row in giving)


def test_which_single_concession_is_enough_is_told_and_how_far_it_goes() -> None:
    name = "no deal at all"
    rows = sufficing_table(made(name).case, result(name)).to_records()
    assert {str(row["demand"]) for row in rows} <= {"North’s minimum on Trade", "South’s maximum on Trade"}
    assert all(0 < float(str(row["share"])) <= 1 for row in rows)
    assert any("whole scale" in str(row["by"]) for row in _sufficing("accepts nothing"))


def _sufficing(name: str) -> list[dict[str, Cell]]:
    return sufficing_table(made(name).case, result(name)).to_records()


def test_what_each_side_would_sign_is_told_beside_what_all_would() -> None:
    rows = sides_table(made("weak").case, result("weak")).to_records()
    assert [row["side"] for row in rows] == ["North", "South", "all together"]
    sizes = [float(str(row["size"])) for row in rows]
    assert sizes[2] <= min(sizes)
    none = sides_table(made("no deal at all").case, result("no deal at all")).to_records()
    assert none[-1]["reach"] == "nothing"


def test_members_with_minds_of_their_own_are_told_as_one_actor() -> None:
    found = result("many who vote")
    assert set(found.bands["tax"]) == {"chief", "members", "bench"}
    rule = found.deals["all"].rule
    assert "3 of 5 votes of Members (4) and Bench (1)" in rule
    assert "5 of 7 votes of Chief (4), Bench (2) and Members (1)" in rule


def test_the_case_of_2024_answers_on_ukraine_nato_and_sanctions_apart_and_together() -> None:
    case = open_case("us-russia-2024")
    found = WinsetChapter.of(
        {AS_IT_STANDS: case, **{s: case.with_(scenario=s) for s in case.scenarios}},
        Effort(draws=150, seed=1, workers=1),
    )
    rows = {row.name: row for row in common_ground(case, found.result, found.obstacles)}
    for name in (
        "Ukraine",
        "Ukraine's way into NATO",
        "Western sanctions on Russia",
        "Ukraine, NATO's enlargement and sanctions",
    ):
        row = rows[name]
        assert row.verdict in ("common ground", "seldom common ground", "no common ground")
        if not row.good:
            assert "cannot" in row.way
            assert "would" in row.change
            assert {scenario for scenario, _ in row.scenarios} == {"Congress holds firm", "US aid ends"}
    assert "Ukraine, NATO's enlargement and sanctions" in found.answer.sentence
    assert "Western sanctions on Russia" in found.answer.sentence


def test_a_brief_of_a_scenario_does_not_apply_others_on_top_of_it() -> None:
    base = deal_case(scenarios={"drop": {"name": "Drop", "changes": {"stances.arms.south.accepts": None}}})
    told = brief(base.with_(scenario="drop"), draws=50)
    assert told.winset is not None
    assert set(told.winset.result.deal_probability) == {"drop"}
    assert told.bargaining is not None
    assert told.bargaining.comparison is None
