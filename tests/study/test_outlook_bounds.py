"""The outlook given a decision lies where those who must consent could accept it: against a literal simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import detente
from detente.case import Case
from detente.lenses.summary import Array
from detente.report import brief
from detente.study.chapter import outlook_gauges as gauges
from detente.study.chapter import outlook_rungs as rungs
from detente.study.chapter import outlook_section as section
from detente.study.outlook.issue import Settled, distribution, outlook, settled, stances, zones

DRAWS = 4_000
STANCES = {
    "a": {"position": "20 ± 10", "salience": 0.9, "influence": 80},
    "b": {"position": 70, "salience": 0.6, "influence": "60 ± 20"},
    "c": {"position": "30..90", "salience": 0.4, "influence": 30},
}


def stated(**more: Any) -> Case:
    """Return a case of one issue on which a and b must consent, c need not."""
    data = {
        "detente": 1,
        "title": "One issue",
        "actors": {name: {"name": name.upper()} for name in STANCES},
        "issues": {"x": {"name": "X", "scale": {"0": "none", "100": "all"}, "no_deal": "40..75"}},
        "stances": {"x": STANCES},
        "consent": {"all_of": ["a", "b"]},
    }
    return Case.from_dict({**data, **more})


def literal_outcomes(case: Case) -> tuple[list[float], int]:
    """Return outcomes drawn one by one, and in how many draws a and b have something to agree on.

    An actor accepts what is no further from its wish than no deal is. The outcome of a draw is drawn from the
    foothold distribution as it is defined, again and again until both accept it.
    """
    random = np.random.default_rng(5)
    position, weight, reference = stances(case, "x", DRAWS, 1)
    assert reference is not None
    outcomes, there = [], 0
    for places, weights, without in zip(position, weight, reference, strict=True):
        reach = [(p - abs(without - p), p + abs(without - p)) for p in places[:2]]
        low, high = max(0.0, *(one[0] for one in reach)), min(100.0, *(one[1] for one in reach))
        if high - low < 1e-6:
            continue
        there += 1
        held = [*zip(places.tolist(), (weights / weights.sum()).tolist(), strict=True)]
        centre = sum(w * x for x, w in held)
        held.append((float(without), 0.2))
        points = [x for x, _ in held]
        spread = max(points) - min(points)
        votes = [
            w
            / (sum(v * max(0.0, 1 - abs(x - y) / (spread / 5)) for y, v in held) + 0.05)
            * 2 ** (-abs(x - centre) / (spread / 4))
            for x, w in held
        ]
        grid = np.linspace(min(points), max(points), 400)
        density = 2 ** (-np.abs(grid - centre) / (spread / 4))
        while True:
            kind = random.random()
            if kind < 0.6:
                drawn = float(random.choice(points, p=np.array(votes) / sum(votes)))
            elif kind < 0.98:
                drawn = float(random.choice(grid, p=density / density.sum()))
            else:
                drawn = float(random.random() * 100)
            if low - 1e-6 <= drawn <= high + 1e-6:
                break
        outcomes.append(drawn)
    return outcomes, there


def test_given_a_decision_it_is_what_a_literal_simulation_says() -> None:
    case = stated()
    outcomes, there = literal_outcomes(case)
    by = settled(zones(case, DRAWS, 1), "x")
    assert by is not None
    assert by.there.sum() == pytest.approx(there, abs=2)
    made, _ = distribution(case, "x", DRAWS, 1, by=by)
    z = np.arange(5.0, 100, 5)
    simulated = np.array([np.mean(np.array(outcomes) <= at) for at in z])
    assert np.abs(made.at(z) - simulated).max() < 4 * np.sqrt(0.25 / len(outcomes))
    free, _ = distribution(case, "x", DRAWS, 1)
    assert np.abs(free.at(z) - simulated).max() > 0.1  # without the bounds it is another one


def shares(**deals: float) -> dict[str, dict[str, Array]]:
    """Return zones of deals on x (of several issues where the name says so) that exist in such shares of draws."""
    made = {}
    for name, share in deals.items():
        zone = np.full((100, 2), np.nan)
        zone[: round(100 * share)] = [10.0, 20.0]
        made[name] = {"x": zone, **({"y": zone} if name.startswith("package") else {})}
    return made


@pytest.mark.parametrize(
    ("deals", "by"),
    [
        ({"x": 0.6, "package": 0.9}, "x"),
        ({"x": 0.2, "package": 0.9}, "package"),
        ({"x": 0.2, "package": 0.4}, "x"),
        ({"package_a": 0.7, "package_b": 0.8}, "package_b"),
    ],
)
def test_an_issue_is_settled_alone_if_it_mostly_can_be_else_by_the_likeliest_package(
    deals: dict[str, float], by: str
) -> None:
    found = settled(shares(**deals), "x")
    assert found is not None
    assert found.deal == by
    assert found.share == pytest.approx(deals[by])


def test_where_no_draw_has_a_deal_or_nobody_is_asked_nothing_is_left_out() -> None:
    case = stated()
    never = Settled("x", np.zeros(500, dtype=bool), np.full((500, 2), np.nan))
    z = np.arange(0.0, 101, 10)
    plain, _ = distribution(case, "x", 500, 1)
    assert distribution(case, "x", 500, 1, by=never)[0].at(z) == pytest.approx(plain.at(z))
    (free,) = outlook(stated(consent=None), 500, 1)
    assert (free.decided, free.deal, free.bounded) == (None, None, False)
    blocked = {"a": {**STANCES["a"], "accepts": "<= 30"}, "b": {**STANCES["b"], "accepts": ">= 60"}}
    (never_agreed,) = outlook(stated(stances={"x": {**STANCES, **blocked}}), 500, 1)
    assert (never_agreed.decided, never_agreed.bounded) == (0.0, False)


def test_red_lines_bound_it_in_every_draw() -> None:
    lined = {"a": {**STANCES["a"], "accepts": "<= 55"}, "b": {**STANCES["b"], "accepts": ">= 45"}}
    (one,) = outlook(stated(stances={"x": {**STANCES, **lined}}), 500, 1)
    assert one.bounded
    assert 45 <= one.low80 <= one.high80 <= 55
    assert one.smooth[-1] + sum(chance for _, chance in one.atoms) == pytest.approx(1.0)


def test_one_value_that_nobody_holds_and_all_accept_is_certain() -> None:
    exact = {
        name: {**of, "position": at} for (name, of), at in zip(STANCES.items(), (20, 70, 90), strict=True)
    }
    case = stated(stances={"x": {n: {**o, "influence": 50} for n, o in exact.items()}})
    zone = np.array([[33.0, 33.0]])
    made, _ = distribution(case, "x", 10, 1, by=Settled("x", np.array([True]), zone))
    assert (made.points.tolist(), made.masses.tolist()) == ([33.0], [1.0])


@pytest.mark.parametrize(
    ("today", "told"), [(None, "stays as it is"), (58, "stays as it is"), (20, "ends as without a deal")]
)
def test_what_no_deal_leaves_is_called_as_it_is_only_where_that_is_so(today: float | None, told: str) -> None:
    blocked = {"a": {**STANCES["a"], "accepts": "<= 30"}, "b": {**STANCES["b"], "accepts": ">= 60"}}
    issue = {"name": "X", "scale": {"0": "none", "100": "all"}, "no_deal": 57}
    issue |= {} if today is None else {"today": today}
    made = brief(stated(stances={"x": {**STANCES, **blocked}}, issues={"x": issue}), draws=100)
    (row,) = gauges(made.case, made.answer, made.outlook)[0].rows
    assert row.status.startswith(f"{told} (100")
    assert row.value == "57"


def test_the_two_spans_stand_side_by_side_and_say_what_stays() -> None:
    made = brief(detente.load("panama-canal-1974"), draws=300)
    case = made.case
    told = section(case, made.answer, made.outlook)
    page, screen = gauges(case, made.answer, made.outlook)
    assert page in told.blocks
    assert screen in told.blocks
    assert not told.annex
    assert made.sections()[0].id == told.id
    for one, row, line in zip(made.outlook, page.rows, screen.rows, strict=True):
        assert row.span == f"inputs {line.span}"
        stays = one.decided is not None and one.decided < 0.5
        assert ("stays as it is" in row.status) == stays
        assert line.value in (row.value, row.unit.removeprefix("if decided "))
        assert row.strip.spans["80"] == (one.low80, one.high80)
        assert row.strip.inputs == (one.inputs_low, one.inputs_high)
    (rung,) = rungs(made.outlook, "sealed in l.jsonl since 2026-11-29")
    assert rung.finding.sentence.endswith("This one is sealed in l.jsonl since 2026-11-29.")
    assert "245 decided issues" in rung.finding.sentence
    assert "deadlock" in rung.finding.sentence
