"""How far off are the methods on issues that were decided? One table of methods, baselines and the outlook.

Every issue is forecast by constants that were fitted without the case to which it belongs. A method of a lens
is run as an analyst would run it: on a case with all issues of the proposal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case import Case
from detente.lenses import available, lens
from detente.lenses.summary import Array
from detente.record.calibration import decile_shares, mid_atom_coverage, rank_band, segments
from detente.record.comparison import paired
from detente.record.decided import SCALE, Decided
from detente.record.decomposition import of_crps
from detente.show.record import Published, Record
from detente.show.table import Table, table_of
from detente.study.outlook.fit import fitted
from detente.study.outlook.foothold import Footholds, foothold, footholds
from detente.study.outlook.mixed import MixedDistribution, atoms, mixture, point
from detente.study.outlook.pool import sharpened_pool
from detente.version import __version__

LOW, HIGH = SCALE
MEAN = "mean"
MIX = "equal mix"
NEAR = 10.0
Progress = Callable[[int, int], None]


class Performance(Record):
    """How one forecaster did.

    Attributes:
        forecaster: method of a lens, baseline or distribution.
        told: what it forecasts.
        fitted: constants that were fitted without the case of the issue.
        issues: that it forecast.
        crps: mean continuous ranked probability score, in points of 100; of a single value, its absolute error.
        error: mean absolute error of the median, in points of 100.
        near: share of issues whose outcome lies within 10 points of the median.
        log: mean −ln of the chance of the outcome; empty where a forecaster holds outcomes impossible.
        holds80: share of outcomes in the central 80 %, atoms counted in part; empty for a single value.
        holds50: the same of the central 50 %.
        spans80: share of outcomes in the shortest closed span that holds at least 80 %, as a brief shows it.
        miscalibration: part of the CRPS that perfect recalibration would gain (CORP), in points of 100.
        discrimination: what telling issues apart gained over the outcomes of all.
        ranks: how far the share of outcomes in a tenth of the ranks strays from a tenth at most; empty for a
            single value.
        band: how far it would stray by chance in 95 of 100 records.
        beats_mean: mean difference of its score from that of the weighted mean; below 0 where it is better.
        beats_mean_low: lower end of its 95 % interval, whole cases resampled.
        beats_mean_high: upper end.
        beats_mix: mean difference from the equal mix of positions and past errors.
        beats_mix_low: lower end of its 95 % interval.
        beats_mix_high: upper end.
        better: issues on which it scores lower than the weighted mean.
    """

    forecaster: str
    told: str
    fitted: int
    issues: int
    crps: float
    error: float
    near: float
    log: float | None
    holds80: float | None
    holds50: float | None
    spans80: float | None
    miscalibration: float
    discrimination: float
    ranks: float | None
    band: float | None
    beats_mean: float
    beats_mean_low: float | None
    beats_mean_high: float | None
    beats_mix: float
    beats_mix_low: float | None
    beats_mix_high: float | None
    better: int


class BackTest(Published):
    """Every forecaster on the same decided issues.

    Attributes:
        data: where they come from.
        issues: how many.
        cases: to how many proposals they belong.
        version: of détente.
        performances: the least score first.
    """

    data: str
    issues: int
    cases: int
    version: str
    performances: tuple[Performance, ...]

    def tables(self) -> Mapping[str, Table]:
        """Return the tables of the back-test by name."""
        rows = [((), one) for one in self.performances]
        return {"backtest": table_of(rows, Performance, "backtest", {})}


@dataclass(frozen=True, slots=True)
class Forecaster:
    """What forecasts issues of one case, when it has seen the others.

    Attributes:
        told: what it forecasts.
        fitted: number of its constants.
        learn: what it saw → forecast of the issue with that number, ``None`` where it has none.
    """

    told: str
    fitted: int
    learn: Callable[[Decided], Callable[[int], MixedDistribution | None]]


def backtest(decided: Decided, data: str, progress: Progress | None = None) -> BackTest:
    """Forecast every decided issue from what was known before, and score all forecasters.

    Args:
        decided: the issues.
        data: where they come from, in words.
        progress: called with (cases done, cases in all).
    """
    points = by_methods(decided)
    known = footholds(decided.position, weights(decided), decided.reference)
    forecasters = {**_methods(points), **_distributions(decided, known, points["mean"][1])}
    forecasts: dict[str, list[MixedDistribution | None]] = {
        name: [None] * len(decided) for name in forecasters
    }
    cases = np.array(decided.case)
    for done, case in enumerate(names := sorted(set(decided.case))):
        seen = decided.only(cases != case)
        for name, of in forecasters.items():
            forecast = of.learn(seen)
            for number in np.flatnonzero(cases == case):
                forecasts[name][number] = forecast(int(number))
        if progress is not None:
            progress(done + 1, len(names))
    scores = {name: _scores(made, decided.outcome) for name, made in forecasts.items()}
    rows = [_performance(name, of, forecasts[name], scores, decided) for name, of in forecasters.items()]
    return BackTest(
        data=data,
        issues=len(decided),
        cases=len(names),
        version=__version__,
        performances=tuple(sorted(rows, key=lambda row: row.crps)),
    )


def weights(decided: Decided) -> Array:
    """Return influence × salience, 0 where an actor takes no part, shape (issues, actors)."""
    return np.nan_to_num(decided.influence * decided.salience)


def by_methods(decided: Decided) -> dict[str, tuple[str, Array]]:
    """Return what every method of every lens settles the issues at.

    Returns:
        Method → what it is called, and its settlement of each issue, NaN where it has none, shape (issues,).
    """
    found: dict[str, tuple[str, Array]] = {}
    for case in sorted(set(decided.case)):
        numbers = [number for number, one in enumerate(decided.case) if one == case]
        stated = case_of(decided, numbers)
        for name in available():
            reader = lens(name)
            if not reader.methods or not reader.reads(stated):
                continue
            view = reader.view(stated)
            settled = view.outcomes(view.table.sample(1, 0, 1))
            for method, called in reader.methods.items():
                place = found.setdefault(method, (called, np.full(len(decided), np.nan)))[1]
                for number in numbers:
                    if (label := f"{decided.names[number]}.{method}") in settled:
                        place[number] = settled[label][0]
    return {method: of for method, of in found.items() if not np.isnan(of[1]).all()}


def case_of(decided: Decided, numbers: list[int]) -> Case:
    """Return the issues of a proposal as a case, as they were known before the decision."""
    actors = np.flatnonzero(~np.isnan(decided.position[numbers]).all(axis=0))
    issues, stances = dict[str, Any](), dict[str, Any]()
    for number in numbers:
        name, reference = decided.names[number], float(decided.reference[number])
        stated = {} if np.isnan(reference) else {"no_deal": reference}
        issues[name] = {"name": name, "scale": {LOW: "lowest", HIGH: "highest"}, **stated}
        stances[name] = {
            f"a{actor}": {
                "position": float(decided.position[number, actor]),
                "salience": float(decided.salience[number, actor]),
                "influence": float(decided.influence[number, actor]),
            }
            for actor in actors
            if not np.isnan(decided.position[number, actor])
        }
    named = {f"a{actor}": {"name": f"a{actor}"} for actor in actors}
    title = decided.case[numbers[0]]
    return Case.from_dict(
        {"detente": 1, "title": title, "actors": named, "issues": issues, "stances": stances}
    )


def _methods(points: Mapping[str, tuple[str, Array]]) -> dict[str, Forecaster]:
    """Return every method as a forecaster of single values."""

    def single(values: Array) -> Callable[[Decided], Callable[[int], MixedDistribution | None]]:
        return lambda _: lambda i: None if np.isnan(values[i]) else point(float(values[i]), LOW, HIGH)

    return {name: Forecaster(called, 0, single(values)) for name, (called, values) in points.items()}


def _distributions(decided: Decided, known: Footholds, mean: Array) -> dict[str, Forecaster]:
    """Return the baselines and the distributions that the outlook of an issue could be."""
    weight = weights(decided)
    place = {name: number for number, name in enumerate(decided.names)}

    def rows(seen: Decided) -> list[int]:
        return [place[name] for name in seen.names]

    def held(i: int) -> MixedDistribution:
        there = ~np.isnan(decided.position[i])
        return atoms(decided.position[i][there], weight[i][there], LOW, HIGH)

    def errors(seen: Decided) -> Array:
        return np.asarray(seen.outcome - mean[rows(seen)])

    def past(seen: Decided) -> Callable[[int], MixedDistribution]:
        far = errors(seen)
        return lambda i: atoms(np.clip(mean[i] + far, LOW, HIGH), np.ones(len(far)), LOW, HIGH)

    def mixed(seen: Decided) -> Callable[[int], MixedDistribution]:
        before = past(seen)
        return lambda i: mixture([held(i), before(i)])

    def refitted(seen: Decided) -> Callable[[int], MixedDistribution]:
        chosen = rows(seen)
        ends = np.full(len(chosen), LOW), np.full(len(chosen), HIGH)
        constants = fitted(known.only(chosen), seen.outcome, ends)
        return lambda i: foothold(known.only([i]), LOW, HIGH, constants=constants)

    def as_published(_: Decided) -> Callable[[int], MixedDistribution]:
        return lambda i: foothold(known.only([i]), LOW, HIGH)

    def pooled(_: Decided) -> Callable[[int], MixedDistribution]:
        return lambda i: sharpened_pool(decided.position[[i]], weight[[i]], LOW, HIGH)

    def climate(seen: Decided) -> Callable[[int], MixedDistribution]:
        return lambda _: atoms(seen.outcome, np.ones(len(seen)), LOW, HIGH)

    return {
        "climatology": Forecaster("outcomes of the other cases", 0, climate),
        "weighted positions": Forecaster("everybody's position, by weight", 0, lambda _: held),
        "mean and past errors": Forecaster("the mean, give or take the errors made elsewhere", 0, past),
        MIX: Forecaster("half weighted positions, half mean and past errors", 0, mixed),
        "sharpened pool": Forecaster("strictly monotone; constants not refitted", 0, pooled),
        "foothold": Forecaster("the outlook of an issue, refitted without its case", 2, refitted),
        "foothold, published": Forecaster(
            "the same with the published constants: in sample", 0, as_published
        ),
    }


def _scores(made: list[MixedDistribution | None], outcome: Array) -> Array:
    return np.array(
        [np.nan if one is None else one.crps(float(y)) for one, y in zip(made, outcome, strict=True)]
    )


def _spanned(forecasts: list[MixedDistribution], outcome: Array) -> float:
    spans = np.array([one.shortest(0.8)[:2] for one in forecasts])
    return float(((spans[:, 0] <= outcome + 1e-9) & (outcome <= spans[:, 1] + 1e-9)).mean())


def _performance(
    name: str,
    of: Forecaster,
    made: list[MixedDistribution | None],
    scores: Mapping[str, Array],
    decided: Decided,
) -> Performance:
    """Sum up one forecaster, on the issues that it forecast."""
    own = np.flatnonzero(~np.isnan(scores[name]))
    forecasts = [one for one in made if one is not None]
    outcome, case = decided.outcome[own], [decided.case[i] for i in own]
    medians = np.array([float(one.quantile(0.5)) for one in forecasts])
    error = np.abs(medians - outcome)
    spread = any(len(one.points) != 1 or one.smooth[-1] > 0 for one in forecasts)
    smooth = all(np.diff(one.smooth).min() > 0 for one in forecasts)
    left, upto = segments(forecasts, outcome)
    strays = float(np.abs(decile_shares(left, upto).mean(axis=0) - 0.1).max())
    middles = LOW + (np.arange(100) + 0.5) * (HIGH - LOW) / 100
    parts = of_crps(np.array([one.at(middles) for one in forecasts]), middles, outcome)
    mean, mix = (paired(scores[name][own], scores[other][own], case) for other in (MEAN, MIX))
    return Performance(
        forecaster=name,
        told=of.told,
        fitted=of.fitted,
        issues=len(own),
        crps=float(scores[name][own].mean()),
        error=float(error.mean()),
        near=float((error <= NEAR + 1e-9).mean()),
        log=(
            float(np.mean([one.log_score(float(y)) for one, y in zip(forecasts, outcome, strict=True)]))
            if smooth
            else None
        ),
        holds80=float(mid_atom_coverage(left, upto, 0.8).mean()) if spread else None,
        holds50=float(mid_atom_coverage(left, upto, 0.5).mean()) if spread else None,
        spans80=_spanned(forecasts, outcome) if spread else None,
        miscalibration=parts.miscalibration,
        discrimination=parts.discrimination,
        ranks=strays if spread else None,
        band=rank_band(forecasts) if spread else None,
        beats_mean=mean.mean,
        beats_mean_low=mean.low,
        beats_mean_high=mean.high,
        beats_mix=mix.mean,
        beats_mix_low=mix.low,
        beats_mix_high=mix.high,
        better=mean.better,
    )
