"""How far were sealed forecasts from what came out? Each forecaster of each resolved question, scored alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import get_args

import numpy as np

from detente.lenses.summary import Array
from detente.record.life import Followed, Seal, State
from detente.record.questions import Forecast, Reading, Resolution
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


SCORES: dict[str, ByReading] = {
    "chance": _of_chance(lambda chance, _: chance),
    "brier": _of_chance(brier),
    "log": _of_chance(log_score),
    "crps": _of_position(lambda of, y: of.crps(y) / (of.high - of.low)),
    "interval": _of_position(
        lambda of, y: weighted_interval_score(LEVELS, of.quantile(LEVELS), y) / (of.high - of.low)
    ),
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
        yield _score(one, one.resolution, who, made)


def _score(one: Followed, found: Resolution, who: str, seals: list[Seal]) -> Score:
    readings, values = found.readings, found.values
    said = [(seal.forecasts or {})[who] for seal in seals]
    stood, covered = _stood(one, seals)

    def averaged(score: ByReading) -> float | None:
        """Return the mean over readers of the score, averaged over the time for which each forecast stood."""
        means = [
            (share, float(np.mean(known)))
            for share, forecast in zip(stood, said, strict=True)
            if (known := [value for of in readings if (value := score(forecast, of)) is not None])
        ]
        weight = sum(share for share, _ in means)
        return sum(share * value for share, value in means) / weight if weight else None

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
        covered=covered,
        **{name: averaged(score) for name, score in {**SCORES, **ranked}.items()},
    )


def _stood(one: Followed, seals: list[Seal]) -> tuple[list[float], float]:
    """Return for how long each forecast stood, as shares, and the share of the question's time that they cover.

    The time runs from the opening until the outcome was known or the deadline passed. Where no forecast did stand,
    or one alone counts, they count alike.
    """
    known = one.resolution.known if one.resolution else one.question.deadline
    start, end, *starts = map(
        datetime.fromisoformat,
        (one.question.opened, min(known, one.question.deadline), *(seal.at for seal in seals)),
    )
    end = max(start, end)
    until = zip(starts, [*starts[1:], end], strict=True)
    lasted = [max(0.0, (stop - since).total_seconds()) for since, stop in until]
    total, whole = sum(lasted), (end - start).total_seconds()
    shares = [span / total for span in lasted] if total else [1 / len(seals)] * len(seals)
    stop = min(end, datetime.fromisoformat(one.withdrawn)) if one.withdrawn else end
    covered = max(0.0, (stop - max(start, starts[0])).total_seconds())
    return shares, covered / whole if whole else 1.0


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
