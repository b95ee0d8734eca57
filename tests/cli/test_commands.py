"""Each command, on the cases that come with the package and on faulty ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from rich.cells import cell_len

from detente.case import load
from detente.catalog import open_case, slugs
from detente.cli.schema import schemas
from tests.cli.calling import Invoke

FEW = ("--draws", "300")
TWO = ("--scenario", "dry-years")
JSON_OF = {
    "cases": [("cases",)],
    "check": [
        ("check", "river-dam"),
        ("check", "faulty.yaml"),
        ("check", "nowhere.yaml"),
        ("check", "exact.yaml"),
    ],
    "show": [("show", slug) for slug in slugs()] + [("show", "river-dam", *TWO), ("show", "exact.yaml")],
    "bargaining": [("run", "bargaining", slug, *FEW) for slug in slugs()]
    + [("run", "bargaining", "exact.yaml")],
    "compare": [("compare", "river-dam", *TWO, *FEW), ("compare", "exact.yaml", "--set", "title=x", *FEW)],
    "tornado": [("tornado", slug) for slug in slugs()] + [("tornado", "exact.yaml")],
    "new": [("new", "fresh.yaml"), ("new", "--folder", "fresh")],
}
ON_THE_SCREEN = [call for name, calls in JSON_OF.items() for call in calls if name != "new"]


def data_of(result: Result) -> dict[str, Any]:
    """Return the one JSON object that a command printed."""
    data: dict[str, Any] = json.loads(result.stdout)
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize(
    ("name", "call"), [(name, call) for name, calls in JSON_OF.items() for call in calls], ids=str
)
def test_json_is_one_object_that_the_published_schema_describes(
    name: str, call: tuple[str, ...], invoke: Invoke, faulty: Path, exact: Path
) -> None:
    del faulty, exact
    result = invoke(*call, "--json")
    schema = json.loads(invoke("schema", name).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data_of(result), schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("call", ON_THE_SCREEN, ids=str)
@pytest.mark.parametrize("columns", [80, 60])
def test_no_line_of_an_answer_is_wider_than_the_screen(
    call: tuple[str, ...],
    columns: int,
    invoke: Invoke,
    faulty: Path,
    exact: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del faulty, exact
    if call[0] == "check" and not call[1] == "river-dam":
        pytest.skip("problems stand on one line each, for other programs")
    if columns == 60 and call[0] in ("run", "show", "tornado", "compare") and "river-dam" not in call:
        pytest.skip("long numbers are not broken")
    monkeypatch.setenv("COLUMNS", str(columns))
    result = invoke(*call)
    assert result.exit_code == 0
    assert result.stdout.endswith("\n")
    wide = [line for line in result.stdout.splitlines() if cell_len(line) > columns]
    assert not wide


def test_a_published_schema_can_be_asked_for_by_every_listed_name(invoke: Invoke) -> None:
    names = invoke("schema", "--list").stdout.split()
    assert names == list(schemas()) == data_of(invoke("schema", "--list", "--json"))["schemas"]
    for name in names:
        assert data_of(invoke("schema", name))["$schema"].endswith("2020-12/schema")


def test_the_schema_of_case_files_is_the_default(invoke: Invoke) -> None:
    assert invoke("schema").stdout == invoke("schema", "case", "--json").stdout
    assert "stances" in data_of(invoke("schema"))["properties"]


def test_an_unknown_schema_is_a_usage_error(invoke: Invoke) -> None:
    result = invoke("schema", "bargainning")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean 'bargaining'?" in result.stderr


# --- cases ---------------------------------------------------------------------------------------


def test_the_catalog_is_listed_by_the_names_that_other_commands_take(invoke: Invoke) -> None:
    listed = [case["name"] for case in data_of(invoke("cases", "--json"))["cases"]]
    assert listed == list(slugs())
    lines = invoke("cases").stdout.splitlines()
    assert all(any(line.startswith(slug) for line in lines) for slug in slugs())


# --- check ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", slugs())
def test_cases_of_the_catalog_are_in_order(slug: str, invoke: Invoke) -> None:
    result = invoke("check", "--strict", slug)
    assert result.exit_code == 0
    assert "in order" in result.stdout


def test_check_tells_all_errors_at_once_with_their_places(invoke: Invoke, faulty: Path) -> None:
    result = invoke("check", faulty)
    assert result.exit_code == 1
    *problems, last = result.stdout.splitlines()
    assert [problem.removeprefix(f"{faulty}:").split(": ")[:3] for problem in problems] == [
        ["10:37", "error", "stances.border.north.salience"],
        ["11:5", "error", "stances.border.suoth"],
        ["11:23", "error", "stances.border.suoth.position"],
    ]
    assert "did you mean 'south'?" in problems[1]
    assert last == f"{faulty}: 3 errors, 0 warnings"


def test_check_gives_the_same_problems_to_programs(invoke: Invoke, faulty: Path) -> None:
    result = invoke("check", faulty, "--json")
    report = data_of(result)
    assert result.exit_code == 1
    assert (report["ok"], report["errors"], report["warnings"]) == (False, 3, 0)
    assert [(p["line"], p["column"]) for p in report["problems"]] == [(10, 37), (11, 5), (11, 23)]


def test_warnings_matter_only_when_strict(invoke: Invoke, exact: Path) -> None:
    assert invoke("check", exact).exit_code == 0
    assert invoke("check", exact, "--strict").exit_code == 1
    assert "0 errors, 1 warning" in invoke("check", exact).stdout


def test_a_case_that_is_nowhere_is_told_in_the_way_that_was_asked(invoke: Invoke) -> None:
    told = invoke("check", "river-damm")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "did you mean 'river-dam'?" in told.stderr
    machine = invoke("check", "river-damm", "--json")
    assert machine.exit_code == 1
    assert data_of(machine)["problems"][0]["message"] in told.stderr


@pytest.mark.parametrize(
    "call",
    [
        ("show",),
        ("run", "bargaining"),
        ("compare", "river-dam"),
        ("tornado",),
        ("brief",),
        ("export", "-o", "x.csv"),
    ],
    ids=str,
)
@pytest.mark.parametrize("json_asked", [(), ("--json",)])
def test_a_faulty_case_ends_every_other_command_with_nothing_on_stdout(
    call: tuple[str, ...], json_asked: tuple[str, ...], invoke: Invoke, faulty: Path
) -> None:
    result = invoke(*call, faulty, *json_asked)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Error: 3 problems" in result.stderr
    assert f"{faulty}:11:5: stances.border.suoth" in result.stderr


# --- show ----------------------------------------------------------------------------------------


def test_show_names_every_actor_issue_and_stance(invoke: Invoke) -> None:
    case = open_case("us-russia-2024")
    text = " ".join(invoke("show", "us-russia-2024").stdout.split())
    assert all(f"{key} {actor.name}" in text for key, actor in case.actors.items())
    assert all(f"({issue})" in text for issue in case.issues)
    stances = [stance for stances in case.stances.values() for stance in stances.values()]
    assert all(f"{stance.position} {stance.salience}" in text for stance in stances)


def test_show_can_be_kept_to_one_issue(invoke: Invoke) -> None:
    text = invoke("show", "river-dam", "--issue", "release").stdout
    assert "(release)" in text
    assert "(filling)" not in text
    assert "Scenarios" not in text


def test_show_marks_what_a_scenario_and_a_change_make_different(invoke: Invoke) -> None:
    changes = ("--set", "stances.release.bank.accepts=>= 300", "--set", "stances.filling.bank=null")
    text = invoke("show", "river-dam", *TWO, *changes).stdout
    assert "Scenario: Two dry years" in text
    starred = [
        line.split("  ")[1].strip() for line in text.splitlines() if line.endswith("*") or "* " in line
    ]
    assert set(starred) == {
        "Lower Sarn",
        "Development bank",
        "Sarn farmers' union",
        "without agreement 220..300 *; cost of failure 0.1",
    }
    assert ">= 300 *" in text
    assert text.count("Development bank  ") == 2  # among the actors and on the other issue


def test_show_gives_programs_the_numbers_behind_the_text(invoke: Invoke) -> None:
    data = data_of(invoke("show", "river-dam", "--set", "stances.filling.bank.position=10 ± 1", "--json"))
    number = data["quantities"]["stances.filling.bank.position"]
    assert number["text"] == "10 ± 1"
    assert number["mean"] == pytest.approx(10, abs=1e-3)
    assert data["case"]["stances"]["filling"]["bank"]["position"] == "10 ± 1"


def test_a_sparse_case_is_shown_too(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "sparse.yaml"
    path.write_text(
        "detente: 1\ntitle: Sparse\nactors: {a: {name: A}}\n"
        "issues: {x: {name: X, scale: {0: nothing, 1: much}, outcome: {value: 1}},"
        " y: {name: Y, scale: {0: no, 1: yes}, outcome: {value: 1, date: 1999}}}\n",
        encoding="utf-8",
    )
    text = invoke("show", path).stdout
    assert text.count("Nobody has a stance on it.") == 2
    assert "what happened: 1 (1999)" in text
    assert "bloc" not in text


@pytest.mark.parametrize("command", ["show", "tornado"])
def test_an_issue_that_is_not_there_gets_the_nearest(command: str, invoke: Invoke) -> None:
    result = invoke(command, "river-dam", "--issue", "releese")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no issue is called 'releese'; did you mean 'release'?" in result.stderr


# --- changes and scenarios -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("stances.filling.bank.position", "is not PATH=VALUE"),
        ("=3", "is not PATH=VALUE"),
        ("a.b=[1", "not YAML"),
        ("a.b=&x 1", "anchors (&name) are not allowed"),
    ],
)
def test_a_change_that_cannot_be_read_is_a_usage_error(change: str, told: str, invoke: Invoke) -> None:
    result = invoke("show", "river-dam", "--set", change)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_change_that_does_not_fit_the_case_tells_its_path(invoke: Invoke) -> None:
    result = invoke("show", "river-dam", "--set", "stances.filling.bank.position=99")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Error: stances.filling.bank.position: 99 is above 15" in result.stderr


def test_an_unknown_scenario_gets_the_nearest(invoke: Invoke) -> None:
    result = invoke("show", "river-dam", "--scenario", "dry-year")
    assert result.exit_code == 1
    assert "did you mean 'dry-years'?" in result.stderr


def test_as_is_is_always_a_scenario(invoke: Invoke) -> None:
    as_is = invoke("show", "river-dam", "--scenario", "as-is")
    assert as_is.stdout == invoke("show", "river-dam").stdout


# --- run -----------------------------------------------------------------------------------------


def test_exact_inputs_give_the_exact_answer(invoke: Invoke, exact: Path) -> None:
    """The compromise of 20 with weight 1 and 60 with weight 3 is 50."""
    data = data_of(invoke("run", "bargaining", exact, "--json"))
    mean = data["issues"]["border"]["mean"]
    assert mean["mean"] == mean["median"] == 50.0
    assert mean["sd"] == 0.0
    assert mean["intervals"] == {"50": [50.0, 50.0], "80": [50.0, 50.0], "95": [50.0, 50.0]}
    assert sum(mean["histogram"]["counts"]) == data["record"]["draws"] == 1
    assert set(data["issues"]["border"]) == {"mean", "median", "nash", "challenge", "exchange"}


def test_the_same_seed_prints_the_same_for_any_number_of_workers(invoke: Invoke) -> None:
    call = ("run", "bargaining", "river-dam", "--draws", "3000", "--seed", "7", "--json")
    one, two = invoke(*call, "--workers", "1"), invoke(*call, "--workers", "2")
    assert one.stdout == two.stdout
    assert invoke(*call[:-2], "8", "--json").stdout != one.stdout


def test_run_shows_methods_baselines_findings_and_what_was_not_run(invoke: Invoke, exact: Path) -> None:
    text = invoke("run", "bargaining", exact, "--set", "issues.border.no_deal=null").stdout
    assert "no input carries doubt" in text
    assert "Compromise" in text
    assert "(plain average)" in text
    assert "No forecast by Nash bargaining" in " ".join(text.split())
    assert "Chance blurs" not in text


def test_run_tells_what_really_happened(invoke: Invoke) -> None:
    assert "(what happened)" in invoke("run", "bargaining", "emission-standards-1985", *FEW).stdout


def test_methods_can_be_chosen_and_the_first_leads(invoke: Invoke) -> None:
    call = ("run", "bargaining", "river-dam", "--method", "median", "--method", "mean", *FEW)
    data = data_of(invoke(*call, "--json"))
    assert data["headline"] == "median"
    assert {name for methods in data["issues"].values() for name in methods} == {"median", "mean"}
    assert data["trades"] == []
    assert "Trades" not in invoke(*call).stdout


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("run", "bargainin", "river-dam"), "did you mean 'bargaining'?"),
        (("run", "bargaining", "river-dam", "--method", "meen"), "did you mean 'mean'?"),
        (("run", "bargaining", "river-dam", "--draws", "0"), "0 is not in the range"),
        (("run", "bargaining"), "Missing argument 'CASE'"),
    ],
)
def test_what_a_run_does_not_take_is_a_usage_error(call: tuple[str, ...], told: str, invoke: Invoke) -> None:
    result = invoke(*call)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_case_without_stances_says_what_is_missing(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "silent.yaml"
    path.write_text(
        "detente: 1\ntitle: S\nactors: {a: {name: A}}\nissues: {x: {name: X, scale: {0: no, 1: yes}}}\n",
        "utf-8",
    )
    result = invoke("run", "bargaining", path, "--quiet")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: the bargaining lens reads 'stances'")


def test_warnings_about_a_case_are_noted_unless_quiet(invoke: Invoke, exact: Path) -> None:
    assert f"1 warning about this case, told by: detente check {exact}" in invoke("show", exact).stderr
    assert invoke("show", exact, "--quiet").stderr == ""


# --- compare -------------------------------------------------------------------------------------


def test_scenarios_are_compared_with_the_case_as_it_stands(invoke: Invoke) -> None:
    data = data_of(invoke("compare", "river-dam", *TWO, *FEW, "--json"))
    assert (data["base"], data["labels"]) == ("as-is", ["as-is", "dry-years"])


def test_versions_of_one_case_are_told_by_their_names(invoke: Invoke) -> None:
    scenarios = ("--scenario", "as-is", "--scenario", "congress-holds-firm")
    text = invoke("compare", "us-russia-2024", *scenarios, *FEW, "--method", "mean").stdout
    assert "Compromise; 300 common draws, seed 1" in text
    assert text.count("  As is") == text.count("  Congress holds firm") == 7
    assert "lower in" in text
    assert "higher in" in text


def test_changes_are_one_more_version(invoke: Invoke) -> None:
    change = ("--set", "stances.filling.upstream.position=15")
    data = data_of(invoke("compare", "river-dam", *TWO, *change, *FEW, "--json"))
    assert data["labels"] == ["dry-years", "as-set"]
    text = invoke("compare", "river-dam", *change, *FEW).stdout
    assert "  With the changes" in text
    assert "no draw differs" in text


def test_different_cases_are_labelled_by_their_files(invoke: Invoke, exact: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "exact.yaml"
    other.parent.mkdir()
    other.write_text(exact.read_text("utf-8").replace("Nothing", "Little"), encoding="utf-8")
    third = tmp_path / "third.yaml"
    third.write_text(exact.read_text("utf-8").replace("position: 20", "position: 40"), encoding="utf-8")
    assert data_of(invoke("compare", exact, third, *FEW, "--json"))["labels"] == ["exact", "third"]
    assert data_of(invoke("compare", exact, other, *FEW, "--json"))["labels"] == [str(exact), str(other)]
    text = invoke("compare", exact, other, third, *FEW).stdout
    assert f"Little in doubt ({other})" in " ".join(text.split())


def test_nash_bargaining_is_compared_where_it_has_forecasts(invoke: Invoke) -> None:
    call = (
        "compare",
        "river-dam",
        "--set",
        "issues.filling.no_deal=null",
        "--method",
        "nash",
        "--method",
        "mean",
        *FEW,
    )
    text = invoke(*call).stdout
    assert "Filling time\n" in text
    swapped = invoke("compare", "new.yaml", *call[2:]) if Path("new.yaml").exists() else None
    assert swapped is None


@pytest.mark.parametrize(
    "call", [("river-dam",), ("river-dam", "river-dam"), ("river-dam", *TWO, *TWO)], ids=str
)
def test_one_version_cannot_be_compared(call: tuple[str, ...], invoke: Invoke) -> None:
    result = invoke("compare", *call)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there must be two different versions" in result.stderr


# --- tornado -------------------------------------------------------------------------------------


def test_the_tornado_shows_the_widest_swings(invoke: Invoke) -> None:
    call = ("tornado", "river-dam", "--issue", "release", "--top", "2", "--method", "mean")
    text = invoke(*call).stdout
    bars = data_of(invoke(*call, "--json"))["bars"]["release.mean"]
    assert "Dry-season release" in text
    assert "Filling" not in text
    assert text.count("|") == 2
    swings = [abs(bar["at_high"] - bar["at_low"]) for bar in bars]
    assert swings == sorted(swings, reverse=True)
    assert len(swings) > 2
    assert "that matter less" in text


def test_a_case_without_doubt_has_no_tornado(invoke: Invoke, exact: Path) -> None:
    assert "No doubtful input moves it." in invoke("tornado", exact).stdout


# --- new -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [(), ("--folder",)])
def test_what_new_writes_is_in_order_and_can_be_solved(form: tuple[str, ...], invoke: Invoke) -> None:
    result = invoke("new", "mine", *form, "--title", 'A "title": with # marks')
    assert (result.exit_code, result.stdout) == (0, "")
    assert "detente check mine" in result.stderr
    assert invoke("check", "--strict", "mine").exit_code == 0
    assert load("mine").title == 'A "title": with # marks'
    assert invoke("run", "bargaining", "mine", *FEW).exit_code == 0


def test_both_forms_of_a_new_case_hold_the_same(invoke: Invoke) -> None:
    invoke("new")
    invoke("new", "--folder")
    assert load("my-case") == load("case.yaml")


def test_new_overwrites_nothing_unless_forced(invoke: Invoke, exact: Path, tmp_path: Path) -> None:
    before = exact.read_bytes()
    result = invoke("new", exact)
    assert (result.exit_code, exact.read_bytes()) == (1, before)
    assert "overwrite it with --force" in result.stderr
    assert data_of(invoke("new", exact, "--force", "--json")) == {"written": [str(exact)]}
    assert exact.read_bytes() != before
    folder = tmp_path / "half"
    folder.mkdir()
    (folder / "stances.csv").write_text("mine", encoding="utf-8")
    assert invoke("new", "--folder", folder).exit_code == 1
    assert [path.name for path in folder.iterdir()] == ["stances.csv"]
    assert invoke("new", "--folder", folder, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("new", "."), "is a folder"),
        (("new", "--folder", "exact.yaml"), "is not a folder"),
        (("new", "no/such/place.yaml"), "cannot be written"),
        (("new", "--folder", "no/such/place"), "cannot be made"),
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


def test_a_folder_that_cannot_be_finished_is_taken_back(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente.case import files

    whole = files.write_whole

    def interrupted(path: Path, content: str | bytes) -> None:
        if path.name == "case.yaml":
            raise KeyboardInterrupt
        whole(path, content)

    monkeypatch.setattr(files, "write_whole", interrupted)
    assert invoke("new", "--folder").exit_code == 130
    assert list(tmp_path.iterdir()) == []
