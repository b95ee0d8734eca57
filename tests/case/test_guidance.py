"""Where what failing costs decides an answer by itself, the analyst is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Case
from detente.case.checked import check_text
from detente.case.guidance import NEARLY_ALL, NEARLY_NOTHING, accepted, one_size
from detente.catalog import open_case, slugs
from detente.lenses.winset.view import WinsetView

SHARES = st.integers(0, 100).map(lambda share: share / 100)
CASE = """\
detente: 1
title: A toll
actors:
  owner: {name: Owner, influence: 1}
  shippers: {name: Shippers, influence: 1}
issues:
  toll: {name: Toll, scale: {0: none, 100: double}, no_deal: 60}
  hours: {name: Hours, scale: {0: none, 8: all night}, no_deal: 2}
stances:
  toll: {owner: {position: 80, salience: 0.8}, shippers: {position: 40, salience: 0.7}}
  hours: {owner: {position: 1, salience: 0.4}, shippers: {position: 6, salience: 0.7}}
consent: {all_of: [owner, shippers]}
"""


def case(**changes: object) -> Case:
    found = check_text(CASE, Path("toll.yaml")).require()
    return found.with_({path.replace("__", "."): value for path, value in changes.items()})


def test_without_costs_all_that_is_nearer_than_no_deal_is_accepted() -> None:
    """From 80, no deal at 60: 60 to 100, two fifths of the scale. From 40: 20 to 60."""
    assert dict(accepted(case(), "owner"))["toll"] == pytest.approx(0.4)
    assert dict(accepted(case(), "shippers"))["toll"] == pytest.approx(0.4)
    assert one_size(case()) == ()


def test_a_cost_widens_what_is_accepted_by_its_share_of_the_scale_on_either_side() -> None:
    """Of an actor's own cost an issue carries the share that it has in what the actor cares about: half here."""
    dear = case(issues__toll__failure_cost=0.1)
    assert dict(accepted(dear, "shippers"))["toll"] == pytest.approx(0.6)
    assert dict(accepted(dear, "owner"))["toll"] == pytest.approx(0.5)  # the scale ends at 100
    own = case(actors__shippers__failure_cost=0.2)
    assert dict(accepted(own, "shippers"))["toll"] == pytest.approx(0.6)
    assert dict(accepted(own, "shippers"))["hours"] == pytest.approx(0.5 + 0.25 + 0.1)


def test_a_red_line_ends_what_is_accepted() -> None:
    within = case(stances__toll__shippers__accepts="30 to 50")
    assert dict(accepted(within, "shippers"))["toll"] == pytest.approx(0.2)
    assert dict(accepted(case(stances__toll__shippers__accepts=">= 100"), "shippers"))["toll"] == 0


def test_with_quadratic_losses_costs_are_squared_too() -> None:
    """√(0.2² + 0.3464²) = 0.4 around 40, so 0 to 80."""
    squared = case(issues__toll__failure_cost=0.12**0.5, options={"winset": {"loss": "quadratic"}})
    assert dict(accepted(squared, "shippers"))["toll"] == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"actors__shippers__failure_cost": 1.6},
            "Shippers would accept the whole of the scale on each of its 2 issues",
        ),
        (
            {"actors__owner__failure_cost": -0.6},
            "beside its own position Owner would accept next to nothing on each",
        ),
    ],
)
def test_who_accepts_anything_or_nothing_is_told_once_in_check_and_as_data(
    changes: dict[str, object], told: str
) -> None:
    odd = case(**changes)
    (one,) = one_size(odd)
    assert one.sentence.startswith(told)
    assert (one.least >= NEARLY_ALL) or (one.most <= NEARLY_NOTHING)
    found = check_text(odd.to_yaml(), Path("toll.yaml"))
    assert [one.message for one in found.warnings].count(one.sentence) == 1


def test_who_has_no_say_is_not_told_of() -> None:
    assert one_size(case(actors__shippers__failure_cost=1.6, consent="owner")) == ()


def test_on_one_issue_the_place_of_no_deal_is_what_the_case_is_about() -> None:
    """The hawk of the published model holds no deal for ideal, and abroad stands at the other end: no warning."""
    assert one_size(open_case("divided-government")) == ()
    alone = case(stances__hours=None, issues__toll__no_deal=80)
    assert one_size(alone) == ()
    judged = alone.with_({"actors.owner.failure_cost": -0.1})
    assert [one.accepts for one in one_size(judged)] == ["nearly nothing"]


@pytest.mark.parametrize("slug", slugs())
def test_published_cases_decide_nothing_by_one_number(slug: str) -> None:
    assert one_size(open_case(slug)) == ()


@given(SHARES, SHARES, SHARES, st.sampled_from(["city_block", "quadratic"]))
def test_it_is_what_the_lens_accepts(position: float, aside: float, cost: float, loss: str) -> None:
    """Of a fine grid, the share of points whose loss is below that of no deal, by the lens's own arithmetic."""
    changed = case(
        stances__toll__owner__position=100 * position,
        issues__toll__no_deal=100 * aside,
        issues__toll__failure_cost=cost,
        options={"winset": {"loss": loss}},
    )
    view = WinsetView(changed)
    deal = view.deal(next(one for one in view.deals if one.id == "toll"), view.table.means[None])
    row = [member.actor for member in view.voters].index("owner")
    losses = deal.losses(np.linspace(0, 1, 4001)[None, :, None])[0, :, row]
    share = float((losses <= deal.radius[0, row]).mean())
    assert dict(accepted(changed, "owner"))["toll"] == pytest.approx(share, abs=1e-3)
