"""Two-level games and package deals: what was published, or can be worked out by hand, comes out of the zone."""

from __future__ import annotations

from functools import cache

import pytest

from detente.catalog import open_case
from detente.lenses import run
from detente.lenses.winset import WinsetResult


@cache
def solved(slug: str, scenario: str | None = None) -> WinsetResult:
    found = run(open_case(slug), "winset", scenario=scenario, draws=4)
    assert isinstance(found, WinsetResult)
    return found


# --- Milner & Rosendorff 1997 ------------------------------------------------------------------------------------


def protection(scenario: str | None = None) -> float:
    """Return the terms that the president and the foreign country agree on, given what will be ratified."""
    return (
        solved("divided-government", scenario)
        .deals["protection"]
        .centre.solutions["nash"]
        .terms["protection"]
    )


def president(scenario: str | None = None) -> float:
    package = solved("divided-government", scenario).deals["protection"].centre.solutions["nash"]
    gain = package.gains["president"]
    assert gain is not None
    return gain


def test_president_and_foreign_country_left_alone_meet_halfway() -> None:
    assert protection() == pytest.approx(0.5, abs=1e-4)


def test_protection_rises_with_division_of_government() -> None:
    assert protection("hawkish") == pytest.approx(0.6, abs=1e-6)
    assert protection("too-hawkish") == pytest.approx(0.8, abs=1e-6)


def test_schellings_conjecture_holds_only_while_the_legislature_is_not_too_hawkish() -> None:
    assert president("hawkish") > president() > president("too-hawkish")
    assert president() == pytest.approx(0.15, abs=1e-5)
    assert president("hawkish") == pytest.approx(0.16, abs=1e-6)
    assert president("too-hawkish") == pytest.approx(0.12, abs=1e-6)


def test_a_legislature_content_with_what_is_ratifies_nothing() -> None:
    found = solved("divided-government", "content")
    assert found.deals["protection"].centre.status == "touching"
    assert found.chance("protection").probability == 0


def test_only_who_cannot_be_done_without_shares_the_gains() -> None:
    assert solved("divided-government").deals["protection"].parties == ("president", "abroad")


# --- Raiffa 1982, Brams & Taylor 1996: Panama Canal --------------------------------------------------------------


@pytest.fixture(scope="module")
def panama() -> WinsetResult:
    return solved("panama-canal-1974")


WON_BY_UNITED_STATES = {"us_defence", "use_rights", "expansion_rights", "routes"}


@pytest.mark.parametrize(("solution", "error"), [("egalitarian", 1e-6), ("nash", 1e-3)])
def test_adjusted_winner_gives_each_side_66_points(panama: WinsetResult, solution: str, error: float) -> None:
    (deal,) = panama.packages
    package = panama.deals[deal].centre.solutions[solution]
    for gain in package.gains.values():
        assert gain is not None
        assert 100 * (0.5 + gain) == pytest.approx(66, abs=100 * error)
    shares = dict(package.terms)
    assert shares.pop("land_water") == pytest.approx(2 / 15, abs=error)
    assert shares == pytest.approx(
        {issue: float(issue in WON_BY_UNITED_STATES) for issue in shares}, abs=1e-6
    )


def test_no_issue_of_the_canal_can_be_settled_alone(panama: WinsetResult) -> None:
    (deal,) = panama.packages
    linking = panama.deals[deal].linking
    assert linking is not None
    assert linking.opens
    assert not any(linking.alone.values())


# --- the case to work out by hand --------------------------------------------------------------------------------


def area(corners: tuple[tuple[float, float], ...]) -> float:
    """Return the area of a polygon."""
    turned = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in turned)) / 2


@pytest.fixture(scope="module")
def linked() -> WinsetResult:
    return solved("linked-issues")


def test_every_solution_gives_each_side_what_it_cares_for(linked: WinsetResult) -> None:
    answer = linked.deals["treaty"].centre
    assert answer.status == "deal"
    assert answer.margin == pytest.approx(1 / 8)
    for package in answer.solutions.values():
        assert package.terms == pytest.approx({"fishing": 1, "pipeline": 0}, abs=1e-6)
        assert package.gains["arda_assembly"] == pytest.approx(1 / 8)
        assert package.gains["bely_cabinet"] == pytest.approx(1 / 4)


def test_extents_of_the_zone_are_those_of_its_corners(linked: WinsetResult) -> None:
    extents = linked.deals["treaty"].extents
    assert (extents["fishing"].low, extents["fishing"].high) == pytest.approx((3 / 4, 1))
    assert (extents["pipeline"].low, extents["pipeline"].high) == pytest.approx((0, 1 / 4), abs=1e-8)


def test_each_assembly_would_sign_a_third_of_all_packages(linked: WinsetResult) -> None:
    sides = linked.deals["treaty"].sides
    assert sides
    for side in sides:
        assert side.size == pytest.approx(1 / 3, abs=max(4 * side.error, 0.01))


def test_linking_makes_the_deal(linked: WinsetResult) -> None:
    linking = linked.deals["treaty"].linking
    assert linking is not None
    assert linking.opens
    assert linking.alone == {"fishing": False, "pipeline": False}
    # Of the 1/8 that each assembly asks for, fishing carries 3/4 of the one and 1/4 of the other.
    assert linked.deals["fishing"].centre.margin == pytest.approx(-1 / 16)
    swaps = {swap.actor: swap for swap in linking.swaps}
    assert set(swaps["arda_assembly"].gets) == {"fishing"}
    assert set(swaps["bely_assembly"].gets) == {"pipeline"}
    # No issue has a deal alone: what an assembly gains by linking is what it gains by the treaty.
    assert swaps["arda_assembly"].gain == swaps["bely_assembly"].gain == pytest.approx(1 / 8)


def test_firmer_assemblies_lack_half_a_unit_each() -> None:
    answer = solved("linked-issues", "firmer-assemblies").deals["treaty"]
    assert answer.centre.status == "none"
    assert answer.centre.margin == pytest.approx(-1 / 8)
    opening = answer.opening
    assert opening is not None
    assert opening.total == pytest.approx(1 / 4, abs=1e-5)
    assert opening.bound == pytest.approx(1 / 4, abs=1e-5)
    assert {step.actor: round(step.by, 4) for step in opening.steps} == {
        "arda_assembly": 0.125,
        "bely_assembly": 0.125,
    }


@pytest.mark.parametrize(("scenario", "size"), [(None, 1 / 24), ("weaker-assemblies", 1 / 6)])
def test_area_of_the_zone_is_the_one_found_by_triangles(scenario: str | None, size: float) -> None:
    plane = solved("linked-issues", scenario).plane
    assert plane is not None
    found = sum(area(tuple(outline)) for outline in plane.zone.outlines)
    assert found == pytest.approx(size, rel=0.02)
