"""Which input matters most? Each doubtful number moved alone, the widest swings of each issue's forecast first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import case_argument, lens_option, method_option, opened, version_of, version_options
from detente.cli.output import Output, output_options
from detente.errors import NotFoundError, did_you_mean

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses import Tornado


@click.command("tornado")
@case_argument
@version_options
@lens_option
@method_option
@click.option("--issue", "issues", multiple=True, metavar="ID", help="Only this issue. Repeatable.")
@click.option(
    "--top",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    metavar="N",
    help="Inputs shown per issue, or in all.",
)
@output_options
def command(
    reference: str,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    lens_name: str | None,
    methods: dict[str, Any],
    issues: tuple[str, ...],
    top: int,
    out: Output,
) -> None:
    """Tell which inputs of CASE move its forecasts most.

    Each number that carries doubt goes alone from its 10 % to its 90 % quantile,
    all others staying at their means. Of a game it tells what then holds, of
    deals whether there still is one.
    """
    from detente.cli.progress import progress
    from detente.lenses import tornado

    case = version_of(opened(reference, out), scenario, {**dict(changes), **methods})
    for issue in issues:
        if issue not in case.issues:
            raise NotFoundError(f"no issue is called {issue!r}; {did_you_mean(issue, case.issues)}")
    with progress(out, "inputs"):
        found = tornado(case, lens_name)
    if out.as_json:
        out.json(found.to_dict())
    else:
        _show(case, found, issues or tuple(case.issues), top, out)


def _show(case: Case, found: Tornado, issues: tuple[str, ...], top: int, out: Output) -> None:
    from detente.cli.compare import leading, outcome_of
    from detente.cli.show import titles
    from detente.show.screen import wrapped
    from detente.show.words import METHODS, percent

    titles(case, out)
    if found.lens == "stability":
        from detente.cli.held import show_swings

        show_swings(case, found, top, out)
        return
    if found.lens == "winset":
        from detente.cli import deals

        deals.show_swings(case, found, issues, top, out)
        return
    method = leading(case)
    ends = f"from its {percent(found.low)} to its {percent(found.high)} quantile"
    out.lines(wrapped(f"{METHODS[method]}; every input alone {ends}"))
    for issue in issues:
        outcome = outcome_of(found.centre, issue, method)
        if outcome is not None:
            _issue(case, found, issue, outcome, top, out)


def _issue(case: Case, found: Tornado, issue_id: str, outcome: str, top: int, out: Output) -> None:
    from detente.show.screen import Column, decimals, interval, number, strip, table
    from detente.show.words import counted, input_name, input_value

    issue, centre, bars = case.issues[issue_id], found.centre[outcome], found.bars[outcome]
    places = decimals(issue.high - issue.low)
    out.say()
    out.say(f"{issue.name}: {number(centre, places)} with every input at its mean", bold=True)
    if not bars:
        out.say("  No doubtful input moves it.")
        return
    values = [value for bar in bars for value in (bar.at_low, bar.at_high)]
    least, most = min(values), max(values)
    rows = []
    for bar in bars[:top]:
        low, high = (input_value(case, bar.path, value) for value in (bar.low_input, bar.high_input))
        span = min(bar.at_low, bar.at_high), max(bar.at_low, bar.at_high)
        drawn = strip(least, most, span, centre, mark="|", size=15)
        forecast = interval((bar.at_low, bar.at_high), places)
        rows.append((input_name(case, bar.path, issue_id), f"{low} to {high}", forecast, drawn))
    columns = (
        Column("input", wraps=True),
        Column("moves", right=True),
        Column("forecast", right=True),
        Column(""),
    )
    head, *body = table(columns, rows)
    out.say(head, dim=True)
    out.lines(body)
    if len(bars) > top:
        rest = len(bars) - top
        matter = "matters" if rest == 1 else "matter"
        out.say(f"  and {counted(rest, 'input')} that {matter} less", dim=True)
