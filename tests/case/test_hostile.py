"""No input hangs or escapes: what is too large is refused before it is built, what is wrong is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.case import Case
from detente.case.consent import share
from detente.case.formats import import_case
from detente.case.notation import weighted
from detente.case.reading import read_yaml
from detente.case.text import slug
from detente.errors import CaseError, OptionError

TWO: dict[str, Any] = {
    "title": "t",
    "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
    "issues": {"x": {"name": "X", "scale": {0: "lo", 1: "hi"}, "no_deal": 0}},
    "stances": {"x": {"a": {"position": 0, "salience": 1}, "b": {"position": 1, "salience": 1}}},
}


def refused(**parts: Any) -> str:
    """Return what is told of a case with these parts."""
    with pytest.raises(CaseError) as caught:
        Case.from_dict({**TWO, **parts})
    return str(caught.value)


@pytest.mark.parametrize("quota", ["1e999999999 %", "1e9 %", "1e-999999999 %", "1/1e9", f"{'9' * 50} %"])
def test_a_quota_is_written_in_digits(quota: str) -> None:
    assert share(quota) is None
    assert "is no quota" in refused(consent={"at_least": quota, "of": ["a", "b"]})


def test_a_quota_below_one_vote_is_asked_about() -> None:
    told = refused(consent={"votes": {"quota": 0.65, "weights": {"a": 60, "b": 40}}})
    assert "did you mean 65 %?" in told
    assert "did you mean 65 %?" in refused(consent={"at_least": 0.65, "of": ["a", "b"]})
    with pytest.raises(OptionError, match="did you mean 65 %"):
        weighted("[0.65; 60, 40]")


def test_a_quota_below_one_goes_with_weights_that_are_shares() -> None:
    Case.from_dict({**TWO, "consent": {"votes": {"quota": 0.65, "weights": {"a": 0.6, "b": 0.4}}}})
    Case.from_dict({**TWO, "consent": {"votes": {"quota": 0.8, "weights": {"a": 0.5, "b": 0.7}}}})
    assert weighted("[0.65; 0.6, 0.4]")[0].quota == 4  # 3.25 of 3 and 2


def test_a_weight_is_a_number() -> None:
    assert "a weight is" in refused(consent={"votes": {"quota": "majority", "weights": {"a": True, "b": 1}}})


def test_bodies_that_name_each_other_twice_over_are_refused() -> None:
    bodies = {
        f"b{n}": {
            "name": "B",
            "rule": {"all_of": [{"any_of": [f"b{n + 1}", "a"]}, {"any_of": [f"b{n + 1}", "b"]}]},
        }
        for n in range(24)
    }
    bodies["b24"] = {"name": "B", "rule": "a"}
    assert "at most 20000 parts" in refused(consent="b0", bodies=bodies)


def test_bodies_within_bodies_are_refused_when_too_deep() -> None:
    def chain(length: int) -> dict[str, Any]:
        inner = {f"b{n}": {"name": "B", "rule": {"all_of": [f"b{n + 1}", "b"]}} for n in range(length)}
        return {**inner, f"b{length}": {"name": "B", "rule": "a"}}

    assert "levels" in refused(consent="b0", bodies=chain(100))
    case = Case.from_dict({**TWO, "consent": "b0", "bodies": chain(50)})
    assert len(case.bodies) == 51


def test_a_heading_of_brackets_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        f"actor,position,salience,influence,{'(' * 32_000}\nA,1,0.5,1,\nB,0,0.5,1,\n", encoding="utf-8"
    )
    assert import_case(path).case is not None


@pytest.mark.parametrize("direction", [[], {}, None, 1, "sideways"])
def test_a_direction_that_is_none_is_told(direction: object, tmp_path: Path) -> None:
    makers = [{"name": "A", "options": [0], "preferences": [[[0, "Y"]]]}]
    path = tmp_path / "x.gmcr"
    path.write_text(
        json.dumps({"decisionMakers": makers, "options": [{"name": "o", "permittedDirection": direction}]}),
        encoding="utf-8",
    )
    assert ["is both, fwd or back" in error.message for error in import_case(path).errors] == [True]


def test_a_list_in_a_cell_of_bare_numbers_is_told(tmp_path: Path) -> None:
    rows = ["T,,3,1", "Actor,Description,Power,Pos,Sal", *(f"A{n},,1,50,[50]" for n in range(3))]
    path = tmp_path / "x.ktab.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert {error.message for error in import_case(path).errors} == {
        "column 'Sal': must be a number without doubt"
    }


def test_a_model_with_thousands_of_bans_is_refused(tmp_path: Path) -> None:
    options = [{"name": f"o{n}"} for n in range(16)]
    makers = [{"name": "A", "options": list(range(16)), "preferenceRanking": [1]}]
    bans = [[[n % 16, "Y"], [(n + 1) % 16, "N"], [(n + 5) % 16, "Y"]] for n in range(2_000)]
    path = tmp_path / "x.gmcr"
    data = {
        "decisionMakers": makers,
        "options": options,
        "infeasibles": bans,
        "useManualPreferenceRanking": True,
    }
    path.write_text(json.dumps(data), encoding="utf-8")
    assert any("more than 500 entries" in error.message for error in import_case(path).errors)


def test_a_party_without_preferences_is_read_as_indifferent(tmp_path: Path) -> None:
    data = {
        "options": [{"name": "Sign"}, {"name": "Pay"}],
        "decisionMakers": [
            {"name": "North", "options": [0], "preferences": [[[1, "Y"]]]},
            {"name": "South", "options": [1], "preferences": []},
        ],
    }
    path = tmp_path / "x.gmcr"
    path.write_text(json.dumps(data), encoding="utf-8")
    found = import_case(path)
    game = found.require().game
    assert game is not None
    assert [wish.statement.text for wish in game.preferences["south"].statements] == ["sign or not sign"]
    assert any("read as indifferent" in warning.message for warning in found.warnings)


@pytest.mark.parametrize(
    "game",
    [
        {"options": {"o": {}, "p": {}}},
        {"options": {"o": {}, "p": {}}, "preferences": {"a": ["o"]}},
        {"states": {"s": {}, "t": {}}},
        {"states": {"s": {}, "t": {}}, "preferences": {"a": {"ranking": ["s", "t"]}}},
    ],
)
def test_a_game_in_which_nobody_can_move_is_told(game: dict[str, Any], tmp_path: Path) -> None:
    case = Case.from_dict({**TWO, "game": game})
    case.save(tmp_path / "case.yaml")
    assert any(
        "nobody can do anything" in one.message for one in import_case(tmp_path / "case.yaml").warnings
    )


def test_marks_by_the_thousand_on_one_letter_are_refused_before_they_are_ordered(tmp_path: Path) -> None:
    name = "a" + "\u0301\u0316" * 15_000
    assert "combining marks" in refused(title=name)
    for text in (f"title: {name}", f"actor,position\n{name},1\nB,2\n"):
        path = tmp_path / "x.csv"
        path.write_text(text, encoding="utf-8")
        assert any("combining marks" in error.message for error in import_case(path).errors) == (
            "actor" in text
        )
        assert ("title" not in text) or "combining marks" in read_yaml(text).problems[0].message


def test_thousands_of_names_with_one_slug_are_told_apart(tmp_path: Path) -> None:
    rows = [f"A,{'x' * 70}{n},{n % 9},0.5,1" for n in range(20_000)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["actor,issue,position,salience,influence", *rows]), encoding="utf-8")
    assert any(
        "20000 issues, and a case has at most 200" in error.message for error in import_case(path).errors
    )
    taken: set[str] = set()
    for _ in range(50):
        taken.add(slug("EU", taken))
    assert taken == {"eu", *(f"eu-{n}" for n in range(2, 51))}


def test_options_of_one_name_are_told(tmp_path: Path) -> None:
    options = {"s": {"actor": "a", "name": "Sign"}, "t": {"actor": "b", "name": "sign"}}
    game = {"options": options, "preferences": {"a": ["s"], "b": ["t"]}}
    Case.from_dict({**TWO, "game": game}).save(tmp_path / "case.yaml")
    told = [one for one in import_case(tmp_path / "case.yaml").warnings if one.path == "game.options.t.name"]
    assert [one.message for one in told] == [
        "'s' has the same name, so both are told with what tells them apart"
    ]
