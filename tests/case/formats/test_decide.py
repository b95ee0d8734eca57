"""DECIDE's tagged rows are read in all their spellings, and every fault is told with row and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case import Case
from detente.case.formats import Imported, export_case, import_case

ROWS = [
    ["#O", "Toll talks"],
    ["#/", "collected by hand"],
    ["#A", "Red Party", "The Reds", "big"],
    ["#A", "Blue"],
    ["#P", "toll", "Height of the toll", "per car"],
    ["#P", "zone"],
    ["#M", "toll", "0.5", "cheap"],
    ["#M", "toll", "7"],
    ["#D", "Red Party", "toll", "1", "0.5", "2"],
    ["#D", "Blue", "toll", "7", "1", "3"],
    ["#D", "Blue", "zone", "100", "0.1", "4"],
]


def read(folder: Path, text: str, name: str = "talks.txt") -> Imported:
    """Return what a file says."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_case(path)


def lines(rows: list[list[str]], separator: str = "\t", quote: str = "") -> str:
    """Return the text of rows."""
    return "\n".join(separator.join(f"{quote}{cell}{quote}" for cell in row) for row in rows)


def told(found: Imported, severity: str = "error") -> list[str]:
    """Return the problems with row and column."""
    return [f"{one.line}:{one.column}: {one.message}" for one in found.problems if one.severity == severity]


@pytest.mark.parametrize("separator", ["\t", ",", ";", "|"])
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_separators_and_quotation_marks_are_found(tmp_path: Path, separator: str, quote: str) -> None:
    """Whatever a program wrote, the case is the same."""
    found = read(tmp_path, lines(ROWS, separator, quote))
    case = found.require()
    assert (found.format, case.title) == ("decide", "Toll talks")
    assert {key: actor.name for key, actor in case.actors.items()} == {
        "red-party": "The Reds",
        "Blue": "Blue",
    }
    assert (case.actors["red-party"].note, case.issues["toll"].note) == ("big", "per car")
    assert case.issues["toll"].scale == {0.5: "cheap", 7: "highest position"}
    assert (case.issues["zone"].low, case.issues["zone"].high) == (0, 100)
    assert [str(case.influence(issue, "Blue")) for issue in ("toll", "zone")] == ["3", "4"]
    assert "red-party" not in case.stances["zone"]
    assert "None:None: the scale 0..100 was taken for 'zone', which have no #M rows" in told(found, "warning")


def test_saliences_in_per_cent_are_divided(tmp_path: Path) -> None:
    """All of them, and told."""
    rows = [[*row[:4], str(100 * float(row[4])), *row[5:]] if row[0] == "#D" else row for row in ROWS]
    found = read(tmp_path, lines([*rows, ["#D", "Red Party", "zone", "0", "80", "1"]]))
    assert str(found.require().stances["zone"]["red-party"].salience) == "0.8"
    assert str(found.require().stances["toll"]["Blue"].salience) == "1"
    assert "None:5: field 'salience' was taken as per cent: divided by 100" in told(found, "warning")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Tags, numbers of fields, names twice or never declared, numbers unreadable or off their scale."""
    rows = [
        *ROWS,
        ["#X", "what"],
        ["Blue", "no tag"],
        ["#A", "Blue"],
        ["#A", "", "Nobody"],
        ["#P", "a", "b", "c", "d"],
        ["#M", "tol", "3"],
        ["#M", "toll", "7"],
        ["#M", "zone", "many"],
        ["#D", "Green", "tunnel", "1", "1", "1"],
        ["#D", "Blue", "toll", "1", "1"],
        ["#D", "Blue", "toll", "2", "1", "1"],
        ["#D", "Red Party", "zone", "101", "1 ± 1", "-1"],
        ["#D", "Red Party", "toll", "8", "", "x"],
    ]
    assert told(read(tmp_path, lines(rows))) == [
        "12:1: field 'tag': a row begins with one of #A, #P, #M, #D, #/, #O",
        "13:1: field 'tag': a row begins with one of #A, #P, #M, #D, #/, #O",
        "14:2: field 'key': 'Blue' stands twice (rows 4 and 14)",
        "15:2: field 'key': is blank",
        "17:2: field 'issue': no issue is called 'tol'",
        "18:3: field 'position': '7' stands twice (rows 8 and 18)",
        "19:3: field 'position': 'many' is not a number",
        "20:2: field 'actor': no actor is called 'Green'",
        "20:3: field 'issue': no issue is called 'tunnel'",
        "21:1: field 'tag': #D takes 5 fields (actor, issue, position, salience, power) and the row has 4",
        "22:2: field 'actor': 'Blue' stands twice on this issue (rows 10 and 22)",
        "23:4: field 'position': 101 is above 100",
        "23:6: field 'power': -1 is below 0",
        "24:2: field 'actor': 'Red Party' stands twice on this issue (rows 9 and 24)",
    ]


def test_numbers_carry_doubt_and_a_blank_is_absence_as_in_any_table(tmp_path: Path) -> None:
    """A stance is a stance, whatever file it stands in; what is no number is told."""
    rows = [*ROWS, ["#D", "Red Party", "zone", "40 ± 5", "", "2"], ["#D", "Blue", "zone", "much", "1", "4"]]
    found = read(tmp_path, lines(rows))
    assert "13:2: field 'actor': 'Blue' stands twice on this issue (rows 11 and 13)" in told(found)
    rows[-2:] = [["#D", "Red Party", "zone", "40 ± 5", "0.5", "2"]]
    assert str(read(tmp_path, lines(rows)).require().stances["zone"]["red-party"].position) == "40 ± 5"
    rows[-1][4] = ""
    found = read(tmp_path, lines(rows))
    assert "red-party" not in found.require().stances["zone"]
    assert any("1 row has no position or no salience" in one for one in told(found, "warning"))


def test_a_separator_in_the_last_field_belongs_to_its_text(tmp_path: Path) -> None:
    """And nothing is told of a row that reads well."""
    rows = [*ROWS, ["#M", "zone", "0", "none"], ["#M", "zone", "100", "all; as before; and more"]]
    found = read(tmp_path, lines(rows, ";"))
    assert found.require().issues["zone"].scale == {0: "none", 100: "all; as before; and more"}
    assert found.require().actors["Blue"].note is None


def test_of_a_row_that_was_refused_nothing_more_is_told(tmp_path: Path) -> None:
    """A scale whose other point was refused is not called too short."""
    found = read(tmp_path, lines([*ROWS, ["#M", "zone", "5"], ["#M", "zone"]]))
    assert [message.split(":")[0] for message in told(found)] == ["13"]


def test_marks_are_not_taken_as_per_cent(tmp_path: Path) -> None:
    """Nor shares beside per cent."""
    marks = [[*row[:4], "5", *row[5:]] if row[0] == "#D" else row for row in ROWS]
    assert "marks from 1 to 5" in read(tmp_path, lines(marks)).errors[0].message
    mixed = read(tmp_path, lines([*ROWS, ["#D", "Red Party", "zone", "0", "80", "1"]]))
    assert (
        "mixes shares (0..1), as '0.5' in row 9, and per cent (0..100), as '80' in row 12"
        in mixed.errors[0].message
    )


def test_a_scale_of_one_point_is_told(tmp_path: Path) -> None:
    """It has no other end."""
    assert told(read(tmp_path, lines([*ROWS, ["#M", "zone", "5"]]))) == [
        "12:3: field 'position': a scale needs two points at least"
    ]


def test_a_file_without_actors_is_refused(tmp_path: Path) -> None:
    """Comments alone are no case."""
    found = read(tmp_path, "#O\tNothing\n")
    assert [error.message for error in found.errors] == ["names no actors, or no issues"]


def test_only_the_first_line_tells_the_format(tmp_path: Path) -> None:
    """A table whose later rows begin with a tag is a table."""
    assert read(tmp_path, "actor,position,salience,influence\n#A,0,1,1\nB,1,1,1\n").format == "csv"
    assert read(tmp_path, "#A\n").format == "decide"


def test_what_is_lost_is_told(tmp_path: Path) -> None:
    """Doubt, lines, parts that have no tag, and influence without a stance."""
    case = Case.from_dict(
        {
            "title": "Talks",
            "actors": {
                "a": {"name": "A", "influence": "1..3", "note": "two\nlines"},
                "b": {"name": "B", "influence": 1, "country": "NOR"},
            },
            "issues": {"x": {"name": "X", "scale": {0: "none", 10: "all"}, "no_deal": 5}},
            "stances": {"x": {"a": {"position": "5 ± 1", "salience": 0.5}}},
        }
    )
    warnings = export_case(case, tmp_path / "talks.decide.txt")
    assert [warning.message for warning in warnings] == [
        "actors.*.country is not kept",
        "issues.*.no_deal is not kept",
        "2 numbers with doubt became exact: the mean of each is kept",
        "1 texts were written on one line",
        "the influences of 1 actors without a stance are not kept",
    ]
    back = import_case(tmp_path / "talks.decide.txt").require()
    assert back.issues["x"].scale == {0: "none", 10: "all"}
    assert str(back.actors["a"].influence) == "2"
    assert back.actors["a"].note == "two lines"
