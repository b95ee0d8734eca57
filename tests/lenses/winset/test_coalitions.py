"""The coalition that gains most is found for all draws at once, as a walk through each draw would find it."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Threshold, Voter, voters, wins
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import verdicts
from detente.lenses.winset.solve import coalitions, heard
from tests.lenses.winset.literal_engine import random_deal, rules


def literal(deal: Deal) -> dict[tuple[int, ...], list[int]]:
    """Return coalition → draws: who gains most joins first, and who gains least and is not needed leaves."""
    found, named = verdicts(deal, acceptance="weak", greatest=True), heard(deal)
    gains = np.round(deal.margins(np.nan_to_num(found.package)[:, None])[:, 0], 9)
    members: dict[tuple[int, ...], list[int]] = {}
    for k in range(deal.draws):
        inside = np.zeros(deal.voters, dtype=np.bool_)
        ranked = sorted(sorted(voters(deal.rule)), key=lambda v: -gains[k, v])
        for v in ranked:
            inside[v] = True
            if wins(deal.rule, inside):
                break
        for v in [v for v in reversed(ranked) if inside[v]]:
            inside[v] = False
            inside[v] = not wins(deal.rule, inside)
        own = tuple(v for v in voters(deal.rule) if inside[v] and named[v])
        members.setdefault(own, []).append(k)
    return members


@settings(max_examples=30, deadline=None)
@given(rule=rules(5), seed=st.integers(0, 10**6))
def test_the_coalition_of_each_draw_is_that_of_the_definition(rule: Threshold, seed: int) -> None:
    deal = random_deal(seed, rule, 5, 2, more=0.1)
    found = coalitions(deal)
    assert found == literal(deal)
    assert list(found) == list(literal(deal))


def test_many_members_with_votes_in_the_milliards_are_ranked_in_seconds() -> None:
    random = np.random.default_rng(3)
    weights = random.integers(10**8, 10**9, 40).tolist()
    rule = Threshold(round(0.65 * sum(weights)), tuple((w, Voter(v)) for v, w in enumerate(weights)))
    deal = random_deal(4, rule, 40, 1, draws=100, more=0.1)
    coalitions(deal.rows(np.arange(1)))  # loops are compiled
    begun = time.process_time()
    found = coalitions(deal)
    assert time.process_time() - begun < 5
    assert sum(map(len, found.values())) == 100
