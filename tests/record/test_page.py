"""The page of a record: each question with its forecast and outcome, baselines, calibration, void and overdue."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.lenses.summary import Array
from detente.record.figures import chances, ranks, standing
from detente.record.ledger import Ledger
from detente.record.life import Replay
from detente.record.page import page, sections
from detente.record.questions import Distribution, Forecast, Resolution
from detente.record.report import ScoreReport, score_report
from detente.show.blocks import Gauges, Lead
from detente.study.outlook.foothold import foothold, footholds
from detente.study.outlook.mixed import uniform
from tests.record.test_report import T2, T3, T4, question

LATE = "2026-08-01T00:00:00Z"


def made(folder: Path, count: int, *, right: bool = True) -> tuple[ScoreReport, Replay]:
    """Return the report of a ledger in which so many questions count, one is void and one overdue.

    Outcomes are drawn from the forecasts themselves or, where they are not ``right``, are the opposite.
    """
    random = np.random.default_rng(1)
    ledger = Ledger(folder / "l.jsonl")
    outcomes = []
    for number in range(count + 2):
        position: Array = random.integers(0, 11, (1, 5)).astype(float) * 10
        of = foothold(footholds(position, random.random((1, 5))), 0.0, 100.0)
        chance = round(float(random.uniform(0.55, 0.95)), 2)
        said = {
            name: Forecast(chance=str(given), position=Distribution.of(one))
            for name, given, one in (("model", chance, of), ("uniform", 0.5, uniform(0.0, 100.0)))
        }
        asked = question(f"q{number}", cluster=f"case {number // 2}", text=f"Question {number}?")
        ledger.seal(f"q{number}", said, question=asked, at=T2)
        happened = (random.random() < chance) == right
        outcomes.append((happened, round(float(of.quantile(random.random())))))
    for number, (happened, value) in enumerate(outcomes[:count]):
        reading = {"coder": "a", "happened": happened, **({"value": str(value)} if happened else {})}
        found = Resolution.model_validate({"readings": [reading], "known": T3, "source": "a gazette"})
        ledger.resolve(f"q{number}", found, at=T4)
    ledger.annul(f"q{count}", "source-gone", at=T4)
    followed = ledger.replay()
    return score_report(ledger.path, ledger.chain(), followed, LATE), followed


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScoreReport, Replay]:
    """Return a record of fifty questions of a forecaster who is right."""
    return made(tmp_path_factory.mktemp("many"), 50)


def test_every_question_is_drawn_with_its_distribution_and_its_outcome(
    many: tuple[ScoreReport, Replay],
) -> None:
    report, followed = many
    told = sections(report, followed)
    assert [one.id for one in told] == ["questions", "standings", "calibration", "ledger"]
    (gauges,) = (block for block in told[0].blocks if isinstance(block, Gauges))
    assert len(gauges.rows) == 52
    for row, one in zip(gauges.rows, followed.questions.values(), strict=True):
        assert (row.strip.outcome is not None) == (
            one.resolution is not None and one.resolution.readings[0].value is not None
        )
        assert row.strip.density
    assert [row.status for row in gauges.rows].count("overdue") == 1
    text = page(report, followed)
    assert "<script" not in text
    assert report.head in text


def test_below_twenty_there_are_dots_and_bands_and_no_verdict(tmp_path: Path) -> None:
    report, _ = made(tmp_path, 10)
    drawn = [standing(report, "brier"), standing(report, "crps"), chances(report), ranks(report)]
    for figure in drawn:
        assert figure is not None
        assert "too few to judge by" in figure.title
    assert "nothing can be said about skill" in report.verdict


def test_from_twenty_on_skill_is_told_with_the_coverage_that_chance_allows(
    many: tuple[ScoreReport, Replay],
) -> None:
    report, _ = many
    model = next(one for one in report.standings if one.forecaster == "model")
    assert model.crps_skill is not None
    assert model.brier_skill is not None
    assert model.holds80_low is not None
    told = report.verdict.replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith("50 resolved questions count; the program: ")
    assert f"{100 * model.crps_skill:.0f} % better than all values alike" in told
    assert f"{100 * abs(model.brier_skill):.0f} % better than even chances" in told
    assert f"(by chance {100 * model.holds80_low:.0f} % to" in told


def test_chances_that_come_true_lie_in_the_band_and_others_do_not(
    many: tuple[ScoreReport, Replay], tmp_path: Path
) -> None:
    right, wrong = chances(many[0]), chances(made(tmp_path, 50, right=False)[0])
    assert right is not None
    assert wrong is not None
    assert "about as often as they said" in right.title
    assert "too often or too seldom" in wrong.title
    rows = right.table.to_records()
    assert sum(int(str(row["events"])) for row in rows) == 50
    model = next(one for one in many[0].standings if one.forecaster == "model")
    assert model.miscalibration is not None
    assert model.miscalibration_by_chance is not None
    assert model.miscalibration < model.miscalibration_by_chance


def test_baselines_stand_beside_the_program_with_the_interval_of_their_difference(
    many: tuple[ScoreReport, Replay],
) -> None:
    figure = standing(many[0], "crps")
    assert figure is not None
    rows = {row["forecaster"]: row for row in figure.table.to_records()}
    assert rows.keys() == {"model", "uniform"}
    assert rows["uniform"]["beats_model_low"] is not None
    assert rows["model"]["beats_model_low"] is None


def test_void_and_overdue_questions_are_counted(many: tuple[ScoreReport, Replay]) -> None:
    lead = next(block for block in sections(*many)[-1].blocks if isinstance(block, Lead))
    told = lead.text.replace("\N{NO-BREAK SPACE}", " ")
    assert told == "Of 52 questions, 1 overdue; 2 % of the closed ones are void."
