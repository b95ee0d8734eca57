"""How far off are the methods on issues that were decided? One table of methods, baselines and the outlook.

Every issue is forecast by constants that were fitted without the case to which it belongs. A method of a lens
is run as an analyst would run it: on a case with all issues of the proposal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from detente.case import Case
from detente.lenses import available, lens
from detente.lenses.draws import Progress
from detente.lenses.summary import Array
from detente.record.decided import SCALE, Decided
from detente.record.scores import calibration, paired
from detente.show.blocks import Block, Heading, Prose, TableBlock
from detente.show.record import Published, Record
from detente.show.table import Table, table_of
from detente.study.outlook.foothold import fitted, foothold, footholds, sharpened_pool
from detente.study.outlook.mixed import MixedDistribution, atoms, mixture, point
from detente.version import __version__

LOW, HIGH = SCALE
MEAN = "mean"
MIX = "equal mix"
NEAR = 10.0
BEATS = ("beats_mix", "beats_mix_low", "beats_mix_high")
SCREEN = ("forecaster", "issues", "crps", "error", "near", "log", "holds80", *BEATS)
EASE = 1e-9  # for rounding


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

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be read of it."""
        yield Heading(text=f"{self.data}: {self.issues} decided issues of {self.cases} proposals")
        yield TableBlock(table=self.tables()["backtest"], caption="On the same issues", screen=SCREEN)
        told = f"Beats mix: the CRPS less that of '{MIX}', 95 % interval; below 0 is better. In sample, with"
        yield Prose(
            text=f"{told} constants that saw these: 'foothold, published', 'sharpened pool'.", quiet=True
        )


Forecasts = list[MixedDistribution | None]
Learn = Callable[[Decided], Callable[[int], MixedDistribution | None]]
"""What was seen → forecast of the issue with a number, ``None`` where there is none."""


class Forecaster(NamedTuple):
    """What forecasts issues of one case when it has learnt from the others, and how many constants it fits."""

    told: str
    learn: Learn
    fitted: int = 0


def backtest(decided: Decided, data: str, progress: Progress | None = None) -> BackTest:
    """Forecast every decided issue from what was known before, and score all forecasters.

    ``data`` says where the issues come from; ``progress`` is called with (cases done, cases in all).
    """
    points = by_methods(decided)
    forecasters = {name: Forecaster(called, _single(values)) for name, (called, values) in points.items()}
    forecasters |= _distributions(decided, points[MEAN][1])
    forecasts: dict[str, Forecasts] = {name: [None] * len(decided) for name in forecasters}
    cases = np.array(decided.case)
    for done, case in enumerate(names := sorted(set(decided.case)), start=1):
        seen = decided.only(cases != case)
        for name, of in forecasters.items():
            forecast = of.learn(seen)
            for number in np.flatnonzero(cases == case).tolist():
                forecasts[name][number] = forecast(number)
        if progress is not None:
            progress(done, len(names))
    came = decided.outcome.tolist()
    scores = {
        name: np.array([np.nan if of is None else of.crps(y) for of, y in zip(made, came, strict=True)])
        for name, made in forecasts.items()
    }
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
    """Return what each method of the lenses is called, and its settlements, NaN where none, shape (issues,)."""
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
    parts = {"position": decided.position, "salience": decided.salience, "influence": decided.influence}
    issues, stances, named = dict[str, Any](), dict[str, Any](), dict[str, Any]()
    for number in numbers:
        name, reference = decided.names[number], float(decided.reference[number])
        stated = {} if np.isnan(reference) else {"no_deal": reference}
        issues[name] = {"name": name, "scale": {LOW: "lowest", HIGH: "highest"}, **stated}
        there = np.flatnonzero(~np.isnan(decided.position[number])).tolist()
        stances[name] = {f"a{k}": {part: float(of[number, k]) for part, of in parts.items()} for k in there}
        named |= {f"a{k}": {"name": f"a{k}"} for k in there}
    told = {"title": decided.case[numbers[0]], "actors": named, "issues": issues, "stances": stances}
    return Case.from_dict({"detente": 1, **told})


def _single(values: Array) -> Learn:
    """Return how settlements forecast: as single values."""
    return lambda _: lambda i: None if np.isnan(values[i]) else point(float(values[i]), LOW, HIGH)


def _distributions(decided: Decided, mean: Array) -> dict[str, Forecaster]:
    """Return the baselines and the distributions that the outlook of an issue could be."""
    weight = weights(decided)
    known = footholds(decided.position, weight, decided.reference)
    place = {name: number for number, name in enumerate(decided.names)}

    def held(i: int) -> MixedDistribution:
        there = ~np.isnan(decided.position[i])
        return atoms(decided.position[i][there], weight[i][there], LOW, HIGH)

    def past(seen: Decided) -> Callable[[int], MixedDistribution]:
        far = seen.outcome - mean[[place[name] for name in seen.names]]
        return lambda i: atoms(np.clip(mean[i] + far, LOW, HIGH), np.ones(len(far)), LOW, HIGH)

    def mixed(seen: Decided) -> Callable[[int], MixedDistribution]:
        before = past(seen)
        return lambda i: mixture([held(i), before(i)])

    def refitted(seen: Decided) -> Callable[[int], MixedDistribution]:
        chosen = [place[name] for name in seen.names]
        ends = np.full(len(chosen), LOW), np.full(len(chosen), HIGH)
        constants = fitted(known.only(chosen), seen.outcome, ends)
        return lambda i: foothold(known.only([i]), LOW, HIGH, constants=constants)

    def climate(seen: Decided) -> Callable[[int], MixedDistribution]:
        return lambda _: atoms(seen.outcome, np.ones(len(seen)), LOW, HIGH)

    def pooled(i: int) -> MixedDistribution:
        return sharpened_pool(decided.position[[i]], weight[[i]], LOW, HIGH)

    def published(i: int) -> MixedDistribution:
        return foothold(known.only([i]), LOW, HIGH)

    return {
        "climatology": Forecaster("outcomes of the other cases", climate),
        "weighted positions": Forecaster("everybody's position, by weight", lambda _: held),
        "mean and past errors": Forecaster("the mean, give or take the errors made elsewhere", past),
        MIX: Forecaster("half weighted positions, half mean and past errors", mixed),
        "sharpened pool": Forecaster("strictly monotone; constants not refitted", lambda _: pooled),
        "foothold": Forecaster("the outlook of an issue, refitted without its case", refitted, 2),
        "foothold, published": Forecaster("the same, published constants: in sample", lambda _: published),
    }


def _performance(
    name: str, of: Forecaster, made: Forecasts, scores: Mapping[str, Array], decided: Decided
) -> Performance:
    """Sum up one forecaster, on the issues that it forecast."""
    own = np.flatnonzero(~np.isnan(scores[name]))
    forecasts = [one for one in made if one is not None]
    outcome, case = decided.outcome[own], [decided.case[i] for i in own]
    each = list(zip(forecasts, outcome.tolist(), strict=True))
    error = np.array([abs(float(one.quantile(0.5)) - y) for one, y in each])
    within = [one.shortest(0.8)[0] - EASE <= y <= one.shortest(0.8)[1] + EASE for one, y in each]
    left, upto = np.array([one.segment(y) for one, y in each]).T
    lie = calibration(forecasts, left, upto, outcome)
    smooth = all(np.diff(one.smooth).min() > 0 for one in forecasts)
    mean, mix = (paired(scores[name][own], scores[other][own], case) for other in (MEAN, MIX))
    return Performance(
        forecaster=name,
        told=of.told,
        fitted=of.fitted,
        issues=len(own),
        crps=float(scores[name][own].mean()),
        error=float(error.mean()),
        near=float((error <= NEAR + EASE).mean()),
        log=float(np.mean([one.log_score(y) for one, y in each])) if smooth else None,
        holds80=lie.holds80 if lie.spread else None,
        holds50=lie.holds50 if lie.spread else None,
        spans80=float(np.mean(within)) if lie.spread else None,
        miscalibration=lie.parts.miscalibration * (HIGH - LOW),
        discrimination=lie.parts.discrimination * (HIGH - LOW),
        ranks=max(abs(share - 1 / len(lie.ranks)) for share in lie.ranks) if lie.spread else None,
        band=lie.by_chance[2] if lie.spread else None,
        beats_mean=mean.mean,
        beats_mean_low=mean.low,
        beats_mean_high=mean.high,
        beats_mix=mix.mean,
        beats_mix_low=mix.low,
        beats_mix_high=mix.high,
        better=mean.better,
    )
