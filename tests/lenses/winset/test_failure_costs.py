"""Tests of what no deal costs: an actor's own cost is shared over the issues, by the literal definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Case
from detente.lenses.winset.view import WinsetView

ISSUES = ("x", "y", "z")
ACTORS = ("a", "b")


def three_issues(salience: dict[tuple[str, str], float], cost: dict[str, float], **parts: Any) -> Case:
    """Return a case of three issues and two actors who want opposite ends of each; ``salience`` 0: no stance."""
    return Case.from_dict(
        {
            "title": "Three",
            "actors": {a: {"name": a, "influence": 1, "failure_cost": cost[a]} for a in ACTORS},
            "issues": {
                i: {"name": i, "scale": {0: "no", 10: "yes"}, "no_deal": 4, "failure_cost": 0.05}
                for i in ISSUES
            },
            "stances": {
                i: {
                    a: {"position": 10.0 * k, "salience": salience[i, a]}
                    for k, a in enumerate(ACTORS)
                    if salience[i, a]
                }
                for i in ISSUES
            },
            "consent": {"all_of": list(ACTORS)},
            "deals": {
                "all": {"name": "All", "issues": list(ISSUES)},
                "two": {"name": "Two", "issues": ["z", "x"]},
            },
            **parts,
        }
    )


def charged(case: Case) -> dict[str, dict[str, float]]:
    """Return deal → actor → what no deal costs it beyond the terms, as the lens has it."""
    view = WinsetView(case)
    found: dict[str, dict[str, float]] = {}
    for terms in view.deals:
        deal = view.deal(terms, view.table.means[None])
        without = deal.losses(deal.no_deal[:, None])[0, 0]
        found[terms.id] = {
            member.actor: float(deal.radius[0, v] - without[v]) for v, member in enumerate(view.voters)
        }
    return found


@given(
    st.lists(st.sampled_from([0.0, 0.1, 0.5, 1.0]), min_size=6, max_size=6).filter(
        lambda s: all(s[k] or s[k + 1] for k in (0, 2, 4))
    ),
    st.sampled_from([-0.5, -0.02, 0.0, 0.07, 0.5]),
)
def test_an_own_cost_is_shared_by_salience_over_the_issues_with_a_no_deal_point(
    numbers: list[float], cost: float
) -> None:
    """Literally: of all that an actor cares about, the part that the deal settles; in full for all issues."""
    salience = {(i, a): numbers[2 * k + n] for k, i in enumerate(ISSUES) for n, a in enumerate(ACTORS)}
    costs = {"a": cost, "b": 0.0}
    found = charged(three_issues(salience, costs))
    for deal, issues in {"all": ISSUES, "two": ("x", "z"), **{i: (i,) for i in ISSUES}}.items():
        for actor in ACTORS:
            whole = sum(salience[i, actor] for i in ISSUES)
            part = sum(salience[i, actor] for i in issues)
            expected = np.inf if part == 0 else 0.05 + costs[actor] * part / whole
            assert found[deal][actor] == pytest.approx(expected), (deal, actor)
    alone = [found[i]["a"] - 0.05 for i in ISSUES if salience[i, "a"]]
    assert sum(alone) == pytest.approx(cost if alone else 0.0)  # the parts add up to the whole


def test_an_issue_without_a_no_deal_point_takes_no_share() -> None:
    """What cannot fail carries nothing of the cost of failing."""
    salience = dict.fromkeys(((i, a) for i in ISSUES for a in ACTORS), 0.5)
    case = three_issues(salience, {"a": 0.3, "b": 0.0}, deals={})
    assert charged(case)["x"]["a"] == pytest.approx(0.05 + 0.1)
    assert charged(case.with_({"issues.z.no_deal": None}))["x"]["a"] == pytest.approx(0.05 + 0.15)


@pytest.mark.parametrize("cost", [0.3, -0.3])
def test_the_limits_of_sharing(cost: float) -> None:
    """One issue carries all; what hardly matters hardly anything; two halves of an issue what the issue did."""
    one = {(i, a): 1.0 if i == "x" else 0.0 for i in ISSUES for a in ACTORS}
    alone = three_issues(one, {"a": cost, "b": 0.0}, deals={})
    alone = alone.with_({"issues.y.no_deal": None, "issues.z.no_deal": None})
    assert charged(alone)["x"]["a"] == pytest.approx(0.05 + cost)
    faint = {(i, a): 1e-6 if i == "y" else 0.5 for i in ISSUES for a in ACTORS}
    found = charged(three_issues(faint, {"a": cost, "b": 0.0}))
    assert found["y"]["a"] == pytest.approx(0.05, abs=1e-5)
    split = {(i, a): {"x": 0.25, "y": 0.25, "z": 0.5}[i] for i in ISSUES for a in ACTORS}
    halves = charged(three_issues(split, {"a": cost, "b": 0.0}))
    assert halves["x"]["a"] + halves["y"]["a"] - 0.1 == pytest.approx(cost / 2)
    assert halves["z"]["a"] - 0.05 == pytest.approx(cost / 2)


@pytest.mark.parametrize(("loss", "expected"), [("city_block", 0.05 + 0.3), ("quadratic", 0.05**2 + 0.3**2)])
def test_a_cost_is_a_distance_and_squared_where_distances_are(loss: str, expected: float) -> None:
    """Failing costs as much as an outcome so far from what one wants, in every unit of loss."""
    alike = {(i, a): 0.5 for i in ISSUES for a in ACTORS}
    case = three_issues(alike, {"a": 0.3, "b": -0.3}, options={"winset": {"loss": loss}})
    found = charged(case)["all"]
    assert found["a"] == pytest.approx(expected)
    assert found["b"] == pytest.approx(2 * (0.05 if loss == "city_block" else 0.05**2) - expected)
