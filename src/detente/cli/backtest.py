"""How far off are the methods on issues that were decided? One table, from a folder with the data."""

from __future__ import annotations

from pathlib import Path

from detente.cli.options import file
from detente.cli.output import Output, answers
from detente.cli.progress import working

DATA = "File or folder of DEU III (doi:10.34810/data53), which is not part of détente."


@answers("backtest")
@file("--data", told=DATA, there=True, folder=None, required=True)
def command(data: Path, out: Output) -> None:
    """Score every method on decided issues.

    Every constant is fitted without the proposal that is forecast. Scores are
    in points of a scale from 0 to 100; of a single value, the CRPS is its
    absolute error.
    """
    from detente.record.backtest import backtest
    from detente.record.decided import read

    made = working(out, "proposals", backtest, read(data), "DEU III")
    out.give(made, made.blocks)
