"""Minimal conflicts and corrections against all subsets, hitting_sets, and what is seen without a solver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.thresholds import Threshold, Voter, all_of
from detente.lenses.winset import answers as told
from detente.lenses.winset.answers import Blockers
from detente.lenses.winset.deal import Acceptance, Deal, Names
from detente.lenses.winset.engine import DEAL, UNKNOWN, Verdicts, verdicts
from detente.lenses.winset.unblock import hitting_sets
from detente.lenses.winset.unblock.conflicts import Conflicts, blockers, conflicts
from detente.lenses.winset.unblock.demands import Demand, Kind, demands, dropped, met, softened, without
from detente.lenses.winset.unblock.hitting_sets import (
    WIDEST,
    Families,
    Question,
    meeting,
    search,
)
from tests.lenses.winset.literal_unblock import (
    Table,
    answered_by,
    by_oracle,
    deals,
    one,
    open_by_programs,
    stacked,
)

ACCEPTANCES: tuple[Acceptance, ...] = ("strict", "weak")
A, B, C = (Demand(voter, "no_deal") for voter in range(3))


def minimal_meeting(family: Iterable[int]) -> set[int]:
    """Return the minimal sets that meet every member of a family; none if a member is empty."""
    found = {0}
    for member in family:
        found = meeting(found, member)
    return found


def shares(found: Blockers) -> dict[frozenset[Demand], float]:
    """Return conflict → share, of the demands of voters that have no names."""

    def demand(one: told.Demand) -> Demand:
        kind: Kind = "no_deal" if one.issue is None else "floor" if one.kind == "floor" else "ceiling"
        return Demand(int(one.actor), kind, None if one.issue is None else int(one.issue))

    return {frozenset(map(demand, one.demands)): one.share for one in found.conflicts}


def three_vetoers() -> Deal:
    """Ideals .1, .5 and .9 with a status quo of .6."""
    return one([[0.1], [0.5], [0.9]], [[1]] * 3, [0.5, 0.1, 0.3], all_of(*map(Voter, range(3))))


def families(n: int, conflicting: set[int], most: int = 64, questions: int = 1_000) -> Families:
    """Run a search against known minimal conflicts."""

    def ask(posed: Sequence[Question]) -> list[int | bool | None]:
        return [not any(not conflict & ~bits for conflict in conflicting) and bits for _, bits in posed]

    (found,) = search(n, 1, ask, most, questions)
    return found


def test_three_vetoers_conflict_in_two_pairs_and_the_last_blocks_alone() -> None:
    deal = three_vetoers()
    with answered_by(by_oracle):
        (found,) = conflicts(deal)
    assert set(found.conflicts) == {frozenset({A, C}), frozenset({B, C})}
    assert set(found.corrections) == {frozenset({C}), frozenset({A, B})}
    assert found.complete
    with answered_by(by_oracle):
        everywhere = blockers(deal, np.array([True]))
    assert everywhere.alone == {"0": 0, "1": 0, "2": 1}
    assert everywhere.actors == {"0": 1, "1": 1, "2": 1}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_search_finds_every_minimal_set_of_both_families(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 6))
    raw = data.draw(st.sets(st.integers(0, 2**n - 1), max_size=6))
    conflicting = {s for s in raw if not any(t != s and not t & ~s for t in raw)}
    found = families(n, conflicting)
    assert found.complete
    assert found.known
    assert set(found.conflicts) == conflicting
    assert set(found.corrections) == minimal_meeting(conflicting)
    assert minimal_meeting(found.corrections) == conflicting


def test_meeting_keeps_only_minimal_sets() -> None:
    assert meeting({0b01, 0b10}, 0b01) == {0b01}
    assert meeting({0b00}, 0b00) == set()
    assert minimal_meeting([0b011, 0b110]) == {0b010, 0b101}


def test_cut_search_misses_no_smaller_conflict() -> None:
    pairs = {1 << i | 1 << j for i, j in combinations(range(8), 2)}
    triple = {0b111 << 8}
    found = families(11, pairs | triple, most=5)
    assert not found.complete
    assert len(found.conflicts) == 5
    assert found.conflicts < pairs
    most = families(11, pairs | triple, most=28)
    assert most.conflicts == pairs
    assert not most.complete
    asked = families(11, pairs | triple, questions=3)
    assert not asked.complete
    assert asked.asked >= 3


def test_questions_stay_within_their_number_and_one_more_set_grown() -> None:
    n, sixes = 12, {sum(1 << k for k in own) for own in combinations(range(12), 6)}
    for questions in (1, 20, 100, 400):
        found = families(n, sixes, questions=questions)
        assert not found.complete
        assert questions <= found.asked <= questions + n


def test_search_gives_up_before_candidates_explode(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = {0b11 << 2 * k for k in range(6)}  # 6 conflicts, but 2^6 corrections on the way to them
    assert families(12, pairs).complete
    assert WIDEST > 6
    monkeypatch.setattr(hitting_sets, "WIDEST", 6)
    widths: list[int] = []

    def seen(sets: set[int], another: int) -> set[int]:
        widths.append(len(sets))
        return meeting(sets, another)

    monkeypatch.setattr(hitting_sets, "meeting", seen)
    found = families(12, pairs)
    assert max(widths) <= 6
    assert not found.complete
    assert set(found.conflicts) <= pairs


@settings(max_examples=50, deadline=None)
@given(deals(levels=True, most_issues=2), st.sampled_from(ACCEPTANCES))
def test_conflicts_and_corrections_are_those_of_a_search_through_all_subsets(
    deal: Deal, acceptance: Acceptance
) -> None:
    listed = demands(deal)
    if len(listed) > 9:
        deal = dropped(deal, listed[9:])
    table = Table(deal, demands(deal), acceptance)
    with answered_by(by_oracle):
        (found,) = conflicts(replace(deal, acceptance=acceptance))
    assert found.known
    assert found.complete
    assert set(found.conflicts) == table.conflicts()
    assert set(found.corrections) == table.corrections()


@settings(max_examples=25, deadline=None)
@given(deals(levels=False, losses=("city_block",)))
def test_every_conflict_fails_and_every_one_less_is_met(deal: Deal) -> None:
    (found,) = conflicts(deal)
    listed = set(demands(deal))
    for conflict in found.conflicts:
        assert not open_by_programs(dropped(deal, listed - conflict))
        for demand in conflict:
            assert open_by_programs(dropped(deal, listed - conflict | {demand}))
    for correction in found.corrections:
        assert open_by_programs(dropped(deal, correction))
        for demand in correction:
            assert not open_by_programs(dropped(deal, correction - {demand}))


def test_contradictory_red_lines_of_one_actor_are_a_conflict_of_its_own() -> None:
    deal = one([[0.5]], [[1]], [0.4], Voter(0), floor=[[0.7]], ceiling=[[0.3]])
    with answered_by(by_oracle):
        (found,) = conflicts(deal)
    assert found.conflicts == (frozenset({Demand(0, "floor", 0), Demand(0, "ceiling", 0)}),)
    assert found.corrections[0] <= found.conflicts[0]


def test_where_there_is_a_deal_nothing_has_to_go() -> None:
    deal = one([[0.5]], [[1]], [0.4], Voter(0))
    with answered_by(by_oracle):
        (found,) = conflicts(deal)
    assert found.conflicts == ()
    assert found.corrections == (frozenset(),)


def test_rule_that_nobody_can_meet_is_a_conflict_without_demands() -> None:
    deal = one([[0.5]], [[1]], [0.4], Threshold(2, ((1, Voter(0)),)))
    with answered_by(by_oracle):
        (found,) = conflicts(deal)
    assert found.conflicts == (frozenset(),)
    assert found.corrections == ()
    assert found.complete


def test_failure_of_a_solver_is_unknown_and_counts_nowhere() -> None:
    deal = stacked([three_vetoers()] * 2)

    def fails_later(posed: Deal, *, acceptance: Acceptance | None = None) -> Verdicts:
        told = by_oracle(posed, acceptance=acceptance)
        first = np.isfinite(posed.radius).sum(axis=1) == 1
        told.status[first & (np.arange(posed.draws) == 1)] = UNKNOWN
        return told

    def fails_at_once(posed: Deal, *, acceptance: Acceptance | None = None) -> Verdicts:
        told = by_oracle(posed, acceptance=acceptance)
        return replace(told, status=np.full_like(told.status, UNKNOWN))

    with answered_by(fails_later):
        found = blockers(deal, np.array([True, True]))
    assert found.unknown == 0.5
    assert shares(found) == {frozenset({A, C}): 1.0, frozenset({B, C}): 1.0}
    with answered_by(fails_at_once):
        nothing = blockers(deal, np.array([True, True]))
    assert nothing.unknown == 1
    assert not nothing.conflicts
    assert not nothing.actors


def test_blockers_over_draws_are_the_shares_of_single_draws() -> None:
    rng = np.random.default_rng(5)
    rule = all_of(Voter(0), Threshold(2, tuple((1, Voter(v)) for v in (1, 2, 3))))
    sides = [
        one(
            rng.random((4, 2)),
            rng.dirichlet((2, 2), size=4),
            rng.uniform(0.02, 0.25, 4),
            rule,
            floor=np.where(rng.random((4, 2)) < 0.3, 0.55, 0.0),
            ceiling=np.where(rng.random((4, 2)) < 0.3, 0.45, 1.0),
        )
        for _ in range(30)
    ]
    deal = stacked(sides)
    failed = verdicts(deal).status != DEAL
    assert 5 < failed.sum() < 30
    found = blockers(deal, failed)
    single: list[Conflicts] = [conflicts(side)[0] for side, no in zip(sides, failed, strict=True) if no]
    for conflict, share in shares(found).items():
        assert share == pytest.approx(np.mean([conflict in own.conflicts for own in single]))
    for voter in range(4):
        opens = verdicts(without(deal.rows(failed), [voter])).status == DEAL
        assert found.alone[str(voter)] == pytest.approx(opens.mean())
        part = [any(d.voter == voter for c in own.conflicts for d in c) for own in single]
        assert found.actors[str(voter)] == pytest.approx(np.mean(part))
    assert list(found.actors.values()) == sorted(found.actors.values(), reverse=True)
    assert len(set(found.actors.values())) > 1
    assert found.examined == failed.sum()
    assert blockers(deal, failed, examined=3).examined == 3


def test_members_of_one_actor_block_together() -> None:
    # A wants 0; of B's three members, who want 1, two are needed: none alone blocks, all together do
    votes = Threshold(2, tuple((1, Voter(v)) for v in (1, 2, 3)))
    deal = one([[0.0], [1.0], [1.0], [1.0]], [[1]] * 4, [0.4] * 4, all_of(Voter(0), votes))
    with answered_by(by_oracle):
        each = blockers(deal, np.array([True]))
        grouped = blockers(replace(deal, names=Names(("a", "b", "b", "b"))), np.array([True]))
    assert each.alone == {"0": 1, "1": 0, "2": 0, "3": 0}
    assert len(each.conflicts) == 3
    assert grouped.alone == {"a": 1, "b": 1}
    assert grouped.actors == {"a": 1, "b": 1}
    (both,) = grouped.conflicts
    assert ([str(one) for one in both.demands], both.share) == (["a no_deal", "b no_deal"], 1.0)


def test_answer_missing_while_a_correction_grows_ends_the_search_as_unknown() -> None:
    first, second = search(
        3, 2, lambda posed: [members if at or not members else None for at, members in posed]
    )
    assert not first.known
    assert not first.complete
    assert not first.corrections
    assert second.complete
    assert second.corrections == {0}


def test_nobody_blocks_where_no_draw_fails() -> None:
    found = blockers(three_vetoers(), np.array([False]))
    assert (found.examined, found.unknown) == (0, 0)
    assert not found.conflicts


def test_weaker_demands_are_the_deal_with_that_demand_moved() -> None:
    deal = one([[0.2, 0.8]], [[0.5, 0.5]], [0.1], Voter(0), floor=[[0.3, 0]], ceiling=[[1, 0.4]])
    floor, ceiling, gain = Demand(0, "floor", 0), Demand(0, "ceiling", 1), Demand(0, "no_deal")
    assert demands(deal) == (floor, ceiling, gain)
    assert softened(deal, floor, 0.1).floor[0, 0, 0] == pytest.approx(0.2)
    assert softened(deal, floor, 0.9).floor[0, 0, 0] == 0
    assert softened(deal, ceiling, np.array([0.9])).ceiling[0, 0, 1] == 1
    assert softened(deal, gain, 0.1).radius[0, 0] == pytest.approx(0.2)
    assert demands(without(deal, [0])) == ()
    assert demands(dropped(deal, [floor])) == (ceiling, gain)
    assert met(deal, demands(deal), np.array([[0.3, 0.7]])).tolist() == [[True, False, False]]
    assert met(replace(deal, acceptance="weak"), (gain,), np.array([[0.2, 0.6]])).tolist() == [[True]]
    assert met(deal, (gain,), np.array([[0.2, 0.6]])).tolist() == [[False]]
    assert met(deal, (), np.array([[0.2, 0.6]])).shape == (1, 0)
