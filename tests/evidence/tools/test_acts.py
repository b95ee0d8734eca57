"""The figures of events that the documentation reports, held so that a loss shows; the markup reader by hand."""

from __future__ import annotations

import pytest

from tests.evidence.tools import acts

HERE = pytest.mark.skipif(
    not acts.SHARED.exists(), reason="../shared/data/evidence is not beside the repository"
)


@HERE
@pytest.mark.parametrize("level", acts.LEVELS)
def test_petr2_is_no_worse_than_reported(level: str) -> None:
    """From exact triples to the countries of both sides."""
    counts, _, total = acts.petr2(level)
    assert total >= 77
    assert counts.precision >= PETR2[level][0] - SLACK
    assert counts.recall >= PETR2[level][1] - SLACK


@HERE
def test_plover_is_no_worse_than_reported() -> None:
    """Class, dyad, both and trigger over 322 records; half of them were never looked at."""
    measures = acts.plover()
    assert measures["records"] == 322
    for name, reached in PLOVER.items():
        assert measures[name] >= reached - SLACK, name


@HERE
def test_most_records_give_their_text_back() -> None:
    """298 of 322, as the data's own description says."""
    assert sum(acts.marked(record) is not None for record in acts.plover_records()) >= 290


def test_markup_is_taken_off_at_exact_places() -> None:
    """Ordinary brackets stay."""
    record: dict[str, object] = {
        "text": "Talvia (the port) shelled Odra.",
        "textInfo": {"markup": "(SRC: Talvia) (the port) (EVT: shelled) (TAR: Odra)."},
    }
    assert acts.marked(record) == ("Talvia (the port) shelled Odra.", [(18, 25)])


SLACK = 0.01
PETR2 = {
    "exact triples": (0.329, 0.304),
    "countries and class": (0.589, 0.558),
    "countries and quad": (0.699, 0.662),
    "countries": (0.808, 0.766),
    "quad": (0.778, 0.742),
}
PLOVER = {"class": 0.708, "top class": 0.686, "dyad": 0.525, "full": 0.435, "trigger": 0.862}
