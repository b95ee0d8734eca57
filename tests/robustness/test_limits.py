"""At the stated limits a case is read and checked at once; a step beyond them it is refused as fast.

On an idle machine each takes less than two seconds; here they may take `LONGEST`, since tests are measured and
machines are shared.
"""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from detente.case.changes import MAX_STANCES, MOST_TRIED
from detente.case.formats.folder import check_folder
from detente.case.loading import check
from detente.case.reading import MAX_NODES

LONGEST = 30.0  # seconds of the processor; measuring which lines run slows them three times


def case_of(actors: int, issues: int) -> dict[str, Any]:
    """Return a case in which everybody must consent and everybody has a stance, in doubt, on everything."""
    chance = random.Random(3)  # noqa: S311
    who = [f"m{number}" for number in range(actors)]
    what = [f"i{number}" for number in range(issues)]
    return {
        "title": "t",
        "actors": {actor: {"name": actor.upper(), "influence": 1} for actor in who},
        "issues": {
            issue: {"name": issue.upper(), "scale": {0: "low", 100: "high"}, "no_deal": chance.randrange(100)}
            for issue in what
        },
        "stances": {
            issue: {
                actor: {
                    "position": f"{chance.randrange(100)} ± 8",
                    "salience": f"{chance.randrange(20, 80) / 100} ± 0.1",
                }
                for actor in who
            }
            for issue in what
        },
        "consent": {"all_of": who},
    }


def in_a_folder(folder: Path, data: dict[str, Any]) -> Path:
    """Write a case with its stances in a table beside it."""
    data = dict(data)
    stances = data.pop("stances")
    rows = [
        f"{issue},{actor},{stance['position']},{stance['salience']}"
        for issue, of_issue in stances.items()
        for actor, stance in of_issue.items()
    ]
    (folder / "case.yaml").write_text(json.dumps(data), encoding="utf-8")
    (folder / "stances.csv").write_text("issue,actor,position,salience\n" + "\n".join(rows) + "\n", "utf-8")
    return folder


def timed(step: Any, path: Path) -> Any:
    """Return what a step finds, which may not take long."""
    begun = time.process_time()
    found = step(path)
    assert time.process_time() - begun < LONGEST
    return found


@pytest.mark.parametrize("scenarios", [0, 1])
def test_ten_thousand_stances_in_a_table(scenarios: int, tmp_path: Path) -> None:
    data = case_of(100, 100)
    changed = {"name": "S", "changes": {"actors.m0.failure_cost": 0.1, "consent": {"all_of": ["m0", "m1"]}}}
    data["scenarios"] = {f"s{number}": changed for number in range(scenarios)}
    assert sum(map(len, data["stances"].values())) == MAX_STANCES == MOST_TRIED // 2
    found = timed(check_folder, in_a_folder(tmp_path, data))
    assert found.case is not None


def test_nearly_as_many_values_as_a_file_may_hold(tmp_path: Path) -> None:
    data = case_of(80, 79)
    assert 0.94 * MAX_NODES < 6 * 80 * 79  # six in each stance
    path = tmp_path / "case.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert timed(check, path).case is not None


def test_what_to_keep_fewer_of_fits_what_is_too_large(tmp_path: Path) -> None:
    """Five thousand scenarios were refused with the advice to name fewer issues in each deal, and no other."""
    path = tmp_path / "case.json"
    many = {f"s{n}": {"name": "S", "changes": {"issues.i1.no_deal": n, "a": 1, "b": 2}} for n in range(5_000)}
    path.write_text(json.dumps({**case_of(3, 2), "scenarios": many}), "utf-8")
    (problem,) = timed(check, path).errors
    assert problem.message == "more than 40000 values"
    assert "keep fewer scenarios" in str(problem.hint)


def test_every_issue_in_each_of_two_hundred_deals_is_refused(tmp_path: Path) -> None:
    data = case_of(3, 200)
    data["deals"] = {f"d{n}": {"name": f"D{n}", "issues": list(data["issues"])} for n in range(200)}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    (problem,) = timed(check, path).errors
    assert problem.message == "more than 40000 values"
    assert "name fewer issues in each deal" in str(problem.hint)
