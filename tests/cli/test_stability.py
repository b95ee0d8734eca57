"""``detente run stability`` on a case of the catalog and on a file of GMCR+."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import main

EVERY_PART = Path(__file__).parents[1] / "contract" / "every_part.yaml"
PRISONERS = {
    "options": [{"name": "First talks"}, {"name": "Second talks"}],
    "decisionMakers": [
        {"name": "First", "options": [0], "preferences": [[[1, "N"]], [[0, "Y"]]]},
        {"name": "Second", "options": [1], "preferences": [[[0, "N"]], [[1, "Y"]]]},
    ],
    "infeasibles": [],
}


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "prisoners.gmcr"
    path.write_text(json.dumps(PRISONERS), encoding="utf-8")
    return str(path)


def test_a_model_of_gmcr_is_answered_as_json(model: str) -> None:
    done = CliRunner().invoke(main, ["run", "stability", model, "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["options"] == ["first-talks", "second-talks"]
    assert answer["states"] == ["NN", "YN", "NY", "YY"]
    assert answer["equilibria"]["nash"] == ["YY"]
    assert answer["equilibria"]["seq"] == ["NN", "YY"]
    assert answer["stable"]["nash"] == {"first": ["YN", "YY"], "second": ["NY", "YY"]}
    assert {"nash", "gmr", "smr", "seq", "sim", "l2"} <= set(answer["equilibria"])


def test_a_case_of_the_catalog_is_told_in_sentences() -> None:
    done = CliRunner().invoke(main, ["run", "stability", str(EVERY_PART), "--draws", "50"])
    assert done.exit_code == 0, done.output
    assert "Which outcomes hold" in done.stdout
    assert "Today: Fill in four years" in done.stdout


def test_a_case_without_a_game_is_an_error_that_says_so() -> None:
    done = CliRunner().invoke(main, ["run", "stability", "emission-standards-1985"])
    assert done.exit_code == 1
    assert "the case has none" in done.stderr
