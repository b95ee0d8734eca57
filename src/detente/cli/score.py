"""How good were the forecasts of a ledger? On one screen, and with -o on a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.ledger import ledger_argument, to_read
from detente.cli.options import force_option
from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.record.report import ScoreReport


@click.command("score")
@ledger_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write a page, as HTML."
)
@force_option
@output_options
def command(ledger: Path, output: Path | None, force: bool, out: Output) -> None:
    """Score the resolved questions of a ledger.

    Baselines that were sealed with them are scored alike.
    """
    from detente.case.files import guard_output, write_whole
    from detente.record.ledger import Ledger
    from detente.record.report import score_report

    if output is not None:
        guard_output(output, [ledger], (".html", ".htm"), force=force)
    kept = Ledger(to_read(ledger))
    report = score_report(kept.path, kept.chain(), followed := kept.replay())
    if output is not None:
        from detente.record.page import page

        write_whole(output, page(report, followed))
    if out.as_json:
        out.json(report.to_dict())
    else:
        _show(report, out)
    if output is not None:
        out.note(f"report: {output}")


def _show(report: ScoreReport, out: Output) -> None:
    from typing import get_args

    from detente.record.life import State
    from detente.show.columns import Column, wrapped
    from detente.show.words import percent

    out.title(report.verdict)
    out.say()

    def told(value: float | None, digits: int = 3) -> str:
        return "" if value is None else f"{value:.{digits}f}"

    columns = [Column("forecaster", wraps=True)]
    columns += [
        Column(name, right=True) for name in ("events", "Brier", "positions", "CRPS", "in 80 %", "by chance")
    ]
    rows = []
    for one in report.standings:
        band = (
            "" if one.holds80_low is None else f"{percent(one.holds80_low)}–{percent(one.holds80_high or 0)}"
        )
        held = "" if one.holds80 is None else percent(one.holds80)
        rows.append(
            (one.forecaster, str(one.events), told(one.brier), str(one.positions), told(one.crps), held, band)
        )
    if rows:
        out.table(columns, rows, indent="")
        out.say()
    counts = report.counters
    states = [f"{counts[name]} {name}" for name in get_args(State) if counts[name]]
    void = "" if report.void is None else f"; void {percent(report.void)}"
    counted = f"{counts['questions']} questions: {', '.join(states)}{void}."
    out.lines(wrapped(f"{counted} CRPS as a share of the scale." if rows else counted))
    out.say(f"head {report.head}")
