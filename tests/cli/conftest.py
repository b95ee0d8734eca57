"""How the tests of the command line call it: inside this process, or as a program of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detente.cli import main
from tests.cli.calling import EXACT, FAULTY, TABLE, Invoke, Program, command_line
from tests.solving import briefed


@pytest.fixture(autouse=True)
def _in_an_empty_folder_on_a_plain_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every command in an empty folder, 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run a command in this process; a failure not told as one is raised. What was solved before is reused."""
    monkeypatch.setattr("detente.report.brief", briefed)

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def program() -> Program:
    """Run a command as a program."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command_line(*arguments),
            env={**os.environ, "PYTHONUTF8": "1", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            check=False,
        )

    return run


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Return a case file with three errors: a number above its bound, and an unknown actor twice over."""
    path = tmp_path / "faulty.yaml"
    path.write_text(FAULTY, encoding="utf-8")
    return path


@pytest.fixture
def exact(tmp_path: Path) -> Path:
    """Return a case file without doubt, whose compromise is 50."""
    path = tmp_path / "exact.yaml"
    path.write_text(EXACT, encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table of stances as a spreadsheet program writes it: two actors, two issues."""
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path
