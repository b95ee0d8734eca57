"""What does a reader want to know of each issue? One row that everything on the first page is said from."""

from __future__ import annotations

from collections.abc import Iterable

from detente.case import Case
from detente.lenses import Tornado
from detente.lenses.bargaining.result import BargainingResult
from detente.report.figures.method import leading
from detente.report.standings import standings
from detente.show import words
from detente.show.record import Record
from detente.show.table import Table

BLOCKED = (
    0.5  # share of draws without agreement from which an issue counts as one that no deal settles better
)


class ForecastRow(Record):
    """One issue: where it settles, how sure that is, and what stands in the way.

    Attributes:
        issue: id.
        name: of the issue.
        unit: of its scale.
        low: lowest value of the scale.
        high: highest value.
        method: method of the forecast.
        mean: the forecast.
        low80: 10 % quantile of it over draws.
        high80: 90 % quantile.
        meaning: what the scale says there.
        no_deal: mean of where the issue ends without an agreement, if stated.
        plain_average: mean position, everybody counting alike.
        lowest: lowest mean forecast of any method.
        highest: highest mean forecast.
        spread: difference of the two.
        methods: how many methods give a forecast.
        no_agreement: share of draws in which nothing is better than no deal for all, if it can be told.
        red_lines: how many actors state a red line.
        crossed: how many of them exclude the forecast.
        crossed_by: ids of the actors whose red lines exclude it, the heaviest first.
        strongest: id of the actor with the largest share of all weight.
        strongest_share: that share.
        widest_input: path of the input in doubt that moves the forecast most, if any does.
        widest_from: lowest forecast that it alone makes.
        widest_to: highest.
        outcome: what really happened, where it is known.
        nearest_method: method whose mean forecast came nearest to that.
        nearest: that forecast.
    """

    issue: str
    name: str
    unit: str | None
    low: float
    high: float
    method: str
    mean: float
    low80: float
    high80: float
    meaning: str
    no_deal: float | None
    plain_average: float
    lowest: float
    highest: float
    spread: float
    methods: int
    no_agreement: float | None
    red_lines: int
    crossed: int
    crossed_by: tuple[str, ...]
    strongest: str
    strongest_share: float
    widest_input: str | None
    widest_from: float | None
    widest_to: float | None
    outcome: float | None
    nearest_method: str | None
    nearest: float | None

    @property
    def width(self) -> float:
        """Return the width of the scale."""
        return self.high - self.low

    @property
    def blocked(self) -> bool:
        """Say whether, in most draws, nothing is better than no deal for everyone."""
        return self.no_agreement is not None and self.no_agreement >= BLOCKED

    @property
    def error(self) -> float | None:
        """Return how far the forecast lies above what really happened, where that is known."""
        return None if self.outcome is None else self.mean - self.outcome

    @property
    def swing(self) -> float:
        """Return how far the widest input moves the forecast, as a share of the scale."""
        if self.widest_from is None or self.widest_to is None:
            return 0.0
        return (self.widest_to - self.widest_from) / self.width


def forecast_rows(case: Case, result: BargainingResult, study: Tornado) -> tuple[ForecastRow, ...]:
    """Return one row per issue, in the order of the case."""
    return tuple(_row(case, result, study, issue) for issue in result.issues)


def _row(case: Case, result: BargainingResult, study: Tornado, issue: str) -> ForecastRow:
    of, methods, baselines = case.issues[issue], result.issues[issue], result.baselines[issue]
    method = leading(result, issue)
    forecast = methods[method]
    means = [one.mean for one in methods.values()]
    standing = sorted(standings(case, issue), key=lambda one: -one.share)
    crossed = [one.actor for one in standing if one.accepts(forecast.mean) is False]
    bars = study.bars.get(f"{issue}.{method}", ())
    widest = sorted((bars[0].at_low, bars[0].at_high)) if bars else (None, None)
    nash = methods.get("nash")
    outcome = of.outcome.value if of.outcome is not None else None
    nearest = None if outcome is None else min(methods, key=lambda name: abs(methods[name].mean - outcome))
    return ForecastRow(
        issue=issue,
        name=of.name,
        unit=of.unit,
        low=of.low,
        high=of.high,
        method=method,
        mean=forecast.mean,
        low80=forecast.intervals["80"][0],
        high80=forecast.intervals["80"][1],
        meaning=words.place(forecast.mean, of),
        no_deal=baselines["no_deal"].mean if "no_deal" in baselines else None,
        plain_average=baselines["unweighted_mean"].mean,
        lowest=min(means),
        highest=max(means),
        spread=max(means) - min(means),
        methods=len(means),
        no_agreement=nash.no_agreement if nash is not None else None,
        red_lines=sum(1 for one in standing if one.accepts(forecast.mean) is not None),
        crossed=len(crossed),
        crossed_by=tuple(crossed),
        strongest=standing[0].actor,
        strongest_share=standing[0].share,
        widest_input=bars[0].path if bars else None,
        widest_from=widest[0],
        widest_to=widest[1],
        outcome=outcome,
        nearest_method=nearest,
        nearest=methods[nearest].mean if nearest is not None else None,
    )


def issues_table(rows: Iterable[ForecastRow]) -> Table:
    """Return the rows as a table."""
    columns = {
        "issue": "name",
        "mean": "forecast, on the issue's scale",
        "low80": "10 % quantile of it over draws",
        "high80": "90 % quantile",
        "no_deal": "where it ends without an agreement",
        "plain_average": "mean position, everybody counting alike",
        "lowest": "lowest forecast of any method",
        "highest": "highest forecast of any method",
        "spread": "difference of the two",
        "no_agreement": "share of draws in which nothing is better than no deal for all",
        "red_lines": "how many actors state a red line",
        "crossed": "how many of them exclude the forecast",
        "strongest_share": "largest share of all weight that one actor has",
        "widest_from": "lowest forecast that one input in doubt can make alone",
        "widest_to": "highest",
        "outcome": "what really happened, where it is known",
        "error": "forecast less outcome",
        "nearest": "forecast of the method that came nearest to the outcome",
    }
    return Table(
        "issues",
        columns,
        tuple((row.name, *(getattr(row, name) for name in list(columns)[1:])) for row in rows),
    )
