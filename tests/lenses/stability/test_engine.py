"""The fast algebra gives the answers of the definitions, on every kind of game."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import OptionError
from detente.lenses.stability import algebra
from detente.lenses.stability import stable as general
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.horizon import at_horizons, non_myopic
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.simultaneous import simultaneous
from detente.lenses.stability.space import Space
from tests.lenses.stability import literal_definitions as literal
from tests.lenses.stability.literal_foresight import conservative
from tests.lenses.stability.models import Game, games, graphs

MANY = settings(max_examples=60)


def answers(game: Game) -> dict[str, list[list[bool]]]:
    found = algebra.stable(game.space, game.ranks)
    return {concept: mask[:, game.space.codes].tolist() for concept, mask in found.items()}


def defined(model: literal.Model) -> dict[str, list[list[bool]]]:
    return {
        concept: [[judge(model, i, s) for s in range(model.states)] for i in model.actors]
        for concept, judge in literal.CONCEPTS.items()
    }


@given(games())
@MANY
def test_the_algebra_agrees_with_the_definitions(game: Game) -> None:
    assert answers(game) == defined(game.model)


@given(games(actors=st.integers(2, 3), most=8))
@settings(max_examples=15)
def test_the_algebra_agrees_with_the_definitions_on_larger_games(game: Game) -> None:
    assert answers(game) == defined(game.model)


@given(games())
@MANY
def test_a_list_of_moves_holds_exactly_the_moves_of_the_option_form(game: Game) -> None:
    moves = Graph.from_space(game.space)
    for i in game.model.actors:
        for s in range(game.model.states):
            assert moves.moves(i, s).tolist() == sorted(game.model.moves(i, s))


@given(graphs())
@MANY
def test_a_graph_without_transitivity_agrees_with_the_definitions(
    case: tuple[Graph, np.ndarray, literal.Model],
) -> None:
    moves, ranks, model = case
    found = general.stable(moves, Ordered.of(ranks))
    assert {c: held.tolist() for c, held in found.items()} == defined(model)


@given(games())
@MANY
def test_all_engines_agree_draw_by_draw(game: Game) -> None:
    """Of an order and of the order turned round, which are judged together."""
    moves, expected = Graph.from_space(game.space), answers(game)
    ranks = np.array([game.by_state, game.by_state.max() - game.by_state])
    order = Ordered.of(ranks)
    spread = np.full((2, *game.ranks.shape), -1, dtype=np.int32)
    spread[..., game.space.codes] = ranks
    found = algebra.stable(game.space, spread)
    by_arcs = general.stable(moves, order)
    for concept, mask in found.items():
        assert mask[0][:, game.space.codes].tolist() == expected[concept]
        np.testing.assert_array_equal(by_arcs[concept], mask[..., game.space.codes])
    both, ahead = simultaneous(game.space, moves, order), next(at_horizons(moves, order, 3))
    for draw, one in enumerate(map(Ordered.of, ranks)):
        np.testing.assert_array_equal(both[draw], simultaneous(game.space, moves, one))
        np.testing.assert_array_equal(ahead[draw], next(at_horizons(moves, one, 3)))


@given(games(actors=st.integers(2, 4)))
@MANY
def test_simultaneous_sanctions_agree_with_the_definition(game: Game) -> None:
    found = simultaneous(game.space, Graph.from_space(game.space), Ordered.of(game.by_state))
    literally = [
        [literal.sim(game.options, game.model, i, s) for s in range(game.model.states)]
        for i in game.model.actors
    ]
    assert found.tolist() == literally


@given(graphs(actors=st.just(2)), st.integers(1, 6))
@MANY
def test_limited_moves_agree_with_the_definition(
    case: tuple[Graph, np.ndarray, literal.Model], h: int
) -> None:
    moves, ranks, model = case
    assert next(at_horizons(moves, Ordered.of(ranks), h)).tolist() == literal.limited(model, h)


@given(graphs(actors=st.just(2)))
@MANY
def test_looking_one_move_ahead_is_nash(case: tuple[Graph, np.ndarray, literal.Model]) -> None:
    moves, ranks, model = case
    assert next(at_horizons(moves, Ordered.of(ranks), 1)).tolist() == defined(model)["nash"]


@given(graphs(actors=st.just(2)))
@MANY
def test_the_limit_repeats_from_its_horizon_on(case: tuple[Graph, np.ndarray, literal.Model]) -> None:
    moves, ranks, _ = case
    limit = non_myopic(moves, ranks)
    at = limit.horizon + 1
    np.testing.assert_array_equal(
        next(at_horizons(moves, Ordered.of(ranks), at)),
        next(at_horizons(moves, Ordered.of(ranks), at + limit.period)),
    )
    if limit.stable is not None:
        np.testing.assert_array_equal(next(at_horizons(moves, Ordered.of(ranks), at)), limit.stable)


@given(games())
@MANY
def test_the_concepts_imply_each_other_as_they_should(game: Game) -> None:
    found = {c: np.array(mask) for c, mask in answers(game).items()}
    met = simultaneous(game.space, Graph.from_space(game.space), Ordered.of(game.by_state))
    for stronger, weaker in [("nash", "seq"), ("nash", "smr"), ("seq", "gmr"), ("smr", "gmr")]:
        assert (found[stronger] <= found[weaker]).all()
    assert (found["nash"] <= met).all()


@given(games(most=5), st.data())
@MANY
def test_a_threshold_is_the_least_rank_that_makes_a_state_stable(game: Game, data: st.DataObject) -> None:
    """Raised to T the state is stable, raised to just below T it is not, everything else kept."""
    found = algebra.thresholds(game.space, 2 * game.ranks)
    s = data.draw(st.integers(0, game.model.states - 1))
    code = int(game.space.codes[s])
    for concept, judge in literal.CONCEPTS.items():
        for i in game.model.actors:
            least = int(found[concept][i, code])
            if least > 2 * int(game.ranks[i, code]):
                assert judge(raised(game.model, i, s, least), i, s)
                assert not judge(raised(game.model, i, s, least - 1), i, s)


def raised(model: literal.Model, i: int, s: int, to: int) -> literal.Model:
    rows = [[2 * rank for rank in row] for row in model.ranks]
    rows[i][s] = to
    return replace(model, ranks=tuple(tuple(row) for row in rows))


@given(games(), st.randoms(use_true_random=False))
@MANY
def test_naming_actors_in_another_order_changes_nothing(game: Game, random: object) -> None:
    k = game.options.actors
    turn = list(range(k))
    random.shuffle(turn)  # type: ignore[attr-defined]
    owners = [turn[o] if o >= 0 else o for o in game.options.owners]
    space = Space.build(owners, k, game.options.directions)
    ranks = np.full_like(game.ranks, -1)
    texts = [game.space.text(s) for s in range(game.model.states)]
    codes = [space.code_of(text) for text in texts]
    feasible = np.isin(np.arange(space.feasible.size), codes)
    space = space.without([~feasible])
    for i in range(k):
        ranks[turn[i], codes] = game.by_state[i]
    found = algebra.stable(space, ranks)
    for concept, mask in answers(game).items():
        assert [found[concept][turn[i], codes].tolist() for i in range(k)] == mask


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_many_states_are_judged_alike_by_any_number_of_threads(workers: int) -> None:
    random = np.random.default_rng(5)
    space = Space.build(sorted(random.integers(0, 3, 13).tolist()), 3)
    space = space.without([random.random(space.feasible.size) < 0.1])
    ranks = random.integers(0, 40, (3, space.feasible.size)).astype(np.int32)
    ranks[:, ~space.feasible] = -1
    order = Ordered.of(np.ascontiguousarray(ranks[:, space.codes]))
    alone = general.stable(Graph.from_space(space), order)
    for concept, mask in algebra.stable(space, ranks, workers=workers).items():
        np.testing.assert_array_equal(mask[:, space.codes], alone[concept])


def test_an_actor_may_own_very_many_options() -> None:
    """Above 14 options the order of a coset is kept in wider numbers."""
    random = np.random.default_rng(6)
    space = Space.build([0] * 15 + [1], 2, [0] * 14 + [1, 0])
    ranks = random.integers(0, 200, (2, space.feasible.size)).astype(np.int32)
    found = algebra.stable(space, ranks, ["nash", "seq"])
    best = ranks.reshape(2, 2, 1 << 15)  # actor 0 moves within a row; option 14 cannot be dropped again
    for u in (0, 1):
        upper = best[0, u].reshape(2, 1 << 14)
        top = np.maximum.accumulate(upper.max(1)[::-1])[::-1]
        nash = (upper >= top[:, None]).ravel()
        np.testing.assert_array_equal(found["nash"][0].reshape(2, -1)[u], nash)
    assert (found["nash"] <= found["seq"]).all()


def test_a_legal_sequence_may_return_to_the_same_actor() -> None:
    """Two deterrents that only A-B-A can reach: the first actor moves, the second, and the first again."""
    chain = Graph.from_arcs(5, [[(0, 1)], [(1, 2), (3, 4)], [(2, 3)]])
    ranks = np.array([[1, 2, 2, 2, 0], [0, 0, 1, 1, 2], [0, 0, 0, 1, 1]], dtype=np.int32)
    found = general.stable(chain, Ordered.of(ranks))
    assert found["gmr"][0, 0]
    assert found["seq"][0, 0]


def test_too_many_options_are_refused_with_a_way_out() -> None:
    with pytest.raises(OptionError, match=r"30 options .* 282 GB.* cap is 24 .* Merge"):
        Space.build([n % 8 for n in range(30)], 8)


def test_too_many_moves_to_list_are_refused() -> None:
    with pytest.raises(OptionError, match="cap"):
        Graph.from_space(Space.build([0] * 14, 1))


@pytest.mark.parametrize("horizon", [0, 1_001])
def test_an_impossible_horizon_is_refused(horizon: int) -> None:
    two = Graph.from_arcs(1, [[], []])
    with pytest.raises(OptionError, match="horizon"):
        next(at_horizons(two, Ordered.of(np.zeros((2, 1), np.int32)), horizon))


@given(graphs(), st.integers(1, 4))
@MANY
def test_looking_ahead_among_several_agrees_with_its_definition(
    case: tuple[Graph, np.ndarray, literal.Model], h: int
) -> None:
    moves, ranks, model = case
    assert next(at_horizons(moves, Ordered.of(ranks), h)).tolist() == conservative(model, h)
    assert next(at_horizons(moves, Ordered.of(ranks), 1)).tolist() == defined(model)["nash"]


@given(graphs(actors=st.just(2)), st.integers(1, 4))
@MANY
def test_the_definition_for_several_is_the_published_one_for_two(
    case: tuple[Graph, np.ndarray, literal.Model], h: int
) -> None:
    assert conservative(case[2], h) == literal.limited(case[2], h)


@given(games(most=5), st.data())
@MANY
def test_a_state_raised_to_its_thresholds_for_everybody_holds(game: Game, data: st.DataObject) -> None:
    """Each actor's answer to what makes the state hold stays right when all of them are followed at once."""
    found = algebra.thresholds(game.space, 2 * game.ranks)
    s = data.draw(st.integers(0, game.model.states - 1))
    code = int(game.space.codes[s])
    for concept, judge in literal.CONCEPTS.items():
        rows = [[2 * rank for rank in row] for row in game.model.ranks]
        for i, row in enumerate(rows):
            row[s] = max(row[s], int(found[concept][i, code]))
        model = game.options.model(rows)
        assert all(judge(model, i, s) for i in model.actors)
