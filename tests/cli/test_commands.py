"""Each command, on the cases that come with the package and on faulty ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len

from detente.catalog import open_case, slugs
from detente.cli.schema import schemas
from tests.cli.calling import FEW, TWO, Invoke, data_of
from tests.schemas import validate

JSON_OF: Mapping[str, Sequence[tuple[str, ...]]] = {
    "cases": [("cases",)],
    "check": [
        ("check", "river-dam"),
        ("check", "faulty.yaml"),
        ("check", "nowhere.yaml"),
        ("check", "exact.yaml"),
    ],
    "show": [("show", slug) for slug in slugs()] + [("show", "river-dam", *TWO), ("show", "exact.yaml")],
    "bargaining": [("run", "bargaining", slug, *FEW) for slug in slugs() if open_case(slug).issues]
    + [("run", "bargaining", "exact.yaml")],
    "winset": [("run", "winset", slug, *FEW) for slug in ("divided-government", "linked-issues")],
    "stability": [("run", "stability", slug, *FEW) for slug in ("chicken", "elmira-1991")],
    "compare": [("compare", "river-dam", *TWO, *FEW), ("compare", "exact.yaml", "--set", "title=x", *FEW)],
    "tornado": [("tornado", slug) for slug in slugs()] + [("tornado", "exact.yaml")],
    "brief": [("brief", "river-dam", *FEW), ("brief", "exact.yaml"), ("brief", "us-russia-2024", *FEW)],
    "import": [("import", "table.csv"), ("import", "table.csv", "-o", "imported.yaml")],
    "export": [("export", "us-russia-2024", "-o", "out.csv"), ("export", "river-dam", "-o", "out.xlsx")],
    "new": [("new", "fresh.yaml"), ("new", "--full", "treaty.yaml")],
    "power": [("power",), ("power", "us-statute"), ("power", "[51; 50, 49, 1]")],
}
# Problems stand on one line each, for other programs; long numbers are not broken.
IN_COLUMNS = [
    call
    for name, calls in JSON_OF.items()
    for call in calls
    if name not in ("new", "import", "export", "check") or call == ("check", "river-dam")
]
ON_SCREENS = [(columns, call) for columns in (40, 80) for call in IN_COLUMNS]


@pytest.mark.parametrize(
    ("name", "call"), [(name, call) for name, calls in JSON_OF.items() for call in calls], ids=str
)
def test_json_is_one_object_that_the_published_schema_describes(
    name: str, call: tuple[str, ...], invoke: Invoke, faulty: Path, exact: Path, table: Path
) -> None:
    del faulty, exact, table
    result = invoke(*call, "--json")
    validate(data_of(result), invoke("schema", name).stdout)


@pytest.mark.parametrize(("columns", "call"), ON_SCREENS, ids=str)
def test_no_line_of_an_answer_is_wider_than_the_screen(
    columns: int, call: tuple[str, ...], invoke: Invoke, exact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del exact
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
    assert all(any(line.startswith(f"  {slug}") for line in lines) for slug in slugs())


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


def test_show_names_every_actor_issue_and_stance(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    case = open_case("us-russia-2024")
    text = " ".join(invoke("show", "us-russia-2024").stdout.split())
    assert all(f"{key} {actor.name}" in text for key, actor in case.actors.items())
    assert all(f"({issue})" in text for issue in case.issues)
    stances = [stance for stances in case.stances.values() for stance in stances.values()]
    assert all(f"{stance.salience} " in text for stance in stances)
    assert all(key in text for key in case.sources)


def test_show_tells_in_words_who_must_agree_to_what(invoke: Invoke) -> None:
    text = " ".join(invoke("show", "us-russia-2024").stdout.split())
    assert "To every deal: Incoming White House and Russian presidency." in text
    assert "Besides, to Territory of Ukraine: Ukrainian leadership." in text
    assert "Besides, to US commitment to NATO: Senate on the alliance." in text
    assert (
        "Senate on the alliance (senate): 67 of 100 votes (US Congress 82, America First Republicans in"
        in text
    )
    assert (
        "United States in the alliance (accession): United States treaty: Incoming White House and 67 of"
        in text
    )
    assert "Grand bargain (grand_bargain): Territory of Ukraine; US military aid to Ukraine;" in text
    assert "kyiv Ukrainian leadership Ukraine 0.03..0.12" in text
    assert "Today: “Moscow presses its territorial terms”." in text
    assert "Cannot be: “Europe fills the gap in arms” and “Europe eases too”." in text
    assert "- “Moscow stops at the front line” and “Kyiv accepts the front line”: weight 6 ± 1.5" in text


def test_show_draws_every_stance_on_the_scale_of_its_issue(invoke: Invoke) -> None:
    lines = invoke("show", "river-dam", "--issue", "filling").stdout.splitlines()
    (row,) = [line for line in lines if "Lower Sarn" in line]
    scale = row.split()[-1]
    assert (scale.index("|"), scale.index("o")) == (round((5 - 3) / 12 * 20), round((12 - 3) / 12 * 20))
    head = lines[lines.index(row) - 3]
    assert (head.index(" 3 ") + 1, len(head)) == (len(row) - len(scale), len(row))


def test_show_tells_payments_and_marks_rules_that_a_change_makes_another(invoke: Invoke, exact: Path) -> None:
    more = (
        "consent: {at_least: majority, of: [{actor: north, count: 3, apart: true}, south]}\n"
        "payments: {unit: million, actors: {north: {gives: 5 ± 1, worth: 0.02}}}\n"
        "scenarios: {both: {name: Both, changes: {consent: {all_of: [north, south]}}}}\n"
    )
    exact.write_text(exact.read_text("utf-8") + more, encoding="utf-8")
    text = " ".join(invoke("show", exact, "-q").stdout.split())
    assert "To every deal: 3 of 4 votes (North 3, South 1). " in text
    assert "What can be paid, in million - North pays at most 5 ± 1; a unit is worth 0.02 to it" in text
    assert "To every deal: North and South. *" in " ".join(
        invoke("show", exact, "--scenario", "both").stdout.split()
    )


def test_show_can_be_kept_to_one_issue(invoke: Invoke) -> None:
    text = invoke("show", "river-dam", "--issue", "release").stdout
    assert "(release)" in text
    assert "(filling)" not in text
    assert "Scenarios" not in text


def test_show_marks_what_a_scenario_and_a_change_make_different(invoke: Invoke) -> None:
    changes = ("--set", "stances.release.bank.accepts=>= 300", "--set", "stances.filling.bank=null")
    text = invoke("show", "river-dam", *TWO, *changes).stdout
    assert "Scenario: Two dry years" in text
    starred = {
        line[2:].split("  ")[0].split()[0] for line in text.splitlines() if "* " in line or line.endswith("*")
    }
    assert starred - {"without"} == {"Lower", "Development", "Sarn"}
    assert "without agreement 220..300 *; cost of failure 0.1" in text
    assert ">= 300 *" in text
    assert text.count("\n  Development") == 1  # on the other issue only


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
