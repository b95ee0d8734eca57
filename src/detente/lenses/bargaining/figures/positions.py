"""Who stands where on an issue, with what weight, how sure is that, and whom would the forecast not satisfy?

One row per actor along the issue's scale: a bubble at the expected position, its area the actor's expected
influence times salience, whiskers over the middle 80 % of the doubt, the side that a red line rules out dotted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from detente.case import Issue
from detente.case.text import sources_of
from detente.lenses.bargaining import findings
from detente.lenses.bargaining.methods import made_how, what_is_drawn
from detente.lenses.bargaining.result import BargainingResult, Settlement, Standing
from detente.show import words
from detente.show.blocs import bloc_names, legend, looks
from detente.show.figure import Figure
from detente.show.palette import ACCENT, DANGER, INK, MUTED, Look
from detente.show.row_chart import Dot, Line, Mark, Row, RowChart, Rule, Tick
from detente.show.table import Table, table_of
from detente.show.vega import anchor_texts

LARGEST = 230.0  # area of the heaviest bubble, square pixels
SMALLEST = 24.0
MOST_ROWS = 60
LEGEND = "Area: influence × salience. Line: 80 % of the doubt. Dotted: ruled out by a red line."
HOW = (
    "Positions, saliences and influences are the case's own numbers. A bubble stands at the expected position; "
    "its area is the expected influence times the expected salience, the heaviest actor on the issue filling the "
    "largest bubble. A whisker spans the middle 80 % of the doubt. Red lines are drawn at their expected bounds "
    "and set against the heavy line draw by draw; none of the methods knows them."
)


def figure(result: BargainingResult, row: Settlement) -> Figure:
    """Return the position map of one issue; the heaviest actors where there are too many to draw."""
    of, standing, case = result.case.issues[row.id], result.stances[row.id], result.case
    kept = sorted(standing, key=lambda one: (-one.weight, one.actor))[:MOST_ROWS]
    heaviest, look = max(one.weight for one in standing) or 1.0, looks(case)
    rows = [
        Row(case.actors[one.actor].name, tuple(_marks(one, of, heaviest, look[one.actor])))
        for one in standing
        if one in kept
    ]
    chart = RowChart(
        of.low,
        of.high,
        rows,
        ticks=list(zip(of.scale, anchor_texts(of), strict=True)),
        ends=(of.scale[of.low], of.scale[of.high]),
        bands=[(row.low80, row.high80)] if row.low80 < row.high80 else [],
        rules=list(_rules(row, of, result.noun)),
        labels=128.0,
        numbers=12.0,
        least=17.0,
    )
    sources = (source for one in standing for source in sources_of(one.because))
    return Figure(
        id=f"positions-{row.id}",
        subject=row.issue,
        finding=findings.positions(result, row),
        definition=f"{row.issue}: where each actor stands, how heavily, and the {result.noun}.",
        spec=chart.spec(),
        table=_table(result, row),
        how=(HOW, what_is_drawn(result.noun, row.method), made_how(result.record)),
        sources=tuple(dict.fromkeys(sources)),
        legend=f"{LEGEND} {legend(case)}".strip(),
    )


def _rules(row: Settlement, of: Issue, noun: str) -> Iterator[Rule]:
    """Yield the forecast, no deal, and what really happened."""
    yield Rule(row.mean, f"{noun} {words.position(row.mean, of)}", ACCENT, 2.0, None, bold=True)
    if row.no_deal is not None:
        yield Rule(row.no_deal, f"no deal {words.position(row.no_deal, of)}", MUTED, dash=(4, 3))
    if row.outcome is not None and of.low <= row.outcome <= of.high:
        yield Rule(row.outcome, f"outcome {words.position(row.outcome, of)}", INK, dash=(1, 2))


def _marks(one: Standing, of: Issue, heaviest: float, look: Look) -> Iterator[Mark]:
    for bound, end in ((one.accepts_from, of.low), (one.accepts_to, of.high)):
        if bound is not None:
            yield Line(min(bound, end), max(bound, end), DANGER, 1.25, dashed=True)
            yield Tick(bound, DANGER, 12.0, 2.0)
    yield Line(one.low80, one.high80, look.tone, 1.75)
    yield Dot(one.position, look.tone, max(SMALLEST, LARGEST * one.weight / heaviest), look.shape)


def _table(result: BargainingResult, row: Settlement) -> Table:
    case, bloc = result.case, bloc_names(result.case)
    rows = [((case.actors[one.actor].name, bloc.get(one.actor, "")), one) for one in result.stances[row.id]]
    keys = {"actor": "name", "bloc": "first group of the actor"}
    table = table_of(rows, Standing, "positions", keys, leave={"actor", "influence_path", "valued"})
    heads = {
        "accepts_from": "accepts from",
        "accepts_to": "to",
        "has_say": "has a say",
        "crossed": "crossed in",
    }
    return replace(table, heads=heads)
