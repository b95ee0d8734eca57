"""How much does each vote count? Voting power under the rule of a ready-made body, of a line, or of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from detente.cli.output import Output, output_options
from detente.errors import NotFoundError, did_you_mean

if TYPE_CHECKING:
    from detente.lenses.power.result import BodyRecord, RulePower


@click.command("power")
@click.argument("asked", metavar="[RULE|CASE]", required=False)
@click.option("--bloc", "blocs", multiple=True, metavar="NAMES", help="These vote together. Repeatable.")
@output_options
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
    from detente.lenses.power.view import bodies

    report = PowerReport(bodies=bodies()) if asked is None else PowerReport(rules=_asked(asked, blocs, out))
    if out.as_json:
        out.json(report.to_dict())
        return
    if report.bodies:
        _list(report.bodies, out)
    for number, found in enumerate(report.rules):
        if number:
            out.say()
        _show(found, out)


def _asked(asked: str, blocs: Sequence[str], out: Output) -> tuple[RulePower, ...]:
    """Return the power in every rule that an argument means."""
    from detente.case.bodies import ready_bodies
    from detente.case.notation import is_weighted
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
        hint = did_you_mean(asked, (*ready_bodies(), *slugs()))
        message = f"{asked[:200]!r} is no ready-made body, weighted vote or case; {hint}"
        raise NotFoundError(message) from error
    return tuple(view.of_case(case, together))


def _list(bodies: Sequence[BodyRecord], out: Output) -> None:
    from detente.show.columns import Column

    columns = (Column("name"), Column("members", right=True), Column("body", wraps=True))
    rows = [(body.slug, str(body.members), body.name) for body in bodies]
    out.table(columns, rows, indent="")
    out.note(
        f"\nUse a name as RULE here, or as 'body:' in the consent of a case: detente power {rows[-1][0]}"
    )


def _show(found: RulePower, out: Output) -> None:
    from detente.lenses.power import findings
    from detente.show.columns import Column, paragraph

    out.title(found.rule)
    for line in findings.facts(found):
        out.lines(paragraph(line))
    first, *numbers, last = findings.COLUMNS
    columns = (Column(first, wraps=True), *(Column(name, right=True) for name in numbers), Column(last))
    out.say()
    out.table(columns, list(findings.powers(found)))
    if not found.exact:
        out.say()
        out.lines(paragraph(findings.SAMPLED))
    if found.with_abstention:
        out.say()
        out.lines(paragraph(findings.ABSTAINING))
        out.table(columns, list(findings.abstention(found)))
    if found.with_blocs:
        wide, narrow = findings.BLOC_COLUMNS[:2], findings.BLOC_COLUMNS[2:]
        out.say()
        out.lines(paragraph(findings.BLOCS))
        columns = (
            *(Column(name, wraps=True) for name in wide),
            *(Column(name, right=True) for name in narrow),
        )
        out.table(columns, list(findings.blocs(found)))
