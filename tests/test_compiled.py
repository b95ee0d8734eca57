"""Is what is compiled made anew when what it calls has changed?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.compiled import kept

CALLED = """
from detente.compiled import inside

@inside
def factor():
    return {factor}
"""
CALLING = """
from called import factor
from detente.compiled import kept

@kept
def times(number):
    return factor() * number

if __name__ == "__main__":
    print(times(10), sum(times.stats.cache_hits.values()))
"""


def printed(folder: Path, program: str) -> str:
    """Return what a program in a folder prints, which keeps there what it compiles."""
    # Python's own cache takes a source of the same size and second for unchanged.
    alone = {"NUMBA_CACHE_DIR": str(folder / "kept"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment, command = {**os.environ, **alone}, [sys.executable, program]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_loop_is_compiled_anew_when_what_it_calls_has_changed(tmp_path: Path) -> None:
    (tmp_path / "calling.py").write_text(CALLING, encoding="utf-8")

    def told(factor: int) -> str:
        (tmp_path / "called.py").write_text(CALLED.format(factor=factor), encoding="utf-8")
        return printed(tmp_path, "calling.py")

    assert [told(2), told(2), told(3), told(3)] == ["20 0", "20 1", "30 0", "30 1"]


@pytest.mark.skipif(sys.platform == "win32", reason="files have no locks there")
def test_of_processes_that_need_a_loop_at_once_one_compiles_it(tmp_path: Path) -> None:
    (tmp_path / "called.py").write_text(CALLED.format(factor=2), encoding="utf-8")
    (tmp_path / "calling.py").write_text(CALLING, encoding="utf-8")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    command = [sys.executable, "calling.py"]
    both = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert sorted(one.communicate()[0].strip() for one in both) == ["20 0", "20 1"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="whoever is root may write anywhere")
def test_what_others_kept_is_taken_where_nobody_may_write(tmp_path: Path) -> None:
    assert once_kept(tmp_path, "os.chmod(folder, 0o555)") == "20 1"


def test_a_folder_that_went_meanwhile_is_made_anew(tmp_path: Path) -> None:
    assert once_kept(tmp_path, "shutil.rmtree(folder)") == "20 0"


def once_kept(tmp_path: Path, spoil: str) -> str:
    """Return what a program says that finds a loop kept, and something done to the folder before it calls it."""
    (tmp_path / "called.py").write_text(CALLED.format(factor=2), encoding="utf-8")
    (tmp_path / "calling.py").write_text(CALLING, encoding="utf-8")
    again = f"import os, shutil\nfrom calling import times\nfolder = os.environ['NUMBA_CACHE_DIR']\n{spoil}\n"
    (tmp_path / "again.py").write_text(
        f"{again}print(times(10), sum(times.stats.cache_hits.values()))", "utf-8"
    )
    return [printed(tmp_path, program) for program in ("calling.py", "again.py")][-1]


def test_without_a_compiler_a_loop_is_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "called.py").write_text(CALLED.format(factor=2), encoding="utf-8")
    (tmp_path / "calling.py").write_text(
        CALLING.replace(", sum(times.stats.cache_hits.values())", ""), "utf-8"
    )
    command, environment = [sys.executable, "calling.py"], {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "20"


@pytest.mark.skipif(os.environ.get("NUMBA_BOUNDSCHECK", "0") == "0", reason="`make bounds` runs it")
def test_a_look_up_outside_its_array_is_told() -> None:
    @kept
    def at(numbers: NDArray[np.int64], place: int) -> int:
        return int(numbers[place])

    assert at(np.arange(3), 2) == 2
    with pytest.raises(IndexError):
        at(np.arange(3), 3)
