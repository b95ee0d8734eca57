"""Which cases come with the package?"""

from __future__ import annotations

import click

from detente.cli.output import Output, output_options


@click.command("cases")
@output_options
def command(out: Output) -> None:
    """List the cases that come with détente."""
    from detente.catalog import entries

    found = entries()
    if out.as_json:
        from detente.cli.records import Catalog, CatalogCase

        cases = (
            CatalogCase(
                name=entry.slug,
                title=entry.title,
                question=entry.question,
                actors=entry.actors,
                issues=entry.issues,
                file=str(entry.path),
            )
            for entry in found
        )
        out.json(Catalog(cases=tuple(cases)).to_dict())
        return
    from detente.show.columns import Column

    columns = (
        Column("name"),
        Column("actors", right=True),
        Column("issues", right=True),
        Column("title", wraps=True),
    )
    rows = [(entry.slug, str(entry.actors), str(entry.issues), entry.title) for entry in found]
    out.table(columns, rows, indent="")
    out.note(f"\nUse a name wherever a command takes CASE: detente brief {found[-1].slug}")
