"""For whom does each outcome hold, by which concept? Rows of states, columns of concepts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple

from detente.lenses.stability import findings
from detente.lenses.stability.records import Outcome, kinds, short
from detente.lenses.stability.result import STATE, StabilityResult
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, FAINT, INK, MUTED, PAPER
from detente.show.table import Cell, Table
from detente.show.vega import SMALL, WIDTH, Spec, fixed, frame, layer, pixel, text

LABELS = 150.0
HEAD = 32.0
LINE = SMALL + 1.5
LEAST = 12.0  # height of what stands in a row
BETWEEN = 7.0
MOST_ROWS = 12
MOST_LINES = 10  # of what is taken
GAP = 7.0  # between two concepts of several squares each
LARGEST = 12.0  # side of a square
BOX = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}


class _Row(NamedTuple):
    """A state's place: its words, and the pixels from and to which the row goes."""

    state: str
    text: list[str]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def concepts(result: StabilityResult, outcomes: Sequence[Outcome]) -> Figure:
    """Return for whom the outcomes that hold, and that of today, are stable, by every concept."""
    today = [] if result.status_quo is None else [result.status_quo]
    states = list(dict.fromkeys([*today, *(one.state for one in outcomes if one.central)]))[:MOST_ROWS]
    names = [result.who(actor) for actor in result.actors]
    return Figure(
        id="concepts",
        subject="",
        finding=findings.of_concepts(result, len(states)),
        definition="Who would stay at each outcome, and why, every preference at its mean. In each group, "
        f"one square per actor: {words.listed(names, 12)}.",
        spec=_squares(result, states),
        table=_stable_for(result, states),
        how=tuple(f"{concept}: {note}" for concept, note in findings.methods(result)),
        legend="Filled: that actor would stay. Underlined: everybody would.",
    )


def _stays(result: StabilityResult, concept: str, actor: str, state: str) -> bool:
    return state in (result.stable[concept].get(actor) or ())


def _stable_for(result: StabilityResult, states: Sequence[str]) -> Table:
    found, meant = kinds(result.concepts), "whether it is stable by {}, preferences at their means"
    columns = {"outcome": "what is taken", "state": STATE, "actor": "for whom"}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (result.named(s), s, result.who(a), *(_stays(result, c, a, s) for c in found))
        for s, a in product(states, result.actors)
    )
    heads = {concept: short(concept) for concept in found}
    return Table("stable_for", {**columns, **{c: meant.format(c) for c in found}}, rows, heads)


def _squares(result: StabilityResult, states: Sequence[str]) -> Spec:
    """Draw a group of squares per concept, one per actor."""
    found, count = kinds(result.concepts), len(result.actors)
    size = min(LARGEST, ((WIDTH - LABELS) / max(len(found), 1) - GAP) / max(count, 1))
    left = {concept: LABELS + g * (size * count + GAP) for g, concept in enumerate(found)}
    rows = _rows(result, states)
    boxes: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    under = []
    for row in rows:
        top = row.middle - size / 2
        for concept in found:
            for k, actor in enumerate(result.actors):
                x = left[concept] + k * size
                box = {"x": x + 0.75, "x2": x + size - 0.75, "y": top, "y2": top + size}
                boxes[_stays(result, concept, actor, row.state)].append(box)
            if concept in result.central(row.state):
                under.append({"x": left[concept], "x2": left[concept] + size * count, "y": top + size + 2.5})
    line = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y")}
    drawn = [
        *layer("rect", boxes[False], BOX, fill=PAPER.light, stroke=FAINT.light, strokeWidth=1),
        *layer("rect", boxes[True], BOX, fill=ACCENT.light, stroke=ACCENT.light, strokeWidth=1),
        *layer("rule", under, line, color=INK.light, strokeWidth=1.5),
    ]
    return _framed(rows, found, [x + size * count / 2 for x in left.values()], drawn)


def _rows(result: StabilityResult, states: Sequence[str]) -> list[_Row]:
    """Return the rows from the top, each as high as its words take."""
    found, y = [], HEAD
    for state in states:
        today = "Today: " if state == result.status_quo else ""
        told = words.broken(f"{today}{result.place(state)}", LABELS / SMALL - 0.6, MOST_LINES)
        bottom = y + max(len(told) * LINE, LEAST) + BETWEEN
        found.append(_Row(state, told, y, bottom))
        y = bottom
    return found


def _framed(rows: Sequence[_Row], found: Sequence[str], centres: Sequence[float], drawn: list[Spec]) -> Spec:
    """Return the chart: concepts above their columns, the words of each row at the left."""
    apart = min((b - a for a, b in pairwise(centres)), default=WIDTH)
    stagger = LINE / 2 if any(words.width_of(short(c)) * SMALL + 4 > apart for c in found) else 0.0
    heads = [
        {"text": short(c), "x": x, "y": HEAD / 2 + (stagger if k % 2 else -stagger)}
        for k, (c, x) in enumerate(zip(found, centres, strict=True))
    ]
    told = [{"text": row.text, "y": row.middle - len(row.text) * LINE / 2} for row in rows]
    style = {"align": "left", "baseline": "top", "fontSize": SMALL, "lineHeight": LINE}
    layers = [
        *text(heads, pixel("x"), pixel("y"), align="center", fontSize=SMALL, tone=MUTED),
        *text(told, fixed(0), pixel("y"), tone=INK, **style),
        *drawn,
    ]
    return frame(rows[-1].bottom + 4, layers)
