"""What does one lens say about a case?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from detente.cli import options
from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses import LensResult
    from detente.lenses.draws import Workers


@click.command("run", cls=options.NamingLenses)
@click.argument("lens_name", metavar="LENS", type=options.LensName())
@options.case_argument
@options.version_options
@options.method_option
@options.fix_option
@options.draw_options
@output_options
def command(
    lens_name: str,
    reference: str,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    methods: tuple[str, ...],
    fixed: tuple[tuple[str, str], ...],
    draws: int,
    seed: int,
    workers: Workers,
    out: Output,
) -> None:
    """Ask one question of CASE: that of LENS."""
    from detente.cli.progress import progress
    from detente.lenses import lens, run

    singled = options.singled_out(lens(lens_name), methods)
    case = options.version_of(options.opened(reference, out), scenario, {**dict(changes), **singled})
    case = options.version_of(case, None, lens(lens_name).fixing(case, dict(fixed)))
    with progress(out, "draws") as tell:
        result = run(case, lens_name, draws=draws, seed=seed, workers=workers, progress=tell)
    if not result.record.exact and result.record.draws < draws:
        way = "list in 'deals' only what is in dispute to have more"
        out.note(
            f"{result.record.draws:,} draws and not {draws:,}: with so much to search each takes long; {way}"
        )
    if out.as_json:
        out.json(result.to_dict())
    else:
        show(case, result, out)


def show(case: Case, result: LensResult, out: Output) -> None:
    """Print the chapter that a lens makes of its result."""
    from detente.cli.show import titles
    from detente.lenses import lens
    from detente.show.columns import wrapped
    from detente.show.screen import section_lines

    record = result.record
    chapter = lens(record.lens).chapter(result)
    titles(case, out)
    doubt = "no input carries doubt" if record.exact else f"{record.draws:,} draws, seed {record.seed}"
    out.lines(wrapped(f"{chapter.question} ({doubt})"))
    out.say()
    out.title(chapter.rung.sentence)
    for section in chapter.sections:
        out.styled(section_lines(section, titled=len(chapter.sections) > 1))
    if chapter.caution and not record.exact:
        out.say()
        out.styled((line, "dim") for line in wrapped(chapter.caution))
