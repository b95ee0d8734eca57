"""A case folder keeps its stances in a table; the table's faults are told like the case's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from detente.case.formats import Choices, import_case
from detente.case.loading import check, load

CASE = """detente: 1
title: Talks
sources: {s: {title: Speech}}
actors:
  us: {name: United States, influence: 3}
  eu: {name: European Union}
  uk: {name: United Kingdom, influence: 1}
issues:
  steel: {name: Steel tariffs, scale: {0: none, 50: all}}
  data: {name: Data flows, scale: {0: none, 1: all}}
"""
TABLE = """Topic;Stakeholder;Position;Saliency;Power;Red line;Because;Note
steel;us;40 ± 5;80;;">= 20,5";s;said so
Steel tariffs;European Union;0;100;2,5;;;
data;uk;1;;;;;
"""


def folder(path: Path, table: str | None = TABLE, case: str = CASE, name: str = "stances.csv") -> Path:
    """Make a case folder."""
    (path / "case.yaml").write_text(case, encoding="utf-8")
    if table is not None:
        (path / name).write_text(table, encoding="utf-8")
    return path


def errors(path: Path) -> list[str]:
    """Return what is wrong, with the name of the file, row and column."""
    return [
        f"{Path(str(one.file)).name}:{one.line}:{one.column}: {one.message}" for one in check(path).errors
    ]


def test_stances_are_read_by_ids_and_names(tmp_path: Path) -> None:
    """With synonyms of headings, per cent, decimal commas, red lines and evidence, as in any table."""
    found = check(folder(tmp_path))
    case = found.require()
    stance = case.stances["steel"]["us"]
    assert (str(stance.position), str(stance.salience), stance.influence) == ("40 ± 5", "0.8", None)
    assert (str(stance.accepts), stance.because, stance.note) == (">= 20.5", ("s",), "said so")
    assert str(case.stances["steel"]["eu"].influence) == "2.5"
    assert "data" not in case.stances
    told = [
        (warning.line, warning.message) for warning in found.warnings if "stances.csv" in str(warning.file)
    ]
    assert (None, "1 row has no position or no salience: there the actor takes no part (row 4: 'uk')") in told
    assert (None, "column 'Saliency' was taken as per cent: divided by 100") in told


def test_a_workbook_serves_as_well(tmp_path: Path) -> None:
    """The first sheet that has the columns; its name is told."""
    workbook = Workbook()
    workbook.worksheets[0].title = "About"
    sheet = workbook.create_sheet("Data")
    for row in (["issue", "actor", "position", "salience", "seen"], ["steel", "us", 51, 1, "x"]):
        sheet.append(row)
    folder(tmp_path, None)
    workbook.save(tmp_path / "stances.xlsx")
    assert errors(tmp_path) == ["stances.xlsx:2:3: sheet 'Data', column 'position': 51 is above 50"]
    sheet["C2"] = 50
    workbook.save(tmp_path / "stances.xlsx")
    assert load(tmp_path).stances["steel"]["us"].aim.mean == 50


def test_of_the_sheets_of_a_workbook_a_hidden_one_is_left_aside(tmp_path: Path) -> None:
    """As where a workbook is a case of its own."""
    workbook = Workbook()
    for name, position in (("Old", 10), ("Data", 40)):
        sheet = workbook.create_sheet(name)
        for row in (["issue", "actor", "position", "salience"], ["steel", "us", position, 1]):
            sheet.append(row)
    workbook["Old"].sheet_state = "hidden"
    folder(tmp_path, None)
    workbook.save(tmp_path / "stances.xlsx")
    assert load(tmp_path).stances["steel"]["us"].aim.mean == 40


def test_a_folder_is_told_how_its_numbers_are_meant_as_a_table_is(tmp_path: Path) -> None:
    """By the command that its message names."""
    table = "issue\tactor\tposition\tsalience\nsteel\tus\t1.125\t1\n"
    (error,) = check(folder(tmp_path, table)).errors
    way = "write 1.1250 or 1125, or choose with: detente import --decimal-mark '.' (or ',')"
    assert error.hint == way
    read = import_case(tmp_path, Choices(decimal_mark=".")).require()
    assert read.stances["steel"]["us"].aim.mean == 1.125


RESTING = """deals: {both: {name: Both, issues: [steel, data]}}
consent: {all_of: [us, eu]}
scenarios: {up: {name: Up, changes: {stances.steel.us.position: 50}}}
correlations: [{between: [stances.steel.us.position, stances.steel.eu.position], rank: 0.5}]
"""


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("a,b\n1,2\n", "no column 'actor', 'position', 'salience' among the headings 'a', 'b'"),
        ("", "is empty"),
        ('issue,actor,position,salience\n"steel,us,1,1\n', "in this row is never closed"),
        (",us,eu\nissue,steel,steel\nposition,1,2\nsalience,1,1\n", "the table is turned"),
        ("issue,actor,position,salience\nsteel,usa,1,1\n", "no actor is called 'usa'"),
    ],
)
def test_of_a_table_that_is_refused_nothing_that_follows_is_told(
    table: str, told: str, tmp_path: Path
) -> None:
    """Neither who has no stance then, nor what rests on stances; what is wrong besides is."""
    (problem,) = check(folder(tmp_path, table, CASE + RESTING)).problems
    assert told in problem.message
    wrong = (CASE + RESTING).replace("[steel, data]", "[steel, dat]")
    assert [one.message for one in check(folder(tmp_path, table, wrong)).errors] == [
        "no issue is called 'dat'",
        problem.message,
    ]


def test_what_is_wrong_whatever_a_refused_table_says_is_told_beside_it(tmp_path: Path) -> None:
    """The value of a change, say; not that its stance is missing where the whole table is."""
    wrong = CASE + "scenarios: {up: {name: Up, changes: {stances.steel.us.position: abc}}}\n"
    dated = "issue,actor,position,salience\nsteel,us,1,2024-03-01\nsteel,uk,1,1\n"
    told, table = check(folder(tmp_path, dated, wrong)).errors
    assert "'abc' is not a number" in told.message
    assert "is a date" in table.message
    (table,) = check(folder(tmp_path, "a,b\n1,2\n", wrong)).errors
    assert "no column 'actor'" in table.message


def test_a_case_with_one_issue_needs_no_column_for_it(tmp_path: Path) -> None:
    """But one with several does."""
    table = "actor,position,salience\nus,1,1\nuk,0,1\n"
    assert errors(folder(tmp_path, table)) == [
        "stances.csv:1:None: the table has no column 'issue', and the case has 2 issues"
    ]
    one = CASE.replace("  data: {name: Data flows, scale: {0: none, 1: all}}\n", "")
    assert set(load(folder(tmp_path, table, one)).stances["steel"]) == {"us", "uk"}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Those of the table and those of the case, each in its file."""
    table = """issue,actor,position,salience,influence,country,because
steel,us,51,0.5,,NOR,t
steel,us,1,1,,,
steel,usa,x,1,,,
data,usa,1,1,,,
,uk,1,1,,,
data,,1,1,,,
data,eu,much,-1,,,
steel,China,1,1,,,
"""
    case = CASE.replace("{s: {title: Speech}}", "{s: {titel: Speech}}")
    found = check(folder(tmp_path, table, case))
    assert found.case is None
    assert errors(tmp_path) == [
        "case.yaml:3:15: unknown key 'titel'",
        "stances.csv:2:3: column 'position': 51 is above 50",
        "stances.csv:2:7: column 'because': no source is called 't'",
        "stances.csv:3:2: column 'actor': 'us' stands twice on this issue (rows 2 and 3)",
        "stances.csv:4:2: column 'actor': no actor is called 'usa' (2 rows)",
        "stances.csv:6:1: column 'issue': is blank",
        "stances.csv:7:2: column 'actor': is blank",
        "stances.csv:8:2: column 'actor': the stance has no influence",
        "stances.csv:8:3: column 'position': 'much' is not a number; "
        "write 40, 40 ± 10, 20..60, 20..35..60 or [30, 45 ± 5]",
        "stances.csv:8:4: column 'salience': -1 is below 0",
        "stances.csv:9:2: column 'actor': no actor is called 'China'",
    ]
    hint = next(one.hint for one in found.errors if one.line == 4)
    assert hint == "did you mean 'us'?"
    assert any("not read in a table of stances: 'country'" in warning.message for warning in found.warnings)


def test_a_stance_may_not_be_given_twice(tmp_path: Path) -> None:
    """In the case file and in the table."""
    case = (
        CASE + "stances:\n  steel:\n    us: {position: 1, salience: 1}\n    uk: {position: 9, salience: 1}\n"
    )
    assert errors(folder(tmp_path, TABLE, case)) == [
        "stances.csv:2:2: column 'Stakeholder': "
        "the stance of 'us' on 'steel' is also given in the case file (line 13)"
    ]


def test_stances_of_both_files_are_joined(tmp_path: Path) -> None:
    """The table adds to what the case file says, also where that leaves a part empty."""
    case = CASE + "stances:\n  steel:\n    uk: {position: 9, salience: 1}\n  data:\n"
    table = "issue,actor,position,salience\nsteel,us,1,1\ndata,us,1,1\n"
    joined = load(folder(tmp_path, table, case))
    assert {issue: set(stances) for issue, stances in joined.stances.items()} == {
        "steel": {"us", "uk"},
        "data": {"us"},
    }
    assert set(load(folder(tmp_path, table, CASE + "stances:\n")).stances) == {"steel", "data"}


@pytest.mark.parametrize("stances", ["stances: [1]\n", "stances: {steel: 3}\n", "stances: none\n"])
def test_a_case_of_the_wrong_shape_is_told_as_such(tmp_path: Path, stances: str) -> None:
    """The table does not hide it."""
    found = errors(folder(tmp_path, "issue,actor,position,salience\nsteel,us,1,1\n", CASE + stances))
    assert found
    assert all(error.startswith("case.yaml:11") for error in found)


def test_names_that_two_share_are_told(tmp_path: Path) -> None:
    """The ids tell them apart."""
    case = CASE.replace("European Union", "United States")
    table = "issue,actor,position,salience\nsteel,United States,1,1\n"
    assert errors(folder(tmp_path, table, case)) == [
        "stances.csv:2:2: column 'actor': 2 actors are called 'United States'"
    ]


def test_only_one_table_of_the_folder_itself_is_read(tmp_path: Path) -> None:
    """Two tables, a table without the columns, a damaged one, and a link that leads out of the folder."""
    inner = tmp_path / "inner"
    inner.mkdir()
    folder(inner, "a,b\n1,2\n")
    assert errors(inner) == [
        "stances.csv:1:None: no column 'actor', 'position', 'salience' among the headings 'a', 'b'"
    ]
    (inner / "stances.xlsx").write_bytes(b"")
    assert errors(inner) == ["inner:None:None: holds both stances.csv and stances.xlsx"]
    (inner / "stances.csv").unlink()
    assert errors(inner) == ["stances.xlsx:None:None: not a workbook, or damaged"]
    (inner / "stances.xlsx").unlink()
    (tmp_path / "secret.csv").write_text(TABLE, encoding="utf-8")
    (inner / "stances.csv").symlink_to(tmp_path / "secret.csv")
    assert errors(inner) == ["stances.csv:None:None: lies outside the case's folder"]


def test_a_case_that_is_no_mapping_is_told_without_its_table(tmp_path: Path) -> None:
    """There is nothing that the table could join."""
    assert errors(folder(tmp_path, TABLE, "- 1\n")) == ["case.yaml:1:1: a case is a mapping of parts"]
