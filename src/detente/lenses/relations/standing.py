"""How good is a relation, by what was done? The mean grade of its events: large ones count more, old ones fade.

The standing on a day is ``Σ w g / Σ w`` over all events until then, with ``w = s·2^(−a/h)``: ``a`` is the age
of an event, ``h`` three years, and ``s`` its size, the distance of its mean grade from 0 and at least 1. So a
war of −10 counts five times as much as a protest of −2, and an event half as much after three years, a
quarter after six. The weights do not move with the draws, so that all draws are one product of matrices. It
needs no equal spacing and fills no gaps: it is known on the days of events, and today.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
HALF_LIFE = 3.0
EARLIEST = 3
"""Events that are needed before a standing is compared with others."""


def years(text: str) -> float:
    """Return a date of any precision as a year with its fraction; a month or year alone means its middle.

    >>> years("1962-10-22"), years("1991-12"), years("1955")
    (1962.807, 1991.955, 1955.5)
    """
    if len(text) == 4:
        return float(text) + 0.5
    middle = text if len(text) == 10 else f"{text}-15"
    day = date.fromisoformat(middle)
    length = date(day.year + 1, 1, 1).toordinal() - date(day.year, 1, 1).toordinal()
    return round(day.year + (day.timetuple().tm_yday - 0.5) / length, 3)


def weights(times: Array, at: Array, grades: Array, half_life: float = HALF_LIFE) -> Array:
    """Return the weight of every event in the standing on some days, shape (days, events); a row sums to 1.

    Args:
        times: of events, in years, in order.
        at: days, in years, none before the first event.
        grades: mean grade of every event, which gives its size.
        half_life: years after which an event counts half.
    """
    age = at[:, None] - times[None, :]
    faded = np.where(age >= 0, np.exp2(-np.maximum(age, 0.0) / half_life), 0.0)
    raw = faded * np.maximum(np.abs(grades), 1.0)
    return np.asarray(raw / raw.sum(axis=1, keepdims=True))
