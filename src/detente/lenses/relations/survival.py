"""How long do things last, when some have not ended yet? Records, and the estimate of Kaplan & Meier.

Kaplan & Meier (1958), J. American Statistical Association 53:457. Variance of Greenwood (1926); the interval
is taken on the scale of ``ln(−ln S)``, so that it stays within 0..1 (Kalbfleisch & Prentice 2002, The
Statistical Analysis of Failure Time Data, section 1.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

from detente.show.record import Record

NORMAL95 = 1.959963984540054


class Lasting(Record):
    """How many resets last longer than some years.

    Attributes:
        years: after the beginning.
        at_risk: resets seen at least so long.
        ended: at that time.
        share: that last longer.
        low95: lower end of its interval.
        high95: upper end.
    """

    years: float
    at_risk: int
    ended: int
    share: float
    low95: float
    high95: float


class BaseRate(Record):
    """How often something happened elsewhere.

    Attributes:
        what: is counted.
        count: how often it was so.
        of: of how many.
        share: the ratio.
        low95: lower end of its interval (Wilson).
        high95: upper end.
        source: of the counts.
    """

    what: str
    count: int
    of: int
    share: float
    low95: float
    high95: float
    source: str


class Fared(Record):
    """How settlements of one kind fared: the share that still held after some years (Kaplan–Meier).

    Attributes:
        kind: of settlement.
        where: the evidence is from: this case, a data set, or published disputes.
        cases: that were seen.
        ended: of them, lost while they were seen.
        held1: share that still held after one year.
        held1_low95: lower end of its 95 % interval.
        held1_high95: upper end.
        held2: after two years.
        held2_low95: likewise.
        held2_high95: likewise.
        held5: after five years.
        held5_low95: likewise.
        held5_high95: likewise.
    """

    kind: str
    where: str
    cases: int
    ended: int
    held1: float
    held1_low95: float
    held1_high95: float
    held2: float
    held2_low95: float
    held2_high95: float
    held5: float
    held5_low95: float
    held5_high95: float


class StoreRate(Record):
    """How often tension was halved among all pairs of a store, year by year.

    Attributes:
        feed: data set.
        first: year.
        last: year.
        pairs: that were tense at least once.
        tense: years after which a pair could calm down.
        halved: of them.
        share: the ratio.
        low95: lower end of its interval (Wilson).
        high95: upper end.
        kinds: how long the halved tensions stayed below three quarters of the old share, by kind; no cell.
    """

    feed: str
    first: int
    last: int
    pairs: int
    tense: int
    halved: int
    share: float
    low95: float
    high95: float
    kinds: tuple[Fared, ...]


def kaplan_meier(times: Sequence[float], ended: Sequence[bool]) -> tuple[Lasting, ...]:
    """Return the share that lasts, at every time at which one ended.

    Args:
        times: how long each was seen, above or at 0.
        ended: whether it ended then; else it was still there when it was last seen. Of equal times, ends come
            first.

    1. At every time ``t`` with ``d`` ends among the ``r`` seen at least so long, ``S ← S (1 − d/r)``.
    2. ``v ← v + d / [r (r − d)]``; the interval is ``S^exp(± 1.96 √v / ln S)``.
    """
    found, share, variance = [], 1.0, 0.0
    pairs = list(zip(times, ended, strict=True))
    for time in sorted({time for time, end in pairs if end}):
        at_risk = sum(one >= time for one, _ in pairs)
        ends = sum(end for one, end in pairs if one == time)
        share *= 1 - ends / at_risk
        if share > 0:
            variance += ends / (at_risk * (at_risk - ends))
            reach = NORMAL95 * sqrt(variance) / log(share)  # below 0
            low, high = share ** exp(-reach), share ** exp(reach)
        else:
            low = high = 0.0
        found.append(Lasting(years=time, at_risk=at_risk, ended=ends, share=share, low95=low, high95=high))
    return tuple(found)


def lasting(curve: Sequence[Lasting], time: float) -> tuple[float, float, float]:
    """Return the share that lasts beyond a time, and its interval; certain before the first end."""
    known = [one for one in curve if one.years <= time]
    return (known[-1].share, known[-1].low95, known[-1].high95) if known else (1.0, 1.0, 1.0)


def median(curve: Sequence[Lasting]) -> float | None:
    """Return the time after which half are gone; ``None`` where more than half last."""
    return next((one.years for one in curve if one.share <= 0.5), None)
