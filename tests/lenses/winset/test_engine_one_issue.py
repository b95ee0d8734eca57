"""Deals on one issue, swept from end to end, against grids and the search for deals on several issues."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Node, Threshold, Voter, all_of, any_of, margin
from detente.lenses.winset.deal import TOLERANCE, Array, Deal, Loss
from detente.lenses.winset.engine import DEAL, NAMES, UNKNOWN, extents, one_issue, solutions, verdicts
from tests.lenses.winset.literal_engine import margins_on, random_deal, rules

PARTIES = (0, 1)
RULE = all_of(
    Voter(0), Voter(1), any_of(Voter(2), Threshold(2, ((1, Voter(3)), (1, Voter(4)), (1, Voter(2)))))
)
seeds = st.integers(0, 10_000)
losses = st.sampled_from(("city_block", "quadratic"))
levels = st.sampled_from((None, np.array([0.0, 0.2, 0.25, 0.5, 0.55, 0.9])))


def with_a_second_issue_nobody_cares_for(deal: Deal) -> Deal:
    """Return the same deal on two issues: the search answers it."""
    none = np.zeros_like(deal.ideal)
    return replace(
        deal,
        ideal=np.concatenate([deal.ideal, none], axis=2),
        salience=np.concatenate([deal.salience, none], axis=2),
        floor=np.concatenate([deal.floor, none], axis=2),
        ceiling=np.concatenate([deal.ceiling, none + 1], axis=2),
        no_deal=np.concatenate([deal.no_deal, deal.no_deal], axis=1),
        levels=(*deal.levels, None),
    )


@settings(max_examples=40)
@given(rule=rules(5), seed=seeds, loss=losses, own=levels, more=st.sampled_from((-0.1, 0.05)))
def test_status_is_that_of_a_fine_grid_and_of_the_search(
    rule: Node, seed: int, loss: Loss, own: Array | None, more: float
) -> None:
    deal = replace(random_deal(seed, rule, 5, 1, loss=loss, more=more), levels=(own,))
    found = verdicts(deal)
    fine = np.linspace(0, 1, 2001) if own is None else own
    best = margins_on(deal, fine[:, None]).max(axis=1)
    assert (found.status[best > TOLERANCE * 1.01] == DEAL).all()
    assert (best <= found.bound + 1e-12).all()
    assert (found.status == verdicts(with_a_second_issue_nobody_cares_for(deal)).status).all()
    yes = found.status == DEAL
    reached = margin(rule, deal.margins(np.nan_to_num(found.package)[:, None])[:, 0])
    assert (reached[yes] > TOLERANCE).all()
    assert own is None or np.isin(found.package[yes], own).all()


@settings(max_examples=40)
@given(seed=seeds, loss=losses, own=levels)
def test_solutions_and_reach_are_those_of_a_fine_grid_and_of_the_search(
    seed: int, loss: Loss, own: Array | None
) -> None:
    deal = replace(random_deal(seed, RULE, 5, 1, loss=loss, more=0.05), levels=(own,))
    other = with_a_second_issue_nobody_cares_for(deal)
    found, reach = verdicts(deal), extents(deal, verdicts(deal))
    named, searched = solutions(deal, found, PARTIES), solutions(other, verdicts(other), PARTIES)
    fine = np.linspace(0, 1, 2001) if own is None else own
    inside = margins_on(deal, fine[:, None]) >= 0
    every = deal.margins(np.broadcast_to(fine[:, None], (deal.draws, len(fine), 1)))[:, :, PARTIES]
    for k in np.flatnonzero(found.status == DEAL):
        assert reach[k, 0] == pytest.approx(extents(other, verdicts(other))[k, 0], abs=1e-6)
        here = every[k, inside[k]]
        own_gains = {name: deal.margins(named[name][:, None])[k, 0, PARTIES] for name in NAMES}
        if len(here):
            assert own_gains["egalitarian"].min() >= here.min(axis=1).max() - 1e-8
            assert own_gains["utilitarian"].sum() >= here.sum(axis=1).max() - 1e-8
            assert own_gains["nash"].prod() >= np.maximum(here, 0).prod(axis=1).max() - 1e-8
        best = deal.margins(searched["kalai_smorodinsky"][:, None, :1])[k, 0, PARTIES]
        assert own_gains["kalai_smorodinsky"] == pytest.approx(best, abs=1e-5)


def test_many_draws_of_many_voters_are_taken_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    deal = random_deal(4, RULE, 5, 1, draws=30, more=0.05)
    whole, reach = verdicts(deal), extents(deal, verdicts(deal))
    named = solutions(deal, whole, PARTIES)
    monkeypatch.setattr(one_issue, "ROOM", 5 * 12 * 7)
    assert verdicts(deal).package.tobytes() == whole.package.tobytes()
    assert extents(deal, whole).tobytes() == reach.tobytes()
    assert solutions(deal, whole, PARTIES)["nash"].tobytes() == named["nash"].tobytes()


def test_only_what_is_asked_for_is_solved_and_unsound_draws_are_unknown() -> None:
    deal = random_deal(4, RULE, 5, 1, draws=20, more=0.05)
    deal.ideal[3] = np.nan
    found = verdicts(deal)
    assert found.status[3] == UNKNOWN
    assert found.status[[0, 1, 2]].tolist() == verdicts(deal.rows(slice(0, 3))).status.tolist()
    assert list(solutions(deal, found, PARTIES, ["utilitarian"])) == ["utilitarian"]
    assert list(solutions(deal, found, PARTIES, ["kalai_smorodinsky"])) == ["kalai_smorodinsky"]


@pytest.mark.parametrize("name", ["utilitarian", "egalitarian", "kalai_smorodinsky"])
def test_where_a_party_cannot_gain_it_does_not_lose(name: str) -> None:
    """Voter 0 agrees to anything; voter 1 wants what it has: the only fair package is that."""
    deal = Deal(
        ideal=np.zeros((1, 2, 1)),
        salience=np.array([[[0.0], [1.0]]]),
        radius=np.array([[np.inf, 0.0]]),
        floor=np.zeros((1, 2, 1)),
        ceiling=np.ones((1, 2, 1)),
        no_deal=np.zeros((1, 1)),
        levels=(None,),
        rule=Voter(0),
        loss="city_block",
    )
    found = solutions(deal, verdicts(deal), (1,), [name])[name]
    assert found[0] == pytest.approx([0.0], abs=1e-6)
