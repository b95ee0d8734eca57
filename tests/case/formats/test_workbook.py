"""Workbooks are looked at before they are opened, read by their values, and hold a whole case."""

# What was not made is None; a test that meets one fails by itself.
# mypy: disable-error-code="union-attr"

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from time import process_time

import pytest
from openpyxl import Workbook, load_workbook

from detente.case import Case
from detente.case.formats import Imported, export_case, import_case, xlsx
from detente.case.formats.xlsx import read_workbook
from detente.errors import FormatError

HEAD = ["actor", "issue", "position", "salience", "influence"]
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def content(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    """Return a workbook with some sheets."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def changed(
    workbook: bytes, change: Callable[[str, bytes], bytes], kind: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a workbook with its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", kind) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return stream.getvalue()


def with_sheet(body: str) -> bytes:
    """Return a workbook whose only sheet has the given XML in its data."""
    xml = f"<worksheet {NAMESPACE}><sheetData>{body}</sheetData></worksheet>".encode()
    return changed(content(("One", [])), lambda name, part: xml if name == SHEET else part)


def read(folder: Path, workbook: bytes, name: str = "talks.xlsx") -> Imported:
    """Return what a workbook says."""
    path = folder / name
    path.write_bytes(workbook)
    return import_case(path)


def test_the_first_sheet_with_the_columns_is_read(tmp_path: Path) -> None:
    """Others are named; row numbers are those of the sheet; numbers, texts and blanks come as they are."""
    rows: list[list[object]] = [
        [],
        [*HEAD],
        ["A", "x", 40, 0.1, 1],
        [],
        ["B", "x", "90 ± 5", 1, 2.5],
        ["C", "x", None, 1, 1],
    ]
    found = read(tmp_path, content(("About", [["hello"]]), ("Data", rows), ("More", [HEAD])))
    case = found.require()
    assert (case.title, set(case.stances["x"])) == ("talks", {"a", "b"})
    assert str(case.stances["x"]["b"].position) == "90 ± 5"
    told = [warning.message for warning in found.warnings]
    assert "sheet 'Data': other sheets were not read: 'About', 'More'" in told
    faulty = read(tmp_path, content(("Data", [*rows, ["D", "x", "far", 1, 1]])))
    assert [(one.line, one.column) for one in faulty.errors] == [(7, 3)]
    assert "sheet 'Data', column 'position': 'far' is not a number" in faulty.errors[0].message


def test_sheets_without_a_table_are_listed_with_their_headings(tmp_path: Path) -> None:
    """Those in its first row."""
    found = read(tmp_path, content(("One", [["Title"], HEAD[:1]]), ("Empty", []), ("Two", [["actor", "x"]])))
    assert [problem.message for problem in found.errors] == [
        "no sheet is a table of stances",
        "sheet 'One': no column 'actor', 'position' among the headings 'Title'",
        "sheet 'Empty': is empty",
        "sheet 'Two': no column 'position' among the headings 'actor', 'x'",
    ]


def test_values_become_texts_as_analysts_write_them() -> None:
    """Whole numbers without a point, dates by ISO, truth in capitals."""
    row = [1.0, 0.1, True, False, date(2024, 11, 7), datetime(2024, 11, 7, 12, 30), time(9, 5), "'=x"]
    cells = read_workbook(content(("One", [row])), "x.xlsx")[0].rows[0].cells
    assert cells == ("1", "0.1", "TRUE", "FALSE", "2024-11-07", "2024-11-07T12:30:00", "09:05:00", "=x")


def test_formulas_count_by_their_value_and_are_told_without_one() -> None:
    """A formula that a program has not computed looks blank; that must not pass for absence."""
    body = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f><v/></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    sheet = read_workbook(with_sheet(body), "x.xlsx")[0]
    assert sheet.rows[0].cells == ("2", "?", "", "?")
    assert [(problem.column, problem.message) for problem in sheet.problems] == [
        (2, "sheet 'One': a formula without its value"),
        (4, "sheet 'One': holds the error #DIV/0!"),
    ]


def test_errors_in_columns_that_are_not_read_do_not_matter(tmp_path: Path) -> None:
    """A failed formula in a column of remarks keeps nobody from reading the rest."""
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in [*HEAD, "check"])
    rows = "".join(
        f'<row><c t="inlineStr"><is><t>{actor}</t></is></c><c t="inlineStr"><is><t>x</t></is></c>'
        f'<c><v>{position}</v></c><c><v>1</v></c>{influence}<c t="e"><v>#N/A</v></c></row>'
        for actor, position, influence in (("A", 0, "<c><v>1</v></c>"), ("B", 1, '<c t="e"><v>#REF!</v></c>'))
    )
    found = read(tmp_path, with_sheet(f"<row>{cells}</row>{rows}"))
    assert [(error.line, error.column, error.message) for error in found.errors] == [
        (3, 5, "sheet 'One': holds the error #REF!"),
    ]


def test_macros_and_links_are_left_aside(tmp_path: Path) -> None:
    """They are neither run, nor followed, nor a reason to refuse the numbers."""
    workbook = content(("Data", [HEAD, ["A", "x", 0, 1, 1], ["B", "x", 1, 1, 1]]))
    stream = io.BytesIO(workbook)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    assert read(tmp_path, stream.getvalue()).case is not None


def bomb(name: str, size: int) -> bytes:
    """Return a workbook in which one part unpacks to many zeros."""
    return changed(content(("One", [])), lambda other, part: part if other != name else b"0" * size)


@pytest.mark.parametrize(
    ("workbook", "message"),
    [
        (b"PK\x03\x04 nothing", "not a workbook, or damaged"),
        (content(("One", []))[:-200], "not a workbook, or damaged"),
        (b"\xd0\xcf\x11\xe0old", "an old .xls or a workbook with a password"),
        (b"plain text", "not a workbook, or damaged"),
        (bomb(SHEET, 60_000_000), "unpacks to more than 50 MB"),
        (bomb(SHEET, 5_000_000), "'xl/worksheets/sheet1.xml' unpacks to over 200 times its size"),
        (bomb("xl/styles.xml", 5_000_000), "'xl/styles.xml' unpacks to more than 4 MB"),
        (changed(content(("One", [])), lambda _, part: part, zipfile.ZIP_LZMA), "packed in an unusual way"),
        (
            changed(content(("One", [])), lambda _, part: b'<!DOCTYPE x [<!ENTITY a "b">]>' + part),
            "declares a document type or entity",
        ),
        (
            changed(content(("One", [])), lambda _, part: "<!DOCTYPE x>".encode("utf-16-le") + part),
            "declares a document type or entity",
        ),
        (changed(content(("One", [])), lambda _, part: part[:-20]), "the workbook cannot be read"),
        (with_sheet('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'), "more than 256 columns"),
        (
            changed(content(("One", [])), lambda name, part: b"<sst>" if "theme" not in name else part),
            "'xl/workbook.xml' is not as spreadsheet programs write it",
        ),
        (content(*[(f"S{number}", []) for number in range(51)]), "holds more than 50 sheets"),
    ],
)
def test_hostile_and_damaged_workbooks_are_refused(tmp_path: Path, workbook: bytes, message: str) -> None:
    """Before they are unpacked or in good time after, always with the reason."""
    found = read(tmp_path, workbook)
    assert found.case is None
    assert message in found.errors[0].message


def test_a_row_far_below_costs_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows between are not made up without end."""
    monkeypatch.setattr(xlsx, "LAST_ROW", 1000)
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    assert read_workbook(with_sheet(row.format(1000)), "x.xlsx")[0].rows[0].number == 1000
    found = read(tmp_path, with_sheet(row.format(99999999999)))
    assert "cells, blank ones among them" in found.errors[0].message


@pytest.mark.parametrize(
    "body",
    [
        "".join(f'<row><c r="ZZZ{row}"/></row>' for row in range(1, 60_000)),
        f"<row>{''.join(f'<c><v>{number}</v></c>' for number in range(150_000))}</row>",
    ],
)
def test_blank_cells_far_to_the_right_cost_no_time(body: str, tmp_path: Path) -> None:
    """They are counted as the blank cells are that they stand behind."""
    started = process_time()
    found = read(tmp_path, with_sheet(body))
    assert "cells, blank ones among them" in found.errors[0].message
    assert process_time() - started < 20


def test_merged_cells_that_lie_over_each_other_cost_no_time() -> None:
    """No program writes them; where there are none, all are filled."""
    rows = "".join(f"<row><c><v>{row}</v></c></row>" for row in range(1, 50_000))
    merged = "".join(f'<mergeCell ref="A{n}:A49999"/>' for n in range(1, 5_000))
    book = with_sheet(f"{rows}</sheetData><mergeCells>{merged}</mergeCells><sheetData>")
    started = process_time()
    assert len(read_workbook(book, "x.xlsx")[0].rows) == 49_999
    assert process_time() - started < 20


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    """A ZIP file of something else, and one of very many parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("talks.csv", "actor")
    assert "a ZIP archive, but not a workbook" in read(tmp_path, stream.getvalue()).errors[0].message
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(xlsx.MAX_ENTRIES + 1):
            archive.writestr(str(number), "")
    assert "holds more than 500 parts" in read(tmp_path, stream.getvalue()).errors[0].message


def small_case() -> Case:
    """Return a case with a little of everything."""
    return Case.from_dict(
        {
            "title": "Talks",
            "sources": {"s": {"title": "Speech", "date": "2024"}},
            "actors": {"a": {"name": "=A", "influence": 1}, "b": {"name": "B"}},
            "issues": {"x": {"name": "X", "scale": {0: "none", 10: "all"}, "no_deal": "2 ± 1"}},
            "stances": {
                "x": {
                    "a": {"position": "3..5", "salience": 0.5, "because": ["s"]},
                    "b": {"position": [7, "8 ± 1"], "salience": 1, "influence": 2},
                }
            },
            "correlations": [{"between": ["stances.x.a.position", "issues.x.no_deal"], "rank": 0.5}],
            "scenarios": {"up": {"name": "Up", "changes": {"stances.x.a.position": 9, "stances.x.b": None}}},
        }
    )


def test_a_case_is_written_as_a_sheet_per_part(tmp_path: Path) -> None:
    """With headings, numbers as numbers, and no cell that is a formula."""
    path = tmp_path / "talks.xlsx"
    assert export_case(small_case(), path) == []
    workbook = load_workbook(path)
    names = ["README", "case", "stances", "actors", "issues", "scales", "sources", "scenarios"]
    assert workbook.sheetnames == [*names, "correlations", "changes"]
    assert [cell.value for cell in workbook["stances"][1]][:5] == ["issue", "actor", *HEAD[2:]]
    assert workbook["stances"]["D2"].value == 0.5
    assert workbook["actors"]["B2"].value == "'=A"
    assert {cell.data_type for sheet in workbook.worksheets for row in sheet for cell in row} <= {"s", "n"}
    assert import_case(path).require() == small_case()


def edited(folder: Path, edit: Callable[[Workbook], None]) -> list[str]:
    """Return what is wrong with the workbook of the small case after an edit."""
    path = folder / "talks.xlsx"
    export_case(small_case(), path)
    workbook = load_workbook(path)
    edit(workbook)
    workbook.save(path)
    found = import_case(path)
    assert (found.case is None) == bool(found.errors)
    return [f"{one.line}:{one.column}: {one.message}" for one in found.errors]


def put(sheet: str, place: str, value: str | int | None) -> Callable[[Workbook], None]:
    """Return the edit that puts a value into a cell."""

    def edit(workbook: Workbook) -> None:
        workbook[sheet][place] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "errors"),
    [
        (put("case", "A1", "titel"), ["1:1: sheet 'case', column 'name': unknown 'titel'"]),
        (put("actors", "A3", "a"), ["3:1: sheet 'actors', column 'id': 'a' stands twice (rows 2 and 3)"]),
        (put("actors", "A2", None), ["2:1: sheet 'actors', column 'id': is blank"]),
        (put("actors", "C1", "land"), ["1:3: sheet 'actors': unknown column 'land'"]),
        (put("actors", "E2", "much"), ["2:5: sheet 'actors', column 'influence': 'much' is not a number"]),
        (
            put("issues", "A1", "key"),
            ["1:1: sheet 'issues': unknown column 'key'", "1:None: sheet 'issues': no column 'id'"],
        ),
        (put("issues", "E2", 11), ["2:5: sheet 'issues', column 'no_deal': 11 is above 10"]),
        (put("scales", "B2", "low"), ["2:2: sheet 'scales', column 'anchor': 'low' is not a number"]),
        (put("scales", "A2", "y"), ["2:1: sheet 'scales', column 'issue': no issue is called 'y'"]),
        (put("stances", "C2", 11), ["2:3: sheet 'stances', column 'position': 11 is above 10"]),
        (put("stances", "C1", "where"), ["1:None: sheet 'stances': no column 'position' among"]),
        (put("stances", "B3", "a"), ["3:2: sheet 'stances', column 'actor': 'a' stands twice on this issue"]),
        (put("stances", "G2", "t"), ["2:7: sheet 'stances', column 'because': no source is called 't'"]),
        (put("correlations", "A2", "z"), ["2:1: sheet 'correlations', column 'first': no quantity at 'z'"]),
        (put("changes", "A2", "z"), ["2:1: sheet 'changes', column 'scenario': no scenario is called 'z'"]),
        (put("changes", "C2", 99), ["2:3: sheet 'changes', column 'value'"]),
    ],
)
def test_every_fault_in_a_workbook_has_its_sheet_row_and_column(
    tmp_path: Path, edit: Callable[[Workbook], None], errors: list[str]
) -> None:
    """Whatever sheet it is in."""
    found = edited(tmp_path, edit)
    for expected in errors:
        assert any(error.startswith(expected) for error in found), found


def test_a_workbook_without_a_sheet_for_its_head_is_called_by_its_file(tmp_path: Path) -> None:
    """The rest of it is a case all the same."""
    path = tmp_path / "talks.xlsx"
    export_case(small_case().with_({"title": "Other"}), path)
    workbook = load_workbook(path)
    del workbook["case"]
    workbook.save(path)
    assert import_case(path).require().title == "talks"


def test_errors_in_any_sheet_of_a_case_are_told(tmp_path: Path) -> None:
    """A formula that failed is no blank cell."""

    def edit(workbook: Workbook) -> None:
        workbook["actors"]["E2"] = "=1/0"

    assert "2:5: sheet 'actors': a formula without its value" in edited(tmp_path, edit)


def test_changes_that_look_like_other_values_come_back(tmp_path: Path) -> None:
    """Texts that JSON would read as something else keep their quotation marks."""
    for value in ("NaN", "null", "12", "[1]", '"x"', " blank", "two\nlines"):
        case = small_case().to_dict()
        case["scenarios"]["up"]["changes"] = {"actors.a.note": value, "stances.x.a.position": ["3..4", 5]}
        path = tmp_path / "talks.xlsx"
        export_case(Case.from_dict(case), path)
        assert import_case(path).require() == Case.from_dict(case)


def test_a_text_that_no_cell_holds_is_refused(tmp_path: Path) -> None:
    """Rather than cut in silence."""
    sources = {f"source-with-a-long-name-{number}": {"title": "S"} for number in range(1500)}
    data = small_case().to_dict()
    data["sources"] |= sources
    data["actors"]["a"]["because"] = list(sources)
    with pytest.raises(FormatError, match="longer than the 32767 characters of a cell"):
        export_case(Case.from_dict(data), tmp_path / "talks.xlsx")
    assert not list(tmp_path.iterdir())


def test_merged_cells_are_filled_down_and_told(tmp_path: Path) -> None:
    """A workbook keeps the value of merged cells in the first of them only."""
    book = Workbook()
    sheet = book.active
    for row in (
        ["Report", None, None, None, None],
        ["Issue", "Actor", "Position", "Salience", "Influence"],
        ["Quota", "North", 10, 0.5, 1],
        [None, "South", 80, 0.5, 1],
        ["Trade", "North", 30, 0.5, 1],
        [None, "South", 40, 0.5, 1],
    ):
        sheet.append(row)
    for area in ("A1:E1", "A3:A4", "A5:A6"):
        sheet.merge_cells(area)
    book.save(tmp_path / "merged.xlsx")
    found = import_case(tmp_path / "merged.xlsx")
    stances = found.require().stances
    assert {issue: list(on_issue) for issue, on_issue in stances.items()} == {
        "quota": ["north", "south"],
        "trade": ["north", "south"],
    }
    assert any("merged cells were filled down (2 cells)" in one.message for one in found.warnings)
