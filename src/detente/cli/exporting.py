"""How does a case travel to another program? Written in its format; what that does not hold is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from detente.cli.options import case_argument, opened, version_of, version_options
from detente.cli.output import Output, output_options
from detente.errors import OptionError


@click.command("export")
@case_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="Where to; the ending tells the format: .csv, .xlsx, .yaml, .json, .ktab.csv, .decide.txt, .gmcr, .nfg, "
    ".graphml, .dot.",
)
@click.option(
    "--format",
    "format_",
    metavar="NAME",
    help="csv, xlsx, yaml, json, ktab, decide, gmcr, nfg, graphml or dot.",
)
@version_options
@output_options
def command(
    reference: str,
    output: Path,
    format_: str | None,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    out: Output,
) -> None:
    """Write CASE as a table or for another program.

    What the format cannot hold is told on stderr. An existing file is replaced.
    Of a game, gmcr holds options and preferences, nfg its strategic form, and
    graphml and dot the graph of states and moves with what holds.
    """
    from detente.report.exports import export

    case = version_of(opened(reference, out), scenario, dict(changes))
    try:
        warnings = export(case, output, format_)
    except OptionError as error:
        raise click.UsageError(str(error)) from error
    if out.as_json:
        from detente.cli.records import Exported, ProblemRecord

        out.json(Exported(written=str(output), warnings=tuple(map(ProblemRecord.of, warnings))).to_dict())
    out.notes(warnings, "--json lists them; xlsx, yaml and json hold everything")
    out.note(f"wrote {output}")
