"""Influence that is the power of votes in a body of the case: what it comes to, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.case import Case, check
from detente.case.formats.registry import export_case
from detente.case.influence import VotingPower
from detente.case.voting.power import in_body
from detente.case.words import assertions, power_of_votes_told
from detente.errors import CaseError
from tests.lenses.power import literal_power as literal
from tests.lenses.power.games import vote

ISSUES = {"tax": {"name": "Tax", "scale": {0: "none", 100: "high"}}}
SEATS = {"union": 208, "spd": 120, "greens": 85, "left": 64}


def made(influence: object = None, **more: Any) -> Case:
    """Return a case in which everybody's influence is its power in the Bundestag, and one's is something else."""
    actors: dict[str, dict[str, Any]] = {
        actor: {"name": actor.upper(), "influence": {"power": "bundestag"}} for actor in SEATS
    }
    if influence is not None:
        actors["union"]["influence"] = influence
    data = {
        "title": "A coalition",
        "actors": actors,
        "issues": ISSUES,
        "stances": {
            "tax": {a: {"position": 20 * k, "salience": (k + 2) / 6} for k, a in enumerate(SEATS)},
        },
        "bodies": {
            "bundestag": {"name": "Bundestag", "rule": {"votes": {"quota": "majority", "weights": SEATS}}}
        },
    }
    return Case.from_dict({**data, **more})


def test_the_influence_is_the_shapley_shubik_index_of_the_votes() -> None:
    """[239; 208, 120, 85, 64] is [3; 2, 1, 1, 1] in effect: 1/2 and 1/6 each."""
    case = made()
    assert [case.influence("tax", actor).mean for actor in SEATS] == pytest.approx([1 / 2, *[1 / 6] * 3])
    assert all(case.influence("tax", actor).is_exact for actor in SEATS)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.data(), st.sampled_from([1, 2, 0.5]))
@settings(max_examples=30)
def test_the_influence_is_the_index_by_its_definition(
    weights: list[int], data: st.DataObject, times: float
) -> None:
    quota = data.draw(st.integers(1, sum(weights)))
    names = [f"a{k}" for k in range(len(weights))]
    votes = {"quota": quota, "weights": dict(zip(names, weights, strict=True))}
    case = Case.from_dict({
        "title": "Votes",
        "actors": {
            name: {"name": name, "influence": {"power": "b", "index": index, "times": times}}
            for name, index in zip(names, ["shapley", "banzhaf"] * 3, strict=False)
        },
        "issues": ISSUES,
        "bodies": {"b": {"name": "B", "rule": {"votes": votes}}},
    })  # fmt: skip
    won = literal.winning(vote(quota, *weights), len(weights))
    orders = literal.shapley_shubik(won, len(weights))
    swings = [sum(own) for own in literal.swings(won, len(weights))]
    for k, name in enumerate(names):
        true = Fraction(swings[k], sum(swings)) if k % 2 else orders[k]
        assert case.quantities[f"actors.{name}.influence"].mean == pytest.approx(float(true) * times)


def test_bodies_within_bodies_and_members_apart_count() -> None:
    """Two who must both agree, or a third who alone is enough: 1/6, 1/6 and 2/3."""
    case = Case.from_dict({
        "title": "Nested",
        "actors": {
            "b": {"name": "B", "influence": {"power": "council"}},
            "nl": {"name": "NL", "influence": {"power": "council"}},
            "senators": {"name": "Senators", "influence": {"power": "senate"}},
        },
        "issues": ISSUES,
        "bodies": {
            "benelux": {"name": "Benelux", "rule": {"all_of": ["b", "nl"]}},
            "council": {"name": "Council", "rule": {"any_of": ["benelux", "senators"]}},
            "senate": {
                "name": "Senate",
                "rule": {"at_least": 2, "of": [{"actor": "senators", "count": 2, "apart": True}, "b"]},
            },
        },
    })  # fmt: skip
    assert case.quantities["actors.b.influence"].mean == pytest.approx(1 / 6)
    assert case.quantities["actors.nl.influence"].mean == pytest.approx(1 / 6)
    assert case.quantities["actors.senators.influence"].mean == pytest.approx(2 / 3)
    powers = in_body(case.bodies, "council", "shapley")
    assert powers == {"b": Fraction(1, 6), "nl": Fraction(1, 6), "senators": Fraction(2, 3)}


def test_the_power_follows_the_votes_and_a_number_replaces_it() -> None:
    case = made()
    equal = case.with_({"bodies.bundestag.rule.votes.weights.union": 60})
    assert equal.influence("tax", "union").mean == pytest.approx(1 / 6)
    assert case.with_({"actors.union.influence": "2 ± 1"}).influence("tax", "union").sd > 0
    assert Case.from_dict(case.to_dict()) == case


def test_bargaining_weighs_by_the_power_of_votes() -> None:
    """The compromise is the mean of positions weighted by salience times the index."""
    case = made()
    numbers = {f"actors.{actor}.influence": case.influence("tax", actor).mean for actor in SEATS}
    found, same = (detente.bargaining(one, draws=10) for one in (case, case.with_(numbers)))
    assert found.settlements == same.settlements
    told = list(power_of_votes_told(case, "tax", SEATS))
    assert told == ["Influence of UNION, SPD, GREENS, LEFT: Shapley–Shubik index in Bundestag."]
    evidence = next(one for one in assertions(case) if one.path == "actors.union")
    assert evidence.numbers == {"influence": "Shapley–Shubik index in Bundestag"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"power": "bundstag"}, "did you mean 'bundestag'"),
        ({"power": "bundestag", "index": "holler"}, "use shapley or banzhaf"),
        ({"power": "bundestag", "times": 0}, "more than 0"),
        ({"power": "bundestag", "times": True}, "must be a number"),
        ({"power": ["bundestag"]}, "the name of a body"),
        ({"strength": 2}, "write {power: BODY}"),
        ({"power": "bundesrat"}, "'union' has no vote in 'bundesrat'"),
    ],
)
def test_what_cannot_be_an_influence_is_refused_with_the_way_out(said: object, told: str) -> None:
    bodies = {
        "bundestag": {"name": "Bundestag", "rule": {"votes": {"quota": "majority", "weights": SEATS}}},
        "bundesrat": {"name": "Bundesrat", "rule": {"all_of": ["spd", "greens"]}},
    }
    with pytest.raises(CaseError, match=told):
        made(said, bodies=bodies)


def test_a_body_too_large_to_count_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.case.voting.power.counted", lambda _: None)
    with pytest.raises(CaseError, match="too many and too different"):
        made(
            bodies={
                "bundestag": {
                    "name": "B",
                    "rule": {"votes": {"quota": 300, "weights": {**SEATS, "left": 65}}},
                }
            }
        )


def test_votes_that_never_decide_are_told(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    weights = {"union": 51, "spd": 20, "greens": 20, "left": 9}
    made(bodies={"bundestag": {"name": "B", "rule": {"votes": {"quota": 51, "weights": weights}}}}).save(file)
    told = [problem.message for problem in check(file).problems]
    assert any("'spd' in 'bundestag' never decide, so its influence is 0" in message for message in told)


def test_tables_hold_the_number_and_say_so(tmp_path: Path) -> None:
    case = made()
    for name in ("case.csv", "case.xlsx", "case.ktab.csv"):
        told = export_case(case, tmp_path / name)
        assert "4 influences are the power of votes in a body" in told[0].message
    assert "0.5" in (tmp_path / "case.csv").read_text()
    assert not export_case(case, tmp_path / "case.yaml")
    again = detente.load(tmp_path / "case.yaml")
    assert again.actors["union"].influence == VotingPower("bundestag")
    assert str(VotingPower("b", "banzhaf", 10)) == "10 × Banzhaf index in b"
    assert VotingPower("b", "banzhaf", 10).to_plain() == {"power": "b", "index": "banzhaf", "times": 10}


def test_who_has_a_vote_is_not_asked_of_a_rule_that_cannot_be_read() -> None:
    actors = {name: {"name": name, "influence": 1} for name in ("a", "b")}
    bodies = {"board": {"name": "Board", "rule": {"all_of": [["a", "b"]]}, "abstain": ["b"]}}
    issues = {"tax": {"name": "Tax", "scale": {0: "none", 1: "all"}}}
    with pytest.raises(CaseError) as caught:
        Case.from_dict({"title": "T", "actors": actors, "issues": issues, "bodies": bodies})
    assert "has no vote" not in str(caught.value)
