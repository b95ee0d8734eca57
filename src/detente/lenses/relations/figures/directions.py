"""What do event data report of both directions? Share of conflict by period, turns, and how much there was."""

from __future__ import annotations

from detente.lenses.relations import findings
from detente.lenses.relations.figures import beside, doubt, points, stretches, whole_years
from detente.lenses.relations.result import Counted, PairRecord, Period
from detente.show.figure import Figure
from detente.show.palette import ACCENT, ACCENT_SOFT, DANGER, INK
from detente.show.table import table_of
from detente.show.vega import (
    WIDTH,
    Scale,
    Spec,
    fixed,
    frame,
    grid,
    layer,
    pixel,
    text,
    ticks,
    value,
)  # fmt: skip
from detente.show.words import capital

PANEL, SHARE, COUNT, TOP = 128.0, 70.0, 28.0, 18.0
LEFT, RIGHT = 34.0, WIDTH - 8.0


def figure(pair: PairRecord) -> Figure:
    """Return both directions of a pair, one above the other, on one axis of time."""
    told = findings.direction(pair, pair.counted[0])
    rows = [((way.source, way.target), one) for way in pair.counted for one in way.periods]
    phi = " and ".join(f"{way.dispersion:.1f}" for way in pair.counted)
    return Figure(
        id=f"directions-{pair.id}",
        subject=capital(f"{pair.counted[0].source} to {pair.counted[0].target}"),
        finding=told.model_copy(update={"numbers": {"now": told.numbers["now"]}, "table": "periods"}),
        definition=f"{pair.name}: share of conflict among reported events, and below it how many were reported.",
        spec=_spec(pair),
        table=table_of(rows, Period, "periods", {"source": "who acts", "target": "upon whom"}),
        how=(
            "Periods without events are left out: nothing was reported, and nothing is filled in.",
            f"Turning points: exact segmentation by the quasi-binomial likelihood, dispersion {phi}, penalty 5 ln "
            "of the number of periods, at least three periods between two.",
        ),
        legend="Dot: share of conflict. Level line: share between turning points. Bars: events reported.",
    )


def _spec(pair: PairRecord) -> Spec:
    times = [one.time for way in pair.counted for one in way.periods]
    across = Scale(min(times) - 0.1, max(times) + 0.1, LEFT, RIGHT)
    layers: list[Spec] = []
    for number, way in enumerate(pair.counted):
        layers += _panel(way, across, number * PANEL)
    bottom = PANEL * len(pair.counted)
    years = whole_years(across.low, across.high, 5)
    layers += ticks(across, years, [f"{at:g}" for at in years], bottom + 6)
    return frame(bottom + 16, layers)


def _panel(way: Counted, across: Scale, top: float) -> list[Spec]:
    high, low = top + TOP, top + TOP + SHARE
    foot = low + 4 + COUNT
    up = Scale(0.0, 1.0, low, high)
    most = max(one.events for one in way.periods)
    x = value("time", across)
    dots = [{"time": one.time, "y": up.pixel(one.share)} for one in way.periods]
    bars = [{"time": one.time, "y": foot - COUNT * one.events / most, "foot": foot} for one in way.periods]
    y = pixel("y")
    levels = stretches(way.turns, way.periods[0].time, way.periods[-1].time, "y", up)
    return [
        *doubt(way.turns, x, high, low),
        *grid(across, [across.low, across.high], high, low),
        *points(dots, {"x": x, "y": y}, ACCENT.light, 10),
        *layer("rule", levels, {"x": x, "x2": {"field": "until"}, "y": y}, color=DANGER.light, strokeWidth=2),
        *layer(
            "rule", bars, {"x": x, "y": y, "y2": {"field": "foot"}}, color=ACCENT_SOFT.light, strokeWidth=1
        ),
        *text(
            [{"text": f"{way.source} to {way.target}"}], fixed(LEFT), fixed(top + 9), tone=INK, align="left"
        ),
        *beside(
            [{"at": up.pixel(one), "text": f"{one:.0%}"} for one in (0.0, 0.5, 1.0)], LEFT - 5, pixel("at")
        ),
        *beside([{"text": f"{most:,}"}], LEFT - 5, fixed(foot - COUNT + 5)),
    ]
