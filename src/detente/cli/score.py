"""How good were the forecasts of a ledger? On one screen, and with -o on a page."""

from __future__ import annotations

from pathlib import Path

from detente.cli.ledger import ledger_argument, to_read
from detente.cli.options import force_option, output_file
from detente.cli.output import Output, answers


@answers("score")
@ledger_argument
@output_file("Write a page, as HTML.")
@force_option
def command(ledger: Path, output: Path | None, force: bool, out: Output) -> None:
    """Score the resolved questions of a ledger.

    Baselines that were sealed with them are scored alike.
    """
    from detente.case.files import guard_output, write_whole
    from detente.record.ledger import Ledger
    from detente.record.page import page, screen
    from detente.record.report import score_report

    if output is not None:
        guard_output(output, [ledger], (".html", ".htm"), force=force)
    kept = Ledger(to_read(ledger))
    report = score_report(kept.path, kept.chain(), followed := kept.replay())
    if output is not None:
        write_whole(output, page(report, followed))
    out.give(report, lambda: screen(report, followed))
    if not out.as_json:
        out.say(f"head {report.head}")
    if output is not None:
        out.note(f"report: {output}")
