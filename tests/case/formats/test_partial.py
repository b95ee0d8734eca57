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
    cut = begun + actor("North", 20) + actor("South", 80).partition("0</dCoord>")[0]
    assert cut.endswith("<dCoord>8")  # which nobody said
    (tmp_path / "a.xml").write_text(cut, encoding="utf-8")
    found = import_case(tmp_path / "a.xml")
    assert (3, len(cut.splitlines()[2]) + 1) in [(one.line, one.column) for one in found.errors]
    assert found.partial is not None
    assert list(found.partial["stances"]["quota"]) == ["north"]


def workbook(instead: dict[bytes, bytes] | None = None) -> bytes:
    """Return a workbook with sixty stances on one sheet, and a second sheet, with some of its XML changed."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Positions"
    sheet.append(["Actor", "Issue", "Position", "Salience", "Influence"])
    for row in range(60):
        sheet.append([f"Party {row}", "Quota", row, 0.5, row % 7 + 1])
    book.create_sheet("Notes").append(["hello"])
    stream, changed = io.BytesIO(), io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in (instead or {}).items():
                part = part.replace(before, after)
            new.writestr(name, part)
    return changed.getvalue()


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
    above = "the workbook cannot" if damage == "a part missing" else "not a workbook"
    assert f"# {above}" in to_complete(found.partial, found.errors, str(path))


@pytest.mark.parametrize(
    ("instead", "part", "row"),
    [
        ({b'<row r="41"': b'<row <r="41"'}, "xl/worksheets/sheet1.xml", 40),
        ({b'Target="/xl/worksheets/sheet1': b'Target="/xl/x'}, "xl/x.xml", None),
        ({b"</styleSheet>": b""}, "xl/styles.xml", None),
    ],
)
def test_the_damaged_part_of_a_workbook_is_named_with_its_last_row(
    instead: dict[bytes, bytes], part: str, row: int | None, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(instead))
    found = import_case(tmp_path / "a.xlsx")
    assert found.case is None
    assert f"{part!r} is not as spreadsheet programs write it" in found.errors[0].message
    assert [one.line for one in found.errors[1:]] == ([row] if row else [])
    assert found.partial is not None
    assert len(found.partial["stances"]["quota"]) == (row or 61) - 1


def test_texts_that_are_lost_are_blank_and_told_once(tmp_path: Path) -> None:
    """Of a torn file; in a whole one each cell is told."""
    listed = {b'<c r="A2" t="inlineStr"><is><t>Party 0</t></is></c>': b'<c r="A2" t="s"><v>0</v></c>'}
    for content, told in (
        (workbook(listed), "holds what cannot"),
        (workbook(listed)[:-700], "not a workbook"),
    ):
        (tmp_path / "a.xlsx").write_bytes(content)
        found = import_case(tmp_path / "a.xlsx")
        assert told in found.errors[0].message
        assert len(found.errors) == 2
        assert "is blank" in found.errors[1].message
        assert found.partial is not None
        assert len(found.partial["stances"]["quota"]) == 59


@pytest.mark.parametrize("cut", [None, -700])
def test_nothing_is_read_of_a_sheet_with_declarations_torn_or_not(cut: int | None, tmp_path: Path) -> None:
    declared = {b"<worksheet": b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'}
    (tmp_path / "a.xlsx").write_bytes(workbook(declared)[:cut])
    found = import_case(tmp_path / "a.xlsx")
    assert (found.case, found.partial) == (None, None)
    assert found.errors


def test_a_torn_archive_is_unpacked_up_to_a_limit(tmp_path: Path) -> None:
    padded = {b"<sheetData>": b"<sheetData>" + b" " * 6_000_000}
    (tmp_path / "a.xlsx").write_bytes(workbook(padded)[:-700])
    found = import_case(tmp_path / "a.xlsx")
    assert (found.case, found.partial) == (None, None)
    assert found.errors


def test_of_a_workbook_without_any_sheet_left_nothing_is_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook()[:300])
    found = import_case(path)
    assert (found.case, found.partial) == (None, None)
    assert found.errors


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


@pytest.mark.parametrize("number", ["-1", "2"])
def test_a_text_that_a_workbook_does_not_have_is_told(number: str, tmp_path: Path) -> None:
    """Texts are numbered from 0; before the first stands none, and no other is taken for it."""
    cell = f'<c r="C61" t="s"><v>{number}</v>'.encode()
    (tmp_path / "a.xlsx").write_bytes(workbook({b'<c r="C61" t="n"><v>59</v>': cell}))
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as archive:
        archive.writestr("xl/sharedStrings.xml", "<sst><si><t>7</t></si><si><t>8</t></si></sst>")
    (problem,) = import_case(tmp_path / "a.xlsx").errors
    assert (problem.line, problem.column) == (61, 3)
    assert problem.message.endswith(f"holds what cannot be read: {number}")
