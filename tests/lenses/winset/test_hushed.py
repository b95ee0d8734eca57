"""What solvers print past Python does not reach the standard output; what Python prints does."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Barrier, Thread

import pytest

from detente.lenses.winset.exact import hushed as module
from detente.lenses.winset.exact.hushed import hushed

SCRIPT = """
import ctypes, sys
from detente.lenses.winset.exact.hushed import hushed
say = ctypes.CDLL(None).printf
print("before")
with hushed():
    say(b"a solver talks\\n")
print("after")
say(b"C prints again\\n")
"""


def test_only_what_is_printed_inside_is_dropped() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert sorted(done.stdout.split("\n")) == sorted(["before", "after", "C prints again", ""])


def test_output_returns_when_the_last_of_several_threads_is_done(capfd: pytest.CaptureFixture[str]) -> None:
    both = Barrier(2)

    def talk() -> None:
        with hushed():
            both.wait()
            os.write(1, b"noise")
            both.wait()

    threads = [Thread(target=talk) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.write(1, b"heard")
    assert capfd.readouterr().out == "heard"


def test_closed_output_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> int:
        raise OSError("bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    with hushed():
        pass
    assert not module._spells


def test_output_returns_after_a_failure(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="solver"), hushed():
        raise ValueError("solver")
    os.write(1, b"heard")
    assert capfd.readouterr().out == "heard"
