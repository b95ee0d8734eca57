"""The study from the command line."""

from __future__ import annotations

from tests.cli.calling import Invoke, data_of


def test_inputs_and_questions_of_the_teaching_case(invoke: Invoke) -> None:
    told = invoke("study", "inputs", "river-dam", "--draws", "1000")
    assert told.exit_code == 0
    assert "share of doubt" in told.stdout
    asked = invoke("study", "ask", "river-dam", "--draws", "1000", "--cost", "farmers=3", "--budget", "4")
    assert asked.exit_code == 0
    assert "doubt gone" in asked.stdout
    data = data_of(invoke("study", "ask", "river-dam", "--draws", "1000", "--json"))
    assert data["asking"]


def test_what_it_does_not_take_is_told(invoke: Invoke) -> None:
    assert "too few" in invoke("study", "inputs", "river-dam", "--draws", "10").stderr
    assert "ID=COST" in invoke("study", "ask", "river-dam", "--cost", "a=-1").stderr
    assert (
        "no lens has an outcome"
        in invoke("study", "inputs", "river-dam", "--draws", "300", "--outcome", "x").stderr
    )
