"""Coalitions, witnesses and paths: every sequence is legal, and says what the definitions say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.errors import OptionError
from detente.lenses.stability.coalitions import Reach, improvements, stable, universal
from detente.lenses.stability.evolution import UNREACHED, Evolution, Step
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.witness import witness
from tests.lenses.stability import literal_definitions as literal
from tests.lenses.stability.models import graphs

MANY = settings(max_examples=60)
Case = tuple[Graph, np.ndarray, literal.Model]


@given(graphs())
@MANY
def test_coalitions_agree_with_the_definitions(case: Case) -> None:
    graph, ranks, model = case
    reach = Reach.of(graph)
    assert list(reach.coalitions) == literal.coalitions(model)
    gains = improvements(reach, ranks)
    for h, group in enumerate(reach.coalitions):
        for s in range(model.states):
            assert set(np.flatnonzero(gains[h, s])) == literal.group_improvements(model, group, s)
    for concept, found in stable(reach, ranks).items():
        judge = literal.COALITION_CONCEPTS[concept]
        expected = [[judge(model, group, s) for s in range(model.states)] for group in reach.coalitions]
        assert found.tolist() == expected
        assert universal(found).tolist() == np.all(expected, axis=0).tolist()


@given(graphs())
@MANY
def test_coalition_concepts_imply_each_other(case: Case) -> None:
    graph, ranks, _ = case
    found = stable(Reach.of(graph), ranks)
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
            found = witness(graph, ranks, concept, i, s)
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
