"""What moves what? Descriptors along a frame, an arrow for each of the strongest influences."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees
from typing import Any

from detente.lenses.crossimpact.findings import of_network
from detente.lenses.crossimpact.records import Influence
from detente.lenses.crossimpact.result import CrossImpactResult
from detente.show.figure import Figure
from detente.show.palette import ACCENT, FAINT, INK, PAPER
from detente.show.vega import SMALL, WIDTH, Spec, frame, given, layer, pixel, text
from detente.show.words import broken

MOST_DRAWN = 24
HEIGHT = 380.0
REACH = 22.0  # from the middle of a box to where arrows end, up and down
BOX = 76.0
LINE = SMALL + 1.5
STEPS = 10
BEND = 0.14
Point = tuple[float, float]


def network(result: CrossImpactResult) -> Figure | None:
    """Return the chart; nothing where no descriptor moves another."""
    strongest = [one for one in result.influences if one.source != one.target][:MOST_DRAWN]
    if not strongest:
        return None
    return Figure(
        id="network",
        subject="",
        finding=of_network(result),
        definition=f"The {len(strongest)} strongest influences between descriptors: an arrow from what pushes to "
        "what is pushed, the thicker the more another variant of the one changes in the other.",
        spec=_drawn(result, strongest),
        table=result.tables()["influences"],
        how=(
            "The strength of an influence is the largest difference that another variant of the source makes to "
            "the lead of one variant of the target over another, by the best guess of every judgement.",
            f"Case {result.record.fingerprint}, détente {result.record.version}.",
        ),
        legend="Thick: strong. Arrows run from what pushes to what is pushed.",
    )


def _drawn(result: CrossImpactResult, strongest: Sequence[Influence]) -> Spec:
    keys = list(result.futures.descriptors)
    places = _places(keys)
    largest = max(one.strength for one in strongest)
    lines: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for number, one in enumerate(strongest):
        points = _curve(places[one.source], places[one.target])
        width = round(0.6 + 2.4 * one.strength / largest, 2)
        lines += [{"x": x, "y": y, "arc": number, "width": width} for x, y in points]
        (x0, y0), (x1, y1) = points[-2:]
        angle = round(degrees(atan2(y1 - y0, x1 - x0)) + 90, 1)
        heads.append({"x": x1, "y": y1, "angle": angle})
    boxes, names = [], []
    for key, (x, y) in places.items():
        told = broken(result.futures.descriptors[key].name, (BOX - 6) / SMALL, 3)
        half = len(told) * LINE / 2 + 3
        boxes.append({"x": x - BOX / 2, "x2": x + BOX / 2, "y": y - half, "y2": y + half})
        names.append(
            {"text": told if len(told) > 1 else told[0], "x": x, "y": y - (len(told) - 1) * LINE / 2}
        )
    where = {"x": pixel("x"), "y": pixel("y")}
    area = {**where, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    arcs = {**where, "detail": {"field": "arc", "type": "nominal"}}
    turned = {**where, "angle": given("angle", "quantitative")}
    layers: list[Spec] = []
    for width in sorted({row["width"] for row in lines}):
        chosen = [row for row in lines if row["width"] == width]
        layers += layer("line", chosen, arcs, color=ACCENT.light, strokeWidth=width, opacity=0.75)
    layers += layer("rect", boxes, area, fill=PAPER.light, stroke=FAINT.light, strokeWidth=1, cornerRadius=3)
    layers += layer(
        "point", heads, turned, shape="triangle", size=36, fill=ACCENT.light, stroke=None, opacity=1
    )
    style = {"align": "center", "fontSize": SMALL, "lineHeight": LINE}
    layers += text(names, pixel("x"), pixel("y"), tone=INK, **style)
    return frame(HEIGHT, layers)


def _places(keys: Sequence[str]) -> dict[str, Point]:
    """Return the middle of each descriptor's box, evenly along a rectangle from the top left, clockwise."""
    across, down = WIDTH - BOX - 4, HEIGHT - 2 * REACH
    found = {}
    for number, key in enumerate(keys):
        at = 2 * (across + down) * number / len(keys)
        sides = (
            (at, 0.0),
            (across, at - across),
            (2 * across + down - at, down),
            (0.0, 2 * (across + down) - at),
        )
        edge = sum(at >= reached for reached in (across, across + down, 2 * across + down))
        x, y = sides[edge]
        found[key] = (BOX / 2 + 2 + x, REACH + y)
    return found


def _curve(start: Point, end: Point) -> list[Point]:
    """Return the points of an arrow between two boxes, bent so that one back does not lie on it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    middle = (start[0] + end[0]) / 2 - BEND * dy, (start[1] + end[1]) / 2 + BEND * dx
    points = []
    for step in range(STEPS * 4 + 1):
        t = step / (STEPS * 4)
        points.append(
            tuple(
                (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
                for a, b, c in zip(start, middle, end, strict=True)
            )
        )
    outside = [(x, y) for x, y in points if not (_within((x, y), start) or _within((x, y), end))]
    return outside if len(outside) > 1 else [start, end]


def _within(point: Point, box: Point) -> bool:
    return abs(point[0] - box[0]) < BOX / 2 + 3 and abs(point[1] - box[1]) < REACH
