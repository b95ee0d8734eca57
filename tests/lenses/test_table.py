"""Tidy tables."""

from __future__ import annotations

import csv
import io

from detente.show.table import Table

TABLE = Table(
    "forecasts",
    {"issue": "id", "mean": "on the scale", "note": "free"},
    (("a", -1.5, "=HYPERLINK(1)"), ("b", None, "<script>")),
)


def test_columns_and_records_hold_the_same_cells() -> None:
    assert TABLE.to_columns()["mean"] == [-1.5, None]
    assert TABLE.to_records()[1] == {"issue": "b", "mean": None, "note": "<script>"}


def test_a_csv_neutralises_texts_that_a_spreadsheet_would_run_but_no_numbers() -> None:
    rows = list(csv.reader(io.StringIO(TABLE.to_csv())))
    assert rows == [["issue", "mean", "note"], ["a", "-1.5", "'=HYPERLINK(1)"], ["b", "", "<script>"]]


def test_data_frames_hold_every_row() -> None:
    assert TABLE.to_pandas().shape == (2, 3)
    assert TABLE.to_polars().shape == (2, 3)
    assert TABLE.to_polars()["mean"].null_count() == 1


def test_a_notebook_shows_escaped_cells() -> None:
    html = TABLE._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<td>-1.5</td>" in html
