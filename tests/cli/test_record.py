"""Putting forecasts on the record from the command line: what is asked for, refused, printed and written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import Invoke, data_of

SEAL = (
    *("seal", "emission-standards-1985", "--question", "delay", "--deadline", "2099-06-30"),
    *("--resolution", "the years in the directive", "--source", "Official Journal", "--draws", "300"),
)


def test_a_sealed_forecast_is_shown_verified_resolved_and_scored(invoke: Invoke, tmp_path: Path) -> None:
    sealed = data_of(invoke(*SEAL, "--own", "10:5, 50:7, 90:9", "--json"))
    assert sealed["question"] == "delay"
    shown = data_of(invoke("ledger", "show", "--json"))
    assert shown["sound"]
    assert [one["state"] for one in shown["questions"]] == ["sealed"]
    verified = invoke("ledger", "verify", "--head", sealed["head"], "--rerun")
    assert "delay: comes out the same" in verified.stdout
    assert (
        invoke("resolve", "delay", "--outcome", "8.833", "--known", "2024-01-31", "--source", "x").exit_code
        == 0
    )
    scored = data_of(invoke("score", "-o", "record.html", "--json"))
    assert {one["forecaster"] for one in scored["scores"]} == {
        "own",
        "model",
        "uniform",
        "weighted mean",
        "weighted positions",
    }
    assert not any(one["counts"] for one in scored["scores"])
    assert scored["standings"] == []
    text = (tmp_path / "record.html").read_text(encoding="utf-8")
    assert "8.833" in text
    assert "<script" not in text


def test_nothing_is_sealed_without_rule_deadline_and_source(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke(*SEAL[:4])
    assert result.exit_code == 1
    assert "--deadline, --resolution, --source" in result.stderr
    assert list(tmp_path.iterdir()) == []


REFUSED = [
    (("--own", "1.2"), "between 0 and 1"),
    (("--own", "50:7, 90:6"), "does not ascend"),
    (("--own", "much"), "write a chance"),
    (("--own", "50:20"), "between 4 and 10"),
    (("--deadline", "soon"), "write a date"),
    (("--question", "dealy"), "did you mean 'delay'"),
    (("--scenario", "none-such"), "none-such"),
    (("--deadline", "1999-01-01"), "which has passed; a forecast after its deadline is sealed with"),
    (("--latest", "2098-01-01"), "before the deadline"),
]


@pytest.mark.parametrize(("options", "told"), REFUSED)
def test_what_cannot_be_sealed_is_told_and_leaves_nothing(
    invoke: Invoke, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    result = invoke(*SEAL, *options)
    assert result.exit_code == 1
    assert told in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_everything_that_is_wrong_with_a_forecast_is_told_at_once(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke(*SEAL[:4], "--deadline", "1999-01-01", "--latest", "soon", "--own", "50:20")
    for told in ("--resolution, --source", "has passed", "--latest is 'soon'", "between 4 and 10"):
        assert told in result.stderr
    assert len(result.stderr.splitlines()) == 5  # how many there are, and one line each
    assert list(tmp_path.iterdir()) == []
    invoke(*SEAL)
    result = invoke(
        "resolve", "delay", "--outcome", "x", "--outcome", "7", "--known", "soon", "--source", "x"
    )
    assert "--outcome is 'x'" in result.stderr
    assert "--known is 'soon'" in result.stderr
    outside = ("--outcome", "40", "--known", "2098-01-01", "--source", "x")
    result = invoke("resolve", "delay", *outside)
    assert "4 to 10" in result.stderr
    assert "after its entry" in result.stderr


def test_a_second_resolution_is_refused_and_says_what_to_do(invoke: Invoke) -> None:
    invoke(*SEAL)
    done = ("resolve", "delay", "--known", "2024-01-31", "--source", "x", "--outcome")
    assert invoke(*done, "7").exit_code == 0
    result = invoke(*done, "8")
    assert result.exit_code == 1
    assert "which is resolved" in result.stderr
    assert "--correct" in result.stderr
    assert invoke(*done, "8", "--correct").exit_code == 0


def test_a_cut_tail_is_found_with_a_known_head_only(invoke: Invoke, tmp_path: Path) -> None:
    head = data_of(invoke(*SEAL, "--json"))["head"]
    path = tmp_path / "forecasts.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    assert invoke("ledger", "verify").exit_code == 0
    result = invoke("ledger", "verify", "--head", head)
    assert result.exit_code == 1
    assert "cut off or written anew" in result.stderr


def test_ones_own_forecast_stands_alone_with_the_naive_ones(invoke: Invoke) -> None:
    invoke(*SEAL, "--own", "10:5, 50:7, 90:9", "--only-own")
    invoke("resolve", "delay", "--outcome", "8", "--known", "2024-01-31", "--source", "x")
    scored = data_of(invoke("score", "--json"))["scores"]
    assert {one["forecaster"] for one in scored} == {"own", "uniform", "weighted mean", "weighted positions"}
    assert "comes out the same" in invoke("ledger", "verify", "--rerun").stdout


def test_a_changed_line_is_named_with_its_reason(invoke: Invoke, tmp_path: Path) -> None:
    invoke(*SEAL)
    path = tmp_path / "forecasts.jsonl"
    path.write_text(path.read_text("utf-8").replace("Official Journal", "Official Gazette"), "utf-8")
    result = invoke("ledger", "verify")
    assert result.exit_code == 1
    assert "line 3" in result.stderr
    assert "does not follow the line before it" in result.stderr


def test_an_outcome_outside_the_scale_and_an_unknown_question_are_refused(invoke: Invoke) -> None:
    invoke(*SEAL)
    for outcome, question, told in (
        ("40", "delay", "4 to 10"),
        ("7", "dely", "did you mean 'delay'"),
        ("x", "delay", "yes"),
    ):
        result = invoke("resolve", question, "--outcome", outcome, "--known", "2024-01-01", "--source", "x")
        assert result.exit_code == 1
        assert told in result.stderr


def test_annulled_and_withdrawn_questions_stay_in_the_count(invoke: Invoke) -> None:
    for name in ("a", "b"):
        invoke(*SEAL, "--id", name)
    assert invoke("withdraw", "a", "--words", "no longer").exit_code == 0
    assert invoke("annul", "b", "--reason", "source-gone").exit_code == 0
    counters = data_of(invoke("score", "--json"))["counters"]
    assert (counters["withdrawn"], counters["annulled"], counters["questions"]) == (1, 1, 2)


def test_ledgers_are_merged_redacted_and_anchored(invoke: Invoke) -> None:
    invoke(*SEAL)
    invoke(*SEAL, "--id", "other", "--ledger", "yours.jsonl")
    assert invoke("ledger", "merge", "forecasts.jsonl", "yours.jsonl").exit_code == 0
    assert invoke("ledger", "redact", "forecasts.jsonl", "delay", "--field", "rationale").exit_code == 0
    anchored = invoke("ledger", "anchor", "forecasts.jsonl", "--by", "a colleague", "--before", "2030-01-01")
    assert anchored.exit_code == 0
    shown = data_of(invoke("ledger", "show", "--json"))
    assert {one["question"] for one in shown["questions"]} == {"delay", "other"}
    assert shown["anchored"] == "anchored by a colleague before 2030-01-01T23:59:59Z"


def test_a_back_test_needs_the_data(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke("backtest", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "10.34810/data53" in result.stderr
