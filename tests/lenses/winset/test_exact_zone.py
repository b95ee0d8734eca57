"""The best package of one draw: against grids and literal definitions, and as the theory says it must move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Threshold, Voter, all_of, any_of, margin, wins
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.exact import zone as zone_module
from detente.lenses.winset.exact.box import certified_bound
from detente.lenses.winset.exact.zone import Verdict, zone
from tests.lenses.winset import literal_zone as literal
from tests.lenses.winset.exact_deals import deal, deals, from_no_deal, majority, permuted, rules, unanimity

NEAR = 5e-6
MODERATE = settings(max_examples=40)
FEW = settings(max_examples=20)


def best(one: Deal) -> float:
    """Return the greatest margin, after seeing that it is proven."""
    found = zone(one)
    assert found.status != "unknown", found.reason
    assert found.bound >= found.margin
    assert found.bound == found.margin or found.bound <= found.margin + NEAR
    return found.margin


@MODERATE
@given(deals())
def test_no_package_of_a_grid_beats_the_best_and_the_best_is_attained(one: Deal) -> None:
    found = zone(one)
    if found.package is None:
        assert found.status == "none"
        assert found.reason
        assert all(literal.margin(one, x) == -np.inf for x in literal.grid(one, 4))
        return
    assert literal.margin(one, tuple(found.package)) == pytest.approx(found.margin, abs=1e-12)
    assert all(0 <= x <= 1 for x in found.package)
    for x, levels in zip(found.package, one.levels, strict=True):
        assert levels is None or x in levels
    assert max(literal.margin(one, x) for x in literal.grid(one, 4)) <= found.bound + 1e-9
    assert found.bound <= max(found.margin + NEAR, found.margin)


@MODERATE
@given(deals())
def test_the_status_says_what_the_margin_is(one: Deal) -> None:
    found = zone(one)
    weak = zone(one, acceptance="weak")
    if found.margin > 1e-6:
        assert found.status == weak.status == "deal"
        assert wins(one.rule, found.agreed)
    elif found.margin < -1e-6:
        assert found.status == weak.status == "none"
        assert not wins(one.rule, found.agreed)
    elif abs(found.margin) < 1e-8 and found.bound < 1e-7:
        assert (found.status, weak.status) == ("touching", "deal")
        assert wins(one.rule, weak.agreed)


@MODERATE
@given(deals(voters=4, issues=2))
def test_weights_prove_that_the_coalition_found_cannot_do_better(one: Deal) -> None:
    found = zone(one)
    if found.coalition is None or found.weights is None:
        return
    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights[~found.coalition] == 0).all()
    assert literal.consents(one.rule, frozenset(np.flatnonzero(found.coalition).tolist()))
    bound = certified_bound(one, found.weights, found.coalition)
    members = np.flatnonzero(found.coalition).tolist()
    seen = literal.average_bound(one, found.weights, members, 10)
    assert seen <= bound + 1e-9
    assert bound >= found.margin - 1e-9
    least = (
        max(
            min(literal.margin_of(one, v, x) for v in members)
            for x in [*literal.grid(one, 4), tuple(found.package)]
        )
        if found.package is not None
        else -np.inf
    )
    assert bound >= least - 1e-9


@MODERATE
@given(deals(), st.data())
def test_weights_of_unanimity_prove_the_margin_exactly(one: Deal, data: st.DataObject) -> None:
    """Strong duality: on continuous issues the weighted average allows no more than is attained."""
    all_agree = replace(one, rule=unanimity(one.voters), levels=(None,) * one.issues)
    found = zone(all_agree)
    assume(found.weights is not None)
    assert found.weights is not None
    everyone = np.ones(one.voters, dtype=bool)
    assert certified_bound(all_agree, found.weights, everyone) == pytest.approx(found.margin, abs=1e-7)
    other = np.array(data.draw(st.lists(st.floats(0.01, 1), min_size=one.voters, max_size=one.voters)))
    other = np.where(np.isfinite(one.radius[0]), other, 0.0)
    assert certified_bound(all_agree, other, everyone) >= found.margin - 1e-7


@FEW
@given(deals(issues=2), st.randoms(use_true_random=False))
def test_the_order_of_voters_does_not_matter(one: Deal, random: object) -> None:
    order = list(range(one.voters))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert best(permuted(one, order)) == pytest.approx(best(one), abs=NEAR)


@FEW
@given(deals(), st.sampled_from([0.25, 3.0]))
def test_margins_scale_with_saliences_and_radii(one: Deal, factor: float) -> None:
    scaled = replace(one, salience=one.salience * factor, radius=one.radius * factor)
    assert best(scaled) == pytest.approx(best(one) * factor, abs=NEAR)


@FEW
@given(deals())
def test_turning_an_issue_round_changes_nothing(one: Deal) -> None:
    first = np.arange(one.issues) == 0
    mirror = replace(
        one,
        ideal=np.where(first, 1 - one.ideal, one.ideal),
        floor=np.where(first, 1 - one.ceiling, one.floor),
        ceiling=np.where(first, 1 - one.floor, one.ceiling),
        levels=(None if one.levels[0] is None else np.sort(1 - one.levels[0]), *one.levels[1:]),
    )
    assert best(mirror) == pytest.approx(best(one), abs=NEAR)


@FEW
@given(deals(voters=4))
def test_splitting_a_voter_into_like_minded_twins_changes_nothing(one: Deal) -> None:
    votes = tuple((v + 2, Voter(v)) for v in range(one.voters))
    quota = sum(weight for weight, _ in votes) // 2 + 1
    twins = {
        name: np.concatenate([getattr(one, name), getattr(one, name)[:, :1]], axis=1)
        for name in ("ideal", "salience", "radius", "floor", "ceiling")
    }
    apart = ((1, Voter(0)), (1, Voter(one.voters)), *votes[1:])
    whole = best(replace(one, rule=Threshold(quota, votes)))
    assert best(replace(one, rule=Threshold(quota, apart), **twins)) == pytest.approx(whole, abs=NEAR)  # type: ignore[arg-type]


@FEW
@given(deals(), st.data())
def test_one_more_required_consent_never_helps(one: Deal, data: st.DataObject) -> None:
    v = data.draw(st.integers(0, one.voters - 1))
    assert best(replace(one, rule=all_of(one.rule, Voter(v)))) <= best(one) + NEAR


@FEW
@given(deals(), st.data())
def test_widening_a_red_line_or_a_radius_never_hurts(one: Deal, data: st.DataObject) -> None:
    v = data.draw(st.integers(0, one.voters - 1))
    floor, radius = one.floor.copy(), one.radius.copy()
    floor[0, v] = 0.0
    assert best(replace(one, floor=floor)) >= best(one) - NEAR
    radius[0, v] += 0.1
    assert best(replace(one, radius=radius)) >= best(one) - NEAR


@FEW
@given(deals(voters=4, issues=2), st.data())
def test_either_of_two_rules_gives_the_better_zone_and_both_give_the_intersection(
    one: Deal, data: st.DataObject
) -> None:
    other = data.draw(rules(one.voters))
    first, second = best(one), best(replace(one, rule=other))
    assert best(replace(one, rule=any_of(one.rule, other))) == pytest.approx(max(first, second), abs=NEAR)
    both = replace(one, rule=all_of(one.rule, other))
    assert best(both) <= min(first, second) + NEAR
    x = zone(both).package
    if x is not None:
        margins = one.margins(x[None, None])[0, 0]
        assert margin(both.rule, margins) == min(margin(one.rule, margins), margin(other, margins))


@FEW
@given(deals())
def test_a_program_with_binaries_finds_what_the_pieces_find(one: Deal) -> None:
    """The way for rules with too many coalitions to list, taken for rules with few."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zone_module, "minimal_winning", lambda *_: None)
        patch.setattr(zone_module, "countable", lambda _: False)
        found = zone(one)
    assert found.status != "unknown", found.reason
    assert found.margin == pytest.approx(best(one), abs=NEAR)


@FEW
@given(deals(issues=1))
def test_the_sweep_of_one_issue_finds_what_programs_find(one: Deal) -> None:
    twice = replace(
        one,
        **{
            name: np.concatenate([getattr(one, name), np.full_like(getattr(one, name), fill)], axis=2)
            for name, fill in (("ideal", 0.5), ("salience", 0.0), ("floor", 0.0), ("ceiling", 1.0))
        },  # type: ignore[arg-type]
        no_deal=np.array([[0.5, 0.5]]),
        levels=(*one.levels, None),
    )
    assert best(twice) == pytest.approx(best(one), abs=NEAR)


@FEW
@given(st.integers(0, 10**6), st.sampled_from(["city_block", "quadratic"]), st.integers(2, 5))
def test_what_beats_no_deal_does_so_on_the_whole_way_there(seed: int, loss: str, quota: int) -> None:
    """The win-set is star-shaped about a common no-deal point."""
    random = np.random.default_rng(seed)
    one = from_no_deal(random.random((5, 2)).tolist(), random.random(2).tolist(), majority(quota, 5), loss)  # type: ignore[arg-type]
    found = zone(one, acceptance="weak")
    assert found.status == "deal"
    assert found.package is not None
    way = one.no_deal[0] + np.linspace(0, 1, 11)[:, None] * (found.package - one.no_deal[0])
    assert (margin(one.rule, one.margins(way[None])[0]) >= -1e-9).all()


@FEW
@given(st.integers(0, 10**6))
def test_nothing_beats_no_deal_inside_the_triangle_of_vetoers_and_something_does_outside(seed: int) -> None:
    """Euclidean unanimity: the win-set is empty exactly if no deal lies in the convex hull of the ideals."""
    random = np.random.default_rng(seed)
    corners, at = random.random((3, 2)), random.random(2)
    edges = np.vstack([corners.T, np.ones(3)])
    assume(abs(np.linalg.det(edges)) > 0.05)
    shares = np.linalg.solve(edges, np.append(at, 1.0))
    assume(abs(shares).min() > 0.03)
    found = zone(from_no_deal(corners.tolist(), at.tolist()))
    assert found.status == ("touching" if (shares > 0).all() else "deal")


VERDICTS = {
    "salience": (np.nan, "salience of voter 0 on issue 0"),
    "ideal": (np.inf, "ideal of voter 0 on issue 0"),
    "floor": (np.nan, "floor of voter 0 on issue 0"),
    "ceiling": (np.nan, "ceiling of voter 0 on issue 0"),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_what_is_no_number_makes_the_verdict_unknown_and_says_where(name: str) -> None:
    value, place = VERDICTS[name]
    one = deal([[0.2, 0.4], [0.6, 0.8]], [[0.5, 0.5]] * 2, [0.5, 0.5])
    getattr(one, name)[0, 0, 0] = value
    found = zone(one)
    assert found.status == "unknown"
    assert place in found.reason
    assert np.isnan(found.margin)
    assert found.package is None


def test_faults_of_radius_levels_and_draws_are_told() -> None:
    one = deal([[0.2], [0.6]], [[1], [1]], [0.5, np.nan])
    assert "radius of voter 1" in zone(one).reason
    assert "levels of issue 0" in zone(deal([[0.2]], [[1]], [0.5], levels=(np.array([2.0]),))).reason
    assert "levels of issue 0" in zone(deal([[0.2]], [[1]], [0.5], levels=(np.array([]),))).reason
    two = replace(one, ideal=np.repeat(one.ideal, 2, axis=0))
    assert "one draw at a time" in zone(two).reason


@pytest.mark.parametrize("issues", [1, 2])
def test_red_lines_that_contradict_each_other_leave_nothing(issues: int) -> None:
    shape = (2, issues)
    own = deal(
        np.full(shape, 0.5),
        np.full(shape, 1 / issues),
        [0.5, 0.5],
        floor=np.full(shape, 0.7),
        ceiling=np.full(shape, 0.4),
    )
    found = zone(own)
    assert (found.status, found.margin, found.bound) == ("none", -np.inf, -np.inf)
    assert "own red lines" in found.reason
    lines = np.zeros(shape), np.ones(shape)
    lines[0][0, 0], lines[1][1, 0] = 0.7, 0.4
    apart = deal(
        np.full(shape, 0.5), np.full(shape, 1 / issues), [0.5, 0.5], floor=lines[0], ceiling=lines[1]
    )
    found = zone(apart)
    assert (found.status, found.margin) == ("none", -np.inf)
    assert "conflict" in found.reason
    assert not found.agreed.any()


def test_a_rule_that_nobody_can_meet_is_told_and_one_always_met_needs_no_one() -> None:
    one = deal([[0.2, 0.4]], [[0.5, 0.5]], [0.1], Threshold(2, ((1, Voter(0)),)), no_deal=[0.3, np.nan])
    found = zone(one)
    assert (found.status, found.margin) == ("none", -np.inf)
    assert "no coalition wins" in found.reason
    free = zone(replace(one, rule=Threshold(0, ((1, Voter(0)),)), levels=(None, np.array([0.0, 0.4]))))
    assert (free.status, free.margin) == ("deal", np.inf)
    assert free.package is not None
    assert free.package.tolist() == [0.3, 0.4]
    assert free.weights is None


def test_only_voters_without_a_stance_agree_to_anything_within_their_red_lines() -> None:
    one = deal(
        [[0.5, 0.5]] * 2,
        np.zeros((2, 2)),
        [np.inf, np.inf],
        floor=[[0.4, 0], [0, 0]],
        ceiling=[[1, 1], [0.6, 1]],
    )
    found = zone(one)
    assert (found.status, found.margin) == ("deal", np.inf)
    assert found.package is not None
    assert 0.4 <= found.package[0] <= 0.6


def test_a_voter_that_refuses_everything_is_done_without_where_it_can_be() -> None:
    one = deal([[0.5, 0.5]] * 3, [[0.5, 0.5]] * 3, [0.1, 0.1, -np.inf], majority(2, 3))
    assert zone(one).margin == pytest.approx(0.1)
    needed = zone(replace(one, rule=unanimity(3)))
    assert (needed.status, needed.margin) == ("none", -np.inf)


def many(seed: int, quota: int, count: int, radius: float) -> Deal:
    """Return a deal whose minimal winning coalitions are too many to list."""
    random = np.random.default_rng(seed)
    return deal(
        random.random((count, 2)),
        random.dirichlet((1, 1), count),
        np.full(count, radius),
        majority(quota, count),
    )


def test_more_coalitions_than_can_be_listed_are_decided_by_one_program() -> None:
    one = many(1, 6, 11, 0.2)
    found = zone(one)
    assert found.status == "deal"
    assert max(literal_margin(one, x) for x in literal.grid(one, 6)) <= found.bound
    assert found.bound - found.margin < NEAR
    none = zone(replace(one, radius=one.radius - found.margin - 0.01))
    assert none.status == "none"
    assert none.margin == pytest.approx(-0.01, abs=NEAR)


def literal_margin(one: Deal, x: tuple[float, ...]) -> float:
    """Return the quota-th greatest margin: what a vote without weights comes to."""
    assert isinstance(one.rule, Threshold)
    return sorted((literal.margin_of(one, v, x) for v in range(one.voters)), reverse=True)[one.rule.quota - 1]


def test_out_of_time_a_deal_found_is_a_deal_and_the_rest_is_unknown() -> None:
    found: Verdict = zone(many(1, 6, 11, 0.3), seconds=0.0)
    assert found.status == "deal"
    assert found.bound > found.margin
    hard = zone(many(1, 6, 11, 0.02), seconds=0.0)
    assert hard.status == "unknown"
    assert hard.reason
    listed = zone(many(1, 3, 5, 0.02), seconds=0.0)
    assert listed.status in ("unknown", "none")


def test_vetoers_beside_a_large_vote_settle_what_they_can() -> None:
    one = many(2, 6, 11, 0.3)
    rule = all_of(one.rule, Voter(0), Voter(1))
    apart = replace(one, rule=rule, radius=np.where(np.arange(11) < 2, 0.0, one.radius))
    assert zone(apart).status == "none"
    floor, ceiling = one.floor.copy(), one.ceiling.copy()
    floor[0, 0], ceiling[0, 1] = 0.7, 0.4
    conflict = zone(replace(one, rule=rule, floor=floor, ceiling=ceiling))
    assert (conflict.status, conflict.margin) == ("none", -np.inf)


def test_red_lines_of_a_large_vote_can_conflict_in_every_coalition() -> None:
    one = many(3, 6, 10, 0.3)
    floor, ceiling = one.floor.copy(), one.ceiling.copy()
    floor[0, :5, 0], ceiling[0, 5:, 0] = 0.7, 0.3
    found = zone(replace(one, floor=floor, ceiling=ceiling))
    assert (found.status, found.margin) == ("none", -np.inf)
    assert "conflict" in found.reason
