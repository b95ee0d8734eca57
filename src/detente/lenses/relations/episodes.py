"""Where did a relation improve, and how long did that last? Resets by stated thresholds, and settlements by kind.

Two definitions, for two kinds of data:

- *Of counts* (`halvings`): a pair is tense when at least a fifth of what was reported of it was conflict; a
  rapprochement is a year in which that share is at most half of the year's before.
- *Of a standing* (`thaws`): a rapprochement begins at a low from which the standing rises by a stated step;
  it is over when more than half of that rise is lost again.

How settlements fared is told by kind (with a mediator, after a war, between nuclear powers) from three kinds of
evidence, told apart: the resets of the case, the halved tensions of all pairs in a store, and published disputes.
A kind with fewer than `FEW` cases is told as few, and no share is told of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.lenses.relations.survival import Fared, StoreRate, kaplan_meier, lasting
from detente.lenses.summary import Array
from detente.quantity.shares import wilson

if TYPE_CHECKING:
    from detente.events.dyads import DyadCounts

TENSE, HALF, BACK, EVENTS = 0.20, 0.50, 0.75, 100
STEP = 4.0
FEW = 10
NUCLEAR = {
    "USA": 1945, "RUS": 1949, "GBR": 1952, "FRA": 1960, "CHN": 1964, "ISR": 1967, "IND": 1974,
    "PAK": 1998, "PRK": 2006,
}  # fmt: skip
"""State → year of its first nuclear test; Israel, which is not known to have tested, by common account."""
KINDS = ALL, MEDIATED, WAR, POWERS = "all", "with a mediator", "after a war", "between nuclear powers"
HERE, PUBLISHED = "this case", "published disputes"
AFTER_WAR = 5.0
"""Years before the low within which an act of war makes a reset one after a war."""
SHOTS = -9.0
"""Grade from which on an act counts as one of war: shots between the two."""


@dataclass(frozen=True, slots=True)
class Halvings:
    """How often tension was halved from one period to the next, over all pairs.

    Attributes:
        pairs: that were tense at least once.
        tense: periods before which a pair was tense.
        halved: of them.
        followed: of the halved, with two more usable periods.
        stayed: of the followed, at or below half in both.
        back: of the followed, at three quarters or more of the old share in one of them.
    """

    pairs: int
    tense: int
    halved: int
    followed: int
    stayed: int
    back: int


def shares(conflict: Array, events: Array, least: int = EVENTS) -> Array:
    """Return the share of conflict, ``nan`` where fewer than ``least`` events were reported; shapes as given."""
    return np.where(events >= least, conflict / np.maximum(events, 1), np.nan)


def halvings(conflict: Array, events: Array, *, least: int = EVENTS) -> Halvings:
    """Count how often tension was halved, and how often that lasted, among periods with enough events.

    Args:
        conflict: shape (pairs, periods): events of conflict.
        events: shape (pairs, periods): all events; 0 where nothing was reported.
        least: events that a period needs to count.
    """
    share = shares(conflict, events, least)
    before, now = share[:, :-1], share[:, 1:]
    later = np.pad(share, ((0, 0), (0, 2)), constant_values=np.nan)
    after = np.stack([later[:, 2:-1], later[:, 3:]])
    tense = (before >= TENSE) & (now >= 0)
    halved = tense & (now <= HALF * before)
    followed = halved & ~np.isnan(after).any(axis=0)
    stayed = followed & (after <= HALF * before).all(axis=0)
    back = followed & (after >= BACK * before).any(axis=0)
    counts = (int(one.sum()) for one in (tense.any(axis=1), tense, halved, followed, stayed, back))
    return Halvings(*counts)


def spells(conflict: Array, events: Array) -> list[tuple[int, int, float, bool]]:
    """Return how long every halved tension stayed halved: (pair, period, periods seen, whether it ended).

    It ends in the first later period with three quarters of the old share or more; where a period has too few
    events, or there are no more, it was last seen in the one before. A pair is in one spell at a time.
    """
    found = []
    for pair, row in enumerate(shares(conflict, events)):
        free = 1
        for t in range(1, len(row)):
            before, now = row[t - 1], row[t]
            if t < free or not (before >= TENSE and now <= HALF * before):
                continue
            at = t
            while at + 1 < len(row) and row[at + 1] < BACK * before:
                at += 1
            ended = at + 1 < len(row) and bool(row[at + 1] >= BACK * before)
            found.append((pair, t, float(at - t + ended), ended))
            free = at + 1
    return found


@dataclass(frozen=True, slots=True)
class Thaw:
    """A rapprochement.

    Attributes:
        start: place of the low from which it rose.
        peak: place of its height.
        end: place at which more than half of the rise was lost; ``None`` while it lasts.
    """

    start: int
    peak: int
    end: int | None


def thaws(standing: Sequence[float] | Array, step: float = STEP) -> list[Thaw]:
    """Return the rapprochements of a standing.

    Args:
        standing: shape (T,), in the order of time.
        step: rise from a low that makes a rapprochement.

    1. Remember the lowest standing since the last rapprochement ended.
    2. Where the standing is a ``step`` above it, a rapprochement has begun at that low; its height is followed.
    3. Where more than half of the rise from the low to the height is lost, it has ended; begin again with 1.
    """
    found: list[Thaw] = []
    low, high = 0, None
    for at, value in enumerate(standing):
        if high is None:
            if value < standing[low]:
                low = at
            elif value >= standing[low] + step:
                high = at
        elif value > standing[high]:
            high = at
        elif value < (standing[high] + standing[low]) / 2:
            found.append(Thaw(low, high, at))
            low, high = at, None
    if high is not None:
        found.append(Thaw(low, high, None))
    return found


def nuclear(sides: Iterable[frozenset[str]], year: float) -> bool:
    """Tell whether both sides are single states that had tested nuclear arms by then."""
    return all(len(side) == 1 and NUCLEAR.get(next(iter(side)), np.inf) <= year for side in sides)


def fared(kind: str, where: str, spans: Sequence[tuple[float, bool]]) -> Fared:
    """Return how long settlements of one kind lasted.

    Args:
        kind: of settlement.
        where: the evidence is from.
        spans: of each, the years that it was seen and whether it ended then.
    """
    curve = kaplan_meier(*zip(*spans, strict=True))
    held = [number for after in (1.0, 2.0, 5.0) for number in lasting(curve, after)]
    names = [f"held{after}{end}" for after in (1, 2, 5) for end in ("", "_low95", "_high95")]
    ended = sum(end for _, end in spans)
    return Fared(kind=kind, where=where, cases=len(spans), ended=ended, **dict(zip(names, held, strict=True)))


def by_kind(where: str, spans: Sequence[tuple[float, bool, tuple[str, ...]]]) -> tuple[Fared, ...]:
    """Return how settlements fared, all of them and each kind that occurs."""
    own = {kind: [one[:2] for one in spans if kind in (ALL, *one[2])] for kind in KINDS}
    return tuple(fared(kind, where, of) for kind, of in own.items() if of)


def in_store(counts: DyadCounts) -> StoreRate | None:
    """Return how often tension was halved in all pairs of a store, by year, and how long that lasted.

    Sums over groups are left out: they would count their members twice. ``None`` where no pair was ever tense.
    """
    years, conflict, events = yearly(counts)
    found = halvings(conflict, events)
    if not found.tense:
        return None
    spans = []
    for pair, start, time, ended in spells(conflict, events):
        sides = [frozenset((one,)) for one in counts.pairs[pair]]
        spans.append((time, ended, (POWERS,) if nuclear(sides, years[start]) else ()))
    low, high = wilson(found.halved, found.tense)
    return StoreRate(
        feed=counts.feed, first=years[0], last=years[-1], pairs=found.pairs, tense=found.tense,
        halved=found.halved, share=found.halved / found.tense, low95=low, high95=high,
        kinds=by_kind(counts.feed, spans),
    )  # fmt: skip


def yearly(counts: DyadCounts) -> tuple[list[int], Array, Array]:
    """Return the years, and conflict and events of every pair of two states by year."""
    year = np.array([int(period[:4]) for period in counts.periods])
    known = np.arange(year[0], year[-1] + 1)
    of = (year[:, None] == known[None, :]).astype(float)
    return known.tolist(), counts.conflict[: counts.two] @ of, counts.events[: counts.two] @ of
