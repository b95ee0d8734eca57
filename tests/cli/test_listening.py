"""Ctrl-C while a command computes: heard whatever the compiled loops are doing."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from detente.cli.listening import STEP, TerminatedError, listening

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


def test_what_the_work_raises_is_raised() -> None:
    def work() -> None:
        raise LookupError("of the work")

    with pytest.raises(LookupError, match="of the work"):
        listening(work)


def test_the_work_is_interrupted_where_it_is_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    begun = threading.Event()

    def work() -> None:
        begun.set()
        try:
            while True:
                time.sleep(0.01)
        finally:
            ended.append("cleaned up")

    waiting = threading.Event.wait

    def pressed(event: threading.Event, timeout: float | None = None) -> bool:
        if timeout != STEP:
            return waiting(event, timeout)
        monkeypatch.undo()
        begun.wait()
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Event, "wait", pressed)
    with pytest.raises(KeyboardInterrupt):
        listening(work)
    assert ended == ["cleaned up"]


def test_another_thread_works_by_itself() -> None:
    found: list[threading.Thread] = []
    caller = threading.Thread(target=lambda: listening(lambda: found.append(threading.current_thread())))
    caller.start()
    caller.join()
    assert found == [caller]


def test_to_be_asked_to_end_is_to_be_interrupted() -> None:
    """So that whatever takes back half-written files on Ctrl-C does so then too."""
    assert issubclass(TerminatedError, KeyboardInterrupt)


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
