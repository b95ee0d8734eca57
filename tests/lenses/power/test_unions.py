"""Where members vote as blocs, and what each adds to the power to act: by the letter of the definitions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.case.thresholds import Threshold, voters
from detente.errors import OptionError
from detente.lenses.power import analyse, findings, unions
from detente.lenses.power.unions import of_blocs
from detente.lenses.power.view import of_case, of_line
from tests.lenses.power import literal_power as literal
from tests.lenses.power.games import rules, vote


@given(rules(most_voters=5), st.data())
@settings(max_examples=50)
def test_values_of_blocs_are_those_of_the_definitions(rule: Threshold, data: st.DataObject) -> None:
    n = len(list(voters(rule)))
    of = data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    blocs = [[v for v in range(n) if of[v] == k] for k in set(of)]
    found = of_blocs(rule, [str(v) for v in range(n)], [[str(v) for v in bloc] for bloc in blocs])
    won = literal.winning(rule, n)
    assert [one.owen.exact for one in found] == literal.owen(won, blocs, n)
    assert [one.banzhaf_owen.exact for one in found] == literal.banzhaf_owen(won, blocs, n)


@given(rules(most_voters=5))
@settings(max_examples=40)
def test_members_in_no_bloc_have_the_usual_power_and_parts_in_the_power_to_act(rule: Threshold) -> None:
    n = len(list(voters(rule)))
    found = analyse(rule, blocs=[["0"]])
    assert found.with_blocs is not None
    assert found.power_to_act is not None
    parts = literal.coleman_shapley(literal.winning(rule, n), n)
    assert sum(parts) == found.power_to_act.exact
    for power in found.power:
        for member in map(int, power.members):
            assert found.with_blocs[member].owen.exact == power.shapley_shubik.exact
            assert found.with_blocs[member].banzhaf_owen.exact == power.banzhaf.exact
            assert power.coleman_shapley is not None
            assert power.coleman_shapley.exact == parts[member]


def test_a_bloc_of_two_thirds_leaves_nothing_to_the_third() -> None:
    """[2; 1, 1, 1]: two who vote as one always carry, and share it; alone each has a third."""
    found = of_line("[2; a: 1, b: 1, c: 1]", [["a", "b"]])
    assert found.with_blocs is not None
    assert [one.owen.exact for one in found.with_blocs] == [Fraction(1, 2), Fraction(1, 2), 0]
    rows = list(findings.blocs(found))
    assert rows[0] == ("a", "b", "50 %", "1/2", "50 %")
    assert found.with_blocs[2].bloc == ()


def test_groups_of_a_case_are_blocs() -> None:
    case = Case.from_dict({
        "title": "Council",
        "groups": {"west": {"name": "West"}},
        "actors": {
            "a": {"name": "A", "influence": 1, "groups": ["west"]},
            "b": {"name": "B", "influence": 1, "groups": ["west"]},
            "c": {"name": "C", "influence": 1},
        },
        "issues": {"x": {"name": "X", "scale": {0: "none", 100: "all"}}},
        "consent": {"at_least": 2, "of": ["a", "b", "c"]},
    })  # fmt: skip
    for bloc in (["west"], ["West"], ["a", "B"]):
        (found,) = of_case(case, [bloc])
        assert found.with_blocs is not None
        assert found.with_blocs[0].bloc == ("A", "B")
        assert found.with_blocs[2].owen.exact == 0


def test_blocs_that_cannot_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rule, labels = vote(3, 2, 1, 1), ["a", "b", "c"]
    with pytest.raises(OptionError, match="no member is called 'd'"):
        of_blocs(rule, labels, [["a", "d"]])
    with pytest.raises(OptionError, match="stands in a bloc already"):
        of_blocs(rule, labels, [["a", "b"], ["b"]])
    monkeypatch.setattr(unions, "MOST_STATES", 1)
    with pytest.raises(OptionError, match="put more members into blocs"):
        of_blocs(rule, labels, [["a", "b"]])
