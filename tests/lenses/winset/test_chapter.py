"""The chapter on deals: answers that follow from the result, figures for any case, and a page without faults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest

from detente.case import Case
from detente.catalog import open_case
from detente.lenses import Effort
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.winset.answers import Chance
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.steps import answer
from detente.report import brief
from detente.show.blocks import Gauges, Listing, TableBlock, Verdict
from tests.lenses.winset.dealing import (
    SPACE,
    chapter,
    deal_case,
    deals,
    every_block,
    made,
    numbers,
    page,
    result,
    said,
    table,
    verdicts,
)
from tests.report.making import ARABIC, HOSTILE, PageReader
from tests.schemas import validate

NAMES = list(deals())


# --- every case ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_finding_stands_in_the_table_it_names(name: str) -> None:
    tables = result(name).tables()
    for finding in (chapter(name).rung, *chapter(name).headlines, *result(name).findings):
        for key, number in finding.numbers.items():
            assert pytest.approx(number) in numbers(tables[finding.table]), (finding.id, key)


@pytest.mark.parametrize("name", ["packages", "payments", "accepts nothing", "many who vote", "weak"])
def test_whatever_number_is_found_stands_in_a_table(name: str) -> None:
    found = result(name)
    told = [cell for one in found.tables().values() for row in one.rows for cell in row]
    numbers_told = np.array([cell for cell in told if isinstance(cell, int | float)], dtype=np.float64)
    texts = " ".join(cell for cell in told if isinstance(cell, str))
    for place, number in _numbers(found.model_dump(mode="json")):
        near = np.abs(numbers_told - number).min() <= 1e-12 * max(1, abs(number))
        assert near or f"{number:.4g}" in texts or f"{number:.3f}" in texts, place


APART = {"record", "case", "findings", "obstacles", "histogram", "outlines"}
"""Not from draws, told in words by the chapter, or only drawn."""


def _numbers(data: object, place: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of plain data with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in APART and f"{place}.{key}" != ".plane.probability":
                yield from _numbers(value, f"{place}.{key}")
    elif isinstance(data, list):
        for value in data:
            yield from _numbers(value, place)
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield place, data


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_names_its_section_and_what_it_rests_on_in_the_case(name: str) -> None:
    case, sections = made(name).case, {section.id for section in chapter(name).sections}
    shown = [figure.finding for figure in chapter(name).figures]
    for finding in (chapter(name).rung, *chapter(name).headlines, *result(name).findings, *shown):
        assert finding.section in sections, finding.id
        assert set(finding.drivers) <= set(case.quantities), finding.id
    rows = table(chapter(name), "drivers")
    assert [row["path"] for row in rows] == list(
        dict.fromkeys(path for finding in result(name).findings for path in finding.drivers)
    )


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
def test_a_result_read_back_from_json_tells_itself_in_the_same_words(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = chapter(name)
    data = json.loads(json.dumps(result(name).to_dict(), allow_nan=False))
    validate(data, WinsetResult)
    monkeypatch.setattr(LENS, "view", None, raising=False)  # nothing is read or solved again
    again = WinsetResult.from_dict(data)
    assert again == result(name)
    assert LENS.chapter(again) == told


@pytest.mark.parametrize("name", NAMES)
def test_every_deal_is_told_with_its_verdict(name: str) -> None:
    found = result(name)
    blocks = [block for block in every_block(chapter(name)) if isinstance(block, Verdict)]
    rows = [block for block in blocks if block.on == "page"]
    # A screen tells of packages only, where there are any.
    shown = [of.name for of in found.deals.values() if not of.single or len(found.deals) == 1]
    assert [block.name for block in blocks if block.on == "screen"] == shown
    assert [row.name for row in rows] == [deal.name for deal in found.deals.values()]
    for row, deal in zip(rows, found.deals, strict=True):
        chance = found.chance(deal)
        assert (row.tone == "good") == (chance.probability > 0.5)
        assert (row.status == "no common ground") == (chance.probability == 0)
        assert ". " in f"{row.says[0]} "
        way = any(one.startswith(("In the way: ", "Where there is none: ")) for one in row.says)
        assert way == (deal in found.blockers and bool(found.blockers[deal].conflicts))


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
    assert "Seller’s minimum and Buyer’s maximum on Price cannot both hold." in said(
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
        "South”, “Both, at once” is agreed in 0 % of draws."
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
    return answer(changed).sentence.replace(SPACE, " ")


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


def scenarios(verdict: Verdict) -> dict[str, str]:
    """Return name of a scenario → what is said of a deal in it."""
    told = (one.partition(": ") for one in verdict.says[1:])
    return {name: text for name, _, text in told if name not in ("In the way", "Where there is none")}


def test_a_scenario_is_told_with_what_changes_there() -> None:
    found = scenarios(verdicts(chapter("packages"))["Both, at once"])
    assert set(found) == {"A softer North", "A harder South"}
    assert found["A softer North"] == "A deal exists in all 60 draws (94 to 100 %)."
    assert (
        "In the way: North’s minimum and South’s maximum on Trade cannot both hold."
        in (found["A harder South"])
    )
    assert "If " in found["A harder South"]
    assert "A harder South" in page("packages")


def test_a_scenario_that_asks_nobody_has_no_deals_to_speak_of() -> None:
    assert result("packages").deal_probability["alone"] == {}
    assert set(result("packages").deal_probability["less"]) == {"trade"}
    assert "alone" not in result("packages").obstacles


def test_the_same_obstacle_is_not_spelt_out_twice() -> None:
    dear = {"dear": {"name": "Dear", "changes": {"stances.arms.south.salience": 0.7}}}
    case = Case.from_dict({**deals()["no deal at all"].to_dict(), "scenarios": dear})
    found = LENS.answer({AS_IT_STANDS: case, "dear": case.with_(scenario="dear")}, Effort(20, workers=1))
    told = LENS.chapter(found)
    first = scenarios(next(iter(verdicts(told).values())))
    assert first["Dear"].endswith("the same stands in the way, and the same would help.")
    bare = found.obstacles["dear"]["all"].model_copy(update={"levers": ()})
    other = found.model_copy(update={"obstacles": {"dear": {**found.obstacles["dear"], "all": bare}}})
    first = scenarios(next(iter(verdicts(LENS.chapter(other)).values())))
    assert "The same demands are in the way. No single red line or consent" in first["Dear"]
    assert told.rung.sentence.endswith("No scenario changes that for “All issues together”.")


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
    opening = table(chapter("no deal at all"), "opening")
    assert {row["step"] for row in opening} <= {"North’s minimum on Trade", "South’s maximum on Trade"}
    assert opening
    assert {row["issue"] for row in table(chapter("weak"), "terms")} == {"Trade", "Arms"}
    giving = table(chapter("accepts nothing"), "opening")
    assert any("of the whole scale" in row["by"] for row in giving)


def test_which_single_concession_is_enough_is_told_and_how_far_it_goes() -> None:
    rows = table(chapter("no deal at all"), "sufficing")
    assert {row["demand"] for row in rows} <= {"North’s minimum on Trade", "South’s maximum on Trade"}
    assert all(0 < row["share"] <= 1 for row in rows)
    assert any("whole scale" in row["by"] for row in table(chapter("accepts nothing"), "sufficing"))


def test_what_opens_the_way_is_told_in_sentences_too() -> None:
    listed = [block.items for block in every_block(chapter("payments")) if isinstance(block, Listing)]
    told = " ".join(item for items in listed for item in items)
    assert table(chapter("payments"), "opening")
    assert "no side payment within what each can give and take makes a deal" in told


def test_what_each_side_would_sign_is_told_beside_what_all_would() -> None:
    rows = table(chapter("weak"), "sides")
    assert [row["side"] for row in rows] == ["North", "South", "all together"]
    sizes = [row["size"] for row in rows]
    assert sizes[2] <= min(sizes)
    assert table(chapter("no deal at all"), "sides")[-1]["reach"] == "nothing"


def test_members_with_minds_of_their_own_are_told_as_one_actor() -> None:
    found = result("many who vote")
    assert set(found.bands["tax"]) == {"chief", "members", "bench"}
    rule = found.deals["all"].rule
    assert "3 of 5 votes (Members 4, Bench 1)" in rule
    assert "5 of 7 votes (Chief 4, Bench 2, Members 1)" in rule


def test_the_case_of_2024_answers_on_ukraine_nato_and_sanctions_apart_and_together() -> None:
    case = open_case("us-russia-2024")
    found = LENS.answer(
        {AS_IT_STANDS: case, **{s: case.with_(scenario=s) for s in case.scenarios}},
        Effort(draws=150, seed=1, workers=1),
    )
    told = LENS.chapter(found)
    rows = verdicts(told)
    for name in (
        "Ukraine",
        "Ukraine's way into NATO",
        "Western sanctions on Russia",
        "Ukraine, NATO's enlargement and sanctions",
    ):
        row = rows[name]
        assert row.status in ("common ground", "seldom common ground", "no common ground")
        if row.tone != "good":
            assert "cannot" in row.says[1]
            assert "would" in row.says[1]
            assert set(scenarios(row)) == {"Congress holds firm", "US aid ends"}
    assert "Ukraine, NATO's enlargement and sanctions" in told.rung.sentence
    assert "Western sanctions on Russia" in told.rung.sentence
    sources = {row["path"]: row["sources"] for row in table(told, "drivers")}
    assert sources["stances.territory.kremlin.accepts.lower"]


def test_a_brief_of_a_scenario_does_not_apply_others_on_top_of_it() -> None:
    base = deal_case(scenarios={"drop": {"name": "Drop", "changes": {"stances.arms.south.accepts": None}}})
    told = brief(base.with_(scenario="drop"), draws=50)
    found = told.results["winset"]
    assert isinstance(found, WinsetResult)
    assert set(found.deal_probability) == {"drop"}


def test_the_screen_says_how_many_draws_could_not_be_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = WinsetResult.chance

    def shaky(self: WinsetResult, deal: str, scenario: str | None = None) -> Chance:
        return chance(self, deal, scenario).model_copy(update={"unknown": 0.25})

    monkeypatch.setattr(WinsetResult, "chance", shaky)
    told = LENS.chapter(result("one issue")).caution.replace(SPACE, " ")
    assert "Up to 25 % of draws could not be decided; they count neither way." in told


def test_a_screen_shows_chances_drawn_where_there_is_one_version_and_side_by_side_else() -> None:
    (gauges,) = chapter("one issue").overview
    assert isinstance(gauges, Gauges)
    (row,) = gauges.rows
    found = result("one issue").chance("price")
    assert row.strip.at == found.probability
    assert row.strip.spans["80"] == (found.low95, found.high95)
    (beside,) = chapter("packages").overview
    assert isinstance(beside, TableBlock)
    rows = {one["deal"]: one for one in beside.table.to_records()}
    assert rows["Both, at once"]["softer"] == result("packages").chance("both", "softer").probability
    assert rows["Arms"]["less"] is None
