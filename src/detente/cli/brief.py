"""What is the answer, on one screen? And, where asked, all of it as one page that opens offline."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import case_argument, draw_options, force_option, opened, version_of, version_options
from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.case import Case
    from detente.report import Brief

FEWEST_FINDINGS = 3


@click.command("brief")
@case_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the whole report, as HTML."
)
@click.option("--full", is_flag=True, help="Add the annex to the report: all figures and tables.")
@force_option
@version_options
@draw_options
@output_options
def command(
    reference: str,
    output: Path | None,
    full: bool,
    force: bool,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    draws: int,
    seed: int,
    workers: int | None,
    out: Output,
) -> None:
    """Answer CASE on one screen, and with -o in a report.

    The report is one HTML file that needs nothing else: figures, the tables
    behind them, how each number was computed, and the sources it rests on.
    """
    from detente.case.files import guard_output
    from detente.cli.progress import progress

    if output is not None:
        guard_output(output, [Path(reference)], (".html", ".htm"), force=force)
    case = version_of(opened(reference, out), scenario, dict(changes))
    with progress(out, "draws") as tell:
        from detente.report import brief

        made = brief(case, draws=draws, seed=seed, workers=workers, progress=tell)
    if output is not None:
        with progress(out, "drawing", first="drawing the report"):
            made.save(output, full=full)
    if out.as_json:
        out.json(made.to_dict())
    else:
        _show(case, made, out)
    if output is not None:
        out.note(f"report: {output}")


def _show(case: Case, made: Brief, out: Output) -> None:
    """Print the answer, what the chapter that answers first has on one screen, and as many findings as fit."""
    from detente.cli.show import titles
    from detente.show.columns import item, paragraph, wrapped
    from detente.show.screen import block_lines

    first = made.chapters[0]
    titles(case, out)
    if case.question:
        out.lines(wrapped(case.question))
    out.say()
    out.title(made.verdict.sentence)
    overview = list(block_lines(first.overview))
    out.styled(overview)
    out.say()
    foot = wrapped(_foot(case, made, first.caution))
    findings = [item(rung.finding.sentence) for rung in made.ladder]
    used = len(wrapped(made.verdict.sentence)) + len(overview) + len(foot) + 5
    shown = fitting(findings, used=used)
    for lines in shown:
        out.lines(lines)
    if len(shown) < len(findings):
        out.lines(paragraph(f"and {len(findings) - len(shown)} more in the report (-o report.html)"))
    out.say()
    out.styled((line, "dim") for line in foot)


def fitting(findings: list[list[str]], used: int) -> list[list[str]]:
    """Return as many findings as the screen has room for; all of them where nobody looks at a screen."""
    if not sys.stdout.isatty():
        return findings
    room = shutil.get_terminal_size((80, 24)).lines - used
    shown: list[list[str]] = []
    for lines in findings:
        room -= len(lines)
        if room < 0 and len(shown) >= FEWEST_FINDINGS:
            break
        shown.append(lines)
    return shown


def _foot(case: Case, made: Brief, caution: str) -> str:
    record = made.record
    draws = "no input carries doubt" if record.exact else f"{record.draws:,} draws, seed {record.seed}"
    dated = f"as of {case.as_of}; " if case.as_of else ""
    how = f"{dated}{draws}; fingerprint {record.fingerprint}; détente {record.version}."
    return how if record.exact or not caution else f"{how} {caution}"
