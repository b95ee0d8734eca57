"""Known conflicts: what slow literal code and the literature say of them, and the two generations of files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.catalog import open_case
from detente.lenses.stability import LENS, StabilityResult, StabilityView
from detente.lenses.stability import stable as general
from detente.lenses.stability.coalitions import Reach, improvements
from detente.lenses.stability.coalitions import stable as joint
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.horizon import at_horizons, non_myopic
from detente.lenses.stability.orders import ranked
from detente.lenses.stability.relation import Ordered
from tests.lenses.stability.presence import present

FILES = ["Cuban", "Elmira", "Prisoners", "SyriaIraq"]
GRAPHS = ["Chicken", "Elmira9", "PrisonersDilemma"]
# Equilibria by SIM, and stable for every coalition (cNash): `reference tables of the field manual, section 11`.
SIM = {"Prisoners": [1, 4], "Cuban": [6], "Elmira": [5, 6, 7, 10, 11, 12], "SyriaIraq": [6]}


def oracle(shared_data: Path, name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((shared_data / "stability" / "oracle_reference" / name).read_text())
    return data


def solved(shared_data: Path, name: str) -> tuple[StabilityView, StabilityResult]:
    case = open_case(shared_data / "stability" / f"{name}.gmcr")
    return LENS.view(case), LENS.simulate(case).result()


def numbers(result: StabilityResult, states: tuple[str, ...]) -> list[int]:
    return [present(result.states).index(state) + 1 for state in states]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_judged_as_by_the_literal_definitions(shared_data: Path, name: str) -> None:
    expected, (_, result) = oracle(shared_data, f"{name}.json"), solved(shared_data, name)
    for concept, actors in expected["stable"].items():
        states = present(result.states)
        found = [[state in present(stable) for state in states] for stable in result.stable[concept].values()]
        assert found == actors
        assert numbers(result, present(result.equilibria[concept])) == expected["equilibria"][concept]
    assert numbers(result, present(result.equilibria["sim"])) == SIM[name]
    assert numbers(result, present(result.equilibria["cnash"])) == expected["univ_coal_nash_eq"]


def pairs(moves: Graph, mover: int) -> list[list[int]]:
    """The moves of one mover, states counted from 1."""
    return [[s + 1, q + 1] for s in range(moves.states) for q in moves.moves(mover, s).tolist()]


@pytest.mark.parametrize("name", FILES)
def test_the_coalitions_of_a_file_are_judged_as_by_the_literal_definitions(
    shared_data: Path, name: str
) -> None:
    expected, (view, result) = oracle(shared_data, f"{name}.json")["coalitions"], solved(shared_data, name)
    ids = {view.case.actors[actor].name: actor for actor in view.actors}
    gains = improvements(view.reach, view.ranks(view.table.means))
    for members, answers in expected.items():
        group = tuple(view.actors.index(ids[member]) for member in members.split("+"))
        h = view.reach.coalitions.index(group)
        assert pairs(gains, h) == answers["improvements"]
        for concept in ("cnash", "cgmr", "csmr"):
            stable = result.stable[concept]["+".join(view.actors[i] for i in group)]
            assert [state in present(stable) for state in present(result.states)] == answers[concept]


@pytest.mark.parametrize("name", ["Cuban", "Prisoners", "SyriaIraq"])
def test_looking_ahead_in_a_file_ends_as_by_the_literal_definition(shared_data: Path, name: str) -> None:
    expected, (view, _) = oracle(shared_data, f"{name}.json"), solved(shared_data, name)
    order = Ordered.of(view.ranks(view.table.means))
    for horizon, stable in expected["Lh"].items():
        assert next(at_horizons(view.graph, order, int(horizon))).tolist() == stable
    for horizon, states in expected["Lh_eq"].items():
        held = next(at_horizons(view.graph, order, int(horizon))).all(axis=0)
        assert (np.flatnonzero(held) + 1).tolist() == states


@pytest.mark.parametrize("name", GRAPHS)
def test_a_listed_graph_is_judged_as_by_the_literal_definitions(shared_data: Path, name: str) -> None:
    expected = oracle(shared_data, f"canon_{name}.json")
    moves = [[(a - 1, b - 1) for a, b in arcs] for arcs in expected["moves"]]
    drawn = Graph.from_arcs(expected["states"], moves)
    ranks = np.stack([ranked(drawn.states, [[s - 1] for s in row]) for row in expected["ranking_best_first"]])
    for concept, mask in general.stable(drawn, Ordered.of(ranks)).items():
        assert mask.tolist() == expected["stable"][concept]
        assert (np.flatnonzero(mask.all(axis=0)) + 1).tolist() == expected["equilibria"][concept]
    reach = Reach.of(drawn)
    gains, held = improvements(reach, ranks), joint(reach, ranks, ["cnash", "cgmr", "csmr"])
    for members, answers in expected["coalitions"].items():
        h = reach.coalitions.index(tuple(expected["dms"].index(member) for member in members.split("+")))
        assert pairs(gains, h) == sorted(answers["improvements"])
        for concept, mask in held.items():
            assert (np.flatnonzero(mask[h]) + 1).tolist() == answers[concept]
    for horizon, states in expected.get("Lh_eq", {}).items():
        ends = next(at_horizons(drawn, Ordered.of(ranks), int(horizon))).all(axis=0)
        assert (np.flatnonzero(ends) + 1).tolist() == states


def test_looking_further_ahead_settles_or_goes_round(shared_data: Path) -> None:
    """Syria and Iraq go round in four (section 11), over Cuba it settles on states 5 and 6."""
    view, result = solved(shared_data, "SyriaIraq")
    limit = non_myopic(view.graph, view.ranks(view.table.means))
    assert (limit.period, limit.stable) == (4, None)
    assert result.limit is not None
    assert result.limit.equilibria is None
    _, cuba = solved(shared_data, "Cuban")
    assert cuba.limit is not None
    assert numbers(cuba, cuba.limit.equilibria or ()) == [5, 6]


PAYOFFS = {  # larger is better; the README of the shared data
    "Prisoners": ["2 1 4 3", "2 4 1 3"],
    "Cuban": ["5 7 8 6 12 10 11 9 1 3 2 4", "12 7 9 5 11 8 10 6 1 3 2 4"],
    "Elmira": ["7 6 11 10 4 4 8 5 12 9 4 4", "12 7 6 11 8 8 9 4 5 10 8 8", "9 5 11 6 4 4 10 7 12 8 4 4"],
    "SyriaIraq": ["6 3 5 2 1 4", "3 6 1 5 2 4"],
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_gives_the_states_their_known_order(shared_data: Path, name: str) -> None:
    view, _ = solved(shared_data, name)
    known = np.array([[int(x) for x in row.split()] for row in PAYOFFS[name]])
    ranks = view.ranks(view.table.means)
    np.testing.assert_array_equal(
        np.sign(known[:, None, :] - known[:, :, None]), np.sign(ranks[:, None, :] - ranks[:, :, None])
    )
