"""Every answer of the engine is that of the oracle, which solves each piece of a zone by itself.

On discrete issues, and under rules with more than 64 minimal winning coalitions, above all.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Node, Threshold, Voter, all_of
from detente.lenses.winset.deal import Deal, Loss
from detente.lenses.winset.engine import DEAL, NAMES, STATUSES, UNKNOWN, Statuses, extents, solution, verdicts
from tests.lenses.winset.sample_deals import LOSSES, deals, from_no_deal
from tests.oracles import zone as oracle

SCALES = (None, (0.0, 1.0), (0.0, 0.3, 0.6, 1.0), (0.0, 0.25, 0.5, 0.75, 1.0))


@st.composite
def votes(draw: st.DrawFn) -> Deal:
    """Draw a deal under a weighted vote of nine, a vetoer or none beside it: more than 64 minimal coalitions."""
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    vetoers, issues = draw(st.integers(0, 1)), draw(st.integers(1, 2))
    others = tuple((1, Voter(v)) for v in range(vetoers, 9))
    rule: Node = all_of(*(Voter(v) for v in range(vetoers)), Threshold(5 if vetoers == 0 else 4, others))
    loss: Loss = draw(st.sampled_from(LOSSES))
    one = from_no_deal(random.random((9, issues)).tolist(), random.random(issues).tolist(), rule, loss)
    own = [draw(st.sampled_from(SCALES)) for _ in range(issues)]
    one.radius[:] += draw(st.sampled_from((-0.2, -0.05, 0.0))) * random.random((1, 9))
    one.ceiling[:] = np.where(random.random((1, 9, issues)) < 0.2, 0.7, 1.0)
    levels = tuple(None if scale is None else np.array(scale) for scale in own)
    return Deal(**{**vars(one), "levels": levels})


def check(one: Deal) -> None:
    """Hold status, greatest margin, extent and solutions against the oracle."""
    found, greatest = verdicts(one), verdicts(one, greatest=True)
    best = oracle.greatest_margin(one)
    status: Statuses = found.status
    assert status[0] != UNKNOWN
    assert status[0] == greatest.status[0]
    assert greatest.margin[0] == pytest.approx(best, abs=1e-7)
    if abs(best) > 1e-6:
        assert STATUSES[found.status[0]] == oracle.status(best)
    weak = verdicts(one, acceptance="weak")
    ends = extents(one, weak)[0]
    expected = oracle.extent(one)
    if best > 1e-6 and expected is not None:
        assert ends == pytest.approx(expected, abs=1e-5)


@settings(max_examples=6, deadline=None)
@given(votes())
def test_more_than_64_minimal_coalitions_are_decided_as_if_each_were_solved(one: Deal) -> None:
    assert len(oracle.minimal_winning(one.rule, one.voters)) > 64
    check(one)


@settings(max_examples=25, deadline=None)
@given(deals(voters=4, issues=3))
def test_trees_red_lines_and_discrete_issues_are_decided_as_if_each_piece_were_solved(one: Deal) -> None:
    check(one)


@settings(max_examples=20, deadline=None)
@given(deals(voters=4, issues=2))
def test_no_piece_has_a_better_package_by_the_measure_of_a_solution(one: Deal) -> None:
    parties = tuple(v for v in range(min(one.voters, 3)) if np.isfinite(one.radius[0, v]))
    found = verdicts(one)
    if not parties or found.status[0] != DEAL:
        return
    fair = oracle.greatest_least(one, parties, [1.0] * len(parties))
    gains = {}
    for name in NAMES:
        package = solution(one, found, parties, name)
        if package is not None:
            gains[name] = one.margins(package[None, None])[0, 0, list(parties)]
    if fair < 1e-6:
        assert "nash" not in gains or gains["nash"].min() < 1e-5
        return
    assert gains["egalitarian"].min() == pytest.approx(fair, abs=1e-6)
    assert gains["utilitarian"].sum() == pytest.approx(oracle.greatest_sum(one, parties), abs=1e-6)
    assert np.log(gains["nash"]).sum() == pytest.approx(oracle.greatest_product(one, parties), abs=1e-6)
    together = oracle.with_parties(one, parties)
    ideal = np.array([oracle.greatest_sum(together, [party]) for party in parties])
    if ideal.min() > 1e-3:
        share = oracle.greatest_least(one, parties, ideal.tolist())
        assert (gains["kalai_smorodinsky"] / ideal).min() == pytest.approx(share, abs=1e-5)
