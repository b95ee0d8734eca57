"""Games travel to GMCR+ and back, in both generations of its keys; what is wrong in a file is named."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from detente.case import Case, Statement
from detente.case.formats import import_case
from detente.case.formats.gmcr import _settings
from detente.case.formats.registry import export_case
from detente.errors import FormatError
from tests.case.test_statement import NAMES, wordings

MODEL: dict[str, Any] = {
    "options": [{"name": "Wait", "permittedDirection": "fwd"}, {"name": "Go"}, {"name": "Not"}],
    "decisionMakers": [
        {"name": "One", "options": [2], "preferences": [[[0, "Y"]], [[0, "Y"]]]},
        {
            "name": "Two",
            "options": [0, 1],
            "preferences": [{"compound": True, "members": [[[0, "N"], [2, "Y"]], [[1, "Y"]]]}],
        },
    ],
    "infeasibles": [[[0, "Y"], [1, "Y"]]],
    "useManualPreferenceRanking": False,
}


def read(tmp_path: Path, model: object) -> Any:
    path = tmp_path / "m.gmcr"
    path.write_text(model if isinstance(model, str) else json.dumps(model), encoding="utf-8")
    return import_case(path)


def test_a_model_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, MODEL)
    game = found.require().to_dict()["game"]
    assert found.format == "gmcr"
    assert game == {
        "options": {
            "wait": {"actor": "two", "name": "Wait", "moves": "forward"},
            "go": {"actor": "two", "name": "Go"},
            "not-2": {"actor": "one", "name": "Not"},
        },
        "infeasible": ["wait and go"],
        "preferences": {
            "one": {"statements": ["wait"]},
            "two": {"statements": ["not wait and not-2 or go"]},
        },
    }


@pytest.mark.parametrize(
    ("switch", "key"),
    [
        ("useManualPreferenceRanking", "preferenceRanking"),
        ("useManualPreferenceVectors", "preferenceVector"),
    ],
)
def test_a_ranking_numbers_states_after_the_options_stand_by_decision_maker(
    tmp_path: Path, switch: str, key: str
) -> None:
    """Option 2 belongs to the first, so it is the lowest bit: 1 NNN, 2 NNY, 3 YNN, 4 YNY, 5 NYN, 6 NYY."""
    model = json.loads(json.dumps(MODEL))
    del model["useManualPreferenceRanking"]
    model[switch] = True
    for maker in model["decisionMakers"]:
        maker[key] = [2, [1, 3], 4, 5, 6]
    case = read(tmp_path, model).require()
    assert case.to_dict()["game"]["preferences"]["one"] == {
        "ranking": ["NNY", ["NNN", "YNN"], "YNY", "NYN", "NYY"]
    }
    export_case(case, tmp_path / "again.gmcr")
    written = json.loads((tmp_path / "again.gmcr").read_text())
    assert written["useManualPreferenceRanking"]
    assert written["decisionMakers"][0]["preferenceRanking"] == [2, [1, 3], 4, 5, 6]


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    case = read(tmp_path, MODEL).require()
    assert export_case(case, tmp_path / "again.gmcr") == []
    assert import_case(tmp_path / "again.gmcr").require().game == case.game


def test_weights_are_written_as_the_ranking_of_their_means(tmp_path: Path) -> None:
    data = read(tmp_path, MODEL).require().to_dict()
    wishes = {"a": {"statement": "wait", "weight": "1 ± 0.1"}, "b": {"statement": "go", "weight": 2}}
    data["game"]["preferences"]["one"] = {"weights": wishes}
    (warning,) = export_case(Case.from_dict(data), tmp_path / "again.gmcr")
    assert "became exact" in str(warning)
    one, two = json.loads((tmp_path / "again.gmcr").read_text())["decisionMakers"]
    assert one["preferenceRanking"] == [[5, 6], [3, 4], [1, 2]]
    assert two["preferenceRanking"] == [[2, 5, 6], [1, 3, 4]]


@given(wordings())
def test_alternatives_hold_exactly_when_the_statement_does(wording: tuple[str, str]) -> None:
    statement = Statement.parse(wording[0])
    number = {name: n for n, name in enumerate(NAMES)}
    found = _settings(statement.tree, number, wanted=True)
    for values in product([False, True], repeat=len(NAMES)):
        one_holds = any(all(values[o] == taken for o, taken in setting.items()) for setting in found)
        assert one_holds == statement.holds(dict(zip(NAMES, values, strict=True)))


def spoilt(**changes: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(MODEL)), **changes}


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ('{"decisionMakers": [}', "is no JSON: a value is missing here"),
        ('{"a" 1}', "is no JSON: a mark such as a comma, colon or bracket is missing here"),
        ('{"a": 1} x', "is no JSON: something stands after its end"),
        ('{"a": "b', "is no JSON: a text that begins here is not closed"),
        (spoilt(options=[]), "the file has none"),
        (spoilt(options=[], infeasibles=[], useManualPreferenceRanking=True), "the file has none"),
        (spoilt(decisionMakers=[]), "the file has none"),
        (spoilt(infeasibles=[[[7, "Y"]]]), "a condition is a list of"),
        (spoilt(infeasibles=[[[0]]]), "a condition is a list of"),
        (spoilt(infeasibles=[[]]), "every state matches it"),
        (spoilt(infeasibles=[[[0, "Y"], [0, "N"]]]), "option 0 is both Y and N"),
        (spoilt(options=[{"name": "A", "permittedDirection": "up"}] * 3), "is both, fwd or back"),
        (spoilt(options=[{"name": "A"}] * 30), "holds more than 24 entries"),
        (spoilt(decisionMakers=[{"name": "A", "options": [0, 9]}]), "no option has this number"),
        (spoilt(decisionMakers=[{"name": "A", "options": [0, 0]}]), "has two owners"),
        (spoilt(useManualPreferenceRanking=True), "can move and has no preference"),
        (
            spoilt(
                useManualPreferenceRanking=True,
                decisionMakers=[{"name": "A", "options": [0], "preferenceRanking": [1, 99]}],
            ),
            "states are numbered 1 to 6",
        ),
        (
            spoilt(useManualPreferenceRanking=True, options=[{"name": "A"}] * 20),
            "more than 16 options are not numbered",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, model: object, message: str) -> None:
    found = read(tmp_path, model)
    assert any(message in str(problem) for problem in found.errors), found.errors


def test_what_somebody_does_not_perceive_and_coalitions_travel_both_ways(tmp_path: Path) -> None:
    model = spoilt(coalitions=[[0, 1]])
    model["decisionMakers"][0]["misperceptions"] = [
        [[0, "Y"], [1, "N"]],
        {"compound": True, "members": [[[2, "N"]]]},
    ]
    case = read(tmp_path, model).require()
    game = case.to_dict()["game"]
    assert game["misperceives"] == {"one": ["wait and not go", "not not-2"]}
    assert game["coalitions"] == [["one", "two"]]
    assert export_case(case, tmp_path / "again.gmcr") == []
    again = json.loads((tmp_path / "again.gmcr").read_text())
    assert again["coalitions"] == [[0, 1]]
    assert again["decisionMakers"][0]["misperceptions"] == [[[0, "Y"], [1, "N"]], [[2, "N"]]]
    assert import_case(tmp_path / "again.gmcr").require().game == case.game
    assert read(tmp_path, spoilt(coalitions=[0, [1]])).require().game.coalitions is None


def three(**changes: Any) -> Case:
    """Options of three actors, the third with a stance on what two of them set."""
    game = {
        "options": {
            "x": {"actor": "a", "sets": {"i": 10}},
            "y": {"actor": "b", "sets": {"i": 4}},
            "z": {"actor": "c"},
        },
        "infeasible": ["YY-"],
        "preferences": {
            "a": {"ranking": ["Y--", ">>", ["NYN", "NYY"], "NN-"]},
            "b": ["-Y-", {"statement": "z", "strong": True}],
            "c": "stances",
        },
    }
    data: dict[str, Any] = {
        "title": "t",
        "actors": {actor: {"name": actor.upper()} for actor in "abc"},
        "issues": {"i": {"name": "I", "scale": {"0": "l", "10": "h"}, "no_deal": 0}},
        "stances": {"i": {"c": {"position": 6, "salience": 1, "influence": 1}}},
        "game": {**game, **changes},
    }
    return Case.from_dict(data)


def test_patterns_and_stances_are_written_as_rankings_and_losses_are_told(tmp_path: Path) -> None:
    told = export_case(three(coalitions=[["a", "b"], ["b", "c"]]), tmp_path / "x.gmcr")
    assert {problem.message for problem in told if "game" not in problem.message} >= {
        "what the options set is not kept",
        "how strongly a prefers is not kept",
        "how strongly b prefers is not kept",
        "the coalitions that can form are not kept: an actor is in several",
        "the stances of c became the ranking by their means",
    }
    written = json.loads((tmp_path / "x.gmcr").read_text())
    assert written["infeasibles"] == [[[0, "Y"], [1, "Y"]]]
    # 1 NNN, 2 YNN, 3 NYN, 4 NNY, 5 YNY, 6 NYY; the issue stands at 0, 10 or 4, and 6 is wanted
    a, b, c = (maker["preferenceRanking"] for maker in written["decisionMakers"])
    assert a == [[2, 5], [3, 6], [1, 4]]
    assert b == [6, 3, [4, 5], [1, 2]]
    assert c == [[3, 6], [2, 5], [1, 4]]
    assert export_case(three(coalitions=[["a", "b"]]), tmp_path / "x.gmcr")
    assert json.loads((tmp_path / "x.gmcr").read_text())["coalitions"] == [[0, 1], 2]


@pytest.mark.parametrize(
    ("no_deal", "ranking"), [(None, [[3, 6], [2, 5], [1, 4]]), (0.5, [[3, 6], [1, 4], [2, 5]])]
)
def test_values_of_settlements_and_of_no_deal_are_ranked(
    tmp_path: Path, no_deal: float | None, ranking: list[list[int]]
) -> None:
    """The issue stands at 4 where y is taken, at 10 where x is, and where neither is at 0, or there is no deal."""
    data = three().to_dict()
    data["issues"]["i"] |= {"scale": {"0": "l", "4": "m", "10": "h"}, "discrete": True}
    stated = {"values": {"0": 0.2, "4": 1, "10": 0.3}, "salience": 1, "influence": 1}
    data["stances"]["i"]["c"] = stated | ({} if no_deal is None else {"no_deal": no_deal})
    case = Case.from_dict(data)
    export_case(case, tmp_path / "x.gmcr")
    makers = json.loads((tmp_path / "x.gmcr").read_text())["decisionMakers"]
    assert makers[2]["preferenceRanking"] == ranking


def test_unknown_and_merged_are_told_and_joint_options_refused(tmp_path: Path) -> None:
    wishes = {"a": [{"statement": "x", "unknown": True}], "b": ["y"], "c": ["x"]}
    told = export_case(three(preferences=wishes), tmp_path / "x.gmcr")
    assert any("written as if it were known" in problem.message for problem in told)
    one = {"a": ["x"], "b": ["x"], "c": ["x"]}
    told = export_case(three(merged=["YN-"], preferences=one), tmp_path / "x.gmcr")
    assert any("written apart" in problem.message for problem in told)
    joint = {"x": {"actors": ["a", "b"]}, "y": {"actor": "b"}, "z": {"actor": "c"}}
    with pytest.raises(FormatError, match="'x' is taken by several actors together"):
        export_case(three(options=joint, preferences=one), tmp_path / "x.gmcr")


@pytest.mark.parametrize("coalitions", [[[0, 7]], [[0, 1], 1], [["One", 1]], [True]])
def test_coalitions_that_are_no_partition_are_refused(tmp_path: Path, coalitions: list[Any]) -> None:
    found = read(tmp_path, spoilt(coalitions=coalitions))
    assert any("every decision maker's number once" in str(problem) for problem in found.errors)


def test_a_case_without_a_game_of_options_is_not_written(tmp_path: Path) -> None:
    listed = {
        "title": "t",
        "actors": {"a": {"name": "A"}},
        "game": {"states": {"s": {}}, "preferences": {"a": {"ranking": ["s"]}}},
    }
    with pytest.raises(FormatError, match="states of its game are listed"):
        export_case(Case.from_dict(listed), tmp_path / "x.gmcr")
    plain = {
        "title": "t",
        "actors": {"a": {"name": "A"}},
        "issues": {"i": {"name": "I", "scale": {"0": "l", "1": "h"}}},
    }
    with pytest.raises(FormatError, match="the case has no game"):
        export_case(Case.from_dict(plain), tmp_path / "x.gmcr")


def game_of(count: int, preference: dict[str, Any]) -> Case:
    options = {f"o{n}": {"actor": "a"} for n in range(count)}
    game = {"options": options, "preferences": {"a": preference}}
    return Case.from_dict({"title": "t", "actors": {"a": {"name": "A"}}, "game": game})


def test_a_statement_of_very_many_alternatives_is_refused(tmp_path: Path) -> None:
    parity = "o0"
    for n in range(1, 14):
        parity = f"({parity}) iff o{n}"
    with pytest.raises(FormatError, match="more than 500 alternatives"):
        export_case(game_of(14, {"statements": [parity]}), tmp_path / "x.gmcr")


def test_very_many_states_are_not_numbered(tmp_path: Path) -> None:
    case = game_of(20, {"weights": {"w": {"statement": "o1", "weight": 1}}})
    with pytest.raises(FormatError, match="20 options is not written"):
        export_case(case, tmp_path / "x.gmcr")
