"""``detente hold``: what would have to change for a state to hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import Invoke, data_of
from tests.schemas import validate

GAME = """\
detente: 1
title: Two prisoners
actors:
  a: {name: Ann}
  b: {name: Bob}
game:
  options:
    a-talks: {actor: a, name: Ann talks}
    b-talks: {actor: b, name: Bob talks}
  preferences:
    a: [not b-talks, a-talks]
    b: [not a-talks, b-talks]
  wanted: NN
"""


@pytest.fixture
def game(tmp_path: Path) -> Path:
    path = tmp_path / "prisoners.yaml"
    path.write_text(GAME, encoding="utf-8")
    return path


def test_the_wanted_state_is_asked_about_unless_another_is_named(invoke: Invoke, game: Path) -> None:
    assert data_of(invoke("hold", game, "--json"))["state"] == "NN"
    assert data_of(invoke("hold", game, "a-talks", "--json"))["state"] == "YN"


def test_levers_are_told_with_costs_and_reasons(invoke: Invoke, game: Path) -> None:
    text = " ".join(invoke("hold", game, "--by", "nash").stdout.split())
    assert "What would have to change for “nothing is done” to hold by itself?" in text
    assert "Ann would rather take up “Ann talks”, and nothing deters that." in text
    assert "Bob would have to want before all else: not “Bob talks”." in text
    assert "no change of this kind suffices" in text
    credible = " ".join(invoke("hold", game, "NN", "--by", "seq").stdout.split())
    assert "for “nothing is done” to hold by credible deterrence? It holds already" in credible


def test_costs_and_kinds_can_be_chosen(invoke: Invoke, game: Path) -> None:
    call = ("hold", game, "--by", "nash", "--kind", "moves", "--json")
    (lever,) = data_of(invoke(*call, "--cost", "remove=0.25", "--cost", "ban=never"))["levers"]
    assert lever["cost"] == 0.5
    assert lever["edits"] == {"game.options.a-talks.actor": None, "game.options.b-talks.actor": None}


def test_the_answer_follows_the_published_schema(invoke: Invoke, game: Path) -> None:
    validate(data_of(invoke("hold", game, "--by", "nash", "--json")), invoke("schema", "hold").stdout)


@pytest.mark.parametrize(
    ("call", "code", "told"),
    [
        (("--cost", "remove"), 2, "is not PATH=COST"),
        (("--cost", "remove=much"), 2, "is not PATH=COST"),
        (("--cost", "remove=nan"), 2, "is not PATH=COST"),
        (("--effort", "nan"), 2, "nan is not a finite number"),
        (("--effort", "inf"), 2, "inf is not in the range"),
        (("--effort", "-1"), 2, "-1.0 is not in the range"),
        (("--cost", "sell=2"), 1, "no kind of change 'sell'"),
        (("--by", "nosh"), 1, "did you mean 'nash'"),
        (("--kind", "bribe"), 1, "no kind of change 'bribe'"),
        (("c-talks",), 1, "no option is called 'c-talks'"),
        (("--set", "game.wanted=null"), 2, "say which STATE"),
    ],
)
def test_what_cannot_be_asked_is_told(
    invoke: Invoke, game: Path, call: tuple[str, ...], code: int, told: str
) -> None:
    result = invoke("hold", game, *call)
    assert result.exit_code == code
    assert told in result.stderr
