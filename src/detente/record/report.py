"""What does a ledger show? Its questions and their states, whether it verifies, how good its forecasts were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from pydantic import Field

from detente.lenses.summary import Array
from detente.record.chain import Chain, now
from detente.record.life import Followed, Replay
from detente.record.scores import Calibration, by_chance, calibration, of_brier, paired, skill
from detente.record.scoring import MODEL, OWN, Score, counters, scores
from detente.show.record import Published, Record
from detente.show.table import Table, table_of
from detente.show.words import percent

ENOUGH = 20
"""Below so many resolved questions there are dots and bands, and no verdict."""


class QuestionRow(Record):
    """One question of a ledger.

    Attributes:
        question: id.
        text: the question.
        state: open, sealed, withdrawn, resolved, annulled or overdue.
        deadline: by which it comes true, or not.
        forecasts: how many were sealed.
        retrospective: whether none was sealed before its outcome was known.
        outcome: what came out, in words; empty before.
        reason: of an annulment, or that ledgers disagree.
    """

    question: str
    text: str
    state: str
    deadline: str
    forecasts: int
    retrospective: bool
    outcome: str
    reason: str


class LedgerReport(Published):
    """What a ledger holds, and whether it verifies.

    Attributes:
        ledger: its file.
        head: count and hash of its last line.
        sound: whether every line follows from the one before and every act was allowed.
        fault: the first that fails, and why.
        missing: how many sealed fields have no opening and were not redacted.
        anchored: in words: what proves when a head existed.
        counters: how many questions and forecasts are in which state.
        questions: all of them.
        again: forecast → what differs when it is made again, ``None`` where it is the same; empty if not asked.
    """

    ledger: str
    head: str
    sound: bool
    fault: str | None
    missing: int
    anchored: str
    counters: dict[str, int]
    questions: tuple[QuestionRow, ...]
    again: dict[str, str | None] = Field(default_factory=dict)

    def tables(self) -> Mapping[str, Table]:
        """Return its table."""
        return {"questions": table_of([((), one) for one in self.questions], QuestionRow, "questions", {})}


class Standing(Record):
    """How one forecaster did over all its scored questions.

    Attributes:
        forecaster: ``model``, ``own`` or a baseline.
        events: chances that were scored.
        brier: mean (chance − happened)², 0..1.
        log: mean −ln of the chance of what happened.
        brier_skill: 1 − ratio to that of an even chance.
        miscalibration: of the chances; what perfect recalibration would gain.
        miscalibration_by_chance: what a forecaster who is right exceeds in 5 of 100 such records.
        discrimination: what telling events apart gained.
        positions: distributions that were scored.
        crps: mean CRPS of the distributions, as a share of the scale.
        crps_skill: 1 − ratio to that of the uniform distribution on the same questions.
        crps_miscalibration: part of the mean CRPS that perfect recalibration would gain.
        crps_discrimination: what telling questions apart gained.
        interval: mean weighted interval score, as a share of the scale.
        rps: mean ranked probability score over the named points of the scale.
        cell: mean −ln of the chance of the hundredth of the scale in which the outcome lay.
        holds80: share of outcomes in the central 80 %, atoms counted in part; empty for single values.
        holds80_low: between which it would fall if the forecasts were right, in 95 of 100 records.
        holds80_high: upper end.
        beats_model: mean difference of CRPS from the program's; below 0 where it is better; empty without both.
        beats_model_low: lower end of its 95 % interval; empty with fewer than ten cases.
        beats_model_high: upper end.
    """

    forecaster: str
    events: int
    brier: float | None = None
    log: float | None = None
    brier_skill: float | None = None
    miscalibration: float | None = None
    miscalibration_by_chance: float | None = None
    discrimination: float | None = None
    positions: int
    crps: float | None = None
    crps_skill: float | None = None
    crps_miscalibration: float | None = None
    crps_discrimination: float | None = None
    interval: float | None = None
    rps: float | None = None
    cell: float | None = None
    holds80: float | None = None
    holds80_low: float | None = None
    holds80_high: float | None = None
    beats_model: float | None = None
    beats_model_low: float | None = None
    beats_model_high: float | None = None


class ScoreReport(LedgerReport):
    """How good the forecasts of a ledger were.

    Attributes:
        verdict: in one or two sentences.
        complete: whether no question is overdue.
        void: share of the closed questions that were annulled; ``None`` where none is closed.
        standings: of every forecaster, the least score first.
        scores: of every forecaster on every resolved question.
        ranks: share of the program's outcomes in each tenth of its ranks.
        band: how far such a share may stray from a tenth by chance.
    """

    verdict: str
    complete: bool
    void: float | None
    standings: tuple[Standing, ...]
    scores: tuple[Score, ...]
    ranks: tuple[float, ...] = ()
    band: float | None = None

    def tables(self) -> Mapping[str, Table]:
        """Return its tables by name."""
        kinds: dict[str, type[Record]] = {"standings": Standing, "scores": Score, "questions": QuestionRow}
        return {
            name: table_of([((), one) for one in getattr(self, name)], kind, name, {})
            for name, kind in kinds.items()
        }


def ledger_report(path: Path, chain: Chain, followed: Replay, moment: str | None = None) -> LedgerReport:
    """Return what a ledger holds."""
    at = moment or now()
    return LedgerReport(
        ledger=str(path),
        head=chain.head,
        sound=followed.fault is None,
        fault=followed.fault,
        missing=len(followed.missing),
        anchored=_anchored(followed),
        counters=counters(followed.questions, at),
        questions=tuple(_row(one, at) for one in followed.questions.values()),
    )


def _anchored(followed: Replay) -> str:
    if not followed.anchors:
        return "unanchored: only whoever keeps a head can show that nothing was cut off or written anew"
    last = followed.anchors[-1]
    return f"anchored by {last.get('by', 'a proof')} before {last.get('before', 'an unstated time')}"


def _row(one: Followed, moment: str) -> QuestionRow:
    return QuestionRow(
        question=one.id,
        text=one.question.text,
        state=one.state_at(moment),
        deadline=one.question.deadline[:10],
        forecasts=len(one.seals),
        retrospective=bool(one.seals) and all(map(one.is_retrospective, one.seals)),
        outcome=_outcome(one),
        reason="merged ledgers end it differently" if one.disputed else one.reason,
    )


def _outcome(one: Followed) -> str:
    """Say what came out; empty where that is not known."""
    no = "no" if one.question.scale is None else "no agreement"
    readings = one.resolution.readings if one.resolution else ()
    return " or ".join(sorted({of.value or ("yes" if of.happened else no) for of in readings}))


def score_report(path: Path, chain: Chain, followed: Replay, moment: str | None = None) -> ScoreReport:
    """Return how good the forecasts were: every forecaster, on the questions that count."""
    held = ledger_report(path, chain, followed, moment)
    made = [score for one in followed.questions.values() for score in scores(one)]
    counted = [score for score in made if score.counts]
    closed = held.counters["resolved"] + held.counters["annulled"]
    names = dict.fromkeys(score.forecaster for score in counted)
    found = {name: _positions(name, counted, followed.questions) for name in names}
    standings = [_standing(name, counted, of) for name, of in found.items()]
    standings.sort(key=lambda one: (one.crps is None, one.crps or one.brier or 0.0))
    model, number = found.get(MODEL), len({score.question for score in counted})
    return ScoreReport(
        **dict(held),
        verdict=_verdict(held.counters, number, standings, apart=len(made) > len(counted)),
        complete=not held.counters["overdue"],
        void=held.counters["annulled"] / closed if closed else None,
        standings=tuple(standings),
        scores=tuple(made),
        ranks=model.ranks if model else (),
        band=model.by_chance[2] if model else None,
    )


def _verdict(counts: Mapping[str, int], scored: int, standings: Sequence[Standing], *, apart: bool) -> str:
    """Say what may be said: below 20 resolved questions, how many there are and no more."""
    told = f"{scored} resolved question{'s count' if scored != 1 else ' counts'}"
    if scored < ENOUGH:
        told += f"; below {ENOUGH} nothing can be said about skill"
    for one in standings if scored >= ENOUGH else ():
        if one.forecaster in (MODEL, OWN):
            told += f"; {'the program' if one.forecaster == MODEL else 'you'}: {_skill(one)}"
    if apart:
        told += "; forecasts made when the outcome was known are shown and count for nothing"
    if number := counts["overdue"]:
        told += f"; {number} question{'s are' if number > 1 else ' is'} overdue, so the scores are incomplete"
    return f"{told}."


def _skill(one: Standing) -> str:
    """Say how much better than by knowing nothing a forecaster was, and whether it was as sure as it may be."""
    told = []
    for gain, naive in ((one.crps_skill, "all values alike"), (one.brier_skill, "even chances")):
        if gain is not None:
            told.append(f"{percent(abs(gain))} {'better' if gain > 0 else 'worse'} than {naive}")
    if one.holds80 is not None:
        low, high = percent(one.holds80_low or 0.0), percent(one.holds80_high or 0.0)
        told.append(f"{percent(one.holds80)} of outcomes in the central 80 % (by chance {low} to {high})")
    return ", ".join(told)


def _values(found: Sequence[Score], name: str) -> Array:
    return np.array([value for one in found if (value := getattr(one, name)) is not None], dtype=np.float64)


def _positions(name: str, counted: Sequence[Score], questions: Mapping[str, Followed]) -> Calibration | None:
    """Return how outcomes lie in the first distributions of a forecaster that count, if there are any."""
    placed = [score for score in counted if score.forecaster == name and score.crps is not None]
    made = []
    for score in placed:
        seals = questions[score.question].counted
        said = (seal.forecasts[name] for seal in seals if seal.forecasts and name in seal.forecasts)
        made.append(next(of.position.mixed() for of in said if of.position is not None))
    return calibration(made, *(_values(placed, at) for at in ("left", "upto", "outcome"))) if made else None


def _standing(name: str, counted: Sequence[Score], lie: Calibration | None) -> Standing:
    own = [score for score in counted if score.forecaster == name]
    events = [score for score in own if score.brier is not None]
    placed = [score for score in own if score.crps is not None]
    told: dict[str, float | None] = {
        of: float(values.mean()) if len(values := _values(own, of)) else None
        for of in ("brier", "log", "crps", "interval", "rps", "cell")
    }
    if events:
        chance = _values(events, "chance")
        parts = of_brier(chance, _values(events, "happened"))
        told |= {
            "brier_skill": skill(_values(events, "brier"), np.array([0.5**2])),
            "miscalibration": parts.miscalibration,
            "miscalibration_by_chance": by_chance(chance)[0],
            "discrimination": parts.discrimination,
        }
    if lie is not None:
        parts, (low, high, _) = lie.parts, lie.by_chance
        told |= {"crps_miscalibration": parts.miscalibration, "crps_discrimination": parts.discrimination}
        told |= {"holds80": lie.holds80, "holds80_low": low, "holds80_high": high} if lie.spread else {}
    both, naive = _both(placed, counted, "uniform")
    if both and len(both) == len(placed) and naive.mean() > 0:
        told["crps_skill"] = skill(_values(both, "crps"), naive)
    both, model = _both(placed, counted, MODEL)
    if both and name != MODEL:
        found = paired(_values(both, "crps"), model, [one.cluster for one in both])
        told |= {"beats_model": found.mean, "beats_model_low": found.low, "beats_model_high": found.high}
    return Standing(forecaster=name, events=len(events), positions=len(placed), **told)


def _both(placed: Sequence[Score], counted: Sequence[Score], other: str) -> tuple[list[Score], Array]:
    """Return the scores on questions of which another forecaster has one too, and the CRPS of the other."""
    theirs = {score.question: score.crps for score in counted if score.forecaster == other}
    both = [one for one in placed if theirs.get(one.question) is not None]
    return both, np.array([theirs[one.question] for one in both], dtype=np.float64)
