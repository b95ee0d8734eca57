"""Is the ledger whole, what stands in it, and who can prove it?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from detente.cli.options import file
from detente.cli.output import Output, group
from detente.errors import CaseError, DetenteError, LedgerError, OptionError, Problem

if TYPE_CHECKING:
    from detente.record.chain import Appended

Value = TypeVar("Value")
DEFAULT = Path("forecasts.jsonl")
ledger_option = file("--ledger", told="The ledger; openings lie beside it.", default=DEFAULT)
ledger_argument = click.argument(
    "ledger", type=click.Path(path_type=Path, dir_okay=False), default=DEFAULT, metavar="[FILE]"
)
question_argument = click.argument("question")


def to_read(ledger: Path) -> Path:
    """Return a ledger that is to be read: a file, or the one that comes with a case of the catalog."""
    from detente.catalog import shipped_ledger

    shipped = None if ledger.exists() else shipped_ledger(str(ledger))
    return shipped or ledger


def moment(text: str, option: str, *, start: bool = False) -> str:
    """Return a time from a date or a time; a date means its last second, or its first one, UTC.

    Raises:
        OptionError: it is neither.
    """
    from detente.record.chain import is_time

    for written in (text, f"{text}T{'00:00:00' if start else '23:59:59'}Z", f"{text}Z"):
        if is_time(written):
            return written
    raise OptionError(f"{option} is {text!r}; write a date such as 2026-12-31, or 2026-12-31T12:00:00Z")


class Heard:
    """Collects what is wrong with the options of a command, in words, so that all of it is told at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def of(self, read: Callable[[], Value]) -> Value | None:
        """Return what is read, ``None`` where that fails."""
        try:
            return read()
        except DetenteError as error:
            self.problems.append(str(error))
            return None

    def done(self) -> None:
        """Go on where nothing is wrong.

        Raises:
            CaseError: everything that is.
        """
        if self.problems:
            raise CaseError([Problem(told) for told in self.problems])


def told_appended(done: Appended, out: Output, did: str, name: str = "") -> None:
    """Say what was added, and the head to keep."""
    if done.torn is not None:
        out.note(
            f"note: the ledger ended in half a line, which nobody was told of; it was moved to {done.torn}"
        )
    if out.as_json:
        out.json({"did": did, "question": name, "head": done.chain.head})
        return
    out.say(f"{did}: {name}" if name else did)
    out.say(f"head {done.chain.head}")
    out.note("Keep this head somewhere else: it proves that nothing before it was changed or cut off.")


@group("ledger")
def command() -> None:
    """Check, show, merge, redact or anchor a ledger of forecasts."""


@command.command("verify")
@ledger_argument
@click.option("--head", "heads", multiple=True, metavar="COUNT:HASH", help="An earlier head. Repeatable.")
@click.option("--rerun", is_flag=True, help="Make every sealed forecast again, and compare.")
def verify(ledger: Path, heads: tuple[str, ...], rerun: bool, out: Output) -> None:
    """Follow every line from the first; name the first that fails, and why."""
    from detente.record.ledger import Ledger
    from detente.record.report import ledger_report

    kept = Ledger(to_read(ledger))
    chain = kept.chain()
    followed, fault = kept.verified(heads)
    again = kept.rerun() if rerun and fault is None else {}
    told = {"sound": fault is None, "fault": fault, "again": again}
    report = ledger_report(kept.path, chain, followed).model_copy(update=told)
    out.give(report)
    if not out.as_json:
        if report.sound:
            out.tell(f"{len(chain.lines)} lines follow from one another; {report.anchored}.")
            out.say(f"head {report.head}")
        if report.missing:
            fields = "field is" if report.missing == 1 else "fields are"
            out.say(f"{report.missing} sealed {fields} not kept beside the ledger, and not redacted.")
        for name, why in again.items():
            out.say(f"{name}: {'comes out the same' if why is None else why}")
    if chain.torn:
        out.note(
            f"note: the file ends in {len(chain.torn)} bytes without a line end, which nobody was told of"
        )
    if fault is not None:
        raise LedgerError(f"{ledger}: {fault}")


@command.command("show")
@ledger_argument
def show(ledger: Path, out: Output) -> None:
    """List the questions of a ledger and what became of them."""
    from detente.record.ledger import Ledger
    from detente.record.report import ledger_report
    from detente.show.blocks import tabled
    from detente.show.columns import wrapped

    kept = Ledger(to_read(ledger))
    report = ledger_report(kept.path, kept.chain(), kept.replay())
    rows = [
        (
            f"{one.question}: {one.text}",
            f"{one.state}{', retrospective' if one.retrospective else ''}",
            one.deadline,
            one.outcome or one.reason,
        )
        for one in report.questions
    ]
    out.give(report, lambda: [tabled(("question", "state", "deadline", "outcome"), rows)])
    if not out.as_json:
        out.lines(["", *wrapped(f"{report.anchored}."), f"head {report.head}"])


@command.command("merge")
@ledger_argument
@click.argument("other", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="OTHER")
def merge(ledger: Path, other: Path, out: Output) -> None:
    """Join the ledger OTHER to FILE; each chain is kept as it is."""
    from detente.record.ledger import Ledger

    told_appended(Ledger(ledger).merge(Ledger(other)), out, f"merged {other}")


@command.command("redact")
@ledger_argument
@question_argument
@click.option("--field", "fields", multiple=True, required=True, help="forecasts, inputs or rationale.")
@click.option("--words", default="", metavar="WORDS", help="Why.")
def redact(ledger: Path, question: str, fields: tuple[str, ...], words: str, out: Output) -> None:
    """Delete what was sealed with QUESTION; its hash stays on the chain."""
    from detente.record.ledger import Ledger

    done = Ledger(ledger).redact(question, fields, words)
    told_appended(done, out, f"redacted {', '.join(fields)}", question)


@command.command("anchor")
@ledger_argument
@click.option("--by", required=True, metavar="WHO", help="Who keeps or signed it: a person, a service.")
@click.option("--before", metavar="DATE", help="Before which the head existed; a token tells it itself.")
@file("--proof", told="RFC 3161 token or .ots proof.", there=True, folder=None)
@file("--trust", told="Certificates for a token (PEM).", there=True, folder=None)
def anchor(ledger: Path, by: str, before: str | None, out: Output, **files: Path | None) -> None:
    """Note that the present head is kept or time-stamped elsewhere; a proof is verified first."""
    from detente.record.anchors import checked
    from detente.record.ledger import Ledger

    kept = Ledger(ledger)
    told = checked(kept.chain(), by, moment(before, "--before") if before else None, **files)
    told_appended(kept.anchor(told), out, f"anchored by {by}")
