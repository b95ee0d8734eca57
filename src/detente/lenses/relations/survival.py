"""How long do things last, when some have not ended yet? The estimate of Kaplan & Meier, with its interval.

Kaplan & Meier (1958), J. American Statistical Association 53:457. Variance of Greenwood (1926); the interval
is taken on the scale of ``ln(−ln S)``, so that it stays within 0..1 (Kalbfleisch & Prentice 2002, The
Statistical Analysis of Failure Time Data, section 1.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

from detente.lenses.relations.rates import Lasting

NORMAL95 = 1.959963984540054


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
