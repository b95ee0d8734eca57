"""How much of what did one do to another, period by period? Counts by class, the share of conflict, mean scores.

A period without events is missing, not zero: nothing was reported, and nothing is interpolated. Two data sets are
never spliced into one series, nor scores of two tables into one mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from detente.errors import NotFoundError, OptionError, offering
from detente.events import ontology
from detente.events.cleaning import chosen, cleaned
from detente.events.states import country, named_by
from detente.events.store import Store, quoted
from detente.quantity.shares import wilson
from detente.show.blocks import Block, Heading, Prose, tabled
from detente.show.record import Published, Record
from detente.show.table import Table, table_of
from detente.show.words import percent

if TYPE_CHECKING:
    import duckdb

PERIODS = ("day", "week", "month", "quarter", "year")
CLASSES = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
HEADS = ("words+", "deeds+", "words−", "deeds−", "conflict (95\u00a0%)", "score", "of all")
NORMAL95 = 1.959963984540054
ALL = "*"
"""In place of a country: everybody."""
READ = (
    "feed, file, line, event_id, date, added, source, source_raw, source_name, target, target_raw, target_name, "
    "ontology, code, quad, score, score_table, url"
)
"""Columns that counting and its cleaning steps read."""


class Period(Record):
    """What was reported of one period.

    Attributes:
        period: its first day.
        events: reported.
        verbal_cooperation: of them.
        material_cooperation: of them.
        verbal_conflict: of them.
        material_conflict: of them.
        conflict: share of conflict among them, 0..1.
        conflict_low: lower end of its 95 % interval (Wilson), as if reports were independent.
        conflict_high: upper end.
        net: net cooperation, from −1 (all conflict) to 1: 1 − 2 times the share of conflict.
        score: mean score; empty where no event has one, or tables differ.
        score_low: lower end of its 95 % interval, as if reports were independent; empty for a single one.
        score_high: upper end.
        exposure: events of the data set in the period, whoever acts.
    """

    period: str
    events: int
    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int
    conflict: float | None
    conflict_low: float | None
    conflict_high: float | None
    net: float | None
    score: float | None
    score_low: float | None
    score_high: float | None
    exposure: int


class Step(Record):
    """How many rows a cleaning step took.

    Attributes:
        step: its name.
        taken: rows.
    """

    step: str
    taken: int


class DyadSeries(Published):
    """One directed dyad, period by period.

    Attributes:
        source: ISO codes of those who act, ``*`` for all.
        target: of those acted upon.
        by: length of a period.
        feed: the data set.
        score_table: that produced the scores; empty where there are none or several.
        rule: by which acts were classed; empty as they were loaded.
        cleaning: steps, each with the rows that it took.
        periods: those with events, in order.
    """

    source: str
    target: str
    by: str
    feed: str
    score_table: str
    rule: str = ""
    cleaning: tuple[Step, ...]
    periods: tuple[Period, ...]

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be read of it: counts by class, period by period, and how they were counted."""
        yield Heading(text=f"{self.source} to {self.target} by {self.by}, {self.feed}")
        rows = []
        for one in self.periods:
            share = None if one.conflict is None else percent(one.conflict)
            if one.conflict_low is not None:
                share = f"{share}\u00a0({100 * one.conflict_low:.0f}–{100 * (one.conflict_high or 0):.0f})"
            score = None if one.score is None else f"{one.score:.1f}"
            counts = (getattr(one, name) for name in ("events", *CLASSES))
            period = one.period[: {"month": 7, "year": 4}.get(self.by)]
            rows.append((period, *counts, share, score, one.exposure))
        yield tabled((self.by, "events", *HEADS), rows, "Events by class")
        steps = ", ".join(f"{one.step} {one.taken:,}" for one in self.cleaning) or "none"
        told = f"Rows taken out: {steps}. Scores: {self.score_table or 'none, or of several tables'}."
        yield Prose(text=f"{told} Periods without events are missing.", quiet=True)

    def tables(self) -> Mapping[str, Table]:
        """Return its table."""
        return {"series": table_of([((), one) for one in self.periods], Period, "series", {})}


class Choices(TypedDict, total=False):
    """What may be asked of a series besides the two sides: see `Asked`."""

    by: str
    feed: str | None
    since: str | None
    until: str | None
    left_out: Sequence[str]
    added: Sequence[str]


@dataclass(frozen=True)
class Asked:
    """What a series is to be of, of whatever engine it is asked.

    Attributes:
        source: country that acts, by code or name; several with commas, ``*`` for all.
        target: country acted upon, likewise.
        by: one of `PERIODS`.
        feed: data set; may be left out where the store holds one.
        since: first day.
        until: last day.
        left_out: cleaning steps that are not taken.
        added: cleaning steps that are taken besides those by default.

    Raises:
        OptionError: a country, period, step or day that is not known.
    """

    source: str
    target: str
    by: str = "month"
    feed: str | None = None
    since: str | None = None
    until: str | None = None
    left_out: Sequence[str] = ()
    added: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Check it."""
        if self.by not in PERIODS:
            raise OptionError(offering(f"there are no periods of a {self.by!r}", self.by, PERIODS))
        for day in (self.since, self.until):
            if day is not None and not _is_day(day):
                raise OptionError(f"{day!r} is no day; write one such as 2018-03-26")
        _ = self.steps, self.actor, self.other

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The cleaning steps that are taken."""
        return chosen(self.left_out, self.added)

    @cached_property
    def actor(self) -> tuple[str, ...]:
        """Codes of those who act, none for everybody."""
        return side_of(self.source)

    @cached_property
    def other(self) -> tuple[str, ...]:
        """Codes of those acted upon, likewise."""
        return side_of(self.target)


def series(
    store: Store,
    source: str,
    target: str,
    *,
    table: str | None = None,
    rule: str | None = None,
    **more: Unpack[Choices],
) -> DyadSeries:
    """Count what one country, or several together, did to another.

    Args:
        store: with the events.
        source: who acts, see `Asked`.
        target: upon whom.
        table: by which acts are scored anew; as they were loaded where left out.
        rule: by which acts are classed anew, A or B.
        more: periods, data set, days and cleaning steps, see `Asked`.

    Raises:
        OptionError: a country, period, step, table, rule or data set that is not known, or several data sets and
            none named.
    """
    asked = Asked(source, target, **more)
    since, until, steps, by = asked.since, asked.until, asked.steps, asked.by
    with store.connected() as connection:
        named = feed_of(connection, asked.feed)
        place = [f"feed = {quoted(named)}"]
        place += [f"date >= DATE {quoted(since)}"] if since else []
        place += [f"date <= DATE {quoted(until)}"] if until else []
        whose = [
            f"{column} IN ({', '.join(map(quoted, side))})"
            for column, side in (("source", asked.actor), ("target", asked.other))
            if side
        ]
        connection.execute(
            f"CREATE TEMP TABLE dyad AS SELECT {READ} FROM events WHERE {' AND '.join([*place, *whose])}"
        )
        if "cities" in steps:
            _cities(connection)
        taken, query, before = [], "dyad", _count(connection, "dyad")
        for number, step in enumerate(steps):
            connection.execute(f"CREATE TEMP TABLE step{number} AS {cleaned(query, [step])}")
            query = f"step{number}"
            after = _count(connection, query)
            taken.append(Step(step=step, taken=before - after))
            before = after
        if table is not None or rule is not None:
            query = _anew(connection, query, table, rule)
        tables = [
            row[0]
            for row in _rows(
                connection,
                f"SELECT DISTINCT rtrim(score_table, '^') FROM {query} WHERE score_table IS NOT NULL",
            )
        ]
        rows = _rows(
            connection,
            f"""
            WITH own AS (
                SELECT CAST(date_trunc('{by}', date) AS DATE) AS period, count(*) AS events,
                       count(*) FILTER (quad = 1), count(*) FILTER (quad = 2), count(*) FILTER (quad = 3),
                       count(*) FILTER (quad = 4),
                       avg(score), count(score), coalesce(stddev_samp(score), 0)
                FROM {query} GROUP BY 1
            ), everything AS (
                SELECT CAST(date_trunc('{by}', date) AS DATE) AS period, CAST(sum(events) AS BIGINT) AS events
                FROM (SELECT date, count(*) AS events FROM events WHERE {" AND ".join(place)} GROUP BY 1)
                GROUP BY 1
            )
            SELECT own.*, everything.events FROM own JOIN everything USING (period) ORDER BY period
            """,
        )
    return told(asked, named, tables, taken, rows, rule or "")


def told(
    asked: Asked,
    feed: str,
    tables: Sequence[str],
    taken: Sequence[Step],
    rows: Sequence[Sequence[Any]],
    rule: str = "",
) -> DyadSeries:
    """Return a series from what an engine counted.

    Args:
        asked: what it is of.
        feed: data set.
        tables: that produced the scores.
        taken: rows that each cleaning step took.
        rows: of periods: first day, events, those of each class; mean, number and deviation of scores; exposure.
        rule: by which acts were classed anew.
    """
    one_table = tables[0] if len(tables) == 1 else ""
    return DyadSeries(
        source=", ".join(asked.actor) or ALL,
        target=", ".join(asked.other) or ALL,
        by=asked.by,
        feed=feed,
        score_table=one_table,
        rule=rule,
        cleaning=tuple(taken),
        periods=tuple(_period(row, bool(one_table)) for row in rows),
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _period(row: Sequence[Any], scored: bool) -> Period:
    day, events, vc, mc, vf, mf, score, scores, spread, exposure = row
    classed = vc + mc + vf + mf
    low, high = wilson(vf + mf, classed) if classed else (None, None)
    reach = NORMAL95 * spread / scores**0.5 if scored and scores > 1 else None
    return Period(
        period=str(day),
        events=events,
        verbal_cooperation=vc,
        material_cooperation=mc,
        verbal_conflict=vf,
        material_conflict=mf,
        conflict=(vf + mf) / classed if classed else None,
        conflict_low=low,
        conflict_high=high,
        net=(vc + mc - vf - mf) / classed if classed else None,
        score=score if scored else None,
        score_low=None if reach is None else score - reach,
        score_high=None if reach is None else score + reach,
        exposure=exposure,
    )


def side_of(text: str) -> tuple[str, ...]:
    """Return the countries of one side, empty for everybody."""
    return () if text.strip() == ALL else tuple(dict.fromkeys(_state(one) for one in text.split(",")))


def _anew(connection: duckdb.DuckDBPyConnection, query: str, table: str | None, rule: str | None) -> str:
    """Make a table of rows that are scored and classed anew, and return its name.

    Raises:
        OptionError: there is no such table or rule, or the codes are of another ontology.
    """
    if rule is not None and rule not in ontology.QUAD_RULES:
        raise OptionError(f"there is no rule {rule!r}; rules are {', '.join(ontology.QUAD_RULES)}")
    if table is not None:
        ontology.scores(table)
    acts = []
    for of, code in _rows(connection, f"SELECT DISTINCT ontology, code FROM {query}"):
        if table is not None and of != ontology.TABLES[table]:
            raise OptionError(
                f"the table {table} scores codes of {ontology.TABLES[table].upper()}, not of {of.upper()}"
            )
        found, own = ontology.score(code, table) if table else (None, True)
        name = None if found is None else f"{table}{'' if own else '^'}"
        acts.append([of, code, found, name, ontology.quad(code, of, rule or "A") if of == "cameo" else None])
    connection.execute(
        "CREATE TEMP TABLE acts (ontology VARCHAR, code VARCHAR, score DOUBLE, score_table VARCHAR, quad TINYINT)"
    )
    if acts:
        connection.executemany("INSERT INTO acts VALUES (?, ?, ?, ?, ?)", acts)
    taken = ["acts.score AS score", "acts.score_table AS score_table"] if table else []
    taken += ["coalesce(acts.quad, kept.quad) AS quad"] if rule else []
    connection.execute(
        f"CREATE TEMP TABLE anew AS SELECT kept.* REPLACE ({', '.join(taken)}) "
        f"FROM {query} AS kept JOIN acts USING (ontology, code)"
    )
    return "anew"


def _state(text: str) -> str:
    text = text.strip()
    found = country(text, "cameo") or country(text, "name")
    if found is None:
        raise OptionError(f"no country is known as {text!r}; write a code of three letters, such as RUS")
    return found


def feed_of(connection: duckdb.DuckDBPyConnection, asked: str | None) -> str:
    """Return the data set that is asked for, or the only one.

    Raises:
        NotFoundError: there are no events.
        OptionError: it is not there, or several are and none is named.
    """
    held = [row[0] for row in _rows(connection, "SELECT DISTINCT feed FROM events ORDER BY 1")]
    if not held:
        raise NotFoundError("the store holds no events")
    if asked is None and len(held) > 1:
        raise OptionError(
            f"the store holds {', '.join(held)}; data sets are not spliced: name one with --feed"
        )
    if asked is not None and asked not in held:
        raise OptionError(f"the store holds no events of {asked!r}; it has {', '.join(held)}")
    return asked or str(held[0])


def _cities(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of names that stand under a bare country code and are not that country's."""
    pairs = _rows(
        connection,
        "SELECT DISTINCT source_raw, source_name FROM dyad WHERE length(source_raw) = 3 "
        "UNION SELECT DISTINCT target_raw, target_name FROM dyad WHERE length(target_raw) = 3",
    )
    connection.execute("CREATE TEMP TABLE cities (name VARCHAR)")
    found = [[name] for raw, name in pairs if name and not named_by(raw, name)]
    if found:
        connection.executemany("INSERT INTO cities VALUES (?)", found)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(_rows(connection, f"SELECT count(*) FROM {table}")[0][0])


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()
