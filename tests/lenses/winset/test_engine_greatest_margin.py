"""The best package of one draw: against grids and literal definitions, and as the theory says it must move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Threshold, Voter, all_of, any_of, margin, wins
from detente.lenses.winset.deal import Deal, Loss
from detente.lenses.winset.engine import WAYS, undecided, verdicts
from tests.lenses.winset import literal_zone as literal
from tests.lenses.winset.one_draw import zone
from tests.lenses.winset.sample_deals import deal, deals, from_no_deal, majority, permuted, rules, unanimity

NEAR = 5e-6
MODERATE = settings(max_examples=40)
FEW = settings(max_examples=20)


def best(one: Deal) -> float:
    """Return the greatest margin, after seeing that it is proven."""
    found = zone(one)
    assert found.status != "unknown"
    assert found.bound >= found.margin
    assert found.bound == found.margin or found.bound <= found.margin + NEAR
    return found.margin


@MODERATE
@given(deals())
def test_no_package_of_a_grid_beats_the_best_and_the_best_is_attained(one: Deal) -> None:
    found = zone(one)
    if found.package is None:
        assert found.status == "none"
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
def test_a_program_with_binaries_finds_what_the_search_finds(one: Deal) -> None:
    """What is asked where the search leaves a draw open."""
    value, bound, package = undecided.greatest_margin(one, 60.0)
    expected = best(one)
    if expected in (-np.inf, np.inf):
        assert value == expected
        return
    assert value == pytest.approx(expected, abs=NEAR)
    assert bound >= expected - 1e-9
    assert package is not None


@pytest.mark.parametrize("loss", ["city_block", "quadratic"])
def test_a_search_cut_short_is_made_good_by_the_program(loss: Loss) -> None:
    random = np.random.default_rng(11)
    one = from_no_deal(random.random((7, 3)).tolist(), random.random(3).tolist(), majority(4, 7), loss)
    one.radius[:] -= 0.02
    whole = verdicts(one, greatest=True)
    short = verdicts(one, greatest=True, nodes=1)
    assert WAYS[short.decided[0]] == "program"
    assert short.status[0] == whole.status[0]
    assert short.margin[0] == pytest.approx(whole.margin[0], abs=NEAR)
    assert short.bound[0] >= whole.margin[0] - 1e-9


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


@pytest.mark.parametrize("name", ["salience", "ideal", "floor", "ceiling", "radius"])
@pytest.mark.parametrize("issues", [1, 2])
def test_what_is_no_number_makes_the_verdict_unknown(name: str, issues: int) -> None:
    one = deal([[0.2, 0.4][:issues], [0.6, 0.8][:issues]], [[0.5, 0.5][:issues]] * 2, [0.5, 0.5])
    getattr(one, name)[0, 0, ...] = np.nan
    found = zone(one)
    assert (found.status, found.package) == ("unknown", None)
    assert not found.agreed.any()


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
    lines = np.zeros(shape), np.ones(shape)
    lines[0][0, 0], lines[1][1, 0] = 0.7, 0.4
    apart = deal(
        np.full(shape, 0.5), np.full(shape, 1 / issues), [0.5, 0.5], floor=lines[0], ceiling=lines[1]
    )
    found = zone(apart)
    assert (found.status, found.margin) == ("none", -np.inf)
    assert not found.agreed.any()


def test_a_rule_that_nobody_can_meet_is_told_and_one_always_met_needs_no_one() -> None:
    one = deal([[0.2, 0.4]], [[0.5, 0.5]], [0.1], Threshold(2, ((1, Voter(0)),)), no_deal=[0.3, np.nan])
    found = zone(one)
    assert (found.status, found.margin) == ("none", -np.inf)
    free = zone(replace(one, rule=Threshold(0, ((1, Voter(0)),)), levels=(None, np.array([0.0, 0.4]))))
    assert (free.status, free.margin) == ("deal", np.inf)
    assert free.package is not None
    assert 0 <= free.package[0] <= 1
    assert free.package[1] in (0.0, 0.4)


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


def test_a_vote_of_eleven_is_decided() -> None:
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
