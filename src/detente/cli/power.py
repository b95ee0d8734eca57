"""How much does each vote count? Voting power under the rule of a ready-made body, of a line, or of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from detente.cli.output import Output, answers
from detente.errors import NotFoundError, offering

if TYPE_CHECKING:
    from detente.lenses.power.result import RulePower


@answers("power")
@click.argument("asked", metavar="[RULE|CASE]", required=False)
@click.option("--bloc", "blocs", multiple=True, metavar="NAMES", help="These vote together. Repeatable.")
def command(asked: str | None, blocs: tuple[str, ...], out: Output) -> None:
    """Tell how much each vote counts under a rule.

    RULE is a ready-made body, such as un-security-council-1966, or a weighted
    vote in a line: '[51; 50, 49, 1]' has the quota first, '5x7' stands for five
    members of 7 votes each, and '[majority; Union: 208, SPD: 120]' has names.
    With --bloc 'SPD, Greens' some vote together. With CASE it is the consent that each of its deals
    needs. Without either, the ready-made bodies are listed.

    Powers are counted exactly; --json has the fractions.
    """
    from detente.lenses.power import PowerReport
    from detente.lenses.power.findings import blocks
    from detente.lenses.power.view import bodies

    report = PowerReport(bodies=bodies()) if asked is None else PowerReport(rules=_asked(asked, blocs, out))
    out.give(report, lambda: blocks(report))


def _asked(asked: str, blocs: Sequence[str], out: Output) -> tuple[RulePower, ...]:
    """Return the power in every rule that an argument means."""
    from detente.case.bodies import ready_bodies
    from detente.case.electorate import is_weighted
    from detente.catalog import slugs
    from detente.cli.options import opened
    from detente.lenses.power import view

    together = [[name.strip() for name in bloc.split(",") if name.strip()] for bloc in blocs]
    if asked in ready_bodies():
        return (view.of_body(asked, together),)
    if is_weighted(asked):
        return (view.of_line(asked, together),)
    try:
        case = opened(asked, out)
    except NotFoundError as error:
        message = f"{asked[:200]!r} is no ready-made body, weighted vote such as '[51; 50, 49, 1]', or case"
        raise NotFoundError(offering(message, asked, (*ready_bodies(), *slugs()))) from error
    return tuple(view.of_case(case, together))
