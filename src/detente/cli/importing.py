"""How does a table from elsewhere become a case? Read, checked, and written as a case file to go on with."""

from __future__ import annotations

import re
from pathlib import Path

import click

from detente.cli.output import Output, output_options
from detente.errors import OutputError


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the case file here."
)
@click.option(
    "--salience-scale",
    metavar="LOW..HIGH",
    help="What the saliences of a table mean, such as 1..5, 0..1 or 0..100 (per cent).",
)
@click.option(
    "--decimal-mark", type=click.Choice([".", ","]), help="What parts whole numbers from decimals in a table."
)
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@output_options
def command(
    file: Path,
    output: Path | None,
    salience_scale: str | None,
    decimal_mark: str | None,
    force: bool,
    out: Output,
) -> None:
    """Turn a file of another format into a case file.

    FILE is a table with the columns actor, issue, position, salience, influence
    (CSV or XLSX, any order, usual other names, or a column per issue), or a file
    of KTAB or DECIDE; its content tells which. Numbers that can be read in several
    ways are refused until you say how they are meant. Without -o the case file is
    printed.
    """
    from detente.case.formats import FORMATS, Choices, import_case

    if output is not None and not force and (output.exists() or output.is_symlink()):
        raise OutputError(f"{output} exists; name another file, or overwrite it with --force")
    found = import_case(file, Choices(_scale(salience_scale), decimal_mark))
    case = found.require()
    out.notes(found.warnings, f"see them with: detente check {file}")
    if output is not None:
        case.save(output)
    if out.as_json:
        from detente.cli.records import Imported, ProblemRecord

        record = Imported(
            written=str(output) if output is not None else None,
            format=found.format,
            case=case.to_dict(),
            warnings=tuple(map(ProblemRecord.of, found.warnings)),
        )
        out.json(record.to_dict())
    elif output is None:
        out.verbatim(case.to_yaml())
    if output is not None:
        from detente.cli.show import size

        out.note(f"read {file} ({FORMATS[found.format].title}); wrote {output}: {size(case)}")


def _scale(text: str | None) -> tuple[float, float] | None:
    """Return the ends of a scale such as ``1..5``."""
    if text is None:
        return None
    found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*\.\.\s*(\d{1,9}(?:\.\d{1,9})?)\s*", text)
    if found is None or float(found[1]) >= float(found[2]):
        raise click.BadParameter(f"{text[:40]!r} is no scale; write 1..5", param_hint="--salience-scale")
    return float(found[1]), float(found[2])
