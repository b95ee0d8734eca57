"""The game of a case: what is wrong with it is told at once, in its place; what is right survives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case import (
    Case,
    Condition,
    Game,
    GameOption,
    GameState,
    Merge,
    Preference,
    Together,
    WeightedWish,
    Wish,
)
from detente.case.checked import check_text
from detente.case.parts.game.feasible import Combinations
from detente.case.words import assertions
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
    assert isinstance(case.game.infeasible[0], Condition)
    assert isinstance(case.game.preferences["a"].statements[0], Wish)
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
        "10: game.infeasible[1]: character 7: this '(' is never closed",
        "12: game.preferences.a[0]: character 8: a second 'if' needs brackets around one of the two",
        "12: game.preferences.a[1]: character 5: no option is called 'w'",
        "12: game.preferences.a[2].statemnt: unknown key 'statemnt'",
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


FULL = """\
issues:
  i: {name: I, scale: {0: low, 10: high}, no_deal: 2 ± 1}
stances:
  i: {a: {position: 3, salience: 1, influence: 1}}
game:
  options:
    x: {actor: a, sets: {i: 4..6}}
    y: {actors: [a, b], sets: {i: 9}, name: Sign}
    z: {actor: b}
  infeasible: [YY-]
  merged: [{statement: y, name: Signed}]
  misperceives: {b: [N-N]}
  coalitions: [[b, a]]
  preferences:
    a: {stances: true, strong_gap: 0.2 ± 0.1, unknown: [[Y--, NN-]]}
    b: [{statement: y, strong: true}, {statement: x, unknown: true}]
  status_quo: NYY
"""


def test_a_game_may_say_much_more_and_survives() -> None:
    case = check_text(BASE + FULL, Path("g.yaml")).require()
    assert case.game is not None
    assert isinstance(case.game.merged[0], Merge)
    assert case.game.options["y"].actors == ("a", "b")
    assert case.game.preferences["b"].has_strength
    assert case.game.preferences["b"].has_unknown
    assert Case.from_dict(case.to_dict()) == case
    assert check_text(Case.from_dict(case.to_dict()).to_yaml(), Path("h.yaml")).require() == case
    numbers = {path for path in case.quantities if path.startswith("game.")}
    assert numbers == {"game.preferences.a.strong_gap", "game.options.x.sets.i", "game.options.y.sets.i"}
    (option,) = (one for one in assertions(case) if one.path == "game.options.x")
    assert {name: str(number) for name, number in option.numbers.items()} == {
        "where it puts I": "4..6",
        "": "x",
    }
    short = FULL.replace("{stances: true, strong_gap: 0.2 ± 0.1, unknown: [[Y--, NN-]]}", "stances")
    assert check_text(BASE + short, Path("g.yaml")).require().game.preferences["a"].stances  # type: ignore[union-attr]


def test_what_is_asserted_of_a_game_is_told_by_the_names_of_its_options() -> None:
    told = {
        text
        for one in assertions(check_text(BASE + GOOD, Path("g.yaml")).require())
        for text in one.numbers.values()
    }
    assert {"“Give way” and “y” and “z”", "not “Give way” and “z”"} <= told


def test_listed_states_may_need_several_and_marks_of_strength() -> None:
    listed = """\
game:
  states: {one: {}, two: {}, three: {}}
  together: [{actors: [a, b], moves: [[one, two]]}]
  misperceives: {a: [three]}
  preferences: {a: {ranking: [one, ">>", [two, three]]}, b: {ranking: [two, one, ">>", three]}}
"""
    game = check_text(BASE + listed, Path("g.yaml")).require().game
    assert game is not None
    assert game.together == (Together(actors=("a", "b"), moves=(("one", "two"),)),)
    assert game.preferences["a"].groups == (("one",), ("two", "three"))
    assert game.preferences["a"].levels == (0, 1)
    assert game.preferences["b"].levels == (0, 0, 1)


GAME = "game:\n  options: {x: {actor: a}, y: {actor: b}, z: {actor: b}}\n"
WANTS = "  preferences: {a: [x], b: [y]}\n"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("  infeasible: [x, not x]\n" + WANTS, "6: game.infeasible: no state is feasible"),
        (
            "  infeasible: [YY]\n" + WANTS,
            "6: game.infeasible[0]: no option is called 'YY', and as a pattern it",
        ),
        ("  infeasible: ['---']\n" + WANTS, "6: game.infeasible[0]: every state is like this pattern"),
        (
            "  infeasible: [YY-]\n  status_quo: YYN\n" + WANTS,
            "7: game.status_quo: the status quo is not feasible",
        ),
        ("  status_quo: YY-\n" + WANTS, "'YY-' is no state"),
        ("  infeasible: [Y--]\n  merged: [x]\n" + WANTS, "7: game.merged[0]: holds in no feasible state"),
        ("  merged: [z and x and y, x and y]\n" + WANTS, "YYY is merged with others already by entry 1"),
        ("  merged: [z]\n" + WANTS, "6: game.merged[0]: a does not find YNY, YYY as good as NNY, NYY"),
        (
            "  preferences: {a: {ranking: [Y--, NY-]}, b: [y]}\n",
            "2 feasible states are not ranked (NNN, NNY)",
        ),
        ("  preferences: {a: {ranking: [Y--, YY-, N--]}, b: [y]}\n", "stands twice, once as part of 'YY-'"),
        ("  infeasible: [Y--]\n  preferences: {a: {ranking: [Y--, N--]}, b: [y]}\n", "'Y--' is not feasible"),
        ("  preferences: {a: {ranking: ['>>', Y--, N--]}, b: [y]}\n", "'>>' stands between two states"),
        ("  preferences: {a: {ranking: ['---']}, b: [y]}\n", "every state is like this pattern"),
        ("  preferences: {a: {statements: [x], strong_gap: 1}, b: [y]}\n", "is a difference of weights or"),
        ("  preferences: {a: {statements: [x], unknown: [[YNN, NN]]}, b: [y]}\n", "'NN' is no state"),
        (
            "  infeasible: [Y--]\n  preferences: {a: {statements: [x], unknown: [[YNN, NNN]]}, b: [y]}\n",
            "7: game.preferences.a.unknown[0][0]: no feasible state is like 'YNN'",
        ),
        ("  preferences: {a: stances, b: [y]}\n", "stances order states only where options set issues"),
        ("  misperceives: {a: [w], c: [x]}\n" + WANTS, "game.misperceives.c: no actor is called 'c'"),
        ("  misperceives: {a: [w]}\n" + WANTS, "character 1: no option is called 'w'"),
        ("  coalitions: [[a]]\n" + WANTS, "needs two actors or more"),
        ("  coalitions: [[a, a]]\n" + WANTS, "an actor stands twice"),
        ("  coalitions: [[a, c]]\n" + WANTS, "no actor is called 'c'"),
        (
            "  together: [{actors: [a, b], moves: [[s, t]]}]\n" + WANTS,
            "game.together: moves follow from the options",
        ),
        ("  merged: [{statement: x, nam: X}]\n" + WANTS, "unknown key 'nam'"),
    ],
)
def test_what_does_not_fit_the_states_is_told_in_its_line(more: str, message: str) -> None:
    assert message in " | ".join(told(GAME + more))


@pytest.mark.parametrize(
    ("game", "message"),
    [
        ("{options: {x: {actor: a, actors: [a, b]}}, preferences: {a: [x], b: [x]}}", "not both"),
        ("{options: {x: {actors: [a, b]}}, preferences: {a: [x]}}", "'b' can move and has no preference"),
        ("{options: {x: {actor: a, sets: {j: 1}}}, preferences: {a: [x]}}", "no issue is called 'j'"),
        ("{options: {x: {actor: a, sets: {i: 11}}}, preferences: {a: [x]}}", "11 is above 10"),
        ("{options: {x: {actor: a, sets: {i: 1}}}, preferences: {a: stances}}", "a has no stance on what"),
        (
            "{states: {s: {}}, merged: [s], preferences: {a: {ranking: [s]}}}",
            "game.merged: listed states are not merged",
        ),
        (
            "{states: {s: {}}, misperceives: {a: [t]}, preferences: {a: {ranking: [s]}}}",
            "no state is called 't'",
        ),
        (
            "{states: {s: {}, t: {}}, together: [{actors: [a, b], moves: [[s, u]]}], "
            "preferences: {a: {ranking: [s, t]}, b: {ranking: [s, t]}}}",
            "no state is called 'u'",
        ),
    ],
)
def test_a_fault_beside_an_issue_is_named(game: str, message: str) -> None:
    issue = "issues: {i: {name: I, scale: {0: low, 10: high}}}\n"
    assert message in " | ".join(told(f"{issue}game: {game}"))


def test_issues_that_options_set_twice_or_not_at_all_are_told() -> None:
    game = FULL.replace(", no_deal: 2 ± 1", "").replace("infeasible: [YY-]", "infeasible: [NNN]")
    found = " | ".join(told(game.replace("merged: [{statement: y, name: Signed}]", "merged: []")))
    assert "issues.i: no option sets the issue in NNY" in found
    assert "game.options.y.sets.i: 'x' sets it too, in YYN, YYY" in found


def test_combinations_know_where_each_option_is_taken() -> None:
    game = check_text(BASE + GOOD, Path("g.yaml")).require().game
    assert game is not None
    space = Combinations(game)
    assert list(space.taken) == ["x", "y", "z"]
    assert (space.taken["y"] & space.feasible).shape == (2, 2, 2)
    assert np.broadcast_to(space.taken["y"], (2, 2, 2)).ravel().tolist() == [False, False, True, True] * 2
    assert space.texts(np.arange(8).reshape(2, 2, 2) == 6) == "NYY"
    assert space.like("N-Y").ravel().tolist() == [n in (4, 6) for n in range(8)]


def test_a_pattern_of_very_many_letters_is_refused() -> None:
    options = "".join(f"    o{n}: {{actor: a}}\n" for n in range(20))
    bans = f"  infeasible: [{'Y' * 20}]\n  preferences: {{a: [o1]}}\n"
    assert any("fixes at most 16" in line for line in told("game:\n  options:\n" + options + bans))


def test_a_correlation_between_weights_is_checked() -> None:
    pair = "correlations: [{between: [game.preferences.b.weights.keep.weight, game.no], rank: 1}]"
    assert any("no quantity at" in line for line in told(GOOD + pair))


def test_a_scenario_may_change_the_game() -> None:
    case = check_text(BASE + GOOD, Path("g.yaml")).require()
    data: dict[str, Any] = case.to_dict()
    data["scenarios"] = {"s": {"name": "S", "changes": {"game.preferences.a.statements": ["nonsense and"]}}}
    with pytest.raises(CaseError, match="ends where the name of an option is expected"):
        Case.from_dict(data)


def test_more_options_than_the_cap_are_refused_with_the_memory_they_would_take_and_a_way_out() -> None:
    listed = ", ".join(f"o{number}: {{actor: a}}" for number in range(30))
    text = f"{BASE}game: {{options: {{{listed}}}, preferences: {{a: [o1]}}}}\n"
    found = [p for p in check_text(text, Path("g.yaml")).errors if "2^30" in p.message]
    assert len(found) == 1
    assert "about 114 GB of memory; the cap is 24 options" in found[0].message
    assert found[0].hint is not None
    assert found[0].hint.startswith("merge options that always go together")


@pytest.mark.parametrize("issue", ["[a, b]", "20..60", "true", "{}"])
def test_an_issue_of_another_shape_is_told_and_keeps_nothing_else_from_being_told(issue: str) -> None:
    """What options set is looked at although the issue that they set cannot be read."""
    text = FULL.replace("{name: I, scale: {0: low, 10: high}, no_deal: 2 ± 1}", issue)
    assert any("issues.i" in line for line in told(text))
