"""What do event data say of a pair? Both directions: share of conflict, turns, likes, and what is next."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

from detente.case.parts.relations import concerns
from detente.lenses.relations.analogues import logits, nearest
from detente.lenses.relations.changepoints import BINOMIAL_PENALTY, QuasiBinomial, dispersion, turns
from detente.lenses.relations.episodes import shares
from detente.lenses.relations.outlook import CHANGES, PERSISTENCE, rules, scored
from detente.lenses.relations.result import Ahead, Counted, Period, Resembling, RuleScore, Turn
from detente.lenses.relations.standing import years
from detente.lenses.summary import Array
from detente.quantity.shares import wilson

if TYPE_CHECKING:
    from detente.events.dyads import DyadCounts
    from detente.lenses.relations.view import Pair, RelationsView

SEASON = {"month": 12, "quarter": 4, "week": 1, "day": 7, "year": 1}
LENGTH = {"month": (1, "M"), "quarter": (3, "M"), "week": (7, "D"), "day": (1, "D"), "year": (12, "M")}
STRETCH = {"month": 12, "quarter": 8, "week": 26, "day": 30, "year": 4}
"""Periods of a stretch that is compared with the past of other pairs."""
LEAST_EVENTS = 10
FEWEST_PERIODS = 12
FEWEST_PAIRS = 5
HORIZONS = (1, 2, 3, 6, 12)
AFTERWARDS = 3
"""Periods after a stretch that are shown with it."""
SEED = 1


def counted(view: RelationsView, pair: Pair) -> tuple[Counted, ...]:
    """Return both directions of a pair in the store that the case names; none where there is no store."""
    counts = view.counts
    if counts is None:
        return ()
    own = [number for number, two in enumerate(counts.pairs) if concerns(frozenset(two), *pair.members)]
    leave = frozenset((*own, *range(counts.two, len(counts.pairs))))
    found = []
    for first, second in ((0, 1), (1, 0)):
        row = counts.row(pair.sides[first], pair.sides[second])
        if row is not None and counts.events[row].sum():
            found.append(_direction(counts, row, (pair.names[first], pair.names[second]), leave))
    return tuple(found)


def _direction(counts: DyadCounts, row: int, names: tuple[str, str], leave: frozenset[int]) -> Counted:
    k, n = counts.conflict[row], counts.events[row]
    seen = np.flatnonzero(n)
    share = shares(k, n, 1)
    last = int(seen[-1])
    phi = dispersion(k, n)
    now = float(share[last])
    effective = float(n[last]) / phi
    low, high = wilson(now * effective, effective)
    others = counts.events[:, last] >= LEAST_EVENTS
    others[[row, *range(counts.two, len(others))]] = False
    periods = tuple(
        Period(
            period=counts.periods[t], events=int(n[t]), conflict=int(k[t]), share=float(share[t]),
            time=years(counts.periods[t]),
        )
        for t in seen
    )  # fmt: skip
    enough = len(seen) >= FEWEST_PERIODS
    scores = {  # from the middle of the periods with events on
        ahead: found
        for ahead in HORIZONS
        if enough
        and (found := scored(share[seen], first=len(seen) // 2, season=SEASON[counts.by], ahead=ahead))
    }
    elsewhere = counts.conflict[others, last] / counts.events[others, last]
    return Counted(
        source=names[0], target=names[1], feed=counts.feed, by=counts.by, dispersion=phi, now=now, low95=low,
        high95=high, higher_before=float((share[seen[:-1]] > now).mean()) if len(seen) > 1 else 0.0,
        pairs=len(elsewhere),
        higher_elsewhere=float((elsewhere > now).mean()) if len(elsewhere) >= FEWEST_PAIRS else None,
        periods=periods, turns=_turns(counts, k, n, phi) if enough else (), stretch=STRETCH[counts.by],
        analogues=_analogues(counts, row, last, leave), rules=tuple(scores.get(1, {}).values()),
        ahead=_ahead(share[seen], scores, counts, last),
    )  # fmt: skip


def _turns(counts: DyadCounts, k: Array, n: Array, phi: float) -> tuple[Turn, ...]:
    def mean(own: slice) -> float:
        return float(k[own].sum() / n[own].sum())

    marks = [(period, years(period), "") for period in counts.periods]
    return turns(QuasiBinomial(k, n, phi), BINOMIAL_PENALTY * log(len(k)), SEED, mean, marks)


def _analogues(counts: DyadCounts, row: int, last: int, leave: frozenset[int]) -> tuple[Resembling, ...]:
    width = STRETCH[counts.by]
    features = logits(counts.conflict, counts.events, LEAST_EVENTS)
    query = features[row, max(0, last - width + 1) : last + 1]
    if len(query) < width or np.isnan(query).any():
        return ()
    every = shares(counts.conflict, counts.events, 1)
    rows = []
    for one in nearest(query, features, leave=leave, until=last + 1, sequel=1, seed=SEED):
        after = one.start + width
        own = every[one.pair, one.start : after + AFTERWARDS]
        whole = int(np.append(np.isnan(own), True).argmax())  # up to the first period without events
        rows.append(
            Resembling(
                pair=" to ".join(counts.pairs[one.pair]), start=counts.periods[one.start],
                end=counts.periods[after - 1], distance=one.distance, by_chance=one.by_chance,
                shares=tuple(own[:whole].tolist()), next=float(every[one.pair, after]),
            )
        )  # fmt: skip
    return tuple(rows)


def _ahead(
    share: Array, scores: dict[int, dict[str, RuleScore]], counts: DyadCounts, last: int
) -> tuple[Ahead, ...]:
    """Return the next periods by the rule that did best over all horizons; what it says stays within 0 and 1."""
    if not scores:
        return ()
    season = SEASON[counts.by]
    totals = {name: sum(found[name].crps for found in scores.values()) for name in rules(season)}
    name = min(totals, key=totals.__getitem__)
    told = CHANGES if name == PERSISTENCE else name  # a bare point is no distribution
    rows = []
    for ahead, found in scores.items():
        values = np.clip(rules(season, ahead)[told](share), 0.0, 1.0)
        low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
        rows.append(
            Ahead(
                period=later(counts.periods[last], counts.by, ahead), ahead=ahead, rule=told,
                skill=found[told].skill, low80=float(low), median=float(middle), high80=float(high),
            )
        )  # fmt: skip
    return tuple(rows)


def later(period: str, by: str, ahead: int) -> str:
    """Return the first day of a period so many after another.

    >>> later("2014-11-01", "month", 3), later("2014-01-06", "week", 1)
    ('2015-02-01', '2014-01-13')
    """
    number, unit = LENGTH[by]
    first = np.array(period, dtype=f"datetime64[{unit}]")
    return str((first + ahead * number).astype("datetime64[D]"))
