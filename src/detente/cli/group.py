"""Which commands are there, and how does each end? With an exit code that says what happened, never a traceback.

Those of `EPILOG`, and 129 where the terminal was closed (SIGHUP).
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from detente.cli.listening import EndedError, listening
from detente.cli.output import Answers, colour, complain
from detente.errors import DetenteError
from detente.version import __version__

PROBLEM, BY_SIGNAL, NOT_READ = 1, 128, 141
NAME, COMPLETION = "detente", "_DETENTE_COMPLETE"

MODULES = {"import": "importing", "export": "exporting", "read": "reading"}  # words that Python or others use
COMMANDS = {
    name: f"detente.cli.{MODULES.get(name, name)}"
    for group in (
        ("new", "cases", "check", "show", "run", "hold", "compare", "tornado", "study", "brief", "power"),
        ("import", "export", "seal", "resolve", "annul", "withdraw", "ledger", "score", "backtest"),
        ("events", "read", "draft", "evidence", "schema"),
    )
    for name in group
}

EPILOG = """\
\b
CASE is any of these:
  a case file (YAML) or a folder with case.yaml and stances.csv
  the name of a case that comes with détente; 'detente cases' lists them
  a table of stances from elsewhere (CSV, XLSX), read as 'import' reads it

\b
Exit codes:
  0    done
  1    something is wrong with the case or the data; stderr says what
  2    the command line is not understood
  130  interrupted with Ctrl-C; nothing is left half-written
  143  asked to end by another program; nothing is left half-written
  141  the reader of the output went away ('| head')

Answers go to stdout, everything else to stderr. --json prints one JSON object;
'detente schema' describes it. NO_COLOR and COLUMNS are respected.
"""


class Commands(Answers):
    """A group that opens a command's file when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which an analyst meets the commands."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command, or return ``None`` when there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and leave with its exit code."""
        if not standalone_mode or COMPLETION in os.environ:
            return super().main(args, prog_name or NAME, complete_var, standalone_mode, **extra)

        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices here are small: more threads only wait
        if args is None:  # a program of its own
            gc.set_threshold(50_000, 20, 100)  # an answer is many records and hardly any circle

        def run() -> object:
            given = sys.argv[1:] if args is None else list(args)
            with self.make_context(prog_name or NAME, given, **extra) as context:
                return self.invoke(context)

        code = exit_code(run)
        first = threading.current_thread() is threading.main_thread()
        if args is None and first:  # a program that is over: nothing is left that a signal could spoil
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        if code >= BY_SIGNAL:
            _leave_workers_behind(code)
        return sys.exit(code)


def exit_code(run: Callable[[], object]) -> int:
    """Run a command and tell what happened on stderr; return the exit code that says it too."""
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115  a closed stream is None
    if sys.stdout is None:
        complain("standard output is closed; send it to /dev/null if no answer is wanted")
        return PROBLEM
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        listening(run, deaf=lambda number: _leave_workers_behind(_ended(number), waiting=False))
        sys.stdout.flush()
    except click.exceptions.Exit as wanted:
        return wanted.exit_code
    except click.ClickException as error:
        complain(error)
        return error.exit_code
    except (DetenteError, MemoryError) as error:
        complain(error if isinstance(error, DetenteError) else "not enough memory; give it less at a time")
        return PROBLEM
    except EndedError as ended:
        return _ended(ended.args[0])
    except (click.Abort, KeyboardInterrupt):
        return _ended(signal.SIGINT)
    except BrokenPipeError:
        _stop_writing()
        return NOT_READ
    except OSError as error:
        reason = error.strerror or error
        if error.filename is not None:
            complain(f"{error.filename}: cannot be opened ({reason}); check the name and the permissions")
            return PROBLEM
        _stop_writing()
        complain(f"the output could not be written ({reason})")
        return PROBLEM
    return 0


def _ended(number: int) -> int:
    """Tell that a signal ended the command; return the exit code that says it too."""
    if number == signal.SIGINT:
        click.echo(err=True)  # leave the line on which the terminal shows ^C
    complain(f"{'interrupted' if number == signal.SIGINT else 'asked to end'}; nothing was left half-written")
    return BY_SIGNAL + number


def _leave_workers_behind(code: int, *, waiting: bool = True) -> None:
    """Leave at once if threads are still at work, or there is no waiting: what they write is taken away first."""
    if files := sys.modules.get("detente.case.files"):
        files.discard_unfinished()
    working = (one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon)
    if not waiting or any(working):
        sys.stderr.flush()
        os._exit(code)


def _stop_writing() -> None:
    """Send what is still buffered nowhere, so that leaving does not fail on it again."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@click.command(NAME, cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Analyse international negotiations: who wants what, where each issue would settle, and how sure that is."""
    context.color = colour()
