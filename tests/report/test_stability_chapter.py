"""The chapter on what holds: answers that follow from the game, in a brief with issues and in one without."""

from __future__ import annotations

import json
import re
from functools import cache

import jsonschema
import pytest

from detente.case import Case
from detente.catalog import open_case
from detente.errors import MissingPartError
from detente.lenses.stability import LENS
from detente.report import Brief, brief
from detente.report.cells import shown
from detente.report.games.facts import leading, outcomes
from detente.report.games.telling import changes, note, place, way_told
from detente.report.stability.chapter import StabilityChapter
from detente.report.words import input_name, input_phrase
from tests.report.making import PageReader, case_of, numbers_in, stance
from tests.report.playing import EVERY_PART, bridge, games, solved
from tests.solving import briefed

NAMES = list(games())
LESS = {"game.options.spare": None, "game.status_quo": "NN"}


@cache
def made(name: str) -> Brief:
    case = open_case(EVERY_PART) if name == "every part" else games()[name]
    return briefed(case, draws=60)


def held(name: str) -> StabilityChapter:
    chapter = made(name).stability
    assert chapter is not None
    return chapter


@pytest.mark.parametrize("name", [*NAMES, "every part"])
def test_a_brief_of_a_game_is_well_formed_and_can_be_read_back(name: str) -> None:
    reader = PageReader.of(made(name).to_html())
    assert reader.faults == []
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in reader.values("href") if link.startswith("#")} <= set(ids)
    assert "holds" in ids
    data = json.loads(json.dumps(made(name).to_dict()))
    jsonschema.validate(data, Brief.published_schema())
    assert Brief.from_dict(data).to_dict() == made(name).to_dict()


@pytest.mark.parametrize("name", [*NAMES, "every part"])
def test_every_number_of_a_finding_stands_in_the_table_it_names(name: str) -> None:
    tables = made(name).tables()
    for finding in (held(name).answer, *held(name).headlines):
        cells = [cell for row in tables[finding.table].rows for cell in row if isinstance(cell, int | float)]
        for number in finding.numbers.values():
            assert any(cell == pytest.approx(number) for cell in cells), (finding.id, number)


def test_a_game_alone_answers_the_question() -> None:
    answered = made("bridge")
    assert answered.bargaining is None
    assert answered.answer.sentence == (
        "What holds: “nothing is done”, since nobody has anything better to move to; and “Open the north gate + "
        "Open the south gate”, since whoever leaves it is deterred by what others would gladly do. Today’s state "
        "is one that lasts."
    )
    assert "Open the north gate" in answered._repr_html_()
    assert "At a glance" not in answered.to_html()


def test_beside_issues_what_holds_is_one_headline_before_theirs() -> None:
    answered = made("every part")
    assert answered.bargaining is not None
    assert answered.answer == answered.bargaining.answer
    assert held("every part").answer in answered.headlines
    assert answered.headlines[-len(answered.bargaining.headlines) :] == answered.bargaining.headlines
    assert not [one for one in answered.headlines if one in held("every part").headlines]


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
    case, result = solved("bridge")
    assert way_told(result, "YY") == (
        "From today in two moves, not each of which pays: North: “Open the north gate”; then South: “Open the "
        "south gate”."
    )
    assert way_told(result, "NN") == "It is where things stand today."
    assert way_told(result, "YN") == ""  # does not hold, so nobody asks
    assert case.game is not None
    assert changes(result, "YN", "NY") == "“Open the south gate”, no more “Open the north gate”"
    assert changes(result, "YN", "YN") == "nothing changed"


def test_a_way_of_one_move_and_no_way_at_all_are_told() -> None:
    _, result = solved("listed")
    told = {state: way_told(result, state) for state in result.words}
    assert told["peace"].startswith("From today in two moves, ")
    one = Case.from_dict(bridge(status_quo="YN"))
    stopped = Case.from_dict(
        bridge(
            options={
                "open_n": {"actor": "north", "moves": "back"},
                "open_s": {"actor": "south", "moves": "back"},
            }
        )
    )
    from detente.lenses.stability import LENS

    found = LENS.simulate(one, draws=1).result()
    assert way_told(found, "NN") == (
        "From today in one move, better for who makes it: North: no more “Open the north gate”."
    )
    barred = LENS.simulate(stopped, draws=1).result()
    assert way_told(barred, "YY") == "It cannot be reached from today."


def test_a_long_state_is_told_by_how_it_differs_from_today() -> None:
    names = {
        f"o{k}": {"actor": "north" if k < 6 else "south", "name": f"Option number {k}"} for k in range(7)
    }
    case = bridge(options=names, status_quo="YYYYYNN")
    case["game"]["preferences"] = {"north": ["o5"], "south": ["o6"]}
    from detente.lenses.stability import LENS

    result = LENS.simulate(Case.from_dict(case), draws=1).result()
    assert place(result, "YYYYYYN") == "today, “Option number 5”"
    assert place(result, "YYYYYNN").startswith("Option number 0 + ")


def test_today_that_does_not_last_says_who_leaves_it() -> None:
    told = brief(Case.from_dict(bridge(status_quo="YN")), draws=1).answer.sentence
    assert told.endswith(
        "Today’s state does not last: North has something better to do, no more “Open the north gate”."
    )
    shaky = brief(Case.from_dict(bridge(status_quo="YY")), draws=1).answer.sentence
    assert "Today’s state holds only because North would be punished for what it would rather do" in shaky


def test_a_game_without_rest_says_that_nothing_holds() -> None:
    only = {"stability": {"concepts": ["nash"], "horizon": 1, "coalitions": False}}
    answered = brief(Case.from_dict({**games()["restless"].to_dict(), "options": only}), draws=1)
    assert answered.answer.sentence == "Nothing holds: each of 4 outcomes is one that somebody would leave."
    assert not answered.figures
    assert "Nothing holds" in answered.to_html()


def test_a_scenario_that_makes_an_outcome_hold_is_told() -> None:
    finding = next(one for one in made("in doubt").headlines if one.id == "held_scenarios")
    assert finding.sentence.startswith(
        "A toll: “Open the north gate + Open the south gate” holds by SEQ in 100"
    )
    assert "A toll" in made("in doubt").to_html()
    row = next(row for row in held("in doubt").outcomes if row.state == "YY")
    assert row.scenarios == {"toll": 1.0}


def test_scenarios_that_leave_the_game_alone_are_not_played_again() -> None:
    assert held("every part").same_game == ("dry-years",)
    assert all(row.scenarios == {} for row in held("every part").outcomes)


def test_a_scenario_with_other_options_is_not_compared_state_by_state() -> None:
    case = bridge()
    case["game"]["options"]["spare"] = {"actor": "north"}
    case["game"]["status_quo"] = "NNN"
    case["scenarios"] = {"less": {"name": "Without the third", "changes": LESS}}
    chapter = brief(Case.from_dict(case), draws=1).stability
    assert chapter is not None
    assert chapter.other_game == ("less",)
    assert all(row.scenarios == {} for row in chapter.outcomes)


def test_what_is_wanted_is_told_with_what_would_make_it_hold() -> None:
    chapter = held("wanted")
    assert chapter.wanted is not None
    assert chapter.wanted.firmest == "seq"
    assert set(chapter.wanted.changes) == {"nash"}
    finding = next(one for one in chapter.headlines if one.id == "wanted")
    assert "holds by SEQ only" in finding.sentence
    page = made("wanted").to_html()
    assert "What would have to change" in page
    assert "For it to hold by Nash" in page
    assert chapter.answer.sentence.endswith(
        "The outcome that is wanted holds as long as whoever leaves it is deterred by what others would gladly do."
    )


@pytest.mark.parametrize(
    ("wanted", "told", "answer"),
    [
        ("NN", "nobody has anything better to move to", "is one that nobody wants to leave."),
        ("YN", "would be left by North for “nothing is done”", "does not hold."),
    ],
)
def test_what_is_wanted_may_hold_or_not(wanted: str, told: str, answer: str) -> None:
    chapter = brief(Case.from_dict(bridge(wanted=wanted)), draws=1).stability
    assert chapter is not None
    assert told in chapter.headlines[0].sentence
    assert chapter.answer.sentence.endswith(answer)


def test_every_state_that_holds_in_some_draw_of_a_larger_game_is_told() -> None:
    _, result = solved("nine options")
    rows = outcomes(result, {})
    assert rows
    assert {row.state for row in rows} == {state for shares in result.shares.values() for state in shares}


def test_states_that_are_one_without_a_pattern_are_told_by_their_name() -> None:
    """`YY-|NN-` has more letters than there are options; ways from and to it are told all the same."""
    same = {"statement": "open_n iff open_s", "name": "Alike"}
    wants = {"north": ["open_n iff open_s"], "south": ["not (open_n iff open_s)"]}
    for today in ("NN", "YN"):
        case = Case.from_dict(bridge(merged=[same], preferences=wants, status_quo=today, wanted="YY"))
        chapter = brief(case, draws=1).stability
        assert chapter is not None
        assert "Alike" in chapter.headlines[0].sentence
        assert any("“Alike”" in row.way for row in chapter.outcomes) or today == "NN"


def test_what_one_can_do_alone_is_no_move_of_a_coalition() -> None:
    """North opens for both; the two need no agreement for it."""
    wants = {"north": ["not open_s", "open_n"], "south": ["open_n", "not open_s"]}
    assert not LENS.simulate(Case.from_dict(bridge(preferences=wants)), draws=1).result().jumps


def test_a_case_with_neither_stances_nor_game_is_an_error_that_says_so() -> None:
    with pytest.raises(MissingPartError, match="neither"):
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
    assert about["game.preferences.downstream.statements.0"].numbers == {"": "guarantee"}
    assert about["game.infeasible.0"].numbers == {"": "fill_fast and guarantee"}
    page = made("every part").to_html()
    assert re.search(r"numbers and judgements of the case cite a source", page)


def test_shares_by_concept_are_shown_as_percentages_under_the_concept_s_name() -> None:
    table = shown(held("in doubt").tables()["outcomes_that_hold"])
    heads = [heading.text for heading in table.headings]
    assert heads[:4] == ["outcome", "state", "Nash", "GMR"]
    assert all("%" in row[3] for row in table.rows)
    assert numbers_in(table.rows[0][2])[0] == pytest.approx(1.0)


def test_every_concept_has_a_note() -> None:
    for concept in ("nash", "gmr", "smr", "seq", "sim", "l2", "l7", "cnash"):
        assert "19" in note(concept) or "2001" in note(concept)
    assert note("other") == "OTHER"


@pytest.mark.parametrize(("name", "told"), [("bridge", "Open the north gate"), ("listed", "A truce")])
def test_a_case_without_stances_shows_its_game_in_a_notebook(name: str, told: str) -> None:
    assert told in games()[name]._repr_html_()
    assert "<script" not in games()["hostile"]._repr_html_()
