"""The US–Russia case: what its game and its consent say, and that the notes in it tell what the lenses find."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from detente.case import Case
from detente.case.thresholds import vetoers
from detente.catalog import open_case
from detente.lenses import run
from detente.lenses.stability import StabilityResult
from detente.lenses.winset.engine import DEAL, verdicts
from detente.lenses.winset.view import WinsetView
from tests.lenses.stability.presence import present

TODAY, FULL, LESSER, BARE = "NNNNYNNN", "NYNYNYNY", "NYNYYYNN", "NYNNYNNN"
LESSER_WITHOUT_ARMS, GAP_FILLED = "YYNYYYNN", "YNNNYNYN"
DRAWS = 1_000
NEAR = 0.05  # three standard errors of a share of 1,000 draws


@pytest.fixture(scope="module")
def reset() -> Case:
    return open_case("us-russia-2024")


@cache
def holds(scenario: str) -> StabilityResult:
    concepts = ["nash", "gmr", "smr", "seq"]
    changes = {"options.stability.concepts": concepts}
    found = run(
        open_case("us-russia-2024"), "stability", scenario=scenario, changes=changes, draws=DRAWS, seed=5
    )
    assert isinstance(found, StabilityResult)
    return found


def share(scenario: str, concept: str, state: str) -> float:
    found = holds(scenario).shares[concept].get(state)
    return found.share if found else 0.0


# --- the game ----------------------------------------------------------------------------------------------------


def test_those_who_can_move_do_and_every_wish_is_sourced_and_in_doubt(reset: Case) -> None:
    game = reset.game
    assert game is not None
    assert 8 <= len(game.options) <= 14
    assert set(game.preferences) == {"white_house", "congress", "kremlin", "kyiv", "eu"}
    assert all(option.because for option in game.options.values())
    assert all(ban.because and ban.note for ban in game.infeasible)
    for preference in game.preferences.values():
        for wish in preference.weights.values():
            assert wish.because
            assert not wish.weight.is_exact


def test_states_are_few_enough_to_be_followed_one_by_one() -> None:
    assert holds("as-is").state_count <= 256


def test_today_holds_as_it_is_and_the_bare_reset_does_not() -> None:
    assert share("as-is", "nash", TODAY) == pytest.approx(0.54, abs=NEAR)
    assert share("as-is", "seq", TODAY) == pytest.approx(0.79, abs=NEAR)
    assert share("as-is", "seq", BARE) == pytest.approx(0.04, abs=NEAR)


def test_resets_hold_by_deterrence_only_and_cannot_be_reached_step_by_step() -> None:
    for state, expected in ((LESSER, 0.85), (FULL, 0.69)):
        assert share("as-is", "nash", state) < 0.05
        assert share("as-is", "seq", state) == pytest.approx(expected, abs=NEAR)
        by_gain = [r for r in present(holds("as-is").reached) if r.state == state and r.by == "improvements"]
        assert [reached.length for reached in by_gain] == [None]


def test_white_house_and_kyiv_would_leave_the_lesser_reset_and_moscow_the_full_one() -> None:
    leaving = {
        (why.state, why.actor)
        for why in present(holds("as-is").why)
        if why.concept == "nash" and not why.stable and why.state in (LESSER, FULL)
    }
    assert {(LESSER, "white_house"), (LESSER, "kyiv")} <= leaving
    nash = holds("as-is").stable["nash"]
    assert FULL not in present(nash["kremlin"])
    assert FULL in present(nash["kyiv"])


def test_a_firm_congress_leaves_today_and_the_full_reset() -> None:
    firm = "congress-holds-firm"
    assert share(firm, "seq", TODAY) > 0.98
    assert share(firm, "seq", FULL) == pytest.approx(0.71, abs=NEAR)
    assert share(firm, "seq", LESSER) == pytest.approx(0.03, abs=NEAR)


def test_without_american_aid_today_falls_and_the_lesser_reset_comes_within_reach() -> None:
    ends = "us-aid-ends"
    assert share(ends, "seq", TODAY) < 0.05
    assert share(ends, "seq", GAP_FILLED) == pytest.approx(0.70, abs=NEAR)
    assert share(ends, "seq", LESSER_WITHOUT_ARMS) == pytest.approx(0.88, abs=NEAR)
    by_gain = [
        r for r in present(holds(ends).reached) if r.state == LESSER_WITHOUT_ARMS and r.by == "improvements"
    ]
    assert by_gain[0].length is not None


# --- consent -----------------------------------------------------------------------------------------------------

MOSCOWS_LINE = "stances.territory.kremlin.accepts"


@cache
def chances(scenario: str, *lifted: str) -> dict[str, float]:
    """Return how likely each deal is, with some red lines lifted."""
    case = open_case("us-russia-2024").with_(scenario=scenario)
    view = WinsetView(case.with_(dict.fromkeys(lifted)) if lifted else case)
    values = view.table.sample(5, 0, DRAWS)
    return {
        terms.id: float(np.mean(verdicts(view.deal(terms, values)).status == DEAL)) for terms in view.deals
    }


def test_every_body_and_deal_rests_on_a_source(reset: Case) -> None:
    assert all(body.because for body in reset.bodies.values())
    assert all(deal.because for deal in reset.deals.values())
    assert all(actor.because for actor in reset.actors.values() if actor.failure_cost is not None)


def test_law_asks_those_whom_it_names(reset: Case) -> None:
    view = WinsetView(reset)
    required = {
        terms.id: {
            member.actor
            for member, needed in zip(view.voters, vetoers(terms.rule, len(view.voters)), strict=True)
            if needed
        }
        for terms in view.deals
    }
    assert {"kyiv", "kremlin", "white_house"} == required["territory"]
    assert {"congress", "eu", "hungary", "eastern_flank"} <= required["sanctions"]
    assert {"hungary", "germany", "kyiv", "congress"} <= required["nato_membership"]
    assert {"congress", "white_house", "kremlin"} == required["aid"]
    assert "maga_wing" not in required["grand_bargain"]


@pytest.mark.parametrize("scenario", ["as-is", "congress-holds-firm", "us-aid-ends"])
def test_no_common_ground_on_what_a_reset_is_said_to_turn_on(scenario: str) -> None:
    found = chances(scenario)
    for deal in ("nato_membership", "sanctions", "common_ground", "grand_bargain"):
        assert found[deal] < 0.05
    assert found["business"] > 0.9


def test_an_end_of_aid_makes_a_deal_on_ukraine_possible_but_not_likely() -> None:
    assert chances("as-is")["ukraine"] == pytest.approx(0.02, abs=0.02)
    assert chances("us-aid-ends")["ukraine"] == pytest.approx(0.23, abs=NEAR)


def test_over_land_moscow_and_kyiv_stand_in_each_others_way_and_congress_behind_kyiv() -> None:
    kyiv, congress = (f"stances.territory.{actor}.accepts" for actor in ("kyiv", "congress"))
    assert chances("as-is", MOSCOWS_LINE)["ukraine"] > 0.85
    assert chances("as-is", kyiv)["ukraine"] == pytest.approx(0.23, abs=NEAR)
    assert chances("as-is", kyiv, congress)["ukraine"] > chances("as-is", kyiv)["ukraine"] + 0.2


def test_a_say_in_everything_for_congress_makes_no_deal_likelier() -> None:
    firm, free = chances("congress-holds-firm"), chances("as-is")
    assert firm["economy"] < free["economy"] + 0.01
    assert firm["business"] <= free["business"]
