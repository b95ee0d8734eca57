"""Probabilities of a deal that are known in closed form."""

from __future__ import annotations

from math import acos, erf, pi, sqrt

import numpy as np
import pytest

from detente.case.thresholds import Voter, all_of
from detente.lenses.winset.deal import Array, Deal, Loss
from detente.lenses.winset.engine import DEAL, verdicts

DRAWS = 20_000


def share(ideal: Array, radius: Array, loss: Loss = "city_block", held: Array | None = None) -> float:
    """Return the share of draws in which all have a deal, each caring for every issue with weight 1."""
    D, V, d = ideal.shape
    floor, ceiling = np.zeros(ideal.shape), np.ones(ideal.shape)
    if held is not None:
        floor[:, 0], ceiling[:, 0] = held, held
    rule = all_of(*(Voter(v) for v in range(V)))
    empty = np.full((D, d), np.nan)
    deal = Deal(ideal, np.ones(ideal.shape), radius, floor, ceiling, empty, (None,) * d, rule, loss)
    return float((verdicts(deal).status == DEAL).mean())


def near(value: float) -> float:
    """Return four standard errors of a share."""
    return 4 * sqrt(value * (1 - value) / DRAWS)


def test_buyer_and_seller_trade_when_the_buyers_limit_is_higher() -> None:
    rng = np.random.default_rng(1)
    buyer, seller = rng.normal(110, 10, DRAWS) / 200, rng.normal(100, 10, DRAWS) / 200
    ideal = np.broadcast_to([[0.0], [1.0]], (DRAWS, 2, 1)).copy()
    value = 0.5 * (1 + erf(10 / sqrt(200) / sqrt(2)))
    assert value == pytest.approx(0.760250, abs=1e-6)
    assert share(ideal, np.column_stack([buyer, 1 - seller])) == pytest.approx(value, abs=near(value))


@pytest.mark.parametrize(("centres", "width"), [(2, 0.2), (3, 0.25), (5, 0.3)])
def test_intervals_around_uniform_centres_meet(centres: int, width: float) -> None:
    ideal = np.random.default_rng(centres).random((DRAWS, centres, 1))
    t = 2 * width
    value = centres * t ** (centres - 1) - (centres - 1) * t**centres
    assert share(ideal, np.full((DRAWS, centres), width)) == pytest.approx(value, abs=near(value))


def test_discs_around_uniform_ideals_meet() -> None:
    ideal = np.random.default_rng(2).random((DRAWS, 2, 2))
    r = 0.5
    value = pi * r**2 - 8 / 3 * r**3 + r**4 / 2
    assert share(ideal, np.full((DRAWS, 2), (r / 2) ** 2), "quadratic") == pytest.approx(
        value, abs=near(value)
    )


def test_a_third_party_held_to_a_random_point_finds_the_overlap_of_two_discs() -> None:
    held = np.random.default_rng(3).random((DRAWS, 2))
    ideal = np.broadcast_to([[0.5, 0.5], [0.25, 0.5], [0.75, 0.5]], (DRAWS, 3, 2)).copy()
    R, D = 0.4, 0.5
    value = 2 * R**2 * acos(D / (2 * R)) - D / 2 * sqrt(4 * R**2 - D**2)
    assert value == pytest.approx(0.130488, abs=1e-6)
    radius = np.broadcast_to([np.inf, R**2, R**2], (DRAWS, 3)).copy()
    assert share(ideal, radius, "quadratic", held) == pytest.approx(value, abs=near(value))
