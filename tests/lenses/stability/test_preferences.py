"""Strong, unknown and joint: the engines say what the definitions say."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.lenses.stability.graph import Graph
from detente.lenses.stability.relation import VARIANTS, Compared, Ordered, comparisons, from_gap, from_levels
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.stable import STRONG_CONCEPTS, stable
from detente.lenses.stability.witness import witness
from tests.lenses.stability.literal_definitions import Model
from tests.lenses.stability.literal_preferences import OPPOSITE, Table, everything
from tests.lenses.stability.literal_preferences import Compared as Literally
from tests.lenses.stability.models import Game, games, graphs

MANY = settings(max_examples=50)
CONCEPTS = ("nash", "gmr", "smr", "seq")
CODE = {">>": 2, ">": 1, "=": 0, "<": -1, "<<": -2, "?": 3}


def table(ranks: Ranks, levels: Ranks) -> Table:
    """Comparisons by rank; strong where the levels of strength differ."""
    m = range(len(ranks))

    def sign(q: int, s: int) -> str:
        if ranks[q] == ranks[s]:
            return "="
        much = levels[q] != levels[s]
        return (">>" if much else ">") if ranks[q] > ranks[s] else ("<<" if much else "<")

    return tuple(tuple(sign(q, s) for q in m) for s in m)


def alone(model: Model, tables: tuple[Table, ...]) -> Literally:
    return Literally(model.states, tuple(frozenset([i]) for i in model.actors), model.arcs, tables)


@st.composite
def cuts(draw: st.DrawFn, ranks: Ranks) -> Ranks:
    """Levels of strength that rise with the ranks, shape as the ranks."""
    found = np.empty_like(ranks)
    for i, row in enumerate(ranks):
        steps = draw(st.lists(st.booleans(), min_size=int(row.max()) + 1, max_size=int(row.max()) + 1))
        found[i] = np.cumsum(steps)[row]
    return found


@given(games(most=5), st.data())
@MANY
def test_strength_agrees_with_the_definitions(game: Game, data: st.DataObject) -> None:
    ranks = game.by_state
    levels = data.draw(cuts(ranks))
    strongly = np.stack([from_levels(rank, level) for rank, level in zip(ranks, levels, strict=True)])
    model = alone(game.model, tuple(table(*pair) for pair in zip(ranks, levels, strict=True)))
    expected = everything(model, STRONG_CONCEPTS, "a", len(ranks), strong=True)
    moves = Graph.from_space(game.space)
    firm, plain = stable(moves, Ordered(ranks, strongly)), stable(moves, Ordered.of(ranks))
    assert {c: firm[c].tolist() for c in STRONG_CONCEPTS} == expected
    np.testing.assert_array_equal(firm["nash"], plain["nash"])
    for concept in STRONG_CONCEPTS:
        assert (firm[concept] <= plain[concept]).all()
        assert (plain["nash"] <= firm[concept]).all()


@given(graphs(), st.data())
@MANY
def test_strength_on_any_graph_agrees_with_the_definitions(
    case: tuple[Graph, Ranks, Model], data: st.DataObject
) -> None:
    moves, ranks, model = case
    levels = data.draw(cuts(ranks))
    strongly = np.stack([from_levels(rank, level) for rank, level in zip(ranks, levels, strict=True)])
    tables = tuple(table(*pair) for pair in zip(ranks, levels, strict=True))
    expected = everything(alone(model, tables), STRONG_CONCEPTS, "a", len(ranks), strong=True)
    order = Ordered(ranks, strongly)
    for found in (
        stable(moves, order, STRONG_CONCEPTS),
        stable(moves, Compared(ranks, comparisons(order), strong=True), STRONG_CONCEPTS),
    ):
        assert {concept: mask.tolist() for concept, mask in found.items()} == expected
    for concept, i, s in product(STRONG_CONCEPTS, model.actors, range(model.states)):
        assert witness(moves, order, concept, i, s).stable == expected[concept][i][s]


@given(graphs(actors=st.integers(2, 4)), st.data())
@MANY
def test_the_four_readings_of_the_unknown_agree_with_the_definitions(
    case: tuple[Graph, Ranks, Model], data: st.DataObject
) -> None:
    """Any comparisons at all, with strength, and imply each other: a ⇒ b and c, and each ⇒ d."""
    moves, ranks, model = case
    tables = tuple(data.draw(any_table(model.states)) for _ in model.actors)
    signs = np.array([[[CODE[sign] for sign in row] for row in one] for one in tables], dtype=np.int8)
    compared = Compared(ranks, signs.reshape(len(ranks), model.states, model.states))
    for strong in (False, True):
        concepts = STRONG_CONCEPTS if strong else CONCEPTS
        held = {}
        for variant in VARIANTS:
            reading = compared.read(variant, strong=strong)
            held[variant] = stable(moves, reading, concepts)
            expected = everything(alone(model, tables), concepts, variant, len(ranks), strong=strong)
            assert {concept: mask.tolist() for concept, mask in held[variant].items()} == expected
            for concept, i, s in product(concepts, model.actors, range(model.states)):
                assert witness(moves, reading, concept, i, s).stable == expected[concept][i][s]
        for concept in concepts:
            a, b, c, d = (held[variant][concept] for variant in VARIANTS)
            assert (a <= b).all()
            assert (a <= c).all()
            assert (b <= d).all()
            assert (c <= d).all()


@st.composite
def any_table(draw: st.DrawFn, states: int) -> Table:
    signs = [["="] * states for _ in range(states)]
    for s, q in product(range(states), range(states)):
        if s < q:
            signs[s][q] = draw(st.sampled_from([">>", ">", "=", "<", "<<", "?", "?"]))
            signs[q][s] = OPPOSITE[signs[s][q]]
    return tuple(map(tuple, signs))


@given(graphs(actors=st.integers(2, 4)))
@MANY
def test_with_nothing_unknown_all_readings_are_the_plain_concepts(case: tuple[Graph, Ranks, Model]) -> None:
    moves, ranks, _ = case
    order = Ordered.of(ranks)
    compared, plain = Compared(ranks, comparisons(order)), stable(moves, order)
    for variant in VARIANTS:
        for concept, mask in stable(moves, compared.read(variant), CONCEPTS).items():
            np.testing.assert_array_equal(mask, plain[concept])


@given(graphs(actors=st.integers(2, 4)), st.data())
@MANY
def test_moves_that_need_several_actors_agree_with_the_definitions(
    case: tuple[Graph, Ranks, Model], data: st.DataObject
) -> None:
    _, ranks, model = case
    k, m = len(ranks), model.states
    pairs = [(a, b) for a, b in product(range(m), range(m)) if a != b]
    teams = data.draw(st.lists(st.sampled_from(list(combos(k))), min_size=1, max_size=2, unique=True))
    joint = [
        frozenset(data.draw(st.lists(st.sampled_from(pairs), max_size=8)) if pairs else []) for _ in teams
    ]
    moves = Graph.from_arcs(m, [*model.arcs, *joint], tuple(teams))
    tables = tuple(table(rank, np.zeros_like(rank)) for rank in ranks)
    movers = (*(frozenset([i]) for i in range(k)), *map(frozenset, teams))
    whole = Literally(m, movers, (*model.arcs, *joint), tables)
    expected = everything(whole, CONCEPTS, "a", k)
    order = Ordered.of(ranks)
    for found in (stable(moves, order), stable(moves, Compared(ranks, comparisons(order)))):
        assert {c: mask.tolist() for c, mask in found.items()} == expected


def combos(k: int) -> list[tuple[int, ...]]:
    return [group for group in product(*[range(k)] * 2) if group[0] < group[1]] + [tuple(range(k))] * (k > 2)


def test_states_are_strongly_worse_from_a_gap_on() -> None:
    scores = np.array([0.0, 1.0, 3.0, 3.0, 4.5])
    ranks = np.array([0, 1, 2, 2, 3], dtype=np.int32)
    assert from_gap(ranks, scores, 1.5, 1e-9).tolist() == [-1, -1, 1, 1, 2]
    assert from_gap(ranks, scores, 0.0, 1e-9).tolist() == [-1, 0, 1, 1, 2]


@pytest.mark.parametrize(("levels", "strongly"), [([0, 0, 0], [-1, -1, -1]), ([0, 1, 1], [-1, 0, 0])])
def test_states_are_strongly_worse_below_a_mark(levels: list[int], strongly: list[int]) -> None:
    found = from_levels(np.array([0, 1, 2], dtype=np.int32), np.array(levels, dtype=np.int32))
    assert found.tolist() == strongly
