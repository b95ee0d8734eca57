"""What does one lens say about a case?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import (
    case_argument,
    draw_options,
    method_option,
    opened,
    version_of,
    version_options,
)
from detente.cli.output import Output, output_options
from detente.errors import NotFoundError

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses import LensResult


@click.command("run")
@click.argument("lens")
@case_argument
@version_options
@method_option
@draw_options
@output_options
def command(
    lens: str,
    reference: str,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    methods: dict[str, Any],
    draws: int,
    seed: int,
    workers: int | None,
    out: Output,
) -> None:
    """Ask one question of CASE.

    \b
    LENS is
      bargaining  where would each issue settle?
      winset      is there a deal that all who must consent would accept?
      stability   which outcomes hold, because nobody wants to leave them?
    """  # noqa: D301 - the mark that click leaves the lines alone for
    from detente.cli.progress import progress
    from detente.lenses import lens as find
    from detente.lenses import run

    try:
        find(lens)
    except NotFoundError as error:
        raise click.UsageError(str(error)) from error
    case = version_of(opened(reference, out), scenario, {**dict(changes), **methods})
    with progress(out, "draws") as tell:
        result = run(case, lens, draws=draws, seed=seed, workers=workers, progress=tell)
    if out.as_json:
        out.json(result.to_dict())
    else:
        show(case, result, out)


def show(case: Case, result: LensResult, out: Output) -> None:
    """Print a result: by a screen of its own where there is one, else its findings and its first table."""
    from detente.cli.show import titles
    from detente.lenses import lens
    from detente.lenses.bargaining import BargainingResult
    from detente.lenses.stability import StabilityResult
    from detente.lenses.winset import WinsetResult

    titles(case, out)
    out.lines(_made(result, lens(result.record.lens).question))
    if isinstance(result, BargainingResult):
        from detente.cli.bargaining import show_bargaining

        show_bargaining(case, result, out)
        return
    if isinstance(result, StabilityResult):
        from detente.cli.stability import show_stability

        show_stability(result, out)
        return
    if isinstance(result, WinsetResult):
        from detente.cli.winset import show_winset

        show_winset(case, result, out)
        return
    from detente.show.screen import Column, paragraph, table
    from detente.show.table import cell_text

    out.say()
    out.lines(line for finding in result.findings for line in paragraph(finding.sentence))
    first = next(iter(result.tables().values()))
    out.say()
    rows = [[cell_text(cell) for cell in row] for row in first.rows]
    out.lines(table([Column(name, wraps=True) for name in first.columns], rows))


def _made(result: LensResult, question: str) -> list[str]:
    from detente.show.screen import wrapped

    record = result.record
    doubt = "no input carries doubt" if record.exact else f"{record.draws:,} draws, seed {record.seed}"
    return wrapped(f"{question} ({doubt})")
