"""``detente run winset``, and what other commands tell of deals: versions, inputs moved alone, powers."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from detente.case import Case
from tests.cli.calling import Invoke, data_of
from tests.lenses.winset.dealing import deals
from tests.schemas import validate

FEW = ("--draws", "60")
SCENARIOS = ("Congress holds firm", "US aid ends")
SPACE = "\N{NO-BREAK SPACE}"


def saved(folder: Path, name: str) -> str:
    path = folder / "case.yaml"
    deals()[name].save(path)
    return str(path)


def told(invoke: Invoke, *arguments: str) -> str:
    """Return what a command that goes well prints, on one line; no line of it is too wide."""
    done = invoke(*arguments)
    assert done.exit_code == 0, done.output
    assert not [line for line in done.stdout.splitlines() if cell_len(line) > 80]
    return " ".join(done.stdout.replace(SPACE, " ").split())


@pytest.mark.parametrize("name", list(deals()))
def test_the_screen_of_any_case_keeps_to_its_columns(invoke: Invoke, tmp_path: Path, name: str) -> None:
    text = told(invoke, "run", "winset", saved(tmp_path, name), *FEW)
    # Beside scenarios, the likelihood as things stand says so; on its own it needs no more than its name.
    assert f"Every deal deal {'as it ' if deals()[name].scenarios else 'probability '}" in text
    assert "ground" in text


def test_the_case_of_2024_is_told_deal_by_deal_in_every_scenario(invoke: Invoke) -> None:
    text = told(invoke, "run", "winset", "us-russia-2024", *FEW)
    for heading in (
        *SCENARIOS,
        "Ukraine: ",
        "Grand bargain: no common ground",
        "In the way: Russian presidency’s",
    ):
        assert heading in text
    assert "A probability is the share of draws with a deal" in text


def test_json_has_probabilities_blockers_levers_and_solutions_and_keeps_to_its_schema(
    invoke: Invoke, tmp_path: Path
) -> None:
    path = saved(tmp_path, "packages")
    data = data_of(invoke("run", "winset", path, "--json", *FEW))
    validate(data, invoke("schema", "winset").stdout)
    assert set(data["deal_probability"]) >= {"as_it_stands", "softer", "other"}
    for scenario in ("as_it_stands", "softer", "other"):
        chances = data["deal_probability"][scenario]
        assert set(chances) == {"both", "again", "trade", "arms"}
        for chance in chances.values():
            assert 0 <= chance["low95"] <= chance["probability"] <= chance["high95"] <= 1
    assert set(data["levers"]) == {"both", "again", "trade", "arms"}
    assert {"trade", "arms"} <= set(data["blockers"])
    assert set(data["solutions"]["both"]) == {"nash", "kalai_smorodinsky", "egalitarian", "utilitarian"}


def test_a_scenario_can_be_asked_alone(invoke: Invoke, tmp_path: Path) -> None:
    path = saved(tmp_path, "packages")
    data = data_of(invoke("run", "winset", path, "--scenario", "other", "--json", *FEW))
    assert set(data["deal_probability"]) == {"other"}
    assert "no common ground" in told(invoke, "run", "winset", path, "--scenario", "other", *FEW)


def test_one_deal_is_drawn_and_two_packages_are_not(invoke: Invoke, tmp_path: Path) -> None:
    assert "--o--" in told(invoke, "run", "winset", saved(tmp_path, "one issue"), *FEW)
    assert "--o--" not in told(invoke, "run", "winset", saved(tmp_path, "packages"), *FEW)
    exact = told(invoke, "run", "winset", saved(tmp_path, "nothing in doubt"))
    assert "no input carries doubt" in exact
    assert "All issues together: common ground" in exact


def test_the_screen_tells_what_could_not_be_decided(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente.lenses.winset.result import WinsetResult

    chance = WinsetResult.chance

    def shaky(self: WinsetResult, deal: str, scenario: str | None = None) -> object:
        return chance(self, deal, scenario).model_copy(update={"unknown": 0.25})

    monkeypatch.setattr(WinsetResult, "chance", shaky)
    text = told(invoke, "run", "winset", saved(tmp_path, "one issue"), *FEW)
    assert "Up to 25 % of draws could not be decided; they count neither way." in text


def test_a_case_without_consent_is_an_error_that_says_what_to_add(invoke: Invoke) -> None:
    done = invoke("run", "winset", "emission-standards-1985")
    assert done.exit_code == 1
    assert "the case has none; add who must say yes" in done.stderr
    assert done.stdout == ""


def test_versions_are_compared_by_how_likely_a_deal_is(invoke: Invoke, tmp_path: Path) -> None:
    path = saved(tmp_path, "packages")
    asked = ("compare", path, "--scenario", "other", "--scenario", "softer", "--lens", "winset", *FEW)
    text = told(invoke, *asked, "--scenario", "as-is")
    assert "60 common draws, seed 1" in text
    assert "A harder South A softer North As is Both, at once 0 % 100 % 100 %" in text
    found = data_of(invoke(*asked, "--json"))
    assert found["lens"] == "winset"
    assert found["differences"]["both.deal"]["softer"]["mean"] == 1


def test_a_version_that_differs_nowhere_is_told_so(invoke: Invoke, tmp_path: Path) -> None:
    path = saved(tmp_path, "packages")
    text = told(invoke, "compare", path, "--scenario", "softer", "--lens", "winset", *FEW)
    assert "As is A softer North Both, at once 100 % 100 %" in text


def test_a_tornado_of_deals_names_the_input_that_makes_or_breaks_one(invoke: Invoke, tmp_path: Path) -> None:
    path = saved(tmp_path, "one issue")
    text = told(invoke, "tornado", path, "--lens", "winset")
    assert "Every input alone from its 10 % to its 90 % quantile" in text
    assert "Buyer: red line, upper on Price 97 “Price” has no deal" in text
    assert "and 1 row more" in told(invoke, "tornado", path, "--lens", "winset", "--top", "1")
    sure = told(
        invoke, "tornado", path, "--lens", "winset", "--set", "stances.price.buyer.accepts=<= 160 ± 2"
    )
    assert "No input in doubt, moved alone, changes what is so." in sure


def test_a_tornado_of_deals_can_be_kept_to_one_issue(invoke: Invoke) -> None:
    text = told(invoke, "tornado", "us-russia-2024", "--lens", "winset", "--issue", "us_nato")
    assert "“US commitment to NATO” has no deal" in text
    assert "US–Russian economic dealings” has" not in text


def test_a_tornado_names_members_payments_and_costs(invoke: Invoke, tmp_path: Path) -> None:
    for name in ("payments", "many who vote"):
        assert "Every input alone" in told(invoke, "tornado", saved(tmp_path, name), "--lens", "winset")
    told(invoke, "tornado", "us-russia-2024", "--lens", "winset")


def test_the_powers_of_one_issue_name_it_once(invoke: Invoke, tmp_path: Path) -> None:
    assert "Needed for: Price." in told(invoke, "power", saved(tmp_path, "one issue"))
    two = told(invoke, "power", saved(tmp_path, "no red lines"))
    assert "Needed for: all issues together, Trade, Arms." in two


def test_the_brief_leads_with_the_verdict_and_says_how_likely_a_deal_is(
    invoke: Invoke, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    path = saved(tmp_path, "no deal at all")
    text = told(invoke, "brief", path, "-o", str(page), *FEW)
    assert text.startswith("Two capitals There is no deal. All who must consent would accept “All issues")
    assert "in none of 60 draws; North and South stop it." in text
    assert "deal agreed All issues together none of 60 (0 to 6 %)" in text
    assert "if South’s maximum on Trade were lifted, there would be a deal in every draw" in text
    assert "Such forecasts missed by 23 points of 100 on average." in text
    assert "Who signs, and who stops it" in page.read_text(encoding="utf-8")
    # Which demands collide is told where deals are examined.
    deep = told(invoke, "run", "winset", path, *FEW)
    assert "exists in none of 60 draws (0 to 6 %)" in deep
    assert "North’s minimum and South’s maximum on Trade cannot both hold." in deep


def test_a_saved_case_is_read_back_as_it_was(tmp_path: Path) -> None:
    from detente.catalog import open_case

    for name in ("packages", "many who vote"):
        assert isinstance(open_case(saved(tmp_path, name)), Case)
        assert open_case(saved(tmp_path, name)).fingerprint == deals()[name].fingerprint
