"""Rules as trees of thresholds: who wins, by how much, and what blocks."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Threshold, Voter, all_of, any_of, dual, margin, voters, wins
from tests.lenses.power.games import rules
from tests.lenses.power.literal_power import blocking, coalitions, holds, winning


def agreed(n: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return every coalition as a row."""
    return np.array([[v in one for v in range(n)] for one in coalitions(range(n))])


@given(rules())
@settings(max_examples=60)
def test_a_coalition_wins_exactly_if_the_weights_of_its_parts_reach_the_quotas(rule: Threshold) -> None:
    n = len(list(voters(rule)))
    expected = [holds(rule, one) for one in coalitions(range(n))]
    assert wins(rule, agreed(n)).tolist() == expected


@given(rules(), st.data())
@settings(max_examples=60)
def test_the_margin_is_the_highest_level_that_a_winning_coalition_reaches(
    rule: Threshold, data: st.DataObject
) -> None:
    n = len(list(voters(rule)))
    level = st.integers(-3, 3).map(float) | st.just(-math.inf)
    margins = np.array(data.draw(st.lists(level, min_size=n, max_size=n)))
    best = max(min(margins[v] for v in one) for one in winning(rule, n))
    assert margin(rule, margins) == best


@given(rules())
@settings(max_examples=60)
def test_the_dual_wins_with_those_who_can_block_and_its_dual_is_the_rule(rule: Threshold) -> None:
    n = len(list(voters(rule)))
    assert winning(dual(rule), n) == blocking(winning(rule, n), n)
    assert dual(dual(rule)) == rule


def test_rules_that_always_or_never_hold_have_no_finite_margin() -> None:
    nobody, anybody = Threshold(2, ((1, Voter(0)),)), Threshold(0, ((1, Voter(0)),))
    assert margin(nobody, np.array([0.5])) == -math.inf
    assert margin(anybody, np.array([0.5])) == math.inf
    assert not wins(nobody, np.array([True]))
    assert wins(anybody, np.array([False]))


def test_an_actor_of_several_seats_stands_together() -> None:
    both = all_of(Voter(0, 49), Voter(1))
    assert wins(both, np.array([[True, True], [True, False], [False, True]])).tolist() == [True, False, False]
    either = any_of(Voter(0, 49), Voter(1))
    assert wins(either, np.array([[False, True], [False, False]])).tolist() == [True, False]
