"""``detente power``: ready-made bodies, a vote in a line, and the consent that the deals of a case need."""

# What was not made is None; a test that meets one fails by itself.
# mypy: disable-error-code="arg-type, index"

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from detente.lenses.power.result import PowerReport
from tests.cli.calling import Invoke, data_of
from tests.schemas import validate

CASE: dict[str, Any] = {
    "title": "Two at a table",
    "actors": {name: {"name": name.upper(), "influence": 1} for name in "abc"},
    "issues": {name: {"name": name.upper(), "scale": {"0": "low", "1": "high"}} for name in ("x", "y")},
    "stances": {issue: {actor: {"position": 0, "salience": 1} for actor in "abc"} for issue in ("x", "y")},
    "consent": {"all_of": ["a", {"at_least": 2, "of": [{"actor": "b", "count": 3, "apart": True}, "c"]}]},
}


@pytest.fixture
def case(tmp_path: Path) -> str:
    return written(tmp_path, CASE)


def written(folder: Path, data: dict[str, Any]) -> str:
    path = folder / "case.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_without_a_rule_the_bodies_are_listed(invoke: Invoke) -> None:
    shown = invoke("power")
    assert shown.exit_code == 0
    assert "un-security-council-1966" in shown.stdout
    report = PowerReport.from_dict(data_of(invoke("power", "--json")))
    assert report.rules == ()
    council = next(body for body in report.bodies if body.slug == "un-security-council-1945")
    assert (council.members, council.since, council.until) == (11, "1945-10-24", "1965-08-30")


def test_json_has_exact_fractions_beside_numbers_and_keeps_to_its_schema(invoke: Invoke) -> None:
    data = data_of(invoke("power", "un-security-council-1966", "--json"))
    validate(data, invoke("schema", "power").stdout)
    (rule,) = PowerReport.from_dict(data).rules
    permanent, elected = rule.power
    assert permanent.shapley_shubik.exact == Fraction(421, 2145)
    assert data["rules"][0]["power"][0]["shapley_shubik"]["exact"] == "421/2145"
    assert data["rules"][0]["power"][0]["swings"] == "848"
    assert permanent.shapley_shubik.value == pytest.approx(0.196270, abs=5e-7)
    assert (elected.shapley_shubik.exact, elected.banzhaf_normalised.exact) == (
        Fraction(4, 2145),
        Fraction(21, 1270),
    )
    assert (permanent.swings, permanent.count, permanent.veto, elected.veto) == (848, 5, True, False)
    assert rule.power_to_act is not None
    assert rule.power_to_act.exact == Fraction(848, 2**15)
    assert rule.minimal_winning is not None
    assert rule.minimal_winning.count == 210
    assert rule.minimal_winning.shapes[0].holds == (5, 4)
    assert len(rule.minimal_winning.listed) == 100
    assert rule.minimal_winning.listed[0][0] == "Permanent member 1"
    assert (rule.nakamura, rule.nakamura_infinite, rule.proper, rule.strong) == (None, True, True, False)


def test_the_screen_tells_what_matters(invoke: Invoke) -> None:
    text = invoke("power", "un-security-council-1966").stdout
    assert "Just enough to win: 210 coalitions (5 Permanent member + 4 Elected member)." in text
    assert "421/2145" in text
    assert "Veto: Permanent member (each of 5)." in text
    federal = invoke("power", "us-statute").stdout
    assert "16.05 %" in federal
    assert "about 3.35e+158 coalitions" in federal
    assert "Nakamura number 3" in federal
    assert "Everybody has a veto." in invoke("power", "nato").stdout
    assert "Just enough to win: 1 coalition (member 1 + member 2)." in invoke("power", "[2; 1, 1]").stdout
    assert "Never matters: Oyster Bay, Glen Cove, Long Beach." in invoke("power", "nassau-county-1958").stdout
    wide = invoke("power", "eu27-qualified-majority").stdout
    assert "Germany" in wide


def test_a_vote_in_a_line_is_understood(invoke: Invoke) -> None:
    (rule,) = PowerReport.from_dict(data_of(invoke("power", "[51; 50, 49, 1]", "--json"))).rules
    found = {power.members: power.shapley_shubik.exact for power in rule.power}
    assert found == {
        ("member 1",): Fraction(2, 3),
        ("member 2",): Fraction(1, 6),
        ("member 3",): Fraction(1, 6),
    }
    assert "member 1 decides alone." in invoke("power", "[2; 2, 1]").stdout
    assert "Two sides can win at once" in invoke("power", "[1; 1, 1]").stdout
    assert invoke("power", "[1; 1]").stdout.count("One vote") == 1


def test_a_case_is_asked_for_the_consent_of_its_deals(invoke: Invoke, case: str) -> None:
    (rule,) = PowerReport.from_dict(data_of(invoke("power", case, "--json"))).rules
    assert rule.deals == ("all issues together", "X", "Y")
    assert [(power.members, power.count) for power in rule.power] == [(("A",), 1), (("B member", "C"), 4)]
    assert rule.vetoers == ("A",)
    text = invoke("power", case).stdout
    assert "Needed for: all issues together, X, Y." in text
    assert "Just enough to win: 6 coalitions (A + 2 of B member, C)." in text


def test_deals_with_rules_of_their_own_stand_apart(invoke: Invoke, tmp_path: Path) -> None:
    issues = {**CASE["issues"], "x": {**CASE["issues"]["x"], "consent": "b"}}
    bare = {key: part for key, part in CASE.items() if key != "consent"}
    deals = {"both": {"name": "Both", "issues": ["x", "y"]}}
    report = PowerReport.from_dict(
        data_of(invoke("power", written(tmp_path, {**bare, "issues": issues, "deals": deals}), "--json"))
    )
    assert [(rule.deals, rule.dictator) for rule in report.rules] == [(("Both", "X"), "B")]
    own = written(tmp_path, {**CASE, "issues": issues})
    assert invoke("power", own).stdout.count("Needed for:") == 2


def test_sampled_powers_say_so(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.lenses.power.analysis.counted", lambda _: None)
    monkeypatch.setattr("detente.lenses.power.analysis.vote_of", lambda *_: None)
    monkeypatch.setattr("detente.case.voting.profiles.MOST_PROFILES", 1)
    text = invoke("power", "[3; 2, 1, 1]").stdout
    assert "Too many different members to count" in text
    assert "±" in text
    (rule,) = PowerReport.from_dict(data_of(invoke("power", "[3; 2, 1, 1]", "--json"))).rules
    assert not rule.exact
    assert rule.power[0].shapley_shubik.exact is None
    assert rule.power[0].shapley_shubik.error


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("un-security-council-1967", "did you mean 'un-security-council-1966'?"),
        ("[5; 1", "is no weighted vote"),
        ("emission-standards-1985", "'power' reads 'consent' and the case has none"),
    ],
)
def test_what_is_not_understood_is_told_with_the_way_out(invoke: Invoke, asked: str, told: str) -> None:
    done = invoke("power", asked)
    assert done.exit_code == 1
    assert told in done.stderr


def test_names_blocs_and_abstention_are_shown(invoke: Invoke) -> None:
    text = invoke(
        "power", "[majority; Union: 208, SPD: 120, Greens: 85, Left: 64]", "--bloc", "SPD, Greens"
    ).stdout
    assert "Owen" in text
    assert "SPD     Greens" in text
    assert "Where each member may also abstain" in invoke("power", "un-security-council-1966").stdout
    refused = invoke("power", "[2; a: 1, b: 1]", "--bloc", "a, x")
    assert refused.exit_code != 0
    assert "no member is called 'x'" in refused.stderr
