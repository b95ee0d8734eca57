"""Who no longer stands by a forecast? It stays visible, and stops where it was withdrawn."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.ledger import ledger_option, question_argument, told_appended
from detente.cli.output import Output, answers


@answers("withdraw")
@question_argument
@click.option("--words", default="", metavar="WORDS", help="Why.")
@ledger_option
def command(question: str, words: str, ledger: Path, out: Output) -> None:
    """Stop forecasting QUESTION, whose outcome is not known yet."""
    from detente.record.ledger import Ledger

    told_appended(Ledger(ledger).withdraw(question, words), out, "withdrawn", question)
