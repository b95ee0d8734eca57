"""Position exchange: what must not matter, and what is refused."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.errors import NoWeightError
from detente.lenses.bargaining.averages import weighted_mean
from detente.lenses.bargaining.exchange import ExchangeOutcome, Trades, exchange
from tests.lenses.bargaining.exchange_cases import (
    SMALL,
    TWO_ACTORS,
    Situation,
    arbitrary,
    by_hand,
    keys,
    situations,
    solve,
)

# --- what must not matter -------------------------------------------------------------------------


@SMALL
@given(st.integers(0, 2**32 - 1), st.randoms(use_true_random=False))
def test_order_of_actors_and_issues_does_not_matter(seed: int, random: Any) -> None:
    situation = arbitrary(seed)
    assume(by_hand(situation)[0].ties == 0)
    issues, actors = [random.sample(range(size), size) for size in situation.position.shape]
    shuffled = Situation(*(a[np.ix_(issues, actors)] for a in situation))
    result, again = solve(situation), solve(shuffled)
    np.testing.assert_allclose(again.voting[0], result.voting[0][np.ix_(issues, actors)], atol=1e-8)
    assert result.trades is not None
    assert again.trades is not None
    effects = again.trades.externality.sum(axis=0), result.trades.externality.sum(axis=0)[actors]
    np.testing.assert_allclose(*effects, atol=1e-8)


@SMALL
@given(situations(), st.floats(-1e3, 1e3), st.floats(1e-2, 1e3))
def test_scale_and_origin_of_an_issue_do_not_matter(situation: Situation, low: float, width: float) -> None:
    plain = solve(situation, rounds=2)
    issues = len(situation.position)
    lows, highs = np.full(issues, low), np.full(issues, low + width)
    position = low + (highs - lows)[:, None] * situation.position / 100
    stretched = exchange(
        position[None], situation.salience[None], situation.influence[None], lows, highs, rounds=2
    )
    assert plain.trades is not None
    assert stretched.trades is not None
    assert keys(stretched.trades) == keys(plain.trades)
    assert stretched.trades.gain == pytest.approx(plain.trades.gain, rel=1e-6, abs=1e-7)
    for name in "demanded_shift", "returned_shift":
        ours, theirs = getattr(stretched.trades, name), getattr(plain.trades, name)
        np.testing.assert_allclose(ours, theirs * (width / 100), atol=1e-8 * width)
    np.testing.assert_allclose(stretched.voting, low + width * plain.voting / 100, atol=1e-8 * width)
    np.testing.assert_allclose(stretched.outcome, low + width * plain.outcome / 100, atol=1e-8 * width)


def test_draws_do_not_touch_each_other_and_need_not_lie_in_a_row() -> None:
    several = [arbitrary(seed) for seed in range(4)]
    position, salience, influence = (np.asfortranarray(np.stack(part)) for part in zip(*several, strict=True))
    together = exchange(position, salience, influence, np.zeros(3), np.full(3, 100.0), rounds=2)
    assert together.trades is not None
    places = list(zip(together.trades.draw, together.trades.round, strict=True))
    assert all(one <= other for one, other in pairwise(places))
    for d, situation in enumerate(several):
        alone = solve(situation, rounds=2)
        assert alone.trades is not None
        for field in fields(Trades)[1:]:
            ours = getattr(together.trades, field.name)[together.trades.draw == d]
            np.testing.assert_array_equal(ours, getattr(alone.trades, field.name))
        np.testing.assert_array_equal(together.voting[d], alone.voting[0])


def test_not_keeping_trades_changes_nothing_else() -> None:
    situation = arbitrary(1)
    kept, unkept = solve(situation), solve(situation, keep_trades=False)
    assert unkept.trades is None
    assert kept.trades is not None
    assert len(kept.trades) == unkept.n_trades[0]
    for field in fields(ExchangeOutcome)[:-1]:
        np.testing.assert_array_equal(getattr(kept, field.name), getattr(unkept, field.name))


# --- edges ----------------------------------------------------------------------------------------


def test_one_issue_leaves_nothing_to_trade_and_settles_at_the_weighted_mean() -> None:
    situation = arbitrary(2, issues=1)
    result = solve(situation, rounds=3)
    assert result.n_trades.tolist() == [0]
    np.testing.assert_array_equal(result.voting[0], situation.position)
    np.testing.assert_array_equal(result.outcome, weighted_mean(*(a[None] for a in situation)))


def test_actors_who_care_alike_have_nothing_to_trade() -> None:
    situation = arbitrary(3)._replace(salience=np.full((3, 6), 0.5))
    assert solve(situation).n_candidates[0] > 0
    assert solve(situation).n_trades.tolist() == [0]


@pytest.mark.parametrize("part", ["salience", "influence"])
def test_an_actor_without_weight_on_an_issue_has_nothing_to_supply_there(part: str) -> None:
    rng = np.random.default_rng(4)
    for seed in range(20):
        situation = arbitrary(seed)
        getattr(situation, part)[rng.random((3, 6)) < 0.4] = 0
        if (situation.weight.sum(axis=1) > 0).all():
            voting = solve(situation).voting[0]
            idle = situation.weight == 0
            np.testing.assert_array_equal(voting[idle], situation.position[idle])


def test_who_pays_with_an_issue_that_is_worth_nothing_to_the_other_gets_nothing() -> None:
    situation = TWO_ACTORS._replace(salience=np.array([[0.5, 0.5], [0.0, 0.9]]))
    assert solve(situation).n_trades.tolist() == [0]


def test_a_round_can_be_broken_off() -> None:
    situation = arbitrary(5)
    full, cut = solve(situation), solve(situation, max_trades=2)
    assert full.trades is not None
    assert cut.trades is not None
    assert keys(cut.trades) == keys(full.trades)[:2]
    assert cut.broken_off.tolist() == [True]
    assert solve(situation, max_trades=int(full.n_trades[0])).broken_off.tolist() == [False]


def test_an_issue_without_weight_is_named() -> None:
    with pytest.raises(NoWeightError, match="issue number 1"):
        solve(arbitrary(1)._replace(influence=np.zeros((3, 6))))
