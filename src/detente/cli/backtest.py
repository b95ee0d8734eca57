"""How far off are the methods on issues that were decided? One table, from a folder with the data."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.output import Output, output_options


@click.command("backtest")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    metavar="PATH",
    help="File or folder of DEU III (doi:10.34810/data53), which is not part of détente.",
)
@output_options
def command(data: Path, out: Output) -> None:
    """Score every method on decided issues.

    Every constant is fitted without the proposal that is forecast. Scores are
    in points of a scale from 0 to 100; of a single value, the CRPS is its
    absolute error.
    """
    from detente.cli.progress import progress
    from detente.record.backtest import MIX, backtest
    from detente.record.decided import read
    from detente.show.columns import Column, wrapped
    from detente.show.words import percent

    decided = read(data)
    with progress(out, "proposals") as tell:
        made = backtest(decided, "DEU III", tell)
    if out.as_json:
        out.json(made.to_dict())
        return
    out.title(f"{made.data}: {made.issues} decided issues of {made.cases} proposals")
    out.say()
    columns = [Column("forecaster", wraps=True)]
    columns += [
        Column(name, right=True)
        for name in ("n", "CRPS", "error", "within 10", "log", "in 80 %", "against the mix")
    ]
    rows = []
    for one in made.performances:
        interval = ""
        if one.beats_mix_low is not None and one.forecaster != MIX:
            interval = f"{one.beats_mix:+.2f} [{one.beats_mix_low:.2f}, {one.beats_mix_high:.2f}]"
        rows.append(
            (
                one.forecaster,
                str(one.issues),
                f"{one.crps:.2f}",
                f"{one.error:.1f}",
                percent(one.near),
                "" if one.log is None else f"{one.log:.2f}",
                "" if one.holds80 is None else percent(one.holds80),
                interval,
            )
        )
    out.table(columns, rows, indent="")
    out.say()
    told = f"Against the mix: the CRPS less that of '{MIX}', 95 % interval over proposals; below 0 is better."
    told += " In sample, with constants that saw these issues: 'foothold, published' and 'sharpened pool'."
    out.lines(wrapped(told))
