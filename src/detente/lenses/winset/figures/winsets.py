"""On two issues, what would each side consent to, where do they overlap, and which packages lie there?

The first issue runs across, the second upwards, each from end to end. Every side's win-set is outlined; what all
of them accept is shaded; marks show no deal, what each needed actor wants and the named solutions.
"""

from __future__ import annotations

from typing import Any

from detente.case import Case, Issue
from detente.case.text import sources_of
from detente.lenses.winset.agreements import Plane, Region
from detente.lenses.winset.findings import overlap
from detente.lenses.winset.phrases import SOLUTIONS
from detente.lenses.winset.result import WinsetResult
from detente.show import words
from detente.show.blocs import legend, looks
from detente.show.figure import Figure
from detente.show.palette import ACCENT, BLOCS, FAINT, INK, MUTED, PAPER, WASH
from detente.show.table import Table
from detente.show.vega import (
    FONT,
    SMALL,
    WIDTH,
    Scale,
    Spec,
    Style,
    anchor_texts,
    fixed,
    frame,
    given,
    layer,
    pixel,
    text,
    ticks,
)

LEFT = 40.0
TOP = 22.0
SIZE = 318.0
KEY = 14.0
DASHES: tuple[list[float], ...] = ([], [6, 3], [2, 3])
LEGEND = (
    "Outlined: what a side would consent to. Shaded: all of them. Filled diamond: a solution. Cross: no deal."
)


def winsets_figure(result: WinsetResult, plane: Plane) -> Figure:
    """Return the map of two issues that a result has."""
    case = result.case
    x, y = (case.issues[issue] for issue in plane.issues)
    sources = (
        source
        for issue in plane.issues
        for actor in plane.ideals
        if actor in case.stances[issue]
        for source in sources_of(case.stances[issue][actor].because)
    )
    return Figure(
        id="winsets",
        subject=f"{x.name} and {y.name}",
        finding=overlap(result, plane),
        definition=f"Across: {x.name}, {_ends(x)}. Upwards: {y.name}, {_ends(y)}.",
        spec=_spec(case, plane, x, y),
        table=_table(result, plane, x, y),
        how=(
            "A deal on these two issues alone, every other left as it is and all inputs at their means. A side "
            "is a part of the consent rule that must agree; its win-set is where its own rule is met. The "
            "outlines are interpolated on a fine grid and are for the eye only; whether there is a deal is "
            "solved exactly. With the doubt in the inputs, a deal on the two alone exists in "
            f"{words.percent(plane.probability)} of draws.",
        ),
        sources=tuple(dict.fromkeys(sources)),
        legend=f"{LEGEND} {legend(case)}".strip(),
    )


def _ends(of: Issue) -> str:
    return f"from “{of.scale[of.low]}” to “{of.scale[of.high]}”"


def _table(result: WinsetResult, plane: Plane, x: Issue, y: Issue) -> Table:
    columns = {
        "point": "no deal, solution, or what an actor wants",
        "across": f"{x.name}, on its scale",
        "upwards": f"{y.name}, on its scale",
    }
    rows: list[tuple[str, float, float]] = [("no deal", *plane.no_deal)]
    rows += [(f"{SOLUTIONS[name]} terms", *at) for name, at in plane.solutions.items()]
    rows += [(f"what {result.names[actor]} wants", *at) for actor, at in plane.ideals.items()]
    return Table("plane", columns, tuple(rows))


def _spec(case: Case, plane: Plane, x: Issue, y: Issue) -> Spec:
    across = Scale(x.low, x.high, LEFT, LEFT + SIZE)
    upwards = Scale(y.low, y.high, TOP + SIZE, TOP)
    box = [{"left": LEFT, "right": LEFT + SIZE, "top": TOP, "bottom": TOP + SIZE}]
    sides = {"x": pixel("left"), "x2": {"field": "right"}, "y": pixel("top"), "y2": {"field": "bottom"}}
    return frame(
        TOP + SIZE + 50 + KEY * len(plane.sides),
        [
            *layer("rect", box, sides, fill=PAPER.light, stroke=FAINT.light),
            *_filled(plane.zone, across, upwards),
            *_outlined(plane, across, upwards),
            *_key(plane, TOP + SIZE + 48),
            *_marks(case, plane, across, upwards),
            *ticks(across, list(x.scale), anchor_texts(x), TOP + SIZE + 11),
            *_upward_ticks(y, upwards),
            *text(
                [{"text": words.cut(x.name, SIZE / FONT)}],
                fixed(LEFT + SIZE / 2),
                fixed(TOP + SIZE + 28),
                fontWeight="bold",
            ),
            *text(
                [{"text": words.cut(y.name, WIDTH / FONT)}],
                fixed(0),
                fixed(8),
                align="left",
                fontWeight="bold",
            ),
        ],
    )


def _upward_ticks(of: Issue, scale: Scale) -> list[Spec]:
    rows = [
        {"text": label, "y": scale.pixel(at)} for at, label in zip(of.scale, anchor_texts(of), strict=True)
    ]
    return text(rows, fixed(LEFT - 6), pixel("y"), tone=MUTED, align="right", fontSize=SMALL)


def _points(region: Region, across: Scale, upwards: Scale) -> list[dict[str, Any]]:
    rows = []
    for part, outline in enumerate(region.outlines):
        for order, (x, y) in enumerate([*outline, outline[0]]):
            rows.append({"x": across.pixel(x), "y": upwards.pixel(y), "part": part, "order": order})
    return rows


def _line(**extra: Any) -> dict[str, Any]:
    order = {"field": "order", "type": "quantitative"}
    return {"x": pixel("x"), "y": pixel("y"), "order": order, "detail": {"field": "part"}, **extra}


def _filled(zone: Region, across: Scale, upwards: Scale) -> list[Spec]:
    rows = _points(zone, across, upwards)
    return layer(
        "line", rows, _line(), filled=True, fill=WASH.light, stroke=ACCENT.light, strokeWidth=1, opacity=1
    )


def _outlined(plane: Plane, across: Scale, upwards: Scale) -> list[Spec]:
    layers: list[Spec] = []
    for side, look in zip(plane.sides, _looks(plane), strict=True):
        rows = _points(side, across, upwards)
        layers += layer("line", rows, _line(), strokeWidth=1.75, opacity=0.9, **look)
    return layers


def _looks(plane: Plane) -> list[Style]:
    """Return colour and dashes of every side; dashes tell more than six apart."""
    return [
        {"stroke": BLOCS[k % len(BLOCS)].tone.light, "strokeDash": DASHES[k // len(BLOCS) % len(DASHES)]}
        for k in range(len(plane.sides))
    ]


def _key(plane: Plane, top: float) -> list[Spec]:
    """Name the sides under the map, each beside a piece of its line."""
    layers: list[Spec] = []
    for k, (side, look) in enumerate(zip(plane.sides, _looks(plane), strict=True)):
        y = top + KEY * k
        sample = [{"x": 0.0, "x2": 22.0, "y": y}]
        layers += layer(
            "rule",
            sample,
            {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y")},
            strokeWidth=2,
            color=look["stroke"],
            strokeDash=look["strokeDash"],
        )
        name = side.name if side.outlines else f"{side.name}: nothing on these two alone"
        named = [{"text": words.cut(name, (WIDTH - 30) / SMALL)}]
        layers += text(named, fixed(28), fixed(y), align="left", fontSize=SMALL)
    return layers


def _marks(case: Case, plane: Plane, across: Scale, upwards: Scale) -> list[Spec]:
    drawn = looks(case)

    def at(point: tuple[float, float]) -> dict[str, Any]:
        return {"x": across.pixel(point[0]), "y": upwards.pixel(point[1])}

    def dots(rows: list[dict[str, Any]], size: int, **look: Any) -> list[Spec]:
        by_row = {} if "fill" in look else {"shape": given("shape"), "fill": given("tone")}
        return layer("point", rows, place | by_row, size=size, stroke=PAPER.light, opacity=1, **look)

    wanted = [
        {**at(point), "tone": drawn[actor].tone.light, "shape": drawn[actor].shape}
        for actor, point in plane.ideals.items()
    ]
    named = [
        {**at(point), "text": words.cut(case.actors[actor].name, 12)} for actor, point in plane.ideals.items()
    ]
    told = [
        {**at(point), "text": f"{SOLUTIONS[name].split('–')[0]} terms"}
        for name, point in plane.solutions.items()
        if name in ("nash", "utilitarian")
    ]
    solved = [at(point) for point in plane.solutions.values()]
    place = {"x": pixel("x"), "y": pixel("y")}
    curve = [{**at(point), "order": k, "part": 0} for k, point in enumerate(plane.frontier)]
    return [
        *layer("line", curve, _line(), stroke=INK.light, strokeWidth=2, strokeDash=[5, 2]),
        *dots(wanted, 54, strokeWidth=0.75),
        *_beside(named),
        *dots([at(plane.no_deal)], 90, shape="cross", fill=MUTED.light),
        *dots(solved, 110, shape="diamond", fill=ACCENT.light, strokeWidth=1),
        *_beside(told, bold=True),
    ]


def _beside(rows: list[dict[str, Any]], *, bold: bool = False) -> list[Spec]:
    """Write names beside points, on whichever side there is room, none over another."""
    taken: list[tuple[float, float, float]] = []
    left: list[dict[str, Any]] = []
    right: list[dict[str, Any]] = []
    for row in rows:
        wide = words.width_of(row["text"]) * SMALL
        turned = row["x"] + 8 + wide > LEFT + SIZE
        start = row["x"] - 8 - wide if turned else row["x"] + 8
        y = row["y"]
        while any(
            abs(y - other) < SMALL and start < high and start + wide > low for low, high, other in taken
        ):
            y += SMALL + 1
        taken.append((start, start + wide, y))
        (left if turned else right).append(
            {"x": row["x"] + (-8 if turned else 8), "y": y, "text": row["text"]}
        )
    style: Style = {"fontSize": SMALL, "fontWeight": "bold" if bold else "normal"}
    return [
        *text(left, pixel("x"), pixel("y"), align="right", **style),
        *text(right, pixel("x"), pixel("y"), align="left", **style),
    ]
