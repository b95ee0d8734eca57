"""Is a case in order? All problems at once, each with its place and the way out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.options import case_argument
from detente.cli.output import Output, answers, problem_lines, terminal_lines
from detente.cli.reading import trail_of, words_option
from detente.errors import NotFoundError, Problem

if TYPE_CHECKING:
    from detente.case import Case


@answers("check")
@case_argument
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@words_option
@click.pass_context
def command(context: click.Context, reference: str, strict: bool, store: Path | None, out: Output) -> None:
    """Tell everything that is wrong or looks forgotten in CASE.

    Each line is file:line:column: severity: path in the case: what is wrong; the
    way out. Errors make the exit code 1; warnings only with --strict. Statements
    that the case cites are looked up in the store, if there is one.
    """
    from detente.catalog import check_reference
    from detente.cli.records import CheckReport
    from detente.report.stated import size
    from detente.show.words import tally

    case = None
    try:
        checked = check_reference(reference)
        case, problems = checked.case, checked.problems
        if case is not None:
            problems += _lost_words(case, reference, store)
    except NotFoundError as error:
        if not out.as_json:
            raise
        problems = (Problem(str(error), file=reference),)
    errors = sum(one.severity == "error" for one in problems)
    warnings = len(problems) - errors
    report = {"case": reference, "ok": not errors and not (strict and warnings), "errors": errors}
    found = {"warnings": warnings, "problems": [one.to_dict() for one in problems]}
    out.give(lambda: CheckReport.from_dict({**report, **found}))
    if not out.as_json:
        out.lines(problem_lines(problems, sys.stdout))
        if case is not None and not problems:
            out.tell(f"{reference}: in order; {size(case)}")
        else:
            told = f"{reference}: {tally(errors, 'error')}, {tally(warnings, 'warning')}"
            out.styled((line, "bold") for line in terminal_lines(told, sys.stdout))
    context.exit(0 if report["ok"] else 1)


def _lost_words(case: Case, reference: str, store: Path | None) -> tuple[Problem, ...]:
    """Return the citations of a case whose words a store does not find, or only words like them."""
    found = trail_of(case, Path(reference), store)
    if found is None:
        return ()
    from detente.case.case import located
    from detente.case.reading import read_yaml
    from detente.evidence.trail import faults

    return located(list(faults(case, found)), read_yaml(case.to_yaml(), reference), reference)
