"""What a package does that its issues one by one do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from detente.lenses.winset.agreements import Linking
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.engine import NAMES
from detente.lenses.winset.linking import Parts, linking, parts, split
from tests.lenses.winset.one_draw import zone
from tests.lenses.winset.sample_deals import deal, deals, logrolling


def gains(found: Parts) -> Array:
    """Return what each party gains from the package, (K,)."""
    return np.asarray((found.apart + found.changes).sum(axis=1))


def test_two_issues_that_fail_alone_succeed_together() -> None:
    found, told = (ask(logrolling(2.5, 2.5), None, (0, 1)) for ask in (parts, linking))
    assert isinstance(found, Parts)
    assert isinstance(told, Linking)
    assert told.opens
    assert [(swap.actor, *swap.gives, *swap.gets) for swap in told.swaps] == [
        ("0", "1", "0"),
        ("1", "0", "1"),
    ]
    assert found.alone.tolist() == [False, False]
    assert found.package is not None
    assert found.package == pytest.approx([1, 0], abs=1e-6)
    assert gains(found) == pytest.approx([0.5, 0.5], abs=1e-6)
    assert (found.apart == 0).all()
    assert found.changes.sum(axis=1) == pytest.approx([0.5, 0.5], abs=1e-6)
    assert found.least_gain == pytest.approx(0.5)
    assert found.total_gain == pytest.approx(1.0)
    # Reservation 2.5 leaves a radius of 1.5, of which an issue has its share of salience: 9/8 and 3/8.
    assert found.changes == pytest.approx(np.array([[1.125, -0.625], [-0.625, 1.125]]), abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_log_rolling_gains_what_the_middle_of_every_issue_leaves_on_the_table(name: str) -> None:
    """Each issue alone settles in the middle for (2, 2); together (3, 3)."""
    one = logrolling(0, 0)
    found = parts(one, None, (0, 1), name)
    assert found.alone.all()
    if name == "nash":
        assert found.apart.sum(axis=1) == pytest.approx([2, 2], abs=1e-2)
        assert found.least_gain == pytest.approx(1, abs=1e-2)
        assert found.total_gain == pytest.approx(2, abs=1e-2)
    assert gains(found) == pytest.approx([3, 3], abs=1e-6)


def test_deals_in_units_of_their_own_count_as_the_issue_does_in_the_whole() -> None:
    one = logrolling(0, 0)
    own = [
        replace(part, salience=part.salience / part.salience, radius=part.radius / part.salience[:, :, 0])
        for part in split(one)
    ]
    first, second = parts(one, None, (0, 1)), parts(one, own, (0, 1))
    assert second.apart == pytest.approx(first.apart, abs=1e-6)
    assert second.changes == pytest.approx(first.changes, abs=1e-6)


def test_an_issue_without_a_deal_stays_where_it_is() -> None:
    one = deal(
        [[0.2, 0.0], [0.4, 1.0]],
        [[0.5, 0.5]] * 2,
        [0.4, 0.4],
        no_deal=[0.8, 0.5],
        floor=[[0, 0], [0, 0.7]],
        ceiling=[[1, 0.4], [1, 1]],
    )
    found = parts(one, None, (0, 1))
    assert found.alone.tolist() == [True, False]
    assert (found.apart[:, 1] == 0).all()
    assert found.package is None
    assert (found.least_gain, found.total_gain) == (None, None)
    assert (found.changes == 0).all()


@settings(max_examples=30)
@given(deals(voters=3, issues=3))
def test_the_parts_of_a_split_add_up_to_the_whole(one: Deal) -> None:
    each = split(one)
    caring = np.isfinite(one.radius[0])
    total = sum(np.where(np.isfinite(part.radius[0]), part.radius[0], 0.0) for part in each)
    assert np.asarray(total)[caring] == pytest.approx(one.radius[0, caring])
    x = np.array([[[0.3] * one.issues]])
    losses = sum(part.losses(x[..., i : i + 1]) for i, part in enumerate(each))
    assert np.asarray(losses) == pytest.approx(one.losses(x))


@settings(max_examples=15)
@given(deals(voters=3, issues=2))
def test_what_is_settled_one_by_one_under_unanimity_can_be_had_as_a_package(one: Deal) -> None:
    parties = tuple(range(one.voters))
    found = parts(one, None, parties, "egalitarian")
    if found.package is not None:
        assert gains(found).sum() >= -1e-6
        if found.alone.all() and zone(one).status == "deal":
            assert found.least_gain is not None
            assert found.least_gain >= -1e-5


def test_parties_without_a_stance_gain_nothing_either_way() -> None:
    one = deal([[0.2, 0.4], [0.6, 0.5], [0.5, 0.5]], [[0.5, 0.5]] * 2 + [[0, 0]], [0.4, 0.4, np.inf])
    found = parts(one, None, (0, 1, 2))
    assert found.package is not None
    assert gains(found)[2] == 0
    assert (found.changes[2] == 0).all()
    idle = parts(one, None, (2,))
    assert (idle.least_gain, idle.total_gain) == (0, 0)


def test_what_cannot_be_computed_links_nothing() -> None:
    found = parts(deal([[0.2, 0.4], [0.6, 0.5]], [[0.5, 0.5]] * 2, [0.4, np.nan]), None, (0, 1))
    assert found.package is None
