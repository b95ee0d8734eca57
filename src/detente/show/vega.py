"""How is a chart put together? Small helpers that say Vega-Lite, with everything placed by us.

A chart is a fixed frame of pixels. Along x stand values on an issue's scale, along y rows that we laid out;
text is shortened before it is drawn, because a renderer's own shortening is slow and differs between renderers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.case import Issue
from detente.show.palette import FAINT, INK, MUTED, Tone
from detente.show.words import anchor, broken, width_of

Spec = dict[str, Any]
Row = Mapping[str, Any]
Style = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 384
FONT = 11.0
SMALL = 9.5


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values stand across a frame.

    Attributes:
        low: value at the left edge.
        high: value at the right edge.
        left: pixel of the left edge.
        right: pixel of the right edge.
    """

    low: float
    high: float
    left: float
    right: float

    def pixel(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    @property
    def spec(self) -> Spec:
        """Return the scale as Vega-Lite says it."""
        return {
            "domain": [self.low, self.high],
            "range": [self.left, self.right],
            "nice": False,
            "zero": False,
        }


def value(field: str, scale: Scale) -> Spec:
    """Encode a field that holds values of a scale."""
    return {"field": field, "type": "quantitative", "scale": scale.spec, "axis": None}


def pixel(field: str) -> Spec:
    """Encode a field that holds pixels."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def given(field: str, kind: str = "nominal") -> Spec:
    """Encode a field that holds colours, shapes, areas or opacities as they are."""
    return {"field": field, "type": kind, "scale": None, "legend": None}


def fixed(amount: float | str) -> Spec:
    """Encode one amount for all marks."""
    return {"value": amount}


def layer(kind: str, rows: Iterable[Row], encoding: Mapping[str, Any], **style: Any) -> list[Spec]:
    """Return one layer of marks, or nothing where there are no rows to draw."""
    values = [dict(row) for row in rows]
    if not values:
        return []
    return [{"data": {"values": values}, "mark": {"type": kind, **style}, "encoding": dict(encoding)}]


def text(rows: Iterable[Row], x: Spec, y: Spec, *, tone: Tone = INK, **style: Any) -> list[Spec]:
    """Return a layer of text; each row's ``text`` is one line, or a list of lines."""
    settings = {"fontSize": FONT, "baseline": "middle", "color": tone.light, **style}
    return layer("text", rows, {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}}, **settings)


def frame(height: float, layers: Sequence[Spec], width: float = WIDTH) -> Spec:
    """Return a chart of that size."""
    return {
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "padding": 0,
        "autosize": {"type": "none"},
        "background": "transparent",
        "config": {"view": {"stroke": None}, "font": "sans-serif", "aria": False},
        "layer": list(layers),
    }


def grid(scale: Scale, values: Iterable[float], top: float, bottom: float) -> list[Spec]:
    """Return vertical lines at some values."""
    rows = [{"x": at} for at in values]
    encoding = {"x": value("x", scale), "y": fixed(top), "y2": fixed(bottom)}
    return layer("rule", rows, encoding, color=FAINT.light, strokeWidth=1)


def ticks(scale: Scale, values: Iterable[float], texts: Iterable[str], y: float) -> list[Spec]:
    """Return the numbers under a scale: the ends always, others where they do not run into their neighbours."""
    labels = sorted(zip(values, texts, strict=True))
    if not labels:
        return []
    ends = (labels[0], labels[-1])
    kept: list[tuple[float, float]] = []
    rows = []
    for at, label in (*ends, *labels[1:-1]):
        half = width_of(label) * SMALL / 2 + 2
        align, centre = _inside(scale, scale.pixel(at), half)
        reach = (centre - half, centre + half)
        if all(reach[1] < low or reach[0] > high for low, high in kept):
            kept.append(reach)
            rows.append({"x": scale.pixel(at), "text": label, "align": align})
    layers: list[Spec] = []
    for align in ("left", "center", "right"):
        chosen = [row for row in rows if row["align"] == align]
        layers += text(chosen, pixel("x"), fixed(y), tone=MUTED, fontSize=SMALL, align=align)
    return layers


def _inside(scale: Scale, at: float, half: float) -> tuple[str, float]:
    """Align a label so that it stays within the frame; return the alignment and the label's centre."""
    if at - half < 0:
        return "left", at + half
    if at + half > max(scale.right, WIDTH):
        return "right", at - half
    return "center", at


def ends(scale: Scale, low: str, high: str, y: float, lines: int = 4) -> tuple[list[Spec], int]:
    """Return what the two ends of a scale mean, set under it, and how many lines that takes."""
    room = (scale.right - scale.left) / 2 / SMALL - 0.8
    texts = [broken(low, room, lines), broken(high, room, lines)]
    style: Style = {"tone": MUTED, "fontSize": SMALL, "lineHeight": SMALL + 2, "baseline": "top"}
    left = text([{"text": texts[0]}], fixed(scale.left), fixed(y), align="left", **style)
    right = text([{"text": texts[1]}], fixed(scale.right), fixed(y), align="right", **style)
    return left + right, max(len(one) for one in texts)


def round_values(low: float, high: float, about: int = 4) -> list[float]:
    """Return round numbers between two, about so many, for a scale without anchors of its own.

    >>> round_values(43.2, 61.7)
    [45.0, 50.0, 55.0, 60.0]
    """
    from math import ceil, floor, log10

    if not high > low:
        return [low]
    rough = (high - low) / about
    size = 10.0 ** floor(log10(rough))
    step = min((factor * size for factor in (1, 2, 2.5, 5, 10)), key=lambda one: abs(one - rough))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def anchor_texts(of: Issue) -> list[str]:
    """Return the anchors of an issue's scale as they are read."""
    return [anchor(at, of) for at in of.scale]
