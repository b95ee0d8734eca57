"""Series: equal to a plain count, cleaned in named steps, and silent where nothing was reported."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from detente.errors import NotFoundError, OptionError
from detente.events import ontology
from detente.events.gaps import gaps
from detente.events.info import store_info
from detente.events.load import load
from detente.events.series import DyadSeries, series
from detente.events.states import country, number, states
from detente.events.store import Store
from tests.events.rows import gdelt, written


@pytest.fixture(scope="module")
def levant(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store with the KEDS data on the Levant."""
    store = Store.at(tmp_path_factory.mktemp("levant") / "store", make=True)
    load(store, [shared_data / "events" / "keds" / "levant.cameo.csv.gz"])
    return store


def test_a_series_is_a_plain_count_of_the_file(levant: Store, shared_data: Path) -> None:
    path = shared_data / "events" / "keds" / "levant.cameo.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    events, conflict, everything = Counter[str](), Counter[str](), Counter[str]()
    for line in lines:
        month = f"{line['date'][:7]}-01"
        everything[month] += 1
        if line["source"][:3] == "ISR" and line["target"][:3] in ("PAL", "PSE"):
            events[month] += 1
            conflict[month] += int(line["code"][:2]) >= 9
    made = series(levant, "ISR", "Palestine")
    assert {one.period: one.events for one in made.periods} == dict(events)
    assert {one.period: one.verbal_conflict + one.material_conflict for one in made.periods} == {
        month: conflict[month] for month in events
    }
    assert all(one.exposure == everything[one.period] for one in made.periods)
    assert made.score_table == "cameo-0.5b1"
    assert DyadSeries.from_dict(made.to_dict()) == made
    assert sum(one.events for one in series(levant, "PSE", "ISR", by="year").periods) == 6730


def cleaned(store: Store, tmp_path: Path, rows: list[str], **choices: object) -> dict[str, int]:
    """Load rows, and return how many each step took of USA to RUS."""
    load(store, [written(tmp_path / "a.CSV", rows)])
    made = series(store, "USA", "RUS", by="day", **choices)  # type: ignore[arg-type]
    return {step.step: step.taken for step in made.cleaning}


def test_each_step_takes_its_rows_and_says_how_many(store: Store, tmp_path: Path) -> None:
    rows = [
        gdelt(1),
        gdelt(2),  # the same of the same day in the same report
        gdelt(3, url="http://example.org/b"),
        gdelt(4, day="20170326"),  # 365 days before it was found
        gdelt(5, day="20180319", url="http://example.org/c"),  # 7 days
        gdelt(6, day="20180325", url="http://example.org/d"),  # one day: kept
        gdelt(7, day="20180224", url="http://example.org/e"),  # 30 days
    ]
    assert cleaned(store, tmp_path, rows) == {"duplicates": 0, "reports": 1, "lags": 3, "self": 0}
    plain = series(store, "USA", "RUS", left_out=("duplicates", "reports", "lags", "self"))
    assert plain.cleaning == ()
    assert sum(one.events for one in plain.periods) == 7
    daily = series(store, "USA", "RUS", added=("daily",))
    assert {step.step: step.taken for step in daily.cleaning}["daily"] == 1


def test_one_event_from_two_files_counts_once(store: Store, tmp_path: Path) -> None:
    load(store, [written(tmp_path / "b.CSV", [gdelt(1), gdelt(9, url="http://example.org/e")])])
    assert cleaned(store, tmp_path, [gdelt(1)])["duplicates"] == 1


def test_a_city_under_its_countrys_code_is_a_step_of_its_own(store: Store, tmp_path: Path) -> None:
    rows = [
        gdelt(1, source_name="UNITED STATES", target_name="RUSSIAN"),
        gdelt(2, source_name="WASHINGTON", target_name="RUSSIA", url="http://example.org/x"),
        gdelt(3, source_name="AMERICAN", target_name="MOSCOW", url="http://example.org/y"),
    ]
    assert cleaned(store, tmp_path, rows, added=("cities",))["cities"] == 2


def test_a_country_on_itself_is_left_out_and_periods_without_events_are_missing(
    store: Store, tmp_path: Path
) -> None:
    rows = [gdelt(1, target="USA"), gdelt(2, day="20180101", added="20180101000000"), gdelt(3)]
    load(store, [written(tmp_path / "a.CSV", rows)])
    all_of_it = series(store, "USA", "*")
    assert [one.period for one in all_of_it.periods] == ["2018-01-01", "2018-03-01"]
    assert {step.step: step.taken for step in all_of_it.cleaning}["self"] == 1


def test_data_sets_are_not_spliced_and_what_is_unknown_is_told(
    levant: Store, store: Store, tmp_path: Path
) -> None:
    with pytest.raises(NotFoundError, match="holds no events"):
        series(store, "USA", "RUS")
    load(store, [written(tmp_path / "a.CSV", [gdelt(1)])])
    (tmp_path / "own.csv").write_text("date,source,target,code\n2018-01-01,USA,RUS,0233\n", "utf-8")
    load(store, [tmp_path / "own.csv"])
    with pytest.raises(OptionError, match="data sets are not spliced"):
        series(store, "USA", "RUS")
    assert series(store, "USA", "RUS", feed="own").periods[0].events == 1
    wrong = [
        ({"feed": "icews"}, "no events of 'icews'"),
        ({"by": "decade"}, "decade"),
        ({"left_out": ("lag",)}, "did you mean 'lags'"),
        ({"since": "long ago"}, "is no day"),
        ({"since": "2018-01-01' OR 1=1 --"}, "is no day"),
    ]
    for choices, told in wrong:
        with pytest.raises(OptionError, match=told):
            series(levant, "ISR", "PSE", **choices)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="no country"):
        series(levant, "Ruritania", "PSE")


def test_a_store_tells_what_it_holds(levant: Store) -> None:
    (held,) = store_info(levant).feeds
    assert (held.feed, held.events, held.files, held.rejected) == ("levant", 145_709, 1, 0)
    assert (held.first, held.last, held.ontology) == ("1979-04-15", "2011-11-30", "cameo")


def test_gaps_tell_what_is_listed_and_not_there_from_what_never_was(store: Store, tmp_path: Path) -> None:
    names = [f"201803260{h}{m}00.export.CSV" for h, m in (("4", "45"), ("5", "45"))]
    load(store, [written(tmp_path / name, [gdelt(k)]) for k, name in enumerate(names)])
    listed = {"20180326050000.export.CSV.zip": "x", "20180326051500.export.CSV.zip": "y"}
    report = gaps(store, listed=listed)
    assert (report.expected, report.loaded) == (5, 2)
    assert [(one.intervals, one.state) for one in report.gaps] == [(2, "not fetched"), (1, "not listed")]
    whole_day = gaps(store, "2018-03-26", "2018-03-26")
    assert whole_day.expected == 96
    assert sum(one.intervals for one in whole_day.gaps) == 94
    with pytest.raises(OptionError, match="no day or time"):
        gaps(store, "soon")


# system, code, day → state
CODES = [
    ("cameo", "PAL", "", "PSE"),
    ("cameo", "PSE", "", "PSE"),
    ("cameo", "EUR", "", None),
    ("cameo", "RUS", "", "RUS"),
    ("iso3", "RUS", "", "RUS"),
    ("fips", "RS", "", "RUS"),
    ("iso2", "RS", "", "SRB"),
    ("fips", "AU", "", "AUT"),
    ("fips", "GM", "", "DEU"),
    ("cow", "365", "1970-01-01", "RUS"),
    ("cow", "255", "2000-01-01", "DEU"),
    ("cow", "260", "1970-01-01", "DEU"),
    ("gw", "260", "2000-01-01", "DEU"),
    ("gw", "340", "2010-01-01", "SRB"),
    ("gw", "345", "1999-01-01", "YUG"),
    ("gw", "265", "1970-01-01", "DDR"),
    ("gw", "265", "2000-01-01", None),
    ("name", "Soviet Union", "1970-01-01", "RUS"),
    ("name", "South Sudan", "2012-01-01", "SSD"),
]


@pytest.mark.parametrize(("system", "code", "day", "state"), CODES)
def test_a_code_means_a_state_on_its_day(system: str, code: str, day: str, state: str | None) -> None:
    assert country(code, system, day) == state


def test_numbers_follow_the_day() -> None:
    assert number("DEU", "cow", "1989-01-01") == "260"
    assert number("DEU", "cow", "1991-01-01") == "255"
    assert number("DEU", "gw", "1991-01-01") == "260"
    assert number("YEM", "cow", "1991-01-01") == "679"
    assert number("YEM", "gw", "1991-01-01") == "678"
    with pytest.raises(OptionError):
        country("X", "postal")
    assert len({(one.iso3, one.start) for one in states() if one.fips not in ("WE", "GZ")}) >= 200


def test_score_tables_are_those_that_were_published() -> None:
    shipped = {name: ontology.scores(name) for name in ontology.TABLES}
    assert [len(shipped[name]) for name in ("cameo-0.5b1", "icews", "weis")] == [276, 312, 109]
    both = set(shipped["cameo-0.5b1"]) & set(shipped["icews"])
    assert len(both) == 272
    assert sum(shipped["cameo-0.5b1"][code] != shipped["icews"][code] for code in both) == 5
    assert [shipped[name]["016"] for name in ("gdelt", "cameo-0.5b1", "icews")] == [-2.0, 3.4, -5.0]
    assert ontology.score("0256", "cameo-0.5b1") == (ontology.scores("cameo-0.5b1")["025"], False)
    assert ontology.score("99", "weis") == (None, False)
    with pytest.raises(OptionError, match="did you mean"):
        ontology.scores("icew")


def test_classes_by_both_rules() -> None:
    assert [ontology.quad(code, "cameo") for code in ("05", "06", "08", "09", "13", "14", "20", "21")] == [
        *(1, 2, 2, 3, 3, 4, 4),
        None,
    ]
    assert [ontology.quad(code, "cameo", "B") for code in ("09", "14", "15")] == [2, 3, 4]
    assert ontology.quad("SANCTION", "plover") == 4
    assert ontology.quad("223", "weis") == 4
    with pytest.raises(OptionError, match="split it"):
        ontology.detected(["0233", "223"])


def test_several_countries_count_as_one_side(levant: Store) -> None:
    """Israel and the United States to the Palestinians: the sum of the two."""
    both = series(levant, "ISR,USA", "PSE", by="year")
    assert (both.source, both.target) == ("ISR, USA", "PSE")
    each = [
        {one.period: one.events for one in series(levant, of, "PSE", by="year").periods}
        for of in ("ISR", "USA")
    ]
    for one in both.periods:
        assert one.events == sum(of.get(one.period, 0) for of in each)
    everybody = series(levant, "*", "PSE", by="year")
    assert all(
        one.events >= part.events for one, part in zip(everybody.periods[-5:], both.periods[-5:], strict=True)
    )


def test_net_cooperation_and_the_interval_of_scores_are_the_literal_ones(
    store: Store, tmp_path: Path
) -> None:
    rows = [
        gdelt(number, code=code, score=score, url=f"http://example.org/{number}")
        for number, (code, score) in enumerate([("043", "2.8"), ("190", "-10"), ("057", "8")])
    ]
    load(store, [written(tmp_path / "a.CSV", rows)])
    (one,) = series(store, "USA", "RUS").periods
    values = np.array([2.8, -10, 8])
    assert one.net == pytest.approx(1 / 3)
    assert one.score == pytest.approx(values.mean())
    assert one.score is not None
    assert one.score_high is not None
    assert one.score_high - one.score == pytest.approx(1.96 * values.std(ddof=1) / 3**0.5, rel=1e-4)


def test_acts_are_scored_and_classed_anew_on_request(store: Store, tmp_path: Path) -> None:
    """Code 016: −2 in GDELT, +3.4 in CAMEO 0.5B1, −5 in ICEWS; 09 is cooperation by rule B alone."""
    load(
        store,
        [written(tmp_path / "a.CSV", [gdelt(1, code="016", score="-2.0"), gdelt(2, code="090", score="-2")])],
    )
    chosen = {"left_out": ("reports",)}
    found = {
        table: series(store, "USA", "RUS", table=table, **chosen)  # type: ignore[arg-type]
        for table in (None, "cameo-0.5b1", "icews")
    }
    assert [one.score_table for one in found.values()] == ["gdelt", "cameo-0.5b1", "icews"]
    assert [one.periods[0].score for one in found.values()] == pytest.approx([-2, 0.7, -3.5])
    by_rule = [series(store, "USA", "RUS", rule=rule, **chosen).periods[0] for rule in ("A", "B")]  # type: ignore[arg-type]
    assert [one.conflict for one in by_rule] == [0.5, 0]
    with pytest.raises(OptionError, match="there is no score table"):
        series(store, "USA", "RUS", table="goldstein")
    with pytest.raises(OptionError, match="scores codes of WEIS, not of CAMEO"):
        series(store, "USA", "RUS", table="weis")
    with pytest.raises(OptionError, match="there is no rule"):
        series(store, "USA", "RUS", rule="C")


def test_what_does_not_fit_into_memory_goes_to_the_disk_while_a_store_is_read(levant: Store) -> None:
    """The folder for it is made when it is needed: a sort of more than that."""
    with levant.connected() as connection:
        found = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
        assert found == [(False,)]  # nothing is printed among the answers
        connection.execute("SET memory_limit = '64MB'")
        connection.execute(
            "CREATE TEMP TABLE wide AS SELECT r, repeat('x', 40) || hash(r) AS t FROM range(500000) AS _(r)"
        )
        assert connection.execute("SELECT count(*) FROM (SELECT * FROM wide ORDER BY t)").fetchall() == [
            (500000,)
        ]
