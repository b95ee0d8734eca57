"""How do draws and dated events become an answer? Standing, turning points, resets of every pair, base rates."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import numpy as np

from detente.case.parts.relations import HIGH, LOW
from detente.lenses.lens import RunRecord
from detente.lenses.relations import published
from detente.lenses.relations.changepoints import SQUARED_PENALTY, Squared, breaks, noise, turns
from detente.lenses.relations.counted import counted
from detente.lenses.relations.episodes import thaws
from detente.lenses.relations.rates import BaseRate
from detente.lenses.relations.result import (
    Check,
    Choice,
    Directed,
    EventRow,
    PairRecord,
    RelationsResult,
    Reset,
)  # fmt: skip
from detente.lenses.relations.settlements import (
    AFTER_WAR,
    HERE,
    MEDIATED,
    POWERS,
    SHOTS,
    WAR,
    by_kind,
    in_store,
    nuclear,
)  # fmt: skip
from detente.lenses.relations.standing import EARLIEST, weights
from detente.lenses.relations.survival import kaplan_meier
from detente.lenses.relations.view import Pair, RelationsView
from detente.lenses.summary import Array, distribution
from detente.quantity.shares import wilson

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
    spans = [(one.years, one.ended) for pair in pairs for one in pair.resets]
    curve = kaplan_meier([years for years, _ in spans], [ended for _, ended in spans])
    kinds = [(one.years, one.ended, one.kinds) for pair in pairs for one in pair.resets]
    store = None if view.counts is None else in_store(view.counts)
    held = () if store is None else store.kinds
    return RelationsResult(
        record=record, case=view.case, findings=(), pairs=pairs, today=view.today, lasting=curve,
        rivalries=published.rivalries(), rates=rates(),
        settlements=(*by_kind(HERE, kinds), *held, *published.settlements()), store_rate=store,
    )  # fmt: skip


def rates() -> tuple[BaseRate, ...]:
    """Return the published base rates with their intervals, in the order of `published.RATES`."""
    facts, found = published.facts(), []
    for one in (*facts["halved"], facts["rivalries"], *facts["recurred"]):
        count, of = one["count"], one["of"]
        own = dict(zip(("low95", "high95"), wilson(count, of), strict=True))
        found.append(
            BaseRate(what=one["name"], count=count, of=of, share=count / of, source=one["source"], **own)
        )
    return tuple(found)


def _pair(
    view: RelationsView, pair: Pair, outcomes: Mapping[str, Array], means: Array, drawn: Array, seed: int
) -> PairRecord:
    path, paths = view.path(pair, means)[0], view.path(pair, drawn)
    grades, sampled = means[0, pair.columns], drawn[:, pair.columns]
    worse = outcomes.get(f"{pair.id}.worse_before")
    penalty = SQUARED_PENALTY * log(max(len(grades), 2))
    of = [view.event(one) for one in pair.events]
    return PairRecord(
        id=pair.id,
        name=pair.name,
        sides=pair.names,
        events=_events(view, pair, grades, sampled, path, paths),
        standing=distribution(outcomes[f"{pair.id}.standing"], LOW, HIGH),
        worse_before=None if worse is None else float(worse.mean()),
        turns=()
        if len(grades) < FEWEST
        else turns(
            Squared(grades, noise(grades), sampled),
            penalty,
            seed,
            lambda own: float(grades[own].mean()),
            [(one.date, float(time), one.name) for one, time in zip(of, pair.times, strict=True)],
        ),
        penalty=penalty,
        choices=_choices(view, pair, grades),
        resets=_resets(view, pair, path),
        directed=_directed(view, pair, grades),
        check=_check(pair, grades),
        counted=counted(view, pair),
    )


def _events(
    view: RelationsView, pair: Pair, grades: Array, sampled: Array, path: Array, paths: Array
) -> tuple[EventRow, ...]:
    ends = np.quantile(sampled, [0.1, 0.9], axis=0)
    reach = np.quantile(paths, [0.1, 0.9], axis=0)
    rows = []
    for number, key in enumerate(pair.events):
        of, doer = view.event(key), pair.doers[number]
        rows.append(
            EventRow(
                id=key, date=of.date, event=of.name, by=view.name(doer, doer) if doer else "", kind=of.kind,
                grade=float(grades[number]), low80=float(ends[0, number]), high80=float(ends[1, number]),
                standing=float(path[number]), standing_low80=float(reach[0, number]),
                standing_high80=float(reach[1, number]), time=float(pair.times[number]), sources=of.because,
            )
        )  # fmt: skip
    return tuple(rows)


def _choices(view: RelationsView, pair: Pair, grades: Array) -> tuple[Choice, ...]:
    """Return the turning points that other penalties give: there is no one right answer."""
    if len(grades) < FEWEST:
        return ()
    cost = Squared(grades, noise(grades))
    rows = []
    for factor in FACTORS:
        found = breaks(cost, factor * log(len(grades)))
        dates = ", ".join(view.event(pair.events[at]).date for at in found)
        rows.append(Choice(factor=factor, count=len(found), dates=dates))
    return tuple(rows)


def _resets(view: RelationsView, pair: Pair, path: Array) -> tuple[Reset, ...]:
    """Return the rapprochements in the standings after events, from the first that rests on enough of them."""
    skip = EARLIEST - 1
    rows = []
    for one in thaws(path[skip:-1]):
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
    before = pair.times[: low + 1] >= pair.times[low] - AFTER_WAR
    acts = view.table.means[pair.columns[: low + 1]][before]
    found = {
        MEDIATED: any(view.event(one).mediators for one in pair.events[low : peak + 1]),
        WAR: bool((acts <= SHOTS).any()),
        POWERS: nuclear(pair.members, float(pair.times[low])),
    }
    return tuple(kind for kind, is_one in found.items() if is_one)


def _directed(view: RelationsView, pair: Pair, grades: Array) -> tuple[Directed, ...]:
    """Return both directions; an event of both counts in both."""
    rows = []
    for source, target in ((0, 1), (1, 0)):
        own = np.array([not doer or _acts(pair, source, doer) for doer in pair.doers])
        if own.any():
            at = np.array([max(view.today, pair.times[-1])])
            standing = float((weights(pair.times[own], at, grades[own]) @ grades[own])[0])
            names = pair.names[source], pair.names[target]
            rows.append(Directed(source=names[0], target=names[1], events=int(own.sum()), standing=standing))
    return tuple(rows)


def _acts(pair: Pair, side: int, doer: str) -> bool:
    """Tell whether who acted is of a side; everyone are those who are not of the other side."""
    own, other = pair.members[side], pair.members[1 - side]
    return doer in own if own else doer not in other


def _check(pair: Pair, grades: Array) -> Check | None:
    """Return how well the standing at the end of each year goes with how near the two voted in that year."""
    known = published.distances().get(frozenset(pair.sides), {})
    years = [year for year in known if len(pair.times) >= EARLIEST and year + 1 > pair.times[EARLIEST - 1]]
    if len(years) < YEARS:
        return None
    standings = weights(pair.times, np.array(years) + 1.0, grades) @ grades
    near = -np.array([known[year] for year in years])
    return Check(
        years=len(years), first=years[0], last=years[-1], rank=_spearman(standings, near),
        distances=tuple((year, known[year]) for year in years),
    )  # fmt: skip


def _spearman(first: Array, second: Array) -> float:
    """Return the rank correlation of two series, ties at their mean rank; 0 where one is constant."""
    ranks = [
        np.array([(values < one).sum() + ((values == one).sum() - 1) / 2 for one in values])
        for values in (first, second)
    ]
    if any(np.ptp(one) == 0 for one in ranks):
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
