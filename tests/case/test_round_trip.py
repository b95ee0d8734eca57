"""A case is the same case after plain data, text, pickling and copying; different content is a different case."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import Case, check, load
from detente.case.fields import FrozenDict, frozen
from detente.errors import CaseError
from tests.case.checking import SMALL, checked, small
from tests.case.strategies import Data, cases

unhurried = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60
)


@unhurried
@given(cases())
def test_plain_data_and_back_is_the_same_case(data: Data) -> None:
    case = Case.from_dict(data)
    plain = case.to_dict()
    again = Case.from_dict(plain)
    assert again == case
    assert again.to_dict() == plain
    assert (hash(again), again.fingerprint) == (hash(case), case.fingerprint)
    assert Case.from_dict(json.loads(json.dumps(plain))) == case


@unhurried
@given(cases())
def test_text_and_back_is_the_same_case(data: Data) -> None:
    case = Case.from_dict(data)
    text = case.to_yaml()
    found = checked(text)
    assert not found.errors, text
    assert found.case == case
    assert found.require().to_yaml() == text
    assert checked(text.replace("\n", "\r\n")).case == case
    assert checked(json.dumps(case.to_dict())).case == case  # JSON is YAML
    assert checked(json.dumps(case.to_dict(), ensure_ascii=False, indent=1)).case == case


@unhurried
@given(cases(), st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_pickling_and_copying_keep_a_case(data: Data, protocol: int) -> None:
    case = Case.from_dict(data)
    for twin in (pickle.loads(pickle.dumps(case, protocol)), copy.copy(case), copy.deepcopy(case)):  # noqa: S301
        assert twin == case
        assert twin.quantities == case.quantities
        assert twin.to_yaml() == case.to_yaml()


def test_a_case_read_from_a_file_keeps_its_text_when_pickled(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("# mine\n" + SMALL, encoding="utf-8")
    twin: Case = pickle.loads(pickle.dumps(load(path)))  # noqa: S301
    assert twin.with_({"title": "New"}).to_yaml() == "# mine\n" + SMALL.replace("A small reset", "New")


def test_a_saved_case_is_the_same_case(tmp_path: Path) -> None:
    path = tmp_path / "out.yaml"
    Case.from_dict(small().to_dict()).save(path)
    assert check(path).case == small()
    small().save(str(path))
    assert path.read_text(encoding="utf-8") == SMALL


CONTENT: list[Data] = [
    {"title": "Another"},
    {"note": "new"},
    {"actors.norway.name": "Norge"},
    {"actors.norway.influence": "10 ± 3"},
    {"issues.border.scale.50": "by visa"},
    {"issues.border.no_deal": 20},
    {"stances.border.norway.position": "80 ± 8.5"},
    {"stances.border.norway.accepts": None},
    {"stances.border.norway.because": ["law"]},
    {"stances.trade.russia": None},
    {"options.bargaining.challenge.rounds": 4},
    {"groups.east.note": "x"},
]


@pytest.mark.parametrize("changes", CONTENT, ids=[str(list(changes)) for changes in CONTENT])
def test_any_change_of_content_changes_fingerprint_and_equality(changes: Data) -> None:
    case = small()
    other = case.with_(changes)
    assert other != case
    assert other.fingerprint != case.fingerprint
    assert case == small()


def test_the_way_a_number_is_written_is_no_content() -> None:
    text = (
        SMALL.replace("80 ± 8", "80+-8.0")
        .replace("0.1..0.2", ".10 .. 2e-1")
        .replace("because: law", "because: [law]")
    )
    case = checked(text).require()
    assert case == small()
    assert case.fingerprint == small().fingerprint
    assert len({case, small()}) == 1


def test_nothing_but_a_case_equals_a_case() -> None:
    others: list[object] = [small().to_dict(), None, small().title, small()]
    assert [small() == other for other in others] == [False, False, False, True]


def test_a_case_cannot_be_changed_in_place() -> None:
    case = small()
    with pytest.raises(ValueError, match="frozen"):
        case.title = "x"
    for mapping in (
        case.actors,
        case.stances["border"],
        case.issues["border"].scale,
        case.scenarios["open-door"].changes,
    ):
        assert isinstance(mapping, FrozenDict)
        with pytest.raises(TypeError, match="cannot be changed in place"):
            mapping["x"] = 1
        with pytest.raises(TypeError, match="cannot be changed in place"):
            mapping.update(x=1)
        with pytest.raises(TypeError, match="cannot be changed in place"):
            del mapping["x"]
        hash(mapping)
    hash(case.issues["border"])


def test_values_inside_scenarios_and_foreign_options_are_frozen_too() -> None:
    position = [1, "0.5 ± 1"]
    stance = {"position": position, "salience": 1, "influence": 1}
    data = {
        **small().to_dict(),
        "scenarios": {"s": {"name": "S", "changes": {"stances.trade.council": stance}}},
        "options": {"x-lens": {"list": [1, {"deep": 2}]}},
    }
    case = Case.from_dict(data)
    position.append(99)
    assert case.to_dict()["scenarios"]["s"]["changes"]["stances.trade.council"]["position"] == [1, "0.5 ± 1"]
    changes = case.scenarios["s"].changes["stances.trade.council"]
    assert (type(changes), type(changes["position"])) == (FrozenDict, tuple)
    foreign = case.options.__pydantic_extra__["x-lens"]
    assert foreign == {"list": (1, {"deep": 2})}
    assert isinstance(foreign["list"][1], FrozenDict)
    assert case.to_dict()["options"] == {"x-lens": {"list": [1, {"deep": 2}]}}


def test_a_frozen_mapping_equals_and_copies_as_a_mapping() -> None:
    one, other = frozen({"a": [1], "b": {}}), frozen({"b": {}, "a": [1]})
    assert one == other == {"a": (1,), "b": {}}
    assert hash(one) == hash(other)
    assert copy.copy(one) is one
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301
    assert type(copy.deepcopy(one)) is FrozenDict


def test_a_case_shows_what_it_is() -> None:
    case = small()
    assert repr(case) == f"<Case 'A small reset': 3 actors, 2 issues, {case.fingerprint}>"
    html = case.with_({"actors.norway.name": "<b>&"})._repr_html_()
    assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in html
    assert html.count("<tr>") == 6
    assert "<td>[30, 45 ± 5]</td><td>0.3</td><td>5</td>" in html


def test_influence_is_the_stances_own_or_else_the_actors() -> None:
    case = small()
    assert case.influence_path("border", "council") == "stances.border.council.influence"
    assert case.influence_path("border", "norway") == "actors.norway.influence"
    assert str(case.influence("border", "council")) == "5"
    assert str(case.influence("border", "norway")) == "10 ± 2"


def test_every_quantity_has_its_path_and_its_bounds() -> None:
    found = {path: (str(q), q.low, q.high) for path, q in small().quantities.items()}
    inf = float("inf")
    assert list(found) == [
        "actors.norway.influence",
        "actors.russia.influence",
        "issues.border.no_deal",
        "issues.border.failure_cost",
        "stances.border.norway.position",
        "stances.border.norway.salience",
        "stances.border.norway.accepts.lower",
        "stances.border.russia.position",
        "stances.border.russia.salience",
        "stances.border.council.position",
        "stances.border.council.salience",
        "stances.border.council.influence",
        "stances.trade.norway.position",
        "stances.trade.norway.salience",
        "stances.trade.russia.position",
        "stances.trade.russia.salience",
    ]
    some = {
        "actors.norway.influence": ("10 ± 2", 0.0, inf),
        "issues.border.failure_cost": ("0.1..0.2", 0.0, 1000.0),
        "stances.border.norway.position": ("80 ± 8", 0.0, 100.0),
        "stances.border.norway.salience": ("0.8", 0.0, 1.0),
        "stances.border.norway.accepts.lower": ("40", 0.0, 100.0),
        "stances.trade.russia.position": ("-0.5", -1.0, 1.5),
    }
    assert found | some == found
    assert (small().issues["trade"].low, small().issues["trade"].high) == (-1, 1.5)


def test_a_case_made_past_the_checks_has_the_quantities_that_have_a_scale() -> None:
    """The constructor checks the shape of the parts, not that they agree; `from_dict` does."""
    stance = {"position": 1, "salience": 1, "influence": 1}
    issue = {"name": "I", "scale": {0: "a", 2: "b"}}
    data: Data = {
        "title": "T",
        "actors": {"a": {"name": "A"}},
        "issues": {"i": issue},
        "stances": {"j": {"a": stance}},
    }
    assert Case(**data).quantities == {}
    with pytest.raises(CaseError, match="no issue is called 'j'"):
        Case.from_dict(data)


def test_correlations_have_an_effect_only_between_numbers_in_doubt() -> None:
    case = small()
    assert [(pair.first, pair.second, pair.rank) for pair in case.rank_correlations] == [
        ("stances.border.norway.position", "stances.border.russia.position", -0.4)
    ]
    assert case.with_({"stances.border.norway.position": 50}).rank_correlations == []
    assert case.with_({"stances.border.russia": None}).rank_correlations == []
    with pytest.raises(CaseError, match=r"no quantity at 'stances\.border\.russia\.position'"):
        case.with_({"actors.russia": None, "stances.border.russia": None, "stances.trade.russia": None})
