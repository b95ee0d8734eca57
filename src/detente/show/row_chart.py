"""How are named rows on one scale drawn? Bars, lines, dots and ticks, a name at the left, numbers at the right.

Most figures are of this kind: forecasts by method, what each actor accepts, how likely each deal is, which input
matters. A figure says what stands in its rows; where it stands is decided here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from detente.show.palette import ACCENT, FAINT, INK, MUTED, PAPER, WASH, Tone
from detente.show.vega import (
    FONT,
    SMALL,
    WIDTH,
    Scale,
    Spec,
    ends,
    fixed,
    frame,
    given,
    grid,
    layer,
    pixel,
    text,
    ticks,
    value,
)
from detente.show.words import broken, width_of

LINE = FONT + 2
SMALL_LINE = SMALL + 1.5
GUTTER = 10.0
TOP = 4.0
RIDGE = 20.0
MOST_LINES = 5  # of a name


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a line from ``low`` to ``high``, ``width`` pixels thick."""

    low: float
    high: float
    tone: Tone = ACCENT
    width: float = 3.0
    dashed: bool = False

    def drawn(self, y: float) -> Iterator[Spec]:
        """Yield what is drawn on the pixel ``y``; nothing where it has no length."""
        if self.low != self.high:
            yield {"low": self.low, "high": self.high, "y": y, "width": self.width, "tone": self.tone.light}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from ``low`` to ``high``; a hollow one is only outlined."""

    low: float
    high: float
    tone: Tone = ACCENT
    height: float = 9.0
    hollow: bool = False
    shift: float = 0.0  # pixels below the middle of the row

    def drawn(self, y: float) -> Iterator[Spec]:
        """Yield what is drawn around the pixel ``y``."""
        paint = {"fill": (PAPER if self.hollow else self.tone).light, "stroke": self.tone.light}
        top = y + self.shift - self.height / 2
        yield {"low": self.low, "high": self.high, "y": top, "y2": top + self.height, **paint}


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark at a value; a hollow one has the colour of the paper inside."""

    at: float
    tone: Tone = ACCENT
    size: float = 52.0
    shape: str = "circle"
    hollow: bool = False

    def drawn(self, y: float) -> Iterator[Spec]:
        """Yield what is drawn on the pixel ``y``."""
        fill, stroke = (PAPER, self.tone) if self.hollow else (self.tone, PAPER)
        paint = {"fill": fill.light, "stroke": stroke.light, "size": self.size, "shape": self.shape}
        yield {"x": self.at, "y": y, **paint}


@dataclass(frozen=True, slots=True)
class Tick:
    """A short upright line at a value."""

    at: float
    tone: Tone = INK
    height: float = 10.0
    width: float = 1.5

    def drawn(self, y: float) -> Iterator[Spec]:
        """Yield what is drawn around the pixel ``y``."""
        half, paint = self.height / 2, {"tone": self.tone.light, "width": self.width}
        yield {"x": self.at, "y": y - half, "y2": y + half, **paint}


@dataclass(frozen=True, slots=True)
class Ridge:
    """The shape of a distribution above the marks of a row: values, each with a height from 0 to 1."""

    points: tuple[tuple[float, float], ...]
    tone: Tone = WASH

    def drawn(self, y: float) -> Iterator[Spec]:
        """Yield what is drawn above the pixel ``y``."""
        for x, height in self.points:
            yield {"x": x, "y": y - 5 - RIDGE * height, "y2": y - 5, "row": y, "tone": self.tone.light}


@dataclass(frozen=True, slots=True)
class Rule:
    """A line through all rows at a value, with a text above it."""

    at: float
    text: str
    tone: Tone = INK
    width: float = 1.25
    dash: tuple[float, float] | None = (3, 2)
    bold: bool = False


Mark = Line | Bar | Dot | Tick | Ridge


@dataclass(frozen=True, slots=True)
class Row:
    """One named row.

    Attributes:
        name: at its left, or above it; broken into lines where it is long.
        marks: drawn in their order.
        number: at the right edge.
        detail: small, under the number.
        head: whether it is only a heading for the rows that follow.
        bold: whether name and number are bold.
        tone: of the name and the number.
        track: whether a faint line runs along the whole scale behind the marks.
    """

    name: str
    marks: tuple[Mark, ...] = ()
    number: str = ""
    detail: str = ""
    head: bool = False
    bold: bool = False
    tone: Tone = INK
    track: bool = False


@dataclass(frozen=True, slots=True)
class _Placed:
    row: Row
    lines: list[str]
    names: float  # pixel of the middle of the first line of the name
    middle: float  # pixel on which the marks stand
    number: float  # pixel on which the number stands


@dataclass(frozen=True, slots=True)
class RowChart:
    """Named rows on one scale.

    Attributes:
        low: value at the left end of the scale.
        high: value at its right end.
        rows: from top to bottom.
        ticks: value → text under the scale; a faint line runs up from each.
        ends: what the ends of the scale mean, under it.
        bands: shaded stretches behind all rows, as (low, high).
        rules: lines through all rows, each with a text above it; of a tuple, its value and text.
        names: ``left`` of the marks, or ``above`` them over the whole width.
        labels: pixels for the names where they stand left.
        numbers: pixels for the numbers at the right, at least; more where they are wider.
        gap: pixels between rows.
        least: least height of a row, in pixels.
    """

    low: float
    high: float
    rows: Sequence[Row]
    ticks: Sequence[tuple[float, str]] = ()
    ends: tuple[str, str] | None = None
    bands: Sequence[tuple[float, float]] = ()
    rules: Sequence[Rule | tuple[float, str]] = ()
    names: Literal["left", "above"] = "left"
    labels: float = 132.0
    numbers: float = 62.0
    gap: float = 4.0
    least: float = 15.0
    scale: Scale = field(init=False)

    def __post_init__(self) -> None:
        left = self.labels + GUTTER if self.names == "left" else GUTTER / 2
        told = [width_of(row.number) * FONT for row in self.rows]
        told += [width_of(row.detail) * SMALL for row in self.rows]
        widest = max(told, default=0.0)
        right = WIDTH - max(self.numbers, widest + 6 if widest else 0.0, GUTTER / 2)
        object.__setattr__(self, "scale", Scale(self.low, self.high, left, right))

    def spec(self) -> Spec:
        """Return the chart."""
        rules = [rule if isinstance(rule, Rule) else Rule(*rule) for rule in self.rules]
        levelled = _levelled(rules, self.scale)
        top = TOP + max((2 + level for *_, level in levelled), default=0) * SMALL_LINE
        placed, bottom = self._placed(top)
        layers = [
            *self._background(top, bottom),
            *self._rules(levelled, placed, top, bottom),
            *_tracks(placed, self.scale),
            *_marks(placed, self.scale),
            *self._names(placed),
            *_numbers(placed),
        ]
        if self.ticks:
            layers += ticks(self.scale, [at for at, _ in self.ticks], [t for _, t in self.ticks], bottom + 9)
            bottom += 17
        if self.ends is not None:
            told, lines = ends(self.scale, *self.ends, bottom + 3)
            layers += told
            bottom += 4 + lines * (SMALL + 2)
        return frame(bottom + 3, layers)

    def _placed(self, top: float) -> tuple[list[_Placed], float]:
        """Lay the rows out from the top; return them with the pixel under the last."""
        placed, y = [], top
        for row in self.rows:
            above = self.names == "above" or row.head
            room = WIDTH * (0.9 if row.head else 1.0) if above else self.labels - 2  # heads are bold
            size = FONT if above else SMALL + 1
            lines = broken(row.name, room / size, MOST_LINES) or [""]
            height = len(lines) * (LINE if above else SMALL_LINE)
            first = y + (LINE if above else SMALL_LINE) / 2
            if row.head:
                placed.append(_Placed(row, lines, first, first, first))
                y += height + self.gap / 2
            elif above:
                middle = y + height + self.least / 2
                placed.append(_Placed(row, lines, first, middle, middle))
                y += height + self.least + self.gap
            else:
                tall = max(height, self.least, 2 * SMALL_LINE if row.detail else 0.0)
                ridge = any(isinstance(mark, Ridge) for mark in row.marks)
                tall = max(tall, RIDGE + 14) if ridge else tall
                middle = y + (tall - 5 if ridge else tall / 2)
                placed.append(_Placed(row, lines, first + (tall - height) / 2, middle, y + tall / 2))
                y += tall + self.gap
        return placed, y

    def _background(self, top: float, bottom: float) -> list[Spec]:
        across = {"y": fixed(top - 2), "y2": fixed(bottom)}
        shaded = [{"low": low, "high": high} for low, high in self.bands]
        spans = {"x": value("low", self.scale), "x2": {"field": "high"}, **across}
        return [
            *layer("rect", shaded, spans, color=WASH.light, opacity=1),
            *grid(self.scale, [at for at, _ in self.ticks], top, bottom + 2),
        ]

    def _rules(
        self,
        rules: Sequence[tuple[Rule, float, int]],
        placed: Sequence[_Placed],
        top: float,
        bottom: float,
    ) -> list[Spec]:
        """Draw the rules through all rows, but not through names that stand above the marks."""
        free = [(top - 2, bottom)]
        if self.names == "above":
            free = [(one.middle - self.least / 2, one.middle + self.least / 2) for one in placed]
        layers: list[Spec] = []
        for rule, centre, level in rules:
            dash = {} if rule.dash is None else {"strokeDash": list(rule.dash)}
            line = {"x": value("x", self.scale), "y": pixel("y"), "y2": {"field": "y2"}}
            pieces = [{"x": rule.at, "y": low, "y2": high} for low, high in free]
            layers += layer("rule", pieces, line, color=rule.tone.light, strokeWidth=rule.width, **dash)
            y = fixed(top - 9 - level * SMALL_LINE)
            style = {"fontSize": SMALL + 1, "fontWeight": "bold" if rule.bold else "normal"}
            layers += text([{"text": rule.text}], fixed(centre), y, tone=rule.tone, align="center", **style)
        return layers

    def _names(self, placed: Sequence[_Placed]) -> list[Spec]:
        """Draw the names of rows, those that look alike together."""
        alike: dict[tuple[bool, bool, Tone], list[Spec]] = {}
        for one in placed:
            look = (self.names == "above" or one.row.head, one.row.bold or one.row.head, one.row.tone)
            lines = one.lines if len(one.lines) > 1 else one.lines[0]
            alike.setdefault(look, []).append({"text": lines, "y": one.names})
        layers: list[Spec] = []
        for (above, bold, tone), told in alike.items():
            style: Spec = {"align": "left", "lineHeight": LINE}
            if not above:
                style = {"align": "right", "lineHeight": SMALL_LINE, "fontSize": SMALL + 1}
            at = fixed(0 if above else self.labels)
            layers += text(
                told, at, pixel("y"), tone=tone, **style, **({"fontWeight": "bold"} if bold else {})
            )
        return layers


def _levelled(rules: Sequence[Rule], scale: Scale) -> list[tuple[Rule, float, int]]:
    """Return each rule with the middle of its text, in pixels, and its line above the rows: none overlap."""
    found: list[tuple[Rule, float, int]] = []
    taken: list[tuple[float, float, int]] = []
    for rule in rules:
        half = width_of(rule.text) * (SMALL + 1) * (1.1 if rule.bold else 1.0) / 2 + 3
        centre = min(max(scale.pixel(rule.at), half), WIDTH - half)
        met = {level for low, high, level in taken if low < centre + half and high > centre - half}
        level = next(k for k in range(len(rules)) if k not in met)
        taken.append((centre - half, centre + half, level))
        found.append((rule, centre, level))
    return found


def _tracks(placed: Iterable[_Placed], scale: Scale) -> list[Spec]:
    rows = [{"low": scale.low, "high": scale.high, "y": one.middle} for one in placed if one.row.track]
    spans = {"x": value("low", scale), "x2": {"field": "high"}, "y": pixel("y")}
    return layer("rule", rows, spans, color=FAINT.light, strokeWidth=1)


def _marks(placed: Sequence[_Placed], scale: Scale) -> list[Spec]:
    """Draw bars under lines under ticks under dots, whatever the rows."""
    found = [(mark, one.middle) for one in placed for mark in one.row.marks]
    at, spans = {"x": value("x", scale)}, {"x": value("low", scale), "x2": {"field": "high"}}
    y, upto = {"y": pixel("y")}, {"y": pixel("y"), "y2": {"field": "y2"}}
    line = {"color": given("tone"), "strokeWidth": given("width", "quantitative")}
    ridge = {"fill": given("tone"), "detail": {"field": "row", "type": "nominal"}}
    box = {"fill": given("fill"), "stroke": given("stroke")}
    dot = {**box, "shape": given("shape"), "size": given("size", "quantitative")}

    def drawn(kind: type[Mark], form: str, encoding: Spec, dashed: bool = False, **style: Any) -> list[Spec]:
        marks = [(mark, row) for mark, row in found if isinstance(mark, kind)]
        some = [(mark, row) for mark, row in marks if getattr(mark, "dashed", False) == dashed]
        return layer(form, [spec for mark, row in some for spec in mark.drawn(row)], encoding, **style)

    return [
        *drawn(Ridge, "area", {**at, **upto, **ridge}, interpolate="monotone", opacity=1),
        *drawn(Bar, "rect", {**spans, **upto, **box}, opacity=1, strokeWidth=1),
        *drawn(Line, "rule", {**spans, **y, **line}),
        *drawn(Line, "rule", {**spans, **y, **line}, dashed=True, strokeDash=[3, 2]),
        *drawn(Tick, "rule", {**at, **upto, **line}),
        *drawn(Dot, "point", {**at, **y, **dot}, strokeWidth=1.5, opacity=1),
    ]


def _numbers(placed: Iterable[_Placed]) -> list[Spec]:
    """Draw the numbers of rows at the right edge, those that look alike together, and what stands under them."""
    numbers: dict[tuple[str, Tone], list[Spec]] = {}
    details: list[Spec] = []
    for one in placed:
        up = SMALL_LINE / 2 if one.row.detail else 0.0
        if one.row.number:
            alike = numbers.setdefault(("bold" if one.row.bold else "normal", one.row.tone), [])
            alike.append({"text": one.row.number, "y": one.number - up})
        if one.row.detail:
            details.append({"text": one.row.detail, "y": one.number + up})
    at, layers = fixed(WIDTH - 1), list[Spec]()
    for (weight, tone), rows in numbers.items():
        layers += text(rows, at, pixel("y"), tone=tone, align="right", fontWeight=weight)
    return layers + text(details, at, pixel("y"), tone=MUTED, align="right", fontSize=SMALL)


def shares(rows: Sequence[Row], **options: object) -> RowChart:
    """Return a chart of shares, from 0 to 100 %, each row with a faint track."""
    quarters = [(0.0, "0"), (0.25, "25"), (0.5, "50"), (0.75, "75"), (1.0, "100 %")]
    tracked = [row if row.head else replace(row, track=True) for row in rows]
    return RowChart(0.0, 1.0, tracked, ticks=quarters, **options)  # type: ignore[arg-type]
