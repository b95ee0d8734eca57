"""The same questions through ibis: Spark in local mode gives DuckDB's numbers, and BigQuery's SQL compiles."""

from __future__ import annotations

import random
import shutil
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from math import nan
from typing import Any

import pytest

from detente.errors import OptionError
from detente.events.engines import by_period, cleaned, events_in, schema, series_in
from detente.events.load import load
from detente.events.series import series
from detente.events.store import Store
from tests.events.rows import gdelt, written

ibis = pytest.importorskip("ibis", reason="ibis is not installed: pip install 'detente[spark]'")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return events with duplicates, several rows of a report, late dates, no target, and a parent's score."""
    folder = tmp_path_factory.mktemp("engines")
    chance = random.Random(4)
    made = []
    for number in range(900):
        day = date(2015, 1, 1) + timedelta(days=chance.randrange(1200))
        found = day + timedelta(days=chance.choice([0, 0, 0, 0, 7, 365]))
        code, score = chance.choice(
            [("043", "2.8"), ("190", "-10"), ("057", "8"), ("090", "-2"), ("0256", "")]
        )
        row = gdelt(
            number - (number % 50 == 1),
            day=f"{day:%Y%m%d}",
            source=chance.choice(["USA", "RUS", "CHN"]),
            target=chance.choice(["RUS", "USA", "USA", ""]),
            code=code,
            score=score,
            added=f"{found:%Y%m%d}120000",
            url=f"http://example.org/{number}",
        )
        made += [row, row.replace(f"{number}\t", f"{number + 5000}\t", 1)] if number % 30 == 0 else [row]
    held = Store.at(folder / "store", make=True)
    load(held, [written(folder / "a.CSV", made[:400]), written(folder / "b.CSV", made[400:])])
    return held


@pytest.fixture(scope="module")
def spark(store: Store) -> Iterator[Any]:
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'detente[spark]'")
    if shutil.which("java") is None:
        pytest.skip("Spark needs a Java, and there is none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with events_in("spark", store) as events:
            yield events


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("source", "target", "more"),
    [
        ("USA", "RUS", {}),
        ("USA,RUS", "USA", {"by": "quarter", "left_out": ("self", "reports")}),
        ("*", "USA", {"by": "week", "since": "2016-01-01", "until": "2017-12-31"}),
        ("CHN", "*", {"by": "day", "added": ("daily",)}),
    ],
)
def test_spark_counts_what_duckdb_counts(
    spark: Any, store: Store, source: str, target: str, more: dict[str, Any]
) -> None:
    there, here = series_in(spark, source, target, **more), series(store, source, target, **more)
    assert there.cleaning == here.cleaning
    assert (there.source, there.target, there.score_table) == (here.source, here.target, here.score_table)
    assert len(here.periods) > 3
    assert [one.period for one in there.periods] == [one.period for one in here.periods]
    for one, other in zip(there.periods, here.periods, strict=True):
        cells = [
            {key: nan if cell is None else cell for key, cell in of.model_dump(exclude={"period"}).items()}
            for of in (one, other)
        ]
        assert cells[0] == pytest.approx(cells[1], rel=1e-12, nan_ok=True)


@pytest.mark.filterwarnings("ignore")
def test_what_spark_lacks_or_does_not_know_is_told(spark: Any, store: Store) -> None:
    with pytest.raises(OptionError, match="by DuckDB alone"):
        series_in(spark, "USA", "RUS", added=("cities",))
    with pytest.raises(OptionError, match="name one of the data sets"):
        series_in(spark, "USA", "RUS", feed="icews")
    with pytest.raises(OptionError, match="there is no engine"), events_in("oracle", store):
        pass


def test_the_question_compiles_for_bigquery() -> None:
    """The SQL names the table, truncates to ISO weeks, and takes the cleaning steps as windows."""
    events = ibis.table(schema(), name="events")
    own = events.filter(events.source.isin(["USA"]))
    for step in ("duplicates", "reports", "lags", "self", "daily"):
        own = cleaned(own, step)
    text = str(ibis.to_sql(by_period(own, events, "week"), dialect="bigquery"))
    for part in ("`events`", "WEEK(MONDAY)", "ROW_NUMBER() OVER", "STDDEV_SAMP", "DATE_DIFF"):
        assert part in text


def test_without_a_folder_and_address_bigquery_is_not_asked() -> None:
    with pytest.raises(OptionError, match="bigquery://PROJECT/DATASET"), events_in("bigquery://project"):
        pass
