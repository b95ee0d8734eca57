"""What is stated about the cost of conceding is what a concession costs; a side gains what its members gain."""

from __future__ import annotations

import pytest

from detente.case import Case
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.lens import LENS
from tests.lenses.winset.cases import two_capitals

DEARER = {"actors.north.failure_cost": -0.25, "actors.south.failure_cost": -0.25}
COST = "stances.{}.{}.concession_cost"
EVERYWHERE = [COST.format(issue, actor) for issue in ("trade", "arms") for actor in ("north", "south")]


def answered(case: Case) -> WinsetResult:
    result = LENS.simulate(case, draws=50, seed=5, workers=1).result()
    assert isinstance(result, WinsetResult)
    return result


@pytest.mark.parametrize(
    ("stated", "total"),
    [
        ({}, 0.25),  # by default what an issue weighs for whoever gives way, its saliences adding up to 1
        (dict.fromkeys(EVERYWHERE, 3), 0.25 * (3 + 3)),
        (
            {COST.format("trade", "north"): 0.01},
            0.5 * (0.01 + 0.25),
        ),  # North alone gives way, by twice as much
    ],
)
def test_a_concession_costs_what_is_stated(stated: dict[str, float], total: float) -> None:
    """A quarter of the scale is missing between two demands; moving one moves it on both issues."""
    opening = answered(two_capitals().with_({**DEARER, **stated})).deals["all"].opening
    assert opening is not None
    assert opening.total == pytest.approx(total, abs=1e-4)
    assert sum(step.cost for step in opening.steps) == pytest.approx(total, abs=1e-4)


def test_where_no_cost_is_stated_a_concession_costs_what_is_lost_by_it() -> None:
    """A's saliences of 0.2 and 0.2 are a half each: 20 of 100 cost it 0.1, and B, at 0.3 for the scale, 0.06."""
    data = two_capitals().to_dict()
    for issue, bounds in (("trade", (">= 70", "<= 50")), ("arms", (None, None))):
        data["issues"][issue]["no_deal"] = 50
        for actor, at, salience, accepts in zip(
            ("north", "south"), (90, 10), (0.2, 0.5), bounds, strict=True
        ):
            cost = {"concession_cost": 0.3} if actor == "south" else {}
            own = {"position": at, "salience": salience, **cost, **({"accepts": accepts} if accepts else {})}
            data["stances"][issue][actor] = own
    for actor in data["actors"].values():
        actor["failure_cost"] = 0.9
    opening = answered(Case.from_dict(data)).deals["all"].opening
    assert opening is not None
    assert [(step.actor, step.issue) for step in opening.steps] == [("south", "trade")]
    assert opening.total == pytest.approx(0.06, abs=1e-6)
    data["stances"]["trade"]["south"]["concession_cost"] = 0.6  # 0.12: now A's 0.1 is less
    opening = answered(Case.from_dict(data)).deals["all"].opening
    assert opening is not None
    assert [(step.actor, step.issue) for step in opening.steps] == [("north", "trade")]
    assert opening.total == pytest.approx(0.1, abs=1e-6)


def test_a_side_gains_what_its_members_gain_on_average() -> None:
    """Two capitals, one of which needs an ally that cares for trade less than it does."""
    names = ("north", "ally", "south")
    data = two_capitals(
        actors={name: {"name": name.title(), "influence": 1} for name in names},
        bodies={"home": {"name": "Home", "rule": {"all_of": ["north", "ally"]}}},
        consent={"all_of": ["home", "south"]},
    ).to_dict()
    data["stances"]["trade"]["ally"] = {"position": 100, "salience": 0.6}
    data["stances"]["arms"]["ally"] = {"position": 100, "salience": 0.4}
    whole = answered(Case.from_dict(data)).deals["all"]
    gains = {actor: gain for actor, gain in whole.centre.solutions["nash"].gains.items() if gain is not None}
    assert gains["north"] > gains["ally"] + 0.01
    loose = {side.name: side.curve[0] for side in (whole.sides or ())}
    assert set(loose) == {"Home", "South"}
    for point in loose.values():
        assert point.strength == 0
        assert point.gains["Home"] == pytest.approx((gains["north"] + gains["ally"]) / 2, abs=1e-4)
        assert point.gains["South"] == pytest.approx(gains["south"], abs=1e-4)
