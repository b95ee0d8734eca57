"""Which column is meant by a heading, and which are issues? A clear table is read, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case.formats.headings import SYNONYMS
from tests.case.formats.test_spreadsheets import numbers, text, told


@pytest.mark.parametrize(
    "heading", ["Interesse", "interés", "Intérêt", "Interest", "Support", "Agency", "Notes", "Mandat"]
)
def test_a_last_column_in_words_is_no_salience_and_told(heading: str, tmp_path: Path) -> None:
    found = text(tmp_path, f"actor,position,{heading}\nA,1,hoch\nB,2,tief\n")
    assert numbers(found) == [("1", "1", "1"), ("2", "1", "1")]
    if heading != "Notes":
        assert any(f"not read: {heading!r}" in one.message for one in found.warnings)


@pytest.mark.parametrize(
    "heading", ["state", "member state", "nation", "agency", "agent", "institution", "government"]
)
def test_a_name_goes_before_what_it_is_the_name_of(heading: str, tmp_path: Path) -> None:
    found = text(tmp_path, f"name,{heading},position,salience\nCruz,Texas,1,0.5\nCornyn,Texas,2,0.7\n")
    assert list(found.require().actors) == ["cruz", "cornyn"]
    alone = text(tmp_path, f"{heading},position,salience\nCruz,1,0.5\nCornyn,2,0.7\n")
    assert list(alone.require().actors) == ["cruz", "cornyn"]


def test_the_usual_words_for_a_position_go_before_looser_ones(tmp_path: Path) -> None:
    found = text(tmp_path, "actor,support,attitude,preferred position,salience\nA,5,5,1,0.5\nB,7,7,2,0.7\n")
    assert numbers(found) == [("1", "0.5", "1"), ("2", "0.7", "1")]


@pytest.mark.parametrize("heading", ["state", "support", "interest", "agency"])
def test_a_word_of_many_meanings_is_not_read_and_not_said_to_fit(heading: str, tmp_path: Path) -> None:
    found = text(tmp_path, f"actor,{heading},position,salience\nA,5,1,0.5\nB,7,2,0.7\n")
    assert numbers(found) == [("1", "0.5", "1"), ("2", "0.7", "1")]
    messages = [one.message for one in found.warnings]
    assert f"not read: {heading!r}" in messages
    assert not any("was taken for" in one and heading in one for one in messages)


def test_no_synonym_is_listed_twice() -> None:
    assert not [name for name, others in SYNONYMS.items() if len(set(others)) < len(others)]
    assert not {"level_of_support", "level_of_interest"} & {one for of in SYNONYMS.values() for one in of}


# --- a column per issue or per actor -------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        "actor,actor power,position Quota,salience Quota",
        "Party,Party seats,Position Quota,Salience Quota",
        "country,country weight,position Quota,salience Quota",
        "actor,group,group influence,position Quota,salience Quota",
    ],
)
def test_a_column_with_a_meaning_of_its_own_is_no_issue(headings: str, tmp_path: Path) -> None:
    before = ",5" * (headings.count(",") - 2)
    found = text(tmp_path, f"{headings}\nA{before},45,0.8\nB{before},20,0.5\n")
    assert list(found.require().issues) == ["quota"]
    assert [one[:2] for one in numbers(found, "quota")] == [("45", "0.8"), ("20", "0.5")]


@pytest.mark.parametrize("title", ["Stances", "Stances 2024,,,source: own survey"])
@pytest.mark.parametrize("other", ["preferred position", "ideal"])
def test_a_title_above_two_columns_of_positions_is_no_issue(title: str, other: str, tmp_path: Path) -> None:
    found = text(
        tmp_path, f"{title}\nactor,issue,stance,{other},salience\nA,Quota,45,9,0.8\nB,Quota,20,7,0.5\n"
    )
    assert numbers(found, "quota") == [("45", "0.8", "1"), ("20", "0.5", "1")]
    found = text(tmp_path, f"{title}\nactor,position,{other},salience\nA,45,9,0.8\nB,20,7,0.5\n")
    assert numbers(found) == [("45", "0.8", "1"), ("20", "0.5", "1")]


def test_the_actor_may_stand_in_the_second_of_two_rows_of_headings(tmp_path: Path) -> None:
    heads = ",Quota,,Fleet,\nActor,Position,Salience,Position,Salience"
    found = text(tmp_path, f"{heads}\nA,45,0.8,10,0.2\nB,20,0.5,90,0.6\n")
    assert numbers(found, "fleet") == [("10", "0.2", "1"), ("90", "0.6", "1")]


@pytest.mark.parametrize("more", ["reference position", "position range", "salience (mean)"])
def test_letters_before_actors_are_read_beside_headings_in_words(more: str, tmp_path: Path) -> None:
    rows = "quota,45,80,20,50,7\nfleet,10,20,90,60,7\n"
    found = text(tmp_path, f"issue,pnorth,snorth,psouth,ssouth,{more}\n{rows}")
    assert list(found.require().actors) == ["north", "south"]
    assert [one[:2] for one in numbers(found, "fleet")] == [("10", "0.2"), ("90", "0.6")]


def test_one_issue_with_a_year_or_a_kind_in_its_heading_is_read(tmp_path: Path) -> None:
    found = text(tmp_path, "actor,Position 2020,Salience 2020\nA,45,0.8\nB,20,0.5\n")
    assert numbers(found, "2020") == [("45", "0.8", "1"), ("20", "0.5", "1")]
    found = text(tmp_path, "actor,position Current,position Quota\nA,45,8\nB,20,5\n")
    assert list(found.require().issues) == ["current", "quota"]


def test_actors_are_not_taken_for_kinds_of_positions(tmp_path: Path) -> None:
    found = text(tmp_path, "issue,pfinal,sfinal,pbest,sbest\nquota,45,80,20,50\nfleet,10,20,90,60\n")
    assert told(found) == ""
    assert list(found.require().actors) == ["final", "best"]


def test_a_word_of_many_meanings_begins_the_name_of_an_issue(tmp_path: Path) -> None:
    found = text(tmp_path, "actor,Interest rate position,Interest rate salience\nA,45,0.8\nB,20,0.5\n")
    assert numbers(found, "interest-rate") == [("45", "0.8", "1"), ("20", "0.5", "1")]
    found = text(tmp_path, "actor,position Rate,Interest rate,Support staff\nA,45,3,7\nB,20,5,9\n")
    assert numbers(found, "rate") == [("45", "1", "1"), ("20", "1", "1")]
    assert list(found.require().issues) == ["rate"]


@pytest.mark.parametrize(
    "heading", ["influence (1 = highest)", "influence (1-5; 5 = low)", "influence (1=most influential)"]
)
def test_numbers_of_which_the_lowest_means_the_most_are_refused(heading: str, tmp_path: Path) -> None:
    found = text(tmp_path, f"actor,position,salience,{heading}\nA,1,0.5,1\nB,2,0.7,3\n")
    assert "the lowest number means the most; turn the numbers round" in told(found)
    upright = heading.replace("highest", "low").replace("5 = low", "1 = least").replace("most", "least")
    assert not text(tmp_path, f"actor,position,salience,{upright}\nA,1,0.5,1\nB,2,0.7,3\n").errors
