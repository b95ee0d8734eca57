"""How do the followed pairs compare? Small pictures side by side: the standing of each over the same years."""

from __future__ import annotations

from collections.abc import Sequence

from detente.lenses.relations import findings
from detente.lenses.relations.figures import below, beside, points, whole_years
from detente.lenses.relations.result import PairRecord, RelationsResult
from detente.show.figure import Figure
from detente.show.palette import ACCENT, DANGER, FAINT, INK, MUTED, WASH
from detente.show.table import Table
from detente.show.vega import WIDTH, Scale, Spec, fixed, frame, layer, pixel, text

HEIGHT, GAP, TITLE, FOOT = 62.0, 14.0, 16.0, 16.0
LEFT, MIDDLE = 26.0, 22.0


def figure(result: RelationsResult, pairs: Sequence[PairRecord]) -> Figure:
    """Return one small picture per pair with a chronology, all on the same scales."""
    columns = {"pair": "", "date": "of an event, or of the case", "standing": "−10 to 10"}
    rows = tuple((pair.name, one.date, one.standing) for pair in pairs for one in pair.events)
    now = tuple((pair.name, str(result.case.as_of or "today"), pair.now.mean) for pair in pairs)
    return Figure(
        id="pairs",
        subject="The followed pairs",
        finding=findings.pairs_beside(pairs),
        definition="The standing of every followed pair, from −10 (war) to 10 (alliance), over the same years.",
        spec=_spec(result, pairs),
        table=Table("standing", columns, (*rows, *now)),
        how=("Weighted mean grade of all events until then, as in the timeline of each pair.",),
        legend="Line: standing after every event, with 80 % of draws. Dot: today. Level line: 0.",
    )


def _spec(result: RelationsResult, pairs: Sequence[PairRecord]) -> Spec:
    first = min(pair.events[0].time for pair in pairs)
    today = max(result.today, *(pair.events[-1].time for pair in pairs))
    width = (WIDTH - LEFT - MIDDLE - 8.0) / 2
    row_height = TITLE + HEIGHT + FOOT + GAP
    layers: list[Spec] = []
    for number, pair in enumerate(pairs):
        left = LEFT + (number % 2) * (width + MIDDLE)
        top = (number // 2) * row_height + TITLE
        layers += _panel(pair, Scale(first, today, left, left + width), top, today)
    return frame((len(pairs) + 1) // 2 * row_height - GAP + 4, layers)


def _panel(pair: PairRecord, across: Scale, top: float, today: float) -> list[Spec]:
    low = top + HEIGHT
    up = Scale(-10.0, 10.0, low, top)
    x, y = pixel("x"), pixel("y")
    path = [{"x": across.pixel(one.time), "y": up.pixel(one.standing)} for one in pair.events]
    path.append({"x": across.pixel(today), "y": up.pixel(pair.now.mean)})
    band = [
        {
            "x": across.pixel(one.time),
            "y": up.pixel(one.standing_low80),
            "high": up.pixel(one.standing_high80),
        }
        for one in pair.events
    ]
    name, now = pair.name.removesuffix(" relations"), findings.one_decimal(pair.now.mean)
    marks = [{"y": up.pixel(at), "text": label} for at, label in ((-10.0, "−10"), (0.0, "0"), (10.0, "10"))]
    years = whole_years(across.low, across.high, 3)
    edge = {"x": fixed(across.left), "x2": fixed(across.right)}
    return [
        *layer("rect", [{}], {**edge, "y": fixed(top), "y2": fixed(low)}, color=WASH.light, opacity=0.45),
        *layer("rule", [{}], {"y": fixed(up.pixel(0.0)), **edge}, color=MUTED.light, strokeWidth=0.6),
        *layer("area", band, {"x": x, "y": y, "y2": {"field": "high"}}, color=FAINT.light),
        *layer("line", path, {"x": x, "y": y}, color=INK.light, strokeWidth=1.4),
        *points(path[-1:], {"x": x, "y": y}, (DANGER if pair.now.mean < 0 else ACCENT).light, 28),
        *text([{"text": name}], fixed(across.left), fixed(top - 8), align="left"),
        *text([{"text": now}], fixed(across.right), fixed(top - 8), tone=MUTED, align="right"),
        *beside(marks, across.left - 4, y),
        *below([{"x": across.pixel(at), "text": f"{at:.0f}"} for at in years], x, low + 9),
    ]
