"""How does a table from elsewhere become a case? Read, checked, and written as a case file to go on with."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.output import Output, output_options
from detente.errors import OutputError


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the case file here."
)
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@output_options
def command(file: Path, output: Path | None, force: bool, out: Output) -> None:
    """Turn a file of another format into a case file.

    FILE is a table with the columns actor, issue, position, salience, influence
    (CSV or XLSX, any order, usual other names), or a file of KTAB or DECIDE; its
    content tells which. Without -o the case file is printed.
    """
    from detente.case.formats import FORMATS, import_case

    if output is not None and not force and (output.exists() or output.is_symlink()):
        raise OutputError(f"{output} exists; name another file, or overwrite it with --force")
    found = import_case(file)
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
