"""No input hangs or escapes: what is too large is refused before it is built, what is wrong is told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from detente.case import Case
from detente.case.consent import share
from detente.case.electorate import weighted
from detente.case.formats import import_case
from detente.case.reading import read_yaml
from detente.case.text import slug
from detente.errors import CaseError, OptionError
from detente.lenses.bargaining.lens import BargainingLens
from detente.lenses.bargaining.view import BargainingView
from detente.lenses.winset.view import WinsetView
from tests.case.formats.test_fuzz import EXAMPLES

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


def test_thousands_of_bodies_within_bodies_are_refused_at_once() -> None:
    inner = {f"b{n}": {"name": "B", "rule": f"b{n + 1}"} for n in range(6_000)}
    started = process_time()
    assert "bodies: holds more than 200 entries" in refused(bodies={**inner, "b6000": inner["b0"]})
    assert process_time() - started < 20


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


def test_a_list_in_a_cell_of_bare_numbers_is_read_as_anywhere(tmp_path: Path) -> None:
    rows = ["T,,3,1", "Actor,Description,Power,Pos,Sal", *(f"A{n},,1,50,[50]" for n in range(3))]
    path = tmp_path / "x.ktab.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert str(import_case(path).require().stances["pos"]["a0"].salience) == "0.5"
    path = tmp_path / "x.xml"
    path.write_bytes(EXAMPLES["talks.xml"].replace(b"<dSal>5<", b"<dSal>[50]<"))
    assert str(import_case(path).require().stances["x"]["a"].salience) == "0.5"


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
        "20,000 issues, and a case has at most 200" in error.message for error in import_case(path).errors
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


def crowd(issues: int, actors: int) -> dict[str, Any]:
    """Return a case in which everybody has a stance on everything."""
    stances = {f"a{a}": {"position": a % 2, "salience": 1} for a in range(actors)}
    return {
        "title": "t",
        "actors": {f"a{a}": {"name": "A", "influence": 1} for a in range(actors)},
        "issues": {f"x{i}": {"name": "X", "scale": {0: "lo", 1: "hi"}, "no_deal": 0} for i in range(issues)},
        "stances": {f"x{i}": stances for i in range(issues)},
    }


def test_stances_are_capped_before_any_is_looked_at() -> None:
    with pytest.raises(CaseError) as caught:
        Case.from_dict(crowd(101, 100))
    assert [str(one) for one in caught.value.problems] == [
        "stances: 10,100 stances; a case has at most 10,000; "
        "leave out actors or issues that decide nothing, or make several cases of it"
    ]


def test_too_many_scenarios_are_told_before_any_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.case.case.scenario_faults", None)  # it is not called
    scenario = {"name": "S", "changes": {"stances.x.a.position": 1}}
    assert "holds more than 100 entries" in refused(scenarios={f"s{n}": scenario for n in range(5_000)})


def test_scenarios_that_touch_too_much_are_told_before_any_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.case.case.scenario_faults", None)
    large = {
        **crowd(50, 50),
        "consent": "a0",
        "deals": {"d": {"name": "D", "issues": ["x0", "x1"]}},
        "scenarios": {f"s{n}": {"name": "S", "changes": {"stances.x0.a0.position": 1}} for n in range(9)},
    }
    with pytest.raises(CaseError, match="only 7 of 9 can be tried with as many stances as they affect"):
        Case.from_dict(large)


def test_a_cost_of_failure_beyond_all_measure_is_refused() -> None:
    actors = {"a": {"name": "A", "influence": 1, "failure_cost": -1e10}, "b": {"name": "B", "influence": 1}}
    assert "1 is the whole range of its loss; use a number from -1000 to 1000" in refused(actors=actors)
    issues = {"x": {"name": "X", "scale": {0: "lo", 1: "hi"}, "no_deal": 0, "failure_cost": 1e100}}
    assert "use a number from 0 to 1000" in refused(issues=issues)


@pytest.mark.parametrize("tag", ["!" + "x" * 4_000_000, "!<" + "%41" * 1_000_000 + ">"])
def test_a_tag_without_end_is_refused_before_it_is_read(tag: str) -> None:
    (problem,) = read_yaml(f"title: a\nnote: {tag} b\n").problems
    assert (problem.line, problem.message) == (2, "tags are not allowed")


def test_an_address_with_many_exclamation_marks_is_no_tag() -> None:
    address = "https://example.org/maps/" + "!1m2!3d4" * 200
    assert read_yaml(f"url: {address}\n").data == {"url": address}


def test_values_are_counted_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruamel.yaml.YAML.parse", None)
    many = "{" + ", ".join(f"k{n}: 1" for n in range(70_000)) + "}"
    assert [one.message for one in read_yaml(many).problems] == ["more than 40000 values"]


def options(count: int) -> dict[str, Any]:
    """Return the options of a game, each of the first actor's."""
    return {f"o{n}": {"actor": "a"} for n in range(count)}


def test_rankings_of_too_many_states_are_refused_before_they_are_compared() -> None:
    ranking = ["".join("NY"[k >> n & 1] for n in range(12)) + "------" for k in range(4_096)]
    game = {"options": options(18), "preferences": {"a": {"ranking": ranking}}}
    assert "too many statements and ranked states to compare with 262,144 combinations" in refused(game=game)


def test_many_merged_states_are_compared_with_what_is_preferred_once() -> None:
    """Each pair of them was compared, and each with every statement: it took seconds."""
    merged = ["".join("NY"[k >> n & 1] for n in range(9)) + "-------" for k in range(500)]
    Case.from_dict({**TWO, "game": {"options": options(16), "merged": merged, "preferences": {"a": ["o3"]}}})
    told = refused(game={"options": options(16), "merged": merged, "preferences": {"a": ["o3", "o12"]}})
    assert "merged[0]: a does not find NNNNNNNNNNNNYNNN, " in told
    told = refused(game={"options": options(4), "merged": ["YY--", "Y---"], "preferences": {"a": ["o0"]}})
    assert "YYNN, YYYN, YYNY, YYYY is merged with others already by entry 1" in told


def test_a_workbook_of_a_million_cells_is_refused_before_any_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openpyxl.load_workbook", None)
    row = "<row>" + "".join(f'<c r="A{n}"><v>{n * 7919 % 10_007}</v></c>' for n in range(1_000)) + "</row>"
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", f"<sheetData>{row * 1_000}</sheetData>")
    assert any("more than 120,000 cells" in error.message for error in import_case(path).errors)


def test_a_package_of_many_issues_is_left_out_and_told() -> None:
    case = Case.from_dict({**crowd(17, 2), "consent": {"all_of": ["a0", "a1"]}})
    assert WinsetView(case).skipped == {
        "all": "17 issues together are too many to search; list at most 16 in each of 'deals', "
        "such as those in dispute"
    }
    assert len(WinsetView(case).deals) == 17  # every issue alone


def test_more_trades_than_can_be_played_are_refused() -> None:
    case = Case.from_dict(crowd(100, 100))
    with pytest.raises(OptionError, match="would weigh up to 12,375,000 trades in every draw"):
        BargainingView(case)
    BargainingView(case.with_({"options.bargaining.methods": ["mean"]}))


def test_a_case_with_very_many_trades_is_drawn_less_often() -> None:
    few, many = (Case.from_dict(crowd(issues, 10)) for issues in (20, 80))
    made = BargainingLens().affordable
    assert made(few, 10_000) == 10_000
    assert 1_000 < made(many, 10_000) < 3_000
    assert made(many, 20) == 20
    assert made(many.with_({"options.bargaining.methods": ["mean"]}), 10_000) == 10_000


def test_a_line_separator_ends_no_line_of_a_table(tmp_path: Path) -> None:
    """Found by a mutant: what told the format ended a line there, and what read it did not."""
    for mark in ("\u2028", "\x0b", "\x85"):
        for name in ("talks.ktab.csv", "talks.decide.txt", "talks.csv"):
            lines = EXAMPLES[name].decode().splitlines(keepends=True)
            text = "".join([lines[0].rstrip("\n") + mark, *lines[1:]])
            (tmp_path / name).write_text(text, encoding="utf-8")
            try:
                found = import_case(tmp_path / name)
            except CaseError:
                continue
            assert found.errors or found.case is not None
