"""Which cases come with the package?"""

from __future__ import annotations

import click

from detente.cli.output import Output, output_options


@click.command("cases")
@output_options
def command(out: Output) -> None:
    """List the cases that come with détente."""
    from detente.cli.records import Catalog
    from detente.show.blocks import tabled

    made = Catalog.made()
    rows = [(one.name, one.actors, one.issues, one.title) for one in made.cases]
    out.give(made, lambda: [tabled(("name", "actors", "issues", "title"), rows)])
    if not out.as_json:
        out.note(f"\nUse a name wherever a command takes CASE: detente brief {made.cases[-1].name}")
