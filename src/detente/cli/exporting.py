"""How does a case travel to another program? Written in its format; what that does not hold is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from detente.cli.options import Told, case_argument, doors, force_option, opened, version_of, version_options
from detente.cli.output import Output, output_options
from detente.errors import OptionError

OF_CASES = (  # what can be written of any case: name and ending, for help that opens nothing
    ("yaml", ".yaml"),
    ("json", ".json"),
    ("csv", ".csv"),
    ("xlsx", ".xlsx"),
    ("ktab", ".ktab.csv"),
    ("decide", ".decide.txt"),
    ("gmcr", ".gmcr"),
    ("scw", ".scw"),
    ("matrix-csv", ".matrix.csv"),
    ("matrix-xlsx", ".matrix.xlsx"),
)


@click.command("export")
@case_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    cls=Told,
    telling=lambda: f"Where to; the ending tells the format: {', '.join(ending for _, ending in written())}.",
)
@click.option(
    "--format",
    "format_",
    metavar="NAME",
    cls=Told,
    telling=lambda: f"One of {', '.join(name for name, _ in written())}.",
)
@force_option
@version_options
@output_options
def command(
    reference: str,
    output: Path,
    format_: str | None,
    force: bool,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    out: Output,
) -> None:
    """Write CASE as a table or for another program.

    What the format cannot hold is told on stderr. An existing file of the same
    format is replaced; CASE itself, or any other file, only with --force. Some
    formats hold more than the case: what a lens finds in it, such as the graph of
    a game with what holds.
    """
    from detente.case.files import guard_output
    from detente.case.formats import export_case, format_of
    from detente.lenses import formats

    further = formats()
    try:
        endings = format_of(output, format_, further).suffixes
    except OptionError as error:
        raise click.UsageError(str(error)) from error
    guard_output(output, [Path(reference)], endings, force=force)
    case = version_of(opened(reference, out), scenario, dict(changes))
    warnings = export_case(case, output, format_, further=further)
    if out.as_json:
        from detente.cli.records import Exported, ProblemRecord

        out.json(Exported(written=str(output), warnings=tuple(map(ProblemRecord.of, warnings))).to_dict())
    out.notes(warnings, "--json lists them; xlsx, yaml and json hold everything")
    out.note(f"wrote {output}")


def written() -> list[tuple[str, str]]:
    """Return name and ending of every format that can be written: those of cases, then those of lenses."""
    return [*OF_CASES, *((name, ending) for one in doors() for name, ending in one.writes)]
