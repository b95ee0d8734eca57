"""Is a case in order? All problems at once, each with its place and the way out."""

from __future__ import annotations

import sys

import click

from detente.cli.options import case_argument
from detente.cli.output import Output, output_options, problem_lines, terminal_lines
from detente.errors import NotFoundError, Problem


@click.command("check")
@case_argument
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@output_options
@click.pass_context
def command(context: click.Context, reference: str, strict: bool, out: Output) -> None:
    """Tell everything that is wrong or looks forgotten in CASE.

    Each line is file:line:column: severity: path in the case: what is wrong; the
    way out. Errors make the exit code 1; warnings only with --strict.
    """
    from detente.catalog import check_reference

    case = None
    try:
        checked = check_reference(reference)
        case, problems = checked.case, checked.problems
    except NotFoundError as error:
        if not out.as_json:
            raise
        problems = (Problem(str(error), file=reference),)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    ok = not errors and not (strict and warnings)
    if out.as_json:
        from detente.cli.records import CheckReport, ProblemRecord

        report = CheckReport(
            case=reference,
            ok=ok,
            errors=errors,
            warnings=warnings,
            problems=tuple(map(ProblemRecord.of, problems)),
        )
        out.json(report.to_dict())
    else:
        from detente.cli.show import size
        from detente.show.columns import wrapped
        from detente.show.words import tally

        out.lines(problem_lines(problems, sys.stdout))
        found = f"{tally(errors, 'error')}, {tally(warnings, 'warning')}"
        if case is not None and not problems:
            out.lines(wrapped(f"{reference}: in order; {size(case)}"))
        else:
            out.styled((line, "bold") for line in terminal_lines(f"{reference}: {found}", sys.stdout))
    context.exit(0 if ok else 1)
