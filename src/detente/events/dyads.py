"""What did everybody do to everybody, period by period? Counts of all directed pairs at once, to compare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError, offering
from detente.events.cleaning import chosen, cleaned
from detente.events.series import PERIODS, feed_of
from detente.events.store import Store, quoted

if TYPE_CHECKING:
    import duckdb

Array = NDArray[np.float64]
LEAST = 50


@dataclass(frozen=True, slots=True)
class DyadCounts:
    """Counts of directed pairs.

    Attributes:
        feed: data set.
        by: length of a period.
        periods: first day of each, without a gap.
        pairs: (source, target) of each row, by ISO code.
        conflict: shape (pairs, periods): events of conflict.
        events: shape (pairs, periods): events that have a class; 0 where nothing was reported.
        sums: how many of the last rows are sums over a group or over everyone, and no pairs of two states.
    """

    feed: str
    by: str
    periods: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    conflict: Array
    events: Array
    sums: int = 0

    @property
    def two(self) -> int:
        """Rows that are pairs of two states: the first ones."""
        return len(self.pairs) - self.sums

    def row(self, source: str, target: str) -> int | None:
        """Return the row of a pair; ``None`` where too little was reported of it."""
        return self.pairs.index((source, target)) if (source, target) in self.pairs else None


def dyad_counts(
    store: Store,
    *,
    by: str = "month",
    feed: str | None = None,
    until: str | None = None,
    least: int = LEAST,
    keep: frozenset[tuple[str, str]] = frozenset(),
    groups: Mapping[str, frozenset[str]] | None = None,
) -> DyadCounts:
    """Count what all directed pairs did to each other, after the cleaning steps taken by default.

    Args:
        store: with the events.
        by: one of `PERIODS`.
        feed: data set; may be left out where the store holds one.
        until: last day.
        least: events that a pair has at least, in all.
        keep: pairs that are kept with fewer.
        groups: name → codes of the states of a side that is none itself; empty for everyone else.

    Raises:
        OptionError: a period or data set that is not known, or several data sets and none named.
        NotFoundError: the store holds no events.
    """
    if by not in PERIODS:
        raise OptionError(offering(f"there are no periods of a {by!r}", by, PERIODS))
    groups = groups or {}
    with store.connected() as connection:
        named = feed_of(connection, feed)
        where = f"feed = {quoted(named)}" + (f" AND date <= DATE {quoted(until)}" if until else "")
        connection.execute(
            f"""CREATE TEMP TABLE counted AS
            SELECT source, target, CAST(date_trunc('{by}', date) AS DATE) AS period,
                   count(*) FILTER (quad >= 3) AS conflict, count(quad) AS events
            FROM ({cleaned(f"(SELECT * FROM events WHERE {where})", chosen())})
            WHERE source IS NOT NULL AND target IS NOT NULL GROUP BY ALL"""
        )
        connection.execute(
            f"""CREATE TEMP TABLE axis AS SELECT period, row_number() OVER (ORDER BY period) - 1 AS place FROM (
                SELECT unnest(generate_series(min(period), max(period), INTERVAL 1 {by}))::DATE AS period
                FROM counted)"""
        )
        periods = connection.execute("SELECT period FROM axis ORDER BY place").fetchall()
        summed = sorted(pair for pair in keep if groups.keys() & set(pair))
        pairs, cells = _pairs(connection, keep.difference(summed), least)
        for number, pair in enumerate(summed, len(pairs)):
            cells += _summed(connection, number, pair, groups)
    conflict, events = (np.zeros((len(pairs) + len(summed), len(periods))) for _ in range(2))
    row, place, hits, totals = np.array(cells, dtype=np.int64).reshape(-1, 4).T
    conflict[row, place], events[row, place] = hits, totals
    found = tuple((str(a), str(b)) for a, b in (*pairs, *summed))
    return DyadCounts(
        named, by, tuple(str(one[0]) for one in periods), found, conflict, events, sums=len(summed)
    )


Cells = list[tuple[int, ...]]


def _pairs(
    connection: duckdb.DuckDBPyConnection, keep: Iterable[tuple[str, str]], least: int
) -> tuple[list[tuple[str, str]], Cells]:
    """Return the pairs of which enough was reported, and their cells: row, period, conflict, events."""
    kept = ", ".join(f"({quoted(a)}, {quoted(b)})" for a, b in sorted(keep)) or "(NULL, NULL)"
    connection.execute(
        f"""CREATE TEMP TABLE pairs AS
        SELECT source, target, row_number() OVER (ORDER BY source, target) - 1 AS number
        FROM (SELECT source, target FROM counted GROUP BY 1, 2
              HAVING sum(events) >= {least} OR (source, target) IN ({kept}))"""
    )
    pairs = connection.execute("SELECT source, target FROM pairs ORDER BY number").fetchall()
    cells = connection.execute(
        "SELECT number, place, conflict, events FROM counted JOIN pairs USING (source, target) "
        "JOIN axis USING (period)"
    ).fetchall()
    return pairs, cells


def _summed(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    pair: tuple[str, str],
    groups: Mapping[str, frozenset[str]],
) -> Cells:
    """Return the cells of one row that sums up what one side did to another."""
    first, second = (groups.get(one, frozenset((one,))) for one in pair)
    of = " AND ".join(
        f"{column} {'IN' if own else 'NOT IN'} ({', '.join(map(quoted, sorted(own or other)))})"
        for column, own, other in (("source", first, second), ("target", second, first))
    )
    return connection.execute(
        f"SELECT {number}, place, CAST(sum(conflict) AS BIGINT), CAST(sum(events) AS BIGINT) "
        f"FROM counted JOIN axis USING (period) WHERE source <> target AND {of} GROUP BY place"
    ).fetchall()
