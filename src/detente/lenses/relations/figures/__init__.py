"""What do the figures of the relations lens share? Texts beside and below a panel, and level lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.lenses.relations.result import Turn
from detente.show.palette import MUTED
from detente.show.vega import SMALL, Row, Spec, fixed, layer, text


def beside(rows: Iterable[Row], edge: float, y: Spec) -> list[Spec]:
    """Return small texts that end left of an edge."""
    return text(rows, fixed(edge), y, tone=MUTED, fontSize=SMALL, align="right")


def below(rows: Iterable[Row], x: Spec, y: float) -> list[Spec]:
    """Return small texts centred below a panel."""
    return text(rows, x, fixed(y), tone=MUTED, fontSize=SMALL, align="center")


def points(rows: Iterable[Row], place: Spec, tone: str, size: int, **style: str) -> list[Spec]:
    """Return filled points."""
    return layer("point", rows, place, filled=True, color=tone, size=size, opacity=1, **style)


def stretches(turns: Sequence[Turn], first: float, last: float) -> list[tuple[float, float, float]]:
    """Return begin, end and level of every stretch between turning points; none without any."""
    if not turns:
        return []
    edges = [first, *(one.time for one in turns), last]
    return list(zip(edges, edges[1:], [turns[0].before, *(one.after for one in turns)], strict=False))


def steps(places: Sequence[float], room: float) -> list[int]:
    """Return on which of two levels each of some marks stands, so that close ones do not touch."""
    levels: list[int] = []
    for number, at in enumerate(places):
        near = number > 0 and at - places[number - 1] < room
        levels.append(1 - levels[-1] if near else 0)
    return levels
