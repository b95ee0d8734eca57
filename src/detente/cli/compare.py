"""What would be different? Versions of a case side by side, on the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli import options
from detente.cli.output import Output, answers
from detente.cli.progress import working

if TYPE_CHECKING:
    from detente.case import Case

AS_SET = "as-set"


@answers("compare", lists=options.LENSES)
@click.argument("references", metavar="CASE...", nargs=-1, required=True)
@click.option("--scenario", "scenarios", multiple=True, metavar="ID", help="A scenario of the (first) case.")
@options.change_option("The (first) case with these numbers changed is one more version.")
@options.one_lens
@options.method_option
@options.draw_options
def command(lens_name: str | None, methods: tuple[str, ...], out: Output, **given: Any) -> None:
    """Compare cases, or versions of one case, on common draws.

    The versions are the CASEs, then each --scenario of the first CASE, then the
    first CASE with all that --set changes. When one CASE is given with two or
    more of these, only they are compared; 'as-is' names the case as it stands.
    The first version is the base that the others differ from.

    \b
      detente compare us-russia-2024 --scenario as-is --scenario us-aid-ends
      detente compare mine.yaml theirs.yaml
    """  # noqa: D301 - the mark that click leaves the lines alone for
    from detente.lenses import compare, first_lens, lens

    versions, names = _versions(given.pop("references"), given.pop("scenarios"), given.pop("changes"), out)
    base = next(iter(versions.values()))
    asked = lens(lens_name or first_lens(base))
    singled = options.singled_out(asked, methods) or ({} if out.as_json else asked.leanest(base))
    versions = {label: options.version_of(case, None, singled) for label, case in versions.items()}
    found = working(out, "draws", compare, versions, asked.name, names=names, **given)
    if not out.as_json and len({case.title for case in versions.values()}) == 1:
        out.title(base.title)
    out.give(found, found.blocks)


def _versions(
    references: Sequence[str], scenarios: Sequence[str], changes: Sequence[tuple[str, Any]], out: Output
) -> tuple[dict[str, Case], dict[str, str]]:
    """Return label → version, the base first, and label → what people call it.

    Raises:
        click.UsageError: there are not two of them, or two are the same.
    """
    cases = {reference: options.opened(reference, out) for reference in references}
    first = next(iter(cases.values()))
    further = {scenario: options.version_of(first, scenario) for scenario in scenarios}
    called = {id_: first.scenarios[id_].name for id_ in further if further[id_].scenario == id_}
    if changes:
        further[AS_SET] = options.version_of(first, None, dict(changes))
    if len(cases) > 1:  # labelled by the names of their files where these differ, else by how they were named
        short = [Path(reference).stem or reference for reference in cases]
        labels = short if len(set(short)) == len(short) else list(cases)
        versions = {**dict(zip(labels, cases.values(), strict=True)), **further}
    else:
        versions = further if len(further) > 1 else {options.AS_IS: first, **further}
    named = len(references) + len(scenarios)
    if len(versions) < 2 or len(cases) + len(dict.fromkeys(scenarios)) < named:
        way = "name two cases, or scenarios of one with --scenario, or change it with --set"
        raise click.UsageError(f"there must be two different versions: {way}")
    titles = [case.title for case in versions.values()]  # which name a version where they tell it apart
    alone = {label: case.title for label, case in versions.items() if titles.count(case.title) == 1}
    return versions, {**alone, AS_SET: "With the changes", options.AS_IS: "As is", **called}
