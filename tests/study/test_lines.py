"""Deals and issues are read in words: how often, on what terms, who signs, who stops it, who is left out."""

from __future__ import annotations

import pytest

from detente.show.ladder import DealRow, Elsewhere, Signature, Vote
from detente.study.answer import compose, terms_table
from detente.study.lines import DealLine, deal_lines, deal_table
from tests.study.making import case, chapter, deal, term, view

SPACE = "\N{NO-BREAK SPACE}"
BOTH = ("land", "arms")


def line(row: DealRow) -> DealLine:
    """Return the line of a deal that is the only one."""
    (only,) = deal_lines(case(), (row,))
    return only


def signatures(**of: tuple[bool, float | None, float]) -> tuple[Signature, ...]:
    """Return name → whether it is needed, signs and stops."""
    return tuple(
        Signature(name=name, needed=needed, signs=signs, stops=stops)
        for name, (needed, signs, stops) in of.items()
    )


@pytest.mark.parametrize(
    ("share", "draws", "often"),
    [(0.9, 1000, "90 %"), (1.0, 1000, "all of 1,000"), (0.001, 1000, "under 1 %"), (1.0, 1, "")],
)
def test_how_often_is_told_and_not_where_there_is_no_doubt(share: float, draws: int, often: str) -> None:
    row = deal("Both", BOTH, "agreed").model_copy(update={"share": share, "draws": draws})
    assert line(row).often == often.replace(" %", f"{SPACE}%")
    row = deal("Both", BOTH, "none", draws=1000)
    assert line(row).often == "none of 1,000"


def test_an_interval_is_told_where_it_can_be_seen() -> None:
    wide = deal("Both", BOTH, "agreed").model_copy(update={"low95": 0.88, "high95": 0.92})
    assert line(wide).interval == f"88 to 92{SPACE}%"
    assert line(deal("Both", BOTH, "agreed")).interval == ""
    (table,) = [deal_table([line(wide)]).table]
    assert table.rows == (("Both", f"90{SPACE}% (88 to 92{SPACE}%)", ""),)


def test_the_scenario_that_changes_most_stands_beside_it() -> None:
    there = (Elsewhere(scenario="A", share=0.85), Elsewhere(scenario="B", share=0.2))
    assert line(deal("Both", BOTH, "agreed", scenarios=there)).elsewhere == f"20{SPACE}% if “B”"
    assert line(deal("Both", BOTH, "agreed", scenarios=there[:1])).elsewhere == ""
    sure = deal("Both", BOTH, "agreed", draws=1, scenarios=(Elsewhere(scenario="B", share=0.0),))
    assert line(sure).elsewhere == "not agreed in “B”"


def test_terms_that_change_come_first_and_what_does_not_is_marked() -> None:
    row = deal("Both", BOTH, "agreed", (term("land", 21, moves=False), term("arms", 60)))
    assert line(row).terms == (("Arms", "60 (20)"), ("Land", "21 (20)"))
    assert line(row).still == ("", "hardly changed")


def test_terms_stand_beside_today_where_it_is_stated_and_beside_no_deal_where_that_differs() -> None:
    land = term("land", 60).model_copy(update={"today": 40.0})
    same = term("arms", 60).model_copy(update={"today": 21.0})
    row = deal("Both", BOTH, "agreed", (land, same))
    assert line(row).terms == (("Land", "60 (40; 20 without a deal)"), ("Arms", "60 (21)"))
    mixed = deal("Both", BOTH, "agreed", (land, term("arms", 60)))
    assert line(mixed).terms == (("Land", "60 (today 40; 20 without a deal)"), ("Arms", "60 (20)"))


@pytest.mark.parametrize(
    ("value", "today", "remark"),
    [(41, 40, "about as today"), (21, 40, "as without a deal"), (21, 20, "hardly changed")],
)
def test_what_a_deal_leaves_as_it_is_is_told_as_what(value: float, today: float, remark: str) -> None:
    land = term("land", value, moves=False).model_copy(update={"today": float(today)})
    assert line(deal("Both", BOTH, "agreed", (land, term("arms", 60)))).still == ("", remark)


def test_who_signs_is_told_with_who_is_left_out_and_by_how_many_votes() -> None:
    who = signatures(North=(True, 1.0, 0), South=(False, 0.9, 0), Crowd=(False, 0.2, 0))
    votes = (Vote(body="House", votes=326, needed=320, total=600),)
    found = line(deal("Both", BOTH, "agreed", signatures=who, votes=votes))
    assert (found.who, found.against) == (("North", "South"), ("Crowd",))
    assert found.votes == ("House 326 of 320 needed",)


def test_who_stops_is_told_with_shares_unless_all_stop_it_always() -> None:
    who = signatures(North=(True, None, 0.3), South=(True, None, 0.98), Crowd=(True, None, 0.97))
    assert line(deal("Both", BOTH, "none", signatures=who)).who == (
        f"South (98{SPACE}%)",
        f"Crowd (97{SPACE}%)",
        f"North (30{SPACE}%)",
    )
    assert line(deal("Both", BOTH, "none")).who == ("North", "South")


def test_likelier_deals_come_first() -> None:
    rows = (deal("Wide", ("land", "arms", "trade"), "none"), deal("Both", BOTH, "agreed"))
    found = deal_lines(case(), rows)
    assert [one.name for one in found] == ["Both", "Wide"]
    assert [one.agreed for one in found] == [True, False]


def test_every_verdict_on_an_issue_has_its_words() -> None:
    deals = (
        deal("Both", BOTH, "agreed", (term("land", 70), term("arms", 22, moves=False))),
        deal("", ("trade",), "seldom", (term("trade", 40),)),
    )
    found = compose(case(), [chapter("c", {}, deals=deals)])
    told = {one.issue: one.told.replace(SPACE, " ") for one in found.issues}
    assert told == {
        "land": "only in “Both” (90 % of draws)",
        "arms": "stays about as it is: what is agreed in “Both” changes little (90 % of draws)",
        "trade": "blocked by NORTH (agreed in 20 % of draws)",
    }


def test_what_nobody_has_a_say_in_is_told_as_that() -> None:
    deals = (deal("", ("arms",), "none"),)
    mixed = compose(case(), [chapter("p", {}, issues=(view("land", 45),), deals=deals)])
    told = {one.issue: one.told for one in mixed.issues}
    assert told["land"] == "no rule says who must consent"
    assert told["trade"] == "nothing can be told"


def test_terms_stand_beside_today_and_no_deal() -> None:
    deals = (deal("Both", BOTH, "agreed", (term("land", 60), term("arms", 40))),)
    stated = case().with_({"issues.land.today": 30})
    found = compose(stated, [chapter("p", {}, issues=(view("trade", 45),), deals=deals)])
    rows = terms_table(stated, found).rows
    assert tuple(row[:-1] for row in rows) == (
        ("Land", "60 (55 to 65)", "30", "20"),
        ("Arms", "40 (35 to 45)", "", "20"),
        ("Trade", "", "", "20"),  # the pull of the parties is no agreement
    )
    assert [row[-1] for row in rows][-1] == "no rule says who must consent"
