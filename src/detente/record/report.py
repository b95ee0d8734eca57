"""What does a ledger show? Its questions and their states, whether it verifies, how good its forecasts were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from pydantic import Field

from detente.lenses.summary import Array
from detente.record.calibration import coverage_band, decile_shares, mid_atom_coverage, rank_band
from detente.record.chain import Chain, now
from detente.record.comparison import paired
from detente.record.decomposition import by_chance, of_brier, of_crps
from detente.record.life import Followed, Replay
from detente.record.scores import skill
from detente.record.scoring import MODEL, Score, counters, scores
from detente.show.record import Published, Record
from detente.show.table import Table, table_of
from detente.study.outlook.mixed import MixedDistribution

EVEN = 0.25
"""Brier score of an even chance."""
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
        brier: their mean (chance − happened)², 0..1.
        log: mean −ln of the chance of what happened.
        brier_skill: 1 − ratio to that of an even chance.
        miscalibration: of the chances; what perfect recalibration would gain.
        miscalibration_by_chance: what a forecaster who is right exceeds in 5 of 100 such records.
        discrimination: what telling events apart gained.
        positions: distributions that were scored.
        crps: their mean, as a share of the scale.
        crps_skill: 1 − ratio to that of the uniform distribution on the same questions.
        crps_miscalibration: part of the mean CRPS that perfect recalibration would gain.
        crps_discrimination: what telling questions apart gained.
        interval: mean weighted interval score, as a share of the scale.
        rps: mean ranked probability score over the named points of the scale.
        cell: mean −ln of the chance of the hundredth of the scale in which the outcome lay.
        holds80: share of outcomes in the central 80 %, atoms counted in part.
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


class ScoreReport(Published):
    """How good the forecasts of a ledger were.

    Attributes:
        ledger: its file.
        head: count and hash of its last line.
        verdict: in one or two sentences.
        complete: whether no question is overdue.
        counters: how many questions and forecasts are in which state.
        states: question → the state in which it is.
        void: share of the closed questions that were annulled; ``None`` where none is closed.
        standings: of every forecaster, the least score first.
        scores: of every forecaster on every resolved question.
        ranks: share of the program's outcomes in each tenth of its ranks.
        band: how far such a share may stray from a tenth by chance.
    """

    ledger: str
    head: str
    verdict: str
    complete: bool
    counters: dict[str, int]
    states: dict[str, str]
    void: float | None
    standings: tuple[Standing, ...]
    scores: tuple[Score, ...]
    ranks: tuple[float, ...] = ()
    band: float | None = None

    def tables(self) -> Mapping[str, Table]:
        """Return its tables by name."""
        return {
            "standings": table_of([((), one) for one in self.standings], Standing, "standings", {}),
            "scores": table_of([((), one) for one in self.scores], Score, "scores", {}),
        }


def ledger_report(path: Path, chain: Chain, followed: Replay, moment: str | None = None) -> LedgerReport:
    """Return what a ledger holds."""
    at = moment or now()
    return LedgerReport(
        ledger=str(path),
        head=chain.head,
        sound=followed.fault is None,
        fault=None if followed.fault is None else str(followed.fault),
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
    past = bool(one.seals) and all(one.is_retrospective(seal) for seal in one.seals)
    return QuestionRow(
        question=one.id,
        text=one.question.text,
        state=one.state_at(moment),
        deadline=one.question.deadline[:10],
        forecasts=len(one.seals),
        retrospective=past,
        outcome=outcome(one),
        reason="merged ledgers resolve it differently" if one.disputed else one.reason,
    )


def outcome(one: Followed) -> str:
    """Say what came out."""
    if one.resolution is None:
        return ""
    said = {
        reading.value if reading.value is not None else ("yes" if reading.happened else _not(one))
        for reading in one.resolution.readings
    }
    return " or ".join(sorted(said))


def _not(one: Followed) -> str:
    return "no" if one.question.scale is None else "no agreement"


def score_report(path: Path, chain: Chain, followed: Replay, moment: str | None = None) -> ScoreReport:
    """Return how good the forecasts were: every forecaster, on the questions that count."""
    at = moment or now()
    made = [score for one in followed.questions.values() for score in scores(one)]
    counted = [score for score in made if score.counts]
    counts = counters(followed.questions, at)
    closed = counts["resolved"] + counts["annulled"]
    names = dict.fromkeys(score.forecaster for score in counted)
    standings = [_standing(name, counted, followed.questions) for name in names]
    ranks, band = _ranks(counted, followed.questions)
    return ScoreReport(
        ledger=str(path),
        head=chain.head,
        verdict=_verdict(counts, counted, len([one for one in made if not one.counts])),
        complete=not counts["overdue"],
        counters=counts,
        states={name: one.state_at(moment or now()) for name, one in followed.questions.items()},
        void=counts["annulled"] / closed if closed else None,
        standings=tuple(sorted(standings, key=lambda one: (one.crps is None, one.crps or one.brier or 0.0))),
        scores=tuple(made),
        ranks=ranks,
        band=band,
    )


def _verdict(counts: Mapping[str, int], counted: Sequence[Score], apart: int) -> str:
    """Say what may be said: below 20 resolved questions, how many there are and no more."""
    scored = len({score.question for score in counted})
    told = f"{scored} resolved question{'s' if scored != 1 else ''} count{'' if scored != 1 else 's'}"
    if scored < ENOUGH:
        told += f"; below {ENOUGH} nothing can be said about skill"
    if apart:
        told += "; forecasts made when the outcome was known are shown and count for nothing"
    if counts["overdue"]:
        number = counts["overdue"]
        told += f"; {number} question{'s are' if number > 1 else ' is'} overdue, so the scores are incomplete"
    return f"{told}."


def _known(found: Sequence[float | None]) -> Array:
    return np.array([value for value in found if value is not None], dtype=np.float64)


def _values(found: Sequence[Score], name: str) -> Array:
    return _known([getattr(one, name) for one in found])


def _standing(name: str, counted: Sequence[Score], questions: Mapping[str, Followed]) -> Standing:
    own = [score for score in counted if score.forecaster == name]
    events = [score for score in own if score.brier is not None and score.chance is not None]
    placed = [score for score in own if score.crps is not None]
    told = {**(_of_events(events) if events else {}), **(_of_positions(placed, questions) if placed else {})}
    if placed:
        naive = {score.question: score.crps for score in counted if score.forecaster == "uniform"}
        crps, base = _values(placed, "crps"), _known([naive.get(score.question) for score in placed])
        if len(base) == len(crps) and base.mean() > 0:
            told["crps_skill"] = skill(crps, base)
        model = {score.question: score.crps for score in counted if score.forecaster == MODEL}
        both = [one for one in placed if name != MODEL and model.get(one.question) is not None]
        if both:
            of_model = _known([model[one.question] for one in both])
            found = paired(_values(both, "crps"), of_model, [one.cluster for one in both])
            told |= {"beats_model": found.mean, "beats_model_low": found.low, "beats_model_high": found.high}
    return Standing(forecaster=name, events=len(events), positions=len(placed), **told)


def _of_events(events: Sequence[Score]) -> dict[str, float | None]:
    """Return what is told of the chances of a forecaster."""
    chance, brier = _values(events, "chance"), _values(events, "brier")
    parts = of_brier(chance, _values(events, "happened"))
    return {
        "brier": float(brier.mean()),
        "log": float(_values(events, "log").mean()),
        "brier_skill": skill(brier, np.array([EVEN])),
        "miscalibration": parts.miscalibration,
        "miscalibration_by_chance": by_chance(chance)[0],
        "discrimination": parts.discrimination,
    }


def _of_positions(placed: Sequence[Score], questions: Mapping[str, Followed]) -> dict[str, float | None]:
    """Return what is told of the distributions of a forecaster."""
    left, upto = _values(placed, "left"), _values(placed, "upto")
    made = [
        found for one in placed if (found := forecast_of(questions[one.question], one.forecaster)) is not None
    ]
    cells = (np.arange(100) + 0.5) / 100
    shares = np.array(
        [
            (float(one.outcome or 0.0) - of.low) / (of.high - of.low)
            for one, of in zip(placed, made, strict=True)
        ]
    )
    parts = of_crps(np.array([of.at(of.low + cells * (of.high - of.low)) for of in made]), cells, shares)
    low, high = coverage_band(made, 0.8)
    ranked = _values(placed, "rps")
    return {
        "crps": float(_values(placed, "crps").mean()),
        "crps_miscalibration": parts.miscalibration,
        "crps_discrimination": parts.discrimination,
        "interval": float(_values(placed, "interval").mean()),
        "rps": float(ranked.mean()) if len(ranked) else None,
        "cell": float(_values(placed, "cell").mean()),
        "holds80": float(mid_atom_coverage(left, upto, 0.8).mean()),
        "holds80_low": low,
        "holds80_high": high,
    }


def forecast_of(one: Followed, name: str) -> MixedDistribution | None:
    """Return the first distribution of a forecaster that counts."""
    for seal in one.counted:
        said = (seal.forecasts or {}).get(name)
        if said is not None and said.position is not None:
            return said.position.mixed()
    return None


def _ranks(
    counted: Sequence[Score], questions: Mapping[str, Followed]
) -> tuple[tuple[float, ...], float | None]:
    """Return the share of the program's outcomes in each tenth of its ranks, and the band of chance."""
    placed = [one for one in counted if one.forecaster == MODEL and one.left is not None]
    if not placed:
        return (), None
    left, upto = _values(placed, "left"), _values(placed, "upto")
    made = [mixed for one in placed if (mixed := forecast_of(questions[one.question], MODEL)) is not None]
    shares = decile_shares(left, upto).mean(axis=0)
    return tuple(float(share) for share in shares), rank_band(made) if made else None
