"""Position exchange: published numbers, the longhand oracle, and what a trade must do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.lenses.bargaining import exchange_kernels
from detente.lenses.bargaining.averages import weighted_mean
from detente.lenses.bargaining.exchange import ExchangeOutcome, next_start
from tests.lenses.bargaining import literal_exchange as literal
from tests.lenses.bargaining.exchange_cases import (
    SMALL,
    TWO_ACTORS,
    Situation,
    arbitrary,
    by_hand,
    keys,
    read_decide,
    situations,
    solve,
)

# --- published numbers ----------------------------------------------------------------------------


def test_two_actors_trade_as_in_the_worked_example() -> None:
    result = solve(TWO_ACTORS)
    trades = result.trades
    assert trades is not None
    assert keys(trades) == [(1, 0, 0, 1)]
    assert trades.gain[0] == pytest.approx(500)
    assert trades.demanded_shift[0] == pytest.approx(14.2857143)
    assert trades.returned_shift[0] == pytest.approx(-7.1428571)
    assert (trades.supplier_from[0], trades.supplier_to[0]) == (0, 100)
    assert (trades.demander_from[0], trades.demander_to[0]) == (100, pytest.approx(80))
    assert result.outcome[0] == pytest.approx([85.7142857 + 14.2857143, 35.7142857 - 7.1428571])


def test_the_dutch_toll_case_gives_the_published_trades(shared_data: Path) -> None:
    actors, issues, situation = read_decide(shared_data / "bargaining" / "decide" / "sample_data.txt")
    result = solve(situation)
    trades = result.trades
    assert trades is not None
    assert result.n_candidates.tolist() == [240]
    assert trades.gain[:3] == pytest.approx([1.973684210526, 1.792636308765, 1.534365325077], abs=5e-13)
    first = actors.index("Willems"), actors.index("Wcentr")
    assert keys(trades)[0] == (
        *first,
        issues.index("tolheffing-binnenstad"),
        issues.index("extra-investering"),
    )
    assert trades.demander_to[0] - trades.demander_from[0] == 75
    assert trades.supplier_to[0] - trades.supplier_from[0] == pytest.approx(61.051173640, abs=1e-9)
    assert trades.returned_shift[0] == pytest.approx(13.157894737, abs=1e-9)
    assert trades.demanded_shift[0] == pytest.approx(10.387811634, abs=1e-9)
    start = next_start(situation.position, result.voting[0], situation.salience)
    assert start[issues.index("extra-investering"), first[0]] == pytest.approx(44.5)


@pytest.mark.parametrize("name", ["sample_data.txt", "copenhagen.csv"])
def test_real_cases_go_as_the_longhand_model_says(shared_data: Path, name: str) -> None:
    _, _, situation = read_decide(shared_data / "bargaining" / "decide" / name)
    assert_as_by_hand(situation)


def test_in_the_paris_case_nobody_is_left_who_could_trade(shared_data: Path) -> None:
    _, _, situation = read_decide(shared_data / "bargaining" / "decide" / "cop21.csv")
    result = solve(situation)
    assert result.n_trades[0] > 100
    assert_no_trade_is_left(situation, result)


# --- against the longhand model -------------------------------------------------------------------


def assert_as_by_hand(situation: Situation, rounds: int = 1) -> None:
    result, expected = solve(situation, rounds=rounds), by_hand(situation, rounds)
    trades = result.trades
    assert trades is not None
    made = [trade for played in expected for trade in played.trades]
    assert keys(trades) == [trade.key for trade in made]
    assert trades.round.tolist() == [k for k, played in enumerate(expected) for _ in played.trades]
    columns = {
        "gain": "gain",
        "demanded_shift": "shift_p",
        "returned_shift": "shift_q",
        "supplier_from": "j_from",
        "supplier_to": "j_to",
        "demander_from": "i_from",
        "demander_to": "i_to",
    }
    for ours, theirs in columns.items():
        assert getattr(trades, ours) == pytest.approx([getattr(t, theirs) for t in made], abs=1e-8)
    np.testing.assert_allclose(result.voting[0], expected[-1].voting, atol=1e-8)
    assert result.n_trades.tolist() == [len(made)]
    assert result.n_candidates.tolist() == [sum(len(played.candidates) for played in expected)]
    assert not result.broken_off.any()


@SMALL
@given(situations(), st.integers(1, 3))
def test_every_trade_is_the_one_that_the_longhand_model_makes(situation: Situation, rounds: int) -> None:
    assert_as_by_hand(situation, rounds)


def test_the_source_of_the_kernels_means_what_its_compiled_form_does(monkeypatch: pytest.MonkeyPatch) -> None:
    tied = Situation(
        np.tile([0.0, 100.0, 0.0, 100.0], (4, 1)), np.tile([[0.2, 0.9, 0.2, 0.9], [0.8, 0.3, 0.8, 0.3]], (2, 1)),
        np.ones((4, 4)),
    )  # fmt: skip
    situations = [*(arbitrary(seed, issues=6, actors=15) for seed in range(2)), tied, arbitrary(9, issues=1)]
    compiled = [solve(situation, rounds=2) for situation in situations]
    for name, member in vars(exchange_kernels).items():
        if hasattr(member, "py_func"):
            monkeypatch.setattr(exchange_kernels, name, member.py_func)
    for situation, expected in zip(situations, compiled, strict=True):
        read = solve(situation, rounds=2)
        assert read.trades is not None
        assert expected.trades is not None
        assert keys(read.trades) == keys(expected.trades)
        np.testing.assert_allclose(read.voting, expected.voting, atol=1e-9)
        np.testing.assert_allclose(read.trades.externality, expected.trades.externality, atol=1e-9)
    assert compiled[0].trades is not None
    assert (compiled[0].trades.round == 0).sum() > 64  # the log of trades has had to grow


# --- what a trade must do -------------------------------------------------------------------------


@SMALL
@given(situations())
def test_both_traders_win_the_same_and_no_mean_passes_the_one_who_demands_it(situation: Situation) -> None:
    result = solve(situation)
    trades = result.trades
    assert trades is not None
    votes = situation.position.copy()
    means = weighted_mean(*(a[None] for a in situation))[0]
    for k, (i, j, p, q) in enumerate(keys(trades)):
        assert votes[p, j] == pytest.approx(trades.supplier_from[k], abs=1e-9)
        assert votes[q, i] == pytest.approx(trades.demander_from[k], abs=1e-9)
        for issue, supplier, vote in (p, j, trades.supplier_to[k]), (q, i, trades.demander_to[k]):
            direction = np.sign(vote - votes[issue, supplier])
            assert direction * (votes[issue, supplier] - situation.position[issue, supplier]) >= -1e-9
            votes[issue, supplier] = vote
        after = weighted_mean(votes[None], situation.salience[None], situation.influence[None])[0]
        won = situation.salience * (
            np.abs(means[:, None] - situation.position) - np.abs(after[:, None] - situation.position)
        )
        assert [np.nansum(won[:, i]), np.nansum(won[:, j])] == pytest.approx([trades.gain[k]] * 2, abs=1e-8)
        assert trades.gain[k] >= 1e-10
        others = np.delete(np.arange(votes.shape[1]), [i, j])
        assert trades.externality[k, others] == pytest.approx(np.nansum(won, axis=0)[others], abs=1e-8)
        assert not trades.externality[k, [i, j]].any()
        means = after
    np.testing.assert_allclose(votes, result.voting[0], atol=1e-9)
    np.testing.assert_allclose(means, result.outcome[0], atol=1e-9)


@SMALL
@given(situations())
def test_a_round_ends_when_no_valid_trade_is_left(situation: Situation) -> None:
    assert_no_trade_is_left(situation, solve(situation))


def assert_no_trade_is_left(situation: Situation, result: ExchangeOutcome) -> None:
    start, votes = situation.position.tolist(), result.voting[0].tolist()
    weight = situation.weight.tolist()
    offers = (
        literal.evaluate(candidate, start, votes, situation.salience.tolist(), weight)
        for candidate in literal.candidates_of(start, weight)
    )
    # Means summed in another order may differ in the last digits.
    assert all(offer is None or offer.gain < 1e-9 for offer in offers)


@SMALL
@given(situations())
def test_own_gains_and_externalities_add_up_to_what_the_shift_of_the_outcomes_brings(
    situation: Situation,
) -> None:
    result = solve(situation)
    trades = result.trades
    assert trades is not None
    before = weighted_mean(*(a[None] for a in situation))[0]
    effect = [
        literal.externality(x, before.tolist(), result.outcome[0].tolist(), s)
        for x, s in zip(situation.position.T.tolist(), situation.salience.T.tolist(), strict=True)
    ]
    actors = situation.position.shape[1]
    own = sum(np.bincount(who, trades.gain, actors) for who in (trades.demander, trades.supplier))
    assert own + trades.externality.sum(axis=0) == pytest.approx(effect, abs=1e-8)


@SMALL
@given(situations(), st.integers(1, 3))
def test_no_vote_leaves_the_hull_of_the_positions(situation: Situation, rounds: int) -> None:
    voting = solve(situation, rounds=rounds).voting[0]
    low, high = (f(situation.position, axis=1)[:, None] for f in (np.nanmin, np.nanmax))
    present = ~np.isnan(situation.position)
    assert (np.isnan(voting) == ~present).all()
    assert ((voting >= low - 1e-12) & (voting <= high + 1e-12))[present].all()


def test_a_vote_that_goes_all_the_way_takes_over_the_very_number() -> None:
    situation = arbitrary(6, issues=6, actors=15)
    trades = solve(situation).trades
    assert trades is not None
    for mover, target, issue, votes in (
        (trades.supplier, trades.demander, trades.demanded, trades.supplier_to),
        (trades.demander, trades.supplier, trades.returned, trades.demander_to),
    ):
        goal = situation.position[issue, target]
        there = np.abs(votes - goal) < 1e-9
        assert 0 < there.sum() < len(mover)
        np.testing.assert_array_equal(votes[there], goal[there])


def test_a_mean_that_would_pass_the_demander_stops_there() -> None:
    # On the first issue actor 1, at 40, demands; actor 2 going all the way from 100 would take the mean to 20.
    situation = Situation(
        np.array([[0.0, 40.0, 100.0], [50.0, 0.0, 100.0]]),
        np.array([[1.0, 0.5, 1.0], [0.0, 0.001, 1.0]]),
        np.array([[1.0, 1.0, 1.0], [1.0, 1000.0, 1.0]]),
    )
    trades = solve(situation).trades
    assert trades is not None
    assert keys(trades)[0] == (1, 2, 0, 1)
    assert trades.supplier_to[0] == pytest.approx(80)  # (0 + 0.5·40 + 80)/2.5 = 40
    assert trades.demanded_shift[0] == pytest.approx(-8)
    assert trades.returned_shift[0] == pytest.approx(8 * (0.5 + 1) / (0.001 + 1))


def test_a_trade_closes_candidates_of_others_when_it_carries_a_mean_past_them() -> None:
    situation = Situation(
        np.array([[100.0, 40.0, 20.0, 100.0], [80.0, 40.0, 100.0, 0.0]]),
        np.array([[0.5, 0.5, 0.5, 0.5], [0.2, 0.8, 0.8, 1.0]]),
        np.array([[1.0, 1.0, 1.0, 4.0], [2.0, 1.0, 4.0, 1.0]]),
    )
    start, weight = situation.position.tolist(), situation.weight.tolist()
    others = 0, 1, 0, 1
    assert others in literal.candidates_of(start, weight)
    assert literal.evaluate(others, start, start, situation.salience.tolist(), weight) is not None
    result = solve(situation)
    assert result.trades is not None
    assert keys(result.trades) == [(2, 3, 0, 1)]
    assert not 40 <= result.outcome[0, 0] <= 100 or not 40 <= result.outcome[0, 1] <= 80


def test_actors_who_come_to_oppose_each_other_in_a_round_wait_for_the_next() -> None:
    situation = Situation(
        np.array([[80.0, 0.0, 20.0, 100.0], [40.0, 60.0, 100.0, 100.0]]),
        np.array([[1.0, 0.2, 0.2, 0.8], [0.8, 1.0, 0.8, 1.0]]),
        np.array([[1.0, 2.0, 1.0, 2.0], [2.0, 1.0, 4.0, 1.0]]),
    )
    result = solve(situation)
    assert 80 < result.outcome[0, 0] < 100  # actors 0 and 3 now stand on opposite sides here
    assert 40 < result.outcome[0, 1] < 100  # and here
    again = solve(situation, rounds=2).trades
    assert again is not None
    assert [(key, int(number)) for key, number in zip(keys(again), again.round, strict=True)] == [
        ((3, 1, 0, 1), 0), ((3, 1, 0, 1), 1), ((0, 3, 0, 1), 1)
    ]  # fmt: skip


def test_room_is_made_for_those_who_can_trade_and_not_for_all_actors_on_all_issues() -> None:
    present = np.zeros((200, 500), np.int64)
    present[0, :10] = present[1, 5:15] = 1  # five are on both
    candidates, *_ = exchange_kernels.room(present)
    assert len(candidates.forth) == 2 * 3
