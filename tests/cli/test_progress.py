"""Waiting is told on a terminal, and leaves no trace there."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import pytest

from detente.cli import progress as room
from detente.cli.output import Output
from detente.cli.progress import STARTING, progress


class Terminal(io.StringIO):
    """A stream that says that a person reads it."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return what stderr shows from now on; in a fixture, pytest would take stderr back."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def comes_true(condition: Callable[[], bool]) -> bool:
    """Say whether something becomes true before one gives up on it."""
    end = time.monotonic() + 600
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_long_work_tells_its_stages_and_clears_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_a_terminal(monkeypatch)
    monkeypatch.setattr(room, "PATIENCE", 0.0)
    with progress(Output(), "draws") as tell:
        assert comes_true(lambda: STARTING in terminal.getvalue())
        tell(30, 100)
        assert comes_true(lambda: "draws" in terminal.getvalue() and "30%" in terminal.getvalue())
        tell(100, 100)
        assert comes_true(lambda: "putting the answer together" in terminal.getvalue())
    assert terminal.getvalue().endswith("\x1b[2K")  # the last word is that the line is erased


def test_what_was_counted_before_the_line_appeared_is_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_a_terminal(monkeypatch)
    monkeypatch.setattr(room, "PATIENCE", 0.2)
    with progress(Output(), "draws", first="beginning") as tell:
        tell(70, 100)
        assert comes_true(lambda: "70%" in terminal.getvalue())


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_a_terminal(monkeypatch)
    monkeypatch.setattr(room, "PATIENCE", 600.0)  # on a loaded machine nothing is short
    with progress(Output(), "draws") as tell:
        tell(1, 2)
    assert terminal.getvalue() == ""


def test_a_line_that_comes_too_late_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_a_terminal(monkeypatch)
    shown = room.Told("draws", "beginning", seen=True)
    shown.stop()
    shown.start()
    assert terminal.getvalue() == ""


def test_quiet_work_and_pipes_get_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_a_terminal(monkeypatch)
    monkeypatch.setattr(room, "PATIENCE", 0.0)
    with progress(Output(quiet=True), "draws") as tell:
        tell(1, 2)
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with progress(Output(), "draws") as tell:
        tell(1, 2)
    assert terminal.getvalue() == pipe.getvalue() == ""


def test_what_is_known_early_is_told_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_a_terminal(monkeypatch)
    monkeypatch.setattr(room, "PATIENCE", 600.0)
    with progress(Output(), "draws") as tell:
        tell.say("There is a deal.")
    assert terminal.getvalue() == "There is a deal.\n"
    with progress(Output(quiet=True), "draws") as tell:
        tell.say("Nobody asked.")
    assert "Nobody" not in terminal.getvalue()
