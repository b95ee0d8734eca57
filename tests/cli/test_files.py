"""Cases come and go as files, whole, and nothing is overwritten by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case import load
from detente.catalog import open_case
from detente.lenses import available, lens
from tests.cli.calling import EXACT, FEW, Invoke, data_of


@pytest.mark.parametrize("form", [(), ("--full",)])
def test_what_new_writes_is_in_order_and_can_be_solved(form: tuple[str, ...], invoke: Invoke) -> None:
    result = invoke("new", "mine", *form, "--title", 'A "title": with # marks')
    assert (result.exit_code, result.stdout) == (0, "")
    assert "detente check mine.yaml\n" in result.stderr
    assert invoke("check", "--strict", "mine.yaml").exit_code == 0
    assert load("mine.yaml").title == 'A "title": with # marks'
    assert invoke("run", "bargaining", "mine.yaml", *FEW).exit_code == 0


def test_a_full_case_has_every_part_of_a_treaty_and_every_lens_answers_it(invoke: Invoke) -> None:
    invoke("new", "--full")
    case = load("case.yaml")
    stated = case.to_dict()
    assert {"consent", "bodies", "deals", "game", "scenarios", "sources"} <= set(stated)
    assert "accepts" in str(stated["stances"])
    paths = set(case.quantities)
    assert {"actors.coast.failure_cost", "issues.quota.failure_cost"} <= paths
    # What follows elsewhere and how two have got on are no parts of a treaty.
    asked = [name for name in available() if lens(name).part not in {"futures", "relations"}]
    assert {"bargaining", "winset", "stability"} <= set(asked)
    assert [name for name in asked if not lens(name).reads(case)] == []
    comments = [line for line in Path("case.yaml").read_text("utf-8").splitlines() if "#" in line]
    for part in ("failure_cost", "accepts", "consent", "bodies", "deals", "no_deal", "status_quo"):
        assert any(part in line for line in comments), part
    deals = invoke("run", "winset", "case.yaml", *FEW).stdout
    assert "Fisheries treaty" in deals


def test_a_folder_that_may_not_be_opened_is_told_as_what_it_is(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to be told as an output that could not be written; tests may run as root, who may open anything."""
    folder = tmp_path / "closed"
    folder.mkdir()
    invoke("new", folder / "case.yaml")
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    result = invoke("show", folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{folder}: the folder may not be opened; check its permissions" in " ".join(result.stderr.split())

    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied", "closed/mine.yaml")

    monkeypatch.setattr(Path, "exists", refuse)
    told = " ".join(invoke("show", "closed/mine.yaml").stderr.split())
    assert "closed/mine.yaml: may not be opened; check the permissions of its folder" in told
    told = " ".join(invoke("export", "river-dam", "-o", "mine.yaml").stderr.split())
    assert "closed/mine.yaml: cannot be opened (Permission denied)" in told
    assert "output" not in told


def test_new_overwrites_nothing_unless_forced(invoke: Invoke, exact: Path) -> None:
    before = exact.read_bytes()
    result = invoke("new", exact)
    assert (result.exit_code, exact.read_bytes()) == (1, before)
    assert "overwrite it with --force" in result.stderr
    assert data_of(invoke("new", exact, "--force", "--json")) == {"written": [str(exact)]}
    assert exact.read_bytes() != before


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("new", "."), "is a folder"),
        (("new", "case.txt"), "name it case.yaml"),
        (("new", "no/such/place.yaml"), "cannot be written"),
        (("new", "--title", "bell \x07"), "U+0007"),
        (("new", "--title", "x" * 400), "more than 300 characters"),
    ],
)
def test_where_new_cannot_write_nothing_is_left(
    call: tuple[str, ...], told: str, invoke: Invoke, exact: Path, tmp_path: Path
) -> None:
    result = invoke(*call)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr
    assert list(tmp_path.iterdir()) == [exact]


# --- import --------------------------------------------------------------------------------------


def test_a_table_becomes_a_case_file_that_can_be_used(invoke: Invoke, table: Path, tmp_path: Path) -> None:
    result = invoke("import", table, "-o", "case.yaml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (
        f"read {table} (tidy table, one row per actor and issue); wrote case.yaml: 2 actors" in result.stderr
    )
    case = load(tmp_path / "case.yaml")
    assert [actor.name for actor in case.actors.values()] == ["North", "South"]
    assert str(case.stances["border"]["north"].position) == "20 ± 5"
    assert invoke("run", "bargaining", "case.yaml", *FEW).exit_code == 0


def test_without_a_file_to_write_the_case_is_printed(invoke: Invoke, table: Path, tmp_path: Path) -> None:
    printed = invoke("import", table, "--quiet")
    assert printed.stderr == ""
    (tmp_path / "case.yaml").write_text(printed.stdout, encoding="utf-8")
    assert load(tmp_path / "case.yaml") == open_case(table)


def test_import_overwrites_nothing_unless_forced(invoke: Invoke, table: Path, exact: Path) -> None:
    before = exact.read_bytes()
    result = invoke("import", table, "-o", exact)
    assert (result.exit_code, result.stdout, exact.read_bytes()) == (1, "", before)
    assert "overwrite it with --force" in result.stderr
    data = data_of(invoke("import", table, "-o", exact, "--force", "--json"))
    assert (data["written"], data["format"]) == (str(exact), "csv")
    assert load(exact).to_dict() == data["case"]


def test_import_tells_every_problem_by_row_and_column(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("actor,position,salience,influence\nA,much,0.5,1\nB,50,7,x\n", encoding="utf-8")
    result = invoke("import", path, "-o", "case.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{path}:2:2: " in result.stderr
    assert f"{path}:3:" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["bad.csv"]


@pytest.mark.parametrize("command", ["check", "show", "import"])
def test_a_name_that_would_drive_the_terminal_is_shown_without_its_power(
    command: str, invoke: Invoke, tmp_path: Path
) -> None:
    path = tmp_path / "evil\x1b[2J\u202e.yaml"
    path.write_text("detente: 1\n", encoding="utf-8")
    result = invoke(command, path)
    assert result.exit_code == 1
    assert "evil[2J.yaml" in result.output
    assert not {"\x1b", "\u202e"} & set(result.output)


def test_importing_what_is_not_there_is_told(invoke: Invoke) -> None:
    result = invoke("import", "nowhere.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nowhere.csv" in result.stderr


def test_a_table_can_be_used_as_a_case_directly(invoke: Invoke, table: Path) -> None:
    assert invoke("brief", table, *FEW).exit_code == 0
    assert "North" in invoke("show", table).stdout


# --- export --------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["out.xlsx", "out.yaml", "out.json"])
def test_a_case_comes_back_from_formats_that_hold_everything(file: str, invoke: Invoke) -> None:
    result = invoke("export", "river-dam", "-o", file)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"wrote {file}\n")
    assert open_case(file) == open_case("river-dam")


def test_what_a_format_does_not_hold_is_told(invoke: Invoke) -> None:
    result = invoke("export", "river-dam", "-o", "out.csv")
    notes = result.stderr.splitlines()
    assert notes[-1] == "wrote out.csv"
    assert notes[-2].endswith("--json lists them; xlsx, yaml and json hold everything")
    assert len(notes) == 7
    told = data_of(invoke("export", "river-dam", "-o", "out.csv", "--json"))["warnings"]
    assert f"and {len(told) - 5} more" in notes[-2]


def test_a_version_of_a_case_can_be_exported(invoke: Invoke) -> None:
    change = ("--set", "stances.filling.upstream.position=6")
    assert invoke("export", "river-dam", "--scenario", "dry-years", *change, "-o", "dry.yaml").exit_code == 0
    changed = open_case("dry.yaml")
    assert str(changed.stances["filling"]["bank"].position) == "9..12"
    assert str(changed.stances["filling"]["upstream"].position) == "6"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("-o", "out.docx"), "no format ends like this"),
        (("-o", "out.csv", "--format", "xslx"), "did you mean 'xlsx'?"),
        ((), "Missing option"),
    ],
)
def test_a_format_that_is_not_known_is_a_usage_error(
    call: tuple[str, ...], told: str, invoke: Invoke
) -> None:
    result = invoke("export", "river-dam", *call)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_place_that_cannot_be_written_is_told(invoke: Invoke) -> None:
    result = invoke("export", "river-dam", "-o", "no/such/folder/out.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be written" in result.stderr


# --- files in danger ------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [("brief", *FEW), ("export",), ("export", "--format", "csv")])
@pytest.mark.parametrize("link", ["", "symbolic", "hard"])
def test_no_command_writes_over_what_it_reads(
    call: tuple[str, ...], link: str, invoke: Invoke, exact: Path, tmp_path: Path
) -> None:
    before, target = exact.read_bytes(), tmp_path / ("other.yaml" if link else exact.name)
    if link == "hard":
        target.hardlink_to(exact)
    elif link:
        target.symlink_to(exact)
    command, *options = call
    result = invoke(command, exact, *options, "-o", target)
    assert (result.exit_code, result.stdout, exact.read_bytes()) == (1, "", before)
    assert "is what is read; name another file" in result.stderr
    assert invoke(command, exact, *options, "-o", target, "--force").exit_code == 0


@pytest.mark.parametrize("name", ["case.yaml", "stances.csv"])
def test_no_command_writes_into_the_folder_that_it_reads(name: str, invoke: Invoke, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    mine.joinpath("case.yaml").write_text(EXACT.partition("stances:")[0], encoding="utf-8")
    rows = "issue,actor,position,salience\nborder,north,20,1\nborder,south,60,1\n"
    mine.joinpath("stances.csv").write_text(rows, encoding="utf-8")
    before = (tmp_path / "mine" / name).read_bytes()
    for command in ("brief", "export"):
        result = invoke(command, "mine", "-o", tmp_path / "mine" / name)
        assert (result.exit_code, (tmp_path / "mine" / name).read_bytes()) == (1, before)
        assert "is what is read" in result.stderr


def test_a_table_is_not_replaced_by_its_own_export(invoke: Invoke, table: Path) -> None:
    before = table.read_bytes()
    result = invoke("export", table, "-o", table)
    assert (result.exit_code, table.read_bytes()) == (1, before)


@pytest.mark.parametrize(
    ("call", "name", "told"),
    [
        (("brief", *FEW), "notes.docx", "does not end in .html or .htm"),
        (("brief", *FEW), "other.yaml", "does not end in .html or .htm"),
        (("export", "--format", "yaml"), "photo.png", "does not end in .yaml or .yml"),
    ],
)
def test_a_file_of_another_kind_is_replaced_only_by_force(
    call: tuple[str, ...], name: str, told: str, invoke: Invoke, exact: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("precious", encoding="utf-8")
    command, *options = call
    result = invoke(command, exact, *options, "-o", name)
    assert (result.exit_code, (tmp_path / name).read_text(encoding="utf-8")) == (1, "precious")
    assert told in result.stderr
    assert invoke(command, exact, *options, "-o", name, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("call", "name", "way"),
    [
        (("brief", *FEW), "answer.yaml", "name it answer.html"),
        (("brief", *FEW), "answer.pdf", "name it answer.html"),
        (("import",), "made.csv", "name it made.yaml"),
        (("new",), "fresh.json", "name it fresh.yaml"),
    ],
)
def test_a_new_file_with_the_ending_of_another_kind_is_written_only_by_force(
    call: tuple[str, ...], name: str, way: str, invoke: Invoke, table: Path, exact: Path
) -> None:
    command, *options = call
    given = {"brief": (exact, *options, "-o", name), "import": (table, "-o", name), "new": (name,)}[command]
    result = invoke(command, *given)
    assert (result.exit_code, Path(name).exists()) == (1, False)
    assert f"{way}, or insist with --force" in result.stderr
    assert invoke(command, *given, "--force").exit_code == 0
    assert Path(name).exists()


def test_an_ending_beside_a_named_format_is_free(invoke: Invoke, exact: Path) -> None:
    assert invoke("export", exact, "--format", "csv", "-o", "out.txt").exit_code == 0


def test_no_report_is_written_over_the_ledger_that_it_prints(invoke: Invoke, exact: Path) -> None:
    Path("led.html").write_text("precious", encoding="utf-8")
    result = invoke("brief", exact, *FEW, "--ledger", "led.html", "-o", "led.html")
    assert (result.exit_code, Path("led.html").read_text(encoding="utf-8")) == (1, "precious")
    assert "led.html is what is read" in result.stderr


def test_an_earlier_output_of_the_same_kind_is_replaced(invoke: Invoke, exact: Path) -> None:
    for _ in range(2):
        assert invoke("brief", exact, *FEW, "-o", "report.html").exit_code == 0
        assert invoke("export", exact, "-o", "out.csv").exit_code == 0


def test_what_is_write_protected_is_not_replaced(invoke: Invoke, exact: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("kept", encoding="utf-8")
    target.chmod(0o444)
    for more in ((), ("--force",)):
        result = invoke("export", exact, "-o", target, *more)
        assert (result.exit_code, target.read_text(encoding="utf-8")) == (1, "kept")
        assert "is write-protected" in result.stderr


def test_a_refused_table_is_handed_over_to_be_completed(invoke: Invoke, tmp_path: Path) -> None:
    """On request; without it nothing is written, and the way to it is told."""
    path = tmp_path / "broken.csv"
    path.write_text("actor,position,salience,influence\nA,40,0.8,\nB,80,0.6,2\n", encoding="utf-8")
    refused = invoke("import", path, "-o", "case.yaml")
    assert refused.exit_code == 1
    assert not Path("case.yaml").exists()
    assert f"detente import {path} --partial -o case.yaml" in refused.stderr
    handed = invoke("import", path, "-o", "case.yaml", "--partial")
    assert handed.exit_code == 1
    assert 'influence: "?"' in Path("case.yaml").read_text(encoding="utf-8")
    assert "is blank" in handed.stderr
