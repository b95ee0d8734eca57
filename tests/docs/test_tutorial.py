"""The tutorials tell the truth: one ends with a case of the catalog, the other with what it says of its case."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from detente.case import Case, check
from detente.catalog import open_case
from detente.cli import main
from detente.lenses import run
from detente.lenses.winset import WinsetResult
from docs.tools.examples import REPOSITORY, ShownFile, ShownParts, read, rewritten

TUTORIAL = REPOSITORY / "docs" / "tutorial" / "first-case.md"
TREATY = REPOSITORY / "docs" / "tutorial" / "treaty.md"


def test_the_tutorial_ends_with_the_teaching_case_of_the_catalog(tmp_path: Path) -> None:
    """Who types the last file of the tutorial holds the case that comes with détente under `river-dam`."""
    shown = [step for step in read(TUTORIAL.read_text(encoding="utf-8")) if isinstance(step, ShownFile)]
    path = tmp_path / shown[-1].name
    path.write_text(shown[-1].text, encoding="utf-8")
    found = check(path)
    assert found.require() == open_case("river-dam")
    assert not found.warnings


def treaty(folder: Path) -> Case:
    """Return the case that the page on a treaty ends with, begun by the command with which it begins."""
    path = folder / "treaty.yaml"
    done = CliRunner().invoke(main, ["new", str(path), "--full", "--quiet"])
    assert done.exit_code == 0, done.output
    for step in read(TREATY.read_text(encoding="utf-8")):
        if isinstance(step, ShownParts):
            path.write_text(rewritten(path.read_text("utf-8"), step.text), encoding="utf-8")
    found = check(path)
    assert not found.warnings
    return found.require()


def signed(case: Case) -> WinsetResult:
    """Return what the win-set lens says of a case."""
    found = run(case, "winset", draws=2000)
    assert isinstance(found, WinsetResult)
    return found


def test_what_the_page_on_a_treaty_says_of_its_deals_is_so(tmp_path: Path) -> None:
    """The sentences around the answers, which the page quotes in part only."""
    case = treaty(tmp_path)
    result = signed(case)
    share = {name: result.chance(name).probability for name in result.deals}
    assert 0.6 < share["treaty"] < 0.95  # most draws
    assert share["missiles"] > 0.95  # nearly all
    assert share["inspections"] < 0.25  # few
    held = {(one.actor, one.issue, one.kind) for one in result.blockers["treaty"].conflicts[0].demands}
    assert held == {("hawks", "inspections", "floor"), ("orn", "inspections", "ceiling")}
    majority = signed(case.with_(scenario="majority"))
    assert majority.chance("treaty").probability == 1
    free = {path: 0 for path in case.quantities if path.endswith("failure_cost")}
    without = signed(case.with_(free))
    assert abs(without.chance("treaty").probability - share["treaty"]) < 0.1  # stands without them


def test_what_the_page_on_a_treaty_says_of_what_holds_is_so(tmp_path: Path) -> None:
    """Restraint holds by deterrence only, the race by itself."""
    case = treaty(tmp_path)
    rows = run(case, "stability", draws=2000).tables()["shares"].to_records()
    share = {(row["state"], row["concept"]): float(row["share"] or 0) for row in rows}
    assert share.get(("NNN", "nash"), 0) == 0
    assert share["NNN", "seq"] > 0.99
    assert share["NYY", "nash"] == share["YYY", "nash"] == 1
