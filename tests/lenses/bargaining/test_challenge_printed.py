"""The challenge model as printed: published and recomputed numbers, the literal model, and its invariances."""

from __future__ import annotations

from random import Random
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.case import Case
from detente.errors import CaseError, NoWeightError, OptionError
from detente.lenses.bargaining.challenge import ChallengeOutcome, Stop
from detente.lenses.bargaining.challenge_round import fill_chances
from detente.lenses.bargaining.mean import weighted_mean
from detente.lenses.bargaining.median import weighted_median
from tests.lenses.bargaining.actors import (
    EMISSION,
    HUNDRED,
    YEARS,
    Array,
    Stances,
    challenged,
    games,
    hundred,
    interpreted,
    stances,
)
from tests.lenses.bargaining.literal import LiteralChallenge, literal_chance

nan = float("nan")
SWITCHES = st.fixed_dictionaries(
    {
        "view": st.sampled_from(["own", "mover"]),
        "conflict": st.sampled_from(["none", "loser"]),
        "choice": st.sampled_from(["strongest", "least"]),
        "span": st.sampled_from(["dynamic", "fixed"]),
        "stay": st.sampled_from([1.0, 0.7, 0.0]),
        "risk": st.booleans(),
    }
)
ROUNDS = 3
CLEAR = 1e-7  # decisions nearer to their threshold than this are left out: rounding may decide them


def literal(case: Stances, switches: dict[str, Any], rounds: int = ROUNDS) -> tuple[Array, LiteralChallenge]:
    """Positions of all rounds by the literal model."""
    model = LiteralChallenge(case.salience[0, 0].tolist(), case.weight[0, 0].tolist(), **switches)
    return np.array(model.play(case.position[0, 0].tolist(), rounds)), model


def play(case: Stances, **switches: Any) -> ChallengeOutcome:
    """The fast model on 0..100, with the path."""
    return challenged(case, **{"rounds": ROUNDS, "keep_path": True, **HUNDRED, **switches})


# Recomputed by two independent programs (the first two rows) or one; none is Scholz's own table.
@pytest.mark.parametrize(
    ("view", "conflict", "choice", "median", "mean", "tolerance"),
    [
        (
            "own",
            "none",
            "strongest",
            [9.529952, 9.529952, 9.529952, 10],
            [7.606390, 7.716656, 8.304466, 9.635032],
            1e-6,
        ),
        ("own", "loser", "strongest", [10, 10, 10, 10], [8.723781, 7.420975, 10, 10], 1e-6),
        ("own", "loser", "least", [7, 7, 7, 7], [7.372, 7.425, 7.307, 7.359], 5e-4),
        ("mover", "loser", "strongest", [6.811, 7.581, 8.602, 8.602], [6.768, 7.982, 8.202, 8.358], 5e-4),
        ("mover", "loser", "least", [7, 7, 7, 7], [7.592, 7.584, 7.535, 7.469], 5e-4),
    ],
)
def test_the_emission_case_goes_as_recomputed_for_every_switch(
    view: Any, conflict: Any, choice: Any, median: list[float], mean: list[float], tolerance: float
) -> None:
    played = challenged(
        EMISSION, view=view, conflict=conflict, choice=choice, rounds=4, keep_path=True, **YEARS
    )
    assert played.median[0, 0, 0] == 7.0
    assert played.mean[0, 0, 0] == pytest.approx(7.389956, abs=1e-6)
    np.testing.assert_allclose(played.median[0, 0, 1:], median, rtol=0, atol=tolerance)
    np.testing.assert_allclose(played.mean[0, 0, 1:], mean, rtol=0, atol=tolerance)


def test_who_goes_all_the_way_stands_exactly_there() -> None:
    played = challenged(EMISSION, conflict="loser", rounds=4, **YEARS)
    assert set(played.final.ravel().tolist()) == {10.0}
    assert Stop(played.stopped[0, 0]) is Stop.CONVERGED
    assert played.rounds_used[0, 0] == 3


@given(games(most=6), SWITCHES)
def test_the_fast_model_is_the_literal_one(case: Stances, switches: dict[str, Any]) -> None:
    path, model = literal(case, switches)
    assume(model.margin > CLEAR)
    played = play(case, **switches)
    np.testing.assert_allclose(played.path[0, 0], path, rtol=0, atol=1e-7)
    np.testing.assert_allclose(played.final[0, 0], path[-1], rtol=0, atol=1e-7)
    if model.exponents:
        np.testing.assert_allclose(played.exponent[0, 0], model.exponents, rtol=1e-8)


def test_the_interpreted_loops_are_the_compiled_ones() -> None:
    rng = np.random.default_rng(5)
    case = Stances(*rng.uniform(0, 1, (3, 6, 1, 5)))
    case.position[:] = rng.choice([0.0, 0.25, 0.4, 0.8, 1.0], case.position.shape)
    bounds: dict[str, Any] = {"scale_low": np.zeros(1), "scale_high": np.ones(1), "rounds": 2}
    variants: list[dict[str, Any]] = [
        {},
        {"view": "mover", "conflict": "loser", "stay": 0.6, "choice": "least"},
        {"stay": 0.6, "span": "fixed"},
        {"risk": False},
        {"variant": "published_table"},
        {"variant": "published_table", "risk": False},
    ]
    compiled = [challenged(case, **bounds, **switches) for switches in variants]
    with interpreted():
        plain = [challenged(case, **bounds, **switches) for switches in variants]
    for fast, slow in zip(compiled, plain, strict=True):
        np.testing.assert_allclose(fast.final, slow.final, rtol=0, atol=1e-12)
        np.testing.assert_allclose(fast.exponent, slow.exponent, rtol=1e-12)


def chances(x: Array, w: Array) -> tuple[Array, Array]:
    """P of the fast sweep, and the positions in units of their range."""
    place = (x - x.min()) / np.ptp(x)
    lose = np.empty((place.size, place.size))
    cast(Any, fill_chances).py_func(place, np.argsort(place), w, lose)
    return 1 - lose, place


@given(games(least=2))
def test_the_sweep_gives_the_literal_chances_and_those_of_a_pair_add_up_to_one(case: Stances) -> None:
    x, w = case.position[0, 0], case.weight[0, 0]
    assume(np.ptp(x) > 0)
    p, _ = chances(x, w)
    n = range(x.size)
    expected = [[literal_chance(x.tolist(), w.tolist(), i, j) for j in n] for i in n]
    np.testing.assert_allclose(p, expected, rtol=0, atol=1e-10)
    np.testing.assert_allclose(p + p.T, 1.0, rtol=0, atol=1e-15)


def test_without_a_single_vote_the_chance_is_a_half() -> None:
    p, _ = chances(np.array([0.0, 50.0, 100.0]), np.array([0.0, 1.0, 0.0]))
    assert p[0, 2] == p[2, 0] == 0.5
    assert p[1, 0] == p[1, 2] == 1.0


@given(games(least=2, most=5), SWITCHES, st.integers(1, 9), st.integers(-50, 50))
def test_moves_keep_their_proportions_on_another_scale(
    case: Stances, switches: dict[str, Any], scale: int, shift: int
) -> None:
    assume(literal(case, switches)[1].margin > CLEAR)
    moved = play(case.changed(scale, shift), **switches, **hundred(scale, shift))
    expected = play(case, **switches)
    np.testing.assert_allclose(moved.median, expected.median * scale + shift, rtol=0, atol=1e-6 * scale)
    np.testing.assert_allclose(moved.final, expected.final * scale + shift, rtol=0, atol=1e-6 * scale)


@given(games(least=2, most=6), SWITCHES, st.randoms(use_true_random=False))
def test_the_order_of_actors_changes_nothing(case: Stances, switches: dict[str, Any], random: Random) -> None:
    assume(literal(case, switches)[1].margin > CLEAR)
    order = list(range(case.position.shape[-1]))
    random.shuffle(order)
    one, other = play(case, rounds=1, **switches), play(case.reordered(order), rounds=1, **switches)
    tied = _tied_offers(case)
    same = np.abs(one.final[..., order] - other.final) <= 1e-8
    assert (same | tied[order]).all()


def _tied_offers(case: Stances) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether equal actors stand mirrored around an actor: offers of equal strength, the first one counts."""
    x = case.position[0, 0]
    middle = (x[:, None] + x) / 2
    return np.array([bool((np.isclose(middle, here) & ~np.isclose(x[:, None], x)).any()) for here in x])


@given(games(least=2, most=6), SWITCHES)
def test_nobody_leaves_the_range_of_the_first_positions(case: Stances, switches: dict[str, Any]) -> None:
    played = play(case, **switches)
    assert (played.path >= case.position.min()).all()
    assert (played.path <= case.position.max()).all()
    assert ((played.exponent >= 0.5 - 1e-12) & (played.exponent <= 2 + 1e-12)).all()
    assert switches["risk"] or (played.exponent == 1).all()


@given(games(least=2, most=6), SWITCHES)
def test_median_and_mean_of_every_round_are_those_of_its_positions(
    case: Stances, switches: dict[str, Any]
) -> None:
    played = play(case, **switches)
    for r in range(ROUNDS + 1):
        then = played.path[:, :, r], case.salience, case.influence
        assert played.median[0, 0, r] == weighted_median(*then)[0, 0]
        assert played.mean[0, 0, r] == weighted_mean(*then)[0, 0]


def test_of_two_equal_offers_that_of_the_first_named_is_taken() -> None:
    case = stances([50, 100, 0], [1, 1, 1], [0.1, 0.5, 0.5])
    for choice in ("strongest", "least"):
        assert play(case, rounds=1, choice=choice).final[0, 0, 0] == 100.0
        assert play(case.reordered([0, 2, 1]), rounds=1, choice=choice).final[0, 0, 0] == 0.0


def test_equals_in_conflict_stay_where_they_are() -> None:
    twins = stances([0, 100], [1, 1], [1, 1])
    variants: list[dict[str, Any]] = [{}, {"conflict": "loser"}, {"conflict": "loser", "view": "mover"}]
    for switches in variants:
        played = play(twins, **switches)
        np.testing.assert_array_equal(played.final, twins.position)


@given(games(least=1, most=5), SWITCHES, st.integers(0, 5))
def test_an_actor_without_a_stance_takes_no_part(case: Stances, switches: dict[str, Any], place: int) -> None:
    at = min(place, case.position.shape[-1])
    gap = Stances(*(np.insert(array, at, nan, axis=-1) for array in case))
    full, played = play(case, **switches), play(gap, **switches)
    np.testing.assert_array_equal(played.final, np.insert(full.final, at, nan, axis=-1))
    np.testing.assert_array_equal(played.path, np.insert(full.path, at, nan, axis=-1))
    np.testing.assert_array_equal(played.exponent, np.insert(full.exponent, at, nan, axis=-1))
    np.testing.assert_allclose(played.mean, full.mean, rtol=1e-14)


def test_draws_and_issues_do_not_influence_each_other() -> None:
    rng = np.random.default_rng(2)
    many = Stances(*rng.uniform(0, 1, (3, 7, 3, 6)))
    low, high = np.zeros(3), np.array([1.0, 2.0, 1.0])
    for rounds in (None, 4):
        at_once = challenged(many, scale_low=low, scale_high=high, rounds=rounds, keep_path=True)
        for d, p in np.ndindex(7, 3):
            one = Stances(*(array[d : d + 1, p : p + 1] for array in many))
            bounds: dict[str, Any] = {"scale_low": low[p : p + 1], "scale_high": high[p : p + 1]}
            alone = challenged(one, **bounds, rounds=rounds, keep_path=True)
            for name in ("median", "mean", "final", "exponent", "rounds_used", "stopped", "path"):
                np.testing.assert_array_equal(getattr(at_once, name)[d, p], getattr(alone, name)[0, 0])


def test_one_actor_and_agreement_converge_before_the_first_round() -> None:
    for case in (stances([63.7], [1], [1]), stances([63.7, 63.7], [0.5, 1], [1, 1])):
        for rounds in (None, 5):
            played = challenged(case, **HUNDRED, rounds=rounds)
            assert Stop(played.stopped[0, 0]) is Stop.CONVERGED
            assert played.rounds_used[0, 0] == 0
            assert (played.median == 63.7).all()
            assert (played.exponent == 1.0).all()
            assert played.path.size == 0


@pytest.mark.parametrize(
    ("options", "reason", "rounds"),
    [
        ({"rounds": 4}, Stop.FIXED, 4),
        ({}, Stop.SETTLED, 3),
        ({"tolerance": 60}, Stop.SETTLED, 2),
        ({"max_rounds": 2}, Stop.CAP, 2),
        ({"conflict": "loser"}, Stop.CONVERGED, 3),
        ({"variant": "published_table"}, Stop.SETTLED, 5),
        # Rounding decides when this cycle of 70 rounds is entered: neighbouring games part after about 100 rounds.
        ({"variant": "published_table", "tolerance": 0, "max_rounds": 400}, Stop.CYCLE, 352),
        ({"variant": "published_table", "tolerance": 0, "max_rounds": 200}, Stop.CAP, 200),
    ],
)
def test_the_emission_case_stops_for_the_stated_reason(
    options: dict[str, Any], reason: Stop, rounds: int
) -> None:
    played = challenged(EMISSION, **YEARS, keep_path=True, **options)
    assert Stop(played.stopped[0, 0]) is reason
    assert played.rounds_used[0, 0] == rounds
    after = played.path[0, 0, rounds:]
    np.testing.assert_array_equal(after, np.broadcast_to(played.final[0, 0], after.shape))
    if reason is Stop.CYCLE:
        earlier = played.path[0, 0, : rounds - 1]
        assert (np.abs(earlier - played.final[0, 0]).max(axis=1) < 1e-9).any()


def test_a_game_in_which_nobody_moves_is_settled_at_once() -> None:
    played = challenged(stances([0, 100], [1, 1], [1, 1]), **HUNDRED, tolerance=0)
    assert Stop(played.stopped[0, 0]) is Stop.SETTLED
    assert played.rounds_used[0, 0] == 1


def test_an_issue_without_weight_is_named() -> None:
    with pytest.raises(NoWeightError, match="issue number 1"):
        challenged(EMISSION._replace(influence=0 * EMISSION.influence), **YEARS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"variant": "published_table", "view": "mover"}, "view 'mover' has no meaning in variant"),
        ({"variant": "published_table", "stay": 0.5}, "stay 0.5 has no meaning in variant"),
    ],
)
def test_a_value_for_which_the_published_table_has_no_use_is_refused(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        challenged(EMISSION, **YEARS, **options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("variant", "printd"),
            ("view", "mine"),
            ("conflict", "winner"),
            ("choice", "most"),
            ("span", "wide"),
        ),
        *(("stay", 1.5), ("stay", nan), ("tolerance", -1), ("rounds", 0), ("max_rounds", 0)),
    ],
)
def test_a_case_may_not_state_a_value_that_an_option_does_not_take(name: str, value: object) -> None:
    options = {"bargaining": {"challenge": {name: value}}}
    with pytest.raises(CaseError, match=f"options.bargaining.challenge.{name}"):
        Case.from_dict({"title": "T", "options": options})
