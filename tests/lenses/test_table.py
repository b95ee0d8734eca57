"""Tidy tables."""

from __future__ import annotations

import csv
import io
from typing import Literal

import numpy as np

from detente.lenses.summary import Distribution, distribution
from detente.show.record import Record
from detente.show.table import Table, table_of

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


class Pull(Record):
    """How far a compromise follows an actor.

    Attributes:
        share: of the way,
            0..1.
        side: where it stands; ``None`` where it has none.
        reasons: more than fits a cell.
        spread: likewise.
    """

    share: float
    side: Literal["left", "right"] | None = None
    reasons: tuple[str, ...] = ()
    spread: Distribution | None = None


def test_a_table_of_records_has_the_fields_that_fit_a_cell_in_the_words_of_the_docstring() -> None:
    found = table_of([(("a", 1), Pull(share=0.5, side="left"))], Pull, "pull", {"actor": "id", "round": "no"})
    assert found.columns == {
        "actor": "id",
        "round": "no",
        "share": "of the way, 0..1",
        "side": "where it stands; ``None`` where it has none",
    }
    assert found.rows == (("a", 1, 0.5, "left"),)
    assert table_of([], Pull, "pull", {}, leave=("side",)).columns == {"share": "of the way, 0..1"}


def test_a_distribution_gives_its_intervals_as_columns() -> None:
    spread = distribution(np.arange(101.0), 0.0, 100.0, 0.25)
    found = table_of([((), spread)], Distribution, "spread", {})
    assert [*found.columns] == [
        *("mean", "median", "sd", "mc_error", "low50", "high50", "low80", "high80", "low95", "high95"),
        "no_agreement",
    ]
    assert found.rows[0][4:] == (25.0, 75.0, 10.0, 90.0, 2.5, 97.5, 0.25)
    assert found.rows[0][:4] == (spread.mean, spread.median, spread.sd, spread.mc_error)
