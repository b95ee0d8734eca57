"""The front of the package: the story in ten lines, and nothing imported before it is asked for."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import detente
from detente.lenses import LensResult, available, lens
from detente.version import __version__

PLACES = {
    "Case": "detente.case:Case",
    "Quantity": "detente.quantity:Quantity",
    "brief": "detente.report:brief",
    "compare": "detente.lenses:compare",
    "inquire": "detente.study.inquiry:inquire",
    "load": "detente.catalog:open_case",
    "tornado": "detente.lenses:tornado",
}
LENSES = {name: lens(name).result for name in available()}
EVERY_PART = Path(__file__).parent / "contract" / "every_part.yaml"


@pytest.mark.parametrize(("name", "place"), PLACES.items())
def test_a_name_at_the_front_is_the_one_in_its_room(name: str, place: str) -> None:
    module, _, attribute = place.partition(":")
    assert getattr(detente, name) is getattr(importlib.import_module(module), attribute)


def test_everything_offered_is_listed() -> None:
    assert set(detente.__all__) == {*PLACES, "__version__"}
    assert {*detente.__all__, *available()} <= set(dir(detente))
    assert detente.__version__ == __version__


def test_a_name_that_is_not_offered_is_an_ordinary_missing_attribute() -> None:
    with pytest.raises(AttributeError, match="'detente' has no attribute 'forecast'"):
        _ = detente.forecast


def test_nothing_is_imported_before_a_name_is_asked_for() -> None:
    program = (
        "import sys, detente; print(*[name for name in sys.modules if name.startswith('detente.')]);"
        "print(*dir(detente)); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported, listed, afterwards = done.stdout.splitlines()
    assert imported.split() == ["detente.version"]
    assert {*detente.__all__, *available()} <= set(listed.split())
    assert not {"altair", "jinja2", "numba", "scipy.optimize", "vl_convert"} & set(afterwards.split())


def test_a_case_is_loaded_by_its_name_in_the_catalog_or_from_a_file(tmp_path: Path) -> None:
    case = detente.load("river-dam")
    case.save(tmp_path / "mine.yaml")
    assert detente.load(tmp_path / "mine.yaml") == case
    assert isinstance(case, detente.Case)
    assert isinstance(case.stances["filling"]["bank"].position, detente.Quantity)


@pytest.mark.parametrize(("name", "kind"), LENSES.items())
def test_a_lens_function_runs_its_lens_with_everything_it_takes(name: str, kind: type[LensResult]) -> None:
    case = detente.load(EVERY_PART)
    told: list[tuple[int, int]] = []
    ask = getattr(detente, name)
    result = ask(
        case,
        draws=200,
        seed=3,
        workers=1,
        scenario="dry-years",
        changes={"stances.filling.upstream.position": 6},
        progress=lambda done, total: told.append((done, total)),
    )
    assert isinstance(result, kind)
    assert (result.record.lens, result.record.draws, result.record.seed) == (name, 200, 3)
    assert result.record.scenario == "dry-years"
    assert told[-1] == (200, 200)
    changed = case.with_({"stances.filling.upstream.position": 6}, scenario="dry-years")
    assert result == ask(changed, draws=200, seed=3)
    assert kind.from_dict(result.to_dict()) == result


def test_studies_start_from_the_front() -> None:
    case = detente.load("river-dam")
    dry = case.with_(scenario="dry-years")
    assert detente.compare({"now": case, "dry": dry}, draws=100).labels == ("now", "dry")
    assert set(detente.tornado(case).centre) >= {"filling.mean", "release.mean"}


def test_a_brief_starts_from_the_front(tmp_path: Path) -> None:
    brief = detente.brief(detente.load("river-dam"), draws=200)
    brief.save(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == brief.to_html()
