"""Coalitions, witnesses and paths: every sequence is legal, and says what the definitions say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.errors import OptionError
from detente.lenses.stability import stable as general
from detente.lenses.stability.coalitions import (
    COALITION_CONCEPTS,
    Reach,
    improvements,
    stable,
)
from detente.lenses.stability.coalitions import _sequentially as sequentially
from detente.lenses.stability.evolution import UNREACHED, Evolution
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.space import Space
from detente.lenses.stability.walks import Step
from detente.lenses.stability.witness import witness
from tests.lenses.stability import literal_definitions as literal
from tests.lenses.stability.models import Game, games, graphs

MANY = settings(max_examples=60)
Case = tuple[Graph, np.ndarray, literal.Model]


def check_coalitions(graph: Graph, ranks: np.ndarray, model: literal.Model) -> None:
    reach = Reach.of(graph)
    assert list(reach.coalitions) == literal.coalitions(model)
    alone = general.stable(graph, Ordered.of(ranks))
    gains, some = improvements(reach, ranks), stable(reach, ranks, COALITION_CONCEPTS, alone)
    for h, group in enumerate(reach.coalitions):
        for s in range(model.states):
            assert set(reach.ends(h, s).tolist()) == model.reach(group, s)
            assert set(gains.moves(h, s).tolist()) == literal.group_improvements(model, group, s)
    for concept, found in stable(reach, ranks, COALITION_CONCEPTS).items():
        judge = literal.COALITION_CONCEPTS[concept]
        expected = [[judge(model, group, s) for s in range(model.states)] for group in reach.coalitions]
        assert found.tolist() == expected
        held = np.all(expected, axis=0).tolist()
        assert found.all(axis=0).tolist() == some[concept].all(axis=0).tolist() == held


@given(graphs())
@MANY
def test_coalitions_agree_with_the_definitions(case: Case) -> None:
    check_coalitions(*case)


@given(games(actors=st.integers(2, 4)))
@MANY
def test_coalitions_agree_with_the_definitions_in_option_form(game: Game) -> None:
    graph = Graph.from_space(game.space)
    assert graph.merges
    check_coalitions(graph, game.by_state, game.model)


@given(games(actors=st.integers(2, 4), most=7))
@MANY
def test_who_moves_twice_in_a_row_does_not_matter_in_option_form(game: Game) -> None:
    reach = Reach.of(Graph.from_space(game.space))
    (found,) = stable(reach, game.by_state, ["cseq"]).values()
    assert found.tolist() == sequentially(reach, game.by_state).tolist()


def test_games_of_more_states_than_a_word_has_bits_are_judged_by_the_definitions() -> None:
    """Of 128 states those that the actors like best: literal code is too slow for all improvements from others."""
    owners, m = (0, 0, 0, 1, 1, 2, 2), 128
    space = Space.build(owners, 3)
    ranks = np.random.default_rng(0).integers(0, m, (3, m)).astype(np.int32)
    feasible = tuple(tuple(letter == "Y" for letter in space.text(s)) for s in range(m))
    model = literal.Options(owners, (0,) * 7, 3, feasible).model(ranks.tolist())
    reach = Reach.of(Graph.from_space(space))
    liked = np.argsort(-ranks.sum(axis=0))[:12].tolist()
    for concept, found in stable(reach, ranks, COALITION_CONCEPTS).items():
        judge = literal.COALITION_CONCEPTS[concept]
        for h, group in enumerate(reach.coalitions):
            assert [bool(found[h, s]) for s in liked] == [judge(model, group, s) for s in liked]


@given(graphs())
@MANY
def test_coalition_concepts_imply_each_other(case: Case) -> None:
    graph, ranks, _ = case
    found = stable(Reach.of(graph), ranks, COALITION_CONCEPTS)
    for stronger, weaker in [("cnash", "csmr"), ("csmr", "cgmr"), ("cnash", "cseq")]:
        assert (found[stronger] <= found[weaker]).all()


def test_coalitions_of_very_large_games_are_refused() -> None:
    with pytest.raises(OptionError, match=r"at most 2,048 states"):
        Reach.of(Graph.from_arcs(3_000, [[]]))


@given(graphs(), st.sampled_from(sorted(literal.CONCEPTS)))
@MANY
def test_a_witness_says_what_the_definition_says_and_can_be_replayed(case: Case, concept: str) -> None:
    graph, ranks, model = case
    for i in model.actors:
        for s in range(model.states):
            found = witness(graph, Ordered.of(ranks), concept, i, s)
            assert found.stable == literal.CONCEPTS[concept](model, i, s)
            assert found.moves == len(model.moves(i, s))
            gains = model.improvements(i, s)
            if not found.stable:
                (answer,) = found.answers
                assert answer.to in gains
                assert answer.sanction is None
                continue
            assert {answer.to for answer in found.answers} == gains
            for answer in found.answers:
                assert answer.sanction
                assert all(step.actor != i for step in answer.sanction)
                end = replay(model, answer.to, answer.sanction, improving=concept == "seq")
                assert not model.better(i, end, s)
                if concept == "smr":
                    assert all(not model.better(i, d, s) for d in model.moves(i, end))


def replay(model: literal.Model, at: int, steps: tuple[Step, ...], *, improving: bool) -> int:
    last = None
    for step in steps:
        assert step.actor != last
        assert step.to in model.moves(step.actor, at)
        assert not improving or model.better(step.actor, step.to, at)
        at, last = step.to, step.actor
    return at


@given(graphs(), st.booleans())
@MANY
def test_paths_are_legal_as_short_as_can_be_and_all_there_are(case: Case, improving: bool) -> None:
    graph, ranks, model = case
    found = Evolution.of(graph, 0, ranks if improving else None)
    reached = model.reach(model.actors, 0, improving=improving) | {0}
    for s in range(model.states):
        assert (found.distance[s] != UNREACHED) == (s in reached)
        paths = list(found.paths(s))
        assert len(set(paths)) == len(paths)
        for path in paths:
            assert len(path) == found.distance[s]
            assert replay(model, 0, path, improving=improving) == s
        assert set(paths) == shortest(model, s, improving)


def shortest(model: literal.Model, goal: int, improving: bool) -> set[tuple[Step, ...]]:
    """Breadth first over whole paths, up to the number of nodes."""
    layer: list[tuple[Step, ...]] = [()]
    for _ in range(model.states * len(model.arcs) + 1):
        ends = {path for path in layer if (path[-1].to if path else 0) == goal}
        if ends:
            return ends
        grown = []
        for path in layer:
            at, last = (path[-1].to, path[-1].actor) if path else (0, None)
            for j in model.actors:
                if j != last:
                    to = model.improvements(j, at) if improving else model.moves(j, at)
                    grown += [(*path, Step(j, y)) for y in to]
        assume(len(grown) < 5_000)
        layer = grown
    return set()
