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
        ("a.csv", KTAB.format("much"), '    south: {position: "?", salience: 0.4}'),
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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", ',Stay,Go\nStay,"3,3","0,x"\nGo,"5,0","1,1"\n'),
        (
            "a.yaml",
            "players: [A, B]\nstrategies: [[Stay, Go], [Stay, Go]]\npayoffs: [[[3, 3], [0]], [[5, 0], [1, 1]]]\n",
        ),
    ],
)
def test_of_a_pay_off_matrix_the_order_of_what_was_read_is_kept(name: str, text: str, tmp_path: Path) -> None:
    written = handed_over(tmp_path, name, text)
    data = read_yaml(written).data["game"]
    first, second = (wants["ranking"] for wants in data["preferences"].values())
    assert (first[0], first[-1], second[0], second[-1]) == ("go-stay", UNKNOWN, "stay-stay", UNKNOWN)
    assert len(data["states"]) == 4
    completed = written.replace(f'"{UNKNOWN}"', "stay-go")
    assert check_text(completed, Path("a.yaml")).case is not None


def test_of_damaged_xml_all_before_the_damage_is_kept(tmp_path: Path) -> None:
    def actor(name: str, place: int) -> str:
        numbers = f"<Position><dCoord>{place}</dCoord></Position><Salience><dSal>60</dSal></Salience>"
        return f"<Actor><name>{name}</name><capability>3</capability>{numbers}</Actor>\n"

    begun = "<Scenario><name>Talks</name><Dimensions><dName>Quota</dName></Dimensions>\n<Actors>"
    text = begun + actor("North", 20) + actor("South", 80).replace("<Salience>", "<Sal")
    written = handed_over(tmp_path, "a.xml", text)
    assert "not XML: " in written
    data = read_yaml(written).data
    assert data["stances"] == {"quota": {"north": {"position": 20, "salience": 0.6}}}
    assert list(data["actors"]) == ["north", "south"]
    (tmp_path / "a.xml").write_text("<Scenario><name>Talks", encoding="utf-8")
    assert import_case(tmp_path / "a.xml").partial is None


def workbook() -> bytes:
    """Return a workbook with sixty stances on one sheet, and a second sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Positions"
    sheet.append(["Actor", "Issue", "Position", "Salience", "Influence"])
    for row in range(60):
        sheet.append([f"Party {row}", "Quota", row, 0.5, row % 7 + 1])
    book.create_sheet("Notes").append(["hello"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def part_of(content: bytes, name: str) -> tuple[int, int]:
    """Return where the packed content of a part begins and ends."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = archive.getinfo(name)
    begin = found.header_offset + 30 + len(found.filename)
    return begin, begin + found.compress_size


@pytest.mark.parametrize("damage", ["end cut off", "a part spoiled", "a part missing"])
def test_the_rows_of_a_damaged_workbook_are_handed_over(damage: str, tmp_path: Path) -> None:
    content = bytearray(workbook())
    if damage == "end cut off":
        content = content[:-700]
    elif damage == "a part spoiled":
        _, end = part_of(bytes(content), "xl/worksheets/sheet1.xml")
        content[end - 40] ^= 0xFF
    else:
        content = content.replace(b"xl/workbook.xml", b"xl/workbook.xm_")
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    found = import_case(path)
    assert found.case is None
    assert found.partial is not None
    assert len(found.partial["stances"]["quota"]) >= (30 if damage == "a part spoiled" else 60)
    assert found.partial["stances"]["quota"]["party-3"] == {"position": 3.0, "salience": 0.5}
    assert (
        "# not a workbook" in (text := to_complete(found.partial, found.errors, str(path)))
        or "cannot" in text
    )


def test_of_a_workbook_without_any_sheet_left_nothing_is_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook()[:300])
    found = import_case(path)
    assert (found.case, found.partial) == (None, None)
    assert found.errors


@pytest.mark.parametrize("number", ["9" * 400, "1e999", "-1e999", "nan", "9" * 5000])
def test_a_number_in_a_workbook_that_no_computer_holds_is_refused_in_its_cell(
    number: str, tmp_path: Path
) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>59</v>", f"<v>{number}</v>".encode()))
    (tmp_path / "a.xlsx").write_bytes(stream.getvalue())
    found = import_case(tmp_path / "a.xlsx")
    assert found.case is None
    assert any(problem.line == 61 or "cannot be read" in problem.message for problem in found.errors)
    assert found.partial is not None
    assert len(found.partial["stances"]["quota"]) >= 59  # what is not even endless counts as blank
