"""Verdicts over many draws, against linear programs written plainly, and grids."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Node, Threshold, Voter, all_of, any_of, margin
from detente.lenses.winset.deal import TOLERANCE, Deal, Loss
from detente.lenses.winset.engine import DEAL, NONE, TOUCHING, UNKNOWN, WAYS, Verdicts, verdicts
from tests.lenses.winset.literal_engine import best_margin, grid, margins_on, random_deal, rules

seeds = st.integers(0, 10_000)
losses = st.sampled_from(("city_block", "quadratic"))
TWO_LEVELS = all_of(Voter(0), Voter(1), Threshold(3, tuple((1, Voter(v)) for v in range(2, 6))))


@settings(max_examples=40)
@given(rule=rules(5), seed=seeds, more=st.sampled_from((-0.25, -0.1, 0.05)))
def test_status_is_that_of_a_linear_program_per_winning_coalition(rule: Node, seed: int, more: float) -> None:
    deal = random_deal(seed, rule, 5, 3, draws=4, more=more)
    found = verdicts(deal)
    for k in range(deal.draws):
        best = best_margin(deal, k)
        assert found.status[k] == (DEAL if best > TOLERANCE else NONE)
        assert found.margin[k] <= best + 1e-8
        assert found.bound[k] >= min(best, TOLERANCE) - 1e-8 or found.bound[k] >= best - 1e-8


@settings(max_examples=30)
@given(rule=rules(5), seed=seeds, loss=losses, discrete=st.booleans())
def test_no_package_of_a_grid_beats_a_bound(rule: Node, seed: int, loss: Loss, discrete: bool) -> None:
    deal = random_deal(seed, rule, 5, 2, loss=loss)
    if discrete:
        deal = replace(deal, levels=(np.array([0.0, 0.2, 0.7]), None))
    found = verdicts(deal)
    best = margins_on(deal, grid(deal, 41)).max(axis=1)
    assert (best <= found.bound + 1e-9).all()
    assert (found.status[best > 1e-6] == DEAL).all()
    assert (found.status != UNKNOWN).all()


@settings(max_examples=30)
@given(rule=rules(6), seed=seeds, loss=losses)
def test_discrete_packages_are_judged_as_if_all_were_looked_at(rule: Node, seed: int, loss: Loss) -> None:
    levels = (np.array([0.0, 0.4, 1.0]), np.array([0.1, 0.5]), np.array([0.0, 0.3, 0.6, 1.0]))
    deal = replace(random_deal(seed, rule, 6, 3, loss=loss), levels=levels)
    found = verdicts(deal)
    best = margins_on(deal, grid(deal, 0)).max(axis=1)
    assert ((found.status == DEAL) == (best > TOLERANCE)).all()
    for i, own in enumerate(levels):
        assert np.isin(found.package[found.status == DEAL, i], own).all()


@settings(max_examples=30)
@given(rule=rules(6), seed=seeds, loss=losses)
def test_package_of_a_deal_is_accepted_by_true_margins(rule: Node, seed: int, loss: Loss) -> None:
    deal = random_deal(seed, rule, 6, 4, loss=loss, more=0.0)
    found = verdicts(deal)
    yes = found.status == DEAL
    margins = deal.margins(np.nan_to_num(found.package)[:, None])[:, 0]
    assert (margin(rule, margins)[yes] > TOLERANCE).all()
    assert np.allclose(margin(rule, margins)[yes], found.margin[yes], atol=1e-12)
    assert np.isnan(found.package[found.status == NONE]).all()


@pytest.mark.parametrize("loss", ["city_block", "quadratic"])
def test_answers_do_not_depend_on_how_draws_are_split(loss: Loss) -> None:
    deal = random_deal(1, TWO_LEVELS, 6, 4, draws=60, loss=loss)
    whole = verdicts(deal)
    parts = [verdicts(deal.rows(slice(a, b))) for a, b in ((0, 1), (1, 20), (20, 60))]
    for field in fields(Verdicts):
        joined = np.concatenate([getattr(part, field.name) for part in parts])
        assert joined.tobytes() == np.ascontiguousarray(getattr(whole, field.name)).tobytes()


@settings(max_examples=20)
@given(seed=seeds, loss=losses, data=st.data())
def test_names_and_order_of_voters_and_issues_do_not_matter(
    seed: int, loss: Loss, data: st.DataObject
) -> None:
    deal = random_deal(seed, TWO_LEVELS, 6, 3, loss=loss)
    places = data.draw(st.permutations(range(6)))
    issues = data.draw(st.permutations(range(3)))

    def moved(node: Node) -> Node:
        if isinstance(node, Voter):
            return Voter(places.index(node.index), node.seats)
        return Threshold(node.quota, tuple((weight, moved(part)) for weight, part in node.parts))

    other = Deal(
        ideal=deal.ideal[:, places][:, :, issues],
        salience=deal.salience[:, places][:, :, issues],
        radius=deal.radius[:, places],
        floor=deal.floor[:, places][:, :, issues],
        ceiling=deal.ceiling[:, places][:, :, issues],
        no_deal=deal.no_deal[:, issues],
        levels=deal.levels,
        rule=moved(deal.rule),
        loss=loss,
    )
    assert (verdicts(other).status == verdicts(deal).status).all()


@settings(max_examples=20)
@given(seed=seeds, loss=losses, scale=st.floats(0.3, 3))
def test_the_unit_of_losses_does_not_matter(seed: int, loss: Loss, scale: float) -> None:
    deal = random_deal(seed, TWO_LEVELS, 6, 3, loss=loss)
    other = replace(deal, salience=scale * deal.salience, radius=scale * deal.radius)
    assert (verdicts(other).status == verdicts(deal).status).all()


@settings(max_examples=20)
@given(rule=rules(5), seed=seeds, loss=losses, v=st.integers(0, 4))
def test_one_more_consent_never_makes_a_deal(rule: Node, seed: int, loss: Loss, v: int) -> None:
    deal = random_deal(seed, rule, 5, 3, loss=loss, draws=30)
    before = verdicts(deal).status == DEAL
    after = verdicts(replace(deal, rule=all_of(rule, Voter(v)))).status == DEAL
    assert (after <= before).all()


@settings(max_examples=20)
@given(rule=rules(5), seed=seeds, loss=losses, v=st.integers(0, 4), by=st.floats(0, 0.5))
def test_a_wider_red_line_never_ends_a_deal(rule: Node, seed: int, loss: Loss, v: int, by: float) -> None:
    deal = random_deal(seed, rule, 5, 3, loss=loss, draws=30)
    wider = replace(deal, floor=deal.floor.copy(), ceiling=deal.ceiling.copy())
    wider.floor[:, v] -= by
    wider.ceiling[:, v] += by
    assert ((verdicts(deal).status == DEAL) <= (verdicts(wider).status == DEAL)).all()


def touching(cost: float = 0.0) -> Deal:
    """Two who want opposite ends of one issue and get there what they have."""
    return Deal(
        ideal=np.array([[[0.2], [0.8]]]),
        salience=np.ones((1, 2, 1)),
        radius=np.array([[0.3, 0.3 + cost]]),
        floor=np.zeros((1, 2, 1)),
        ceiling=np.ones((1, 2, 1)),
        no_deal=np.full((1, 1), np.nan),
        levels=(None,),
        rule=all_of(Voter(0), Voter(1)),
    )


def test_touching_is_a_deal_only_if_acceptance_is_weak() -> None:
    found = verdicts(touching())
    assert found.status[0] == TOUCHING
    assert found.package[0, 0] == pytest.approx(0.5)
    assert (touching().margins(found.package[:, None]) >= -TOLERANCE).all()
    assert verdicts(touching(), acceptance="weak").status[0] == DEAL
    assert verdicts(touching(-1e-5), acceptance="weak").status[0] == NONE
    assert verdicts(touching(1e-5)).status[0] == DEAL


def test_conflicting_red_lines_leave_nothing() -> None:
    deal = touching()
    deal.radius[:] = 1.0
    deal.floor[0, 0, 0], deal.ceiling[0, 1, 0] = 0.6, 0.4
    found = verdicts(deal)
    assert (found.status[0], found.margin[0], found.bound[0]) == (NONE, -np.inf, -np.inf)
    assert WAYS[found.decided[0]] == "interval"


def test_rules_that_ask_nobody_or_more_than_everybody() -> None:
    assert verdicts(replace(touching(), rule=Threshold(0, ()))).status[0] == DEAL
    assert verdicts(replace(touching(), rule=Threshold(3, ((1, Voter(0)), (1, Voter(1)))))).status[0] == NONE
    assert verdicts(replace(touching(), rule=any_of(Voter(0), Voter(1)))).status[0] == DEAL
    assert verdicts(replace(touching(), rule=Voter(1))).package[0, 0] >= 0.5


def test_voters_without_stances_agree_within_their_red_lines() -> None:
    deal = touching(1.0)
    deal.radius[:] = np.inf
    deal.salience[:] = 0.0
    assert verdicts(deal).margin[0] == np.inf
    deal.floor[0, 0, 0], deal.ceiling[0, 1, 0] = 0.6, 0.4
    assert verdicts(deal).status[0] == NONE


def test_numbers_that_are_none_are_unknown_and_spoil_no_other_draw() -> None:
    deal = random_deal(1, TWO_LEVELS, 6, 3)
    deal.ideal[3, 0, 0] = np.nan
    deal.radius[4, 0] = np.nan
    found = verdicts(deal)
    assert (found.status == UNKNOWN).nonzero()[0].tolist() == [3, 4]
    assert WAYS[found.decided[3]] == "undecided"


def test_what_the_search_leaves_open_is_asked_of_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    deal = random_deal(2, TWO_LEVELS, 6, 3, draws=40)
    whole, cut_short = verdicts(deal), verdicts(deal, nodes=0)
    asked = cut_short.decided == WAYS.index("program")
    assert 0 < asked.sum() < 40
    assert (cut_short.status == whole.status).all()
    nothing = (-np.inf, np.inf, None)
    monkeypatch.setattr("detente.lenses.winset.engine.undecided.greatest_margin", lambda *_: nothing)
    assert (verdicts(deal, nodes=0).status[asked] == UNKNOWN).all()
