"""What would be different? Versions of a case side by side, on the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli import options
from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses.draws import Workers

AS_SET = "as-set"


@click.command("compare", cls=options.NamingLenses)
@click.argument("references", metavar="CASE...", nargs=-1, required=True)
@click.option("--scenario", "scenarios", multiple=True, metavar="ID", help="A scenario of the (first) case.")
@click.option(
    "--set",
    "changes",
    type=options.Change(),
    multiple=True,
    help="The (first) case with these numbers changed is one more version. Repeatable.",
)
@options.lens_option
@options.method_option
@options.draw_options
@output_options
def command(
    references: tuple[str, ...],
    scenarios: tuple[str, ...],
    changes: tuple[tuple[str, Any], ...],
    lens_name: str | None,
    methods: tuple[str, ...],
    draws: int,
    seed: int,
    workers: Workers,
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
    from detente.lenses import compare, first_lens, lens
    from detente.show.screen import block_lines

    versions = _versions(references, scenarios, dict(changes), out)
    base = next(iter(versions.values()))
    asked = lens(lens_name or first_lens(base))
    singled = options.singled_out(asked, methods) or ({} if out.as_json else asked.leanest(base))
    versions = {label: options.version_of(case, None, singled) for label, case in versions.items()}
    names = _names(versions)
    with progress(out, "draws") as tell:
        found = compare(
            versions, asked.name, draws=draws, seed=seed, workers=workers, names=names, progress=tell
        )
    if out.as_json:
        out.json(found.to_dict())
        return
    if len({case.title for case in versions.values()}) == 1:
        out.title(base.title)
    out.styled(block_lines(found.blocks()))


def _versions(
    references: tuple[str, ...], scenarios: tuple[str, ...], changes: Mapping[str, Any], out: Output
) -> dict[str, Case]:
    """Return label → version, the base first.

    Raises:
        click.UsageError: there are not two of them, or two are the same.
    """
    cases = {reference: options.opened(reference, out) for reference in references}
    first = next(iter(cases.values()))
    further = {scenario: options.version_of(first, scenario) for scenario in scenarios}
    if changes:
        further[AS_SET] = options.version_of(first, None, changes)
    if len(cases) == 1 and len(further) > 1:
        versions = further
    elif len(cases) == 1:
        versions = {options.AS_IS: first, **further}
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


def _names(versions: Mapping[str, Case]) -> dict[str, str]:
    """Return label → what a version is called: its scenario, or its title where that tells it apart."""
    titles = [case.title for case in versions.values()]
    names = {}
    for label, case in versions.items():
        if label == AS_SET:
            names[label] = "With the changes"
        elif label in case.scenarios and case.scenario == label:
            names[label] = case.scenarios[label].name
        elif label == options.AS_IS:
            names[label] = "As is"
        else:
            names[label] = case.title if titles.count(case.title) == 1 else label
    return names
