"""How does one begin? With a small case that works, to be overwritten line by line."""

from __future__ import annotations

import shlex
from importlib.resources import files
from pathlib import Path

import click

from detente.cli.options import force_option
from detente.cli.output import Output, answers
from detente.show.columns import clean

DEFAULT_TITLE = "Fishing in the Narrow Strait (an example to overwrite)"


@answers("new")
@click.argument("path", default="case.yaml", type=click.Path(path_type=Path), metavar="[PATH]")
@click.option(
    "--full", is_flag=True, help="With consent, a body, deals, red lines, costs of failure and a game."
)
@click.option("--title", metavar="TEXT", default=DEFAULT_TITLE, help="Title of the case.")
@force_option
def command(path: Path, full: bool, title: str, force: bool, out: Output) -> None:
    """Write a commented case to start from.

    PATH is the file to write, case.yaml unless you name another. What exists is
    left alone without --force. The case asks where issues would settle; with
    --full, whether a treaty that a legislature must ratify is possible, and what
    holds without one.
    """
    from detente.case.checked import check_text
    from detente.case.files import guard_output, write_whole
    from detente.case.writing import flow
    from detente.cli.records import Written

    path = path if path.suffix or path.is_dir() else path.with_suffix(".yaml")
    guard_output(path, (), (".yaml", ".yml"), force=force, new=True)
    name = shlex.quote(clean(str(path)))
    starter = files("detente.cli").joinpath("starter-full.yaml" if full else "starter.yaml")
    text = starter.read_text(encoding="utf-8").replace("{name}", name).replace("{title}", flow(title), 1)
    check_text(text, path).require()  # the title may not be one
    write_whole(path, text)
    out.give(Written(written=(str(path),)))
    if not out.as_json:
        out.note(f"wrote {path}\n\nWhat to do now:\n  detente check {name}\n  detente brief {name}")
