"""Cases about deals at their edges: none, always, one issue, odd names, and what scenarios take away."""

from __future__ import annotations

from functools import cache
from typing import Any

from detente.case import Case
from detente.lenses.winset import WinsetResult
from detente.lenses.winset.lens import LENS
from detente.report import Brief
from detente.show.blocks import Block, Chapter, Details, TableBlock, Verdict
from detente.show.figure import Figure
from detente.show.table import Table
from tests.report.making import ARABIC, HOSTILE
from tests.solving import briefed

BOTH = {"all_of": ["north", "south"]}
DOUBT = "70 ± 8"
SPACE = "\N{NO-BREAK SPACE}"


def deal_case(**parts: Any) -> Case:
    """Return a case of two actors and two issues on which they want opposite ends, in doubt."""
    return Case.from_dict(
        {
            "title": "Two capitals",
            "actors": {
                "north": {"name": "North", "influence": 1},
                "south": {"name": "South", "influence": 1},
            },
            "issues": {
                "trade": {
                    "name": "Trade",
                    "scale": {0: "closed", 50: "half", 100: "open"},
                    "no_deal": DOUBT,
                    "unit": "points",
                },
                "arms": {"name": "Arms", "scale": {0: "none", 100: "any"}, "no_deal": 25},
            },
            "stances": {
                "trade": {
                    "north": {"position": 100, "salience": 0.75, "accepts": ">= 60 ± 10"},
                    "south": {"position": "5 ± 3", "salience": 0.25},
                },
                "arms": {
                    "north": {"position": 100, "salience": 0.25},
                    "south": {"position": 0, "salience": 0.75, "accepts": "<= 30"},
                },
            },
            "consent": BOTH,
            **parts,
        }
    )


def price(**changes: Any) -> Case:
    """Return one issue between two who set limits in doubt, with those changes."""
    case = Case.from_dict(
        {
            "title": "A price",
            "actors": {
                "buyer": {"name": "Buyer", "influence": 1},
                "seller": {"name": "Seller", "influence": 1},
            },
            "issues": {
                "price": {"name": "Price", "scale": {0: "free", 200: "dear"}, "no_deal": 0, "failure_cost": 2}
            },
            "stances": {
                "price": {
                    "buyer": {"position": 0, "salience": 1, "accepts": "<= 110 ± 10"},
                    "seller": {"position": 200, "salience": 1, "accepts": ">= 100 ± 10"},
                }
            },
            "consent": {"all_of": ["buyer", "seller"]},
        }
    )
    return case.with_(changes)


def deals() -> dict[str, Case]:
    """Return name → a case about deals at some edge."""
    plain = deal_case()
    agreeing = {"actors.north.failure_cost": 0.8, "actors.south.failure_cost": 0.8}
    parted = {"stances.trade.south.accepts": "<= 30", "stances.trade.north.accepts": ">= 60"}
    names = {"name": HOSTILE, "influence": 1}
    return {
        "a deal sometimes": plain,
        "no deal at all": plain.with_(parted),
        "a deal in every draw": plain.with_({"stances.trade.north.accepts": None, **agreeing}),
        "nothing in doubt": plain.with_(
            {
                "issues.trade.no_deal": 75,
                "stances.trade.south.position": 0,
                "stances.trade.north.accepts": ">= 60",
            }
        ),
        "nothing in doubt and no deal": plain.with_(
            {**parted, "issues.trade.no_deal": 75, "stances.trade.south.position": 0}
        ),
        "one issue": price(),
        "one issue without a deal": price(**{"stances.price.buyer.accepts": "<= 60 ± 4"}),
        "one issue in no doubt": price(
            **{"stances.price.buyer.accepts": "<= 120", "stances.price.seller.accepts": ">= 100"}
        ),
        "no red lines": plain.with_(
            {"stances.trade.north.accepts": None, "stances.arms.south.accepts": None}
        ),
        "discrete": plain.with_({"issues.trade.discrete": True, "issues.arms.discrete": True}),
        "accepts nothing": plain.with_({"actors.north.failure_cost": -2}),
        "weak": plain.with_({"options.winset.acceptance": "weak"}),
        "quadratic": plain.with_({"options.winset.loss": "quadratic"}),
        "named map": deal_case(options={"winset": {"map": ["arms", "trade"], "solution": "egalitarian"}}),
        "packages": deal_case(
            deals={
                "both": {"name": "Both, at once", "issues": ["trade", "arms"]},
                "again": {"name": "The same again", "issues": ["arms", "trade"]},
            },
            scenarios={
                "less": {
                    "name": "No talk of arms",
                    "changes": {"stances.arms.north": None, "stances.arms.south": None, "deals": None},
                },
                "alone": {"name": "Nobody asked", "changes": {"consent": None, "deals": None}},
                "softer": {"name": "A softer North", "changes": {"stances.trade.north.accepts": ">= 20"}},
                "other": {
                    "name": "A harder South",
                    "changes": {"stances.trade.south.accepts": "<= 10", "actors.north.failure_cost": 0.3},
                },
            },
        ),
        "a scenario that changes nothing": deal_case(
            scenarios={"same": {"name": "Same", "changes": {"stances.arms.north.position": 100}}}
        ),
        "hostile names": deal_case(
            actors={"north": names, "south": {"name": "{{ 7 * 7 }} ${x}", "influence": 1}},
            title=HOSTILE,
            deals={"both": {"name": HOSTILE, "issues": ["trade", "arms"]}},
            bodies={"home": {"name": HOSTILE, "rule": {"any_of": ["north", "south"]}}},
            consent={"all_of": ["home", "south"]},
        ).with_({"issues.trade.name": HOSTILE, "issues.trade.unit": HOSTILE}),
        "right to left": deal_case(
            actors={"north": {"name": ARABIC, "influence": 1}, "south": {"name": "外交部", "influence": 1}}
        ),
        "long names": deal_case(
            actors={
                "north": {"name": "Plenipotentiary " * 18, "influence": 1},
                "south": {"name": "W" * 300, "influence": 1},
            },
            deals={"both": {"name": "A lasting peace " * 18, "issues": ["trade", "arms"]}},
        ),
        "thirty issues": thirty(),
        "many who vote": voting(),
        "nobody bargains": deal_case(consent={"any_of": ["north", "south"]}),
        "not all can be settled": plain.with_({"issues.arms.no_deal": None}),
        "payments": plain.with_(
            {
                "actors.north.failure_cost": -0.4,
                "payments": {
                    "unit": "million",
                    "actors": {
                        "south": {"gives": "1000 ± 50", "worth": 0.001},
                        "north": {"takes": 1000, "worth": 0.001},
                    },
                },
            }
        ),
    }


def thirty() -> Case:
    """Return thirty issues alike, each with a deal of its own."""
    ids = [f"issue-{k}" for k in range(30)]
    return Case.from_dict(
        {
            "title": "Thirty",
            "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
            "issues": {
                i: {"name": i.title(), "scale": {0: "no", 100: "yes"}, "no_deal": 50, "failure_cost": 0.2}
                for i in ids
            },
            "stances": {
                i: {"a": {"position": f"{k} ± 1", "salience": 1}, "b": {"position": 70, "salience": 1}}
                for k, i in enumerate(ids)
            },
            "consent": {"all_of": ["a", "b"]},
            "deals": {"first": {"name": "The first two", "issues": ids[:2]}},
        }
    )


def voting() -> Case:
    """Return an issue that a chamber of members with minds of their own must pass by votes."""
    return Case.from_dict(
        {
            "title": "A chamber",
            "actors": {
                "chief": {"name": "Chief", "influence": 1},
                "members": {"name": "Members", "influence": 1},
                "bench": {"name": "Bench", "influence": 1},
            },
            "issues": {
                "tax": {"name": "Tax", "scale": {0: "none", 100: "all"}, "no_deal": 40},
                "pay": {"name": "Pay", "scale": {0: "none", 100: "all"}, "no_deal": 40},
            },
            "stances": {
                issue: {
                    "chief": {"position": "80 ± 5", "salience": 0.6},
                    "members": {"position": "45 ± 15", "salience": 0.5, "accepts": ">= 20"},
                    "bench": {"position": 10, "salience": 0.4},
                }
                for issue in ("tax", "pay")
            },
            "consent": {
                "all_of": [
                    "chief",
                    {"at_least": 3, "of": [{"actor": "members", "count": 4, "apart": True}, "bench"]},
                    {"votes": {"quota": 5, "weights": {"chief": 4, "bench": 2, "members": 1}}},
                ]
            },
        }
    )


@cache
def made(name: str) -> Brief:
    """Return the brief of one of these cases."""
    return briefed(deals()[name], draws=60)


@cache
def page(name: str) -> str:
    """Return its page."""
    return made(name).to_html(full=True)


def result(name: str) -> WinsetResult:
    """Return what the lens found."""
    found = made(name).results["winset"]
    assert isinstance(found, WinsetResult)
    return found


@cache
def chapter(name: str) -> Chapter:
    """Return its chapter on deals."""
    return LENS.chapter(result(name))


def figures(name: str) -> dict[str, Figure]:
    """Return the figures of the chapter by their ids."""
    return {figure.id: figure for figure in chapter(name).figures}


def verdicts(of: Chapter) -> dict[str, Verdict]:
    """Return deal → what the chapter says of it."""
    found = (block for block in every_block(of) if isinstance(block, Verdict))
    return {block.name: block for block in found if block.on == "page"}


def table(of: Chapter, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of the chapter; none where it has none of that name."""
    found = [one.table for one in every_block(of) if isinstance(one, TableBlock) and one.table.name == name]
    return found[0].to_records() if found else []


def every_block(of: Chapter) -> list[Block]:
    """Return the blocks of all sections, with those in details."""
    found: list[Block] = []
    for section in of.sections:
        for block in section.blocks:
            found += [block, *(block.blocks if isinstance(block, Details) else ())]
    return found


def said(name: str) -> str:
    """Return the answer of the chapter."""
    return chapter(name).rung.sentence.replace(SPACE, " ")


def numbers(table: Table) -> list[float]:
    """Return the numbers of a table."""
    return [cell for row in table.rows for cell in row if isinstance(cell, int | float)]
