"""Tests of what a deal changes, for whom, and who signs it, against numbers worked out by hand and slow sums."""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente.case.thresholds import Threshold, Voter, all_of
from detente.lenses.winset.agreement import gained, leading, sums, votes_of
from detente.lenses.winset.view import WinsetView
from tests.lenses.winset.cases import buyer_and_seller

CAPITALS = {
    "detente": 1,
    "title": "Two capitals",
    "actors": {
        "north": {"name": "North", "influence": 1},
        "south": {"name": "South", "influence": 1},
        "crowd": {"name": "Crowd", "influence": 1},
    },
    "issues": {
        "trade": {"name": "Trade", "scale": {0: "closed", 100: "open"}, "no_deal": 75},
        "arms": {"name": "Arms", "scale": {0: "none", 50: "no limit"}, "no_deal": 12.5},
    },
    "stances": {
        "trade": {
            "north": {"position": 100, "salience": 0.75},
            "south": {"position": 0, "salience": 0.25},
            "crowd": {"position": 100, "salience": 1},
        },
        "arms": {"north": {"position": 50, "salience": 0.25}, "south": {"position": 0, "salience": 0.75}},
    },
    "consent": {"all_of": ["north", "south", "house"]},
    "bodies": {
        "house": {"name": "House", "rule": {"votes": {"quota": 60, "weights": {"crowd": 40, "north": 60}}}}
    },
}


def test_a_deal_is_told_beside_what_there_is_without_it_and_by_whom_it_is_signed() -> None:
    """By hand: trade goes from 75 to 100 and arms from a quarter of the scale to nothing; half of 4 for each."""
    found = detente.winset(detente.Case.from_dict(CAPITALS)).agreements["all"]
    trade, arms = found.terms["trade"], found.terms["arms"]
    assert (trade.value, trade.without, trade.change, trade.share) == pytest.approx((100, 75, 25, 0.25))
    assert (arms.value, arms.without, arms.change, arms.share) == pytest.approx((0, 12.5, -12.5, -0.25))
    assert trade.nearer == pytest.approx({"north": 0.25, "south": -0.25, "crowd": 0.25})
    assert arms.nearer == pytest.approx({"north": -0.25, "south": 0.25})
    assert (trade.toward, arms.toward) == (("north", "crowd"), ("south",))
    assert found.gains == pytest.approx({"north": 0.125, "south": 0.125, "crowd": 0.25})
    assert found.by_terms == pytest.approx(found.gains)
    assert found.signs == {"north": 1.0, "south": 1.0, "crowd": 1.0}
    (ballot,) = found.ballots
    assert (ballot.body, ballot.actors, ballot.votes, ballot.needed, ballot.total) == (
        "House",
        ("crowd", "north"),
        100,
        60,
        100,
    )
    assert (found.size, found.draws, found.stops) == ("agreed", 1, {})


def test_a_deal_in_half_of_the_draws_or_fewer_is_seldom() -> None:
    found = {}
    for limit in (98, 102):
        made = detente.winset(buyer_and_seller(f"{limit} ± 10"), draws=400)
        found[made.chance("price").probability] = made.agreements["price"].size
    low, high = sorted(found)
    assert 0.4 < low <= 0.5 < high < 0.6
    assert (found[low], found[high]) == ("seldom", "agreed")


@pytest.mark.parametrize(("threshold", "size"), [(0.25, "agreed"), (0.26, "little")])
def test_a_deal_that_moves_no_issue_by_the_threshold_changes_little(threshold: float, size: str) -> None:
    """The threshold is an option, and counts from itself on."""
    case = detente.Case.from_dict({**CAPITALS, "options": {"winset": {"notable": threshold}}})
    assert detente.winset(case).agreements["all"].size == size


def test_what_failing_costs_is_part_of_the_gain_but_not_of_the_terms() -> None:
    """Without a deal North loses a tenth of the scale more: its gain grows by that, its terms do not."""
    case = detente.Case.from_dict(CAPITALS).with_({"actors.north.failure_cost": 0.1})
    found = detente.winset(case).agreements["all"]
    assert found.gains["north"] - found.by_terms["north"] == pytest.approx(0.1)


def test_no_deal_is_told_with_those_whose_demands_are_in_the_way() -> None:
    """Nothing is told of terms that there are not."""
    found = detente.winset(detente.Case.from_dict(CAPITALS)).agreements["trade"]
    assert (found.size, found.draws, found.terms, found.signs) == ("none", 0, {}, {})
    assert found.stops.keys() == {"north", "south"}


def test_sums_over_draws_are_those_of_each_draw_by_itself() -> None:
    """Draws in blocks and one by one give the same, and those without a package count nowhere."""
    doubt = {f"stances.trade.{actor}.salience": "0.2..1" for actor in ("north", "south", "crowd")}
    view = WinsetView(detente.Case.from_dict(CAPITALS).with_(doubt))
    deal = view.deal(view.deals[0], view.table.sample(1, 0, 40))
    rng = np.random.default_rng(1)
    packages = rng.random((40, 2))
    packages[::3] = np.nan
    own, value = leading(deal, packages)
    whole, gains_told = sums(own, value), gained(own, value)
    parts = [sums(own.draw(k), value[k : k + 1]) for k in range(len(value))]
    for name, total in whole.items():
        assert sum(part[name] for part in parts) == pytest.approx(total), name
    gains, accepts = np.zeros(deal.voters), np.zeros(deal.voters)
    for k in range(40):
        for v in range(deal.voters) if np.isfinite(packages[k]).all() else ():
            lost = [
                deal.salience[k, v, i] * abs(packages[k, i] - deal.ideal[k, v, i])
                - deal.salience[k, v, i] * abs(deal.no_deal[k, i] - deal.ideal[k, v, i])
                for i in range(2)
            ]
            gains[v] -= sum(lost)
            accepts[v] += -sum(lost) > 1e-7
    assert gains_told == pytest.approx({deal.actor(v): gains[v] / len(value) for v in range(deal.voters)})
    assert whole["by_terms"] == pytest.approx(gains)
    assert whole["accepts"] == pytest.approx(accepts)


def test_a_vote_is_told_with_the_body_around_it_and_unanimity_is_no_vote() -> None:
    """A rule of all or of any one is no vote; of nested ones each is found."""
    inner = Threshold(2, ((1, Voter(0)), (1, Voter(1)), (1, Voter(2))))
    rule = all_of(Voter(3), all_of(inner, Voter(1), name="Treaty"))
    assert votes_of(rule) == [("Treaty", inner)]
    assert votes_of(inner) == []


def test_terms_that_go_as_far_as_the_last_vote_goes_are_carried_by_it() -> None:
    """By hand: no deal is 50, so who wants 55 goes to 60 and gains nothing there; its vote counts."""
    case = detente.Case.from_dict(
        {
            "detente": 1,
            "title": "A bill",
            "actors": {one: {"name": one, "influence": 1} for one in ("president", "a", "b", "c")},
            "issues": {"bill": {"name": "Bill", "scale": {0: "no", 100: "yes"}, "no_deal": 50}},
            "stances": {
                "bill": {
                    one: {"position": at, "salience": 1}
                    for one, at in {"president": 100, "a": 60, "b": 55, "c": 40}.items()
                }
            },
            "consent": {"all_of": ["president", "house"]},
            "bodies": {"house": {"name": "House", "rule": {"at_least": 2, "of": ["a", "b", "c"]}}},
        }
    )
    found = detente.winset(case).agreements["bill"]
    assert found.terms["bill"].value == pytest.approx(60)
    (ballot,) = found.ballots
    assert (ballot.votes, ballot.needed, ballot.least) == (2, 2, 2)
    assert found.signs == {"president": 1.0, "a": 1.0, "b": 1.0, "c": 0.0}
