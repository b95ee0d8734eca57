"""The errors that the page on intervals tells of are those that the methods make on DEU III (doi:10.34810/data53).

The expectation is the page; the numbers are computed here from the data, which are not part of the repository.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from detente.case.options import ChallengeOptions
from detente.lenses.bargaining.challenge import challenge
from detente.lenses.bargaining.mean import unweighted_mean, weighted_mean
from detente.lenses.bargaining.median import weighted_median
from detente.lenses.summary import Array
from detente.quantity.distributions import normal_quantile
from detente.record.decided import read
from docs.tools.examples import REPOSITORY

PAGE = (REPOSITORY / "docs" / "lenses" / "intervals.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


class Issues(NamedTuple):
    """What was known before and what came out; arrays are 1 × issues × actors, outcomes one per issue."""

    position: Array
    salience: Array
    influence: Array
    outcome: Array


@pytest.fixture(scope="module")
def issues(shared_data: Path) -> Issues:
    """All issues with an outcome on which at least three actors have a position and a salience."""
    decided = read(shared_data / "bargaining" / "deu")
    stances = (decided.position, decided.salience, decided.influence)
    position, salience, influence = (np.ascontiguousarray(one[None]) for one in stances)
    return Issues(position, salience, influence, decided.outcome)


def _rows() -> dict[str, list[float]]:
    """Return the rows of the page's table: name → its numbers."""
    section = PAGE.partition("## How wrong the methods are")[2]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {
        re.sub(r"[*`]", "", name): [float(re.sub(r"[*% ]", "", cell)) for cell in numbers]
        for name, *numbers in cells
    }


def test_the_table_of_errors_is_what_the_methods_give(issues: Issues) -> None:
    """Mean and median absolute error to one decimal, shares within 5 and 10 points in per cent."""
    stances = issues[:3]
    low = np.zeros(len(issues.outcome))
    bounds = {"scale_low": low, "scale_high": low + 100.0}
    game = challenge(*stances, **bounds, options=ChallengeOptions(), keep_path=True)
    forecasts = {
        "always 50": np.full_like(issues.outcome, 50.0),
        "unweighted mean": unweighted_mean(issues.position)[0],
        "mean": weighted_mean(*stances)[0],
        "median": weighted_median(*stances)[0],
        "challenge, as it is by default": game.median[0, :, -1],
        "challenge with outcome: mean": game.mean[0, :, -1],
    }
    assert f"On the {len(issues.outcome)} issues" in WORDS
    assert list(_rows()) == list(forecasts)
    for name, forecast in forecasts.items():
        error = np.abs(forecast - issues.outcome)
        near = [100 * float((error <= far + 1e-9).mean()) for far in (5, 10)]
        found = [round(float(x), 1) for x in (error.mean(), np.median(error))] + [round(x) for x in near]
        assert _rows()[name] == found, name


@pytest.mark.parametrize(("doubt", "share", "width"), [(10.0, 11, 5), (20.0, 17, None)])
def test_doubt_in_positions_alone_covers_few_outcomes(
    issues: Issues, doubt: float, share: int, width: int | None
) -> None:
    """How many outcomes the 80 % interval of the weighted mean holds when every position has that doubt."""
    shape = (4000, *issues.position.shape[1:])
    u = np.random.default_rng(1).random(shape)
    drawn = normal_quantile(u, np.nan_to_num(issues.position), doubt, 0.0, 100.0)
    drawn = np.where(np.isnan(issues.position), np.nan, drawn)
    others = (np.ascontiguousarray(np.broadcast_to(part, shape)) for part in issues[1:3])
    low, high = np.quantile(weighted_mean(drawn, *others), [0.1, 0.9], axis=0)
    inside = float(((issues.outcome >= low) & (issues.outcome <= high)).mean())
    assert round(100 * inside) == share
    assert f"{share} per cent" in WORDS
    if width is not None:
        assert round(float(np.median(high - low))) == width
