"""How does a table from elsewhere become a case? Read, checked, and written as a case file to go on with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.options import force_option, output_file
from detente.cli.output import Output, answers

if TYPE_CHECKING:
    from detente.case.formats import Imported as Found

SCALE = "What the saliences of a table mean, such as 1..5, 0..1 or 0..100 (per cent)."
MARK = "What parts whole numbers from decimals in a table."
PARTIAL = "Of a file that is refused, write what could be read, to complete it."


@answers("import")
@click.argument("file", type=click.Path(path_type=Path))
@output_file("Write the case file here.")
@click.option("--salience-scale", metavar="LOW..HIGH", help=SCALE)
@click.option("--decimal-mark", type=click.Choice([".", ","]), help=MARK)
@click.option("--partial", is_flag=True, help=PARTIAL)
@force_option
def command(
    file: Path,
    output: Path | None,
    salience_scale: str | None,
    decimal_mark: str | None,
    partial: bool,
    force: bool,
    out: Output,
) -> None:
    """Turn a file of another format into a case file.

    FILE is a table with the columns actor, issue, position, salience, influence
    (CSV or XLSX, any order, usual other names, or a column per issue), or a file
    of KTAB or DECIDE; its content tells which. Numbers that can be read in several
    ways are refused until you say how they are meant. A pay-off matrix or a strategic
    form of Gambit becomes a game, a domain of Genius or NegMAS (name its folder) a
    case with values. Without -o the case file is printed.
    """
    from detente.case.files import guard_output
    from detente.case.formats import FORMATS, Choices, import_case
    from detente.cli.records import Imported
    from detente.report.stated import size

    if output is not None:
        guard_output(output, [file], (".yaml", ".yml"), force=force, new=True)
    found = import_case(file, Choices(_scale(salience_scale), decimal_mark))
    if found.case is None and found.partial is not None:
        _hand_over(found, file, output, out, asked=partial)
    case = found.require()
    out.notes(found.warnings, f"see them with: detente check {file}")
    if output is not None:
        case.save(output)
    read = {
        "format": found.format,
        "case": case.to_dict(),
        "warnings": [one.to_dict() for one in found.warnings],
    }
    out.give(Imported.from_dict({"written": None if output is None else str(output), **read}))
    if output is None and not out.as_json:
        out.verbatim(case.to_yaml())
    if output is not None:
        out.note(f"read {file} ({FORMATS[found.format].title}); wrote {output}: {size(case)}")


def _hand_over(found: Found, file: Path, output: Path | None, out: Output, *, asked: bool) -> None:
    """Write what could be read of a file that is refused, or say how to get it."""
    from detente.case.files import write_whole
    from detente.case.formats.draft import to_complete

    assert found.partial is not None  # noqa: S101 - seen to by the caller
    if not asked:
        name = output or Path(f"{file.stem}.yaml")
        out.note(f"to go on from what could be read: detente import {file} --partial -o {name}")
        return
    text = to_complete(found.partial, found.errors, str(file))
    if output is None:
        out.verbatim(text)
    else:
        write_whole(output, text)
        out.note(f"wrote {output}, which holds what could be read of {file} and what to complete")


def _scale(text: str | None) -> tuple[float, float] | None:
    """Return the ends of a scale such as ``1..5``."""
    if text is None:
        return None
    found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*\.\.\s*(\d{1,9}(?:\.\d{1,9})?)\s*", text)
    if found is None or float(found[1]) >= float(found[2]):
        raise click.BadParameter(f"{text[:40]!r} is no scale; write 1..5", param_hint="--salience-scale")
    return float(found[1]), float(found[2])
