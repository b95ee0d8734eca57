"""How is the graph of a game drawn? States in rows from today downwards, moves as bows in their maker's colour.

States are labelled in words where there are few, in letters where these are short, else by numbers; those that
hold are filled, and told in words under the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import atan2, degrees
from typing import Any

from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import label, named
from detente.report.figures.graph_layout import Line, Point, curve, lines, spread
from detente.report.games.facts import Outcome
from detente.report.games.moves import Arc, MoveGraph
from detente.report.games.telling import kinds
from detente.show import words
from detente.show.palette import ACCENT, ACCENT_SOFT, BLOCS, FAINT, INK, MUTED, OTHERS, PAPER, Tone
from detente.show.vega import SMALL, WIDTH, Spec, fixed, frame, given, layer, pixel, text

LEFT = 50.0  # room for the distances
MOST_WORDS, WIDEST_WORDS = 10, 3  # states, in all and in a line, that are labelled in words
MOST_LETTERS, LONGEST_LETTERS = 48, 6
KEYS = 6  # states that are told under the graph
KEY = 12.0
RADIUS = 6.5
BOW = 10.0  # room for bows under the last row
FAINTNESS = 0.28
LOOKS = {"none": (PAPER, MUTED), "deterred": (ACCENT_SOFT, ACCENT), "nash": (ACCENT, ACCENT)}
DASHES: tuple[list[int], ...] = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 2], [1, 3])
COLOURS = ("blue", "red", "amber", "green", "pink", "light blue")
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Actor:
    """How an actor's moves are drawn."""

    name: str
    tone: Tone
    dash: list[int]


def actors(result: StabilityResult) -> tuple[Actor, ...]:
    """Return how each actor's moves are drawn, in the order of the game."""
    found = []
    for k, actor in enumerate(result.actors):
        tone = BLOCS[k].tone if k < len(BLOCS) else OTHERS.tone
        found.append(Actor(result.names[actor], tone, DASHES[k % len(DASHES)]))
    return tuple(found)


def legend(result: StabilityResult) -> str:
    """Return who moves in which colour, as a sentence."""
    colours = (*COLOURS, *["grey"] * len(result.actors))
    told = [f"{actor.name} {colour}" for actor, colour in zip(actors(result), colours, strict=False)]
    return f"Moves of {words.listed(told, 12)}."


def by(result: StabilityResult, state: str) -> str:
    """Return the concepts by which a state holds, preferences at their means."""
    return ", ".join(label(c) for c in kinds(result.concepts) if state in result.equilibria[c])


def drawing(
    result: StabilityResult, graph: MoveGraph, arcs: Mapping[Arc, bool], rows: tuple[Outcome, ...]
) -> Spec:
    """Return the drawing.

    Args:
        result: of the lens.
        graph: states and moves.
        arcs: the moves that are drawn, and whether each is bold.
        rows: the states that hold, the firmest first.
    """
    labels, most, tall = _labels(result, graph)
    found = lines(
        graph.layer,
        [(arc.start, arc.end) for arc in graph.arcs if arc.pays] or [(a.start, a.end) for a in graph.arcs],
        most=most,
        step=2 * RADIUS + 18 + tall * (SMALL + 1.5),
        gap=12.0,
        top=RADIUS + 8,
    )
    places = spread(found, LEFT, WIDTH)
    bottom = max(line.y for line in found) + RADIUS + 10 + tall * (SMALL + 1.5) + BOW
    layers = [
        *_rows(graph, found),
        *_moves(result, places, arcs),
        *_nodes(result, graph, places),
        *_names(result, graph, places, labels, inside=tall == 0),
    ]
    keys, height = _keys(result, graph, rows, bottom)
    return frame(height, [*layers, *keys])


def _labels(result: StabilityResult, graph: MoveGraph) -> tuple[dict[int, list[str]], int, int]:
    """Return the labels of the states, how many states go on a line, and how many lines a label takes."""
    sizes = [list(graph.layer.values()).count(one) for one in set(graph.layer.values())]
    if len(graph.states) <= MOST_WORDS and max(sizes) <= WIDEST_WORDS:
        room = (WIDTH - LEFT) / max(sizes) / SMALL - 0.6
        broken = {s: words.broken(named(result, graph.texts[s]), room, 4) for s in graph.states}
        return broken, WIDEST_WORDS, max(map(len, broken.values()))
    short = max(len(one) for one in graph.texts.values()) <= LONGEST_LETTERS
    if len(graph.states) <= MOST_LETTERS and short and result.options:
        wide = max(words.width_of(one) for one in graph.texts.values()) * SMALL + 6
        return {s: [graph.texts[s]] for s in graph.states}, int((WIDTH - LEFT) / wide), 1
    numbers = {s: [str(k)] for k, s in enumerate(graph.states, start=1)}
    return numbers, int((WIDTH - LEFT) / (2 * RADIUS + 8)), 0


def _rows(graph: MoveGraph, found: Iterable[Line]) -> list[Spec]:
    """Return how far each row is from today, at its left."""
    told, seen = [], set()
    for line in found:
        if line.layer in seen:
            continue
        seen.add(line.layer)
        if graph.today is None:
            name = f"{line.layer} taken" if len(set(graph.layer.values())) > 1 else ""
        elif line.layer == graph.out_of_reach:
            name = "no way"
        else:
            name = words.counted(line.layer, "move") if line.layer else "today"
        told.append({"text": name, "y": line.y})
    return text(told, fixed(0), pixel("y"), align="left", tone=MUTED, fontSize=SMALL)


def _moves(result: StabilityResult, places: Mapping[int, Point], arcs: Mapping[Arc, bool]) -> list[Spec]:
    """Return the bows: faint ones first, then bold ones, then the way from today."""
    layers: list[Spec] = []
    for heavy, bold in ((False, False), (False, True), (True, True)):
        for k, actor in enumerate(actors(result)):
            chosen = [
                arc
                for arc, is_bold in arcs.items()
                if arc.actor == k and bool(arc.step) == heavy and (heavy or is_bold == bold)
            ]
            layers += _of_actor(actor, *_bows(places, chosen), heavy=heavy, bold=bold)
    return layers


def _of_actor(actor: Actor, points: Rows, heads: Rows, *, heavy: bool, bold: bool) -> list[Spec]:
    at = {"x": pixel("x"), "y": pixel("y")}
    order = {"order": {"field": "k", "type": "quantitative"}, "detail": {"field": "arc", "type": "nominal"}}
    style = {"strokeWidth": 3.2 if heavy else 1.0, "opacity": 1.0 if bold else FAINTNESS}
    head = {"size": 54 if heavy else 22, "fill": actor.tone.light, "opacity": style["opacity"]}
    angle = {"angle": given("angle", "quantitative")}
    return [
        *layer("line", points, {**at, **order}, stroke=actor.tone.light, strokeDash=actor.dash, **style),
        *layer("point", heads, {**at, **angle}, shape="triangle-up", stroke=None, **head),
    ]


def _bows(places: Mapping[int, Point], arcs: Iterable[Arc]) -> tuple[Rows, Rows]:
    points, heads = [], []
    for arc in arcs:
        start, end = places[arc.start], places[arc.end]
        bend = 0.34 if start[1] == end[1] else 0.1
        bow = curve(start, end, bend=bend, margin=RADIUS + 3)
        name = f"{arc.start}-{arc.end}"
        points += [{"x": x, "y": y, "k": k, "arc": name} for k, (x, y) in enumerate(bow)]
        (x0, y0), (x1, y1) = bow[-2:]
        heads.append({"x": x1, "y": y1, "angle": round(degrees(atan2(x1 - x0, y0 - y1)), 1)})
    return points, heads


def _nodes(result: StabilityResult, graph: MoveGraph, places: Mapping[int, Point]) -> list[Spec]:
    groups: dict[str, list[dict[str, Any]]] = {"none": [], "deterred": [], "nash": []}
    for s in graph.states:
        groups[_kind(result, graph.texts[s])].append({"x": places[s][0], "y": places[s][1]})
    at = {"x": pixel("x"), "y": pixel("y")}
    size = (2 * RADIUS) ** 2
    layers = []
    for kind, (fill, stroke) in LOOKS.items():
        style = {"fill": fill.light, "stroke": stroke.light, "opacity": 1}
        layers += layer("point", groups[kind], at, shape="circle", size=size, **style)
    if graph.today is not None:
        x, y = places[graph.today]
        square = {
            "shape": "square",
            "size": 3.4 * size,
            "stroke": INK.light,
            "strokeWidth": 1.5,
            "opacity": 1,
        }
        layers += layer("point", [{"x": x, "y": y}], at, **square)
    return layers


def _kind(result: StabilityResult, state: str) -> str:
    if state in result.equilibria.get("nash", ()):
        return "nash"
    return "deterred" if by(result, state) else "none"


def _names(
    result: StabilityResult,
    graph: MoveGraph,
    places: Mapping[int, Point],
    labels: Mapping[int, list[str]],
    *,
    inside: bool,
) -> list[Spec]:
    rows = {"dark": list[dict[str, Any]](), "light": list[dict[str, Any]]()}
    for s in graph.states:
        x, y = places[s]
        down = 0.0 if inside else RADIUS + (10 if s == graph.today else 7)
        tone = "light" if inside and _kind(result, graph.texts[s]) == "nash" else "dark"
        label_ = labels[s] if len(labels[s]) > 1 else labels[s][0]
        rows[tone].append({"text": label_, "x": x, "y": y + down})
    style: dict[str, Any] = {"align": "center", "fontSize": SMALL}
    style |= {} if inside else {"baseline": "top", "lineHeight": SMALL + 1.5}
    at = pixel("x"), pixel("y")
    halo = [] if inside else text(rows["dark"], *at, tone=PAPER, stroke=PAPER.light, strokeWidth=3, **style)
    dark = text(rows["dark"], *at, tone=INK, **style)
    return halo + dark + text(rows["light"], *at, tone=PAPER, **style)


def _keys(
    result: StabilityResult, graph: MoveGraph, rows: tuple[Outcome, ...], top: float
) -> tuple[list[Spec], float]:
    """Return the states that hold in words under the graph, and where that ends."""
    number = {graph.texts[s]: k for k, s in enumerate(graph.states, start=1)}
    numbers = (
        max(len(one) for one in number) > LONGEST_LETTERS or len(number) > MOST_LETTERS or not result.options
    )
    told = [row for row in rows if row.central and row.state in number][:KEYS]
    heads, texts = [], []
    y = top + 8
    if told:
        heads.append({"text": "Outcomes that hold", "y": y})
        y += KEY + 2
    for row in told:
        sign = str(number[row.state]) if numbers else row.state
        told_as = f"{named(result, row.state)} ({by(result, row.state) or 'coalitions'})"
        lines_ = words.broken(told_as, (WIDTH - LEFT) / SMALL, 3)
        heads.append({"text": sign, "y": y})
        texts.append({"text": lines_, "y": y})
        y += len(lines_) * KEY + 3
    style: dict[str, Any] = {"align": "left", "fontSize": SMALL, "lineHeight": KEY, "baseline": "top"}
    layers = text(heads, fixed(0), pixel("y"), tone=INK, fontWeight="bold", **style)
    layers += text(texts, fixed(LEFT), pixel("y"), tone=MUTED, **style)
    rule = layer(
        "rule", [{"y": top}], {"y": pixel("y"), "x": fixed(0), "x2": fixed(WIDTH)}, color=FAINT.light
    )
    return (rule if told else []) + layers, y
