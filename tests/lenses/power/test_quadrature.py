"""Votes too wide for tables by size: integrals of chances against exact counts, samples and the letter."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Voter, all_of, any_of
from detente.case.voting import power, profiles
from detente.case.voting.counting import counted
from detente.lenses.power import PowerReport, RulePower, analyse, findings, indices, quadrature
from detente.lenses.power.quadrature import chances, flat, vote_of
from detente.lenses.power.view import of_line
from tests.lenses.power.games import vote


@given(st.lists(st.sampled_from([0, 1, 2, 3, 5, 8, 40, 41]), min_size=1, max_size=9), st.data())
@settings(max_examples=60)
def test_chances_are_the_exact_counts_within_the_error_that_they_tell(
    weights: list[int], data: st.DataObject
) -> None:
    if not sum(weights):
        weights = [*weights, 3]
    n = len(weights)
    rule = vote(data.draw(st.integers(1, sum(weights))), *weights)
    asked = vote_of(rule, n)
    assert asked is not None
    exact, found = counted(rule), chances(asked)
    assert exact is not None
    shapley = power.shapley(exact)
    for kind, members in enumerate(exact.kinds):
        for voter in members:
            swings = Fraction(sum(exact.swings[kind]), 2 ** (n - 1))
            for (value, error), true in (
                (found.shapley[voter], shapley[kind]),
                (found.banzhaf[voter], swings),
            ):
                assert abs(value - float(true)) <= error < 1e-11
    won, error = found.wins
    assert abs(won - sum(exact.wins) / 2**n) <= error


def test_forty_wide_votes_have_the_power_that_meeting_in_the_middle_counts() -> None:
    weights = [int(w) for w in np.random.default_rng(4).integers(1_000, 100_000, 34)]
    rule = vote(-(-sum(weights) * 7 // 10), *weights)
    asked = vote_of(rule, len(weights))
    assert asked is not None
    exact, found = counted(rule), chances(asked)
    assert exact is not None
    for kind, (voter, *_) in enumerate(exact.kinds):
        value, error = found.shapley[voter]
        assert abs(value - float(power.shapley(exact)[kind])) <= error < 1e-12


def council(members: int = 90) -> RulePower:
    """Return the power in a council of so many different members, the first with a veto under 85 %."""
    random = np.random.default_rng(1)
    weights = [int(w) for w in np.exp(random.normal(8, 1.2, members - 1)) + 50]
    return of_line(f"[85 %; {', '.join(map(str, [sum(weights) // 5, *weights]))}]")


def test_a_council_like_the_fund_is_counted_and_samples_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    found = council()
    assert found.exact
    assert found.vetoers == ("member 1",)
    assert found.proper is True
    assert found.power_to_act is not None
    assert found.power_to_act.value < 1e-3
    assert sum(one.count * one.shapley_shubik.value for one in found.power) == pytest.approx(1, abs=1e-12)
    assert all(0 < (one.shapley_shubik.within or 1) < 1e-12 for one in found.power)
    assert "off by more than" in " ".join(findings.facts(found))
    report = PowerReport(rules=(found,))
    assert PowerReport.from_dict(json.loads(json.dumps(report.to_dict()))) == report
    monkeypatch.setattr("detente.lenses.power.analysis.vote_of", lambda *_: None)
    sampled = council()
    assert not sampled.exact
    for true, seen in zip(found.power, sampled.power, strict=True):
        error = seen.shapley_shubik.error
        if error is not None:
            assert abs(true.shapley_shubik.value - seen.shapley_shubik.value) <= 5 * error


def test_coleman_indices_are_those_of_the_exact_count(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = analyse(vote(12, 4, 4, 4, 2, 2, 1))
    monkeypatch.setattr("detente.lenses.power.analysis.counted", lambda _: None)
    monkeypatch.setattr(profiles, "MOST_PROFILES", 1)
    near = {one.members[0]: one for one in analyse(vote(12, 4, 4, 4, 2, 2, 1)).power}
    for kind in exact.power:
        for member in kind.members:
            for index in ("banzhaf", "banzhaf_normalised", "coleman_prevent", "coleman_initiate"):
                share = getattr(near[member], index)
                assert abs(share.value - getattr(kind, index).value) <= share.within < 1e-12


def test_only_one_weighted_vote_is_flat_and_size_is_told_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert flat(all_of(vote(2, 1, 1), Voter(2)), 3) is None
    assert flat(any_of(Voter(0), Voter(1)), 2) == [1, 1]
    assert flat(Voter(0), 1) is None
    asked = vote_of(vote(500, *range(1, 43)), 42)
    assert asked is not None
    assert asked.size == asked.threads * (2 * 7 + 2) * asked.quota * 8
    monkeypatch.setattr(quadrature, "MOST_BYTES", 1_000)
    assert vote_of(vote(500, *range(1, 43)), 42) is None


@pytest.mark.slow
def test_two_thousand_members_are_told_on_screen_and_in_json() -> None:
    for line in ("[majority; 2000x1]", "[majority; 1030x1]", "[majority; 1000x1, 1000x2]"):
        report = PowerReport(rules=(of_line(line),))
        assert list(findings.facts(report.rules[0]))
        assert list(findings.powers(report.rules[0].power))
        assert PowerReport.from_dict(report.to_dict()) == report


def test_samples_of_one_vote_are_those_of_any_rule() -> None:
    rule = vote(12, 4, 4, 4, 2, 2, 1)
    assert indices.sampled(rule, 6, 500) == indices.sampled(all_of(rule), 6, 500)
