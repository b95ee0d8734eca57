"""Voting power: published values, the letter of the definitions, and what any index must satisfy."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.bodies import ready_body
from detente.case.electorate import body_rule, is_weighted, weighted
from detente.case.thresholds import Node, Threshold, Voter, all_of, any_of, dual, voters, wins
from detente.case.voting import counting, dynamic_program, meet_in_the_middle, profiles
from detente.case.voting.compound import Compound, compound
from detente.case.voting.counting import Counted, counted
from detente.errors import OptionError
from detente.lenses.power import MemberPower, RulePower, analyse, findings, indices
from detente.lenses.power import nakamura as nakamura_number
from detente.lenses.power.result import MinimalCoalitions, Share
from detente.lenses.programs import Answer, Program
from tests.lenses.power import literal_power as literal
from tests.lenses.power.games import rules, vote

PUBLISHED = {
    "UNSC_1966 (9 of 15, 5 vetoes)": "un-security-council-1966",
    "UNSC_1945 (7 of 11, 5 vetoes)": "un-security-council-1945",
    "EEC6_1958 [12;4,4,4,2,2,1]": "eec6-1958",
    "EC9_1973 [41;10,10,10,10,5,5,3,3,2]": "ec9-1973",
    "EU15_1995 [62/87]": "eu15-1995",
    "EU27_Nice votes only [255/345]": "eu27-nice-votes",
    "NATO unanimity n=32": "nato",
    "three-party [51;50,49,1]": "three-party-majority",
    "Nassau 1958 [16;9,9,7,3,1,1]": "nassau-county-1958",
    "US federal no VP": "us-statute",
    "US federal with VP tie-break": "us-statute-vp",
}
LABELS = {
    "P5": "permanent", "E10": "elected", "E6": "elected", "each": "member", "Pres": "president",
    "VP": "vice_president", "Senator": "senator", "Rep": "representative",
}  # fmt: skip
SAME = {"DE": "germany", "FR": "france", "IT": "italy", "UK": "united_kingdom", "ES": "spain", "BE": "belgium",
        "NL": "netherlands", "GR": "greece", "PT": "portugal", "AT": "austria", "SE": "sweden", "DK": "denmark",
        "FI": "finland", "IE": "ireland", "LU": "luxembourg"}  # fmt: skip


def body(slug: str) -> Node:
    return body_rule(ready_body(slug))[0]


def of_voters(found: RulePower) -> dict[int, MemberPower]:
    return {int(member): power for power in found.power for member in power.members}


def exact(share: Share | None) -> Fraction:
    """Return a share that was counted."""
    assert share is not None
    assert share.exact is not None
    return share.exact


def number(found: RulePower) -> float | None:
    """Return the Nakamura number."""
    return math.inf if found.nakamura_infinite else found.nakamura


@pytest.mark.parametrize(("case", "slug"), PUBLISHED.items())
def test_every_published_value_is_reproduced_exactly(case: str, slug: str, shared_data: Path) -> None:
    known = json.loads((shared_data / "winset" / "power_indices.json").read_text())
    assert set(known) == set(PUBLISHED)
    table = known[case]
    rule, roles = body_rule(ready_body(slug))
    powers = of_voters(analyse(rule))
    for number, label in enumerate(table["labels"]):
        role = LABELS.get(label) or SAME.get(label)
        power = powers[roles.index(role) if role else number]
        assert power.swings == table["swings"][number]
        for found, key in (
            (power.banzhaf, "pb"),
            (power.banzhaf_normalised, "banzhaf"),
            (power.shapley_shubik, "ss"),
        ):
            fraction, value = table[key][number]
            assert float(exact(found)) == found.value == pytest.approx(value, rel=1e-12)
            assert fraction is None or found.exact == Fraction(fraction)


def test_the_powers_of_the_president_are_those_in_the_literature() -> None:
    rule, roles = body_rule(ready_body("us-statute"))
    powers = of_voters(analyse(rule))
    president, senator = powers[roles.index("president")], powers[roles.index("senator")]
    assert president.shapley_shubik.value == pytest.approx(0.160470, abs=5e-7)
    assert president.banzhaf.value == pytest.approx(0.230103, abs=5e-7)
    assert senator.shapley_shubik.value == pytest.approx(0.0043742, abs=5e-8)


@pytest.mark.parametrize(
    ("rule", "won", "minimal", "nakamura"),
    [
        (vote(2, 1, 1, 1), 4, 3, 3),
        (vote(5, 1, 1, 1, 1, 1, 1, 1), 29, 21, 4),
        (vote(4, 1, 1, 1, 1, 1), 6, 5, 5),
        (body("un-security-council-1945"), 57, 15, math.inf),
        (body("un-security-council-1966"), 848, 210, math.inf),
        (body("eec6-1958"), 14, 4, 4),
        (body("ec9-1973"), 75, 25, 4),
        (body("eu15-1995"), 2549, 829, 4),
        (body("nassau-county-1958"), 32, 3, 3),
        (vote(51, 50, 49, 1), 3, 2, math.inf),
    ],
)
def test_coalitions_are_counted_as_in_the_table(rule: Node, won: int, minimal: int, nakamura: float) -> None:
    found = analyse(rule)
    assert found.minimal_winning is not None
    assert (found.winning_coalitions, found.minimal_winning.count, number(found)) == (won, minimal, nakamura)


def test_the_power_to_act_of_the_nice_council_is_two_per_cent() -> None:
    found = analyse(body("eu27-nice-votes"))
    assert found.winning_coalitions == 2_718_774
    assert found.power_to_act is not None
    assert found.power_to_act.exact == Fraction(2_718_774, 2**27)
    assert found.power_to_act.value == pytest.approx(0.020256, abs=5e-7)


# --- by the letter of the definitions -----------------------------------------------------------------


Engine = Callable[[Compound], "list[tuple[int, ...]] | None"]


@pytest.mark.parametrize("engine", [profiles.swings, dynamic_program.swings, meet_in_the_middle.swings])
@given(rule=rules(most_voters=8))
@settings(max_examples=40)
def test_every_way_of_counting_finds_the_swings_of_the_definition(engine: Engine, rule: Threshold) -> None:
    seen = compound(rule)
    found = engine(seen)
    if found is None:
        assert engine is meet_in_the_middle.swings
        assert seen.voters < 2
        return
    check(Counted(tuple(kind.members for kind in seen.kinds), tuple(found)), rule)


def check(found: Counted, rule: Node) -> None:
    n = found.voters
    won = literal.winning(rule, n)
    expected = literal.swings(won, n)
    for kind, swings in zip(found.kinds, found.swings, strict=True):
        for voter in kind:
            assert list(swings) == expected[voter]
    assert list(found.wins) == [sum(len(one) == size for one in won) for size in range(n + 1)]


@given(rules(most_voters=4, depth=1), rules(most_voters=4, depth=1), rules(most_voters=3, depth=1))
@settings(max_examples=40)
def test_chambers_are_counted_one_by_one(first: Threshold, second: Threshold, third: Threshold) -> None:
    sizes = [len(list(voters(rule))) for rule in (first, second)]
    apart = (first, _moved(second, sizes[0]), _moved(third, sum(sizes)))
    whole = Threshold(4, tuple(zip((2, 1, 3), apart, strict=True)))
    found = counting._of_chambers(whole)
    assert found is not None
    check(found, whole)


def _moved(rule: Threshold, by: int) -> Threshold:
    def moved(node: Node) -> Node:
        if isinstance(node, Voter):
            return Voter(node.index + by, node.seats)
        return Threshold(node.quota, tuple((weight, moved(part)) for weight, part in node.parts))

    found = moved(rule)
    assert isinstance(found, Threshold)
    return found


@given(rules(most_voters=6))
@settings(max_examples=50)
def test_all_answers_are_those_of_the_definitions(rule: Threshold) -> None:
    found = analyse(rule)
    n = found.voters
    won = literal.winning(rule, n)
    everyone = frozenset(range(n))
    powers = of_voters(found)
    orders = literal.shapley_shubik(won, n)
    assert [powers[v].shapley_shubik.exact for v in range(n)] == orders
    vetoers = frozenset.intersection(*won)
    assert set(map(int, found.vetoers)) == vetoers == {v for v in range(n) if powers[v].veto}
    dummies = {v for v in range(n) if not any(v in one for one in literal.minimal(won))}
    assert found.dummies is not None
    assert set(map(int, found.dummies)) == dummies == {v for v in range(n) if powers[v].dummy}
    assert found.dictator == next(
        (str(v) for v in range(n) if {v} in won and everyone - {v} not in won), None
    )
    assert found.proper == all(everyone - one not in won for one in won)
    assert found.strong == all(
        everyone - one in won for one in literal.coalitions(range(n)) if one not in won
    )
    assert number(found) == literal.nakamura(won)
    for v, power in powers.items():
        turned = sum(literal.swings(won, n)[v])
        assert exact(power.coleman_prevent) == Fraction(turned, len(won))
        assert exact(power.coleman_initiate) == Fraction(turned, 2**n - len(won))


@given(rules(most_voters=6))
@settings(max_examples=50)
def test_minimal_coalitions_and_their_indices_are_those_of_the_definitions(rule: Threshold) -> None:
    found = analyse(rule)
    n = found.voters
    won = literal.winning(rule, n)
    assert found.minimal_winning is not None
    assert found.minimal_blocking is not None
    assert listed(found.minimal_winning) == literal.minimal(won)
    assert found.minimal_winning.count == len(literal.minimal(won))
    blocking = literal.minimal(literal.blocking(won, n))
    assert listed(found.minimal_blocking) == blocking
    assert found.minimal_blocking.count == len(blocking)
    powers = of_voters(found)
    assert [exact(powers[v].deegan_packel) for v in range(n)] == literal.deegan_packel(won, n)
    assert [exact(powers[v].holler) for v in range(n)] == literal.holler(won, n)
    assert [exact(powers[v].johnston) for v in range(n)] == literal.johnston(won, n)


def listed(found: MinimalCoalitions) -> set[frozenset[int]]:
    assert found.listed is not None
    return {frozenset(map(int, coalition)) for coalition in found.listed}


@given(rules(most_voters=12, depth=3))
@settings(max_examples=40)
def test_shares_add_up_to_one_and_dummies_have_none(rule: Threshold) -> None:
    powers = of_voters(analyse(rule))
    assert sum(exact(power.shapley_shubik) for power in powers.values()) == 1
    assert sum(exact(power.banzhaf_normalised) for power in powers.values()) == 1
    assert all((power.swings == 0) == (power.shapley_shubik.exact == 0) for power in powers.values())


# --- large rules --------------------------------------------------------------------------------------


def test_a_wide_tally_is_counted_by_halves_as_by_listing_all_coalitions() -> None:
    weights = [int(w) for w in np.random.default_rng(5).integers(10**7, 10**8, 14)]
    everybody = tuple((1, Voter(v)) for v in range(14))
    council = any_of(
        all_of(Threshold(8, everybody), vote(int(sum(weights) * 0.65), *weights)), Threshold(12, everybody)
    )
    seen = compound(council)
    found = meet_in_the_middle.swings(seen)
    assert found is not None
    assert found == profiles.swings(seen)
    assert dynamic_program.swings(seen) == found


def test_the_qualified_majority_is_a_minority_of_coalitions_and_blocking_needs_four() -> None:
    rule, roles = body_rule(ready_body("eu27-qualified-majority"))
    found = analyse(rule)
    assert found.exact
    assert (found.winning_coalitions, found.power[0].holler, number(found)) == (17_729_938, None, 3)
    assert found.minimal_winning == MinimalCoalitions(count=4_358_018, shapes=None, listed=None)
    assert found.minimal_blocking is not None
    assert (found.proper, found.strong, found.vetoers, found.dummies) == (True, False, (), ())
    large = [roles.index(name) for name in ("germany", "france", "italy")]
    without_three = np.ones((1, 27), dtype=np.bool_)
    without_three[0, large] = False
    assert wins(rule, without_three).all()
    without_three[0, roles.index("malta")] = False
    assert not wins(rule, without_three).any()
    powers = of_voters(found)
    assert exact(powers[large[0]].shapley_shubik) > exact(powers[large[1]].shapley_shubik)


@given(st.lists(st.integers(1, 9), min_size=2, max_size=7), st.data())
@settings(max_examples=50)
def test_minimal_coalitions_of_a_wide_rule_are_counted_by_their_lightest_member(
    weights: list[int], data: st.DataObject
) -> None:
    n, total = len(weights), sum(weights)
    everybody = tuple((1, Voter(v)) for v in range(n))
    quota, heads, many = (data.draw(st.integers(1, most)) for most in (total, n, n))
    council = any_of(
        all_of(vote(quota, *weights), Threshold(heads, everybody)), Threshold(max(heads, many), everybody)
    )
    won = literal.winning(council, n)
    assert meet_in_the_middle.minimal(compound(council)) == len(literal.minimal(won))
    assert meet_in_the_middle.minimal(compound(dual(council))) == len(
        literal.minimal(literal.blocking(won, n))
    )
    assert meet_in_the_middle.minimal(compound(vote(quota, *weights))) == len(
        literal.minimal(literal.winning(vote(quota, *weights), n))
    )


def test_minimal_coalitions_are_not_counted_where_voters_differ_twice_or_are_too_many() -> None:
    assert meet_in_the_middle.minimal(compound(all_of(vote(3, 1, 2, 3), vote(6, 5, 1, 4)))) is None
    assert meet_in_the_middle.minimal(compound(vote(30, *range(1, 43)))) is None


def test_bicameral_rules_of_different_members_are_counted_chamber_by_chamber() -> None:
    upper = vote(53, *range(1, 15))
    lower = _moved(vote(70, *range(2, 17)), 14)
    found = counted(all_of(upper, lower))
    assert found is not None
    one, other = counted(upper), counted(lower)
    assert one is not None
    assert other is not None
    assert sum(found.wins) == sum(one.wins) * sum(other.wins)
    assert sum(found.swings[0]) == sum(one.swings[0]) * sum(other.wins)


def test_beyond_counting_powers_are_sampled_and_say_how_far_they_may_be_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = vote(12, 4, 4, 4, 2, 2, 1)
    counted_ = of_voters(analyse(rule))
    monkeypatch.setattr("detente.lenses.power.analysis.counted", lambda _: None)
    monkeypatch.setattr("detente.lenses.power.analysis.vote_of", lambda *_: None)
    monkeypatch.setattr(profiles, "MOST_PROFILES", 1)
    found = analyse(rule)
    assert not found.exact
    assert (found.winning_coalitions, found.proper, number(found)) == (None, None, None)
    assert (found.minimal_winning, found.minimal_blocking) == (
        MinimalCoalitions(count=4, shapes=None, listed=None),
        MinimalCoalitions(count=9, shapes=None, listed=None),
    )
    for v, power in of_voters(found).items():
        assert (power.swings, power.holler, power.banzhaf.exact) == (None, None, None)
        for share, true in (
            (power.banzhaf, counted_[v].banzhaf),
            (power.shapley_shubik, counted_[v].shapley_shubik),
        ):
            if v == 5:  # Luxembourg, a dummy: never seen, which three in the number of draws bounds
                assert (share.value, share.error, share.below) == (0, None, 3 / indices.SAMPLES)
            else:
                assert share.error is not None
                assert abs(share.value - true.value) <= 4.5 * share.error
    assert sum(power.shapley_shubik.value for power in found.power) == pytest.approx(1)


@pytest.mark.parametrize("turned_round", [False, True])
@pytest.mark.parametrize("per_cent", [60, 85, 90])
def test_powers_are_estimated_under_quotas_that_random_coalitions_hardly_ever_reach_or_miss(
    per_cent: int, turned_round: bool
) -> None:
    """A member with a veto, or who wins alone, and 25 who differ: at 85 %, few of a hundred thousand win."""
    weights = [12_000_000, *(int(w) for w in np.random.default_rng(3).integers(10**6, 2 * 10**6, 25))]
    rule: Node = all_of(vote(-(-sum(weights) * per_cent // 100), *weights), Voter(0))
    rule = dual(rule) if turned_round else rule
    exact = of_voters(analyse(rule))
    for v, power in enumerate(indices.sampled(rule, len(weights))):
        for index in ("banzhaf", "banzhaf_normalised", "shapley_shubik"):
            share, true = getattr(power, index), getattr(exact[v], index)
            assert true.exact is not None
            assert share.error is not None
            assert min(share.value, share.error) > 0
            assert abs(share.value - true.value) <= 4.5 * share.error


def test_no_sample_is_certain() -> None:
    """Nobody but the first ever matters: the shares seen are 1 and 0, and neither is told without doubt."""
    first, other = indices.sampled(vote(3, 3, 1, 1), 3, 100)[:2]
    for share in (first.banzhaf, first.banzhaf_normalised, first.shapley_shubik):
        assert share.value == 1
        assert share.error == pytest.approx(0.015)
    assert (other.banzhaf.below, other.shapley_shubik.below) == (0.03, 0.03)


def test_sixty_different_members_one_with_a_veto_have_power_that_is_told() -> None:
    """Random coalitions never reach 85 %: none of 20,000 wins, and yet nobody's share of swings is 0."""
    weights = [165_581_710, *(10_000_019 + 165_000 * k + 37 * k * k for k in range(59))]
    found = analyse(vote(-(-sum(weights) * 85 // 100), *weights))
    assert not found.exact
    powers = of_voters(found)
    assert sum(power.banzhaf_normalised.value for power in powers.values()) == pytest.approx(1)
    for power in powers.values():
        assert power.banzhaf.error is not None
        assert 0 < 4.5 * power.banzhaf.error < power.banzhaf.value
        assert powers[0].banzhaf.value >= power.banzhaf.value
    rows = list(findings.powers(found.power))
    assert all("0 %" not in row[4:6] for row in rows)


def test_what_no_sample_saw_is_told_as_below_the_rule_of_three() -> None:
    share = Share.sampled(0.0, 0.0, 3 / 20_000)
    assert (share.value, share.error, share.below) == (0.0, None, 0.00015)
    assert findings._told(share) == "below 0.015 %"


def test_too_many_members_of_too_many_weights_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamic_program, "MOST_STATES", 1_000)
    weights = [int(w) for w in np.random.default_rng(2).integers(10**6, 10**7, 45)]
    assert counted(vote(sum(weights) // 2, *weights)) is None
    wide = Threshold(20, tuple((1, Voter(v)) for v in range(45)))
    assert counted(all_of(vote(sum(weights) // 2, *weights), wide)) is None


def test_sides_of_a_wide_rule_are_settled_without_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "MOST_PROFILES", 1)
    majority = analyse(vote(3, 1, 1, 1, 1, 1))
    assert (majority.proper, majority.strong) == (True, True)
    assert majority.nakamura == 3
    half = analyse(vote(2, 1, 1, 1, 1))
    assert (half.proper, half.strong, half.nakamura) == (False, True, 2)
    assert analyse(vote(4, 1, 1, 1, 1, 1)).nakamura is None  # it is 5


def test_chambers_that_cannot_be_counted_leave_the_rule_uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamic_program, "MOST_STATES", 1_000)
    weights = [int(w) for w in np.random.default_rng(3).integers(10**6, 10**7, 45)]
    wide, small = vote(sum(weights) // 2, *weights), _moved(vote(2, 1, 1, 1), 45)
    assert counted(all_of(wide, small)) is None
    many = Threshold(sum(weights), tuple((w, Voter(v)) for v, w in enumerate(weights)))
    assert counted(Threshold(many.quota + 1, (*many.parts, (1, small)))) is None


def test_sides_that_cannot_be_counted_are_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = vote(3, 1, 1, 1, 1, 1)
    real = counted(rule)
    monkeypatch.setattr(profiles, "MOST_PROFILES", 1)
    answers = iter([real, None])
    monkeypatch.setattr("detente.lenses.power.analysis.counted", lambda _: next(answers))
    found = analyse(rule)
    assert found.exact
    assert (found.proper, found.strong) == (None, None)


def test_a_number_of_nakamura_that_takes_too_long_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = vote(4, 1, 1, 1, 1, 1)
    monkeypatch.setattr(nakamura_number, "MOST_SHAPES", 0)
    assert analyse(rule).nakamura is None
    monkeypatch.setattr(nakamura_number, "MOST_SHAPES", 10)
    monkeypatch.setattr(Program, "solve", lambda *_: Answer("limit"))
    assert analyse(rule).nakamura is None


def test_a_single_voter_is_a_dictator() -> None:
    found = analyse(Voter(0))
    assert found.dictator == "0"
    assert found.power[0].shapley_shubik.exact == 1
    assert counted(any_of(all_of(vote(2, 1, 1, 1)))) == counted(vote(2, 1, 1, 1))


# --- a vote in a line ---------------------------------------------------------------------------------


def test_a_weighted_vote_is_read_from_a_line() -> None:
    assert weighted("[51; 50, 49, 1]") == (vote(51, 50, 49, 1), ("member 1", "member 2", "member 3"))
    assert weighted(" [39;5x7,10x1] ")[0] == vote(39, *[7] * 5, *[1] * 10)
    assert weighted("[majority; 0.5, 1.5, 1]")[0] == vote(4, 1, 3, 2)
    assert weighted("[2/3; 3x1]")[0] == vote(2, 1, 1, 1)
    named = ("Union", "SPD", "Small 1", "Small 2")
    assert weighted("[majority; Union: 208, SPD=120.5, Small: 2x9]")[1] == named
    assert is_weighted("[5; 1")
    assert not is_weighted("nato")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[51 50 49]", "is no weighted vote"),
        ("[2; a: 1, a: 1]", "'a' stands twice"),
        ("[2; a: 1, 1]", "name all of them, or none"),
        ("[majority; Union: 1,000, SPD: 300]", "write thousands without a mark"),
        ("[2; a: b: 1]", "is no weight"),
        ("[2; 1, x]", "'x' is no weight"),
        ("[2; ]", "'' is no weight"),
        ("[most; 1, 1]", "is no quota"),
        ("[3; 1, 1]", "the quota 3 is more than the 2 votes that there are; use 1 to 2"),
        ("[1; 0, 0]", "nobody has any weight"),
        ("[0; 1, 1]", "met when nobody agrees"),
        ("[2; 9999x1]", "at most 2000 members"),
        ("[2; 999999999999999, 0.000000001]", "differ too much"),
    ],
)
def test_what_cannot_be_read_as_a_vote_is_refused_with_the_way_out(line: str, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        weighted(line)


def test_samples_are_the_same_every_time() -> None:
    rule = vote(3, 2, 1, 1)
    assert indices.sampled(rule, 3, 500) == indices.sampled(rule, 3, 500)


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [(vote(3, 2, 1, 1), [1, 2]), (all_of(Voter(0), vote(2, 1, 1, 1)), [1, 2]), (vote(1, 1, 1), [2])],
)
def test_voters_with_the_same_weights_everywhere_are_alike(rule: Threshold, kinds: list[int]) -> None:
    assert [kind.size for kind in compound(rule).kinds] == kinds
