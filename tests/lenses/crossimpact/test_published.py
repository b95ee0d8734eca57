"""Published matrices: Somewhereland (Weimer-Jehle), and files of ScenarioWizard with its own solutions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.case.formats import export_case, import_case
from detente.case.formats.scenariowizard import read_sl
from detente.catalog import open_case
from detente.lenses import lens, run
from detente.lenses.crossimpact.changes import contributions
from detente.lenses.crossimpact.result import CrossImpactResult
from detente.lenses.crossimpact.succession import basins
from detente.lenses.crossimpact.survival import information
from detente.lenses.crossimpact.view import CrossImpactView

# From the table of cross-impact.de: variants from 1; total impact, margins, basins and survival computed for us.
TEN: dict[tuple[int, ...], tuple[int, tuple[int, ...], int, int, float]] = {
    (1, 2, 2, 1, 1, 2): (9, (0, 0, 1, 4, 5, 0), 35, 21, 0.109),
    (1, 3, 1, 2, 3, 3): (21, (10, 1, 3, 2, 1, 4), 127, 145, 0.533),
    (1, 3, 2, 1, 1, 2): (14, (4, 0, 1, 4, 8, 0), 55, 49, 0.290),
    (1, 3, 2, 1, 1, 3): (12, (1, 0, 1, 2, 8, 0), 178, 40, 0.239),
    (2, 1, 3, 2, 2, 1): (17, (0, 0, 4, 14, 0, 4), 28, 69, 0.192),
    (2, 2, 3, 2, 2, 1): (15, (0, 0, 2, 14, 1, 4), 19, 99, 0.200),
    (3, 1, 2, 1, 1, 2): (18, (0, 0, 3, 10, 10, 2), 3, 31, 0.392),
    (3, 1, 3, 2, 1, 1): (9, (0, 0, 3, 4, 0, 2), 24, 2, 0.188),
    (3, 2, 2, 1, 1, 2): (19, (0, 0, 5, 10, 11, 2), 3, 28, 0.416),
    (3, 2, 3, 2, 1, 1): (8, (0, 0, 1, 4, 1, 2), 14, 2, 0.232),
}
KEYS = ("government", "foreign_policy", "economy", "wealth", "cohesion", "values")


@pytest.fixture(scope="module")
def somewhereland() -> Case:
    return open_case("somewhereland")


def doubted(case: Case) -> Case:
    """Return the case with every judgement but 0 moved by -1, 0 or +1, each a third of the time."""
    data = case.to_dict()
    data["futures"]["scale"] = 4
    for by_variant in data["futures"]["judgements"].values():
        for by_target in by_variant.values():
            for row in by_target.values():
                pushes = row.get("pushes", {})
                row["pushes"] = {key: [v - 1, v, v + 1] for key, v in pushes.items() if v}
    return Case.from_dict(data)


def answer(case: Case, **settings: Any) -> CrossImpactResult:
    found = run(case, "crossimpact", **settings)
    assert isinstance(found, CrossImpactResult)
    return found


def test_somewhereland_has_its_ten_scenarios(somewhereland: Case) -> None:
    found = answer(somewhereland)
    assert found.complete
    assert (found.states, found.cycles, found.basins_exact) == (486, (), True)
    told = {
        one.numbers: (one.total_impact, one.margins, one.basin, one.local_basin) for one in found.scenarios
    }
    assert told == {numbers: row[:4] for numbers, row in TEN.items()}
    assert [one.basin for one in found.scenarios] == [35, 127, 55, 178, 28, 19, 3, 24, 3, 14]
    sizes = [sum(one.family == family for one in found.scenarios) for family in range(4)]
    assert sorted(sizes) == [1, 2, 2, 5]


def test_its_printed_balance_is_that_of_the_manual(somewhereland: Case) -> None:
    """A2 B1 C3 D1 E1 F1, ScenarioWizard 4.1 manual: D falls short by 14, nothing else does."""
    view = CrossImpactView(somewhereland)
    scenario = np.array([1, 0, 2, 0, 0, 0], np.int16)
    balance = view.central[view.shape.rows(scenario[None])[0]].sum(axis=0)
    assert balance.tolist() == [0, 3, -3, 2, 1, -3, -9, -1, 10, -7, 7, 4, -1, -3, 2, -1, -1]
    assert view.leads(view.central, scenario[None])[0].tolist()[3] == -14


@pytest.mark.parametrize(("tolerance", "count"), [*enumerate([10, 15, 32, 59, 87, 125])])
def test_its_scenarios_by_tolerance(somewhereland: Case, tolerance: int, count: int) -> None:
    case = somewhereland.with_({"options.crossimpact.tolerance": tolerance})
    assert len(answer(case).scenarios) == count


FIXED = {"A": (5, 2, 5), "B": (5, 4, 3), "C": (3, 7, 8), "D": (6, 6), "E": (10, 4, 1), "F": (6, 5, 2)}


def test_its_futures_when_one_variant_is_fixed(somewhereland: Case) -> None:
    """An intervention: the descriptor's own test is dropped, and the pressure against it is told."""
    assert somewhereland.futures is not None
    for key, counts in zip(KEYS, FIXED.values(), strict=True):
        variants = somewhereland.futures.descriptors[key].variants
        for variant, count in zip(variants, counts, strict=True):
            found = answer(somewhereland.with_({"futures.fixed": {key: variant}}))
            assert len(found.scenarios) == count
            free = {one.numbers for one in found.scenarios if not one.pressure}
            place = KEYS.index(key)
            assert free == {z for z in TEN if z[place] == list(variants).index(variant) + 1}
    cooperation = answer(somewhereland.with_({"futures.fixed": {"foreign_policy": "cooperation"}}))
    assert {one.numbers: one.pressure for one in cooperation.scenarios if one.pressure} == {
        (1, 1, 3, 1, 1, 2): 3,
        (1, 1, 3, 2, 2, 1): 5,
    }
    balanced = answer(somewhereland.with_({"futures.fixed": {"wealth": "balanced"}}))
    assert {one.numbers: one.pressure for one in balanced.scenarios if one.pressure} == {
        (2, 1, 3, 1, 1, 1): 14
    }


def test_its_survival_when_every_judgement_may_be_wrong_by_one(somewhereland: Case) -> None:
    found = answer(doubted(somewhereland), draws=4000)
    assert found.survival_by == "exact"
    for one in found.scenarios:
        assert one.survival == pytest.approx(TEN[one.numbers][4], abs=5e-4)
        assert abs(one.drawn - one.survival) < 5 * np.sqrt(one.survival / 4000)
    assert found.expected == pytest.approx(4.067, abs=0.1)
    assert found.readings["free"].none == pytest.approx(0.015, abs=0.006)
    assert found.newcomers[0].numbers == (1, 3, 1, 2, 2, 3)
    assert found.newcomers[0].survival == pytest.approx(0.152, abs=5e-4)


def test_which_of_its_judgements_is_worth_settling(somewhereland: Case) -> None:
    """Over all states, in bits."""
    view = CrossImpactView(doubted(somewhereland))
    every = view.shape.spelt(np.arange(view.shape.states))
    assert view.doubt is not None
    bits = information(view.doubt, every, view.shape, np.ones(6, np.bool_))
    at = {
        f"{letter}{k + 1}": row + k
        for letter, row in zip("ABCDEF", view.shape.offsets, strict=False)
        for k in range(3)
    }
    expected = {
        ("F2", "A3"): 0.282,
        ("C2", "A3"): 0.267,
        ("A1", "B2"): 0.229,
        ("D2", "A2"): 0.153,
        ("F1", "A2"): 0.148,
    }
    for (row, column), value in expected.items():
        assert bits[at[row], at[column]] == pytest.approx(value, abs=1e-3)
    assert bits.max() == bits[at["F2"], at["A3"]]


def test_the_argument_for_its_firmest_scenario(somewhereland: Case) -> None:
    """A1 B3 C1 D2 E3 F3: what each descriptor adds to the lead over the runner-up."""
    view = CrossImpactView(somewhereland)
    scenario = np.array([0, 2, 0, 1, 2, 2], np.int16)
    expected = {
        0: (2, {"B": 5, "C": 5, "D": -3, "E": 3}),
        1: (1, {"E": 1}),
        2: (1, {"B": 3, "E": 3, "F": -3}),
        3: (0, {"C": 4, "F": -2}),
        4: (1, {"B": -1, "C": 1, "D": 1}),
        5: (1, {"E": 4}),
    }
    for j, (rival, adds) in expected.items():
        found, told = contributions(view.central, scenario, view.shape, j)
        assert (found, {"ABCDEF"[one.source]: one.points for one in told}) == (rival, adds)
    keystones = {
        (3, one.source) for one in contributions(view.central, scenario, view.shape, 3)[1] if one.keystone
    }
    assert keystones == {(3, 2)}


# --- files of ScenarioWizard ----------------------------------------------------------------------


def published(folder: Path, name: str) -> tuple[Case, CrossImpactResult, dict[str, Any]]:
    case = import_case(folder / "crossimpact" / f"{name}.scw").require()
    expected = json.loads((folder / "crossimpact" / f"{name}.expected.json").read_text("utf-8"))
    return case, answer(case), expected


@pytest.mark.parametrize("name", ["CIB_global", "CIB_natl_regional"])
def test_the_scenarios_of_a_published_matrix_are_those_of_scenariowizard(
    shared_data: Path, name: str
) -> None:
    """Self-impacts, judgements beyond 3 and ties included; margins and scores as in its file of solutions."""
    _, found, _ = published(shared_data, name)
    solutions = read_sl((shared_data / "crossimpact" / f"{name}.sl").read_text("utf-8"), name)
    assert found.complete
    told = {one.numbers: (one.margin, one.total_impact) for one in found.scenarios}
    assert told == {one.numbers: (one.margin, one.total_impact) for one in solutions}


def test_the_weights_of_a_small_matrix_are_the_basins(shared_data: Path, tmp_path: Path) -> None:
    case, found, expected = published(shared_data, "CIB_global")
    text = (shared_data / "crossimpact" / "CIB_global.sl").read_text("utf-8")
    assert {one.numbers: float(one.basin) for one in found.scenarios} == {
        one.numbers: one.weight for one in read_sl(text, "x")
    }
    assert export_case(case, tmp_path / "x.sl", further=lens("crossimpact").formats()) == []
    written = (tmp_path / "x.sl").read_text("utf-8")
    assert sorted(written.splitlines()) == sorted(text.splitlines())
    (told,) = found.cycles
    assert (told.length, told.basin, told.least) == (2, 17, (1, 2, 2))
    assert [one.local_basin for one in found.scenarios] == [
        row["basin_local"] for row in sorted(expected["scenarios"], key=lambda row: row["states_1based"])
    ]


@pytest.mark.parametrize("name", ["CIB_global", "CIB_natl_regional"])
def test_the_scenarios_of_a_published_matrix_by_tolerance(shared_data: Path, name: str) -> None:
    case, _, expected = published(shared_data, name)
    for tolerance, count in list(expected["counts_by_tolerance"].items())[:4]:
        found = CrossImpactView(case.with_({"options.crossimpact.tolerance": int(tolerance)}))
        assert len(found.found(found.central[None], found.open(1), 5000).scenarios) == count


def test_sampled_basins_of_a_large_matrix_are_those_of_scenariowizard(shared_data: Path) -> None:
    """22,674,816 scenarios; both samples have 100,000 starts, so they differ by chance only."""
    _, found, expected = published(shared_data, "CIB_natl_regional")
    assert not found.basins_exact
    exact = {
        tuple(row["states_1based"]): row["basin_global_exact"] / 22_674_816 for row in expected["scenarios"]
    }
    for one in found.scenarios:
        share = exact[one.numbers]
        assert abs(one.basin / one.starts - share) < 5 * np.sqrt(share / one.starts)


@pytest.mark.slow
def test_exact_basins_of_a_large_matrix(shared_data: Path) -> None:
    case, _, expected = published(shared_data, "CIB_natl_regional")
    view = CrossImpactView(case)
    told = basins(view.central, view.shape, most=30_000_000)
    for row in expected["scenarios"]:
        number = int(view.shape.numbered(np.array([row["states_1based"]]) - 1)[0])
        assert told.of(number) == row["basin_global_exact"]
    assert len(told.attractors) == len(expected["scenarios"])
