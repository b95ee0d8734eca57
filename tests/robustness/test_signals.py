"""Signals at any moment: a command that writes leaves the old file or the new one whole, and nothing beside it.

The variable DETENTE_SIGNALS says how many are sent, by default 20 and in the profile `full` 500.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.case.files import write_whole
from tests.cli.calling import command_line

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"
SIGNALS = int(os.environ.get("DETENTE_SIGNALS", "500" if FULL else "20"))
OLD = "what stood here before\n"
ENDS = {"page.html": "</html>", "out.csv": "\n", "out.gmcr": "}", "out.yaml": "\n", "fresh.yaml": "\n"}
WRITING = (
    ("page.html", ("brief", "river-dam", "--draws", "300", "-o", "page.html")),
    ("out.csv", ("export", "river-dam", "-o", "out.csv")),
    ("out.gmcr", ("export", "chicken", "-o", "out.gmcr")),
    ("out.yaml", ("import", "table.csv", "-o", "out.yaml")),
    ("fresh.yaml", ("new", "fresh.yaml")),
)
KINDS = ("SIGINT", "SIGTERM", "SIGKILL", "SIGPIPE")
HEARD = {"SIGINT": (130, -2), "SIGTERM": (143, -15), "SIGKILL": (-9,), "SIGPIPE": (141, -13)}


def shots() -> Iterator[tuple[int, str, str, tuple[str, ...], float]]:
    """Yield number, kind of signal, output, command and after how many seconds the signal is sent."""
    chance = random.Random(15)  # noqa: S311 - chance, not secrecy
    for number in range(SIGNALS):
        output, command = WRITING[number % len(WRITING)]
        yield number, chance.choice(KINDS), output, command, chance.choice((0.3, 1.0, 3.0)) * chance.random()


@pytest.mark.parametrize("part", range(5))
def test_a_signal_at_any_moment_leaves_whole_files_and_nothing_else(part: int, tmp_path: Path) -> None:
    for number, kind, output, command, moment in shots():
        if number % 5 != part:
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        table = folder / "table.csv"
        table.write_text(
            "Actor,Issue,Position,Salience,Power\nA,X,20,0.5,1\nB,X,60,0.9,3\n", encoding="utf-8"
        )
        path, there = folder / output, number % 2 == 0
        if there:
            path.write_text(OLD, encoding="utf-8")
        code, told = _shot(folder, (*command, "--force") if there else command, kind, moment)
        told = f"shot {number}: {kind} {moment:.2f} s into {' '.join(command)}: exit code {code}\n{told}"
        # Before the command begins Python opens the package, and tells in its own way that it was interrupted.
        ours = [
            line for line in told.splitlines() if "detente/" in line and "detente/__init__.py" not in line
        ]
        starting = kind == "SIGINT" and not ours
        assert code in (0, *HEARD[kind]) or (starting and code == 1), told
        assert "Traceback" not in told or starting, told
        if path.exists():
            text = path.read_text(encoding="utf-8")
            whole = len(text) > len(OLD) and text.rstrip("\n").endswith(ENDS[output].rstrip("\n"))
            assert whole or (there and text == OLD), told
        else:
            assert not there, told
        left = {one.name for one in folder.iterdir()} - {output, "table.csv"}
        if kind in ("SIGKILL", "SIGPIPE") or code < 0:  # not even heard: the next writer clears up
            write_whole(path, OLD)
            left = {one.name for one in folder.iterdir()} - {output, "table.csv"}
        assert not left, told
        shutil.rmtree(folder)


def _shot(folder: Path, command: tuple[str, ...], kind: str, moment: float) -> tuple[int, str]:
    with subprocess.Popen(
        command_line(*command), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        try:
            told, _ = running.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            running.send_signal(getattr(signal, kind))
            told, _ = running.communicate()
    return running.returncode, told
