"""KTAB's files are read as KTAB reads them, and what it would refuse is made to fit or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from detente.case import Case
from detente.case.formats import Imported, export_case, import_case
from detente.case.formats.cells import guarded
from detente.case.formats.ktab import is_ktab, short_names
from detente.errors import FormatError, Problem
from tests.case.formats import literal_ktab
from tests.case.formats.strategies import cases

GOOD = 'Talks , "A test, of sorts", 3, 2,\r\nActor,Desc,Power,First,S1,Second,S2,\r\n'
ROWS = "A, one, 1, 0, 50, 100, 50,\r\nB,,2.5,10,1,20,2\r\nC,x,0,5,0,5,0,\r\n"


def read(folder: Path, text: str, name: str = "talks.csv") -> Imported:
    """Return what a file says."""
    path = folder / name
    path.write_bytes(text.encode())
    return import_case(path)


def told(found: Imported, severity: str = "error") -> list[str]:
    """Return the problems with row and column."""
    return [f"{one.line}:{one.column}: {one.message}" for one in found.problems if one.severity == severity]


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """Blanks, quotation marks, line ends and commas at the ends of lines do not matter."""
    found = read(tmp_path, GOOD + ROWS)
    case = found.require()
    assert (found.format, case.title, case.note) == ("ktab", "Talks", "A test, of sorts")
    assert {key: issue.name for key, issue in case.issues.items()} == {"first": "First", "second": "Second"}
    assert case.actors["a"].note == "one"
    assert str(case.actors["b"].influence) == "2.5"
    assert str(case.stances["second"]["b"].salience) == "0.02"
    assert (case.issues["first"].low, case.issues["first"].high) == (0, 100)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Counts, names, numbers: each with row and column."""
    rows = "A,,-1,0,50,100,50\n,,1,101,1,20,x\nA,,1,,1 ± 1,5,0,0,9\nD,,1e9,0,0,0,0\n"
    assert told(read(tmp_path, GOOD + rows)) == [
        "1:3: the file announces 3 actors but has 4",
        "3:3: column 'Power': -1 is below 0",
        "4:1: column 'Actor': is blank",
        "5:1: column 'Actor': 'A' stands twice on this issue (rows 3 and 5)",
        "5:8: a cell beyond the last heading",
    ]


def test_blanks_take_no_part_and_other_programs_doubt_is_read(tmp_path: Path) -> None:
    """An actor without a number on a dimension is absent there, and told; numbers are as in any table."""
    found = read(tmp_path, GOOD + "A,,1,0,50,,50\nB,,1,10 ± 1,5 ± 1,0,x\nC,,1,101,120,0,0\n")
    assert [one.partition(";")[0] for one in told(found)] == [
        "4:7: column 'S2': 'x' is not a number",
        "5:4: column 'First': 101 is above 100",
        "5:5: column 'S1': 120 is above 100",
    ]
    found = read(tmp_path, GOOD + "A,,1,0,50,,50\nB,,1,10 ± 1,5 ± 1,0,1\nC,,1,100,12,0,0\n")
    assert str(found.require().stances["first"]["b"].salience) == "0.05 ± 0.01"
    assert "a" not in found.require().stances["second"]
    message = "1 row has no position or no salience: there the actor takes no part (row 3: 'A')"
    assert any(message in one for one in told(found, "warning"))


def test_numbers_are_told_as_they_stand(tmp_path: Path) -> None:
    """A salience on KTAB's scale, not as the share that it becomes."""
    found = read(tmp_path, GOOD + "A,,1,0,120,0,-5\nB,,1,0,5,0,1\nC,,1,0,0,0,0\n")
    faults = [(one.line, one.column, one.message.partition(": ")[2], one.value) for one in found.errors]
    assert faults == [(3, 5, "120 is above 100", "120"), (3, 7, "-5 is below 0", "-5")]
    assert {one.hint for one in found.errors} == {"use 0..100"}


def test_a_row_cut_off_and_a_word_for_a_number_are_no_absence(tmp_path: Path) -> None:
    """They are refused, with a question mark in the case to complete."""
    found = read(tmp_path, GOOD + "A,,1,0,50,100\nB,,nan,10,1,NaN,2\nC,x,0,5,0,5,\n")
    assert told(found) == [
        "3:7: the row has 6 cells, and there are 7 headings",
        "4:3: column 'Power': 'nan' is not a number",
        "4:6: column 'Second': 'NaN' is not a number",
    ]
    assert [one for one in told(found, "warning") if "takes no part" in one] == [
        "None:None: 1 row has no position or no salience: there the actor takes no part (row 5: 'C')"
    ]
    assert found.partial is not None
    assert found.partial["actors"]["b"]["influence"] == "?"
    stances = found.partial["stances"]["second"]
    assert (stances["a"]["salience"], stances["b"]["position"], "c" in stances) == ("?", "?", False)


def test_headings_must_fit_the_dimensions(tmp_path: Path) -> None:
    """Else it is not known which number is what."""
    found = read(tmp_path, GOOD.replace(" 2,\r", " 3,\r") + ROWS)
    assert "2:7: 3 dimensions need 9 headings, but there are 7" in told(found)


@pytest.mark.parametrize("title", ["{Talks", "<Talks", "---", "detente: 1"])
def test_titles_do_not_tell_the_format(tmp_path: Path, title: str) -> None:
    """A file is KTAB's by its counts and headings, whatever its first word looks like."""
    found = read(tmp_path, GOOD.replace("Talks", title) + ROWS)
    assert (found.format, found.require().title) == ("ktab", title)


def test_a_text_that_is_no_table_is_not_ktab() -> None:
    """Whatever its first lines hold."""
    assert is_ktab(GOOD)
    assert not is_ktab("a,b,1,2\n")
    assert not is_ktab("a,b,1,x\nActor,Desc,Power,First,S1\n")
    assert not is_ktab("a,b,1,2\n" + '"' + "x" * 140_000)


def test_what_follows_the_counts_is_told(tmp_path: Path) -> None:
    """One sample has a number there that nobody explains."""
    found = read(tmp_path, GOOD.replace(" 2,\r", " 2,0,,\r") + ROWS)
    assert found.case is not None
    assert "1:5: what follows the number of dimensions was not read: 0" in told(found, "warning")


def test_blank_headings_become_numbered_dimensions(tmp_path: Path) -> None:
    """And equal ones get ids of their own."""
    case = read(tmp_path, GOOD.replace("First,", ",").replace("Second", "Dimension 1") + ROWS).require()
    assert {key: issue.name for key, issue in case.issues.items()} == {
        "dimension-1": "Dimension 1 (dimension-1)",
        "dimension-1-2": "Dimension 1 (dimension-1-2)",
    }


def xml(actors: str, extra: str = "", dimensions: str = "<dName>Tax</dName>") -> str:
    """Return a scenario."""
    head = f"<name>Talks</name><desc>Test</desc><Dimensions>{dimensions}</Dimensions>"
    return f'<?xml version="1.0"?>\n<Scenario>{head}{extra}<Actors>{actors}</Actors></Scenario>'


def actor(name: str, power: str = "1", position: str = "50", salience: str = "40") -> str:
    """Return an actor on a line of its own."""
    return (
        f"\n<Actor><name>{name}</name><capability>{power}</capability>"
        f"<Position><dCoord>{position}</dCoord></Position><Salience><dSal>{salience}</dSal></Salience></Actor>"
    )


def test_a_scenario_in_xml_is_read_without_its_parameters(tmp_path: Path) -> None:
    """The numbers are taken, and it is told what was not."""
    extra = "<ModelParameters/><prngSeed>1</prngSeed><IdealAdjustment/>"
    found = read(tmp_path, xml(actor("A") + actor("B", "2", "0", "100"), extra), "talks.xml")
    case = found.require()
    assert (found.format, case.title, case.note) == ("ktab-xml", "Talks", "Test")
    assert str(case.stances["tax"]["b"].salience) == "1"
    message = "None:None: not read: the parameters of the model, the seed, the adjustments of ideal positions"
    assert message in told(found, "warning")


def test_all_faults_in_xml_are_told_at_once(tmp_path: Path) -> None:
    """With line and column."""
    actors = (
        actor("A", "-1", "101", "x") + actor("", "") + actor("A", "1 ± 1") + "\n<Actor><name>D</name></Actor>"
    )
    found = read(tmp_path, xml(actors), "talks.xml")
    assert [f"{one.line}: {one.message}" for one in found.errors] == [
        "3: element 'capability': -1 is below 0",
        "3: element 'dCoord': 101 is above 100",
        "3: element 'dSal': 'x' is not a number; write 40, 40 ± 10, 20..60, 20..35..60 or [30, 45 ± 5]",
        "4: element 'name': is blank",
        "5: element 'name': 'A' stands twice on this issue (rows 3 and 5)",
        "6: 'D' has 0 elements dCoord for 1 dimensions",
        "6: 'D' has 0 elements dSal for 1 dimensions",
    ]
    found = read(tmp_path, xml(actor("A", "1", "101") + actor("B", "")), "talks.xml")
    assert [f"{one.line}:{one.column}: {one.message}" for one in found.errors] == [
        "3:58: element 'dCoord': 101 is above 100",
        "4:22: element 'capability': is blank",
    ]
    bare = read(tmp_path, "<Scenario/>", "bare.xml")
    assert [one.message for one in bare.errors][:2] == [
        "the scenario has no dimensions",
        "the scenario has no actors",
    ]
    nameless = read(tmp_path, xml(actor("A") + actor("B"), "", "<dName/>"), "talks.xml")
    assert nameless.require().issues["dimension-1"].name == "Dimension 1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html/>", "in no known format: its root element is 'html'"),
        ("<Scenario>", "not XML: no element found"),
        ("<Scenario><a></Scenario>", "not XML: mismatched tag"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><Scenario>&b;</Scenario>', "declares a document type or entity"),
        ('<?xml version="1.0" encoding="no-such"?><Scenario/>', "not XML: unknown encoding"),
        ("<Scenario>" + "<a>" * 40 + "</a>" * 40 + "</Scenario>", "nested too deep"),
    ],
)
def test_xml_that_is_no_scenario_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """Before anything in it is believed."""
    found = read(tmp_path, text, "talks.xml")
    assert len(found.errors) == 1
    assert message in found.errors[0].message


def talks(**changes: Any) -> Case:
    """Return a case of three actors and two issues, with changes."""
    data: dict[str, Any] = {
        "title": "Talks",
        "actors": {key: {"name": key.upper(), "influence": 1} for key in "abc"},
        "issues": {
            key: {"name": key, "scale": {0: "lowest position", 100: "highest position"}} for key in ("x", "y")
        },
        "stances": {
            issue: {key: {"position": 10 * number, "salience": 0.5} for number, key in enumerate("abc")}
            for issue in ("x", "y")
        },
    }
    return Case.from_dict(data).with_(changes)


def write(case: Case, folder: Path) -> tuple[Case, list[str]]:
    """Return the case that KTAB would read, and what writing it warned of."""
    path = folder / "talks.ktab.csv"
    warnings = export_case(case, path)
    found = import_case(path)
    assert found.format == "ktab"
    return found.require(), [warning.message for warning in warnings]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_ktab_itself_takes_what_is_written_for_it(case: Case, tmp_path: Path) -> None:
    """By the checks of its published source, with the numbers that we read from the same file."""
    assume(len(case.actors) >= 3)
    path = tmp_path / "talks.ktab.csv"
    export_case(case, path)
    read, back = literal_ktab.read_ktab(path.read_bytes()), import_case(path).require()
    assert list(read.actors) == [guarded(actor.name) for actor in back.actors.values()]
    assert list(read.dimensions) == [guarded(issue.name) for issue in back.issues.values()]
    for d, stances in enumerate(back.stances.values()):
        assert [one[d] for one in read.position] == [stance.aim.mean for stance in stances.values()]
        shares = [one[d] / 100 for one in read.salience]
        assert shares == pytest.approx([stance.salience.mean for stance in stances.values()], abs=1e-12)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"actors.a.name": "Ministère de l’Économie"}, "Ministère de l’Économ"),
        ({"actors.a.name": 'The "Group, of Five"'}, "The 'Group, of Five'"),
        ({"actors.a.name": "=Office for the $$ Union"}, "'=Office for the $ Union"),
        ({"actors.a.influence": 1e8}, "A"),
        ({"stances.x.a.salience": 0.571, "stances.y.a.salience": 0.429}, "A"),
    ],
)
def test_what_ktab_would_refuse_or_read_otherwise_is_written_otherwise(
    changes: dict[str, Any], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "talks.ktab.csv"
    export_case(talks(**changes), path)
    assert literal_ktab.read_ktab(path.read_bytes()).actors[0] == told


def test_what_fits_is_written_as_it_is(tmp_path: Path) -> None:
    """Without a warning."""
    assert write(talks(), tmp_path) == (talks(), [])


def test_saliences_that_add_up_to_too_much_are_scaled_by_one_factor(tmp_path: Path) -> None:
    """So that they keep their ratios, and nobody's exceed 100 by a rounding."""
    case = talks(**{"stances.x.a.salience": 1, "stances.y.a.salience": 2 / 3})
    back, warnings = write(case, tmp_path)
    assert warnings == ["all saliences were multiplied by 0.600000"]
    shares = [back.stances[issue]["a"].salience.mean for issue in ("x", "y")]
    assert shares == pytest.approx([0.6, 0.4], abs=1e-9)
    assert sum(shares) <= 1
    assert back.stances["x"]["b"].salience.mean == pytest.approx(0.3)


def test_other_scales_are_moved_to_a_hundred(tmp_path: Path) -> None:
    """Position by position, and told."""
    data = talks().to_dict()
    data["issues"]["x"]["scale"] = {"-10": "lowest position", "30": "highest position"}
    back, warnings = write(Case.from_dict(data), tmp_path)
    assert [stance.aim.mean for stance in back.stances["x"].values()] == [25, 50, 75]
    assert warnings == ["positions on 'x' were moved from -10..30 to 0..100"]


def test_doubt_becomes_its_mean(tmp_path: Path) -> None:
    """The mean within the scale, and told with the number of them."""
    back, warnings = write(
        talks(**{"stances.x.a.position": "0 ± 10", "actors.b.influence": "1..3"}), tmp_path
    )
    assert back.stances["x"]["a"].aim.mean == pytest.approx(7.9788, abs=1e-4)
    assert str(back.actors["b"].influence) == "2"
    assert warnings == ["2 numbers with doubt became exact: the mean of each is kept"]


def test_influence_that_differs_goes_into_the_salience(tmp_path: Path) -> None:
    """The weight on each issue is kept."""
    case = talks(**{"stances.x.a.influence": 4, "stances.y.a.influence": 1})
    back, warnings = write(case, tmp_path)
    assert str(back.actors["a"].influence) == "4"
    weights = {
        issue: back.influence(issue, "a").mean * back.stances[issue]["a"].salience.mean
        for issue in ("x", "y")
    }
    assert weights == {"x": 2, "y": 0.5}
    assert warnings == [
        "1 actors have another influence on another issue: the difference is in the salience now"
    ]


def test_absence_is_written_as_no_weight_at_the_mean(tmp_path: Path) -> None:
    """KTAB has no absence; the mean of the others moves nothing."""
    back, warnings = write(
        talks(
            **{"stances.x.a": None, "stances.y.b.salience": 0, "stances.y.c.salience": 0, "stances.y.a": None}
        ),
        tmp_path,
    )
    assert (back.stances["x"]["a"].aim.mean, back.stances["x"]["a"].salience.mean) == (15, 0)
    assert back.stances["y"]["a"].aim.mean == 50
    assert str(back.actors["a"].influence) == "1"
    assert warnings == ["2 absences were written as the mean position with salience 0"]


def test_very_large_influence_is_scaled_down(tmp_path: Path) -> None:
    """KTAB refuses a capability above a hundred million; only ratios matter."""
    back, warnings = write(talks(**{"actors.a.influence": 5e9, "actors.b.influence": 1e9}), tmp_path)
    powers = [back.quantities[f"actors.{actor}.influence"].mean for actor in back.actors]
    assert powers[0] <= 1e8
    assert powers[0] == pytest.approx(5 * powers[1])
    assert "all influences were multiplied by" in warnings[0]


def test_long_names_are_shortened_and_told_apart(tmp_path: Path) -> None:
    """To 25 characters, whatever they begin with."""
    long = "The Association of Very Small States"
    case = talks(**{"actors.a.name": long, "actors.b.name": long + " II", "actors.c.note": "x\ny" * 200})
    back, warnings = write(case, tmp_path)
    assert [actor.name for actor in back.actors.values()] == [
        "The Association of Very S",
        "The Association of Very 2",
        "C",
    ]
    assert len(warnings) == 2
    assert short_names({"a": "Bob", "b": "BOB"}, 25) == {"a": "Bob", "b": "BOB 2"}


@pytest.mark.parametrize("count", [2, 251])
def test_too_few_or_too_many_actors_are_refused(tmp_path: Path, count: int) -> None:
    """Nothing is written."""
    data = talks().to_dict()
    data["actors"] = {f"a{number}": {"name": "A", "influence": 1} for number in range(count)}
    data["stances"] = {}
    with pytest.raises(FormatError, match=f"KTAB takes 3 to 250 actors, and the case has {count}"):
        export_case(Case.from_dict(data), tmp_path / "talks.ktab.csv")
    assert not list(tmp_path.iterdir())


def test_what_is_lost_is_told(tmp_path: Path) -> None:
    """Part by part."""
    case = talks(
        **{
            "issues.x.no_deal": 5,
            "stances.x.a.note": "n",
            "question": "q",
            "issues.y.scale": {"0": "none", "100": "all"},
        }
    )
    problems: list[Problem] = export_case(case, tmp_path / "talks.ktab.csv")
    assert [problem.message for problem in problems] == [
        "question is not kept",
        "issues.*.no_deal is not kept",
        "stances.*.*.note is not kept",
        "issues.*.scale (what its anchors mean) is not kept",
    ]
