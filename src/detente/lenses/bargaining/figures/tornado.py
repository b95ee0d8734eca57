"""Which doubtful input moves an issue's forecast most, over the doubt that was stated?

Bars from the forecast at every input's mean to the forecast with one input alone at its 10 % and at its 90 %
quantile, the widest swing first.
"""

from __future__ import annotations

from detente.case import Case, Issue
from detente.case.words import input_name
from detente.lenses.bargaining import findings
from detente.lenses.bargaining.methods import IN_TEXT
from detente.lenses.bargaining.result import BargainingResult, Settlement
from detente.lenses.tornado import Bar as Swing
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, ACCENT_SOFT
from detente.show.row_chart import Bar, Row, RowChart, Rule
from detente.show.table import Table
from detente.show.vega import round_values

MOST = 6
LEGEND = "Light: the input at its 10 % quantile. Dark: at its 90 % quantile."


def figure(result: BargainingResult, row: Settlement) -> Figure:
    """Return the widest swings of one issue's forecast by the method that leads there.

    Raises:
        ValueError: no input of the result was moved.
    """
    study, of, outcome = result.tornado, result.case.issues[row.id], f"{row.id}.{row.method}"
    if study is None:
        raise ValueError("the inputs were not moved")
    bars, centre = study.bars[outcome], study.centre[outcome]
    at = words.position(centre, of)
    return Figure(
        id=f"tornado-{row.id}",
        subject=row.issue,
        finding=findings.tornado(result, row),
        definition=f"{row.issue}: the {result.noun} with one input at a time at its "
        f"{words.percent(study.low)} and {words.percent(study.high)} quantile.",
        spec=_chart(result.case, row.id, bars[:MOST], centre).spec(),
        table=_table(result.case, row.id, bars),
        how=(
            f"Every input that carries doubt is moved alone from its {words.percent(study.low)} to its "
            f"{words.percent(study.high)} quantile while all others stay at their means; the {result.noun} is the "
            f"{IN_TEXT[row.method]}, {at} with all at their means. "
            "Correlations and joint moves are not in it (Howard 1988, Management Science 34:679).",
            f"Case {study.fingerprint}, détente {study.version}.",
        ),
        legend=LEGEND,
    )


def _chart(case: Case, issue: str, bars: tuple[Swing, ...], centre: float) -> RowChart:
    of = case.issues[issue]
    reached = [centre, *(end for bar in bars for end in (bar.at_low, bar.at_high))]
    low, high = (min(reached), max(reached)) if bars else (of.low, of.high)
    scale = [(at, _tick(at, of)) for at in round_values(low, high)]
    rows = [_row(case, bar, centre, issue) for bar in bars] or [Row("No input in doubt moves it.")]
    all_means = Rule(centre, f"all at their means: {words.position(centre, of)}", dash=None)
    return RowChart(low, high, rows, ticks=scale, rules=[all_means], names="above", numbers=84.0)


def _tick(at: float, of: Issue) -> str:
    """Return a round value with the decimals of its scale, or with more where it would not stay what it is."""
    whole = of.high - of.low >= 1e6 or abs(round(at, words.digits(of)) - at) < 1e-9
    return words.position(at, of) if whole else words.figures(at)


def _row(case: Case, bar: Swing, centre: float, issue: str) -> Row:
    of = case.issues[issue]
    ends = ((bar.at_low, ACCENT_SOFT), (bar.at_high, ACCENT))
    marks = tuple(Bar(min(centre, end), max(centre, end), tone) for end, tone in ends)
    low, high = sorted((bar.at_low, bar.at_high))
    reach = f"{words.fine_change(low - centre, of)} to {words.fine_change(high - centre, of)}"
    moved = "–".join(bar.ends)
    return Row(f"{input_name(case, bar.path, issue)} {moved}", marks, number=reach)


def _table(case: Case, issue: str, bars: tuple[Swing, ...]) -> Table:
    columns = {
        "input": "whose number, and which",
        "low_input": "its low quantile",
        "high_input": "its high quantile",
        "at_low": "forecast with it there",
        "at_high": "forecast with it there",
        "swing": "difference of the two",
    }
    rows = tuple(
        (input_name(case, bar.path, issue), *(getattr(bar, name) for name in list(columns)[1:]))
        for bar in bars
    )
    return Table("tornado", columns, rows)
