"""How does a case travel to another program? Written in its format; what that does not hold is told."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.options import Version, case_options, doors, force_option, output_file
from detente.cli.output import Output, answers
from detente.errors import OptionError

# What can be written of any case: name → ending, for help that opens nothing.
OF_CASES = {name: f".{name}" for name in ("yaml", "json", "csv", "xlsx")}
OF_CASES |= {"ktab": ".ktab.csv", "decide": ".decide.txt", "gmcr": ".gmcr", "scw": ".scw"}
OF_CASES |= {"matrix-csv": ".matrix.csv", "matrix-xlsx": ".matrix.xlsx"}


def written() -> list[tuple[str, str]]:
    """Return name and ending of every format that can be written: those of cases, then those of lenses."""
    return [*OF_CASES.items(), *((name, ending) for one in doors() for name, ending in one.writes)]


@answers("export", lists=("Formats", written))
@case_options
@output_file("Where to; the ending tells the format.", required=True)
@click.option("--format", "format_", metavar="NAME", help="The format, where the ending is another.")
@force_option
def command(of: Version, output: Path, format_: str | None, force: bool, out: Output) -> None:
    """Write CASE as a table or for another program.

    What the format cannot hold is told on stderr. An existing file of the same
    format is replaced; CASE itself, or any other file, only with --force. Some
    formats hold more than the case: what a lens finds in it, such as the graph of
    a game with what holds.
    """
    from detente.case.files import guard_output
    from detente.case.formats import export_case, format_of
    from detente.cli.records import Exported
    from detente.lenses import formats

    further = formats()
    try:
        endings = format_of(output, format_, further).suffixes
    except OptionError as error:
        raise click.UsageError(str(error)) from error
    guard_output(output, [Path(of.reference)], endings, force=force or bool(format_ and not output.exists()))
    warnings = export_case(of.case, output, format_, further=further)
    out.give(Exported.from_dict({"written": str(output), "warnings": [one.to_dict() for one in warnings]}))
    out.notes(warnings, "--json lists them; xlsx, yaml and json hold everything")
    out.note(f"wrote {output}")
