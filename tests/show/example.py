"""One block of every kind, for the tests of what prints them."""

from __future__ import annotations

from detente.show.blocks import (
    Block,
    Details,
    FigureBlock,
    Gauges,
    Heading,
    Key,
    Lead,
    Legend,
    Listing,
    Notes,
    Prose,
    Reading,
    Share,
    Strip,
    TableBlock,
    Verdict,
)
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.row_chart import Bar, Row, shares
from detente.show.table import Table

FORECASTS = Table(
    "forecasts",
    {"issue": "what it is about", "mean": "of the draws", "share": "share of draws", "note": "a remark"},
    (
        ("Territory", None, None, None),
        ("as it stands", 41.25, 0.5, "held"),
        ("aid ends", 38.0, None, "no draw differs"),
        ("Sanctions", None, None, None),
        ("as it stands", 7.0, 1.0, "held"),
    ),
    heads={"mean": "mean forecast"},
)
SAID = Finding(id="holds", sentence="Peace: it holds in 70 %.", numbers={"share": 0.7}, table="rows")


def figure(name: str = "holds") -> Figure:
    """Return a small figure."""
    rows = Table("rows", {"outcome": "which", "share": "share of draws"}, (("Peace", 0.7),))
    spec = shares([Row("Peace", (Bar(0.0, 0.7),), number="70 %")]).spec()
    return Figure(
        id=name,
        subject="Peace",
        finding=SAID,
        definition="How often it holds.",
        spec=spec,
        table=rows,
        how=("By counting.",),
        sources=("letter",),
    )


def gauges(*, beside: str = "0") -> Gauges:
    """Return two readings on scales of their own."""
    strip = Strip(low=0, high=100, at=50, spans={"80": (40, 60)}, no_deal=0, words="50, from 40 to 60")
    first = Reading(
        name="Territory of Ukraine",
        value="50",
        span="40 to 60",
        beside=beside,
        strip=strip,
        ends=("all", "none"),
        meaning="at “half”",
        status="crosses a red line",
        tone="warn",
    )
    return Gauges(
        heads=("issue", "o forecast", "- 80 %", "| no deal"),
        rows=(first, first.model_copy(update={"name": "Sanctions"})),
    )


def everything() -> tuple[Block, ...]:
    """Return a block of every kind."""
    return (
        Lead(text="Peace holds."),
        Prose(text="It holds in 70\N{NO-BREAK SPACE}% of draws."),
        Prose(text="What was left out.", quiet=True),
        Heading(text="Why it holds"),
        gauges(),
        Listing(items=("Nobody leaves.", "All would lose.")),
        Notes(items=(("Nash", "nobody gains alone"),)),
        Verdict(
            name="peace",
            status="in doubt",
            tone="warn",
            says=("Terms: half.", "In the way: the Congress."),
            shares=(Share(name="Nash", share=0.7), Share(name="SEQ", share=1.0)),
        ),
        TableBlock(table=FORECASTS, caption="What changes", grouped=True),
        TableBlock(table=FORECASTS, caption="Shares", shaded=True, most=2, screen=("issue", "share")),
        Legend(items=(Key(text="a forecast", sign="dot"), Key(text="a bloc", sign="circle", tone="bloc-1"))),
        FigureBlock(figure=figure(), anchors=(("0", "all <kept>"),)),
        FigureBlock(figure=figure("again")),
        Details(
            summary="More", blocks=(Prose(text="Only on a page."), TableBlock(table=FORECASTS, caption="All"))
        ),
        Prose(text="Only on a screen.", on="screen"),
        Prose(text="Only on paper.", on="page"),
    )
