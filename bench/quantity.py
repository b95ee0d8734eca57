"""How fast is a table of quantities drawn, against its limit and against drawing with NumPy and SciPy at large?

Limit: what the generator needs for its words, and one inverse normal distribution function per cell. Longhand:
one `scipy.stats.truncnorm.ppf` call per column. The largest table is that of 500 actors on 200 issues with
position, salience and influence each: 300,000 columns.
"""

from __future__ import annotations

import resource
from functools import partial

import numpy as np
from scipy import stats
from scipy.special import ndtri

from bench.clock import best_of
from detente.quantity import Quantity, QuantityTable, RankCorrelation, parse
from detente.quantity.streams import uniform_rows

KINDS = {
    "normal": "45 ± 12",
    "interval": "20..60",
    "triangular": "20..35..60",
    "experts": "[30, 45 ± 5, 20..60]",
}


def main() -> None:
    """Print a row per kind of quantity, then the large tables."""
    draws, columns = 10_000, 60
    words = best_of(3, partial(uniform_rows, 0, [f"q{k}" for k in range(columns)], 0, draws))
    u = uniform_rows(0, [f"q{k}" for k in range(columns)], 0, draws)
    inverse = best_of(3, partial(ndtri, u))
    cells = draws * columns
    print(f"{columns} columns × {draws} draws; words of the generator {words / cells * 1e9:.1f} ns a cell,")
    print(f"inverse normal {inverse / cells * 1e9:.1f} ns a cell")
    limits = {"normal": words + inverse, "interval": words, "triangular": words, "experts": words + inverse}
    for kind, text in KINDS.items():
        row(kind, parse(text).within(0, 100), columns, draws, limits[kind])
    correlated(columns, draws, words + inverse)
    for issues, block in ((20, 512), (200, 64)):
        large(500, issues, block)


def row(kind: str, quantity: Quantity, columns: int, draws: int, limit: float) -> None:
    """Measure one kind."""
    table = QuantityTable(dict.fromkeys((f"q{k}" for k in range(columns)), quantity))
    took = best_of(3, partial(table.sample, 0, 0, draws))
    cell = took / (columns * draws) * 1e9
    text = f"{kind:>11}: {cell:>6.1f} ns a cell, {limit / took:>4.0%} of the limit"
    if kind == "normal":
        longhand = best_of(3, partial(scipy_column, draws)) / draws * 1e9
        text += f", {longhand / cell:.1f} times faster than scipy.stats.truncnorm"
    print(text)


def scipy_column(draws: int) -> None:
    """Draw one column longhand."""
    u = np.random.default_rng(0).random(draws)
    stats.truncnorm((0 - 45) / 12, (100 - 45) / 12, 45, 12).ppf(u)


def correlated(columns: int, draws: int, limit: float) -> None:
    """Measure a table whose columns all hang together."""
    quantity = parse(KINDS["normal"]).within(0, 100)
    pairs = [RankCorrelation(f"q{k}", f"q{k + 1}", 0.3) for k in range(columns - 1)]
    table = QuantityTable(dict.fromkeys((f"q{k}" for k in range(columns)), quantity), pairs)
    took = best_of(3, partial(table.sample, 0, 0, draws))
    print(f" correlated: {took / (columns * draws) * 1e9:>6.1f} ns a cell, {limit / took:>4.0%} of the limit")


def large(actors: int, issues: int, draws: int) -> None:
    """Measure a large table: compile, draw a block, means and quantiles; and the memory over the result's own."""
    stated = [parse(text).within(0, 100) for text in ("45 ± 12", "20..60", "20..35..60")]
    names = ("position", "salience", "influence")
    columns = {
        f"stances.i{i}.a{a}.{name}": quantity
        for i in range(issues)
        for a in range(actors)
        for name, quantity in zip(names, stated, strict=True)
    }
    compiled = best_of(1, partial(QuantityTable, columns))
    table = QuantityTable(columns)
    took = best_of(1, partial(table.sample, 0, 0, draws))
    moments = best_of(1, lambda: (table.means, table.sds, table.quantiles(0.1)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    result = draws * len(columns) * 8 / 1e9
    print(
        f"{actors} actors × {issues} issues × 3 = {len(columns)} columns: compiled in {compiled:.2f} s, "
        f"{draws} draws in {took:.2f} s ({took / draws / len(columns) * 1e9:.0f} ns a cell), "
        f"moments and quantiles {moments:.2f} s, peak {peak:.2f} GB of which the result is {result:.2f}"
    )
