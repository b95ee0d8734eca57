"""Nothing is misread: a table is read where one reading is possible, else refused with the readings there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case.formats import Choices, Imported, import_case


def read(folder: Path, text: str, choices: Choices = Choices()) -> Imported:  # noqa: B008
    """Return what a table says."""
    path = folder / "talks.csv"
    path.write_text(text, encoding="utf-8")
    return import_case(path, choices)


def saliences(found: Imported) -> list[str]:
    """Return the saliences of the only issue."""
    (stances,) = found.require().stances.values()
    return [str(stance.salience) for stance in stances.values()]


def influences(found: Imported) -> list[str]:
    """Return the influences of all actors."""
    return [str(actor.influence) for actor in found.require().actors.values()]


def with_saliences(*cells: str, heading: str = "Salience") -> str:
    """Return a table of actors with these saliences."""
    rows = [f'A{number},{10 * number},"{cell}",1' for number, cell in enumerate(cells, start=1)]
    return "\n".join([f"Actor,Position,{heading},Power", *rows])


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (("0.8", "0.5", "1"), ["0.8", "0.5", "1"]),
        (("80", "50", "1"), ["0.8", "0.5", "0.01"]),
        (("80%", "50 %", "0%"), ["0.8", "0.5", "0"]),
        (("80%", "50", "30"), ["0.8", "0.5", "0.3"]),
        (("80 ± 10 %", "20..30", "5"), ["0.8 ± 0.1", "0.2..0.3", "0.05"]),
        (("0", "1", "1"), ["0", "1", "1"]),
    ],
)
def test_saliences_with_one_reading_are_read(
    cells: tuple[str, ...], read_as: list[str], tmp_path: Path
) -> None:
    assert saliences(read(tmp_path, with_saliences(*cells))) == read_as


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (
            ("0.8", "50", "1"),
            "shares (0..1), as '0.8' in row 2, and per cent (0..100), as '50' in row 3",
        ),
        (
            ("80%", "0.5", "60%"),
            "shares (0..1), as '0.5' in row 3, and per cent (0..100), as '80%' in row 2",
        ),
        (("1", "5", "3"), "marks from 1 to 5 or to 10, or per cent"),
        (("8", "5.5", "1"), "marks from 1 to 8 or to 10, or per cent"),
        (("10", "5", "1"), "marks from 1 to 10 or to 10, or per cent"),
        (("101", "5", "1"), "above 100"),
    ],
)
def test_saliences_with_several_readings_are_refused(
    cells: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    found = read(tmp_path, with_saliences(*cells))
    assert [told in error.message for error in found.errors] == [True]
    assert found.errors[0].column == 3


def test_what_is_still_to_be_judged_is_read_and_leaves_the_unit_to_the_others(tmp_path: Path) -> None:
    text = "Actor,Power,Position,Salience\nA,?,20,50\nB,80,?,?\nC,50,90,80\n"
    found = read(tmp_path, text)
    assert saliences(found) == ["0.5", "?", "0.8"]
    assert influences(found) == ["?", "80", "50"]


def test_a_judgement_of_a_matrix_may_still_be_to_be_judged(tmp_path: Path) -> None:
    text = ",,Cost,,Growth,\n,,low,high,slow,fast\nCost,low,,,?,1\n,high,,,-1,1\nGrowth,slow,1,?,,\n,fast,0,1,,\n"
    case = read(tmp_path, text).require()
    assert min(case.unjudged)[-1] == "slow"


def test_a_heading_in_per_cent_settles_the_unit_but_not_of_shares(tmp_path: Path) -> None:
    """A spreadsheet shows 0.5 as 50 % and may write either."""
    assert saliences(read(tmp_path, with_saliences("5", "0.5", heading="Salience %"))) == ["0.05", "0.005"]
    (error,) = read(tmp_path, with_saliences("0.8", "0.5", heading="Salience (%)")).errors
    assert "shares, or per cent" in error.message
    assert "--salience-scale 0..1 or 0..100" in str(error.hint)


@pytest.mark.parametrize(
    ("scale", "read_as"),
    [((1, 5), ["0.2", "1", "0.6"]), ((1, 10), ["0.1", "0.5", "0.3"]), ((0, 100), ["0.01", "0.05", "0.03"])],
)
def test_whoever_imports_says_what_marks_mean(
    scale: tuple[float, float], read_as: list[str], tmp_path: Path
) -> None:
    found = read(tmp_path, with_saliences("1", "5", "3"), Choices(salience_scale=scale))
    assert saliences(found) == read_as
    assert any("divided by" in warning.message for warning in found.warnings)


@pytest.mark.parametrize("heading", ["Importance (1-10)", "Salience (1..10)", "Priority [0 – 10]"])
def test_a_heading_that_says_the_scale_settles_what_marks_mean(heading: str, tmp_path: Path) -> None:
    assert saliences(read(tmp_path, with_saliences("8", "5", heading=heading))) == ["0.8", "0.5"]


def test_a_heading_with_a_scale_turned_round_settles_nothing(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, with_saliences("4", "5", heading="Importance (5-1)")).errors
    assert "marks from 1 to 5 or to 10" in problem.message


def test_marks_beyond_the_scale_that_was_told_are_refused(tmp_path: Path) -> None:
    found = read(tmp_path, with_saliences("0", "6", "7"), Choices(salience_scale=(1, 5)))
    assert [(error.line, error.message) for error in found.errors] == [
        (3, "column 'Salience': above 5"),
        (4, "column 'Salience': above 5"),
    ]


def with_power(*cells: str, separator: str = ",") -> str:
    """Return a table of actors with these influences."""
    rows = [
        separator.join((f"A{number}", str(10 * number), "80", f'"{cell}"'))
        for number, cell in enumerate(cells)
    ]
    return "\n".join([separator.join(("Actor", "Position", "Salience", "Power")), *rows])


@pytest.mark.parametrize(
    ("cells", "separator", "read_as"),
    [
        (("1,200", "800"), ",", ["1200", "800"]),
        (("1.125", "0.5"), ",", ["1.125", "0.5"]),
        (("$1,200.50", "$900"), ",", ["1200.5", "900"]),
        (("1 200", "800"), ",", ["1200", "800"]),
        (("1.200,5", "600"), ";", ["1200.5", "600"]),
        (("1.200", "0,5"), ";", ["1200", "0.5"]),
        (("1.200", "0.5"), ";", ["1.2", "0.5"]),
        (("0,5", "2"), ";", ["0.5", "2"]),
    ],
)
def test_marks_of_thousands_and_decimals_with_one_reading_are_read(
    cells: tuple[str, ...], separator: str, read_as: list[str], tmp_path: Path
) -> None:
    assert influences(read(tmp_path, with_power(*cells, separator=separator))) == read_as


def test_a_number_that_may_be_thousands_is_refused_with_both_readings(tmp_path: Path) -> None:
    text = with_power("1.000", "600", separator=";")
    (error,) = read(tmp_path, text).errors
    assert "'1.000' can be read as 1 or 1000" in error.message
    assert "--decimal-mark" in str(error.hint)
    assert influences(read(tmp_path, text, Choices(decimal_mark=","))) == ["1000", "600"]
    assert influences(read(tmp_path, text, Choices(decimal_mark="."))) == ["1", "600"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [(("$1,200", "€900"), "amounts in '$' and '€'"), (("1,200", "1.000"), "thousands with ',' and '.'")],
)
def test_marks_that_do_not_go_together_are_refused(cells: tuple[str, ...], told: str, tmp_path: Path) -> None:
    (error,) = read(tmp_path, with_power(*cells)).errors
    assert told in error.message


@pytest.mark.parametrize(
    "headings",
    [
        ("Stakeholders", "Positions", "Importance", "Capabilities"),
        ("Party", "Stance", "Priority", "Seats"),
        ("Organisation", "Preferred position", "Saliency (%)", "Votes"),
        ("Member", "Ideal point", "Salience %", "Voting power"),
        ("Parties", "Position", "Salience", "Leverage"),
    ],
)
def test_usual_headings_are_read(headings: tuple[str, ...], tmp_path: Path) -> None:
    found = read(tmp_path, ",".join(headings) + "\nA,10,80,30\nB,90,50,20\n")
    assert (saliences(found), influences(found)) == (["0.8", "0.5"], ["30", "20"])


def test_titles_may_stand_above_the_headings(tmp_path: Path) -> None:
    found = read(
        tmp_path, "Survey of March,,,\n,,,\nActor,Position,Salience,Influence\nA,1,0.5,1\nB,2,0.5,1\n"
    )
    assert saliences(found) == ["0.5", "0.5"]
    assert any((one.line, "above was not read" in one.message) == (3, True) for one in found.warnings)


def test_of_two_columns_that_fit_it_is_told_which_was_taken(tmp_path: Path) -> None:
    found = read(tmp_path, "Player,Power,Stance,Position,Importance\nA,1,45,50,80\nB,2,20,30,50\n")
    assert any("'Position' was taken for the position, not 'Stance'" in one.message for one in found.warnings)


@pytest.mark.parametrize("left_out", ["salience", "influence"])
def test_what_a_table_leaves_out_is_one_for_all_and_said(left_out: str, tmp_path: Path) -> None:
    kept = "influence" if left_out == "salience" else "salience"
    found = read(tmp_path, f"actor,position,{kept}\nA,10,0.5\nB,80,0.25\n")
    assert (saliences(found) if left_out == "salience" else influences(found)) == ["1", "1"]
    assert any(f"no {left_out}: 1 was taken" in one.message for one in found.warnings)


@pytest.mark.parametrize(
    "headings",
    [
        "Position Quota,Salience Quota,Position Fleet,Salience Fleet",
        "Quota position,Quota salience,Fleet position,Fleet salience",
        "Quota (position),Quota (importance),Fleet (position),Fleet (importance)",
    ],
)
def test_a_column_per_issue_is_read(headings: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"Actor,Influence,{headings}\nNorth,100,45,0.8,60,0.5\nSouth,80,80,0.6,x,0.3\n")
    (error,) = found.errors
    assert (error.line, error.column, "'x' is not a number" in error.message) == (3, 5, True)
    found = read(tmp_path, f"Actor,Influence,{headings}\nNorth,100,45,0.8,60,0.5\nSouth,80,80,0.6,40,0.3\n")
    stances = found.require().stances
    assert {key: str(one["south"].position) for key, one in stances.items()} == {"quota": "80", "fleet": "40"}
    assert {key: str(one["north"].salience) for key, one in stances.items()} == {
        "quota": "0.8",
        "fleet": "0.5",
    }
    assert influences(found) == ["100", "80"]


def test_columns_of_positions_and_saliences_per_actor_are_read(tmp_path: Path) -> None:
    """The layout of the data set on decisions of the European Union."""
    found = read(
        tmp_path, "issue;pnorth;psouth;snorth;ssouth;out\nQuota;45;80;80;60;60\nFleet;60;40;50;30;50\n"
    )
    stances = found.require().stances
    assert {key: str(one["south"].position) for key, one in stances.items()} == {"quota": "80", "fleet": "40"}
    assert {key: str(one["north"].salience) for key, one in stances.items()} == {
        "quota": "0.8",
        "fleet": "0.5",
    }


def test_a_country_is_known_by_its_name_and_blocks_nothing(tmp_path: Path) -> None:
    rows = "A,1,Russia\nB,2,the Netherlands\nC,3,UK\nD,4,Narnia\nE,5,Côte d’Ivoire\nF,6,NO\n"
    found = read(tmp_path, "actor,position,country\n" + rows)
    codes = [actor.country for actor in found.require().actors.values()]
    assert codes == ["RUS", "NLD", "GBR", None, "CIV", "NOR"]
    assert any("left out: 'Narnia'" in one.message for one in found.warnings)
