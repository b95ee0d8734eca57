"""A run on a local cluster of two workers: the same bytes, errors as they are, a dead worker, nothing reported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.errors import DetenteError, OptionError
from detente.lenses import lens
from detente.lenses.cluster import _connected, digest
from detente.lenses.draws import Workers, over_blocks

ray: Any = pytest.importorskip("ray", reason="Ray is not installed: pip install 'detente[ray]'")


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    """Start a cluster of two workers on this machine."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        object_store_memory=10**8,
    )
    yield
    ray.shutdown()


@pytest.mark.parametrize("name", ["bargaining", "winset", "stability", "crossimpact", "relations"])
def test_a_cluster_gives_the_same_bytes_as_one_core(name: str) -> None:
    case = detente.load("us-russia-2024")
    case = case.with_({"options.stability.coalitions": False, "options.bargaining.methods": ["mean", "nash"]})
    sizes = {"bargaining": 2_100, "winset": 1_100, "stability": 300, "crossimpact": 600, "relations": 2_100}
    drawn = {
        workers: lens(name).simulate(case, draws=sizes[name], seed=3, workers=workers).outcomes()
        for workers in (1, "ray")
    }
    assert drawn[1].keys() == drawn["ray"].keys()
    for label, one in drawn[1].items():
        np.testing.assert_array_equal(one, drawn["ray"][label], err_msg=label)


def test_the_command_line_gives_the_same_bytes_on_a_cluster() -> None:
    """`--workers ray`: a run, and a study whose further runs go there as well."""
    asked = (
        ("run", "bargaining", "us-russia-2024", "--draws", "2100", "--json"),
        ("study", "shares", "river-dam", "--draws", "1100", "--json"),
    )
    for arguments in asked:
        one, ray_ = (
            CliRunner().invoke(main, [*arguments, "--workers", workers], catch_exceptions=False)
            for workers in ("1", "ray")
        )
        assert one.exit_code == ray_.exit_code == 0, ray_.output
        assert one.stdout == ray_.stdout


def test_blocks_come_back_in_order_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    found = list(
        over_blocks(lambda start, count: (start, count), 1_050, "ray", lambda *one: told.append(one), 100)
    )
    assert found == [(start, min(100, 1_050 - start)) for start in range(0, 1_050, 100)]
    assert told[-1] == (1_050, 1_050)
    assert told == sorted(told)


def test_a_block_whose_worker_died_is_given_out_again(tmp_path: Path) -> None:
    here = os.getpid()

    def solve(start: int, count: int) -> int:
        mark = tmp_path / f"died-{start}"
        if os.getpid() != here and start == 200 and not mark.exists():
            mark.write_text("once", encoding="utf-8")
            os._exit(1)
        return start + count

    assert list(over_blocks(solve, 400, "ray", size=100)) == [100, 200, 300, 400]
    assert (tmp_path / "died-200").exists()


def test_an_error_in_a_worker_is_the_error_itself() -> None:
    def solve(start: int, count: int) -> int:
        if start:
            raise OptionError(f"{start} of {count} cannot be")
        return 0

    with pytest.raises(OptionError, match=r"^100 of 100 cannot be$"):
        list(over_blocks(solve, 300, "ray", size=100))


def test_a_cluster_that_does_not_start_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**_: Any) -> None:
        raise RuntimeError("The current node timed out during startup.\nSome of the rest")

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", busy)
    told = r"could be started \(The current node timed out during startup\.\); .* leave out workers='ray'$"
    with pytest.raises(DetenteError, match=told):
        list(over_blocks(lambda start, count: start + count, 200, "ray", size=100))


def test_nothing_is_told_of_a_dead_worker_on_stdout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There stands the answer, which other programs read."""
    monkeypatch.setattr(ray._private.worker, "print_to_stdstream", ray._private.worker.print_to_stdstream)
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", lambda **_: None)
    assert _connected() is ray
    told = {"lines": ["A worker died"], "pid": "raylet", "is_err": False}
    ray._private.worker.print_to_stdstream(told, ignore_prefix=False)
    assert not capsys.readouterr().out


def test_who_stops_asking_leaves_nothing_running(tmp_path: Path) -> None:
    def solve(start: int, count: int) -> int:
        import time

        time.sleep(0.2 if start else 0.0)
        (tmp_path / str(start)).touch()
        return count

    asked = over_blocks(solve, 4_000, "ray", size=100)
    assert next(asked) == 100
    asked.close()  # type: ignore[attr-defined]
    assert len(list(tmp_path.iterdir())) < 20


def test_nothing_is_reported_to_anybody() -> None:
    workers: Workers = "ray"
    assert list(over_blocks(lambda start, count: start * count, 200, workers, size=100)) == [0, 10_000]
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


def test_a_hash_sees_every_number() -> None:
    one, other = {"a": np.arange(3.0), "b": [1, 2]}, {"a": np.arange(3.0), "b": [1, 3]}
    assert digest(one) != digest(other)
    assert digest(one) == digest({"a": np.arange(3.0), "b": [1, 2]})
    assert digest({"a": np.array([0.0, 1.0, 2.0 + 4e-16])}) != digest({"a": np.arange(3.0)})
