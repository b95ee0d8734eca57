"""A case is changed by paths and by scenarios; what cannot be changed is refused as a whole, with every reason."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import Acceptance, Case, Stance
from detente.case.changes import apply, split
from detente.errors import CaseError, DetenteError, NotFoundError
from detente.quantity import parse
from tests.case.checking import SMALL, changed, checked, small
from tests.case.strategies import Data, cases


def position(case: Case, issue: str = "border", actor: str = "russia") -> str:
    """Return a position as text."""
    return str(case.stances[issue][actor].position)


def test_a_change_makes_another_case_and_leaves_the_first() -> None:
    case = small()
    other = case.with_({"stances.border.russia.position": "30 ± 5", "title": "Another"})
    assert (position(other), other.title) == ("30 ± 5", "Another")
    assert (position(case), case.title) == ("10..20", "A small reset")
    assert case.with_() == case
    assert case.with_({}) == case


def test_what_a_change_leaves_alone_is_shared_and_nothing_is_changed_in_place() -> None:
    """Scenarios are tried on large cases, so that copying the whole for each would take long."""
    data = {"actors": {"a": {"influence": 1}, "b": {"influence": 2}}, "issues": {"x": {"no_deal": 3}}}
    before = deepcopy(data)
    after, faults = apply(data, {"actors.a.influence": 5, "actors.a.failure_cost": 1, "issues.y.no_deal": 1})
    assert after["actors"]["a"] == {"influence": 5, "failure_cost": 1}
    assert [fault.message for fault in faults] == ["nothing stands at 'issues.y' to be changed"]
    assert after["actors"]["b"] is data["actors"]["b"]
    assert data == before


def test_a_scenario_is_a_set_of_changes() -> None:
    case = small()
    other = case.with_(scenario="open-door")
    assert position(other) == "60"
    assert "norway" not in other.stances["trade"]
    assert (case.scenario, other.scenario) == (None, "open-door")
    assert other == case.with_({"stances.border.russia.position": 60, "stances.trade.norway": None})
    assert other.scenarios == case.scenarios


def test_a_scenario_is_made_once_for_a_case_and_anew_for_a_changed_one() -> None:
    case = small()
    first = case.with_(scenario="open-door")
    assert case.with_(scenario="open-door") is first
    assert small().with_(scenario="open-door") == first
    titled = case.with_({"title": "T"}, scenario="open-door")
    assert (titled.title, case.with_(scenario="open-door").title) == ("T", case.title)
    firmer = case.with_({"stances.border.russia.salience": 0.25})
    under = firmer.with_(scenario="open-door")
    assert under != first
    assert str(under.stances["border"]["russia"].salience) == "0.25"


def test_changes_come_after_the_scenario() -> None:
    case = small().with_({"stances.border.russia.position": 70, "title": "T"}, scenario="open-door")
    assert (position(case), case.title, case.scenario) == ("70", "T", "open-door")
    assert case.with_({"title": "U"}).scenario == "open-door"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("open-dor", "did you mean 'open-door'?"), ("zzz", "known: open-door"), ("", "known: open-door")],
)
def test_an_unknown_scenario_is_not_found(name: str, hint: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        small().with_(scenario=name)
    assert str(caught.value) == f"no scenario is called {name!r}; {hint}"


def test_a_case_without_scenarios_says_so() -> None:
    case = Case.from_dict({key: part for key, part in small().to_dict().items() if key != "scenarios"})
    with pytest.raises(NotFoundError, match="no scenario is called 'x'; the case has none"):
        case.with_(scenario="x")


def test_one_scenario_may_take_away_what_another_changes() -> None:
    """Each scenario starts from the case as it stands, so they need not fit one another."""
    text = changed("options:\n", "  no-trade: {name: No trade, changes: {stances.trade: null}}\noptions:\n")
    case = checked(text).require()
    without = case.with_(scenario="no-trade")
    assert "trade" not in without.stances
    with pytest.raises(CaseError, match="nothing stands here to be removed"):
        without.with_(scenario="open-door")
    assert "trade" not in case.with_({"stances.trade": None}).stances


def test_values_from_python_become_what_a_file_would_hold() -> None:
    stance = Stance(position=parse([30, "40 ± 5"]), salience=parse(0.5), accepts=Acceptance.parse(">= 10"))
    case = small().with_(
        {
            "stances.border.council.position": parse("20..35..60"),
            "stances.border.norway.accepts": Acceptance(None, parse(90)),
            "stances.border.russia": stance,
            "stances.border.council.salience": np.float64(0.25),
            "stances.border.council.influence": np.int64(3),
            "as_of": date(2025, 1, 2),
            "actors.norway.groups": ("east",),
            "issues.trade.scale": {-1: "none", 2.5: "free"},
        }
    )
    plain = case.to_dict()
    assert plain["stances"]["border"]["council"]["position"] == "20..35..60"
    assert plain["stances"]["border"]["norway"]["accepts"] == "<= 90"
    assert plain["stances"]["border"]["russia"] == {
        "position": [30, "40 ± 5"],
        "salience": 0.5,
        "accepts": ">= 10",
    }
    assert plain["stances"]["border"]["council"]["salience"] == 0.25
    assert (plain["stances"]["border"]["council"]["influence"], plain["as_of"]) == (3, "2025-01-02")
    assert plain["issues"]["trade"]["scale"] == {"-1": "none", "2.5": "free"}
    again = checked(case.to_yaml())
    assert again.case == case


def test_a_first_stance_on_an_issue_can_be_added() -> None:
    case = small().with_({"stances.trade": None})
    again = case.with_({"stances.trade.norway": {"position": 1, "salience": 1}})
    assert position(again, "trade", "norway") == "1"
    with pytest.raises(CaseError, match="no issue is called 'trad'; did you mean 'trade'"):
        case.with_({"stances.trad.norway": {"position": 1, "salience": 1}})


def test_parts_that_may_be_left_out_are_made_on_the_way() -> None:
    case = small().with_({"options.bargaining.nash.exponent": 1, "options.x-lens.deep.er": [1]})
    assert case.options.bargaining.nash.exponent == 1
    assert case.to_dict()["options"]["x-lens"] == {"deep": {"er": [1]}}


REFUSED: list[tuple[Any, str]] = [
    ({"stances.border.russia.position": 160}, "stances.border.russia.position: 160 is above 100 (got 160)"),
    ({"stances.border.rusia.position": 1}, "'stances.border.rusia' to be changed; did you mean 'russia'?"),
    ({"stances.border.russia.positon": 1}, "unknown key 'positon'; did you mean 'position'?"),
    ({"stances.border.russia.note": None}, "stances.border.russia.note: nothing stands here to be removed"),
    ({"stances.border.rusia": None}, "nothing stands here to be removed; did you mean 'russia'?"),
    ({"sources.law": None}, "no change can be made to 'sources'; did you mean 'issues'?"),
    ({"detente": 2}, "no change can be made to 'detente'"),
    ({"": 1}, "no change can be made to ''"),
    ({".": 1}, "no change can be made to ''"),
    ({"title": None}, "'title' is missing; add 'title: …'"),
    ({"title.x": 1}, "what stands at 'title' has no parts to be changed (got A small reset)"),
    ({"actors.norway.groups.0": "x"}, "what stands at 'actors.norway.groups' has no parts"),
    ({"actors.norway": None}, "no actor is called 'norway'"),
    ({"x" * 5_000: 1}, "no change can be made to 'xxxxx"),
    ({".".join(["options"] + ["a"] * 20): 1}, "a path has at most 16 parts"),
    ({"options.x-lens": float("nan")}, "options.x-lens: every number in a case is finite and below 1e300"),
    ({"options.x-lens": {1, 2}}, "a set cannot stand in a case"),
    (
        {"note": "a\x1bb"},
        "note: character 2 is U+001B control character, which a case may not hold; remove it",
    ),
    ({None: 1}, "a key must be a text or a number, not a NoneType"),
    ({1: 2}, "no change can be made to '1'"),
    ([("title", "x")], "changes are a mapping of paths to new values (got [[title, x]])"),
    ("title", "changes are a mapping of paths to new values (got title)"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED, ids=range(len(REFUSED)))
def test_a_change_that_cannot_be_made_is_refused(changes: Any, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        small().with_(cast("Mapping[str, Any]", changes))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 1_500


def test_every_reason_is_told_at_once() -> None:
    with pytest.raises(CaseError) as caught:
        small().with_({"title": "", "stances.border.russia.salience": 5, "sources.law": None, "a.b": 1})
    assert [problem.path for problem in caught.value.problems] == [
        "sources.law", "a.b", "title", "stances.border.russia.salience",
    ]  # fmt: skip


def test_applying_changes_leaves_the_data_as_it_was() -> None:
    data = {"title": "T", "stances": {"a": {"b": {"position": [1]}}}}
    value = {"x": [1]}
    made, faults = apply(data, {"stances.a.b.position": [2], "actors.c": value, "stances.a.d.position": 1})
    value["x"].append(2)
    assert data == {"title": "T", "stances": {"a": {"b": {"position": [1]}}}}
    assert made == {"title": "T", "stances": {"a": {"b": {"position": [2]}}}, "actors": {"c": {"x": [1]}}}
    assert [fault.path for fault in faults] == [("stances", "a", "d", "position")]
    assert split(" a . b ") == ("a", "b")


@settings(suppress_health_check=list(HealthCheck), max_examples=15)
@given(cases())
def test_every_scenario_of_a_valid_case_can_be_applied(data: Data) -> None:
    case = Case.from_dict(data)
    for scenario in case.scenarios:
        changed_case = case.with_(scenario=scenario)
        assert changed_case.note == case.scenarios[scenario].changes["note"]


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.lists(
            st.sampled_from(["stances", "actors", "issues", "options", "border", "trade", "norway", "russia",
                             "position", "scale", "0", "name", "note", "because", "", "x", "bargaining"]),
            min_size=1, max_size=5,
        ).map(".".join),
        st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
        | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
        max_size=3,
    )
)  # fmt: skip
def test_any_change_gives_a_case_or_a_detente_error(changes: Data) -> None:
    case = small()
    try:
        other = case.with_(changes)
    except DetenteError as error:
        assert isinstance(error, CaseError)  # noqa: PT017
    else:
        assert not checked(other.to_yaml()).errors or other.scenarios
    assert case.to_yaml() == SMALL
