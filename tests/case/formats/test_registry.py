"""The format of a file is told by what is in it, and of a file to be written by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case import Case, load
from detente.case.formats import FORMATS, export_case, format_of, import_case
from detente.errors import FormatError, NotFoundError, OptionError, OutputError

CASE = Case.from_dict(
    {
        "title": "talks",
        "actors": {key: {"name": key.upper(), "influence": 1} for key in "abc"},
        "issues": {"x": {"name": "X", "scale": {0: "lowest position", 100: "highest position"}}},
        "stances": {"x": {key: {"position": 50, "salience": 1} for key in "abc"}},
    }
)


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        (one.name, suffix)
        for one in FORMATS.values()
        for suffix in one.suffixes
        # Those hold no issues; tests/case/formats/test_gmcr.py and test_scenariowizard.py.
        if one.write and one.name not in ("gmcr", "scw", "matrix-csv", "matrix-xlsx")
    ],
)
def test_the_ending_chooses_the_format_and_the_content_tells_it(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    """A file is read as what it is even when its name says nothing."""
    path = tmp_path / f"talks{suffix}"
    assert export_case(CASE, path) == []
    assert (import_case(path).format, import_case(path).case) == (kind, CASE)
    bare = tmp_path / "talks"
    path.rename(bare)
    assert (import_case(bare).format, import_case(bare).case) == (kind, CASE)


def test_a_case_file_keeps_its_comments(tmp_path: Path) -> None:
    """YAML is written as the case was read."""
    export_case(CASE, tmp_path / "one.yaml")
    text = "# by hand\n" + (tmp_path / "one.yaml").read_text(encoding="utf-8")
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    export_case(load(tmp_path / "one.yaml"), tmp_path / "two.yml")
    assert (tmp_path / "two.yml").read_text(encoding="utf-8") == text


def test_a_folder_is_read_as_a_case(tmp_path: Path) -> None:
    """With its table."""
    export_case(CASE, tmp_path / "case.yaml")
    assert import_case(tmp_path).require() == CASE


def test_a_format_that_is_not_known_is_told(tmp_path: Path) -> None:
    """By name, by ending, and one that is only read; nothing is written."""
    for name, kind, message in (
        ("talks.yaml", "yml", "no format is called 'yml'; did you mean 'yaml'?"),
        ("talks.yaml", "visio", "no format is called 'visio'; known"),
        (
            "talks.doc",
            None,
            "talks.doc: no format ends like this; name one of yaml, json, csv, xlsx, ktab, decide",
        ),
        ("talks.xml", None, "ktab-xml is only read, not written"),
    ):
        with pytest.raises(OptionError, match=message.replace("?", r"\?")):
            export_case(CASE, tmp_path / name, kind)
    assert not list(tmp_path.iterdir())


def test_files_that_cannot_be_had_are_told(tmp_path: Path) -> None:
    """Read and written."""
    with pytest.raises(NotFoundError):
        import_case(tmp_path / "none.csv")
    with pytest.raises(OutputError):
        export_case(CASE, tmp_path / "none" / "talks.csv")


def test_what_fails_can_be_raised(tmp_path: Path) -> None:
    """As an error of the format, with all problems."""
    (tmp_path / "talks.csv").write_text(
        "actor,position,salience,influence\nA,x,y,z\nB,1,1,1\n", encoding="utf-8"
    )
    found = import_case(tmp_path / "talks.csv")
    with pytest.raises(FormatError) as caught:
        found.require()
    assert caught.value.problems == found.errors
    assert len(found.errors) == 3


def test_a_case_file_with_faults_is_told_by_its_own_check(tmp_path: Path) -> None:
    """But one of another project is told to be none."""
    (tmp_path / "a.yaml").write_text("detente: 1\ntitle: x\nactors: {}\nissues: {}\n", encoding="utf-8")
    assert "is empty" in import_case(tmp_path / "a.yaml").errors[0].message
    (tmp_path / "b.json").write_text('{"nodes": []}', encoding="utf-8")
    assert "in no known format" in import_case(tmp_path / "b.json").errors[0].message
    (tmp_path / "c.yaml").write_text("a: [", encoding="utf-8")
    assert import_case(tmp_path / "c.yaml").case is None


def test_a_table_of_headings_alone_is_no_case(tmp_path: Path) -> None:
    """There is nobody in it."""
    (tmp_path / "talks.csv").write_text("actor,position,salience,influence\n", encoding="utf-8")
    assert [error.message for error in import_case(tmp_path / "talks.csv").errors] == [
        "names no actors, or no issues"
    ]


def test_an_old_workbook_is_refused_by_name(tmp_path: Path) -> None:
    """And one that is none in spite of its name."""
    (tmp_path / "talks.xlsx").write_text("actor,position\n", encoding="utf-8")
    assert import_case(tmp_path / "talks.xlsx").errors[0].message == "not a workbook, or damaged"


MATRICES = {"matrix-csv", "matrix-xlsx"}


def test_every_format_says_what_it_is() -> None:
    """For whoever chooses one."""
    read_only = {"ktab-xml", "nfg", "genius", "negmas", "payoffs"}
    written = {"yaml", "json", "csv", "xlsx", "ktab", "decide", "gmcr", "scw", *MATRICES}
    assert set(FORMATS) == written | read_only
    assert all(one.title and (one.suffixes or not one.write) for one in FORMATS.values())


@pytest.mark.parametrize(
    ("file", "name", "format_"),
    [
        ("a.csv", None, "csv"),
        ("a.ktab.csv", None, "ktab"),
        ("a.YML", None, "yaml"),
        ("a.txt", "gmcr", "gmcr"),
    ],
)
def test_the_format_is_told_by_its_name_or_the_longest_ending(
    file: str, name: str | None, format_: str
) -> None:
    assert format_of(Path(file), name).name == format_
    for unknown in ((Path("a.docx"), None), (Path("a.csv"), "xslx"), (Path("a.xml"), "ktab-xml")):
        with pytest.raises(OptionError):
            format_of(*unknown)


@pytest.mark.parametrize("ending", ["scw", "gmcr", "nfg", "sl", "xml", "csv", "xlsx", "txt", "yaml", "json"])
@pytest.mark.parametrize("content", ["", "\n", "\ufeff"])
def test_an_empty_file_is_refused_whatever_its_ending(ending: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / f"case.{ending}"
    path.write_text(content, encoding="utf-8")
    assert import_case(path).errors
