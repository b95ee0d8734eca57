"""Position exchange: published numbers, the longhand oracle, and what a trade must and must not do."""

from __future__ import annotations

import sys
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from detente.errors import NoWeightError, OptionError
from detente.lenses.bargaining import exchange_kernels
from detente.lenses.bargaining.exchange import ExchangeOutcome, Trades, exchange, maximum_gain, next_start
from detente.lenses.bargaining.mean import weighted_mean
from detente.lenses.bargaining.weights import Array

sys.path.insert(0, str(Path(__file__).parent))
import literal_exchange as literal

SMALL = settings(max_examples=80, deadline=None)


class Situation(NamedTuple):
    """One draw: position, salience, influence, each issues × actors; positions on 0..100."""

    position: Array
    salience: Array
    influence: Array

    @property
    def weight(self) -> Array:
        return np.nan_to_num(self.salience * self.influence)


def solve(situation: Situation, **options: Any) -> ExchangeOutcome:
    issues = len(situation.position)
    draws = (values[None] for values in situation)
    return exchange(*draws, np.zeros(issues), np.full(issues, 100.0), **options)


def by_hand(situation: Situation, rounds: int = 1) -> list[literal.LiteralRound]:
    return literal.literal_exchange(*(values.tolist() for values in situation), rounds)


def keys(trades: Trades) -> list[tuple[int, ...]]:
    columns = trades.demander, trades.supplier, trades.demanded, trades.returned
    return [tuple(row) for row in np.stack(columns, axis=1).tolist()]


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Few actors and issues; round numbers, hence ties and zeros, or arbitrary ones; stances missing."""
    issues, actors = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = issues, actors
    if draw(st.booleans()):
        position, salience = rng.choice([0.0, 25, 40, 75, 100], shape), rng.choice([0.0, 0.25, 0.5, 1], shape)
        influence = rng.choice([0.0, 1, 2], shape)
    else:
        position, salience, influence = rng.uniform(0, 100, shape), rng.random(shape), rng.pareto(1.5, shape)
    missing = rng.random(shape) < draw(st.sampled_from([0.0, 0.2]))
    salience[missing] = influence[missing] = position[missing] = np.nan
    situation = Situation(position, salience, influence)
    assume((situation.weight.sum(axis=1) > 0).all())
    return situation


def arbitrary(seed: int, issues: int = 3, actors: int = 6) -> Situation:
    rng = np.random.default_rng(seed)
    shape = issues, actors
    return Situation(rng.uniform(0, 100, shape), rng.uniform(0.1, 1, shape), rng.uniform(0.2, 1, shape))


def read_decide(path: Path) -> tuple[list[str], list[str], Situation]:
    """Read actors, issues and stances (rescaled to 0..100) from a tab-separated DECIDE file."""
    rows = [
        [cell.strip().strip("'") for cell in line.split("\t")]
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    actors = [row[1] for row in rows if row[0] == "#A"]
    issues = [row[1] for row in rows if row[0] == "#P"]
    values = np.full((3, len(issues), len(actors)), np.nan)
    for _, actor, issue, *numbers in (row for row in rows if row[0] == "#D"):
        points = [float(row[2]) for row in rows if row[:2] == ["#M", issue]] or [0.0, 100.0]
        x, s, c = map(float, numbers)
        x = (x - min(points)) / (max(points) - min(points)) * 100
        values[:, issues.index(issue), actors.index(actor)] = x, s, c
    return actors, issues, Situation(*values)


TWO_ACTORS = Situation(
    np.array([[0.0, 100.0], [0.0, 100.0]]), np.array([[10.0, 60.0], [90.0, 50.0]]), np.ones((2, 2))
)
"""The worked example of the reference implementation's tests: saliences 10, 90 and 60, 50."""


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
    assert (trades.demander_maximum[0], trades.supplier_maximum[0]) == pytest.approx((777.7777778, 1400))
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
    assert trades.order.tolist() == [k for played in expected for k in range(len(played.trades))]
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
    assert result.total_gain[0] == pytest.approx(sum(trade.gain for trade in made))
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
    situations = [*(arbitrary(seed, issues=5, actors=9) for seed in range(2)), tied, arbitrary(9, issues=1)]
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
        np.testing.assert_allclose(read.externality, expected.externality, atol=1e-9)
    assert compiled[0].n_trades[0] > 64  # the log of trades has had to grow


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
        assert trades.gain[k] <= min(trades.demander_maximum[k], trades.supplier_maximum[k]) * (1 + 1e-9)
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
    assert (result.own_gain + result.externality)[0] == pytest.approx(effect, abs=1e-8)
    assert result.externality[0] == pytest.approx(trades.externality.sum(axis=0), abs=1e-8)
    assert result.own_gain.sum() == pytest.approx(2 * trades.gain.sum())


@SMALL
@given(situations(), st.integers(1, 3))
def test_no_vote_leaves_the_hull_of_the_positions(situation: Situation, rounds: int) -> None:
    voting = solve(situation, rounds=rounds).voting[0]
    low, high = (f(situation.position, axis=1)[:, None] for f in (np.nanmin, np.nanmax))
    present = ~np.isnan(situation.position)
    assert (np.isnan(voting) == ~present).all()
    assert ((voting >= low - 1e-12) & (voting <= high + 1e-12))[present].all()


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
    np.testing.assert_allclose(again.externality[0], result.externality[0, actors], atol=1e-8)


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
    stacked = [np.asfortranarray(np.stack(parts)) for parts in zip(*several, strict=True)]
    together = exchange(*stacked, np.zeros(3), np.full(3, 100.0), rounds=2)
    assert together.trades is not None
    places = list(zip(together.trades.draw, together.trades.round, together.trades.order, strict=True))
    assert all(one < other for one, other in pairwise(places))
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


def call(**changes: Any) -> ExchangeOutcome:
    values: dict[str, Any] = {name: np.ones((1, 2, 3)) for name in ("position", "salience", "influence")}
    return exchange(**(values | {"scale_low": np.zeros(2), "scale_high": np.ones(2)} | changes))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"rounds": 0}, OptionError, r"exchange\.rounds: 0 is below 1"),
        ({"max_trades": -1}, OptionError, r"exchange\.max_trades: -1 is negative"),
        ({"salience": np.ones((1, 3, 2))}, ValueError, r"\(1, 3, 2\)"),
        ({"position": np.ones(3)}, ValueError, "draws × issues × actors"),
        ({"scale_low": np.zeros(3)}, ValueError, "each of 2 issues"),
        ({"scale_high": np.array([1.0, 0.0])}, ValueError, "issue number 2: the scale runs from 0 to 0"),
        ({"influence": np.zeros((1, 2, 3))}, NoWeightError, "issue number 1"),
    ],
)
def test_what_cannot_be_played_is_refused(changes: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(**changes)


# --- unequal gains --------------------------------------------------------------------------------


@SMALL
@given(
    st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), min_size=4, max_size=4), st.integers(0, 2**32 - 1)
)
def test_maximum_gains_are_the_optima_of_the_linear_programme(saliences: list[float], seed: int) -> None:
    i, j = np.array(saliences[:2]), np.array(saliences[2:])
    assume(i[0] * j[1] >= i[1] * j[0])
    reach = np.random.default_rng(seed).uniform(0, 50, 2)
    u_i, u_j = np.array([i[0], -i[1]]), np.array([-j[0], j[1]])
    bounds = [(0, limit) for limit in reach]
    result = maximum_gain(i, j, reach)
    alone = linprog(-u_i, A_ub=-u_j[None], b_ub=[0], bounds=bounds)
    if i[0] * j[1] > i[1] * j[0]:
        assert result.demander == pytest.approx(-alone.fun)
        other = linprog(-u_j, A_ub=-u_i[None], b_ub=[0], bounds=bounds)
        assert result.supplier == pytest.approx(-other.fun)
        both = linprog(-u_i, A_eq=(u_i - u_j)[None], b_eq=[0], bounds=bounds)
        assert result.equal == pytest.approx(-both.fun)
    else:
        assert (result.demander, result.supplier, result.equal) == (0, 0, 0)


def test_maximum_gains_of_the_worked_example() -> None:
    reach = np.array([100 * 10 / 70, 100 * 50 / 140])
    result = maximum_gain(np.array([60.0, 50.0]), np.array([10.0, 90.0]), reach)
    assert (result.demander, result.supplier, result.equal) == pytest.approx((777.7777778, 1400, 500))
