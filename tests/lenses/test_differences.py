"""A difference between two versions is the difference of their draws, number for number."""

from __future__ import annotations

import numpy as np
import pytest

from detente.case import Case
from detente.lenses import Comparison, compare
from detente.lenses.bargaining import LENS
from detente.lenses.summary import LEVELS

DRAWS = 800


def two(second: str = "80 ± 5", **more: str) -> Case:
    positions = {"i": {"a": "20..40", "b": second}, "j": {"a": "0..10", "b": more.get("j", "50 ± 9")}}
    return Case.from_dict(
        {
            "title": "Two",
            "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
            "issues": {issue: {"name": issue, "scale": {0: "no", 100: "yes"}} for issue in positions},
            "stances": {
                issue: {actor: {"position": x, "salience": 1} for actor, x in held.items()}
                for issue, held in positions.items()
            },
            "options": {"bargaining": {"methods": ["mean"]}},
        }
    )


VERSIONS = {"base": two(), "other": two("78 ± 25", j="20 ± 3")}


def compared() -> Comparison:
    return compare(VERSIONS, draws=DRAWS, seed=3)


def test_every_number_of_a_difference_is_that_of_its_draws() -> None:
    found = compared()
    base, other = (LENS.simulate(version, draws=DRAWS, seed=3).outcomes() for version in VERSIONS.values())
    for outcome in ("i.mean", "j.mean"):
        change, d = other[outcome] - base[outcome], found.differences[outcome]["other"]
        assert (d.value, d.mean) == pytest.approx((other[outcome].mean(), change.mean()))
        assert (d.sd, d.mc_error) == pytest.approx((change.std(ddof=1), change.std(ddof=1) / np.sqrt(DRAWS)))
        assert (d.above, d.below) == ((change > 0).mean(), (change < 0).mean())
        for level in LEVELS:
            ends = np.quantile(change, [(100 - level) / 200, (100 + level) / 200])
            assert d.intervals[str(level)] == pytest.approx(tuple(ends))
    assert 0.2 < found.differences["i.mean"]["other"].below < 0.8


def test_the_outcome_told_is_the_one_that_moves_most_up_or_down() -> None:
    """j falls by about 15 and i hardly moves: a fall counts as much as a rise."""
    found = compared()
    (finding,) = found.findings
    d = found.differences["j.mean"]["other"]
    assert finding.id == "moves.other"
    assert finding.sentence.startswith(f"other: j changes most, by −{-d.mean:.0f} (80 % of draws ")
    low, high = d.intervals["80"]
    assert finding.numbers == {"difference": d.mean, "low80": low, "high80": high, "value": d.value}
    assert d.mean == pytest.approx(-15, abs=1)


def test_a_version_without_doubt_stands_for_all_draws_of_the_other() -> None:
    exact = two("80").with_(
        {"stances.i.a.position": 30, "stances.j.a.position": 5, "stances.j.b.position": 50}
    )
    found = compare({"exact": exact, "other": VERSIONS["other"]}, draws=DRAWS).differences["j.mean"]
    assert (found["exact"].value, found["exact"].sd) == (27.5, 0)
    assert found["other"].mean == pytest.approx(-15, abs=1)
    assert found["other"].sd > 1


def test_the_table_has_every_difference_in_its_columns() -> None:
    found = compared()
    (row,) = [
        row
        for row in found.tables()["differences"].to_records()
        if (row["outcome"], row["version"]) == ("i.mean", "other")
    ]
    d = found.differences["i.mean"]["other"]
    told = (row["value"], row["difference"], row["sd"], row["mc_error"], row["above"], row["below"])
    assert told == (d.value, d.mean, d.sd, d.mc_error, d.above, d.below)
    assert (row["low50"], row["high80"], row["low95"]) == (
        d.intervals["50"][0],
        d.intervals["80"][1],
        d.intervals["95"][0],
    )
