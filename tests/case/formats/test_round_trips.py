"""Whatever case goes out comes back, as far as the format holds it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from detente.case import Case
from detente.case.formats import export_case, import_case
from detente.errors import Problem
from tests.case.formats.strategies import cases, plain_cases

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def there_and_back(case: Case, name: str, kind: str) -> tuple[Case, list[Problem]]:
    """Return the case that a written file says, and what writing it warned of."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        warnings = export_case(case, path, kind)
        return import_case(path).require(), warnings


@pytest.mark.parametrize("kind", ["yaml", "json", "xlsx"])
def test_formats_that_hold_everything_lose_nothing(kind: str) -> None:
    """A case with every part is the same after YAML, JSON and a workbook."""

    @SETTINGS
    @given(case=cases())
    def check(case: Case) -> None:
        back, warnings = there_and_back(case, f"case.{kind}", kind)
        assert back == case
        assert back.fingerprint == case.fingerprint
        assert not warnings

    check()


def table_form(case: Case) -> dict[str, Any]:
    """Return what a tidy table holds of a case, with each influence where a table would put it."""
    data = case.to_dict()
    for part in ("question", "as_of", "note", "correlations", "scenarios", "options"):
        data.pop(part, None)
    for part in ("actors", "issues"):  # of those with one name, how they are told apart
        for key, entry in data[part].items():
            entry["name"] = getattr(case, part)[key].name
    for issue in data["issues"].values():
        anchors = sorted(issue["scale"], key=float)
        issue["scale"] = {anchors[0]: "lowest position", anchors[-1]: "highest position"}
        for name in ("question", "unit", "failure_cost", "outcome", "because", "note"):
            issue.pop(name, None)
    cited = {
        source
        for stances in data.get("stances", {}).values()
        for stance in stances.values()
        for source in stance.get("because", [])
    }
    data["sources"] = {
        key: {"title": source["title"]} for key, source in data.get("sources", {}).items() if key in cited
    }
    grouped = {group for actor in data["actors"].values() for group in actor.get("groups", [])}
    data["groups"] = {
        key: {"name": group["name"]} for key, group in data.get("groups", {}).items() if key in grouped
    }
    for actor in data["actors"].values():
        for name in ("because", "note"):
            actor.pop(name, None)
    _place_influences(data)
    return {name: value for name, value in data.items() if value not in ({}, [])}


def _place_influences(data: dict[str, Any]) -> None:
    stances = data.get("stances", {})
    for key, actor in data["actors"].items():
        own = [held[key] for held in stances.values() if key in held]
        effective = [stance.get("influence", actor.get("influence")) for stance in own]
        if not own:
            continue
        actor.pop("influence", None)
        alike = all(value == effective[0] for value in effective)
        for stance, value in zip(own, effective, strict=True):
            stance.pop("influence", None)
            if not alike:
                stance["influence"] = value
        if alike:
            actor["influence"] = effective[0]


@SETTINGS
@given(case=cases())
def test_a_tidy_table_holds_all_that_it_does_not_warn_of(case: Case) -> None:
    """Names, groups, scales' ends, doubt, red lines, evidence and notes of stances come back from CSV."""
    case = Case.from_dict({**case.to_dict(), "title": "tidy"})
    back, _ = there_and_back(case, "tidy.csv", "csv")
    assert back == Case.from_dict(table_form(case))


@SETTINGS
@given(case=cases())
def test_what_came_from_a_table_goes_back_without_loss(case: Case) -> None:
    """Import, export and import again give the same case and no warning of loss."""
    once, _ = there_and_back(case, "tidy.csv", "csv")
    again, warnings = there_and_back(once, "tidy.csv", "csv")
    assert again == once
    assert not warnings


@pytest.mark.parametrize("kind", ["ktab", "decide"])
def test_plain_cases_survive_programs_without_doubt(kind: str) -> None:
    """A case of bare numbers comes back from KTAB and DECIDE, to the last bit."""

    @SETTINGS
    @given(case=plain_cases(kind=kind))
    def check(case: Case) -> None:
        back, warnings = there_and_back(case, "case.txt", kind)
        assert back == case
        assert not warnings

    check()


@pytest.mark.parametrize("kind", ["ktab", "decide"])
def test_any_case_becomes_stable_after_one_trip(kind: str) -> None:
    """What a plain program's file says is said by the file that is written from it."""

    @SETTINGS
    @given(case=cases())
    def check(case: Case) -> None:
        if kind == "ktab" and len(case.actors) < 3:
            return
        once, _ = there_and_back(case, "case.txt", kind)
        again, _ = there_and_back(once, "case.txt", kind)
        assert again == once

    check()
