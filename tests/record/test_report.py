"""What a ledger of forecasts that count comes to: scores by hand, skill, own constants, and commands' lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import detente
from detente.cli import annul, events
from detente.errors import OptionError
from detente.events.series import PERIODS
from detente.record.forecasting import forecasts, inputs_of, own, scale_of
from detente.record.ledger import Ledger
from detente.record.questions import REASONS, Distribution, Forecast, Question, Resolution, Scale
from detente.record.report import score_report
from detente.record.scores import log_score
from detente.study.outlook.foothold import PUBLISHED, Constants
from detente.study.outlook.mixed import atoms, uniform

T1, T2, T3, T4, T5 = (f"2026-0{month}-01T00:00:00Z" for month in range(1, 6))
RULE = {"criteria": "as written", "source": "a gazette"}
TIMES = {"opened": T1, "deadline": T4, "latest": T5}


def question(name: str, **changes: object) -> Question:
    """Return a question on 0..100, or an event, of the case of that name."""
    stated = {"text": "?", "about": name, "outcome": "position", "scale": {"low": "0", "high": "100"}}
    return Question.model_validate({**stated, **TIMES, "rule": RULE, "cluster": name, **changes})


def came_out(value: str | None, known: str = T3) -> Resolution:
    """Return a resolution: a value, or no agreement."""
    reading = {"coder": "a", "happened": value is not None, **({"value": value} if value else {})}
    return Resolution.model_validate({"readings": [reading], "known": known, "source": "a gazette"})


def test_forecasts_that_count_are_scored_by_hand(tmp_path: Path) -> None:
    """Atoms 0, 40, 100 with .3 .5 .2 and outcome 60 score 18 of 100."""
    ledger = Ledger(tmp_path / "l.jsonl")
    said = {
        "model": Forecast(
            chance="0.8",
            position=Distribution.of(
                atoms(np.array([0.0, 40.0, 100.0]), np.array([0.3, 0.5, 0.2]), 0.0, 100.0)
            ),
        ),
        "uniform": Forecast(chance="0.5", position=Distribution.of(uniform(0.0, 100.0))),
    }
    outcomes = {"a": "60", "b": None}
    for name in outcomes:
        ledger.seal(name, said, question=question(name), at=T2)
    for name, outcome in outcomes.items():
        ledger.resolve(name, came_out(outcome), at=T4)
    report = score_report(ledger.path, ledger.chain(), ledger.replay(), T5)
    standing = {one.forecaster: one for one in report.standings}
    model, naive = standing["model"], standing["uniform"]
    assert (model.events, model.positions) == (2, 1)
    assert model.brier == pytest.approx((0.2**2 + 0.8**2) / 2)
    assert model.brier_skill == pytest.approx(1 - 0.34 / 0.25)
    assert model.crps == pytest.approx(0.18)
    assert naive.crps == pytest.approx((0.6**3 + 0.4**3) / 3)  # ∫ of z² below the outcome, of (1 − z)² above
    assert model.crps_skill == pytest.approx(1 - 0.18 / ((0.6**3 + 0.4**3) / 3))
    assert naive.beats_model == pytest.approx((0.6**3 + 0.4**3) / 3 - 0.18)
    assert model.holds80 == pytest.approx(1.0)
    assert model.log == pytest.approx(-(np.log(0.8) + np.log(0.2)) / 2)
    # Quantiles 0 0 40 40 100 at .1 .25 .5 .75 .9: pinball 6, 15, 10, 15, 4 of 100, by 2.5.
    assert model.interval == pytest.approx((6 + 15 + 10 + 15 + 4) / 250)
    assert naive.cell == pytest.approx(-np.log(0.01))
    assert model.rps is None  # the scale has no named points
    assert model.crps_miscalibration is not None
    assert model.crps_discrimination is not None
    assert model.crps_miscalibration - model.crps_discrimination == pytest.approx(
        0.18, abs=0.01
    )  # one question
    assert report.complete
    assert report.void == 0
    assert sum(report.ranks) == pytest.approx(1.0)
    assert "2 resolved questions count" in report.verdict


def test_an_average_of_forecasts_is_by_the_time_for_which_each_stood(tmp_path: Path) -> None:
    """p = .4 for one month (31 days), then .8 for one (28 days), and it happened."""
    ledger = Ledger(tmp_path / "l.jsonl")
    event = question("e", outcome="event", scale=None, counting="average")
    ledger.seal("e", {"own": Forecast(chance="0.4")}, question=event, at=T1)
    ledger.seal("e", {"own": Forecast(chance="0.8")}, at=T2)
    happened = Resolution.model_validate(
        {"readings": [{"coder": "a", "happened": True}], "known": T3, "source": "a gazette"}
    )
    ledger.resolve("e", happened, at=T4)
    score, before = score_report(ledger.path, ledger.chain(), ledger.replay(), T5).scores
    assert (score.forecaster, before.forecaster) == ("own", "previous")
    assert score.brier == pytest.approx((31 * 0.6**2 + 28 * 0.2**2) / 59)
    assert score.covered == pytest.approx(1.0)


def test_a_withdrawn_forecast_covers_the_time_until_it_was_withdrawn(tmp_path: Path) -> None:
    """Sealed when the question was opened, known 59 days later, withdrawn after 31 of them."""
    ledger = Ledger(tmp_path / "l.jsonl")
    event = question("e", outcome="event", scale=None, counting="average")
    ledger.seal("e", {"own": Forecast(chance="0.4")}, question=event, at=T1)
    ledger.withdraw("e", at=T2)
    happened = Resolution.model_validate(
        {"readings": [{"coder": "a", "happened": True}], "known": T3, "source": "a gazette"}
    )
    ledger.resolve("e", happened, at=T4)
    (score,) = score_report(ledger.path, ledger.chain(), ledger.replay(), T5).scores
    assert score.covered == pytest.approx(31 / 59)


def test_ones_own_record_moves_the_constants_and_a_known_outcome_does_not(tmp_path: Path) -> None:
    case = detente.load("emission-standards-1985")
    ledger = Ledger(tmp_path / "l.jsonl")
    made = forecasts(case, "delay", 300, 1)
    for number in range(30):
        name = f"q{number}"
        asked = question(name, about="delay", scale=scale_of(case, "delay").model_dump())
        ledger.seal(name, made, question=asked, inputs=inputs_of(case), at=T2)
    for number in range(30):
        if number == 15:
            assert ledger.constants() == PUBLISHED
        ledger.resolve(f"q{number}", came_out("8.833", known=T1 if number < 15 else T3), at=T4)
    assert ledger.constants().share < PUBLISHED.share  # the outcome was nobody's position, fifteen times


def test_what_commands_list_without_opening_a_room_is_what_the_room_has() -> None:
    assert annul.REASONS == REASONS
    assert events.PERIODS == PERIODS


def test_an_own_forecast_may_have_a_chance_and_quantiles() -> None:
    scale = Scale(low="0", high="100")
    both, alone = own("30 %, 10:10, 50:30, 90:60", scale), own("10:10, 50:30, 90:60", scale)
    assert both.chance == "0.3"
    assert (both.position, alone.chance) == (alone.position, None)
    assert alone.position is not None
    assert alone.position.mixed().quantile(0.5) == pytest.approx(30)
    for text in ("0.3, 0.4", ",", "10:10, 0.5, x"):
        with pytest.raises(OptionError, match="is no forecast"):
            own(text, scale)


def test_the_time_average_of_two_chances_is_that_of_a_platform(tmp_path: Path) -> None:
    """Chances .4 and .8 for equal times, and it happened: Brier .20, by hand.

    Metaculus scores 100·ln(2p)/ln 2: −32.193 and 67.807, 17.807 on average; ours is −ln p.
    """
    ledger = Ledger(tmp_path / "l.jsonl")
    times = ["2026-01-01T00:00:00Z", "2026-01-11T00:00:00Z", "2026-01-21T00:00:00Z"]
    event = question("e", outcome="event", scale=None, counting="average", opened=times[0])
    for number, (chance, at) in enumerate(zip(("0.4", "0.8"), times, strict=False)):
        ledger.seal("e", {"own": Forecast(chance=chance)}, question=None if number else event, at=at)
    happened = {"readings": [{"coder": "a", "happened": True}], "known": times[2], "source": "a gazette"}
    ledger.resolve("e", Resolution.model_validate(happened), at=times[2])
    report = score_report(ledger.path, ledger.chain(), ledger.replay(), T5)
    score = next(one for one in report.scores if one.forecaster == "own")
    assert score.brier == pytest.approx(0.20)
    assert score.log is not None
    assert 100 * (1 - score.log / np.log(2)) == pytest.approx(17.807, abs=5e-4)
    single = [100 * (1 - float(log_score(p, 1.0)) / np.log(2)) for p in (0.4, 0.8)]
    assert single == pytest.approx([-32.193, 67.807], abs=5e-4)
    assert score.log == pytest.approx(sum(log_score(p, 1.0) for p in (0.4, 0.8)) / 2)


def test_classes_of_a_scale_are_ranked_by_hand(tmp_path: Path) -> None:
    """Points 0, 50, 100; a uniform forecast gives .25 .5 .25; the outcome 60 is of the second."""
    ledger = Ledger(tmp_path / "l.jsonl")
    said = {"own": Forecast(position=Distribution.of(uniform(0.0, 100.0)))}
    scale = {"low": "0", "high": "100", "anchors": {"0": "none", "50": "half", "100": "all"}}
    ledger.seal("a", said, question=question("a", scale=scale), at=T2)
    ledger.resolve("a", came_out("60"), at=T4)
    (score,) = score_report(ledger.path, ledger.chain(), ledger.replay(), T5).scores
    assert score.rps == pytest.approx((0.25**2 + 0.25**2) / 2)


def test_readers_who_differ_are_averaged_and_their_spread_is_told(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.jsonl")
    said = {"own": Forecast(position=Distribution.of(atoms(np.array([50.0]), np.ones(1), 0.0, 100.0)))}
    ledger.seal("a", said, question=question("a"), at=T2)
    readings = [{"coder": who, "happened": True, "value": at} for who, at in (("anna", "40"), ("ben", "80"))]
    told = {"readings": readings, "known": T3, "source": "a gazette"}
    ledger.resolve("a", Resolution.model_validate(told), at=T4)
    (score,) = score_report(ledger.path, ledger.chain(), ledger.replay(), T5).scores
    assert score.crps == pytest.approx((0.1 + 0.3) / 2)
    assert score.spread == pytest.approx(0.2)


def test_a_further_forecast_is_sealed_with_the_one_before_as_a_baseline(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.jsonl")
    event = question("e", outcome="event", scale=None, counting="last")
    ledger.seal("e", {"model": Forecast(chance="0.4"), "own": Forecast(chance="0.3")}, question=event, at=T1)
    ledger.seal("e", {"model": Forecast(chance="0.8")}, at=T2)
    happened = {"readings": [{"coder": "a", "happened": True}], "known": T3, "source": "a gazette"}
    ledger.resolve("e", Resolution.model_validate(happened), at=T4)
    scored = {
        one.forecaster: one.brier
        for one in score_report(ledger.path, ledger.chain(), ledger.replay(), T5).scores
    }
    assert scored == {"model": pytest.approx(0.04), "previous": pytest.approx(0.36)}


def test_constants_of_ones_own_are_sealed_with_the_published_ones_beside_them() -> None:
    case = detente.load("emission-standards-1985")
    made = forecasts(case, "delay", 100, 1, constants=Constants(0.5, 0.3))
    assert "published constants" in made
    assert "published constants" not in forecasts(case, "delay", 100, 1)
