"""How fast is a table of quantities drawn, against its limit and against SciPy's own truncated normal?

Limit: what the generator needs for its words and, where a normal distribution is involved, one inverse normal
distribution function per cell. The largest table is that of 500 actors on 200 issues with position, salience
and influence each: 300,000 columns.
"""

from __future__ import annotations

import itertools
import resource
from functools import partial

import numpy as np
from scipy import stats
from scipy.special import ndtri

from bench.clock import best, seconds, table
from detente.quantity import Quantity, QuantityTable, RankCorrelation, parse
from detente.quantity.streams import uniform_rows

DRAWS, COLUMNS = 10_000, 60
CELLS = DRAWS * COLUMNS
PATHS = [f"q{k}" for k in range(COLUMNS)]
KINDS = {
    "normal": "45 ± 12",
    "interval": "20..60",
    "triangular": "20..35..60",
    "experts": "[30, 45 ± 5, 20..60]",
}


def main() -> None:
    """Print a row per kind of quantity, then the large tables."""
    words = best(partial(uniform_rows, 0, PATHS, 0, DRAWS), 3)
    inverse = best(partial(ndtri, uniform_rows(0, PATHS, 0, DRAWS)), 3)
    longhand = best(scipy_column, 3) * COLUMNS
    print(f"{COLUMNS} columns × {DRAWS} draws; ns per cell: generator {words / CELLS * 1e9:.1f},", end=" ")
    print(f"inverse normal {inverse / CELLS * 1e9:.1f}, scipy.stats.truncnorm {longhand / CELLS * 1e9:.0f}")
    limits = dict.fromkeys(KINDS, words + inverse) | {"interval": words, "triangular": words}
    rows = []
    for kind, text in KINDS.items():
        took = best(partial(columns_of(parse(text)).sample, 0, 0, DRAWS), 3)
        rows.append((kind, took, limits[kind]))
    pairs = [RankCorrelation(*pair, 0.3) for pair in itertools.pairwise(PATHS)]
    coupled = QuantityTable(dict.fromkeys(PATHS, parse(KINDS["normal"]).within(0, 100)), pairs)
    rows.append(("all correlated", best(partial(coupled.sample, 0, 0, DRAWS), 3), words + inverse))
    cells = [
        (kind, f"{took / CELLS * 1e9:.0f}", f"{limit / took:.0%}", f"{longhand / took:.1f}")
        for kind, took, limit in rows
    ]
    table(("kind", "ns per cell", "of limit", "× scipy's truncnorm"), cells)
    table(("columns", "compile s", "draws", "draw s", "ns per cell", "moments s", "peak GB", "result GB"),
          [large(500, issues, draws) for issues, draws in ((20, 512), (200, 64))])  # fmt: skip


def columns_of(quantity: Quantity) -> QuantityTable:
    """Return a table with the quantity in every column."""
    return QuantityTable(dict.fromkeys(PATHS, quantity.within(0, 100)))


def scipy_column() -> None:
    """Draw one column longhand."""
    u = np.random.default_rng(0).random(DRAWS)
    stats.truncnorm((0 - 45) / 12, (100 - 45) / 12, 45, 12).ppf(u)


def large(actors: int, issues: int, draws: int) -> list[str]:
    """Measure a large table: compile it, draw a block, take moments and quantiles; and the memory at the peak."""
    stated = [parse(text).within(0, 100) for text in ("45 ± 12", "20..60", "20..35..60")]
    names = ("position", "salience", "influence")
    columns = {
        f"stances.i{i}.a{a}.{name}": quantity
        for i in range(issues)
        for a in range(actors)
        for name, quantity in zip(names, stated, strict=True)
    }
    compiled = seconds(partial(QuantityTable, columns))
    drawn = QuantityTable(columns)
    took = seconds(partial(drawn.sample, 0, 0, draws))
    moments = seconds(lambda: (drawn.means, drawn.sds, drawn.quantiles(0.1)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    per_cell = took / draws / len(columns) * 1e9
    numbers = (compiled, draws, took, per_cell, moments, peak, draws * len(columns) * 8 / 1e9)
    return [str(len(columns)), *(f"{number:.3g}" for number in numbers)]
