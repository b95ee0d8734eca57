"""What do the commands say of themselves, and which schemas do they print? The reference pages made from them."""

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

JSON Schemas of what goes in and of what comes out, as `detente schema` prints them. An editor that knows the schema
of the case file completes and checks it as one types; a program that reads `--json` can rely on that of the result.
"""


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield the full name of every command that is not hidden, the command and its context, parents first."""
    waiting = [("detente", main, click.Context(main, info_name="detente", terminal_width=WIDTH))]
    while waiting:
        name, command, context = waiting.pop(0)
        yield name, command, context
        if isinstance(command, click.Group):
            found = []
            for word in command.list_commands(context):
                inner = command.get_command(context, word)
                if inner is not None and not inner.hidden:
                    below = click.Context(inner, info_name=word, parent=context, terminal_width=WIDTH)
                    found.append((f"{name} {word}", inner, below))
            waiting = found + waiting


def commands_page() -> str:
    """Return the page with the help of every command."""
    sections = [COMMANDS_HEAD]
    for name, command, context in commands():
        sections.append(f"## `{name}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(sections)


def schema_names() -> list[str]:
    """Return what `detente schema` can print."""
    (command,) = (command for name, command, _ in commands() if name == "detente schema")
    (argument,) = (item for item in command.params if isinstance(item, click.Argument))
    assert isinstance(argument.type, click.Choice)
    return list(argument.type.choices)


def schema(name: str) -> str:
    """Return a schema as the command prints it."""
    return CliRunner().invoke(main, ["schema", name], catch_exceptions=False).output


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
        **{SCHEMAS / f"{name}.json": schema(name) for name in names},
    }
