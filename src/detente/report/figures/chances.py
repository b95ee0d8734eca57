"""How likely is a deal, on each issue alone and as a package, in each scenario?

One row per deal and scenario along 0 to 100 %: a dot at the share of draws with a deal, a line over its
Monte-Carlo interval. That interval says how far the finite number of draws blurs the share, not how sure the
model is.
"""

from __future__ import annotations

from detente.lenses.winset import WinsetResult
from detente.lenses.winset.phrases import exists
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, FAINT, INK, MUTED, PAPER
from detente.show.table import Table
from detente.show.vega import (
    FONT,
    SMALL,
    WIDTH,
    Scale,
    Spec,
    fixed,
    frame,
    given,
    grid,
    layer,
    pixel,
    text,
    ticks,
    value,
)

LABELS = 132.0
NUMBERS = 62.0
HEAD = 19.0
ROW = 16.0
GAP = 6.0

LEGEND = "Dot: share of draws with a deal. Line: 95 % Monte-Carlo interval."


def chances_figure(result: WinsetResult) -> Figure:
    """Return the probability of every deal in every scenario."""
    record = result.record
    return Figure(
        id="chances",
        subject="",
        finding=finding(result),
        definition="Every deal, on one issue alone or as a package: the share of draws in which all who must "
        "consent gain over no deal within their red lines.",
        spec=_spec(result),
        table=_table(result),
        how=(
            f"In each of {record.draws:,} draws (seed {record.seed}) of positions, saliences, red lines and costs "
            "of failure, a deal exists when some package lets a winning coalition of the consent rule gain over "
            "no deal. Each answer is proven: by a package that they all accept, or by weights under which not "
            "even their average can be satisfied (Putnam 1988; Helly 1923). Draws that no solver could decide "
            "are reported as unknown and never counted as no deal.",
            f"Case {record.fingerprint}, détente {record.version}.",
        ),
        legend=LEGEND,
    )


def finding(result: WinsetResult) -> Finding:
    """Say how likely the leading deal is, and which scenario changes that most."""
    deal = result.headline
    base = result.chance(deal)
    numbers = {"probability": base.probability, "low95": base.low95, "high95": base.high95}
    name = result.deals[deal].name
    sentence = f"{name}: {exists(base)}"
    others = {
        scenario: deals[deal].probability
        for scenario, deals in result.deal_probability.items()
        if scenario != result.version and deal in deals
    }
    if others:
        most = max(others, key=lambda one: abs(others[one] - base.probability))
        numbers["scenario"] = others[most]
        sentence += f"; in “{result.scenarios[most]}” in {words.percent(others[most])} of them"
    return Finding(id="chances", sentence=f"{sentence}.", numbers=numbers, table="deal_probability")


def _table(result: WinsetResult) -> Table:
    columns = {
        "deal": "issue alone, or package",
        "scenario": "name",
        "probability": "share of draws with a deal",
        "low95": "95 % Monte-Carlo interval",
        "high95": "its upper end",
        "unknown": "share of draws that could not be decided",
    }
    rows = tuple(
        (result.deals[deal].name, _version(result, scenario), c.probability, c.low95, c.high95, c.unknown)
        for deal in result.deals
        for scenario, deals in result.deal_probability.items()
        if (c := deals.get(deal)) is not None
    )
    return Table("deal_probability", columns, rows)


def _version(result: WinsetResult, scenario: str) -> str:
    return result.scenarios.get(scenario, "as it stands")


def _spec(result: WinsetResult) -> Spec:
    scale = Scale(0.0, 1.0, LABELS + 10, WIDTH - NUMBERS)
    heads, rows = [], []
    y = 2.0
    several = len(result.deal_probability) > 1
    for deal, answer in result.deals.items():
        head = words.cut(answer.name, (WIDTH if several else LABELS) / (FONT + 0.6))
        if several:
            heads.append({"text": head, "y": y + HEAD / 2, "weight": "bold"})
            y += HEAD
        for scenario, deals in result.deal_probability.items():
            if deal not in deals:
                continue
            chance = deals[deal]
            name = _version(result, scenario) if several else head
            first = scenario == result.version
            rows.append(
                {
                    "text": words.cut(name, LABELS / SMALL - 0.5),
                    "shown": words.percent(chance.probability),
                    "y": y + ROW / 2,
                    "x": chance.probability,
                    "low": chance.low95,
                    "high": chance.high95,
                    "fill": ACCENT.light if first else PAPER.light,
                    "start": 0.0,
                    "end": 1.0,
                }
            )
            y += ROW
        y += GAP if several else 2
    quarters = [0.0, 0.25, 0.5, 0.75, 1.0]
    return frame(
        y + 16,
        [
            *grid(scale, quarters, 2, y),
            *_marks(rows, scale),
            *text(heads, fixed(0), pixel("y"), align="left", fontWeight="bold"),
            *text(rows, fixed(LABELS), pixel("y"), tone=MUTED, align="right", fontSize=SMALL),
            *text(
                [{**row, "text": row["shown"]} for row in rows],
                fixed(WIDTH),
                pixel("y"),
                tone=INK,
                align="right",
                fontSize=SMALL,
            ),
            *ticks(scale, quarters, ["0", "25", "50", "75", "100 %"], y + 8),
        ],
    )


def _marks(rows: list[dict[str, object]], scale: Scale) -> list[Spec]:
    y = pixel("y")
    return [
        *layer(
            "rule",
            rows,
            {"x": value("start", scale), "x2": {"field": "end"}, "y": y},
            color=FAINT.light,
            strokeWidth=1,
        ),
        *layer(
            "rule",
            [row for row in rows if row["low"] != row["high"]],
            {"x": value("low", scale), "x2": {"field": "high"}, "y": y},
            color=ACCENT.light,
            strokeWidth=3,
        ),
        *layer(
            "point",
            rows,
            {"x": value("x", scale), "y": y, "fill": given("fill")},
            shape="circle",
            size=52,
            stroke=ACCENT.light,
            strokeWidth=1.5,
            opacity=1,
        ),
    ]
