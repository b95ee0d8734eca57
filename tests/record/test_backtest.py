"""The back-test on DEU III gives the figures that were found before, and refuses what is no such file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from detente.errors import CaseError, FormatError, NotFoundError
from detente.lenses.summary import Array
from detente.record.backtest import BackTest, backtest, weights
from detente.record.decided import Decided, read
from detente.study.chapter import ERROR, TESTED
from detente.study.outlook.foothold import Footholds, foothold, footholds, parts


@pytest.fixture(scope="module")
def decided(shared_data: Path) -> Decided:
    """Return the decided issues, from a folder that is not part of the repository."""
    return read(shared_data / "bargaining" / "deu")


@pytest.fixture(scope="module")
def made(decided: Decided) -> BackTest:
    """Return the back-test."""
    return backtest(decided, "DEU III")


def test_what_is_scored_are_245_issues_of_120_proposals(decided: Decided) -> None:
    assert (len(decided), len(set(decided.case))) == (245, 120)


# Issue → outcome, atoms and CRPS with the published constants; computed elsewhere from the same data.
ISSUES = [
    ("d00032i1", 100, {0: 0.1306, 40: 0.3187, 100: 0.1506}, 34.4543),
    ("d00032i2", 0, {0: 0.0985, 50: 0.3812, 100: 0.1203}, 36.8151),
    ("d00032i4", 50, {0: 0.0703, 50: 0.2206, 100: 0.3092}, 11.4406),
    ("d00060i2", 0, {0: 0.4132, 70: 0.1256, 100: 0.0612}, 11.2702),
]


@pytest.mark.parametrize(("name", "outcome", "atoms", "crps"), ISSUES)
def test_single_issues_come_out_as_elsewhere(
    decided: Decided, name: str, outcome: float, atoms: dict[float, float], crps: float
) -> None:
    i = decided.names.index(name)
    of = foothold(
        footholds(decided.position[[i]], weights(decided)[[i]], decided.reference[[i]]),
        0.0,
        100.0,
        cells=4000,
    )
    assert decided.outcome[i] == outcome
    assert dict(zip(of.points.tolist(), of.masses.round(4).tolist(), strict=True)) == atoms
    assert of.crps(outcome) == pytest.approx(crps, abs=6e-5)


def test_with_the_published_constants_both_parts_of_the_data_score_as_elsewhere(
    decided: Decided, shared_data: Path
) -> None:
    split = json.loads((shared_data / "bargaining" / "deu" / "deu3_split_train_dev.json").read_text("utf-8"))
    known = footholds(decided.position, weights(decided), decided.reference)
    made = [foothold(known.only([i]), 0.0, 100.0) for i in range(len(decided))]
    scores = np.array([of.crps(y) for of, y in zip(made, decided.outcome, strict=True)])
    for part, crps in (("train", 15.759), ("dev", 16.788)):
        chosen = np.array([split["assignment"][name] == part for name in decided.names])
        assert scores[chosen].mean() == pytest.approx(crps, abs=6e-4)
    assert scores.mean() == pytest.approx(16.200, abs=6e-4)
    logs = [of.log_score(y) for of, y in zip(made, decided.outcome, strict=True)]
    assert np.mean(logs) == pytest.approx(2.965, abs=6e-4)


# forecaster → CRPS and share held by the central 80 %, found elsewhere with the same protocol.
FOUND = {
    "mean": (23.84, None),
    "climatology": (19.71, 0.80),
    "weighted positions": (18.88, 0.87),
    "mean and past errors": (17.03, 0.71),
    "equal mix": (16.82, 0.85),
    "foothold": (16.32, 0.81),
    "foothold, published": (16.20, None),
    "median": (29.84, None),
}


@pytest.mark.parametrize("name", FOUND)
def test_the_table_gives_the_figures_found_elsewhere(made: BackTest, name: str) -> None:
    one = next(one for one in made.performances if one.forecaster == name)
    crps, holds = FOUND[name]
    assert one.crps == pytest.approx(crps, abs=0.006)
    if holds is not None:
        assert one.holds80 == pytest.approx(holds, abs=0.006)


def test_the_outlook_is_better_than_the_mix_and_holds_what_it_says(made: BackTest) -> None:
    outlook = next(one for one in made.performances if one.forecaster == "foothold")
    assert outlook.log == pytest.approx(2.97, abs=0.006)
    assert outlook.beats_mix_high is not None
    assert outlook.beats_mix_high < 0
    assert outlook.holds80 == pytest.approx(0.8, abs=0.03)
    assert outlook.ranks is not None
    assert outlook.band is not None
    assert outlook.ranks < outlook.band
    assert BackTest.from_dict(made.to_dict()) == made


@pytest.mark.parametrize(("name", "parts"), [("foothold", (1.42, 4.65)), ("equal mix", (1.72, 4.43))])
def test_miscalibration_and_discrimination_are_those_found_elsewhere(
    made: BackTest, name: str, parts: tuple[float, float]
) -> None:
    one = next(one for one in made.performances if one.forecaster == name)
    assert (one.miscalibration, one.discrimination) == pytest.approx(parts, abs=0.05)


def test_what_a_brief_says_of_past_errors_is_what_the_back_test_finds(made: BackTest) -> None:
    outlook = next(one for one in made.performances if one.forecaster == "foothold")
    assert outlook.spans80 == pytest.approx(0.808, abs=0.005)
    assert outlook.spans80 is not None
    assert f"{100 * outlook.spans80:.0f} % of outcomes fell into such spans" in TESTED
    assert round(outlook.error) == ERROR
    assert f"{made.issues} decided issues" in TESTED


def test_every_method_of_the_bench_is_in_the_table(made: BackTest) -> None:
    names = {one.forecaster for one in made.performances}
    assert {"mean", "median", "nash", "challenge", "exchange"} <= names
    assert [one.crps for one in made.performances] == sorted(one.crps for one in made.performances)
    nash = next(one for one in made.performances if one.forecaster == "nash")
    assert nash.issues == 173  # those with a reference point


def means(of: Footholds) -> Array:
    """Return the mean of the foothold distribution of every row, on 0..100."""
    atoms, upto = parts(of, 0.0, 100.0)
    z = np.linspace(0, 100, 401)[:, None] * np.ones(len(of.centre))
    reached = upto(z)
    smooth = 100 * reached[-1] - np.trapezoid(reached, z, axis=0)
    found: Array = np.nansum(atoms * np.nan_to_num(of.points), axis=1) + smooth
    return found


def moved(decided: Decided, change: Callable[[Array, Array], None]) -> tuple[Array, Array]:
    """Return how far the mean moves when a change is made to each actor of each issue in turn, and its position.

    Args:
        decided: the issues.
        change: to one actor's position and weight, of which the first column is that actor.
    """
    weight, shifts, places = weights(decided), [], []
    before = means(footholds(decided.position, weight, decided.reference))
    for actor in range(decided.position.shape[1]):
        rows = np.flatnonzero(~np.isnan(decided.position[:, actor]))
        position, own = decided.position[rows].copy(), weight[rows].copy()
        places.append(position[:, actor] - footholds(position, own).centre)
        change(position[:, actor], own[:, actor])
        after = means(footholds(position, own, decided.reference[rows]))
        shifts.append(after - before[rows])
    return np.concatenate(shifts), np.concatenate(places)


def up(by: float) -> Callable[[Array, Array], None]:
    """Return the move of one actor up its scale."""

    def change(position: Array, weight: Array) -> None:
        del weight
        position += np.minimum(by, 100 - position)

    return change


@pytest.mark.parametrize(("by", "share", "worst"), [(5.0, 0.004, -2.0), (10.0, 0.06, -3.2)])
def test_moving_one_actor_seldom_moves_the_mean_the_other_way(
    decided: Decided, by: float, share: float, worst: float
) -> None:
    """Found elsewhere: by over a point in .2 % of moves by 5 (worst -1.7) and 5 % of moves by 10 (-2.9)."""
    shifts, _ = moved(decided, up(by))
    assert (shifts < -1).mean() < share
    assert shifts.min() > worst
    assert shifts.mean() > 0


def test_more_weight_pulls_towards_the_actor(decided: Decided) -> None:
    """Found elsewhere: the mean moves away in 1.3 % of trials, by .3 at most."""

    def heavier(position: Array, weight: Array) -> None:
        del position
        weight *= 1.2

    shifts, places = moved(decided, heavier)
    away = np.where(shifts * places < 0, np.abs(shifts), 0.0)
    assert (away > 1e-6).mean() < 0.03
    assert away.max() < 0.4


HEAD = "prnr\tisnr\trp\tout\tpa\tsa\tpb\tsb\tpc\tsc\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a\tb\n1\t2\n", "lacks the columns prnr, isnr, rp, out"),
        (HEAD, "no issue has an outcome"),
        (HEAD + "d00001\tx\t\t50\t0\tmuch\t200\t1\t3\t4\n", "2 problems"),
        (HEAD + "dxx\tx\t\t50\t0\t1\t2\t1\t3\t4\n", "places 2 and 3"),
    ],
)
def test_what_is_no_such_file_is_told_with_its_places(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "deu3.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match=told):
        read(path)


def test_a_folder_without_the_file_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"doi:10\.34810/data53"):
        read(tmp_path)


def test_a_file_that_is_far_too_large_is_told_what_to_name(tmp_path: Path) -> None:
    """No hint speaks of stances here."""
    (tmp_path / "deu3.csv").write_bytes(b"#" * 5_000_001)
    with pytest.raises(CaseError, match="larger than 5 MB; name the file 'deu3"):
        read(tmp_path / "deu3.csv")
