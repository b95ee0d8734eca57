"""Which cases come with the package?"""

from __future__ import annotations

from detente.cli.output import Output, answers


@answers("cases")
def command(out: Output) -> None:
    """List the cases that come with détente."""
    from detente.catalog import entries
    from detente.cli.records import Catalog
    from detente.show.blocks import tabled

    told = ("title", "question", "actors", "issues")
    found = [(one, {name: getattr(one, name) for name in told}) for one in entries()]
    made = Catalog.from_dict(
        {"cases": [{"name": one.slug, "file": str(one.path), **more} for one, more in found]}
    )
    rows = [(one.name, one.actors, one.issues, one.title) for one in made.cases]
    out.give(made, lambda: [tabled(("name", "actors", "issues", "title"), rows)])
    if not out.as_json:
        out.note(f"\nUse a name wherever a command takes CASE: detente brief {rows[-1][0]}")
