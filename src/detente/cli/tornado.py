"""Which input matters most? Each doubtful number moved alone, the widest swings of each outcome first."""

from __future__ import annotations

import click

from detente.cli import options
from detente.cli.output import Output, answers


@answers("tornado", lists=options.LENSES)
@options.case_options
@options.one_lens
@options.method_option
@options.issue_option
@options.number("--top", click.IntRange(1, 1000), 5, "Inputs shown per issue, or in all.")
def command(
    of: options.Version,
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
    from detente.lenses import first_lens, lens, tornado

    options.known_issues(of.case, issues)
    asked = lens(lens_name or first_lens(of.case))
    case = of.changed(options.singled_out(asked, methods))
    with progress(out, "inputs"):
        found = tornado(case, asked.name)
    if not out.as_json:
        out.head(case)
    out.give(found, lambda: found.blocks(top, issues))
