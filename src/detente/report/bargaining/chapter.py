"""Where does each issue settle, how sure is that, and what would change it? The bargaining lens's part of a brief.

The lens is run on the case as it stands and on every scenario, on common random numbers; every input in doubt is
moved alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from detente.case import Case
from detente.lenses import Comparison, Tornado, tornado
from detente.lenses.bargaining import BargainingResult
from detente.lenses.compare import between, simulate_all
from detente.lenses.lens import RunRecord
from detente.report.bargaining import glance, sections
from detente.report.bargaining.facts import ForecastRow, forecast_rows, issues_table
from detente.report.bargaining.headlines import answer, headlines
from detente.report.chapter import AS_IT_STANDS, Chapter, Effort, Versions
from detente.report.figures.method import REFERENCES
from detente.report.figures.outcomes import outcomes
from detente.report.figures.positions import positions
from detente.report.figures.rounds import rounds_figure
from detente.report.figures.scenarios import moves, scenarios
from detente.report.figures.tornado import tornado_figure
from detente.show import words
from detente.show.blocs import blocs
from detente.show.figure import Figure
from detente.show.marks import sign
from detente.show.table import Table

QUICK = ("mean", "median", "nash")
MOST_ISSUES = 24  # issues that get figures of their own; tables have all


class BargainingChapter(Chapter):
    """Where each issue settles.

    Attributes:
        forecast_rows: one per issue.
        result: of the lens on the case as it stands.
        comparison: of every scenario with the case as it stands; ``None`` without scenarios.
        tornado: every doubtful input moved alone.
    """

    lens: ClassVar[str] = "bargaining"
    places: ClassVar[Mapping[str, str]] = {
        "outcome": "outcomes",
        "no_agreement": "outcomes",
        "red_lines": "positions",
        "distance": "glance",
        "methods": "outcomes",
        "scenarios": "scenarios",
        "input": "tornado",
        "pull": "pulls",
        "trade": "trades",
    }

    forecast_rows: tuple[ForecastRow, ...]
    result: BargainingResult
    comparison: Comparison | None
    tornado: Tornado

    @classmethod
    def reads(cls, case: Case) -> bool:
        """Say whether anybody has a stance on anything."""
        return any(case.stances.values())

    @classmethod
    def of(cls, versions: Versions, effort: Effort) -> Self:
        """Write the chapter.

        Raises:
            NoWeightError: on some issue all weights are zero.
            OptionError: a number of draws that cannot be made.
        """
        case = versions[AS_IT_STANDS]
        draws, seed = effort.draws, effort.seed
        runs = {label: case if label == AS_IT_STANDS else _at_once(one) for label, one in versions.items()}
        simulations = simulate_all(
            runs, cls.lens, draws=draws, seed=seed, workers=effort.workers, progress=effort.progress
        )
        result = simulations[AS_IT_STANDS].result()
        if not isinstance(result, BargainingResult):  # pragma: no cover - the registry's own promise
            raise TypeError("the bargaining lens gave another lens's result")
        changed = len(versions) > 1
        comparison = between(simulations, versions, cls.lens, draws=draws, seed=seed) if changed else None
        study = tornado(case)
        rows = forecast_rows(case, result, study)
        return cls(
            answer=answer(case, rows),
            headlines=headlines(case, result, rows, study, comparison),
            forecast_rows=rows,
            result=result,
            comparison=comparison,
            tornado=study,
        )

    @property
    def record(self) -> RunRecord:
        """How the answer was made."""
        return self.result.record

    def tables(self) -> Mapping[str, Table]:
        """Return the issues at a glance, then the tables of the lens and of both studies."""
        studies = [self.tornado.tables()]
        if self.comparison is not None:
            studies.append(self.comparison.tables())
        joined = {name: table for tables in studies for name, table in tables.items()}
        return {"issues": issues_table(self.forecast_rows), **self.result.tables(), **joined}

    def figures(self, case: Case) -> tuple[Figure, ...]:
        """Return all figures, in the order of the page."""
        result = self.result
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

    def contents(self, figures: tuple[Figure, ...]) -> Mapping[str, str]:
        """Return id → title of every section."""
        found = {id_: section.title for id_, section in sections.sections(figures).items()}
        rounds = {"rounds": found.pop("rounds")} if "rounds" in found else {}
        trades = {"trades": "Trades"} if self.result.trades else {}
        return {
            "glance": "At a glance",
            **found,
            "pulls": "Who pulls",
            **rounds,
            **trades,
            "doubts": "How sure this is",
        }

    def drawn(self, case: Case, figures: tuple[Figure, ...]) -> dict[str, Any]:
        """Return what the chapter's template reads."""
        found = sections.sections(figures)
        return {
            "result": self.result,
            "forecast_rows": self.forecast_rows,
            "sections": found,
            "glance": [glance.row(case, self.result, row) for row in self.forecast_rows],
            "issues_table": issues_table(self.forecast_rows),
            "legend": [(bloc.name, sign(bloc.look)) for bloc in blocs(case)],
            "pulls": sections.pulls(self),
            "trades": sections.trades(case, self.result),
            "doubts": sections.doubts(self),
            "doubts_finding": sections.doubts_finding(self),
            "methods": _methods(self.result),
            "left_out": max(0, len(self.result.issues) - len(found["positions"].figures)),
            "anchors": {issue: glance.anchors(case, issue) for issue in self.result.issues},
        }


def _at_once(scenario: Case) -> Case:
    """Return a scenario with the methods that take no time; `compare` runs all of them.

    The challenge and exchange models take nine tenths of a run, and the page compares the headline forecasts.
    """
    asked = scenario.options.bargaining
    leading = {asked.headline, asked.methods[0], *[m for m in asked.methods if m != "nash"][:1]}
    methods = [method for method in asked.methods if method in QUICK or method in leading]
    return scenario.with_({"options.bargaining.methods": methods})


def _methods(result: BargainingResult) -> list[dict[str, str]]:
    used = dict.fromkeys(method for methods in result.issues.values() for method in methods)
    options = result.record.options
    return [
        {
            "name": words.METHODS[method],
            "note": words.METHOD_NOTES[method],
            "reference": REFERENCES[method],
            "options": _options(options.get(method, {})),
        }
        for method in used
    ]


def _options(options: dict[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {str(value).replace('_', ' ').lower()}"
        for name, value in options.items()
        if value is not None
    )
