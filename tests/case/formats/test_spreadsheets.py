"""Spreadsheets as people have them: each is read in the one way that is possible, or refused with the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from detente.case.formats import Imported, export_case, import_case

HEADINGS = ["Actor", "Position", "Salience", "Influence"]
Numbers = list[tuple[str, str, str]]


def text(folder: Path, content: str, name: str = "t.csv", encoding: str = "utf-8") -> Imported:
    """Return what a separated file says."""
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return import_case(path)


def book(
    folder: Path,
    rows: Sequence[Any],
    formats: dict[str, str] | None = None,
    merged: Sequence[str] = (),
) -> Imported:
    """Return what a workbook with one sheet says."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cell, code in (formats or {}).items():
        sheet[cell].number_format = code
    for area in merged:
        sheet.merge_cells(area)
    workbook.save(folder / "t.xlsx")
    return import_case(folder / "t.xlsx")


def numbers(found: Imported, issue: str = "t") -> Numbers:
    """Return position, salience and influence of each actor."""
    case = found.require()
    of = case.stances[issue]
    return [(str(of[a].position), str(of[a].salience), str(case.influence(issue, a))) for a in of]


def told(found: Imported) -> str:
    """Return all errors with their hints."""
    return " | ".join(f"{one.message}; {one.hint}" for one in found.errors)


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_point_before_three_digits_is_refused_whatever_parts_the_cells(
    separator: str, tmp_path: Path
) -> None:
    rows = [HEADINGS, ["A", "45", "80", "1.000"], ["B", "20", "50", "600"]]
    found = text(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert "'1.000' can be read as 1 or 1000" in told(found)
    assert found.partial is not None
    assert found.partial["actors"]["a"]["influence"] == "?"


def test_a_comma_before_three_digits_is_unclear_unless_commas_part_the_cells(tmp_path: Path) -> None:
    found = text(tmp_path, "\t".join(HEADINGS) + "\nA\t45\t80\t1,250\nB\t20\t50\t600\n")
    assert "'1,250' can be read as 1250 or 1.25" in told(found)
    found = text(tmp_path, ",".join(HEADINGS) + '\nA,45,80,"1,250"\nB,20,50,600\n')
    assert numbers(found) == [("45", "0.8", "1250"), ("20", "0.5", "600")]


def test_numbers_of_a_workbook_say_nothing_of_its_texts(tmp_path: Path) -> None:
    found = book(tmp_path, [HEADINGS, ["A", 45, 0.8, 1.125], ["B", 20, 0.5, 2.375]])
    assert numbers(found) == [("45", "0.8", "1.125"), ("20", "0.5", "2.375")]
    found = book(tmp_path, [HEADINGS, ["A", 45, 0.8, "1.000"], ["B", 20, 0.5, 300]])
    assert "'1.000' can be read as 1 or 1000" in told(found)


def test_a_cell_that_shows_per_cent_is_read_as_it_shows(tmp_path: Path) -> None:
    per_cent = {"B2": "0%", "B3": "0.0%", "C2": "0%", "C3": "0%"}
    found = book(tmp_path, [["Actor", "Position", "Salience %"], ["A", 0.45, 1], ["B", 0.2, 0.05]], per_cent)
    assert numbers(found) == [("45", "1", "1"), ("20", "0.05", "1")]
    quoted = {"C2": '0"%"', "C3": r"0\%"}
    found = book(tmp_path, [HEADINGS, ["A", 45, 80, 1], ["B", 20, 5, 1]], quoted)
    assert numbers(found) == [("45", "0.8", "1"), ("20", "0.05", "1")]


@pytest.mark.parametrize("column", ["Position", "Influence"])
def test_per_cent_and_bare_numbers_in_a_column_are_refused(column: str, tmp_path: Path) -> None:
    at = HEADINGS.index(column)
    rows: list[list[Any]] = [HEADINGS, ["A", 45, 0.8, 10], ["B", 20, 0.5, 30]]
    rows[1][at] = 0.3
    found = book(tmp_path, rows, {f"{'ABCD'[at]}2": "0%"})
    assert "mixes numbers in per cent, as '30%', and without a sign" in told(found)


def test_one_beside_signs_of_per_cent_is_refused(tmp_path: Path) -> None:
    found = text(tmp_path, "Actor,Position,Salience\nA,45,80%\nB,20,1\n")
    assert "mixes shares (0..1), as '1' in row 3, and per cent" in told(found)


def test_a_date_is_no_number_and_the_message_says_why_it_may_be_there(tmp_path: Path) -> None:
    found = text(tmp_path, "Actor,Position,Salience\nA,2030-03-04,0.8\nB,20,0.5\n")
    (error,) = found.errors
    assert (error.line, error.column, "is a date" in error.message) == (2, 2, True)


# --- headings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headings", "rows"),
    [
        ("Ator;Posição;Saliência;Poder", "A;45,5;0,8;1.200"),
        ("Attore;Posizione;Rilevanza;Potere", "A;45,5;0,8;1.200"),
        ("Actor;Positie;Belang;Invloed", "A;45,5;0,8;1.200"),
        ("Aktor;Stanowisko;Istotność;Wpływ", "A;45,5;0,8;1 200"),
        ("Member state;Position;Salience in percent;Votes", "A;45,5;80;1200"),
        ("Country;Level of support;Interest (0-10);Power score", "A;45,5;8;1200"),
    ],
)
def test_headings_of_more_languages_and_with_words_around_are_read(
    headings: str, rows: str, tmp_path: Path
) -> None:
    assert numbers(text(tmp_path, f"{headings}\n{rows}\nB;20;0;300\n"))[0] == ("45.5", "0.8", "1200")


def test_interests_in_words_are_no_saliences(tmp_path: Path) -> None:
    found = text(tmp_path, "Stakeholder,Position,Interest\nA,45,cheap energy\nB,20,jobs\n")
    assert numbers(found) == [("45", "1", "1"), ("20", "1", "1")]


def test_a_heading_may_say_the_scale_of_positions(tmp_path: Path) -> None:
    found = text(tmp_path, "Actor,Position (-3 to +3),Salience\nA,2,0.8\nB,-1,0.5\n")
    assert list(found.require().issues["t"].scale) == [-3, 3]


def test_headings_may_stand_in_two_rows(tmp_path: Path) -> None:
    above = ["Actor", "Quota", None, "Fleet", None, "Power"]
    below = [None, "Position", "Salience", "Position", "Salience", None]
    rows: list[list[Any]] = [above, below, ["A", 45, 0.8, 10, 0.2, 5], ["B", 20, 0.5, 90, 0.6, 7]]
    merged = ("A1:A2", "B1:C1", "D1:E1", "F1:F2")
    for found in (
        book(tmp_path, rows, merged=merged),
        text(tmp_path, "\n".join(",".join("" if one is None else str(one) for one in row) for row in rows)),
    ):
        assert numbers(found, "quota") == [("45", "0.8", "5"), ("20", "0.5", "7")]
        assert numbers(found, "fleet") == [("10", "0.2", "5"), ("90", "0.6", "7")]


@pytest.mark.parametrize(
    "headings",
    ["Actor,Quota,Salience of Quota,Fleet,Salience of Fleet", "Actor,pos: Q-1,sal: Q-1,F pos,F sal"],
)
def test_a_column_per_issue_may_be_headed_otherwise(headings: str, tmp_path: Path) -> None:
    found = text(tmp_path, f"{headings}\nA,45,0.8,10,0.2\nB,20,0.5,90,0.6\n")
    assert [one[:2] for issue in found.require().issues for one in numbers(found, issue)] == [
        ("45", "0.8"),
        ("20", "0.5"),
        ("10", "0.2"),
        ("90", "0.6"),
    ]


def test_an_issue_without_a_salience_does_not_get_that_of_another(tmp_path: Path) -> None:
    found = text(tmp_path, "Actor,Position Quota,Salience Quota,Position Fleet\nA,45,0.8,10\nB,20,0.5,90\n")
    assert "'Fleet' has no salience, and others have one" in told(found)


@pytest.mark.parametrize("kinds", [("2020", "2023"), ("min", "max"), ("Initial", "Final")])
def test_several_positions_on_one_issue_are_not_taken_for_issues(
    kinds: tuple[str, str], tmp_path: Path
) -> None:
    found = text(
        tmp_path, f"Actor,Position {kinds[0]},Position {kinds[1]},Salience\nA,45,50,80\nB,20,30,50\n"
    )
    assert f"'{kinds[1]}' may be an issue, or one of several positions" in told(found)


@pytest.mark.parametrize("first", ["Country", "Issue"])
def test_columns_that_may_be_positions_are_asked_for_and_handed_over(first: str, tmp_path: Path) -> None:
    found = text(tmp_path, f"{first},Spain,Phase-out\nPoland,80,60\nFrance,10,30\n")
    assert "did you mean 'position: Phase-out' by 'Phase-out'?" in told(found)
    assert found.partial is not None
    stances = [one["position"] for of in found.partial["stances"].values() for one in of.values()]
    assert sorted(stances) == [10, 30, 60, 80]


# --- rows and sheets -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    ["Total seats,30,0.7,402", "Grand total,,,402", "Std. dev.,14.1,0.14,7", "Median,30,0.7,201", "N,2,2,2"],
)
def test_sums_and_statistics_are_no_actors(row: str, tmp_path: Path) -> None:
    found = text(tmp_path, f"Party,Position,Salience,Seats\nCDU,40,0.8,196\nSPD,20,0.6,206\n{row}\n")
    assert list(found.require().actors) == ["cdu", "spd"]


def test_a_table_of_markdown_is_read(tmp_path: Path) -> None:
    found = text(
        tmp_path, "| Actor | Position | Salience |\n|---|--:|---|\n| A | 45 | 80 |\n| B | 20 | 50 |\n"
    )
    assert numbers(found) == [("45", "0.8", "1"), ("20", "0.5", "1")]


def test_hidden_sheets_are_left_aside_and_of_two_visible_ones_none_is_chosen(tmp_path: Path) -> None:
    workbook = Workbook()
    for name, position in (("Old", 10), ("Data", 45)):
        sheet = workbook.create_sheet(name)
        for row in (HEADINGS, ["A", position, 80, 10], ["B", 20, 50, 30]):
            sheet.append(row)
    del workbook["Sheet"]
    workbook.save(tmp_path / "t.xlsx")
    assert "sheets 'Old' and 'Data' each hold a table of stances" in told(import_case(tmp_path / "t.xlsx"))
    workbook["Old"].sheet_state = "hidden"
    workbook["Data"].row_dimensions[3].hidden = True
    workbook.save(tmp_path / "t.xlsx")
    found = import_case(tmp_path / "t.xlsx")
    assert numbers(found)[0] == ("45", "0.8", "10")
    said = [one.message for one in found.warnings]
    assert any("other sheets were not read: 'Old'" in one for one in said)
    assert any("hidden rows were read" in one for one in said)


def test_what_a_workbook_has_lost_is_told_once(tmp_path: Path) -> None:
    found = book(tmp_path, [HEADINGS, ["A", "=40+5", 80, "#DIV/0!"], ["B", 20, 50, 30]])
    assert [(one.line, one.column) for one in found.errors] == [(2, 2), (2, 4)]


def test_a_remark_beside_a_sheet_is_told_and_blocks_nothing(tmp_path: Path) -> None:
    found = book(tmp_path, [HEADINGS, ["A", 45, 80, 10, "see mail"], ["B", 20, 50, 30]])
    assert numbers(found)[1] == ("20", "0.5", "30")
    assert any("right of the last heading" in one.message for one in found.warnings)


def test_of_another_encoding_what_was_read_is_handed_over(tmp_path: Path) -> None:
    found = text(tmp_path, "Akteur;Position;Salienz\nVerbände;45;0,8\nB;20;0,5\n", encoding="cp1252")
    assert "--partial reads it as Windows-1252" in told(found)
    assert found.partial is not None
    assert found.partial["actors"]["verbände"]["name"] == "Verbände"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_three_decimals_in_ranges_and_red_lines_read_back(ending: str, tmp_path: Path) -> None:
    plain = "{detente: 1, title: t, actors: {a: {name: A, influence: 1}, b: {name: B, influence: 1}},\n"
    issue = "issues: {t: {name: t, scale: {0: low, 4: high}}},\n"
    a = "{position: 1.125..2.125, salience: 1, accepts: '>= 1.125'}"
    stances = f"stances: {{t: {{a: {a}, b: {{position: 1..3.125, salience: 1}}}}}}}}\n"
    (tmp_path / "t.yaml").write_text(plain + issue + stances, encoding="utf-8")
    case = import_case(tmp_path / "t.yaml").require()
    export_case(case, tmp_path / f"t.{ending}")
    of = import_case(tmp_path / f"t.{ending}").require().stances["t"]
    assert of == case.stances["t"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("people", [["name", "position"], ["Smith", "minister"]]),
        ("sources", [["institution", "position"], ["IEA", "position paper"]]),
        ("Countries", [["country", "position"], ["Norway", "north"]]),
        ("summary", [["actor", "position"], ["A", 32]]),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_another_sheet_with_a_column_of_positions_blocks_nothing(
    name: str, rows: list[list[Any]], first: bool, tmp_path: Path
) -> None:
    workbook = Workbook()
    stances: list[list[Any]] = [HEADINGS, ["A", 45, 80, 10], ["B", 20, 50, 30]]
    sheets = [("stances", stances), (name, rows)]
    for title, cells in reversed(sheets) if first else sheets:
        sheet = workbook.create_sheet(title)
        for row in cells:
            sheet.append(row)
    del workbook["Sheet"]
    workbook.save(tmp_path / "t.xlsx")
    assert numbers(import_case(tmp_path / "t.xlsx")) == [("45", "0.8", "10"), ("20", "0.5", "30")]


@pytest.mark.parametrize("heading", ["Position (Art. 5 to 7)", "Position [articles 5-7]"])
def test_numbers_in_a_heading_that_are_no_scale_block_nothing(heading: str, tmp_path: Path) -> None:
    plain = text(tmp_path, f"Actor,{heading},Salience\nA,90,0.8\nB,20,0.5\n")
    assert list(plain.require().issues["t"].scale) == [0, 100]


def test_a_scale_in_the_heading_is_that_of_the_issues_whose_numbers_fit(tmp_path: Path) -> None:
    rows = "A,quota,45,1\nB,quota,30,1\nA,year,2030,1\nB,year,2040,1\n"
    found = text(tmp_path, f"actor,issue,position (0-100),salience\n{rows}")
    scales = {key: list(issue.scale) for key, issue in found.require().issues.items()}
    assert scales == {"quota": [0, 100], "year": [2030, 2040]}
    assert any("2030..2040 was taken for 'year'" in one.message for one in found.warnings)


def test_a_number_that_was_refused_is_told_once(tmp_path: Path) -> None:
    rows = "A\t1,125\t0,8\t\t0\t2024-01-02\nB\t20\t2024-03-04\t>= 1.125\t\t\nC\t2024-01-01\t1\t\t\t\n"
    found = text(tmp_path, f"actor\tposition\tsalience\taccepts\tscale_low\tscale_high\n{rows}")
    places = [(one.line, one.column) for one in found.problems if one.column and one.line != 1]
    assert len(places) == len(set(places)), found.problems
    assert set(places) == {(2, 6), (3, 3), (4, 2)}


def test_without_anything_to_hand_over_nothing_is_offered(tmp_path: Path) -> None:
    found = text(tmp_path, "Größe\nviel\n", encoding="cp1252")
    assert found.partial is None
    assert "UTF-8" in told(found)
    assert "--partial" not in told(found)


def test_shares_of_which_one_shows_per_cent_are_read_as_they_are_stored(tmp_path: Path) -> None:
    found = book(tmp_path, [HEADINGS, ["A", 45, 0.5, 10], ["B", 20, 0.7, 30]], {"C2": "0%"})
    assert numbers(found) == [("45", "0.5", "10"), ("20", "0.7", "30")]


def test_judgements_of_experts_may_stand_beside_per_cent(tmp_path: Path) -> None:
    found = text(tmp_path, 'Actor,Position,Salience\nA,"[10, 20]",0.8\nB,20%,0.5\n')
    assert numbers(found)[1] == ("20", "0.5", "1")


@pytest.mark.parametrize("corner", ["", "Actor"])
@pytest.mark.parametrize("title", ["", "Survey of 2030,,\n\n"])
def test_a_table_that_is_turned_is_told_so_and_handed_over(corner: str, title: str, tmp_path: Path) -> None:
    rows = f"{corner},North,South\nPosition,20,80\nSalience,0.5,0.9\nInfluence,1,3\n"
    found = text(tmp_path, title + rows)
    (error,) = found.errors
    assert error.message == "the table is turned: each actor has a column, and needs a row"
    assert error.hint == "copy it and paste it transposed"
    assert found.partial is not None
    stances = found.partial["stances"]["t"]
    assert stances == {"north": {"position": 20, "salience": 0.5}, "south": {"position": 80, "salience": 0.9}}


def test_a_turned_table_with_decimal_commas_is_no_pay_off_matrix(tmp_path: Path) -> None:
    found = text(tmp_path, "Actor;North;South\nPosition;1,5;2,5\nSalience;0,5;0,7\nInfluence;1,0;2,0\n")
    assert [one.message[:19] for one in found.errors] == ["the table is turned"]
    assert found.partial is not None
    assert found.partial["stances"]["t"]["north"] == {"position": 1.5, "salience": 0.5}


def test_hidden_columns_of_a_wide_table_are_told(tmp_path: Path) -> None:
    heads = ["Actor", "Position Tariff", "Salience Tariff", "Position Quota", "Salience Quota"]
    book(tmp_path, [heads, ["A", 20, 0.5, 30, 0.4], ["B", 80, 0.9, 10, 0.2]])
    workbook = load_workbook(tmp_path / "t.xlsx")
    workbook.worksheets[0].column_dimensions["E"].hidden = True
    workbook.save(tmp_path / "t.xlsx")
    found = import_case(tmp_path / "t.xlsx")
    assert [one.column for one in found.warnings if "a hidden column was read" in one.message] == [5]


def test_hidden_columns_that_are_read_are_told(tmp_path: Path) -> None:
    """Not those that hold nothing that is read."""
    book(tmp_path, [[*HEADINGS, "Seen"], ["A", 20, 0.5, 1, "x"], ["B", 80, 0.9, 2, "y"]])
    workbook = load_workbook(tmp_path / "t.xlsx")
    for column in "CEG":
        workbook.worksheets[0].column_dimensions[column].hidden = True
    workbook.save(tmp_path / "t.xlsx")
    found = import_case(tmp_path / "t.xlsx")
    assert found.require().stances["t"]["a"].salience.mean == 0.5
    assert [one.column for one in found.warnings if "a hidden column was read" in one.message] == [3]


def test_a_second_table_beside_the_first_may_have_other_columns(tmp_path: Path) -> None:
    """Its influence is not that of the first."""
    found = text(tmp_path, "Actor,Position,Actor,Position,Influence\nA,20,A,20,1\nB,80,B,80,2\n")
    (error,) = found.errors
    assert error.message.startswith("a second table begins here, beside the first")
    assert found.partial is not None
    assert found.partial["actors"]["b"]["influence"] == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("Deutschland", "DEU"), ("Россия", "RUS"), ("Frankreich", "FRA"), ("États-Unis", "USA")),
        *(("Estados Unidos", "USA"), ("Niemcy", "DEU"), ("Regno Unito", "GBR"), ("Verenigde Staten", "USA")),
        *(("China (中国)", "CHN"), ("Kongo", None)),  # there are two of Kongo
    ],
)
def test_countries_are_known_by_their_names_in_the_languages_of_headings(
    name: str, code: str | None, tmp_path: Path
) -> None:
    found = text(tmp_path, f"Actor,Country,Position,Salience\nA,{name},20,0.5\nB,Norway,80,0.9\n")
    assert found.require().actors["a"].country == code
