"""What do these documents say? Read into a store: their text, and what is found in it, each at its characters."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.evidence.held import Added

Command = TypeVar("Command", bound=Callable[..., Any])
DEFAULT = "evidence.sqlite"
STATED = {  # where the file does not say, or says wrongly
    "title": "Its title, where the file has none or a wrong one.",
    "author": "Who wrote it, likewise.",
    "publisher": "Who published it.",
    "date": "When it was published, as 2024-11-07.",
    "url": "Where it stands.",
    "language": "Its language, as en.",
    "licence": "What may be done with it.",
}
WORDS = {"new": "new", "changed": "new version", "again": "read again", "known": "known"}


def store_option(command: Command) -> Command:
    """Give a command ``--store``."""
    return click.option(
        "--store",
        "-s",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path(DEFAULT),
        show_default=True,
        metavar="FILE",
        help="The store, one SQLite file beside the case.",
    )(command)


def stated_options(command: Command) -> Command:
    """Give a command an option for each thing that a file may state of itself."""
    for name, told in reversed(STATED.items()):
        command = click.option(f"--{name}", metavar="TEXT", help=told)(command)
    return command


@click.command("read")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@store_option
@click.option(
    "--id", "name", metavar="ID", help="What a case will call it; of one file. From its name by default."
)
@stated_options
@click.option("--again", is_flag=True, help="Read what is known too.")
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="N", help="Processes; all processors by default."
)
@output_options
def command(
    paths: tuple[Path, ...],
    store: Path,
    name: str | None,
    again: bool,
    workers: int | None,
    out: Output,
    **stated: str | None,
) -> None:
    """Read files or folders: text, Markdown, HTML, PDF, DOCX, e-mail (.eml).

    Each becomes stored text with its hash; menus and prompts are marked, not cut.
    A file is read once; an edited one is a new version, and what was decided on
    the old one moves with its words. What cannot be read is told, the rest is kept.
    """
    from detente.cli.progress import progress
    from detente.errors import CaseError, Problem
    from detente.evidence.reading import Asked, files_of, read_into
    from detente.evidence.report import ReadReport
    from detente.evidence.store import Store

    files = files_of(paths)
    given = {key: value for key, value in stated.items() if value is not None}
    single = [option for option in ("id" if name else "", *given) if option in {"id", "title", "url"}]
    if len(files) > 1 and single:
        raise click.UsageError(f"--{single[0]} is of one file, and there are {len(files)}")
    with Store.opened(store, make=True) as opened, progress(out, "documents", "getting ready") as tell:
        workers = workers or os.cpu_count() or 1
        added, faults = read_into(opened, files, Asked(name, given, again), workers=workers, progress=tell)
    report = ReadReport.of(added, faults)
    if out.as_json:
        out.json(report.to_dict())
    else:
        _told(added, out)
    problems = [
        problem
        for fault in faults
        for problem in (fault.problems if isinstance(fault, CaseError) else [Problem(str(fault))])
    ]
    if problems:
        raise CaseError(problems)


def _told(added: list[Added], out: Output) -> None:
    from detente.show.columns import Column

    shown = [one for one in added if one.state != "known"]
    if shown:
        columns = (
            Column("document", wraps=True),
            Column("state"),
            Column("found", right=True),
            Column("note", wraps=True),
        )
        out.table(
            columns, [(one.id, WORDS[one.state], str(one.records), _note(one)) for one in shown], indent=""
        )
    if len(shown) < len(added):
        out.say(f"{len(added) - len(shown)} known already; --again reads them again.")


def _note(one: Added) -> str:
    parts = list(one.notes)
    if one.carried:
        parts.append(
            f"{one.carried} decisions moved with their words"
            + (f", {one.review} of them to be reviewed" if one.review else "")
        )
    return "; ".join(parts)
