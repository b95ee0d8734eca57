"""Who stands where on an issue, with what weight, how sure is that, and whom would the forecast not satisfy?

One row per actor along the issue's scale: a bubble at the expected position, its area the actor's expected
influence times salience, whiskers over the middle 80 % of the doubt, the side that a red line rules out dotted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.case import Case
from detente.lenses.bargaining.result import BargainingResult
from detente.lenses.summary import Distribution
from detente.report.figures.method import leading, method_notes
from detente.report.standings import Standing, standings
from detente.show import words
from detente.show.blocs import legend
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, DANGER, INK, MUTED, PAPER, WASH, Tone
from detente.show.table import Table
from detente.show.vega import (
    SMALL,
    WIDTH,
    Scale,
    Spec,
    Style,
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
TOP = 32.0
LEVEL = 13.0  # of the labels above
LABELS = 128.0
LARGEST = 230.0  # area of the heaviest bubble, square pixels
SMALLEST = 24.0
MOST_ROWS = 60

LEGEND = "Area: influence × salience. Line: 80 % of the doubt. Dotted: ruled out by a red line."


def positions(case: Case, result: BargainingResult, issue: str) -> Figure:
    """Return the position map of one issue."""
    standing = standings(case, issue)
    return Figure(
        id=f"positions-{issue}",
        subject=case.issues[issue].name,
        finding=finding(case, result, issue, standing),
        definition=f"{case.issues[issue].name}: where each actor stands, how heavily, and the forecast.",
        spec=_spec(case, result, issue, _shown(standing)),
        table=_table(standing, result.forecast(issue, leading(result, issue)).mean),
        how=(
            "Positions, saliences and influences are the case's own numbers. A bubble stands at the expected "
            "position; its area is the expected influence times the expected salience, the heaviest actor on "
            "the issue filling the largest bubble. A whisker spans the middle 80 % of the doubt. Red lines "
            "are drawn at their expected bounds and set against the mean forecast; none of the methods knows "
            "them.",
            *method_notes(result, issue),
        ),
        sources=tuple(dict.fromkeys(source for one in standing for source in one.because)),
        legend=f"{LEGEND} {legend(case)}".strip(),
    )


def finding(case: Case, result: BargainingResult, issue: str, standing: tuple[Standing, ...]) -> Finding:
    """Say whose red lines the forecast would cross or, where it crosses none, who is heaviest."""
    forecast, of = result.forecast(issue, leading(result, issue)).mean, case.issues[issue]
    crossed = [one for one in standing if one.accepts(forecast) is False]
    drawn = [one for one in standing if one.accepts(forecast) is not None]
    heaviest = max(standing, key=lambda one: one.share)
    numbers = {"forecast": forecast}
    at = words.position(forecast, of)
    if crossed:
        crossed.sort(key=lambda one: -one.share)
        named = words.listed(
            [f"{one.name} ({words.red_line(one.lower, one.upper, of)})" for one in crossed], 3
        )
        numbers["crossed"] = len(crossed)
        numbers |= {
            f"{side}.{one.actor}": bound
            for one in crossed
            for side, bound in (("lower", one.lower), ("upper", one.upper))
            if bound is not None
        }
        lines = words.counted(len(crossed), "red line")
        sentence = f"{of.name}: the forecast of {at} crosses {lines}: {named}."
    elif len(standing) == 1:
        sentence = f"{of.name}: only {heaviest.name} has a stance, so the forecast is its position, {at}."
    else:
        below = sum(1 for one in standing if one.position < forecast)
        numbers |= {"share": heaviest.share, "below": below, "actors": len(standing)}
        kept = ""
        if drawn:
            stated = words.counted(len(drawn), "stated red line")
            kept = (
                f" It crosses none of the {stated}." if len(drawn) > 1 else " It keeps to the one red line."
            )
        numbers |= {"red_lines": len(drawn)} if drawn else {}
        sentence = (
            f"{of.name}: {heaviest.name} carries most weight, {words.percent(heaviest.share)} of it; {below} of "
            f"{len(standing)} actors stand below the forecast of {at}.{kept}"
        )
    drivers = tuple(f"stances.{issue}.{one.actor}.accepts" for one in crossed)
    return Finding(
        id=f"positions.{issue}", sentence=sentence, numbers=numbers, drivers=drivers, table="positions"
    )


def _shown(standing: tuple[Standing, ...]) -> tuple[Standing, ...]:
    """Return the heaviest actors where there are too many to draw; the table has all."""
    kept = sorted(standing, key=lambda one: (-one.share, one.actor))[:MOST_ROWS]
    return tuple(one for one in standing if one in kept)


def _table(standing: tuple[Standing, ...], forecast: float) -> Table:
    columns = {
        "actor": "name",
        "bloc": "first group of the actor",
        "position": "expected position, on the issue's scale",
        "low80": "10 % quantile of the position",
        "high80": "90 % quantile of the position",
        "salience": "expected salience, 0 to 1",
        "influence": "expected influence",
        "weight": "share of all weight (influence × salience)",
        "accepts_from": "red line: least that it accepts",
        "accepts_to": "red line: most that it accepts",
        "accepts_forecast": "whether the mean forecast lies within the red line",
    }
    rows = tuple(
        (
            *(one.name, one.bloc, one.position, one.low80, one.high80, one.salience, one.influence),
            *(one.share, one.lower, one.upper, one.accepts(forecast)),
        )
        for one in standing
    )
    return Table("positions", columns, rows)


def _spec(case: Case, result: BargainingResult, issue: str, standing: tuple[Standing, ...]) -> Spec:
    of = case.issues[issue]
    scale = Scale(of.low, of.high, LABELS + 12, WIDTH - 12)
    forecast = result.forecast(issue, leading(result, issue))
    baseline = result.baselines[issue].get("no_deal")
    top = TOP + (LEVEL if baseline is not None and of.outcome is not None else 0.0)
    bottom = top + ROW * len(standing) + 4
    anchors = list(of.scale)
    under, lines = ends(scale, of.scale[of.low], of.scale[of.high], bottom + 19)
    layers = [
        *_band(forecast, scale, top, bottom),
        *grid(scale, anchors, top, bottom + 4),
        *_verticals(case, issue, forecast, baseline, scale, top, bottom),
        *_actors(standing, scale, top),
        *ticks(scale, anchors, anchor_texts(of), bottom + 11),
        *under,
    ]
    return frame(bottom + 22 + lines * (SMALL + 2), layers)


def _band(forecast: Distribution, scale: Scale, top: float, bottom: float) -> list[Spec]:
    low, high = forecast.intervals["80"]
    if low == high:
        return []
    encoding = {"x": value("low", scale), "x2": {"field": "high"}, "y": fixed(top - 6), "y2": fixed(bottom)}
    return layer("rect", [{"low": low, "high": high}], encoding, color=WASH.light)


def _verticals(
    case: Case,
    issue: str,
    forecast: Distribution,
    baseline: Distribution | None,
    scale: Scale,
    top: float,
    bottom: float,
) -> list[Spec]:
    """Draw no deal, what really happened, and the forecast, each with its label above, none on another."""
    of = case.issues[issue]
    marks: list[tuple[str, float, Tone, Style]] = [("forecast", forecast.mean, ACCENT, {"strokeWidth": 2})]
    if baseline is not None:
        marks.append(("no deal", baseline.mean, MUTED, {"strokeWidth": 1.25, "strokeDash": [4, 3]}))
    if of.outcome is not None and of.low <= of.outcome.value <= of.high:
        marks.append(("outcome", of.outcome.value, INK, {"strokeWidth": 1.25, "strokeDash": [1, 2]}))
    layers: list[Spec] = []
    taken: list[tuple[float, float, float]] = []
    for label, at, tone, style in marks:
        others = [mark[1] for mark in marks if mark[0] != label]
        shown = f"{label} {words.position(at, of)}"
        wide = words.width_of(shown) * (SMALL + 1.4)
        right = scale.pixel(at) + (wide - 5 if others and at >= max(others) else 5 if others else wide / 2)
        right = min(max(right, wide), WIDTH)
        level = next(
            y
            for y in (top - LEVEL, top - 2 * LEVEL, top - 3 * LEVEL)
            if all(y != other or right < low or right - wide > high for low, high, other in taken)
        )
        taken.append((right - wide, right, level))
        encoding = {"x": value("x", scale), "y": fixed(top - 6), "y2": fixed(bottom)}
        layers += layer("rule", [{"x": at}], encoding, color=tone.light, **style)
        weight = "bold" if label == "forecast" else "normal"
        look: Style = {"tone": tone, "align": "right", "fontWeight": weight, "fontSize": SMALL + 1}
        layers += text([{"text": shown}], fixed(right), fixed(level), **look)
    return layers


def _actors(standing: tuple[Standing, ...], scale: Scale, top: float) -> list[Spec]:
    rows = list(_rows(standing, top))
    y = pixel("y")
    whiskers = [row for row in rows if row["low"] < row["high"]]
    tone = given("tone")
    bubbles = {"x": value("x", scale), "y": y, "size": given("size", "quantitative"), "shape": given("shape")}
    return [
        *_red_lines(standing, scale, top),
        *layer(
            "rule",
            whiskers,
            {"x": value("low", scale), "x2": {"field": "high"}, "y": y, "color": tone},
            strokeWidth=1.75,
        ),
        *layer(
            "point",
            rows,
            {**bubbles, "fill": tone},
            stroke=PAPER.light,
            strokeWidth=0.5,
            filled=True,
            opacity=1,
        ),
        *names(rows, LABELS),
    ]


def _rows(standing: tuple[Standing, ...], top: float) -> Iterator[dict[str, Any]]:
    largest = max((one.share for one in standing), default=0.0) or 1.0
    for k, one in enumerate(standing):
        yield {
            "y": top + ROW * (k + 0.5),
            "x": one.position,
            "low": one.low80,
            "high": one.high80,
            "size": max(SMALLEST, LARGEST * one.share / largest),
            "shape": one.look.shape,
            "tone": one.look.tone.light,
            "name": one.name,
        }


def _red_lines(standing: tuple[Standing, ...], scale: Scale, top: float) -> list[Spec]:
    refused, bounds = [], []
    for k, one in enumerate(standing):
        y = top + ROW * (k + 0.5)
        if one.lower is not None:
            refused.append({"y": y, "low": scale.low, "high": one.lower})
            bounds.append({"x": one.lower, "y": y - 6, "y2": y + 6})
        if one.upper is not None:
            refused.append({"y": y, "low": one.upper, "high": scale.high})
            bounds.append({"x": one.upper, "y": y - 6, "y2": y + 6})
    return [
        *layer(
            "rule",
            refused,
            {"x": value("low", scale), "x2": {"field": "high"}, "y": pixel("y")},
            color=DANGER.light,
            strokeWidth=1.25,
            strokeDash=[1.5, 3],
        ),
        *layer(
            "rule",
            bounds,
            {"x": value("x", scale), "y": pixel("y"), "y2": {"field": "y2"}},
            color=DANGER.light,
            strokeWidth=2,
        ),
    ]
