"""How do draws and dated events become an answer? Standing, turning points, resets of every pair, base rates."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import numpy as np

from detente.case.parts.relations import HIGH, LOW
from detente.lenses.lens import RunRecord
from detente.lenses.relations import episodes, published
from detente.lenses.relations.changepoints import SQUARED_PENALTY, Squared, breaks, noise, turns
from detente.lenses.relations.counted import counted
from detente.lenses.relations.result import (
    Check,
    Choice,
    Directed,
    EventRow,
    PairRecord,
    RelationsResult,
    Reset,
)  # fmt: skip
from detente.lenses.relations.standing import EARLIEST, weights
from detente.lenses.relations.survival import kaplan_meier
from detente.lenses.relations.view import Pair, RelationsView
from detente.lenses.summary import Array, distribution

RESAMPLES = 400
FACTORS = (1.0, 1.5, 2.0, 2.5, 3.0)
"""Penalties, times ln T, at which turning points are looked for besides."""
FEWEST = 8
"""Events that a chronology needs before turning points are looked for."""
YEARS = 10
"""Years with a distance of votes that are needed before it is compared with the standing."""


def summarised(view: RelationsView, outcomes: Mapping[str, Array], record: RunRecord) -> RelationsResult:
    """Return what is found of all pairs.

    Args:
        view: of the case.
        outcomes: label → shape (draws,).
        record: of the run; its seed is that of the resamples.
    """
    means = view.table.means[None]
    drawn = means.repeat(RESAMPLES, 0) if record.exact else view.table.sample(record.seed, 0, RESAMPLES)
    pairs = tuple(
        _pair(view, pair, outcomes, means, drawn, record.seed)
        if len(pair.times)
        else PairRecord(id=pair.id, name=pair.name, sides=pair.names, counted=counted(view, pair))
        for pair in view.pairs
    )
    resets = [one for pair in pairs for one in pair.resets]
    own = episodes.by_kind(episodes.HERE, [(one.years, one.ended, one.kinds) for one in resets])
    store = None if view.counts is None else episodes.in_store(view.counts)
    held = () if store is None else store.kinds
    return RelationsResult(
        record=record, case=view.case, findings=(), pairs=pairs, today=view.today,
        lasting=kaplan_meier([one.years for one in resets], [one.ended for one in resets]),
        rivalries=published.rivalries(), rates=published.rates(),
        settlements=(*own, *held, *published.settlements()), store_rate=store,
    )  # fmt: skip


def _pair(
    view: RelationsView, pair: Pair, outcomes: Mapping[str, Array], means: Array, drawn: Array, seed: int
) -> PairRecord:
    path, paths = view.path(pair, means)[0], view.path(pair, drawn)
    grades, sampled = means[0, pair.columns], drawn[:, pair.columns]
    worse = outcomes.get(f"{pair.id}.worse_before")
    penalty = SQUARED_PENALTY * log(max(len(grades), 2))
    cost = Squared(grades, noise(grades), sampled)
    marks = [
        (view.event(one).date, float(time), view.event(one).name)
        for one, time in zip(pair.events, pair.times, strict=True)
    ]
    enough = len(grades) >= FEWEST
    return PairRecord(
        id=pair.id,
        name=pair.name,
        sides=pair.names,
        events=_events(view, pair, grades, sampled, path, paths),
        standing=distribution(outcomes[f"{pair.id}.standing"], LOW, HIGH),
        worse_before=None if worse is None else float(worse.mean()),
        turns=turns(cost, penalty, seed, lambda own: float(grades[own].mean()), marks) if enough else (),
        penalty=penalty,
        choices=tuple(_choice(cost, factor, marks) for factor in FACTORS) if enough else (),
        resets=_resets(view, pair, path),
        directed=_directed(view, pair, grades),
        check=_check(pair, grades),
        counted=counted(view, pair),
    )


def _events(
    view: RelationsView, pair: Pair, grades: Array, sampled: Array, path: Array, paths: Array
) -> tuple[EventRow, ...]:
    (low, high), (least, most) = (np.quantile(one, [0.1, 0.9], axis=0).tolist() for one in (sampled, paths))
    rows = []
    for at, (key, doer) in enumerate(zip(pair.events, pair.doers, strict=True)):
        of = view.event(key)
        rows.append(
            EventRow(
                id=key, date=of.date, event=of.name, by=view.name(doer, doer) if doer else "", kind=of.kind,
                grade=grades[at], low80=low[at], high80=high[at], standing=path[at], standing_low80=least[at],
                standing_high80=most[at], time=pair.times[at], sources=of.because,
            )
        )  # fmt: skip
    return tuple(rows)


def _choice(cost: Squared, factor: float, marks: list[tuple[str, float, str]]) -> Choice:
    """Return the turning points that another penalty gives: there is no one right answer."""
    found = breaks(cost, factor * log(cost.length))
    return Choice(factor=factor, count=len(found), dates=", ".join(marks[at][0] for at in found))


def _resets(view: RelationsView, pair: Pair, path: Array) -> tuple[Reset, ...]:
    """Return the rapprochements in the standings after events, from the first that rests on enough of them."""
    skip = EARLIEST - 1
    rows = []
    for one in episodes.thaws(path[skip:-1]):
        low, peak = skip + one.start, skip + one.peak
        end = None if one.end is None else skip + one.end
        events = [None if at is None else view.event(pair.events[at]) for at in (low, peak, end)]
        dates, names = ([getattr(of, name) if of else "" for of in events] for name in ("date", "name"))
        until = float(pair.times[end]) if end is not None else view.today
        rows.append(
            Reset(
                low=dates[0], peak=dates[1], end=dates[2], low_event=names[0], peak_event=names[1],
                end_event=names[2], rise=float(path[peak] - path[low]),
                years=max(0.0, until - float(pair.times[low])), ended=end is not None,
                kinds=_kinds(view, pair, low, peak),
            )
        )  # fmt: skip
    return tuple(rows)


def _kinds(view: RelationsView, pair: Pair, low: int, peak: int) -> tuple[str, ...]:
    """Return which kinds of settlement a reset is one of."""
    before = pair.times[: low + 1] >= pair.times[low] - episodes.AFTER_WAR
    acts = view.table.means[pair.columns[: low + 1]][before]
    found = {
        episodes.MEDIATED: any(view.event(one).mediators for one in pair.events[low : peak + 1]),
        episodes.WAR: bool((acts <= episodes.SHOTS).any()),
        episodes.POWERS: episodes.nuclear(pair.members, float(pair.times[low])),
    }
    return tuple(kind for kind, is_one in found.items() if is_one)


def _directed(view: RelationsView, pair: Pair, grades: Array) -> tuple[Directed, ...]:
    """Return both directions; an event of both counts in both."""
    rows, at = [], np.array([max(view.today, pair.times[-1])])
    for (mine, others), names in ((pair.members, pair.names), (pair.members[::-1], pair.names[::-1])):
        # everyone are those who are not of the other side
        own = np.array([not doer or (doer in mine if mine else doer not in others) for doer in pair.doers])
        if own.any():
            standing = float((weights(pair.times[own], at, grades[own]) @ grades[own])[0])
            rows.append(Directed(source=names[0], target=names[1], events=int(own.sum()), standing=standing))
    return tuple(rows)


def _check(pair: Pair, grades: Array) -> Check | None:
    """Return how well the standing at the end of each year goes with how near the two voted in that year.

    By ranks, ties at their mean; 0 where one of the two is constant.
    """
    known = published.distances().get(frozenset(pair.sides), {})
    years = [year for year in known if len(pair.times) >= EARLIEST and year + 1 > pair.times[EARLIEST - 1]]
    if len(years) < YEARS:
        return None
    standings = weights(pair.times, np.array(years) + 1.0, grades) @ grades
    near = -np.array([known[year] for year in years])
    ranks = [
        (one[:, None] > one).sum(axis=1) + ((one[:, None] == one).sum(axis=1) - 1) / 2
        for one in (standings, near)
    ]
    flat = any(np.ptp(one) == 0 for one in ranks)
    return Check(
        years=len(years), first=years[0], last=years[-1],
        rank=0.0 if flat else float(np.corrcoef(*ranks)[0, 1]),
        distances=tuple((year, known[year]) for year in years),
    )  # fmt: skip
