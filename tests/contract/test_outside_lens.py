"""A lens from another package is found by every command and page, without any edit of ours."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import detente
from detente.catalog import open_case
from detente.cli import main
from detente.errors import NotFoundError
from detente.lenses import available, lens
from detente.report import Brief
from docs.tools import facade, reference
from tests.contract.outside import NAME, installed
from tests.schemas import validate

QUESTION = "How far apart are the sides?"
SAID = "On Filling time the sides are 8.7 apart."
FEW = ("--draws", "40")
CASE = "river-dam"


@pytest.fixture(scope="module", autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with installed(tmp_path_factory.mktemp("site")):
        yield


def invoke(*arguments: str) -> Result:
    """Run a command that goes well."""
    done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def on_one_line(*arguments: str) -> str:
    """Return what a command prints, on one line."""
    return " ".join(invoke(*arguments).stdout.split())


@pytest.fixture(scope="module")
def made() -> Brief:
    return detente.brief(open_case(CASE), draws=40)


def test_it_stands_after_the_lenses_that_come_with_detente() -> None:
    assert list(available())[-1] == NAME
    assert lens(NAME).question == QUESTION


def test_a_study_takes_it_like_any_other() -> None:
    """Which inputs decide it, whom to ask, and what levers do to it, with no word of ours about it."""
    told = on_one_line("study", "inputs", CASE, "--lens", NAME, "--draws", "300")
    assert "share of doubt" in told
    assert "no record tells yet how often such answers were right" in told
    everything = json.loads(invoke("study", "ask", CASE, "--draws", "300", "--json").stdout)
    assert NAME in {one["lens"] for one in everything["outcomes"] if one["asking"]}
    moved = json.loads(invoke("study", "levers", CASE, "--lens", NAME, "--draws", "100", "--json").stdout)
    assert {one["lens"] for one in moved["outcomes"] if one["effects"]} == {NAME}


def test_run_prints_its_question_findings_and_table() -> None:
    text = on_one_line("run", NAME, CASE, *FEW)
    assert f"{QUESTION} (40 draws, seed 1)" in text
    assert SAID in text
    assert "Monte Carlo error" in text
    data = json.loads(invoke("run", NAME, CASE, "--json", *FEW).stdout)
    validate(data, invoke("schema", NAME).stdout)


def test_compare_and_tornado_tell_its_outcomes_in_its_words() -> None:
    text = on_one_line("compare", CASE, "--lens", NAME, "--scenario", "dry-years", *FEW)
    assert "Distance on Filling time As is 8.7 Two dry years" in text
    text = on_one_line("tornado", CASE, "--lens", NAME)
    assert "Distance on Filling time: 8.3 with every input at its mean" in text
    assert "Lower Sarn: position" in text


def test_a_brief_has_its_rung_its_chapter_and_its_result(made: Brief) -> None:
    assert SAID in [rung.finding.sentence for rung in made.ladder]
    assert SAID in on_one_line("brief", CASE, *FEW)
    page = made.to_html()
    assert f'<a href="#{NAME}">{QUESTION}</a>' in page
    assert f'<section id="{NAME}"' in page
    assert "distances" in made.tables()


def test_a_brief_of_its_result_is_read_back_and_draws_itself(made: Brief) -> None:
    data = json.loads(json.dumps(made.to_dict()))
    validate(data, Brief)
    kept = Brief.from_dict(data)
    assert kept == made
    assert kept.to_html() == made.to_html()


def test_schemas_help_and_completion_name_it() -> None:
    assert NAME in invoke("schema", "--list").stdout.split()
    for command in ("run", "compare", "tornado"):
        assert f"{NAME} {QUESTION}" in on_one_line(command, "--help")
    context = click.Context(main)
    argument = main.get_command(context, "run").params[0]  # type: ignore[union-attr]
    assert [one.value for one in argument.shell_complete(context, "dis")] == [NAME]


def test_pages_that_are_made_from_the_code_name_it() -> None:
    assert QUESTION in reference.commands_page()
    assert NAME in reference.schema_names()
    assert f"| `detente.{NAME}` | {QUESTION} | `detente` |" in facade.page()


def test_it_is_a_function_of_the_package() -> None:
    assert NAME in dir(detente)
    ask = getattr(detente, NAME)
    assert ask(open_case(CASE), draws=40).record.lens == NAME
    assert ask.__doc__.startswith(QUESTION)
    vars(detente).pop(NAME)


def test_a_built_in_lens_cannot_be_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(tmp_path, monkeypatch, "bargaining = nowhere:LENS")
    assert lens("bargaining").question == "Where would each issue settle?"


@pytest.mark.parametrize(
    ("offered", "told"),
    [
        ("broken = nowhere_at_all:LENS", "the lens 'broken' cannot be opened at nowhere_at_all:LENS"),
        ("broken = detente_distance:GLASSES", "no attribute 'GLASSES'"),
        ("broken = detente_distance:DistanceView", "is no lens called 'broken'; derive it from"),
        ("broken = detente_distance:LENS", "is no lens called 'broken'"),
    ],
)
def test_what_is_no_lens_is_refused_by_name(
    offered: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(tmp_path, monkeypatch, offered)
    with pytest.raises(NotFoundError, match=told):
        lens("broken")
    assert CliRunner().invoke(main, ["run", "broken", CASE]).exit_code == 2


def offer(folder: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Install a package with one entry point."""
    information = folder / "other-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Name: other\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(f"[detente.lenses]\n{line}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    importlib.invalidate_caches()
