"""Tests of how far inside or outside agreement a deal is: by hand, by a linear program, and by its sign."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from detente.case import Case
from detente.case.thresholds import Threshold, Voter, wins
from detente.lenses.run import compare, tornado
from detente.lenses.winset.deal import Acceptance, Deal
from detente.lenses.winset.engine import DEAL, NONE, TOUCHING, verdicts
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.margins import margins, tightened
from tests.lenses.winset.cases import two_capitals

NEAR = 2.0**-14


def random_deal(
    seed: int, draws: int = 6, voters: int = 3, issues: int = 2, loss: str = "city_block"
) -> Deal:
    """Return a deal of random draws, a third of its red lines stated, under the rule that two of three agree."""
    rng = np.random.default_rng(seed)
    shape = (draws, voters, issues)
    salience = rng.random(shape) + 0.05
    no_deal = rng.random((draws, issues))
    made = Deal(
        ideal=rng.random(shape),
        salience=salience / salience.sum(axis=-1, keepdims=True),
        radius=np.zeros(shape[:2]),
        floor=np.where(rng.random(shape) < 0.2, rng.random(shape) * 0.6, 0.0),
        ceiling=np.where(rng.random(shape) < 0.2, 0.4 + rng.random(shape) * 0.6, 1.0),
        no_deal=no_deal,
        levels=(None,) * issues,
        rule=Threshold(2, tuple((1, Voter(v)) for v in range(voters))),
        loss="quadratic" if loss == "quadratic" else "city_block",
    )
    made.radius[:] = made.losses(no_deal[:, None])[:, 0] + rng.normal(0, 0.05, shape[:2])
    return made


def greatest(deal: Deal) -> float:
    """Return the margin of one draw by a linear program per winning coalition: literally its definition."""
    best = -1.0
    issues = deal.issues
    for size in range(1, deal.voters + 1):
        for members in combinations(range(deal.voters), size):
            if not wins(deal.rule, np.isin(np.arange(deal.voters), members)):
                continue
            columns = issues + len(members) * issues + 1  # x, distances, t
            rows, right = [], []
            for m, v in enumerate(members):
                total = np.zeros(columns)
                total[-1] = 1.0
                for i in range(issues):
                    apart = issues + m * issues + i
                    total[apart] = deal.salience[0, v, i]
                    for sign in (1.0, -1.0):
                        row = np.zeros(columns)
                        row[i], row[apart] = sign, -1.0
                        rows.append(row)
                        right.append(sign * deal.ideal[0, v, i])
                    for sign, line, stated in (
                        (-1.0, deal.floor[0, v, i], deal.floor[0, v, i] > 0),
                        (1.0, deal.ceiling[0, v, i], deal.ceiling[0, v, i] < 1),
                    ):
                        if stated:
                            row = np.zeros(columns)
                            row[i], row[-1] = sign, 1.0
                            rows.append(row)
                            right.append(sign * line)
                rows.append(total)
                right.append(deal.radius[0, v])
            goal = np.zeros(columns)
            goal[-1] = -1.0
            bounds = [(0, 1)] * issues + [(0, None)] * (len(members) * issues) + [(-1, 1)]
            found = linprog(goal, A_ub=np.array(rows), b_ub=np.array(right), bounds=bounds)
            if found.status == 0:
                best = max(best, -found.fun)
    return best


@given(st.integers(0, 10_000), st.integers(1, 3))
def test_a_margin_is_what_a_linear_program_finds(seed: int, issues: int) -> None:
    """In every draw, whichever coalition is best, stated red lines tightened with all else."""
    deal = random_deal(seed, draws=2, issues=issues)
    found = margins(deal, verdicts(deal).status)
    for k in range(deal.draws):
        assert found[k] == pytest.approx(greatest(deal.draw(k)), abs=NEAR)


@given(
    st.integers(0, 10_000), st.sampled_from(["strict", "weak"]), st.sampled_from(["city_block", "quadratic"])
)
def test_its_sign_is_the_answer_in_every_draw(seed: int, acceptance: Acceptance, loss: str) -> None:
    """Above 0 exactly where there is a deal, below 0 where there is none, 0 where it touches."""
    deal = random_deal(seed, draws=20, issues=1 + seed % 3, loss=loss)
    deal.radius[::5] = deal.losses(deal.no_deal[:, None])[::5, 0]  # nobody gains: some of these touch
    deal = replace(deal, acceptance=acceptance)
    status = verdicts(deal).status
    found = margins(deal, status)
    assert ((found > 0) == (status == DEAL)).all()
    assert ((found < 0) == (status == NONE)).all()
    assert ((found == 0) == (status == TOUCHING)).all()
    assert ((status == DEAL)[found > 0]).all()


@given(st.integers(0, 10_000), st.floats(-0.2, 0.2))
def test_demands_tightened_by_so_much_lower_it_by_so_much(seed: int, by: float) -> None:
    """Where no stated red line leaves the scale, which is where a line stops to move."""
    deal = random_deal(seed, draws=5)
    deal = replace(
        deal, floor=np.where(deal.floor > 0, 0.4, 0.0), ceiling=np.where(deal.ceiling < 1, 0.6, 1.0)
    )
    more = np.full(deal.draws, by)
    found = margins(deal, verdicts(deal).status)
    harder = tightened(deal, more)
    assert margins(harder, verdicts(harder).status) == pytest.approx(found - by, abs=3 * NEAR)


def test_two_capitals_are_an_eighth_inside_agreement_and_apart_on_each_issue() -> None:
    """By hand: at (1, 0) each has 3 of 4 and asks for 2.5; on one issue what one gains the other loses."""
    view = LENS.view(two_capitals())
    found = view.outcomes(view.table.means[None])
    assert found["all.margin"] == pytest.approx([0.125], abs=NEAR)
    assert found["trade.margin"] == [0.0]
    apart = two_capitals().with_({"actors.north.failure_cost": -0.25, "actors.south.failure_cost": -0.25})
    view = LENS.view(apart)
    assert view.outcomes(view.table.means[None])["all.margin"] == pytest.approx([-0.125], abs=NEAR)
    # The demands of 0.25 are shared by salience: 3/16 and 1/16 on each issue, which the two split evenly.
    assert view.outcomes(view.table.means[None])["trade.margin"] == pytest.approx([-0.125], abs=NEAR)


def test_two_red_lines_apart_are_outside_agreement_by_half_of_what_lies_between() -> None:
    """60 against 45 of 100: both give way by 7.5."""
    data = two_capitals().to_dict()
    land = {"name": "Land", "scale": {0: "back", 100: "lost"}, "no_deal": 50, "failure_cost": 1}
    data["issues"] = {"land": land}
    data["stances"] = {
        "land": {
            "north": {"position": 90, "salience": 1, "accepts": ">= 60"},
            "south": {"position": 10, "salience": 1, "accepts": "<= 45"},
        }
    }
    view = LENS.view(Case.from_dict(data))
    assert view.outcomes(view.table.means[None])["land.margin"] == pytest.approx([-0.075], abs=NEAR)
    result = LENS.simulate(Case.from_dict(data), draws=10).result()
    margin = result.agreements["land"].margin
    assert margin.mean == pytest.approx(-0.075, abs=NEAR)
    assert (margin.draws, margin.mc_error) == (1, 0.0)


def test_a_tornado_tells_the_margin_where_no_input_changes_whether_there_is_a_deal() -> None:
    """And not where one does: then that is told."""
    data = two_capitals().to_dict()
    data["actors"]["north"]["failure_cost"] = "-0.3..-0.2"
    data["actors"]["south"]["failure_cost"] = -0.25
    told = tornado(Case.from_dict(data), "winset")
    assert not told.bars["all.deal"]
    (bar,) = told.bars["all.margin"]
    assert bar.at_low < bar.at_high < 0
    text = " ".join(block.model_dump_json() for block in told.blocks())
    assert "Margin of agreement" in text
    assert "All issues together: " in text
    data["actors"]["north"]["failure_cost"] = "-0.3..0.6"
    told = tornado(Case.from_dict(data), "winset")
    assert told.bars["all.deal"]
    assert "All issues together: " not in " ".join(block.model_dump_json() for block in told.blocks())


def test_a_comparison_tells_the_margin_where_no_version_has_a_deal() -> None:
    """None in both versions, but nearer in one: by hand -0.3125 (arms at 25) and -0.1125 (trade at 95)."""
    base = two_capitals().with_({"actors.north.failure_cost": -0.5, "actors.south.failure_cost": -0.25})
    near = base.with_({"actors.north.failure_cost": -0.2})
    found = compare({"far": base, "near": near}, "winset", draws=10)
    assert found.differences["all.margin"]["near"].mean == pytest.approx(0.2, abs=2 * NEAR)
    assert "Margin of agreement" in " ".join(block.model_dump_json() for block in found.blocks())
