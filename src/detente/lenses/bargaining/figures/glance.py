"""Where do all issues stand at a glance, how sure is that, and how far were such numbers off in the past?

One row per issue, each on its own scale from end to end: what the doubt in the inputs leaves open, and behind it
the error that such forecasts had where the outcome is known. The two are never mixed.
"""

from __future__ import annotations

from detente.lenses.bargaining import headlines
from detente.lenses.bargaining.methods import made_how, what_is_drawn
from detente.lenses.bargaining.result import BargainingResult, Settlement
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, INK, MUTED, WASH
from detente.show.row_chart import Bar, Dot, Line, Row, RowChart, Tick
from detente.show.table import Table

PAST_ERROR = 0.23  # of the scale: mean absolute error of the weighted mean on the DEU III data; see the lens
LEGEND = (
    "Dot: the {}. Line: 80 % of draws. Shaded: past error, 23 points of 100 on either side. Thin line: "
    "from the lowest to the highest method. Upright: no deal."
)
HEADS = {
    "low80": "80 % of draws",
    "high80": "to",
    "lowest": "methods from",
    "highest": "to",
    "past_error": "past error ±",
    "no_deal": "no deal",
    "mc_error": "chance ±",
}


def figure(result: BargainingResult) -> Figure:
    """Return every issue on its own scale."""
    return Figure(
        id="glance",
        subject="",
        finding=headlines.agreement(result).model_copy(update={"table": "glance"}),
        definition=f"Every issue on its own scale, from its low end to its high end: the {result.noun}.",
        spec=RowChart(0.0, 1.0, [_row(result, one) for one in result.settlements], labels=150.0).spec(),
        table=table(result),
        how=(what_is_drawn(result.noun, result.headline), made_how(result.record)),
        legend=LEGEND.format(result.noun),
    )


def _row(result: BargainingResult, row: Settlement) -> Row:
    of = result.case.issues[row.id]

    def at(value: float) -> float:
        return min(max((value - of.low) / row.width, 0.0), 1.0)

    mean = at(row.mean)
    marks = (
        Bar(max(mean - PAST_ERROR, 0.0), min(mean + PAST_ERROR, 1.0), WASH, 11.0),
        Line(at(row.lowest), at(row.highest), MUTED, 1.25),
        Line(at(row.low80), at(row.high80), ACCENT, 4.0),
        *(() if row.no_deal is None else (Tick(at(row.no_deal), INK, 12.0),)),
        Dot(mean, ACCENT, 58.0),
    )
    span = words.span(row.low80, row.high80, of) if row.low80 < row.high80 else ""
    return Row(row.issue, marks, words.position(row.mean, of), span, track=True)


def table(result: BargainingResult) -> Table:
    """Return the one table of the chapter: per issue the number, its spans, and no deal."""
    noun = result.noun
    columns = {
        "issue": "name",
        noun: "mean over draws, on the issue's own scale",
        "low80": "10 % quantile of the draws: what the doubt in the inputs leaves open",
        "high80": "90 % quantile",
        "lowest": "lowest mean of any method",
        "highest": "highest mean of any method",
        "past_error": "mean error of such forecasts on past decisions, 23 % of the scale",
        "no_deal": "where it ends without a deal",
        "mc_error": "standard error of the mean from the finite number of draws",
    }
    rows = tuple(
        (
            *(row.issue, row.mean, row.low80, row.high80, row.lowest, row.highest),
            *(PAST_ERROR * row.width, row.no_deal, result.forecast(row.id).mc_error),
        )
        for row in result.settlements
    )
    return Table("glance", columns, rows, HEADS)
