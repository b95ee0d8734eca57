"""What would be different? Versions of a case side by side, on the same draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import AS_IS, draw_options, lens_option, method_option, opened, version_of
from detente.cli.options import Change as ChangeType
from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.case import Case, Issue
    from detente.lenses import Comparison, Difference

AS_SET = "as-set"


@click.command("compare")
@click.argument("references", metavar="CASE...", nargs=-1, required=True)
@click.option("--scenario", "scenarios", multiple=True, metavar="ID", help="A scenario of the (first) case.")
@click.option(
    "--set",
    "changes",
    type=ChangeType(),
    multiple=True,
    help="The (first) case with these numbers changed is one more version. Repeatable.",
)
@lens_option
@method_option
@draw_options
@output_options
def command(
    references: tuple[str, ...],
    scenarios: tuple[str, ...],
    changes: tuple[tuple[str, Any], ...],
    lens_name: str | None,
    methods: dict[str, Any],
    draws: int,
    seed: int,
    workers: int | None,
    out: Output,
) -> None:
    """Compare cases, or versions of one case, on common draws.

    The versions are the CASEs, then each --scenario of the first CASE, then the
    first CASE with all that --set changes. When one CASE is given with two or
    more of these, only they are compared; 'as-is' names the case as it stands.
    The first version is the base that the others differ from.

    \b
      detente compare us-russia-2024 --scenario as-is --scenario us-aid-ends
      detente compare mine.yaml theirs.yaml
    """  # noqa: D301 - the mark that click leaves the lines alone for
    from detente.cli.progress import progress
    from detente.lenses import compare

    versions = _versions(references, scenarios, dict(changes), out)
    if not methods and not out.as_json and lens_name in (None, "bargaining"):
        methods = _told_only(next(iter(versions.values())))
    if methods:
        versions = {label: case.with_(methods) for label, case in versions.items()}
    with progress(out, "draws") as tell:
        found = compare(versions, lens_name, draws=draws, seed=seed, workers=workers, progress=tell)
    if out.as_json:
        out.json(found.to_dict())
    else:
        _show(versions, found, out)


def _versions(
    references: tuple[str, ...], scenarios: tuple[str, ...], changes: Mapping[str, Any], out: Output
) -> dict[str, Case]:
    """Return label → version, the base first.

    Raises:
        click.UsageError: there are not two of them, or two are the same.
    """
    cases = {reference: opened(reference, out) for reference in references}
    first = next(iter(cases.values()))
    further = {scenario: version_of(first, scenario) for scenario in scenarios}
    if changes:
        further[AS_SET] = version_of(first, None, changes)
    if len(cases) == 1 and len(further) > 1:
        versions = further
    elif len(cases) == 1:
        versions = {AS_IS: first, **further}
    else:
        versions = {**_labelled(cases), **further}
    named = len(references) + len(scenarios)
    if len(versions) < 2 or len(cases) + len(dict.fromkeys(scenarios)) < named:
        raise click.UsageError(
            "there must be two different versions: name two cases, or scenarios of one with --scenario, "
            "or change it with --set"
        )
    return versions


def _labelled(cases: Mapping[str, Case]) -> dict[str, Case]:
    """Label cases by the names of their files where these differ, else by how they were named."""
    short = [Path(reference).stem or reference for reference in cases]
    labels = short if len(set(short)) == len(short) else list(cases)
    return dict(zip(labels, cases.values(), strict=True))


def _show(versions: Mapping[str, Case], found: Comparison, out: Output) -> None:
    from detente.show.screen import Column, table, wrapped
    from detente.show.words import METHODS

    base = versions[found.base]
    names = _names(versions)
    if len({case.title for case in versions.values()}) == 1:
        for line in wrapped(base.title):
            out.say(line, bold=True)
    if found.lens == "stability":
        from detente.cli.held import show_versions

        show_versions(base, found, names, out)
        return
    if found.lens == "winset":
        from detente.cli import deals

        deals.show_versions(base, found, names, out)
        return
    method = leading(base)
    out.lines(wrapped(f"{METHODS[method]}; {found.draws:,} common draws, seed {found.seed}"))
    out.say()
    columns = (
        Column("", wraps=True),
        Column("mean", right=True),
        Column("change", right=True),
        Column("80 % of draws", right=True),
        Column("direction"),
    )
    rows: list[tuple[str, ...]] = []
    for issue_id, issue in base.issues.items():
        outcome = outcome_of(found.differences, issue_id, method)
        if outcome is not None:
            rows.append((_heading(issue, outcome, method), "", "", "", ""))
            rows += _rows(found.differences[outcome], names, found.base, issue)
    head, *body = table(columns, rows, indent="")
    out.say(head, dim=True)
    for line in body:
        out.say(line, bold=not line.startswith(" "))


def _names(versions: Mapping[str, Case]) -> dict[str, str]:
    """Return label → what a version is called: its scenario, or its title where that tells it apart."""
    titles = [case.title for case in versions.values()]
    names = {}
    for label, case in versions.items():
        if label == AS_SET:
            names[label] = "With the changes"
        elif label in case.scenarios and case.scenario == label:
            names[label] = case.scenarios[label].name
        elif label == AS_IS:
            names[label] = "As is"
        else:
            names[label] = case.title if titles.count(case.title) == 1 else label
    return names


def leading(case: Case) -> str:
    """Return the method whose forecasts are told first."""
    chosen = case.options.bargaining
    return chosen.headline if chosen.headline in chosen.methods else chosen.methods[0]


def _told_only(case: Case) -> dict[str, Any]:
    """Return the changes that leave out the methods which the screen does not tell; they cost most of the time."""
    method = leading(case)
    if method == "nash":  # has no forecast without a no-deal point; another method is then told
        return {}
    return {"options.bargaining.methods": [method], "options.bargaining.headline": method}


def outcome_of(outcomes: Iterable[str], issue: str, method: str) -> str | None:
    """Return the label of an issue's outcome by the leading method, or by the first that has a forecast."""
    labels = [label for label in outcomes if label.rpartition(".")[0] == issue]
    return f"{issue}.{method}" if f"{issue}.{method}" in labels else next(iter(labels), None)


def _heading(issue: Issue, outcome: str, method: str) -> str:
    from detente.show.words import METHODS

    used = outcome.rpartition(".")[2]
    return issue.name if used == method else f"{issue.name} ({METHODS[used]})"


def _rows(
    differences: Mapping[str, Difference], names: Mapping[str, str], base: str, issue: Issue
) -> Iterator[tuple[str, ...]]:
    from detente.show.screen import decimals, interval, number, signed

    places = decimals(issue.high - issue.low)
    for label, d in differences.items():
        if label == base:
            yield f"  {names[label]}", number(d.value, places), "", "", ""
        elif d.above == d.below == 0:
            yield f"  {names[label]}", number(d.value, places), "0", "", "no draw differs"
        else:
            doubt = interval(d.intervals["80"], places, signs=True)
            yield f"  {names[label]}", number(d.value, places), signed(d.mean, places), doubt, _direction(d)


def _direction(d: Difference) -> str:
    from detente.show.words import percent

    higher = d.above >= d.below
    return f"{'higher' if higher else 'lower'} in {percent(d.above if higher else d.below)}"
