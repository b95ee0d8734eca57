"""What does one's own record say of the outlook's constants? The published ones, brought up to date by it.

The prior is the published record; every question that was sealed before its outcome, resolved and kept with its
case adds its likelihood. Few questions move the constants little.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from detente.errors import DetenteError
from detente.lenses.summary import Array
from detente.record.forecasting import case_of
from detente.record.life import Followed, Replay
from detente.study.outlook.fit import Prior, fitted
from detente.study.outlook.foothold import PUBLISHED, Constants, Footholds, footholds
from detente.study.outlook.issue import stances

DRAWS = 1_000
"""Whose mean is the case as it was known; the constants are fitted on one row per question."""


def own_constants(followed: Replay, openings: Mapping[str, Any]) -> Constants:
    """Return the constants with which the next forecast is made.

    Args:
        followed: the ledger.
        openings: commitment → what was sealed under it.
    """
    known = [found for one in followed.questions.values() for found in _decided(one, openings)]
    if not known:
        return PUBLISHED
    widest = max(of.points.shape[1] for of, *_ in known)
    of = Footholds(
        points=np.concatenate([_padded(one.points, widest, np.nan) for one, *_ in known]),
        votes=np.concatenate([_padded(one.votes, widest, 0.0) for one, *_ in known]),
        centre=np.concatenate([one.centre for one, *_ in known]),
        least=np.concatenate([one.least for one, *_ in known]),
        most=np.concatenate([one.most for one, *_ in known]),
    )
    outcome, low, high = (np.array([row[k] for row in known]) for k in (1, 2, 3))
    return fitted(of, outcome, (low, high), Prior())


def _padded(rows: Array, width: int, with_: float) -> Array:
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])), constant_values=with_)


def _decided(one: Followed, openings: Mapping[str, Any]) -> Iterator[tuple[Footholds, float, float, float]]:
    """Yield what was known of a question that counts, its outcome, and the ends of its scale."""
    if one.state != "resolved" or one.resolution is None or one.disputed or one.question.scale is None:
        return
    values = [float(reading.value) for reading in one.resolution.readings if reading.value is not None]
    counted = one.counted[:1]
    inputs = openings.get(counted[0].commits.get("inputs", "")) if counted else None
    if not values or inputs is None:
        return
    try:
        case = case_of(inputs)
        position, weight, reference = stances(case, one.question.about, DRAWS, 1)
    except (DetenteError, KeyError):
        return  # a case that this version no longer reads
    point = None if reference is None else reference.mean(keepdims=True)
    of = footholds(position.mean(axis=0, keepdims=True), weight.mean(axis=0, keepdims=True), point)
    yield of, float(np.mean(values)), float(one.question.scale.low), float(one.question.scale.high)
