"""Programs of a deal: rows, binaries and tangents, and what they say when nothing can be solved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import (
    Node,
    Threshold,
    Voter,
    all_of,
    any_of,
    minimal_winning,
    renumbered,
    vetoers,
)
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.exact.coalitions import alike
from detente.lenses.winset.exact.linear import Answer, Program
from detente.lenses.winset.exact.piece import Piece, best_margin
from detente.lenses.winset.exact.program import deal_program, worst_loss
from detente.lenses.winset.exact.zone import zone
from tests.lenses.winset import literal_zone as literal
from tests.lenses.winset.exact_deals import deal, deals, majority, rules

FEW = settings(max_examples=30)


def test_costs_bounds_rows_and_slacks_make_a_program() -> None:
    program = Program()
    x, y = program.column(0, 4, cost=-1.0), program.column(0, 4, cost=-2.0)
    row = program.at_most([(x, 1.0), (y, 1.0), (y, 1.0)], 6.0)
    program.exactly([(x, 1.0), (y, -1.0)], 0.0)
    answer = program.solve()
    assert answer.columns == pytest.approx([2, 2])
    assert answer.value == answer.bound == pytest.approx(-6)
    assert answer.marginals is not None
    assert answer.marginals[row] == pytest.approx(-1)
    program.term(row, program.column(0, 3, cost=0.1), -1.0)
    assert program.solve().value == pytest.approx(-9 + 0.3)


def test_what_cannot_be_solved_is_an_answer_not_an_exception() -> None:
    program = Program()
    x = program.column(cost=-1.0)
    assert program.solve().status == "unbounded"
    program.at_most([(x, 1.0)], -1.0)
    impossible = program.solve()
    assert (impossible.status, impossible.columns, impossible.value) == ("infeasible", None, np.inf)
    assert impossible.reason
    program.integer[x] = 1
    assert program.solve().status == "infeasible"


@given(st.floats(0, 1), st.floats(-1, 1))
@FEW
def test_tangents_follow_a_square_to_its_least(start: float, slope: float) -> None:
    program = Program()
    x = program.column(0.0, 1.0, cost=slope)
    y = program.square(x, [start])
    program.cost[y] = 1.0
    answer = program.solve()
    least = min(max(-slope / 2, 0.0), 1.0)
    assert answer.columns is not None
    assert answer.value == pytest.approx(least**2 + slope * least, abs=1e-8)
    assert answer.bound <= least**2 + slope * least + 1e-9


def test_tangents_follow_a_logarithm_to_its_greatest_product() -> None:
    program = Program()
    x, y = program.column(0.0), program.column(0.0)
    program.at_most([(x, 1.0), (y, 2.0)], 1.0)
    for gain in (x, y):
        program.cost[program.logarithm(gain, [0.1, 1.0])] = -1.0
    answer = program.solve()
    assert answer.columns is not None
    assert answer.columns[[x, y]] == pytest.approx([0.5, 0.25], abs=1e-3)
    assert answer.value == pytest.approx(-np.log(0.125), abs=1e-8)


def test_whole_numbers_and_curves_go_together() -> None:
    program = Program()
    x = program.column(0.0, 3.0, cost=-3.0, integer=True)
    y = program.square(x, [0.0])
    program.cost[y] = 1.0
    answer = program.solve()
    assert answer.value == pytest.approx(-2)
    assert answer.bound <= -2


def replaced(monkeypatch: pytest.MonkeyPatch, name: str, **found: Any) -> None:
    """Let the solver say something else."""
    result = scipy.optimize.OptimizeResult(x=None, message="as told", **found)
    monkeypatch.setattr(scipy.optimize, name, lambda *_, **__: result)


def whole() -> Program:
    program = Program()
    x = program.column(0.0, 3.0, cost=-3.0, integer=True)
    program.cost[program.square(x, [0.0])] = 1.0
    return program


@pytest.mark.parametrize(("status", "says"), [(1, "limit"), (4, "failed"), (99, "failed")])
def test_a_solver_that_gives_up_is_reported(monkeypatch: pytest.MonkeyPatch, status: int, says: str) -> None:
    replaced(monkeypatch, "linprog", status=status)
    one = deal([[0.2, 0.4], [0.6, 0.8]], [[0.5, 0.5]] * 2, [0.05, 0.05])
    found = zone(one)
    assert (found.status, found.bound, found.reason) == ("unknown", np.inf, "as told")
    apart = replace(one, floor=np.array([[[0.3, 0], [0, 0]]]), ceiling=np.array([[[1, 1], [0.2, 1]]]))
    assert zone(apart).status == "none"
    easy = zone(replace(one, radius=np.array([[0.5, 0.5]])))
    assert easy.status == "deal"
    assert easy.bound == np.inf
    program = Program()
    program.column(cost=1.0)
    assert program.solve().status == says
    replaced(monkeypatch, "milp", status=status)
    assert whole().solve().status == says
    hard = deal(
        np.random.default_rng(0).random((11, 2)), np.full((11, 2), 0.5), np.full(11, 0.05), majority(6, 11)
    )
    assert zone(hard).status == "unknown"


def test_whole_only_within_tolerance_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, "linprog", status=2)
    answer = whole().solve()
    assert (answer.status, answer.columns) == ("failed", None)
    assert "tolerance" in answer.reason


def test_a_program_that_runs_out_of_time_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    program = whole()
    program.integer.append(0)
    original = scipy.optimize.milp

    def late(*args: Any, **options: Any) -> Any:
        found = original(*args, **options)
        found.status, found.message = 1, "late"
        return found

    program = whole()
    monkeypatch.setattr(scipy.optimize, "milp", late)
    answer = program.solve()
    assert (answer.status, answer.reason) == ("limit", "late")
    assert answer.columns is not None


def test_tangents_that_never_close_the_gap_end_at_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.lenses.winset.exact.linear.ROUNDS", 1)
    program = Program()
    x = program.column(0.0, 1.0, cost=-0.3)
    program.cost[program.square(x, [0.0, 1.0])] = 1.0
    answer = program.solve()
    assert answer.status == "limit"
    assert answer.columns is not None
    assert whole().solve().status == "failed"


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
    assert listed is not None
    assert {frozenset(np.flatnonzero(own).tolist()) for own in listed} == literal.minimal_winning(rule, 5)
    sure = [v for v in range(5) if all(v in own for own in literal.minimal_winning(rule, 5))]
    expected = sure if listed else []
    assert np.flatnonzero(vetoers(rule, 5)).tolist() == expected


def test_too_many_coalitions_are_not_listed() -> None:
    assert minimal_winning(majority(20, 40), 40) is None
    assert minimal_winning(majority(3, 8), 8, most=10) is None
    assert minimal_winning(Threshold(2, ((1, Voter(0)),)), 1) == []
    assert minimal_winning(Threshold(1, ()), 1) == []
    assert not vetoers(Threshold(2, ((1, Voter(0)),)), 1).any()


def test_alike_voters_are_one() -> None:
    one = deal([[0.2, 0.3], [0.5, 0.5], [0.2, 0.9]], [[1.0, 0.0], [0.5, 0.5], [1.0, 0.0]], [0.1, 0.2, 0.1])
    first = alike(one)
    assert first.tolist() == [0, 1, 0]
    rule = renumbered(all_of(Voter(2), any_of(Voter(1), Voter(0))), first)
    assert literal.minimal_winning(rule, 3) == {frozenset({0})}
    farther = replace(one, radius=np.array([[0.1, 0.2, 0.3]]))
    assert alike(farther).tolist() == [0, 1, 2]


def test_a_piece_that_needs_somebody_who_refuses_everything_is_empty() -> None:
    one = deal([[0.2], [0.6]], [[1], [1]], [0.5, -np.inf])
    best = best_margin(Piece(one, np.array([True, True])))
    assert (best.answer.status, best.package, best.weights) == ("infeasible", None, None)
    model = deal_program(one, all_of(Voter(0), Voter(1)))
    assert model.program.solve().status == "infeasible"
    either = deal_program(one, any_of(Voter(0), Voter(1)))
    assert either.counted(either.program.solve()).tolist() == [True, False]
    assert either.read(Answer("failed")) is None
