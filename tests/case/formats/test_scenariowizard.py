"""Files of ScenarioWizard, and matrices in spreadsheets: read as they are, written so that nothing changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.case.formats import export_case, import_case
from detente.case.formats.impact_matrix import write_csv
from detente.case.formats.scenariowizard import matrix, read_sl, write_scw, written_sl
from detente.errors import FormatError

SMALL = "\n".join(
    [
        "$ ScenarioWizard 4.0",
        "Two things",
        "&Rain",
        " -much",
        " -little",
        '&Crop "Harvest of the year"',
        " -good",
        " -bad",
        *["#", "&", *"####"],
        " 0 , 0 , 2 ,-2 ",
        " 0 , 0 ,-1 , 1 ",
        " 0 , 0 , 0 , 0 ",
        " 0 , 0 , 0 , 0 ",
        "#",
        "",
    ]
)


def stated(**changed: Any) -> Case:
    descriptors = {
        "rain": {"name": "Rain", "variants": {"much": "much", "little": "little"}},
        "crop": {"name": "Crop", "variants": {"good": "good", "bad": "bad"}},
    }
    judgements = {"rain": {"much": {"crop": {"pushes": {"good": 2, "bad": "-2 ± 1"}}}}}
    return Case.from_dict(
        {"title": "Two things", "futures": {"descriptors": descriptors, "judgements": judgements, **changed}}
    )


@pytest.mark.parametrize("name", ["CIB_global", "CIB_natl_regional"])
def test_a_file_of_scenariowizard_is_written_as_it_was(shared_data: Path, tmp_path: Path, name: str) -> None:
    """Byte for byte: names, diagonal blocks, colours and comments."""
    path = shared_data / "crossimpact" / f"{name}.scw"
    imported = import_case(path)
    assert imported.format == "scw"
    assert export_case(imported.require(), tmp_path / "x.scw") == []
    assert (tmp_path / "x.scw").read_bytes() == path.read_bytes()
    text = (shared_data / "crossimpact" / f"{name}.sl").read_text("utf-8")
    assert written_sl(read_sl(text, name)) == text


def test_a_file_without_comments_and_with_a_long_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "small.scw"
    path.write_text(SMALL, "utf-8")
    case = import_case(path).require()
    assert case.title == "Two things"
    assert case.futures is not None
    assert [one.name for one in case.futures.descriptors.values()] == ["Rain", "Harvest of the year"]
    assert matrix(case.futures) == [[0, 0, 2, -2], [0, 0, -1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (" 0 , 0 ,-1 , 1 ", " 0 , 0 ,-1 ", "x.scw:16: the row has 3 numbers, and there are 4 variants"),
        (" 0 , 0 ,-1 , 1 ", " 0 , 0 ,-1.5 , 1 ", "x.scw:16: is no whole number (got -1.5)"),
        (" 0 , 0 ,-1 , 1 ", " 0 , 0 ,-999999999999 , 1 ", "x.scw:16: is beyond 1000 (got -999999999999)"),
        (" 0 , 0 ,-1 , 1 \n", "", "the matrix has 3 rows, and there are 4 variants"),
        (" -much", "much", "x.scw:4: names neither a descriptor nor a variant of one (got much)"),
        ("#\n#\n#\n 0 , 0 , 2 ,-2 ", "", "ends before the matrix"),
        ("&Rain\n -much\n -little\n", "&Rain\n", "the descriptor 'Rain' has no variants"),
    ],
)
def test_a_malformed_line_is_told_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "x.scw"
    assert old in SMALL
    path.write_text(SMALL.replace(old, new), "utf-8")
    with pytest.raises(FormatError) as caught:
        import_case(path).require()
    assert said in str(caught.value)


def test_all_malformed_lines_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.scw"
    path.write_text(SMALL.replace("2 ,-2", "2 ,x").replace("-1 , 1", "y , 1"), "utf-8")
    with pytest.raises(FormatError) as caught:
        import_case(path).require()
    assert [problem.line for problem in caught.value.problems] == [15, 16]


def test_solutions_are_no_case_and_broken_ones_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.sl"
    path.write_text('$ ScenarioWizard 3.0\nSolution set\n 1 \n\n" 1 2",1.677722E+07,0,0,15,""\n', "utf-8")
    with pytest.raises(FormatError, match="holds solutions, and no matrix"):
        import_case(path).require()
    (one,) = read_sl(path.read_text("utf-8"), "x.sl")
    assert (one.numbers, one.weight) == ((1, 2), 16777220)
    with pytest.raises(FormatError) as caught:
        read_sl('$\nSolution set\n 2 \nnonsense\n" 1",x,0,0,1,""\n', "x.sl")
    assert [problem.line for problem in caught.value.problems] == [4, 5]
    with pytest.raises(FormatError, match="says 2 solutions and holds 1"):
        read_sl('$\nSolution set\n 2 \n" 1 2",1,0,0,1,""\n', "x.sl")


def test_solutions_with_the_name_of_a_matrix_are_told(tmp_path: Path) -> None:
    """The matrix beside them is not the file itself, not even by another name."""
    path = tmp_path / "x.scw"
    path.write_text('$ ScenarioWizard 3.0\nSolution set\n 1 \n\n" 1 2",1,0,0,15,""\n', "utf-8")
    (tmp_path / "x.sl").symlink_to(path)
    for one in (path, tmp_path / "x.sl"):
        (problem,) = import_case(one).errors
        assert problem.message == "holds solutions, and no matrix"
        assert str(problem.hint).startswith("call it x.sl, and put its matrix beside it, as x.scw")


def test_solutions_are_held_against_the_matrix_beside_them(tmp_path: Path) -> None:
    (tmp_path / "x.scw").write_text(SMALL, "utf-8")
    path = tmp_path / "x.sl"
    lines = ['" 1 1",2,0,0,2,""', '" 2 2",1,0,0,0,""', '" 1 3",1,0,0,0,""', '" 1",1,0,0,0,""']
    path.write_text("\n".join(["$ ScenarioWizard 3.0", "Solution set", " 4 ", "", *lines]), "utf-8")
    found = import_case(path)
    assert found.require().title == "Two things"
    assert [problem.message for problem in found.problems if problem.file == str(path)] == [
        "the solution 2 2 has margin 0 and score 0; by the matrix 0 and 1",
        "the solution 1 3 is none of the matrix",
        "the solution 1 is none of the matrix",
    ]


@pytest.mark.parametrize("name", ["CIB_global", "CIB_natl_regional"])
def test_published_solutions_are_those_of_their_matrix(shared_data: Path, name: str) -> None:
    found = import_case(shared_data / "crossimpact" / f"{name}.sl")
    assert found.format == "scw"
    assert not [problem for problem in found.problems if str(problem.file).endswith(".sl")]


def test_what_a_format_does_not_hold_is_told(tmp_path: Path) -> None:
    case = stated(
        experts={"anna": {"name": "Anna"}},
        constraints=[{"never": {"rain": "much", "crop": "bad"}}],
        fixed={"rain": "much"},
    )
    told = {problem.message for problem in export_case(case, tmp_path / "x.scw")}
    assert {
        "1 judgements with doubt became exact: the best guess of each is kept",
        "what each expert judges is not kept",
        "constraints are not kept",
    } <= told
    told = {problem.message for problem in write_csv(case, tmp_path / "x.csv")[1]}
    assert "what each expert judges is not kept" in told


def test_a_case_without_futures_or_with_fractions_has_no_matrix_file(tmp_path: Path) -> None:
    bare = Case.from_dict(
        {
            "title": "T",
            "actors": {"a": {"name": "A", "influence": 1}},
            "issues": {"i": {"name": "I", "scale": {0: "l", 1: "h"}}},
        }
    )
    for name in ("x.scw", "x.matrix.csv", "x.matrix.xlsx"):
        with pytest.raises(FormatError, match="the case has none"):
            export_case(bare, tmp_path / name)
    with pytest.raises(FormatError, match="whole numbers"):
        write_scw(stated(whole=False), tmp_path / "x.scw")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return cases with futures in which every row is stated, with doubt."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    if sum(sizes) < 2:
        sizes.append(2)
    descriptors = {
        f"d{i}": {"name": f"Descriptor {i}", "variants": {f"v{k}": f"V {i} {k}" for k in range(size)}}
        for i, size in enumerate(sizes)
    }
    push = st.one_of(
        st.integers(-3, 3).filter(bool), st.sampled_from(["1 ± 1", "-2..1", "0..1..2", "[1, 2]"])
    )
    judgements: dict[str, Any] = {}
    for i, size in enumerate(sizes):
        for k in range(size):
            for j, width in enumerate(sizes):
                row = {f"v{one}": draw(push) for one in range(width) if draw(st.booleans())}
                if row:
                    judgements.setdefault(f"d{i}", {}).setdefault(f"v{k}", {})[f"d{j}"] = {"pushes": row}
    return Case.from_dict(
        {"title": "Futures", "futures": {"descriptors": descriptors, "judgements": judgements}}
    )


def renamed(case: Case) -> Any:
    """Return the futures by names, whatever the ids are."""
    futures = case.futures
    assert futures is not None
    names = {key: one.name for key, one in futures.descriptors.items()}
    variants = {
        (key, v): of.name for key, one in futures.descriptors.items() for v, of in one.variants.items()
    }
    return {
        (names[by], variants[by, variant], names[on], variants[on, towards]): str(push)
        for by, variant, on, row in futures.rows()
        for towards, push in row.pushes.items()
    }


@given(case=cases(), name=st.sampled_from(["x.matrix.csv", "x.matrix.xlsx", "x.yaml", "x.xlsx", "x.json"]))
@settings(max_examples=40)
def test_futures_come_back_from_every_format_that_holds_them(
    tmp_path_factory: pytest.TempPathFactory, case: Case, name: str
) -> None:
    path = tmp_path_factory.mktemp("futures") / name
    export_case(case, path)
    imported = import_case(path)
    assert renamed(imported.require()) == renamed(case)
    assert imported.format == {"x.yaml": "yaml", "x.json": "json", "x.xlsx": "xlsx"}.get(
        name, "matrix-xlsx" if name.endswith("xlsx") else "matrix-csv"
    )


@given(case=cases())
@settings(max_examples=25)
def test_whole_numbers_come_back_from_scenariowizard(
    tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    path = tmp_path_factory.mktemp("futures") / "x.scw"
    export_case(case, path)
    again = import_case(path).require()
    assert again.futures is not None
    assert case.futures is not None
    assert matrix(again.futures) == matrix(case.futures)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            ",,Rain,,Crop,\n,,much,little,good,bad\nRain,much,,,2,-2\n,little,,,-1,1\nCrop,good,,,,\n",
            "3 rows and 4",
        ),
        (
            ",,Rain,,Crop,\n,,much,little,good,bad\nRain,much,,,x,-2\n,little,,,-1,1\nCrop,good\n,bad\n",
            "no judgement: x",
        ),
        (
            ",,Rain,,Crop,\n,,much,little,good,bad\nRain,little,,,2,-2\n,much,,,-1,1\nCrop,good\n,bad\n",
            "x.csv:3:2: the variant 'little' is not that of the column, 'much'; write each variant alike",
        ),
        (
            ",,Rain,,Crop,\n,,much,much,good,bad\nRain,much,,,2,-2\n,little,,,-1,1\nCrop,good\n,bad\n",
            "x.csv:2:4: 'Rain' has the variant 'much' twice; give each",
        ),
        (
            ",,Rain,,Crop,\n,,much,little,good,bad\nRain,much,,,2,-2\n,much,,,-1,1\nCrop,good\n,bad\n",
            "x.csv:4:2: 'Rain' has the variant 'much' twice; give each",
        ),
        (
            ",,Rain,,Crop,\n,,much,little,good,bad\nRain,much,,,2,-2\n,little,,,-1,1,,3\nCrop,good\n,bad\n",
            r"x.csv:4:8: stands beyond the last heading of the columns \(got 3\)",
        ),
        (
            ",,Rain,,Crop,,Sun\n,,much,little,good,bad\nRain,much,,,2,-2\n,little\nCrop,good\n,bad\n",
            r"x.csv:1:7: stands beyond the last heading of the columns \(got Sun\)",
        ),
    ],
)
def test_a_ragged_or_misread_matrix_is_told(tmp_path: Path, table: str, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(table, "utf-8")
    with pytest.raises(FormatError, match=said):
        import_case(path).require()


def test_a_descriptor_that_differs_is_told_once_with_both_names(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    head = ",,Foreign -,,Crop,\n,,much,little,good,bad\n"
    path.write_text(head + "Foreign policy,much,,,2,1\n,little,,,1,1\nCrop,good\n,bad\n", "utf-8")
    (problem,) = import_case(path).errors
    assert (problem.line, problem.column) == (3, 1)
    assert problem.message == "the descriptor 'Foreign policy' is not that of the column, 'Foreign -'"
    assert str(problem.hint).startswith("write each descriptor alike")


def test_a_blank_cell_was_not_judged_and_none_was(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        ",,Rain,,Crop,\n,,much,little,good,bad\nRain,much,,,2,none\n,little,,,none,none\nCrop,good\n,bad\n",
        "utf-8",
    )
    futures = import_case(path).require().futures
    assert futures is not None
    assert futures.judgements["rain"]["little"]["crop"].pushes == {}
    assert list(futures.judgements) == ["rain"]
