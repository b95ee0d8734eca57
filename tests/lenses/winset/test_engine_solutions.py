"""Named solutions and the reach of the zone over many draws, against grids and the oracle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.options import SOLUTIONS
from detente.case.thresholds import Threshold, Voter, all_of, any_of, margin
from detente.errors import OptionError
from detente.lenses.winset.deal import TOLERANCE, Array, Deal, Loss
from detente.lenses.winset.engine import DEAL, NAMES, extents, solutions, verdicts
from tests.lenses.winset.literal_engine import grid, margins_on, random_deal
from tests.lenses.winset.sample_deals import logrolling
from tests.oracles import zone as oracle

PARTIES = (0, 1)
RULE = all_of(Voter(0), Voter(1), Threshold(2, tuple((1, Voter(v)) for v in range(2, 5))))
seeds = st.integers(0, 10_000)
losses = st.sampled_from(("city_block", "quadratic"))


def gains(deal: Deal, packages: Array) -> Array:
    """Return what one package per draw gains each voter, (D, V)."""
    return deal.margins(np.nan_to_num(packages)[:, None])[:, 0]


@settings(max_examples=25)
@given(seed=seeds, loss=losses, discrete=st.booleans())
def test_no_package_of_a_grid_in_the_zone_is_better(seed: int, loss: Loss, discrete: bool) -> None:
    deal = random_deal(seed, RULE, 5, 2, draws=8, loss=loss, more=0.1)
    if discrete:
        deal = replace(deal, levels=(None, np.array([0.0, 0.25, 0.5, 1.0])))
    found = verdicts(deal)
    packages = grid(deal, 61)
    inside = margins_on(deal, packages) >= 0
    every = deal.margins(np.broadcast_to(packages, (deal.draws, *packages.shape)))[:, :, PARTIES]
    value = {
        "egalitarian": every.min(-1),
        "utilitarian": every.sum(-1),
        "nash": np.maximum(every, 0).prod(-1),
    }
    named = solutions(deal, found, PARTIES)
    reach = extents(deal, found)
    for k in np.flatnonzero(found.status == DEAL):
        at = {name: gains(deal, named[name])[k] for name in NAMES}
        assert all(margin(RULE, own) >= -TOLERANCE for own in at.values())
        own = {name: at[name][list(PARTIES)] for name in NAMES}
        here = inside[k]
        if not here.any():
            continue
        assert own["egalitarian"].min() >= value["egalitarian"][k, here].max() - 1e-8
        assert own["utilitarian"].sum() >= value["utilitarian"][k, here].max() - 1e-8
        assert own["nash"].prod() >= value["nash"][k, here].max() - 1e-8
        assert (packages[here].min(axis=0) >= reach[k, :, 0] - 1e-8).all()
        assert (packages[here].max(axis=0) <= reach[k, :, 1] + 1e-8).all()
    assert np.isnan(reach[found.status != DEAL]).all()
    assert all(np.isnan(packages[found.status != DEAL]).all() for packages in named.values())


@settings(max_examples=10)
@given(seed=seeds, loss=losses)
def test_solutions_are_those_of_the_oracle(seed: int, loss: Loss) -> None:
    deal = random_deal(seed, RULE, 5, 3, draws=2, loss=loss, more=0.05)
    found = verdicts(deal)
    named = solutions(deal, found, PARTIES)
    assert set(SOLUTIONS) <= set(named)
    for k in np.flatnonzero(found.status == DEAL):
        one = deal.draw(int(k))
        own = {name: gains(deal, packages)[k, list(PARTIES)] for name, packages in named.items()}
        assert own["utilitarian"].sum() == pytest.approx(oracle.greatest_sum(one, PARTIES), abs=1e-6)
        fair = oracle.greatest_least(one, PARTIES, (1.0, 1.0))
        assert own["egalitarian"].min() == pytest.approx(fair, abs=1e-6)
        if fair > 1e-6:
            assert np.log(own["nash"]).sum() == pytest.approx(oracle.greatest_product(one, PARTIES), abs=1e-6)
        together = oracle.with_parties(one, PARTIES)
        most = np.array([oracle.greatest_sum(together, [party]) for party in PARTIES])
        share = oracle.greatest_least(one, PARTIES, most.tolist())
        assert (own["kalai_smorodinsky"] / most).min() == pytest.approx(share, abs=1e-5)


def test_log_rolling_ends_where_each_gets_what_it_cares_for() -> None:
    deal = logrolling(2.5, 2.5)
    named = solutions(deal, verdicts(deal), (0, 1))
    for name in ("nash", "kalai_smorodinsky", "egalitarian"):
        assert named[name][0] == pytest.approx([1, 0], abs=1e-6)
    assert extents(deal, verdicts(deal))[0] == pytest.approx(np.array([[0.75, 1], [0, 0.25]]), abs=1e-8)


def test_extents_of_a_zone_of_two_pieces_span_both() -> None:
    deal = random_deal(0, any_of(Voter(0), Voter(1)), 2, 1, draws=1)
    deal = replace(
        deal,
        ideal=np.array([[[0.2], [0.9]]]),
        salience=np.ones((1, 2, 1)),
        radius=np.full((1, 2), 0.05),
        floor=np.zeros((1, 2, 1)),
        ceiling=np.ones((1, 2, 1)),
    )
    assert extents(deal, verdicts(deal))[0, 0] == pytest.approx([0.15, 0.95])


def test_a_party_without_stance_takes_no_part_and_one_that_cannot_gain_has_no_nash_solution() -> None:
    deal = logrolling(2.5, 2.5)
    deal.salience[0, 1], deal.radius[0, 1] = 0.0, np.inf
    named = solutions(deal, verdicts(deal), (0, 1))
    assert all(packages[0] == pytest.approx([1, 1]) for packages in named.values())
    deal = logrolling(4.0, 1.0)  # A accepts only its ideal, where B is left with less than it demands
    assert np.isnan(solutions(deal, verdicts(deal), (0, 1))["nash"]).all()
    deal = logrolling(4.0, 0.0)  # there B has just what it demands
    weak = verdicts(deal, acceptance="weak")
    named = solutions(deal, weak, (0, 1))
    assert weak.status[0] == DEAL
    assert np.isnan(named["nash"]).all()
    assert named["kalai_smorodinsky"][0] == pytest.approx([1, 1], abs=1e-6)


def test_what_the_search_leaves_open_is_asked_of_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    deal = random_deal(5, RULE, 5, 3, draws=4, more=0.1)
    found = verdicts(deal)
    yes = found.status == DEAL
    assert yes.sum() >= 3
    whole, cut_short = (solutions(deal, found, PARTIES, **more) for more in ({}, {"nodes": 0}))  # type: ignore[arg-type]
    for name in ("utilitarian", "egalitarian"):
        most = [gains(deal, named[name])[yes][:, PARTIES] for named in (whole, cut_short)]
        value = [own.sum(axis=1) if name == "utilitarian" else own.min(axis=1) for own in most]
        assert value[1] == pytest.approx(value[0], abs=1e-6)
    assert np.isfinite(cut_short["kalai_smorodinsky"][yes]).all()
    assert extents(deal, found, nodes=0)[yes] == pytest.approx(extents(deal, found)[yes], abs=1e-6)
    monkeypatch.setattr("detente.lenses.winset.engine.undecided.solution", lambda *_: None)
    monkeypatch.setattr("detente.lenses.winset.engine.undecided.extent", lambda *_: None)
    assert np.isnan(solutions(deal, found, PARTIES, ["utilitarian"], nodes=0)["utilitarian"]).all()
    assert np.isnan(extents(deal, found, nodes=0)).all()


def test_no_draw_of_quadratic_losses_with_a_deal_is_left_without_its_solutions() -> None:
    deal = random_deal(6, RULE, 5, 6, draws=150, loss="quadratic", more=0.05)
    found = verdicts(deal)
    yes = found.status == DEAL
    gains = deal.margins(np.nan_to_num(found.package)[:, None])[:, 0, PARTIES]
    suited = (gains >= -TOLERANCE).all(axis=1) & yes
    assert suited.sum() > 100
    named = solutions(deal, found, PARTIES)
    assert all(np.isfinite(named[name][suited]).all() for name in NAMES)
    assert np.isfinite(extents(deal, found)[yes]).all()


@pytest.mark.parametrize("loss", ["city_block", "quadratic"])
def test_solutions_do_not_depend_on_how_draws_are_split(loss: Loss) -> None:
    deal = random_deal(7, RULE, 5, 3, draws=24, loss=loss, more=0.1)
    whole = solutions(deal, verdicts(deal), PARTIES)
    reach = extents(deal, verdicts(deal))
    parts = [deal.rows(slice(a, b)) for a, b in ((0, 5), (5, 6), (6, 24))]
    found = [solutions(part, verdicts(part), PARTIES) for part in parts]
    for name in NAMES:
        assert np.concatenate([named[name] for named in found]).tobytes() == whole[name].tobytes()
    assert np.concatenate([extents(part, verdicts(part)) for part in parts]).tobytes() == reach.tobytes()


def test_a_solution_of_another_name_is_an_error() -> None:
    deal = logrolling(2.5, 2.5)
    with pytest.raises(OptionError, match="no solution raiffa; use some of nash"):
        solutions(deal, verdicts(deal), (0, 1), ["raiffa"])
