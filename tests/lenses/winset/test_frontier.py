"""Named solutions, the frontier and the extent of the zone: nothing on a grid does better by their own measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Voter, all_of, any_of
from detente.lenses.winset import frontier as module
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.engine import NAMES, undecided
from detente.lenses.winset.frontier import undominated
from detente.lenses.winset.unblock.two_level import size
from tests.lenses.winset import literal_zone as literal
from tests.lenses.winset.one_draw import Package, extent, frontier, gains, solution
from tests.lenses.winset.sample_deals import deal, deals, from_no_deal, logrolling, majority
from tests.oracles import zone as oracle

FEW = settings(max_examples=20)
NEAR = 2e-6


def shared(one: Deal, parties: tuple[int, ...], steps: int = 5) -> list[Array]:
    """Return the gains of the parties in every package of a grid that wins consent and loses no party."""
    found = []
    for x in literal.grid(one, steps):
        own = np.array([literal.margin_of(one, v, x) for v in parties])
        if literal.margin(one, x) >= 0 and (own >= 0).all():
            found.append(own)
    return found


@FEW
@given(deals(voters=4, issues=2))
def test_no_package_of_a_grid_is_better_by_the_measure_of_a_solution(one: Deal) -> None:
    parties = tuple(v for v in range(min(one.voters, 3)) if np.isfinite(one.radius[0, v]))
    on_grid = shared(one, parties)
    together = oracle.with_parties(one, parties)
    ideal = np.maximum([oracle.greatest_sum(together, [party]) for party in parties], 1e-7)
    measures: dict[str, Callable[[Array], float]] = {
        "nash": lambda own: float(np.prod(own)),
        "utilitarian": lambda own: float(own.sum()),
        "egalitarian": lambda own: float(own.min(initial=np.inf)),
        "kalai_smorodinsky": lambda own: float((own / ideal).min(initial=np.inf)),
    }
    for name, measure in measures.items():
        found = solution(one, name, parties)
        if found is None:
            assert not on_grid or name == "nash"
            assert all(min(own, default=1.0) <= 1e-6 for own in on_grid)
            continue
        assert literal.margin(one, tuple(found.package)) >= -NEAR
        assert found.gains == pytest.approx(gains(one, found.package, parties))
        assert (found.gains >= -NEAR).all()
        slack = NEAR if name != "kalai_smorodinsky" else NEAR / min(ideal, default=1.0)
        assert max(map(measure, on_grid), default=-np.inf) <= measure(found.gains) + slack


@FEW
@given(deals(voters=4, issues=2))
def test_a_program_with_binaries_has_the_same_solutions(one: Deal) -> None:
    """What is asked where the search leaves a draw open."""
    parties = tuple(v for v in range(min(one.voters, 2)) if np.isfinite(one.radius[0, v]))
    for measure, name in ((np.sum, "utilitarian"), (np.prod, "nash"), (np.min, "egalitarian")):
        first, package = solution(one, name, parties), undecided.solution(one, name, parties, 60.0)
        second = None if package is None else Package(package, gains(one, package, parties))
        if first is not None and second is not None and parties:
            assert measure(first.gains) == pytest.approx(measure(second.gains), abs=1e-5)
        elif first is not None and parties:
            assert first.gains.min() < 1e-5
    ends, by_program = extent(one), undecided.extent(one, 60.0)
    if ends is not None and by_program is not None:
        assert by_program == pytest.approx(ends, abs=0.02)


def test_the_egalitarian_solution_raises_those_that_others_do_not_hold_back() -> None:
    """The first two divide an issue; the third cares for another and need not stay at their level."""
    one = deal([[0, 0.5], [1, 0.5], [0.5, 1]], [[1, 0], [1, 0], [0, 1]], [0.6, 0.6, 0.9])
    found = solution(one, "egalitarian", (0, 1, 2))
    assert found is not None
    assert found.gains == pytest.approx([0.1, 0.1, 0.9], abs=1e-7)
    fair = solution(one, "kalai_smorodinsky", (0, 1, 2))
    assert fair is not None
    assert fair.gains == pytest.approx([0.1, 0.1, 0.9], abs=1e-7)


def test_an_asymmetric_division_by_hand() -> None:
    """A wants 0 with radius .8, B wants 1 with radius .7: the zone is [.3, .8]; gains .8 - x and x - .3."""
    one = deal([[0], [1]], [[1], [1]], [0.8, 0.7])
    assert extent(one) == pytest.approx(np.array([[0.3, 0.8]]))
    for name in ("nash", "egalitarian", "kalai_smorodinsky"):
        found = solution(one, name, (0, 1))
        assert found is not None
        assert found.package == pytest.approx([0.55], abs=1e-4)
    tied = replace(one, radius=np.array([[0.5, 0.7]]))
    assert solution(tied, "nash", (0, 1)).package == pytest.approx([0.4], abs=1e-4)  # type: ignore[union-attr]


def test_tying_the_hands_of_a_third_voter_moves_the_outcome() -> None:
    """Schelling's conjecture: A's home body at A's ideal with radius .5 cuts the Nash point .55 down to .5."""
    one = deal([[0], [1], [0]], [[1], [1], [1]], [0.8, 0.7, 0.5])
    found = solution(one, "nash", (0, 1))
    assert found is not None
    assert found.package == pytest.approx([0.5], abs=1e-6)
    assert solution(replace(one, radius=np.array([[0.8, 0.7, 0.29]])), "nash", (0, 1)) is None


def test_no_nash_point_where_somebody_cannot_gain() -> None:
    one = from_no_deal([[0.1], [0.9]], [0.5], loss="city_block")
    assert solution(one, "nash", (0, 1)) is None
    even = solution(one, "utilitarian", (0, 1))
    assert even is not None
    assert even.package == pytest.approx([0.5])


def test_parties_without_a_stance_gain_no_end_and_do_not_count() -> None:
    one = deal([[0.2], [0.5], [0.9]], [[1], [0], [1]], [0.6, np.inf, 0.6])
    found = solution(one, "egalitarian", (0, 1, 2))
    assert found is not None
    assert found.gains == pytest.approx([0.25, np.inf, 0.25])
    idle = solution(one, "nash", (1,))
    assert idle is not None
    assert idle.gains.tolist() == [np.inf]
    assert frontier(one, (1,)) is None


def test_what_cannot_be_computed_has_no_solution_frontier_or_extent() -> None:
    one = deal([[0.2, np.nan], [0.6, 0.8]], [[0.5, 0.5]] * 2, [0.5, 0.5])
    assert solution(one, "nash", (0, 1)) is None
    assert frontier(one, (0, 1)) is None
    assert extent(one) is None


def test_an_empty_zone_has_none_either() -> None:
    one = logrolling(3.5, 3.5)
    for name in NAMES:
        assert solution(one, name, (0, 1)) is None
    assert frontier(one, (0, 1)) is None
    assert frontier(replace(one, levels=(np.array([0.0, 1.0]),) * 2), (0, 1)) is None
    assert extent(one) is None
    assert extent(deal([[0], [1]], [[1], [1]], [0.1, 0.1])) is None
    three = replace(one, rule=all_of(Voter(0), Voter(1), Voter(1)))
    assert frontier(three, (0, 1, 1)) is None


@FEW
@given(deals(voters=4, issues=2, loss="city_block"))
def test_no_package_of_a_grid_lies_beyond_the_frontier(one: Deal) -> None:
    parties = tuple(v for v in range(one.voters) if np.isfinite(one.radius[0, v]))[:2]
    found = frontier(one, parties)
    on_grid = shared(one, parties, 8)
    if found is None:
        assert not on_grid or not parties
        return
    packages, own_gains = found
    assert all(literal.margin(one, tuple(x)) >= -NEAR for x in packages)
    assert (own_gains >= -NEAR).all()
    for own in on_grid:
        assert reaches(one, parties, own_gains, own), f"{own} is beyond {own_gains}"
    for own, other in pairwise(own_gains):
        assert own[0] <= other[0] + 1e-7
    for x in packages:
        assert oracle.efficiency(one, x, parties) == pytest.approx(0, abs=1e-6)


def reaches(one: Deal, parties: tuple[int, ...], found: Array, own: Array) -> bool:
    """Say whether a frontier offers all at least so much: at a point, or between two that a line joins."""
    if (found >= own - NEAR).all(axis=1).any():
        return True
    for a, b in pairwise(found):
        middle = (a + b) / 2
        kept = replace(one, radius=one.radius.copy())
        kept.radius[0, list(parties)] -= middle
        joined = oracle.greatest_margin(oracle.with_parties(kept, parties)) >= -NEAR
        line = a + np.linspace(0, 1, 2001)[:, None] * (b - a)
        if joined and (line >= own - 1e-3).all(axis=1).any():
            return True
    # Where the frontier bends inwards it is followed in steps.
    return bool((found >= own - np.abs(np.diff(found, axis=0)).max(initial=0.0) - NEAR).all(axis=1).any())


def test_opposed_linear_issues_give_the_corners_of_the_knapsack() -> None:
    """Issues go to the first party in descending order of how much more it cares: d + 1 corners."""
    a, b = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
    one = deal(np.array([np.ones(3), np.zeros(3)]), np.array([a, b]), [1.0, 1.0])
    found = frontier(one, (0, 1))
    assert found is not None
    corners = [[0, 1], [0.5, 0.8], [0.8, 0.5], [1, 0]]
    assert found[1] == pytest.approx(np.array(corners), abs=1e-7)
    coarse = frontier(replace(one, levels=(np.array([0.0, 1.0]),) * 3), (0, 1))
    assert coarse is not None
    assert coarse[1] == pytest.approx(np.array(corners), abs=1e-9)


def test_a_frontier_of_two_coalitions_is_the_upper_of_both_and_jumps() -> None:
    """Either of two gatekeepers lets a half of the scale pass; the parties sit at its ends."""
    one = deal(
        [[0, 0], [1, 1], [0, 0], [0, 0]],
        [[1.0, 0.0], [0.8, 0.2], [0.0, 0.0], [0.0, 0.0]],
        [1, 1, np.inf, np.inf],
        all_of(Voter(0), Voter(1), any_of(Voter(2), Voter(3))),
        ceiling=[[1, 1], [1, 1], [0.3, 1], [1, 0.5]],
        floor=[[0, 0], [0, 0], [0, 0], [0.6, 0]],
    )
    found = frontier(one, (0, 1))
    assert found is not None
    # By the first gatekeeper x1 is at most .3 and x2 = 1, by the second x1 at least .6 and x2 at most .5.
    own = found[1]
    assert own[0] == pytest.approx([0, 0.9], abs=1e-7)
    assert own[-1] == pytest.approx([1, 0.2], abs=1e-7)
    for x in found[0]:
        assert oracle.efficiency(one, x, (0, 1)) == pytest.approx(0, abs=1e-6)
    # The frontier of the first ends at (.4, .58); what the second offers to its right is less for the other.
    steps = own[(own[:, 0] > 0.4 + 1e-6) & (own[:, 0] < 1)]
    assert (steps[:, 1] < 0.58).all()
    assert np.abs(own[:, 0] - 0.4).min() < 0.05


def test_more_parties_get_a_part_of_their_frontier_and_all_of_it_is_efficient() -> None:
    one = deal(np.eye(3), np.full((3, 3), 1 / 3), [0.9, 0.9, 0.9])
    found = frontier(one, (0, 1, 2))
    assert found is not None
    assert len(found[0]) >= 3
    for x in found[0]:
        assert oracle.efficiency(one, x, (0, 1, 2)) == pytest.approx(0, abs=1e-7)


def test_a_curved_frontier_runs_between_its_ends() -> None:
    one = deal([[0, 0], [1, 1]], [[0.5, 0.5]] * 2, [1, 1], loss="quadratic")
    found = frontier(one, (0, 1))
    assert found is not None
    ends = found[1][[0, -1]]
    assert ends == pytest.approx(np.array([[0, 1], [1, 0]]), abs=2e-4)
    for x, own in zip(*found, strict=True):
        assert x[0] == pytest.approx(x[1], abs=1e-3)
        assert np.sqrt(1 - own[0]) + np.sqrt(1 - own[1]) == pytest.approx(1, abs=1e-3)


def test_undominated_points_are_kept_once() -> None:
    values = np.array([[1.0, 1], [0, 2], [1, 1], [0.5, 0.5], [2, 0], [0, 1]])
    assert values[undominated(values)].tolist() == [[0, 2], [1, 1], [2, 0]]


@FEW
@given(deals(voters=4, issues=2))
def test_no_agreed_package_of_a_grid_lies_outside_the_extent(one: Deal) -> None:
    found = extent(one)
    agreed = np.array([x for x in literal.grid(one, 6) if literal.margin(one, x) >= 0])
    if found is None:
        assert not len(agreed)
        return
    if len(agreed):
        assert (agreed.min(axis=0) >= found[:, 0] - 1e-5).all()
        assert (agreed.max(axis=0) <= found[:, 1] + 1e-5).all()
    for i in range(one.issues):
        levels = one.levels[i]
        for end in found[i]:
            assert levels is None or np.abs(levels - end).min() < 1e-9


@FEW
@given(deals(voters=4, issues=1))
def test_the_share_of_one_issue_is_that_of_a_fine_grid(one: Deal) -> None:
    levels = one.levels[0]
    values = (np.arange(4000) + 0.5) / 4000 if levels is None else levels
    own = np.mean(
        [literal.margin(one, (float(x),)) >= -1e-9 for x in values[:: 1 if len(values) < 9 else 10]]
    )
    assert size(one)[0] == pytest.approx(own, abs=1e-12 if levels is not None else 0.02)


@FEW
@given(st.integers(0, 10**6))
def test_the_size_of_a_box_of_red_lines_is_its_volume(seed: int) -> None:
    random = np.random.default_rng(seed)
    floor, ceiling = random.uniform(0, 0.5, (2, 2)), random.uniform(0.5, 1, (2, 2))
    one = deal(np.full((2, 2), 0.5), np.zeros((2, 2)), [np.inf, np.inf], floor=floor, ceiling=ceiling)
    share, error = size(one, seed=seed)
    volume = float(np.prod(ceiling.min(axis=0) - floor.max(axis=0)))
    assert share == pytest.approx(volume, abs=max(6 * error, 1e-4))


def test_size_counts_levels_alike() -> None:
    one = deal(
        [[0.5, 0.5]], [[0.0, 0.0]], [np.inf], ceiling=[[0.5, 0.5]], levels=(np.array([0.0, 0.2, 1.0]), None)
    )
    assert size(one)[0] == pytest.approx(2 / 3 / 2, abs=1e-3)
    line = deal([[0.5]], [[1.0]], [0.1])
    assert size(line)[0] == pytest.approx(0.2)
    coarse = deal([[0.5, 0.5]], [[0.5, 0.5]], [0.25], levels=(np.array([0.0, 0.5, 1.0]),) * 2)
    assert size(coarse)[0] == pytest.approx(5 / 9)
    assert size(coarse)[1] == 0


def test_the_frontier_of_a_vote_of_eleven_is_efficient_and_reaches_both_ends() -> None:
    random = np.random.default_rng(5)
    one = deal(random.random((11, 2)), np.full((11, 2), 0.5), np.full(11, 0.3), majority(6, 11))
    found = frontier(one, (0, 1))
    assert found is not None
    packages, own = found
    assert own[-1, 0] == pytest.approx(oracle.greatest_sum(oracle.with_parties(one, (0, 1)), [0]), abs=1e-6)
    assert own[0, 1] == pytest.approx(oracle.greatest_sum(oracle.with_parties(one, (0, 1)), [1]), abs=1e-6)
    for x in packages[:: max(len(packages) // 3, 1)]:
        assert oracle.efficiency(one, x, (0, 1)) == pytest.approx(0, abs=1e-6)
    fair, nash = solution(one, "egalitarian", (0, 1)), solution(one, "nash", (0, 1))
    assert fair is not None
    assert nash is not None
    assert fair.gains.min() >= nash.gains.min() - 1e-6
    assert np.prod(nash.gains) >= np.prod(fair.gains) - 1e-6
    assert module.frontier(replace(one, radius=one.radius / 100), (0, 1)) is None
