"""What is the answer, on one screen? And, where asked, all of it as one page that opens offline."""

from __future__ import annotations

import math
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import Version, case_options, draw_options, file, force_option, output_file
from detente.cli.output import Output, answers
from detente.cli.reading import trail_of, words_option

if TYPE_CHECKING:
    from detente.case import Case
    from detente.report import Brief
    from detente.show.blocks import Block

FEWEST_STEPS = 2
WORTH_FORKING = 2_000  # draws
GAPS = 3  # empty lines, and the one in which the shell asks on
Steps = dict[str, list[str]]  # of the ladder, each with the sentences that are told there


@answers("brief")
@case_options
@output_file("Write the whole report, as HTML.")
@click.option("--full", is_flag=True, help="Add the annex to the report: all figures and tables.")
@file("--ledger", told="In which forecasts of the case are sealed; its head is printed in the report.")
@words_option
@force_option
@draw_options
def command(
    of: Version,
    output: Path | None,
    full: bool,
    ledger: Path | None,
    store: Path | None,
    force: bool,
    out: Output,
    **how: Any,
) -> None:
    """Answer CASE on one screen, and with -o in a report.

    The report is one HTML file that needs nothing else: figures, the tables
    behind them, how each number was computed, and the sources it rests on.
    """
    from detente.case.files import guard_output
    from detente.cli.progress import progress

    if output is not None:
        read = [Path(of.reference), *filter(None, (ledger, store))]
        guard_output(output, read, (".html", ".htm"), force=force)
    sealed = None
    if ledger is not None:
        from detente.cli.ledger import to_read
        from detente.record.ledger import Ledger

        sealed = Ledger(to_read(ledger)).sealed(of.case)
    found = trail_of(of.case, Path(of.reference), store)
    with progress(out, "draws") as tell:
        from detente.lenses.draws import default_workers
        from detente.report import brief

        # The same answer, sooner; of few draws a second process would save nothing.
        many = how["draws"] >= WORTH_FORKING and how["workers"] is None and default_workers() > 1
        if many and sys.stderr.isatty():
            import rich.progress  # noqa: F401  whole before a process is forked off while another thread loads it
        made = brief(
            of.case,
            progress=tell,
            sealed=sealed,
            trail=found,
            processes=2 if many else 1,
            heard=lambda first: tell.say(f"{first.sentence} (The rest follows.)"),
            **how,
        )
    if output is not None:
        with progress(out, "drawing", first="drawing the report"):
            made.save(output, full=full)
    out.give(made)
    if not out.as_json:
        _show(of.case, made, out)
    if output is not None:
        out.note(f"report: {output}")


def _show(case: Case, made: Brief, out: Output) -> None:
    """Print the verdict, the table of deals and as much of the ladder as a screen has room for."""
    from detente.show.columns import wrapped
    from detente.show.screen import block_lines

    out.head(case, case.question or "")
    out.say()
    out.title(made.verdict.sentence)
    left = (f"Not answered: {question} {why}." for question, why in made.unanswered.items())
    foot = [line for told in (*left, _foot(case, made)) for line in wrapped(told)]
    heads = [*wrapped(case.title), *wrapped(case.question or ""), *wrapped(made.verdict.sentence)]
    steps = {name: [part for one in found for part in sentences(one.sentence)] for name, found in made.steps}
    used = len(heads) + len(foot) + GAPS
    least = sum(len(wrapped(f"{name}: {steps[name][0]}")) for name in _first(steps)[:FEWEST_STEPS])
    beside = list(block_lines(cut(made.overview, _room(used + least))))
    out.styled(beside)
    shown = fitting(steps, _room(used + len(beside)))
    lines = [line for name, told in shown.items() for line in wrapped(f"{name}: {' '.join(told)}")]
    out.lines(["", *lines] if lines else ())
    out.styled(block_lines(cut(made.spans, _room(used + len(beside) + len(lines)))))
    out.styled((line, "dim") for line in foot)


def _room(used: int) -> float:
    """Return how many lines a screen has left; any number where nobody looks at one."""
    return shutil.get_terminal_size((80, 24)).lines - used if sys.stdout.isatty() else math.inf


def cut(blocks: tuple[Block, ...], room: float) -> tuple[Block, ...]:
    """Return blocks with as many rows of their tables as there is room for, and nothing that has no room."""
    from detente.show.blocks import TableBlock
    from detente.show.screen import block_lines

    kept: list[Block] = []
    for block in blocks:
        rows = range(len(block.table.rows), 0, -1) if isinstance(block, TableBlock) else ()
        forms = [block, *(block.model_copy(update={"most": most}) for most in rows)]
        shown = next((one for one in forms if len(list(block_lines([*kept, one]))) <= room), None)
        if shown is None:
            break
        kept.append(shown)
    return tuple(kept)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a full stop within quotation marks ends none."""
    found, start, inside = [], 0, 0
    for end in re.finditer(r"[“”]|[.!?]”? (?=[A-Z“])", text):
        inside += end[0].count("“") - end[0].count("”")
        if not inside and end[0].endswith(" "):
            found.append(text[start : end.end() - 1])
            start = end.end()
    return [*found, text[start:]] if text else []


def _first(steps: Steps) -> list[str]:
    """Return the steps in the order in which they get room: what would change it and how sure that is first."""
    from detente.show.ladder import STEPS

    return sorted(steps, key=lambda name: name not in (STEPS["change"], STEPS["sure"]))


def fitting(steps: Steps, room: float) -> Steps:
    """Return what there is room for: the first sentence of each step, then more of them, the earlier first.

    What would change the answer, and how sure it is, come before all others.
    """
    from detente.show.columns import wrapped

    kept = dict.fromkeys(steps, 0)  # how many sentences of each

    def fits() -> bool:
        told = (wrapped(f"{name}: {' '.join(steps[name][:many])}") for name, many in kept.items() if many)
        return sum(map(len, told)) <= room

    for number, name in enumerate(_first(steps)):
        kept[name] = 1
        if number >= FEWEST_STEPS and not fits():
            kept[name] = 0
    for name in steps:
        while 0 < kept[name] < len(steps[name]):
            kept[name] += 1
            if not fits():
                kept[name] -= 1
                break
    return {name: steps[name][:many] for name, many in kept.items() if many}


def _foot(case: Case, made: Brief) -> str:
    record = made.record
    upto = "up to " if any(one.record.draws < record.draws for one in made.results.values()) else ""
    draws = "no input carries doubt" if record.exact else f"{upto}{record.draws:,} draws, seed {record.seed}"
    dated = f"as of {case.as_of}; " if case.as_of else ""
    sealed = f"; {made.sealed.told}, head {made.sealed.head}" if made.sealed is not None else ""
    return f"{dated}{draws}; fingerprint {record.fingerprint}; détente {record.version}{sealed}"
