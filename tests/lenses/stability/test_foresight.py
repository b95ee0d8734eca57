"""Witnesses of foresight, simultaneous moves and coalitions can be replayed, and say what the definitions say."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.lenses.stability import LENS
from detente.lenses.stability.coalitions import Reach, improvements
from detente.lenses.stability.evolution import UNREACHED, Evolution, undeterred
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.horizon import horizons
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.walks import Step
from detente.lenses.stability.witness import (
    Answer,
    coalition_witness,
    limited_witness,
    simultaneous_witness,
)
from tests.lenses.stability import literal_definitions as literal
from tests.lenses.stability.literal_foresight import conservative
from tests.lenses.stability.models import Game, games, graphs
from tests.lenses.stability.playing import explained
from tests.lenses.stability.presence import present
from tests.lenses.stability.test_sequences import replay

MANY = settings(max_examples=40)
Drawn = tuple[Graph, Ranks, literal.Model]


@given(games(actors=st.integers(2, 3), most=5))
@MANY
def test_a_simultaneous_sanction_can_be_replayed(game: Game) -> None:
    graph, ranks = Graph.from_space(game.space), game.by_state
    for i in game.model.actors:
        for s in range(game.model.states):
            found = simultaneous_witness(game.space, graph, ranks, i, s)
            assert found.stable == literal.sim(game.options, game.model, i, s)
            gains = game.model.improvements(i, s)
            if found.stable:
                assert {answer.to for answer in found.answers} == gains
                for answer in found.answers:
                    assert answer.end == met(game, i, s, answer)
                    assert not game.model.better(i, answer.end, s)
            else:
                assert found.answers[0].to in gains
                assert found.answers[0].sanction is None


def met(game: Game, i: int, s: int, answer: Answer) -> int:
    """Where the improvement ends when the others make the steps of the sanction at once, each from s."""
    assert answer.sanction is not None
    state = list(game.options.feasible[answer.to])
    movers = [step.actor for step in answer.sanction]
    assert len(set(movers)) == len(movers)
    for step in answer.sanction:
        assert step.actor != i
        assert step.to in game.model.improvements(step.actor, s)
        aim = game.options.feasible[step.to]
        for o, owner in enumerate(game.options.owners):
            if owner == step.actor:
                state[o] = aim[o]
    return game.options.feasible.index(tuple(state))


@given(graphs(actors=st.integers(1, 4)), st.integers(1, 4))
@MANY
def test_what_is_expected_when_looking_ahead_can_be_replayed(case: Drawn, h: int) -> None:
    graph, ranks, model = case
    expected = conservative(model, h)
    ends = horizons(graph, ranks, h)
    for i in model.actors:
        for s in range(model.states):
            found = limited_witness(graph, ranks, h, i, s)
            assert found.stable == expected[i][s]
            if found.stable:
                assert {answer.to for answer in found.answers} == model.improvements(i, s)
            for answer in found.answers:
                assert answer.end is not None
                assert answer.sanction is not None
                assert answer.to in model.moves(i, s)
                steps = (Step(i, answer.to), *answer.sanction)
                assert len(steps) <= h
                assert replay(model, s, steps, improving=False) == answer.end
                assert model.better(i, answer.end, s) == (not found.stable)
            if not found.stable:
                assert found.answers[0].end == ends[h][i, s]


@given(graphs(actors=st.integers(2, 3)))
@settings(max_examples=25)
def test_a_witness_of_a_coalition_can_be_replayed(case: Drawn) -> None:
    graph, ranks, model = case
    reach = Reach.of(graph)
    gains = improvements(reach, ranks)
    for concept, judge in literal.COALITION_CONCEPTS.items():
        for h, group in enumerate(reach.coalitions):
            for s in range(model.states):
                found = coalition_witness(reach, ranks, concept, h, s)
                assert found.stable == judge(model, group, s)
                gained = literal.group_improvements(model, group, s)
                if found.stable:
                    assert {answer.to for answer in found.answers} == gained
                for answer in found.answers:
                    assert answer.to in gained
                    assert {step.actor for step in answer.by} <= set(group)
                    assert replay(model, s, answer.by, improving=False) == answer.to
                    assert (answer.sanction is None) == (not found.stable)
                    if answer.sanction is not None and answer.end is not None:
                        assert literal.fails(model, group, answer.end, s)
                        assert answered_by(concept, model, reach, gains, group, answer) == answer.end


def answered_by(
    concept: str,
    model: literal.Model,
    reach: Reach,
    gains: Graph,
    group: tuple[int, ...],
    answer: Answer,
) -> int:
    """Where the answer to a joint improvement leads, move by move."""
    steps = answer.sanction or ()
    if concept == "cseq":
        return jointly(reach, gains, group, answer)
    assert not {step.actor for step in steps} & set(group)
    return replay(model, answer.to, steps, improving=False)


def jointly(reach: Reach, gains: Graph, group: tuple[int, ...], answer: Answer) -> int:
    """Follow improvements of coalitions, numbered after the actors of the graph."""
    at, last = answer.to, -1
    for step in answer.sanction or ():
        h = step.actor - max(len(one) for one in reach.coalitions)
        assert h != last
        assert not set(reach.coalitions[h]) & set(group)
        assert step.to in gains.moves(h, at)
        at, last = step.to, h
    return at


@given(graphs())
@MANY
def test_paths_that_nothing_deters_are_made_of_unsanctioned_improvements(case: Drawn) -> None:
    """An improvement is kept exactly when improvements of the others cannot make it no better than its start."""
    graph, ranks, model = case
    safe = undeterred(graph, ranks)
    for i in model.actors:
        for s in range(model.states):
            kept = {
                q
                for q in model.improvements(i, s)
                if all(model.better(i, c, s) for c in model.reach(model.others([i]), q, improving=True))
            }
            assert set(safe.moves(i, s).tolist()) == kept
    everything, some = Evolution.of(graph, 0, ranks), Evolution.of(safe, 0)
    for s in range(model.states):
        if some.distance[s] != UNREACHED:
            assert everything.distance[s] != UNREACHED
            assert everything.distance[s] <= some.distance[s]


def chicken(**changes: object) -> Case:
    """Two drivers: best to go while the other swerves, worst when both go."""
    game = {
        "options": {"x": {"actor": "a", "name": "A swerves"}, "y": {"actor": "b", "name": "B swerves"}},
        "preferences": {"a": ["x or y", "y", "not x"], "b": ["x or y", "x", "not y"]},
        "status_quo": "YY",
        **changes,
    }
    return Case.from_dict({"title": "t", "actors": {"a": {"name": "A"}, "b": {"name": "B"}}, "game": game})


def test_foresight_is_told_in_words() -> None:
    view = LENS.view(chicken().with_({"options.stability.horizon": 3}))
    told = {
        (concept, actor, state): explained(view, concept, actor, state).sentence
        for concept, actor in [("l2", "a"), ("l3", "a"), ("sim", "a"), ("cnash", "a+b"), ("cgmr", "a+b")]
        for state in ("YY", "NN", "YN", "NY")
    }
    both, mine, nothing = "“A swerves + B swerves”", "“A swerves”", "“nothing is done”"
    assert told["l3", "a", "YY"].startswith(
        f"A would stay at {both}: no more “A swerves” would be followed by B (no more “B swerves”)"
    )
    assert told["sim", "a", "YY"].startswith(
        f"A would stay at {both}: no more “A swerves”, met at the same moment by B (no more “B swerves”), would"
    )
    assert told["l2", "a", "NN"] == (
        f"A would gain nothing by moving from {nothing}."
        if explained(view, "l2", "a", "NN").stable
        else f"A would gain by moving from {nothing}: {mine}, with nothing to follow."
    )
    assert told["cnash", "a+b", "NN"].startswith(f"A and B would gain by moving from {nothing}: ")
    assert told["cgmr", "a+b", "NN"].endswith("and no answer of the others would undo that.")
    assert (
        told["cnash", "a+b", "YN"]
        == f"A and B could together lead nowhere from {mine} that is better for all of them."
    )


def test_the_way_there_tells_which_improvements_nothing_deters() -> None:
    """From YY either driver would gain by going, and the other would then not answer: nothing deters it."""
    result = LENS.simulate(chicken()).result()
    ways = {(way.state, way.by): way.length for way in present(result.reached)}
    assert ways["NY", "improvements"] == ways["NY", "undeterred"] == 1
    assert result.limit is not None
    dilemma = chicken(preferences={"a": ["y", "not x"], "b": ["x", "not y"]})
    ways = {(way.state, way.by): way.length for way in present(LENS.simulate(dilemma).result().reached)}
    assert ways["NN", "improvements"] == 2
    assert ways["NN", "undeterred"] is None


def test_looking_thirty_moves_ahead_is_explained_move_by_move() -> None:
    """What is expected to follow is one line of play per horizon, not a tree of all of them."""
    wants = {"a": ["z", "y if not x"], "b": [{"statement": "x", "strong": True}, "y", "x and z"]}
    options = {"u": "b", "v": "b", "w": "a", "x": "b", "y": "b", "z": "a"}
    data = {
        "title": "Far ahead",
        "actors": {"a": {"name": "A"}, "b": {"name": "B"}},
        "game": {
            "options": {
                name: {"actor": actor, "moves": "forward" if name in "wx" else "both"}
                for name, actor in options.items()
            },
            "preferences": wants,
            "status_quo": "NNNNYY",
        },
        "options": {"stability": {"horizon": 30}},
    }
    started = time.process_time()
    result = LENS.simulate(Case.from_dict(data), draws=1).result()
    assert time.process_time() - started < 20, "doubling with every move it would take days"
    assert "l30" in result.concepts
    longest = [len(answer.sanction or ()) for why in result.why or () for answer in why.answers]
    assert max(longest) <= 29
