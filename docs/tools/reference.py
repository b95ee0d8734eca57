"""What do the commands say of themselves, and which schemas do they print? Pages made from the commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from detente.cli import main

FOLDER = Path(__file__).resolve().parents[1] / "reference"
SCHEMAS = FOLDER / "schema"
WIDTH = 80
NOTICE = "<!-- made by docs/tools/reference.py from the commands: do not edit -->"

COMMANDS_HEAD = f"""\
# The commands

{NOTICE}

What each command says of itself with `--help`.
"""
SCHEMAS_HEAD = f"""\
# The schemas

{NOTICE}

JSON Schemas of what goes in and of what comes out, as `detente schema NAME` prints them. `case` is that of the
case file: an editor that knows it completes and checks as one types. The others are those of what the commands
print with `--json`; `bargaining` is what `detente run bargaining CASE --json` prints.
"""


def commands() -> Iterator[tuple[str, str]]:
    """Yield the full name and the help of every command that is not hidden, parents first."""
    yield from _below(main, "detente", None)


def _below(command: click.Command, word: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    context = click.Context(
        command, parent, word, terminal_width=WIDTH, color=False, **command.context_settings
    )
    yield context.command_path, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None and not found.hidden:
                yield from _below(found, inner, context)


def commands_page() -> str:
    """Return the page with the help of every command."""
    sections = [COMMANDS_HEAD]
    sections += [f"## `{name}`\n\n```text\n{text}\n```\n" for name, text in commands()]
    return "\n".join(sections)


def schema_names() -> list[str]:
    """Return what `detente schema` can print."""
    return printed("schema", "--list").split()


def printed(*arguments: str) -> str:
    """Return what a command prints.

    Raises:
        RuntimeError: the command fails.
    """
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    if done.exit_code:
        raise RuntimeError(f"detente {' '.join(arguments)}: exit code {done.exit_code}\n{done.output}")
    return done.stdout


def schemas_page(names: list[str]) -> str:
    """Return the page that offers the schemas."""
    rows = [f"| `{name}` | {{download}}`{name}.json <schema/{name}.json>` |" for name in names]
    return "\n".join([SCHEMAS_HEAD, "| schema | file |", "|---|---|", *rows, ""])


def files() -> dict[Path, str]:
    """Return every reference page and schema that is made from the commands."""
    names = schema_names()
    return {
        FOLDER / "cli.md": commands_page(),
        FOLDER / "schemas.md": schemas_page(names),
        **{SCHEMAS / f"{name}.json": printed("schema", name) for name in names},
    }
