"""Tests that proofs prove, by the arithmetic that the documentation states and nothing else of the program."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.agreements import Proof
from detente.lenses.winset.engine import NONE, verdicts
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.unblock.cheapest_change import cheapest_change, priced
from detente.lenses.winset.unblock.proofs import cheapest, refused
from tests.lenses.winset.cases import two_capitals

ACTORS, ISSUES = ("a", "b", "c"), ("x", "y")


def answered(case: Case) -> WinsetResult:
    result = LENS.simulate(case, draws=1, workers=1).result()
    assert isinstance(result, WinsetResult)
    return result


def three(seed: int, loss: str, shift: float, **parts: Any) -> Case:
    """Return a case without doubt of three actors and two issues, with red lines at random."""
    rng = np.random.default_rng(seed)

    def stance() -> dict[str, Any]:
        line = rng.choice(["", ">= ", "<= "], p=[0.6, 0.2, 0.2])
        limit = {"accepts": f"{line}{rng.integers(30, 70)}"} if line else {}
        return {"position": int(rng.integers(0, 101)), "salience": float(rng.integers(1, 11)) / 10, **limit}

    return Case.from_dict(
        {
            "title": "Three",
            "actors": {a: {"name": a, "influence": 1, "failure_cost": shift} for a in ACTORS},
            "issues": {
                i: {"name": i, "scale": {0: "no", 100: "yes"}, "no_deal": int(rng.integers(0, 101))}
                for i in ISSUES
            },
            "stances": {i: {a: stance() for a in ACTORS} for i in ISSUES},
            "consent": {"all_of": list(ACTORS)},
            "options": {"winset": {"loss": loss}},
            **parts,
        }
    )


def total(proof: Proof, case: Case, issues: tuple[str, ...]) -> float:
    """Return the sum that the documentation states, x tried at every hundredth of the scale and in between."""
    salience = {a: sum(case.stances[i][a].salience.mean for i in issues) for a in ACTORS}
    found = -sum(weight * proof.without[a] for a, weight in proof.weights.items())
    square = case.options.winset.loss == "quadratic"
    for issue in issues:
        low, high = proof.within[issue]
        x = np.linspace(low, high, 20_001)
        own = np.zeros(x.size)
        for a, weight in proof.weights.items():
            stance = case.stances[issue][a]
            apart = np.abs(x - stance.aim.mean) / 100
            own += weight * stance.salience.mean / salience[a] * (apart**2 if square else apart)
        for line in proof.lines:
            if line.issue == issue:
                own += line.weight * (line.value - x if line.kind == "floor" else x - line.value) / 100
        assert proof.least[issue] == pytest.approx(own.min(), abs=1e-4)
        assert proof.least[issue] <= own.min() + 1e-12
        found += proof.least[issue]
    return found


def bounds(case: Case, issue: str) -> tuple[float, float]:
    """Return the red lines of all three on an issue, else the ends of its scale."""
    accepts = [case.stances[issue][a].accepts for a in ACTORS]
    lower = [one.lower.mean for one in accepts if one is not None and one.lower is not None]
    upper = [one.upper.mean for one in accepts if one is not None and one.upper is not None]
    return max(lower, default=0.0), min(upper, default=100.0)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["city_block", "quadratic"]), st.sampled_from([-0.1, 0.0]))
def test_no_deal_is_proven_by_weights_or_by_bounds(seed: int, loss: str, shift: float) -> None:
    """Where all three must agree nothing else is needed: each proof adds up, and says no."""
    case = three(seed, loss, shift)
    view = LENS.view(case)
    for terms in view.deals:
        deal = view.deal(terms, view.table.means[None])
        if verdicts(deal, acceptance="weak").status[0] != NONE:
            continue
        proof = refused(deal)
        assert proof is not None, terms
        for issue, ends in proof.within.items():
            assert ends == pytest.approx(bounds(case, issue))
        if proof.total is None:
            ((low, high),) = proof.within.values()
            assert low > high
            assert not proof.weights
        else:
            assert proof.total > 0
            assert proof.total == pytest.approx(total(proof, case, terms.issues), abs=1e-9)
            assert sum(proof.weights.values()) == pytest.approx(1)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["city_block", "quadratic"]), st.sampled_from([-0.1, 0.0]))
def test_a_proof_on_discrete_issues_adds_up_over_their_settlements(
    seed: int, loss: str, shift: float
) -> None:
    """Literally: the least of the sum over the five settlements of each issue that the red lines allow."""
    scale = {0: "no", 20: "hardly", 50: "half", 70: "mostly", 100: "yes"}
    case = three(seed, loss, shift)
    case = case.with_(
        {f"issues.{i}.{key}": of for i in ISSUES for key, of in (("scale", scale), ("discrete", True))}
    )
    view = LENS.view(case)
    deal = view.deal(view.deals[0], view.table.means[None])
    assume(verdicts(deal, acceptance="weak").status[0] == NONE)
    proof = refused(deal)
    assume(proof is not None)
    assert proof is not None
    found = -sum(weight * proof.without[a] for a, weight in proof.weights.items())
    for issue, (low, high) in proof.within.items():
        allowed = [x for x in scale if low - 1e-6 <= x <= high + 1e-6]
        if proof.total is None:
            assert not allowed
            return
        sums = []
        for x in allowed:
            own = 0.0
            for a, weight in proof.weights.items():
                stance, whole = case.stances[issue][a], sum(case.stances[i][a].salience.mean for i in ISSUES)
                apart = abs(x - stance.aim.mean) / 100
                own += weight * stance.salience.mean / whole * (apart**2 if loss == "quadratic" else apart)
            sums.append(own)
        assert proof.least[issue] == pytest.approx(min(sums))
        found += min(sums)
    assert proof.total == pytest.approx(found)
    assert found > 0


@settings(deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["city_block", "quadratic"]))
@example(1463, "city_block")  # somebody gains .93 of the edge, which is enough
def test_no_concession_is_cheaper_than_its_proof_says(seed: int, loss: str) -> None:
    """The sum is the bound, the bound is the cost, and no weight is above what giving way costs: saliences."""
    case = three(seed, loss, -0.05)
    view = LENS.view(case)
    deal = view.deal(view.deals[0], view.table.means[None])
    opening = cheapest_change(deal, priced(deal, view.costs(view.deals[0], view.table.means[None])))
    assume(opening.status == "found")
    assert opening.multipliers is not None
    proof = cheapest(deal, opening.multipliers)
    assert proof.total is not None
    assert proof.total == pytest.approx(total(proof, case, ISSUES), abs=1e-9)
    assert proof.total == pytest.approx(opening.total, abs=3e-5)
    enough = opening.multipliers.edge / 2  # so small a gain is one
    assert proof.total <= opening.total + deal.voters * enough
    whole = {a: sum(case.stances[i][a].salience.mean for i in ISSUES) for a in ACTORS}
    assert all(weight <= 1 + 1e-9 for weight in proof.weights.values())  # of all issues together
    for line in proof.lines:
        assert line.weight <= case.stances[line.issue][line.actor].salience.mean / whole[line.actor] + 1e-9


def test_two_capitals_that_ask_for_more_are_refused_by_half_a_weight_each() -> None:
    """By hand: the average of both margins is at best (6 - 7) / 8 of the scale."""
    case = two_capitals().with_({"actors.north.failure_cost": -0.25, "actors.south.failure_cost": -0.25})
    whole = answered(case).deals["all"]
    proof = whole.centre.proof
    assert proof is not None
    assert proof.total is not None
    assert 0 < proof.total <= 0.125 + 1e-9
    assert proof.without == pytest.approx({"north": 0.125, "south": 0.125})
    assert whole.opening is not None
    assert whole.opening.proof is not None
    assert whole.opening.proof.weights == pytest.approx({"north": 1, "south": 1}, abs=1e-6)
    assert whole.opening.proof.total == pytest.approx(0.25, abs=1e-5)


def test_a_vote_with_a_choice_has_no_proof_by_one_sum() -> None:
    """None is made up where it took a search over coalitions."""
    case = three(4, "city_block", -0.4, consent={"at_least": 2, "of": list(ACTORS)})
    answer = answered(case).deals["all"]
    assert answer.centre.status == "none"
    assert answer.centre.proof is None
    assert answer.opening is not None
    assert answer.opening.proof is None
