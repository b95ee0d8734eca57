"""Which rows belong to a table, and which headings are meant? What is neither is told, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case.formats.headings import recognised
from tests.case.formats.test_tidy import read

ROWS = "Actor,Position,Salience,Influence\nNorth,20,0.5,10\nSouth,80,0.9,30\n"


@pytest.mark.parametrize(
    ("below", "row", "why"),
    [
        ("Total,,,40\n", 4, "sums up others: Total"),
        ("Summe,,1.4,40\n", 4, "sums up others: Summe"),
        ("Average,50,0.7,20\n", 4, "sums up others: Average"),
        ("\nSource: own survey,,,\n", 5, "nothing else stands in the row: Source: own survey"),
        ("* estimated\n", 4, "nothing else stands in the row: * estimated"),
        ("\nIssue,Description\nQuota,how many boats\n", 5, "it is another table, with headings of its own"),
    ],
)
def test_what_stands_below_a_table_is_no_actor_and_is_told(
    below: str, row: int, why: str, tmp_path: Path
) -> None:
    found = read(tmp_path, ROWS + below)
    assert list(found.require().actors) == ["north", "south"]
    assert [one.line for one in found.warnings if why in one.message] == [row]


def test_a_second_table_of_stances_is_refused_and_the_first_handed_over(tmp_path: Path) -> None:
    below = "\nSecond round\nActor,Position,Salience,Influence\nNorth,5,0.5,1\n"
    found = read(tmp_path, ROWS + below)
    assert [(one.line, one.message) for one in found.errors] == [(6, "a second table begins here")]
    assert found.partial is not None
    assert list(found.partial["actors"]) == ["north", "south"]


@pytest.mark.parametrize("gap", ["", ","])
def test_a_second_table_beside_the_first_is_told_once_with_the_way_out(gap: str, tmp_path: Path) -> None:
    head, *rows = ROWS.splitlines()
    text = "\n".join([f"{head},{gap}{head}", *(f"{row},{gap}{row}" for row in rows)])
    found = read(tmp_path, text)
    (error,) = found.errors
    assert (error.line, error.column) == (1, 5 + len(gap))
    again = "'Actor', 'Position', 'Salience', 'Influence'"
    assert error.message == f"a second table begins here, beside the first: {again} stand again"
    assert not any("not read" in one.message for one in found.warnings)
    assert "put it on a sheet or in a file of its own" in str(error.hint)
    assert found.partial is not None
    assert list(found.partial["actors"]) == ["north", "south"]


@pytest.mark.parametrize("row", ["North,20,0.5,10,\n", ",,,,\n"])
def test_an_issue_in_a_row_without_an_actor_is_not_told_twice(row: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"Actor,Position,Salience,Influence,Issue\nA,1,1,1,x\nB,0,1,1,x\n{row},1,1,1,y\n")
    blank = [one.message for one in found.errors if one.line == 5]
    assert blank == ["column 'Actor': is blank"]


@pytest.mark.parametrize(
    "row", ["Total,60,0.4,7\n", "\nEast,60,0.4,7\n", "\nGovernments\nEast,60,0.4,7\n", "Media,60,0.4,7\n"]
)
def test_an_actor_with_numbers_of_its_own_is_kept(row: str, tmp_path: Path) -> None:
    """The oil company Total, who stands below a blank row, or below a title between the rows."""
    assert len(read(tmp_path, ROWS + row).require().actors) == 3


@pytest.mark.parametrize(
    ("rows", "actors"),
    [
        # As influential as all others, who are alike; no mean is known by that.
        ("Union,10,.5,1\nFirm,80,.9,1\nMedia,50,.3,1\nState,30,.2,1\n", 4),
        ("Union,10,.5,1\nFirm,80,.9,1\nMean,45,.7,1\n", 3),
        ("Union,10,.5,2\nFirm,80,.9,3\nMean,45,.7,2.5\n", 2),
        ("Union,10,.5,1\nFirm,80,.9,1\n\nMember,20..60,0.3..0.5,1..2\n", 3),  # no headings of a second table
    ],
)
def test_an_actor_is_no_total_by_its_name_and_no_heading_by_its_doubt(
    rows: str, actors: int, tmp_path: Path
) -> None:
    found = read(tmp_path, f"Actor,Position,Salience,Influence\n{rows}").require()
    assert len(found.actors) == actors


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ("Left,10,.5,12\nRight,80,.9,12\nN-VA,45,.3,24\n", "n-va"),
        ("BP,10,.5,2\nShell,80,.9,3\nStandard Oil,50,.3,5\n", "standard-oil"),
        ("Left,10,.5,1\nRight,80,.9,1\nGrand Coalition,50,.3,2\n", "grand-coalition"),
        ("Left,10,.5,1\nRight,80,.9,1\nGrand Duchy,45,.7,2\n", "grand-duchy"),
        ("BP,10,.5,2\nShell,80,.9,3\nTotal Energies,50,.3,5\n", "total-energies"),
        ("S,40,.8,1\nM,20,.6,2\nSD,30,.7,3\n", "sd"),  # of parties
        ("L,40,.8,1\nM,20,.6,2\nN,35,.9,3\n", "n"),
        ("Gov,10,.5,1\nOpp,20,.9,2\nMax,20,.9,1\n", "max"),
        ("Gov,0,.5,1\nOpp,100,.9,1\nMedia,100,.5,1\n", "media"),
        ("Gov,10,.5,1\nOpp,20,.9,2\nMedia,90,.3,3\n", "media"),
        ("BP,10,.5,2\nShell,80,.9,3\nStandard Oil,,,5\n", "standard-oil"),
        ("BP,10,.5,2\nShell,80,.9,3\nMax,,,5\n", "max"),
    ],
)
def test_an_actor_whose_name_has_the_word_of_a_total_in_it_is_kept(
    rows: str, last: str, tmp_path: Path
) -> None:
    found = read(tmp_path, f"Actor,Position,Salience,Influence\n{rows}")
    assert list(found.require().actors)[2:] == [last]


@pytest.mark.parametrize("rows", ["Gov,10\nOpp,20\nMedia,15\n", "Gov,10\nOpp,20\nMax,20\n"])
def test_of_positions_alone_no_statistic_is_known(rows: str, tmp_path: Path) -> None:
    assert len(read(tmp_path, f"Actor,Position\n{rows}").require().actors) == 3


@pytest.mark.parametrize(
    "row",
    ["Sum of seats,30,0.7,402", "Weighted average,29.8,,", "Maximum,40,0.8,206", "Average,30,0.7,402"],
)
def test_a_row_that_can_only_be_a_statistic_is_no_actor(row: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"Party,Position,Salience,Seats\nCDU,40,0.8,196\nSPD,20,0.6,206\n{row}\n")
    assert list(found.require().actors) == ["cdu", "spd"]


def test_in_a_wide_table_a_row_named_like_a_mean_keeps_the_issues_it_speaks_on(tmp_path: Path) -> None:
    rows = "Union,1,10,.5,10,.4\nFirm,2,80,.9,90,.2\nMedia,9,,,90,0.9\n"
    found = read(tmp_path, f"Actor,Influence,A position,A salience,B position,B salience\n{rows}").require()
    assert {issue for issue, stances in found.stances.items() if "media" in stances} == {"b"}


def test_one_word_that_another_language_shares_is_not_taken_for_influence(tmp_path: Path) -> None:
    found = read(tmp_path, "Actor,Position,Salience,Mandate\nNorth,20,0.5,2019\nSouth,80,0.9,2024\n")
    assert any("Mandate" in one.message for one in found.problems)
    assert "influence" not in recognised(["actor", "position", "salience", "mandate"])
    assert (
        len(recognised(["actor", "theme", "position", "salience"])) == 4
    )  # English, whatever it is in French


def test_a_dash_is_no_red_line(tmp_path: Path) -> None:
    text = (
        ROWS.replace("Influence\n", "Influence,Accepts\n")
        .replace(",10\n", ",10,-\n")
        .replace(",30\n", ",30,>= 60\n")
    )
    stances = read(tmp_path, text).require().stances["talks"]
    assert stances["north"].accepts is None
    assert stances["south"].accepts is not None


def test_what_is_not_a_number_has_no_second_fault_in_the_scale(tmp_path: Path) -> None:
    found = read(tmp_path, ROWS.replace("80", "80¹"))
    assert [one.line for one in found.errors] == [3]


def test_misspelt_headings_are_refused_with_what_they_may_mean_and_handed_over(tmp_path: Path) -> None:
    found = read(tmp_path, "Actorr,Positon,Salinece,Influnce\nNorth,20,0.5,10\nSouth,80,0.9,30\n")
    assert found.case is None
    assert "did you mean 'actor' by 'Actorr'? did you mean 'position' by 'Positon'?" in str(
        found.errors[0].hint
    )
    assert found.partial is not None
    assert [one["position"] for one in found.partial["stances"]["talks"].values()] == [20, 80]


def test_of_unknown_headings_the_actors_are_handed_over(tmp_path: Path) -> None:
    found = read(tmp_path, "Foo,Bar\nNorth,20\nSouth,80\n")
    assert found.case is None
    assert found.partial is not None
    assert list(found.partial["actors"]) == ["north", "south"]
