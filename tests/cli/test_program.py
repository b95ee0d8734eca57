"""As a program: what a shell, a pipe, an impatient user and a full disk make of it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calling import Program, command_line

HEAVY = {"altair", "jinja2", "numba", "openpyxl", "pandas", "polars", "ruamel", "scipy", "vl_convert"}
ROOMS = {"detente.case", "detente.lenses", "numpy", "pydantic"}  # what a list of the lenses needs
SLOW = ("run", "bargaining", "us-russia-2024", "--draws", "5000000")


def test_help_imports_nothing_heavy() -> None:
    asked = [["--help"], ["--version"], ["brief", "-h"], ["chek"]]
    asked += [[command, "--help"] for command in ("run", "compare", "tornado", "export", "show")]
    program = (
        "import sys\nfrom detente.cli import main\n"
        f"for asked in {asked!r}:\n"
        "    try: main(asked)\n"
        "    except SystemExit: print('\\n' + ' '.join([*asked, 'imports', *sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    told = [line.split() for line in done.stdout.splitlines() if " imports " in line]
    assert len(told) == len(asked)
    assert not (HEAVY | ROOMS) & set(told[-1])


def test_importing_the_package_imports_nothing_heavy() -> None:
    program = "import sys, detente; print(' '.join(sys.modules)); dir(detente); print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported, listed = done.stdout.splitlines()
    assert not (HEAVY | ROOMS) & set(imported.split())
    assert not HEAVY & set(listed.split())


def test_stdout_holds_the_answer_and_nothing_else(program: Program) -> None:
    done = program("run", "bargaining", "river-dam", "--draws", "200", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert set(json.loads(done.stdout)["issues"]) == {"filling", "release"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("cases",), 0), (("check", "faulty.yaml"), 1), (("show", "no-such-case"), 1), (("show",), 2)],
    ids=str,
)
def test_exit_codes_reach_the_shell(
    arguments: tuple[str, ...], code: int, program: Program, faulty: Path
) -> None:
    del faulty
    done = program(*arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_pipe_gets_neither_styles_nor_progress(program: Program) -> None:
    done = program("show", "river-dam", TERM="xterm-256color", FORCE_COLOR="1")
    assert "\x1b" not in done.stdout + done.stderr


def test_a_reader_that_goes_away_is_no_failure_to_complain_about() -> None:
    with subprocess.Popen(
        command_line("show", "us-russia-2024"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        told = running.stderr.read()
        assert running.wait() == 141
    assert told == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            command_line("cases"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: the output could not be written (No space left")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_output_in_a_narrow_encoding_does_not_fail(program: Program) -> None:
    done = program("show", "us-russia-2024", PYTHONUTF8="0", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert "US\\u2013Russia reset" in done.stdout


class Terminal:
    """A program whose stdout or stderr is a terminal of 80 columns."""

    def __init__(self, command: list[str], only: str = "stderr", **environment: str) -> None:
        self.master, slave = pty.openpty()
        stdout, stderr = (slave if only == name else subprocess.PIPE for name in ("stdout", "stderr"))
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **environment},
            start_new_session=True,
            stdout=stdout,
            stderr=stderr,
        )
        os.close(slave)
        self.seen = ""

    def read_until(self, text: str) -> bool:
        """Read what the terminal shows until a text appears or the program ends."""
        while text not in self.seen:
            try:
                self.seen += os.read(self.master, 4096).decode("utf-8", "replace")
            except OSError:  # the program has closed its end
                break
        return text in self.seen

    def finish(self) -> int:
        """Read the rest, wait for the end, and return the exit code."""
        self.read_until("\x00")
        code = self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        os.close(self.master)
        return code


def test_a_terminal_gets_styles_unless_they_are_refused() -> None:
    styled = Terminal(command_line("show", "river-dam"), only="stdout")
    assert styled.finish() == 0
    assert "\x1b[1mA dam on the river Sarn" in styled.seen
    plain = Terminal(command_line("show", "river-dam"), only="stdout", NO_COLOR="1")
    assert plain.finish() == 0
    assert "\x1b" not in plain.seen
    assert "A dam on the river Sarn" in plain.seen


def test_long_work_shows_progress_on_a_terminal_and_stops_cleanly_when_interrupted(tmp_path: Path) -> None:
    running = Terminal(command_line(*SLOW))
    assert running.read_until("draws")
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.finish() == 130
    assert running.seen.rstrip().endswith("interrupted; nothing was left half-written")
    assert "Traceback" not in running.seen
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_command_does_not_wait_for_threads_at_work() -> None:
    program = (
        "import threading, time, detente.catalog\n"
        "from detente.cli import main\n"
        "def work(): time.sleep(600); print('waited for', flush=True)\n"
        "threading.Thread(target=work).start()\n"
        "def stop(): raise KeyboardInterrupt\n"
        "detente.catalog.entries = stop\n"
        "main(['cases'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "\nError: interrupted; nothing was left half-written\n"


@pytest.mark.parametrize("quiet", [(), ("--quiet",)], ids=["told", "quiet"])
def test_quiet_work_shows_no_progress(quiet: tuple[str, ...]) -> None:
    """Where even the shortest work would be told, on a terminal, none is when quiet is asked for."""
    call = ["run", "bargaining", "river-dam", "--draws", "300", *quiet]
    program = (
        "import detente.cli.progress as room\n"
        "from detente.cli import main\n"
        "room.PATIENCE = 0\n"
        "room.threading.Timer = lambda _, start: Now(start)\n"
        "class Now:\n"
        "    def __init__(self, start): self.start = start\n"
        "    def cancel(self): pass\n"
        f"main({call!r})\n"
    )
    running = Terminal([sys.executable, "-c", program])
    assert running.finish() == 0
    assert bool(running.seen) is not bool(quiet)


def test_an_interrupted_report_leaves_neither_file_nor_leftovers(tmp_path: Path) -> None:
    running = Terminal(command_line("brief", "us-russia-2024", "--draws", "5000000", "-o", "report.html"))
    assert running.read_until("draws")
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.finish() == 130
    assert "Traceback" not in running.seen
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_imported_case_is_printed_in_utf_8_whatever_the_terminal_speaks(
    encoding: str, program: Program, tmp_path: Path
) -> None:
    """A shell writes what is printed to a file, and that is to be read again."""
    table = tmp_path / "talks.csv"
    table.write_text("actor,position,salience,influence\nZölle ☂,10,0.5,1\nB,80,0.5,1\n", encoding="utf-8")
    done = program("import", table, "--quiet", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (done.returncode, "Zölle ☂" in done.stdout) == (0, True)
