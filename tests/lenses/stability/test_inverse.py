"""The least changes are the least: held against trying every change, and against the definitions of stability."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import OptionError
from detente.lenses.programs import Program
from detente.lenses.stability.algebra import thresholds
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.inverse import moves, rankings
from detente.lenses.stability.inverse.best_first import Combination, cheapest
from detente.lenses.stability.inverse.moves import Cut, move_cuts, option_cuts, state_cuts
from detente.lenses.stability.inverse.priorities import in_order, reorderings, tops, turned
from detente.lenses.stability.inverse.question import Question
from detente.lenses.stability.inverse.rankings import Demotion, Reordering, distance, rise
from detente.lenses.stability.inverse.search import (
    Effort,
    OrderTheory,
    Remedy,
    cheapest_change,
    cutting_planes,
)
from detente.lenses.stability.inverse.weights import Reweighting, Scale
from detente.lenses.stability.orders import score_ranks
from detente.lenses.stability.space import Ranks
from tests.lenses.stability import literal_inverse as literal
from tests.lenses.stability.literal_definitions import Model
from tests.lenses.stability.models import Game, games, graphs

CONCEPTS = st.sampled_from(["nash", "gmr", "smr", "seq"])
FEW = st.integers(2, 3)


def chosen(data: st.DataObject, model: Model) -> int:
    return data.draw(st.integers(0, model.states - 1))


def question_of(game: Game, e: int, concept: str) -> Question:
    return Question(Graph.from_space(game.space), e, concept)


T = TypeVar("T", bound=OrderTheory)


def least_of(
    question: Question, theory_of: Callable[[Question], T], effort: Effort | None = None
) -> tuple[Remedy, Ranks, T]:
    """Return the cheapest change of a kind, the orders after it, and the kind."""
    remedy, theory = cheapest_change(question, theory_of, effort or Effort())
    return remedy, theory.before if remedy.values is None else theory.ranks(remedy.values), theory


def promote(
    question: Question, ranks: Ranks, prices: Sequence[float] = (), effort: Effort | None = None
) -> Combination:
    return rankings.promote(question, ranks, prices or [1.0] * len(ranks), effort or Effort())


def demote(
    question: Question,
    ranks: Ranks,
    price: Callable[[int, int], float] = lambda _i, _s: 1.0,
    effort: Effort | None = None,
) -> tuple[Remedy, Ranks, list[tuple[int, int]]]:
    remedy, after, theory = least_of(question, lambda one: Demotion(one, ranks, price), effort)
    return remedy, after, [] if remedy.values is None else theory.chosen(remedy.values)


def nearest_orders(question: Question, ranks: Ranks) -> tuple[Remedy, Ranks]:
    theory = Reordering(question, ranks, [1.0] * len(ranks))
    remedy = cutting_planes(theory, Effort())
    assert remedy.values is not None
    return remedy, theory.ranks(remedy.values)


def reweigh(
    question: Question, ranks: Ranks, scales: dict[int, Scale]
) -> tuple[Remedy, Ranks, dict[int, np.ndarray[tuple[int], np.dtype[np.float64]]]]:
    remedy, after, theory = least_of(question, lambda one: Reweighting(one, ranks, scales))
    return remedy, after, {} if remedy.values is None else theory.weights(remedy.values)


def cheapest_cuts(
    question: Question, ranks: Ranks, cuts: Sequence[Cut], effort: Effort | None = None
) -> tuple[Remedy, tuple[Cut, ...]]:
    return moves.cheapest_cuts(question, ranks, cuts, effort or Effort())


def holds_after(model: Model, ranks: Ranks, concept: str, e: int) -> bool:
    after = Model(model.states, model.arcs, tuple(tuple(int(r) for r in rank) for rank in ranks))
    return literal.holds(after, concept, e)


# --- one question ---------------------------------------------------------------------------------


@settings(max_examples=60)
@given(graphs(), CONCEPTS, st.data())
def test_a_state_fails_exactly_when_something_is_undeterred(
    found: tuple[Graph, Ranks, Model], concept: str, data: st.DataObject
) -> None:
    graph, ranks, model = found
    e = chosen(data, model)
    question = Question(graph, e, concept)
    assert bool(question.failures(ranks)) != literal.holds(model, concept, e)
    assert question.holds(ranks) == literal.holds(model, concept, e)
    if concept != "seq":
        alone = [question.own(i).stable(ranks[i] <= ranks[i, e]) for i in model.actors]
        assert all(alone) == literal.holds(model, concept, e)


def test_concepts_without_an_inverse_are_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'seq'"):
        Question(Graph.from_arcs(1, [[]]), 0, "sek")


# --- the state raised -----------------------------------------------------------------------------


@settings(max_examples=50)
@given(graphs(FEW), CONCEPTS, st.data())
def test_no_smaller_rise_makes_a_state_hold_on_any_graph(
    found: tuple[Graph, Ranks, Model], concept: str, data: st.DataObject
) -> None:
    graph, ranks, model = found
    e = chosen(data, model)
    least = promote(Question(graph, e, concept), ranks)
    offers = [literal.rises(rank, e) for rank in model.ranks]
    assert least.cost == least.bound == literal.least(model, concept, e, offers)
    assert holds_after(model, least.ranks, concept, e)


@settings(max_examples=50)
@given(games(FEW, most=4), CONCEPTS, st.data())
def test_in_option_form_the_thresholds_are_the_least_rises(
    game: Game, concept: str, data: st.DataObject
) -> None:
    e = chosen(data, game.model)
    level = thresholds(game.space, game.ranks, [concept])[concept]
    rises = zip(game.by_state, level[:, game.space.codes[e]].tolist(), strict=True)
    offers = [literal.rises(rank, e) for rank in game.model.ranks]
    cost = sum(rise(rank, e, 2 * to)[-1] for rank, to in rises if to > rank[e])
    assert cost == literal.least(game.model, concept, e, offers)
    assert promote(question_of(game, e, concept), game.by_state).cost == cost


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.data())
def test_the_cost_of_a_rise_is_the_distance_between_the_orders(rank: list[int], data: st.DataObject) -> None:
    e = data.draw(st.integers(0, len(rank) - 1))
    level, above = data.draw(st.sampled_from(sorted(rank))), data.draw(st.booleans())
    if level <= rank[e]:
        return
    after = [2 * r for r in rank]
    after[e] = 2 * level + above
    crossed, tied, far = rise(np.array(rank, dtype=np.int32), e, after[e])
    assert far == literal.kendall(rank, after) == distance(np.array(rank), np.array(after))
    assert crossed == sum(r > rank[e] and after[s] < after[e] for s, r in enumerate(rank))
    assert tied == sum(r > rank[e] and after[s] == after[e] for s, r in enumerate(rank))


def test_an_actor_that_must_not_change_is_left_alone() -> None:
    graph, ranks = prisoners()
    question = Question(graph, 0, "nash")
    found = promote(question, ranks, [math.inf, 1.0])
    assert math.isinf(found.cost)
    assert math.isinf(found.bound)


# --- others put down ------------------------------------------------------------------------------


@settings(max_examples=60)
@given(graphs(FEW), CONCEPTS, st.data())
def test_no_cheaper_set_of_states_put_down_suffices_on_any_graph(
    found: tuple[Graph, Ranks, Model], concept: str, data: st.DataObject
) -> None:
    graph, ranks, model = found
    _least_demotion(Question(graph, chosen(data, model), concept), ranks, model, data)


@settings(max_examples=40)
@given(games(st.just(2), most=3), CONCEPTS, st.data())
def test_no_cheaper_set_of_states_put_down_suffices_in_option_form(
    game: Game, concept: str, data: st.DataObject
) -> None:
    question = question_of(game, chosen(data, game.model), concept)
    _least_demotion(question, game.by_state, game.model, data)


def _least_demotion(question: Question, ranks: Ranks, model: Model, data: st.DataObject) -> None:
    e, concept = question.state, question.concept
    size = (len(ranks), model.states)
    weights = np.array(
        data.draw(st.lists(st.integers(1, 5), min_size=size[0] * size[1], max_size=size[0] * size[1]))
    ).reshape(size)
    offers = [
        literal.demotions(rank, e, lambda s, i=i: float(weights[i, s]))  # type: ignore[misc]
        for i, rank in enumerate(model.ranks)
    ]
    if math.prod(map(len, offers)) > 1 << 10:
        return
    remedy, after, pairs = demote(question, ranks, lambda i, s: float(weights[i, s]))
    assert remedy.cost == pytest.approx(literal.least(model, concept, e, offers))
    assert remedy.bound == pytest.approx(remedy.cost)
    assert remedy.cost == pytest.approx(sum(weights[pair] for pair in pairs))
    assert remedy.values is not None
    assert holds_after(model, after, concept, e)


@settings(max_examples=40)
@given(games(FEW, most=4), st.data())
def test_by_gmr_in_option_form_each_improvement_is_met_by_itself(game: Game, data: st.DataObject) -> None:
    """No two improvements share an answer, so the cost is a sum of cheapest answers."""
    e = chosen(data, game.model)
    weights = np.array(data.draw(st.lists(st.integers(1, 9), min_size=96, max_size=96))).reshape(3, 32)
    remedy, *_ = demote(question_of(game, e, "gmr"), game.by_state, lambda i, s: float(weights[i, s]))
    cost = 0
    for i in game.model.actors:
        for q in game.model.improvements(i, e):
            answers = {q} | game.model.reach(game.model.others([i]), q)
            if all(game.model.better(i, c, e) for c in answers):
                cost += min(weights[i, c] for c in answers)
    assert remedy.cost == pytest.approx(cost)


def test_by_seq_a_state_is_put_down_so_that_leaving_it_pays() -> None:
    """B would answer A's gain if it liked less to stay there; A's own view of it is dearer to change."""
    graph = Graph.from_arcs(3, [[(0, 1)], [(1, 2)]])
    ranks = np.array([[0, 1, 0], [0, 2, 1]], dtype=np.int32)
    remedy, _, pairs = demote(Question(graph, 0, "seq"), ranks, lambda i, _: 5.0 - 4 * i)
    assert pairs == [(1, 1)]
    assert (remedy.cost, remedy.bound) == (1.0, 1.0)


def test_a_state_that_must_not_be_put_down_is_not() -> None:
    graph, ranks = prisoners()
    remedy, _, pairs = demote(Question(graph, 0, "nash"), ranks, lambda i, _: math.inf if i == 0 else 1.0)
    assert math.isinf(remedy.bound)
    assert pairs == []


# --- any change of orders -------------------------------------------------------------------------


@settings(max_examples=25)
@given(graphs(st.just(2)), CONCEPTS, st.data())
def test_no_nearer_orders_make_a_state_hold(
    found: tuple[Graph, Ranks, Model], concept: str, data: st.DataObject
) -> None:
    graph, ranks, model = found
    if model.states > 4:
        return
    e = chosen(data, model)
    remedy, after = nearest_orders(Question(graph, e, concept), ranks)
    assert remedy.cost == pytest.approx(_nearest(model, concept, e))
    assert remedy.bound == pytest.approx(remedy.cost)
    assert holds_after(model, after, concept, e)
    assert sum(map(distance, ranks, after)) == pytest.approx(remedy.cost)


def _nearest(model: Model, concept: str, e: int) -> float:
    """Try pairs of orders, nearest first."""
    first, second = (sorted(literal.all_orders(rank)) for rank in model.ranks)
    pairs = sorted(
        product(range(len(first)), range(len(second))), key=lambda p: first[p[0]][0] + second[p[1]][0]
    )
    for a, b in pairs:
        after = Model(model.states, model.arcs, (first[a][1], second[b][1]))
        if literal.holds(after, concept, e):
            return first[a][0] + second[b][0]
    raise AssertionError("equal ranks always hold")


@settings(max_examples=20)
@given(games(FEW, most=3), CONCEPTS, st.data())
def test_any_change_of_orders_is_at_most_as_far_as_a_rise(
    game: Game, concept: str, data: st.DataObject
) -> None:
    question = question_of(game, chosen(data, game.model), concept)
    nearest, after = nearest_orders(question, game.by_state)
    assert nearest.cost <= promote(question, game.by_state).cost + 1e-6
    assert holds_after(game.model, after, concept, question.state)


# --- priorities -----------------------------------------------------------------------------------


@st.composite
def stated(draw: st.DrawFn) -> tuple[Game, list[np.ndarray[tuple[int, int], np.dtype[np.bool_]]]]:
    """A game whose actors have up to four statements."""
    game = draw(games(FEW, most=4))
    m = game.model.states
    truths = []
    for _ in game.model.actors:
        h = draw(st.integers(1, 4))
        bits = draw(st.lists(st.booleans(), min_size=h * m, max_size=h * m))
        truths.append(np.array(bits, dtype=np.bool_).reshape(h, m))
    rows = [literal.by_statements(truth.tolist(), m) for truth in truths]
    game.ranks[:, game.space.codes] = rows
    return Game(game.space, game.ranks, game.options, game.options.model(rows)), truths


@settings(max_examples=50)
@given(stated(), CONCEPTS, st.data())
def test_no_fewer_swaps_of_priorities_make_a_state_hold(
    found: tuple[Game, list[np.ndarray[tuple[int, int], np.dtype[np.bool_]]]],
    concept: str,
    data: st.DataObject,
) -> None:
    game, truths = found
    e, m = chosen(data, game.model), game.model.states
    question = question_of(game, e, concept)
    least = cheapest(question, [reorderings(question.own(i), truth) for i, truth in enumerate(truths)])
    literally = literal.least(
        game.model, concept, e, [literal.rearranged(truth.tolist(), m) for truth in truths]
    )
    assert least.cost == least.bound == literally
    if least.chosen:
        assert holds_after(game.model, least.ranks, concept, e)
        assert sum(len(turned(candidate.change)) for candidate in least.chosen) == least.cost


@settings(max_examples=50)
@given(games(FEW, most=4), CONCEPTS, st.data())
def test_no_shorter_statement_on_top_makes_a_state_hold(
    game: Game, concept: str, data: st.DataObject
) -> None:
    e = chosen(data, game.model)
    question = question_of(game, e, concept)
    taken = np.array(game.options.feasible, dtype=np.bool_).T
    least = cheapest(question, [tops(question.own(i), rank, taken) for i, rank in enumerate(game.by_state)])
    offers = [literal.with_top(rank, taken.tolist(), e) for rank in game.model.ranks]
    assert least.cost == least.bound == literal.least(game.model, concept, e, offers)
    assert holds_after(game.model, least.ranks, concept, e)
    assert sum(len(candidate.change or ()) for candidate in least.chosen) == least.cost


def test_priorities_give_the_ranks_of_their_truth() -> None:
    truth = np.array([[True, False, True], [False, True, True]])
    assert in_order(truth, [0, 1]).tolist() == [1, 0, 2]
    assert in_order(truth, [1, 0]).tolist() == [0, 1, 2]


def test_a_search_given_up_tells_the_bound_reached() -> None:
    graph, ranks = prisoners()
    question = Question(graph, 0, "nash")
    truth = np.array([[True, False, True, False], [False, False, True, True]])
    *_, last = reorderings(question.own(0), truth, effort=Effort(0.0))
    assert last.rank is None
    *_, last = tops(question.own(0), ranks[0], truth, effort=Effort(0.0))
    assert last.rank is None
    assert last.cost == 1
    found = cheapest(question, [iter([last]), iter([last])])
    assert (found.chosen, found.bound) == ((), 2)
    assert list(tops(question.own(0), ranks[0], truth, price=math.inf)) == []


@settings(max_examples=40)
@given(stated(), CONCEPTS, st.data())
def test_actors_that_must_not_change_keep_their_orders(
    found: tuple[Game, list[np.ndarray[tuple[int, int], np.dtype[np.bool_]]]],
    concept: str,
    data: st.DataObject,
) -> None:
    """What the last actor does suffices, or nothing does."""
    game, truths = found
    e, m = chosen(data, game.model), game.model.states
    question, ranks = question_of(game, e, concept), game.by_state
    prices = [math.inf] * (len(truths) - 1) + [1.0]
    kept = [[(0.0, rank)] for rank in game.model.ranks[:-1]]
    asked = [reorderings(question.own(i), truth, prices[i]) for i, truth in enumerate(truths)]
    offers = [*kept, literal.rearranged(truths[-1].tolist(), m)]
    least = cheapest(question, asked)
    assert least.cost == least.bound == literal.least(game.model, concept, e, offers)
    taken = np.array(game.options.feasible, dtype=np.bool_).T
    asked = [tops(question.own(i), rank, taken, prices[i]) for i, rank in enumerate(ranks)]
    offers = [*kept, literal.with_top(game.model.ranks[-1], taken.tolist(), e)]
    top = cheapest(question, asked)
    assert top.cost == top.bound == literal.least(game.model, concept, e, offers)


# --- cuts -----------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(games(FEW, most=3), CONCEPTS, st.data())
def test_no_cheaper_cuts_make_a_state_hold_in_option_form(
    game: Game, concept: str, data: st.DataObject
) -> None:
    e = chosen(data, game.model)
    question = question_of(game, e, concept)
    possible = [*option_cuts(question, game.space), *state_cuts(question)][:11]
    prices = data.draw(st.lists(st.integers(1, 4), min_size=len(possible), max_size=len(possible)))
    cuts = [Cut(cut.kind, cut.what, float(p), cut.stops) for cut, p in zip(possible, prices, strict=True)]
    found, _ = cheapest_cuts(question, game.by_state, cuts)
    costs: dict[tuple[str, int], float] = {(cut.kind, cut.what): cut.cost for cut in cuts}
    least = literal.least_cuts(game.options, game.model.ranks, concept, e, costs)
    assert found.cost == pytest.approx(least)
    assert found.bound == pytest.approx(least)


@settings(max_examples=60)
@given(graphs(FEW), CONCEPTS, st.data())
def test_no_cheaper_bars_make_a_state_hold_on_any_graph(
    found: tuple[Graph, Ranks, Model], concept: str, data: st.DataObject
) -> None:
    graph, ranks, model = found
    if graph.targets.size > 11:
        return
    e = chosen(data, model)
    question = Question(graph, e, concept)
    prices = data.draw(st.lists(st.integers(1, 6), min_size=11, max_size=11))
    cuts = [replace(cut, cost=float(prices[cut.what])) for cut in move_cuts(question)]
    least, made = cheapest_cuts(question, ranks, cuts)
    assert least.cost == pytest.approx(literal.least_bars(model, concept, e, prices))
    assert least.bound == pytest.approx(least.cost)
    assert least.values is not None
    left = np.ones(graph.targets.size, dtype=np.bool_)
    left[[cut.what for cut in made]] = False
    assert Question(graph.keeping(left), e, concept).holds(ranks)


def test_by_smr_an_answer_deters_once_every_escape_from_it_is_barred() -> None:
    """A's one gain can be answered, but A has two ways on from there; the gain itself is dear to bar."""
    arcs = [[(0, 1), (2, 3), (2, 4)], [(1, 2)]]
    graph, ranks = Graph.from_arcs(5, arcs), np.array([[1, 2, 0, 2, 3], [0, 0, 1, 0, 0]], dtype=np.int32)
    question = Question(graph, 0, "smr")
    prices = {(0, 1): 5.0, (2, 3): 1.0, (2, 4): 2.0, (1, 2): 1.0}
    cuts = []
    for cut in move_cuts(question):
        arc = (int(graph.sources[cut.what]), int(graph.targets[cut.what]))
        cuts.append(replace(cut, cost=prices[arc]))
    found, made = cheapest_cuts(question, ranks, cuts)
    assert (found.cost, found.bound) == (3.0, 3.0)
    assert sorted(int(graph.targets[cut.what]) for cut in made) == [3, 4]
    dear = [replace(cut, cost=4.0) if graph.targets[cut.what] == 4 else cut for cut in cuts]
    assert cheapest_cuts(question, ranks, dear)[0].cost == 5.0


def test_a_cut_that_takes_a_deterrent_away_is_made_only_with_another() -> None:
    """The cheap cut ends one gain and the answer to the other: it needs a second one, or a dear one does alone."""
    arcs = [[(0, 1), (0, 2)], [(1, 3)]]
    graph, ranks = Graph.from_arcs(4, arcs), np.array([[1, 2, 2, 0], [0, 0, 0, 1]], dtype=np.int32)
    to = graph.targets
    cheap, dear = Cut("ban", 0, 1.0, (to == 2) | (to == 3)), Cut("ban", 1, 3.0, np.asarray(to == 2))
    second = Cut("ban", 2, 1.0, np.asarray(to == 1))
    question = Question(graph, 0, "gmr")
    assert cheapest_cuts(question, ranks, [cheap, dear, second])[0].cost == 2.0
    assert cheapest_cuts(question, ranks, [cheap, dear, replace(second, cost=5.0)])[1] == (dear,)


def test_by_smr_a_cut_that_takes_the_answer_away_is_spared() -> None:
    """To rule out the answer is no remedy though it stops every escape from it: then nothing deters."""
    arcs = [[(0, 1), (2, 3)], [(1, 2)]]
    graph, ranks = Graph.from_arcs(4, arcs), np.array([[1, 2, 0, 3], [0, 0, 1, 0]], dtype=np.int32)
    question = Question(graph, 0, "smr")
    cheap = Cut("ban", 2, 1.0, (graph.targets == 2) | (graph.sources == 2))
    dear = Cut("bar", 0, 4.0, np.asarray(graph.targets == 1))
    found, made = cheapest_cuts(question, ranks, [cheap, dear])
    assert made == (dear,)
    assert found.clauses < 4


def test_without_any_cut_to_make_there_may_be_no_way() -> None:
    graph, ranks = prisoners()
    found, made = cheapest_cuts(Question(graph, 0, "nash"), ranks, [])
    assert (found.values, made, found.cost, found.bound) == (None, (), math.inf, math.inf)


# --- weights --------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(games(FEW, most=4), CONCEPTS, st.data())
def test_weights_make_a_state_hold_and_no_random_ones_are_nearer(
    game: Game, concept: str, data: st.DataObject
) -> None:
    e, m = chosen(data, game.model), game.model.states
    random = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    scales, rows = {}, []
    for i in game.model.actors:
        h = int(random.integers(1, 4))
        weights = random.integers(1, 6, h).astype(np.float64)
        scales[i] = Scale(random.random((h, m)) < 0.5, weights, random.integers(1, 3, h).astype(np.float64))
        rows.append(score_ranks(weights @ scales[i].truth, 1e-9 * weights.sum()))
    ranks = np.array(rows, dtype=np.int32)
    question = question_of(game, e, concept)
    remedy, after, found = reweigh(question, ranks, scales)
    if remedy.values is None:
        assert math.isinf(remedy.bound)
        assert concept == "seq"
        return
    assert remedy.bound == pytest.approx(remedy.cost, abs=1e-6)
    assert holds_after(game.model, after, concept, e)
    cost = sum(float((np.abs(new - scales[i].weights) / scales[i].units).sum()) for i, new in found.items())
    assert cost == pytest.approx(remedy.cost, abs=1e-5)
    for _ in range(40):
        other, spent = {}, 0.0
        for i, scale in scales.items():
            step = random.normal(size=scale.weights.size) * scale.units
            new = np.maximum(scale.weights + remedy.cost * random.random() * step, 0.0)
            spent += float((np.abs(new - scale.weights) / scale.units).sum())
            other[i] = score_ranks(new @ scale.truth, 1e-9 * float(new.sum()))
        if spent < remedy.cost - 1e-3:
            assert not holds_after(game.model, np.array([other[i] for i in scales]), concept, e)


@settings(max_examples=60)
@given(games(FEW, most=4), CONCEPTS, st.data())
def test_no_smaller_change_of_two_weights_each_makes_a_state_hold(
    game: Game, concept: str, data: st.DataObject
) -> None:
    e, m = chosen(data, game.model), game.model.states
    scales, rows, offers = {}, [], []
    for i in game.model.actors:
        h = data.draw(st.integers(1, 2))
        bits = data.draw(st.lists(st.booleans(), min_size=h * m, max_size=h * m))
        truth = np.array(bits, dtype=np.bool_).reshape(h, m)
        weights, units = (
            np.array(data.draw(st.lists(st.integers(1, 4), min_size=h, max_size=h)), dtype=np.float64)
            for _ in range(2)
        )
        scales[i] = Scale(truth, weights, units)
        rows.append(score_ranks(weights @ truth, 1e-9 * float(weights.sum())))
        offers.append(literal.reweighed(truth.tolist(), weights.tolist(), units.tolist(), m))
    remedy, *_ = reweigh(question_of(game, e, concept), np.array(rows, dtype=np.int32), scales)
    least = literal.least(game.model, concept, e, offers)
    assert remedy.cost == pytest.approx(least, abs=1e-2)
    assert remedy.bound == pytest.approx(remedy.cost)


def test_a_deterrent_may_have_to_be_made_to_pay() -> None:
    """By SEQ A stays when B would answer; B gains 1 by it as soon as its other weight falls below that."""
    graph = Graph.from_arcs(3, [[(0, 1)], [(1, 2)]])
    a = Scale(np.array([[False, True, False]]), np.array([4.0]), np.array([0.5]))
    b = Scale(np.array([[False, True, False], [False, False, True]]), np.array([3.0, 1.0]), np.ones(2))
    ranks = np.array([[0, 1, 0], [0, 2, 1]], dtype=np.int32)
    remedy, _, found = reweigh(Question(graph, 0, "seq"), ranks, {0: a, 1: b})
    assert remedy.cost == pytest.approx(2.0, abs=1e-2)
    assert found[0].tolist() == [4.0]
    assert found[1][1] > found[1][0]


def test_the_least_change_of_weights_by_hand() -> None:
    """Leaving gains 3 and loses 2; a tie needs 1 less of the one or 1 more of the other: the one in units of 2."""
    graph = Graph.from_arcs(2, [[(0, 1)]])
    truth = np.array([[False, True], [True, False]])
    scale = Scale(truth, np.array([3.0, 2.0]), np.array([2.0, 1.0]))
    remedy, _, found = reweigh(Question(graph, 0, "nash"), np.array([[0, 1]], dtype=np.int32), {0: scale})
    assert remedy.cost == pytest.approx(0.5)
    assert found[0].tolist() == pytest.approx([2.0, 2.0])
    fixed = Scale(truth, np.array([3.0, 2.0]), np.array([0.0, 1.0]))
    remedy, _, found = reweigh(Question(graph, 0, "nash"), np.array([[0, 1]], dtype=np.int32), {0: fixed})
    assert remedy.cost == pytest.approx(1.0)
    assert found[0].tolist() == pytest.approx([3.0, 3.0])


# --- giving up ------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(games(FEW, most=4), CONCEPTS, st.data())
def test_a_search_without_time_still_answers_between_bound_and_cost(
    game: Game, concept: str, data: st.DataObject
) -> None:
    e, none = chosen(data, game.model), 0.0
    question, ranks = question_of(game, e, concept), game.by_state
    cuts = [*option_cuts(question, game.space), *state_cuts(question)]
    (exact, _), (hasty, _) = (cheapest_cuts(question, ranks, cuts, effort) for effort in (None, Effort(none)))
    assert hasty.bound <= exact.cost + 1e-6 <= hasty.cost + 2e-6
    down, (quick, after, _) = demote(question, ranks)[0], demote(question, ranks, effort=Effort(none))
    assert quick.bound <= down.cost + 1e-6 <= quick.cost + 2e-6
    if quick.values is not None:
        assert holds_after(game.model, after, concept, e)
    near = cutting_planes(Reordering(question, ranks, [1.0] * len(ranks)), Effort(none))
    risen, hasty_rise = promote(question, ranks), promote(question, ranks, effort=Effort(none))
    assert near.bound <= risen.cost + 1e-6
    assert hasty_rise.bound <= risen.cost + 1e-6 <= hasty_rise.cost + 2e-6
    assert holds_after(game.model, hasty_rise.ranks, concept, e)


def test_a_program_without_choices_is_feasible_or_not() -> None:
    assert Effort().solved(Program()).value == 0
    impossible = Program()
    impossible.row({}, least=1.0)
    assert math.isinf(Effort().solved(impossible).bound)


def prisoners() -> tuple[Graph, Ranks]:
    """Return the dilemma with the states CC, CD, DC and DD."""
    arcs = [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]]
    return Graph.from_arcs(4, arcs), np.array([[2, 0, 3, 1], [2, 3, 0, 1]], dtype=np.int32)
