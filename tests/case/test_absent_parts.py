"""What is missing is told once: nothing that only follows from it, and no word of the program for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from detente.case.case import examine, problems
from detente.catalog import open_case
from detente.errors import Problem
from tests.case.checking import SMALL, checked

CASES = ["river-dam", "divided-government", "prisoners-dilemma", "small"]
GONE: Any = object()
NOTHINGS = [GONE, None, {}, [], "", 0]


def data_of(name: str) -> dict[str, Any]:
    """Return a case as plain data."""
    return (checked(SMALL).require() if name == "small" else open_case(name)).to_dict()


def mutants(data: dict[str, Any], deepest: int) -> Iterator[tuple[tuple[str, ...], Any, dict[str, Any]]]:
    """Yield every entry of the outer mappings, what stands in its place, and the data with it."""
    pending: list[tuple[str, ...]] = [()]
    while pending:
        path = pending.pop()
        at: Any = data
        for step in path:
            at = at[step]
        if path:
            for nothing in NOTHINGS:
                changed = deepcopy(data)
                inner = changed
                for step in path[:-1]:
                    inner = inner[step]
                if nothing is GONE:
                    del inner[path[-1]]
                else:
                    inner[path[-1]] = nothing
                yield path, nothing, changed
        if isinstance(at, dict) and len(path) < deepest:
            pending += [(*path, key) for key in at]


def errors(data: dict[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with plain data."""
    return problems(examine(data)[1])


@pytest.mark.parametrize("name", CASES)
def test_a_part_that_is_missing_or_no_part_is_told_once(name: str) -> None:
    for path, nothing, changed in mutants(data_of(name), 1):
        told = errors(changed)
        scenarios = len(data_of(name).get("scenarios", {})) if path == ("stances",) else 1
        assert len(told) <= max(1, scenarios), (path, nothing, [*map(str, told)])


@pytest.mark.parametrize("name", CASES)
def test_no_message_speaks_of_nothing(name: str) -> None:
    for path, nothing, changed in mutants(data_of(name), 3):
        for problem in errors(changed):
            text = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
            assert "None" not in text, (path, nothing, text)
            assert "did you mean ''" not in text
            assert not text.endswith(("; ", ": "))


def test_options_that_are_missing_are_told_once() -> None:
    """And not each statement about one of them."""
    data = data_of("prisoners-dilemma")
    del data["game"]["options"]
    (told,) = errors(data)
    assert told.message == "has neither options nor states"
    data["game"]["options"] = None
    (told,) = errors(data)
    assert (told.path, told.message) == ("game.options", "is empty")


def test_sources_that_are_missing_are_told_where_the_first_is_named() -> None:
    data = data_of("river-dam")
    del data["sources"]
    (told,) = errors(data)
    assert told.path == "issues.filling.because[0]"
    assert told.message == "the case has no sources, and names 'ministry-plan' here, and others elsewhere"
