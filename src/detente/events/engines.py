"""How are the same questions asked of Spark or BigQuery? One expression of ibis, compiled for whichever engine.

DuckDB (`detente.events.series`) is the default, and quicker on one machine. A store that lies on a cluster, or
was copied into BigQuery, is counted where it lies. Needs ``detente[spark]`` or ``detente[bigquery]``; Spark needs
Java.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Unpack

from detente.errors import MissingPartError, NotFoundError, OptionError
from detente.events.cleaning import LAGS
from detente.events.series import Asked, Choices, DyadSeries, Step, told
from detente.events.store import COLUMNS, Store

UNITS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
TYPES = {
    "VARCHAR": "string",
    "BIGINT": "int64",
    "TIMESTAMP": "timestamp",
    "DATE": "date",
    "TINYINT": "int8",
    "DOUBLE": "float64",
    "INTEGER": "int32",
}


def schema() -> dict[str, str]:
    """Return column of the store → its type in ibis."""
    return {name: TYPES[kind] for name, (kind, _) in COLUMNS.items()}


@contextlib.contextmanager
def events_in(engine: str, store: Store | None = None) -> Iterator[Any]:
    """Open the table of events in an engine.

    Args:
        engine: ``spark`` (in this process), ``spark://HOST:PORT``, or ``bigquery://PROJECT/DATASET.TABLE``, which
            has the columns of a store.
        store: whose parts Spark reads.

    Raises:
        OptionError: there is no such engine.
        MissingPartError: it is not installed.
        NotFoundError: the store holds no events.
    """
    kind, _, address = engine.partition("://")
    if kind == "spark" and store is not None:
        parts = store.parts()
        if not parts:
            raise NotFoundError("the store holds no events")
        session = _session(f"spark://{address}" if address else "local[2]")
        try:
            session.read.parquet(*parts).createOrReplaceTempView("events")
            yield _ibis("spark").pyspark.connect(session).table("events")
        finally:
            session.stop()
    elif kind == "bigquery" and "." in address and "/" in address:
        project, _, table = address.partition("/")
        dataset, _, name = table.partition(".")
        connection = _ibis("bigquery").bigquery.connect(project_id=project, dataset_id=dataset)
        yield connection.table(name)
    else:
        raise OptionError(
            f"there is no engine {engine!r}; engines are spark, spark://HOST:PORT and bigquery://PROJECT/DATASET.TABLE"
        )


def _session(master: str) -> Any:
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        told = "Spark is not installed: pip install 'detente[spark]'"
        raise MissingPartError(told) from None
    builder = SparkSession.builder.master(master).appName("detente")
    for key, value in (
        ("spark.sql.session.timeZone", "UTC"),
        ("spark.ui.enabled", "false"),
        ("spark.ui.showConsoleProgress", "false"),
        ("spark.sql.shuffle.partitions", "8" if master.startswith("local") else "200"),
        ("spark.log.level", "ERROR"),
    ):
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError:
        raise MissingPartError("Spark needs a Java, version 17 or newer, which was not found") from None


def _ibis(extra: str) -> Any:
    try:
        import ibis
    except ImportError:
        raise MissingPartError(f"ibis is not installed: pip install 'detente[{extra}]'") from None
    return ibis


def cleaned(events: Any, step: str) -> Any:
    """Return the rows of a table that a cleaning step leaves; `detente.events.cleaning` says which.

    Raises:
        OptionError: the step is taken by DuckDB alone.
    """
    line = events.file.concat(":", events.line.cast("string"))
    acts = ("feed", "date", "source_raw", "target_raw", "code")
    first: dict[str, Callable[[], list[Any]]] = {
        "duplicates": lambda: [events.feed, events.date, events.event_id.coalesce(line)],
        "reports": lambda: [*(events[name] for name in acts), events.url.coalesce(line)],
        "daily": lambda: [events[name] for name in acts],
    }
    if step in first:
        import ibis

        window = ibis.window(group_by=first[step](), order_by=[events.file, events.line])
        ranked = events.mutate(place_=ibis.row_number().over(window))
        return ranked.filter(ranked.place_ == 0).drop("place_")
    if step == "lags":
        lag = events.added.cast("date").delta(events.date, unit="day")
        return events.filter(events.added.isnull() | lag.notin(LAGS))
    if step == "self":
        return events.filter((events.source != events.target).coalesce(True))
    raise OptionError(f"the cleaning step {step!r} is taken by DuckDB alone; leave out --engine")


def by_period(own: Any, everything: Any, by: str) -> Any:
    """Return the expression of a series: a row per period with counts by class, mean score and exposure.

    Args:
        own: events of a dyad, cleaned.
        everything: all events of the data set.
        by: one of `PERIODS`.
    """
    unit = UNITS[by]
    own = own.mutate(period=own.date.truncate(unit))
    everything = everything.mutate(period=everything.date.truncate(unit))
    classes = {
        f"quad{number}": (own.quad == number).fill_null(False).cast("int64").sum() for number in (1, 2, 3, 4)
    }
    counted = own.group_by("period").aggregate(
        events=own.count(),
        **classes,
        score=own.score.mean(),
        scores=own.score.count(),
        spread=own.score.std(how="sample"),
    )
    exposure = everything.group_by("period").aggregate(exposure=everything.count())
    return counted.join(exposure, "period").order_by("period")


def series_in(events: Any, source: str, target: str, **more: Unpack[Choices]) -> DyadSeries:
    """Count what one side did to another, in whatever engine a table of events lies.

    Args and errors are those of `detente.events.series.Asked`, except that `events` is a table of ibis.
    """
    import ibis

    asked = Asked(source, target, **more)
    feed, since, until = asked.feed, asked.since, asked.until
    held: list[str] = sorted(row["feed"] for row in events.select("feed").distinct().to_pyarrow().to_pylist())
    if feed is None and len(held) == 1:
        feed = held[0]
    if feed is None or feed not in held:
        raise OptionError(f"name one of the data sets that are there with --feed: {', '.join(held)}")
    everything = events.filter(events.feed == feed)
    if since:
        everything = everything.filter(everything.date >= ibis.date(since))
    if until:
        everything = everything.filter(everything.date <= ibis.date(until))
    own = everything
    for column, side in (("source", asked.actor), ("target", asked.other)):
        own = own.filter(own[column].isin(side)) if side else own
    taken, before = [], own.count().to_pyarrow().as_py()
    for step in asked.steps:
        own = cleaned(own, step)
        after = own.count().to_pyarrow().as_py()
        taken.append(Step(step=step, taken=before - after))
        before = after
    found = own.select("score_table").distinct().to_pyarrow().to_pylist()
    tables = sorted({row["score_table"].rstrip("^") for row in found if row["score_table"] is not None})
    rows = by_period(own, everything, asked.by).to_pyarrow().to_pylist()
    columns = ("events", "quad1", "quad2", "quad3", "quad4", "score", "scores", "spread", "exposure")
    values = [(str(row["period"])[:10], *(row[name] for name in columns)) for row in rows]
    return told(asked, feed, tables, taken, values)
