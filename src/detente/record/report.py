"""What does a ledger show? Its questions and their states, whether it verifies, how good its forecasts were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from detente.lenses.summary import Array
from detente.record.calibration import coverage_band, decile_shares, mid_atom_coverage, rank_band
from detente.record.chain import Chain, now
from detente.record.comparison import paired
from detente.record.decomposition import of_brier
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
    """

    ledger: str
    head: str
    sound: bool
    fault: str | None
    missing: int
    anchored: str
    counters: dict[str, int]
    questions: tuple[QuestionRow, ...]

    def tables(self) -> Mapping[str, Table]:
        """Return its table."""
        return {"questions": table_of([((), one) for one in self.questions], QuestionRow, "questions", {})}


class Standing(Record):
    """How one forecaster did over all its scored questions.

    Attributes:
        forecaster: ``model``, ``own`` or a baseline.
        events: chances that were scored.
        brier: their mean (chance − happened)², 0..1.
        brier_skill: 1 − ratio to that of an even chance.
        miscalibration: of the chances; what perfect recalibration would gain.
        discrimination: what telling events apart gained.
        positions: distributions that were scored.
        crps: their mean, as a share of the scale.
        crps_skill: 1 − ratio to that of the uniform distribution on the same questions.
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
    brier_skill: float | None = None
    miscalibration: float | None = None
    discrimination: float | None = None
    positions: int
    crps: float | None = None
    crps_skill: float | None = None
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


def _values(found: Sequence[float | None]) -> Array:
    return np.array([value for value in found if value is not None], dtype=np.float64)


def _standing(name: str, counted: Sequence[Score], questions: Mapping[str, Followed]) -> Standing:
    own = [score for score in counted if score.forecaster == name]
    events = [score for score in own if score.brier is not None and score.chance is not None]
    placed = [score for score in own if score.crps is not None]
    told: dict[str, float | None] = {}
    if events:
        brier = _values([score.brier for score in events])
        parts = of_brier(
            _values([score.chance for score in events]), _values([one.happened for one in events])
        )
        told |= {"brier": float(brier.mean()), "brier_skill": skill(brier, np.array([EVEN]))}
        told |= {"miscalibration": parts.miscalibration, "discrimination": parts.discrimination}
    if placed:
        crps = _values([score.crps for score in placed])
        naive = {score.question: score.crps for score in counted if score.forecaster == "uniform"}
        base = _values([naive.get(score.question) for score in placed])
        told["crps"] = float(crps.mean())
        if len(base) == len(crps) and base.mean() > 0:
            told["crps_skill"] = skill(crps, base)
        left, upto = _values([one.left for one in placed]), _values([one.upto for one in placed])
        told["holds80"] = float(mid_atom_coverage(left, upto, 0.8).mean())
        made = [mixed for one in placed if (mixed := _forecast(questions[one.question], name)) is not None]
        if made:
            told["holds80_low"], told["holds80_high"] = coverage_band(made, 0.8)
        model = {score.question: score for score in counted if score.forecaster == MODEL}
        both = [
            one
            for one in placed
            if name != MODEL and getattr(model.get(one.question), "crps", None) is not None
        ]
        if both:
            found = paired(
                _values([one.crps for one in both]),
                _values([model[one.question].crps for one in both]),
                [one.cluster for one in both],
            )
            told |= {
                "beats_model": found.mean,
                "beats_model_low": found.low,
                "beats_model_high": found.high,
            }
    return Standing(forecaster=name, events=len(events), positions=len(placed), **told)


def _forecast(one: Followed, name: str) -> MixedDistribution | None:
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
    left, upto = _values([one.left for one in placed]), _values([one.upto for one in placed])
    made = [mixed for one in placed if (mixed := _forecast(questions[one.question], MODEL)) is not None]
    shares = decile_shares(left, upto).mean(axis=0)
    return tuple(float(share) for share in shares), rank_band(made) if made else None
