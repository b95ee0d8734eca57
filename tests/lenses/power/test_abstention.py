"""Where members may abstain: power by the letter, and consent when it is known who abstains."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.case import Case
from detente.case.bodies import ready_body
from detente.case.electorate import Electorate, body_rule
from detente.case.thresholds import Abstention, Node, Threshold, Voter, passes, voters, wins, without
from detente.case.voting.compound import compound
from detente.errors import CaseError
from detente.lenses.power import analyse, findings
from detente.lenses.power.ternary import abstention
from detente.lenses.power.view import of_body
from detente.show import words
from tests.lenses.power import literal_power as literal
from tests.lenses.power.games import rules

WAYS = st.sampled_from([
    None, Abstention(None), Abstention(Fraction(1, 2), strict=True), Abstention(Fraction(2, 3)),
])  # fmt: skip


@st.composite
def ternary(draw: st.DrawFn, most_voters: int = 4) -> Threshold:
    """Return a rule some of whose thresholds say what abstaining does."""

    def marked(node: Node) -> Node:
        if isinstance(node, Voter):
            return node
        parts = tuple((weight, marked(part)) for weight, part in node.parts)
        return replace(node, parts=parts, abstention=draw(WAYS))

    found = marked(draw(rules(most_voters=most_voters, depth=1)))
    assert isinstance(found, Threshold)
    return found if found.abstention is not None else replace(found, abstention=Abstention(None))


@given(ternary())
@settings(max_examples=25)
def test_power_is_that_of_the_definitions(rule: Threshold) -> None:
    n = len(list(voters(rule)))
    found = abstention(rule, compound(rule), [str(v) for v in range(n)])
    assert found is not None
    critical, pivots = literal.ternary_banzhaf(rule, n), literal.ternary_shapley(rule, n)
    for power in found:
        for voter in map(int, power.members):
            assert power.banzhaf.exact == Fraction(critical[voter], 3 ** (n - 1))
            assert power.banzhaf_normalised.exact == Fraction(critical[voter], sum(critical))
            assert power.shapley_shubik.exact == pivots[voter]
    assert sum(pivots) == 1


@given(ternary(), st.sets(st.integers(0, 3)))
@settings(max_examples=60)
def test_the_rule_of_the_others_is_the_rule_with_some_abstaining(rule: Threshold, absent: set[int]) -> None:
    n = len(list(voters(rule)))
    rest = without(rule, absent)
    for votes in product((1, 0, -1), repeat=n):
        if all((vote == 0) == (voter in absent) for voter, vote in enumerate(votes)):
            said = np.array(votes)
            expected = literal.carried(rule, votes)
            assert bool(passes(rule, said == 1, said == -1)) == expected
            assert bool(wins(rest, said == 1)) == expected


def test_abstaining_halves_the_weight_of_the_veto_in_the_security_council() -> None:
    """Derived from the definitions of Felsenthal & Machover (1997), held against the letter above."""
    found = of_body("un-security-council-1966")
    assert found.with_abstention is not None
    permanent, elected = found.with_abstention
    assert (permanent.count, elected.count) == (5, 10)
    assert permanent.banzhaf_normalised.value == pytest.approx(0.1009, abs=5e-5)
    assert elected.banzhaf_normalised.value == pytest.approx(0.0495, abs=5e-5)
    assert permanent.shapley_shubik.exact == Fraction(118525786, 725416965)
    assert 5 * permanent.shapley_shubik.value + 10 * elected.shapley_shubik.value == pytest.approx(1)
    assert len(list(findings.powers(found.with_abstention or ()))) == 2
    assert of_body("nato").with_abstention is None


def test_the_council_carries_with_a_permanent_member_abstaining_and_not_with_one_against() -> None:
    rule, roles = body_rule(ready_body("un-security-council-1966"))
    china = roles.index("permanent")
    yes, no = np.ones(15, dtype=bool), np.zeros(15, dtype=bool)
    yes[china] = False
    assert passes(rule, yes, no)
    no[china] = True
    assert not passes(rule, yes, no)
    assert not wins(rule, yes)
    rest = without(rule, {china})
    assert wins(rest, yes)


def council(abstain: object, **rule: Any) -> Case:
    """Return a case in which five consent, by a rule of votes or of the Security Council."""
    names = ["p1", "p2", "p3", "p4", "p5", "e"]
    said = rule or {
        "body": "un-security-council-1966",
        "members": {"permanent": names[:5], "elected": {"actor": "e", "count": 10}},
    }
    return Case.from_dict({
        "title": "Council",
        "actors": {name: {"name": name.upper(), "influence": 1} for name in names},
        "issues": {"x": {"name": "X", "scale": {0: "none", 100: "all"}, "no_deal": 0}},
        "stances": {"x": {a: {"position": 0 if a == "p1" else 100, "salience": 1} for a in names}},
        "bodies": {"council": {"name": "Council", "rule": said, "abstain": abstain}},
        "consent": "council",
    })  # fmt: skip


def test_who_abstains_in_a_body_is_not_asked_and_blocks_nothing() -> None:
    """P1 likes things as they are and would block; if it is known to abstain, the others carry."""
    blocked, open_ = (detente.winset(council(a), draws=10).chance("x").probability for a in ([], ["p1"]))
    assert (blocked, open_) == (0, 1)
    asked = {member.actor for member in Electorate(council("p1")).members(["x"])}
    assert asked == {"p2", "p3", "p4", "p5", "e"}


def test_a_quota_of_those_present_and_voting_is_of_the_votes_cast() -> None:
    votes = {"quota": "2/3", "weights": {"p1": 3, "p2": 3, "p3": 3, "e": 1}}
    rule = Electorate(council(["p1", "e"], votes=votes, voting="present")).rule(["x"])
    assert isinstance(rule, Threshold)
    assert (rule.quota, rule.total) == (2, 2) or (rule.quota, rule.total) == (4, 6)
    members = Electorate(council("e", at_least="majority", of=["p1", "p2", "e"], voting="present")).rule(
        ["x"]
    )
    assert isinstance(members, Threshold)
    assert (members.quota, members.total) == (2, 2)


@pytest.mark.parametrize(
    ("abstain", "rule", "told"),
    [
        (["p1"], {"all_of": ["p2", "p3"]}, "'p1' has no vote in 'council'"),
        (["p9"], {"all_of": ["p1", "p2"]}, "no actor is called 'p9'"),
        (["p2"], {"all_of": ["p1", "p2"]}, "nothing can be decided"),
        ([], {"at_least": 2, "of": ["p1", "p2"], "voting": "present"}, "'majority' or a share"),
        ([], {"all_of": ["p1", "p2"], "voting": "present"}, "stands only beside 'at_least' or 'votes'"),
    ],
)
def test_what_cannot_be_is_refused(abstain: list[str], rule: dict[str, Any], told: str) -> None:
    with pytest.raises(CaseError, match=told):
        council(abstain, **rule)


def test_too_many_ways_to_vote_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.lenses.power.ternary.MOST_CELLS", 10)
    assert analyse(body_rule(ready_body("un-security-council-1966"))[0]).with_abstention is None


def test_rules_that_say_what_abstaining_does_are_told_in_words() -> None:
    case = council("p1")
    told = words.consent(case, case.bodies["council"].rule, unfold=True)
    assert "none of P1, P2, P3, P4 and P5 voting no" in told
    assert "9 of 15 votes" in told
    votes = {"quota": "2/3", "weights": {"p1": 3, "p2": 3}}
    share = council([], votes=votes, voting="present")
    assert words.consent(share, share.bodies["council"].rule) == "2/3 of the votes cast by P1 and P2"
    heads = council([], at_least="majority", of=["p1", "p2", "e"], voting="present")
    assert (
        words.consent(heads, heads.bodies["council"].rule) == "a majority of the votes cast by P1, P2 and E"
    )
