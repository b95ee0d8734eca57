"""The study from the command line."""

from __future__ import annotations

import re
from typing import Any

import pytest

from detente.cli.study import _value
from detente.study.chapter import Study
from detente.study.records import Effect, Outcome
from tests.cli.calling import Invoke, data_of
from tests.schemas import validate


def test_inputs_and_questions_of_the_teaching_case(invoke: Invoke) -> None:
    told = invoke("study", "inputs", "river-dam", "--draws", "1000")
    assert told.exit_code == 0
    assert "share of doubt" in told.stdout
    asked = invoke("study", "ask", "river-dam", "--draws", "1000", "--cost", "farmers=3", "--budget", "4")
    assert asked.exit_code == 0
    assert "of the doubt gone" in " ".join(asked.stdout.split())
    data = data_of(invoke("study", "ask", "river-dam", "--draws", "1000", "--json"))
    assert any(one["asking"] for one in data["outcomes"])


def test_draws_that_are_too_few_for_so_many_inputs_are_said_to_be(invoke: Invoke) -> None:
    asked = ("study", "inputs", "us-russia-2024", "--lens", "bargaining", "--outcome", "aid.mean", "--draws")
    told = invoke(*asked, "220").stdout
    assert "220 draws are too few for so many inputs" in " ".join(told.split())
    assert "work together" not in told
    assert "in every draw" not in told
    (outcome,) = data_of(invoke(*asked, "220", "--json"))["outcomes"]
    assert outcome["joint_play"] is None
    assert "too few" not in invoke(*asked, str(outcome["enough"])).stdout


def test_values_have_no_powers_of_ten_and_no_minus_before_nothing() -> None:
    share = Outcome.model_construct(share=True, spread=0.25)
    shares = [_value(share, one).replace("\N{NO-BREAK SPACE}", " ") for one in (-1e-17, 0.934, 1.0)]
    assert shares == ["0 %", "93.4 %", "100 %"]
    wide, narrow = (Outcome.model_construct(share=False, spread=spread) for spread in (520.0, 0.25))
    assert _value(wide, 6820.4, signed=True) == "+6,820"
    assert [_value(narrow, one, signed=True) for one in (-0.25, -0.001, 0.5)] == ["−0.25", "0.00", "+0.50"]


def test_what_it_does_not_take_is_told(invoke: Invoke) -> None:
    assert "too few" in invoke("study", "inputs", "river-dam", "--draws", "10").stderr
    assert "neither a number of threads nor 'ray'" in invoke("study", "ask", "x", "--workers", "rey").stderr
    assert "ID=COST" in invoke("study", "ask", "river-dam", "--cost", "a=-1").stderr
    assert (
        "no lens has an outcome"
        in invoke("study", "inputs", "river-dam", "--draws", "300", "--outcome", "x").stderr
    )


@pytest.mark.parametrize("asked", ["inputs", "ask", "flip", "levers", "shares", "choose"])
@pytest.mark.parametrize("columns", ["40", "80"])
def test_every_figure_stands_with_its_past_error_within_the_screen(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, asked: str, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    more = {"flip": ["--at", "7"], "ask": ["--by", "issue"]}.get(asked, [])
    told = invoke("study", asked, "river-dam", "--draws", "300", "--outcome", "filling.mean", *more).stdout
    assert "Past error: on 245 decided issues" in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= int(columns)


def test_numbers_have_the_decimals_of_their_doubt_and_shares_are_percentages(invoke: Invoke) -> None:
    told = invoke("study", "levers", "river-dam", "--draws", "300", "--outcome", "filling.mean").stdout
    values = re.findall(r"([\d.]+)  ([−+][\d.]+) ± ([\d.]+)$", told, re.MULTILINE)
    assert values
    assert {len(one.partition(".")[2]) for some in values for one in some} == {2}
    chosen = ("study", "choose", "us-russia-2024", "--outcome", "ukraine.deal", "--draws", "200")
    table = invoke(*chosen).stdout
    assert re.search(r"US aid ends +[\d.]+ % ± [\d.]+ % +100 % +0 %", table)


def test_shares_of_all_outcomes_are_told_when_all_are_asked_for(invoke: Invoke) -> None:
    asked = ("study", "shares", "river-dam", "--draws", "200", "--json")
    assert len(data_of(invoke(*asked))["outcomes"]) == 1
    assert len(data_of(invoke(*asked, "--all"))["outcomes"]) == 2


def test_flips_levers_shares_and_choices_are_told(invoke: Invoke) -> None:
    assert "give --at VALUE" in invoke("study", "flip", "river-dam", "--draws", "300").stdout
    flip = invoke("study", "flip", "linked-issues", "--draws", "300")
    assert "times the inputs' own doubt" in flip.stdout or "in doubt" in flip.stderr
    at = invoke("study", "flip", "river-dam", "--draws", "300", "--at", "40")
    assert "--at needs --outcome" in at.stderr
    levers = invoke("study", "levers", "river-dam", "--draws", "200")
    assert levers.exit_code == 0, levers.stderr
    assert "levers moved, 200 common draws" in levers.stdout
    shares = invoke("study", "shares", "river-dam", "--draws", "300")
    assert shares.exit_code == 0, shares.stderr
    assert "share of doubt" in shares.stdout


def test_every_study_prints_what_its_schema_says(invoke: Invoke) -> None:
    asked = (("ask", "--exact", "--reliability", ".8"), ("levers",), ("shares", "--by", "issue"))
    for command, *more in asked:
        data = data_of(invoke("study", command, "river-dam", "--draws", "300", *more, "--json"))
        validate(data, invoke("schema", "study").stdout)


def test_scenarios_are_chosen_from_by_a_criterion(invoke: Invoke) -> None:
    asked = ("study", "choose", "river-dam", "--outcome", "release.mean", "--draws", "300")
    told = invoke(*asked)
    assert told.exit_code == 0, told.stderr
    assert "more of it is better" in told.stdout
    assert "Knowing everything before choosing would be worth" in told.stdout
    high, low = data_of(invoke(*asked, "--json")), data_of(invoke(*asked, "--prefer", "low", "--json"))
    (criterion,) = high["outcomes"]
    values = {one["scenario"]: one["value"] for one in criterion["scenarios"]}
    assert len(values) > 1
    assert high["choice"] == max(values, key=lambda name: values[name])
    assert low["choice"] == min(values, key=lambda name: values[name])
    assert min(one["regret"] for one in criterion["scenarios"]) >= 0


def test_what_cannot_be_chosen_is_told(invoke: Invoke) -> None:
    told = invoke("study", "choose", "river-dam", "--outcome", "nothing.mean", "--draws", "300")
    assert told.exit_code == 1
    assert "no lens has an outcome" in told.stderr or "no scenarios" in told.stderr


def test_levers_that_matter_to_several_lenses_are_few_unless_all_are_asked_for(invoke: Invoke) -> None:
    told = invoke("study", "levers", "us-russia-2024", "--draws", "60").stdout
    rows = told.partition("Levers that move what several lenses tell")[2].partition("Not read by")[0]
    assert 0 < rows.count(" ± ") <= 6 * 4
    assert ("sanctions: kept" in told) != ("sanctions: eased" in told)


def test_what_a_lever_moves_is_told_best_first(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    """One lens has its best row and its worst about the lever; that of the other lens lies between."""

    def moved(lens: str, subject: str, rank: int) -> Outcome:
        known = {"lever": "x", "kind": "input", "told": "Lever", "change": "1 to 2", "after": 1, "error": 0.1}
        effect = Effect.model_validate({**known, "difference": 1, "rank": rank})
        words: dict[str, Any] = {
            "lens": lens,
            "outcome": subject,
            "subject": subject,
            "record": "none",
            "yes": "",
            "no": "",
        }
        return Outcome.model_construct(
            **words, mean=1.0, error=0.1, spread=1.0, share=False, effects=(effect,)
        )

    outcomes = moved("a", "best", 1), moved("b", "middle", 3), moved("a", "worst", 9)
    study = Study.model_construct(outcomes=outcomes, levers=1, draws=60, unread={}, untold=0)
    monkeypatch.setattr("detente.study.levers.levers", lambda *_, **__: study)
    for more, order in ((), ["best", "middle"]), (("--all",), ["best", "middle", "worst"]):
        told = invoke("study", "levers", "river-dam", *more).stdout
        rows = told.partition("what several lenses tell")[2].partition("levers moved")[0]
        assert re.findall("best|middle|worst", rows) == order


def test_more_levers_than_there_is_room_for_are_counted_also_on_a_narrow_screen(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    told = invoke("study", "levers", "us-russia-2024", "--draws", "300").stdout
    assert max(map(len, told.splitlines())) <= 40
    assert re.search(r"and \d more: --all", told)
