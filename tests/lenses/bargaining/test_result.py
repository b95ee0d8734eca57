"""What many draws are summed up to: agreement of methods, baselines, pulls, and trades counted once a draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.lenses.bargaining import LENS, BargainingResult
from detente.lenses.bargaining.nash import nash_bargain

Stances = Mapping[str, Mapping[str, tuple[object, object]]]


def case(stances: Stances, *, options: Any = None, **issue: Any) -> Case:
    """Return a case of equal influences from issue → actor → (position, salience)."""
    actors = sorted({actor for held in stances.values() for actor in held})
    return Case.from_dict(
        {
            "title": "T",
            "actors": {name: {"name": name.upper(), "influence": 1} for name in actors},
            "issues": {
                name: {"name": f"Issue {name}", "scale": {0: "none", 100: "all"}, **issue} for name in stances
            },
            "stances": {
                name: {actor: {"position": x, "salience": s} for actor, (x, s) in held.items()}
                for name, held in stances.items()
            },
            "options": {"bargaining": options or {"methods": ["mean", "median"]}},
        }
    )


def solved(given: Case, draws: int = 1000) -> BargainingResult:
    return LENS.simulate(given, draws=draws, seed=2, workers=1).result()


@pytest.mark.parametrize(("third", "share"), [(27, 1), (30, 1), (33, 0), ("27..33", 0.5)])
def test_methods_agree_where_they_lie_within_a_tenth_of_the_scale(third: object, share: float) -> None:
    """Of three equals at 0, 0 and x the median stays at 0 and the mean is x/3: a tenth apart at x = 30."""
    found = solved(case({"i": {"a": (0, 1), "b": (0, 1), "c": (third, 1)}})).agreement["i"]
    assert found.within_tenth == pytest.approx(share, abs=0.05 if 0 < share < 1 else 0)
    assert (found.lowest, found.highest) == ("median", "mean")


@pytest.mark.parametrize("count", [1, 3, 7])
def test_the_plain_mean_of_one_position_is_that_position_to_the_last_bit(count: int) -> None:
    given = case({"i": {f"a{k}": (0.1, 1) for k in range(count)}})
    assert solved(given).baselines["i"]["unweighted_mean"].mean == 0.1


def test_the_plain_mean_counts_everybody_alike_and_the_other_baseline_is_no_deal() -> None:
    given = case({"i": {"a": (10, 0.1), "b": (40, 1), "c": (70, 0.5), "d": (20, 0)}}, no_deal="30 ± 5")
    baselines = solved(given).baselines["i"]
    assert baselines["unweighted_mean"].mean == pytest.approx(35)
    assert baselines["no_deal"].mean == pytest.approx(30, abs=1)


def test_a_pull_is_averaged_over_all_draws_of_all_blocks() -> None:
    """The pull of a on the mean is s/(s+1), the mean of which is 1 − ln 2 for s even on 0..1 (∫ s/(1+s) ds)."""
    given = case({"i": {"a": (0, "0..1"), "b": (100, 1)}})
    pulls = solved(given, draws=5000).pull["i"]
    assert pulls["a"].position == pytest.approx(1 - np.log(2), abs=0.01)
    assert pulls["a"].position + pulls["b"].position == pytest.approx(1)
    assert set(pulls) == {"a", "b"}


TRADERS: Stances = {
    "i": {"a": (0, 0.9), "b": (100, 0.2), "c": (100, 0.5)},
    "j": {"a": (0, 0.2), "b": (100, 0.9), "c": (0, 0.5)},
}


def traded(rounds: int, first: object = 0) -> BargainingResult:
    stances: Stances = {**TRADERS, "i": {**TRADERS["i"], "a": (first, 0.9)}}
    options = {"methods": ["mean", "exchange"], "exchange": {"rounds": rounds}}
    return solved(case(stances, options=options), draws=200)


def test_a_pair_that_trades_twice_in_a_draw_counts_once() -> None:
    """In two rounds b and a trade the same issues again: their gain grows, the share of draws does not."""
    once, twice = ((traded(rounds).trades or ())[0] for rounds in (1, 2))
    assert (once.first, once.second, once.gives_first, once.gives_second) == ("b", "a", "i", "j")
    assert (twice.first, twice.second) == (once.first, once.second)
    assert twice.gain > 1.5 * once.gain
    assert once.share == twice.share == 1
    doubtful = traded(2, "0..20").trades or ()
    assert max(trade.share for trade in doubtful) == 1
    assert all(0 < trade.share <= 1 for trade in doubtful)


def test_the_trade_told_is_the_one_that_gains_most_and_its_shares_are_over_all_draws() -> None:
    found = traded(4)
    gains = [trade.gain for trade in (found.trades or ())]
    assert len(gains) == 3
    assert gains == sorted(gains, reverse=True)
    told = next(finding for finding in found.findings if finding.id == "trade")
    assert told.numbers == {"share": (found.trades or ())[0].share}
    assert told.drivers == ("stances.i.b.salience", "stances.j.a.salience")


def test_a_forecast_rests_on_the_three_who_pull_hardest_the_strongest_first() -> None:
    weights = {"a": (10, 0.2), "b": (90, 0.8), "c": (40, 0.5), "d": (60, 0.9)}
    found = {finding.id: finding for finding in solved(case({"i": weights})).findings}
    assert found["settles.i"].drivers == tuple(f"stances.i.{actor}.position" for actor in "dbc")
    assert found["pull.i"].drivers == ("stances.i.d.salience", "actors.d.influence")
    assert found["pull.i"].numbers == dict.fromkeys(
        ("lowest_share", "highest_share"), pytest.approx(0.9 / 2.4)
    )


@pytest.mark.parametrize(("third", "told"), [(29, False), (31, True)])
def test_disagreement_is_told_beyond_a_tenth_of_the_scale(third: float, told: bool) -> None:
    found = solved(case({"i": {"a": (0, 1), "b": (0, 1), "c": (third, 1)}})).findings
    findings = [one for one in found if one.id == "methods.i"]
    assert bool(findings) is told
    for finding in findings:
        assert finding.numbers == {"lowest": 0, "highest": pytest.approx(31 / 3)}


@pytest.mark.parametrize(("low", "told"), [(49, False), (20, True)])
def test_that_no_deal_would_be_better_is_told_from_a_twentieth_of_draws_on(low: float, told: bool) -> None:
    """With no deal at 50 and b at 100, nothing is better for both exactly where a is below 50."""
    given = case(
        {"i": {"a": (f"{low}..90", 1), "b": (100, 1)}}, options={"methods": ["mean", "nash"]}, no_deal=50
    )
    found = solved(given)
    share = found.issues["i"]["nash"].no_agreement
    assert share == pytest.approx((50 - low) / (90 - low), abs=0.05)
    finding = [one for one in found.findings if one.id == "no_agreement.i"]
    assert bool(finding) is told
    assert all(one.drivers == ("issues.i.no_deal",) for one in finding)


def test_however_little_failure_costs_some_deal_is_better_for_all() -> None:
    """With κ > 0 an agreement always exists, even one too narrow to be seen between two numbers."""
    sides, point, one = np.array([[[0.0, 100.0]]]), np.array([[50.0]]), np.ones((1, 1, 2))
    for cost, agreed in ((1e-40, True), (0.0, False)):
        found = nash_bargain(sides, one, one, point, np.array([[cost]]), np.zeros(1), np.full(1, 100.0))
        assert found.agreement.tolist() == [[agreed]]
        assert found.outcome.tolist() == [[50.0]]
