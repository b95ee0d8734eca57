"""A failure says the thing, where it stands, its value, and the way out; and names what was probably meant."""

from __future__ import annotations

import inspect
import pickle
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente import errors
from detente.errors import (
    LONGEST_NAME,
    MOST_NAMES,
    CaseError,
    DetenteError,
    FormatError,
    MissingPartError,
    NotFoundError,
    NoWeightError,
    OptionError,
    OutputError,
    Problem,
    QuantityError,
    did_you_mean,
    nearest,
    offering,
)

FULL = Problem("is wrong", "a.b[0]", "5", "write 6", "case.yaml", 3, 7)

TEXTS = [
    (FULL, "case.yaml:3:7: a.b[0]: is wrong (got 5); write 6"),
    (Problem("is wrong"), "is wrong"),
    (Problem("is wrong", "a.b"), "a.b: is wrong"),
    (Problem("is wrong", file="t.csv", line=2), "t.csv:2: is wrong"),
    (Problem("is wrong", file="t.csv"), "t.csv: is wrong"),
    (Problem("is wrong", value=""), "is wrong (got )"),
    (Problem("is wrong", hint="do x"), "is wrong; do x"),
    (Problem("is odd", severity="warning"), "is odd"),
]


@pytest.mark.parametrize(("problem", "text"), TEXTS)
def test_a_problem_reads_as_place_path_message_value_and_hint(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_problem_is_plain_data_too() -> None:
    assert FULL.to_dict() == {
        "severity": "error",
        "file": "case.yaml",
        "line": 3,
        "column": 7,
        "path": "a.b[0]",
        "message": "is wrong",
        "value": "5",
        "hint": "write 6",
    }
    assert Problem(**FULL.to_dict()) == FULL  # type: ignore[arg-type]
    assert set(Problem("x").to_dict()) == set(FULL.to_dict())


def test_one_problem_is_told_in_a_line_and_several_are_counted() -> None:
    assert str(CaseError([FULL])) == str(FULL)
    several = CaseError([FULL, Problem("also")])
    assert str(several) == f"2 problems:\n{FULL}\nalso"
    assert several.problems == (FULL, Problem("also"))
    assert str(CaseError([])).startswith("0 problems")
    assert isinstance(FormatError([FULL]), CaseError)


def test_every_exception_of_ours_is_a_detente_error_and_drawn_in_the_tree() -> None:
    ours = [thing for _, thing in inspect.getmembers(errors, inspect.isclass) if issubclass(thing, Exception)]
    assert {CaseError, FormatError, MissingPartError, NotFoundError, NoWeightError} <= set(ours)
    assert {OptionError, OutputError, QuantityError} <= set(ours)
    assert all(issubclass(thing, DetenteError) for thing in ours)
    drawn = re.findall(r"^ +[│├└─ ]*(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(thing.__name__ for thing in ours)


def test_an_issue_without_weight_is_named_or_counted() -> None:
    assert str(NoWeightError(1)).startswith(
        "issue number 2: every actor's weight (influence × salience) is zero"
    )
    assert str(NoWeightError(1, "sanctions")).startswith("issue 'sanctions': every actor's weight")
    assert NoWeightError(1).issue == 1


@pytest.mark.parametrize(
    "error",
    [
        CaseError([FULL]),
        FormatError([FULL, FULL]),
        QuantityError("x"),
        NoWeightError(1),
        NoWeightError(0, "aid"),
    ],
)
def test_an_error_comes_back_from_another_process_as_it_was(error: DetenteError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), str(again)) == (type(error), str(error))
    assert vars(again) == vars(error)


NAMES = [
    ("sanctons", ["territory", "sanctions", "aid"], "sanctions"),
    ("SANCTIONS", ["sanction", "sanctions"], "sanctions"),
    ("eu", ["EU", "us"], "EU"),
    ("straße", ["STRASSE", "gasse"], "STRASSE"),
    ("zzz", ["territory", "aid"], None),
    ("", ["a"], None),
    ("x", [], None),
    ("a", ["A", "a"], "A"),
]


@pytest.mark.parametrize(("name", "known", "meant"), NAMES)
def test_the_nearest_name_is_found_whatever_its_case(name: str, known: list[str], meant: str | None) -> None:
    assert nearest(name, known) == meant
    assert nearest(name, iter(known)) == meant


def test_a_hint_offers_the_nearest_name_or_the_few_that_are_known() -> None:
    assert did_you_mean("sanctons", ["aid", "sanctions"]) == "did you mean 'sanctions'?"
    assert did_you_mean("zzz", ["aid", "sanctions"]) == "known: aid, sanctions"
    assert did_you_mean("zzz", (f"name{k}" for k in range(12))) == "known: " + ", ".join(
        f"name{k}" for k in range(12)
    )
    assert did_you_mean("zzz", [f"name{k}" for k in range(13)]) is None
    assert did_you_mean("zzz", []) is None
    assert did_you_mean("zzz", ["x" * 1_000]) is None


def test_among_many_names_the_nearest_is_still_found() -> None:
    known = [f"actor-number-{k}-of-many" for k in range(1_500)]
    assert nearest("actor-numbr-777-of-many", known) == "actor-number-777-of-many"
    assert nearest("ctor-number-1234-of-many", known) == "actor-number-1234-of-many"
    assert nearest("actor-number-9-of-mny", known) == "actor-number-9-of-many"


@given(st.text("ab-", max_size=12), st.lists(st.text("ab-", max_size=12), max_size=150))
def test_a_known_name_is_its_own_nearest(name: str, known: list[str]) -> None:
    assert nearest(name, [*known, name]) == name
    found = nearest(name, known)
    assert found is None or found in known


def test_hints_for_monstrous_names_take_no_time() -> None:
    """Comparing two names takes the product of their lengths, which is why this is limited."""
    start = time.process_time()
    assert nearest("ab" * 500_000, ["ba" * 500_000]) is None
    assert nearest("x" * LONGEST_NAME, ["x" * (LONGEST_NAME - 1), "y" * 10**6]) == "x" * (LONGEST_NAME - 1)
    assert nearest("a1", [f"a{k}" for k in range(MOST_NAMES + 1)]) is None
    for k in range(50):
        nearest(f"actr-{k}", [f"actor-{j}" for j in range(MOST_NAMES)])
    assert time.process_time() - start < 10


def test_a_message_offers_a_name_only_where_there_is_one() -> None:
    """Nothing is offered where nothing is like the name and too much is known, or nothing."""
    many = [f"member {number}" for number in range(99)]
    assert offering("no member is called 'X'", "X", many) == "no member is called 'X'"
    assert offering("no issue is called 'X'", "X", ()) == "no issue is called 'X'"
    assert offering("no issue is called 'X'", "X", ["y"]) == "no issue is called 'X'; known: y"
    sources = Path(inspect.getfile(errors)).parent.rglob("*.py")
    within = [path.name for path in sources if "{did_you_mean(" in path.read_text(encoding="utf-8")]
    assert not within  # it may return `None`, which nobody is to read
