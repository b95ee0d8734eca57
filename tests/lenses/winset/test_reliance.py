"""Tests of what a deal rests on: by running the case without it, and by the closed form of two red lines."""

from __future__ import annotations

from statistics import NormalDist

import pytest

from detente.case import Case
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.lens import LENS
from tests.lenses.winset.cases import two_capitals

DRAWS = 900


def answered(case: Case, draws: int = DRAWS) -> WinsetResult:
    result = LENS.simulate(case, draws=draws, seed=3, workers=1).result()
    assert isinstance(result, WinsetResult)
    return result


def costly() -> Case:
    """Return a case in which both capitals would rather have a bad deal than none."""
    return two_capitals().with_(
        {
            "actors.north.failure_cost": "0..0.2",
            "actors.south.failure_cost": 0.1,
            "issues.trade.failure_cost": "0..0.1",
            "issues.arms.no_deal": "15..35",
        }
    )


def test_costs_of_failure_set_aside_give_what_a_case_without_them_gives() -> None:
    """Each by itself, those of all actors, of all issues, and all: the same draws, so exactly the same share."""
    result = answered(costly())
    aside = {(one.kind, one.actor, one.issue): one for one in result.rests["trade"].failure_costs}
    changes = {
        ("failure_cost", "north", None): {"actors.north.failure_cost": None},
        ("failure_cost", None, "trade"): {"issues.trade.failure_cost": None},
        ("failure_costs_of_actors", None, None): {
            "actors.north.failure_cost": None,
            "actors.south.failure_cost": None,
        },
        ("failure_costs", None, None): {
            "actors.north.failure_cost": None,
            "actors.south.failure_cost": None,
            "issues.trade.failure_cost": None,
        },
    }
    for key, changed in changes.items():
        elsewhere = answered(costly().with_(changed)).chance("trade")
        assert aside[key].high == result.chance("trade").probability
        assert aside[key].low == pytest.approx(elsewhere.probability), key
        assert aside[key].change == pytest.approx(aside[key].high - aside[key].low)


def test_two_red_lines_that_must_meet_are_told_with_how_often_they_do() -> None:
    """A price exists where the limits meet, P = Phi(10 / sqrt(200))."""
    data = two_capitals().to_dict()
    price = {"name": "Price", "scale": {0: "free", 200: "dear"}, "no_deal": 0, "failure_cost": 2}
    data["issues"] = {"price": price}
    data["stances"] = {
        "price": {
            "north": {"position": 0, "salience": 1, "accepts": "<= 110 ± 10"},
            "south": {"position": 200, "salience": 1, "accepts": ">= 100 ± 10"},
        }
    }
    result = answered(Case.from_dict(data), 9_000)
    (overlap,) = result.rests["price"].overlaps
    assert (overlap.issue, overlap.floor, overlap.ceiling) == ("price", "south", "north")
    assert overlap.probability == pytest.approx(NormalDist().cdf(10 / 200**0.5), abs=3 * overlap.mc_error)
    assert (overlap.with_deal, overlap.decides) == (1.0, True)


def test_a_deal_without_costs_of_failure_and_red_lines_rests_on_none() -> None:
    data = two_capitals().to_dict()
    for actor in data["actors"].values():
        actor["influence"] = "0.5..1"
    data["stances"]["trade"]["north"]["salience"] = "0.7499..0.7501"
    rests = answered(Case.from_dict(data)).rests["all"]
    assert rests.failure_costs == ()
    assert rests.overlaps == ()


def test_levers_of_a_deal_that_no_draw_has_are_told_by_the_margin() -> None:
    """60 against 45 and 90 against 20: no single red line opens the way, but either of a pair brings it nearer."""
    data = two_capitals().to_dict()
    lines = {"trade": (">= 60", "<= 45"), "arms": (">= 90", "<= 20")}
    for issue, (north, south) in lines.items():
        data["issues"][issue]["failure_cost"] = 1
        data["stances"][issue]["north"]["accepts"] = north
        data["stances"][issue]["south"]["accepts"] = south
    levers = answered(Case.from_dict(data)).levers["all"]
    assert {lever.change for lever in levers if lever.kind == "lift"} == {0.0}
    nearer = {(lever.kind, lever.actor, lever.issue): lever.margin for lever in levers}
    # Arms is the harder: 35 each. Without it trade is left, 7.5 each; without trade nothing changes.
    assert nearer["lift", "north", "arms"] == pytest.approx(0.35 - 0.075, abs=2e-4)
    assert nearer["lift", "south", "arms"] == pytest.approx(0.35 - 0.075, abs=2e-4)
    assert nearer["lift", "north", "trade"] == pytest.approx(0, abs=2e-4)
    assert nearer["soften", "south", "arms"] == pytest.approx(0.05, abs=2e-4)
    open_ = answered(two_capitals()).levers["all"]
    assert {lever.margin for lever in open_} == {None}
