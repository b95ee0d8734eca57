"""What moves what? Descriptors along a frame, an arrow for each of the strongest influences."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees

from detente.lenses.crossimpact.findings import of_network
from detente.lenses.crossimpact.records import Influence
from detente.lenses.crossimpact.result import CrossImpactResult
from detente.show.figure import Figure
from detente.show.palette import ACCENT, FAINT, INK, PAPER
from detente.show.vega import SMALL, WIDTH, Row, Spec, frame, given, layer, pixel, text
from detente.show.words import broken

MOST_DRAWN = 24
HEIGHT = 380.0
REACH = 20.0  # from the middle of a box to where arrows end, up and down
BOX = 76.0
LINE = SMALL + 1.5
STEPS = 40
INWARD, ASIDE = 0.5, 0.08  # how far arrows bend to the middle, and apart from those back
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
    places = _places(list(result.futures.descriptors))
    largest = max(one.strength for one in strongest)
    lines, heads, boxes, names = list[Row](), list[Row](), list[Row](), list[Row]()
    for number, one in enumerate(strongest):
        points = _curve(places[one.source], places[one.target])
        drawn = {"arc": number, "width": round(0.6 + 2.4 * one.strength / largest, 2)}
        lines += [{"x": x, "y": y, "k": k, **drawn} for k, (x, y) in enumerate(points)]
        (x0, y0), (x1, y1) = points[-2:]
        heads.append({"x": x1, "y": y1, "angle": round(degrees(atan2(y1 - y0, x1 - x0)) + 90, 1)})
    for key, (x, y) in places.items():
        told = broken(result.futures.descriptors[key].name, (BOX - 6) / SMALL, 3)
        half, first = len(told) * LINE / 2 + 3, y - (len(told) - 1) * LINE / 2
        boxes.append({"x": x - BOX / 2, "x2": x + BOX / 2, "y": y - half, "y2": y + half})
        names.append({"text": told if len(told) > 1 else told[0], "x": x, "y": first})
    where = {"x": pixel("x"), "y": pixel("y")}
    arcs = {
        **where,
        "detail": {"field": "arc", "type": "nominal"},
        "order": {"field": "k", "type": "quantitative"},
        "strokeWidth": given("width", "quantitative"),
    }
    area = {**where, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    turned = {**where, "angle": given("angle", "quantitative")}
    box = {"fill": PAPER.light, "stroke": FAINT.light, "strokeWidth": 1, "cornerRadius": 3}
    head = {"shape": "triangle", "size": 36, "fill": ACCENT.light, "stroke": None, "opacity": 1}
    style = {"align": "center", "fontSize": SMALL, "lineHeight": LINE}
    layers = [
        *layer("line", lines, arcs, color=ACCENT.light, opacity=0.75),
        *layer("rect", boxes, area, **box),
        *layer("point", heads, turned, **head),
        *text(names, where["x"], where["y"], tone=INK, **style),
    ]
    return frame(HEIGHT, layers)


def _places(keys: Sequence[str]) -> dict[str, Point]:
    """Return the middle of each descriptor's box, evenly along a rectangle from the top left, clockwise."""
    across, down = WIDTH - BOX - 4, HEIGHT - 2 * REACH
    found = {}
    for number, key in enumerate(keys):
        at = 2 * (across + down) * number / len(keys)
        x = min(max(at, 0), across) - min(max(at - across - down, 0), across)
        y = min(max(at - across, 0), down) - min(max(at - 2 * across - down, 0), down)
        found[key] = (BOX / 2 + 2 + x, REACH + y)
    return found


def _curve(start: Point, end: Point) -> list[Point]:
    """Return the points of an arrow between two boxes, bent inward, and apart from the one back."""
    (x0, y0), (x1, y1) = start, end
    middle = (
        (1 - INWARD) * (x0 + x1) / 2 + INWARD * WIDTH / 2 - ASIDE * (y1 - y0),
        (1 - INWARD) * (y0 + y1) / 2 + INWARD * HEIGHT / 2 + ASIDE * (x1 - x0),
    )
    points = []
    for t in (step / STEPS for step in range(STEPS + 1)):
        bends = zip(start, middle, end, strict=True)
        x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c for a, b, c in bends)
        if not any(abs(x - u) < BOX / 2 + 3 and abs(y - v) < REACH for u, v in (start, end)):
            points.append((x, y))
    return points if len(points) > 1 else [start, end]
