"""What does one lens say about a case?"""

from __future__ import annotations

from typing import Any

import click

from detente.cli import options
from detente.cli.output import Output, answers
from detente.cli.progress import working


@answers("run", lists=options.LENSES)
@click.argument("lens_name", metavar="LENS", type=options.lens_named, shell_complete=options.lenses_from)
@options.case_options
@options.method_option
@options.fix_option
@options.draw_options
def command(
    lens_name: str, of: options.Version, methods: tuple[str, ...], fixed: Any, out: Output, **how: Any
) -> None:
    """Ask one question of CASE: that of LENS."""
    from detente.lenses import lens, run
    from detente.show.screen import chapter_lines

    asked = lens(lens_name)
    case = of.changed(options.singled_out(asked, methods))
    case = options.version_of(case, None, asked.fixing(case, dict(fixed)))
    result = working(out, "draws", run, case, lens_name, **how)
    record = result.record
    if not record.exact and record.draws < how["draws"]:
        few = f"{record.draws:,} draws and not {how['draws']:,}, as each takes long"
        out.note(f"{few}; leave out the deals, issues and actors that matter least to have more")
    out.give(result)
    if not out.as_json:
        doubt = "no input carries doubt" if record.exact else f"{record.draws:,} draws, seed {record.seed}"
        chapter = asked.chapter(result)
        out.head(case, f"{chapter.question} ({doubt})")
        out.styled(chapter_lines(chapter, caution=not record.exact))
