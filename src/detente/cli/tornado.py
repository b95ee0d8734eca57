"""Which input matters most? Each doubtful number moved alone, the widest swings of each outcome first."""

from __future__ import annotations

from typing import Any

import click

from detente.cli import options
from detente.cli.output import Output, output_options


@click.command("tornado", cls=options.NamingLenses)
@options.case_argument
@options.version_options
@options.lens_option
@options.method_option
@click.option("--issue", "issues", multiple=True, metavar="ID", help="Only this issue. Repeatable.")
@click.option(
    "--top",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    metavar="N",
    help="Inputs shown per issue, or in all.",
)
@output_options
def command(
    reference: str,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    lens_name: str | None,
    methods: tuple[str, ...],
    issues: tuple[str, ...],
    top: int,
    out: Output,
) -> None:
    """Tell which inputs of CASE move the answer of a lens most.

    Each number that carries doubt goes alone from its 10 % to its 90 % quantile,
    all others staying at their means.
    """
    from detente.cli.progress import progress
    from detente.cli.show import titles
    from detente.lenses import first_lens, lens, tornado
    from detente.show.screen import block_lines

    case = options.version_of(options.opened(reference, out), scenario, dict(changes))
    options.known_issues(case, issues)
    asked = lens_name or first_lens(case)
    case = options.version_of(case, None, options.singled_out(lens(asked), methods))
    with progress(out, "inputs"):
        found = tornado(case, asked)
    if out.as_json:
        out.json(found.to_dict())
        return
    titles(case, out)
    out.styled(block_lines(found.blocks(top, issues)))
