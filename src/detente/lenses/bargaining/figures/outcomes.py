"""Where would an issue settle by each method, how sure is each, and what do the baselines say?

One row per method: the shape of the distribution over draws, under it the middle 50, 80 and 95 % of the draws and
the mean. Baselines are hollow. What really happened is marked where the case knows it.
"""

from __future__ import annotations

from detente.case.text import sources_of
from detente.lenses.bargaining import findings
from detente.lenses.bargaining.methods import BASELINES, METHOD_NOTES, METHODS, REFERENCES, made_how
from detente.lenses.bargaining.result import BargainingResult, Settlement
from detente.lenses.summary import Distribution
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, FAINT, INK, MUTED, WASH
from detente.show.row_chart import Dot, Line, Ridge, Row, RowChart, Rule
from detente.show.table import table_of
from detente.show.vega import anchor_texts

STROKES = {"95": 1.25, "80": 3.0, "50": 6.0}
LEGEND = "Thick, medium and thin line: middle 50, 80 and 95 % of draws. Dot: mean. Hollow: baseline."


def figure(result: BargainingResult, row: Settlement) -> Figure:
    """Return the distributions of one issue, methods side by side."""
    of, methods, baselines = result.case.issues[row.id], result.issues[row.id], result.baselines[row.id]
    notes = [f"{METHODS[name]}: {METHOD_NOTES[name]} ({REFERENCES[name]})." for name in methods]
    skipped = result.skipped.get(row.id, {}).items()
    notes += [f"{METHODS[name]} gives no number here: {why}." for name, why in skipped]
    named = [((METHODS[name],), one) for name, one in methods.items()]
    named += [((f"{BASELINES[name]} (baseline)",), one) for name, one in baselines.items()]
    rows = [_row(result, row, name, one) for name, one in {**methods, **baselines}.items()]
    known = of.outcome.value if of.outcome is not None and of.low <= of.outcome.value <= of.high else None
    happened = [] if known is None else [Rule(known, f"outcome {words.figures(known, 4)}", dash=(1, 2))]
    scale = list(zip(of.scale, anchor_texts(of), strict=True))
    chart = RowChart(of.low, of.high, rows, ticks=scale, rules=happened, labels=112.0, numbers=72.0)
    return Figure(
        id=f"outcomes-{row.id}",
        subject=row.issue,
        finding=findings.outcomes(result, row),
        definition=f"{row.issue}: the {result.noun} by each method, over all draws.",
        spec=chart.spec(),
        table=table_of(named, Distribution, "outcomes", {"method": "method, or baseline"}, leave={"sd"}),
        how=(*notes, made_how(result.record)),
        sources=sources_of(of.because),
        legend=LEGEND,
    )


def _row(result: BargainingResult, row: Settlement, name: str, one: Distribution) -> Row:
    of, hollow, leads = result.case.issues[row.id], name in BASELINES, name == row.method
    tone = ACCENT if leads else MUTED
    lines = [
        Line(*one.intervals[level], tone, 1.25 if hollow else stroke)
        for level, stroke in STROKES.items()
        if level == "80" or not hollow
    ]
    ridge = [] if hollow or one.sd == 0 else [Ridge(_shape(one), WASH if leads else FAINT)]
    dot = Dot(one.mean, tone, 42.0 if hollow else 62.0, hollow=hollow)
    low, high = one.intervals["80"]
    fails = f" (no deal {words.percent(one.no_agreement)})" if one.no_agreement else ""
    return Row(
        BASELINES[name] if hollow else f"{METHODS[name]}{fails}",
        (*ridge, *lines, dot),
        number=words.position(one.mean, of),
        detail=words.span(low, high, of) if low < high and not hollow else "",
        bold=leads,
        tone=ACCENT if leads else MUTED if hollow else INK,
    )


def _shape(one: Distribution) -> tuple[tuple[float, float], ...]:
    """Return the histogram from the bin before the first draw to the one after the last, the fullest 1 high."""
    counts, edges = one.histogram.counts, one.histogram.edges
    seen = [k for k, count in enumerate(counts) if count]
    shown = range(max(seen[0] - 1, 0), min(seen[-1] + 2, len(counts)))
    return tuple(((edges[k] + edges[k + 1]) / 2, counts[k] / max(counts)) for k in shown)
