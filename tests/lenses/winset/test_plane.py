"""The outlines that are drawn enclose the win-sets, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from detente.case.thresholds import Threshold, Voter, all_of, any_of, margin
from detente.lenses.winset.agreements import Points
from detente.lenses.winset.deal import Deal, Loss
from detente.lenses.winset.plane import field, outlines


def area(outline: Points) -> float:
    """Return the area of a polygon, as a share of the plane."""
    x, y = np.array(outline).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def plane_of(ideal: list[list[float]], salience: list[list[float]], radius: list[float], loss: Loss) -> Deal:
    count = len(ideal)
    return Deal(
        ideal=np.array([ideal]),
        salience=np.array([salience]),
        radius=np.array([radius]),
        floor=np.zeros((1, count, 2)),
        ceiling=np.ones((1, count, 2)),
        no_deal=np.full((1, 2), np.nan),
        levels=(None, None),
        rule=all_of(*(Voter(v) for v in range(count))),
        loss=loss,
    )


def test_the_zone_of_two_linked_issues_has_the_area_that_is_derived_by_hand() -> None:
    """U_A = 3x + y ≥ 2.5 and U_B = (1-x) + 3(1-y) ≥ 2.5: a quadrilateral of area 1/24."""
    deal = plane_of([[1, 1], [0, 0]], [[3, 1], [1, 3]], [1.5, 1.5], "city_block")
    found = outlines(deal, deal.rule)
    assert sum(area(one) for one in found) == pytest.approx(1 / 24, abs=2e-4)
    points = np.concatenate([np.array(one) for one in found])
    for corner in [(0.75, 0.25), (5 / 6, 0), (1, 0), (1, 1 / 6)]:
        assert np.abs(points - corner).sum(axis=1).min() < 0.02


def test_two_discs_overlap_in_a_lens_of_the_known_area() -> None:
    radius, apart = 0.2, 0.25
    deal = plane_of([[0.4, 0.5], [0.4 + apart, 0.5]], [[1, 1], [1, 1]], [radius**2] * 2, "quadratic")
    lens = 2 * radius**2 * np.arccos(apart / (2 * radius)) - apart / 2 * np.sqrt(4 * radius**2 - apart**2)
    assert sum(area(one) for one in outlines(deal, deal.rule)) == pytest.approx(lens, abs=1e-3)
    alone = sum(area(one) for one in outlines(deal, Voter(0)))
    assert alone == pytest.approx(np.pi * radius**2, rel=0.01)


def test_parts_of_a_win_set_are_outlined_one_by_one() -> None:
    deal = plane_of([[0.2, 0.2], [0.8, 0.8]], [[1, 1], [1, 1]], [0.01, 0.01], "quadratic")
    found = outlines(deal, any_of(Voter(0), Voter(1)))
    assert len(found) == 2
    assert sum(area(one) for one in found) == pytest.approx(2 * np.pi * 0.01, rel=0.03)


def test_parts_that_meet_and_part_again_enclose_the_union() -> None:
    ideals = [[0.25, 0.7], [0.75, 0.7], [0.5, 0.3]]
    deal = plane_of(ideals, [[1, 1]] * 3, [0.06, 0.06, 0.06], "quadratic")
    rule = any_of(*(Voter(v) for v in range(3)))
    grid = np.linspace(0, 1, 801)
    union = (margin(rule, field(deal, grid, grid)) >= 0).mean()
    assert sum(area(one) for one in outlines(deal, rule)) == pytest.approx(union, rel=0.03)


def test_red_lines_cut_a_win_set() -> None:
    deal = plane_of([[0.5, 0.5]], [[1, 1]], [1.0], "city_block")
    deal.floor[0, 0, 0], deal.ceiling[0, 0, 1] = 0.3, 0.6
    assert sum(area(one) for one in outlines(deal, Voter(0))) == pytest.approx(0.7 * 0.6, abs=1e-3)


def test_nothing_is_outlined_where_nobody_can_consent() -> None:
    deal = plane_of([[0.5, 0.5]], [[1, 1]], [-0.1], "city_block")
    assert outlines(deal, Voter(0)) == ()
    assert outlines(deal, Threshold(2, ((1, Voter(0)),))) == ()
    assert area(((0.0, 0.0), (1.0, 1.0))) == 0.0
