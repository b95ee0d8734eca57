"""Who can move from which outcome to which, where does everybody stay, and how does one get there from today?

States stand in rows by their distance from the status quo. Lines are moves, in the colour and dash of who makes
them, with an arrowhead where they lead. States are labelled in words where there are few, in letters where these
are short, else by numbers; those that hold are filled, and told in words under the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from math import atan2, degrees
from typing import Any, NamedTuple

from detente.lenses.stability import findings
from detente.lenses.stability.figures.graph_layout import Point, curve, placed
from detente.lenses.stability.records import Arc, MoveGraph, Outcome, kinds, short
from detente.lenses.stability.result import STATE, StabilityResult
from detente.lenses.stability.walks import Node, walked
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, ACCENT_SOFT, BLOCS, FAINT, INK, MUTED, OTHERS, PAPER, Tone
from detente.show.table import Table
from detente.show.vega import SMALL, WIDTH, Spec, fixed, frame, given, layer, pixel, text

MOST_MOVES, MOST_GAINS = 48, 90  # moves that are drawn before some are left out
COLOURS = ("blue", "red", "amber", "green", "pink", "light blue")
LEGEND = "Filled: holds; dark where nobody gains by leaving, light where others would answer a move away."
LEFT = 64.0  # room for the distances
MOST_WORDS, WIDEST_WORDS = 10, 3  # states, in all and in a line, that are labelled in words
MOST_LETTERS, LONGEST_LETTERS = 48, 6
KEYS = 6  # states that are told under the graph
KEY = 12.0
RADIUS = 6.5
BOW = 10.0  # room for bows under the last row
FAINTNESS = 0.28
LOOKS = {"none": (PAPER, MUTED), "deterred": (ACCENT_SOFT, ACCENT), "nash": (ACCENT, ACCENT)}
DASHES: tuple[list[int], ...] = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 2], [1, 3])
Rows = list[dict[str, Any]]


class Mover(NamedTuple):
    """How the moves of an actor, or of several who move together, are drawn."""

    name: str
    tone: Tone
    dash: list[int]


def movers(result: StabilityResult, graph: MoveGraph) -> tuple[Mover, ...]:
    """Return how each one's moves are drawn, in the order of the game."""
    tones = [*(one.tone for one in BLOCS), *[OTHERS.tone] * len(graph.movers)]
    looks = zip(map(result.who, graph.movers), tones, cycle(DASHES), strict=False)
    return tuple(Mover(*look) for look in looks)


def by(result: StabilityResult, state: str) -> str:
    """Return by what a state holds, preferences at their means."""
    return ", ".join(map(short, kinds(result.central(state))))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn of a game."""

    result: StabilityResult
    graph: MoveGraph
    layer: dict[int, int]  # of each state: its distance from today, else how many options are taken
    out_of_reach: (
        int | None
    )  # layer of what cannot be reached, one more than the most; ``None`` where all can be
    today: int | None  # number of the status quo
    steps: Mapping[
        tuple[int, int, int], int
    ]  # (mover, from, to) → place on the marked way from today, from 1

    @classmethod
    def of(cls, result: StabilityResult, graph: MoveGraph, goal: str | None) -> Drawn:
        """Return what is drawn, with the way to a goal."""
        number = {state: s for s, state in enumerate(graph.states)}
        today = None if result.status_quo is None else number[result.status_quo]
        if today is None:
            layer = {s: state.count("Y") if result.options else 0 for state, s in number.items()}
            return cls(result, graph, layer, None, None, {})
        last = 1 + max((far for far in graph.distance if far is not None), default=0)
        layer = {s: last if far is None else far for s, far in enumerate(graph.distance)}
        way, here, steps = None if goal is None else result.way(goal), today, {}
        for k, move in enumerate(way.paths[0] if way is not None and way.paths else ()):
            steps[graph.movers.index(move.actor), here, number[move.to]] = k + 1
            here = number[move.to]
        return cls(result, graph, layer, last if None in graph.distance else None, today, steps)

    def step(self, arc: Arc) -> int:
        """Return the place of a move on the marked way, 0 where it is not on it."""
        return self.steps.get((arc.mover, arc.start, arc.end), 0)


def states(result: StabilityResult, rows: tuple[Outcome, ...], graph: MoveGraph) -> Figure:
    """Return the graph of states and moves."""
    goal = next((row for row in rows if not row.today and row.way is not None and row.way.length), None)
    drawn = Drawn.of(result, graph, None if goal is None else goal.state)
    chosen, which = _chosen(drawn)
    who = movers(result, graph)
    told = [f"{one.name} {tone}" for one, tone in zip(who, (*COLOURS, *["grey"] * len(who)), strict=False)]
    return Figure(
        id="states",
        subject="",
        finding=findings.of_graph(result, goal),
        definition=f"States of the game by how many moves they are from today, and {which}.",
        spec=drawing(drawn, chosen, rows),
        table=_table(drawn),
        how=(
            "A move changes any of one actor’s own options at once, where they allow it and the outcome can be; "
            "it pays when the actor prefers it, every preference at its mean. Nobody moves twice in a row.",
            "Rows follow the least number of moves from the status quo; states stand near those they are "
            "tied to (Sugiyama, Tagawa & Toda 1981).",
        ),
        legend=f"{LEGEND} Moves of {words.listed(told, 12)}. Heavy: a shortest way from today.",
    )


def _chosen(drawn: Drawn) -> tuple[dict[Arc, bool], str]:
    """Return the moves that are drawn, whether each is bold, and what they are: no more than can be told apart."""
    arcs = drawn.graph.arcs
    if len(arcs) <= MOST_MOVES:
        return {arc: arc.pays for arc in arcs}, "every move, faint where it does not pay"
    gains = [arc for arc in arcs if arc.pays or drawn.step(arc)]
    if len(gains) <= MOST_GAINS:
        return {arc: arc.pays for arc in gains}, "every move that pays for whoever makes it"
    best: dict[int, Arc] = {}
    for arc in gains:
        best[arc.start] = max(best.get(arc.start, arc), arc, key=lambda one: one.gain)
    chosen = {**dict.fromkeys(best.values(), False), **dict.fromkeys(spanning(drawn), True)}
    return chosen, "the moves that pay on the way from today; faint, from all others the one that pays most"


def spanning(drawn: Drawn) -> tuple[Arc, ...]:
    """Return the marked way, and moves that pay on a shortest way from today to each state they lead to."""
    paying: dict[int, list[Arc]] = {}
    for arc in drawn.graph.arcs:
        if arc.pays:
            paying.setdefault(arc.start, []).append(arc)
    by = {(arc.start, arc.end, arc.mover): arc for arcs in paying.values() for arc in arcs}
    found, first = [arc for arc in drawn.graph.arcs if drawn.step(arc)], dict[int, Arc]()

    def onward(node: Node) -> Iterator[Node]:
        return ((arc.end, arc.mover) for arc in paying.get(node[0], ()) if arc.mover != node[1])

    for (end, mover), (start, _) in () if drawn.today is None else walked(drawn.today, onward):
        if end != drawn.today:
            first.setdefault(end, by[start, end, mover])
    return tuple(dict.fromkeys([*found, *first.values()]))


def _table(drawn: Drawn) -> Table:
    columns = {
        "number": "of the state in the figure",
        "state": STATE,
        "outcome": "what is taken",
        "moves_from_today": "least number of moves; empty where it is out of reach",
        "holds_by": "concepts, every preference at its mean",
        "better_moves": "moves from it that pay for whoever makes them",
    }
    result, graph = drawn.result, drawn.graph
    paying = [arc.start for arc in graph.arcs if arc.pays]
    rows = tuple(
        (s + 1, state, result.named(state), graph.distance[s], by(result, state), paying.count(s))
        for s, state in enumerate(graph.states)
    )
    return Table("states", columns, rows)


def drawing(drawn: Drawn, arcs: Mapping[Arc, bool], rows: tuple[Outcome, ...]) -> Spec:
    """Return the drawing.

    ``arcs`` says of every move that is drawn whether it is bold.
    """
    graph, (labels, most, tall) = drawn.graph, _labels(drawn)
    step, top = 2 * RADIUS + 18 + tall * (SMALL + 1.5), RADIUS + 8
    tied = [(arc.start, arc.end) for arc in graph.arcs if arc.pays] or [arc[1:3] for arc in graph.arcs]
    places = placed(drawn.layer, tied, most=most, step=step, gap=12.0, top=top, left=LEFT, right=WIDTH)
    bottom = max(y for _, y in places.values()) + RADIUS + 10 + tall * (SMALL + 1.5) + BOW
    layers = [
        *_rows(drawn, places),
        *_moves(drawn, places, arcs),
        *_nodes(drawn, places),
        *_names(drawn, places, labels, inside=tall == 0),
    ]
    keys, height = _keys(drawn, rows, bottom)
    return frame(height, [*layers, *keys])


def _labels(drawn: Drawn) -> tuple[dict[int, list[str]], int, int]:
    """Return the labels of the states, how many states go on a line, and how many lines a label takes."""
    states, layers = drawn.graph.states, list(drawn.layer.values())
    largest = max(map(layers.count, set(layers)))
    if len(states) <= MOST_WORDS and largest <= WIDEST_WORDS:
        room = (WIDTH - LEFT) / largest / SMALL - 0.6
        broken = {s: words.broken(drawn.result.named(state), room, 6) for s, state in enumerate(states)}
        return broken, WIDEST_WORDS, max(map(len, broken.values()))
    if not _numbered(drawn):
        wide = max(map(words.width_of, states)) * SMALL + 6
        return {s: [state] for s, state in enumerate(states)}, int((WIDTH - LEFT) / wide), 1
    return {s: [str(s + 1)] for s in range(len(states))}, int((WIDTH - LEFT) / (2 * RADIUS + 8)), 0


def _numbered(drawn: Drawn) -> bool:
    """Say whether states are told by numbers: letters are too long, too many, or there are none."""
    states = drawn.graph.states
    short = max(map(len, states)) <= LONGEST_LETTERS and len(states) <= MOST_LETTERS
    return not (short and drawn.result.options)


def _rows(drawn: Drawn, places: Mapping[int, Point]) -> list[Spec]:
    """Return how far each row is from today, at its left."""
    told, several = [], len(set(drawn.layer.values())) > 1
    first: dict[int, float] = {}
    for node, (_, y) in places.items():
        first.setdefault(drawn.layer[node], y)
    for number, y in first.items():
        if drawn.today is None:
            name = f"{number} taken" if several else ""
        elif number == drawn.out_of_reach:
            name = "no way"
        else:
            name = words.counted(number, "move") if number else "today"
        told.append({"text": name, "y": y})
    return text(told, fixed(0), pixel("y"), align="left", tone=MUTED, fontSize=SMALL)


def _moves(drawn: Drawn, places: Mapping[int, Point], arcs: Mapping[Arc, bool]) -> list[Spec]:
    """Return the bows: faint ones first, then bold ones, then the way from today."""
    layers: list[Spec] = []
    for heavy, bold in ((False, False), (False, True), (True, True)):
        for k, mover in enumerate(movers(drawn.result, drawn.graph)):
            chosen = [
                arc
                for arc, is_bold in arcs.items()
                if arc.mover == k and bool(drawn.step(arc)) == heavy and (heavy or is_bold == bold)
            ]
            layers += _of_mover(mover, *_bows(places, chosen), heavy=heavy, bold=bold)
    return layers


def _of_mover(mover: Mover, points: Rows, heads: Rows, *, heavy: bool, bold: bool) -> list[Spec]:
    at = {"x": pixel("x"), "y": pixel("y")}
    order = {"order": {"field": "k", "type": "quantitative"}, "detail": {"field": "arc", "type": "nominal"}}
    style = {"strokeWidth": 3.2 if heavy else 1.0, "opacity": 1.0 if bold else FAINTNESS}
    head = {"size": 54 if heavy else 22, "fill": mover.tone.light, "opacity": style["opacity"]}
    angle = {"angle": given("angle", "quantitative")}
    return [
        *layer("line", points, {**at, **order}, stroke=mover.tone.light, strokeDash=mover.dash, **style),
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


def _nodes(drawn: Drawn, places: Mapping[int, Point]) -> list[Spec]:
    groups: dict[str, list[dict[str, Any]]] = {"none": [], "deterred": [], "nash": []}
    for s, state in enumerate(drawn.graph.states):
        groups[_kind(drawn.result, state)].append({"x": places[s][0], "y": places[s][1]})
    at = {"x": pixel("x"), "y": pixel("y")}
    size = (2 * RADIUS) ** 2
    layers = []
    for kind, (fill, stroke) in LOOKS.items():
        style = {"fill": fill.light, "stroke": stroke.light, "opacity": 1}
        layers += layer("point", groups[kind], at, shape="circle", size=size, **style)
    if drawn.today is not None:
        spot = [dict(zip("xy", places[drawn.today], strict=True))]
        square = {"shape": "square", "stroke": INK.light, "strokeWidth": 1.5, "opacity": 1}
        layers += layer("point", spot, at, size=3.4 * size, **square)
    return layers


def _kind(result: StabilityResult, state: str) -> str:
    if "nash" in result.central(state):
        return "nash"
    return "deterred" if by(result, state) else "none"


def _names(
    drawn: Drawn, places: Mapping[int, Point], labels: Mapping[int, list[str]], *, inside: bool
) -> list[Spec]:
    rows = {"dark": list[dict[str, Any]](), "light": list[dict[str, Any]]()}
    for s, state in enumerate(drawn.graph.states):
        x, y = places[s]
        down = 0.0 if inside else RADIUS + (10 if s == drawn.today else 7)
        tone = "light" if inside and _kind(drawn.result, state) == "nash" else "dark"
        label_ = labels[s] if len(labels[s]) > 1 else labels[s][0]
        rows[tone].append({"text": label_, "x": x, "y": y + down})
    style: dict[str, Any] = {"align": "center", "fontSize": SMALL}
    style |= {} if inside else {"baseline": "top", "lineHeight": SMALL + 1.5}
    at = pixel("x"), pixel("y")
    halo = [] if inside else text(rows["dark"], *at, tone=PAPER, stroke=PAPER.light, strokeWidth=3, **style)
    dark = text(rows["dark"], *at, tone=INK, **style)
    return halo + dark + text(rows["light"], *at, tone=PAPER, **style)


def _keys(drawn: Drawn, rows: tuple[Outcome, ...], top: float) -> tuple[list[Spec], float]:
    """Return the states that hold in words under the graph, and where that ends."""
    result, number = drawn.result, {state: k for k, state in enumerate(drawn.graph.states, start=1)}
    numbers = _numbered(drawn)
    told = [row for row in rows if row.central and row.state in number][:KEYS]
    heads, texts = [], []
    y = top + 8
    if told:
        heads.append({"text": "Outcomes that hold", "y": y})
        y += KEY + 2
    for row in told:
        sign = str(number[row.state]) if numbers else row.state
        told_as = f"{result.named(row.state)} ({by(result, row.state) or 'groups'})"
        lines_ = words.broken(told_as, (WIDTH - LEFT) / SMALL, 6)
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
