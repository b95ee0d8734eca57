"""Files of other programs, as they are: what each says, or why it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case import Case
from detente.case.formats import export_case, import_case
from detente.case.loading import load

CATALOG = Path(__file__).resolve().parents[3] / "src" / "detente" / "catalog"

# file → format, (actors, issues, stances)
USABLE = {
    "decide/cop21.csv": ("decide", (15, 13, 181)),
    "decide/copenhagen.csv": ("decide", (11, 7, 75)),
    "decide/sample_data.txt": ("decide", (10, 6, 60)),
    "emission/emission_ExampleActors.csv": ("csv", (10, 1, 10)),
    "ktab/SOE-Competitive.csv": ("ktab", (34, 1, 34)),
    "ktab/SOE-Pol-Comp.csv": ("ktab", (13, 2, 26)),
    "ktab/SOE-Policy.csv": ("ktab", (26, 1, 26)),
    "ktab/dummyData-a040.csv": ("ktab", (40, 1, 40)),
    "ktab/dummyData-a080.csv": ("ktab", (80, 1, 80)),
    "ktab/dummyData-a160.csv": ("ktab", (160, 1, 160)),
    "ktab/dummyData_3Dim-no-final-comma.csv": ("ktab", (7, 3, 21)),
    "ktab/dummyData_3Dim.csv": ("ktab", (7, 3, 21)),
    "ktab/dummyData_3Dim.xml": ("ktab-xml", (7, 3, 21)),
    "ktab/dummyData_6Dim.csv": ("ktab", (27, 6, 162)),
    "ktab/smpExample.xml": ("ktab-xml", (5, 3, 14)),  # one position is blank: there the actor takes no part
    "misc/Iranian_Election.csv": ("csv", (8, 1, 8)),
    "misc/Litigation_Case_Study_2.csv": ("csv", (46, 1, 46)),
    "misc/OIL_PREANA.csv": ("csv", (17, 1, 17)),
    "misc/Sultan.csv": ("csv", (17, 1, 17)),
    "misc/WW1.csv": ("csv", (10, 1, 10)),
    "misc/WW1_BDM.csv": ("csv", (7, 1, 7)),
    "misc/WW1_mod.csv": ("csv", (12, 1, 12)),
}
# file → place (row, column) and a part of the message of each error, all of them
REFUSED: dict[str, list[tuple[int | None, int | None, str]]] = {
    "README.md": [(1, None, "in no known format")],
    "decide/copenhagen_with_errors.csv": [
        (86, 4, "160 is above 100"),
        (87, 6, "-0.247 is below 0"),
    ],
    "deu/deu-paired-differences_train_dev.csv": [(1, None, "among the headings 'issue_id', 'dossier'")],
    "deu/deu3_split_train_dev.json": [(None, None, "in no known format: a case file has the parts")],
    "deu/deu3_train_dev.csv": [(None, None, "issues, and a case has at most 200")],
    "ktab/20170530_ref-SOE-Pol-Comp.txt": [(1, None, "in no known format")],
    "ktab/20170530_ref-dummyData_3Dim.txt": [(1, None, "in no known format")],
    "ktab/SOE-data-from-paper.xlsx": [
        (None, None, "each hold a table of stances"),
        (36, None, "a second table begins here"),
    ],
    "misc/Litigation_Case_Study.csv": [
        (13, 1, "'Local Democrat' stands twice on this issue (rows 11 and 13)"),
        (33, 1, "'Attorney' stands twice on this issue (rows 32 and 33)"),
        (34, 1, "'Attorney' stands twice on this issue (rows 32 and 34)"),
        (39, 1, "'Section Chief' stands twice on this issue (rows 31 and 39)"),
    ],
    "misc/Litigation_Case_Study_orig.csv": [
        (13, 1, "'Local Democrat' stands twice"),
        (33, 1, "'Attorney' stands twice"),
        (34, 1, "'Attorney' stands twice"),
        (39, 1, "'Section Chief' stands twice"),
    ],
    "misc/ktab-china-2014.json": [(None, None, "in no known format: a case file has the parts")],
}


def size(case: Case) -> tuple[int, int, int]:
    """Return the numbers of actors, issues and stances."""
    return len(case.actors), len(case.issues), sum(len(stances) for stances in case.stances.values())


def test_every_file_of_the_collection_is_told_about(shared_data: Path) -> None:
    """The two tables above name all files there are."""
    folder = shared_data / "bargaining"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == set(USABLE) | set(REFUSED)


@pytest.mark.parametrize("name", USABLE)
def test_a_usable_file_becomes_a_case(shared_data: Path, name: str) -> None:
    """Format and size are as expected."""
    found = import_case(shared_data / "bargaining" / name)
    assert not found.errors
    assert (found.format, size(found.require())) == USABLE[name]


@pytest.mark.parametrize("name", REFUSED)
def test_an_unusable_file_is_refused_with_every_reason(shared_data: Path, name: str) -> None:
    """Each error is told once, with row and column."""
    path = shared_data / "bargaining" / name
    found = import_case(path)
    assert found.case is None
    assert [(error.line, error.column) for error in found.errors] == [place[:2] for place in REFUSED[name]]
    for error, (_, _, part) in zip(found.errors, REFUSED[name], strict=True):
        assert part in error.message
        assert error.file == str(path)


@pytest.mark.parametrize(
    "name", [name for name in USABLE if name != "ktab/smpExample.xml"]
)  # an absence: told
def test_a_real_case_comes_back_in_its_own_format(shared_data: Path, tmp_path: Path, name: str) -> None:
    """Import, export and import give the same case; nothing is lost on the way."""
    path = shared_data / "bargaining" / name
    case = import_case(path).require()
    kind = USABLE[name][0].removesuffix("-xml")
    copy = tmp_path / f"{path.stem}.txt"
    assert export_case(case, copy, kind) == []
    back = import_case(copy)
    assert back.require() == case
    assert back.format == kind


@pytest.mark.parametrize("kind", ["yaml", "json", "csv", "xlsx"])
@pytest.mark.parametrize("name", USABLE)
def test_a_real_case_survives_richer_formats(shared_data: Path, tmp_path: Path, name: str, kind: str) -> None:
    """Whatever a plain file says, the formats that hold more hold as well, but for notes in tables."""
    path = shared_data / "bargaining" / name
    case = import_case(path).require()
    copy = tmp_path / f"{path.stem}.{kind}"
    warnings = export_case(case, copy, kind)
    back = import_case(copy).require()
    if kind != "csv":
        assert (back, warnings) == (case, [])
    assert back.quantities == case.quantities


def test_the_catalog_survives_a_workbook(tmp_path: Path) -> None:
    """Sources, scenarios, correlations, doubt and red lines: the whole of each worked case comes back."""
    files = sorted(CATALOG.glob("*.yaml"))
    assert files
    for path in files:
        case = load(path)
        copy = tmp_path / f"{path.stem}.xlsx"
        assert export_case(case, copy) == []
        assert import_case(copy).require() == case


def test_the_same_scenario_in_xml_and_csv_is_the_same_case(shared_data: Path) -> None:
    """KTAB's two formats of one data set say the same."""
    folder = shared_data / "bargaining" / "ktab"
    assert import_case(folder / "dummyData_3Dim.xml").case == import_case(folder / "dummyData_3Dim.csv").case


def test_numbers_are_those_of_the_files(shared_data: Path) -> None:
    """Single numbers, looked up by hand in the files."""
    folder = shared_data / "bargaining"
    emission = import_case(folder / "emission" / "emission_ExampleActors.csv").require()
    issue = emission.issues["emission_exampleactors"]
    assert (issue.low, issue.high) == (4, 10)
    assert emission.quantities["stances.emission_exampleactors.ireland.salience"].mean == 0.1
    soe = import_case(folder / "ktab" / "SOE-Pol-Comp.csv").require()
    assert soe.title == "China Policy/Competitive; scen 2"
    assert soe.actors["wy"].note == "CNOOC - Wang Yilin"
    assert soe.stances["competitive-position"]["zg"].salience.mean == 0.651
    toll = import_case(folder / "decide" / "sample_data.txt").require()
    assert (toll.issues["tol-hoogte"].low, toll.issues["tol-hoogte"].high) == (0.5, 7)
    cop = import_case(folder / "decide" / "copenhagen.csv").require()
    assert cop.actors["eu-incl-norway"].name == "EU (incl Norway)"
    assert cop.stances["Control"]["Russia"].aim.mean == 60
    assert "Russia" not in cop.stances["Commitments"]
