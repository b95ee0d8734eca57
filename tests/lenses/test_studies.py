"""Runs, comparisons on common draws, and tornados."""

from __future__ import annotations

import json

import jsonschema
import numpy as np
import pytest

from detente.case import Case
from detente.catalog import open_case
from detente.errors import CaseError, NotFoundError, OptionError
from detente.lenses import Comparison, Tornado, compare, run, tornado
from detente.lenses.bargaining import LENS, BargainingResult


@pytest.fixture(scope="module")
def dam() -> Case:
    return open_case("river-dam")


def two_actors(first: object = "20..40", second: object = "80 ± 5") -> Case:
    """Two actors of equal weight: the compromise is the mean of their positions."""
    return Case.from_dict(
        {
            "title": "Two",
            "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
            "issues": {"i": {"name": "I", "scale": {0: "no", 100: "yes"}}},
            "stances": {
                "i": {"a": {"position": first, "salience": 1}, "b": {"position": second, "salience": 1}}
            },
            "options": {"bargaining": {"methods": ["mean", "median"]}},
            "scenarios": {"up": {"name": "Up", "changes": {"stances.i.b.position": "90 ± 5"}}},
        }
    )


# --- run -----------------------------------------------------------------------------------------


def test_a_run_applies_the_scenario_and_then_the_changes() -> None:
    result = run(
        two_actors(), draws=1, scenario="up", changes={"stances.i.a.position": 10, "stances.i.b.position": 30}
    )
    assert isinstance(result, BargainingResult)
    assert result.forecast("i").mean == 20
    assert result.record.scenario == "up"


def test_a_run_equals_the_run_of_the_changed_case(dam: Case) -> None:
    assert run(dam, draws=200, scenario="dry-years") == run(dam.with_(scenario="dry-years"), draws=200)


def test_unknown_scenarios_lenses_and_paths_are_refused() -> None:
    with pytest.raises(NotFoundError, match="up"):
        run(two_actors(), scenario="upp")
    with pytest.raises(NotFoundError, match="bargaining"):
        run(two_actors(), "bargain")
    with pytest.raises(CaseError, match="stances"):
        run(two_actors(), changes={"stanzas.i.a.position": 1})


# --- compare -------------------------------------------------------------------------------------


def test_an_unrelated_input_cancels_on_common_draws() -> None:
    """Only b's position differs, by exactly 10: the compromise moves by exactly 5 in every draw."""
    case = two_actors(second=80)
    found = compare({"base": case, "up": case.with_({"stances.i.b.position": 90})}, draws=500)
    moved = found.differences["i.mean"]["up"]
    assert moved.mean == pytest.approx(5)
    assert moved.sd == pytest.approx(0, abs=1e-12)
    assert (moved.above, moved.below) == (1, 0)
    assert found.differences["i.mean"]["base"].mean == 0


def test_a_difference_has_the_interval_of_its_draws() -> None:
    case = two_actors()
    found = compare({"base": case, "up": case.with_(scenario="up")}, draws=4000, seed=2)
    versions = (case, case.with_(scenario="up"))
    drawn = [LENS.simulate(version, draws=4000, seed=2).outcomes()["i.mean"] for version in versions]
    change = drawn[1] - drawn[0]
    moved = found.differences["i.mean"]["up"]
    assert moved.mean == pytest.approx(change.mean())
    assert moved.intervals["95"] == pytest.approx(tuple(np.quantile(change, [0.025, 0.975])))
    assert moved.mc_error == pytest.approx(change.std(ddof=1) / np.sqrt(4000))
    assert moved.value == pytest.approx(drawn[1].mean())


def test_a_comparison_does_not_depend_on_the_number_of_workers(dam: Case) -> None:
    versions = {"base": dam, "dry": dam.with_(scenario="dry-years")}
    once, again = (compare(versions, draws=2500, workers=w) for w in (1, 3))
    assert once == again


def test_outcomes_that_a_version_lacks_are_left_out(dam: Case) -> None:
    without = dam.with_({"issues.release.no_deal": None})
    found = compare({"base": dam, "without": without}, draws=50)
    assert set(found.differences["release.nash"]) == {"base"}
    assert set(found.differences["filling.nash"]) == {"base", "without"}


def test_a_comparison_validates_reads_back_and_tells_what_moves_most(dam: Case) -> None:
    told: list[tuple[int, int]] = []
    found = compare(
        {"base": dam, "dry": dam.with_(scenario="dry-years")},
        draws=1200,
        progress=lambda *at: told.append(at),
    )
    plain = json.loads(json.dumps(found.to_dict()))
    jsonschema.validate(plain, Comparison.published_schema())
    assert Comparison.from_dict(plain) == found
    assert told[-1] == (2400, 2400)
    (finding,) = found.findings
    row = [r for r in found.tables()["differences"].to_records() if r["version"] == "dry"]
    assert finding.numbers["difference"] in [r["difference"] for r in row]
    assert abs(finding.numbers["difference"]) == max(abs(float(r["difference"] or 0)) for r in row)
    assert "differences" in found.tables()
    assert "<table" in found._repr_html_()


def test_a_version_with_nothing_in_common_has_no_finding() -> None:
    other = two_actors().to_dict()
    other["issues"] = {"j": other["issues"].pop("i")}
    other["stances"] = {"j": other["stances"].pop("i")}
    other.pop("scenarios")
    found = compare({"base": two_actors(), "other": Case.from_dict(other)}, draws=20)
    assert found.findings == ()


@pytest.mark.parametrize(("count", "draws"), [(1, 10), (2, 0)])
def test_a_comparison_needs_two_versions_and_a_draw(count: int, draws: int) -> None:
    with pytest.raises(OptionError, match="two versions"):
        compare({str(k): two_actors() for k in range(count)}, draws=draws)


# --- tornado -------------------------------------------------------------------------------------


def test_bars_are_the_outcomes_at_the_quantiles_of_one_input() -> None:
    found = tornado(two_actors(second="75..85"))
    bars = {bar.path: bar for bar in found.bars["i.mean"]}
    a = bars["stances.i.a.position"]
    assert (a.low_input, a.high_input) == pytest.approx((22, 38))
    assert (a.at_low, a.at_high) == pytest.approx((51, 59))
    assert a.swing == pytest.approx(8)
    b = bars["stances.i.b.position"]
    assert b.swing == pytest.approx((b.high_input - b.low_input) / 2)
    assert found.centre["i.mean"] == pytest.approx(55)


def test_bars_are_sorted_and_inputs_without_effect_left_out(dam: Case) -> None:
    found = tornado(dam)
    uncertain = [path for path, quantity in dam.quantities.items() if not quantity.is_exact]
    for bars in found.bars.values():
        swings = [abs(bar.swing) for bar in bars]
        assert swings == sorted(swings, reverse=True)
        assert all(swings)
        assert {bar.path for bar in bars} <= set(uncertain)
    assert not [bar for bar in found.bars["filling.mean"] if bar.path.startswith("stances.release")]


def test_each_bar_equals_a_run_with_that_input_set(dam: Case) -> None:
    found = tornado(dam, low=0.25, high=0.75)
    means = {path: quantity.mean for path, quantity in dam.quantities.items() if ".accepts." not in path}
    bar = found.bars["release.mean"][0]
    exact = Case.from_dict({k: v for k, v in dam.to_dict().items() if k not in ("correlations", "scenarios")})
    at = run(exact, changes={**means, bar.path: bar.high_input}, draws=1)
    assert isinstance(at, BargainingResult)
    assert at.forecast("release").mean == pytest.approx(bar.at_high)


def test_a_case_without_doubt_has_no_bars() -> None:
    assert tornado(two_actors(first=30, second=80)).bars == {"i.mean": (), "i.median": ()}


def test_a_tornado_validates_reads_back_and_names_the_widest_bar(dam: Case) -> None:
    found = tornado(dam)
    plain = json.loads(json.dumps(found.to_dict()))
    jsonschema.validate(plain, Tornado.published_schema())
    assert Tornado.from_dict(plain) == found
    first = found.findings[0]
    assert first.drivers[0] in first.sentence
    assert len(found.tables()["tornado"].rows) == sum(len(bars) for bars in found.bars.values())
    assert "<table" in found._repr_html_()
    assert tornado(two_actors(first=30, second=80)).findings == ()


@pytest.mark.parametrize(("low", "high"), [(0.9, 0.1), (0.5, 0.5), (-0.1, 0.9), (0.1, 1.1)])
def test_quantiles_must_rise_within_0_and_1(low: float, high: float) -> None:
    with pytest.raises(OptionError, match="quantiles"):
        tornado(two_actors(), low=low, high=high)
