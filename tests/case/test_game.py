"""The game of a case: what is wrong with it is told at once, in its place; what is right survives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detente.case import Case, Game, GameOption, GameState, Preference, WeightedWish, Wish
from detente.case.loading import check_text
from detente.errors import CaseError

BASE = """\
detente: 1
title: Two at a table
actors: {a: {name: A}, b: {name: B}}
"""
GOOD = """\
game:
  options:
    x: {actor: a, name: Give way}
    y: {actor: b, moves: forward}
    z: {note: belongs to nobody}
  infeasible: [x and y and z, {statement: not x and z, note: cannot be}]
  preferences:
    a: [not y if x, "x"]
    b: {weights: {keep: {statement: x iff y, weight: 3 ± 1}, ease: {statement: not y, weight: 1}}}
  status_quo: [x]
"""


def told(game: str) -> list[str]:
    return [f"{p.line}: {p.path}: {p.message}" for p in check_text(BASE + game, Path("g.yaml")).errors]


def test_a_good_game_is_read_written_and_changed() -> None:
    case = check_text(BASE + GOOD, Path("g.yaml")).require()
    assert case.game is not None
    assert list(case.game.options) == ["x", "y", "z"]
    assert isinstance(case.game.options["x"], GameOption)
    assert isinstance(case.game.infeasible[0], Wish)
    assert isinstance(case.game.preferences["b"].weights["keep"], WeightedWish)
    assert Case.from_dict(case.to_dict()) == case
    again = check_text(Case.from_dict(case.to_dict()).to_yaml(), Path("h.yaml")).require()
    assert again == case
    weight = "game.preferences.b.weights.keep.weight"
    assert case.quantities[weight].mean == pytest.approx(3.0, abs=0.01)
    changed = case.with_({weight: 2, "game.preferences.a.statements": ["y"]})
    assert changed.quantities[weight].mean == 2
    assert changed.game is not None
    assert changed.game.preferences["a"].statements[0].statement.text == "y"


def test_listed_states_are_read() -> None:
    listed = """\
game:
  states: {one: {name: The first}, two: {}}
  moves: {a: [[one, two]]}
  preferences: {a: {ranking: [one, two]}, b: {ranking: [[one, two]]}}
  status_quo: one
"""
    case = check_text(BASE + listed, Path("g.yaml")).require()
    assert isinstance(case.game, Game)
    assert isinstance(case.game.states["one"], GameState)
    assert case.game.preferences["b"] == Preference(ranking=(("one", "two"),))
    assert Case.from_dict(case.to_dict()) == case


def test_everything_wrong_is_told_at_once_and_in_its_place() -> None:
    bad = """\
game:
  options:
    x: {actor: a}
    y: {actor: bb}
    z: {actor: b, movs: back}
    if: {actor: a}
  infeasible: [x and yy, "x and (y"]
  preferences:
    a: [x if y if z, not w, {statemnt: x}]
    b: {ranking: [YY, YYYY, [YYYY, YNNN]]}
  status_quo: [x, q]
"""
    assert set(told(bad)) == {
        "7: game.options.y.actor: no actor is called 'bb'",
        "8: game.options.z.movs: unknown key 'movs'",
        "9: game.options.if: 'if' is a word of statements and cannot name an option",
        "10: game.infeasible[0]: character 7: no option is called 'yy'",
        "10: game.infeasible[1].statement: character 7: this '(' is never closed",
        "11: game.preferences: 'bb' can move and has no preference",
        "12: game.preferences.a.statements[0].statement: character 8: a second 'if' needs brackets around one"
        " of the two",
        "12: game.preferences.a[1]: character 5: no option is called 'w'",
        "12: game.preferences.a.statements[2]: 'statement' is missing",
        "12: game.preferences.a.statements[2].statemnt: unknown key 'statemnt'",
        "13: game.preferences.b.ranking[0]: 'YY' is no state",
        "13: game.preferences.b.ranking[2][0]: state 'YYYY' stands twice",
        "14: game.status_quo[1]: no option is called 'q'",
    }


@pytest.mark.parametrize(
    ("game", "message"),
    [
        ("game: {preferences: {a: [x]}}", "has neither options nor states"),
        ("game: {options: {x: {actor: a}}, states: {s: {}}, preferences: {a: [x]}}", "not both"),
        (
            "game: {options: {x: {actor: a}}, moves: {a: [[s, t]]}, preferences: {a: [x]}}",
            "follow from the opt",
        ),
        ("game: {states: {s: {}}, infeasible: [x], preferences: {a: {ranking: [s]}}}", "all feasible"),
        (
            "game: {states: {s: {}, t: {}}, moves: {a: [[s, u]]}, preferences: {a: {ranking: [s, t]}}}",
            "called 'u",
        ),
        ("game: {states: {s: {}, t: {}}, preferences: {a: {ranking: [s]}}}", "state 't' is not ranked"),
        (
            "game: {states: {s: {}}, preferences: {a: {ranking: [s]}}, status_quo: [s]}",
            "id of one of the listed",
        ),
        ("game: {options: {x: {actor: a}}, preferences: {a: {}}}", "and here is none"),
        ("game: {options: {x: {actor: a}}, preferences: {c: [x]}}", "no actor is called 'c'"),
        (
            "game: {options: {x: {actor: a}}, preferences: {a: {ranking: [Y, N], statements: [x]}}}",
            "is statem",
        ),
        ("game: {options: {x: {actor: a}}, preferences: {a: [x]}, status_quo: YN}", "'YN' is no state"),
        (
            "game: {options: {x: {actor: a}}, preferences: {a: {weights: {w: {statement: v, weight: -1}}}}}",
            "-1 is below 0",
        ),
        ("game: {option: {x: {actor: a}}}", "unknown key 'option'"),
        (
            "game: {options: {x: {actor: a}}, preferences: {a: {weights: {w: {statement: x, wait: 1}}}}}",
            "unknown key 'wait'",
        ),
        ("issues: {}", "is empty"),
        ("", "'issues' is missing"),
    ],
)
def test_a_fault_is_named(game: str, message: str) -> None:
    assert message in " | ".join(told(game))


def test_a_correlation_between_weights_is_checked() -> None:
    pair = "correlations: [{between: [game.preferences.b.weights.keep.weight, game.no], rank: 1}]"
    assert any("no quantity at" in line for line in told(GOOD + pair))


def test_a_scenario_may_change_the_game() -> None:
    case = check_text(BASE + GOOD, Path("g.yaml")).require()
    data: dict[str, Any] = case.to_dict()
    data["scenarios"] = {"s": {"name": "S", "changes": {"game.preferences.a.statements": ["nonsense and"]}}}
    with pytest.raises(CaseError, match="ends where the name of an option is expected"):
        Case.from_dict(data)
