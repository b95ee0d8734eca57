"""A case with a game and no issues is shown, run, compared, moved, briefed, checked and exported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detente.cli import main
from tests.lenses.stability.playing import EVERY_PART, games

FEW = ("--draws", "60")


@pytest.fixture
def game(tmp_path: Path) -> str:
    path = tmp_path / "bridge.yaml"
    games()["in doubt"].save(path)
    return str(path)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def told(*arguments: str) -> str:
    """Return what a command that goes well prints, on one line."""
    done = invoke(*arguments)
    assert done.exit_code == 0, done.output
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    return " ".join(done.stdout.split())


def test_show_tells_options_wishes_and_what_a_scenario_changes(game: str) -> None:
    text = told("show", game, "--scenario", "toll")
    assert "a game of 2 options" in text
    assert "0 issues" not in text
    assert "open_n North Open the north gate" in text
    assert (
        "North * - “Open the south gate”: weight 3 ± 1 - not “Open the north gate”: weight 0.1 "
        "South - “Open the north gate” - not “Open the south gate”"
    ) in text


def test_show_tells_one_way_options_bans_joint_and_listed_games(tmp_path: Path) -> None:
    text = told("show", str(EVERY_PART))
    assert "Today: “Fill in four years”. Cannot be: “Fill in four years” and “Guarantee the release”." in text
    assert "cannot be taken back" in text.replace("taken back", "taken back")
    path = tmp_path / "listed.yaml"
    games()["listed"].save(path)
    text = told("show", str(path))
    assert "a game of 3 listed states" in text
    assert "war War goes on yes" in text
    assert "North 2 moves; South 1 move" in text
    assert "South - “peace” - “A truce”; or alike, “War goes on”" in text


def test_the_screen_of_what_holds_tells_shares_reasons_and_ways(game: str) -> None:
    text = told("run", "stability", game, *FEW)
    assert "outcome by itself possible inescapable credible 2 ahead nothing is done" in text
    assert (
        "nothing is done yes yes yes yes yes Open the north gate + 72 % 72 % 72 % 72 % Open the south gate"
        in text
    )
    assert "By itself: nobody alone gains by leaving." in text
    assert "Today’s pattern, “nothing is done”, holds: nobody alone gains by leaving it." in text
    assert "Gaining nothing by a move: North, South." in text
    assert (
        "From today in two moves, not all of which pay by themselves: North: “Open the north gate”; then South"
        in text
    )
    assert "would be answered by South (no more “Open the south gate”), which is no better for North." in text
    holding = json.loads(invoke("run", "stability", game, "--json", "-q", *FEW).stdout)["equilibria"]
    assert holding["nash"] == ["NN"]
    assert "NN" in holding["l2"]


def test_the_screen_tells_who_leaves_today_and_what_is_wanted(tmp_path: Path) -> None:
    case = games()["wanted"].with_({"game.status_quo": "YN"})
    path = tmp_path / "wanted.yaml"
    case.save(path)
    text = told("run", "stability", str(path))
    assert "Today: Open the north gate North would gain by moving: " in text
    assert "Today’s pattern, “Open the north gate”, does not hold: North would gain by a move" in text
    assert "It holds, but only by credible deterrence." in text
    assert (
        "To make it hold by itself (nobody alone gains by leaving), any one of these would do: - Value it more: "
        in text
    )


def test_a_game_in_which_nothing_holds_says_so(tmp_path: Path) -> None:
    only = {"options": {"stability": {"concepts": ["nash"], "horizon": 1, "coalitions": False}}}
    path = tmp_path / "restless.yaml"
    type(games()["restless"]).from_dict({**games()["restless"].to_dict(), **only}).save(path)
    text = told("run", "stability", str(path))
    assert "Nothing holds: each of 4 outcomes is one that somebody would leave." in text
    assert "By itself: none of 4 outcomes" in text
    assert "Nothing holds" in told("brief", str(path))


def test_long_lists_are_cut_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "seven.yaml"
    games()["seven options"].save(path)
    run = told("run", "stability", str(path), "--draws", "20")
    assert re.search(r"and \d+ rows more; --json has them all", run)
    assert "rows more; --json has them all" in told("tornado", str(path), "--top", "1")
    more = told("compare", str(path), str(EVERY_PART), "--lens", "stability", "--draws", "20")
    assert "more; --json has them all" in more


def test_the_brief_of_a_game_is_its_outcomes_and_the_report_is_written(game: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = told("brief", game, "-o", str(page), *FEW)
    assert "Today’s pattern, “nothing is done”, holds: nobody alone gains by leaving it." in text
    assert "“Open the north gate + Open the south gate” (in 72 % of draws, by credible deterrence)" in text
    assert "60 draws, seed 1" in text
    assert "What holds" in page.read_text(encoding="utf-8")
    answer = json.loads(invoke("brief", game, "--json", "-q", *FEW).stdout)
    assert list(answer["results"]) == ["stability"]
    assert answer["results"]["stability"]["equilibria"]["nash"] == ["NN"]


def test_a_tornado_of_a_game_says_what_starts_and_stops_to_hold(game: str) -> None:
    text = told("tornado", game)
    assert (
        "North: weight of “calm” 3.3 “Open the north gate + Open the south gate” no longer holds by credible "
        "deterrence"
    ) in text
    assert (
        "North: weight of “trade” 1.7 “Open the north gate + Open the south gate” no longer holds by credible"
        in text
    )
    assert json.loads(invoke("tornado", game, "--json", "-q").stdout)["lens"] == "stability"
    sure = told("tornado", game, "--set", "game.preferences.north.weights.trade.weight=9")
    assert "No input in doubt, moved alone, changes what is so." in sure


def test_versions_of_a_game_are_compared_by_what_holds(game: str) -> None:
    text = told("compare", game, "--scenario", "toll", *FEW)
    assert "outcome how As is A toll nothing is done by itself 100 % 100 %" in text
    assert "Open the north gate + Open the south by credible deterrence 72 % 100 % gate" in text


def test_a_case_with_both_can_be_asked_either(game: str) -> None:
    both = str(EVERY_PART)
    assert "no longer holds by itself" in told("tornado", both, "--lens", "stability")
    assert "Filling time" in told("tornado", both)
    assert "outcome how As is" in told(
        "compare", both, "--scenario", "dry-years", "--lens", "stability", *FEW
    )
    refused = invoke("tornado", game, "--lens", "bargaining")
    assert refused.exit_code == 1
    assert "reads 'stances'" in refused.stderr


@pytest.mark.parametrize("ending", ["yaml", "json", "xlsx", "nfg", "graphml", "dot"])
def test_a_game_is_exported(game: str, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    done = invoke("export", game, "-o", str(path))
    assert done.exit_code == 0, done.output
    assert path.stat().st_size


def test_a_table_of_stances_refuses_a_game(game: str, tmp_path: Path) -> None:
    done = invoke("export", game, "-o", str(tmp_path / "out.csv"))
    assert done.exit_code == 1
    assert "the case has no issues" in done.stderr


def test_a_game_is_checked(game: str) -> None:
    done = invoke("check", game)
    assert done.exit_code == 0
    assert "0 errors" in done.stdout


def test_show_tells_what_is_strong_unknown_merged_or_unseen(tmp_path: Path) -> None:
    path = tmp_path / "strong.yaml"
    path.write_text(
        """\
detente: 1
title: Two on a bridge
actors: {north: {name: North}, south: {name: South}}
game:
  options: {x: {actor: north}, y: {actor: south}, z: {actors: [north, south]}}
  merged: [{statement: x and y, name: Both}]
  misperceives: {south: [x and z]}
  coalitions: [[north, south]]
  preferences:
    north: {ranking: [YY-, ">>", N--, [YNN, YNY]]}
    south: {statements: [{statement: x, strong: true}, {statement: x and y, unknown: true}], unknown: [[NYN, NNY]]}
""",
        encoding="utf-8",
    )
    text = told("show", str(path))
    assert "Treated as one: “x” and “y”, called “Both”." in text
    assert "Not perceived by South: “x” and “z”." in text
    assert "Can act together: North and South." in text
    assert (
        "North - “x” and “y” - much less: not “x” - “x” and not “y” and not “z”; or alike, “x” and not"
        in text
    )
    assert (
        "South - “x”, strongly - “x” and “y”, or the opposite - which is better is not known: not “x” and"
        in text
    )
    done = invoke("export", str(path), "-o", str(tmp_path / "strong.nfg"))
    assert done.exit_code == 1
    assert "states of the game are merged" in done.stderr
