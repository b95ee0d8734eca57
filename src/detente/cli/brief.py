"""What is the answer, on one screen? And, where asked, all of it as one page that opens offline."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import case_argument, draw_options, opened, version_of, version_options
from detente.cli.output import Output, output_options
from detente.errors import OutputError

if TYPE_CHECKING:
    from detente.case import Case
    from detente.report import Brief
    from detente.report.bargaining.chapter import BargainingChapter

FEWEST_FINDINGS = 3
TAKEN = 40  # columns of the screen that the numbers of the table take
SHORTEST_STRIP, LONGEST_STRIP, NARROWEST_NAME = 11, 21, 20


@click.command("brief")
@case_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the whole report, as HTML."
)
@version_options
@draw_options
@output_options
def command(
    reference: str,
    output: Path | None,
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
    from detente.cli.progress import progress

    if output is not None:
        _refuse_hopeless(output)
    case = version_of(opened(reference, out), scenario, dict(changes))
    with progress(out, "draws") as tell:
        from detente.report import brief

        made = brief(case, draws=draws, seed=seed, workers=workers, progress=tell)
    if output is not None:
        with progress(out, "drawing", first="drawing the report"):
            made.save(output)
    if out.as_json:
        out.json(made.to_dict())
    else:
        _show(case, made, out)
    if output is not None:
        out.note(f"report: {output}")


def _refuse_hopeless(output: Path) -> None:
    """Refuse, before any work, to write where nothing can be written."""
    if output.is_dir():
        raise OutputError(f"{output} is a folder; name a file in it, such as {output / 'report.html'}")
    if not output.parent.is_dir():
        raise OutputError(
            f"{output}: the folder {output.parent} does not exist; make it, or choose another place"
        )


def _show(case: Case, made: Brief, out: Output) -> None:
    from detente.cli.show import titles
    from detente.show.screen import paragraph, wrapped

    titles(case, out)
    if case.question:
        out.lines(wrapped(case.question))
    out.say()
    answer = wrapped(made.answer.sentence)
    for line in answer:
        out.say(line, bold=True)
    out.say()
    table = _overview(case, made)
    out.say(table[0], dim=True)
    out.lines(table[1:])
    out.say()
    foot = wrapped(_foot(case, made))
    findings = [
        [f"- {first}", *(f"  {line}" for line in more)]
        for first, *more in (wrapped(finding.sentence, _inner()) for finding in made.headlines)
    ]
    shown = fitting(findings, used=len(answer) + len(table) + len(foot) + 6)
    for lines in shown:
        out.lines(lines)
    if len(shown) < len(findings):
        left = len(findings) - len(shown)
        out.lines(paragraph(f"and {left} more in the report (-o report.html)"))
    out.say()
    for line in foot:
        out.say(line, dim=True)


def _inner() -> int:
    from detente.cli.output import width

    return width() - 2


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


def _overview(case: Case, made: Brief) -> list[str]:
    """Return what the first chapter has on every issue, or on every outcome that holds, in columns."""
    from detente.cli.stability import outcomes

    if made.bargaining is not None:
        return _issues(case, made.bargaining)
    return outcomes(made.stability) if made.stability is not None else []


def _issues(case: Case, made: BargainingChapter) -> list[str]:
    """Return the issues in columns, and drawn where there is room: the headings tell the marks."""
    from rich.cells import cell_len

    from detente.cli.output import width
    from detente.show import words
    from detente.show.screen import Column, strip, table

    longest = max(cell_len(row.name) for row in made.forecast_rows)
    size = min(max(width() - TAKEN - longest, SHORTEST_STRIP), LONGEST_STRIP)
    drawn = width() >= TAKEN + SHORTEST_STRIP + NARROWEST_NAME
    rows: list[tuple[str, ...]] = []
    for row in made.forecast_rows:
        issue, span = case.issues[row.issue], (row.low80, row.high80)
        scale = strip(issue.low, issue.high, span, row.mean, also=row.no_deal, size=size)
        cells = (
            row.name,
            words.position(row.mean, issue),
            words.span(*span, issue) if row.low80 < row.high80 else "",
            "" if row.no_deal is None else words.position(row.no_deal, issue),
        )
        rows.append((*cells, scale) if drawn else cells)
    columns = [
        Column("issue", wraps=True),
        Column("o forecast", right=True),
        Column("- 80 %", right=True),
        Column("| no deal", right=True),
    ]
    return table([*columns, Column("")] if drawn else columns, rows)


def _foot(case: Case, made: Brief) -> str:
    record = made.record
    draws = "no input carries doubt" if record.exact else f"{record.draws:,} draws, seed {record.seed}"
    dated = f"as of {case.as_of}; " if case.as_of else ""
    made_how = f"{dated}{draws}; fingerprint {record.fingerprint}; détente {record.version}."
    if record.exact:
        return made_how
    told = (
        "The ranges hold 80 % of draws" if made.bargaining is not None else "The columns are shares of draws"
    )
    return f"{made_how} {told}: what the inputs leave open, not how often it comes true."
