"""Where did a relation improve, and how long did that last? Rapprochements and ruptures by stated thresholds.

Two definitions, for two kinds of data:

- *Of counts* (`halvings`): a pair is tense when at least a fifth of what was reported of it was conflict; a
  rapprochement is a year in which that share is at most half of the year's before.
- *Of a standing* (`thaws`): a rapprochement begins at a low from which the standing rises by a stated step;
  it is over when more than half of that rise is lost again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TENSE, HALF, BACK, EVENTS = 0.20, 0.50, 0.75, 100
STEP = 4.0


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


def halvings(conflict: Array, events: Array, *, least: int = EVENTS) -> Halvings:
    """Count how often tension was halved, and how often that lasted, among periods with enough events.

    Args:
        conflict: shape (pairs, periods): events of conflict.
        events: shape (pairs, periods): all events; 0 where nothing was reported.
        least: events that a period needs to count.
    """
    share = np.where(events >= least, conflict / np.maximum(events, 1), np.nan)
    pairs, cases, halved, followed, stayed, back = set(), 0, 0, 0, 0, 0
    for pair, row in enumerate(share):
        for t in range(1, len(row)):
            before, now = row[t - 1], row[t]
            if not (before >= TENSE and now >= 0):
                continue
            pairs.add(pair)
            cases += 1
            if now > HALF * before:
                continue
            halved += 1
            after = row[t + 1 : t + 3]
            if len(after) == 2 and not np.isnan(after).any():
                followed += 1
                stayed += bool((after <= HALF * before).all())
                back += bool((after >= BACK * before).any())
    return Halvings(len(pairs), cases, halved, followed, stayed, back)


def spells(conflict: Array, events: Array) -> list[tuple[int, int, float, bool]]:
    """Return how long every halved tension stayed halved: (pair, period, periods seen, whether it ended).

    It ends in the first later period with three quarters of the old share or more; where a period has too few
    events, or there are no more, it was last seen in the one before. A pair is in one spell at a time.
    """
    share = np.where(events >= EVENTS, conflict / np.maximum(events, 1), np.nan)
    found = []
    for pair, row in enumerate(share):
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
