"""What does each scenario change, issue by issue, compared with the case as it stands?

From a hollow mark, the forecast as the case stands, to a filled one, the forecast in the scenario; the line behind
spans the middle 80 % of the difference, taken draw by draw on common random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.case import Case
from detente.case.text import sources_of
from detente.lenses.bargaining import findings
from detente.lenses.bargaining.findings import Move
from detente.lenses.bargaining.methods import IN_TEXT
from detente.lenses.bargaining.result import BargainingResult
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, INK, MUTED
from detente.show.row_chart import Dot, Line, Row, RowChart
from detente.show.table import Table

LEGEND = "Hollow: the case as it stands. Filled: the scenario. Line: 80 % of the difference."


def figure(result: BargainingResult, found: Sequence[Move]) -> Figure:
    """Return what each scenario changes on each issue; there must be at least one move.

    Raises:
        ValueError: the result was not compared with anything.
    """
    study, case = result.comparison, result.case
    if study is None:
        raise ValueError("the result was compared with no scenario")
    rows, last = [], ""
    for one in found:
        if one.issue != last:
            rows.append(Row(case.issues[one.issue].name, head=True, bold=True))
        last = one.issue
        rows.append(_row(one, case))
    sources = (source for label in study.labels[1:] for source in sources_of(case.scenarios[label].because))
    versions = ", ".join(f"{label} {print_}" for label, print_ in study.fingerprints.items())
    return Figure(
        id="scenarios",
        subject="",
        finding=findings.scenarios(result, found),
        definition=f"Every issue, on its own scale from end to end: the {result.noun} as the case stands, and in "
        "each scenario.",
        spec=RowChart(0.0, 1.0, rows, labels=118.0, numbers=92.0).spec(),
        table=_table(case, found),
        how=(
            f"Every version is solved on the same {study.draws:,} draws (seed {study.seed}): a number that a "
            "scenario leaves alone is the same in both versions of a draw, so the differences carry only what "
            f"the scenario changes. The {result.noun} is the {IN_TEXT[result.headline]}, where it can be made.",
            f"Versions: {versions}; détente {study.version}.",
        ),
        sources=tuple(dict.fromkeys(sources)),
        legend=LEGEND,
    )


def _row(one: Move, case: Case) -> Row:
    of, d = case.issues[one.issue], one.difference
    width = of.high - of.low
    base, to = ((at - of.low) / width for at in (one.base, d.value))
    low, high = (min(max(base + end / width, 0.0), 1.0) for end in d.intervals["80"])
    doubt = words.span_of_change(*d.intervals["80"], of) if low < high else ""
    marks = (
        Line(low, high, ACCENT, 1.0),
        Line(base, to, ACCENT, 3.0),
        Dot(base, MUTED, 34.0, hollow=True),
        Dot(to, ACCENT, 58.0),
    )
    name = case.scenarios[one.scenario].name
    return Row(name, marks, words.change(d.mean, of), doubt, tone=INK, track=True)


def _table(case: Case, found: Sequence[Move]) -> Table:
    columns = {
        "issue": "name",
        "scenario": "name",
        "as_it_stands": "mean forecast of the case as it stands",
        "forecast": "mean forecast in the scenario",
        "difference": "mean difference",
        "low80": "10 % quantile of the difference",
        "high80": "90 % quantile of the difference",
        "above": "share of draws in which the scenario is higher",
        "below": "share of draws in which it is lower",
    }
    rows = tuple(
        (
            *(case.issues[one.issue].name, case.scenarios[one.scenario].name),
            *(one.base, one.difference.value, one.difference.mean, *one.difference.intervals["80"]),
            *(one.difference.above, one.difference.below),
        )
        for one in found
    )
    return Table("scenarios", columns, rows)
