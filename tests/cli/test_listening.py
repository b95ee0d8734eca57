"""Ctrl-C while a command computes: heard whatever the compiled loops are doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from detente.cli import listening as room
from detente.cli.listening import EndedError, listening

BUSY = """
import ctypes, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which is ignored where these tests run under nohup
import detente.catalog
from detente.cli import main
def compute():
    print("computing", flush=True)
    ctypes.CDLL(None).sleep({seconds})  # like a compiled loop: outside Python, and it frees the interpreter
detente.catalog.entries = compute
sys.argv = ["detente", "cases"]
main()
"""


def answered(number: signal.Signals, *program: str) -> tuple[int, str]:
    """Return the exit code and the last words of a command that gets a signal in ten minutes of computing."""
    with subprocess.Popen(
        [sys.executable, *(program or ("-c", BUSY.format(seconds=600)))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "computing\n"
        running.send_signal(number)
        _, told = running.communicate(timeout=300)  # far less than it would compute
    return running.returncode, told


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (signal.SIGINT, 130, "interrupted; nothing was left half-written"),
        (signal.SIGTERM, 143, "asked to end; nothing was left half-written"),
        (signal.SIGHUP, 129, "asked to end; nothing was left half-written"),
    ],
)
def test_a_command_in_a_compiled_loop_hears_signals(number: signal.Signals, code: int, words: str) -> None:
    assert answered(number) == (code, f"\nError: {words}\n" if code == 130 else f"Error: {words}\n")


def test_interrupted_in_a_text_that_is_executed_the_exit_code_is_that_of_the_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dataclasses are made by executing texts; ``python -m`` takes what interrupts one for an unhandled Ctrl-C."""
    compute = (
        "exec(\"import time\\nprint('computing', flush=True)\\nfor _ in range(60000): time.sleep(0.01)\")"
    )
    text = BUSY.format(seconds=600).replace('print("computing", flush=True)', compute)
    (tmp_path / "busy.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert answered(signal.SIGTERM, "-m", "busy")[0] == 143


def never(number: int) -> None:
    """Fail: the work has not ended when it was told to."""
    pytest.fail(f"not heard: {number}")


def test_what_the_work_raises_is_raised() -> None:
    def work() -> None:
        raise LookupError("of the work")

    with pytest.raises(LookupError, match="of the work"):
        listening(work, never)


def pressing() -> None:
    """Press Ctrl-C, and wait."""
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(600)


def test_the_work_is_interrupted_where_it_is_in_python() -> None:
    ended: list[str] = []

    def work() -> None:
        try:
            pressing()
        finally:
            ended.append("cleaned up")

    with pytest.raises(EndedError) as told:
        listening(work, never)
    assert (ended, told.value.args) == (["cleaned up"], (signal.SIGINT,))


def swallowing() -> None:
    """Take an interruption for something else, and go on."""
    with suppress(KeyboardInterrupt):
        pressing()


def mistaking() -> None:
    """Tell an interruption as another error, as a module does that is loaded meanwhile."""
    try:
        pressing()
    except KeyboardInterrupt:
        raise ImportError("no such module") from None


@pytest.mark.parametrize("work", [swallowing, mistaking])
def test_an_interruption_is_told_whatever_the_work_makes_of_it(work: Callable[[], None]) -> None:
    with pytest.raises(EndedError):
        listening(work, never)


def test_work_that_does_not_listen_is_told_to_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    told = threading.Event()
    monkeypatch.setattr(room, "GRACE", 0.0)

    def deaf(number: int) -> None:
        heard.append(number)
        told.set()

    def work() -> None:
        try:
            pressing()
        finally:
            assert told.wait(600)

    with pytest.raises(EndedError):
        listening(work, deaf)
    assert heard == [signal.SIGINT]


def test_afterwards_signals_mean_what_they_meant() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)], sys.unraisablehook
    with pytest.raises(EndedError):
        listening(pressing, never)
    assert before == ([signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)], sys.unraisablehook)
    assert signal.set_wakeup_fd(-1) == -1


def test_another_thread_works_by_itself() -> None:
    found: list[threading.Thread] = []
    caller = threading.Thread(
        target=lambda: listening(lambda: found.append(threading.current_thread()), never)
    )
    caller.start()
    caller.join()
    assert found == [caller]


def test_to_be_asked_to_end_is_to_be_interrupted() -> None:
    """So that whatever takes back half-written files on Ctrl-C does so then too."""
    assert issubclass(EndedError, KeyboardInterrupt)


@pytest.mark.parametrize("how", ["import detente.cli", "import runpy; runpy.run_module('detente')"])
def test_pressed_while_modules_are_loaded_it_ends_without_a_word(how: str) -> None:
    pressing = (
        "import os, signal, sys\n"
        "class Press:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'click':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        f"sys.meta_path.insert(0, Press())\n{how}"
    )
    done = subprocess.run([sys.executable, "-c", pressing], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_once_loaded_it_is_heard_as_before() -> None:
    program = (
        "import signal, detente.cli; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
