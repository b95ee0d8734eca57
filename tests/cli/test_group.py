"""However a command ends, its exit code says how, and nobody is shown a traceback."""

from __future__ import annotations

import io
import os
import runpy
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click
import pytest

from detente.case.formats import FORMATS
from detente.cli import group
from detente.cli.exporting import written
from detente.cli.group import COMMANDS, Commands, exit_code
from detente.cli.options import doors
from detente.errors import OptionError
from detente.lenses import available, lens
from detente.version import __version__
from tests.cli.calling import Invoke


def raiser(error: BaseException) -> Callable[..., NoReturn]:
    """Return a function that fails as told, whatever it is given."""

    def run(*_: object, **__: object) -> NoReturn:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (OptionError("0 draws cannot be made"), 1, "Error: 0 draws cannot be made\n"),
        (click.Abort(), 130, "\nError: interrupted; nothing was left half-written\n"),
        (KeyboardInterrupt(), 130, "\nError: interrupted; nothing was left half-written\n"),
        (BrokenPipeError(), 141, ""),
        (OSError(28, "No space left on device"), 1, "could not be written (No space left on device)\n"),
        (OSError("strange"), 1, "could not be written (strange)\n"),
        (click.ClickException("told by click"), 1, "Error: told by click\n"),
        (click.UsageError("not understood"), 2, "Error: not understood\n"),
    ],
)
def test_every_end_has_its_exit_code(
    error: BaseException,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert exit_code(raiser(error)) == code
    assert capsys.readouterr().err.endswith(told)


TOO_LARGE = "Unable to allocate 14.9 GiB for an array with shape (2000000, 1000)"


@pytest.mark.parametrize(
    ("error", "call", "told"),
    [
        (
            MemoryError(TOO_LARGE),
            ("run", "bargaining", "river-dam", "--draws", "5000"),
            "not enough memory (14.9 GiB were wanted at once); ask for fewer draws than 5,000, or "
            "ask for --workers 1, or make the case smaller",
        ),
        (
            MemoryError(),
            ("run", "bargaining", "river-dam", "--draws", "1", "--workers", "1"),
            "not enough memory; make the case smaller",
        ),
        (MemoryError(), ("check", "river-dam"), "not enough memory; make the case smaller"),
        (MemoryError(), ("import", "table.csv"), "not enough memory; give it less at a time"),
    ],
)
def test_what_to_ask_where_memory_is_short_fits_the_command(
    error: MemoryError, call: tuple[str, ...], told: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    for work in ("lenses.run", "catalog.check_reference", "case.formats.import_case"):
        if call[0] != "run" or work == "lenses.run":
            monkeypatch.setattr(f"detente.{work}", raiser(error))
    result = invoke(*call)
    assert (result.exit_code, result.stderr) == (1, f"Error: {told}\n")


@pytest.mark.parametrize(
    "call",
    [
        ("hold", "chicken", "YN", "--effort", "nan"),
        ("study", "ask", "river-dam", "--budget", "nan"),
        ("study", "ask", "river-dam", "--reliability", "nan"),
    ],
)
def test_no_number_of_a_command_line_is_endless_or_none(call: tuple[str, ...], invoke: Invoke) -> None:
    result = invoke(*call)
    assert (result.exit_code, f"{call[-1]} is not a finite number" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "call",
    [
        ("ledger", "verify"),
        ("annul", "q", "--reason", "source-gone", "--ledger"),
        ("resolve", "q", "--outcome", "60", "--known", "2026-01-01", "--source", "s", "--saved"),
        ("backtest", "--data"),
        ("events", "load"),
        ("events", "load", "a.zip", "--list"),
        ("read",),
    ],
)
def test_what_might_never_end_is_not_read(call: tuple[str, ...], invoke: Invoke, tmp_path: Path) -> None:
    """``/dev/full`` gives zeros without an end; in the place of a ledger it took all memory."""
    (tmp_path / "a.zip").touch()
    result = invoke(*(str(tmp_path / one) if one == "a.zip" else one for one in call), "/dev/full")
    assert (result.exit_code, "/dev/full: not a regular file" in result.stderr) == (1, True), result.stderr


def test_no_ledger_is_read_from_a_pipe(invoke: Invoke) -> None:
    """It is read more than once: the second time a pipe was empty, and a broken ledger was called sound."""
    end, other = os.pipe()
    os.write(other, b'{"a": 1}\n')
    os.close(other)
    result = invoke("ledger", "verify", f"/dev/fd/{end}")
    assert (result.exit_code, "not a regular file" in result.stderr) == (1, True)
    os.close(end)


def test_the_nearest_command_of_a_group_is_offered(invoke: Invoke) -> None:
    result = invoke("ledger", "verfy")
    assert (result.exit_code, "did you mean 'verify'?" in result.stderr) == (2, True)


def test_a_command_ends_with_the_code_that_it_asks_for() -> None:
    assert exit_code(raiser(click.exceptions.Exit(3))) == 3


def test_shells_can_complete_command_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_DETENTE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "detente tor")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        group.main(prog_name="detente")
    assert capsys.readouterr().out == "plain,tornado\n"


def test_the_package_can_be_run_as_a_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["detente", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("detente", run_name="__main__")
    assert capsys.readouterr().out == f"detente {__version__}\n"


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code(raiser(ZeroDivisionError()))


def test_the_version_is_printed(invoke: Invoke) -> None:
    result = invoke("--version")
    assert (result.exit_code, result.stdout) == (0, f"detente {__version__}\n")


def test_help_lists_every_command_in_its_order(invoke: Invoke) -> None:
    lines = invoke("--help").stdout.splitlines()
    start = lines.index("Commands:") + 1
    assert [line.split()[0] for line in lines[start : start + len(COMMANDS)]] == list(COMMANDS)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_within_80_columns(name: str, invoke: Invoke) -> None:
    result = invoke(name, "-h")
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "\\" not in result.stdout
    command = import_module(COMMANDS[name]).command
    assert command.name == name
    assert "..." not in command.get_short_help_str(60), "the first sentence is too long for the list"
    assert all(getattr(option, "help", "") for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json_and_quiet(name: str) -> None:
    command = import_module(COMMANDS[name]).command
    for one in getattr(command, "commands", {"": command}).values():
        assert {"--json", "--quiet"} <= {option for parameter in one.params for option in parameter.opts}


def test_a_mistyped_command_gets_the_nearest(invoke: Invoke) -> None:
    result = invoke("chek", "x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no command 'chek'; did you mean 'check'?" in result.stderr


def test_a_command_like_no_other_gets_the_list(invoke: Invoke) -> None:
    result = invoke("negotiate")
    assert result.exit_code == 2
    assert f"known: {', '.join(COMMANDS)}" in result.stderr


def test_an_unknown_option_is_a_usage_error(invoke: Invoke) -> None:
    assert invoke("--frobnicate").exit_code == 2
    assert invoke("cases", "--frobnicate").exit_code == 2


def test_no_command_at_all_shows_the_help(invoke: Invoke) -> None:
    result = invoke()
    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_the_group_can_be_called_from_python() -> None:
    assert isinstance(group.main, Commands)
    assert group.main.main(["--version"], standalone_mode=False) == 0
    assert group.main.get_command(click.Context(group.main), "nothing") is None


def test_what_help_says_of_a_lens_or_a_format_is_what_it_says_itself() -> None:
    """Help opens neither, so it has these words from a table."""
    told = {one.name: one for one in doors()}
    assert list(told) == list(available())
    for name, one in told.items():
        of = lens(name)
        assert (one.question, list(one.methods)) == (of.question, list(of.methods))
        assert [tuple(pair) for pair in one.writes] == [
            (form.name, form.suffixes[0]) for form in of.formats()
        ]
    formats = [(form.name, form.suffixes[0]) for form in FORMATS.values() if form.write is not None]
    assert written()[: len(formats)] == formats


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("columns", ["40", "80"])
def test_help_is_never_wider_than_the_screen(
    command: str, columns: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    result = invoke(*command.split(), "--help")
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= int(columns)
    assert " ".join(invoke(*command.split(), "-h").stdout.split()) == " ".join(result.stdout.split())
