"""What came out? The outcome of a question, read by its own rule, enters the ledger and scores its forecasts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from detente.cli.ledger import Heard, ledger_option, moment, question_argument, told_appended
from detente.cli.options import file
from detente.cli.output import Output, answers
from detente.errors import OptionError

OUTCOME = "A value of the scale, 'none' for no agreement, yes or no for an event. Several readers: repeat."
HAPPENED = {"none": False, "no": False, "yes": True}


@answers("resolve")
@question_argument
@click.option("--outcome", "outcomes", multiple=True, required=True, metavar="OUTCOME", help=OUTCOME)
@click.option("--known", required=True, metavar="DATE", help="When the outcome was known.")
@click.option("--source", required=True, metavar="WORDS", help="Where it stands.")
@click.option("--quote", "quotation", default="", metavar="WORDS", help="The words that decide.")
@click.option("--accessed", default="", metavar="DATE", help="When they were read.")
@file("--saved", told="A saved copy.", there=True)
@click.option("--clause", default="", metavar="WORDS", help="Of the rule that was applied.")
@click.option("--condition-met", is_flag=True, help="The condition of the forecast came true.")
@click.option("--correct", is_flag=True, help="In place of an earlier resolution.")
@ledger_option
def command(
    question: str,
    outcomes: tuple[str, ...],
    known: str,
    ledger: Path,
    correct: bool,
    out: Output,
    **given: Any,
) -> None:
    """Enter what came out of QUESTION."""
    from detente.case.files import readable
    from detente.record.chain import sha256
    from detente.record.ledger import Ledger
    from detente.record.questions import Resolution, of_body

    heard = Heard()
    readings = [heard.of(partial(_reading, text, number)) for number, text in enumerate(outcomes, start=1)]
    when = heard.of(lambda: moment(known, "--known", start=True))
    heard.done()
    data = {
        "readings": readings,
        "known": when,
        "saved": sha256(readable(saved, pipe=True).read_bytes()) if (saved := given.pop("saved")) else "",
        "condition": given.pop("condition_met") or None,
        **given,
    }
    resolution: Resolution = of_body(Resolution, data, "the resolution")
    told_appended(Ledger(ledger).resolve(question, resolution, correct=correct), out, "resolved", question)


def _reading(text: str, number: int) -> dict[str, object]:
    """Return what one reader found: ``60``, ``none``, ``yes`` or ``no``, with a name before a colon."""
    coder, colon, said = text.rpartition(":")
    coder, said = coder.strip() if colon else str(number), said.strip().casefold()
    if said in HAPPENED:
        return {"coder": coder, "happened": HAPPENED[said]}
    try:
        float(said)
    except ValueError:
        told = "write a value of the scale, 'none', 'yes' or 'no', with the reader's name before a colon"
        raise OptionError(f"--outcome is {text!r}; {told}") from None
    return {"coder": coder, "happened": True, "value": said}
