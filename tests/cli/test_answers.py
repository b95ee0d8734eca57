"""What the lenses and studies say reaches the screen with the names of the case, and programs in full."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from detente.catalog import open_case
from detente.lenses import available, lens, run
from detente.show.ladder import STEPS
from detente.show.screen import section_lines
from detente.show.words import position
from tests.cli.calling import FEW, TWO, Invoke, data_of

EVERY_PART = Path(__file__).parents[1] / "contract" / "every_part.yaml"


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
    assert "Weighted mean" in text
    assert "(plain average)" in text
    assert "No answer by Nash bargaining" in " ".join(text.split())
    assert "Chance blurs" not in text


def test_run_tells_what_really_happened(invoke: Invoke) -> None:
    assert "(what happened)" in invoke("run", "bargaining", "emission-standards-1985", *FEW).stdout


def test_methods_can_be_chosen_and_the_first_leads(invoke: Invoke) -> None:
    call = ("run", "bargaining", "river-dam", "--method", "median", "--method", "mean", *FEW)
    data = data_of(invoke(*call, "--json"))
    assert data["headline"] == "median"
    assert {name for methods in data["issues"].values() for name in methods} == {"median", "mean"}
    assert data["trades"] is None
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


@pytest.mark.parametrize("name", available())
def test_run_prints_the_chapter_of_the_lens(name: str, invoke: Invoke) -> None:
    """The rung in its place, then every line of its sections, and what the numbers are not."""
    printed = invoke("run", name, EVERY_PART, "--draws", "60").stdout
    result = run(open_case(EVERY_PART), name, draws=60)
    chapter = lens(name).chapter(result)
    assert " ".join(chapter.rung.sentence.split()) in " ".join(printed.split()).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    titled = len(chapter.sections) > 1
    lines = [line.rstrip() for one in chapter.sections for line, _ in section_lines(one, titled=titled)]
    assert "\n".join(lines) in printed


# --- compare -------------------------------------------------------------------------------------


def test_scenarios_are_compared_with_the_case_as_it_stands(invoke: Invoke) -> None:
    data = data_of(invoke("compare", "river-dam", *TWO, *FEW, "--json"))
    assert (data["base"], data["labels"]) == ("as-is", ["as-is", "dry-years"])


def test_versions_of_one_case_are_told_by_their_names(invoke: Invoke) -> None:
    scenarios = ("--scenario", "as-is", "--scenario", "congress-holds-firm")
    text = invoke("compare", "us-russia-2024", *scenarios, *FEW, "--method", "mean").stdout
    assert "Weighted mean; 300 common draws, seed 1" in " ".join(text.split())
    assert text.count("  As is") == text.count("  Congress holds firm") == 7
    assert "lower in" in text
    assert "higher in" in text


def test_the_screen_tells_the_same_with_fewer_methods(invoke: Invoke) -> None:
    call = ("compare", "river-dam", *TWO, *FEW)
    everything = data_of(invoke(*call, "--json"))["differences"]
    assert "filling.challenge" in everything
    text = invoke(*call).stdout
    assert text == invoke(*call, "--method", "mean", "--method", "challenge").stdout
    value = everything["filling.mean"]["dry-years"]["value"]
    assert position(value, open_case("river-dam").issues["filling"]) in text


def test_where_the_leading_method_has_no_forecast_another_is_told(invoke: Invoke) -> None:
    leads = ("--set", "options.bargaining.headline=nash", "--set", "issues.filling.no_deal=null")
    text = invoke("tornado", "river-dam", *leads).stdout
    assert "Weighted mean; every input" in text
    assert "\nFilling time: 6.8 with" in text
    assert "\nDry-season release (Nash bargaining): " in text


def test_a_case_may_name_nash_bargaining_as_leading(invoke: Invoke, exact: Path) -> None:
    leads = "options: {bargaining: {headline: nash}}\n"
    exact.write_text(exact.read_text("utf-8") + leads, encoding="utf-8")
    change = ("--set", "stances.border.north.position=0")
    assert "Nash bargaining; 300 common draws" in invoke("compare", exact, *change, *FEW).stdout
    without = exact.read_text("utf-8").replace(", no_deal: 0", "")
    exact.write_text(without, encoding="utf-8")
    assert "Weighted mean; 300 common draws" in invoke("compare", exact, *change, *FEW).stdout


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
    assert "  Little in doubt " in text
    assert "Nothing in doubt" not in text  # two are called so


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


@pytest.mark.parametrize("call", [("compare", "--set", "title=x"), ("tornado",), ("brief",)], ids=str)
def test_an_issue_on_which_nobody_has_a_stance_is_left_out(
    call: tuple[str, ...], invoke: Invoke, exact: Path
) -> None:
    text = exact.read_text("utf-8").replace(
        "stances:", "  rivers: {name: Rivers, scale: {0: dry, 1: wet}}\nstances:"
    )
    exact.write_text(text, encoding="utf-8")
    answer = invoke(call[0], exact, *call[1:]).stdout
    assert "Border" in answer
    assert "Rivers" not in answer


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
    assert sum(" to " in line for line in text.splitlines()[3:]) == 2
    swings = [abs(bar["at_high"] - bar["at_low"]) for bar in bars]
    assert swings == sorted(swings, reverse=True)
    assert len(swings) > 2
    assert "that matter less" in text


def test_a_case_without_doubt_has_no_tornado(invoke: Invoke, exact: Path) -> None:
    assert "No doubtful input moves it." in invoke("tornado", exact).stdout


# --- brief ---------------------------------------------------------------------------------------


def test_the_brief_answers_on_one_screen_and_says_how_it_was_made(invoke: Invoke) -> None:
    result = invoke("brief", "river-dam", *FEW)
    lines = result.stdout.splitlines()
    assert lines[0] == "A dam on the river Sarn (fictional)"
    assert any(line.startswith("  Filling time ") for line in lines)
    assert "as of 2030-03-01; 300 draws, seed 1; fingerprint" in result.stdout
    steps = [name for name in STEPS.values() if any(line.startswith(f"{name}: ") for line in lines)]
    assert steps == [
        "What would change it",
        "How sure",
        "How good such answers have been",
        "What to find out next",
    ]
    assert result.stderr == ""


def test_the_brief_of_a_scenario_names_it(invoke: Invoke) -> None:
    assert "Scenario: Two dry years" in invoke("brief", "river-dam", *TWO, *FEW).stdout


def test_the_report_is_written_where_asked_and_told_beside_the_answer(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke("brief", "river-dam", *FEW, "-o", "report.html")
    assert result.exit_code == 0
    assert result.stderr == "report: report.html\n"
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!doctype html>")
    assert result.stdout == invoke("brief", "river-dam", *FEW).stdout
    again = invoke("brief", "river-dam", *FEW, "-o", "report.html", "--json", "--quiet")
    assert again.stderr == ""
    assert data_of(again)["title"] == "A dam on the river Sarn (fictional)"


@pytest.mark.parametrize(
    ("output", "told"), [(".", "is a folder"), ("no/such/folder/report.html", "does not exist")]
)
def test_a_report_that_cannot_be_written_is_refused_before_the_work(
    output: str, told: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    import detente.report

    monkeypatch.setattr(detente.report, "brief", lambda *_, **__: pytest.fail("the work was done"))
    result = invoke("brief", "river-dam", "-o", output)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


def test_steps_are_cut_to_the_height_of_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.cli.brief import _room, fitting

    one, two = {"One": ["First.", "More of it."]}, {"Two": ["Second. " * 20]}
    steps = one | two | {"Three": ["Third.", "More."]}
    assert fitting(steps, _room(20)) == steps  # nobody looks at a screen
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_, **__: os.terminal_size((80, 24)))
    assert fitting(steps, _room(30)) == {"One": ["First."]} | two
    assert fitting(steps, _room(19)) == steps
    assert fitting(steps, _room(20)) == one | two


def test_what_would_change_it_and_how_sure_it_is_come_before_all_else_on_a_low_screen() -> None:
    from detente.cli.brief import fitting
    from detente.show.ladder import STEPS

    steps = {name: ["One line of it."] for name in STEPS.values()}
    assert list(fitting(steps, 2)) == [STEPS["change"], STEPS["sure"]]
    assert list(fitting(steps, 3)) == [STEPS["deal"], STEPS["change"], STEPS["sure"]]


def test_sentences_end_where_sentences_end() -> None:
    from detente.cli.brief import sentences

    told = "In “A. B.” 2.5 of it holds. But “then” not. 12 others do, by 0.5."
    assert sentences(told) == ["In “A. B.” 2.5 of it holds.", "But “then” not. 12 others do, by 0.5."]
    assert sentences("") == []


def test_a_brief_tells_on_the_screen_which_question_is_left_open(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.lenses.winset.view.MOST_ASKED", 1)
    told = invoke("brief", "linked-issues", "--draws", "60")
    assert told.exit_code == 0, told.stderr
    assert "Not answered: Is there a deal" in " ".join(told.stdout.split())
    assert "leave out the issues or the voters that matter least." in " ".join(told.stdout.split())
    named = invoke("run", "winset", "linked-issues", "--draws", "60")
    assert named.exit_code == 1
    assert "too many to search" in named.stderr
