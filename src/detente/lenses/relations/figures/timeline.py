"""When did a relation rise and fall? Graded events, the standing they make, turning points with their doubt."""

from __future__ import annotations

from detente.lenses.relations import findings
from detente.lenses.relations.result import EventRow, PairRecord, RelationsResult
from detente.show.figure import Figure
from detente.show.palette import ACCENT, DANGER, FAINT, INK, MUTED, WASH
from detente.show.table import table_of
from detente.show.vega import (
    SMALL,
    WIDTH,
    Scale,
    Spec,
    fixed,
    frame,
    grid,
    layer,
    round_values,
    text,
    ticks,
    value,
)

TOP, BOTTOM, HEIGHT = 34.0, 226.0, 268.0
LANE = 248.0
LEFT, RIGHT = 32.0, WIDTH - 12.0
LEGEND = (
    "Dot: a dated event, by its grade. Line: standing, the mean in which large and late events "
    "count more. Upright line: "
    "turning point; shaded: 80 % of its resampled dates. Level lines: mean grade between turning points. "
    "Numbers: see the list."
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
        table=table_of([((), one) for one in pair.events], EventRow, "events", {}),
        how=(
            "The standing is the mean grade of all events until then, weighted by size (distance "
            "from 0), each counting half after three years.",
            f"Turning points: exact penalised segmentation of the graded events in their order, "
            f"squared error, penalty "
            f"{pair.penalty:.1f} (2 ln of the number of events) in units of the noise between "
            f"neighbours; at least "
            "three events between two. Dates are resampled within the stretches beside them, "
            "grades with their doubt.",
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
    shaded = [{"time": one.early_time, "until": one.late_time} for one in pair.turns]
    reach = {"x": x, "x2": {"field": "until"}, "y": fixed(TOP), "y2": fixed(BOTTOM)}
    dots = {
        tone: [{"time": one.time, "grade": one.grade} for one in events if (one.grade < 0) == bad]
        for tone, bad in ((ACCENT, False), (DANGER, True))
    }
    years = [at for at in round_values(first, today, 5) if first <= at <= today]
    layers = [
        *layer("rect", shaded, reach, color=WASH.light),
        *grid(across, years, TOP, BOTTOM),
        *layer("rule", [{"grade": 0.0}], {"y": y, "x": fixed(LEFT), "x2": fixed(RIGHT)}, color=FAINT.light),
        *layer(
            "area",
            band,
            {"x": x, "y": value("low", up), "y2": {"field": "high"}},
            color=FAINT.light,
            interpolate="linear",
        ),
        *_levels(pair, today, x, y),
        *_turning(pair, across),
        *layer("line", path, {"x": x, "y": y}, color=INK.light, strokeWidth=1.6, interpolate="linear"),
        *(
            one
            for tone, rows in dots.items()
            for one in layer(
                "point",
                rows,
                {"x": x, "y": y},
                filled=True,
                color=tone.light,
                size=20,
                opacity=1,
                shape="circle" if tone is ACCENT else "square",
            )
        ),
        *text(
            [
                {"grade": at, "text": f"{at:+.0f}".replace("-", "−").replace("+0", "0")}
                for at in (-10, -5, 0, 5, 10)
            ],
            fixed(LEFT - 5),
            y,
            tone=MUTED,
            fontSize=SMALL,
            align="right",
        ),
        *ticks(across, years, [f"{at:.0f}" for at in years], BOTTOM + 10),
        *_lane(pair, across),
    ]
    return frame(HEIGHT, layers)


def _lane(pair: PairRecord, across: Scale) -> list[Spec]:
    """Return the numbers of the landmarks under the years; close ones stand lower."""
    rows: list[dict[str, str | float]] = []
    last, level = -99.0, 0
    for number, one in enumerate(findings.landmarks(pair), 1):
        at = across.pixel(one.time)
        level = 1 - level if at - last < 11 else 0
        last = at
        rows.append({"time": one.time, "text": str(number), "at": LANE + 10.0 * level})
    layers: list[Spec] = []
    for row in rows:
        layers += text([row], value("time", across), fixed(row["at"]), fontSize=SMALL, align="center")
    return layers


def _levels(pair: PairRecord, today: float, x: Spec, y: Spec) -> list[Spec]:
    """Return the mean grade of every stretch between turning points."""
    edges = [pair.events[0].time, *(one.time for one in pair.turns), today]
    means = [pair.turns[0].before, *(one.after for one in pair.turns)] if pair.turns else []
    rows = [
        {"time": start, "until": end, "grade": mean}
        for start, end, mean in zip(edges, edges[1:], means, strict=False)
    ]
    return layer(
        "rule",
        rows,
        {"x": x, "x2": {"field": "until"}, "y": y},
        color=ACCENT.light,
        strokeWidth=2.5,
        opacity=0.55,
    )


def _turning(pair: PairRecord, across: Scale) -> list[Spec]:
    """Return the turning points as upright lines, with the year above each; neighbours on two levels."""
    rows: list[dict[str, str | float]] = []
    last, level = -99.0, 0
    for one in pair.turns:
        at = across.pixel(one.time)
        level = 1 - level if at - last < 34 else 0
        last = at
        rows.append({"time": one.time, "text": one.date[:4], "at": TOP - 8 - 12 * level})
    drawn = layer(
        "rule",
        rows,
        {"x": value("time", across), "y": fixed(TOP - 2), "y2": fixed(BOTTOM)},
        color=INK.light,
        strokeDash=[3, 2],
    )
    for row in rows:
        drawn += text([row], value("time", across), fixed(row["at"]), fontSize=SMALL, align="center")
    return drawn
