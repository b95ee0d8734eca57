"""What does the lens find? Per pair: where it stands, when it turned, its resets; and how long resets last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from detente.lenses.lens import LensResult
from detente.lenses.relations.survival import BaseRate, Fared, Lasting, StoreRate
from detente.lenses.summary import Distribution
from detente.show.record import Cell, Record
from detente.show.table import Table, table_of


class EventRow(Record):
    """A dated event of a pair.

    Attributes:
        id: in the chronology.
        date: as the case has it.
        event: what happened.
        by: who acted; empty where all did.
        kind: of event.
        grade: from −10 to 10, mean over draws.
        low80: lower end of the middle 80 % of draws.
        high80: upper end.
        standing: of the pair right after it.
        standing_low80: lower end of the middle 80 % of draws.
        standing_high80: upper end.
        time: the date as a year with its fraction.
        sources: ids; no cell.
    """

    id: str
    date: str
    event: str
    by: str
    kind: str
    grade: float
    low80: float
    high80: float
    standing: float
    standing_low80: float
    standing_high80: float
    time: float
    sources: tuple[str, ...] = ()


class Turn(Record):
    """A turning point.

    Attributes:
        date: of the first event, or first day of the first period, after it.
        event: that event; empty in a series of counts.
        early80: before which it was in one of ten resamples.
        late80: after which it was in one of ten.
        before: mean grade, or share of conflict, of the stretch before.
        after: of the stretch after.
        size: of the stretches before and after together, events or periods.
        time: the date as a year with its fraction.
        early_time: likewise.
        late_time: likewise.
    """

    date: str
    event: str
    early80: str
    late80: str
    before: float
    after: float
    size: int
    time: float
    early_time: float
    late_time: float


class Choice(Record):
    """The turning points that another penalty gives.

    Attributes:
        factor: of the penalty, times the logarithm of the number of events.
        count: of turning points.
        dates: of the first event after each.
    """

    factor: float
    count: int
    dates: str


class Reset(Record):
    """A rapprochement of a pair.

    Attributes:
        low: date of the low from which it rose.
        peak: date of its height.
        end: date on which more than half of it was lost; empty while it lasts.
        low_event: at the low.
        peak_event: at the height.
        end_event: with which it ended.
        rise: of the standing from low to height.
        years: from the low to the end, or until today.
        ended: whether it has ended.
        kinds: of settlement that it is one of; no cell.
    """

    low: str
    peak: str
    end: str
    low_event: str
    peak_event: str
    end_event: str
    rise: float
    years: float
    ended: bool
    kinds: tuple[str, ...] = ()


class Directed(Record):
    """What one side did to the other, by the chronology.

    Attributes:
        source: who acts.
        target: upon whom.
        events: it did, alone or with the other.
        standing: by these events alone.
    """

    source: str
    target: str
    events: int
    standing: float


class Period(Record):
    """What event data report of a period.

    Attributes:
        period: its first day.
        events: with a class.
        conflict: of them.
        share: of conflict.
        time: the first day as a year with its fraction.
    """

    period: str
    events: int
    conflict: int
    share: float
    time: float


class Resembling(Record):
    """A stretch of another pair's past that looks like the last periods here.

    Attributes:
        pair: source and target.
        start: first period.
        end: last period.
        distance: root of the mean squared difference of logits.
        by_chance: share of shuffled pasts with a stretch as near, 0..1.
        next: share of conflict in the period after it; empty where there is none.
        shares: of conflict in its periods and in up to three after them; no cell.
    """

    pair: str
    start: str
    end: str
    distance: float
    by_chance: float
    next: float | None
    shares: tuple[float, ...] = ()


class RuleScore(Record):
    """How a simple forecast of the share of conflict did from rolling origins.

    Attributes:
        rule: its name.
        crps: mean score; the lower, the better.
        skill: 1 − score over that of persistence.
        times: forecasts that were scored.
    """

    rule: str
    crps: float
    skill: float
    times: int


class Ahead(Record):
    """What a later period may bring, by the simple forecast that did best over all horizons.

    Attributes:
        period: its first day.
        ahead: periods after the last with events.
        rule: that did best from rolling origins.
        skill: 1 − its score over that of persistence, so far ahead; at most 0 where it does no better.
        low80: lower end of the middle 80 % of its equally likely shares of conflict.
        median: of them.
        high80: upper end.
    """

    period: str
    ahead: int
    rule: str
    skill: float
    low80: float
    median: float
    high80: float


class Counted(Record):
    """One direction of a pair in event data.

    Attributes:
        source: who acts.
        target: upon whom.
        feed: data set.
        by: length of a period.
        dispersion: how many times more the shares differ than independent events would make them.
        now: share of conflict in the last period with events.
        low95: lower end of its interval, by the dispersion.
        high95: upper end.
        higher_before: share of its own earlier periods with more conflict.
        pairs: others with at least ten events in that period.
        higher_elsewhere: share of them with more conflict; empty where they are fewer than five.
        periods: with events.
        turns: turning points.
        stretch: periods that such a stretch has.
        analogues: stretches of other pairs like the last ones here.
        rules: simple forecasts.
        ahead: what the next periods may bring.
    """

    source: str
    target: str
    feed: str
    by: str
    dispersion: float
    now: float
    low95: float
    high95: float
    higher_before: float
    pairs: int
    higher_elsewhere: float | None
    periods: tuple[Period, ...]
    turns: tuple[Turn, ...]
    stretch: int
    analogues: tuple[Resembling, ...]
    rules: tuple[RuleScore, ...]
    ahead: tuple[Ahead, ...] = ()


class Check(Record):
    """An independent look at a pair: how far apart the two voted in the UN General Assembly.

    Attributes:
        years: in which there is a standing and a distance.
        first: of them.
        last: of them.
        rank: Spearman correlation of standing and nearness of votes over these years.
        distances: (year, distance) of the ideal points; no cell.
    """

    years: int
    first: int
    last: int
    rank: float
    distances: tuple[tuple[int, float], ...]


class PairRecord(Record):
    """One followed pair.

    Attributes:
        sides: names of the two.
        events: of the chronology, in order.
        standing: today, over draws; ``None`` without a chronology.
        worse_before: share of earlier standings that were below today's, mean over draws.
        penalty: per turning point, of the segmentation.
        choices: turning points by other penalties.
        check: against votes.
        counted: both directions in event data.
    """

    id: str
    name: str
    sides: tuple[str, str]
    events: tuple[EventRow, ...] = ()
    standing: Distribution | None = None
    worse_before: float | None = None
    turns: tuple[Turn, ...] = ()
    penalty: float = 0.0
    choices: tuple[Choice, ...] = ()
    resets: tuple[Reset, ...] = ()
    directed: tuple[Directed, ...] = ()
    check: Check | None = None
    counted: tuple[Counted, ...] = ()

    @property
    def now(self) -> Distribution:
        """The standing today, of a pair with a chronology."""
        return cast("Distribution", self.standing)

    @property
    def since(self) -> str:
        """The year of its first event."""
        return self.events[0].date[:4]


PAIR = {"pair": "id"}
OF_PAIRS: dict[str, tuple[str, type[Record]]] = {
    "turns": ("turns", Turn),
    "penalties": ("choices", Choice),
    "resets": ("resets", Reset),
    "events": ("events", EventRow),
    "directions": ("directed", Directed),
}
"""Table → field of every pair, and what it holds."""
OF_ALL: dict[str, tuple[str, type[Record]]] = {
    "lasting": ("lasting", Lasting),
    "rivalries": ("rivalries", Lasting),
    "base_rates": ("rates", BaseRate),
    "settlements": ("settlements", Fared),
}
"""Table → field of the result, and what it holds."""
OF_WAYS: dict[str, type[Record]] = {
    "periods": Period, "turns": Turn, "analogues": Resembling, "rules": RuleScore, "ahead": Ahead,
}  # fmt: skip
"""Field of every direction in event data → what it holds."""


class RelationsResult(LensResult):
    """Where the followed pairs of a case stand.

    Attributes:
        pairs: in the order of the case.
        today: the date of the case, as a year with its fraction.
        lasting: how long the resets of all pairs lasted.
        rivalries: how long ended rivalries stayed ended, by a published list.
        rates: published base rates.
        settlements: how settlements fared by kind: in this case, in the store, in published disputes.
        store_rate: how often tension was halved among all pairs of the store; ``None`` without one.
    """

    pairs: tuple[PairRecord, ...]
    today: float
    lasting: tuple[Lasting, ...]
    rivalries: tuple[Lasting, ...]
    rates: tuple[BaseRate, ...]
    settlements: tuple[Fared, ...] = ()
    store_rate: StoreRate | None = None

    def tables(self) -> Mapping[str, Table]:
        """Return the standing of every pair first."""
        ways = [(pair.id, way) for pair in self.pairs for way in pair.counted]
        found = {"standing": self._standing(ways)}
        for name, (field, of) in OF_PAIRS.items():
            rows = [((pair.id,), one) for pair in self.pairs for one in getattr(pair, field)]
            found[name] = table_of(rows, of, name, PAIR)
        for name, (field, of) in OF_ALL.items():
            found[name] = table_of([((), one) for one in getattr(self, field)], of, name, {})
        if self.store_rate is not None:
            found["store_rate"] = table_of([((), self.store_rate)], StoreRate, "store_rate", {})
        checks = [((pair.id,), pair.check) for pair in self.pairs if pair.check is not None]
        if checks:
            found["votes"] = table_of(checks, Check, "votes", PAIR)
        if ways:
            found["counts"] = table_of([((key,), way) for key, way in ways], Counted, "counts", PAIR)
        for field, of in OF_WAYS.items() if ways else ():
            own = [((key, way.source, way.target), one) for key, way in ways for one in getattr(way, field)]
            keys = {**PAIR, "source": "who acts", "target": "upon whom"}
            found[f"counts_{field}"] = table_of(own, of, f"counts_{field}", keys)
        return found

    def _standing(self, ways: list[tuple[str, Counted]]) -> Table:
        """Return the table of standings, with the share of earlier ones that were worse and the last turn."""
        own = {
            **PAIR,
            "worse_before": "share of earlier standings that were lower",
            "turned": "year of the last turning point; empty where none is found",
            "held2": "of halved tensions elsewhere, the share that held for two years",
            "held2_low95": "lower end of its 95 % interval",
            "held2_high95": "upper end",
        }
        held = self.rates[1]
        rows: list[tuple[tuple[Cell, ...], Distribution]] = []
        for pair in self.pairs:
            if pair.standing is not None:
                turned = float(int(pair.turns[-1].time)) if pair.turns else None
                keys = (pair.id, pair.worse_before, turned, held.share, held.low95, held.high95)
                rows.append((keys, pair.standing))
        if rows:
            return table_of(rows, Distribution, "standing", own, leave={"no_agreement"})
        cells = tuple((key, way.source, way.now, way.low95, way.high95, 0.0) for key, way in ways)
        interval = {"low95": "95 % interval", "high95": "", "mc_error": "Monte-Carlo error"}
        return Table(
            "standing", {**PAIR, "source": "who acts", "mean": "share of conflict now", **interval}, cells
        )
