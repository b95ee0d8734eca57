"""What could be read of a refused file is handed over as a case file to complete."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from detente.case.checked import check_text
from detente.case.formats import import_case
from detente.case.formats.draft import UNKNOWN, to_complete
from detente.case.reading import read_yaml

TIDY = "actor,issue,position,salience,influence\n"
KTAB = (
    "Pipeline,Invented,3,1\nActor,Description,Power,Route,SalRoute\n"
    "North,,100,20,50\nSouth,,60,{},40\nTransit,,30,70,60\n"
)
DECIDE = "#A\tn\tNorth\n#A\ts\tSouth\n#P\tq\tQuota\n#M\tq\t0\tnone\n#M\tq\t100\tall\n#D\tn\tq\t40\t0.5\t10\n"


def handed_over(folder: Path, name: str, text: str) -> str:
    """Return the case file to complete of a file that is refused."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = import_case(path)
    assert found.case is None
    assert found.partial is not None
    return to_complete(found.partial, found.errors, str(path))


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "a.csv",
            TIDY + "A,q,40,0.8,\nB,q,80,0.6,2\n",
            '    a: {position: 40, salience: 0.8, influence: "?"}',
        ),
        (
            "a.csv",
            TIDY + "A,q,about 40,0.8,1\nB,q,80,0.6,2\n",
            "    a: {position: about 40, salience: 0.8}  # column",
        ),
        ("a.csv", TIDY + "A,q,40,0.8,1\nB,q,80,60,2\n", '    a: {position: 40, salience: "?"}'),
        ("a.csv", "Stakeholder,Weight\nA,3\nB,4\n", '    a: {position: "?", salience: 1}'),
        ("a.csv", "Ideal,Weight\n30,3\n40,4\n", "    who-is-row-2: {position: 30, salience: 1}"),
        ("a.csv", KTAB.format("much"), "    south: {position: much, salience: 0.4}  # column"),
        ("a.txt", DECIDE + "#D\ts\tq\tmuch\t0.9\t5\n", "    s: {position: much, salience: 0.9}  # field"),
        (
            "a.txt",
            DECIDE + "#D\ts\tq\t60\t0.9\tx\n",
            "  s: {name: South, influence: x}  # field",
        ),
    ],
)
def test_what_is_missing_is_a_question_mark_and_all_else_is_kept(
    name: str, text: str, line: str, tmp_path: Path
) -> None:
    written = handed_over(tmp_path, name, text)
    assert any(one.startswith(line) for one in written.splitlines()), written
    assert written.startswith(f"# Read in part from {name}. ")
    assert not read_yaml(written).problems


def test_what_is_to_complete_is_listed_and_completed_it_is_a_case(tmp_path: Path) -> None:
    """A number that is missing is one still to be judged, as in a case drafted from documents."""
    written = handed_over(tmp_path, "a.csv", TIDY + "A,q,40,0.8,\nB,q,80,0.6,2\n")
    checked = check_text(written, Path("a.yaml"))
    assert checked.errors == ()
    assert [one.path for one in checked.warnings if "to be judged" in one.message] == [
        "stances.q.a.influence"
    ]
    assert check_text(written.replace(f'"{UNKNOWN}"', "3"), Path("a.yaml")).case is not None


def test_what_a_file_says_cannot_leave_its_comment(tmp_path: Path) -> None:
    """A name with a line break or a mark that turns text round stays in the line."""
    text = TIDY + '"A\nactors: {}",q,x\u202ey,0.8,1\nB,q,80,0.6,2\n'
    assert not read_yaml(handed_over(tmp_path, "a.csv", text)).problems


def test_of_what_is_no_table_nothing_is_handed_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("one,two\n1,2\n", encoding="utf-8")
    assert import_case(tmp_path / "a.csv").partial is None


def test_of_a_pay_off_matrix_the_order_of_what_was_read_is_kept(tmp_path: Path) -> None:
    written = handed_over(tmp_path, "a.csv", ',Stay,Go\nStay,"3,3","0,x"\nGo,"5,0","1,1"\n')
    data = read_yaml(written).data["game"]
    first, second = (wants["ranking"] for wants in data["preferences"].values())
    assert (first[0], first[-1], second[0], second[-1]) == ("go-stay", UNKNOWN, "stay-stay", UNKNOWN)
    assert len(data["states"]) == 4
    completed = written.replace(f'"{UNKNOWN}"', "stay-go")
    assert check_text(completed, Path("a.yaml")).case is not None


def test_of_damaged_files_the_place_and_the_way_out_are_told(tmp_path: Path) -> None:
    """They are not read in part: spreadsheet programs mend workbooks better than we could."""
    (tmp_path / "a.xml").write_text("<Scenario><name>Talks</name>\n<Actors><Sal", encoding="utf-8")
    found = import_case(tmp_path / "a.xml")
    assert (found.case, found.partial, found.errors[0].line) == (None, None, 2)
    assert "not XML: " in found.errors[0].message
    for damaged, message in (
        (workbook()[:-700], "not a workbook, or damaged"),
        (
            workbook({b"</sheetData>": b""}),
            "'xl/worksheets/sheet1.xml' is not as spreadsheet programs write it",
        ),
        (workbook({b'Target="/xl/worksheets/sheet1': b'Target="/xl/x'}), "'xl/x.xml' is not as"),
    ):
        (tmp_path / "a.xlsx").write_bytes(damaged)
        found = import_case(tmp_path / "a.xlsx")
        assert (found.case, found.partial) == (None, None)
        assert message in found.errors[0].message
        assert found.errors[0].hint is not None


def workbook(instead: dict[bytes, bytes] | None = None) -> bytes:
    """Return a workbook with sixty stances on one sheet, and a second sheet, with some of its XML changed."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Actor", "Issue", "Position", "Salience", "Influence"])
    for row in range(60):
        sheet.append([f"Party {row}", "Quota", row, 0.5, row % 7 + 1])
    book.create_sheet("Notes").append(["hello"])
    stream, changed = io.BytesIO(), io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in (instead or {}).items():
                part = part.replace(before, after)
            new.writestr(name, part)
    return changed.getvalue()


@pytest.mark.parametrize("number", ["9" * 400, "1e999", "-1e999", "nan", "9" * 5000, "1..2"])
def test_a_number_in_a_workbook_that_no_computer_holds_is_refused_in_its_cell(
    number: str, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook({b"<v>59</v>": f"<v>{number}</v>".encode()}))
    found = import_case(tmp_path / "a.xlsx")
    assert found.case is None
    assert [(one.line, one.column) for one in found.errors] == [(61, 3)]
    assert "holds what cannot be read" in found.errors[0].message
    assert found.partial is not None
    assert len(found.partial["stances"]["quota"]) == 59
