"""What would each actor accept on an issue taken alone, and where do those who must consent overlap?

One row per actor along the issue's scale: a bar over what it prefers to no deal within its red lines, a dot at
what it wants; what everybody needed accepts is shaded. Actors without whom there is no deal come first and are
filled.
"""

from __future__ import annotations

from typing import Any

from detente.case import Case, Issue
from detente.lenses.winset import Band, WinsetResult
from detente.lenses.winset.phrases import exists
from detente.show import words
from detente.show.blocs import legend, looks
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import DANGER, INK, MUTED, PAPER, WASH
from detente.show.table import Cell, Table
from detente.show.vega import (
    SMALL,
    WIDTH,
    Scale,
    Spec,
    anchor_texts,
    ends,
    fixed,
    frame,
    given,
    grid,
    layer,
    names,
    pixel,
    text,
    ticks,
    value,
)

ROW = 21.0
TOP = 20.0
LABELS = 128.0
MOST_ROWS = 60

LEGEND = (
    "Bar: what it prefers to no deal, within its red lines; filled where no deal can do without it. Dot: what it "
    "wants. Shaded: a deal on this issue alone."
)


def bands_figure(case: Case, result: WinsetResult, issue: str) -> Figure:
    """Return what every actor accepts on one issue."""
    of = case.issues[issue]
    found = result.bands[issue]
    return Figure(
        id=f"bands-{issue}",
        subject=of.name,
        finding=finding(case, result, issue),
        definition=f"{of.name}: what each actor accepts rather than no deal, on this issue alone.",
        spec=_spec(case, result, issue, found),
        table=_table(case, result, issue),
        how=(
            "An actor accepts a value that is no further from what it wants than the no-deal point is, with the "
            "cost of failure added, and that keeps to its red lines. All inputs stand at their means; the "
            "probability of a deal takes their doubt into account, so a gap here is not a probability of 0.",
            f"Who is needed: {result.deals[issue].rule}.",
        ),
        sources=tuple(
            dict.fromkeys(
                source
                for actor in found
                if actor in case.stances[issue]
                for source in case.stances[issue][actor].because
            )
        ),
        legend=f"{LEGEND} {legend(case)}".strip(),
    )


def finding(case: Case, result: WinsetResult, issue: str) -> Finding:
    """Say what everybody needed accepts or, where there is nothing, who stand furthest apart."""
    of, chance = case.issues[issue], result.chance(issue)
    extent = result.deals[issue].extents[issue]
    numbers = {"probability": chance.probability}
    likely = f"on it alone {exists(chance)}"
    if extent.low is not None and extent.high is not None:
        numbers |= {"low": extent.low, "high": extent.high}
        at = (
            words.position(extent.low, of)
            if words.position(extent.low, of) == words.position(extent.high, of)
            else words.span(extent.low, extent.high, of)
        )
        sentence = f"{of.name}: everybody needed accepts {at}; {likely}."
    else:
        sentence = f"{of.name}: {_apart(case, result, issue, numbers)}; {likely}."
    return Finding(id=f"bands.{issue}", sentence=sentence, numbers=numbers, table="bands")


def _apart(case: Case, result: WinsetResult, issue: str, numbers: dict[str, float]) -> str:
    """Name the two whose bands are furthest apart, or who accepts nothing at all."""
    of = case.issues[issue]
    needed = {actor: band for actor, band in result.bands[issue].items() if band.required}
    for actor, band in needed.items():
        if band.low is None:
            return f"nothing is better than no deal for {result.names[actor]}"
    lows = {actor: band.low for actor, band in needed.items() if band.low is not None}
    highs = {actor: band.high for actor, band in needed.items() if band.high is not None}
    if not lows or not highs:
        return "no value is accepted by all who are needed"
    top, bottom = max(lows, key=lambda a: lows[a]), min(highs, key=lambda a: highs[a])
    if lows[top] <= highs[bottom]:
        return "no value is better than no deal for all who are needed"
    numbers |= {"from": lows[top], "up_to": highs[bottom]}
    return (
        f"no less than {words.position(lows[top], of)} for {result.names[top]}, no more than "
        f"{words.position(highs[bottom], of)} for {result.names[bottom]}"
    )


def _table(case: Case, result: WinsetResult, issue: str) -> Table:
    columns = {
        "actor": "name; the last row is a deal on the issue alone",
        "required": "whether no deal on the issue can do without it",
        "low": "least acceptable, on the issue's scale; empty when it accepts nothing",
        "high": "greatest acceptable",
        "ideal": "what it wants",
        "floor": "red line from below",
        "ceiling": "red line from above",
        "probability": "share of draws with a deal on the issue alone",
    }
    rows: list[tuple[Cell, ...]] = [
        (case.actors[actor].name, b.required, b.low, b.high, b.ideal, b.floor, b.ceiling, None)
        for actor, b in result.bands[issue].items()
    ]
    zone = result.deals[issue].extents[issue]
    rows.append(("a deal", None, zone.low, zone.high, None, None, None, result.chance(issue).probability))
    return Table("bands", columns, tuple(rows))


def _spec(case: Case, result: WinsetResult, issue: str, found: dict[str, Band]) -> Spec:
    of = case.issues[issue]
    scale = Scale(of.low, of.high, LABELS + 12, WIDTH - 12)
    rows = _rows(case, found)
    bottom = TOP + ROW * len(rows) + 4
    anchors = list(of.scale)
    under, lines = ends(scale, of.scale[of.low], of.scale[of.high], bottom + 19)
    layers = [
        *_overlap(result, issue, scale, bottom),
        *grid(scale, anchors, TOP, bottom + 4),
        *_no_deal(case, of, issue, scale, bottom),
        *_bars(rows, scale),
        *ticks(scale, anchors, anchor_texts(of), bottom + 11),
        *under,
    ]
    return frame(bottom + 22 + lines * (SMALL + 2), layers)


def _rows(case: Case, found: dict[str, Band]) -> list[dict[str, Any]]:
    drawn = looks(case)
    ordered = sorted(found.items(), key=lambda one: not one[1].required)[:MOST_ROWS]
    rows = []
    for k, (actor, band) in enumerate(ordered):
        rows.append(
            {
                "y": TOP + ROW * (k + 0.5),
                "name": case.actors[actor].name,
                "low": band.low,
                "high": band.high,
                "ideal": band.ideal,
                "floor": band.floor,
                "ceiling": band.ceiling,
                "tone": drawn[actor].tone.light,
                "shape": drawn[actor].shape,
                "ground": drawn[actor].tone.light if band.required else PAPER.light,
                "opacity": 0.45 if band.required else 1.0,
            }
        )
    return rows


def _overlap(result: WinsetResult, issue: str, scale: Scale, bottom: float) -> list[Spec]:
    extent = result.deals[issue].extents[issue]
    if extent.low is None or extent.high is None:
        return []
    left, right = scale.pixel(extent.low), scale.pixel(extent.high)
    thin = max(0.0, 2.0 - (right - left)) / 2  # a zone of one point can still be seen
    row = {"low": left - thin, "high": right + thin}
    encoding = {"x": pixel("low"), "x2": {"field": "high"}, "y": fixed(TOP - 6), "y2": fixed(bottom)}
    return layer("rect", [row], encoding, color=WASH.light)


def _no_deal(case: Case, of: Issue, issue: str, scale: Scale, bottom: float) -> list[Spec]:
    at = case.quantities[f"issues.{issue}.no_deal"].mean
    encoding = {"x": value("x", scale), "y": fixed(TOP - 6), "y2": fixed(bottom)}
    shown = f"no deal {words.position(at, of)}"
    half = words.width_of(shown) * SMALL / 2
    where = min(max(scale.pixel(at), scale.left + half), WIDTH - half)
    return [
        *layer("rule", [{"x": at}], encoding, color=MUTED.light, strokeWidth=1.25, strokeDash=[4, 3]),
        *text([{"text": shown}], fixed(where), fixed(TOP - 13), tone=MUTED, align="center", fontSize=SMALL),
    ]


def _bars(rows: list[dict[str, Any]], scale: Scale) -> list[Spec]:
    y = pixel("y")
    accepted = [
        {**row, "top": row["y"] - 5, "end": row["y"] + 5, "left": left, "right": max(right, left + 1.5)}
        for row in rows
        if row["low"] is not None
        for left, right in [(scale.pixel(row["low"]), scale.pixel(row["high"]))]
    ]
    box = {"x": pixel("left"), "x2": {"field": "right"}, "y": pixel("top"), "y2": {"field": "end"}}
    paint = {
        "fill": given("ground"),
        "stroke": given("tone"),
        "fillOpacity": given("opacity", "quantitative"),
    }
    limits = [
        {"x": row[side], "top": row["y"] - 8, "end": row["y"] + 8}
        for row in rows
        for side in ("floor", "ceiling")
        if row[side] is not None
    ]
    refusing = [{**row, "text": "accepts nothing"} for row in rows if row["low"] is None]
    return [
        *layer("rect", accepted, {**box, **paint}, strokeWidth=1),
        *layer(
            "rule",
            limits,
            {"x": value("x", scale), "y": pixel("top"), "y2": {"field": "end"}},
            color=DANGER.light,
            strokeWidth=2,
        ),
        *layer(
            "point",
            [row for row in rows if row["ideal"] is not None],
            {"x": value("ideal", scale), "y": y, "shape": given("shape"), "fill": given("tone")},
            size=46,
            stroke=PAPER.light,
            strokeWidth=0.75,
            opacity=1,
        ),
        *names(rows, LABELS),
        *text(refusing, fixed(WIDTH - 12), y, tone=INK, align="right", fontSize=SMALL, fontStyle="italic"),
    ]
