"""What the bargaining lens reads in a case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.errors import MissingPartError, NoWeightError
from detente.lenses.bargaining import LENS, BargainingView


def case(**parts: Any) -> Case:
    data: dict[str, Any] = {
        "title": "Three actors, two issues",
        "actors": {
            "a": {"name": "A", "influence": "10..20"},
            "b": {"name": "B", "influence": 5},
            "c": {"name": "C"},
        },
        "issues": {
            "i": {"name": "I", "scale": {0: "no", 100: "yes"}, "no_deal": "0..10", "failure_cost": 0.5},
            "j": {"name": "J", "scale": {1: "few", 9: "many"}},
            "k": {"name": "K", "scale": {0: "no", 1: "yes"}},
        },
        "stances": {
            "i": {"b": {"position": 40, "salience": 0.5}, "a": {"position": "60 ± 5", "salience": 1}},
            "j": {"a": {"position": 3, "salience": 0.2, "influence": 7}},
        },
    }
    return Case.from_dict({**data, **parts})


def test_actors_and_issues_without_stances_are_left_out() -> None:
    view = BargainingView(case())
    assert view.actors == ("a", "b")
    assert view.issues == ("i", "j")
    assert view.present.tolist() == [[True, True], [True, False]]


def test_the_central_inputs_are_the_means_where_they_belong() -> None:
    view = BargainingView(case())
    inputs = view.inputs(view.table.means[None, :])
    np.testing.assert_allclose(inputs.position[0], np.array([[60, 40], [3, np.nan]]))
    np.testing.assert_allclose(inputs.salience[0], np.array([[1, 0.5], [0.2, np.nan]]))
    np.testing.assert_allclose(inputs.influence[0], np.array([[15, 5], [7, np.nan]]))
    np.testing.assert_allclose(inputs.no_deal[0], [5, np.nan])
    np.testing.assert_allclose(inputs.failure_cost[0], [0.5, 0])
    assert (view.scale_low.tolist(), view.scale_high.tolist()) == ([0, 1], [100, 9])


def test_an_actors_own_influence_is_one_draw_for_all_its_stances() -> None:
    data = case().to_dict()
    data["stances"]["j"]["a"].pop("influence")
    view = BargainingView(Case.from_dict(data))
    inputs = view.inputs(view.table.sample(1, 0, 50))
    np.testing.assert_array_equal(inputs.influence[:, 0, 0], inputs.influence[:, 1, 0])


def test_an_unrelated_actor_leaves_every_draw_as_it_was() -> None:
    data = case().to_dict()
    data["actors"] = {"z": {"name": "Z", "influence": "1..2"}, **data["actors"]}
    data["stances"]["i"] = {"z": {"position": "0..9", "salience": 0.3}, **data["stances"]["i"]}
    before, after = BargainingView(case()), BargainingView(Case.from_dict(data))
    drawn = [view.inputs(view.table.sample(1, 0, 20)) for view in (before, after)]
    a = [view.actors.index("a") for view in (before, after)]
    np.testing.assert_array_equal(drawn[0].position[:, 0, a[0]], drawn[1].position[:, 0, a[1]])


def test_a_case_without_stances_says_what_is_missing() -> None:
    with pytest.raises(MissingPartError, match="'stances'"):
        BargainingView(case(stances={}))


def test_an_issue_on_which_nobody_can_weigh_anything_is_named() -> None:
    stances = {"i": {"b": {"position": 40, "salience": 0}}, "j": {"b": {"position": 4, "salience": 1}}}
    with pytest.raises(NoWeightError, match="'i'"):
        BargainingView(case(stances=stances))


def test_an_issue_that_is_weightless_in_some_draws_is_named() -> None:
    stances = {
        "j": {"b": {"position": 4, "salience": 1}},
        "i": {"b": {"position": 40, "salience": [0, 0.5]}},
    }
    with pytest.raises(NoWeightError, match="'i'"):
        LENS.simulate(case(stances=stances), draws=50)


def test_methods_are_run_as_the_case_asks() -> None:
    options = {"bargaining": {"methods": ["median", "nash"]}}
    result = LENS.simulate(case(options=options), draws=20).result()
    assert {issue: set(methods) for issue, methods in result.issues.items()} == {
        "i": {"median", "nash"},
        "j": {"median"},
    }
    assert result.headline == "median"
    assert result.rounds == {}
    assert result.trades == ()


def test_correlated_positions_move_together() -> None:
    pair = ["stances.i.a.position", "stances.i.b.position"]
    stances = {"i": {x: {"position": "20..80", "salience": 1, "influence": 1} for x in ("a", "b")}}
    linked = case(stances=stances, correlations=[{"between": pair, "rank": 0.9}])
    view = BargainingView(linked)
    position = view.inputs(view.table.sample(1, 0, 4000)).position[:, 0]
    ranks = position.argsort(axis=0).argsort(axis=0)
    assert float(np.asarray(np.corrcoef(ranks.T))[0, 1]) == pytest.approx(0.9, abs=0.02)
