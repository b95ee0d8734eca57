"""How do figures about states share their rows? One row per state, its words at the left, columns of concepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import label
from detente.report.games.telling import place
from detente.show import words
from detente.show.palette import INK, MUTED
from detente.show.vega import SMALL, WIDTH, Spec, fixed, pixel, text

LABELS = 150.0
HEAD = 26.0
LINE = SMALL + 1.5
LEAST = 12.0  # height of what stands in a row
BETWEEN = 7.0
MOST_ROWS = 16


@dataclass(frozen=True, slots=True)
class Row:
    """A state's place in a figure: its words, and the pixels from and to which the row goes."""

    state: str
    text: list[str]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Return the pixel of its middle."""
        return (self.top + self.bottom) / 2


def rows(result: StabilityResult, states: Sequence[str]) -> list[Row]:
    """Return a row for each state, from top to bottom."""
    found, y = [], HEAD
    for state in states:
        today = "Today: " if state == result.status_quo else ""
        told = words.broken(f"{today}{place(result, state)}", LABELS / SMALL - 1.2, 4)
        bottom = y + max(len(told) * LINE, LEAST) + BETWEEN
        found.append(Row(state, told, y, bottom))
        y = bottom
    return found


def heads(concepts: Sequence[str], centres: Sequence[float]) -> list[Spec]:
    """Return the names of concepts above their columns."""
    told = [{"text": label(c), "x": x} for c, x in zip(concepts, centres, strict=True)]
    return text(told, pixel("x"), fixed(HEAD / 2), align="center", fontSize=SMALL, tone=MUTED)


def names(found: Sequence[Row]) -> list[Spec]:
    """Return the words of every row."""
    told = [{"text": row.text, "y": row.middle - len(row.text) * LINE / 2} for row in found]
    style = {"align": "left", "baseline": "top", "fontSize": SMALL, "lineHeight": LINE}
    return text(told, fixed(0), pixel("y"), tone=INK, **style)


def room(columns: int) -> float:
    """Return the width of a column, in pixels."""
    return (WIDTH - LABELS) / max(columns, 1)


BOX = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}
