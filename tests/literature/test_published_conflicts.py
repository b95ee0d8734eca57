"""Conflicts of the graph-model literature: the cases of the catalog give the published stable states.

Sources stand in each case. States are numbered as they are printed: the feasible ones in ascending order, the
first option counting 1, the second 2, the third 4 and so on; listed states by their place in the list.
"""

from __future__ import annotations

from functools import cache

import pytest

from detente.catalog import open_case
from detente.lenses import run
from detente.lenses.stability import StabilityResult
from tests.lenses.stability.presence import present

ELMIRA, GRAPH, CUBA = "elmira-1991", "elmira-1991-graph", "cuban-missile-crisis-1962"
EQUILIBRIA = {
    # (case, concept): numbers of the states that hold
    ("prisoners-dilemma", "nash"): {1},
    ("prisoners-dilemma", "gmr"): {1, 4},
    ("prisoners-dilemma", "smr"): {1, 4},
    ("prisoners-dilemma", "seq"): {1, 4},
    ("prisoners-dilemma", "sim"): {1, 4},
    ("prisoners-dilemma", "cnash"): set(),
    ("chicken", "nash"): {2, 3},
    ("chicken", "gmr"): {2, 3, 4},
    ("chicken", "smr"): {2, 3, 4},
    ("chicken", "seq"): {2, 3},
    ("chicken", "cnash"): {2, 3},
    (CUBA, "nash"): {6},
    (CUBA, "gmr"): {1, 2, 3, 5, 6, 7, 8},
    (CUBA, "smr"): {1, 2, 3, 5, 6, 7, 8},
    (CUBA, "seq"): {5, 6, 7},
    (CUBA, "sim"): {6},
    (CUBA, "cnash"): {6},
    (ELMIRA, "nash"): {5, 6, 7, 10, 11, 12},
    (ELMIRA, "gmr"): {1, 4, 5, 6, 7, 10, 11, 12},
    (ELMIRA, "smr"): {1, 4, 5, 6, 7, 10, 11, 12},
    (ELMIRA, "seq"): {5, 6, 7, 10, 11, 12},
    (ELMIRA, "sim"): {5, 6, 7, 10, 11, 12},
    (ELMIRA, "cnash"): {5, 6, 10, 11, 12},
    (GRAPH, "nash"): {5, 8, 9},
    (GRAPH, "gmr"): {1, 4, 5, 8, 9},
    (GRAPH, "smr"): {1, 4, 5, 8, 9},
    (GRAPH, "seq"): {5, 8, 9},
    (GRAPH, "cnash"): {8, 9},
}
SEQUENTIALLY_STABLE = {
    (CUBA, "united_states"): {2, 3, 5, 6, 7, 12},
    (CUBA, "soviet_union"): {1, 5, 6, 7, 8},
    (GRAPH, "ministry"): {1, 2, 3, 4, 5, 6, 7, 8, 9},
    (GRAPH, "uniroyal"): {1, 4, 5, 8, 9},
    (GRAPH, "government"): {2, 3, 5, 6, 7, 8, 9},
}
LOOKING_AHEAD = {
    # case: what holds with a horizon of 2, 3, 4, … moves
    "prisoners-dilemma": [{1, 4}] * 5,
    "chicken": [set(), {4}, {4}, {4}, {4}],
    CUBA: [{5, 6, 7}, {5, 6}, {5, 6}, {5, 6}, {5, 6}],
}


@cache
def solved(slug: str) -> StabilityResult:
    found = run(open_case(slug), "stability", changes={"options.stability.horizon": 6})
    assert isinstance(found, StabilityResult)
    return found


def numbers(slug: str, states: tuple[str, ...]) -> set[int]:
    listed = present(solved(slug).states)
    if not solved(slug).options:
        return {listed.index(state) + 1 for state in states}
    codes = sorted(listed, key=lambda letters: letters[::-1])  # the last option counts most
    return {codes.index(state) + 1 for state in states}


@pytest.mark.parametrize(("slug", "concept"), EQUILIBRIA)
def test_the_published_states_hold_and_no_others(slug: str, concept: str) -> None:
    assert numbers(slug, present(solved(slug).equilibria[concept])) == EQUILIBRIA[slug, concept]


@pytest.mark.parametrize(("slug", "actor"), SEQUENTIALLY_STABLE)
def test_the_published_states_are_sequentially_stable_for_each_actor(slug: str, actor: str) -> None:
    assert numbers(slug, present(solved(slug).stable["seq"][actor])) == SEQUENTIALLY_STABLE[slug, actor]


@pytest.mark.parametrize("slug", LOOKING_AHEAD)
def test_looking_further_ahead_gives_the_published_states(slug: str) -> None:
    held = [numbers(slug, present(solved(slug).equilibria[f"l{horizon}"])) for horizon in range(2, 7)]
    assert held == LOOKING_AHEAD[slug]


@pytest.mark.parametrize(
    ("slug", "states", "actors"),
    [("prisoners-dilemma", 4, 2), ("chicken", 4, 2), (CUBA, 12, 2), (ELMIRA, 12, 3), (GRAPH, 9, 3)],
)
def test_conflicts_are_as_large_as_printed(slug: str, states: int, actors: int) -> None:
    assert (solved(slug).state_count, len(solved(slug).actors)) == (states, actors)


def test_two_forms_of_elmira_agree_where_one_state_stands_for_four() -> None:
    """Abandoning is 5, 6, 11 and 12 in the long form and 9 in the short one; 7 to 10 are 5 to 8 there."""
    short = {1: 1, 2: 2, 3: 3, 4: 4, 5: 9, 6: 9, 7: 5, 8: 6, 9: 7, 10: 8, 11: 9, 12: 9}
    for concept in ("nash", "gmr", "smr", "seq"):
        long = numbers(ELMIRA, present(solved(ELMIRA).equilibria[concept]))
        assert {short[number] for number in long} == numbers(
            GRAPH, present(solved(GRAPH).equilibria[concept])
        )


def test_ministry_and_company_go_on_together_to_what_happened_at_elmira() -> None:
    found = run(open_case(GRAPH), "stability", changes={"game.status_quo": "s5"})
    assert isinstance(found, StabilityResult)
    jumps = present(found.jumps)
    assert [(jump.coalition, jump.to) for jump in jumps] == [(("ministry", "uniroyal"), "s8")]


def test_prisoners_leave_the_dilemma_only_together() -> None:
    jumps = present(solved("prisoners-dilemma").jumps)
    assert [(jump.coalition, jump.to) for jump in jumps] == [(("first", "second"), "YY")]


def test_a_blockade_and_a_withdrawal_is_what_deterrence_leaves_of_the_crisis() -> None:
    shares = solved(CUBA).shares
    assert shares["seq"]["NYYN"].share == 1
    assert "NYYN" not in shares["nash"]
