"""How long did resets last, and how often did something happen elsewhere? Both as records with intervals."""

from __future__ import annotations

from detente.show.record import Record


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
