"""What the bargaining lens reads in a case."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.errors import MissingPartError, NoWeightError
from detente.lenses import Effort
from detente.lenses.bargaining import LENS, BargainingView
from detente.lenses.bargaining.methods import METHODS
from detente.lenses.compare import AS_IT_STANDS


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
    assert result.trades is None


def test_correlated_positions_move_together() -> None:
    pair = ["stances.i.a.position", "stances.i.b.position"]
    stances = {"i": {x: {"position": "20..80", "salience": 1, "influence": 1} for x in ("a", "b")}}
    linked = case(stances=stances, correlations=[{"between": pair, "rank": 0.9}])
    view = BargainingView(linked)
    position = view.inputs(view.table.sample(1, 0, 4000)).position[:, 0]
    ranks = position.argsort(axis=0).argsort(axis=0)
    assert float(np.asarray(np.corrcoef(ranks.T))[0, 1]) == pytest.approx(0.9, abs=0.02)


def nash_alone(no_deal: Mapping[str, Any], **parts: Any) -> Case:
    """Two issues of which some say what happens without a deal, by Nash bargaining alone."""
    scale = {"name": "Issue", "scale": {0: "no", 100: "yes"}}
    stances = {"a": {"position": 60, "salience": 1}, "b": {"position": "70 ± 5", "salience": 1}}
    return case(
        issues={
            issue: {**scale, **({} if point is None else {"no_deal": point})}
            for issue, point in no_deal.items()
        },
        stances=dict.fromkeys(no_deal, stances),
        options={"bargaining": {"methods": ["nash"], "headline": "nash"}},
        **parts,
    )


def test_nash_alone_forecasts_the_issues_with_a_no_deal_point_and_says_why_not_the_others() -> None:
    result = LENS.simulate(nash_alone({"i": None, "j": 10}), draws=20).result()
    assert list(result.issues) == ["j"]
    assert result.skipped == {"i": {"nash": "the issue does not say where it ends without a deal (no_deal)"}}
    assert list(LENS.view(result.case).told()) == ["j.nash"]
    told = str(LENS.chapter(result))
    assert "No answer by Nash bargaining: the issue does not say where it ends without a deal" in told


def test_nash_alone_on_a_case_without_a_no_deal_point_is_a_told_reason() -> None:
    with pytest.raises(MissingPartError, match="add no_deal to an issue, or ask for another method"):
        BargainingView(nash_alone({"i": None, "j": None}))


def test_a_scenario_that_no_method_can_forecast_is_left_out_of_an_answer() -> None:
    changes = {"gone": {"issues.i.no_deal": None}, "higher": {"issues.i.no_deal": 15}}
    scenarios = {name: {"name": name, "changes": of} for name, of in changes.items()}
    one = nash_alone({"i": 10}, scenarios=scenarios)
    versions = {AS_IT_STANDS: one, **{name: one.with_(scenario=name) for name in changes}}
    result = LENS.answer(versions, Effort(draws=20))
    assert result.comparison is not None
    assert result.comparison.labels == (AS_IT_STANDS, "higher")


@pytest.mark.parametrize(
    "methods", [some for k in range(1, 6) for some in combinations(METHODS, k)], ids="-".join
)
@pytest.mark.parametrize("no_deal", [None, 10], ids=["without", "with"])
def test_every_set_of_methods_ends_in_an_answer_or_a_told_reason(
    methods: tuple[str, ...], no_deal: float | None
) -> None:
    asked = nash_alone({"i": no_deal}).with_({**LENS.only(methods)})
    if no_deal is None and methods == ("nash",):
        with pytest.raises(MissingPartError):
            LENS.simulate(asked, draws=2)
        return
    result = LENS.simulate(asked, draws=2).result()
    assert set(result.issues["i"]) == set(methods) - (set() if no_deal else {"nash"})
    assert LENS.chapter(result).rung.sentence
