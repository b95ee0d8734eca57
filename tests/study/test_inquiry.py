"""A study over the lenses of a case: what decides, whom to ask, what is refused, and what is not said."""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente.case import Case
from detente.errors import OptionError
from detente.lenses import lens
from detente.study.inquiry import study
from detente.study.inquiry_records import Study


@pytest.fixture(scope="module")
def made() -> Study:
    """Return a study of the teaching case."""
    return study(detente.load("river-dam"), draws=2_000, flips=False)


def test_uniforms_and_numbers_of_a_table_belong_together() -> None:
    for slug in ("river-dam", "us-russia-2024"):
        table = lens("bargaining").view(detente.load(slug)).table
        u = table.uniforms(3, 5, 20)
        assert u.shape == (20, len(table.uncertain))
        assert table.at(u) == pytest.approx(table.sample(3, 5, 20), rel=1e-12, abs=1e-12)


def test_every_share_stands_in_the_tables_and_the_record_is_read_back(made: Study) -> None:
    assert Study.from_dict(made.to_dict()) == made
    assert len(made.tables()["inputs"].rows) == len(made.inputs)
    assert made.inputs
    assert all(0 < one.share <= 1.01 for one in made.inputs)
    assert {one.kind for one in made.asking} <= {"actor", "issue", "source"}


def test_what_is_told_first_decides_most(made: Study) -> None:
    for outcome in {one.outcome for one in made.inputs}:
        told = [one.share for one in made.inputs if one.outcome == outcome]
        assert told == sorted(told, reverse=True)
        reached = [one.reached for one in made.plan if one.outcome == outcome]
        assert reached == sorted(reached)


CASE = {
    "detente": 1,
    "title": "Two",
    "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
    "issues": {"x": {"name": "X", "scale": {0: "low", 100: "high"}}},
    "stances": {
        "x": {"a": {"position": "40 ± 10", "salience": 1}, "b": {"position": "60 ± 1", "salience": 1}}
    },
}


def test_asking_the_one_in_doubt_settles_it() -> None:
    """The mean is (a + b)/2: variances 100 to 1, so a tells 99 % of it."""
    found = study(Case.from_dict(CASE), draws=4_000, flips=False)
    first = found.asking[0]
    actors = [one for one in found.asking if one.kind == "actor"]
    assert actors[0].ask == "a"
    assert actors[0].share == pytest.approx(100 / 101, abs=0.02)
    assert actors[0].half == pytest.approx(0.5 * 100 / 101, abs=0.05)
    assert first.share <= 1.0
    assert found.plan[0].ask == "a"
    assert found.joint_play["x.mean"] == pytest.approx(0.0, abs=0.02)


def test_names_and_order_change_nothing() -> None:
    plain = study(Case.from_dict(CASE), draws=1_000, flips=False)
    turned = {**CASE, "actors": dict(reversed(CASE["actors"].items()))}  # type: ignore[attr-defined]
    other = study(Case.from_dict(turned), draws=1_000, flips=False)
    assert [one.share for one in other.inputs] == pytest.approx([one.share for one in plain.inputs])


def test_what_cannot_be_studied_is_told() -> None:
    case = Case.from_dict(CASE)
    with pytest.raises(OptionError, match="too few"):
        study(case, draws=10)
    with pytest.raises(OptionError, match=r"did you mean 'x\.mean'"):
        study(case, draws=500, outcome="x.maen", flips=False)
    with pytest.raises(OptionError, match="a cost lies above 0"):
        study(case, draws=500, costs={"a": -1.0})
    exact = detente.load("emission-standards-1985")
    with pytest.raises(OptionError, match="in doubt"):
        study(exact, draws=500)


def test_a_seed_gives_the_same_study() -> None:
    case = Case.from_dict(CASE)
    one, two = (study(case, draws=600, seed=4, flips=False) for _ in range(2))
    assert one == two
    assert np.isfinite([row.error for row in one.inputs]).all()


LINES = {
    "detente": 1,
    "title": "Two red lines",
    "actors": {"k": {"name": "K", "influence": 1}, "u": {"name": "U", "influence": 1}},
    "issues": {
        "land": {
            "name": "Land",
            "scale": {0: "low", 100: "high"},
            "no_deal": 50,
            "consent": {"all_of": ["k", "u"]},
            "failure_cost": 10,
        }
    },
    "stances": {
        "land": {
            "k": {"position": 90, "salience": 1, "accepts": ">= 60 ± 5"},
            "u": {"position": 10, "salience": 1, "accepts": "<= 45 ± 5"},
        }
    },
}


def test_the_smallest_move_that_makes_a_deal_is_half_way_for_both() -> None:
    """Lines at 60 ± 5 and 45 ± 5 meet at 52.5, 15/√50 times their doubt away."""
    found = study(Case.from_dict(LINES), draws=2_000, outcome="land.deal")
    (flip,) = found.flips
    assert not flip.answer
    assert flip.length == pytest.approx(15 / np.sqrt(50), abs=0.02)
    assert flip.share == pytest.approx(0.0169, abs=0.01)
    together = {move.input.split(".")[2]: move.end for move in found.moves if not move.alone}
    assert together == pytest.approx({"k": 52.5, "u": 52.5}, abs=0.2)
