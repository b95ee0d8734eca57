"""Programs that grow: rows, whole numbers and tangents; what they say when nothing can be solved; and no noise."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.lenses import programs
from detente.lenses.programs import Answer, Program

FEW = settings(max_examples=30)


def test_costs_bounds_rows_and_slacks_make_a_program() -> None:
    program = Program()
    x, y = program.column(0, 4, cost=-1.0), program.column(0, 4, cost=-2.0)
    row = program.at_most([(x, 1.0), (y, 1.0), (y, 1.0)], 6.0)
    program.exactly([(x, 1.0), (y, -1.0)], 0.0)
    answer = program.solve()
    assert answer.columns == pytest.approx([2, 2])
    assert answer.value == answer.bound == pytest.approx(-6)
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
    program.integer[x] = True
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


@FEW
@given(st.integers(0, 10**6))
def test_whole_numbers_cost_what_the_best_of_all_choices_costs(seed: int) -> None:
    random = np.random.default_rng(seed)
    cost, weight = random.integers(-5, 6, 6).astype(float), random.integers(-4, 5, (3, 6)).astype(float)
    least, most = random.integers(-6, 1, 3), random.integers(0, 7, 3)
    program = Program()
    columns = [program.column(0.0, 1.0, cost=c, integer=True) for c in cost]
    for row, low, high in zip(weight, least, most, strict=True):
        program.row(dict(zip(columns, row.tolist(), strict=True)), float(low), float(high))
    choices = np.array(list(itertools.product((0.0, 1.0), repeat=6)))
    sums = choices @ weight.T
    fits = ((sums >= least) & (sums <= most)).all(axis=1)
    answer = program.solve()
    assert fits[0]  # nothing at all always fits
    assert answer.status == "optimal"
    assert answer.value == pytest.approx((choices[fits] @ cost).min())
    assert answer.bound <= answer.value <= answer.bound + 1e-5
    assert answer.columns is not None
    assert (np.abs(answer.columns - np.round(answer.columns)) < 1e-9).all()


def test_a_program_without_columns_costs_nothing() -> None:
    answer = Program().solve()
    assert (answer.status, answer.value, answer.bound) == ("optimal", 0.0, 0.0)


def knapsack(seed: int = 0, count: int = 40) -> Program:
    """Return a program over whole numbers that takes some search."""
    random = np.random.default_rng(seed)
    program = Program()
    columns = [program.column(0.0, 1.0, cost=-float(c), integer=True) for c in random.integers(40, 99, count)]
    for _ in range(8):
        weights = random.integers(20, 99, count)
        terms = [(k, float(w)) for k, w in zip(columns, weights, strict=True)]
        program.at_most(terms, float(weights.sum() // 3) + 0.5)
    return program


def test_a_limit_of_branches_stops_the_search_with_a_bound_that_holds() -> None:
    whole = knapsack().solve()
    stopped = knapsack().solve(branches=1)
    assert whole.status == "optimal"
    assert whole.branches > 1
    assert stopped.status == "limit"
    assert stopped.bound <= whole.value + 1e-6
    assert stopped.value >= whole.value - 1e-6


def whole() -> Program:
    program = Program()
    x = program.column(0.0, 3.0, cost=-3.0, integer=True)
    program.cost[program.square(x, [0.0])] = 1.0
    return program


def told(monkeypatch: pytest.MonkeyPatch, *, mixed: bool | None = None, **changes: Any) -> None:
    """Let the solver say something else, of every program, of mixed ones, or of those without whole numbers."""
    original = programs._solved

    def says(model: Any, options: Any, seconds: float, is_mixed: bool) -> Answer:
        found = original(model, options, seconds, is_mixed)
        return replace(found, **changes) if mixed in (None, is_mixed) else found

    monkeypatch.setattr(programs, "_solved", says)


@pytest.mark.parametrize("status", ["limit", "failed"])
def test_a_solver_that_gives_up_is_reported(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    told(monkeypatch, status=status, columns=None, reason="as told")
    program = Program()
    program.column(cost=1.0)
    assert (program.solve().status, program.solve().reason) == (status, "as told")
    assert whole().solve().status == status


def test_whole_only_within_tolerance_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, mixed=False, status="infeasible", columns=None)
    answer = whole().solve()
    assert (answer.status, answer.columns) == ("failed", None)
    assert "tolerance" in answer.reason


def test_a_program_that_runs_out_of_time_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, mixed=True, status="limit", reason="late")
    answer = whole().solve()
    assert (answer.status, answer.reason) == ("limit", "late")
    assert answer.columns is not None


def test_tangents_that_never_close_the_gap_end_at_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "ROUNDS", 1)
    program = Program()
    x = program.column(0.0, 1.0, cost=-0.3)
    program.cost[program.square(x, [0.0, 1.0])] = 1.0
    answer = program.solve()
    assert answer.status == "limit"
    assert answer.columns is not None
    assert whole().solve().status == "failed"


NOISY = """
import numpy as np
from detente.lenses.winset.deal import Deal
from detente.case.thresholds import Threshold, Voter, all_of
from detente.lenses.winset.unblock.cheapest_change import cheapest_change, priced
for seed in (18, 117):
    rng = np.random.default_rng(seed)
    V, d = int(rng.integers(3, 9)), int(rng.integers(1, 4))
    salience = rng.dirichlet(np.ones(d), V)[None]
    rule = all_of(Voter(0), Threshold(V // 2, tuple((1, Voter(v)) for v in range(1, V))))
    levels = tuple(np.linspace(0, 1, int(rng.integers(2, 5))) if rng.random() < 0.3 else None for _ in range(d))
    shape = (1, V, d)
    ideal = rng.random(shape)
    floor = np.where(rng.random(shape) < 0.3, 0.6 * rng.random(shape), 0.0)
    ceiling = np.where(rng.random(shape) < 0.3, 0.4 + 0.6 * rng.random(shape), 1.0)
    no_deal = rng.random((1, d))
    loss = "quadratic" if rng.random() < 0.5 else "city_block"
    deal = Deal(ideal, salience, np.zeros((1, V)), floor, ceiling, no_deal, levels, rule, loss)
    deal.radius[:] = deal.losses(no_deal[:, None])[:, 0] - 0.2 * rng.random((1, V))
    assert cheapest_change(deal, priced(deal, salience[0])).status == "found"
"""


def test_nothing_that_a_solver_prints_reaches_the_standard_output() -> None:
    """On these two `scipy.optimize.milp` of SciPy 1.17 prints a line, whatever its options (HiGHS issue 2783)."""
    done = subprocess.run([sys.executable, "-c", NOISY], capture_output=True, check=True)
    assert done.stdout == b""
