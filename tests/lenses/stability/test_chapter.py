"""The chapter on what holds: answers that follow from the game, in a brief with issues and in one without."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from detente.case import Case
from detente.case.words import input_name
from detente.catalog import open_case
from detente.errors import MissingPartError
from detente.lenses import Effort
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.stability import LENS, StabilityResult
from detente.lenses.stability.findings import way_told
from detente.lenses.stability.records import leading, note
from detente.report import Brief, brief
from detente.show.blocks import Block, Chapter, Details, Heading, TableBlock, Verdict
from detente.show.cells import shown
from detente.show.page import blocks_html
from detente.show.words import input_phrase
from tests.lenses.stability.playing import EVERY_PART, bridge, games, solved
from tests.report.making import PageReader, case_of, numbers_in, stance
from tests.schemas import validate
from tests.solving import briefed

NAMES = list(games())
LESS = {"game.options.spare": None, "game.status_quo": "NN"}


@cache
def made(name: str) -> Brief:
    case = open_case(EVERY_PART) if name == "every part" else games()[name]
    return briefed(case, draws=60)


def result_of(answered: Brief) -> StabilityResult:
    result = answered.results["stability"]
    assert isinstance(result, StabilityResult)
    return result


def held(name: str) -> StabilityResult:
    return result_of(made(name))


def chapter(name: str) -> Chapter:
    return LENS.chapter(held(name))


def played(case: dict[str, Any]) -> StabilityResult:
    opened = Case.from_dict(case)
    scenarios = {name: opened.with_(scenario=name) for name in opened.scenarios}
    return LENS.answer({AS_IT_STANDS: opened, **scenarios}, Effort(draws=1))


def each(chapter: Chapter) -> tuple[Block, ...]:
    """Return what is told of each outcome by itself."""
    return next(one.blocks for one in chapter.sections if one.annex)


def told(found: tuple[Block, ...]) -> str:
    return str(blocks_html(found))


@pytest.mark.parametrize("name", [*NAMES, "every part"])
def test_a_brief_of_a_game_is_well_formed_and_can_be_read_back(name: str) -> None:
    reader = PageReader.of(made(name).to_html())
    assert reader.faults == []
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in reader.values("href") if link.startswith("#")} <= set(ids)
    assert "holds" in ids
    data = json.loads(json.dumps(made(name).to_dict()))
    validate(data, Brief)
    assert Brief.from_dict(data).to_dict() == made(name).to_dict()


@pytest.mark.parametrize("name", [*NAMES, "every part"])
def test_every_number_of_a_finding_stands_in_the_table_it_names(name: str) -> None:
    tables = made(name).tables()
    findings = (chapter(name).rung, *chapter(name).headlines, *held(name).findings)
    for finding in findings:
        cells = [cell for row in tables[finding.table].rows for cell in row if isinstance(cell, int | float)]
        for number in finding.numbers.values():
            assert any(cell == pytest.approx(number) for cell in cells), (finding.id, number)


def test_a_game_alone_answers_the_question() -> None:
    answered = made("bridge")
    assert list(answered.results) == ["stability"]
    assert answered.verdict.sentence == (
        "Today’s pattern, “nothing is done”, holds: nobody alone gains by leaving it. But together, North and "
        "South would both gain: “Open the north gate”, “Open the south gate”. Also holding: “Open the north gate "
        "+ Open the south gate” (by credible deterrence)."
    )
    assert "Open the north gate" in answered._repr_html_()
    assert "At a glance" not in answered.to_html()


def test_beside_issues_what_holds_is_one_step_of_the_ladder() -> None:
    answered = made("every part")
    assert next(iter(answered.results)) == "winset"
    assert answered.verdict != chapter("every part").rung
    (rung,) = [one.finding for one in answered.ladder if one.step == "hold"]
    assert rung in [one.finding for one in chapter("every part").rungs]
    assert rung.sentence.startswith("Today’s pattern, “Fill in four years”, does not hold: ")


def test_outcomes_stand_in_the_order_of_their_firmness() -> None:
    rows = held("every part").outcomes
    assert [row.concepts for row in rows] == sorted((row.concepts for row in rows), reverse=True)
    for row in rows:
        assert row.share == row.shares[row.concept]
        assert row.concept == leading(row.shares)


def test_the_most_demanding_concept_of_most_draws_leads() -> None:
    assert leading({"nash": 0.4, "seq": 0.6, "smr": 0.9, "gmr": 1.0}) == "seq"
    assert leading({"nash": 0.2, "gmr": 0.3}) == "gmr"
    assert leading({"l2": 0.4, "sim": 0.4, "nash": 0.4}) == "nash"


def test_the_way_from_today_names_who_does_what() -> None:
    _, result = solved("bridge")
    assert way_told(result, "YY") == (
        "From today in two moves, not all of which pay by themselves: North: “Open the north gate”; then South: "
        "“Open the south gate”."
    )
    assert way_told(result, "NN") == "It is where things stand today."
    assert way_told(result, "YN") == ""  # does not hold, so nobody asks
    assert way_told(result, "NN", named=True) == "“nothing is done” is where things stand today."
    assert result.changes("YN", "NY") == "“Open the south gate”, no more “Open the north gate”"
    assert result.changes("YN", "YN") == "nothing changed"


def test_the_first_way_that_is_told_leads_to_the_firmest_outcome_that_is_not_today_s() -> None:
    (way,) = [one for one in held("bridge").findings if one.id == "way"]
    assert way.sentence.startswith(
        "“Open the north gate + Open the south gate” is reached from today in two moves, not all of which pay by "
        "themselves: "
    )
    assert way.numbers == {"moves": 2.0}


def test_a_way_of_one_move_and_no_way_at_all_are_told() -> None:
    _, result = solved("listed")
    ways = {state: way_told(result, state) for state in result.words}
    assert ways["peace"].startswith("From today in two moves, ")
    one = Case.from_dict(bridge(status_quo="YN"))
    stopped = Case.from_dict(
        bridge(
            options={
                "open_n": {"actor": "north", "moves": "back"},
                "open_s": {"actor": "south", "moves": "back"},
            }
        )
    )
    found = LENS.simulate(one, draws=1).result()
    assert way_told(found, "NN") == (
        "From today in one move, better for whoever makes it: North: no more “Open the north gate”."
    )
    barred = LENS.simulate(stopped, draws=1).result()
    assert way_told(barred, "YY") == "It cannot be reached from today."


def test_a_long_state_is_told_by_how_it_differs_from_today() -> None:
    names = {
        f"o{k}": {"actor": "north" if k < 6 else "south", "name": f"Option number {k}"} for k in range(7)
    }
    case = bridge(options=names, status_quo="YYYYYNN")
    case["game"]["preferences"] = {"north": ["o5"], "south": ["o6"]}
    result = LENS.simulate(Case.from_dict(case), draws=1).result()
    assert result.place("YYYYYYN") == "today + Option number 5"
    assert result.place("YYYYYNN").startswith("Option number 0 + ")


def test_today_that_does_not_last_says_who_leaves_it() -> None:
    leaving = brief(Case.from_dict(bridge(status_quo="YN")), draws=1).verdict.sentence
    assert leaving.startswith(
        "Today’s pattern, “Open the north gate”, does not hold: North would gain by a move (no more “Open the "
        "north gate”). What holds: “nothing is done” (by itself)."
    )
    shaky = brief(Case.from_dict(bridge(status_quo="YY")), draws=1).verdict.sentence
    assert "holds, but only by credible deterrence: North and South would each gain by leaving it" in shaky


def test_a_game_without_rest_says_that_nothing_holds() -> None:
    only = {"stability": {"concepts": ["nash"], "horizon": 1, "coalitions": False}}
    answered = brief(Case.from_dict({**games()["restless"].to_dict(), "options": only}), draws=1)
    assert answered.verdict.sentence == "Nothing holds: each of 4 outcomes is one that somebody would leave."
    assert not answered.figures
    assert "Nothing holds" in answered.to_html()


def test_a_scenario_that_makes_an_outcome_hold_is_told() -> None:
    finding = next(one for one in chapter("in doubt").headlines if one.id == "held_scenarios")
    assert finding.sentence.startswith("A toll: “Open the north gate + Open the south gate” holds in 100")
    assert finding.drivers == ("game.preferences.north.weights.calm.weight",)
    assert "A toll" in made("in doubt").to_html()
    row = next(row for row in held("in doubt").outcomes if row.state == "YY")
    assert row.scenarios == {"toll": 1.0}
    assert held("in doubt").scenarios["toll"].draws == 60
    assert [one for one in solved("in doubt")[1].findings if one.id == "held_scenarios"] == []


def test_scenarios_that_leave_the_game_alone_are_not_played_again() -> None:
    assert {name: one.game for name, one in held("every part").scenarios.items()} == {"dry-years": "same"}
    assert all(row.scenarios == {} for row in held("every part").outcomes)
    assert "Not played again" in told(each(chapter("every part")))


def test_a_scenario_with_other_options_is_not_compared_state_by_state() -> None:
    case = bridge()
    case["game"]["options"]["spare"] = {"actor": "north"}
    case["game"]["status_quo"] = "NNN"
    case["scenarios"] = {"less": {"name": "Without the third", "changes": LESS}}
    result = played(case)
    assert result.scenarios["less"].game == "other"
    assert all(row.scenarios == {} for row in result.outcomes)
    page = told(each(LENS.chapter(result)))
    assert "other options, and so not compared outcome by outcome: Without the third." in page
    assert "Not played again" not in page


@pytest.mark.parametrize("options", [{}, {"concepts": ["nash"], "horizon": 1}])
def test_the_share_in_a_scenario_is_that_of_the_scenario_solved_alone(options: dict[str, Any]) -> None:
    """Whatever concept an outcome is told by: where only Nash is asked for, one of coalitions."""
    case = Case.from_dict({**games()["in doubt"].to_dict(), "options": {"stability": options}})
    toll = case.with_(scenario="toll")
    result = LENS.answer({AS_IT_STANDS: case, "toll": toll}, Effort(draws=60, workers=1))
    alone = LENS.simulate(toll, draws=60, workers=1).result()
    assert any(row.concept.startswith("c") for row in result.outcomes) == bool(options)
    for row in result.outcomes:
        assert row.scenarios["toll"] == pytest.approx(alone.held(row.state).get(row.concept, 0.0))


def test_a_scenario_that_moves_a_stance_on_which_the_game_rests_is_played() -> None:
    """Left alone the issue ends at 2, the option brings it to 8: whether North opens depends on what it wants."""
    case = {
        "title": "t",
        "actors": {"north": {"name": "North"}},
        "issues": {"toll": {"name": "Toll", "scale": {0: "none", 10: "high"}, "no_deal": 2}},
        "stances": {"toll": {"north": {"position": 1, "salience": 1, "influence": 1}}},
        "game": {
            "options": {"raise": {"actor": "north", "sets": {"toll": 8}}},
            "preferences": {"north": "stances"},
        },
        "scenarios": {"greed": {"name": "Greed", "changes": {"stances.toll.north.position": 9}}},
    }
    result = played(case)
    assert result.scenarios["greed"].game == "compared"
    assert [(row.state, row.share, row.scenarios) for row in result.outcomes] == [("N", 1.0, {"greed": 0.0})]


def test_other_outcomes_are_counted_where_what_deters_is_what_others_want() -> None:
    """Eight states of Elmira hold; two of them by threats only (Fang, Hipel & Kilgour 1993)."""
    sentence = LENS.chapter(LENS.simulate(open_case("elmira-1991"), draws=1).result()).rung.sentence
    assert "“Plant abandoned” (by itself) and, as firmly, " in sentence
    assert " In all, 6 of 12 outcomes hold by themselves or by credible deterrence." in sentence


def test_a_preference_in_doubt_is_a_headline_where_it_matters_much() -> None:
    for name in ("in doubt", "seven options"):
        (sway,) = [one for one in held(name).findings if one.id == "sway"]
        much = abs(sway.numbers["above"] - sway.numbers["below"]) >= 0.2
        assert (sway in chapter(name).headlines) == much
    assert any(one.id == "sway" for one in chapter("in doubt").headlines)


def test_as_many_draws_are_made_as_are_asked_for() -> None:
    case = games()["in doubt"]
    versions = {AS_IT_STANDS: case, "toll": case.with_(scenario="toll")}
    result = LENS.answer(versions, Effort(draws=1500, workers=1))
    assert result.record.draws == result.scenarios["toll"].draws == 1500


def test_what_is_wanted_is_told_with_what_would_make_it_hold() -> None:
    result = held("wanted")
    assert result.wanted is not None
    assert result.firmest(result.wanted) == "seq"
    assert set(result.lacking) == {"nash"}
    finding = next(one for one in chapter("wanted").headlines if one.id == "wanted")
    assert "It holds, but only by credible deterrence." in finding.sentence
    page = made("wanted").to_html()
    assert "What would have to change" in page
    assert "To make it hold by itself" in page
    assert (
        "(by credible deterrence). That is the outcome that the case asks for."
        in chapter("wanted").rung.sentence
    )


@pytest.mark.parametrize(
    ("wanted", "said", "answer"),
    [
        ("NN", "nobody alone gains by leaving", "“nothing is done”, holds by itself."),
        ("YN", "Gaining by leaving it: North for “nothing is done”.", "does not hold."),
    ],
)
def test_what_is_wanted_may_hold_or_not(wanted: str, said: str, answer: str) -> None:
    found = LENS.chapter(played(bridge(wanted=wanted)))
    assert said in found.headlines[0].sentence
    assert f"{answer}" in found.rung.sentence


def test_every_state_that_holds_in_some_draw_of_a_larger_game_is_told() -> None:
    _, result = solved("nine options")
    rows = result.outcomes
    assert rows
    assert {row.state for row in rows} == {state for shares in result.shares.values() for state in shares}


def test_states_that_are_one_without_a_pattern_are_told_by_their_name() -> None:
    """`YY-|NN-` has more letters than there are options; ways from and to it are told all the same."""
    same = {"statement": "open_n iff open_s", "name": "Alike"}
    wants = {"north": ["open_n iff open_s"], "south": ["not (open_n iff open_s)"]}
    for today in ("NN", "YN"):
        case = bridge(merged=[same], preferences=wants, status_quo=today, wanted="YY")
        result = played(case)
        assert "Alike" in LENS.chapter(result).headlines[0].sentence
        ways = [way_told(result, row.state) for row in result.outcomes]
        assert any("“Alike”" in way for way in ways) or today == "NN"


def test_what_one_can_do_alone_is_no_move_of_a_coalition() -> None:
    """North opens for both; the two need no agreement for it."""
    wants = {"north": ["not open_s", "open_n"], "south": ["open_n", "not open_s"]}
    assert not LENS.simulate(Case.from_dict(bridge(preferences=wants)), draws=1).result().jumps


def test_a_case_with_neither_stances_nor_game_is_an_error_that_says_so() -> None:
    with pytest.raises(MissingPartError, match="none of them"):
        brief(case_of({"peace": {"a": stance(1)}}).with_({"stances.peace.a": None}))


def test_weights_of_a_game_are_named_in_words() -> None:
    case = games()["in doubt"]
    path = "game.preferences.north.weights.calm.weight"
    assert input_name(case, path) == "North: weight of “calm”"
    assert input_phrase(case, path) == "how much “calm” counts for North"


def test_the_evidence_of_a_game_lists_options_wishes_and_weights() -> None:
    found = made("every part").evidence
    about = {cited.path: cited for use in found.sources for cited in use.rests}
    assert about["game.options.court"].numbers == {"": "Go to court"}
    assert about["game.preferences.upstream.weights.money"].numbers == {"weight": "4 ± 1"}
    assert about["game.preferences.downstream.statements.0"].numbers == {"": "“Guarantee the release”"}
    assert about["game.infeasible.0"].numbers == {"": "“Fill in four years” and “Guarantee the release”"}
    page = made("every part").to_html()
    assert re.search(r"numbers and judgements of the case cite a source", page)


def test_shares_by_concept_are_shown_as_percentages_under_the_concept_s_name() -> None:
    table = shown(held("in doubt").tables()["outcomes_that_hold"])
    heads = [heading.text for heading in table.headings]
    assert heads[:4] == ["outcome", "state", "by itself", "possible"]
    assert all("%" in row[3].text for row in table.rows)
    assert numbers_in(table.rows[0][2].text)[0] == pytest.approx(1.0)


def test_every_concept_has_a_note() -> None:
    for concept in ("nash", "gmr", "smr", "seq", "sim", "l2", "l7", "cnash"):
        assert "19" in note(concept) or "2001" in note(concept)
    assert note("other") == "OTHER"


@pytest.mark.parametrize(("name", "told"), [("bridge", "Open the north gate"), ("listed", "A truce")])
def test_a_case_without_stances_shows_its_game_in_a_notebook(name: str, told: str) -> None:
    assert told in games()[name]._repr_html_()
    assert "<script" not in games()["hostile"]._repr_html_()


# --- blocks --------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [*NAMES, "every part"])
def test_a_result_read_back_draws_and_tells_the_same(name: str) -> None:
    again = StabilityResult.from_dict(json.loads(json.dumps(held(name).to_dict())))
    first, second = chapter(name), LENS.chapter(again)
    assert first.rung == second.rung
    assert [told(one.blocks) for one in first.sections] == [told(one.blocks) for one in second.sections]
    assert [one.svg("page") for one in first.figures] == [one.svg("page") for one in second.figures]


def test_the_firmest_outcomes_are_told_on_a_screen_with_why_everybody_stays() -> None:
    verdicts = [one for one in each(chapter("bridge")) if isinstance(one, Verdict)]
    on_screen = [one for one in verdicts if one.on == "screen"]
    assert [one.name for one in on_screen] == ["nothing is done", "Open the north gate + Open the south gate"]
    assert on_screen[0].says == (
        "It is where things stand today.",
        "Gaining nothing by a move: North, South.",
    )
    assert any(
        text.startswith("North would stay: no more “Open the north gate") for text in on_screen[1].says
    )
    on_page = [one for one in verdicts if one.on == "page"]
    assert [one.status for one in on_page] == ["as today", ""]
    assert on_page[0].says[0].startswith("Holds by itself. Nobody alone gains by leaving. It is where")


def test_today_is_told_on_a_screen_where_it_does_not_hold() -> None:
    found = each(LENS.chapter(played(bridge(status_quo="YN"))))
    today = next(one for one in found if isinstance(one, Verdict) and one.name.startswith("Today: "))
    assert today.name == "Today: Open the north gate"
    assert today.says == ("North would gain by moving: no more “Open the north gate”.",)


def test_an_overview_says_yes_without_doubt_and_shares_with_it() -> None:
    exact, doubtful = (chapter(name).overview[0] for name in ("bridge", "in doubt"))
    assert isinstance(exact, TableBlock)
    assert isinstance(doubtful, TableBlock)
    assert exact.table.to_records()[1]["nash"] is None
    assert exact.table.to_records()[0]["nash"] is True
    assert [row[4].text for row in shown(doubtful.table).rows] == [
        "yes",
        "72 %".replace(" ", "\N{NO-BREAK SPACE}"),
    ]
    assert chapter("bridge").caution == ""
    assert "not how often it comes true" in chapter("in doubt").caution


def test_what_decides_is_told_with_the_preferences_in_words() -> None:
    blocks = each(chapter("in doubt"))
    (details,) = [one for one in blocks if isinstance(one, Details) and "doubtful" in one.summary]
    (table,) = [one.table for one in details.blocks if isinstance(one, TableBlock)]
    assert table.rows[0][0] == "North: weight of “trade”"
    assert [one.drivers for one in held("in doubt").findings if one.id == "holds"] == [
        tuple(held("in doubt").sways)[: len(table.rows)]
    ]


def test_what_was_not_judged_and_looking_ever_further_are_told() -> None:
    listed = told(each(chapter("listed")))
    assert "Not judged by simultaneous deterrence: simultaneous moves combine options" in listed
    assert "However far ahead everybody looks" in listed
    assert any(isinstance(one, Heading) for one in each(chapter("listed")))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bridge", "No preference carries doubt"),
        ("in doubt", "draws of the preferences in doubt, not chances."),
    ],
)
def test_a_game_alone_says_what_its_shares_are_of_and_what_leads_away(name: str, told: str) -> None:
    steps = {rung.step: rung.finding.sentence for rung in chapter(name).rungs}
    assert told in steps["sure"]
    assert steps["hold"]


def chapter_of(slug: str) -> Chapter:
    """Return the chapter on a game of the catalog."""
    return LENS.chapter(LENS.simulate(open_case(slug), draws=1).result())


def test_a_screen_explains_only_the_columns_that_it_shows() -> None:
    """Of the six standards 80 columns have room for five; in Chicken nothing holds two moves ahead."""
    cuba, key = chapter_of("cuban-missile-crisis-1962").overview[:2]
    assert isinstance(cuba, TableBlock)
    assert "sim" not in cuba.table.columns
    assert "simultaneous" not in getattr(key, "text", "simultaneous")
    chicken, key = chapter_of("chicken").overview[:2]
    assert isinstance(chicken, TableBlock)
    assert "l2" not in chicken.table.columns
    assert "2 ahead" not in getattr(key, "text", "2 ahead")
