"""Event data from the command line: what is loaded, told and refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.cli.calling import Invoke, data_of
from tests.events.rows import gdelt

pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'detente[events]'")
TABLE = "date,source,target,code\n2014-02-20,USA,RUS,0233\n2014-03-17,USA,RUS,163\n2014-13-01,USA,RUS,036\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Write a table of events."""
    path = tmp_path / "talks.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_rows_are_accounted_for_and_counted(invoke: Invoke, table: Path) -> None:
    report = data_of(invoke("events", "load", table, "--json"))
    assert (report["rows"], report["kept"], report["rejected"]) == (3, 2, 1)
    assert report["files"][0]["rejected"] == {"has no date that can be read": 1}
    held = data_of(invoke("events", "info", "--json"))
    assert held["feeds"][0]["events"] == 2
    made = data_of(invoke("events", "series", "USA", "Russia", "--by", "year", "--json"))
    (period,) = made["periods"]
    assert (period["events"], period["verbal_cooperation"], period["material_conflict"]) == (2, 1, 1)
    assert period["conflict"] == 0.5
    assert made["score_table"] == "cameo-0.5b1"


def test_a_refused_file_is_told_and_the_others_are_loaded(
    invoke: Invoke, table: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no events", encoding="utf-8")
    result = invoke("events", "load", table, tmp_path / "notes.txt")
    assert result.exit_code == 1
    assert "notes.txt:1: is no event data that is known" in result.stderr.replace("\n", " ")
    assert data_of(invoke("events", "info", "--json"))["feeds"][0]["events"] == 2


def test_what_is_not_there_is_told(invoke: Invoke, table: Path) -> None:
    assert "no event store is there" in invoke("events", "info").stderr
    missing = invoke("events", "load", table, "missing.csv")
    assert (missing.exit_code, "missing.csv: no such file" in missing.stderr) == (1, True)
    assert not Path("events").exists()  # nor is a store begun for it
    invoke("events", "load", table)
    assert "no country is known" in invoke("events", "series", "Ruritania", "RUS").stderr
    assert "did you mean 'lags'" in invoke("events", "series", "USA", "RUS", "--without", "lag").stderr
    assert "say from when to when" in invoke("events", "gaps").stderr
    gaps = data_of(invoke("events", "gaps", "--from", "2018-03-26", "--to", "2018-03-26", "--json"))
    assert (gaps["expected"], gaps["loaded"]) == (96, 0)


def test_fetching_needs_an_address_of_http(invoke: Invoke) -> None:
    result = invoke(
        "events", "fetch", "--from", "2018-03-26", "--to", "2018-03-26", "--into", "g", "--base", "file:///"
    )
    assert result.exit_code == 1
    assert "no address of HTTP" in result.stderr


def test_a_file_with_another_md5_than_gdelts_list_gives_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    name = "20180326044500.export.CSV.zip"
    listed = tmp_path / "masterfilelist.txt"
    listed.write_text(f"100 {'0' * 32} http://data.gdeltproject.org/gdeltv2/{name}\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("20180326044500.export.CSV", gdelt() + "\n")
    result = invoke("events", "load", tmp_path / name, "--list", listed)
    assert result.exit_code == 1
    assert "the list has 0000" in " ".join(result.stderr.split())
    assert invoke("events", "load", tmp_path / name).exit_code == 0


def test_an_engine_that_is_none_and_options_that_are_duckdbs_are_told(invoke: Invoke, table: Path) -> None:
    invoke("events", "load", table)
    result = invoke("events", "series", "USA", "RUS", "--engine", "oracle")
    assert "engines are spark" in " ".join(result.stderr.split())
    result = invoke("events", "series", "USA", "RUS", "--engine", "spark", "--scores", "icews")
    assert result.exit_code == 2
    assert "for DuckDB alone" in result.stderr
