"""A stance may say what each settlement of a discrete issue is worth; what cannot be meant is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detente.case import Case
from detente.case.checked import check_text
from detente.case.formats import export_case, import_case
from detente.case.words import assertions, input_name

SEAT = """\
detente: 1
title: Where the secretariat sits
sources:
  speech: {title: A speech}
actors:
  north: {name: Northland, influence: 3}
  south: {name: Southland, influence: 2}
  isle: {name: Isle, influence: 1}
issues:
  seat:
    name: Seat
    scale: {0: in the north, 50.5: on the isle, 100: in the south}
    discrete: true
    no_deal: 0
stances:
  seat:
    north: {values: {0: 1, 50.5: 0.9 ± 0.1, 100: 0.2}, no_deal: 0.5, salience: 0.8, because: [speech]}
    south: {position: 100, salience: 0.9}
    isle: {position: 50, salience: 0.3}
"""


def seat() -> Case:
    """Return the case above."""
    return check_text(SEAT, Path("seat.yaml")).require()


def test_values_are_quantities_with_paths_and_words() -> None:
    """A settlement may be a decimal number, and still has its place."""
    case, path = seat(), "stances.seat.north.values.50.5"
    assert case.quantities[path].mean == pytest.approx(0.9, abs=0.05)
    assert case.quantities[path].quantile([1.0])[0] <= 1  # cut to what a value can be
    assert input_name(case, path) == "Northland: value of 50.5 on Seat"
    changed = case.with_({path: 1, "stances.seat.north.values.0": 0.4})
    assert changed.stances["seat"]["north"].aim.mean == 50.5
    assert changed.to_yaml() == SEAT.replace("0.9 ± 0.1", "1").replace("{0: 1, ", "{0: 0.4, ")


def test_the_aim_is_the_settlement_of_the_highest_value_and_of_several_the_lowest() -> None:
    of = seat().stances["seat"]
    assert (of["north"].aim.mean, of["south"].aim.mean) == (0, 100)
    tied = seat().with_({"stances.seat.north.values.100": 1})
    assert tied.stances["seat"]["north"].aim.mean == 0


def test_what_the_values_rest_on_is_told() -> None:
    (found,) = (one for one in assertions(seat()) if one.path == "stances.seat.north")
    assert found.because == ("speech",)
    assert {"value of 0", "value of 50.5", "no deal"} <= found.numbers.keys()


@pytest.mark.parametrize("name", ["seat.yaml", "seat.json", "seat.xlsx"])
def test_what_holds_everything_holds_values(name: str, tmp_path: Path) -> None:
    assert export_case(seat(), tmp_path / name) == []
    assert import_case(tmp_path / name).require() == seat()


@pytest.mark.parametrize("name", ["seat.csv", "seat.ktab.csv", "seat.decide.txt"])
def test_what_knows_only_positions_gets_the_best_settlement_and_tells(name: str, tmp_path: Path) -> None:
    warnings = export_case(seat(), tmp_path / name)
    told = "the values of 1 stance became a position: the settlement of the highest value"
    assert told in [warning.message for warning in warnings]
    read = import_case(tmp_path / name).require()
    (stances,) = read.stances.values()
    assert sorted(stance.aim.mean for stance in stances.values()) == [0, 50, 100]


NORTH = "values: {0: 1, 50.5: 0.9 ± 0.1, 100: 0.2}, no_deal: 0.5"


@pytest.mark.parametrize(
    ("old", "new", "place", "path", "message", "hint"),
    [
        (NORTH, "note: x", "17:12", "stances.seat.north", "'position' is missing", "values"),
        (
            "no_deal: 0.5",
            "no_deal: 0.5, position: 3",
            "17:13",
            "stances.seat.north.values",
            "not both",
            "leave",
        ),
        (
            NORTH,
            "position: 3, no_deal: 0.5",
            "17:26",
            "stances.seat.north.no_deal",
            "without values",
            "add values",
        ),
        (
            "    discrete: true\n",
            "",
            "16:13",
            "stances.seat.north.values",
            "discrete issues",
            "discrete: true",
        ),
        (
            "50.5: 0.9 ± 0.1",
            "50: 0.9",
            "17:28",
            "stances.seat.north.values.50",
            "no settlement",
            "0, 50.5, 100",
        ),
        (", 100: 0.2", "", "17:21", "stances.seat.north.values", "no value for 100", "add 100: …"),
        (
            ", 100: 0.2",
            ", 100: 0.2, 100.0: 1",
            "17:55",
            "stances.seat.north.values.100.0",
            "same number",
            "keep",
        ),
        ("100: 0.2", "100: 20", "17:50", "stances.seat.north.values.100", "20 is above 1", "divide points"),
        ("100: 0.2", "south: 0.2", "17:45", "stances.seat.north.values.south", "numbers of the issue", None),
        (
            "no_deal: 0.5",
            "no_deal: 2",
            "17:65",
            "stances.seat.north.no_deal",
            "2 is above 1",
            "divide points",
        ),
    ],
)
def test_values_that_cannot_be_used_are_told(
    old: str, new: str, place: str, path: str, message: str, hint: str | None
) -> None:
    """Each with its place and the way out."""
    assert old in SEAT
    errors = check_text(SEAT.replace(old, new), Path("seat.yaml")).errors
    found = next(error for error in errors if message in error.message)
    assert f"{found.line}:{found.column}" == place
    assert found.path == path
    assert hint is None or hint in (found.hint or "")


def test_doubt_beyond_the_scale_of_values_is_cut() -> None:
    """No draw is worth more than the best."""
    data: dict[str, Any] = seat().to_dict()
    data["stances"]["seat"]["north"]["values"]["0"] = "1 ± 0.5"
    drawn = Case.from_dict(data).quantities["stances.seat.north.values.0"].quantile([0.0, 1.0])
    assert 0 <= drawn[0] <= drawn[1] <= 1
