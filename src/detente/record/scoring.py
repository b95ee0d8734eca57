"""How far were sealed forecasts from what came out? Each forecaster of each resolved question, scored alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import numpy as np

from detente.record.chain import time
from detente.record.life import Followed, Seal
from detente.record.questions import Forecast, Reading
from detente.record.scores import log_score, ranked_probability, weighted_interval_score
from detente.show.record import Record
from detente.study.outlook.mixed import MixedDistribution

MODEL, OWN = "model", "own"
LEVELS = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
"""Of the quantiles whose weighted interval score is told."""


class Score(Record):
    """One forecaster on one resolved question.

    Attributes:
        question: id.
        cluster: the case.
        forecaster: ``model``, ``own``, or a baseline.
        counts: whether it was sealed before the outcome was known.
        chance: that was given to an event, or to an agreement by the deadline.
        happened: share of readers who say that it came true.
        brier: (chance − happened)², 0..1.
        log: −ln of the chance of what happened.
        crps: of the position given an agreement, as a share of the scale.
        interval: weighted interval score of its quantiles at 10, 25, 50, 75 and 90 %, as a share of the scale.
        rps: ranked probability score over the named points of the scale, 0..1; ``None`` with fewer than three.
        cell: −ln of the chance of the hundredth of the scale in which the outcome lies.
        left: chance of less than the outcome.
        upto: chance of at most the outcome.
        outcome: mean of what the readers say, on the scale.
        spread: of the first forecast's CRPS, or else Brier score, from one reader to another.
        covered: share of the time from opening to outcome in which a forecast stood.
    """

    question: str
    cluster: str
    forecaster: str
    counts: bool
    chance: float | None = None
    happened: float
    brier: float | None = None
    log: float | None = None
    crps: float | None = None
    interval: float | None = None
    rps: float | None = None
    cell: float | None = None
    left: float | None = None
    upto: float | None = None
    outcome: float | None = None
    spread: float
    covered: float


def scores(one: Followed) -> Iterator[Score]:
    """Yield the scores of every forecaster of a resolved question.

    Forecasts that count by the question's rule are scored; where none counts, the first one is, marked as such.
    """
    if one.resolution is None or one.state != "resolved" or one.disputed:
        return
    chosen, counts = one.counted, True
    if not chosen:
        chosen, counts = one.seals[:1], False
    kept = [seal for seal in chosen if seal.forecasts is not None]
    for who in dict.fromkeys(name for seal in kept for name in seal.forecasts or {}):
        made = [seal for seal in kept if who in (seal.forecasts or {})]
        yield _score(one, who, made, counts)


def _score(one: Followed, who: str, seals: list[Seal], counts: bool) -> Score:
    readings = one.resolution.readings if one.resolution else ()
    shares = _standing(one, seals)
    said = [(seal.forecasts or {})[who] for seal in seals]

    anchors = sorted(float(at) for at in (one.question.scale.anchors if one.question.scale else ()))

    def averaged(score: ByReading) -> float | None:
        """Return the mean over readers of the score, averaged over the time for which each forecast stood."""
        means = [[score(forecast, reading) for reading in readings] for forecast in said]
        found = [
            (share, float(np.mean(known)))
            for share, row in zip(shares, means, strict=True)
            if (known := [value for value in row if value is not None])
        ]
        weight = sum(share for share, _ in found)
        return sum(share * value for share, value in found) / weight if weight else None

    values = [float(reading.value) for reading in readings if reading.value is not None]
    crps = _of_position(lambda of, y: of.crps(y) / (of.high - of.low))
    apart = [(crps if values else _brier)(said[0], reading) for reading in readings]
    each = [value for value in apart if value is not None] or [0.0]
    return Score(
        question=one.id,
        cluster=one.question.cluster,
        forecaster=who,
        counts=counts,
        chance=averaged(lambda forecast, _: None if forecast.chance is None else float(forecast.chance)),
        happened=float(np.mean([reading.happened for reading in readings])),
        brier=averaged(_brier),
        log=averaged(_log),
        crps=averaged(crps),
        interval=averaged(_of_position(_interval)),
        rps=averaged(_of_position(lambda of, y: _ranked(of, y, anchors))) if len(anchors) > 2 else None,
        cell=averaged(_of_position(lambda of, y: of.log_score(y))),
        left=averaged(_of_position(lambda of, y: of.segment(y)[0])),
        upto=averaged(_of_position(lambda of, y: of.segment(y)[1])),
        outcome=float(np.mean(values)) if values else None,
        spread=max(each) - min(each),
        covered=_covered(one, seals),
    )


ByReading = Callable[[Forecast, Reading], float | None]


def _brier(forecast: Forecast, reading: Reading) -> float | None:
    return None if forecast.chance is None else (float(forecast.chance) - reading.happened) ** 2


def _log(forecast: Forecast, reading: Reading) -> float | None:
    if forecast.chance is None:
        return None
    return float(log_score(np.array(float(forecast.chance)), np.array(float(reading.happened))))


def _of_position(score: Callable[[MixedDistribution, float], float]) -> ByReading:
    """Return the score of a distribution as one of a forecast, where there is a position and an agreement."""

    def scored(forecast: Forecast, reading: Reading) -> float | None:
        if forecast.position is None or reading.value is None:
            return None
        return score(forecast.position.mixed(), float(reading.value))

    return scored


def _interval(of: MixedDistribution, outcome: float) -> float:
    return weighted_interval_score(LEVELS, of.quantile(LEVELS), outcome) / (of.high - of.low)


def _ranked(of: MixedDistribution, outcome: float, anchors: list[float]) -> float:
    """Return the ranked probability score over the named points of a scale, each with the values nearest to it."""
    middles = (np.array(anchors[1:]) + np.array(anchors[:-1])) / 2
    chances = np.diff(of.at(middles), prepend=0.0, append=1.0)
    return ranked_probability(chances, int(np.searchsorted(middles, outcome)))


def _ends(one: Followed) -> tuple[datetime, datetime]:
    """Return when the question opened, and when its outcome was known or its deadline passed."""
    known = one.resolution.known if one.resolution else one.question.deadline
    start, end = time(one.question.opened), time(min(known, one.question.deadline))
    return start, max(start, end)


def _standing(one: Followed, seals: list[Seal]) -> list[float]:
    """Return for how long each forecast stood, as shares; alike where one alone counts, or none did stand."""
    _, end = _ends(one)
    starts = [time(seal.at) for seal in seals]
    until = [*starts[1:], end]
    lasted = [max(0.0, (stop - start).total_seconds()) for start, stop in zip(starts, until, strict=True)]
    total = sum(lasted)
    return [one / total for one in lasted] if total else [1 / len(seals)] * len(seals)


def _covered(one: Followed, seals: list[Seal]) -> float:
    start, end = _ends(one)
    whole = (end - start).total_seconds()
    first = max(start, time(seals[0].at))
    stop = min(end, time(one.withdrawn)) if one.withdrawn else end
    return max(0.0, (stop - first).total_seconds()) / whole if whole else 1.0


def counters(questions: Mapping[str, Followed], moment: str) -> dict[str, int]:
    """Return how many questions are in each state, how many forecasts were sealed, opened and redacted."""
    states = [one.state_at(moment) for one in questions.values()]
    seals = [seal for one in questions.values() for seal in one.seals]
    return {
        "questions": len(questions),
        **{
            state: states.count(state)
            for state in ("open", "sealed", "withdrawn", "resolved", "annulled", "overdue")
        },
        "forecasts": len(seals),
        "opened": sum(seal.forecasts is not None for seal in seals),
        "redacted": sum(bool(seal.redacted) for seal in seals),
        "retrospective": sum(one.is_retrospective(seal) for one in questions.values() for seal in one.seals),
        "conditional": sum(one.question.condition is not None for one in questions.values()),
        "conditional scored": sum(
            one.question.condition is not None and one.state == "resolved" for one in questions.values()
        ),
        "disputed": sum(one.disputed for one in questions.values()),
    }
