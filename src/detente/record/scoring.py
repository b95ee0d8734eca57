"""How far were sealed forecasts from what came out? Each forecaster of each resolved question, scored alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import get_args

import numpy as np

from detente.lenses.summary import Array
from detente.record.life import Followed, Seal, State
from detente.record.questions import Forecast, Reading
from detente.record.scores import brier, log_score, ranked_probability, weighted_interval_score
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


ByReading = Callable[[Forecast, Reading], float | None]


def _of_chance(score: Callable[[float, float], Array | float]) -> ByReading:
    def scored(said: Forecast, found: Reading) -> float | None:
        return None if said.chance is None else float(score(float(said.chance), float(found.happened)))

    return scored


def _of_position(score: Callable[[MixedDistribution, float], float]) -> ByReading:
    """Return the score of a distribution as one of a forecast, where there is a position and an agreement."""

    def scored(said: Forecast, found: Reading) -> float | None:
        if said.position is None or found.value is None:
            return None
        return score(said.position.mixed(), float(found.value))

    return scored


def _interval(of: MixedDistribution, outcome: float) -> float:
    return weighted_interval_score(LEVELS, of.quantile(LEVELS), outcome) / (of.high - of.low)


SCORES: dict[str, ByReading] = {
    "chance": _of_chance(lambda chance, _: chance),
    "brier": _of_chance(brier),
    "log": _of_chance(log_score),
    "crps": _of_position(lambda of, y: of.crps(y) / (of.high - of.low)),
    "interval": _of_position(_interval),
    "cell": _of_position(lambda of, y: of.log_score(y)),
    "left": _of_position(lambda of, y: of.segment(y)[0]),
    "upto": _of_position(lambda of, y: of.segment(y)[1]),
}


def _ranked(anchors: list[float]) -> ByReading:
    """Return the ranked probability score over the named points of a scale, each with the values nearest to it."""
    middles = (np.array(anchors[1:]) + np.array(anchors[:-1])) / 2

    def score(of: MixedDistribution, outcome: float) -> float:
        chances = np.diff(of.at(middles), prepend=0.0, append=1.0)
        return ranked_probability(chances, int(np.searchsorted(middles, outcome)))

    return _of_position(score)


def scores(one: Followed) -> Iterator[Score]:
    """Yield the scores of every forecaster of a resolved question.

    Forecasts that count by the question's rule are scored; where none counts, the first one is, marked as such.
    """
    if one.resolution is None or one.state != "resolved" or one.disputed:
        return
    kept = [seal for seal in one.counted or one.seals[:1] if seal.forecasts is not None]
    for who in dict.fromkeys(name for seal in kept for name in seal.forecasts or {}):
        made = [seal for seal in kept if who in (seal.forecasts or {})]
        yield _score(one, one.resolution.readings, who, made)


def _score(one: Followed, readings: Sequence[Reading], who: str, seals: list[Seal]) -> Score:
    said = [(seal.forecasts or {})[who] for seal in seals]
    stood = _stood(one, seals)

    def averaged(score: ByReading) -> float | None:
        """Return the mean over readers of the score, averaged over the time for which each forecast stood."""
        found = [
            (share, float(np.mean(known)))
            for share, forecast in zip(stood, said, strict=True)
            if (known := [value for of in readings if (value := score(forecast, of)) is not None])
        ]
        weight = sum(share for share, _ in found)
        return sum(share * value for share, value in found) / weight if weight else None

    values = [float(reading.value) for reading in readings if reading.value is not None]
    first = SCORES["crps" if values else "brier"]
    each = [value for of in readings if (value := first(said[0], of)) is not None] or [0.0]
    anchors = sorted(float(at) for at in (one.question.scale.anchors if one.question.scale else ()))
    ranked = {"rps": _ranked(anchors)} if len(anchors) > 2 else {}
    return Score(
        question=one.id,
        cluster=one.question.cluster,
        forecaster=who,
        counts=bool(one.counted),
        happened=float(np.mean([reading.happened for reading in readings])),
        outcome=float(np.mean(values)) if values else None,
        spread=max(each) - min(each),
        covered=_covered(one, seals),
        **{name: averaged(score) for name, score in {**SCORES, **ranked}.items()},
    )


def _ends(one: Followed) -> tuple[datetime, datetime]:
    """Return when the question opened, and when its outcome was known or its deadline passed."""
    known = one.resolution.known if one.resolution else one.question.deadline
    start, end = (
        datetime.fromisoformat(one.question.opened),
        datetime.fromisoformat(min(known, one.question.deadline)),
    )
    return start, max(start, end)


def _stood(one: Followed, seals: list[Seal]) -> list[float]:
    """Return for how long each forecast stood, as shares; alike where one alone counts, or none did stand."""
    starts = [datetime.fromisoformat(seal.at) for seal in seals]
    until = [*starts[1:], _ends(one)[1]]
    lasted = [max(0.0, (stop - start).total_seconds()) for start, stop in zip(starts, until, strict=True)]
    total = sum(lasted)
    return [span / total for span in lasted] if total else [1 / len(seals)] * len(seals)


def _covered(one: Followed, seals: list[Seal]) -> float:
    start, end = _ends(one)
    stop = min(end, datetime.fromisoformat(one.withdrawn)) if one.withdrawn else end
    whole = (end - start).total_seconds()
    return (
        max(0.0, (stop - max(start, datetime.fromisoformat(seals[0].at))).total_seconds()) / whole
        if whole
        else 1.0
    )


def counters(questions: Mapping[str, Followed], moment: str) -> dict[str, int]:
    """Return how many questions are in each state, how many forecasts were sealed, opened and redacted."""
    every = questions.values()
    states = [one.state_at(moment) for one in every]
    seals = [(one, seal) for one in every for seal in one.seals]
    conditional = [one for one in every if one.question.condition is not None]
    return {
        "questions": len(questions),
        **{state: states.count(state) for state in get_args(State)},
        "forecasts": len(seals),
        "opened": sum(seal.forecasts is not None for _, seal in seals),
        "redacted": sum(bool(seal.redacted) for _, seal in seals),
        "retrospective": sum(one.is_retrospective(seal) for one, seal in seals),
        "conditional": len(conditional),
        "conditional scored": sum(one.state == "resolved" for one in conditional),
        "disputed": sum(one.disputed for one in every),
    }
