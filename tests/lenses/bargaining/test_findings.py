"""Sentences that a reader takes away."""

from __future__ import annotations

from typing import Any

import pytest

from detente.case import Case, Issue
from detente.lenses.bargaining import LENS, BargainingResult
from detente.lenses.bargaining.exchange import exchange
from detente.show.words import percent, place, position

SPACE = "\N{NO-BREAK SPACE}"


def issue(**parts: Any) -> Issue:
    return Issue.model_validate({"name": "I", "scale": {0: "none", 50: "half", 100: "all"}, **parts})


def solved(stances: dict[str, Any], **parts: Any) -> BargainingResult:
    case = {
        "title": "T",
        "actors": {name: {"name": name.upper(), "influence": 1} for name in "abc"},
        "issues": {name: {"name": f"Issue {name}", "scale": {0: "none", 100: "all"}} for name in stances},
        "stances": stances,
        "options": {"bargaining": {"methods": ["mean", "median", "nash", "exchange"]}},
    }
    return LENS.simulate(Case.from_dict({**case, **parts}), draws=400).result()


def stance(position: object, salience: object = 1) -> dict[str, Any]:
    return {"position": position, "salience": salience}


def sentences(result: BargainingResult) -> dict[str, str]:
    return {finding.id: finding.sentence.replace(SPACE, " ") for finding in result.findings}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "at “none”"),
        (3, "at “none”"),
        (47, "at “half”"),
        (20, "between “none” and “half”"),
        (100, "at “all”"),
    ],
)
def test_a_position_is_said_in_the_words_of_its_scale(value: float, text: str) -> None:
    assert place(value, issue()) == text


@pytest.mark.parametrize(
    ("scale", "value", "text"),
    [
        ((0, 100), 46.4, "46"),
        ((0, 100), -0.2, "0"),
        ((4, 10), 7.38996, "7.39"),
        ((0, 1), 0.12345, "0.12"),
        ((0, 12), 7.2, "7.2"),
        ((0, 2_000_000), 1234567, "1,234,567"),
    ],
)
def test_a_position_has_the_decimals_that_its_scale_deserves(
    scale: tuple[float, float], value: float, text: str
) -> None:
    assert position(value, issue(scale={scale[0]: "low", scale[1]: "high"})) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (0.001, "under 1 %"), (0.999, "over 99 %"), (0.314, "31 %")],
)
def test_a_share_never_claims_all_or_nothing_by_rounding(share: float, text: str) -> None:
    assert percent(share).replace(SPACE, " ") == text


def test_an_exact_case_has_no_interval_and_a_doubtful_one_has() -> None:
    exact = solved({"i": {"a": stance(20), "b": stance(60)}})
    assert sentences(exact)["settles.i"] == "Issue i: would settle at 40, between “none” and “all”."
    doubtful = solved({"i": {"a": stance("10..30"), "b": stance(60)}})
    assert "(80 % of draws 36 to 44)" in sentences(doubtful)["settles.i"]


def test_methods_that_part_by_more_than_a_tenth_of_the_scale_are_told() -> None:
    apart = solved({"i": {"a": stance(0), "b": stance(0), "c": stance(100)}})
    assert sentences(apart)["methods.i"] == (
        "Issue i: the methods disagree, from 0 (weighted median) to 33 (weighted mean)."
    )
    together = solved({"i": {"a": stance(45), "b": stance(50), "c": stance(55)}})
    assert "methods.i" not in sentences(together)


def test_it_is_told_when_nothing_is_better_than_no_deal() -> None:
    issues = {"i": {"name": "Issue i", "scale": {0: "none", 100: "all"}, "no_deal": 50}}
    split = solved({"i": {"a": stance(0), "b": stance(100)}}, issues=issues)
    assert sentences(split)["no_agreement.i"] == (
        "Issue i: no outcome is better than no deal for every actor (Nash bargaining)."
    )
    assert split.issues["i"]["nash"].no_agreement == 1
    assert split.issues["i"]["nash"].mean == 50
    often = solved({"i": {"a": stance("40..60"), "b": stance(100)}}, issues=issues)
    share = often.issues["i"]["nash"].no_agreement
    assert share == pytest.approx(0.5, abs=0.1)
    told = percent(share or 0).replace(SPACE, " ")
    assert sentences(often)["no_agreement.i"] == (
        f"Issue i: in {told} of draws no outcome is better than no deal for every actor (Nash bargaining)."
    )


def test_the_actor_with_the_most_weight_pulls_hardest() -> None:
    result = solved({"i": {"a": stance(0, 0.5), "b": stance(100, 1), "c": stance(50, 0.5)}})
    assert sentences(result)["pull.i"] == "Issue i: most weight lies with B, 50 % of it."
    assert result.pull["i"]["b"].salience == pytest.approx((100 - 62.5) / 2)
    (finding,) = (one for one in result.findings if one.id == "pull.i")
    assert finding.drivers == ("stances.i.b.salience", "actors.b.influence")
    assert finding.numbers == {"lowest_share": 0.5, "highest_share": 0.5}


def test_a_single_actor_gets_what_it_wants_and_pulls_nobody() -> None:
    result = solved({"i": {"a": stance(20)}})
    assert result.issues["i"]["mean"].mean == 20
    assert "pull.i" not in sentences(result)


def test_the_most_rewarding_trade_names_who_gives_what_and_who_is_hurt() -> None:
    stances = {
        "i": {"a": stance(0, 0.9), "b": stance(100, 0.2), "c": stance(100, 0.5)},
        "j": {"a": stance(0, 0.2), "b": stance(100, 0.9), "c": stance(0, 0.5)},
    }
    result = solved(stances)
    trade = (result.trades or ())[0]
    assert {trade.first, trade.second} == {"a", "b"}
    giver = {trade.gives_first: trade.first, trade.gives_second: trade.second}
    assert giver == {"i": "b", "j": "a"}
    assert trade.share == 1
    assert trade.central
    assert trade.hurt["c"] > 0
    first, second = (trade.first.upper(), trade.second.upper())
    assert sentences(result)["trade"] == (
        f"The most rewarding trade (made in every draw): a concession by {first} on Issue {trade.gives_first}, "
        f"for one by {second} on Issue {trade.gives_second}. It costs C most."
    )
    assert trade.shift_first < 0 < trade.shift_second


def test_a_forecast_rests_on_the_positions_of_those_who_weigh_most() -> None:
    stances = {
        name: stance(20 * k, weight)
        for k, (name, weight) in enumerate(zip("abc", (0.1, 0.9, 0.5), strict=True))
    }
    (finding,) = (one for one in solved({"i": stances}).findings if one.id == "settles.i")
    assert finding.drivers == tuple(f"stances.i.{actor}.position" for actor in "bca")
    assert (finding.table, finding.section) == ("forecasts", "outcomes")


def test_a_unit_is_told_with_the_forecast_where_it_is_short() -> None:
    issues = {"i": {"name": "Issue i", "scale": {0: "none", 100: "all"}, "unit": "tonnes"}}
    told = sentences(solved({"i": {"a": stance(20), "b": stance(60)}}, issues=issues))
    assert told["settles.i"] == "Issue i: would settle at 40 tonnes, between “none” and “all”."


def test_that_trading_was_broken_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the model gives then is not where trading ends."""
    stances = {
        name: {"a": stance(0, first), "b": stance(50, 0.5), "c": stance(100, 1 - first)}
        for name, first in (("x", 0.9), ("y", 0.1), ("z", 0.4))
    }
    ended = solved(stances)
    assert (ended.trades_broken_off, "broken off" in sentences(ended)["trade"]) == (0, False)
    monkeypatch.setattr(exchange, "__kwdefaults__", {**(exchange.__kwdefaults__ or {}), "max_trades": 1})
    cut = solved(stances)
    assert cut.trades_broken_off == 1
    assert "Trading was broken off in every draw, before it had ended." in sentences(cut)["trade"]
