"""Where would an issue settle by each method, how sure is each, and what do the baselines say?

One row per method: the shape of the distribution over draws, under it the middle 50, 80 and 95 % of the draws and
the mean. Baselines are hollow. What really happened is marked where the case knows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.case import Case, Issue
from detente.lenses.bargaining.result import BargainingResult
from detente.lenses.summary import LEVELS, Distribution
from detente.report.figures.method import REFERENCES, leading, method_notes
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, DANGER, FAINT, INK, MUTED, PAPER, WASH, Tone
from detente.show.table import Table
from detente.show.vega import (
    FONT,
    SMALL,
    WIDTH,
    Scale,
    Spec,
    anchor_texts,
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

LABELS = 112.0
NUMBERS = 70.0
METHOD_ROW = 37.0
BASELINE_ROW = 21.0
RIDGE = 20.0
BAR = 84.0
APART = 0.10  # methods differ when their means span more than this share of the scale
RARE = 0.05
STROKES = {"95": 1.25, "80": 3.0, "50": 6.0}

LEGEND = "Thick, medium and thin line: middle 50, 80 and 95 % of draws. Dot: mean. Hollow: baseline."


@dataclass(frozen=True, slots=True)
class Row:
    """One method or baseline, and where it is drawn."""

    name: str
    distribution: Distribution
    top: float
    height: float
    tone: Tone
    ground: Tone
    bold: bool
    hollow: bool

    @property
    def line(self) -> float:
        """Return the height of the bands."""
        return self.top + self.height - (BASELINE_ROW / 2 if self.hollow else 11.0)


def outcomes(case: Case, result: BargainingResult, issue: str) -> Figure:
    """Return the distributions of one issue, methods side by side."""
    methods = result.issues[issue]
    notes = [f"{words.METHODS[name]}: {words.METHOD_NOTES[name]} ({REFERENCES[name]})." for name in methods]
    skipped = [
        f"{words.METHODS[name]} gives no forecast here: {why}."
        for name, why in result.skipped.get(issue, {}).items()
    ]
    return Figure(
        id=f"outcomes-{issue}",
        subject=case.issues[issue].name,
        finding=finding(case, result, issue),
        definition=f"{case.issues[issue].name}: where it would settle, by method, over all draws.",
        spec=_spec(case, result, issue),
        table=_table(result, issue),
        how=(*notes, *skipped, method_notes(result)[-1]),
        sources=case.issues[issue].because,
        legend=LEGEND,
    )


def finding(case: Case, result: BargainingResult, issue: str) -> Finding:
    """Say whether the methods agree, and how often nothing is better than no deal."""
    of, methods, agreement = case.issues[issue], result.issues[issue], result.agreement[issue]
    lowest, highest = methods[agreement.lowest].mean, methods[agreement.highest].mean
    numbers = {"lowest": lowest, "highest": highest}
    low, high = words.position(lowest, of), words.position(highest, of)
    if len(methods) == 1:
        name = words.IN_TEXT[agreement.lowest]
        sentence = f"{of.name}: the {name} puts it at {low}, {words.place(lowest, of)}."
        numbers = {"lowest": lowest}
    elif low == high:
        sentence = f"{of.name}: all {words.counted(len(methods), 'method')} put it at {low}."
    elif agreement.spread <= APART * (of.high - of.low):
        sentence = (
            f"{of.name}: {words.counted(len(methods), 'method')} agree to within a tenth of the scale, "
            f"from {low} to {high}."
        )
    else:
        sentence = (
            f"{of.name}: the methods disagree, from {low} ({words.IN_TEXT[agreement.lowest]}) to "
            f"{high} ({words.IN_TEXT[agreement.highest]})."
        )
    nash = methods.get("nash")
    if nash is not None and nash.no_agreement is not None and nash.no_agreement >= RARE:
        numbers["no_agreement"] = nash.no_agreement
        how_often = (
            "in every draw" if nash.no_agreement == 1 else f"in {words.percent(nash.no_agreement)} of draws"
        )
        sentence += f" Nash bargaining finds nothing better than no deal {how_often}."
    return Finding(
        id=f"outcomes.{issue}",
        sentence=sentence,
        numbers=numbers,
        drivers=(f"issues.{issue}.no_deal",) if "no_agreement" in numbers else (),
        table="outcomes",
    )


def _table(result: BargainingResult, issue: str) -> Table:
    columns = {
        "method": "method, or baseline",
        "mean": "mean forecast, on the issue's scale",
        "median": "median over draws",
        **{f"{end}{level}": f"{level} % interval" for level in LEVELS for end in ("low", "high")},
        "mc_error": "error of the mean from the finite number of draws",
        "no_agreement": "share of draws without agreement",
    }
    named = [(words.METHODS[name], d) for name, d in result.issues[issue].items()]
    named += [(f"{words.BASELINES[name]} (baseline)", d) for name, d in result.baselines[issue].items()]
    rows = []
    for name, d in named:
        ends = [end for level in LEVELS for end in d.intervals[str(level)]]
        rows.append((name, d.mean, d.median, *ends, d.mc_error, d.no_agreement))
    return Table("outcomes", columns, tuple(rows))


def _rows(result: BargainingResult, issue: str, top: float) -> list[Row]:
    rows = []
    for name, d in result.issues[issue].items():
        ours = name == leading(result, issue)
        tone, ground = (ACCENT, WASH) if ours else (MUTED, FAINT)
        height = METHOD_ROW if d.sd > 0 else BASELINE_ROW + 4
        rows.append(Row(words.METHODS[name], d, top, height, tone, ground, bold=ours, hollow=False))
        top += height
    top += 6
    for name, d in result.baselines[issue].items():
        rows.append(Row(words.BASELINES[name], d, top, BASELINE_ROW, MUTED, FAINT, bold=False, hollow=True))
        top += BASELINE_ROW
    return rows


def _spec(case: Case, result: BargainingResult, issue: str) -> Spec:
    of = case.issues[issue]
    known = of.outcome.value if of.outcome is not None and of.low <= of.outcome.value <= of.high else None
    top = 6.0 if known is None else 22.0
    rows = _rows(result, issue, top)
    bottom = rows[-1].top + rows[-1].height + 2
    scale = Scale(of.low, of.high, LABELS + 10, WIDTH - NUMBERS)
    anchors = list(of.scale)
    layers = [
        *grid(scale, anchors, top, bottom + 4),
        *_ridges(rows, scale),
        *_bands(rows, scale),
        *_dots(rows, scale),
        *_labels(rows),
        *_numbers(rows, of),
        *([] if known is None else _known(known, scale, top, bottom)),
        *ticks(scale, anchors, anchor_texts(of), bottom + 11),
    ]
    return frame(bottom + 19, layers)


def _ridges(rows: list[Row], scale: Scale) -> list[Spec]:
    points = []
    for row in rows:
        if row.hollow or row.distribution.sd == 0:
            continue
        counts, edges = row.distribution.histogram.counts, row.distribution.histogram.edges
        most, floor = max(counts), row.line - 5
        seen = [k for k, count in enumerate(counts) if count]
        for k in range(max(seen[0] - 1, 0), min(seen[-1] + 2, len(counts))):
            y = floor - RIDGE * counts[k] / most
            at = (edges[k] + edges[k + 1]) / 2
            points.append({"x": at, "y": y, "y2": floor, "row": row.name, "tone": row.ground.light})
    encoding = {
        "x": value("x", scale),
        "y": pixel("y"),
        "y2": {"field": "y2"},
        "detail": {"field": "row", "type": "nominal"},
        "fill": given("tone"),
    }
    return layer("area", points, encoding, interpolate="monotone", opacity=1)


def _bands(rows: list[Row], scale: Scale) -> list[Spec]:
    bands = []
    for row in rows:
        for level, stroke in STROKES.items():
            low, high = row.distribution.intervals[level]
            if low < high and not (row.hollow and level != "80"):
                width = 1.25 if row.hollow else stroke
                bands.append(
                    {"low": low, "high": high, "y": row.line, "width": width, "tone": row.tone.light}
                )
    encoding = {
        "x": value("low", scale),
        "x2": {"field": "high"},
        "y": pixel("y"),
        "color": given("tone"),
        "strokeWidth": given("width", "quantitative"),
    }
    return layer("rule", bands, encoding)


def _dots(rows: list[Row], scale: Scale) -> list[Spec]:
    dots = [
        {
            "x": row.distribution.mean,
            "y": row.line,
            "fill": PAPER.light if row.hollow else row.tone.light,
            "stroke": row.tone.light if row.hollow else PAPER.light,
            "size": 42 if row.hollow else 62,
        }
        for row in rows
    ]
    encoding = {
        "x": value("x", scale),
        "y": pixel("y"),
        "fill": given("fill"),
        "stroke": given("stroke"),
        "size": given("size", "quantitative"),
    }
    return layer("point", dots, encoding, shape="circle", strokeWidth=1.5, opacity=1)


def _labels(rows: list[Row]) -> list[Spec]:
    layers: list[Spec] = []
    for bold, tone in ((True, ACCENT), (False, INK)):
        chosen = [
            {"text": row.name, "y": _label_y(row)} for row in rows if row.bold == bold and not row.hollow
        ]
        style = {"align": "right", "fontWeight": "bold" if bold else "normal"}
        layers += text(chosen, fixed(LABELS), pixel("y"), tone=tone, **style)
    hollow = [{"text": row.name, "y": row.line} for row in rows if row.hollow]
    layers += text(hollow, fixed(LABELS), pixel("y"), tone=MUTED, align="right")
    return layers + _failing(rows)


def _failing(rows: list[Row]) -> list[Spec]:
    """Write how often there is no agreement, with a bar, under the name of the method that can fail."""
    layers: list[Spec] = []
    for row in rows:
        share = row.distribution.no_agreement
        if share is None:
            continue
        tone = DANGER if share >= RARE else MUTED
        y = _label_y(row) + 12
        label = [{"text": f"no agreement {words.percent(share)}"}]
        layers += text(label, fixed(LABELS), fixed(y), tone=tone, align="right", fontSize=SMALL)
        for part, colour in ((1.0, FAINT), (share, DANGER)):
            bar = [{"from": LABELS - BAR, "to": LABELS - BAR + BAR * part}] if share >= 0.005 else []
            encoding = {"x": pixel("from"), "x2": {"field": "to"}, "y": fixed(y + 8)}
            layers += layer("rule", bar, encoding, color=colour.light, strokeWidth=2.5)
    return layers


def _label_y(row: Row) -> float:
    """Return where a method's name stands: higher where a second line follows."""
    middle = row.line - (7 if row.height == METHOD_ROW else 0)
    return middle - 7 if row.distribution.no_agreement is not None else middle


def _numbers(rows: list[Row], of: Issue) -> list[Spec]:
    means, spans = [], []
    for row in rows:
        d = row.distribution
        low, high = d.intervals["80"]
        spread = low < high
        y = row.line - (7 if row.height == METHOD_ROW else 0)
        if row.hollow or not spread:
            means.append({"text": words.position(d.mean, of), "y": row.line, "row": row})
        else:
            means.append({"text": words.position(d.mean, of), "y": y - 4, "row": row})
            spans.append({"text": words.span(low, high, of), "y": y + 9})
    layers: list[Spec] = []
    for bold, tone in ((True, ACCENT), (False, INK)):
        chosen = [
            {"text": one["text"], "y": one["y"]}
            for one in means
            if isinstance(one["row"], Row) and one["row"].bold == bold
        ]
        style = {"align": "right", "fontWeight": "bold" if bold else "normal", "fontSize": FONT + 1}
        layers += text(chosen, fixed(WIDTH - 1), pixel("y"), tone=tone, **style)
    return layers + text(spans, fixed(WIDTH - 1), pixel("y"), tone=MUTED, align="right", fontSize=SMALL)


def _known(at: float, scale: Scale, top: float, bottom: float) -> list[Spec]:
    """Mark what really happened."""
    shown = f"outcome {words.figures(at, 4)}"
    half = words.width_of(shown) * FONT / 2 + 3
    centre = min(max(scale.pixel(at), half), WIDTH - half)
    encoding = {"x": value("x", scale), "y": fixed(top - 6), "y2": fixed(bottom)}
    return [
        *layer("rule", [{"x": at}], encoding, color=INK.light, strokeWidth=1.25, strokeDash=[1, 2]),
        *text([{"text": shown}], fixed(centre), fixed(top - 13), align="center", fontSize=SMALL + 1),
    ]
