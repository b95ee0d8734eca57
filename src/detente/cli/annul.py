"""Why can a question not be scored? It is taken out for one of a few reasons, and stays in the count."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.ledger import ledger_option, question_argument, told_appended
from detente.cli.output import Output, answers

REASONS = ("unclear-criteria", "false-premise", "source-gone", "condition-not-met", "irreconcilable-coders")


@answers("annul")
@question_argument
@click.option(
    "--reason", type=click.Choice(REASONS), required=True, metavar="REASON", help="Why it cannot be scored."
)
@click.option("--words", default="", metavar="WORDS", help="More of it.")
@ledger_option
def command(question: str, reason: str, words: str, ledger: Path, out: Output) -> None:
    """Take QUESTION out of the score; it is counted as void.

    \b
    REASON is one of:
      unclear-criteria        the rule does not say which outcome came true
      false-premise           the question supposed what was not so
      source-gone             source and fallback no longer exist
      condition-not-met       the condition did not come true
      irreconcilable-coders   readers differ, and nobody decides
    """  # noqa: D301 - click reads the mark
    from detente.record.ledger import Ledger

    told_appended(Ledger(ledger).annul(question, reason, words), out, "annulled", question)
