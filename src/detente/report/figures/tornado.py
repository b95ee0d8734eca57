"""Which doubtful input moves an issue's forecast most, over the doubt that was stated?

Bars from the forecast at every input's mean to the forecast with one input alone at its 10 % and at its 90 %
quantile, the widest swing first.
"""

from __future__ import annotations

from detente.case import Case, Issue
from detente.lenses import Bar, Tornado
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, ACCENT_SOFT, INK, MUTED
from detente.show.table import Table
from detente.show.vega import (
    FONT,
    SMALL,
    WIDTH,
    Scale,
    Spec,
    fixed,
    frame,
    grid,
    layer,
    pixel,
    round_values,
    text,
    ticks,
    value,
)
from detente.show.words import digits

MOST = 6
ROW = 29.0
SIDE = 40.0  # room for the numbers at the ends of the longest bar

LEGEND = "Light: the input at its 10 % quantile. Dark: at its 90 % quantile."


def tornado_figure(case: Case, study: Tornado, issue: str, method: str) -> Figure:
    """Return the widest swings of one issue's forecast by one method."""
    outcome = f"{issue}.{method}"
    bars, centre = study.bars[outcome], study.centre[outcome]
    of = case.issues[issue]
    return Figure(
        id=f"tornado-{issue}",
        subject=of.name,
        finding=finding(case, study, issue, method),
        definition=f"{of.name}: the forecast with one input at a time at its "
        f"{study.low:.0%} and {study.high:.0%} quantile.",
        spec=_spec(case, of, issue, bars[:MOST], centre),
        table=_table(case, issue, bars),
        how=(
            f"Every input that carries doubt is moved alone from its {study.low:.0%} to its {study.high:.0%} "
            f"quantile while all others stay at their means; the forecast is the "
            f"{words.IN_TEXT[method]}, {words.position(centre, of)} with all at their means. "
            "Correlations and joint moves are not in it (Howard 1988, Management Science 34:679).",
            f"Case {study.fingerprint}, détente {study.version}.",
        ),
        legend=LEGEND,
    )


def finding(case: Case, study: Tornado, issue: str, method: str) -> Finding:
    """Say which input matters most, and how far it alone moves the forecast."""
    outcome, of = f"{issue}.{method}", case.issues[issue]
    bars = study.bars[outcome]
    if not bars:
        centre = study.centre[outcome]
        return Finding(
            id=f"tornado.{issue}",
            sentence=f"{of.name}: no input in doubt moves the forecast from {words.position(centre, of)}.",
            numbers={"centre": centre},
            table="tornado",
        )
    bar = bars[0]
    low, high = sorted((bar.at_low, bar.at_high))
    asked = " to ".join(words.input_value(case, bar.path, end) for end in (bar.low_input, bar.high_input))
    return Finding(
        id=f"tornado.{issue}",
        sentence=f"{of.name}: {words.input_phrase(case, bar.path, issue)} matters most ({asked}); alone it moves "
        f"the forecast between {words.position(low, of)} and {words.position(high, of)}.",
        numbers={
            "low_input": bar.low_input,
            "high_input": bar.high_input,
            "at_low": bar.at_low,
            "at_high": bar.at_high,
        },
        drivers=(bar.path,),
        table="tornado",
    )


def _table(case: Case, issue: str, bars: tuple[Bar, ...]) -> Table:
    columns = {
        "input": "whose number, and which",
        "low_input": "its low quantile",
        "high_input": "its high quantile",
        "at_low": "forecast with it there",
        "at_high": "forecast with it there",
        "swing": "difference of the two",
    }
    rows = tuple(
        (
            words.input_name(case, bar.path, issue),
            *(bar.low_input, bar.high_input, bar.at_low, bar.at_high, bar.swing),
        )
        for bar in bars
    )
    return Table("tornado", columns, rows)


def _spec(case: Case, of: Issue, issue: str, bars: tuple[Bar, ...], centre: float) -> Spec:
    ends = [centre, *(end for bar in bars for end in (bar.at_low, bar.at_high))]
    low, high = min(ends), max(ends)
    if low == high:
        low, high = of.low, of.high
    scale = Scale(low, high, SIDE, WIDTH - SIDE)
    top = 22.0
    bottom = top + ROW * max(len(bars), 1)
    values = round_values(low, high)
    labels = [words.position(at, of) if _whole(at, of) else words.figures(at) for at in values]
    layers = [
        *grid(scale, values, bottom, bottom + 4),
        *_bars(bars, centre, scale, top),
        *_centre(of, centre, scale, top, len(bars)),
        *_names(case, issue, bars, top),
        *_ends(of, bars, centre, scale, top),
        *ticks(scale, values, labels, bottom + 10),
    ]
    return frame(bottom + 18, layers)


def _whole(at: float, of: Issue) -> bool:
    """Say whether a position can be written with the decimals of its scale and stay what it is."""
    return of.high - of.low >= 1e6 or abs(round(at, digits(of)) - at) < 1e-9


def _bars(bars: tuple[Bar, ...], centre: float, scale: Scale, top: float) -> list[Spec]:
    layers: list[Spec] = []
    for side, tone in (("at_low", ACCENT_SOFT), ("at_high", ACCENT)):
        rows = [
            {"from": centre, "to": getattr(bar, side), "y": top + ROW * k + 17, "y2": top + ROW * k + 26}
            for k, bar in enumerate(bars)
        ]
        encoding = {
            "x": value("from", scale),
            "x2": {"field": "to"},
            "y": pixel("y"),
            "y2": {"field": "y2"},
        }
        layers += layer("rect", rows, encoding, color=tone.light, opacity=1)
    return layers


def _centre(of: Issue, centre: float, scale: Scale, top: float, rows: int) -> list[Spec]:
    """Mark the forecast with every input at its mean, without striking through the names above the bars."""
    encoding = {"x": value("x", scale), "y": pixel("y"), "y2": {"field": "y2"}}
    label = f"all at their means: {words.position(centre, of)}"
    half = words.width_of(label) * (SMALL + 1) / 2 + 2
    at = min(max(scale.pixel(centre), half), WIDTH - half)
    starts = [top - 7, *(top + ROW * k + 15 for k in range(rows))]
    pieces = [{"x": centre, "y": y, "y2": y + (6 if k == 0 else 13)} for k, y in enumerate(starts)]
    return [
        *layer("rule", pieces, encoding, color=INK.light, strokeWidth=1.25),
        *text([{"text": label}], fixed(at), fixed(top - 13), align="center", fontSize=SMALL + 1),
    ]


def _names(case: Case, issue: str, bars: tuple[Bar, ...], top: float) -> list[Spec]:
    rows = []
    for k, bar in enumerate(bars):
        name = words.input_name(case, bar.path, issue)
        ends = "–".join(words.input_value(case, bar.path, end) for end in (bar.low_input, bar.high_input))
        room = WIDTH / FONT - words.width_of(ends) - 2
        rows.append({"text": f"{words.cut(name, room)} {ends}", "y": top + ROW * k + 9})
    if not rows:
        rows = [{"text": "No input in doubt moves this forecast.", "y": top + ROW / 2}]
    return text(rows, fixed(2), pixel("y"), align="left")


def _ends(of: Issue, bars: tuple[Bar, ...], centre: float, scale: Scale, top: float) -> list[Spec]:
    """Write how far each bar reaches, as changes from the middle."""
    sides: dict[str, list[dict[str, object]]] = {"left": [], "right": []}
    for k, bar in enumerate(bars):
        y = top + ROW * k + 21.5
        for align, end, gap in (
            ("right", min(bar.at_low, bar.at_high, centre), -3),
            ("left", max(bar.at_low, bar.at_high, centre), 3),
        ):
            shown = {"x": scale.pixel(end) + gap, "y": y, "text": words.fine_change(end - centre, of)}
            sides[align].append(shown)
    layers: list[Spec] = []
    for align, rows in sides.items():
        layers += text(rows, pixel("x"), pixel("y"), tone=MUTED, align=align, fontSize=SMALL)
    return layers
