"""The program of a deal: rows, binaries and slacks, and who is counted on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Node, Threshold, Voter, all_of, any_of, vetoers
from detente.lenses.programs import Answer
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.deal_program import deal_program, worst_loss
from tests.lenses.winset import literal_zone as literal
from tests.lenses.winset.one_draw import zone
from tests.lenses.winset.sample_deals import deal, deals, rules
from tests.oracles.zone import minimal_winning, pieces

FEW = settings(max_examples=30)


def test_red_lines_and_acceptance_take_slack() -> None:
    one = deal([[0.2], [0.9]], [[1], [1]], [0.1, 0.2], floor=[[0], [0.8]], ceiling=[[0.5], [1]])
    model = deal_program(one, np.array([True, True]))
    assert sorted(model.floors) == [(1, 0)]
    assert sorted(model.ceilings) == [(0, 0)]
    for row in (*model.accepts.values(), *model.floors.values(), *model.ceilings.values()):
        model.program.term(row, model.program.column(cost=1.0), -1.0)
    # At .5: .2 too far for the first, .2 for the second, .3 below its floor; at .8: .5, .3 above the ceiling.
    assert model.program.solve().value == pytest.approx(0.7)


@FEW
@given(deals(voters=4, issues=2))
def test_whoever_is_counted_on_accepts(one: Deal) -> None:
    model = deal_program(one, one.rule)
    package = model.read(answer := model.program.solve())
    possible = zone(one, acceptance="weak")
    if package is None:
        assert possible.margin < 1e-5
        return
    assert possible.margin > -1e-5
    counted = model.counted(answer)
    assert literal.consents(one.rule, frozenset(np.flatnonzero(counted).tolist()))
    for v in np.flatnonzero(counted):
        eased = replace(one, floor=one.floor - 1e-5, ceiling=one.ceiling + 1e-5)
        assert literal.margin_of(eased, int(v), tuple(package)) >= -1e-5


@FEW
@given(deals(voters=3, issues=2), st.data())
def test_no_package_costs_more_than_the_worst_loss(one: Deal, data: st.DataObject) -> None:
    v = data.draw(st.integers(0, one.voters - 1))
    corners = np.array([[a, b] for a in (0.0, 1.0) for b in (0.0, 1.0)])[:, : one.issues]
    assert worst_loss(one, v) == pytest.approx(one.losses(corners[None])[0, :, v].max())


@FEW
@given(rules(5))
def test_minimal_winning_coalitions_are_those_of_the_definition(rule: Node) -> None:
    listed = minimal_winning(rule, 5)
    assert {frozenset(np.flatnonzero(own).tolist()) for own in listed} == literal.minimal_winning(rule, 5)
    sure = [v for v in range(5) if all(v in own for own in literal.minimal_winning(rule, 5))]
    expected = sure if listed else []
    assert np.flatnonzero(vetoers(rule, 5)).tolist() == expected


def test_a_rule_that_nobody_can_meet_has_no_coalition_and_no_vetoer() -> None:
    assert minimal_winning(Threshold(2, ((1, Voter(0)),)), 1) == []
    assert minimal_winning(Threshold(1, ()), 1) == []
    assert not vetoers(Threshold(2, ((1, Voter(0)),)), 1).any()


def test_who_refuses_everything_is_not_counted_on() -> None:
    one = deal([[0.2], [0.6]], [[1], [1]], [0.5, -np.inf])
    model = deal_program(one, all_of(Voter(0), Voter(1)))
    assert model.program.solve().status == "infeasible"
    assert [deal_program(*piece).program.solve().status for piece in pieces(one)] == ["infeasible"]
    either = deal_program(one, any_of(Voter(0), Voter(1)))
    assert either.counted(either.program.solve()).tolist() == [True, False]
    assert either.read(Answer("failed")) is None
