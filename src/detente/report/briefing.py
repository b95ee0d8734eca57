"""What would one hand to the person who asked? The answer, what leads to it, how sure it is, and on what it rests.

The bargaining lens is run on the case as it stands and on every scenario, on common random numbers; every input in
doubt is moved alone; the findings lead, and each number can be followed to its table and its sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pydantic import PrivateAttr

from detente.case import Case
from detente.errors import MissingPartError
from detente.lenses.bargaining import BargainingResult
from detente.lenses.blocks import Progress
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Finding
from detente.lenses.published import Published
from detente.lenses.table import Table
from detente.report.evidence import Evidence, evidence
from detente.report.facts import ForecastRow, forecast_rows, issues_table
from detente.report.figure import Figure
from detente.report.figures.outcomes import outcomes
from detente.report.figures.positions import positions
from detente.report.figures.rounds import rounds_figure
from detente.report.figures.scenarios import moves, scenarios
from detente.report.figures.tornado import tornado_figure
from detente.report.headlines import answer, headlines
from detente.study import Comparison, Tornado, tornado
from detente.study.compare import between, simulate_all

AS_IT_STANDS = "as it stands"
QUICK = ("mean", "median", "nash")
MOST_ISSUES = 24  # issues that get figures of their own; tables have all


class Brief(Published):
    """A case, answered.

    Attributes:
        title: of the case.
        question: that the case asks.
        as_of: date of the case.
        answer: the answer in one or two sentences.
        headlines: what a reader should know first.
        forecast_rows: one per issue.
        result: of the bargaining lens on the case as it stands.
        comparison: of every scenario with the case as it stands; ``None`` without scenarios.
        tornado: every doubtful input moved alone.
        evidence: what rests on which source, and what on none.
    """

    title: str
    question: str | None
    as_of: str | None
    answer: Finding
    headlines: tuple[Finding, ...]
    forecast_rows: tuple[ForecastRow, ...]
    result: BargainingResult
    comparison: Comparison | None
    tornado: Tornado
    evidence: Evidence

    _case: Case | None = PrivateAttr(default=None)

    @property
    def case(self) -> Case:
        """Return the case; a brief that was read back from JSON has none.

        Raises:
            MissingPartError: there is none.
        """
        if self._case is None:
            raise MissingPartError(
                "a brief read back from its data has no case to draw from; make it again with brief(case)"
            )
        return self._case

    def tables(self) -> Mapping[str, Table]:
        """Return every table of the brief by name; the numbers of each finding stand in the table it names."""
        studies = [self.tornado.tables()]
        if self.comparison is not None:
            studies.append(self.comparison.tables())
        drawn = {figure.table.name: figure.table for figure in self.figures if figure.id == "scenarios"}
        joined = {name: table for tables in studies for name, table in tables.items()}
        return {
            "issues": issues_table(self.forecast_rows),
            **self.result.tables(),
            **joined,
            **drawn,
            "evidence": self.evidence.table(),
        }

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Return all figures, in the order of the page."""
        case, result = self.case, self.result
        issues = list(result.issues)[:MOST_ISSUES]
        found = [positions(case, result, issue) for issue in issues]
        found += [outcomes(case, result, issue) for issue in issues]
        if self.comparison is not None and (changed := moves(self.comparison, result)):
            found.append(scenarios(case, result, self.comparison, changed))
        if not result.record.exact:
            found += [
                tornado_figure(case, self.tornado, row.issue, row.method)
                for row in self.forecast_rows[:MOST_ISSUES]
            ]
        found += [rounds_figure(case, result, issue) for issue in issues if issue in result.rounds]
        return tuple(found)

    def to_html(self) -> str:
        """Return the brief as one page of HTML that needs nothing else: no script, no network, no other file."""
        from detente.report.html import page

        return page(self)

    def save(self, path: str | Path) -> None:
        """Write the page, whole or not at all.

        Raises:
            OutputError: it cannot be written there.
        """
        from detente.case.files import write_whole

        write_whole(Path(path), self.to_html())

    def _repr_html_(self) -> str:
        """Show answer and headlines in a notebook; `to_html` has the whole page."""
        from html import escape

        items = "".join(f"<li>{escape(finding.sentence)}</li>" for finding in self.headlines)
        table = issues_table(self.forecast_rows)._repr_html_()
        return f"<h3>{escape(self.title)}</h3><p>{escape(self.answer.sentence)}</p><ul>{items}</ul>{table}"


def brief(
    case: Case,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Brief:
    """Answer a case: where each issue settles, how sure that is, and what would change it.

    Args:
        case: the case.
        draws: of everything that carries doubt.
        seed: of the draws; the same seed gives the same bytes for any number of workers.
        workers: threads; all processors when ``None``.
        progress: called with (draws done, draws in all), counted over all scenarios.

    Raises:
        MissingPartError: nobody has a stance on anything.
        NoWeightError: on some issue all weights are zero.
        OptionError: a number of draws that cannot be made.
    """
    changed = {name: case.with_(scenario=name) for name, one in case.scenarios.items() if one.changes}
    versions = {AS_IT_STANDS: case, **changed}
    runs = {label: case if label == AS_IT_STANDS else _at_once(one) for label, one in versions.items()}
    simulations = simulate_all(runs, "bargaining", draws=draws, seed=seed, workers=workers, progress=progress)
    result = simulations[AS_IT_STANDS].result()
    if not isinstance(result, BargainingResult):  # pragma: no cover - the registry's own promise
        raise TypeError("the bargaining lens gave another lens's result")
    comparison = between(simulations, versions, "bargaining", draws=draws, seed=seed) if changed else None
    study = tornado(case)
    rows = forecast_rows(case, result, study)
    made = Brief(
        title=case.title,
        question=case.question,
        as_of=case.as_of,
        answer=answer(case, rows),
        headlines=headlines(case, result, rows, study, comparison),
        forecast_rows=rows,
        result=result,
        comparison=comparison,
        tornado=study,
        evidence=evidence(case),
    )
    made._case = case
    return made


def _at_once(scenario: Case) -> Case:
    """Return a scenario with the methods that take no time; `compare` runs all of them.

    The challenge and exchange models take nine tenths of a run, and the page compares the headline forecasts.
    """
    asked = scenario.options.bargaining
    leading = {asked.headline, asked.methods[0], *[m for m in asked.methods if m != "nash"][:1]}
    methods = [method for method in asked.methods if method in QUICK or method in leading]
    return scenario.with_({"options.bargaining.methods": methods})
