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
