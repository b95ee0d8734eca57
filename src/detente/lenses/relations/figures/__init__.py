"""What do the figures of the relations lens share? Texts beside and below a panel, and level lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.lenses.relations.result import Turn
from detente.show.palette import MUTED, WASH
from detente.show.vega import SMALL, Row, Scale, Spec, fixed, layer, round_values, text


def beside(rows: Iterable[Row], edge: float, y: Spec) -> list[Spec]:
    """Return small texts that end left of an edge."""
    return text(rows, fixed(edge), y, tone=MUTED, fontSize=SMALL, align="right")


def below(rows: Iterable[Row], x: Spec, y: float) -> list[Spec]:
    """Return small texts centred below a panel."""
    return text(rows, x, fixed(y), tone=MUTED, fontSize=SMALL, align="center")


def points(rows: Iterable[Row], place: Spec, tone: str, size: int, **style: str) -> list[Spec]:
    """Return filled points."""
    return layer("point", rows, place, filled=True, color=tone, size=size, opacity=1, **style)


def whole_years(first: float, last: float, about: int) -> list[float]:
    """Return round years between two dates, about so many; no year is halved."""
    return [at for at in round_values(first, last, about) if first <= at <= last and at.is_integer()]


def stretches(turns: Sequence[Turn], first: float, last: float, y: str, up: Scale | None = None) -> list[Row]:
    """Return begin, end and level (a value, or a pixel ``up``) between turning points; none without any."""
    edges = [first, *(one.time for one in turns), last]
    means = [one.before for one in turns[:1]] + [one.after for one in turns]
    return [
        {"time": start, "until": end, y: up.pixel(mean) if up else mean}
        for start, end, mean in zip(edges, edges[1:], means, strict=False)
    ]


def doubt(turns: Sequence[Turn], x: Spec, top: float, bottom: float) -> list[Spec]:
    """Return the shades over the resampled dates of turning points."""
    rows = [{"time": one.early_time, "until": one.late_time} for one in turns]
    reach = {"x": x, "x2": {"field": "until"}, "y": fixed(top), "y2": fixed(bottom)}
    return layer("rect", rows, reach, color=WASH.light)


def steps(places: Sequence[float], room: float) -> list[int]:
    """Return on which of two levels each of some marks stands, so that close ones do not touch."""
    levels: list[int] = []
    for number, at in enumerate(places):
        near = number > 0 and at - places[number - 1] < room
        levels.append(1 - levels[-1] if near else 0)
    return levels
