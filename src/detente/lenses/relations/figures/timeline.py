"""When did a relation rise and fall? Graded events, the standing they make, turning points with their doubt."""

from __future__ import annotations

from collections.abc import Sequence

from detente.lenses.relations import findings
from detente.lenses.relations.figures import beside, doubt, points, steps, stretches, whole_years
from detente.lenses.relations.result import EventRow, PairRecord, RelationsResult
from detente.show.figure import Figure
from detente.show.palette import ACCENT, DANGER, FAINT, INK
from detente.show.table import table_of
from detente.show.vega import (
    SMALL,
    WIDTH,
    Row,
    Scale,
    Spec,
    fixed,
    frame,
    grid,
    layer,
    text,
    ticks,
    value,
)  # fmt: skip
from detente.show.words import signed_minus

TOP, BOTTOM, HEIGHT = 34.0, 226.0, 268.0
LANE = 248.0
LEFT, RIGHT = 32.0, WIDTH - 12.0
SCALE = (-10, -5, 0, 5, 10)
LEGEND = (
    "Dot: a dated event, by its grade. Line: standing, the mean in which large and late events count more. "
    "Upright line: turning point; shaded: 80 % of its resampled dates. Level lines: mean grade between turning "
    "points. Numbers: see the list."
)


def figure(result: RelationsResult, pair: PairRecord) -> Figure:
    """Return the timeline of a pair."""
    found = findings.turned(pair) if pair.turns else findings.stands(pair)
    sources = tuple(dict.fromkeys(one for event in pair.events for one in event.sources))
    return Figure(
        id=f"timeline-{pair.id}",
        subject=pair.name,
        finding=found.model_copy(update={"numbers": {}, "table": "events"}),
        definition=(
            f"{pair.name}: graded events and the standing that they make, "
            f"{pair.events[0].date[:4]} to the date of the case."
        ),
        spec=_spec(result, pair),
        table=table_of([((), one) for one in pair.events], EventRow, "events", {}, ("time",)),
        how=(
            "The standing is the mean grade of all events until then, weighted by size (distance from 0), each "
            "counting half after three years.",
            "Turning points: exact penalised segmentation of the graded events in their order, squared error, "
            f"penalty {pair.penalty:.1f} (2 ln of the number of events) in units of the noise between neighbours; "
            "at least three events between two. Dates are resampled within the stretches beside them, grades with "
            "their doubt.",
        ),
        sources=sources,
        legend=LEGEND,
    )


def _spec(result: RelationsResult, pair: PairRecord) -> Spec:
    events = pair.events
    first, today = events[0].time, max(result.today, events[-1].time)
    across = Scale(first - 0.5, today + 0.5, LEFT, RIGHT)
    up = Scale(-10.0, 10.0, BOTTOM, TOP)
    x, y = value("time", across), value("grade", up)
    path = [{"time": one.time, "grade": one.standing} for one in events]
    if pair.standing is not None:
        path.append({"time": today, "grade": pair.standing.mean})
    band = [{"time": one.time, "low": one.standing_low80, "high": one.standing_high80} for one in events]
    spread = {"x": x, "y": value("low", up), "y2": {"field": "high"}}
    at, until = {"x": x, "y": y}, {"x": x, "x2": {"field": "until"}, "y": y}
    level = stretches(pair.turns, first, today, "grade")
    dots = {
        bad: [{"time": one.time, "grade": one.grade} for one in events if (one.grade < 0) == bad]
        for bad in (False, True)
    }
    marks = [{"grade": one, "text": signed_minus(f"{one:+}") if one else "0"} for one in SCALE]
    years = whole_years(first, today, 5)
    layers = [
        *doubt(pair.turns, x, TOP, BOTTOM),
        *grid(across, years, TOP, BOTTOM),
        *layer("rule", [{"grade": 0.0}], {"y": y, "x": fixed(LEFT), "x2": fixed(RIGHT)}, color=FAINT.light),
        *layer("area", band, spread, color=FAINT.light, interpolate="linear"),
        *layer("rule", level, until, color=ACCENT.light, strokeWidth=2.5, opacity=0.55),
        *_turning(pair, across),
        *layer("line", path, at, color=INK.light, strokeWidth=1.6, interpolate="linear"),
        *points(dots[False], at, ACCENT.light, 20, shape="circle"),
        *points(dots[True], at, DANGER.light, 20, shape="square"),
        *beside(marks, LEFT - 5, y),
        *ticks(across, years, [f"{one:.0f}" for one in years], BOTTOM + 10),
        *_lane(pair, across),
    ]
    return frame(HEIGHT, layers)


def _lane(pair: PairRecord, across: Scale) -> list[Spec]:
    """Return the numbers of the landmarks under the years; close ones stand lower."""
    found = findings.landmarks(pair)
    rows = [{"time": one.time, "text": str(number)} for number, one in enumerate(found, 1)]
    levels = steps([across.pixel(one.time) for one in found], 11)
    return _marks(rows, [LANE + 10.0 * level for level in levels], across)


def _turning(pair: PairRecord, across: Scale) -> list[Spec]:
    """Return the turning points as upright lines, with the year above each; neighbours on two levels."""
    levels = steps([across.pixel(one.time) for one in pair.turns], 34)
    heights = [TOP - 8 - 12 * level for level in levels]
    rows = [
        {"time": one.time, "text": one.date[:4], "at": at}
        for one, at in zip(pair.turns, heights, strict=True)
    ]
    upright = {"x": value("time", across), "y": fixed(TOP - 2), "y2": fixed(BOTTOM)}
    drawn = layer("rule", rows, upright, color=INK.light, strokeDash=[3, 2])
    return drawn + _marks(rows, heights, across)


def _marks(rows: Sequence[Row], heights: Sequence[float], across: Scale) -> list[Spec]:
    """Return texts at their years, each at a height of its own."""
    layers: list[Spec] = []
    for row, at in zip(rows, heights, strict=True):
        layers += text([{**row, "at": at}], value("time", across), fixed(at), fontSize=SMALL, align="center")
    return layers
